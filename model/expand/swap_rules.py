"""Rules of capacity swaps: who may give quota, which new potline is efficient enough, and when it can serve.

The first four follow the notice MIIT Yuan [2018] 12: quota is counted in approved design tonnes; it comes from capacity on
the list filed in October 2017 or compliant and built later; capacity that stopped in 2011 to 2017 had to be swapped by the
end of 2018; capacity past its legal phase-out gives none.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from model import words
from model.expand.amounts import amount, by_id
from model.expand.finance import Money
from model.expand.plants import Line
from model.expand.rows import Record, records
from model.problems import Problems
from model.tables import FILE, ROW, Tables

FOUR_DIGITS = re.compile(r"(\d{4})$")
FIRST = "*"  # the only stage of a dataset without several


@dataclass(frozen=True)
class Stages:
    """The stages in which options are decided (``*`` where there is one), and the year of each."""

    names: tuple[str, ...]
    years: tuple[float, ...]

    def last_use(self, number: int, valid_years: float) -> int:
        """Number of the last stage in which what was created in stage ``number`` may be used; NaN: all stages."""
        if math.isnan(valid_years):
            return len(self.names) - 1
        ends = self.years[number] + valid_years
        return max(other for other, year in enumerate(self.years) if other == number or (other > number and year <= ends))


def stages_of(tables: Tables, core: Tables, money: Money) -> Stages:
    """The stages of ``periods``, with the year that the table ``stages`` or the end of their name gives.

    A single stage is the planning year; where neither names a year, stages follow each other year by year from it.
    """
    names = tuple(dict.fromkeys(str(row["stage"] or row["period"]) for row in records(core, "periods")))
    if len(names) < 2:
        return Stages((FIRST,), (money.planning_year,))
    stated = {str(row["stage"]): float(row["year"]) for row in records(tables, "stages")}
    years = []
    for number, name in enumerate(names):
        digits = FOUR_DIGITS.search(name)
        years.append(stated.get(name, float(digits[1]) if digits else money.planning_year + number))
    return Stages(names, tuple(years))


@dataclass(frozen=True)
class Donor:
    """A potline as a donor: quota in kt per kt closed (0: not eligible, ``reason`` says why), and whether it closes."""

    share: float = 1.0
    reason: str = ""
    may_close: bool = True
    must_close: float = 0.0


class SwapRules:
    """The tables ``swap_rules`` and ``quota_lines``; a rule that is not stated does not hold."""

    def __init__(self, tables: Tables) -> None:
        self._rules = by_id(tables, "swap_rules", "rule")
        self._lines = by_id(tables, "quota_lines", "plant")

    def _value(self, rule: str) -> float:
        return float(self._rules[rule]["value"]) if rule in self._rules else math.nan

    def donor(self, line: Line, planning_year: float) -> Donor:
        """What ``line`` gives when it closes."""
        row = self._lines.get(str(line.row["plant"]))
        if row is None:
            return Donor()
        reason = self._refusal(row, planning_year)
        return Donor(0.0 if reason else self._share(row, line), reason, row["may_close"] == 1, amount("quota_lines", row, "must_close"))

    def _share(self, row: Record, line: Line) -> float:
        design = amount("quota_lines", row, "design_capacity")
        counted = self._value("design_tonnes") == 1 and not math.isnan(design) and line.capacity > 0
        return design / line.capacity if counted else 1.0

    def _refusal(self, row: Record, planning_year: float) -> str:
        """Why a potline gives no quota, in both languages; empty if it does."""
        if row["listed"] == 0:
            return said("quota_not_listed", month=f"{self._value('list_month'):.0f}")
        if row["stopped"] <= self._value("lapse_year"):  # false where either is blank
            return said("quota_lapsed", year=f"{row['stopped']:.0f}", lapse=f"{self._value('lapse_year'):.0f}")
        if row["phase_out"] <= planning_year:
            return said("quota_phased_out", year=f"{row['phase_out']:.0f}")
        return ""

    def gate(self, line: Line, problems: Problems) -> str:
        """Why a new potline may not be built for its use of power, in both languages; noted at its row. Empty if it may."""
        limit = self._value("ac_limit")
        if not line.ac_intensity > limit:  # true where no limit is stated
            return ""
        facts = {"value": f"{line.ac_intensity:g}", "limit": f"{limit:g}", "clause": self._rules["ac_limit"]["clause"] or "–"}
        place = {"file": line.row[FILE], "row": int(line.row[ROW])}
        problems.add("swap_inefficient", column="ac_intensity", value=facts["value"], note=True, limit=facts["limit"], site=line.site, **place)
        return said("option_inefficient", **facts)

    def too_early(self, line: Line, year: float) -> str:
        """Why a new potline cannot serve in ``year``: decided at the earliest in the first year, it takes ``lead_years``."""
        lead, first = amount(line.table, line.row, "lead_years"), self._value("first_year")
        if not year < first + lead:  # true where no first year is stated
            return ""
        return said("option_lead_years", year=f"{first + lead:g}", first=f"{first:.0f}", lead=f"{lead:g}")


def titles(key: str, row: Record, **facts: object) -> Record:
    """name_zh and name_en of an indicator: the sentence ``key`` with the name of ``row`` and ``facts``."""
    return {f"name_{language}": words.text(f"industry.{key}", language, name=row[f"name_{language}"], **facts) for language in words.LANGUAGES}


def said(key: str, **facts: object) -> str:
    """A sentence of model/words/industry.toml in both languages, as notes of options are written."""
    return " | ".join(words.text(f"industry.{key}", language, **facts) for language in words.LANGUAGES)
