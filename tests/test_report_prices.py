"""Shadow prices of the report mean what their sentences say: checked against re-solves of small worlds."""

from __future__ import annotations

import pandas as pd
import pytest
from runs import dataset, solved

from maps import prices
from model.explore.shadow_prices import yearly_supply_prices

# two half-years; 10 t a year are needed at 100; own ore costs 20 (up to 4 a year) and 30 (up to 3 a year), the rest is bought at 50
WORLD = {
    "periods": "period stage length\nwet year 0.5\ndry year 0.5",
    "commodities": "commodity name_zh name_en unit\nore 矿 ore t",
    "supply": "commodity site period tier price max\nore pit * first 20 {first}\nore pit * second 30 3\nore pit * bought 50 -",
    "demand": "commodity site period min max price\nore pit * 10 10 100",
}


def _run(folder, first=4):
    return solved(dataset(folder, **{name: text.format(first=first) for name, text in WORLD.items()}))


def test_one_more_unit_of_supply_is_worth_what_a_second_solve_saves(tmp_path):
    """One more tonne a year of the first tier replaces one bought at 50: 30 saved, once, not per period and not per tier."""
    run = _run(tmp_path / "base")
    table = yearly_supply_prices(run)
    assert table.to_numpy().tolist() == [["ore", "pit", "year", pytest.approx(30.0)]]
    assert run.results.objective - _run(tmp_path / "more", 5).results.objective == pytest.approx(30.0)


def test_supply_that_is_not_used_up_has_no_price(tmp_path):
    """With 12 t of the first tier nothing is scarce."""
    run = _run(tmp_path / "plenty", 12)
    assert yearly_supply_prices(run)["value"].tolist() == [0.0]
    table = prices.price_table(run)
    assert table.empty or "supply" not in set(table["constraint"])


def test_capacity_that_does_not_exist_is_not_priced(tmp_path):
    """Works of 0 t and an option held at 0: the price of a first unit would not be unique, so none is told."""
    tables = {
        "recipes": "technology site commodity quantity\nmake * metal 1",
        "tech_sites": "technology site period variable_cost\nmake here * 1\nmake there * 1",
        "capacity_use": "technology unit use\nmake works 1",
        "capacity": "unit site period amount\nworks here * 5",
        "options": "option site period variable_cost max_size\nbuild there * 1 0",
        "option_effects": "option unit site per_size\nbuild works there 1",
        "demand": "commodity site period min max price\nmetal here * 0 10 9\nmetal there * 0 10 9",
        "commodities": "commodity name_zh name_en unit\nmetal 金属 metal t",
        "sites": "site name_zh name_en\nhere 此 Here\nthere 彼 There",
    }
    run = solved(dataset(tmp_path / "data", **tables))
    table = prices.price_table(run)
    capacity = table[table["constraint"] == "capacity"]
    assert capacity[["site", "value"]].to_numpy().tolist() == [["here", pytest.approx(8.0)]]  # sold at 9, made at 1
    assert isinstance(table, pd.DataFrame)
