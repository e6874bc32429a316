"""Two readings of the rules meet: on random tables the engine and the check have the same columns, rows and numbers."""

from __future__ import annotations

import numpy as np
import pytest
from random_worlds import random_tables
from scipy import sparse
from worlds import program_of

from model.audit import COLUMN_KEYS, ROW_KEYS, program

SEEDS = range(100, 106)


def labels(tables, keys):
    return [(family, key) for family, names in keys.items() for key in zip(*(tables[family][name] for name in names), strict=True)]


@pytest.mark.parametrize("seed", SEEDS)
def test_both_write_the_same_program(seed):
    """Coefficients, costs and bounds, brought into one order by their keys; rows of zeros alone may be left out."""
    core = random_tables(seed)
    case, engine = program_of(core)
    arrays = program(core)
    columns, rows = labels(case.columns, COLUMN_KEYS), labels(case.rows, ROW_KEYS)
    assert set(columns) == set(arrays.columns)
    column = np.array([columns.index(label) for label in arrays.columns])
    row = np.array([rows.index(label) for label in arrays.rows])
    theirs = sparse.csr_array(engine.matrix)
    assert not theirs[np.setdiff1d(np.arange(len(rows)), row)].count_nonzero()
    assert abs(theirs[row][:, column] - arrays.matrix).max() == pytest.approx(0, abs=1e-12)
    assert engine.cost[column] == pytest.approx(arrays.cost, abs=1e-12)
    assert engine.row_lower[row] == pytest.approx(arrays.row_lower, abs=1e-9)
    assert engine.row_upper[row] == pytest.approx(arrays.row_upper, abs=1e-9)
    assert engine.lower[column] == pytest.approx(arrays.lower, abs=1e-12)
    assert engine.upper[column] == pytest.approx(arrays.upper, abs=1e-12)
