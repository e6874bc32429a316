"""What each leg of a supply pact is worth, and what the joint plan gains over separate plans of the regions.

Every plan is solved and verified; a leg that is shut carries nothing, one that is open is as the scenario states it. The
separate plans shut every row of the table ``pacts`` and exchange quota within each region only: each region then plans
for itself, while outside markets, markets of finished goods and the power tie stay open to both as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from model import gains, pipeline, words
from model.expand.rows import Record, records
from model.objective import unit_of
from model.pipeline import Clock, Progress
from model.problems import ExitCode, Refusal, refuse
from model.results import Results
from model.scenario import Scenario
from model.scenario.records import Change, Spot
from model.tables import Tables
from model.words import lookup

SPOT = Spot("pacts", 0)
SHUT = {"in_force": 1.0, "floor": 0.0, "cap": 0.0}
LEAST = 0.5  # what a region or site gains or loses less of is not told
Names = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Study:
    """Costs in the unit of the objective.

    ``legs``, ``sites``: id → Chinese and English name; ``costs``: open legs → cost of that plan (infinite where there is
    none); ``separate``: cost of the separate plans;
    ``gains``: site, region, joint and separate plan and gain of every column of the split (``margin``, ``margin_apart``,
    ``margin_gain`` …; NaN: no data), margins adding up to the costs.
    """

    legs: Names
    sites: Names
    costs: dict[frozenset[str], float]
    separate: float
    gains: pd.DataFrame
    columns: tuple[Record, ...]
    unit: str

    @property
    def joint(self) -> float:
        """Cost of the joint plan: every leg open."""
        return self.costs[frozenset(self.legs)]

    def alone(self, leg: str) -> float:
        """What a leg is worth where no other is open."""
        return self.costs[frozenset()] - self.costs[frozenset({leg})]

    def on_top(self, leg: str) -> float:
        """What a leg is worth where all others are open."""
        return self.costs[frozenset(self.legs) - {leg}] - self.joint

    def by_region(self) -> pd.DataFrame:
        """The columns of ``gains`` summed by region; NaN stays no data."""
        numbers = [column for column in self.gains if column not in ("site", "region")]
        return pd.DataFrame(self.gains.groupby("region")[numbers].sum(min_count=1)).reset_index()


def study(scenario: Scenario, data: Path, progress: Progress) -> Study:
    """Solve ``scenario`` with every choice of open legs, and as separate plans.

    Raises ``Refusal`` as a solve does, and with exit 3 where the table ``pacts`` names no leg.
    """
    prepared = pipeline.prepare(scenario, data, Clock(progress))
    rows = list(records(prepared.tables, "pacts"))
    legs: Names = {row["pact"]: (row["name_zh"] or row["pact"], row["name_en"] or row["pact"]) for row in rows if row["kind"] == "leg"}
    if not legs:
        raise refuse(ExitCode.DATA, "no_pacts", file="pacts.csv")
    joint, core = _solved(scenario, data)
    costs = {frozenset(legs): joint.objective}
    for open_legs in _choices(legs):
        if open_legs not in costs:
            progress("pact_plan", legs=", ".join(sorted(open_legs)) or "–")
            costs[open_legs] = _cost(_shut(scenario, set(legs) - open_legs), data)
    progress("pact_separate")
    apart, apart_core = _solved(separate(scenario, prepared.tables), data)
    columns = prepared.tables.get("split_columns")
    table = _compared(gains.table(joint, core, columns), gains.table(apart, apart_core, columns))
    unit = unit_of(scenario.objective, core, prepared.tables)
    names: Names = {row["site"]: (row["name_zh"] or row["site"], row["name_en"] or row["site"]) for row in records(core, "sites")}
    return Study(legs, names, costs, apart.objective, table, tuple(records(prepared.tables, "split_columns")), unit)


def separate(scenario: Scenario, tables: Tables) -> Scenario:
    """``scenario`` with every row of ``pacts`` shut and pools of several regions parted into one pool per region."""
    changed = _shut(scenario, {row["pact"] for row in records(tables, "pacts")})
    if any(row["within"] == "all" for row in records(tables, "swap_pools")):
        changed = replace(changed, changes=(*changed.changes, Change("swap_pools", "set", {"within": ("all",)}, {"within": "region"}, SPOT)))
    return changed


def _choices(legs: Iterable[str]) -> list[frozenset[str]]:
    """None, each alone, all but each: what the values of legs need, each choice once."""
    every = frozenset(legs)
    return list(dict.fromkeys([frozenset(), *map(frozenset, combinations(sorted(every), 1)), *(every - {leg} for leg in sorted(every))]))


def _shut(scenario: Scenario, pacts: set[str]) -> Scenario:
    if not pacts:
        return scenario
    return replace(scenario, changes=(*scenario.changes, Change("pacts", "set", {"pact": tuple(sorted(pacts))}, SHUT, SPOT)))


def _cost(scenario: Scenario, data: Path) -> float:
    """Cost of a scenario, infinite where it has no plan."""
    try:
        return _solved(scenario, data)[0].objective
    except Refusal as refusal:
        if refusal.code is not ExitCode.INFEASIBLE:
            raise
        return math.inf


def _quiet(step: str, **facts: object) -> None:
    """The steps of a single solve are not announced: there are several."""


def _solved(scenario: Scenario, data: Path) -> tuple[Results, Tables]:
    """A verified plan and its core tables."""
    run = pipeline.run(scenario, data, _quiet)
    return run.results, run.prepared.core


def _compared(joint: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    both = joint.merge(apart, on=["site", "region"], how="outer", suffixes=("", "_apart"))
    for column in (str(column) for column in joint if column not in ("site", "region")):
        measured = bool(joint[column].notna().any() and apart[column].notna().any())
        for side in (column, f"{column}_apart"):
            both[side] = both[side].fillna(0.0) if measured else math.nan
        both[f"{column}_gain"] = both[column] - both[f"{column}_apart"]
    return both


def lines(found: Study, language: str) -> list[str]:
    """What the study says, line by line."""
    at, between = words.LANGUAGES.index(language), words.text("pacts.between", language)
    unit = _unit(found.unit, at)
    result = []
    for open_legs, cost in sorted(found.costs.items(), key=lambda item: (len(item[0]), sorted(item[0]))):
        names = between.join(found.legs[leg][at] for leg in sorted(open_legs)) or _said("none", language)
        result.append(_said("no_plan" if math.isinf(cost) else "plan", language, legs=names, cost=cost, unit=unit))
    for leg in found.legs:
        result.append(_said("leg", language, leg=found.legs[leg][at], alone=found.alone(leg), on_top=found.on_top(leg), unit=unit))
    result += [_said("meaning", language), _said("separate", language, cost=found.separate, gain=found.separate - found.joint, unit=unit)]
    for row in found.by_region().to_dict("records"):
        result += _region_lines(found, row, language)
    told = found.gains[found.gains["margin_gain"].abs() >= LEAST].sort_values("margin_gain", ascending=False)
    for row in told.to_dict("records"):
        name = found.sites.get(row["site"], (_said("nowhere", language),) * 2)[at]
        result.append(_said("site", language, site=name, gain=row["margin_gain"], unit=unit))
    return result


def _region_lines(found: Study, row: dict[Any, Any], language: str) -> list[str]:
    """What one region gains in every column, and what it would have to be paid where it loses; nothing where it gains nothing."""
    at, unit = words.LANGUAGES.index(language), _unit(found.unit, words.LANGUAGES.index(language))
    name = lookup.known(f"industry.place_{row['region']}", str(row["region"]) or _said("nowhere", language))[at]
    parts = [_said("part", language, name=_said(key, language), gain=row[f"{key}_gain"], unit=unit) for key in (gains.MARGIN, gains.RIGHTS)]
    moved = [row[f"{gains.MARGIN}_gain"]]
    for column in found.columns:
        gain, title = row[f"{column['column']}_gain"], column[f"name_{language}"] or column["column"]
        measured = not math.isnan(gain)
        moved += [gain] if measured else []
        key = "part" if measured else "no_data"
        parts.append(_said(key, language, name=title, gain=gain, unit=_unit(str(column["unit"]), at)))
    if max(map(abs, moved)) < LEAST:
        return []
    result = [_said("region", language, region=name, parts=words.text("pacts.between", language).join(parts))]
    if row["margin_gain"] <= -LEAST:
        result.append(_said("side_payment", language, region=name, amount=-row["margin_gain"], unit=unit))
    return result


def _said(key: str, language: str, **facts: object) -> str:
    return words.text(f"pacts.{key}", language, **facts).rstrip()


def _unit(unit: str, at: int) -> str:
    """The unit in words where there are any."""
    return lookup.known(f"progress.unit_{unit.replace(' ', '_')}", unit)[at]


def facts(found: Study) -> dict[str, Any]:
    """The study as plain numbers for a JSON file; a cost without limit and a part without data are null."""
    plans = [{"open": sorted(open_legs), "cost": None if math.isinf(cost) else cost} for open_legs, cost in found.costs.items()]
    values = {leg: {"alone": _finite(found.alone(leg)), "on_top": _finite(found.on_top(leg))} for leg in found.legs}
    rows = [{str(name): _finite(cell) if isinstance(cell, float) else cell for name, cell in row.items()} for row in found.gains.to_dict("records")]
    return {
        "unit": found.unit, "plans": plans, "legs": values, "joint": found.joint, "separate": found.separate,
        "gain": found.separate - found.joint, "sites": rows,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
