"""Swap pools: options, effects and the indicator that holds new against closed, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from model.expand.industry import expand
from model.problems import Problems
from model.tables import Tables, frame
from tests.industry_world import Row, option, places, plant, world

POOL: Row = {"pool": "region", "regions": "sichuan;chongqing", "ratio": 1.25, "closures_allowed": 1, "new_potlines_allowed": 1, "clause": "Q-1"}


def new(site: str, region: str, tariff: str, **more: Any) -> Row:
    return {
        "site": site, "region": region, "technology": "smelt", "tariff": tariff, "max_size": 700, "ac_intensity": 13000,
        "comprehensive_intensity": 13250, "restart_cost": 1800, "min_load": 0.9, **more,
    }


def swapped(*pools: Row, stages: tuple[str, ...] = ("y2027",), **more: list[Row]) -> tuple[Tables, Problems]:
    tables = world() | {("stages" if name == "stages_table" else name): frame("stages" if name == "stages_table" else name, rows) for name, rows in more.items()}
    tables["plants"] = frame("plants", [plant("one", "north", "sichuan", "cheap"), plant("two", "south", "chongqing", "dear", capacity=120)])
    if "new_potlines" not in more:
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



WITHIN: Row = {**POOL, "pool": "own", "within": "region", "ratio": 1.0, "name_en": "Own province", "name_zh": "本省"}


def ledger_of(core: Tables, ledger: str) -> dict[tuple[str, str, str], tuple[float, str]]:
    found = core["ledger_entries"][core["ledger_entries"]["ledger"] == ledger]
    return {(row["kind"], row["option"], row["period"]): (row["coefficient"], row["until"]) for row in found.to_dict("records")}


def test_a_row_makes_one_pool_per_region() -> None:
    core, _ = swapped(WITHIN)
    assert balance(core, "swap_own_sichuan") == {("close_one", "*"): -1.0, ("new_potline_north", "*"): 1.0}
    assert balance(core, "swap_own_chongqing") == {("close_two", "*"): -1.0, ("new_potline_far", "*"): 1.0}
    names = core["indicators"].set_index("indicator").loc["swap_own_sichuan"]
    assert "Own province: Sichuan" in names["name_en"] and "本省·四川" in names["name_zh"]


def test_a_pool_within_a_city_or_a_site_holds_its_own_potlines_only() -> None:
    """South and far lie in one city, north in none: only two and far may exchange. At one site there is no pair but north."""
    cities = [{"site": "north", "region": "sichuan"}, *({"site": site, "region": "chongqing", "city": "bay"} for site in ("south", "far"))]
    core, _ = swapped({**WITHIN, "within": "city"}, sites=cities)
    assert balance(core, "swap_own_bay") == {("close_two", "*"): -1.0, ("new_potline_far", "*"): 1.0}
    assert not set(core["options"]["option"]) & {"close_one", "new_potline_north"}
    core, _ = swapped({**WITHIN, "within": "site"})
    assert balance(core, "swap_own_north") == {("close_one", "*"): -1.0, ("new_potline_north", "*"): 1.0}
    assert balance(core, "swap_own_south") == {("close_two", "*"): -1.0} and balance(core, "swap_own_far") == {("new_potline_far", "*"): 1.0}


def test_in_two_open_pools_a_potline_divides_its_quota() -> None:
    """1 : 1 at home, 1.25 : 1 across: what is ceded is at most what closes, what is drawn at least what is built."""
    core, problems = swapped(WITHIN, POOL)
    assert not problems.errors
    assert balance(core, "swap_region") == {
        ("cede_one_region", "*"): -1.0, ("cede_two_region", "*"): -1.0, ("draw_north_region", "*"): 1.25, ("draw_far_region", "*"): 1.25,
    }
    assert balance(core, "swap_own_sichuan") == {("cede_one_own_sichuan", "*"): -1.0, ("draw_north_own_sichuan", "*"): 1.0}
    assert balance(core, "quota_of_close_two") == {
        ("close_two", "*"): -1.0, ("cede_two_own_chongqing", "*"): 1.0, ("cede_two_region", "*"): 1.0,
    }
    assert balance(core, "quota_of_new_potline_far") == {
        ("new_potline_far", "*"): 1.0, ("draw_far_own_chongqing", "*"): -1.0, ("draw_far_region", "*"): -1.0,
    }
    assert (option(core, "cede_two_region")["max_size"], option(core, "cede_two_region")["variable_cost"]) == (120, 0)
    assert not set(core["option_effects"]["option"]) & {"cede_two_region", "draw_far_region"}


def test_a_shut_pool_beside_an_open_one_plays_no_part() -> None:
    core, _ = swapped({**POOL, "closures_allowed": 0, "new_potlines_allowed": 0}, WITHIN)
    assert "swap_region" not in set(core["indicators"]["indicator"])
    assert option(core, "close_one")["max_size"] == 100


def test_outside_quota_of_several_pools_is_limited_together() -> None:
    core, _ = swapped({**WITHIN, "outside_quota": 30, "outside_price": 4000})
    assert balance(core, "quota_own") == {("quota_own_sichuan", "*"): 1.0, ("quota_own_chongqing", "*"): 1.0}
    assert core["indicators"].set_index("indicator").loc["quota_own", "max"] == 30


def test_the_ledger_of_a_pool_in_new_capacity() -> None:
    """1.25 closed make 1 new: a kt closed or bought creates 0.8 kt; 6,000 yuan x 0.1018522 x 1.25 a year inside the pool."""
    core, _ = swapped({**POOL, "outside_quota": 135, "inside_price": 6000})
    assert ledger_of(core, "swap_region") == {
        ("created", "close_one", "*"): (0.8, ""), ("created", "close_two", "*"): (0.8, ""), ("bought", "quota_region", "*"): (0.8, ""),
        ("used", "new_potline_north", "*"): (1.0, ""), ("used", "new_potline_far", "*"): (1.0, ""),
    }
    row = core["ledgers"].set_index("ledger").loc["swap_region"]
    assert (row["ratio"], row["indicators"], row["clause"]) == (1.25, "swap_region", "Q-1")
    assert (row["annuity"], row["price"]) == (pytest.approx(0.1018522, abs=1e-7), pytest.approx(0.7638915, abs=1e-6))


def test_a_shut_pool_keeps_no_ledger() -> None:
    core, _ = swapped({**POOL, "closures_allowed": 0, "new_potlines_allowed": 0})
    assert "ledgers" not in core and "ledger_entries" not in core


def donors(**cells: Any) -> list[Row]:
    return [{"plant": "two", **cells}]


RULES = [{"rule": rule, "value": value, "clause": "W"} for rule, value in (
    ("list_month", 201710), ("lapse_year", 2018), ("design_tonnes", 1), ("ac_limit", 13000), ("first_year", 2025),
)]


def test_quota_counts_approved_design_tonnes() -> None:
    """Two runs at 120 of an approved 150: a kt that closes gives 1.25 kt of quota, 1 kt at ratio 1.25."""
    core, _ = swapped(POOL, quota_lines=donors(design_capacity=150), swap_rules=RULES)
    assert balance(core, "swap_region")[("close_two", "*")] == -1.25
    assert ledger_of(core, "swap_region")[("created", "close_two", "*")] == (1.0, "")
    core, _ = swapped(POOL, quota_lines=donors(design_capacity=150))  # without the rule capacity counts as it stands
    assert balance(core, "swap_region")[("close_two", "*")] == -1.0


@pytest.mark.parametrize(("cells", "words"), [
    ({"listed": 0}, "list filed in 201710"), ({"stopped": 2016}, "stopped in 2016"), ({"phase_out": 2026}, "phased out by 2026"),
])
def test_a_potline_that_is_not_eligible_gives_no_quota(cells: Row, words: str) -> None:
    core, _ = swapped(POOL, quota_lines=donors(**cells), swap_rules=RULES)
    assert {name for name, _ in balance(core, "swap_region")} == {"close_one", "new_potline_north", "new_potline_far"}
    assert ("created", "close_two", "*") not in ledger_of(core, "swap_region")
    assert option(core, "close_two")["max_size"] == 120 and words in option(core, "close_two")["note"]


@pytest.mark.parametrize("cells", [{"listed": 1}, {"stopped": 2019}, {"phase_out": 2028}], ids=str)
def test_a_potline_that_keeps_the_rules_gives_quota(cells: Row) -> None:
    core, _ = swapped(POOL, quota_lines=donors(**cells), swap_rules=RULES)
    assert balance(core, "swap_region")[("close_two", "*")] == -1.0


def test_a_potline_may_have_to_close_or_to_stay() -> None:
    core, _ = swapped(POOL, quota_lines=[{"plant": "one", "may_close": 0}, {"plant": "two", "must_close": 120}])
    assert (option(core, "close_one")["max_size"], option(core, "close_two")["max_size"]) == (0, 120)
    assert balance(core, "must_close_two") == {("close_two", "*"): 1.0}
    assert core["indicators"].set_index("indicator").loc["must_close_two", "min"] == 120


def test_an_inefficient_new_potline_is_shut_and_named() -> None:
    lines = [new("north", "sichuan", "cheap", ac_intensity=13050), new("far", "chongqing", "dear")]
    core, problems = swapped(POOL, new_potlines=lines, swap_rules=RULES)
    assert (option(core, "new_potline_north")["max_size"], option(core, "new_potline_far")["max_size"]) == (0, 700)
    assert "13050" in option(core, "new_potline_north")["note"] and "clause W" in option(core, "new_potline_north")["note"]
    assert [(note.rule, note.column, note.value) for note in problems.notes] == [("swap_inefficient", "ac_intensity", "13050")]


def test_a_new_potline_serves_once_it_can_be_built() -> None:
    """Decided in 2025 at the earliest and built in three years, it serves from 2028: not in 2027, but in 2030."""
    lines = [new("north", "sichuan", "cheap", lead_years=3), new("far", "chongqing", "dear", lead_years=2)]
    core, _ = swapped(POOL, new_potlines=lines, swap_rules=RULES)
    assert (option(core, "new_potline_north")["max_size"], option(core, "new_potline_far")["max_size"]) == (0, 700)
    assert "2028" in option(core, "new_potline_north")["note"]
    core, _ = swapped(POOL, new_potlines=lines, swap_rules=RULES, stages=("y2027", "y2030"))
    rows = core["options"].set_index(["option", "period"])["max_size"]
    assert (rows["new_potline_north", "y2027"], rows["new_potline_north", "y2030"], rows["new_potline_far", "y2027"]) == (0, 700, 700)
    assert balance(core, "room_new_potline_north") == {("new_potline_north", "*"): 1.0}  # 700 in both stages together
    assert core["indicators"].set_index("indicator").loc["room_new_potline_north", "max"] == 700


def test_the_year_of_a_stage_may_stand_in_a_table() -> None:
    lines = [new("far", "chongqing", "dear", lead_years=3)]
    stated = [{"stage": "early", "year": 2027, "years": 1, "in_use": 1}, {"stage": "late", "year": 2030, "years": 1, "in_use": 1}]
    core, _ = swapped(POOL, new_potlines=lines, swap_rules=RULES, stages=("early", "late"), stages_table=stated)
    rows = core["options"].set_index(["option", "period"])["max_size"]
    assert (rows["new_potline_far", "early"], rows["new_potline_far", "late"]) == (0, 700)


def test_a_quota_that_ends_bounds_every_span_it_does_not_reach() -> None:
    """Valid for three years: of y2025 until y2027, of y2027 until y2030, of y2030 to the end.

    So besides everything so far, what is used in y2030 alone needs what was created in y2027 or y2030.
    """
    core, _ = swapped({**POOL, "valid_years": 3}, stages=("y2025", "y2027", "y2030"))
    late = balance(core, "swap_region_y2030_y2030")
    assert {stage for name, stage in late if name == "close_one"} == {"y2027", "y2030"}
    assert {stage for name, stage in late if name == "new_potline_far"} == {"y2030"}
    indicators = {name for name in core["indicators"]["indicator"] if name.startswith("swap_")}
    assert indicators == {"swap_region_y2025", "swap_region_y2027", "swap_region_y2030", "swap_region_y2030_y2030"}
    entries = ledger_of(core, "swap_region")
    assert [entries["created", "close_one", stage][1] for stage in ("y2025", "y2027", "y2030")] == ["y2027", "", ""]
    assert core["ledgers"]["indicators"].iloc[0] == "swap_region_y2025;swap_region_y2027;swap_region_y2030;swap_region_y2030_y2030"
