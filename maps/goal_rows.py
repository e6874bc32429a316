"""The goals as page, brief and slides show them: each with what is reached, its share and whether it is met, the farthest first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from maps import charts
from maps.escape import both, pair, unit_words, word
from maps.figures import NONE, compact, number, percent
from maps.goals import met
from maps.sayings import Pair
from maps.tables import Table, column_heads, without_blank_columns
from maps.view import ReportView, rows_of
from model.explore.targets import whole_percent

WHOLE: Final = 100.0  # goals of this size and what is reached of them are shown without decimals
COLOURS: Final = {"met": "#009e73", "missed": "#d55e00", "absent": "#7f7f7f"}


@dataclass(frozen=True)
class GoalRow:
    """One goal in words; ``state``: met, missed, or absent where its value does not exist in this plan; ``goal_id``: of one goal in all years."""

    goal_id: str
    name: Pair
    group: Pair
    reached: str
    goal: str
    unit: Pair
    share: float
    state: str

    @property
    def named(self) -> Pair:
        """The name, with the time that it is the goal of where there are several."""
        if not any(self.group):
            return self.name
        return f"{self.name[0]}({self.group[0]})", f"{self.name[1]} ({self.group[1]})"

    @property
    def with_unit(self) -> str:
        """The goal with its unit in Chinese, for tables that have no room for a column of units."""
        return f"{self.goal} {self.unit[0]}".rstrip()

    @property
    def percent(self) -> str:
        """The share reached, as the answer says it."""
        return NONE if self.state == "absent" else f"{whole_percent(self.share)} %"

    @property
    def verdict(self) -> Pair:
        """Met, missed, or not applicable in this plan."""
        return pair(f"goal_{self.state}")


def goal_rows(view: ReportView) -> list[GoalRow]:
    """The goals of ``view`` in its order; shares as percentages, so that they need no unit."""
    found = []
    for row in rows_of(view.goals):
        said = percent if row.unit == "share" else number if row.goal >= WHOLE else compact
        unit = ("", "") if row.unit == "share" else unit_words(row.unit)
        state = "absent" if math.isnan(row.share) else "met" if met(row.share) else "missed"
        # rows that name no time are goals of their own
        key = row.indicator if row.group_zh or row.group_en else f"{row.indicator} {len(found)}"
        found.append(GoalRow(key, (row.name_zh, row.name_en), (row.group_zh, row.group_en), said(row.value), said(row.goal), unit, row.share, state))
    return found


def worst_rows(rows: list[GoalRow]) -> list[GoalRow]:
    """One row for each goal, the farthest first: where it is missed most; one that does not apply only where the goal never does."""
    shares = {row: math.inf if row.state == "absent" else row.share for row in rows}
    found: dict[str, GoalRow] = {}
    for row in sorted(rows, key=shares.__getitem__):
        found.setdefault(row.goal_id, row)
    return list(found.values())


def goal_heading(rows: list[GoalRow]) -> Pair:
    """How many goals there are and how many are met, those of several planning years in all of them."""
    goals = worst_rows(rows)
    key = "heading_goals_throughout" if any(any(row.group) for row in rows) else "heading_goals"
    return pair(key, count=len(goals), met=sum(row.state == "met" for row in goals))


def goal_table(rows: list[GoalRow]) -> Table:
    """The table of the page, with a bar for every share."""
    cells = tuple(
        (
            both(*row.name), both(*row.group) if any(row.group) else "", row.reached, row.goal, both(*row.unit) if any(row.unit) else "",
            charts.share_bar(min(row.share, 1.0), COLOURS[row.state]) if row.state != "absent" else "", row.percent,
            Markup(f'<span class="state state-{row.state}">') + word(f"goal_{row.state}") + Markup("</span>"),
        )
        for row in rows
    )
    return without_blank_columns(column_heads("goal group #reached #target unit bar #share verdict"), cells)
