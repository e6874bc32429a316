"""Element limits: how much room and need each charge has, and what dilution they force in a solved world."""

from __future__ import annotations

import pytest

from model.expand.quality import quality_rows
from model.tables import Tables, frame, merged
from tests.industry_world import Row
from tests.worlds import Plan, solve
from tests.worlds import world as core_world

LIMIT: Row = {"product": "billet", "element": "iron", "technologies": "melt;dilute", "dilution": "dilute", "max_share": 0.4}
CONTENTS: list[Row] = [{"input": "scrap", "element": "iron", "content": 0.5}, {"input": "ingot", "element": "iron", "content": 0.1}]
RECIPES: list[Row] = [
    {"technology": "melt", "site": "*", "commodity": "billet", "quantity": 1.0}, {"technology": "melt", "site": "*", "commodity": "scrap", "quantity": -1.0},
    {"technology": "dilute", "site": "*", "commodity": "billet", "quantity": 1.0}, {"technology": "dilute", "site": "*", "commodity": "ingot", "quantity": -1.0},
]


def rows(limit: Row = LIMIT, recipes: list[Row] = RECIPES, **more: list[Row]) -> dict[str, list[Row]]:
    tables: Tables = {"quality_limits": frame("quality_limits", [limit]), "element_contents": frame("element_contents", CONTENTS)}
    return quality_rows(tables | {name: frame(name, content) for name, content in more.items()}, recipes)


def quantities(made: dict[str, list[Row]]) -> dict[tuple[str, str, str], float]:
    return {(row["technology"], row["site"], row["commodity"]): row["quantity"] for row in made["recipes"]}


def test_dirty_scrap_uses_the_room_that_primary_metal_makes() -> None:
    assert quantities(rows()) == {
        ("melt", "*", "room_iron_billet"): pytest.approx(-0.001), ("dilute", "*", "room_iron_billet"): pytest.approx(0.003),  # 0.4 - 0.5, 0.4 - 0.1 %
        ("melt", "*", "need_iron_billet"): pytest.approx(0.001), ("dilute", "*", "need_iron_billet"): pytest.approx(-0.003),
    }


def test_without_the_word_dilution_there_is_no_ceiling_on_it() -> None:
    assert {key[2] for key in quantities(rows(LIMIT | {"dilution": ""}))} == {"room_iron_billet"}


def test_clean_scrap_needs_no_dilution() -> None:
    made = rows(element_contents=[{"input": "scrap", "element": "iron", "content": 0.3}])
    assert quantities(made)["melt", "*", "room_iron_billet"] == pytest.approx(0.001)
    assert ("melt", "*", "need_iron_billet") not in quantities(made)


def test_a_charge_without_analysis_brings_none_and_more_scrap_brings_more() -> None:
    assert quantities(rows(element_contents=[]))["melt", "*", "room_iron_billet"] == pytest.approx(0.004)
    poor = [{**row, "quantity": -1.2} if row["commodity"] == "scrap" else row for row in RECIPES]
    assert quantities(rows(recipes=poor))["melt", "*", "room_iron_billet"] == pytest.approx(-0.002)  # 0.4 - 1.2 x 0.5 %


def test_a_site_with_a_recipe_of_its_own_has_room_of_its_own() -> None:
    own = [*RECIPES, {"technology": "melt", "site": "park", "commodity": "scrap", "quantity": -1.2}]
    found = quantities(rows(recipes=own))
    assert found["melt", "park", "room_iron_billet"] == pytest.approx(-0.002)
    power = [*RECIPES, {"technology": "melt", "site": "park", "commodity": "power", "quantity": -0.2}]
    assert ("melt", "park", "room_iron_billet") not in quantities(rows(recipes=power))  # nothing about iron differs there


def test_room_is_a_good_named_after_element_and_product() -> None:
    goods = [{"commodity": "billet", "name_zh": "铝棒", "name_en": "billet"}]
    named = rows(LIMIT | {"name_zh": "铁", "name_en": "iron"}, commodities=goods)["commodities"]
    assert [row["name_en"] for row in named] == ["iron that billet may still take", "dilution that billet needs for iron"]
    assert [row["name_zh"] for row in named] == ["铝棒还可容纳的铁", "铝棒因铁需要的稀释"]


def melted(limit: Row = LIMIT, ingot: float = 20.0) -> Plan:
    """4 kt of billet from scrap at 15 and ingot at ``ingot``; a furnace of any size."""
    core = core_world(
        recipes="technology commodity quantity\nmelt billet 1\nmelt scrap -1\ndilute billet 1\ndilute ingot -1",
        tech_sites="technology site variable_cost\nmelt park 0\ndilute park 0",
        supply=f"commodity site price\nscrap park 15\ningot park {ingot}", demand="commodity site min max price\nbillet park 4 4 0",
    )
    made = {name: frame(name, content) for name, content in rows(limit).items() if name == "recipes"}
    return solve(merged(core, made))


def test_the_limit_forces_a_quarter_of_primary_metal() -> None:
    """0.5 s + 0.1 d = 0.4 (s + d): d is a third of s, so 3 kt of scrap and 1 of ingot: 3 x 15 + 20."""
    plan = melted()
    assert plan.objective == pytest.approx(65.0)
    assert plan["activity", "dilute", "park", "all"] == pytest.approx(1.0)


def test_a_recycling_line_casts_no_more_primary_metal_than_dilution_needs() -> None:
    assert melted(ingot=10.0)["activity", "dilute", "park", "all"] == pytest.approx(1.0)  # ingot is cheaper than scrap, and yet
    assert melted(LIMIT | {"dilution": ""}, ingot=10.0)["activity", "dilute", "park", "all"] == pytest.approx(4.0)


def test_the_price_of_room_is_what_a_tonne_of_iron_costs() -> None:
    """One more kt of iron allowed: 250 kt of scrap for ingot (0.4 % apart), each 5 cheaper: 1,250."""
    assert melted(LIMIT | {"dilution": ""}).duals["balance"]["room_iron_billet", "park", "all"] == pytest.approx(1250.0)
