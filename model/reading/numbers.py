"""Text cells as numbers: what is plain, what is repaired and reported, what is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

PLAIN_CHARACTERS: Final = re.compile(r"[0-9eE+\-.]*")
NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
NOT_FINITE: Final = re.compile(r"[+-]?(nan|inf(inity)?|n/a|#n/a)", re.IGNORECASE)
PLAIN: Final = "0123456789.,+-eE%"
# the full-width twin of an ASCII character stands 0xFEE0 above it; U+2212 is the typographic minus
FULL_WIDTH: Final = str.maketrans({**{chr(ord(character) + 0xFEE0): character for character in PLAIN}, "\u2212": "-"})
MULTIPLES: Final = {"%": 0.01, "万": 1e4, "亿": 1e8}  # only ever suggested, never applied


def plain_numbers(cells: Sequence[str]) -> list[float] | None:
    """All cells as floats (blank = NaN) if every one is a plain finite decimal number, else None."""
    if not PLAIN_CHARACTERS.fullmatch("".join(cells)):
        return None
    try:
        values = [float(cell) if cell else math.nan for cell in cells]
    except ValueError:
        return None
    return None if any(map(math.isinf, values)) else values


def number(cell: str) -> tuple[float, str]:
    """One stripped cell as (value, remark).

    The remark is "" for a plain number, "repaired_digits" or "repaired_thousands" for a repair, and for a cell that
    is refused (value NaN) "not_finite" or "not_a_number".
    """
    narrow = cell.translate(FULL_WIDTH)
    remark = "repaired_digits" if narrow != cell else ""
    if THOUSANDS.fullmatch(narrow):
        narrow, remark = narrow.replace(",", ""), "repaired_thousands"
    if NOT_FINITE.fullmatch(narrow):
        return math.nan, "not_finite"
    if not NUMBER.fullmatch(narrow):
        return math.nan, "not_a_number"
    value = float(narrow)
    return (value, remark) if math.isfinite(value) else (math.nan, "not_finite")


def number_meant(cell: str) -> str:
    """A plain number that ``cell`` may mean ("12 %" → 0.12, "3万" → 30000, "1 200" → 1200), or ""."""
    narrow = "".join(cell.translate(FULL_WIDTH).split())
    multiple = MULTIPLES.get(narrow[-1:], 1.0)
    bare = narrow[:-1] if multiple != 1.0 else narrow
    return f"{float(bare) * multiple:.12g}" if NUMBER.fullmatch(bare) and len(bare) < 30 else ""
