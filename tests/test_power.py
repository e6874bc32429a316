"""Power: the balance of 2025 and of the normal year, tariffs, captive coal, tie lines and their expansion into core rows."""

from __future__ import annotations

import pandas as pd
import pytest

from model import words
from model.expand.captive import coal_per_energy, other_cost
from model.expand.power import expand
from model.expand.surcharges import smelter_adder, tiered_adder
from model.problems import Problems
from model.tables import Tables
from tests.power_data import DAYS, MONTHS, ZONES, component, shipped, tie_flow, users


@pytest.fixture(scope="module")
def data() -> Tables:
    return shipped()


@pytest.fixture(scope="module")
def core(data: Tables) -> Tables:
    return users(data)


@pytest.fixture(scope="module")
def made(data: Tables, core: Tables) -> Tables:
    problems = Problems()
    result = expand(data, core, problems)
    assert [problem.text("en") for problem in problems] == []
    return result


def balance(data: Tables, zone: str, month: str, role: str) -> float:
    """TWh of 2025 of a zone and month over the rows of a role."""
    rows = data["power_balance"]
    normal = rows["branch"] == "normal"
    return float(rows[normal & (rows["zone"] == zone) & (rows["month"] == month) & (rows["role"] == role)]["energy"].sum())


# --- the dataset -----------------------------------------------------------------------------------------------------


def test_periods_are_the_months_of_one_year(data: Tables) -> None:
    periods = data["periods"]
    assert list(periods["period"]) == MONTHS
    assert periods["length"].sum() == pytest.approx(1.0, abs=1e-12)
    assert dict(zip(periods["period"], periods["length"] * 365, strict=True)) == pytest.approx(DAYS)
    assert set(periods["stage"]) == {"y2027"} and set(periods["branch"]) == {"normal"}


@pytest.mark.parametrize("month", MONTHS)
def test_balance_of_2025_closes(data: Tables, month: str) -> None:
    """Supply equals load; in Chongqing the captive plant stands outside on both sides."""
    assert balance(data, "zone_sichuan", month, "supply") == pytest.approx(balance(data, "zone_sichuan", month, "load"), abs=1e-4)
    captive = component(data, "zone_chongqing", "aluminium_captive").loc[month, "energy"]
    supply = balance(data, "zone_chongqing", month, "supply")
    assert supply + captive == pytest.approx(balance(data, "zone_chongqing", month, "load"), abs=1e-4)


@pytest.mark.parametrize(("zone", "name", "published", "tolerance"), [
    ("zone_sichuan", "load", 415.0, 0.1), ("zone_sichuan", "hydro_generation", 381.63, 0.1),
    ("zone_sichuan", "net_export", 126.1, 0.1),
    ("zone_sichuan", "thermal", 97.48, 0.1), ("zone_sichuan", "wind_solar", 16.66 + 13.045, 0.1),
    ("zone_chongqing", "load", 156.7, 0.1), ("zone_chongqing", "imports", 35.6 - 11.75, 0.2),
    ("zone_chongqing", "hami", 11.75, 0.01),
    ("zone_chongqing", "aluminium_captive", 0.330 * 13.5, 0.001), ("zone_sichuan", "aluminium_smelting", 1.060 * 13.5, 0.001),
    ("zone_chongqing", "aluminium_smelting", 0.320 * 13.5, 0.001),
])
def test_year_sums_are_the_published_ones(data: Tables, zone: str, name: str, published: float, tolerance: float) -> None:
    assert component(data, zone, name)["energy"].sum() == pytest.approx(published, abs=tolerance)


def test_first_half_export_agrees_with_the_published_value(data: Tables) -> None:
    assert component(data, "zone_sichuan", "net_export")["energy"].iloc[:6].sum() == pytest.approx(45.8, abs=2.0)


def test_normal_year_lifts_the_dry_august_and_lowers_the_wet_september(data: Tables) -> None:
    hydro, every, export = (component(data, "zone_sichuan", name) for name in ("hydro", "hydro_generation", "net_export"))
    assert hydro["scale"]["m08"] == every["scale"]["m08"] == export["scale"]["m08"] == pytest.approx(69.352 / 63.1, abs=1e-5)
    assert every["scale"]["m09"] == pytest.approx(66.419 / 70.985, abs=1e-5)
    assert hydro["scale"]["m09"] == 1.0  # the surplus of September had been exported
    for month in MONTHS:
        used = every["energy"][month] * every["scale"][month] - export["energy"][month] * export["scale"][month]
        assert hydro["energy"][month] * hydro["scale"][month] == pytest.approx(used, abs=1e-3)
        assert month in ("m08", "m09") or every["scale"][month] == 1.0


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("month", MONTHS)
def test_normal_year_needs_no_shedding_and_no_forced_stop(data: Tables, made: Tables, zone: str, month: str) -> None:
    """Each zone alone, without the tie: supply ≥ other users + aluminium at full capacity, taken at the high figures."""
    full = {"zone_sichuan": 1060 * 13.5 + 2000, "zone_chongqing": 420 * 13.5 + 3400}[zone] * DAYS[month] / 365
    supply, demand = made["supply"], made["demand"]
    offered = supply[(supply["site"] == zone) & (supply["period"] == month)]["max"].sum()
    others = demand[(demand["site"] == zone) & (demand["period"] == month)]["min"].sum()
    assert offered >= others + full + 500


def test_january_by_hand(made: Tables) -> None:
    """Sichuan 32,980 GWh offered against 29,157 of other users; Chongqing 14,874 against 11,925."""
    supply, demand = made["supply"], made["demand"]
    expected = {"zone_sichuan": (32980.4, 29157.23), "zone_chongqing": (14874.3, 11925.41)}
    for zone, (offered, others) in expected.items():
        assert supply[(supply["site"] == zone) & (supply["period"] == "m01")]["max"].sum() == pytest.approx(offered, abs=0.1)
        assert demand[(demand["site"] == zone) & (demand["period"] == "m01")]["min"].sum() == pytest.approx(others, abs=0.1)


def test_without_the_reserve_only_the_aluminium_of_2025_fits(data: Tables) -> None:
    """Nothing is counted twice: what the published supply leaves beside the other users is the aluminium load itself."""
    for month in MONTHS:
        other = balance(data, "zone_sichuan", month, "load") - balance(data, "zone_sichuan", month, "aluminium")
        left = balance(data, "zone_sichuan", month, "supply") - other
        assert left == pytest.approx((1.060 * 13.5 + 1.5) * DAYS[month] / 365, abs=1e-3)


def test_reserve_is_plant_that_stood_still(data: Tables) -> None:
    """21 GW x 744 h x 0.85 = 13,280 GWh in January, of which 10,800 ran; 16.46 GW gives 10,409, of which 8,057 ran."""
    assert component(data, "zone_sichuan", "thermal_reserve")["energy"]["m01"] == pytest.approx(13.2804 - 10.8, abs=1e-4)
    assert component(data, "zone_chongqing", "thermal_reserve")["energy"]["m01"] == pytest.approx(10.40930 - 8.05663, abs=1e-4)


def test_every_row_has_source_grade_and_ordered_range(data: Tables) -> None:
    centres = {"power_balance": "energy", "power_shedding": "price", "tariff_prices": "price"}
    for name, table in data.items():
        assert (table["source"] != "").all() and table["grade"].isin(list("ABCD")).all(), name
    for name, centre in centres.items():
        table = data[name]
        assert (table["low"] <= table[centre]).all() and (table[centre] <= table["high"]).all(), name
    for column, low, high in (("price", "low", "high"), ("adder", "adder_low", "adder_high")):
        tariffs = data["tariffs"].dropna(subset=[column, low])
        assert len(tariffs) == {"price": 2, "adder": 1}[column] and tariffs[column].between(tariffs[low], tariffs[high]).all()
    plant = data["captive_plants"].iloc[0]
    assert plant["coal_price_low"] <= plant["coal_price"] <= plant["coal_price_high"]
    assert plant["coal_rate_low"] <= plant["coal_rate"] <= plant["coal_rate_high"]


def test_every_component_and_step_has_words(data: Tables) -> None:
    rows = data["power_balance"]
    for name in rows[rows["role"].isin(["supply", "reserve"])]["component"].unique():
        assert all(words.text(f"power.component_{name}", language) for language in words.LANGUAGES)
    for step in data["power_shedding"]["step"].unique():
        assert all(words.text(f"power.step_{step}", language) for language in words.LANGUAGES)


# --- tariffs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tariff", "mean", "tolerance"), [
    ("sichuan_market", 0.44, 0.005), ("industry_sichuan", 0.49, 0.0005),
    ("industry_chongqing", 0.77, 0.0005), ("chongqing_posted", 0.73, 0.0005), ("direct_sichuan_hydro", 0.56, 0.0005),
])
def test_flat_load_pays_the_annual_mean(data: Tables, tariff: str, mean: float, tolerance: float) -> None:
    rows = data["tariff_prices"]
    prices = rows[(rows["tariff"] == tariff) & (rows["branch"] == "")].set_index("month")["price"]
    assert sum(prices[month] * DAYS[month] for month in MONTHS) / 365 == pytest.approx(mean, abs=tolerance)


def costs(made: Tables, tariff: str) -> dict[str, float]:
    rows = made["tech_sites"]
    rows = rows[rows["technology"] == f"supply_{tariff}"]
    return dict(zip(rows["period"], rows["variable_cost"], strict=True))


def test_tariffs_are_laid_out_by_month_without_vat(made: Tables) -> None:
    """0.3422 / 1.13 = 0.302832 in the wet season, 0.384354 in the flat, 0.475142 in the dry; million yuan per GWh."""
    market = costs(made, "sichuan_market")
    assert set(market) == set(MONTHS)
    assert [market[month] for month in ("m06", "m10")] == pytest.approx([0.302832, 0.302832], abs=1e-6)
    assert [market[month] for month in ("m05", "m11")] == pytest.approx([0.384354, 0.384354], abs=1e-6)
    assert [market[month] for month in ("m01", "m04", "m12")] == pytest.approx([0.475142] * 3, abs=1e-6)
    assert costs(made, "chongqing_local") == pytest.approx({"*": 0.54 / 1.13})


def test_uniform_gap_is_the_sichuan_price_plus_one_cell(data: Tables, core: Tables, made: Tables) -> None:
    market = costs(made, "sichuan_market")
    assert costs(made, "uniform_gap") == pytest.approx({month: price + 0.10 / 1.13 for month, price in market.items()})
    tariffs = data["tariffs"].copy()
    tariffs.loc[tariffs["tariff"] == "uniform_gap", "adder"] = 0.14
    swept = expand({**data, "tariffs": tariffs}, core, Problems())
    assert costs(swept, "uniform_gap") == pytest.approx({month: price + 0.14 / 1.13 for month, price in market.items()})


@pytest.mark.parametrize(("intensity", "year", "adder"), [
    (13300, 2027, 0.0), (13150, 2027, 0.0), (13301, 2027, 0.01), (13320, 2027, 0.01), (13321, 2027, 0.02), (13400, 2025, 0.05),
    (13500, 2027, 0.10), (13500, 2024, 0.03), (13650, 2022, 0.0), (13670, 2022, 0.01), (14000, 2020, 0.0),
])
def test_tiered_price_counts_started_steps(data: Tables, intensity: float, year: int, adder: float) -> None:
    assert tiered_adder(data["tiered_prices"], intensity, year) == pytest.approx(adder)


def test_tiered_price_per_tonne(data: Tables) -> None:
    """13,350 kWh/t: 3 started steps, 0.03 yuan/kWh x 13,350 = 400.5 yuan/t with VAT, 354.42 without."""
    assert smelter_adder(data, 13350, 2027) == pytest.approx(0.354425, abs=1e-6)
    assert smelter_adder(data, 13300, 2027) == 0.0
    assert smelter_adder({}, 14000, 2027) == 0.0


# --- captive coal ----------------------------------------------------------------------------------------------------


def captive_total(plant: pd.Series, coal_price: float) -> float:
    """yuan/kWh with VAT: coal burnt x price + the other parts as written."""
    return coal_per_energy(dict(plant)) * coal_price / 1000 + plant["operation_capital"] + plant["funds"] + plant["backup"]


def test_captive_power_costs_0475_and_00445_per_100_yuan_of_coal(data: Tables) -> None:
    plant = data["captive_plants"].iloc[0]
    assert captive_total(plant, 690) == pytest.approx(0.475, abs=5e-4)
    assert captive_total(plant, 790) - captive_total(plant, 690) == pytest.approx(0.0445, abs=1e-4)
    gap = [captive_total(plant, price) - 0.44 for price in (790, 835)]
    assert gap == pytest.approx([0.08, 0.10], abs=0.002)


def test_captive_power_is_coal_and_own_cost_without_vat(data: Tables, made: Tables) -> None:
    """Coal 0.4452 t/MWh at 690/1.13 = 610.62 yuan/t, other parts 0.1677/1.13 = 0.148407: together 0.4203 = 0.475/1.13."""
    recipe = made["recipes"]
    recipe = recipe[recipe["technology"] == "supply_captive_qineng"].set_index("commodity")["quantity"]
    assert recipe.to_dict() == pytest.approx({"coal": -0.4452, "power_captive_qineng": 1.0})
    coal = made["supply"].query("commodity == 'coal'")
    assert coal[["site", "tier", "cost_class"]].to_numpy().tolist() == [["qijiang", "captive_qineng", "coal"]]
    assert coal["price"].iloc[0] == pytest.approx(0.610619, abs=1e-6)
    assert costs(made, "captive_qineng") == pytest.approx({"*": 0.148407}, abs=1e-6)
    assert (0.4452 * coal["price"].iloc[0] + 0.148407) * 1.13 == pytest.approx(0.47489, abs=1e-5)


def test_funds_without_vat_cost_half_a_fen_more(data: Tables) -> None:
    """0.0477 - 0.0477/1.13 = 0.005488 yuan/kWh."""
    plant = dict(data["captive_plants"].iloc[0])
    assert other_cost({**plant, "vat_funds": 0.0}) - other_cost(plant) == pytest.approx(0.005488, abs=1e-6)


def test_captive_power_stands_outside_the_balance_and_has_half_a_terawatt_hour_to_spare(made: Tables) -> None:
    assert made["capacity"][["unit", "site", "amount"]].to_numpy().tolist() == [["captive_qineng", "qijiang", 330 * 13.5 + 500]]
    use = made["capacity_use"][["technology", "unit", "use"]]
    assert use.to_numpy().tolist() == [["supply_captive_qineng", "captive_qineng", 1.0]]
    lanes = made["lanes"]
    to_qijiang = lanes[(lanes["to"] == "qijiang") & (lanes["mode"] == "grid")]
    assert len(to_qijiang) == 1  # the lane of the user of uniform_gap
    recipes = made["recipes"]
    assert "supply_captive_qineng" not in set(recipes[recipes["commodity"] == "electricity"]["technology"])


# --- ties, shedding, consumers ---------------------------------------------------------------------------------------


def test_tie_carries_only_what_comes_on_top(data: Tables, core: Tables, made: Tables) -> None:
    """10 GW x 744 h = 7,440 GWh in January less 2,687.5 of imports; 6 GW without the 1000 kV line leaves 1,776.5."""
    assert tie_flow(made, "zone_sichuan", "m01") == pytest.approx(4752.5, abs=1e-6)
    assert tie_flow(made, "zone_chongqing", "m01") == pytest.approx(7440.0, abs=1e-6)
    ties = data["tie_lines"].assign(state="without_1000kv")
    before = expand({**data, "tie_lines": ties}, core, Problems())
    assert tie_flow(before, "zone_sichuan", "m01") == pytest.approx(1776.5, abs=1e-6)
    ties = made["lanes"].query("mode == 'tie_line'")
    assert set(ties["delivered_share"]) == {1 - 0.0099, 1 - 0.0085} and (ties["unit_cost"] == 0).all()
    section, imports = (component(data, "zone_chongqing", name)["energy"] for name in ("sichuan_chongqing", "imports"))
    assert list(section) == list(imports)  # all imports but the Hami line use the section


def test_shedding_rises_from_three_yuan(made: Tables) -> None:
    steps = made["demand"].query("site == 'zone_sichuan' and period == 'm01'").set_index("segment")
    assert steps["shortage_price"].to_dict() == {"step1": 3.0, "step2": 6.0, "step3": 20.0}
    assert (steps["min"] == steps["max"]).all() and (steps["price"] == 0).all()
    assert steps["min"]["step1"] == pytest.approx(0.02 * 29157.23, abs=0.01)  # 12 % of the peak for 4 of 24 hours
    assert steps["min"]["step2"] == pytest.approx(0.30 * 29157.23, abs=0.01)  # with it 32 % of the peak


def test_power_is_paid_once(made: Tables) -> None:
    supply, lanes = made["supply"], made["lanes"]
    assert (supply[supply["commodity"] == "electricity"]["price"] == 0).all()
    assert (lanes["unit_cost"] == 0).all() and set(lanes["commodity"]) == {"electricity"}
    assert set(made["tech_sites"]["cost_class"]) == {"power"}
    assert "coal" not in set(made["commodities"]["commodity"])  # already in the dataset
    assert made["commodities"].set_index("commodity").loc["power_industry_sichuan", "unit"] == "GWh"
