"""What the comparison page is made from: plain data of two to six plans, the first of them the reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from maps.sayings import Pair
from maps.view import ReportView
from model.explore.comparison_facts import Part

LETTERS: Final = "ABCDEF"  # what the plans are called where a name would be too long


@dataclass(frozen=True)
class Measure:
    """A key figure of every plan in their order; not a number where a plan does not have it."""

    name: Pair
    unit: Pair
    values: tuple[float, ...]
    colour: str = ""


@dataclass(frozen=True)
class Line:
    """One plan: its name, its title, and what stands behind it."""

    name: str
    title: Pair
    status: str
    objective: float
    gap: float
    case_hash: str


@dataclass(frozen=True)
class ComparisonView:
    """``views``: the map of each plan (one planning year). ``answers`` and ``inputs``: sentences on each plan but the first.

    Tables in long form as in ``model/explore/compare.py``: ``changes`` with the column ``chain`` (stage of the chain of a
    process or unit), ``wins``, ``indicators``; ``parts``: tables with heads in both languages.
    """

    lines: tuple[Line, ...]
    unit: str  # of the objective
    views: tuple[ReportView, ...]
    answers: tuple[tuple[Pair, ...], ...]
    inputs: tuple[tuple[Pair, ...], ...]
    measures: tuple[Measure, ...]
    changes: pd.DataFrame
    wins: pd.DataFrame
    indicators: pd.DataFrame
    parts: tuple[Part, ...] = ()
    language: str = "zh"  # in which the page opens
    map_approval: str = ""
    map_notice: tuple[str, str] = ("", "")
    ranking: tuple[Pair, ...] = field(default=())  # the cheapest and the dearest, where there are more than two

    @property
    def names(self) -> tuple[str, ...]:
        """The plans in their order."""
        return tuple(line.name for line in self.lines)

    def letter(self, name: str) -> str:
        """A for the first plan, B for the second …"""
        return LETTERS[self.names.index(name)]
