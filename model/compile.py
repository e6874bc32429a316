"""Pyomo model → arrays: one sparse matrix with row and column bounds, mapped back to families by component and index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.structure import INTEGER_FAMILIES
from model.problems import ExitCode, refuse

Floats = NDArray[np.float64]
MOST = 2**31 - 1  # HiGHS counts rows, columns and coefficients with 32 bits
UPPER, EQUAL, LOWER = 1, 0, -1  # bound types of the standard form compiler in mixed form


# arrays that may change while the matrix and its solver stay; stacked, the lower sides of columns and rows are neighbours, and the upper ones
MOVABLE = ("cost", "lower", "row_lower", "upper", "row_upper")


@dataclass(frozen=True)
class LinearProgram:
    """min cost·x, row_lower ≤ A x ≤ row_upper, lower ≤ x ≤ upper; one column per row of ``case.columns``, in family order.

    ``integer``: columns that are yes/no decisions still free.
    ``row_start``/``column_start``: first position of each family; the last entry is the total.
    ``road``: ``arrays`` where every rule ran once on placeholders, ``plain`` where rules ran row by row.
    """

    cost: Floats
    matrix: sparse.csc_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    column_start: dict[str, int] = field(repr=False)
    row_start: dict[str, int] = field(repr=False)
    road: str = "plain"

    @property
    def nonzeros(self) -> int:
        """Number of stored coefficients."""
        return int(self.matrix.nnz)


def offsets(case: Case) -> tuple[dict[str, int], dict[str, int]]:
    """First position of every column family and row family, in declared order, with the total under ``""``."""
    result: list[dict[str, int]] = []
    for keys, tables in ((COLUMN_KEYS, case.columns), (ROW_KEYS, case.rows)):
        start, total = {}, 0
        for family in keys:
            start[family] = total
            total += len(tables[family])
        result.append(start | {"": countable(total)})
    return result[0], result[1]


def countable(count: int) -> int:
    """``count``; raises ``Refusal`` (exit 5) where the solver's whole numbers of 32 bits end."""
    if count >= MOST:
        raise refuse(ExitCode.SOLVER, "program_too_large", value=count, most=MOST)
    return count


def compile_model(model: pyo.ConcreteModel, case: Case) -> LinearProgram:
    """Arrays of ``model``; columns that no row or cost uses keep their place with cost 0 and no coefficient.

    Raises ValueError for a fixed variable: Pyomo would move it into the right-hand sides and leave its column free.
    """
    for variable in model.component_data_objects(pyo.Var):
        if variable.fixed:
            raise ValueError(f"{variable.name} is fixed; a column is held by its bounds")
    with PauseGC():
        form = LinearStandardFormCompiler().write(model, mixed_form=True)
    column_start, row_start = offsets(case)
    columns = _positions(((item, item.index()) for item in form.columns), case.columns, COLUMN_KEYS, column_start)
    rows = _positions(((entry.constraint, entry.constraint.index()) for entry in form.rows), case.rows, ROW_KEYS, row_start)
    kinds = np.array([entry.bound_type for entry in form.rows], dtype=int)
    right = np.asarray(form.rhs, dtype=float)
    shape = (row_start[""], column_start[""])
    matrix = form.A.tocoo()
    once = np.zeros(len(rows), dtype=bool)  # a row with two sides stands twice in the standard form
    once[np.unique(rows, return_index=True)[1]] = True
    kept = once[matrix.row]
    full = sparse.csc_array((matrix.data[kept], (rows[matrix.row[kept]], columns[matrix.col[kept]])), shape=shape)
    row_lower, row_upper = np.full(shape[0], -np.inf), np.full(shape[0], np.inf)
    at_least, at_most = kinds != UPPER, kinds != LOWER
    row_lower[rows[at_least]] = right[at_least]
    row_upper[rows[at_most]] = right[at_most]
    cost = np.zeros(shape[1])
    objective = form.c.tocoo()
    np.add.at(cost, columns[objective.col], objective.data)
    return LinearProgram(cost, full, row_lower, row_upper, *column_arrays(case), column_start, row_start)


def column_arrays(case: Case) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Lower and upper bounds of all columns, and which of them are yes/no decisions still free."""
    lower, upper = (np.concatenate([case.columns[family][side].to_numpy(float) for family in COLUMN_KEYS]) for side in ("lower", "upper"))
    decided = np.concatenate([np.full(len(case.columns[family]), family in INTEGER_FAMILIES) for family in COLUMN_KEYS])
    return lower, upper, decided & (lower < upper)


def _positions(
    items: Iterable[tuple[Any, Any]], tables: dict[str, pd.DataFrame], keys: dict[str, tuple[str, ...]], start: dict[str, int]
) -> NDArray[np.int64]:
    """Position of every compiled row or column, found by component name and index, never by order."""
    place = {
        family: {key: start[family] + number for number, key in enumerate(zip(*(tables[family][name] for name in names), strict=True))}
        for family, names in keys.items()
    }
    return np.array([place[item.parent_component().local_name][index] for item, index in items], dtype=np.int64)
