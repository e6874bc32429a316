"""Outages of capacity and purchases: rows by period, cut by the days they strike."""

from __future__ import annotations

import math

import pytest

from model.expand.outages import with_outages
from model.problems import Problems
from model.tables import Tables, frame
from tests.industry_world import Row
from tests.worlds import solve
from tests.worlds import world as core_world

PERIODS: list[Row] = [{"period": name, "stage": "s", "length": length} for name, length in (("m01", 0.25), ("m02", 0.25), ("m03", 0.5))]
EVENT: Row = {"outage": "stop", "kind": "unit", "items": "mill", "site": "park", "months": "m02", "available": 0, "in_use": 1}


def struck(event: Row, periods: list[Row] = PERIODS, **core: list[Row]) -> tuple[Tables, Problems]:
    tables = {"outages": frame("outages", [EVENT | event])}
    if any("_" not in str(row["period"]) and not str(row["period"]).startswith("m0") for row in periods):
        tables["month_days"] = frame("month_days", [{"part": name, "month": name, "days": 30} for name in ("m01", "m02", "m03")])
        tables["calendars"] = frame("calendars", [
            {"calendar": "halves", "period": "early", "order": 1, "months": "m01;m02"}, {"calendar": "halves", "period": "late", "order": 2, "months": "m03"},
        ])
        tables["study_calendar"] = frame("study_calendar", [{"stage": "s", "calendar": "halves", "in_use": 1}])
    problems = Problems()
    made = {"periods": frame("periods", periods)} | {name: frame(name, rows) for name, rows in core.items()}
    return with_outages(tables, made, problems), problems


def amounts(core: Tables, table: str, column: str) -> dict[str, float]:
    return {row["period"]: row[column] for row in core[table].to_dict("records")}


CAPACITY: list[Row] = [{"unit": "mill", "site": "park", "amount": 100}, {"unit": "mill", "site": "other", "amount": 50}]


def test_capacity_is_a_yearly_rate_in_every_period_that_is_left() -> None:
    core, _ = struck({"available": 0.2}, capacity=CAPACITY)
    assert amounts(core, "capacity", "amount") == {"m01": 100.0, "m02": pytest.approx(20.0), "m03": 100.0, "*": 50.0}


def test_purchases_become_amounts_of_the_period() -> None:
    offers: list[Row] = [{"commodity": "ore", "site": "port", "price": 5, "max": 80, "min": 8}]
    core, _ = struck({"kind": "supply", "items": "ore", "site": "*", "available": 0.5}, supply=offers)
    assert amounts(core, "supply", "max") == {"m01": 20.0, "m02": 10.0, "m03": 40.0}
    assert amounts(core, "supply", "min") == {"m01": 2.0, "m02": 1.0, "m03": 4.0}


def test_an_unlimited_purchase_fails_altogether_or_is_refused() -> None:
    offers: list[Row] = [{"commodity": "ore", "site": "port", "price": 5}]
    core, problems = struck({"kind": "supply", "items": "ore", "site": "*"}, supply=offers)
    found = amounts(core, "supply", "max")
    assert found["m02"] == 0.0 and math.isnan(found["m01"]) and not problems.errors
    _, problems = struck({"kind": "supply", "items": "ore", "site": "*", "available": 0.5}, supply=offers)
    assert [problem.rule for problem in problems.errors] == ["outage_without_maximum"]


def test_a_row_of_one_period_keeps_its_rank() -> None:
    offers: list[Row] = [
        {"commodity": "ore", "site": "port", "price": 5, "max": 80}, {"commodity": "ore", "site": "port", "price": 6, "max": 7, "period": "m02"},
    ]
    core, _ = struck({"kind": "supply", "items": "ore", "site": "port", "available": 0.5}, supply=offers)
    assert amounts(core, "supply", "max") == {"m01": 20.0, "m02": 3.5, "m03": 40.0}
    assert amounts(core, "supply", "price") == {"m01": 5.0, "m02": 6.0, "m03": 5.0}


def test_a_longer_period_loses_the_part_of_its_days() -> None:
    periods: list[Row] = [{"period": "early", "stage": "s", "length": 2 / 3}, {"period": "late", "stage": "s", "length": 1 / 3}]
    core, _ = struck({}, periods, capacity=CAPACITY[:1])
    assert amounts(core, "capacity", "amount") == {"early": pytest.approx(50.0), "late": 100.0}  # 30 of 60 days


def test_what_nothing_has_is_named_and_off_is_off() -> None:
    _, problems = struck({"items": "mill;press"}, capacity=CAPACITY)
    assert [(problem.rule, problem.column) for problem in problems.errors] == [("outage_hits_nothing", "items")]
    core, _ = struck({"in_use": 0}, capacity=CAPACITY)
    assert len(core["capacity"]) == 2


@pytest.mark.parametrize("in_use", [0, 1])
def test_a_month_that_no_period_holds_is_named(in_use: int) -> None:
    _, problems = struck({"months": "m02;m13", "in_use": in_use}, capacity=CAPACITY)
    assert [(problem.rule, problem.column) for problem in problems.errors] == [("calendar_month", "months")]
    assert "'m13' is neither a month nor a part of one; known: m01, m02, m03" in next(iter(problems.errors)).text("en")


def test_a_store_bridges_the_month_without_supply() -> None:
    """10 kt needed in each of two half years, none offered in the second: 10 bought ahead and held over half a year.

    The store holds 4: 4 at 5 + 4 x 1 x 0.5 of holding, 6 missing at 20; the first half costs 50.
    """
    core = core_world(
        periods="period stage length order\nm01 s 0.5 1\nm02 s 0.5 2", supply="commodity site price\nore park 5",
        demand="commodity site min max price shortage_price\nore park 20 20 0 20", stocks="commodity site capacity holding_cost\nore park 4 1",
    )
    event = {"outages": frame("outages", [EVENT | {"kind": "supply", "items": "ore"}])}
    plan = solve(with_outages(event, core, Problems()))
    assert plan["stock", "ore", "park", "m01"] == pytest.approx(4.0)
    assert plan.objective == pytest.approx(50 + 4 * 5 + 4 * 0.5 + 6 * 20)
