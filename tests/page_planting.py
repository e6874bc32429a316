"""Digits changed on purpose, one at a time, anywhere a reader sees a number: every one must be found by the walk over the page."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from page_blocks import NUMBER, SPOKEN, blocks, parts
from page_truth import Truth
from page_walk import MONTHS, Walk

PIECE = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>|[^<]+", re.S)
ATTRIBUTE = re.compile(rf'\s(?:{"|".join(SPOKEN)})="([^"]*)"')
ENTITY = re.compile(r"&#?\w+;")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Number:
    """One number of one part of a page: where it stands in the part's text."""

    part: int
    start: int
    end: int


def numbers(page: str) -> list[Number]:
    """Every number of a page, in its order: visible text, attributes that are read out, the amounts of months."""
    return [Number(at, *span) for at, (name, text) in enumerate(parts(page)) for span in _spans(name, text)]


def _spans(name: str, text: str) -> Iterator[tuple[int, int]]:
    if name == MONTHS:
        yield from (found.span() for found in NUMBER.finditer(QUOTED.sub(_blank, text).replace(",", " ")))
        return
    for piece in PIECE.finditer(text):
        if piece[0].startswith("<"):
            places = [] if piece[1] else [found.span(1) for found in ATTRIBUTE.finditer(piece[0])]
        else:
            places = [(0, len(piece[0]))]
        for start, end in places:
            seen = ENTITY.sub(_blank, piece[0][start:end])
            yield from ((piece.start() + start + found.start(), piece.start() + start + found.end()) for found in NUMBER.finditer(seen))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def planted(text: str, at: Number, chance: random.Random) -> str:
    """A part with one digit of one number changed."""
    place = chance.choice([place for place in range(at.start, at.end) if text[place].isdigit()])
    digit = chance.choice([one for one in "0123456789" if one != text[place]])
    return text[:place] + digit + text[place + 1 :]


def seen(name: str, before: str, after: str, walk: Walk, truth: Truth) -> bool:
    """Whether the walk complains about a changed part; blocks that are as they were need no second look."""
    if name == MONTHS:
        return bool(walk.complaints(name, after, truth))
    old, new = blocks(name, before), blocks(name, after)
    changed = new if len(new) != len(old) else [one for one, two in zip(new, old, strict=True) if one != two]
    return any(walk.complaint(block, truth) for block in changed if block.counts) or bool(walk.as_a_whole(name, after, truth))


def drawn(page: str, draw: int, chance: random.Random) -> list[Number]:
    """Numbers of a page by chance, from every part in turn, so that short sections are not left out."""
    texts, every = list(parts(page)), numbers(page)
    by_part: dict[str, list[Number]] = {}
    for number in chance.sample(every, len(every)):
        by_part.setdefault(texts[number.part][0], []).append(number)
    return [number for row in zip_longest(*by_part.values()) for number in row if number is not None][:draw]


def unseen(page: str, walk: Walk, truth: Truth, draw: int, seed: int) -> list[str]:
    """Changed digits that nobody complains about, of ``draw`` numbers."""
    chance, missed = random.Random(seed), []
    texts = list(parts(page))
    for number in drawn(page, draw, chance):
        name, text = texts[number.part]
        after = planted(text, number, chance)
        if not seen(name, text, after, walk, truth):
            missed.append(f"{name}: …{after[max(0, number.start - 120) : number.end + 40]}…")
    return missed
