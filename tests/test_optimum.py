"""Integer searches: status words, bound and gap, duals given the decisions, and plans that a limit leaves unproved."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from runs import dataset, process, solved
from worlds import program_of, world

from model.optimum import Optimum, choose_decisions, optimise, with_integers, without_integers
from model.solve import INTEGER_DEFAULTS, LoadedProgram, Status
from model.ties import preference

# two ways to 3 of x: a piece of 2 for 3 and a piece of 4 for 5, or bought at 2 each; demand 3
PIECES = world(
    recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost\nmake p 0", capacity_use="technology unit use\nmake oven 1",
    supply="commodity site price\nx p 2", demand="commodity site min max price\nx p 3 3 0", options="option fixed_cost max_size\nsmall 3 0\nlarge 5 0",
    option_effects="option unit site per_open\nsmall oven p 2\nlarge oven p 4",
)


def silent(best, bound, seconds):
    """Nobody watches."""


def hard(folder):
    """A knapsack of 200 projects under twelve budgets: plans are found at once, the proof takes much longer than the tests."""
    random = np.random.default_rng(7)
    weights, gains = random.integers(10, 1000, (12, 200)), random.integers(100, 1000, 200)
    names = [f"project{number}" for number in range(200)]
    terms = [f"budget{row} open {name} {weights[row, number]}" for row in range(12) for number, name in enumerate(names)]
    return dataset(
        folder, options="option fixed_cost max_size\n" + "\n".join(f"{name} {-gain} 0" for name, gain in zip(names, gains, strict=True)),
        limits="limit sense rhs\n" + "\n".join(f"budget{row} <= {weights[row].sum() // 2}" for row in range(12)),
        limit_terms="limit kind a coefficient\n" + "\n".join(terms),
    )


def test_the_optimum_carries_its_proof():
    """small 3 + 1 bought 2 = 5, large alone 5, bought 6: 5; without integers large in part: 3/4 × 5 = 3.75 is the bound of the relaxation."""
    _, program = program_of(PIECES)
    found = optimise(program, {"mip_rel_gap": 0.0}, [], silent)
    assert isinstance(found, Optimum)
    assert found.status is Status.OPTIMAL
    assert found.solution.objective == pytest.approx(5)
    assert found.bound == pytest.approx(5)
    assert found.gap == pytest.approx(0, abs=1e-9)
    assert int(program.integer.sum()) == 2
    assert not found.given.integer.any()
    relaxed = LoadedProgram(without_integers(program))
    assert relaxed.run() is Status.OPTIMAL
    assert relaxed.solution().objective == pytest.approx(3.75)
    assert found.relaxed == pytest.approx(relaxed.solution().duals)


def test_prices_hold_given_the_decisions():
    """With the large piece there is room for one more at no cost; with the small one the next is bought at 2."""
    case, program = program_of(PIECES)
    start = program.column_start["open"]
    place = {option: start + number for number, option in enumerate(case.columns["open"]["option"])}
    for option, price in (("small", 2), ("large", 0)):
        values = np.zeros(len(program.cost))
        values[place[option]] = 1.0
        loaded = LoadedProgram(with_integers(program, values))
        assert loaded.run() is Status.OPTIMAL
        assert loaded.solution().duals[program.row_start["must_serve"]] == pytest.approx(price)


def test_a_linear_program_is_its_own_proof():
    _, program = program_of(world(supply="commodity site price\nx p 2", demand="commodity site min max price\nx p 3 3 0"))
    found = optimise(program, {}, [], silent)
    assert isinstance(found, Optimum)
    assert (found.bound, found.gap, found.relaxed) == (6, 0, None)
    assert found.given is program


def test_what_is_impossible_is_said_of_integers_too():
    """Half a piece would do, a whole one is too much: exactly 1 of a unit that comes in pieces of 2 must run."""
    tables = {
        "indicators": "indicator min max\nsize 1 1", "indicator_terms": "indicator kind a b coefficient\nsize capacity oven p 1",
        "options": "option fixed_cost max_size\npiece 1 0", "option_effects": "option unit site per_open\npiece oven p 2",
    }
    _, program = program_of(world(**tables))
    assert optimise(program, {}, [], silent) is Status.INFEASIBLE
    assert isinstance(optimise(without_integers(program), {}, [], silent), Optimum)


def test_solver_names_for_linear_programs_do_not_switch_the_integers_off():
    """HiGHS ignores integrality where simplex or ipm is named; the linear programs around the search still use it."""
    _, program = program_of(PIECES)
    for solver in ("simplex", "ipx"):
        found = optimise(program, {"solver": solver}, [], silent)
        assert isinstance(found, Optimum)
        assert found.solution.objective == pytest.approx(5)
    assert INTEGER_DEFAULTS["solver"] == "choose"


def test_a_stopped_search_keeps_its_plan_as_feasible(tmp_path):
    """The first plan found ends the search: a plan, a bound below it and an honest gap."""
    from model.pipeline import Clock, make, prepare
    from model.scenario import Scenario

    folder = hard(tmp_path / "hard")
    clock = Clock(lambda step, **facts: None)
    _, program = make(prepare(Scenario("hard", folder), folder, clock), clock)
    seen = []
    found = optimise(program, {"mip_max_improving_sols": 1}, [], lambda *facts: seen.append(facts))
    assert isinstance(found, Optimum)
    assert found.status is Status.FEASIBLE
    assert found.bound < found.solution.objective < 0
    assert found.gap == pytest.approx((found.solution.objective - found.bound) / -found.solution.objective)
    assert seen


def test_a_time_limit_writes_the_verified_plan_and_exits_with_5(tmp_path):
    out = tmp_path / "out"
    done = process("solve", "--data", hard(tmp_path / "hard"), "--out", out, "--time-limit", 3, "--mip-gap", 0, "--lang", "en")
    assert done.returncode == 5, done.stderr.decode()
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["status"] == "feasible"
    assert summary["integers"] == 200
    assert 0 < summary["gap"] < 1
    assert summary["bound"] < summary["objective"]
    assert (out / "report.html").is_file()
    said = done.stdout.decode()
    assert "feasible, the time limit came before a proof" in said
    assert "best" in said and "bound" in said  # told while it ran


def test_a_time_limit_without_any_plan_writes_nothing(tmp_path):
    """Whether forty six-digit weights add up exactly is not answered in a hundredth of a second."""
    random = np.random.default_rng(3)
    weights = random.integers(10**5, 10**6, (4, 40))
    terms = [f"sum{row} open piece{number} {weights[row, number]}" for row in range(4) for number in range(40)]
    folder = dataset(
        tmp_path / "split", options="option max_size\n" + "\n".join(f"piece{number} 0" for number in range(40)),
        limits="limit sense rhs\n" + "\n".join(f"sum{row} = {weights[row].sum() // 2}" for row in range(4)),
        limit_terms="limit kind a coefficient\n" + "\n".join(terms),
    )
    done = process("solve", "--data", folder, "--out", tmp_path / "out", "--time-limit", 1, "--lang", "en")
    assert done.returncode == 5
    assert not (tmp_path / "out").exists()
    assert "reached its limit" in done.stderr.decode()


TWINS = {
    "recipes": "technology commodity quantity\nmake x 1", "tech_sites": "technology site variable_cost\nmake near 1\nmake away 1",
    "capacity_use": "technology unit use\nmake oven 1", "demand": "commodity site min max price\nx town 10 10 0",
    "options": "option fixed_cost max_size\nbuild_near 5 10\nbuild_away 5 10",
    "option_effects": "option unit site per_size\nbuild_near oven near 1\nbuild_away oven away 1",
}


@pytest.mark.parametrize("order", [1, -1])
def test_decisions_of_equal_cost_follow_the_tonne_kilometres_and_are_shown_as_ties(tmp_path, order):
    """Both sites cost 5 + 10 + 10×2; near has 20 km to the town, away 90: near is chosen in any order of rows, away is shown."""
    lanes = ["x near town 2 20", "x away town 2 90"][::order]
    run = solved(dataset(tmp_path, **TWINS, lanes="commodity from to unit_cost kilometres\n" + "\n".join(lanes)))
    assert run.results.objective == pytest.approx(35)
    opened = run.results.values["open"].set_index("option")["value"]
    assert (opened["build_near"], opened["build_away"]) == (1, 0)


def test_without_kilometres_the_order_of_sites_decides(tmp_path):
    run = solved(dataset(tmp_path, **TWINS, lanes="commodity from to unit_cost\nx near town 2\nx away town 2"))
    opened = run.results.values["open"].set_index("option")["value"]
    assert (opened["build_away"], opened["build_near"]) == (1, 0)  # a comes before n


def test_a_cheaper_decision_is_never_given_up_for_a_nearer_one(tmp_path):
    run = solved(dataset(tmp_path, **TWINS, lanes="commodity from to unit_cost kilometres\nx near town 2.0001 20\nx away town 2 90"))
    assert run.results.values["open"].set_index("option")["value"]["build_away"] == 1
    assert run.results.objective == pytest.approx(35)


@pytest.mark.parametrize(("share", "searched"), [(0.0, True), (1e-5, False)])
def test_a_plan_that_a_cheaper_one_may_undercut_has_no_equals(share, searched):
    """Within a gap of a hundred-thousandth nobody knows what the least cost is, so no second search asks for its equals."""
    core = world(**TWINS, lanes="commodity from to unit_cost kilometres\nx near town 2 20\nx away town 2 90")
    case, program = program_of(core)
    found = optimise(program, {}, [], silent)
    open_to = replace(found, bound=found.solution.objective * (1 - share))
    assert (choose_decisions(program, open_to, {}, preference(case)) is not open_to) == searched


def test_a_search_without_least_cost_is_called_unbounded():
    """A piece may be built and what it makes sold without end: the search alone cannot tell this from impossible."""
    core = world(
        options="option fixed_cost max_size\npiece 1 0", option_effects="option unit site per_open\npiece oven p 2",
        supply="commodity site price\nx p 1", demand="commodity site min price\nx p 0 3",
    )
    assert optimise(program_of(core)[1], {}, [], silent) is Status.UNBOUNDED


def test_a_plan_that_costs_nothing_has_a_gap_without_limit_until_it_is_proved():
    _, program = program_of(PIECES)
    found = optimise(program, {"mip_rel_gap": 0.0}, [], silent)
    nothing = replace(found, solution=replace(found.solution, objective=0.0))
    assert replace(nothing, bound=-1.0).gap == np.inf
    assert replace(nothing, bound=0.0).gap == 0.0
