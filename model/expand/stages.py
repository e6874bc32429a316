"""The stages of a pathway: which years are planned together, and what a year of each weighs.

The table ``stages`` lists years with the number of years each stands for. Those in use replace the planning year of the
base: each gets the calendar and the hydrology of ``study_calendar`` and weighs years x (1 + rate) ^ -(year - first year).
"""

from __future__ import annotations

from model.expand.finance import Money, money
from model.expand.rows import Record, origin, records
from model.expand.swap_rules import Stages, stages_of
from model.problems import Problems
from model.tables import Tables, frame


def with_stages(tables: Tables, problems: Problems) -> Tables:
    """``tables`` with one row of ``study_calendar`` per stage in use, and no other periods; unchanged if none is in use.

    Reports a pathway without a calendar to lay out, and one without a discount rate.
    """
    chosen = sorted((row for row in records(tables, "stages") if row["in_use"]), key=lambda row: float(row["year"]))
    if not chosen:
        return tables
    calendar, rate = next(records(tables, "study_calendar"), None), money(tables)
    if calendar is None or rate is None:
        problems.add("stages_without_calendar", file="stages.csv")
        return tables
    first = float(chosen[0]["year"])
    rows: list[Record] = [{
        **{name: calendar[name] for name in ("calendar", "hydrology")}, **origin(row), "stage": row["stage"], "in_use": 1.0,
        "weight": float(row["years"]) * (1.0 + rate.rate) ** (first - float(row["year"])),
    } for row in chosen]
    return {**tables, "study_calendar": frame("study_calendar", rows), "periods": frame("periods", ())}


def market_stages(tables: Tables, core: Tables, planning_year: float) -> Stages:
    """The stages of the market tables: ``*`` with the planning year, or every stage of the periods with its own."""
    return stages_of(tables, core, Money(0.0, planning_year))


def in_order(tables: Tables) -> Tables:
    """``tables`` with the periods of a pathway numbered through: stage by stage, each in the order of its calendar."""
    if not any(row["in_use"] for row in records(tables, "stages")):
        return tables
    return {**tables, "periods": tables["periods"].assign(order=[float(number) for number in range(1, len(tables["periods"]) + 1)])}
