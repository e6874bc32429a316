"""The independent check accepts a good plan and can fail in every one of its tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from worlds import program_of, solve, world

from model.solve import LoadedProgram
from model.verify import verify

CHECKS = {"rows", "bounds", "integers", "objective", "reduced_costs", "dual_signs", "column_slackness", "row_slackness", "duality_gap"}
# near 3 at 2 and far 2 at 6 serve 5: cost 18; balance and must_serve are worth 6, near saves 4 a unit
CORE = dict(
    supply="commodity site tier price max\nx m far 6 -\nx m near 2 3", demand="commodity site min max price\nx m 5 9 0",
)
FAR, NEAR, SALE = 0, 1, 2
BALANCE, MUST_SERVE = 0, 1


@pytest.fixture(scope="module")
def plan():
    return solve(world(**CORE))


def failed(plan, values=None, duals=None, objective=None):
    """Names of the checks that a changed plan fails: {column: new value}, {row: new dual}, new objective."""
    changed_values, changed_duals = plan.solution.values.copy(), plan.solution.duals.copy()
    for position, value in (values or {}).items():
        changed_values[position] = value
    for position, value in (duals or {}).items():
        changed_duals[position] = value
    claimed = plan.objective if objective is None else objective
    return {check.name for check in verify(plan.case, changed_values, changed_duals, claimed) if not check.passed}


def test_a_good_plan_passes_every_check(plan):
    assert plan.solution.values == pytest.approx([2, 3, 5])
    assert plan.solution.duals == pytest.approx([6, 6])
    assert failed(plan) == set()
    assert {check.name for check in verify(plan.case, plan.solution.values, plan.solution.duals, plan.objective)} == CHECKS


def test_rows_fail_where_a_balance_does_not_close(plan):
    """Two are missing: the residual is 2 of the 3 + 5 + 0 that the row moves, and the place is named."""
    assert "rows" in failed(plan, values={FAR: 0})
    check = next(check for check in verify(plan.case, np.array([0.0, 3, 5]), plan.solution.duals, plan.objective) if check.name == "rows")
    assert check.residual == pytest.approx(2 / 8)
    assert check.place == "balance(x, m, all)"


def test_rows_fail_where_a_demand_is_not_served(plan):
    assert "rows" in failed(plan, values={FAR: 1, SALE: 4}, objective=12)


def test_rows_fail_above_a_ceiling_and_beside_an_equation():
    """An oven of 4 makes 5; an exact good leaves 1 behind: both lie on the upper side of their row."""
    made = solve(world(
        recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost\nmake p 0",
        capacity_use="technology unit use\nmake oven 1", capacity="unit site amount\noven p 4", demand="commodity site min max price\nx p 0 9 1",
    ))
    assert made.solution.values == pytest.approx([4, 4])
    assert "rows" in failed(made, values={0: 5, 1: 5}, objective=-5)
    exact = solve(world(**CORE, commodities="commodity balance\nx exact"))
    assert "rows" in failed(exact, values={FAR: 3}, objective=24)


def test_bounds_fail_where_a_column_leaves_them(plan):
    """Near gives 4 of 3 at most; a negative far is below 0."""
    assert "bounds" in failed(plan, values={NEAR: 4, FAR: 1}, objective=14)
    assert "bounds" in failed(plan, values={NEAR: 6, FAR: -1}, objective=6)


def test_objective_fails_where_it_is_not_the_sum_of_its_parts(plan):
    assert failed(plan, objective=18.001) >= {"objective"}
    assert "objective" in failed(plan, objective=17)


def test_reduced_costs_fail_where_a_price_leans_on_no_bound(plan):
    """At a price of 7 one more of far would earn 1 without limit."""
    assert "reduced_costs" in failed(plan, duals={BALANCE: 7, MUST_SERVE: 7})


def test_dual_signs_fail_where_a_floor_earns(plan):
    assert "dual_signs" in failed(plan, duals={BALANCE: -1})


def test_column_slackness_fails_for_a_dearer_plan_of_the_right_cost(plan):
    """Near 2 and far 3 serve 5 as well, for 22; near saves 4 a unit and is not full."""
    found = failed(plan, values={NEAR: 2, FAR: 3}, objective=22)
    assert "column_slackness" in found
    assert found.isdisjoint({"rows", "bounds", "objective", "reduced_costs", "dual_signs", "row_slackness"})


def test_row_slackness_fails_where_a_surplus_has_a_price(plan):
    """One too many is bought and vanishes although a unit is worth 6."""
    found = failed(plan, values={FAR: 3}, objective=24)
    assert "row_slackness" in found
    assert "column_slackness" not in found


def test_duality_gap_fails_where_the_duals_prove_another_cost(plan):
    """Duals prove 18, the plan costs 22; duals of 0 prove only 0."""
    assert "duality_gap" in failed(plan, values={NEAR: 2, FAR: 3}, objective=22)
    assert "duality_gap" in failed(plan, duals={BALANCE: 0, MUST_SERVE: 0})


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_fail(plan, bad):
    with np.errstate(invalid="ignore"):
        assert failed(plan, values={FAR: bad})
        assert failed(plan, duals={BALANCE: bad})
        assert "objective" in failed(plan, objective=bad)


def test_a_plan_of_another_program_fails():
    """A coefficient that the build would get wrong (0.9 arrives instead of 0.8) is seen, since the check has its own matrix."""
    core = world(
        supply="commodity site price\nx a 1", lanes="commodity from to unit_cost delivered_share\nx a m 0 0.8",
        demand="commodity site min max price\nx m 8 8 0",
    )
    case, program = program_of(core)
    wrong = program.matrix.toarray()
    wrong[wrong == 0.8] = 0.9
    loaded = LoadedProgram(replace(program, matrix=sparse.csc_array(wrong)))
    loaded.run()
    plan = loaded.solution()
    checks = verify(case, plan.values, plan.duals, plan.objective)
    assert "rows" in {check.name for check in checks if not check.passed}


def test_a_plan_at_another_price_fails():
    """A cost that the build would get wrong moves the optimum; the rebuilt objective and the reduced costs see it."""
    case, program = program_of(world(**CORE))
    loaded = LoadedProgram(replace(program, cost=program.cost * np.array([1, 5, 1])))
    loaded.run()
    plan = loaded.solution()
    assert plan.values[NEAR] == pytest.approx(0)
    names = {check.name for check in verify(case, plan.values, plan.duals, plan.objective) if not check.passed}
    assert "column_slackness" in names


def test_an_empty_program_passes():
    plan = solve(world(commodities="commodity\nx"))
    assert plan.objective == 0
