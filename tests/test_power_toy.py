"""Power on a toy of two zones whose core rows are worked out by hand, and what is said about mistakes in its tables."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from model import words
from model.expand.power import expand
from model.expand.rows import records
from model.problems import Problems
from model.tables import Tables, frame

PARTS = (  # component, role, TWh a month, scale
    ("hydro", "supply", 10.0, 1.2), ("all", "load", 9.0, 1.0), ("metal", "aluminium", 2.0, 1.0),
    ("cable", "section", 1.0, 1.0), ("export", "memo", 5.0, 1.0),
)


def costs(made: Tables, tariff: str) -> dict[str, float]:
    """Period → million yuan per GWh of a tariff."""
    rows = [row for row in records(made, "tech_sites") if row["technology"] == f"supply_{tariff}"]
    return {row["period"]: row["variable_cost"] for row in rows}


def toy() -> tuple[Tables, Tables]:
    """West makes 12 TWh of hydro a month and uses 9, of them 2 aluminium; a smelter in the west, a mill in the east.

    One technology uses the cheap tariff everywhere, but at the mill its own recipe rows say the dear one.
    """
    tables = {
        "power_balance": frame("power_balance", [
            {"zone": "west", "month": month, "component": name, "role": role, "energy": amount, "scale": scale}
            for month in ("m01", "m02")
            for name, role, amount, scale in PARTS
        ]),
        "power_shedding": frame("power_shedding", [
            {"zone": "west", "step": "s1", "share": 0.25, "price": 3.0},
            {"zone": "west", "step": "s2", "share": 0.75, "price": 10.0},
        ]),
        "tie_lines": frame("tie_lines", [{
            "tie": "cable", "from": "west", "to": "east", "loss": 0.02,
            "capacity_with_1000kv": 1.0, "capacity_without_1000kv": 0.5,
        }]),
        "tariffs": frame("tariffs", [
            {"tariff": "cheap", "zone": "west"}, {"tariff": "dear", "zone": "east", "base_tariff": "cheap", "adder": 0.113},
        ]),
        "tariff_prices": frame("tariff_prices", [
            {"tariff": "cheap", "month": "m01", "price": 0.565}, {"tariff": "cheap", "month": "m02", "price": 0.339},
        ]),
    }
    core = {
        "periods": frame("periods", [{"period": "m01", "length": 0.5}, {"period": "m02_dry", "branch": "dry", "length": 0.5}]),
        "sites": frame("sites", [
            {"site": "west", "region": "w"}, {"site": "smelter", "region": "w"},
            {"site": "east", "region": "e"}, {"site": "mill", "region": "e"},
        ]),
        "recipes": frame("recipes", [
            {"technology": "work", "site": "*", "commodity": "power_cheap", "quantity": -2.0},
            {"technology": "work", "site": "mill", "commodity": "power_cheap", "quantity": 0.0},
            {"technology": "work", "site": "mill", "commodity": "power_dear", "quantity": -2.0},
            {"technology": "work", "site": "nowhere", "commodity": "power_dear", "quantity": -2.0},
            {"technology": "idle", "commodity": "power_dear", "quantity": -2.0},
        ]),
        "tech_sites": frame("tech_sites", [
            {"technology": "work", "site": site, "variable_cost": 0.0} for site in ("smelter", "mill")
        ]),
    }
    return tables, core


def test_toy_is_expanded_as_by_hand() -> None:
    tables, core = toy()
    problems = Problems()
    tables["power_balance"] = tables["power_balance"].assign(branch=["", "", "", "", "", *["dry"] * 5])
    made = expand(tables, core, problems)
    assert not problems.errors
    assert made["supply"][["site", "period", "tier", "max"]].to_numpy().tolist() == [
        ["west", "m01", "1_hydro", 12000.0], ["west", "m02_dry", "1_hydro", 12000.0],
    ]
    assert made["demand"][["period", "segment", "min", "shortage_price"]].to_numpy().tolist() == [
        ["m01", "s1", 1750.0, 3.0], ["m01", "s2", 5250.0, 10.0], ["m02_dry", "s1", 1750.0, 3.0], ["m02_dry", "s2", 5250.0, 10.0],
    ]
    ties = made["lanes"].query("mode == 'tie_line'")
    assert ties["max_flow"].tolist() == [3380.0, 3380.0]  # 1 GW x 4,380 h - 1,000 GWh
    grid = made["lanes"].query("mode == 'grid'")
    assert grid[["from", "to"]].to_numpy().tolist() == [["west", "smelter"], ["east", "mill"]]
    assert costs(made, "cheap") == pytest.approx({"m01": 0.5, "m02_dry": 0.3})
    assert costs(made, "dear") == pytest.approx({"m01": 0.6, "m02_dry": 0.4})
    pairs = {(row["technology"], row["commodity"]): row["quantity"] for row in records(made, "recipes")}
    assert pairs == {
        ("supply_cheap", "electricity"): -1.0, ("supply_cheap", "power_cheap"): 1.0,
        ("supply_dear", "electricity"): -1.0, ("supply_dear", "power_dear"): 1.0,
    }
    assert "commodities" not in made  # a dataset without that table lists its goods by naming them


def test_zone_without_shedding_steps_must_be_served() -> None:
    tables, core = toy()
    core["periods"] = core["periods"].iloc[:1]
    made = expand({**tables, "power_shedding": tables["power_shedding"].iloc[:0]}, core, Problems())
    assert made["demand"][["segment", "min"]].to_numpy().tolist() == [["other_users", 7000.0]]
    assert math.isnan(made["demand"]["shortage_price"].iloc[0])


def test_dataset_without_power_is_left_alone() -> None:
    assert expand({}, {}, Problems()) == {}


# --- what is wrong is said where it stands ---------------------------------------------------------------------------


def rules(tables: Tables, core: Tables) -> dict[str, tuple[str, str]]:
    """Rule → (column, suggestion) of everything reported; every sentence can be written in both languages."""
    problems = Problems()
    expand(tables, core, problems)
    assert all(problem.text(language) for problem in problems for language in words.LANGUAGES)
    return {problem.rule: (problem.column, problem.suggestion) for problem in problems}


def changed(table: pd.DataFrame, row: int, **cells: str | float) -> pd.DataFrame:
    table = table.copy()
    for column, cell in cells.items():
        table.loc[row, column] = cell
    return table


@pytest.mark.parametrize(("table", "row", "cells", "rule", "column"), [
    ("tariffs", 0, {"price": 0.4}, "power_tariff_price", "tariff"),
    ("tariffs", 1, {"base_tariff": ""}, "power_tariff_price", "tariff"),
    ("tariffs", 1, {"base_tariff": "cheep"}, "power_tariff_base", "base_tariff"),
    ("tariffs", 0, {"zone": ""}, "power_tariff_zone", "zone"),
    ("tariffs", 0, {"zone": "east"}, "power_tariff_zone", "zone"),
    ("tariff_prices", 1, {"month": "m07"}, "power_tariff_month", "tariff"),
    ("power_shedding", 0, {"share": 0.5}, "power_shares", "share"),
    ("power_balance", 2, {"energy": 9.5}, "power_load_too_small", "energy"),
    ("power_balance", 1, {"role": "memo"}, "power_no_load", "month"),
    ("tie_lines", 0, {"capacity_with_1000kv": 0.2}, "power_tie_full", "capacity_with_1000kv"),
])
def test_mistakes_are_located(table: str, row: int, cells: dict[str, str | float], rule: str, column: str) -> None:
    tables, core = toy()
    core["periods"] = frame("periods", [{"period": "m01", "length": 0.5}, {"period": "m02", "length": 0.5}])
    assert rules(tables, core) == {}
    found = rules({**tables, table: changed(tables[table], row, **cells)}, core)
    assert found[rule][0] == column


def test_unknown_tariff_names_the_nearest() -> None:
    tables, core = toy()
    core["recipes"] = changed(core["recipes"], 0, commodity="power_cheep")
    assert rules(tables, core)["power_unknown_tariff"] == ("commodity", "power_cheap")


def with_captive() -> tuple[Tables, Tables]:
    """The toy with a pit at the mill: 350 gce/kWh, coal of 5,000 kcal/kg at 565 yuan/t with VAT, other parts 0.1695 yuan/kWh."""
    tables, core = toy()
    pit = {
        "captive": "boiler", "tariff": "pit", "site": "mill", "coal_rate": 350.0, "calorific_value": 5000.0, "coal_price": 565.0,
        "operation_capital": 0.113, "funds": 0.0339, "backup": 0.0226, "max_energy": 100.0,
    }
    tables["captive_plants"] = frame("captive_plants", [pit])
    tables["tariffs"] = pd.concat([tables["tariffs"], frame("tariffs", [{"tariff": "pit"}])], ignore_index=True)
    core["periods"] = core["periods"].iloc[:1]
    core["recipes"] = core["recipes"].replace({"commodity": {"power_dear": "power_pit"}})
    core["commodities"] = frame("commodities", [{"commodity": "metal"}])
    return tables, core


def test_captive_plant_by_hand() -> None:
    """0.35 x 7/5 = 0.49 t/MWh of coal at 500 yuan/t without VAT, 0.15 yuan/kWh beside it; electricity is not touched."""
    tables, core = with_captive()
    made = expand(tables, core, Problems())
    recipe = {row["commodity"]: row["quantity"] for row in records(made, "recipes") if row["technology"] == "supply_pit"}
    assert recipe == pytest.approx({"coal": -0.49, "power_pit": 1.0})
    assert costs(made, "pit") == pytest.approx({"*": 0.15})
    coal = made["supply"].query("commodity == 'coal'")
    assert coal["site"].tolist() == ["mill"] and coal["price"].tolist() == pytest.approx([0.5])
    assert made["capacity"]["amount"].tolist() == [100.0]
    assert made["lanes"].query("to == 'mill'").empty
    assert sorted(made["commodities"]["commodity"]) == ["coal", "electricity", "power_cheap", "power_pit"]


def test_captive_power_stays_at_home() -> None:
    tables, core = with_captive()
    away = {**tables, "captive_plants": changed(tables["captive_plants"], 0, site="smelter")}
    assert rules(away, core) == {"power_captive_site": ("commodity", "")}
    unknown = {**tables, "captive_plants": changed(tables["captive_plants"], 0, tariff="pitt")}
    assert rules(unknown, core)["power_captive_tariff"] == ("tariff", "pit")
