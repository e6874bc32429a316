"""Overhauls: the pots that are due for relining stop first, and everything else of a potline stays what it was."""

from __future__ import annotations

import pytest

from model.expand.overhauls import with_overhauls
from model.tables import Tables, frame
from tests.industry_world import Row, expanded, plant, recipes_of, with_rows
from tests.worlds import solve
from tests.worlds import world as core_world


def cut(*rules: Row) -> tuple[Tables, Tables]:
    """The industry world with two potlines of 100 kt, before and after the rules."""
    tables = with_rows("measures", {"measure": "metal", "kind": "output", "stages": "smelting"}, {"measure": "room", "kind": "capacity", "stages": "smelting"})
    core, problems = expanded(tables)
    assert not problems.errors
    return core, with_overhauls(tables | {"overhauls": frame("overhauls", rules)}, core)


RULE: Row = {"plant": "*", "share": 0.2, "restart_cost": 100, "in_use": 1}


def test_the_potline_is_cut_and_its_sum_stays() -> None:
    before, after = cut(RULE)
    capacity = after["capacity"].set_index("unit")["amount"]
    assert (capacity["potline_one"], capacity["potline_one_overhaul"]) == (pytest.approx(80.0), pytest.approx(20.0))
    assert capacity.sum() == pytest.approx(before["capacity"]["amount"].sum())
    units = after["units"].set_index("unit")
    assert (units.loc["potline_one", "restart_cost"], units.loc["potline_one_overhaul", "restart_cost"]) == (pytest.approx(1.8), pytest.approx(0.1))
    assert units.loc["potline_one_overhaul", "min_load"] == 0.9


def test_both_parts_have_one_recipe_one_cost_and_one_place_in_every_measure() -> None:
    _, after = cut(RULE)
    assert recipes_of(after, "smelt_one_overhaul") == recipes_of(after, "smelt_one")
    cost = after["tech_sites"].set_index("technology")["variable_cost"]
    assert cost["smelt_one_overhaul"] == cost["smelt_one"]
    assert after["capacity_use"].set_index("technology").loc["smelt_one_overhaul", "unit"] == "potline_one_overhaul"
    terms = after["indicator_terms"]
    assert {"smelt_one", "smelt_one_overhaul"} <= set(terms.loc[terms["indicator"] == "metal", "a"])
    assert {"potline_two", "potline_two_overhaul"} <= set(terms.loc[terms["indicator"] == "room", "a"])


def test_a_closure_takes_both_parts() -> None:
    core = {"option_effects": frame("option_effects", [{"option": "close_one", "unit": "potline_one", "site": "north", "per_size": -1.0}])}
    tables = {"plants": frame("plants", [plant("one", "north", "sichuan", "cheap")]), "overhauls": frame("overhauls", [RULE])}
    effects = with_overhauls(tables, core)["option_effects"].set_index("unit")["per_size"]
    assert effects.to_dict() == {"potline_one": pytest.approx(-0.8), "potline_one_overhaul": pytest.approx(-0.2)}


def test_a_rule_of_its_own_wins_and_off_is_off() -> None:
    _, after = cut(RULE, {"plant": "two", "share": 0.5, "in_use": 1})
    assert after["capacity"].set_index("unit")["amount"]["potline_two_overhaul"] == pytest.approx(50.0)
    before, after = cut(RULE | {"in_use": 0})
    assert len(after["capacity"]) == len(before["capacity"])


@pytest.mark.parametrize(("restart", "made"), [(3.0, 10.0), (0.0, 0.0)])
def test_pots_due_for_relining_stop_in_the_dear_half_year(restart: float, made: float) -> None:
    """Metal brings 20; power costs 10 in the first half year and 24 in the second, so a kt loses 4 there.

    A part of 20 kt/yr stands still for the second half (saves 40) if bringing back 20 kt costs less: at 3 per kt it would cost 60.
    """
    plants = frame("plants", [plant("one", "park", "sichuan", "t")])
    core = core_world(
        periods="period stage length order\nm01 s 0.5 1\nm02 s 0.5 2", recipes="technology site commodity quantity\nsmelt_one park metal 1",
        tech_sites="technology site period variable_cost\nsmelt_one park m01 10\nsmelt_one park m02 24", capacity="unit site amount\npotline_one park 100",
        capacity_use="technology unit use\nsmelt_one potline_one 1", units="unit site min_load restart_cost\npotline_one park 1 3",
        demand="commodity site min max price\nmetal park 0 200 20",
    )
    rules = frame("overhauls", [RULE | {"restart_cost": restart * 1000}])
    plan = solve(with_overhauls({"plants": plants, "overhauls": rules}, core))
    assert plan["activity", "smelt_one", "park", "m02"] == pytest.approx(40.0)  # 80 kt/yr cost 240 to bring back and lose 160
    assert plan["activity", "smelt_one_overhaul", "park", "m02"] == pytest.approx(made, abs=1e-9)
