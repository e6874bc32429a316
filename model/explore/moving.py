"""How a few inputs move the arrays of a linear program: learned from compiled programs, proved affine where they were compiled.

Most inputs – prices, demands, bounds, tariffs – change costs, bounds and right-hand sides, each in proportion to itself. Then
the program of any combination is the first program plus a step for each input, and its tables need not be expanded again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.compile import MOVABLE, Floats, LinearProgram
from model.explore.array_rows import Readings, same_readings
from model.explore.study_file import Variant
from model.explore.workbench import Workbench, same_matrix
from model.problems import ExitCode, Refusal
from model.solve import Patch
from model.ties import preference

Places = NDArray[np.int64]
ROUNDING = 1e-9  # share of an entry by which a compiled program may miss what the steps say


@dataclass(frozen=True)
class Factor:
    """An input that moves between ``low`` and ``high``, and the case that puts it somewhere."""

    name: str
    low: float
    high: float
    at: Callable[[float], Variant]


@dataclass(frozen=True)
class Step:
    """What one unit of an input changes: entries of the stacked arrays and the change of each."""

    entries: Places
    changes: Floats


@dataclass(frozen=True)
class Moves:
    """The stacked arrays where every factor is at its low end, the step of each, and what is read off a solution."""

    low: Mapping[str, float]
    steps: Mapping[str, Step]
    start: Floats
    readings: Readings
    wish: Floats

    def program(self, base: LinearProgram, place: Mapping[str, float]) -> LinearProgram:
        """The program at ``place``; its matrix is that of ``base``."""
        moved = Moved(base, self)
        moved.to(place)
        return moved.program


class Moved:
    """The program at one place after the other: the same arrays, in which only entries that a factor moves are written.

    ``lower``, ``upper``: bounds of all columns, then of all rows.
    """

    def __init__(self, base: LinearProgram, moves: Moves) -> None:
        self._low, self._stacked = moves.low, moves.start.copy()
        counts = [len(getattr(base, name)) for name in MOVABLE]
        cost, lower, row_lower, upper, row_upper = np.split(self._stacked, np.cumsum(counts)[:-1])
        self.program = replace(base, cost=cost, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)
        columns, rows = len(cost), len(row_lower)
        _, self.lower, self.upper = np.split(self._stacked, [columns, 2 * columns + rows])
        steps = list(moves.steps.values())
        costs, bounds = _places(np.unique(np.concatenate([step.entries for step in steps])), columns, rows)
        self._entries = np.concatenate([costs, columns + bounds, 2 * columns + rows + bounds])
        self._start, self._numbers = moves.start[self._entries], np.empty(len(self._entries))
        self._steps = [(np.searchsorted(self._entries, step.entries), step.changes) for step in steps]
        self._patch = _patch(costs, bounds[bounds < columns], bounds[bounds >= columns] - columns, self._numbers)

    def at(self, place: Mapping[str, float]) -> Patch:
        """What stands where something moves when every factor has its value at ``place``; always the same arrays."""
        np.copyto(self._numbers, self._start)
        for (name, low), (where, changes) in zip(self._low.items(), self._steps, strict=True):
            self._numbers[where] += (place[name] - low) * changes
        return self._patch

    def to(self, place: Mapping[str, float]) -> None:
        """Move the program to ``place``."""
        self.at(place)
        self._stacked[self._entries] = self._numbers


def _places(entries: Places, columns: int, rows: int) -> tuple[Places, Places]:
    """Columns whose costs the sorted ``entries`` are, and columns, then rows, one of whose bounds they are: both are handed over."""
    costs, lower, upper = np.split(entries, np.searchsorted(entries, [columns, 2 * columns + rows]))
    return costs, np.union1d(lower - columns, upper - (2 * columns + rows))


def _patch(costs: Places, columns: Places, rows: Places, numbers: Floats) -> Patch:
    """The patch whose numbers are parts of ``numbers``, stacked as the arrays are."""
    cost, lower, row_lower, upper, row_upper = np.split(numbers, np.cumsum([len(costs), len(columns), len(rows), len(columns)]))
    places = [each.astype(np.int32) for each in (costs, columns, rows)]
    return Patch(places[0], places[1], places[2], (cost, lower, upper, row_lower, row_upper))


def compilations(count: int) -> int:
    """Programs that have to be compiled to learn the steps of ``count`` factors."""
    return 1 + 2 * count + (2 if count > 1 else 0)


def learned(bench: Workbench, factors: list[Factor]) -> Moves | None:
    """How ``factors`` move the program; None where they change its matrix, or not in proportion, or where a corner cannot be read.

    Every factor alone is compiled at its low end, middle and high end, all together in the middle and at the high end.
    """
    low, high = ({factor.name: getattr(factor, end) for factor in factors} for end in ("low", "high"))
    middle = {name: (low[name] + high[name]) / 2 for name in low}
    whole = [middle, high] if len(factors) > 1 else []
    places = [low, *({**low, name: end[name]} for name in low for end in (middle, high)), *whole]
    try:
        made = [bench.made(_together(factors, place).of(bench.scenario)) for place in places]
    except Refusal as refusal:
        if refusal.code is ExitCode.FILES:
            raise
        return None
    if not all(same_matrix(bench.base.program, program) for _, program in made):
        return None
    readings = [Readings.of(case, program) for case, program in made]
    wishes = [preference(case) for case, _ in made]
    if not all(same_readings(readings[0], each) and np.array_equal(wishes[0], wish) for each, wish in zip(readings, wishes, strict=True)):
        return None
    vectors = [_stacked(program) for _, program in made]
    steps = {name: _step(vectors[0], vectors[2 + 2 * number], high[name] - low[name]) for number, name in enumerate(low)}
    found = Moves(low, steps, vectors[0], readings[0], wishes[0])
    meant = (_stacked(found.program(bench.base.program, place)) for place in places)
    return found if all(_equal(mine, vector) for mine, vector in zip(meant, vectors, strict=True)) else None


def _together(factors: list[Factor], place: Mapping[str, float]) -> Variant:
    parts = [factor.at(place[factor.name]) for factor in factors]
    changes, locks = (tuple(item for part in parts for item in getattr(part, kind)) for kind in ("changes", "locks"))
    return Variant("", ("", ""), changes, locks)


def _stacked(program: LinearProgram) -> Floats:
    return np.concatenate([getattr(program, name) for name in MOVABLE])


def _step(first: Floats, last: Floats, width: float) -> Step:
    """Entries that differ; an infinite bound that becomes finite has an infinite step, which no comparison accepts."""
    entries = np.flatnonzero(first != last)
    with np.errstate(invalid="ignore"):
        return Step(entries, (last[entries] - first[entries]) / width)


def _equal(mine: Floats, other: Floats) -> bool:
    """Entry by entry up to rounding; infinite ones exactly."""
    return bool(np.all(np.isclose(mine, other, rtol=ROUNDING, atol=ROUNDING)))


