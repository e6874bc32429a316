"""Two years of water, one investment: the plan that faces both is the plan of neither.

Ten of power are needed. The river gives 4 in the dry year and 10 in the wet one, at 1; the grid sells 4 at 5 and more at 9. A
plant of our own costs 3 a year per unit of size and makes power at 1. Each year has probability 1/2.

Size z in the dry year (6 are missing) saves 9 − 1 = 8 on each of the first 2 units and 5 − 1 = 4 on each of the next 4; in the
wet year it saves nothing.

- dry for certain: 8 > 3 and 4 > 3, so z = 6: 6 × 3 + 4 × 1 + 6 × 1 = 28
- wet for certain: z = 0: 10 × 1 = 10
- both: 8/2 = 4 > 3 but 4/2 = 2 < 3, so z = 2: 2 × 3 + (4 + 2 × 1 + 4 × 5)/2 + 10/2 = 6 + 13 + 5 = 24
- with the dry year's plan: 6 × 3 + (4 + 6)/2 + 10/2 = 28; with the wet year's plan: (4 + 4 × 5 + 2 × 9)/2 + 10/2 = 26

What knowing the year would be worth: EVPI = 24 − (28 + 10)/2 = 5.

The average river gives 7; 3 are missing and the grid's 5 is their price: 4 > 3, so z = 3. Facing both years it costs
3 × 3 + (4 + 3 × 1 + 3 × 5)/2 + 10/2 = 9 + 11 + 5 = 25. What facing both years saves: VSS = 25 − 24 = 1.
"""

from __future__ import annotations

import pytest
from runs import dataset
from worlds import solve, world

from model.explore.hedging import hedge
from model.opening import open_scenario
from model.tables import Tables, frame

RIVER = {"dry": 4, "wet": 10}
BOTH = {"dry": 0.5, "wet": 0.5}


def texts(chance: dict[str, float]) -> dict[str, str]:
    """The tables as text, with the years of ``chance`` and their probabilities."""
    return {
        "periods": "period stage branch probability\n" + "\n".join(f"{year} now {year} {share}" for year, share in chance.items()),
        "supply": "commodity site period tier price max\npower town * grid 5 4\npower town * peak 9 -\n"
        + "\n".join(f"power town {year} river 1 {RIVER[year]}" for year in chance),
        "demand": "commodity site min max price\npower town 10 10 0",
        "recipes": "technology commodity quantity\nrun power 1",
        "tech_sites": "technology site variable_cost\nrun town 1",
        "capacity_use": "technology unit use\nrun plant 1",
        "options": "option variable_cost max_size\nbuild 3 100",
        "option_effects": "option unit site per_size\nbuild plant town 1",
    }


def of_size(size: float) -> Tables:
    """Both years with the size given."""
    fixed = {"limits": [{"limit": "size", "sense": "=", "rhs": size}], "limit_terms": [{"limit": "size", "kind": "size", "a": "build", "coefficient": 1.0}]}
    return world(**texts(BOTH)) | {name: frame(name, rows) for name, rows in fixed.items()}


@pytest.mark.parametrize(("chance", "size", "cost"), [({"dry": 1.0}, 6, 28), ({"wet": 1.0}, 0, 10), (BOTH, 2, 24)])
def test_plans_of_one_year_and_of_both(chance, size, cost):
    plan = solve(world(**texts(chance)))
    assert plan.objective == pytest.approx(cost)
    assert plan["size", "build", "now"] == pytest.approx(size)


@pytest.mark.parametrize(("size", "cost"), [(0, 26), (2, 24), (3, 25), (6, 28)])
def test_the_cost_of_other_sizes(size, cost):
    assert solve(of_size(size)).objective == pytest.approx(cost)


def test_what_a_unit_of_size_is_worth():
    """At size 2 the next unit saves 4 in half of the cases and costs 3; the one before saved 8/2 − 3 = 1."""
    assert solve(of_size(1)).objective - solve(of_size(2)).objective == pytest.approx(1)
    assert solve(of_size(2)).objective - solve(of_size(3)).objective == pytest.approx(-1)


def test_the_study_says_so(tmp_path):
    scenario, data = open_scenario(None, dataset(tmp_path, **texts(BOTH)), tmp_path, {})
    found = hedge(scenario, data, lambda step, **facts: None)
    assert found.cost == pytest.approx(24)
    assert found.known == pytest.approx({"dry": 28, "wet": 10})
    assert found.perfect_information == pytest.approx(5)
    assert found.built_for_mean == pytest.approx(25)
    assert found.built_for_mean - found.cost == pytest.approx(1)
    assert tuple(found.sizes.set_index("option").loc["build", ["hedge", "dry", "wet", "mean"]]) == pytest.approx((2, 6, 0, 3))
    assert found.differs
