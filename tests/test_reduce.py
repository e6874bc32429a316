"""Columns that no plan uses leave before the solver: the optimum stays, and restored duals prove it for the whole program."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from generated_worlds import generated_tables
from random_worlds import random_tables
from scipy import sparse
from worlds import failed_checks, optimum_of, program_of, world

from model.case import make_case
from model.compile import LinearProgram
from model.optimum import Optimum, without_integers
from model.problems import Problems, Refusal
from model.program import make_program
from model.reduce import MARGIN, ReducedProgram, dominated, never_used, reduce
from model.solve import LoadedProgram, Status, choose_among_ties
from model.ties import preference

TOLERANCE = 1e-7


def program(cost, matrix, row_lower, row_upper, lower=0.0, upper=np.inf, integer=False):
    rows = np.atleast_2d(np.array(matrix, float))
    many = rows.shape[1]
    whole = np.zeros(many)
    return LinearProgram(
        np.array(cost, float), sparse.csc_array(rows), np.array(row_lower, float), np.array(row_upper, float),
        whole + lower, whole + upper, np.zeros(many, bool) | integer, {}, {},
    )  # fmt: skip


def gone(made):
    """Columns that leave."""
    return sorted(set(range(made.matrix.shape[1])) - set(reduce(made).kept.tolist()))


def names(core, family, key):
    """The removed columns of a family by some parts of their key."""
    case, made = program_of(core)
    first = made.column_start[family]
    table = case.columns[family]
    return {tuple(table.iloc[number - first][list(key)]) for number in gone(made) if first <= number < first + len(table)}


# ---- what leaves


CHAIN = {
    "recipes": "technology commodity quantity\nsmelt ore -2\nsmelt metal 1\ncast metal -1\ncast part 1\ndream myth -1\ndream part 1",
    "tech_sites": "technology site variable_cost\nsmelt a 1\nsmelt b 1\ncast b 1\ndream b 1",
    "supply": "commodity site price\nore a 1",
    "demand": "commodity site min max price\npart b 1 1 0",
    "lanes": "commodity from to mode unit_cost delivered_share\nmetal a b rail 1 -\nmetal a b road 3 -\nmetal a b tube 3 0.5\nmyth a b rail 0 -\nore b a rail 1 -",
}


def test_a_chain_without_a_source_leaves_link_by_link():
    """No ore in b: smelting there is never used, nor ore from b to a. No myth in a: neither its lane nor what is made of it."""
    assert names(world(**CHAIN), "activity", ("technology", "site")) == {("smelt", "b"), ("dream", "b")}
    assert {("ore", "b", "rail"), ("myth", "a", "rail")} <= names(world(**CHAIN), "flow", ("commodity", "from", "mode"))
    rounds = never_used(program_of(world(**CHAIN))[1])
    assert [len(found.columns) for found in rounds] == [3, 1]  # smelting in b, ore from b, myth from a; then the dream


def test_the_dearer_road_beside_the_rail_leaves():
    """Same ends, same loss, 3 instead of 1; the tube loses half and costs 3, which is no better either."""
    assert {mode for commodity, mode in names(world(**CHAIN), "flow", ("commodity", "mode")) if commodity == "metal"} == {"road", "tube"}


@pytest.mark.parametrize(
    ("lane", "stays"),
    [
        ("metal a b road 0.5 0.4", True),  # cheaper, loses more
        ("metal a b road 3 1", False),
        ("metal a b road 1 -", True),  # as dear: one of the equal optima
    ],
)
def test_a_lane_stays_where_it_may_be_used(lane, stays):
    core = world(**CHAIN | {"lanes": CHAIN["lanes"].replace("metal a b road 3 -", lane)})
    assert (("metal", "road") not in names(core, "flow", ("commodity", "mode"))) is stays


def test_a_lane_beside_one_with_a_ceiling_stays():
    core = world(**CHAIN | {"lanes": "commodity from to mode unit_cost max_flow\nmetal a b rail 1 0.5\nmetal a b road 3 -"})
    assert not names(core, "flow", ("mode",))


def test_work_without_capacity_leaves():
    core = world(**CHAIN, capacity_use="technology unit use\nsmelt pot 1\ncast mould 1", capacity="unit site amount\nmould b 5\npot a 9")
    assert ("smelt", "b") in names(core, "activity", ("technology", "site"))
    assert ("cast", "b") not in names(core, "activity", ("technology", "site"))


def test_signs_bounds_and_margins():
    """Two columns of one row x + y ≥ 1 at costs 1 and 2: the second leaves, unless one of these things speaks for it."""
    assert gone(program([1, 2], [1, 1], [1], [np.inf])) == [1]
    assert gone(program([1, 1 + MARGIN / 2], [1, 1], [1], [np.inf])) == []
    assert gone(program([1, 2], [1, 1.5], [1], [np.inf])) == []  # does more where there is a floor
    assert gone(program([-2, -1], [1, 0.5], [-np.inf], [1])) == []  # does less where there is a ceiling
    assert gone(program([-2, -1], [1, 1.5], [-np.inf], [1])) == [1]
    assert gone(program([1, 2], [1, 1], [1], [np.inf], lower=[0, 0.1])) == []  # must be used
    assert gone(program([1, 2], [1, 1], [1], [np.inf], upper=[5, 9])) == []  # the first has a ceiling
    assert gone(program([1, 2], [1, 1], [1], [np.inf], integer=True)) == []
    assert gone(program([1, 2], [1, 0.5], [1], [1])) == []  # an equality wants neither more nor less


def test_a_row_forces_only_what_its_sign_forces():
    assert gone(program([-1, -1], [-1, -1], [0], [np.inf])) == [0, 1]
    assert gone(program([-1, -3], [1, 2], [-np.inf], [0])) == [0, 1]
    assert gone(program([-1, -1], [-1, 1], [0], [np.inf])) == []
    assert gone(program([-1, -1], [-1, -1], [-1], [np.inf])) == []
    assert gone(program([-1, -1], [-1, -1], [0], [np.inf], lower=[0, -1])) == []  # the second may be negative, then the first is positive
    assert gone(program([0, 0], [-1, -1], [0.5], [np.inf])) == []  # impossible, the solver says so


# ---- what comes back


def test_duals_of_emptied_rows_are_worked_out():
    """−x + y ≥ 0 and −y ≥ 0, min −2x − y: y is held at 0 by the second row, then x by the first, whose dual is 2, the other's 1 + 2."""
    made = program([-2, -1], [[-1, 1], [0, -1]], [0, 0], [np.inf, np.inf])
    found = reduce(made)
    assert not len(found.kept)
    values, duals, reduced = found.restore(np.zeros(0), np.zeros(2))
    assert values.tolist() == [0, 0]
    assert duals.tolist() == [2, 3]
    assert reduced.tolist() == [0, 0]


def solved_small(made):
    found = reduce(made)
    loaded = LoadedProgram(found.small)
    if loaded.run() is not Status.OPTIMAL:
        return None
    solution = loaded.solution()
    values, duals, reduced = found.restore(solution.values, solution.duals)
    return replace(solution, values=values, duals=duals, reduced_costs=reduced)


MAKERS = {"random": random_tables, "generated": lambda seed: generated_tables(Random(seed))}


@pytest.mark.parametrize(("maker", "seed"), [(maker, seed) for maker in MAKERS for seed in range(2)])
def test_the_optimum_is_untouched(maker, seed):
    """The small program costs what the whole one costs, and the independent check accepts its plan and its duals for the whole."""
    core = MAKERS[maker](seed)
    try:
        case = make_case(core, Problems())
    except Refusal:
        return
    made = without_integers(make_program(case))
    whole = LoadedProgram(made)
    status, found = whole.run(), solved_small(made)
    assert (found is not None) == (status is Status.OPTIMAL)
    if found is None:
        return
    assert found.objective == pytest.approx(whole.solution().objective, rel=1e-9, abs=1e-9)
    proof = float(np.where(found.duals > 0, made.row_lower, np.where(found.duals < 0, made.row_upper, 0.0)) @ found.duals)
    proof += float(np.where(found.reduced_costs > TOLERANCE, made.lower, np.where(found.reduced_costs < -TOLERANCE, made.upper, 0.0)) @ found.reduced_costs)
    assert proof == pytest.approx(found.objective, rel=1e-6, abs=1e-6)
    if not make_program(case).integer.any():
        optimum = Optimum(Status.OPTIMAL, found, made, whole, found.objective)
        assert not failed_checks(core, case, made, optimum)


@pytest.mark.parametrize("seed", range(2))
def test_large_programs_are_solved_without_them_and_give_the_same_plan(seed, monkeypatch):
    """Cost, plan after the choice among ties, and checks of the whole."""
    core = random_tables(seed)
    case, made = program_of(core)
    plans = []
    for large in (1e9, 0):
        monkeypatch.setattr("model.solve.LARGE", large)
        found = optimum_of(made)
        plans.append(choose_among_ties(found.loaded, found.given, found.solution, preference(case)))
        assert isinstance(found.loaded, ReducedProgram) is (large == 0 and not made.integer.any())
        assert not failed_checks(core, case, made, replace(found, solution=plans[-1]))
    assert plans[0].objective == pytest.approx(plans[1].objective, rel=1e-9)
    assert plans[0].values == pytest.approx(plans[1].values, abs=1e-7)


@pytest.mark.parametrize(
    ("coefficients", "integer", "large", "unscaled"),
    [([1, 50], False, 2, True), ([1, 50], False, 3, False), ([1, 2e5], False, 2, False), ([1, 5e-6], False, 2, False), ([1, 50], True, 2, False)],
)
def test_simplex_goes_unscaled_where_a_large_program_has_even_coefficients(coefficients, integer, large, unscaled, monkeypatch):
    monkeypatch.setattr("model.solve.LARGE", large)
    made = program([1, 2], coefficients, [1], [np.inf], integer=integer)
    _, strategy = LoadedProgram(made).highs.getOptionValue("simplex_scale_strategy")
    assert (strategy == 0) is unscaled
    _, stated = LoadedProgram(made, {"simplex_scale_strategy": 4}).highs.getOptionValue("simplex_scale_strategy")
    assert stated == 4


def test_the_shipped_dataset_loses_a_quarter_of_its_columns(base_run):
    """The optimum stays; parallel modes of a lane are most of what leaves."""
    made = base_run.program
    found = solved_small(made)
    assert found.objective == pytest.approx(base_run.results.objective, rel=1e-9)
    assert 0.2 < dominated(made).mean() < 0.35
    assert sum(len(part.columns) for part in never_used(made)) > 300
