"""Alternative smallest sets of changes that make an impossible scenario possible, each proved by solving with exactly these changes."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.case import ROW_KEYS, Case
from model.compile import Floats, LinearProgram
from model.diagnose.elastic import TIED, WHOLE, Elastic, Place, present, unlocked
from model.solve import LoadedProgram, Status

WAYS = 3  # alternatives that are looked for
SOLVES = 12  # searches before that ends, the same on every machine
DIGITS = 6  # amounts are rounded up to so many, and proved as rounded

Change = tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """One set of changes: the place and amount of each, and ``share``, the sum of the amounts as shares of what is stated."""

    changes: tuple[tuple[Place, float], ...]
    share: float

    @property
    def distinct(self) -> tuple[Change, ...]:
        """Its changes, those of several periods once, in the order of rows."""
        return tuple(dict.fromkeys(place.change for place, _ in self.changes))


def find_ways(made: Elastic, program: LinearProgram, deadline: float, loaded: LoadedProgram | None = None) -> list[Way]:
    """Up to ``WAYS`` sets of changes, those of fewest changes first, then those of the smallest share.

    The first search finds the set of the smallest share. Then its changes are forbidden, first all of them and then one
    by one, and so on with every set found: what is left that helps is another way. A set that holds a whole set found
    before is none. Every way is proved: the scenario with exactly its changes has a plan. ``loaded``: the elastic program
    inside the solver, where it has been solved before.
    """
    loaded = loaded or LoadedProgram(made.program)
    queue: list[frozenset[Change]] = [frozenset()]
    met: set[frozenset[Change]] = set()
    kept: list[Way] = []
    forbidden_slacks: dict[Change, NDArray[np.int64]] = {}
    while queue and len(met) < SOLVES and len(kept) < WAYS:
        forbidden = queue.pop(0)
        if forbidden in met:
            continue
        met.add(forbidden)
        slack = _search(loaded, made, [forbidden_slacks[change] for change in sorted(forbidden)], deadline)
        way = None if slack is None else _way(made, slack)
        if way is None or not way.changes:
            continue
        for place, _ in way.changes:
            if place.change not in forbidden_slacks:
                forbidden_slacks[place.change] = made.alike(place)
        queue += [forbidden | set(way.distinct), *(forbidden | {change} for change in way.distinct if len(way.distinct) > 1)]
        if not any(set(known.distinct) <= set(way.distinct) for known in kept) and _proved(made, program, way, deadline):
            kept.append(way)
    return sorted(kept, key=lambda way: (len(way.distinct), way.share))


def _search(loaded: LoadedProgram, made: Elastic, forbidden: list[NDArray[np.int64]], deadline: float) -> Floats | None:
    """The smallest slacks where those of ``forbidden`` are none; None where nothing helps or time ends."""
    upper = made.program.upper.copy()
    for numbers in forbidden:
        upper[made.original.matrix.shape[1] + numbers] = 0.0
    loaded.set_column_bounds(made.program.lower, upper)
    loaded.limit_time(deadline - time.perf_counter())
    if loaded.run() not in (Status.OPTIMAL, Status.FEASIBLE):
        return None
    return loaded.solution().values[made.original.matrix.shape[1] :]


def _way(made: Elastic, slack: Floats) -> Way:
    numbers = present(slack)
    changes = tuple((made.place(int(number)), rounded_up(float(slack[number]))) for number in numbers)
    return Way(changes, float(sum(slack[number] / made.size[number] for number in numbers)))


def _proved(made: Elastic, program: LinearProgram, way: Way, deadline: float) -> bool:
    """Whether the scenario with exactly these changes has a plan, whatever it costs."""
    trial = changed(made.case, program, way.changes)
    trial.cost[:] = 0.0
    return LoadedProgram(trial, {"time_limit": max(0.0, deadline - time.perf_counter())}).run() in (Status.OPTIMAL, Status.FEASIBLE)


def changed(case: Case, program: LinearProgram, changes: Iterable[tuple[Place, float]]) -> LinearProgram:
    """``program`` with the bound at every place moved by its amount; a yes/no that may move again is a free decision.

    A limit that holds only with its yes/no is the coefficient of that yes/no.
    """
    program, _, _ = unlocked(case, program)
    bounds = {name: getattr(program, name).copy() for name in ("row_lower", "row_upper", "lower", "upper")}
    integer, matrix = program.integer.copy(), program.matrix.tolil()
    for place, amount in changes:
        of_row, sign = place.family in ROW_KEYS, -1.0 if place.side == "floor" else 1.0
        if place.family in TIED:
            matrix[place.position, _decision(program, place.position)] -= sign * amount
            continue
        bounds[("row_" if of_row else "") + ("lower" if place.side == "floor" else "upper")][place.position] += sign * amount
        if place.family == WHOLE:
            integer[place.position] = True
    return replace(program, matrix=sparse.csc_array(matrix), integer=integer, **bounds)


def _decision(program: LinearProgram, row: int) -> int:
    """The yes/no in a row that ties an amount to it: its only negative coefficient."""
    line = program.matrix.tocsr()[[row]].tocoo()
    return int(line.col[line.data < 0][0])


def rounded_up(amount: float) -> float:
    """``amount`` (> 0) with ``DIGITS`` digits, never less than it by more than the solver's rounding."""
    if amount <= 0:
        return 0.0
    places = DIGITS - 1 - math.floor(math.log10(amount))
    return math.ceil(amount * 10.0**places - 1e-3) / 10.0**places
