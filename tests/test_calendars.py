"""Calendars by hand: how months reach seasons, half months and years, which branch's data hold, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import solve

from model import words
from model.expand.calendars import study_periods, with_calendars
from model.expand.power import expand
from model.expand.rows import records
from model.problems import Problems
from model.reading import read
from model.tables import Tables, frame, merged

# a year of two months: 30 days, and 10 + 20 days
DAYS = (("m01", "m01", 30), ("m02a", "m02", 10), ("m02b", "m02", 20))
CALENDARS = {
    "months": (("m01", "m01", ""), ("m02", "m02", "")),
    "cut": (("m01", "m01", ""), ("m02a", "m02a", ""), ("m02b", "m02b", "")),
    "year": (("all", "m01;m02", ""),),
    "twice": (("y1m01", "m01", ""), ("y1m02", "m02", ""), ("y2m01", "m01", "normal"), ("y2m02", "m02", "normal")),
}
LIKE = {"normal": "normal", "dry": "normal", "worse": "dry"}
# TWh by branch and month of the zone: hydro, load; prices in yuan/kWh
HYDRO = {("normal", "m01"): 9.0, ("normal", "m02"): 12.0, ("dry", "m02"): 6.0, ("worse", "m02b"): 1.0}
LOAD = {("normal", "m01"): 5.0, ("normal", "m02"): 6.0}
PRICES = {("", "m01"): 0.226, ("", "m02"): 0.452, ("dry", "m02"): 0.565, ("worse", "m02b"): 0.904}


def tables(calendar: str, hydrology: str = "normal", weight: float = 1.0) -> Tables:
    """A zone with a user of power, to be studied on ``calendar`` over the branches of ``hydrology``."""
    branches = {name: [(name, 1.0)] for name in LIKE} | {"both": [("normal", 0.75), ("dry", 0.25)]}
    return {
        "periods": frame("periods", [{"period": "m01", "stage": "y", "length": 0.5}, {"period": "m02", "stage": "y", "length": 0.5}]),
        "month_days": frame("month_days", [{"part": part, "month": month, "days": days} for part, month, days in DAYS]),
        "calendars": frame("calendars", [
            {"calendar": name, "period": period, "order": order, "months": months, "water": water}
            for name, rows in CALENDARS.items() for order, (period, months, water) in enumerate(rows, start=1)
        ]),
        "hydrology": frame("hydrology", [
            {"hydrology": name, "branch": branch, "probability": share, "like": LIKE[branch]}
            for name, rows in branches.items() for branch, share in rows
        ]),
        "study_calendar": frame("study_calendar", [
            {"stage": "y", "calendar": calendar, "hydrology": hydrology, "weight": weight, "in_use": 1},
        ]),
        "power_balance": frame("power_balance", [
            {"zone": "zone", "branch": branch, "month": month, "component": name, "role": role, "energy": energy}
            for name, role, rows in (("hydro", "supply", HYDRO), ("all", "load", LOAD)) for (branch, month), energy in rows.items()
        ]),
        "tariffs": frame("tariffs", [{"tariff": "flat", "zone": "zone", "vat": 0.13}]),
        "tariff_prices": frame("tariff_prices", [
            {"tariff": "flat", "branch": branch, "month": month, "price": price} for (branch, month), price in PRICES.items()
        ]),
    }


def core_of(given: Tables, problems: Problems | None = None) -> Tables:
    """Periods as the study wants them, a user of the tariff, and what power makes of both."""
    problems = problems or Problems()
    given = with_calendars(given, problems)
    core = {
        "periods": given["periods"], "recipes": frame("recipes", [{"technology": "use", "commodity": "power_flat", "quantity": -1.0}]),
        "tech_sites": frame("tech_sites", [{"technology": "use", "site": "mill", "variable_cost": 0.0}]),
    }
    made = expand(given, core, problems)
    return merged(core, made)


def hydro(core: Tables) -> dict[str, float]:
    return dict(zip(core["supply"]["period"], core["supply"]["max"], strict=True))


def prices(core: Tables) -> dict[str, float]:
    rows = core["tech_sites"][core["tech_sites"]["technology"] == "supply_flat"]
    return dict(zip(rows["period"], rows["variable_cost"], strict=True))


def test_without_a_study_calendar_the_periods_stay_as_they_are() -> None:
    given = tables("cut")
    given["study_calendar"] = given["study_calendar"].assign(in_use=0.0)
    assert with_calendars(given, Problems()) is given


def test_months_are_what_their_rows_say() -> None:
    core = core_of(tables("months"))
    assert dict(zip(core["periods"]["period"], core["periods"]["length"], strict=True)) == {"m01": 0.5, "m02": 0.5}
    assert hydro(core) == {"m01": 9000.0, "m02": 12000.0}
    assert prices(core) == pytest.approx({"m01": 0.2, "m02": 0.4})


def test_a_part_of_a_month_gets_its_days_of_energy_and_the_same_price() -> None:
    """12 TWh over 10 and 20 days: 4 and 8; 0.452 / 1.13 = 0.4 in both."""
    core = core_of(tables("cut"))
    assert list(core["periods"]["length"]) == pytest.approx([30 / 60, 10 / 60, 20 / 60])
    assert hydro(core) == pytest.approx({"m01": 9000.0, "m02a": 4000.0, "m02b": 8000.0})
    assert prices(core) == pytest.approx({"m01": 0.2, "m02a": 0.4, "m02b": 0.4})
    load = core["demand"]
    assert dict(zip(load["period"], load["min"], strict=True)) == pytest.approx({"m01": 5000.0, "m02a": 2000.0, "m02b": 4000.0})


def test_a_season_sums_energy_and_averages_prices_by_days() -> None:
    """30 days at 0.2 and 30 at 0.4."""
    core = core_of(tables("year"))
    assert hydro(core) == {"all": 21000.0}
    assert prices(core) == pytest.approx({"all": 0.3})


def test_a_branch_states_only_what_differs_and_is_like_another() -> None:
    """dry: 6 TWh in m02. worse is like dry, but makes 1 TWh in the last 20 days; the first 10 keep a third of 6."""
    assert hydro(core_of(tables("months", "dry"))) == {"m01": 9000.0, "m02": 6000.0}
    assert hydro(core_of(tables("cut", "worse"))) == pytest.approx({"m01": 9000.0, "m02a": 2000.0, "m02b": 1000.0})
    assert hydro(core_of(tables("months", "worse"))) == pytest.approx({"m01": 9000.0, "m02": 3000.0})
    assert prices(core_of(tables("months", "dry"))) == pytest.approx({"m01": 0.2, "m02": 0.5})
    # 10 days at 0.565 and 20 at 0.904: 0.791 with VAT
    assert prices(core_of(tables("months", "worse"))) == pytest.approx({"m01": 0.2, "m02": 0.7})


def test_branches_share_the_stage_with_their_probabilities() -> None:
    core = core_of(tables("months", "both", weight=3.0))
    periods = core["periods"]
    assert list(periods["period"]) == ["m01_normal", "m02_normal", "m01_dry", "m02_dry"]
    assert list(periods["probability"]) == [0.75, 0.75, 0.25, 0.25] and set(periods["weight"]) == {3.0}
    assert hydro(core) == {"m01_normal": 9000.0, "m02_normal": 12000.0, "m01_dry": 9000.0, "m02_dry": 6000.0}


def test_two_years_hold_amounts_of_an_average_year_and_the_second_has_normal_water() -> None:
    """Each month is a quarter of two years and holds half of its energy; the drought is over in the second year."""
    core = core_of(tables("twice", "dry"))
    assert list(core["periods"]["length"]) == [0.25] * 4
    assert hydro(core) == {"y1m01": 4500.0, "y1m02": 3000.0, "y2m01": 4500.0, "y2m02": 6000.0}
    assert prices(core) == pytest.approx({"y1m01": 0.2, "y1m02": 0.5, "y2m01": 0.2, "y2m02": 0.4})


def test_stages_each_have_their_own_calendar_periods() -> None:
    given = tables("months")
    given["study_calendar"] = frame("study_calendar", [
        {"stage": stage, "calendar": "months", "hydrology": "normal", "in_use": 1} for stage in ("y", "z")
    ])
    core = core_of(given)
    assert list(core["periods"]["period"]) == ["m01_y", "m02_y", "m01_z", "m02_z"]
    assert hydro(core) == {"m01_y": 9000.0, "m02_y": 12000.0, "m01_z": 9000.0, "m02_z": 12000.0}


def test_a_period_in_no_calendar_is_the_month_it_is_called_after() -> None:
    given = tables("months")
    core = {"periods": frame("periods", [{"period": "m02b_dry", "stage": "other", "branch": "dry"}, {"period": "spring"}])}
    found = study_periods(given, core)
    assert [[part.part for part in period.parts] for period in found] == [["m02b"], ["spring"]]
    assert [period.waters for period in found] == [("dry", "normal"), ("", "normal")]
    assert [period.days for period in found] == [20.0, 1.0]


@pytest.mark.parametrize("calendar", ["months", "cut", "twice"])
def test_splitting_a_month_with_equal_data_changes_nothing(calendar: str) -> None:
    """A mill that may sell 6,000 GWh a year at 0.35 runs in m01 (0.2) only: 3,000 GWh, earning 450 a year."""
    made = core_of(tables(calendar))
    made["recipes"] = frame("recipes", [*records(made, "recipes"), {"technology": "use", "commodity": "ware", "quantity": 1.0}])
    made["demand"] = frame("demand", [*records(made, "demand"), {"commodity": "ware", "site": "mill", "price": 0.35, "max": 6000.0}])
    assert solve(made).objective == pytest.approx(-450.0, rel=1e-9)


FILES = {
    "month_days": "part,month,days\nm01,m01,31\nm02a,m02,14\nm02b,m02,14\n",
    "calendars": "calendar,period,order,months\nhalves,m01,1,m01\nhalves,m02a,2,m02a\nhalves,m02b,3,m02b\n",
    "hydrology": "hydrology,branch,probability\nnormal,normal,1\n",
    "study_calendar": "stage,calendar,hydrology,in_use\ny,halves,normal,1\n",
    "tariffs": "tariff,price\nflat,\n", "tariff_prices": "tariff,branch,month,price\nflat,,m01,0.5\nflat,,m02,0.5\nflat,dry,m02b,0.6\n",
}


@pytest.mark.parametrize(("table", "old", "new", "found"), [
    ("tariff_prices", "", "", []),
    ("tariff_prices", "m02b", "m02c", [("bad_choice", 4, "month", "m02")]),
    ("study_calendar", "halves", "halfs", [("unknown_reference", 2, "calendar", "halves")]),
    ("study_calendar", "normal", "nromal", [("unknown_reference", 2, "hydrology", "normal")]),
    ("hydrology", "normal,1", "normal,1.5", [("too_high", 2, "probability", "")]),
])
def test_the_tables_are_read_and_checked(tmp_path: Path, table: str, old: str, new: str, found: list[tuple[str, int, str, str]]) -> None:
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text.replace(old, new) if name == table and old else text, encoding="utf-8")
    problems = Problems()
    read(tmp_path, problems)
    assert [(problem.rule, problem.row, problem.column, problem.suggestion) for problem in problems] == found


@pytest.mark.parametrize(("row", "cells", "rule", "column"), [
    (0, {"months": "m13"}, "calendar_month", "months"),
    (0, {"months": "m02"}, "calendar_uneven", "calendar"),
    (0, {"period": "m_01"}, "calendar_underscore", "period"),
])
def test_a_faulty_calendar_is_located(row: int, cells: dict[str, str], rule: str, column: str) -> None:
    given, problems = tables("months"), Problems()
    for name, cell in cells.items():
        given["calendars"].loc[row, name] = cell
    with_calendars(given, problems)
    found = {problem.rule: problem for problem in problems}
    assert found[rule].column == column
    assert all(problem.text(language) for problem in problems for language in words.LANGUAGES)


def test_a_month_without_load_or_price_is_reported() -> None:
    given, problems = tables("year"), Problems()
    given["power_balance"] = given["power_balance"].query("component != 'all' or month != 'm02'")
    given["tariff_prices"] = given["tariff_prices"].query("month != 'm02' or branch != ''")
    core_of(given, problems)
    assert {(problem.rule, dict(problem.facts).get("month")) for problem in problems} == {("power_no_load", None), ("power_tariff_month", "m02a, m02b")}


def test_a_branch_that_the_balance_does_not_know_has_no_data() -> None:
    given, problems = tables("months"), Problems()
    given["hydrology"].loc[0, "branch"] = "wetter"
    core_of(given, problems)
    assert {problem.rule for problem in problems} == {"power_no_load"}
