"""Text of tables on its way into HTML, SVG and JavaScript: always shown, never run.

folium compiles what it is given as a template a second time and puts it into JavaScript template strings, so beside the
HTML characters also the backtick, ``$``, the backslash and the braces become numeric entities.
"""

from __future__ import annotations

import html
from typing import Final

from markupsafe import Markup

from model import words

_ENTITIES: Final = {ord(sign): f"&#{ord(sign)};" for sign in "`$\\{}"}

MONEY_UNKNOWN = "money"  # unit of an objective whose author alone knows his money


def shown(value: object) -> Markup:
    """``value`` as text that no HTML parser, template engine or JavaScript template string will act upon."""
    if isinstance(value, Markup):
        return value
    return Markup(html.escape(str(value), quote=True).translate(_ENTITIES))


def both(chinese: object, english: object) -> Markup:
    """The two languages side by side; the page shows one of them. A missing name is replaced by the other language's."""
    zh, en = shown(chinese or english), shown(english or chinese)
    if zh == en:
        return zh
    return Markup('<span class="zh">') + zh + Markup('</span><span class="en">') + en + Markup("</span>")


def pair(key: str, /, **facts: object) -> tuple[str, str]:
    """The sentence ``report.<key>`` in Chinese and English, not yet escaped."""
    return words.text(f"report.{key}", "zh", **facts), words.text(f"report.{key}", "en", **facts)


def word(key: str, /, **facts: object) -> Markup:
    """The sentence ``report.<key>`` in both languages, ready for the page."""
    return both(*pair(key, **facts))


def known_word(prefix: str, key: str) -> Markup:
    """The word ``prefix_key`` if it is declared, else the key itself as text."""
    return word(f"{prefix}_{key}") if f"{prefix}_{key}" in words.entries("report") else shown(key)


def note_markup(text: str) -> Markup:
    """A note for the page; ``Chinese | English`` is taken apart."""
    chinese, bar, english = text.partition(" | ")
    return both(chinese, english) if bar else shown(text)


def unit_words(unit: str) -> tuple[str, str]:
    """A unit in both languages where the words know it, not yet escaped; the money of core tables alone has no name (R19)."""
    if unit == MONEY_UNKNOWN:
        return "", ""
    key = f"unit_{unit.replace(' ', '_')}"
    return pair(key) if key in words.entries("report") else (unit, unit)


def unit_markup(unit: str) -> Markup:
    """A unit for the page."""
    return both(*unit_words(unit))
