"""Where a rule shows only at its edge: the turn of the year, pieces that close, points and sources that exclude each other."""

from __future__ import annotations

import pandas as pd
import pytest
from worlds import optimum_of, program_of, solve, world

from model.results import make_results

OVEN = {
    "recipes": "technology commodity quantity\nmake x 1", "capacity_use": "technology unit use\nmake oven 1", "tech_sites": "technology site variable_cost\nmake a 0",
}


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def test_what_rests_in_december_is_brought_back_in_january():
    """R9: no power in month 12, full load or none: 11 months of 10 at 10 earn 1100; 120 return in January at 4: −1100 + 480."""
    months = [f"m{month:02d}" for month in range(1, 13)]
    plan = solve(world(**(OVEN | {
        "periods": "period stage length\n" + "\n".join(f"{month} y {1 / 12!r}" for month in months), "capacity": "unit site amount\noven a 120",
        "tech_sites": "technology site period variable_cost max_activity\nmake a * 0 -\nmake a m12 0 0", "demand": "commodity site min max price\nx a 0 - 10",
        "units": "unit min_load restart_cost\noven 1 4",
    })))
    assert plan.objective == near(-1100 + 480)
    assert plan["restart", "oven", "a", "m01"] == near(120)
    assert plan["restart", "oven", "a", "m02"] == near(0)


@pytest.mark.parametrize(("existing", "objective"), [(8, -3), (4, 0)])
def test_a_piece_is_closed_only_if_all_of_it_exists(existing, objective):
    """R8: closing takes 6 away and saves 3; 4 are too few for it."""
    plan = solve(world(
        capacity=f"unit site amount\noven a {existing}", options="option fixed_cost max_size\nclose -3 0", option_effects="option unit site per_open\nclose oven a -6",
        **OVEN,
    ))
    assert plan.objective == near(objective)
    assert plan["open", "close", "all"] == (objective < 0)


def test_cost_points_are_paid_by_whoever_says_yes():
    """R7: the weights of the points sum to the yes/no: 2 of capacity come with the yes, which costs 7 at its only point."""
    plan = solve(world(
        options="option\ngrow", option_points="option point size cost\ngrow only 0 7", option_effects="option unit site per_open\ngrow oven a 2",
        demand="commodity site min max price shortage_price\nx a 2 2 0 100", **OVEN,
    ))
    assert plan.objective == near(7)
    assert plan["point", "grow", "all", "only"] == near(1)


def test_a_single_source_is_one_even_where_two_would_be_paid_for():
    """R12: both lanes pay 1 a unit and could bring 8 each; only one may: −8."""
    plan = solve(world(
        supply="commodity site price\nx near 0\nx far 0", lanes="commodity from to unit_cost max_flow\nx near m -1 8\nx far m -1 8",
        demand="commodity site min max price single_source\nx m 8 8 0 1",
    ))
    assert plan.objective == near(-8)
    assert plan["source", "x", "near", "m", "", "all"] + plan["source", "x", "far", "m", "", "all"] == 1


def test_the_price_of_a_closure_is_per_unit_and_year():
    """R20: 10 exist and all are closed, each saving 2 in each of 3 years: one less would cost 6, which is 2 a year."""
    case, program = program_of(world(
        periods="period stage length weight\nh1 y 0.5 3\nh2 y 0.5 3", capacity="unit site amount\noven a 10",
        options="option variable_cost\nclose -2", option_effects="option unit site per_size\nclose oven a -1", **OVEN,
    ))
    found = optimum_of(program)
    price = make_results(case, program, found, pd.DataFrame()).duals["closure"].iloc[0]
    assert (price["raw"], price["value"]) == near((6, 2))
    assert found.solution.objective == pytest.approx(-60, rel=1e-8)  # R8 lets a billionth more be closed
