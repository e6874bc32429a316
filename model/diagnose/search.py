"""What makes a linear program impossible: a conflict set of rows and bounds, and the smallest changes that would lift it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.compile import Floats, LinearProgram
from model.optimum import optimise, without_integers
from model.solve import LoadedProgram, Status

SECONDS = 20.0  # for the smallest changes, and again for the conflict set where they take longer
NOISE = 1e-7  # slacks and prices below this share of the largest are the solver's rounding
BALANCES = frozenset({"balance", "balance_exact"})
# what no decision can relax: balances and definitions
PHYSICS = BALANCES | {"running_use", "restart_rise", "closure", "point_choice", "point_size", "single_source", "source_flow"}
DEFINED = ("point", "lane_open", "source")  # columns whose bounds belong to their definition


@dataclass(frozen=True)
class Place:
    """One row or column bound: its family, key, side (``floor``, ``ceiling`` or ``both``) and position in the program."""

    family: str
    key: tuple[str, ...]
    side: str
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class _Slacks:
    """What may give way: positions of rows or columns, the side of each (+1 floor, −1 ceiling) and the bound there."""

    position: NDArray[np.int64]
    sign: Floats
    bound: Floats


def place_of(case: Case, program: LinearProgram, position: int, side: str, *, row: bool) -> Place:
    """The row or column at ``position`` by family and key."""
    keys, tables, start = (ROW_KEYS, case.rows, program.row_start) if row else (COLUMN_KEYS, case.columns, program.column_start)
    family = next(name for name in keys if start[name] <= position < start[name] + len(tables[name]))
    line = tables[family].iloc[position - start[family]]
    return Place(family, tuple(str(line[name]) for name in keys[family]), side, position)


def relaxed(case: Case, program: LinearProgram) -> tuple[list[tuple[Place, float]], list[Place]]:
    """The smallest relaxation that makes the program feasible (place, amount in its own units) and what collides.

    Everything people decide or state may give way: demand, capacity, limits, bounds of columns; balances may not. What
    is smallest is measured in shares of each bound, because kt, GWh and the units of indicators do not add up. What
    collides are the rows and bounds with a price in the relaxed program: by duality they alone prove that no plan
    exists. Both empty where nothing was found in ``SECONDS``.
    """
    linear = _relaxed(case, without_integers(program))
    # what is possible only with half decisions collides through the decisions themselves
    return _relaxed(case, program) if program.integer.any() and not linear[0] else linear


def _relaxed(case: Case, program: LinearProgram) -> tuple[list[tuple[Place, float]], list[Place]]:
    rows, columns = _row_slacks(case, program), _column_slacks(case, program)
    found = optimise(_elastic(program, rows, columns), {"time_limit": SECONDS}, [], lambda best, bound, seconds: None)
    if isinstance(found, Status):
        return [], []
    solution, (row_count, column_count) = found.solution, program.matrix.shape
    changes = []
    slack = solution.values[column_count:]
    for number in _present(slack):
        of_row = bool(number < len(rows.position))
        slacks, index = (rows, number) if of_row else (columns, number - len(rows.position))
        changes.append((place_of(case, program, int(slacks.position[index]), _side(slacks.sign[index]), row=of_row), float(slack[number])))
    members, price = [], solution.duals.copy()
    # a column at 0 may lean on its ceiling and on 0 at once: only what 0 does not bear is the ceiling's
    price[row_count:] = np.where(columns.sign < 0, np.minimum(price[row_count:] + solution.reduced_costs[columns.position], 0.0), price[row_count:])
    for number in _present(price):
        of_row = bool(number < row_count)
        position = number if of_row else columns.position[number - row_count]
        members.append(place_of(case, program, int(position), _side(price[number]), row=of_row))
    return changes, members if changes else []


def _present(values: Floats) -> NDArray[np.int64]:
    """Positions of values that are more than the solver's rounding."""
    return np.flatnonzero(np.abs(values) > NOISE * max(1.0, float(np.abs(values).max(initial=0.0))))


def _side(sign: float) -> str:
    return "floor" if sign > 0 else "ceiling"


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


def _row_slacks(case: Case, program: LinearProgram) -> _Slacks:
    """Every finite side of the rows that may give way."""
    relaxable = np.zeros(program.matrix.shape[0], dtype=bool)
    for family in ROW_KEYS:
        start = program.row_start[family]
        relaxable[start : start + len(case.rows[family])] = family not in PHYSICS
    return _joined([(np.flatnonzero(relaxable & np.isfinite(bound)), sign, bound) for bound, sign in _sides(program.row_lower, program.row_upper)])


def _column_slacks(case: Case, program: LinearProgram) -> _Slacks:
    """Every finite bound of a column that people state; the floor 0 and the bounds of a free yes/no are none."""
    stated_by = ~program.integer
    for family in DEFINED:
        start = program.column_start[family]
        stated_by[start : start + len(case.columns[family])] = False
    stated = ((bound, sign, stated_by & np.isfinite(bound) & ((bound != 0) | (sign < 0))) for bound, sign in _sides(program.lower, program.upper))
    return _joined([(np.flatnonzero(mask), sign, bound) for bound, sign, mask in stated])


def _sides(lower: Floats, upper: Floats) -> tuple[tuple[Floats, float], tuple[Floats, float]]:
    return (lower, 1.0), (upper, -1.0)


def _joined(parts: list[tuple[NDArray[np.int64], float, Floats]]) -> _Slacks:
    return _Slacks(
        np.concatenate([position for position, _, _ in parts]),
        np.concatenate([np.full(len(position), sign) for position, sign, _ in parts]),
        np.concatenate([bound[position] for position, _, bound in parts]),
    )


def _elastic(program: LinearProgram, rows: _Slacks, columns: _Slacks) -> LinearProgram:
    """The program with a slack on each of ``rows`` and ``columns``, minimising the slacks as shares of their bounds.

    Bounds of columns become rows, so that they can carry a slack.
    """
    row_count, column_count = program.matrix.shape
    bounds = sparse.csc_array(
        (np.ones(len(columns.position)), (np.arange(len(columns.position)), columns.position)), shape=(len(columns.position), column_count)
    )
    places = np.concatenate([rows.position, row_count + np.arange(len(columns.position))])
    signs = np.concatenate([rows.sign, columns.sign])
    slacks = sparse.csc_array((signs, (places, np.arange(len(signs)))), shape=(row_count + len(columns.position), len(signs)))
    size = np.maximum(1.0, np.abs(np.concatenate([rows.bound, columns.bound])))
    return replace(
        program,
        matrix=sparse.csc_array(sparse.hstack([sparse.vstack([program.matrix, bounds]), slacks])),
        cost=np.concatenate([np.zeros(column_count), 1.0 / size]),
        row_lower=np.concatenate([program.row_lower, np.where(columns.sign > 0, columns.bound, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, np.where(columns.sign < 0, columns.bound, np.inf)]),
        lower=np.concatenate([np.minimum(program.lower, 0.0), np.zeros(len(signs))]),
        upper=np.full(column_count + len(signs), np.inf),
        integer=np.concatenate([program.integer, np.zeros(len(signs), dtype=bool)]),
    )
