"""Industry tables become core rows: a world of three sites, all numbers by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from model.expand.plants import potlines
from model.expand.recipes import cost_split
from model.tables import Tables, frame
from tests.industry_world import Row, expanded, option, places, plant, project, recipes_of, with_rows, world


def test_an_empty_dataset_expands_to_nothing() -> None:
    assert expanded({})[0] == {}


def test_a_dataset_without_a_rate_is_refused() -> None:
    core, problems = expanded({name: table for name, table in world().items() if name != "finance"})
    assert core == {}
    assert [problem.rule for problem in problems.errors] == ["industry_no_finance"]


def test_each_potline_is_a_technology_with_its_own_power() -> None:
    core, problems = expanded(world())
    assert not problems.errors
    # 13,500 kWh/t is 13.5 GWh per kt: the potline's own figure, not the 14,000 of its process
    assert recipes_of(core, "smelt_one") == {("north", "liquid"): 1.0, ("north", "alumina"): -1.92, ("north", "power_cheap"): -13.5}
    assert recipes_of(core, "smelt_two")[("south", "power_dear")] == pytest.approx(-13.25)
    assert "smelt" not in set(core["tech_sites"]["technology"])


def test_potlines_carry_capacity_and_running_limits() -> None:
    core, _ = expanded(world())
    capacity = core["capacity"].set_index("unit")["amount"]
    assert capacity["potline_one"] == 100.0
    unit = core["units"].set_index("unit").loc["potline_one"]
    assert (unit["min_load"], unit["restart_limit"], unit["restart_cost"]) == (0.9, 0.33, pytest.approx(1.8))


def test_two_potlines_share_a_site_without_sharing_a_unit() -> None:
    core, _ = expanded(with_rows("plants", plant("one", "north", "sichuan", "cheap"), plant("three", "north", "sichuan", "dear")))
    used = core["capacity_use"].set_index("technology")["unit"]
    assert used["smelt_one"] == "potline_one" and used["smelt_three"] == "potline_three"


def test_variable_cost_is_cash_cost_only() -> None:
    core, _ = expanded(world())
    cost = core["tech_sites"].set_index(["technology", "site"])["variable_cost"]
    assert cost[("smelt_one", "north")] == pytest.approx(0.380)  # 100 + 200 + 50 + 30 yuan/t, fixed and book cost left out
    assert cost[("cast", "north")] == pytest.approx(1.0)


def test_book_items_reach_no_core_row() -> None:
    plain, _ = expanded(world())
    tables = world()
    tables["technologies"] = tables["technologies"].assign(depreciation=1e6, finance=1e6)
    booked, _ = expanded(tables)
    for name, table in plain.items():
        pd.testing.assert_frame_equal(table, booked[name])


def test_the_split_of_a_cost_adds_up_to_it() -> None:
    tables = world()
    core, _ = expanded(tables)
    cost = core["tech_sites"].groupby("technology")["variable_cost"].first()
    split = cost_split(tables, potlines(tables))
    assert split["smelt_two"] == pytest.approx({"labour": 0.1, "maintenance": 0.2, "other_variable": 0.05, "overhead": 0.03})
    for name, value in cost.items():
        assert sum(split[str(name)].values()) == pytest.approx(value)


def test_the_tiered_tariff_uses_the_molten_metal_figure() -> None:
    tables = with_rows("plants", plant("one", "north", "sichuan", "cheap", ac_intensity=13340))
    tables["tiered_prices"] = frame("tiered_prices", [{"from_year": 2025, "threshold": 13300, "step": 20, "adder": 0.01, "vat": 0.13}])
    core, _ = expanded(tables)
    # two started steps of 20 kWh/t: 0.02 yuan/kWh with VAT x 13,340 kWh/t / 1.13 = 236.1 yuan/t on top of 380
    assert core["tech_sites"].set_index("technology")["variable_cost"]["smelt_one"] == pytest.approx(0.380 + 0.236106, abs=1e-6)


def test_generic_technologies_buy_power_at_the_tariff_of_their_province() -> None:
    core, _ = expanded(world())
    found = recipes_of(core, "sheet")
    assert found == {
        ("*", "sheet"): 1.0, ("*", "slab"): -1.03, ("*", "gas"): pytest.approx(-0.09),
        ("south", "power_industry_chongqing"): pytest.approx(-0.9),  # the site's own row, 900 kWh/t
    }


def test_a_region_without_a_tariff_is_reported() -> None:
    tables = with_rows("tariffs", *({"tariff": name, "vat": 0.13} for name in ("cheap", "dear", "industry_sichuan")))
    _, problems = expanded(tables)
    assert {problem.rule for problem in problems.errors} == {"industry_no_tariff"}


def test_a_technology_runs_where_unit_and_line_stand() -> None:
    core, _ = expanded(world())
    assert places(core, "sheet") == {"south"}
    assert places(core, "recycle") == {"far", "north"}  # an existing furnace, and a permitted expansion
    without_line = with_rows("existing_capacity", {"unit": "mill", "site": "south", "nameplate": 200})
    assert places(expanded(without_line)[0], "sheet") == set()


def test_a_technology_without_a_unit_follows_what_it_uses() -> None:
    core, _ = expanded(world())
    assert places(core, "cast") == {"north", "south"}  # at the potlines
    assert places(core, "treat") == {"north", "south", "far"}  # dross of casting, and of recycling
    assert not set(core["capacity_use"]["technology"]) & {"cast", "treat"}


def test_existing_capacity_is_nameplate_times_load_factor() -> None:
    core, _ = expanded(world())
    capacity = core["capacity"].set_index(["unit", "site"])["amount"]
    assert capacity[("mill", "south")] == pytest.approx(130.0)
    assert capacity[("finish", "south")] == 50.0
    use = core["capacity_use"].set_index(["technology", "unit"])["use"]
    assert (use[("sheet", "mill")], use[("sheet", "finish")]) == (1.5, 1.0)


def test_expansions_exist_wherever_a_permission_names_the_site() -> None:
    core, _ = expanded(world())
    assert option(core, "expand_recycle_north")["max_size"] == 300
    off = option(core, "expand_recycle_south")
    assert (off["max_size"], off["forced"]) == (0, 0)
    assert "P-1" in off["note"]
    assert "expand_recycle_far" not in set(core["options"]["option"])
    # 3,000 yuan over 15 years at 8 % = 350.49, and 440 of fixed cost: 0.79049 million yuan per kt
    assert option(core, "expand_recycle_north")["variable_cost"] == pytest.approx(0.790488, abs=1e-6)


def test_an_own_row_replaces_the_general_expansion() -> None:
    core, _ = expanded(with_rows(
        "expansions", {"technology": "recycle", "site": "*", "max_size": 300}, {"technology": "recycle", "site": "north", "max_size": 80},
    ))
    assert option(core, "expand_recycle_north")["max_size"] == 80
    assert len(core["options"][core["options"]["option"] == "expand_recycle_north"]) == 1


def test_a_permitted_project_is_an_option_of_its_own_size_and_capex() -> None:
    core, _ = expanded(with_rows("projects", project("named", "north", capex=2400)))
    found = option(core, "named")
    # 2,400 x 0.1168295 = 280.39, and 440: 0.72039
    assert (found["max_size"], found["variable_cost"]) == (100, pytest.approx(0.720391, abs=1e-6))
    assert pd.isna(found["forced"]) and found["min_size"] == 0 and found["fixed_cost"] == 0


@pytest.mark.parametrize(("more", "word"), [
    ({"site": "south"}, "P-1"), ({"site": "far", "clause": "P-9"}, "P-9"), ({"year": 2028}, "2028"),
    ({"status": "under_construction", "year": 2028}, "2028"), ({"status": "restrained"}, "restrained"), ({"allowed": 0}, "P-1"),
])
def test_what_may_not_be_built_stays_with_its_reason(more: Row, word: str) -> None:
    row: Row = {**project("named", "north"), **more}
    core, _ = expanded(with_rows("projects", row))
    found = option(core, "named")
    assert (found["max_size"], found["forced"]) == (0, 0)
    assert word in found["note"]


def test_a_project_may_be_allowed_by_name() -> None:
    core, _ = expanded(with_rows("projects", project("named", "south", allowed=1)))
    assert option(core, "named")["max_size"] == 100


def test_construction_finished_before_the_planning_year_is_sunk() -> None:
    row = project("mill_two", "south", "sheet", status="under_construction", year=2026, load_factor=0.5)
    core, _ = expanded(with_rows("projects", row))
    assert "mill_two" not in set(core["options"]["option"])
    added = core["capacity"][(core["capacity"]["site"] == "south") & (core["capacity"]["unit"] == "mill")]["amount"]
    assert sorted(added) == [pytest.approx(75.0), pytest.approx(130.0)]  # 100 x 0.5 x 1.5 of the mill, beside the old one


def test_an_option_serves_unit_and_line() -> None:
    core, _ = expanded(with_rows("projects", project("mill_two", "north", "sheet")))
    effects = core["option_effects"][core["option_effects"]["option"] == "mill_two"].set_index("unit")["per_size"]
    assert effects.to_dict() == {"mill": 1.5, "finish": 1.0}
    assert places(core, "sheet") == {"north", "south"}


def test_a_project_needs_a_technology_with_capacity() -> None:
    _, problems = expanded(with_rows("projects", project("named", "north", "cast")))
    assert [(problem.rule, problem.column) for problem in problems.errors] == [("industry_no_unit", "technology")]


def test_a_project_of_an_unknown_technology_does_not_stop_the_pass() -> None:
    core, _ = expanded(with_rows("projects", project("named", "north", "no_such"), project("other", "north")))
    assert "named" not in set(core["options"]["option"]) and "other" in set(core["options"]["option"])


def test_rows_remember_where_they_come_from() -> None:
    tables = world()
    tables["plants"] = tables["plants"].assign(_file="plants.csv", _row=[2, 3], source="S1", grade="B")
    core, _ = expanded(tables)
    row = core["capacity"].set_index("unit").loc["potline_two"]
    assert (row["_file"], row["_row"], row["source"], row["grade"]) == ("plants.csv", 3, "S1", "B")


def measure(name: str, kind: str, **more: Any) -> Row:
    return {"measure": name, "kind": kind, **more}


def terms(core: Tables, name: str) -> dict[tuple[str, str, str], float]:
    found = core["indicator_terms"][core["indicator_terms"]["indicator"] == name]
    return {(row["kind"], row["a"], row["b"]): row["coefficient"] for row in found.to_dict("records")}


def test_measures_sum_over_stage_and_region() -> None:
    core, _ = expanded(with_rows(
        "measures", measure("metal", "output", stages="smelting;recycling"), measure("south_metal", "output", stages="smelting", region="chongqing"),
        measure("room", "capacity", stages="smelting"), measure("worth", "value"), measure("sheets", "output", technologies="sheet", per="metal"),
    ))
    assert terms(core, "metal") == {("activity", name, "*"): 1.0 for name in ("smelt_one", "smelt_two", "recycle")}
    assert terms(core, "south_metal") == {("activity", "smelt_two", "*"): 1.0}
    assert terms(core, "room") == {("capacity", "potline_one", "north"): 1.0, ("capacity", "potline_two", "south"): 1.0}
    assert terms(core, "worth") == {("activity", "smelt_one", "*"): 18.0, ("activity", "smelt_two", "*"): 18.0}  # 18,000 yuan/t
    rows = core["indicators"].set_index("indicator")
    assert set(rows["scope"]) == {"stage"} and rows.loc["sheets", "per"] == "metal"


def test_carbon_counts_process_fuel_and_power() -> None:
    tables = with_rows("measures", measure("scope_one", "carbon_1"), measure("scope_two", "carbon_2"))
    tables["emission_factors"] = frame("emission_factors", [
        {"carrier": "technology_stage", "item": "smelting", "scope": "1", "factor": 1.5694},
        {"carrier": "commodity", "item": "gas", "scope": "1", "factor": 2.16},
        {"carrier": "electricity", "item": "sichuan", "scope": "2", "factor": 0.1564},
        {"carrier": "electricity", "item": "chongqing", "scope": "2", "factor": 0.52},
        {"carrier": "commodity", "item": "power_dear", "scope": "2", "factor": 0.9},
    ])
    core, _ = expanded(tables)
    one, two = terms(core, "scope_one"), terms(core, "scope_two")
    assert one[("activity", "smelt_one", "*")] == pytest.approx(1.5694)
    assert one[("activity", "sheet", "*")] == pytest.approx(0.1944)  # 90 Nm3/t x 2.16 kg
    assert two[("activity", "smelt_one", "*")] == pytest.approx(2.1114)  # 13.5 GWh x 0.1564
    assert two[("activity", "smelt_two", "*")] == pytest.approx(11.925)  # 13.25 GWh of captive power x 0.9
    assert two[("activity", "sheet", "*")] == pytest.approx(0.468)  # 0.9 GWh x 0.52
