"""Discrete siting: smallest sizes, fixed charges, named projects as a whole."""

from __future__ import annotations

import pytest

from model.expand.plant_sizes import with_plant_sizes
from model.problems import Problems
from model.tables import Tables, frame, merged
from tests.industry_world import Row
from tests.worlds import solve
from tests.worlds import world as core_world

SIZE: Row = {"technology": "roll", "min_size": 50, "typical_size": 200, "fixed_share": 0.25, "in_use": 1}


def tables(**size: object) -> Tables:
    rows: dict[str, list[Row]] = {
        "plant_sizes": [SIZE | size], "sites": [{"site": "north"}, {"site": "south"}],
        "expansions": [{"technology": "roll", "site": "*", "max_size": 200}, {"technology": "forge", "site": "north", "max_size": 60}],
        "projects": [{"project": "mill", "site": "north", "technology": "roll", "size": 80, "status": "planned", "year": 2027}],
        "new_potlines": [{
            "site": "north", "region": "sichuan", "tariff": "t", "max_size": 700, "ac_intensity": 13000, "comprehensive_intensity": 13250,
            "restart_cost": 0,
        }],
    }
    return {name: frame(name, found) for name, found in rows.items()}


OPTIONS: list[Row] = [
    {"option": name, "site": "north", "variable_cost": 2.0, "max_size": size}
    for name, size in (("expand_roll_north", 200), ("expand_roll_south", 0), ("expand_forge_north", 60), ("mill", 80), ("new_potline_north", 700))
]


def options(**size: object) -> dict[str, Row]:
    problems = Problems()
    made = with_plant_sizes(tables(**size), {"options": frame("options", OPTIONS)}, problems)
    assert not problems.errors
    return {row["option"]: row for row in made["options"].to_dict("records")}


def test_a_generic_plant_has_a_smallest_size_and_a_fixed_charge() -> None:
    found = options()["expand_roll_north"]
    # charge 2 per kt at 200 kt: 0.25 x 200 x 2 fixed, 1.5 per kt; 400 at 200 kt as before, 200 at 67 kt instead of 133
    assert (found["min_size"], found["fixed_cost"], found["variable_cost"]) == (50.0, pytest.approx(100.0), pytest.approx(1.5))


def test_named_projects_come_as_a_whole_and_the_rest_stays_linear() -> None:
    found = options()
    assert (found["mill"]["min_size"], found["mill"]["variable_cost"]) == (80.0, 2.0)
    for name in ("expand_roll_south", "expand_forge_north", "new_potline_north"):
        assert (found[name]["min_size"], found[name]["fixed_cost"]) == (0.0, 0.0)
    assert options(technology="smelt_new", fixed_share=0.0)["new_potline_north"]["min_size"] == 50.0


def test_off_by_default() -> None:
    assert options(in_use=0)["expand_roll_north"]["min_size"] == 0.0


def test_a_smallest_size_above_the_largest_is_refused() -> None:
    problems = Problems()
    with_plant_sizes(tables(min_size=300), {"options": frame("options", OPTIONS)}, problems)
    assert [problem.rule for problem in problems.errors] == ["plant_size_too_large"]
    assert "expand_roll_north" in problems.errors[0].text("en") and "200" in problems.errors[0].text("zh")


@pytest.mark.parametrize(("sheet", "cost", "built"), [
    # bought at 4 per kt or made in the new plant at 100 + 1.5 s: worth it from 40 kt, but no plant is smaller than 50
    (30.0, 120.0, 0.0), (45.0, 175.0, 50.0), (60.0, 190.0, 60.0),
])
def test_small_needs_are_bought_instead_of_built(sheet: float, cost: float, built: float) -> None:
    core = core_world(
        recipes="technology commodity quantity\nroll sheet 1", tech_sites="technology site variable_cost\nroll north 0",
        capacity_use="technology unit use\nroll mill 1", option_effects="option unit site per_size\nexpand_roll_north mill north 1",
        supply="commodity site price\nsheet north 4", demand=f"commodity site min max price\nsheet north {sheet} {sheet} 0",
    )
    core = merged(core, {"options": frame("options", OPTIONS[:1])})
    plan = solve(with_plant_sizes(tables(), core, Problems()))
    assert plan.objective == pytest.approx(cost)
    assert plan.values["size"].iloc[0] == pytest.approx(built)
