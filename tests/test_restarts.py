"""Short stops and studies of an event over two years, worked out by hand and solved."""

from __future__ import annotations

import math

import pytest
from worlds import indicator, solve, world

from model.expand.calendars import with_calendars
from model.expand.power import expand
from model.expand.restarts import with_restarts
from model.expand.rows import records
from model.problems import Problems
from model.tables import Tables, frame, merged

STOP = {"plant": "*", "restart_cost": 750.0, "restart_limit": 0.33, "initial": 1.0, "in_use": 1.0}


def plants() -> Tables:
    """Two potlines; the figures of their rows are for long stops."""
    return {"plants": frame("plants", [
        {
            "plant": name, "site": "park", "region": "r", "tariff": "t", "capacity": 100.0, "ac_intensity": 13300.0,
            "comprehensive_intensity": 13500.0, "avoidable_share": 1.0, "closure_cost": 0.0, "restart_cost": 1800.0,
        } for name in ("one", "two")
    ])}


UNITS = world(units="unit site restart_cost restart_limit\npotline_one park 1.8 0.5\npotline_two park 1.8 -\npotline_two_retrofit park 1.8 0.5\nmill park 5 0.1")


def test_a_short_stop_replaces_the_figures_of_all_potlines_and_of_nothing_else() -> None:
    core = with_restarts({**plants(), "short_stops": frame("short_stops", [STOP])}, UNITS, Problems())
    rows = {row["unit"]: (row["restart_cost"], row["restart_limit"], row["initial"]) for row in records(core, "units")}
    assert [rows[name] for name in ("potline_one", "potline_two", "potline_two_retrofit")] == [(0.75, 0.33, 1.0)] * 3
    assert rows["mill"][:2] == (5.0, 0.1) and math.isnan(rows["mill"][2])


def test_a_plants_own_row_wins_and_blank_cells_leave_what_was_there() -> None:
    own = {"plant": "two", "restart_cost": 1000.0, "in_use": 1.0}
    core = with_restarts({**plants(), "short_stops": frame("short_stops", [STOP, own])}, UNITS, Problems())
    row = core["units"].set_index("unit").loc["potline_two_retrofit"]
    assert (row["restart_cost"], row["restart_limit"]) == (1.0, 0.5) and math.isnan(row["initial"])


def test_what_is_not_in_use_changes_nothing() -> None:
    core = with_restarts({**plants(), "short_stops": frame("short_stops", [{**STOP, "in_use": 0.0}])}, UNITS, Problems())
    assert core["units"] is UNITS["units"]


def two_years(**limits: float) -> Tables:
    """A smelter of 100 kt a year (1 GWh per kt, metal sold at 3) beside users of 60 GWh per half-year; 110 GWh of hydro.

    In the second half of the first year there are 70 GWh: 10 are left for the smelter. Bringing back costs 2 per kt a year.
    """
    halves = ("h1", "h2")
    tables = {
        "month_days": frame("month_days", [{"part": half, "month": half, "days": 100} for half in halves]),
        "calendars": frame("calendars", [
            {"calendar": "event", "period": f"{year}{half}", "order": order, "months": half, "water": water}
            for order, (year, half, water) in enumerate([(y, h, w) for y, w in (("y1", ""), ("y2", "normal")) for h in halves])
        ]),
        "hydrology": frame("hydrology", [{"hydrology": "dry", "branch": "dry", "probability": 1.0}]),
        "study_calendar": frame("study_calendar", [{"stage": "y", "calendar": "event", "hydrology": "dry", "in_use": 1.0}]),
        "power_balance": frame("power_balance", [
            {"zone": "zone", "branch": branch, "month": half, "component": name, "role": role, "energy": energy}
            for branch, half, name, role, energy in (
                ("normal", "h1", "hydro", "supply", 0.11), ("normal", "h2", "hydro", "supply", 0.11), ("dry", "h2", "hydro", "supply", 0.07),
                ("normal", "h1", "all", "load", 0.06), ("normal", "h2", "all", "load", 0.06),
            )
        ]),
        "power_shedding": frame("power_shedding", [{"zone": "zone", "step": "all", "share": 1.0, "price": 20.0}]),
    }
    tables = with_calendars(tables, Problems())
    core = world(
        recipes="technology commodity quantity\nsmelt metal 1\nsmelt electricity -1", tech_sites="technology site variable_cost\nsmelt zone 0",
        capacity="unit site amount\npots zone 100", capacity_use="technology unit use\nsmelt pots 1",
        demand="commodity site price max\nmetal zone 3 100",
    )
    core["units"] = frame("units", [{"unit": "pots", "site": "zone", "min_load": 1.0, "restart_cost": 2.0, "initial": 1.0, **limits}])
    core["periods"] = tables["periods"]
    return with_restarts(tables, merged(core, expand(tables, core, Problems())), Problems())


def test_an_event_and_the_year_after_it_cost_half_per_average_year() -> None:
    """Metal 50 + 10 + 50 + 50 = 160 kt at 3, 80 kt a year brought back at 2: 480 - 160 = 320 in two years, 160 in one."""
    plan = solve(two_years())
    assert plan.objective == pytest.approx(-160.0)
    running = [plan["running", "pots", "zone", period] for period in ("y1h1", "y1h2", "y2h1", "y2h2")]
    assert running == pytest.approx([100.0, 20.0, 100.0, 100.0])


def test_the_monthly_limit_holds_in_months_of_two_years() -> None:
    """Half a year at 0.1 a month brings back 60; the last 20 would earn 20 x 0.5 x 3 = 30 and cost 40, so they stay out.

    Metal 50 + 10 + 40 + 40 = 140 kt at 3 less 60 x 2: 300 in two years.
    """
    plan = solve(two_years(restart_limit=0.1))
    assert plan["running", "pots", "zone", "y2h2"] == pytest.approx(80.0)
    assert plan.objective == pytest.approx(-150.0)


def test_what_others_miss_is_summed_over_both_years() -> None:
    """Without a smelter and with 40 GWh of hydro in the drought 20 of 60 GWh are missed, once: 10 in an average year."""
    core = two_years()
    core["supply"] = core["supply"].assign(max=core["supply"]["max"].where(core["supply"]["period"] != "y1h2", 20.0))
    core["demand"] = core["demand"][core["demand"]["commodity"] == "electricity"].reset_index(drop=True)
    plan = solve(core)
    assert plan["short", "electricity", "zone", "all", "y1h2"] == pytest.approx(10.0)
    assert plan.objective == pytest.approx(200.0)
    assert indicator(plan, "unserved_zone", "y") == pytest.approx(20.0)


def test_stocks_of_two_years_hold_half_and_lose_as_before() -> None:
    """20 kt are 10 of an average year; 100 a year for each becomes 200 on half the time; 1 - 0.9^2 = 0.19 over half a year."""
    tables = {
        "calendars": frame("calendars", [{"calendar": "c", "period": name, "order": 1, "months": "m01"} for name in ("a", "b")]),
        "hydrology": frame("hydrology", [{"hydrology": "normal", "branch": "normal", "probability": 1.0}]),
        "study_calendar": frame("study_calendar", [{"stage": "y", "calendar": "c", "in_use": 1.0}]),
    }
    core = with_restarts(tables, world(stocks="commodity site capacity holding_cost loss\nmetal store 20 100 0.1"), Problems())
    row = core["stocks"].iloc[0]
    assert (row["capacity"], row["holding_cost"], row["loss"]) == (10.0, 200.0, pytest.approx(0.19))


def test_stages_of_different_length_are_refused() -> None:
    tables = {
        "calendars": frame("calendars", [
            {"calendar": calendar, "period": name, "order": 1, "months": "m01"} for calendar, name in (("one", "a"), ("two", "a"), ("two", "b"))
        ]),
        "hydrology": frame("hydrology", [{"hydrology": "normal", "branch": "normal", "probability": 1.0}]),
        "study_calendar": frame("study_calendar", [{"stage": stage, "calendar": stage, "in_use": 1.0} for stage in ("one", "two")]),
    }
    problems = Problems()
    with_restarts(tables, {}, problems)
    assert [(problem.rule, problem.column, problem.value) for problem in problems] == [("calendar_years", "calendar", "two")]
    assert all(problem.text(language) for problem in problems for language in ("zh", "en"))
