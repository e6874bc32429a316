"""What a group of an indicator, a stage, a branch or a period is called: the names of the tables, months by their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from model import words
from model.case.calendar import ALL, Calendar
from model.case.indicators import HORIZON
from model.explore.labels import time_names
from model.pipeline import Planned
from model.tables import Tables

MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
MONTH: Final = re.compile(r"(?:.*[^0-9A-Za-z])?m(0[1-9]|1[0-2])(?:[^0-9A-Za-z].*)?")
SLASH: Final = re.compile(r"(?<!\\)/")  # between stage and branch, where no backslash stands before it
Pair = tuple[str, str]


class TimeWords:
    """The names of the times of one plan."""

    def __init__(self, tables: Tables, calendar: Calendar) -> None:
        self._names = time_names(tables)
        self._stages = calendar.stages
        self._rows: dict[str, dict[Any, Any]] = {str(row["period"]): row for row in calendar.periods.to_dict("records")}
        self._branches = len(set(calendar.periods["branch"]))

    def __call__(self, group: str) -> Pair:
        """Chinese and English name; a time that no table names is its id."""
        if group == ALL:
            return _said("year")
        if group == HORIZON and group not in self._stages and group not in self._rows:
            return _said("horizon")
        if group in self._names or group in self._stages:
            return self._names.get(group, (group, group))
        if group in self._rows:
            return self._period(group)
        parts = [re.sub(r"\\(.)", r"\1", part) for part in SLASH.split(group)]
        return _joined([self._names.get(part, (part, part)) for part in parts])

    def _period(self, period: str) -> Pair:
        """A month, with its stage and branch where the plan has several; beside the id where they do not tell it from another."""
        month = _month(period)
        if not month:
            return period, period
        row = self._rows[period]
        around = [str(row["stage"])] if len(self._stages) > 1 else []
        around += [str(row["branch"])] if self._branches > 1 else []
        alone = self._counted[month, row["stage"], row["branch"]] == 1
        of = _joined([self._names.get(part, (part, part)) for part in around]) if alone else (period, period)
        said = [
            words.text("prices.month_of" if of[at] else "prices.month", language, number=month, name=MONTHS[month - 1], period=of[at])
            for at, language in enumerate(words.LANGUAGES)
        ]
        return said[0], said[1]

    @cached_property
    def _counted(self) -> Counter[tuple[int, str, str]]:
        return Counter((_month(period), row["stage"], row["branch"]) for period, row in self._rows.items())


def time_name(plans: Iterable[Planned], group: str) -> Pair:
    """What the first plan calls a time that has a name for it; the id where none has."""
    pairs = (TimeWords(plan.prepared.tables, plan.results.case.calendar)(group) for plan in plans)
    return next((pair for pair in pairs if pair != (group, group)), (group, group))


def _month(period: str) -> int:
    """1 to 12; 0 where the id names no month."""
    found = MONTH.fullmatch(period)
    return int(found[1]) if found else 0


def _joined(pairs: list[Pair]) -> Pair:
    return "、".join(zh for zh, _ in pairs), ", ".join(en for _, en in pairs)


def _said(key: str) -> Pair:
    zh, en = (words.text(f"prices.{key}", language) for language in words.LANGUAGES)
    return zh, en
