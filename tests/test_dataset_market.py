"""The market tables of data/chuanyu: totals of the published drivers, completeness, provenance, no money for trading."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.expand import industry
from model.expand.market import expand
from model.problems import Problems
from model.reading import read
from model.schema import ALL_TABLES, market
from model.tables import Tables, frame

FOLDER = Path(__file__).parent.parent / "data" / "chuanyu"
MINE = (*(spec.name for spec in market.TABLES), "commodities")
A00 = 20700 / 1.13  # yuan/t ex VAT, mean of 2025


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The dataset as read; problems of other files are not this file's business."""
    problems = Problems()
    dataset = read(FOLDER, problems)
    wrong = [problem.text("en") for problem in problems.errors if problem.file.removesuffix(".csv") in MINE]
    assert not wrong, wrong
    return dataset.tables


def core_of(tables: Tables) -> Tables:
    """Sites, and every good used by one technology in each province, so that delivered goods are laid out."""
    used = [{"technology": "any", "commodity": good, "quantity": -1.0} for good in set(tables["purchases"]["commodity"])]
    permitted = [{"technology": "any", "site": site, "variable_cost": 0.0} for site in ("wanzhou", "meishan")]
    return {"sites": tables["sites"], "recipes": frame("recipes", used), "tech_sites": frame("tech_sites", permitted)}


def made_from(tables: Tables, **settings: object) -> Tables:
    """Core rows of the market tables with some settings changed."""
    changed = tables["market_settings"].copy()
    for name, value in settings.items():
        changed.loc[changed["setting"] == name, "value"] = str(value)
    problems = Problems()
    made = expand({**tables, "market_settings": changed}, core_of(tables), problems)
    assert not problems.errors, [problem.text("en") for problem in problems.errors]
    return made


@pytest.fixture(scope="module")
def made(tables: Tables) -> Tables:
    """Core rows of the base."""
    return made_from(tables)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def regional(supply: pd.DataFrame, tables: Tables) -> dict[str, float]:
    """kt of scrap by province, the import pilot counted apart."""
    region = dict(zip(tables["sites"]["site"], tables["sites"]["region"], strict=True))
    total: dict[str, float] = defaultdict(float)
    for row in records(supply[supply["commodity"].str.startswith("scrap")]):
        pilot = row["site"] == "city_guangyuan_import"
        total["outside" if pilot else region[row["site"]]] += row["max"]
    return total


# ---- totals


def test_scrap_of_2027(made: Tables, tables: Tables) -> None:
    total = regional(made["supply"], tables)
    assert total["sichuan"] == pytest.approx(535, abs=1)
    assert total["chongqing"] == pytest.approx(339, abs=1)
    assert total["sichuan"] + total["chongqing"] == pytest.approx(875, abs=1)
    assert total["outside"] == pytest.approx(430, abs=1)


@pytest.mark.parametrize(("case", "sichuan", "chongqing"), [("low", 323, 203), ("central", 473, 303), ("high", 632, 411)])
def test_scrap_of_2025(tables: Tables, case: str, sichuan: float, chongqing: float) -> None:
    total = regional(made_from(tables, planning_year=2025, scrap_case=case)["supply"], tables)
    assert total["sichuan"] == pytest.approx(sichuan, abs=1)
    assert total["chongqing"] == pytest.approx(chongqing, abs=1)


def test_scrap_has_26_areas_with_three_rising_steps(tables: Tables) -> None:
    cities = tables["scrap_supply"][tables["scrap_supply"]["site"].str.startswith("city_")]
    assert cities["site"].nunique() == 27  # 26 areas and the import pilot
    areas = cities[cities["site"] != "city_guangyuan_import"]
    for _, steps in areas.groupby(["site", "scrap_class"]):
        assert list(steps["price_step"]) == [0, 500, 1200]


def in_region(made: Tables) -> pd.DataFrame:
    """Demand of the regional segments, without outside and spot sales."""
    return made["demand"][made["demand"]["_file"] == "demand_segments.csv"]


def test_regional_demand_of_2025_and_2027(made: Tables, tables: Tables) -> None:
    assert in_region(made_from(tables, planning_year=2025))["max"].sum() == pytest.approx(2463, abs=1)
    # 400 + 140 + 84 + 171 + 60 + 99 + 24 + 26 + 80 + 50 + 48 + 38 + 15 + 20 + 515 + 198 + 300 + 110 + 310
    assert in_region(made)["max"].sum() == pytest.approx(2688, abs=4)


def test_segments_of_2027(made: Tables) -> None:
    total = in_region(made).groupby(["segment", "site"])["max"].sum()
    expected = {
        ("auto_castings", "market_chongqing"): 400, ("auto_castings", "market_chengdu"): 140, ("battery_foil", "market_yibin"): 99,
        ("building", "market_chengdu"): 515, ("cable", "market_chengdu"): 300, ("aerospace", "market_chongqing"): 38,
    }
    for key, tonnage in expected.items():
        assert total[key] == pytest.approx(tonnage, abs=1), key


# ---- prices


def sale(made: Tables, commodity: str, site: str) -> float:
    """Sale price in yuan/t ex VAT."""
    rows = made["demand"].query("commodity == @commodity and site == @site")
    assert rows["price"].nunique() == 1
    return float(rows["price"].iloc[0]) * 1e3


@pytest.mark.parametrize(("commodity", "site", "expected"), [
    ("ingot", "gateway_shanghai", A00), ("ingot", "market_chongqing", 20590 / 1.13), ("sheet_common", "gateway_shanghai", A00 + 1800),
    ("sheet_can", "market_chengdu", A00 + 3900), ("sheet_brazing", "gateway_shanghai", A00 + 6500), ("sheet_auto", "market_chongqing", A00 + 11000),
    ("foil_battery", "market_yibin", A00 + 11500), ("extrusion", "market_chengdu", A00 + 4500 / 1.13),
    ("extrusion_industrial", "market_chongqing", A00 + 8500 / 1.13), ("castings", "market_chongqing", (20600 + 16000) / 1.13),
    ("forgings", "market_chongqing", A00 + 24000 / 1.13), ("plate_aero", "market_chongqing", 60000 / 1.13),
])
def test_sale_prices_ex_vat(made: Tables, commodity: str, site: str, expected: float) -> None:
    assert sale(made, commodity, site) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("commodity", "site", "expected"), [
    ("bauxite", "gateway_jiangyin", 81 * 7.18), ("alumina", "gateway_shanxi", 3230 / 1.13 + 30), ("alumina", "gateway_qingzhen", 3250 / 1.13 + 30),
    ("ingot", "gateway_gansu", A00 - 331 + 150), ("anode", "meishan", 5450 / 1.13), ("caustic", "wanzhou", 2950 / 1.13),
    ("coal", "wanzhou", 670 / 1.13), ("gas", "wanzhou", 2.7e3 / 1.09), ("gas", "meishan", 2.6e3 / 1.09), ("copper", "wanzhou", 80500 / 1.13 + 150),
])
def test_purchase_prices_ex_vat(made: Tables, commodity: str, site: str, expected: float) -> None:
    rows = made["supply"].query("commodity == @commodity and site == @site")
    assert float(rows["price"].iloc[0]) * 1e3 == pytest.approx(expected, abs=0.01)
    assert len(rows) == 1


@pytest.mark.parametrize(("table", "commodity", "site", "kilometres", "direction"), [
    ("purchases", "ingot", "gateway_yunnan", 1600, -1), ("purchases", "ingot", "gateway_xinjiang", 4140, -1),
    ("purchases", "ingot", "gateway_gansu", 2188, -1), ("purchases", "ingot", "gateway_henan", 1256, -1),
    ("purchases", "foil_stock", "gateway_henan", 1256, -1), ("gateway_sales", "alumina", "gateway_gansu", 1156, 1),
    ("gateway_sales", "alumina", "gateway_xinjiang", 3106, 1), ("gateway_sales", "alumina", "gateway_yunnan", 600, 1),
])
def test_freight_in_gateway_prices_is_without_vat(
    tables: Tables, table: str, commodity: str, site: str, kilometres: float, direction: int,
) -> None:
    """The rail rate is quoted with 9 % transport VAT; the lanes of the model are without it, so gateway prices are too."""
    rows = tables[table].query("commodity == @commodity and site == @site")
    assert len(rows) > 0
    assert (rows["freight"] - direction * (55 + 0.14 * kilometres) / 1.09).abs().max() < 1


def test_vat_rates_are_the_statutory_ones(tables: Tables) -> None:
    """13 % on goods and power, 9 % on natural gas; none on scrap without invoice and on ore whose import VAT is deducted."""
    for row in records(tables["prices"]):
        if row["vat"] == "incl":
            assert row["vat_rate"] == (0.09 if row["price"].startswith("natural_gas") else 0.13), row["price"]
        else:
            assert row["vat_rate"] == 0


def test_base_price_of_scrap_is_one_cell_per_class(tables: Tables) -> None:
    prices = tables["prices"].copy()
    first = made_from(tables)["supply"]
    prices.loc[prices["price"] == "scrap_mixed", "central"] += 1000
    second = made_from({**tables, "prices": prices})["supply"]
    moved = second["price"] - first["price"]
    mixed = first["commodity"] == "scrap_mixed"
    assert moved[mixed].min() == pytest.approx(1.005) == pytest.approx(moved[mixed].max())  # 1,000 yuan/t and half a percent of tax
    assert (moved[~mixed] == 0).all()


def test_base_scrap_prices(made: Tables) -> None:
    cheapest = made["supply"].groupby("commodity")["price"].min()
    assert cheapest["scrap_mixed"] == pytest.approx(15.6 * 1.005)
    assert cheapest["scrap_sorted"] == pytest.approx(16.6 * 1.005)


def test_all_prices_stand_in_one_year(tables: Tables) -> None:
    period = tables["market_settings"].set_index("setting")["value"]["price_period"]
    of_year = set(tables["prices"][tables["prices"]["period"] == period]["price"])
    for name in ("purchases", "gateway_sales", "product_forms", "scrap_classes"):
        assert set(tables[name]["price"]) <= of_year
    for name in ("purchases", "gateway_sales", "product_forms"):
        assert set(tables[name]["fee"]) - {""} <= of_year


def test_months_of_the_cost_build_up_are_complete(tables: Tables) -> None:
    needed = {"aluminium_a00", "alumina", "anode", "anode_premium", "fluoride", "power_smelter_china"}
    for month in ("2021-12", "2023-01", "2023-04", "2024-01"):
        rows = tables["prices"][tables["prices"]["period"] == month]
        assert needed <= set(rows["price"]), month
    january = tables["prices"].set_index(["price", "period"])["central"]
    assert january["alumina", "2023-01"] == 2850
    assert january["power_smelter_china", "2023-01"] == 0.44


# ---- the rules of the decisions


def test_every_priced_demand_has_a_maximum(made: Tables) -> None:
    assert made["demand"]["max"].notna().all()
    assert (made["demand"]["max"] >= made["demand"]["min"]).all()


def test_every_minimum_can_be_met_and_has_a_shortage_price(made: Tables) -> None:
    imports = {(row["commodity"], row["site"]): row["price"] for row in records(made["supply"]) if row["tier"] == "outside"}
    must = made["demand"][made["demand"]["min"] > 0]
    assert len(must) == len(in_region(made))
    for row in records(must):
        ratio = imports[row["commodity"], row["site"]] / row["price"]
        assert 1.02 <= ratio <= 1.10
        assert row["shortage_price"] > imports[row["commodity"], row["site"]]
        assert row["min"] == pytest.approx(0.8 * row["max"])


def test_shares_of_each_product_form_add_up_to_one(tables: Tables) -> None:
    assert tables["product_forms"].groupby("product_form")["share"].sum().to_numpy() == pytest.approx(1.0)


def test_every_product_form_names_a_good_and_a_technology_of_the_chain(tables: Tables) -> None:
    assert set(tables["demand_segments"]["product_form"]) == set(tables["product_forms"]["product_form"])
    assert (tables["product_forms"]["technologies"] != "").all()
    assert set(tables["product_forms"]["commodity"]) <= set(tables["commodities"]["commodity"])


FORMS = (  # every product form of the published demand rows
    "cast (die-cast, wheels)", "wrought (sheet, extrusion, tray)", "cast", "foil", "strip", "sheet and extrusion for CNC",
    "plate, forgings, sections", "large profiles", "extrusions", "EC rod, bus bar", "strip, foil", "brazing strip", "strip, profiles",
    "ADC12", "A00", "metallurgical",
)


def test_every_published_form_is_mapped_to_a_good_that_something_makes(tables: Tables) -> None:
    problems = Problems()
    chain = industry.expand(tables, {name: tables[name] for name in ("sites", "commodities", "periods")}, problems)
    made = set(chain["recipes"].query("quantity > 0")["commodity"])
    goods: dict[str, set[str]] = defaultdict(set)
    for row in [*records(tables["product_forms"]), *records(tables["gateway_sales"])]:
        goods[row["published_form"]].add(row["commodity"])
    for form in FORMS:
        assert goods[form] and goods[form] <= made, form
    expand(tables, {**core_of(tables), "recipes": chain["recipes"], "tech_sites": chain["tech_sites"]}, problems)
    assert not list(problems), [problem.text("en") for problem in problems]  # each form has a technology of its own


def test_every_good_sold_outside_the_region_is_of_the_chain(tables: Tables) -> None:
    known = set(tables["commodities"]["commodity"])
    assert set(tables["gateway_sales"]["commodity"]) | set(tables["purchases"]["commodity"]) <= known


def test_only_residues_must_balance_exactly(tables: Tables) -> None:
    exact = tables["commodities"].query("balance == 'exact'")["commodity"]
    assert set(exact) == {"red_mud", "dross_white", "dross_black"}


def test_alumina_outlet_is_a_ladder_at_several_gateways(made: Tables) -> None:
    ladder = made["demand"].query("commodity == 'alumina'")
    assert ladder["site"].nunique() >= 4
    assert ladder["price"].nunique() >= 6
    assert ladder["max"].sum() > 1490  # the surplus of the region


RAIL = {  # km by rail, for pairs whose seller and buyer stand far apart
    ("gateway_gansu", "gateway_shanghai"): 2188, ("gateway_xinjiang", "gateway_shanghai"): 4138, ("gateway_henan", "gateway_shanghai"): 1256,
    ("gateway_yunnan", "gateway_shanghai"): 2252, ("gateway_gansu", "chongqing"): 873, ("gateway_gansu", "chengdu"): 830,
    ("gateway_xinjiang", "chongqing"): 2823, ("gateway_xinjiang", "chengdu"): 2780, ("gateway_henan", "chongqing"): 1058,
    ("gateway_henan", "chengdu"): 1103, ("gateway_yunnan", "chongqing"): 1028, ("gateway_yunnan", "chengdu"): 1100,
    ("gateway_shanxi", "gateway_gansu"): 1156, ("gateway_henan", "gateway_gansu"): 931, ("gateway_shanxi", "gateway_xinjiang"): 3106,
    ("gateway_henan", "gateway_xinjiang"): 2881, ("gateway_baise", "gateway_yunnan"): 600, ("gateway_beibu", "gateway_yunnan"): 830,
    ("gateway_henan", "gateway_yunnan"): 1900, ("gateway_shanxi", "gateway_yunnan"): 2200,
    ("gateway_qingzhen", "gateway_yunnan"): 630, ("gateway_zunyi", "gateway_yunnan"): 758, ("gateway_wuzhengdao", "gateway_yunnan"): 758,
}
GUIZHOU_GUANGXI = {"gateway_qingzhen", "gateway_zunyi", "gateway_wuzhengdao", "gateway_baise", "gateway_beibu"}
FROM_THE_SOUTH = {"gateway_gansu": 1250, "gateway_xinjiang": 3200}  # at least these km
PLACE = {"market_chongqing": "chongqing", "warehouse_cimc": "chongqing", "warehouse_guochu": "chongqing", "market_chengdu": "chengdu"}


def freight(start: str, end: str) -> float:
    """A floor of the freight in million yuan per kt: 55 + 0.14 per km by rail less 9 % VAT, 0 where no distance is listed."""
    km = RAIL.get((start, PLACE.get(end, end)), 0)
    if start in GUIZHOU_GUANGXI:
        km = max(km, FROM_THE_SOUTH.get(end, 0))
    return (55 + 0.14 * km) / 1.09 / 1e3 if km else 0.0


def test_no_good_sells_for_more_than_it_costs_with_freight(made: Tables) -> None:
    sales = made["demand"].groupby(["commodity", "site"])["price"].max()
    offers = made["supply"].groupby(["commodity", "site"])["price"].min()
    checked = 0
    for (good, end), received in sales.items():
        for (offered, start), paid in offers.items():
            if good == offered:
                checked += 1
                assert received <= paid + freight(start, end) + 1e-9, (good, start, end)
    assert checked > 100


def test_refund_opens_no_trade_in_scrap(tables: Tables) -> None:
    made = made_from(tables, scrap_refund=1)
    scrap = made["demand"][made["demand"]["commodity"].str.startswith("scrap")].groupby("commodity")["price"].max()
    assert len(scrap) == 3
    offered = made["supply"].groupby("commodity")["price"].min()
    assert (scrap <= offered[scrap.index] + 1e-12).all()


# ---- provenance


def test_every_row_has_a_known_source_and_a_grade(tables: Tables) -> None:
    known = set(tables["sources"]["source_id"])
    for name in MINE:
        if name == "sources":
            continue
        for row in records(tables[name]):
            named = [part for part in str(row["source"]).split(";") if part]
            assert named and set(named) <= known, (name, row["_row"], row["source"])
            assert row["grade"] in {"A", "B", "C", "D"}, (name, row["_row"])


def test_assumed_figures_say_so(tables: Tables) -> None:
    assumed = {name: table[table["grade"] == "D"] for name, table in tables.items() if "note" in table and "grade" in table}
    assert sum(len(table) for table in assumed.values()) > 500
    for name, table in assumed.items():
        assert (table["note"] != "").all(), (name, list(table.loc[table["note"] == "", "_row"]))


@pytest.mark.parametrize("name", ["prices", "growth", "benchmark_costs"])
def test_low_central_high_are_ordered(tables: Tables, name: str) -> None:
    table = tables[name]
    assert (table["low"] <= table["central"]).all() and (table["central"] <= table["high"]).all()


@pytest.mark.parametrize("name", ["demand_segments", "gateway_sales", "scrap_supply"])
def test_tonnages_are_ordered(tables: Tables, name: str) -> None:
    table = tables[name]
    assert (table["kt_low"] <= table["kt_central"]).all() and (table["kt_central"] <= table["kt_high"]).all()


def test_sources_are_public(tables: Tables) -> None:
    addresses = [address for address in tables["sources"]["address"] if address]
    assert all(address.startswith(("http://", "https://")) for address in addresses)
    assert {"D1", "D27", "GK", "EST", "CALC", "ASSUME"} <= set(tables["sources"]["source_id"])


def test_published_costs_to_compare_with(tables: Tables) -> None:
    central = tables["benchmark_costs"].set_index("benchmark")["central"]
    assert (central["bm001"], central["bm002"], central["bm003"], central["bm030"]) == (18195, 17200, 16882, 0.38)
    assert tables["benchmark_costs"].set_index("benchmark")["low"]["bm031"] == 17500


def test_units_of_the_schema_are_known() -> None:
    for name in MINE:
        assert all(column.unit == "" or column.unit in {"kt", "kt/yr", "yuan/t"} for column in ALL_TABLES[name].columns)
