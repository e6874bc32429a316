"""Words and numbers of the headline sentences, always in Chinese and English."""

from __future__ import annotations

from model import words
from model.explore.numbers_said import digits

Pair = tuple[str, str]
PER_TEN_THOUSAND = 0.1  # 10 kt in one 万吨


def said(key: str, **facts: Pair) -> Pair:
    """The sentence ``view.<key>`` in both languages; every fact is a pair of both."""
    zh, en = (words.text(f"view.{key}", language, **{name: pair[i] for name, pair in facts.items()}) for i, language in enumerate(words.LANGUAGES))
    return zh, en


def plain(text: str) -> Pair:
    """The same text in both languages."""
    return text, text


def tonnes(kilotonnes: float) -> Pair:
    """Ten thousand tonnes in Chinese, kt in English."""
    return f"{kilotonnes * PER_TEN_THOUSAND:,.1f}", f"{kilotonnes:,.0f}"


def listed(parts: list[Pair]) -> Pair:
    """An enumeration."""
    return "、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)


def itemised(parts: list[Pair]) -> Pair:
    """An enumeration of names that hold commas themselves in English."""
    return "、".join(zh for zh, _ in parts), "; ".join(en for _, en in parts)


def figure(value: float) -> str:
    """A number for a sentence: whole above a thousand, else four digits."""
    return digits(value, 4)
