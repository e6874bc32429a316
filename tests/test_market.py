"""The market expansion on a small world whose numbers are worked out by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from model.expand.market import expand
from model.expand.purchases import using_sites
from model.problems import Problems
from model.tables import Tables, frame

Row = dict[str, Any]


def price(name: str, central: float, vat: str = "none", unit: str = "yuan/t") -> Row:
    """A row of ``prices`` of 2025."""
    rate = 0.13 if vat == "incl" else 0.0
    return {"price": name, "period": "2025", "unit": unit, "vat": vat, "vat_rate": rate, "low": central, "central": central, "high": central}


def tonnes(low: float, central: float, high: float, growth: str = "") -> Row:
    """The tonnage cells of a row."""
    return {"kt_low": low, "kt_central": central, "kt_high": high, "growth": growth}


SITES = [
    {"site": "east", "region": "chongqing"}, {"site": "west", "region": "sichuan"}, {"site": "town", "region": "sichuan"},
    {"site": "harbour", "region": "outside"},
]
RECIPES = [
    {"technology": "melt", "commodity": "gas", "quantity": -0.1}, {"technology": "melt", "commodity": "sheet", "quantity": 1.0},
    {"technology": "melt", "site": "town", "commodity": "gas", "quantity": 0.0},
    {"technology": "spare", "commodity": "gas", "quantity": -0.1},
]
PERMITTED = [{"technology": "melt", "site": site, "variable_cost": 0.0} for site in ("east", "west", "town")]
PRICES = [
    price("metal", 20000), price("fee", 2000), price("gas_east", 2.7, unit="yuan/Nm3"), price("gas_west", 2.6, unit="yuan/Nm3"),
    price("gas_any", 3.0, unit="yuan/Nm3"), price("old", 15600), price("alloy", 18000),
]


def core() -> Tables:
    """Technologies that use gas at east and west, and make sheet."""
    made = {"sites": SITES, "recipes": RECIPES, "tech_sites": PERMITTED}
    return {table: frame(table, rows) for table, rows in made.items()}


def run(settings: Row | None = None, **rows: list[Row]) -> Tables:
    """The core rows made from these convenience tables; fails on unexpected problems."""
    problems = Problems()
    tables = {table: frame(table, content) for table, content in {"prices": PRICES, **rows}.items()}
    if settings:
        tables["market_settings"] = frame("market_settings", [{"setting": key, "value": value} for key, value in settings.items()])
    made = expand(tables, core(), problems)
    assert not problems.errors, [problem.text("en") for problem in problems.errors]
    return made


def reported(settings: Row | None = None, **rows: list[Row]) -> list[tuple[str, str]]:
    """(rule, suggestion) of every problem and note."""
    problems = Problems()
    tables = {table: frame(table, content) for table, content in {"prices": PRICES, **rows}.items()}
    tables["market_settings"] = frame("market_settings", [{"setting": key, "value": value} for key, value in (settings or {}).items()])
    expand(tables, core(), problems)
    assert all(problem.text("zh") and problem.text("en") for problem in problems)
    return [(problem.rule, problem.suggestion) for problem in problems]


def by(table: pd.DataFrame, *columns: str) -> dict[Any, Row]:
    """Rows of a table by the values of these columns."""
    return {tuple(row[column] for column in columns) if len(columns) > 1 else row[columns[0]]: row for row in table.to_dict("records")}


def test_dataset_without_market_tables_gives_nothing() -> None:
    assert expand({}, {}, Problems()) == {}


def test_gas_is_offered_at_every_user_at_the_price_of_its_province() -> None:
    offers = [
        {"commodity": "gas", "site": "*", "region": "chongqing", "price": "gas_east", "cost_class": "gas"},
        {"commodity": "gas", "site": "*", "region": "sichuan", "price": "gas_west", "cost_class": "gas"},
    ]
    supply = by(run(purchases=offers)["supply"], "site")
    assert set(supply) == {"east", "west"}  # town uses none: its own recipe row says so
    assert supply["east"]["price"] == pytest.approx(2.7)
    assert supply["west"]["price"] == pytest.approx(2.6)
    assert supply["west"]["cost_class"] == "gas"


def test_named_site_wins_over_region_and_region_over_everywhere() -> None:
    offers = [
        {"commodity": "gas", "site": "*", "price": "gas_any"}, {"commodity": "gas", "site": "*", "region": "sichuan", "price": "gas_west"},
        {"commodity": "gas", "site": "east", "price": "gas_east"},
    ]
    supply = run(purchases=offers)["supply"]
    assert {row["site"]: row["price"] for row in supply.to_dict("records")} == {"west": 2.6, "east": 2.7}


def test_using_sites_need_a_permitted_technology() -> None:
    assert using_sites(core(), "gas") == ("east", "west")  # the technology "spare" is permitted nowhere
    assert using_sites(core(), "sheet") == ()  # made, not used


SEGMENT = {"segment": "cars", "site": "town", "product_form": "panels", **tonnes(80, 100, 130, "cars")}
GOODS = {
    "product_form": "panels", "commodity": "sheet", "share": 0.6, "technologies": "melt", "price": "metal", "fee": "fee", "import_ratio": 1.05,
}
GROWTH = {"growth": "cars", "low": 0.0, "central": 0.1, "high": 0.2}
GROWN = {"base_year": "2025", "planning_year": "2027"}


def market(settings: Row) -> Tables:
    """One segment of 100 kt that grows 10 % a year, 60 % of it sheet."""
    return run(settings, demand_segments=[SEGMENT], product_forms=[GOODS], growth=[GROWTH])


def test_demand_grows_and_keeps_a_must_serve_share() -> None:
    row = market(GROWN)["demand"].iloc[0]
    assert row["max"] == pytest.approx(72.6)  # 100 x 1.1^2 x 0.6
    assert row["min"] == pytest.approx(58.08)  # 80 %
    assert row["price"] == pytest.approx(22.0)  # hub 20,000 + fee 2,000, no freight
    assert row["shortage_price"] == pytest.approx(33.0)  # 1.5 times


@pytest.mark.parametrize(("demand", "growth", "expected"), [
    ("low", "central", 80 * 1.21 * 0.6), ("high", "central", 130 * 1.21 * 0.6), ("central", "low", 60.0), ("central", "high", 100 * 1.44 * 0.6),
])
def test_cases_choose_the_tonnage_and_the_rate(demand: str, growth: str, expected: float) -> None:
    row = market(GROWN | {"demand_case": demand, "growth_case": growth})["demand"].iloc[0]
    assert row["max"] == pytest.approx(expected)


def test_every_product_can_be_imported_above_its_sale_price() -> None:
    row = market(GROWN)["supply"].iloc[0]
    assert (row["commodity"], row["site"], row["tier"]) == ("sheet", "town", "outside")
    assert row["price"] == pytest.approx(23.1)  # 22,000 x 1.05
    assert pd.isna(row["max"])


def test_import_follows_the_dearest_segment_of_a_market() -> None:
    plain = GOODS | {"product_form": "plain", "fee": ""}
    segments = [SEGMENT | {"segment": "plain", "product_form": "plain"}, SEGMENT]
    supply = run(demand_segments=segments, product_forms=[plain, GOODS], growth=[GROWTH])["supply"]
    assert list(supply["price"]) == [pytest.approx(23.1)]  # not 20,000 x 1.05


def test_outside_sale_has_a_cap_and_no_minimum() -> None:
    quote = {"price": "metal", "fee": "fee", "basis": -100, "spread": -50}
    sale = {"commodity": "sheet", "site": "harbour", "segment": "far", **quote, **tonnes(50, 90, 120)}
    row = run(gateway_sales=[sale])["demand"].iloc[0]
    assert (row["min"], row["max"]) == (0.0, 90.0)
    assert row["price"] == pytest.approx(21.85)  # 20,000 - 100 + 2,000 - 50
    assert pd.isna(row["shortage_price"])


def test_sale_above_the_purchase_at_the_same_site_is_refused() -> None:
    sale = {"commodity": "metal", "site": "harbour", "segment": "far", "price": "metal", **tonnes(1, 1, 1)}
    offer = {"commodity": "metal", "site": "harbour", "price": "metal"}
    assert reported(gateway_sales=[sale], purchases=[offer | {"spread": -1}]) == [("market_sale_above_purchase", "")]
    assert reported(gateway_sales=[sale], purchases=[offer]) == []


CLASS = {"scrap_class": "old_mixed", "commodity": "scrap_mixed", "price": "old", "product_price": "alloy", "product_share": 0.95}
STEPS = [
    {"site": "town", "scrap_class": "old_mixed", "step": step, "price_step": added, **tonnes(7, 10, 13)}
    for step, added in (("1", 0), ("2", 500), ("3", 1200))
]
SOLD = {"commodity": "scrap_mixed", "site": "harbour", "segment": "coast", "price": "old", **tonnes(1, 2, 3)}


def scrap_prices(settings: Row) -> list[float]:
    """Prices of the three steps in the town."""
    return list(run(settings, scrap_classes=[CLASS], scrap_supply=STEPS)["supply"]["price"])


def test_scrap_rises_in_steps_over_one_base_price() -> None:
    supply = run(scrap_classes=[CLASS], scrap_supply=STEPS)["supply"]
    assert list(supply["price"]) == pytest.approx([15.6, 16.1, 16.8])
    assert list(supply["tier"]) == ["old_mixed_1", "old_mixed_2", "old_mixed_3"]
    assert supply["max"].sum() == pytest.approx(30.0)
    assert set(supply["cost_class"]) == {"scrap"}


def test_buyer_bears_half_a_percent_without_the_refund() -> None:
    assert scrap_prices({"scrap_buyer_tax": "0.005"})[0] == pytest.approx(15.678)  # margin = S - 1.005 P


def test_refund_is_a_switch() -> None:
    rates = {"scrap_buyer_tax": "0.005", "scrap_refund_tax": "0.008", "scrap_refund_gain": "0.039"}
    assert scrap_prices(rates | {"scrap_refund": "0"})[0] == pytest.approx(15.678)
    # margin = 1.039 S - 1.008 P: 15,600 x 1.008 - 0.039 x 18,000 x 0.95 = 15,724.8 - 666.9
    assert scrap_prices(rates | {"scrap_refund": "1"})[0] == pytest.approx(15.0579)


@pytest.mark.parametrize("refund", ["0", "1"])
def test_reselling_scrap_earns_nothing(refund: str) -> None:
    settings = {"scrap_refund": refund, "scrap_buyer_tax": "0.005", "scrap_refund_tax": "0.008", "scrap_refund_gain": "0.039"}
    made = run(settings, scrap_classes=[CLASS], scrap_supply=STEPS, gateway_sales=[SOLD])
    assert made["demand"]["price"].max() <= made["supply"]["price"].min() + 1e-12


def test_scrap_case_moves_all_cities_together() -> None:
    made = run({"scrap_case": "low"}, scrap_classes=[CLASS], scrap_supply=STEPS)
    assert made["supply"]["max"].sum() == pytest.approx(21.0)


def test_warehouse_is_a_stock_if_in_use() -> None:
    stores = [
        {"site": "harbour", "commodity": "ingot", "kt": 20, "holding_cost": 1660, "in_use": 1},
        {"site": "town", "commodity": "ingot", "kt": 20, "holding_cost": 1660, "in_use": 0},
    ]
    stocks = run(warehouses=stores)["stocks"]
    assert list(stocks["site"]) == ["harbour"]
    assert stocks.iloc[0]["capacity"] == 20.0
    assert stocks.iloc[0]["holding_cost"] == pytest.approx(1.66)


def test_rows_remember_where_they_come_from() -> None:
    origin = {"_file": "scrap_supply.csv", "_row": 4, "source": "EST", "grade": "D", "note": "people x kg"}
    row = run(scrap_classes=[CLASS], scrap_supply=[STEPS[0] | origin])["supply"].iloc[0]
    assert {name: row[name] for name in origin} == origin


@pytest.mark.parametrize(("settings", "rule", "suggestion"), [
    ({"scrap_cas": "low"}, "market_unknown_setting", "scrap_case"),
    ({"scrap_case": "lo"}, "market_unknown_case", "low"),
    ({"must_serve_share": "most"}, "market_setting_not_a_number", ""),
])
def test_wrong_settings_are_reported(settings: Row, rule: str, suggestion: str) -> None:
    assert reported(settings) == [(rule, suggestion)]


def test_price_without_a_figure_leaves_its_rows_out_and_is_reported() -> None:
    assert [rule for rule, _ in reported(purchases=[{"commodity": "gas", "site": "east", "price": "gas_est"}])] == ["market_price_missing"]
    rules = [rule for rule, _ in reported(demand_segments=[SEGMENT], product_forms=[GOODS | {"price": "x"}], growth=[GROWTH])]
    assert rules == ["market_price_missing"]
    assert [rule for rule, _ in reported(scrap_classes=[CLASS | {"price": "x"}], scrap_supply=STEPS)] == ["market_price_missing"]


def test_form_that_nothing_makes_is_noted_not_refused() -> None:
    problems = Problems()
    tables = {"prices": frame("prices", PRICES), "product_forms": frame("product_forms", [GOODS | {"technologies": "press; spare"}])}
    expand(tables, core(), problems)
    assert [problem.rule for problem in problems.notes] == ["market_form_without_maker"]
    assert not problems.errors
