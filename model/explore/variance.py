"""Variance: which uncertain inputs the cost's uncertainty comes from when all move at once (Sobol' indices with intervals).

Every graded input is drawn evenly between its low and its high (2 · count places and count more for each input). The first
index is the share of the cost's variance that goes when the input alone becomes known; the total index is the share that stays
when all others are known. First: Saltelli et al. 2010, total: Jansen 1999 (the estimators of scipy.stats.sobol_indices);
intervals: percentile bootstrap over the places, seeded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import bootstrap, qmc

from model.compile import Floats
from model.explore.crew import Means
from model.explore.journal import SOLVED, Row
from model.explore.moving import Factor
from model.explore.sensitivity import Input, selected
from model.explore.study_file import StudyFile, Variant
from model.explore.study_rows import Outcome, both, unit_known, unit_name
from model.explore.swift import solved_swiftly
from model.explore.workbench import Planned, Workbench
from model.problems import ExitCode, Problems, refuse

KEYS = ("input", "grades", "count", "seed", "level")
RESAMPLES = 999
LARGEST_COUNT = 65536
SMALL = 1e-12  # share of the squared cost below which there is no variance to share out
COLUMNS = (
    "input", "name_zh", "name_en", "table", "column", "grade", "low", "high", "first", "first_low", "first_high", "total", "total_low", "total_high",
)


@dataclass(frozen=True)
class Draw:
    """One place of all inputs."""

    variant: Variant
    place: Mapping[str, float]


def study(asked: StudyFile, means: Means) -> Outcome:
    """Solve every drawn place; raises ``Refusal`` where the study file is wrong or a place has no plan: a hole has no variance."""
    problems = Problems()
    asked.only(KEYS, problems)
    count = asked.whole("count", 64, problems, 2, LARGEST_COUNT)
    seed = asked.whole("seed", 0, problems, 0, 2**31 - 1)
    level = asked.number("level", 0.95, problems, 0.5, 0.999)
    bench = Workbench(asked.scenario, asked.data)
    found = selected(asked, bench, problems)
    if count & (count - 1):
        asked.document.spot("count").add(problems, "scenario_choice", count, choices="2, 4, 8, 16, 32, 64, 128, 256 …")
    problems.stop_on_errors()
    draws = [Draw(_variant(found, number, place), place) for number, place in enumerate(_places(found, count, seed))]
    factors = [Factor(each.key, each.low, each.high, each.moved) for each in found]
    rows = solved_swiftly(bench, factors, draws, means, every=False, plans=False)
    failed = [row for row in rows if row["status"] != SOLVED]
    if failed:
        raise refuse(ExitCode.INFEASIBLE, "variance_hole", value=len(failed), place=failed[0]["name_en"], reason=failed[0]["reason_en"][:200])
    return outcome(bench.base, found, rows, seed, level)


def _places(found: list[Input], count: int, seed: int) -> list[dict[str, float]]:
    """The places of A, then of B, then of A with one input at a time from B."""
    wide = qmc.Sobol(2 * len(found), scramble=True, rng=seed).random_base2(count.bit_length() - 1)
    first, second = wide[:, : len(found)], wide[:, len(found) :]
    mixed = []
    for at in range(len(found)):
        other = first.copy()
        other[:, at] = second[:, at]
        mixed.append(other)
    low, high = np.array([each.low for each in found]), np.array([each.high for each in found])
    places = low + np.concatenate([first, second, *mixed]) * (high - low)
    return [dict(zip((each.key for each in found), map(float, place), strict=True)) for place in places]


def _variant(found: list[Input], number: int, place: Mapping[str, float]) -> Variant:
    changes = tuple(change for each in found for change in each.moved(place[each.key]).changes)
    return Variant(f"draw {number}", both("studies_variance.draw", number=number + 1), changes)


def indices(costs: Floats, inputs: int) -> Floats:
    """First and total index of every input (2 × inputs); ``costs``: (2 + inputs) × places, as drawn: A, B, then the mixed ones.

    0 where the cost does not vary.
    """
    a, b, mixed = costs[0], costs[1], costs[2 : 2 + inputs]
    variance = np.var(costs[:2])
    if variance <= SMALL * max(1.0, float(np.mean(costs[:2] ** 2))):
        return np.zeros((2, inputs))
    first = np.mean(b * (mixed - a), axis=-1) / variance
    total = 0.5 * np.mean((a - mixed) ** 2, axis=-1) / variance
    return np.stack([first, total])


def intervals(costs: Floats, inputs: int, seed: int, level: float) -> tuple[Floats, Floats]:
    """Lower and upper ends of the confidence intervals of ``indices``, each 2 × inputs."""
    found = bootstrap(
        (np.arange(costs.shape[1]),), lambda chosen: indices(costs[:, chosen], inputs), vectorized=False, method="percentile",
        n_resamples=RESAMPLES, confidence_level=level, rng=seed,
    )
    return np.asarray(found.confidence_interval.low), np.asarray(found.confidence_interval.high)


def outcome(base: Planned, found: list[Input], rows: list[Row], seed: int, level: float) -> Outcome:
    """Indices with their intervals, largest total first; costs are counted from the base's, which changes no variance but its rounding."""
    own, unit = base.results.objective, unit_name(unit_known(base))
    costs = np.array([row["cost"] - own for row in rows]).reshape(2 + len(found), -1)
    centred = costs - costs[:2].mean()
    middle, (low, high) = indices(centred, len(found)), intervals(centred, len(found), seed, level)
    table = pd.DataFrame([
        {
            "input": each.key, "name_zh": each.name[0], "name_en": each.name[1], "table": each.table, "column": each.column, "grade": each.grade,
            "low": each.low, "high": each.high,
            **{f"{kind}{end}": float(values[row, at]) for row, kind in enumerate(("first", "total"))
               for end, values in (("", middle), ("_low", low), ("_high", high))},
        }
        for at, each in enumerate(found)
    ], columns=list(COLUMNS)).sort_values(["total", "input"], ascending=[False, True], kind="stable").reset_index(drop=True)
    spread = float(np.std(costs[:2]))
    mean = own + float(np.mean(costs[:2]))
    facts = {"mean": mean, "deviation": spread, "level": level, "count": costs.shape[1], "cases": len(rows), "indices": table.to_dict("records")}
    sentences = [both("studies_variance.base", mean=mean, spread=spread, unit=unit, cases=len(rows), count=len(found), level=level)]
    for row in table.to_dict("records"):
        numbers = {str(name): row[name] for name in COLUMNS[8:]}
        sentences.append(both("studies_variance.index", name=(row["name_zh"], row["name_en"]), grade=row["grade"], **numbers))
    joint = 1.0 - float(table["first"].sum()) if spread > math.sqrt(SMALL) * max(1.0, abs(own)) else 0.0
    quick = sum(not row["audited"] for row in rows)
    sentences += [both("studies_variance.joint", joint=max(0.0, joint)), both("studies_variance.proof", quick=quick, audited=len(rows) - quick)]
    return Outcome(tuple(sentences), facts, {"indices": table})
