"""Properties on random tables: one matrix by two roads, plans that pass the check, the order of rows does not matter."""

from __future__ import annotations

import numpy as np
import pytest
from random_worlds import random_tables

from model.build import build
from model.case import COLUMN_KEYS, ROW_KEYS, make_case
from model.compile import compile_model
from model.matrix import independent_matrix
from model.problems import Problems
from model.solve import LoadedProgram, Status, choose_among_ties
from model.ties import preference
from model.verify import verify

SEEDS = range(7)


def compiled(core):
    case = make_case(core, Problems())
    return case, compile_model(build(case), case)


def tied(case, program):
    """The plan chosen among those of equal cost, None where no plan exists."""
    loaded = LoadedProgram(program)
    if loaded.run() is not Status.OPTIMAL:
        return None
    return choose_among_ties(loaded, program, loaded.solution(), preference(case))


def bounds_of(tables, keys):
    return [np.concatenate([tables[family][side].to_numpy(float) for family in keys]) for side in ("lower", "upper")]


@pytest.mark.parametrize("seed", SEEDS)
def test_two_roads_to_one_program_and_a_checked_plan(seed):
    """Pyomo's arrays equal the matrix, bounds and costs taken straight from the Case; the plan passes every check."""
    case, program = compiled(random_tables(seed))
    difference = (program.matrix - independent_matrix(case)).tocoo()
    assert np.abs(difference.data).max(initial=0.0) <= 1e-12
    used = np.diff(program.matrix.tocsr().indptr) > 0
    for found, stated in zip((program.row_lower, program.row_upper), bounds_of(case.rows, ROW_KEYS), strict=True):
        assert np.array_equal(found[used], stated[used])
    for found, stated in zip((program.lower, program.upper), bounds_of(case.columns, COLUMN_KEYS), strict=True):
        assert np.array_equal(found, stated)
    cost = np.concatenate([(case.columns[family]["cost"] + case.columns[family]["charge"]).to_numpy(float) for family in COLUMN_KEYS])
    assert program.cost == pytest.approx(cost, abs=1e-12)
    plan = tied(case, program)
    assert plan is not None
    checks = verify(case, plan.values, plan.duals, plan.objective)
    assert all(check.passed for check in checks), [check for check in checks if not check.passed]


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_the_order_of_rows_does_not_matter(seed):
    """Shuffled tables give the same Case, cost and plan."""
    core = random_tables(seed)
    random = np.random.default_rng(seed)
    shuffled = {name: core[name].iloc[random.permutation(len(core[name]))].reset_index(drop=True) for name in reversed(list(core))}
    case, program = compiled(core)
    other, other_program = compiled(shuffled)
    assert case.hash == other.hash
    plan, other_plan = tied(case, program), tied(other, other_program)
    assert other_plan.objective == pytest.approx(plan.objective, rel=1e-12)
    assert other_plan.values == pytest.approx(plan.values, abs=1e-9)


def test_random_worlds_reach_every_row_and_column_family():
    """The properties above say something about all of the program."""
    cases = [make_case(random_tables(seed), Problems()) for seed in SEEDS]
    # floors of baskets would make some worlds impossible; their card has a world of its own, and so have yes/no decisions
    decisions = {"size_floor", "size_ceiling", "point_choice", "point_size", "lane_charge", "single_source", "source_flow"}
    assert {family for case in cases for family in ROW_KEYS if len(case.rows[family])} == set(ROW_KEYS) - {"basket_floor"} - decisions
    assert {family for case in cases for family in COLUMN_KEYS if len(case.columns[family])} == set(COLUMN_KEYS) - {"point", "lane_open", "source"}


def test_the_hash_sees_every_number():
    """A price that changes by a thousandth changes the hash; a note or source does not."""
    core = random_tables(0)
    first = make_case(core, Problems()).hash
    dearer = core | {"supply": core["supply"].assign(price=core["supply"]["price"] + 0.001)}
    assert make_case(dearer, Problems()).hash != first
    noted = core | {"supply": core["supply"].assign(note="checked", source="me")}
    assert make_case(noted, Problems()).hash == first
