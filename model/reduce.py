"""Columns that no plan uses, found by structure before the solver sees them: what is never there, and dearer ways between the same rows.

Both kinds are 0 in every optimum, so the optimum is untouched; ``Reduction.restore`` gives back their reduced costs and the
duals of rows that lost all their columns, so that the proof of optimality holds for the whole program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.compile import Floats, LinearProgram
from model.solve import LoadedProgram, Option, Solution, by_size

MARGIN = 1e-6  # a way this much dearer is never among the equal optima
Mask = NDArray[np.bool_]
Ints = NDArray[np.integer]


@dataclass(frozen=True)
class Forced:
    """Columns held at 0 by the sign of one row each: the ``row`` of every column and its coefficient there."""

    columns: Ints
    rows: Ints
    coefficients: Floats


@dataclass(frozen=True)
class Reduction:
    """The columns of ``program`` that are ``kept``; ``forced`` round by round in the order found."""

    program: LinearProgram
    kept: Ints
    forced: tuple[Forced, ...]

    @property
    def small(self) -> LinearProgram:
        """The program without the removed columns, with all its rows."""
        full, kept = self.program, self.kept
        return replace(
            full, cost=full.cost[kept], matrix=full.matrix[:, kept], lower=full.lower[kept], upper=full.upper[kept], integer=full.integer[kept],
        )  # fmt: skip

    def restore(self, values: Floats, duals: Floats) -> tuple[Floats, Floats, Floats]:
        """Values, row duals and reduced costs of the whole program from values and duals of the small one.

        A row that holds columns at 0 gets the smallest dual that gives them a reduced cost of the right sign, latest first:
        the columns of an earlier round may stand in later rows, never the other way round.
        """
        full = self.program
        everything = np.zeros(full.matrix.shape[1])
        everything[self.kept] = values
        duals = duals.copy()
        for found in reversed(self.forced):
            reduced = full.cost[found.columns] - full.matrix[:, found.columns].T @ duals
            needed = np.zeros(len(duals))
            np.maximum.at(needed, found.rows, np.maximum(-reduced, 0.0) / np.abs(found.coefficients))
            sign = np.zeros(len(duals))
            sign[found.rows] = -np.sign(found.coefficients)
            duals += sign * needed
        return everything, duals, full.cost - full.matrix.T @ duals


def reduce(program: LinearProgram) -> Reduction:
    """What is left of ``program`` without its superfluous columns; a program with yes/no decisions stays whole."""
    columns = np.arange(program.matrix.shape[1])
    if program.integer.any():
        return Reduction(program, columns, ())
    forced = tuple(never_used(program))
    gone = dominated(program)
    for found in forced:
        gone[found.columns] = True
    return Reduction(program, columns[~gone], forced)


def never_used(program: LinearProgram) -> list[Forced]:
    """Columns that can only be 0: a row allows at least (at most) 0 and none of its columns left is positive (negative).

    A good that reaches no site, what is made of it, and work without capacity are found round by round.
    """
    entries = program.matrix.tocoo()
    row, column, value = entries.row, entries.col, entries.data
    zero = program.lower == 0.0
    alive = program.upper != 0.0
    floor, ceiling = program.row_lower == 0.0, program.row_upper == 0.0
    rounds: list[Forced] = []
    while True:
        here = alive[column]
        rising, falling = _holding(row, here & ((value > 0) | ~zero[column]), floor), _holding(row, here & ((value < 0) | ~zero[column]), ceiling)
        holds = here & ((rising[row] & (value < 0)) | (falling[row] & (value > 0)))
        columns, first = np.unique(column[holds], return_index=True)
        if not len(columns):
            return rounds
        rounds.append(Forced(columns, row[holds][first], value[holds][first]))
        alive[columns] = False


def _holding(row: Ints, against: Mask, bounded: Mask) -> Mask:
    """Rows with the bound in which no entry speaks ``against`` its columns being 0."""
    free = bounded.copy()
    free[row[against]] = False
    return free


def dominated(program: LinearProgram) -> Mask:
    """Columns between the same rows as a cheaper one without a ceiling that does at least as much in each of them."""
    matrix = program.matrix.tocsc()
    matrix.sort_indices()
    count = np.diff(matrix.indptr)
    result = np.zeros(len(count), dtype=bool)
    able = (program.lower == 0.0) & (program.upper > 0.0)
    for many in np.unique(count[able & (count > 0)]):
        chosen = np.flatnonzero(able & (count == many))
        place = matrix.indptr[chosen][:, None] + np.arange(many)
        best = _cheapest(matrix.indices[place], program.cost[chosen], np.isinf(program.upper[chosen]))
        dearer = np.flatnonzero((best >= 0) & (program.cost[chosen] > program.cost[chosen[best]] + MARGIN))
        better = matrix.data[place[best[dearer]]] - matrix.data[place[dearer]]
        rows = matrix.indices[place[dearer]]
        # less may not do where there is a floor, more not where there is a ceiling
        worse = ((better < 0) & np.isfinite(program.row_lower[rows])) | ((better > 0) & np.isfinite(program.row_upper[rows]))
        result[chosen[dearer[~worse.any(axis=1)]]] = True
    return result


def _cheapest(patterns: Ints, cost: Floats, endless: Mask) -> Ints:
    """For every column the cheapest endless one of its pattern of rows (a position among them), −1 where there is none."""
    order = np.lexsort((cost, ~endless, *patterns.T[::-1]))
    ordered = patterns[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    first = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))]
    best = np.empty(len(order), dtype=np.int64)
    best[order] = np.where(endless[first], first, -1)
    return best


class ReducedProgram(LoadedProgram):
    """A linear program of which only the useful columns are inside HiGHS; it takes and gives all columns.

    Costs and bounds may change as long as the removed columns stay at 0 in every optimum that is asked for.
    """

    def __init__(self, program: LinearProgram, options: Mapping[str, Option] | None = None, log: list[str] | None = None) -> None:
        self._reduction = reduce(program)
        super().__init__(self._reduction.small, {**by_size(program), **(options or {})}, log)

    def set_costs(self, cost: Floats) -> None:
        """Replace all column costs; ``among``: see there, not needed here."""
        super().set_costs(cost[self._reduction.kept])

    def set_column_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace all column bounds."""
        super().set_column_bounds(lower[self._reduction.kept], upper[self._reduction.kept])

    def solution(self, *, reduced_costs: bool = True) -> Solution:
        """The last solution for the whole program; its duals hold for the costs that the program was loaded with."""
        small = super().solution(reduced_costs=False)  # those of all columns follow from the duals
        values, duals, reduced = self._reduction.restore(small.values, small.duals)
        return Solution(values, duals, reduced, small.objective)
