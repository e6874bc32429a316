"""Targets: by how much the plan misses each, how far it could get, and what closes the gap most cheaply.

A target is a bound of an indicator that costs nothing to miss (relax_price 0): it moves no plan, because a price would be
an invented figure that pulls every decision of the base. Its row stands in the program all the same, so the study holds it
hard by shutting its excess and solves again: the difference of both plans is what closing the gap costs, and how.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.case import COLUMN_KEYS, Case
from model.case.structure import TERM_FAMILIES
from model.compile import Floats, LinearProgram
from model.explore.switch_points import Search
from model.results import indicator_values

COLUMNS = (
    "indicator", "group", "side", "value", "target", "missed_by", "share", "reachable", "extra_cost", "unit_cost", "last_cost", "finding",
)
MOVES = ("indicator", "group", "family", "name", "change", "contribution")
ROWS = {"min": "indicator_floor", "max": "indicator_ceiling"}
MET = 1e-6  # share of a target that may be missing from one that is met
LARGEST = 5  # what is told of the difference of two plans
SLACK = 1e-7  # share of the least possible excess that is left to the second solve


@dataclass(frozen=True)
class _Target:
    """One soft bound without a price: its row in the table of excess columns, and what the plan reaches."""

    indicator: str
    group: str
    side: str
    position: int  # of its excess in the program
    weight: float  # years of its group, discounted
    value: float
    bound: float
    ratio: bool

    @property
    def gap(self) -> float:
        """Missing units of the indicator; 0 where it is met or stands for nothing."""
        gap = self.bound - self.value if self.side == "min" else self.value - self.bound
        return gap if gap > MET * max(1.0, abs(self.bound)) else 0.0


def find(case: Case, program: LinearProgram) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per target and group (columns ``COLUMNS``), and what changes most in each closed gap (columns ``MOVES``).

    value, target, missed_by, reachable: units of the indicator; share: value ÷ target; extra_cost: million yuan a year of the
    plan that reaches the target, or as much of it as any plan can; unit_cost: the same per unit of the gap closed (blank for
    ratios); last_cost: million yuan for the last unit. ``finding``: met, closes (a plan reaches it),
    part (none does), not_applicable (a ratio that divides by nothing in the plan).
    contribution: what a family of columns adds to the indicator, the largest first. Yes/no decisions stay as in the plan.
    """
    wished = np.flatnonzero(case.columns["excess"]["unit_price"].to_numpy(float) == 0.0)
    if not len(wished):
        return pd.DataFrame(columns=list(COLUMNS)), pd.DataFrame(columns=list(MOVES))
    search = Search(case, program)
    rows, moves = [], []
    for target in _targets(search, wished):
        row, plan = _row(search, target)
        rows.append(row)
        if plan is not None:
            moves += _moves(search, target, plan)
    return pd.DataFrame(rows, columns=list(COLUMNS)), pd.DataFrame(moves, columns=list(MOVES))


def _targets(search: Search, wished: NDArray[np.int64]) -> list[_Target]:
    values = _indicators(search, search.plan.values)
    per = dict(search.case.labels["indicators"][["indicator", "per"]].itertuples(index=False, name=None))
    rows = search.case.columns["excess"].iloc[wished].to_dict("records")
    found = []
    for place, row in zip(wished, rows, strict=True):
        indicator, group, side = str(row["indicator"]), str(row["group"]), str(row["side"])
        position = search.program.column_start["excess"] + int(place)
        reached = values[indicator, group]
        found.append(_Target(
            indicator, group, side, position, float(row["weight"]), reached["value"], reached[side], per[indicator] != "",
        ))
    return found


def whole_percent(share: float, side: str = "min") -> int:
    """The share of a target that is reached in whole percent, rounded away from it: 99.9 % of a floor is not all of it.

    Raises ValueError for a share that does not exist.
    """
    percent = 100.0 * share
    return math.floor(percent + 100.0 * MET) if side == "min" else math.ceil(percent - 100.0 * MET)


def _values(search: Search, plan: Floats) -> dict[str, pd.DataFrame]:
    """Values of the column families that terms may count."""
    tables = {}
    for family in TERM_FAMILIES:
        table, start = search.case.columns[family], search.program.column_start[family]
        tables[family] = table[list(COLUMN_KEYS[family])].assign(value=plan[start : start + len(table)])
    return tables


def _indicators(search: Search, plan: Floats) -> dict[tuple[str, str], dict[str, float]]:
    """(indicator, group) → value, min, max."""
    table = indicator_values(search.case, _values(search, plan))
    keys = zip(table["indicator"].astype(str), table["group"].astype(str), strict=True)
    bounds = zip(*(table[name].to_numpy(float) for name in ("value", "min", "max")), strict=True)
    return {key: {"value": value, "min": low, "max": high} for key, (value, low, high) in zip(keys, bounds, strict=True)}


def _row(search: Search, target: _Target) -> tuple[dict[str, object], Floats | None]:
    share = target.value / target.bound if target.bound else math.nan
    facts: dict[str, object] = {
        **dict.fromkeys(COLUMNS, math.nan), "indicator": target.indicator, "group": target.group, "side": target.side,
        "value": target.value, "target": target.bound, "missed_by": target.gap, "share": share,
        "finding": "not_applicable" if math.isnan(target.value) else "met",
    }
    if not target.gap:
        return facts, None
    cost, plan, finding = _closed(search, target)
    reachable = _indicators(search, plan)[target.indicator, target.group]["value"]
    extra = (cost - search.plan.objective) / target.weight
    moved = abs(reachable - target.value)
    facts |= {"reachable": reachable, "extra_cost": extra, "finding": finding}
    if not target.ratio and moved > MET * abs(target.bound):
        facts["unit_cost"] = extra / moved
    if finding == "closes":
        facts["last_cost"] = _price(search, target)
    return facts, plan


def _closed(search: Search, target: _Target) -> tuple[float, Floats, str]:
    """Least cost and plan that reach the target; where none does, of those that come nearest."""
    lower, upper = search.program.lower, search.program.upper.copy()
    upper[target.position] = 0.0
    cost, plan = search.solve(search.program.cost, lower, upper)
    if not math.isnan(cost):
        return cost, plan, "closes"
    only = np.zeros(len(search.program.cost))
    only[target.position] = 1.0
    least, _ = search.solve(only, lower, search.program.upper)
    upper[target.position] = least * (1.0 + SLACK)
    cost, plan = search.solve(search.program.cost, lower, upper)
    return cost, plan, "part"


def _price(search: Search, target: _Target) -> float:
    """Price of the target's row in the plan just found, per real unit of that year (rule R20)."""
    family = ROWS[target.side]
    rows = search.case.rows[family]
    found = np.flatnonzero((rows["indicator"] == target.indicator) & (rows["group"] == target.group))[0]
    dual = search.loaded.solution().duals[search.program.row_start[family] + int(found)]
    return float(abs(dual) / rows["weight"].to_numpy(float)[found])


def _moves(search: Search, target: _Target, plan: Floats) -> list[dict[str, object]]:
    """What adds most to the indicator in ``plan`` against the plan of the run, by the first id of each family of columns."""
    before, after = _values(search, search.plan.values), _values(search, plan)
    found: list[tuple[float, dict[str, object]]] = []
    for family in TERM_FAMILIES:
        name, key = COLUMN_KEYS[family][0], list(COLUMN_KEYS[family])
        change = after[family].assign(change=after[family]["value"] - before[family]["value"])
        terms = search.case.relations[f"term_{family}"]
        mine = terms[(terms["indicator"] == target.indicator) & (terms["group"] == target.group)].merge(change, on=key)
        sums = mine.assign(contribution=mine["coefficient"] * mine["change"]).groupby(name)[["change", "contribution"]].sum()
        for who, moved, added in sums.itertuples(name=None):
            row = {"indicator": target.indicator, "group": target.group, "family": family, "name": who, "change": moved, "contribution": added}
            found.append((abs(added), row))
    largest = sorted((entry for entry in found if entry[0] > MET * abs(target.bound)), key=lambda entry: -entry[0])
    return [row for _, row in largest[:LARGEST]]
