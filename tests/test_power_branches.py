"""Hydrological branches and calendars of the shipped dataset, against published figures and by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from model.expand.calendars import with_calendars, years_spanned
from model.expand.power import expand
from model.problems import Problems
from model.tables import Tables
from tests.power_data import MONTHS, branch_rows, hydro_of, shipped, tie_flow, users


@pytest.fixture(scope="module")
def data() -> Tables:
    return shipped()


@pytest.fixture(scope="module")
def core(data: Tables) -> Tables:
    return users(data)


def test_the_dry_year_is_dry_in_winter_too(data: Tables, core: Tables) -> None:
    """0.91 of the normal year in every month: January 25.035/27.11 of 14.892 TWh; August is that of 2025, a dry one."""
    normal, dry = hydro_of(data, core, "normal"), hydro_of(data, core, "dry_year")
    assert dry["m01"] == pytest.approx(14.89199 * 25.035 / 27.11, abs=1e-3)
    assert dry["m08"] == pytest.approx(29.54308, abs=1e-3)
    assert all(0.88 < dry[month] / normal[month] < 0.94 for month in MONTHS)


@pytest.mark.parametrize(("branch", "month", "ratio"), [
    ("dry_winter", "m01", 0.85), ("dry_winter", "m04", 0.881), ("dry_winter", "m05", 0.756), ("dry_winter", "m08", 1.0),
    ("wet", "m01", 29.499 / 27.11), ("wet", "m08", 74.025 / 69.352), ("extreme_august", "m07", 0.78), ("extreme_august", "m09", 0.6 / 0.97),
    ("extreme_august", "m08", (14 * 0.49 + 17 * 0.40) / 31), ("extreme_august", "m06", 1.0),
])
def test_hydro_of_the_branches_against_the_normal_year(data: Tables, core: Tables, branch: str, month: str, ratio: float) -> None:
    assert hydro_of(data, core, branch)[month] / hydro_of(data, core, "normal")[month] == pytest.approx(ratio, abs=1e-4)


def test_chongqing_gets_less_from_a_dry_sichuan(data: Tables, core: Tables) -> None:
    """August: 2,095.6 GWh come from Sichuan in the normal year, 0.49 of them in the drought; so is the use of the section."""
    supply = {
        branch: branch_rows(data, core, branch)["supply"].query("site == 'zone_chongqing' and period == 'm08'").set_index("tier")["max"]
        for branch in ("normal", "dry_late_summer")
    }
    assert supply["normal"]["1_imports"] == pytest.approx(2095.61) and supply["normal"]["1_hami"] == pytest.approx(2231.89)
    assert supply["dry_late_summer"]["1_imports"] == pytest.approx(0.49 * 2095.61)
    assert supply["dry_late_summer"]["1_hami"] == supply["normal"]["1_hami"]
    assert tie_flow(branch_rows(data, core, "dry_late_summer"), "zone_sichuan", "m08") == pytest.approx(7440 - 0.49 * 2095.61)


def test_support_from_outside_comes_in_a_dry_august_only(data: Tables, core: Tables) -> None:
    """72 GWh a day for 14 days, 132 for 17."""
    supply = branch_rows(data, core, "dry_late_summer")["supply"].query("tier == '1_support'")
    assert dict(zip(supply["period"], supply["max"], strict=True)) == pytest.approx({"m08": 14 * 72 + 17 * 132})


def test_prices_of_a_dry_year_put_a_third_of_the_energy_at_the_cap(data: Tables) -> None:
    """Wet season: 0.155 + (0.21143 - 0.155) / 3 = 0.17381; its factor 1.0457 = (0.3422 - 0.1217) / (0.155 x 1.0598 + 0.0466)."""
    rows = data["tariff_prices"].set_index(["tariff", "branch", "month"])["price"]
    assert rows["sichuan_market", "dry_late_summer", "m08"] == pytest.approx((0.17381 * 1.0598 + 0.0466) * 1.0457 + 0.1217, abs=2e-5)
    # (0.155 / 0.9901 + 0.035) / 0.9582 + 0.0868 + 0.0477 + 0.075 + 0.0403
    assert rows["direct_sichuan_hydro", "", "m08"] == pytest.approx(0.4497, abs=1e-4)


@pytest.mark.parametrize(("calendar", "count", "years"), [("months", 12, 1), ("august_split", 13, 1), ("seasons", 4, 1), ("two_years", 25, 2)])
def test_calendars_hold_every_day_once_a_year(data: Tables, calendar: str, count: int, years: int) -> None:
    study = data["study_calendar"].assign(in_use=1.0, calendar=calendar)
    problems = Problems()
    tables = with_calendars({**data, "study_calendar": study}, problems)
    assert not problems.errors and len(tables["periods"]) == count
    assert tables["periods"]["length"].sum() == pytest.approx(1.0, abs=1e-12)
    assert years_spanned({**data, "study_calendar": study}, problems) == pytest.approx(years)
    if calendar == "months":
        base = data["periods"]
        assert list(tables["periods"]["period"]) == list(base["period"]) and list(tables["periods"]["length"]) == pytest.approx(list(base["length"]))


def test_probabilities_of_every_hydrology_sum_to_one(data: Tables) -> None:
    assert data["hydrology"].groupby("hydrology")["probability"].sum().to_numpy() == pytest.approx(1.0)


def test_the_dry_late_summer_is_no_dry_year(data: Tables, core: Tables) -> None:
    """440 of 900 GWh a day in August 2022; the first half, wetter in 2022, is that of the normal year."""
    normal, dry = hydro_of(data, core, "normal"), hydro_of(data, core, "dry_late_summer")
    assert dry["m08"] / normal["m08"] == pytest.approx(440 / 900, abs=0.002)
    assert [dry[month] for month in MONTHS[:6]] == [normal[month] for month in MONTHS[:6]]
    assert all(dry[month] < normal[month] for month in MONTHS[6:])


def test_a_branch_states_only_what_differs(data: Tables, core: Tables) -> None:
    made = {
        branch: expand(data, {**core, "periods": data["periods"].assign(branch=branch)}, Problems()) for branch in ("normal", "dry_year")
    }
    for table in ("demand", "lanes"):
        pd.testing.assert_frame_equal(made["normal"][table], made["dry_year"][table])
    other = {branch: rows["supply"].query("tier != '1_hydro' or site != 'zone_sichuan'") for branch, rows in made.items()}
    pd.testing.assert_frame_equal(other["normal"].reset_index(drop=True), other["dry_year"].reset_index(drop=True))


def test_a_branch_the_balance_does_not_know_is_reported(data: Tables, core: Tables) -> None:
    problems = Problems()
    expand(data, {**core, "periods": data["periods"].assign(branch="dry_yaer")}, problems)
    assert {problem.rule for problem in problems} == {"power_no_load"}
