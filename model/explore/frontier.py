"""Frontier: the least cost at every bound of an indicator, from the plan's own value to the best that any plan reaches.

The slope of a point is the shadow price of its bound; between two points the mean slope lies between theirs where no yes/no
decision is in play (the least cost is a convex function of a right-hand side).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from model.explore.crew import Means, finish
from model.explore.journal import SOLVED, Job, Pair, Row
from model.explore.labels import option_names
from model.explore.study_file import StudyFile, number
from model.explore.study_rows import PRESENT, Outcome, both, cost_of, said_built, said_failed, snapshot, unit_known, unit_name
from model.explore.workbench import Planned, Rewrite, Workbench
from model.names import name_of
from model.problems import Problems
from model.reading.nearest import nearest
from model.tables import Tables

KEYS = ("indicator", "bound", "values", "points")
CEILING, FLOOR = "max", "min"
SLACK = 1e-7  # share of the way by which the last bound stays short of the best value
FAR = 1e9  # a bound that no plan reaches
COLUMNS = ("case", "name_zh", "name_en", "status", "reason_zh", "reason_en", "bound", "value", "cost", "extra_cost", "price", "warm")


@dataclass(frozen=True)
class Bound:
    """A bound on one indicator: its side, and how it is written into core tables."""

    indicator: str
    side: str

    def at(self, value: float) -> Rewrite:
        """Core tables with the indicator hard bounded at ``value``; a soft bound on its other side is dropped."""
        return partial(self._write, value)

    def _write(self, value: float, core: Tables) -> Tables:
        table = core["indicators"].copy()
        mine = table["indicator"] == self.indicator
        other = FLOOR if self.side == CEILING else CEILING
        table.loc[mine & table["relax_price"].notna(), other] = math.nan
        table.loc[mine, self.side], table.loc[mine, "relax_price"] = value, math.nan
        return {**core, "indicators": table}

    @property
    def loose(self) -> float:
        """A bound that holds nobody back."""
        return FAR if self.side == CEILING else -FAR

    def best(self, values: pd.Series) -> float:
        """The value of the group that is hardest to bring to the bound."""
        return float(values.max() if self.side == CEILING else values.min())


def study(asked: StudyFile, means: Means) -> Outcome:
    """Solve the plan at every bound; raises ``Refusal`` where the study file is wrong or the base has no plan."""
    problems = Problems()
    content = asked.only(KEYS, problems)
    side, count = content.get("bound", CEILING), asked.whole("points", 6, problems, 1, 1000)
    if side not in (CEILING, FLOOR):
        asked.document.spot("bound").add(problems, "scenario_choice", side, choices=f"{CEILING}, {FLOOR}")
    asked.one_of(problems, "values", "points")
    values = content.get("values", [])
    if not isinstance(values, list) or ("values" in content and not values):
        asked.document.spot("values").add(problems, "scenario_list", values)
        values = []
    stated = list(dict.fromkeys(number(value, asked.document.spot("values"), problems) for value in values))
    problems.stop_on_errors()
    free = Workbench(asked.scenario, asked.data)
    bound = Bound(str(content.get("indicator", "")), str(side))
    rows = free.base.results.indicators
    own = rows.loc[rows["indicator"] == bound.indicator, "value"]
    if not len(own):
        hint = nearest(bound.indicator, rows["indicator"])
        asked.document.spot("indicator").add(problems, "unknown_reference", bound.indicator, hint, table="indicators")
    problems.stop_on_errors()
    if not stated and (len(own) > 1 or _ratio(free.base, bound)):
        asked.document.spot("values").add(problems, "scenario_list", "")
    problems.stop_on_errors()
    bounds = stated or _steps(bound.best(own), _extreme(free, bound), count)
    bench = Workbench(asked.scenario, asked.data, bound.at(bound.loose))
    named = [(value, _named(free.base, bound, value)) for value in bounds]
    jobs = [Job(f"{value!r}", name, partial(_bounded, bound, value)) for value, name in named]
    return outcome(free.base, bound, bounds, finish(jobs, bench, means))


def _ratio(base: Planned, bound: Bound) -> str:
    """The indicator that this one is a ratio to, or ""."""
    labels = base.results.case.labels["indicators"].set_index("indicator")
    return str(labels.loc[bound.indicator, "per"])


def _extreme(bench: Workbench, bound: Bound) -> float:
    """The best value that any plan reaches whatever it costs."""
    weight = 1.0 if bound.side == CEILING else -1.0
    best = bench.plan(replace(bench.scenario, objective={bound.indicator: weight})).results.indicators
    return bound.best(best.loc[best["indicator"] == bound.indicator, "value"])


def _steps(own: float, best: float, count: int) -> list[float]:
    """``count`` equal steps from the plan's own value (left out) to just short of the best."""
    return [float(value) for value in own + (best - own) * (1 - SLACK) * np.arange(1, count + 1) / count]


def _named(base: Planned, bound: Bound, value: float) -> Pair:
    case = base.results.case
    name = (name_of(case, "indicator", bound.indicator, "zh"), name_of(case, "indicator", bound.indicator, "en"))
    return both(f"studies_frontier.{'at_most' if bound.side == CEILING else 'at_least'}", name=name, value=value, unit=_unit(base, bound))


def _unit(base: Planned, bound: Bound) -> str:
    return str(base.results.case.labels["indicators"].set_index("indicator")["unit"][bound.indicator])


def _bounded(bound: Bound, value: float, bench: Workbench) -> Row:
    planned = bench.plan(bench.scenario, bound.at(value))
    table = planned.results.indicators
    reached = table.loc[table["indicator"] == bound.indicator, "value"]
    return {**snapshot(planned), "price": price_of(planned, bound), "value": bound.best(reached)}


def price_of(planned: Planned, bound: Bound) -> float:
    """What tightening the bound by one unit costs a year, all groups together; of a ratio per unit of the ratio; NaN where unknown."""
    results = planned.results
    duals = results.duals[f"indicator_{'ceiling' if bound.side == CEILING else 'floor'}"]
    mine = duals[duals["indicator"] == bound.indicator].set_index("group")["value"]
    per = _ratio(planned, bound)
    if per:
        others = results.indicators[results.indicators["indicator"] == per].set_index("group")["value"]
        mine = mine * others.reindex(mine.index)
    total = float(mine.sum(skipna=False)) if len(mine) else 0.0
    return (-total if bound.side == CEILING else total) + 0.0  # no minus before a zero


def outcome(base: Planned, bound: Bound, bounds: list[float], rows: list[Row]) -> Outcome:
    """Table and sentences of the frontier."""
    own, unit = snapshot(base), unit_name(unit_known(base))
    names, label = option_names(base), _unit(base, bound)
    values = base.results.indicators
    value = bound.best(values.loc[values["indicator"] == bound.indicator, "value"])
    said_name = (name_of(base.results.case, "indicator", bound.indicator, "zh"), name_of(base.results.case, "indicator", bound.indicator, "en"))
    sentences = [both("studies_frontier.base", name=said_name, value=value, label=label, cost=own["cost"], unit=unit)]
    found = []
    for at, row in zip(bounds, rows, strict=True):
        cost, known = cost_of(row), row["status"] == SOLVED
        changed = differences(own["built"], row["built"]) if known else {}
        facts = {"bound": at, "value": row.get("value", math.nan), "price": row.get("price", math.nan), "warm": row.get("warm")}
        costs = {"cost": cost, "extra_cost": cost - own["cost"]} if known else {}
        found.append({**{name: row[name] for name in COLUMNS[:6]}, **facts, **costs})
        built = said_built(changed, names) if changed else both("studies_frontier.same")
        name = (row["name_zh"], row["name_en"])
        line = both("studies_frontier.point", name=name, extra=cost - own["cost"], price=row["price"], unit=unit, built=built) if known else None
        sentences.append(line or said_failed(row))
    rule = "_integers" if base.results.integers else "_ratio" if _ratio(base, bound) else ""
    sentences.append(both(f"studies_frontier.rule{rule}", label=label))
    table = pd.DataFrame(found, columns=list(COLUMNS))
    points = table.astype(object).where(table.notna(), None).to_dict("records")
    axis = {"name_zh": said_name[0], "name_en": said_name[1], "unit": label, "base_value": value}
    facts = {"indicator": bound.indicator, "bound": bound.side, "axis": axis, "base": own, "points": points}
    return Outcome(tuple(sentences), facts, {"points": table})


def differences(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What is built more (less: negative) than in the base."""
    moved = {name: after.get(name, 0.0) - before.get(name, 0.0) for name in {*before, *after}}
    return {name: size for name, size in moved.items() if abs(size) > max(PRESENT, 1e-6 * abs(before.get(name, 0.0)))}
