"""How much room texts take, so that a slide or a page holds them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from maps.placing import text_width
from maps.sayings import Pair

LEADING: Final = 1.3  # height of a line in sizes of its letters
MARGIN: Final = 1.06  # letters of the fonts in use are a little wider than estimated


def lines(text: str, size: float, width: float) -> int:
    """Lines that ``text`` takes in letters of ``size`` points in a column ``width`` points wide."""
    return max(1, math.ceil(MARGIN * text_width(text, size) / width)) if text else 0


def height(texts: Iterable[Pair], size: float, small: float, width: float, gap: float) -> float:
    """Points that pairs take: Chinese in ``size``, English in ``small`` below it, ``gap`` after each pair."""
    return sum(LEADING * (size * lines(zh, size, width) + (small * lines(en, small, width) if en != zh else 0)) + gap for zh, en in texts)


Sizes = tuple[float, float]  # points of Chinese and of English letters


def narrowed(text: str, sizes: Sequence[float], width: float) -> float:
    """The first of ``sizes`` at which ``text`` stands on one line of ``width`` points, else the last."""
    return next((size for size in sizes if MARGIN * text_width(text, size) <= width), sizes[-1])


def fitting(texts: Sequence[Pair], sizes: Sequence[Sizes], width: float, room: float, gap: float) -> tuple[list[Pair], Sizes]:
    """The texts with the first of ``sizes`` (Chinese, English) at which they fit into ``room`` points, else as many as fit at the last."""
    for size in sizes:
        if height(texts, *size, width, gap) <= room:
            return list(texts), size
    kept = list(texts)
    while kept and height(kept, *sizes[-1], width, gap) > room:
        kept.pop()
    return kept, sizes[-1]
