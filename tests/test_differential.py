"""Two formulations and several solvers find the same: the engine's program against the one of the independent check.

Every generated dataset is solved by the engine (Pyomo, HiGHS), by CBC on the program that ``model.audit`` writes from the
core tables, and by HiGHS on the engine's arrays with another algorithm. Beyond the optimum, both programs are compared
name by name, so that a wrong number shows even where it does not bind. ``python -m pytest -m thorough`` runs many more.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from generated_worlds import generated_tables
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from other_solvers import cbc_path, solve_by_cbc, solve_by_other_highs
from worlds import case_of, program_of

from model import audit
from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.compile import LinearProgram
from model.optimum import optimise
from model.problems import ExitCode, Refusal
from model.solve import Status
from model.tables import FILE, ROW

SAME = 1e-6  # share of the cost (at least 1) by which two solvers may differ
SEEDS = (1000, 1002, 1004, 1013, 1078, 1112, 1127, 1135)
SETTINGS = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
RANDOM = st.randoms(use_true_random=False)


@dataclass(frozen=True)
class Answer:
    """What the engine says of a dataset; a bound that no column can meet ends before there is a program."""

    status: str
    cost: float = float("nan")
    case: Case | None = None
    program: LinearProgram | None = None


def by_engine(core) -> Answer:
    try:
        case, program = program_of(core)
    except Refusal as refusal:
        assert refusal.code is ExitCode.INFEASIBLE, refusal.problems
        return Answer("infeasible")
    found = optimise(program, {"mip_rel_gap": 0.0}, [], lambda best, bound, seconds: None)
    if isinstance(found, Status):
        return Answer(str(found), case=case, program=program)
    return Answer(str(found.status), found.solution.objective, case, program)


def assert_same(one: tuple[str, float], other: tuple[str, float]) -> None:
    assert one[0] == other[0]
    if one[0] == "optimal":
        assert abs(one[1] - other[1]) <= SAME * max(1.0, abs(one[1]), abs(other[1])), (one, other)


def labels(tables, keys) -> list[tuple[str, tuple[str, ...]]]:
    return [(family, tuple(place)) for family, key in keys.items() for place in zip(*(tables[family][name] for name in key), strict=True)]


def stacked(tables, keys, column: str) -> np.ndarray:
    return np.concatenate([tables[family][column].to_numpy(float) for family in keys])


def assert_same_program(case: Case, mine: LinearProgram, other: audit.Arrays) -> None:
    """The same columns, rows, coefficients, costs, bounds and weights under the same names."""
    columns, rows = labels(case.columns, COLUMN_KEYS), labels(case.rows, ROW_KEYS)
    used = [place for place, count in enumerate(np.diff(mine.matrix.tocsr().indptr)) if count]
    known = {label for label, count in zip(other.rows, np.diff(other.matrix.tocsr().indptr), strict=True) if count}
    assert set(columns) == set(other.columns)
    assert {rows[place] for place in used} == known
    column_at = {label: place for place, label in enumerate(other.columns)}
    row_at = {label: place for place, label in enumerate(other.rows)}
    across, down = [column_at[label] for label in columns], [row_at[rows[place]] for place in used]
    difference = (mine.matrix.tocsr()[used] - other.matrix.tocsr()[down][:, across]).tocoo()
    assert not [(rows[used[r]], columns[c], v) for r, c, v in zip(difference.row, difference.col, difference.data, strict=True) if abs(v) > 1e-9]
    assert mine.cost == pytest.approx(other.cost[across], rel=1e-9, abs=1e-9)
    assert mine.lower == pytest.approx(other.lower[across], rel=1e-12)
    tied = np.isinf(mine.upper) & np.isin([family for family, _ in columns], ("flow", "size", "point"))  # bounded by a row of the engine
    assert mine.upper[~tied] == pytest.approx(other.upper[across][~tied], rel=1e-12)
    assert np.array_equal(mine.integer, other.integer[across])
    for side in ("row_lower", "row_upper"):
        assert getattr(mine, side)[used] == pytest.approx(getattr(other, side)[down], rel=1e-9, abs=1e-9)
    assert stacked(case.rows, ROW_KEYS, "weight")[used] == pytest.approx(other.row_weight[down], rel=1e-12)


def assert_roads_meet(core, folder: Path) -> Answer:
    """The engine, CBC on the other formulation and HiGHS by another algorithm agree on ``core``."""
    answer, other = by_engine(core), audit.program(core)
    if answer.program is not None:
        assert_same_program(answer.case, answer.program, other)
        assert_same((answer.status, answer.cost), solve_by_other_highs(answer.program))
    if cbc_path() is None:
        pytest.skip("PuLP brings no CBC for this platform; everything else agrees")
    assert_same((answer.status, answer.cost), solve_by_cbc(other, folder))
    return answer


def as_text(table: pd.DataFrame) -> str:
    """A table as ``worlds.world`` reads it, but for blanks inside ids."""
    told = [name for name in table if name not in (FILE, ROW) and not (table[name].isna() | (table[name] == "")).all()]
    rows = [[str(cell).replace(" ", "_") if cell == cell and cell != "" else "-" for cell in row] for row in table[told].to_numpy().tolist()]
    return "\n".join(" ".join(cells) for cells in [told, *rows])


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cbc")


@pytest.mark.parametrize("seed", SEEDS)
def test_chosen_worlds_by_two_formulations_and_three_searches(seed, folder):
    assert assert_roads_meet(generated_tables(Random(seed)), folder).status == "optimal"


def test_chosen_worlds_hold_every_kind_of_row_and_column():
    """The comparison says something about all of the program: every family has a row or column in some world."""
    cases = [case_of(generated_tables(Random(seed))) for seed in SEEDS]
    assert {family for case in cases for family in ROW_KEYS if len(case.rows[family])} == set(ROW_KEYS)
    assert {family for case in cases for family in COLUMN_KEYS if len(case.columns[family])} == set(COLUMN_KEYS)


@settings(SETTINGS, max_examples=16, phases=[Phase.generate])
@given(RANDOM)
def test_generated_worlds_by_two_formulations_and_three_searches(folder, random):
    assert_roads_meet(generated_tables(random), folder)


@pytest.mark.thorough
@settings(SETTINGS, max_examples=600)
@given(RANDOM)
def test_many_generated_worlds_by_two_formulations_and_three_searches(folder, random):
    """A world on which the roads part is made as small as possible and told as the text of its tables."""
    core = generated_tables(random)
    note("\n".join(f"{name}:\n{as_text(table)}" for name, table in core.items()))
    assert_roads_meet(core, folder)
