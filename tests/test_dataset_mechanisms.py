"""Carbon, recycling and planning tables of data/chuanyu: provenance, and what their figures must add up to."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from model.expand.amounts import amount
from model.expand.rows import records
from model.problems import Problems
from model.reading import read
from model.schema import ALL_TABLES, carbon, planning, recycling
from model.tables import Tables

FOLDER = Path(__file__).parent.parent / "data" / "chuanyu"
MINE = [spec.name for module in (carbon, recycling, planning) for spec in module.TABLES]
OFF = ("scrap_centres", "outages", "overhauls", "plant_sizes", "stages")  # what a scenario switches on


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read(FOLDER, Problems()).tables


@pytest.mark.parametrize("name", MINE)
def test_every_row_has_a_known_source_and_a_grade(tables: Tables, name: str) -> None:
    known = set(tables["sources"]["source_id"])
    for row in records(tables, name):
        named = [part for part in str(row["source"]).split(";") if part]
        assert named and set(named) <= known, (name, row["_row"], row["source"])
        assert row["grade"] in {"A", "B", "C", "D"} and (row["grade"] != "D" or row["note"]), (name, row["_row"])


@pytest.mark.parametrize("name", [name for name in MINE if ALL_TABLES[name].ranges])
def test_ranges_hold_their_value(tables: Tables, name: str) -> None:
    for span in ALL_TABLES[name].ranges:
        for row in records(tables, name):
            low, high = (row[span.value] if math.isnan(row[column]) else row[column] for column in (span.low, span.high))
            assert low <= row[span.value] <= high, (name, row["_row"])


@pytest.mark.parametrize("name", OFF)
def test_events_and_variants_are_off_in_the_base(tables: Tables, name: str) -> None:
    assert (tables[name]["in_use"] == 0).all()


def test_every_way_of_counting_power_knows_every_province(tables: Tables) -> None:
    factors = tables["emission_factors"]
    power = factors[factors["carrier"] == "electricity"].pivot(index="item", columns="accounting", values="factor")
    assert set(power.index) == {"sichuan", "chongqing"} and set(power.columns) == {"province", "grid_average", "fossil_residual"}
    assert power.notna().all(axis=None) and (power["fossil_residual"] > power["grid_average"]).all()
    assert power.loc["sichuan", "province"] < power.loc["chongqing", "province"] < power.loc["chongqing", "grid_average"]


def test_allowances_equal_the_default_emissions_of_smelting(tables: Tables) -> None:
    """2024: verified emissions; 2025: by intensity around the balance of the sector. So the base pays nothing."""
    factors = tables["emission_factors"].set_index(["carrier", "item", "scope"])["factor"]
    assert tables["free_allocations"]["allocation"].tolist() == [factors["technology_stage", "smelting", "1"]] == [1.424 + 0.1454]


def test_standard_coal_of_the_fuels(tables: Tables) -> None:
    """5,000 kcal per kg over 7,000; captive coal as its own table says; gas within GB/T 2589."""
    factors = tables["energy_factors"].set_index("item")["factor"]
    assert factors["coal"] == pytest.approx(5000 / 7000, abs=1e-4)
    assert factors["power_captive_qineng"] * 1000 == tables["captive_plants"].set_index("captive").loc["captive_qineng", "coal_rate"]
    assert 1.1 <= factors["gas"] <= 1.33


def share_of_dilution(tables: Tables, product: str) -> float:
    """Primary metal in a recycled product: d (L - y i) = (1 - d) (c s - L) with the contents and yields of the tables."""
    recipes = tables["technology_recipes"].set_index(["technology", "commodity"])["quantity"]
    contents = tables["element_contents"].set_index(["input", "element"])["content"]
    limit = tables["quality_limits"].set_index(["product", "element"])["max_share"][product, "iron"]
    used = -recipes[f"recycle_{product}", "scrap_sorted"] * contents["scrap_sorted", "iron"] - limit
    made = limit + recipes[f"dilute_{product}", "ingot"] * contents["ingot", "iron"]
    return float(used / (used + made))


@pytest.mark.parametrize("product", ["billet", "slab"])
def test_the_iron_limit_asks_for_the_dilution_of_the_sources(tables: Tables, product: str) -> None:
    """0.85 t of scrap and 0.20 t of ingot make a tonne; 0.2 t of ingot are 0.197 t of product."""
    share = share_of_dilution(tables, product)
    recipes = tables["technology_recipes"].set_index(["technology", "commodity"])["quantity"]
    assert -share * recipes[f"dilute_{product}", "ingot"] == pytest.approx(0.2, abs=5e-4)
    assert -(1 - share) * recipes[f"recycle_{product}", "scrap_sorted"] == pytest.approx(0.85, abs=5e-4)
    assert (1 - share) * recipes[f"recycle_{product}", "dross_black"] == pytest.approx(0.04, abs=5e-4)


def test_magnesium_and_not_cost_keeps_wrought_scrap_out_of_cast_alloy(tables: Tables) -> None:
    """Of a charge of mixed old and sorted scrap, 0.3 % of magnesium leaves at most one part of sorted in five."""
    recipes = tables["technology_recipes"].set_index(["technology", "commodity"])["quantity"]
    contents = tables["element_contents"].set_index(["input", "element"])["content"]
    spare = 0.3 + recipes["recycle_cast", "scrap_mixed"] * contents["scrap_mixed", "magnesium"]
    over = -recipes["recycle_cast_sorted", "scrap_sorted"] * contents["scrap_sorted", "magnesium"] - 0.3
    assert spare / (spare + over) == pytest.approx(0.202, abs=2e-3)


def test_products_and_charges_of_the_quality_tables_meet_in_the_recipes(tables: Tables) -> None:
    made = {(row["technology"], row["commodity"]) for row in records(tables, "technology_recipes") if row["quantity"] > 0}
    used = {row["commodity"] for row in records(tables, "technology_recipes") if row["quantity"] < 0}
    for row in records(tables, "quality_limits"):
        assert all((name, row["product"]) in made for name in str(row["technologies"]).split(";"))
    assert set(tables["element_contents"]["input"]) <= used


def test_scaled_national_goals(tables: Tables) -> None:
    """11,500 and 15,000 kt of the country by 115.5 of 1,408 million people."""
    goals = tables["measures"].set_index("measure")["min"]
    for year, national in ((2025, 11500), (2027, 15000)):
        assert goals[f"recycled_goal_{year}"] == pytest.approx(national * 115.5 / 1408, abs=1.0)


def test_targets_cost_nothing_to_miss(tables: Tables) -> None:
    measures = tables["measures"]
    bounded = measures[measures["min"].notna() | measures["max"].notna()]
    assert len(bounded) == 10
    assert (bounded["relax_price"] == 0).all()


def test_smallest_plants_fit_into_the_expansions(tables: Tables) -> None:
    largest = {row["technology"]: amount("expansions", row, "max_size") for row in records(tables, "expansions")}
    for row in records(tables, "plant_sizes"):
        if row["technology"] != "smelt_new":
            assert row["min_size"] <= largest[row["technology"]] == row["typical_size"], row["technology"]


def test_stages_follow_each_other(tables: Tables) -> None:
    stages = tables["stages"].sort_values("year")
    assert (stages["year"] + stages["years"]).tolist()[:-1] == stages["year"].tolist()[1:]


def value(run, name: str) -> float:
    table: pd.DataFrame = run.results.indicators
    return float(table.loc[table["indicator"] == name, "value"].iloc[0])


def test_the_base_pays_no_carbon_and_dilutes_as_little_as_it_must(base_run) -> None:
    assert value(base_run, "carbon_covered_national") == pytest.approx(value(base_run, "carbon_free_national")) == pytest.approx(1710 * 1.5694)
    made = base_run.results.values["activity"].groupby("technology")["value"].sum()
    recycled = made["recycle_billet"] + made["recycle_slab"]
    diluted = made[[name for name in made.index if name.startswith("dilute_")]].sum()
    assert diluted / (diluted + recycled) == pytest.approx(0.197, abs=2e-3)


def test_carbon_and_energy_of_both_places_are_the_whole(base_run) -> None:
    for name, parts in (("carbon_total", ("carbon_sichuan", "carbon_chongqing")), ("energy_use", ("energy_sichuan", "energy_chongqing"))):
        assert value(base_run, name) == pytest.approx(sum(value(base_run, part) for part in parts))
    assert value(base_run, "carbon_total") == pytest.approx(value(base_run, "carbon_scope1") + value(base_run, "carbon_scope2"))
    assert value(base_run, "carbon_intensity_primary") * 1710 == pytest.approx(value(base_run, "carbon_smelting"))
