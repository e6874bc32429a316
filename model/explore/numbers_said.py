"""Numbers in sentences and tables for the terminal."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

from model import words
from model.words.lookup import known

LARGE = 1000.0  # from here on numbers are shown with one decimal at most
NOTHING = 5e-10  # what is smaller is the solver's rounding
NONE = "–"


def digits(value: float, count: int) -> str:
    """A number to ``count`` digits that count, whole numbers in full with separators: 15,600, 0.5231, 0.00002; never an exponent, never -0.

    What is smaller than the solver's rounding is 0; a dash for no number.
    """
    if not math.isfinite(value):
        return NONE
    if abs(value) < NOTHING:
        return "0"
    places = max(0, count - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def said_number(value: float) -> str:
    """At most six digits that count below 1,000, one decimal at most above; a dash for no number."""
    if math.isfinite(value) and abs(value) >= LARGE:
        return f"{value:,.1f}".removesuffix(".0")
    return digits(value, 6)


def said_change(value: float) -> str:
    """A change with its sign, three digits that count below 1,000; 0 without one."""
    if not math.isfinite(value):
        return NONE
    if abs(value) < NOTHING:
        return "0"
    return f"{value:+,.1f}".removesuffix(".0") if abs(value) >= LARGE else ("+" if value > 0 else "") + digits(value, 4)


def said_amount(value: float) -> str:
    """An amount of a table with as many digits as a change: one decimal from 1,000 on, else four that count."""
    return said_change(value).removeprefix("+")


def width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters and full-width signs take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of equal length as lines: the first column to the left, the others to the right, two blanks between."""
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        first = row[0] + " " * (widths[0] - width(row[0]))
        lines.append("  ".join([first, *(" " * (wide - width(cell)) + cell for wide, cell in zip(widths[1:], row[1:], strict=True))]))
    return lines


def said_objective(objective: float, unit: str, years: float, language: str) -> str:
    """An objective with its unit in words and the years it counts: one, or all planning years by their weights."""
    name = known(f"progress.unit_{unit.replace(' ', '_')}", unit)[words.LANGUAGES.index(language)]
    span = words.text("progress.one_year" if math.isclose(years, 1.0) else "progress.many_years", language, years=years) if name else ""
    return f"{objective:,.6g} {name}".rstrip() + span
