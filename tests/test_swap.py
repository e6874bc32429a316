"""Swap pools: options, effects and the indicator that holds new against closed, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from model.expand.industry import expand
from model.problems import Problems
from model.tables import Tables, frame
from tests.industry_world import Row, option, places, plant, world

POOL: Row = {"pool": "region", "regions": "sichuan;chongqing", "ratio": 1.25, "closures_allowed": 1, "new_potlines_allowed": 1, "clause": "Q-1"}


def new(site: str, region: str, tariff: str) -> Row:
    return {
        "site": site, "region": region, "technology": "smelt", "tariff": tariff, "max_size": 700, "ac_intensity": 13000,
        "comprehensive_intensity": 13250, "restart_cost": 1800, "min_load": 0.9,
    }


def swapped(*pools: Row, stages: tuple[str, ...] = ("y2027",)) -> tuple[Tables, Problems]:
    tables = world()
    tables["plants"] = frame("plants", [plant("one", "north", "sichuan", "cheap"), plant("two", "south", "chongqing", "dear", capacity=120)])
    tables["new_potlines"] = frame("new_potlines", [new("north", "sichuan", "cheap"), new("far", "chongqing", "dear")])
    tables["swap_pools"] = frame("swap_pools", pools)
    problems = Problems()
    core = {"periods": frame("periods", [{"period": f"{stage}m1", "stage": stage} for stage in stages])}
    return expand(tables, core, problems), problems


def balance(core: Tables, indicator: str) -> dict[tuple[str, str], float]:
    found = core["indicator_terms"][core["indicator_terms"]["indicator"] == indicator]
    assert set(found["kind"]) == {"size"}
    return {(row["a"], row["period"]): row["coefficient"] for row in found.to_dict("records")}


def effect(core: Tables, name: str) -> tuple[Any, ...]:
    row = core["option_effects"].set_index("option").loc[name]
    return row["unit"], row["site"], row["per_size"]


def test_a_closure_saves_the_avoidable_fixed_cost_and_pays_for_closing() -> None:
    core, _ = swapped(POOL)
    # 440 x 0.9 = 396 yuan saved; 500 x 0.1018522 = 50.93 a year for closing: -345.07 yuan per t and year
    assert option(core, "close_one")["variable_cost"] == pytest.approx(-0.3450739, abs=1e-6)
    assert (option(core, "close_two")["max_size"], effect(core, "close_two")) == (120, ("potline_two", "south", -1.0))


def test_a_new_potline_costs_its_annuity_and_its_fixed_cost() -> None:
    core, _ = swapped(POOL)
    assert option(core, "new_potline_north")["variable_cost"] == pytest.approx(1.3159289, abs=1e-6)  # 875.93 + 440 yuan
    assert effect(core, "new_potline_far") == ("potline_new", "far", 1.0)
    recipes = core["recipes"][core["recipes"]["technology"] == "smelt_new_far"].set_index("commodity")["quantity"]
    assert recipes["power_dear"] == pytest.approx(-13.25)
    assert "potline_new" not in set(core["capacity"]["unit"])


def test_the_pool_holds_new_times_ratio_against_closed() -> None:
    core, _ = swapped(POOL)
    assert balance(core, "swap_region") == {
        ("close_one", "*"): -1.0, ("close_two", "*"): -1.0, ("new_potline_north", "*"): 1.25, ("new_potline_far", "*"): 1.25,
    }
    row = core["indicators"].set_index("indicator").loc["swap_region"]
    assert (row["max"], row["clause"], row["scope"]) == (0.0, "Q-1", "horizon")


def test_a_switched_off_pool_keeps_its_options_at_zero() -> None:
    core, _ = swapped({**POOL, "closures_allowed": 0, "new_potlines_allowed": 0})
    for name in ("close_one", "close_two", "new_potline_north", "new_potline_far"):
        found = option(core, name)
        assert (found["max_size"], found["forced"]) == (0, 0)
        assert "Q-1" in found["note"]
    assert places(core, "smelt_new_north") == {"north"}  # its technology is known, but has no capacity to run on
    assert "potline_new" not in set(core["capacity"]["unit"])


def test_closures_and_new_potlines_are_switched_apart() -> None:
    core, _ = swapped({**POOL, "new_potlines_allowed": 0})
    assert option(core, "close_one")["max_size"] == 100
    assert option(core, "new_potline_north")["max_size"] == 0


def test_outside_quota_is_bought_at_its_price() -> None:
    core, _ = swapped({**POOL, "outside_quota": 135, "outside_price": 3990})
    found = option(core, "quota_region")
    assert (found["max_size"], found["variable_cost"]) == (135, pytest.approx(0.4063903, abs=1e-6))  # 3,990 x 0.1018522
    assert balance(core, "swap_region")[("quota_region", "*")] == -1.0
    assert "quota_region" not in set(core["option_effects"]["option"])


def test_without_outside_quota_there_is_nothing_to_buy() -> None:
    core, _ = swapped(POOL)
    assert "quota_region" not in set(core["options"]["option"])


def test_each_stage_sees_its_own_and_earlier_decisions_only() -> None:
    core, _ = swapped(POOL, stages=("y2027", "y2030"))
    early, late = balance(core, "swap_region_y2027"), balance(core, "swap_region_y2030")
    assert {period for _, period in early} == {"y2027"}  # no early build may borrow a later closure
    assert late[("close_one", "y2027")] == late[("close_one", "y2030")] == -1.0
    assert set(core["options"].loc[core["options"]["option"] == "close_one", "period"]) == {"y2027", "y2030"}


def test_outside_quota_is_a_total_over_all_stages() -> None:
    core, _ = swapped({**POOL, "outside_quota": 135}, stages=("y2027", "y2030"))
    assert core["indicators"].set_index("indicator").loc["quota_region", "max"] == 135
    assert balance(core, "quota_region") == {("quota_region", "*"): 1.0}


def test_separate_pools_keep_provinces_apart() -> None:
    core, _ = swapped({**POOL, "pool": "north_pool", "regions": "sichuan"}, {**POOL, "pool": "south_pool", "regions": "chongqing"})
    assert set(balance(core, "swap_north_pool")) == {("close_one", "*"), ("new_potline_north", "*")}
    assert set(balance(core, "swap_south_pool")) == {("close_two", "*"), ("new_potline_far", "*")}


def test_a_region_in_no_pool_can_neither_close_nor_build() -> None:
    core, _ = swapped({**POOL, "regions": "sichuan"})
    names = set(core["options"]["option"])
    assert "close_one" in names and not names & {"close_two", "new_potline_far"}


def test_a_region_in_two_pools_is_reported() -> None:
    _, problems = swapped(POOL, {**POOL, "pool": "second", "regions": "chongqing"})
    assert [(problem.rule, dict(problem.facts)["region"]) for problem in problems.errors] == [("industry_two_pools", "chongqing")]
