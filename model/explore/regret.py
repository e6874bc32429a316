"""Regret: what every plan costs in every future beyond the best plan for that future, if only operation can still adapt.

Minimax regret: the plan whose largest regret is least (Savage 1951). CVaR at level a: the mean of the worst 1 − a of the
probability, min over t of t + E[max(regret − t, 0)] / (1 − a) (Rockafellar and Uryasev 2000).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from model.explore.crew import Means, finish
from model.explore.journal import SOLVED, Job, Pair, Row
from model.explore.labels import option_names
from model.explore.study_file import StudyFile, Variant, number, variants
from model.explore.study_rows import Outcome, both, cost_of, said_built, said_failed, snapshot, unit_known, unit_name
from model.explore.workbench import Planned, Workbench
from model.problems import Problems

KEYS = ("plan", "future", "own", "level")
OWN = "for "  # beginning of the key of a plan made for one future
WHOLE = 1e-6  # probabilities sum to 1 within this


def study(asked: StudyFile, means: Means) -> Outcome:
    """Solve every future freely and every plan in every future; raises ``Refusal`` where the study file is wrong."""
    problems = Problems()
    content = asked.only(KEYS, problems)
    futures = variants(asked, "future", problems, ("probability",))
    own = content.get("own", False)
    plans = [variant for variant, _ in variants(asked, "plan", problems, taken=[f"{OWN}{each.key}" for each, _ in futures] if own else [])]
    level = asked.number("level", 0.9, problems, 0.0, 0.999)
    if not futures:
        asked.document.spot("future").add(problems, "scenario_array", "future")
    if not (plans or own):
        asked.document.spot("plan").add(problems, "study_nothing", "[[plan]], own = true")
    if not isinstance(own, bool):
        asked.document.spot("own").add(problems, "scenario_choice", own, choices="true, false")
    spots = asked.document.spots("future", len(futures))
    shares = [
        number(known.get("probability", 1 / len(futures)), spot.at("probability"), problems, 0.0, 1.0)
        for (_, known), spot in zip(futures, spots, strict=True)
    ]
    if futures and abs(sum(shares) - 1) > WHOLE:
        asked.document.spot("future").at("probability").add(problems, "scenario_range", sum(shares), low=1, high=1)
    problems.stop_on_errors()
    chosen = [variant for variant, _ in futures]
    if own is True:
        plans += [Variant(f"{OWN}{each.key}", both("studies_regret.own", name=each.name), each.changes, each.locks) for each in chosen]
    bench = Workbench(asked.scenario, asked.data)
    rows = finish(_jobs(plans, chosen), bench, means)
    return outcome(bench.base, plans, chosen, shares, rows, level)


def _jobs(plans: Sequence[Variant], futures: Sequence[Variant]) -> list[Job]:
    """The best plan of every future, every plan itself, then every plan in every future."""
    return [
        *(Job(f"best|{future.key}", future.name, partial(_freely, future)) for future in futures),
        *(Job(f"plan|{plan.key}", plan.name, partial(_freely, plan)) for plan in plans),
        *(
            Job(f"pair|{plan.key}|{future.key}", both("studies_regret.pair", plan=plan.name, future=future.name), partial(_operated, plan, future))
            for plan in plans for future in futures
        ),
    ]


def _planned(variant: Variant, bench: Workbench) -> Planned:
    """The plan made for a future and the best plan of that future are the same."""
    return bench.remembered(repr((variant.changes, variant.locks)), variant.of(bench.scenario))


def _freely(variant: Variant, bench: Workbench) -> Row:
    return snapshot(_planned(variant, bench))


def _operated(plan: Variant, future: Variant, bench: Workbench) -> Row:
    if plan.key == f"{OWN}{future.key}":
        return _freely(future, bench)
    return snapshot(bench.operated(future.of(bench.scenario), _planned(plan, bench).results))


def conditional(regrets: Sequence[float], shares: Sequence[float], level: float) -> float:
    """CVaR at ``level`` of a discrete distribution; infinite where the tail holds an infinite regret."""
    values, weights = np.asarray(regrets, dtype=float), np.asarray(shares, dtype=float)
    if np.isnan(values).any():
        return math.nan
    likely = weights > 0
    if np.isinf(values[likely]).any():
        return math.inf
    values, weights = values[likely], weights[likely]
    return float(min(start + weights @ np.maximum(values - start, 0.0) / (1.0 - level) for start in values))


def outcome(base: Planned, plans: Sequence[Variant], futures: Sequence[Variant], shares: Sequence[float], rows: list[Row], level: float) -> Outcome:
    """Costs, regrets, and the plan that regrets least."""
    by_key = {row["case"]: row for row in rows}
    best = {future.key: cost_of(by_key[f"best|{future.key}"]) for future in futures}
    costs = {plan.key: {future.key: cost_of(by_key[f"pair|{plan.key}|{future.key}"]) for future in futures} for plan in plans}
    long = pd.DataFrame(
        [
            {"plan": plan.key, "future": future.key, "cost": costs[plan.key][future.key], "best": best[future.key],
             "regret": _regret(costs[plan.key][future.key], best[future.key])}
            for plan in plans for future in futures
        ],
        columns=["plan", "future", "cost", "best", "regret"],
    )
    wide = long.pivot(index="plan", columns="future", values="regret").reindex(index=[p.key for p in plans], columns=[f.key for f in futures])
    summary = pd.DataFrame({
        "plan": wide.index, "largest": wide.max(axis=1, skipna=False).to_numpy(float),
        "expected": [_mean(row, shares) for row in wide.to_numpy(float).tolist()],
        "cvar": [conditional(row, shares, level) for row in wide.to_numpy(float).tolist()],
    })
    ranked = summary.sort_values(["largest", "expected", "plan"], kind="stable", na_position="last").reset_index(drop=True)
    sentences = _said(base, plans, futures, by_key, wide, ranked, level)
    tables = {"regrets": _finite(long), "plans": _finite(ranked)}
    facts = {
        "level": level, "probability": dict(zip(best, shares, strict=True)), "minimax": str(ranked["plan"].iloc[0]) if len(ranked) else None,
        **{name: table.astype(object).where(table.notna(), None).to_dict("records") for name, table in tables.items()},
    }
    return Outcome(tuple(sentences), facts, tables)


def _regret(cost: float, best: float) -> float:
    """What a plan costs beyond the best: 0 where rounding makes it cheaper, infinite where it allows no operation, NaN where unknown."""
    return max(cost - best, 0.0) if math.isfinite(best) else math.nan


def _mean(regrets: Sequence[float], shares: Sequence[float]) -> float:
    return sum(share * regret for share, regret in zip(shares, regrets, strict=True) if share > 0)


def _finite(table: pd.DataFrame) -> pd.DataFrame:
    """Infinite costs as blanks: no plan."""
    return table.replace([math.inf, -math.inf], math.nan)


def _said(
    base: Planned, plans: Sequence[Variant], futures: Sequence[Variant], by_key: Mapping[str, Row], wide: pd.DataFrame, ranked: pd.DataFrame,
    level: float,
) -> list[Pair]:
    unit, names = unit_name(unit_known(base)), option_names(base)
    sentences = []
    for future in futures:
        row = by_key[f"best|{future.key}"]
        known = row["status"] == SOLVED
        sentences.append(both("studies_regret.future", name=future.name, cost=row["cost"], unit=unit) if known else said_failed(row))
    titles, future_names = {plan.key: plan.name for plan in plans}, {future.key: future.name for future in futures}
    for each in ranked.to_dict("records"):
        mine, key = wide.loc[each["plan"]], str(each["plan"])
        built = said_built(by_key[f"plan|{key}"].get("built", {}), names)
        if not np.isfinite(each["largest"]):
            where = next(str(future) for future, regret in mine.items() if not np.isfinite(regret))
            sentences.append(both("studies_regret.fails", name=titles[key], future=future_names[where], built=built))
            continue
        facts = {"largest": each["largest"], "expected": each["expected"], "cvar": each["cvar"], "level": level, "unit": unit}
        sentences.append(both("studies_regret.plan", name=titles[key], future=future_names[str(mine.idxmax())], built=built, **facts))
    if len(ranked) and np.isfinite(ranked["largest"].iloc[0]):
        sentences.append(both("studies_regret.choice", name=titles[ranked["plan"].iloc[0]], largest=ranked["largest"].iloc[0], unit=unit))
    return sentences
