"""Carbon and energy: the way power counts, carbon markets with free allowances, standard coal; all numbers by hand."""

from __future__ import annotations

from typing import Any

import pytest

from model import words
from model.expand.carbon_market import PARTS
from model.problems import Problems
from model.tables import Tables, frame
from tests.industry_world import Row, expanded, world
from tests.worlds import solve
from tests.worlds import world as core_world

FACTORS: list[Row] = [
    {"carrier": "technology_stage", "item": "smelting", "scope": "1", "factor": 1.5694},
    {"carrier": "commodity", "item": "gas", "scope": "1", "factor": 2.16},
    *({"carrier": "electricity", "item": region, "scope": "2", "accounting": way, "factor": factor} for region, way, factor in (
        ("sichuan", "province", 0.1564), ("chongqing", "province", 0.52), ("sichuan", "grid_average", 0.5306),
        ("chongqing", "grid_average", 0.5306), ("sichuan", "fossil_residual", 0.8273), ("chongqing", "fossil_residual", 0.8273),
    )),
    {"carrier": "commodity", "item": "power_dear", "scope": "2", "factor": 0.9},
]
MARKET: Row = {"market": "national", "stages": "smelting", "scopes": "1", "price": 100, "clause": "C-1", "name_zh": "全国", "name_en": "National"}


def made(settings: Row | None = None, **more: list[Row]) -> Tables:
    """The industry world with emission factors, ``settings`` and more tables, expanded."""
    rows = [{"setting": name, "value": value} for name, value in (settings or {}).items()]
    tables = world() | {"emission_factors": frame("emission_factors", FACTORS), "market_settings": frame("market_settings", rows)}
    core, problems = expanded(tables | {name: frame(name, content) for name, content in more.items()})
    assert not problems.errors
    return core


def terms(core: Tables, name: str) -> dict[tuple[str, str], float]:
    found = core["indicator_terms"][core["indicator_terms"]["indicator"] == name]
    return {(row["a"], row["b"]): row["coefficient"] for row in found.to_dict("records")}


@pytest.mark.parametrize(("way", "one", "two"), [
    ("province", 2.1114, 11.925), ("grid_average", 7.1631, 11.925), ("fossil_residual", 11.16855, 11.925),
])
def test_one_cell_says_how_power_counts(way: str, one: float, two: float) -> None:
    """13.5 GWh per kt at the factor of the way; the 13.25 GWh of the captive tariff keep their own 0.9."""
    found = terms(made({"power_accounting": way}, measures=[{"measure": "power", "kind": "carbon_2"}]), "power")
    assert found["smelt_one", "*"] == pytest.approx(one)
    assert found["smelt_two", "*"] == pytest.approx(two)


def test_an_unknown_way_is_refused_with_the_nearest() -> None:
    from model.expand.market import expand

    problems = Problems()
    settings = frame("market_settings", [{"setting": "power_accounting", "value": "grid"}])
    expand({"market_settings": settings}, {}, problems)
    assert [(problem.rule, problem.suggestion) for problem in problems] == [("market_unknown_case", "grid_average")]
    assert "fossil_residual" in problems.errors[0].text("en")


def test_both_scopes_together_and_the_intensity() -> None:
    core = made(measures=[
        {"measure": "all", "kind": "carbon", "stages": "smelting"}, {"measure": "metal", "kind": "output", "stages": "smelting"},
        {"measure": "intensity", "kind": "carbon", "stages": "smelting", "per": "metal", "max": 8},
    ])
    assert terms(core, "all")["smelt_one", "*"] == pytest.approx(3.6808)  # 1.5694 + 2.1114
    assert core["indicators"].set_index("indicator").loc["intensity", ["per", "max"]].tolist() == ["metal", 8.0]


def test_energy_counts_fuel_and_power_in_standard_coal() -> None:
    factors = [{"item": "electricity", "factor": 0.1229}, {"item": "gas", "factor": 1.33}, {"item": "power_dear", "factor": 0.318}]
    core = made(energy_factors=factors, measures=[{"measure": "coal", "kind": "energy"}])
    found = terms(core, "coal")
    assert found["smelt_one", "*"] == pytest.approx(1.65915)  # 13.5 x 0.1229
    assert found["smelt_two", "*"] == pytest.approx(4.2135)  # 13.25 x 0.318: the coal burnt in the own plant
    assert found["sheet", "*"] == pytest.approx(0.23031)  # 0.9 GWh x 0.1229 + 0.09 million Nm3 x 1.33


def test_a_market_charges_what_the_allowances_do_not_cover() -> None:
    core = made(carbon_markets=[MARKET], free_allocations=[{"market": "national", "stages": "smelting", "allocation": 1.4}])
    rows = core["indicators"].set_index("indicator")
    assert rows["price"].to_dict() == {"carbon_covered_national": 0.0, "carbon_free_national": 0.0, "carbon_net_national": 0.1}
    assert set(rows["clause"]) == {"C-1"} and set(rows["scope"]) == {"stage"}
    assert rows.loc["carbon_net_national", "name_en"] == words.text("carbon.net", "en", market="National")
    assert terms(core, "carbon_covered_national") == {("smelt_one", "*"): 1.5694, ("smelt_two", "*"): 1.5694}
    assert terms(core, "carbon_free_national")["smelt_one", "*"] == 1.4
    assert terms(core, "carbon_net_national")["smelt_one", "*"] == pytest.approx(0.1694)


def test_allowances_equal_to_the_emissions_leave_nothing_to_pay() -> None:
    core = made(carbon_markets=[MARKET], free_allocations=[{"market": "national", "stages": "*", "allocation": 1.5694}])
    assert set(core["indicators"]["indicator"]) == {"carbon_covered_national", "carbon_free_national"}
    assert (core["indicators"]["price"] == 0).all()


def test_without_free_allocation_everything_is_paid_at_full_scope() -> None:
    core = made(carbon_markets=[MARKET | {"stages": "*", "scopes": "1;2"}])
    found = terms(core, "carbon_net_national")
    assert found["smelt_two", "*"] == pytest.approx(13.4944)  # 1.5694 + 11.925
    assert found["sheet", "*"] == pytest.approx(0.6624)  # 0.1944 of gas + 0.468 of power
    assert "carbon_free_national" not in set(core["indicators"]["indicator"])
    assert PARTS == ("covered", "free", "net")


SMELTERS: dict[str, Any] = {
    "tech_sites": "technology site variable_cost\nsmelt_a a 10\nsmelt_b b 12", "recipes": "technology commodity quantity\nsmelt_a ingot 1\nsmelt_b ingot 1",
    "capacity_use": "technology unit use\nsmelt_a pa 1\nsmelt_b pb 1", "capacity": "unit site amount\npa a 10\npb b 10",
    "demand": "commodity site min max price\ningot m 10 10 0", "lanes": "commodity from to unit_cost\ningot a m 0\ningot b m 0",
    "indicator_terms": "indicator kind a coefficient\ncarbon activity smelt_a 10\ncarbon activity smelt_b 4\nmetal activity * 1",
}


@pytest.mark.parametrize(("indicators", "cost", "price"), [
    # 10 kt of metal; a emits 10, b 4 per kt. A cap of 70 needs x kt of a: 10 x + 4 (10 - x) = 70, x = 5: 5 x 10 + 5 x 12
    ("indicator max scope per\ncarbon 70 stage -\nmetal - stage -", 110.0, -1 / 3),  # 2 of cost for 6 of carbon
    # the same plan as an intensity of 7 per kt of metal: the row is carbon - 7 x metal <= 0
    ("indicator max scope per\ncarbon 7 stage metal\nmetal - stage -", 110.0, -1 / 3),
])
def test_a_cap_has_its_price_per_tonne(indicators: str, cost: float, price: float) -> None:
    plan = solve(core_world(**SMELTERS, indicators=indicators))
    assert plan.objective == pytest.approx(cost)
    assert plan.duals["indicator_ceiling"].iloc[0] == pytest.approx(price)
