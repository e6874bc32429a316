"""The ranges of data/chuanyu: every cost line against the low, central and high of its source, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from runs import ROOT

from model.expand.recipes import variable_cost
from model.expand.rows import records
from model.problems import Problems
from model.reading import read
from model.schema import ALL_TABLES
from model.schema.industry import COST_COLUMNS
from model.tables import Tables

Bounds = tuple[float, float, float]
VAT = 1.13
COSTS = (*COST_COLUMNS, "fixed_cost")

# low, central, high in yuan per tonne, as the sources give them: labour, other variable, fixed
SHEET = (250, 400, 700), (350, 500, 800), (250, 400, 650)
AUTO = (500, 900, 1500), (600, 900, 1500), (500, 800, 1300)
BATTERY_FOIL = (600, 900, 1500), (800, 1300, 2200), (500, 800, 1300)
EXTRUSION = (400, 700, 1200), (350, 600, 1000), (200, 350, 550)
SMELTER_LABOUR, RELINING, OTHER, ADMIN, FINANCE = (280, 380, 500), (230, 320, 420), (100, 150, 220), (300, 450, 650), 100
CRYOLITE = (0, 16, 41)  # 0, 0.002 and 0.005 t at 8,200 yuan, the centre rounded in the published build-up
CAST, REMELT, CAST_LABOUR = (130, 190, 260), (180, 240, 320), (40, 60, 90)
CAST_ALLOY, ALLOY_LABOUR, ALLOY_ENERGY = (500, 700, 1000), (80, 120, 180), 240
WROUGHT, WROUGHT_ENERGY = (800, 1100, 1600), 270


def scaled(bounds: Bounds, factor: float) -> Bounds:
    return bounds[0] * factor, bounds[1] * factor, bounds[2] * factor


def less(first: Bounds, second: Bounds) -> Bounds:
    return first[0] - second[0], first[1] - second[1], first[2] - second[2]


def mill(labour: Bounds, other: Bounds, fixed: Bounds) -> dict[str, Bounds]:
    return {"labour": labour, "other_variable": other, "fixed_cost": fixed}


def around(bounds: Bounds, centre: float) -> Bounds:
    """The range in proportion to another centre."""
    return scaled(bounds, centre / bounds[1])


def within(low: float, centre: float, high: float) -> Bounds:
    return low, centre, high


CASH = less(ADMIN, (FINANCE,) * 3)  # 200, 350, 550: 100 of 350 vary with output
SMELTER = {
    "labour": scaled(SMELTER_LABOUR, 0.5),
    "maintenance": scaled(RELINING, 1 / VAT),
    "other_variable": tuple((other + cryolite) / VAT for other, cryolite in zip(OTHER, CRYOLITE, strict=True)),
    "overhead": scaled(CASH, 100 / 350),
    "fixed_cost": tuple(labour / 2 + cash * 250 / 350 for labour, cash in zip(SMELTER_LABOUR, CASH, strict=True)),
}
CASTING = {"labour": CAST_LABOUR, "other_variable": less(CAST, CAST_LABOUR)}
REMELTING = {"labour": CAST_LABOUR, "other_variable": less(REMELT, CAST_LABOUR)}
ALLOY_REST = less(less(CAST_ALLOY, (ALLOY_ENERGY,) * 3), ALLOY_LABOUR)  # 180, 340, 580
ALLOY = {"labour": ALLOY_LABOUR, "other_variable": around(ALLOY_REST, 220), "fixed_cost": around(ALLOY_REST, 120)}
WROUGHT_REST = less(WROUGHT, (WROUGHT_ENERGY,) * 3)  # 530, 830, 1330
BILLET = {"labour": around(WROUGHT_REST, 150), "other_variable": around(WROUGHT_REST, 500), "fixed_cost": around(WROUGHT_REST, 180)}

EXPECTED: dict[str, dict[str, Bounds]] = {
    "refine_wanzhou": {"other_variable": (40, 60, 90), "fixed_cost": (130, 70 + 160, 290)},
    "smelt": SMELTER, "smelt_new": SMELTER,
    "cast_ingot": {"labour": (21, 30, 39), "maintenance": scaled((14, 20, 26), 1 / VAT), "other_variable": scaled((70, 100, 130), 1 / VAT)},
    "cast_slab": CASTING, "cast_billet": CASTING, "remelt_slab": REMELTING, "remelt_billet": REMELTING,
    "cast_rod": {"labour": around(CAST_LABOUR, 70), "other_variable": around(less(CAST, CAST_LABOUR), 160)},
    "remelt_rod": {"labour": around(CAST_LABOUR, 70), "other_variable": around(less(REMELT, CAST_LABOUR), 210)},
    "cast_roll_foil_stock": mill((120, 180, 260), (150, 220, 320), (100, 160, 240)),
    "roll_foil_stock": mill(around(SHEET[0], 350), around(SHEET[1], 420), SHEET[2]),
    "roll_common": mill(*SHEET),
    "roll_can": mill(within(400, 500, 700), within(500, 800, 800), within(400, 500, 650)),
    "roll_brazing": mill(within(375, 650, 1100), within(475, 900, 1150), within(375, 500, 975)),
    "roll_auto": mill(*AUTO),
    "roll_aero": mill(within(900, 1500, 2100), within(900, 1500, 2100), within(800, 1300, 1800)),
    "roll_foil": {name: (low * 2 / 3, centre, high * 2 / 3) for (name, (low, _, high)), centre in zip(
        mill(*BATTERY_FOIL).items(), (600, 800, 500), strict=True)},
    "roll_foil_battery": mill(*BATTERY_FOIL),
    "extrude": mill(*EXTRUSION),
    "extrude_industrial": mill(within(700, 1000, 1200), within(600, 900, 1000), within(350, 450, 550)),
    "die_cast": mill((2000, 3200, 5500), (900, 1500, 2500), (800, 1300, 2200)),
    "cast_wheel": mill((1200, 1900, 3000), (600, 1000, 1600), (500, 800, 1300)),
    "forge": mill((1500, 2600, 4500), (900, 1500, 2600), (700, 1200, 2000)),
    "sort_scrap": {"other_variable": (80, 150, 300)},
    "recycle_cast": ALLOY, "recycle_cast_new": ALLOY, "recycle_cast_sorted": ALLOY,
    "recycle_billet": BILLET, "dilute_billet": BILLET, "dilute_billet_liquid": BILLET,
    "recycle_slab": BILLET, "dilute_slab": BILLET, "dilute_slab_liquid": BILLET,
    "red_mud_cement": {"other_variable": (20, 50, 90)}, "red_mud_brick": {"other_variable": (20, 55, 90)},
    "red_mud_stack": {"other_variable": (20, 60, 80)},  # 40 to 80, and 20 at Baise (S101)
    "treat_dross_white": {"other_variable": (600, 1000, 1800)}, "treat_dross_black": {"other_variable": (600, 1000, 1800)},
}
LINES = [(technology, cost, bounds) for technology, lines in EXPECTED.items() for cost, bounds in lines.items()]


@pytest.fixture(scope="module")
def tables() -> Tables:
    problems = Problems()
    dataset = read(ROOT / "data" / "chuanyu", problems)
    assert [problem.text("en") for problem in problems] == []
    return dataset.tables


@pytest.fixture(scope="module")
def technologies(tables: Tables) -> pd.DataFrame:
    return tables["technologies"].set_index("technology")


@pytest.fixture(scope="module")
def ranges(tables: Tables) -> pd.DataFrame:
    return tables["technology_cost_ranges"].set_index(["technology", "cost"])


@pytest.mark.parametrize(("technology", "cost", "bounds"), LINES, ids=lambda part: part if isinstance(part, str) else "")
def test_a_cost_line_and_its_range_are_those_of_the_source(technologies, ranges, technology, cost, bounds):
    row = ranges.loc[technology, cost]
    central = technologies.loc[technology, cost]
    assert row["low"] <= central <= row["high"]
    assert (row["low"], central, row["high"]) == pytest.approx(bounds, abs=0.06)  # written with one decimal


def test_every_cost_that_the_expansion_uses_has_a_range(tables, ranges):
    """A cost of 0 is a cost that stands in another line or that nobody has."""
    used = {(row["technology"], cost) for row in records(tables, "technologies") for cost in COSTS if row[cost] != 0}
    assert used == set(ranges.index) == {(technology, cost) for technology, cost, _ in LINES}


def test_the_variable_cost_of_every_technology_lies_between_the_sums_of_its_lines(tables, ranges):
    sums = ranges.drop("fixed_cost", level="cost").groupby("technology")[["low", "high"]].sum() / 1e3
    for row in records(tables, "technologies"):
        low, high = sums.loc[row["technology"]]
        assert low < variable_cost(row) < high, row["technology"]


def test_the_vat_basis_is_said_of_every_cost_line(tables, ranges):
    """Wages and overhead bear none; what is bought for potlines and ingot casting was quoted with 13 %."""
    basis = ranges["vat"]
    assert set(basis.xs("labour", level="cost")) == set(basis.xs("overhead", level="cost")) == {"none"}
    assert set(basis[basis == "incl"].index) == {(name, cost) for name in ("smelt", "smelt_new", "cast_ingot") for cost in ("maintenance", "other_variable")}
    assert "税" in ALL_TABLES["technologies"].by_name["capex"].zh and "VAT" in ALL_TABLES["technologies"].by_name["capex"].en


def test_a_figure_of_unstated_basis_stays_in_its_range_if_it_held_vat(technologies, ranges):
    for technology, cost in ranges.index[ranges["vat"] == "unstated"]:
        assert ranges.loc[(technology, cost), "low"] <= technologies.loc[technology, cost] / VAT, (technology, cost)


def test_assumed_ranges_say_how_they_were_found(ranges):
    assumed = ranges[ranges["grade"] == "D"]
    assert (assumed["note"] != "").all() and len(assumed) > 40
    assert ranges["source"].str.contains("ASSUME").sum() > 30
    assert set(ranges.loc[ranges["source"].str.contains("ASSUME"), "grade"]) == {"D"}


LIVES = {"refine_wanzhou": (20, 25, 30), "smelt": (18, 20, 25), "cast_slab": (15, 15, 20), "roll_common": (12, 15, 20), "recycle_cast": (12, 15, 20)}


@pytest.mark.parametrize(("technology", "life"), LIVES.items())
def test_lives(technologies, technology, life):
    assert tuple(technologies.loc[technology, ["life_low", "life", "life_high"]]) == life


def test_whatever_is_invested_in_has_ranges_of_investment_and_life(technologies):
    built = technologies[technologies["capex"] > 0]
    assert len(built) == 33
    assert built[["capex_low", "capex_high", "life_low", "life_high"]].notna().all(axis=None)


POTLINES = {
    "ac_intensity": (13150, 13300), "comprehensive_intensity": (13000, 14000), "avoidable_share": (0.7, 1.0), "closure_cost": (200, 1000),
    "restart_cost": (1300, 4000), "restart_limit": (0.14, 0.5), "min_load": (0.9, 0.97),
}


@pytest.mark.parametrize(("column", "bounds"), POTLINES.items())
def test_potlines_carry_the_ranges_of_their_figures(tables, column, bounds):
    plants = tables["plants"]
    assert {tuple(row) for row in plants[[f"{column}_low", f"{column}_high"]].to_numpy()} == {bounds}
    assert plants[column].between(*bounds).all()


def test_months_to_full_load_bound_the_monthly_restart():
    """Two to seven months: 1/7 = 0.143 and 1/2 of the capacity a month; three months are 0.33."""
    assert POTLINES["restart_limit"] == pytest.approx((1 / 7, 1 / 2), abs=0.005)


def test_the_closing_cost_covers_pay_and_the_disposal_of_the_lining(tables):
    """Half to one and a half years of pay at 380 yuan/t, 0.022 t of lining per tonne x 6 years at 1,000 to 2,000 yuan."""
    low, high = 0.5 * 380 + 0.022 * 6 * 1000, 1.5 * 380 + 0.022 * 6 * 2000
    assert (low, high) == pytest.approx((322, 834))
    assert POTLINES["closure_cost"][0] < low < 500 < high < POTLINES["closure_cost"][1]
    plants = tables["plants"]
    assert (plants["closure_cost"] == 500).all() and plants["source"].str.contains("CLOSING").all() and plants["note"].str.contains("D, CLOSING").all()
    assert "322 to 834" in tables["sources"].set_index("source_id").loc["CLOSING", "title"]


def test_auxiliaries_of_new_potlines_stay_within_those_of_the_existing(tables):
    """13,500 less 13,300 to 13,150 = 200 to 350 kWh/t; new projects may use at most 13,000 for molten metal."""
    plants, new = tables["plants"], tables["new_potlines"]
    auxiliaries = plants["comprehensive_intensity"] - plants["ac_intensity"]
    assert (auxiliaries.min(), auxiliaries.max()) == (200, 350)
    assert ((new["comprehensive_intensity"] - new["ac_intensity"]) == 250).all()
    assert {tuple(row) for row in new[["comprehensive_intensity_low", "comprehensive_intensity_high"]].to_numpy()} == {(13200, 13350)}
    assert (new["ac_intensity_high"] == 13000).all() and new["ac_intensity_low"].isna().all()
    assert (new["grade"] == "D").all() and new["note"].str.contains("auxiliaries 250 assumed").all()


def test_quota_is_priced_without_vat_between_the_one_auction_and_hearsay(tables):
    pool = tables["swap_pools"].iloc[0]
    assert tuple(pool[["ratio_low", "ratio", "ratio_high"]]) == (1.0, 1.0, 1.25)
    assert tuple(pool[["outside_price_low", "outside_price", "outside_price_high"]]) == (3990, 6000, 10000)
    assert pool["outside_price_low"] == pytest.approx(538.65e6 / 135e3)  # 538.65 million yuan for 135 kt, ex tax
    assert "ex tax" in pool["note"] and "VAT" in ALL_TABLES["swap_pools"].by_name["outside_price"].en


def test_load_factors_of_surveys_carry_their_range(tables):
    """Recycling runs at 45 to 55 % nationally, leading extrusion plants at 50 to 55 %, Guosheng at 35 to 75 %."""
    rows = tables["existing_capacity"].dropna(subset=["load_factor_low"])
    found = {(row["unit"], row["load_factor"]): (row["load_factor_low"], row["load_factor_high"]) for row in rows.to_dict("records")}
    assert found == {
        ("recycling", 0.5): (0.45, 0.55), ("recycling_wrought", 0.5): (0.45, 0.55), ("extrusion_press", 0.52): (0.5, 0.55),
        ("recycling_wrought", 0.38): (0.35, 0.75),
    }


def test_the_uniform_gap_has_a_range_of_the_gap_and_one_of_the_price(tables):
    """Sichuan at 0.44 and a gap of 0.02 to 0.18: 0.46 to 0.62."""
    tariff = tables["tariffs"].set_index("tariff").loc["uniform_gap"]
    assert tuple(tariff[["adder_low", "adder", "adder_high"]]) == (0.02, 0.1, 0.18)
    assert tuple(tariff[["low", "high"]]) == pytest.approx((0.44 + 0.02, 0.44 + 0.18))
