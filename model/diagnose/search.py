"""What makes a linear program impossible: a conflict set of rows and bounds, and the smallest changes that would lift it."""

from __future__ import annotations

import time
from dataclasses import replace

import highspy
import numpy as np

from model.case import Case
from model.compile import LinearProgram
from model.diagnose.elastic import BALANCES, Elastic, Place, elastic, place_of, present, side_of
from model.diagnose.ways import Way, find_ways
from model.optimum import optimise
from model.solve import LoadedProgram, Solution, Status

SECONDS = 20.0  # for the smallest changes, and again for the conflict set where they take longer


def relaxed(case: Case, program: LinearProgram) -> tuple[list[Way], list[Place]]:
    """The smallest sets of changes that make the program feasible, each proved by a solve, and what collides.

    Everything people decide or state may give way: demand, capacity, limits, bounds of columns; balances may not. What
    is smallest is measured in shares of each bound, because kt, GWh and the units of indicators do not add up. What
    collides are the rows and bounds with a price in the relaxed program: by duality they alone prove that no plan
    exists. Both empty where nothing was found in ``SECONDS``.
    """
    deadline = time.perf_counter() + SECONDS
    whole = elastic(case, program)
    linear = replace(whole, program=replace(whole.program, integer=np.zeros(len(whole.program.integer), dtype=bool)))
    members: list[Place] = []
    loaded: LoadedProgram | None = None
    for made in (linear, whole):  # what is possible only with half decisions collides through the decisions themselves
        found = optimise(made.program, {"time_limit": max(0.0, deadline - time.perf_counter())}, [], lambda best, bound, seconds: None)
        if isinstance(found, Status):
            break
        loaded = None if whole.program.integer.any() else found.loaded
        members = colliding(made, found.solution)
        if members:
            break
    return find_ways(whole, program, deadline, loaded), members


def colliding(made: Elastic, solution: Solution) -> list[Place]:
    """Rows and bounds with a price in the relaxed program; none where nothing gave way."""
    row_count, column_count = made.original.matrix.shape
    if not len(present(solution.values[column_count:])):
        return []
    columns, price = made.columns, solution.duals.copy()
    # a column at 0 may lean on its ceiling and on 0 at once: only what 0 does not bear is the ceiling's
    price[row_count:] = np.where(columns.sign < 0, np.minimum(price[row_count:] + solution.reduced_costs[columns.position], 0.0), price[row_count:])
    members = []
    for number in present(price):
        of_row = bool(number < row_count)
        position = int(number if of_row else columns.position[number - row_count])
        members.append(made.at(position, side_of(price[number]), row=of_row))
    return members


def conflict(case: Case, program: LinearProgram) -> list[Place]:
    """Rows that cannot all hold, by the solver's own conflict set, for programs too large to relax in time.

    Empty if none was found (HiGHS can answer with an empty set). Its columns are left out: with this strategy it names
    all bounds of every column in the rows.
    """
    loaded = LoadedProgram(program, {"iis_strategy": 2, "iis_time_limit": SECONDS})
    status, found = loaded.highs.getIis()
    if status == highspy.HighsStatus.kError or not found.valid_:
        return []
    sides = {int(highspy.IisBoundStatus.kIisBoundStatusLower): "floor", int(highspy.IisBoundStatus.kIisBoundStatusUpper): "ceiling"}
    rows = zip(found.row_index_, found.row_bound_, strict=True)
    return [place_of(case, program, int(row), sides.get(int(bound), "both"), row=True) for row, bound in rows]


def without_source(program: LinearProgram, members: list[Place]) -> list[Place]:
    """Those balances among ``members`` into which nothing can bring the good: no column that adds to them may move."""
    matrix = program.matrix.tocsr()
    found = []
    for place in (place for place in members if place.family in BALANCES):
        entries = slice(matrix.indptr[place.position], matrix.indptr[place.position + 1])
        brings = (matrix.data[entries] > 0) & (program.upper[matrix.indices[entries]] > 0)
        if not brings.any():
            found.append(place)
    return found
