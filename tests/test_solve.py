"""HiGHS by arrays: status, options, changed costs and bounds, and the choice among plans of equal cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from worlds import failed_checks, solve, status_of, world

from model.compile import LinearProgram
from model.optimum import Optimum
from model.problems import ExitCode, Refusal
from model.solve import LoadedProgram, Status, choose_among_ties
from model.ties import preference

INF = np.inf


def program(cost, matrix, row_lower, row_upper, lower, upper):
    parts = [np.array(part, dtype=float) for part in (cost, row_lower, row_upper, lower, upper)]
    return LinearProgram(parts[0], sparse.csc_array(np.array(matrix, dtype=float)), *parts[1:], np.zeros(len(parts[0]), dtype=bool), {}, {})


# x + y ≥ 4, x ≤ 3, cost x + 2 y: x = 3, y = 1, cost 5
SMALL = program([1, 2], [[1, 1]], [4], [INF], [0, 0], [3, INF])


def test_a_small_program():
    loaded = LoadedProgram(SMALL)
    assert loaded.run() is Status.OPTIMAL
    found = loaded.solution()
    assert found.values == pytest.approx([3, 1])
    assert found.duals == pytest.approx([2])
    assert found.reduced_costs == pytest.approx([-1, 0])
    assert found.objective == pytest.approx(5)


def test_parts_of_a_solution():
    """Reduced costs that nobody reads are not there."""
    loaded = LoadedProgram(SMALL)
    loaded.run()
    found = loaded.solution(reduced_costs=False)
    assert len(found.reduced_costs) == 0 and found.values == pytest.approx([3, 1]) and found.duals == pytest.approx([2])


def test_a_basis_of_another_process_needs_no_step_more():
    """The optimal basis handed over as numbers is optimal: no iteration; of x + y ≥ 5 it gives x = 3, y = 2, cost 7."""
    first = LoadedProgram(SMALL)
    first.run()
    loaded = LoadedProgram(SMALL)
    loaded.use_basis(first.basis.opened())
    loaded.restart()
    assert loaded.run() is Status.OPTIMAL and loaded.highs.getInfo().simplex_iteration_count == 0
    loaded.set_row_bounds(np.array([5.0]), np.array([INF]))
    loaded.restart()
    assert loaded.run() is Status.OPTIMAL and loaded.solution().values == pytest.approx([3, 2]) and loaded.solution().objective == pytest.approx(7)


@pytest.mark.parametrize(("change", "status"), [
    ({"upper": np.array([3.0, 0.5])}, Status.INFEASIBLE),
    ({"cost": np.array([1.0, -2.0])}, Status.UNBOUNDED),
    ({"cost": np.array([1.0, -2.0]), "upper": np.array([3.0, INF]), "row_lower": np.array([-INF])}, Status.UNBOUNDED),
    ({"matrix": sparse.csc_array(np.zeros((1, 2)))}, Status.INFEASIBLE),
])
def test_what_the_solver_proves(change, status):
    assert LoadedProgram(replace(SMALL, **change)).run() is status


def test_infeasible_or_unbounded_is_decided_and_presolve_restored():
    """Infeasible and with a ray of falling cost at once: presolve cannot tell which; the answer is infeasible."""
    both = program([-1, 0], [[0, 1], [0, 1]], [1, -INF], [INF, 0.5], [0, 0], [INF, 9])
    loaded = LoadedProgram(both, {"presolve": "on"})
    assert loaded.run() is Status.INFEASIBLE
    assert loaded.highs.getOptionValue("presolve")[1] == "on"


def test_programs_without_rows_or_columns():
    assert LoadedProgram(program([1], np.zeros((0, 1)), [], [], [2], [5])).run() is Status.OPTIMAL
    assert status_of(world(commodities="commodity\nx")) is Status.OPTIMAL


def test_costs_and_bounds_may_change_between_runs():
    """At a cost of 3 for x, y takes all 4 for 8; with x + y ≥ 6 and y ≤ 5, x adds 1: 13; back again: 5."""
    loaded = LoadedProgram(SMALL)
    loaded.run()
    loaded.set_costs(np.array([3.0, 2.0]))
    assert loaded.run() is Status.OPTIMAL
    assert loaded.solution().objective == pytest.approx(8)
    loaded.set_row_bounds(np.array([6.0]), np.array([INF]))
    loaded.set_column_bounds(np.array([0.0, 0.0]), np.array([3.0, 5.0]))
    loaded.run()
    assert loaded.solution().objective == pytest.approx(13)
    loaded.load(SMALL)
    loaded.run()
    assert loaded.solution().objective == pytest.approx(5)


@pytest.mark.parametrize(("name", "value"), [("nonsense", 1), ("threads", "many"), ("time_limit", -1), ("solver", "abacus")])
def test_unknown_options_and_values_are_refused(name, value):
    with pytest.raises(Refusal) as refused:
        LoadedProgram(SMALL, {name: value})
    assert refused.value.code is ExitCode.DATA
    assert name in refused.value.problems[0].text("zh")
    assert str(value) in refused.value.problems[0].text("en")


def test_arrays_that_the_solver_refuses():
    """A coefficient of 1e16 is beyond what HiGHS takes; the gate before the build would have stopped it earlier."""
    with pytest.raises(Refusal) as refused:
        LoadedProgram(replace(SMALL, matrix=sparse.csc_array(np.array([[1e16, 1.0]]))))
    assert refused.value.code is ExitCode.SOLVER
    assert refused.value.problems[0].text("en")


def test_a_limit_is_a_status():
    """No iteration is allowed and presolve may not solve it alone."""
    loaded = LoadedProgram(SMALL, {"simplex_iteration_limit": 0, "presolve": "off"})
    assert loaded.run() is Status.LIMIT


# 10 go from a to m over two roads of the same price, 300 and 200 km long; the second takes 4
TIE = dict(
    supply="commodity site price\nx a 1",
    lanes="commodity from to mode unit_cost max_flow kilometres\nx a m long 2 - 300\nx a m short 2 4 200",
    demand="commodity site min max price\nx m 10 10 0",
)


def test_equal_costs_are_decided_by_kilometres():
    """The short road is filled with 4, the long one takes 6: cost 30 as before, and the duals still prove it."""
    plan = solve(world(**TIE))
    loaded = LoadedProgram(plan.program)
    loaded.run()
    first = loaded.solution()
    second = choose_among_ties(loaded, plan.program, first, preference(plan.case))
    flows = {mode: second.values[plan.program.column_start["flow"] + number] for number, mode in enumerate(plan.case.columns["flow"]["mode"])}
    assert flows == pytest.approx({"long": 6, "short": 4})
    assert second.objective == pytest.approx(30)
    found = Optimum(Status.OPTIMAL, second, plan.program, loaded, second.objective)
    assert not failed_checks(world(**TIE), plan.case, plan.program, found)
    assert loaded.run() is Status.OPTIMAL
    assert loaded.solution().objective == pytest.approx(30)


def test_a_cheaper_road_is_never_left_for_a_shorter_one():
    plan = solve(world(**(TIE | {"lanes": TIE["lanes"].replace("short 2 4", "short 2.001 4")})))
    loaded = LoadedProgram(plan.program)
    loaded.run()
    second = choose_among_ties(loaded, plan.program, loaded.solution(), preference(plan.case))
    assert second.objective == pytest.approx(30)
    assert second.values[plan.program.column_start["flow"] :][:2] == pytest.approx([10, 0])


def test_without_a_second_plan_the_first_one_stands():
    """A free good may be bought without end at no cost: a preference for more of it has no best plan."""
    compiled = program([0, 1], [[1, 0], [0, 1]], [0, 2], [INF, INF], [0, 0], [INF, INF])
    loaded = LoadedProgram(compiled)
    loaded.run()
    first = loaded.solution()
    second = choose_among_ties(loaded, compiled, first, np.array([-1.0, 0.0]))
    assert second.values == pytest.approx(first.values)
    assert second.objective == pytest.approx(2)


def test_equations_and_ceilings_stay_active_on_the_optimal_face():
    """x + y = 4 and x + z ≤ 3 with a reward for x: whatever is preferred, x stays 3 and y 1."""
    compiled = program([-5, 1, 0], [[1, 1, 0], [1, 0, 1]], [4, -INF], [4, 3], [0, 0, 0], [INF, INF, INF])
    loaded = LoadedProgram(compiled)
    loaded.run()
    second = choose_among_ties(loaded, compiled, loaded.solution(), np.array([100.0, 0.0, -1.0]))
    assert second.values == pytest.approx([3, 1, 0])


@pytest.mark.parametrize(("cost", "row_lower", "row_upper", "wanted"), [(2, 4, INF, -1), (-2, -INF, 4, 1), (2, 4, 4, -1)])
def test_priced_rows_stay_active_on_the_optimal_face(cost, row_lower, row_upper, wanted):
    """Two columns serve 4 at one price; the other one is preferred, and more (or less) of it than 4 would change the cost."""
    compiled = program([cost, cost], [[1, 1]], [row_lower], [row_upper], [0, 0], [9, 9])
    loaded = LoadedProgram(compiled)
    loaded.run()
    first = loaded.solution()
    taken, other = (0, 1) if first.values[0] > 2 else (1, 0)
    liking = np.zeros(2)
    liking[other if wanted < 0 else taken] = wanted
    second = choose_among_ties(loaded, compiled, first, liking)
    assert (second.values[taken], second.values[other]) == pytest.approx((0, 4))
    assert second.objective == pytest.approx(4 * cost)


def test_a_kept_basis_makes_runs_independent_of_those_in_between():
    """After a detour over other costs the run from the kept basis gives the first answer again."""
    loaded = LoadedProgram(SMALL)
    loaded.run()
    loaded.keep_basis()
    loaded.set_costs(np.array([3.0, 2.0]))
    loaded.run()
    loaded.restart()
    loaded.set_costs(SMALL.cost)
    assert loaded.run() is Status.OPTIMAL
    assert loaded.solution().values == pytest.approx([3, 1])
    assert loaded.highs.getInfo().simplex_iteration_count == 0


def test_the_order_of_runs_from_a_kept_basis_moves_no_bit(base_run):
    """On the shipped program, whose cheapest plans are many, runs to and fro give the same values and duals, not just the same cost."""
    program = base_run.program
    loaded = LoadedProgram(program)
    loaded.run()
    loaded.keep_basis()

    def solved(seed):
        random = np.random.default_rng(seed)
        cost = program.cost.copy()
        cost[random.integers(0, len(cost), 500)] *= 1.1
        loaded.set_costs(cost)
        loaded.restart()
        assert loaded.run() is Status.OPTIMAL
        return loaded.solution()

    there = {seed: solved(seed) for seed in range(4)}
    for seed in (2, 0, 3, 1):
        again = solved(seed)
        assert np.array_equal(again.values, there[seed].values) and np.array_equal(again.duals, there[seed].duals)
