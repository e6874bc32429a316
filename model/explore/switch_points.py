"""Switch points: the value of an input at which a choice of the plan flips, by exact re-solves of the loaded program.

When the plan without the watched columns costs the same at any change, the flip is where the least cost – a concave piecewise
linear function of the change – meets that cost, found by following tangents. Elsewhere, and for choices that come in as a price
falls, plans at equal steps of the change are looked through for the first in which the choice is another, then that step is halved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import words
from model.case import COLUMN_KEYS, Case
from model.compile import Floats, LinearProgram
from model.expand.quotes import Pattern
from model.expand.studies import Study, studies
from model.explore.numbers_said import digits
from model.pipeline import Clock, Progress, Run
from model.solve import LoadedProgram, Status

COLUMNS = ("study", "what_zh", "what_en", "input_zh", "input_en", "central", "flips_at", "unit", "low", "high", "holds", "note_zh", "note_en")
STEPS = 40  # tangents before the search gives up; real studies need two to five
PRECISION = 1e-4  # share of the search range
STRIDES = 8  # equal steps of the search range: a choice that comes and goes within one is not seen
COARSE = 1e-3  # share of the search range at which halving a step ends
HEAD_START = 0.05  # share of the search range before a like study's switch point
RELATIVE = 1e-9  # cost differences below this share of the objective are no difference
PRESENT = 1e-3  # sums of watched columns above this count as in use


@dataclass(frozen=True)
class Range:
    """Where the choice stands: ``flips`` (change of the input, NaN = none in the range) and the words that say so."""

    flips: float
    note: str = ""


class Search:
    """One loaded program on which all studies of a run are searched, each from the plan's own costs and bounds."""

    def __init__(self, case: Case, program: LinearProgram) -> None:
        self.case, self.program = case, program
        self.loaded = LoadedProgram(program)
        self.loaded.run()
        self.loaded.keep_basis()
        self.plan = self.loaded.solution()
        self.weights = np.concatenate([case.columns[family]["weight"].to_numpy(float) for family in COLUMN_KEYS])

    def positions(self, pattern: Pattern) -> NDArray[np.int64]:
        """Positions of the columns of a family whose ids match."""
        family, ids = pattern
        table = self.case.columns[family]
        mask = np.ones(len(table), dtype=bool)
        for name, value in ids:
            mask &= (table[name] == value).to_numpy()
        return np.flatnonzero(mask) + self.program.column_start[family]

    def direction(self, moved: Iterable[tuple[Pattern, float]]) -> Floats:
        """Change of the costs per unit of change of the input."""
        result = np.zeros(len(self.program.cost))
        for pattern, amount in moved:
            places = self.positions(pattern)
            result[places] += amount * self.weights[places]
        return result

    def watched(self, patterns: Iterable[Pattern]) -> NDArray[np.int64]:
        """Positions of all watched columns."""
        places = [self.positions(pattern) for pattern in patterns]
        return np.concatenate(places) if places else np.zeros(0, dtype=np.int64)

    def bounds(self, study: Study) -> tuple[Floats, Floats]:
        """Column bounds of the study: those of the plan with its options opened."""
        upper = self.program.upper.copy()
        for option, size in study.opened:
            upper[self.positions(("size", (("option", option),)))] = size
        return self.program.lower, upper

    def at(self, study: Study, change: float, direction: Floats, lower: Floats, upper: Floats) -> tuple[float, Floats]:
        """Least cost and plan at one change of the input; the plan of the run itself where nothing differs from it."""
        if change == 0.0 and not study.opened:
            return self.plan.objective, self.plan.values
        return self.solve(self.program.cost + change * direction, lower, upper)

    def solve(self, cost: Floats, lower: Floats, upper: Floats, *, restart: bool = True) -> tuple[float, Floats]:
        """Least cost and plan, from the plan's own basis or (not ``restart``) the last one; NaN where there is no plan."""
        self.loaded.set_costs(cost)
        self.loaded.set_column_bounds(lower, upper)
        if restart:
            self.loaded.restart()
        if self.loaded.run() is not Status.OPTIMAL:
            return math.nan, np.zeros(len(cost))
        found = self.loaded.solution()
        return found.objective, found.values


def with_switch_points(run: Run, progress: Progress) -> Run:
    """``run`` with the switch points of all studies its dataset holds."""
    clock = Clock(progress)
    with clock.step("switch_points"):
        points = find(run.results.case, run.program, studies(run.prepared.tables, run.prepared.core))
    return replace(run, switch_points=points, seconds=run.seconds | clock.seconds)


def find(case: Case, program: LinearProgram, chosen: Sequence[Study]) -> pd.DataFrame:
    """One row per study (columns ``COLUMNS``): the value of the input at which its choice flips, NaN with a note if never.

    The fragile choices come first: those nearest to flipping in widths of the input's own range.

    Deterministic: choices that leave start each from the plan's costs, bounds and basis, those that enter follow one path from
    there. Both kinds are searched at the same time, each on a program of its own.
    """
    if not chosen:
        return pd.DataFrame(columns=list(COLUMNS))
    kinds = [[study for study in chosen if study.kind == kind] for kind in dict.fromkeys(study.kind for study in chosen)]
    with ThreadPoolExecutor(max_workers=len(kinds)) as pool:  # the solver works outside Python's lock
        rows = [row for found in pool.map(lambda studies: _searched(case, program, studies), kinds) for row in found]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    width = table["high"] - table["low"]
    distance = ((table["flips_at"] - table["central"]).abs() / width).where(width > 0)
    return table.assign(distance=distance).sort_values(["distance", "study"], kind="stable").drop(columns="distance").reset_index(drop=True)


def _searched(case: Case, program: LinearProgram, chosen: Sequence[Study]) -> list[dict[str, object]]:
    """The rows of studies of one kind, searched one after the other."""
    search = Search(case, program)
    entering: dict[tuple[object, ...], Floats] = {}
    last: dict[tuple[str, bool], float] = {}
    rows = []
    for study in chosen:
        alike = (study.unit, bool(study.opened))
        found = leaves(search, study, last.get(alike, math.nan)) if study.kind == "leaves" else enters(search, study, entering)
        last[alike] = study.central + study.sign * found.flips
        rows.append(_row(study, found))
    return rows


def leaves(search: Search, study: Study, near: float = math.nan) -> Range:
    """The change at which the watched columns fall to zero, by tangents of the least cost from a point where they stand.

    ``near``: switch point of a like study; a start just before it saves tangents and cannot change the answer.
    """
    direction, places = search.direction(study.moved), search.watched(study.watched)
    lower, upper = search.bounds(study)
    without = upper.copy()
    without[places] = lower[places]
    without_cost, _ = search.solve(search.program.cost, lower, without)
    if math.isnan(without_cost):  # there is no plan without the choice
        return Range(math.nan, "stands_always")
    if _moves(search, without_cost, direction, places, study, (lower, without)):
        return _strides(search, study, direction, places, (lower, upper))
    limit = without_cost - RELATIVE * max(1.0, abs(without_cost))
    start, end = study.reach
    guess = study.sign * (near - study.central) - HEAD_START * (end - start)
    for change in (guess, 0.0, start):
        if start <= change <= end:
            cost, plan = search.at(study, change, direction, lower, upper)
            if cost < limit:
                break
    else:
        return Range(math.nan, "gone_already")
    for _ in range(STEPS):
        slope = float(direction @ plan)
        advance = (without_cost - cost) / slope if slope > 0 else math.inf  # the input costs the choice nothing
        change += advance
        if change > end:
            return Range(math.nan, "stands_always")
        if advance < PRECISION * (end - start):
            break
        cost, plan = search.solve(search.program.cost + change * direction, lower, upper, restart=False)
        if cost >= limit:
            break
    return Range(change)


def _moves(
    search: Search, without_cost: float, direction: Floats, places: NDArray[np.int64], study: Study, bounds: tuple[Floats, Floats],
) -> bool:
    """Whether the plan without the choice feels the input: a concave cost that is the same at three changes is the same between them.

    Where nothing bounds the plan at the far end (a price below zero) there is no cost to compare.
    """
    if np.isin(np.flatnonzero(direction), places).all():
        return False
    start, end = study.reach
    costs = np.array([search.solve(search.program.cost + change * direction, *bounds)[0] for change in (start, end / 2, end)])
    return not np.allclose(costs[np.isfinite(costs)], without_cost, rtol=RELATIVE, atol=RELATIVE)


def _strides(search: Search, study: Study, direction: Floats, places: NDArray[np.int64], bounds: tuple[Floats, Floats]) -> Range:
    """Where a choice that stands now is gone as the input rises, or one that does not comes in as it falls."""

    def present(change: float) -> bool:
        return bool(search.at(study, change, direction, *bounds)[1][places].sum() > PRESENT)

    stands = present(0.0)
    found = crossing(present, 0.0, study.reach[1] if stands else study.reach[0])
    return Range(math.nan, "stands_always" if stands else "gone_already") if found is None else Range(found)


def enters(search: Search, study: Study, solved: dict[tuple[object, ...], Floats]) -> Range:
    """The least fall of the input at which the watched columns come in; plans at one change of one input serve all studies of it."""
    direction, places = search.direction(study.moved), search.watched(study.watched)
    lower, upper = search.bounds(study)

    def present(change: float) -> bool:
        key = (study.moved, study.opened, change)
        if key not in solved:
            solved[key] = search.solve(search.program.cost + change * direction, lower, upper, restart=not solved)[1]
        return bool(solved[key][places].sum() > PRESENT)

    if present(study.reach[0]):
        return Range(math.nan, "stands_now")
    found = crossing(present, *study.reach) if len(places) else None
    return Range(math.nan, "never") if found is None else Range(found)


def crossing(present: Callable[[float], bool], start: float, end: float) -> float | None:
    """The first change from ``start`` towards ``end`` at which ``present`` is no longer what it is at ``start``; None where it is always."""
    first = present(start)
    for near, far in pairwise(start + (end - start) * step / STRIDES for step in range(STRIDES + 1)):
        if present(far) == first:
            continue
        while abs(far - near) > COARSE * abs(end - start):
            middle = (near + far) / 2
            near, far = (middle, far) if present(middle) == first else (near, middle)
        return far
    return None


def _row(study: Study, found: Range) -> dict[str, object]:
    ends = sorted(study.central + study.sign * change for change in study.reach)
    facts = {name: digits(end, 4) for name, end in zip(("low", "high"), ends, strict=True)}
    flips = study.central + study.sign * found.flips
    below = (study.kind == "leaves") == (study.sign > 0)
    stands = below == (study.central < flips)
    note = found.note or f"{'below' if below else 'above'}_{'stands' if stands else 'fails'}"
    notes = {f"note_{language}": words.text(f"studies.{note}", language, **facts) for language in words.LANGUAGES}
    return {
        "study": study.key,
        "what_zh": study.what[0],
        "what_en": study.what[1],
        "input_zh": study.input[0],
        "input_en": study.input[1],
        "central": study.central,
        "flips_at": flips,
        "unit": study.unit,
        "low": study.low,
        "high": study.high,
        "holds": "below" if below else "above",
        **notes,
    }
