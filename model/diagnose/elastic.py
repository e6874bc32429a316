"""A program in which everything that people decide or state may give way at a price, and what of it gave way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.compile import Floats, LinearProgram

NOISE = 1e-7  # slacks and prices below this share of the largest are the solver's rounding
BALANCES = frozenset({"balance", "balance_exact"})
# what no decision can relax: balances and definitions
PHYSICS = BALANCES | {"running_use", "restart_rise", "closure", "point_choice", "point_size", "single_source", "source_flow"}
DEFINED = ("point", "lane_open", "source")  # columns whose bounds belong to their definition
TIED = ("size_floor", "size_ceiling", "lane_charge")  # limits of an amount that hold once its yes/no is chosen
OPTION = ["option", "stage"]
WHOLE = "open"  # a yes/no gives way as a whole or not at all
MERGED = ("period",)  # parts of a key that do not make a change another one


@dataclass(frozen=True)
class Place:
    """One row or column bound: its family, key, side (``floor``, ``ceiling`` or ``both``) and position in the program."""

    family: str
    key: tuple[str, ...]
    side: str
    position: int = field(default=-1, compare=False)

    @property
    def parts(self) -> dict[str, str]:
        """The key with the name of each part."""
        return dict(zip(ROW_KEYS.get(self.family) or COLUMN_KEYS[self.family], self.key, strict=True))

    @property
    def change(self) -> tuple[str, ...]:
        """What stays the same where one change is made in several periods."""
        return (self.family, self.side, *(value for part, value in self.parts.items() if part not in MERGED))


@dataclass(frozen=True)
class Slacks:
    """What may give way: positions of rows or columns, the side of each (+1 floor, −1 ceiling) and the bound there."""

    position: NDArray[np.int64]
    sign: Floats
    bound: Floats


@dataclass(frozen=True)
class Elastic:
    """``program``: the rows and columns of ``original``, then one column per slack of ``rows`` and ``columns``.

    ``original`` is the scenario's program with decided yes/no's tied to their sizes by rows (``added``) after its own.
    The bounds of ``columns`` became rows after those, so that they can carry a slack. The cost is the slacks as shares of
    their bounds (``size``), because kt, GWh and the units of indicators do not add up.
    """

    case: Case
    original: LinearProgram
    program: LinearProgram
    added: tuple[Place, ...]
    rows: Slacks
    columns: Slacks
    size: Floats

    def place(self, number: int) -> Place:
        """What slack ``number`` belongs to."""
        of_row = number < len(self.rows.position)
        slacks, index = (self.rows, number) if of_row else (self.columns, number - len(self.rows.position))
        return self.at(int(slacks.position[index]), side_of(slacks.sign[index]), row=of_row)

    def at(self, position: int, side: str, *, row: bool) -> Place:
        """The row or column of ``original`` at ``position`` by family and key."""
        own = self.original.row_start[""]
        return self.added[position - own] if row and position >= own else place_of(self.case, self.original, position, side, row=row)

    def alike(self, place: Place) -> NDArray[np.int64]:
        """Numbers of the slacks that make the same change as ``place``, in any period."""
        of_row = place.family in ROW_KEYS
        if of_row and place.position >= self.original.row_start[""]:
            return np.flatnonzero(self.rows.position == place.position)
        table = (self.case.rows if of_row else self.case.columns)[place.family]
        same = np.ones(len(table), dtype=bool)
        for part, value in place.parts.items():
            if part not in MERGED:
                same &= (table[part].astype(str) == value).to_numpy()
        start = (self.original.row_start if of_row else self.original.column_start)[place.family]
        slacks, offset = (self.rows, 0) if of_row else (self.columns, len(self.rows.position))
        wanted = np.isin(slacks.position, start + np.flatnonzero(same)) & (slacks.sign == (1.0 if place.side == "floor" else -1.0))
        return offset + np.flatnonzero(wanted)


def place_of(case: Case, program: LinearProgram, position: int, side: str, *, row: bool) -> Place:
    """The row or column at ``position`` by family and key."""
    keys, tables, start = (ROW_KEYS, case.rows, program.row_start) if row else (COLUMN_KEYS, case.columns, program.column_start)
    family = next(name for name in keys if start[name] <= position < start[name] + len(tables[name]))
    line = tables[family].iloc[position - start[family]]
    return Place(family, tuple(str(line[name]) for name in keys[family]), side, position)


def present(values: Floats) -> NDArray[np.int64]:
    """Positions of values that are more than the solver's rounding."""
    return np.flatnonzero(np.abs(values) > NOISE * max(1.0, float(np.abs(values).max(initial=0.0))))


def side_of(sign: float) -> str:
    """``floor`` or ``ceiling``."""
    return "floor" if sign > 0 else "ceiling"


def elastic(case: Case, program: LinearProgram) -> Elastic:
    """``program`` with a slack on everything that may give way: demand, capacity, limits, bounds of columns; balances may not."""
    program, fixed, added = unlocked(case, program)
    rows, columns = _row_slacks(case, program, added), _column_slacks(case, program)
    row_count, column_count = program.matrix.shape
    count = len(columns.position)
    bounds = sparse.csc_array((np.ones(count), (np.arange(count), columns.position)), shape=(count, column_count))
    places = np.concatenate([rows.position, row_count + np.arange(count)])
    signs = np.concatenate([rows.sign, columns.sign])
    slacks = sparse.csc_array((signs, (places, np.arange(len(signs)))), shape=(row_count + count, len(signs)))
    size = np.maximum(1.0, np.concatenate([_stated(case, program, rows), np.abs(columns.bound)]))
    floors, ceilings = (columns.position[columns.sign == sign] for sign in (1.0, -1.0))
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[floors], upper[ceilings] = np.minimum(lower[floors], 0.0), np.inf
    whole = np.concatenate([np.zeros(len(rows.position), dtype=bool), np.isin(columns.position, fixed)])
    made = replace(
        program,
        matrix=sparse.csc_array(sparse.hstack([sparse.vstack([program.matrix, bounds]), slacks])),
        cost=np.concatenate([np.zeros(column_count), 1.0 / size]),
        row_lower=np.concatenate([program.row_lower, np.where(columns.sign > 0, columns.bound, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, np.where(columns.sign < 0, columns.bound, np.inf)]),
        lower=np.concatenate([lower, np.zeros(len(signs))]),
        upper=np.concatenate([upper, np.where(whole, 1.0, np.inf)]),
        integer=np.concatenate([program.integer, whole]),
    )
    return Elastic(case, program, made, added, rows, columns, size)


def unlocked(case: Case, program: LinearProgram) -> tuple[LinearProgram, NDArray[np.int64], tuple[Place, ...]]:
    """``program`` in which only its yes/no decides over an option, the positions of those decided already, and the rows added.

    An option that is shut has its size at 0 and one that is forced has it above its minimum by bounds; rows of size ≤
    max_size × open and ≥ min_size × open take their place, so that a decision that gives way takes its size with it.
    """
    opened = case.columns["open"]
    decided = opened[opened["lower"] == opened["upper"]]
    shut, tied = (decided["upper"] == 0).to_numpy(), ~decided["pointed"].to_numpy(bool)
    opens = program.column_start["open"] + decided.index.to_numpy(np.int64)
    sizes = program.column_start["size"] + _keys(case, "size").get_indexer(pd.MultiIndex.from_frame(decided[OPTION]))
    lower, upper = program.lower.copy(), program.upper.copy()
    upper[sizes[shut | tied]], lower[sizes[tied]] = np.inf, 0.0
    upper[program.column_start["point"] + np.flatnonzero(_keys(case, "point").isin(pd.MultiIndex.from_frame(decided.loc[shut, OPTION])))] = 1.0
    count, width = int(tied.sum()), program.matrix.shape[1]
    at, rows = np.arange(count), [program.matrix]
    added: list[Place] = []
    for limit, family, side in (("max_size", "size_ceiling", "ceiling"), ("min_size", "size_floor", "floor")):
        amounts = np.concatenate([np.ones(count), -decided.loc[tied, limit].fillna(0.0).to_numpy(float)])
        rows.append(sparse.csc_array((amounts, (np.concatenate([at, at]), np.concatenate([sizes[tied], opens[tied]]))), shape=(count, width)))
        start = program.row_start[""] + len(added)
        added += [Place(family, (str(o), str(y)), side, start + n) for n, (o, y) in enumerate(decided.loc[tied, OPTION].itertuples(index=False))]
    nothing, endless = np.zeros(count), np.full(count, np.inf)
    made = replace(
        program, lower=lower, upper=upper, matrix=sparse.csc_array(sparse.vstack(rows)),
        row_lower=np.concatenate([program.row_lower, -endless, nothing]), row_upper=np.concatenate([program.row_upper, nothing, endless]),
    )
    return made, opens, tuple(added)


def _keys(case: Case, family: str) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(case.columns[family][OPTION])


def _stated(case: Case, program: LinearProgram, rows: Slacks) -> Floats:
    """What a change of each row is a share of: its bound, or the limit beside its yes/no."""
    size, matrix = np.abs(rows.bound), program.matrix.tocsr()
    tied = rows.position >= program.row_start[""]
    for family in TIED:
        start = program.row_start[family]
        tied |= (rows.position >= start) & (rows.position < start + len(case.rows[family]))
    for number in np.flatnonzero(tied):
        size[number] = float(np.abs(matrix[[rows.position[number]]].data).max())
    return size


def _row_slacks(case: Case, program: LinearProgram, added: tuple[Place, ...]) -> Slacks:
    """Every finite side of the rows that may give way."""
    relaxable = np.zeros(program.matrix.shape[0], dtype=bool)
    forced = set(map(tuple, case.columns[WHOLE].loc[case.columns[WHOLE]["lower"] == 1, OPTION].itertuples(index=False)))
    relaxable[[place.position for place in added if place.key in forced]] = True  # the sizes of what is shut are not in the way
    for family in ROW_KEYS:
        start = program.row_start[family]
        relaxable[start : start + len(case.rows[family])] = family not in PHYSICS
    return _joined([(np.flatnonzero(relaxable & np.isfinite(bound)), sign, bound) for bound, sign in _sides(program.row_lower, program.row_upper)])


def _column_slacks(case: Case, program: LinearProgram) -> Slacks:
    """Every finite bound of a column that people state; the floor 0 and the bounds of a free yes/no are none."""
    stated_by = ~program.integer
    for family in DEFINED:
        start = program.column_start[family]
        stated_by[start : start + len(case.columns[family])] = False
    may_rise = np.ones(len(stated_by), dtype=bool)
    start = program.column_start[WHOLE]
    may_rise[start : start + len(case.columns[WHOLE])] = program.upper[start : start + len(case.columns[WHOLE])] == 0
    parts = []
    for bound, sign in _sides(program.lower, program.upper):
        stated = stated_by & np.isfinite(bound) & (may_rise if sign < 0 else bound != 0)
        parts.append((np.flatnonzero(stated), sign, bound))
    return _joined(parts)


def _sides(lower: Floats, upper: Floats) -> tuple[tuple[Floats, float], tuple[Floats, float]]:
    return (lower, 1.0), (upper, -1.0)


def _joined(parts: list[tuple[NDArray[np.int64], float, Floats]]) -> Slacks:
    return Slacks(
        np.concatenate([position for position, _, _ in parts]),
        np.concatenate([np.full(len(position), sign) for position, sign, _ in parts]),
        np.concatenate([bound[position] for position, _, bound in parts]),
    )
