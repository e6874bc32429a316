"""One walk over everything a reader sees: every block with a number is worked out anew by the judge of its place, and no place is without one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import page_months as months
from page_blocks import NUMBER, Block, blocks, parts
from page_truth import Truth

TIPS, MONTHS = "tips", "months"
YEAR = ("全年" + "".join(f"{month}月" for month in range(1, 13)), "YearJanFebMarAprMayJunJulAugSepOctNovDec")  # the months below the map
Wanted = str | set[str] | frozenset[str] | None
Judge = Callable[[Block, Truth], Iterable[Wanted]]  # what the English cells must say; None: a cell without numbers
POWERS = {Fraction(10) ** power for power in range(-2, 3)}  # 万 beside kt, 亿 beside bn, 万元 beside million yuan


def value_of(token: str) -> Fraction:
    return Fraction(token.replace(",", ""))


def digits_of(token: str) -> str:
    """The digits that count, without separators, point and zeros at either end."""
    return re.sub(r"[,.]", "", token).strip("0") if value_of(token) else ""


def same_numbers(chinese: str, english: str) -> bool:
    """Whether both languages say the same numbers, up to the units that each counts in."""
    mine, theirs = (sorted(NUMBER.findall(text), key=lambda token: (digits_of(token), value_of(token))) for text in (chinese, english))
    if Counter(map(digits_of, mine)) != Counter(map(digits_of, theirs)):
        return False
    return all(not value_of(one) or value_of(two) / value_of(one) in POWERS for one, two in zip(mine, theirs, strict=True))


def agree(chinese: str, english: str, truth: Truth) -> bool:
    """Whether a cell says the same in both languages: the same numbers once names of the dataset, which may differ, are taken out."""
    if chinese == english or (chinese, english) == YEAR or (chinese, english) in truth.pairs or (chinese, english) in truth.sentences or same_numbers(chinese, english):
        return True
    for zh, en in truth.pairs:
        if zh and en and NUMBER.search(zh + en) and zh in chinese and en in english:
            chinese, english = chinese.replace(zh, ""), english.replace(en, "")
    return same_numbers(chinese, english)


@dataclass(frozen=True)
class Walk:
    """Who judges what. ``judges``: by part and place; ``ordered``: all texts of one kind in one part, where one alone could be another's."""

    judges: Mapping[tuple[str, str], Judge]
    ordered: Mapping[tuple[str, str], Callable[[Truth], Sequence[str]]]

    def complaint(self, block: Block, truth: Truth) -> str | None:
        """What is wrong with the numbers of a block, nothing where all are as worked out."""
        where = f"{block.part} · {block.kind} · {block.table} · {block.head}: {block.english}"
        judge = next((self.judges[key] for key in keys_of(block) if key in self.judges), None)
        if judge is None:
            return f"no walk: {where}"
        try:
            wanted = list(judge(block, truth))
        except (LookupError, StopIteration, ValueError, AssertionError) as error:
            return f"unknown ({error!r}): {where}"
        for place, (chinese, english) in enumerate(zip(block.chinese, block.english, strict=True)):
            shown = english or chinese  # labels of the map stand in one language each
            want = wanted[place] if place < len(wanted) else None
            if want is None and not NUMBER.search(chinese + english):
                continue
            if want is None or shown not in ({want} if isinstance(want, str) else want):
                return f"{shown!r} is not {want!r}: {where}"
            if chinese and english and not agree(chinese, english, truth):
                return f"{chinese!r} does not say {english!r}: {where}"
        return None

    def complaints(self, name: str, text: str, truth: Truth) -> list[str]:
        """All complaints about one part of a page."""
        if name == MONTHS:
            return months.complaints(text, truth)
        found = [self.complaint(block, truth) for block in blocks(name, text) if block.counts]
        return [one for one in found if one] + self.as_a_whole(name, text, truth)

    def as_a_whole(self, name: str, text: str, truth: Truth) -> list[str]:
        """What only shows in all texts of a part: tooltips are written once each, so that no digit hides behind another line; order of the others."""
        shown: dict[tuple[str, str], list[str]] = {}
        for block in blocks(name, text):
            if block.counts:
                shown.setdefault((name, block.kind), []).append(block.english[0])
        found = [f"{key}: {texts} is not {wanted}" for key, texts in shown.items() if key in self.ordered and texts != (wanted := list(self.ordered[key](truth)))]
        twice = [one for one, count in Counter(shown.get((TIPS, "p"), [])).items() if count > 1]
        return found + [f"told twice: {one}" for one in twice]

    def judged(self, text: str) -> set[tuple[str, str]]:
        """The places of a page that some judge was asked about."""
        every = (block for name, part in parts(text) if name != MONTHS for block in blocks(name, part) if block.counts)
        return {next(key for key in keys_of(block) if key in self.judges) for block in every}

    def over(self, text: str, truth: Truth) -> list[str]:
        """All complaints about a page."""
        return [one for name, part in parts(text) for one in self.complaints(name, part, truth)]


def in_order(block: Block, truth: Truth) -> Iterable[Wanted]:
    """A text that is judged with its neighbours."""
    return block.english


def keys_of(block: Block) -> list[tuple[str, str]]:
    """The places of a block, the narrowest first: by heading, by table, by kind."""
    return [(block.part, f"{block.kind} {block.head}"), (block.part, f"{block.kind} {block.table}"), (block.part, block.kind)]
