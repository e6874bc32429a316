"""Swaps that are solved: two stages by hand, with banking, a quota that ends, a project that takes years, and two pools."""

from __future__ import annotations

from typing import Any

import pytest
from industry_world import Row, plant, world
from runs import quiet

from model import ledger, pipeline
from model.build import build
from model.case import make_case
from model.compile import compile_model
from model.expand.industry import expand
from model.problems import Problems
from model.reading import check_core
from model.results import Results
from model.tables import Tables, frame, merged

CLOSED = 0.3450739  # million yuan per kt and year: 0.9 x 440 saved less 500 x 0.1018522 for closing
CHARGE = 1.3159289  # million yuan per kt and year: 8,600 x 0.1018522 + 440
OLD = 15 - 0.38 - 13.5 * 0.8  # 3.82: metal at 15, 380 yuan of cost, 13.5 GWh of dear power at 0.8
NEW = 15 - 0.38 - 13.25 * 0.4  # 9.32: 13.25 GWh of cheap power at 0.4
POOL: Row = {"pool": "region", "regions": "sichuan;chongqing", "ratio": 1.0, "closures_allowed": 1, "new_potlines_allowed": 1}
RULES = [{"rule": "first_year", "value": 2027}]


def new(**more: Any) -> Row:
    return {
        "site": "north", "region": "sichuan", "technology": "smelt", "tariff": "cheap", "max_size": 700, "ac_intensity": 13000,
        "comprehensive_intensity": 13250, "restart_cost": 0, "min_load": 0, **more,
    }


def tables_with(pools: list[Row], line: Row, plants: list[Row]) -> Tables:
    tables = world()
    keep = tables["technology_recipes"]["technology"].eq("smelt") & tables["technology_recipes"]["commodity"].isin(["liquid", "electricity"])
    tables["technology_recipes"] = tables["technology_recipes"][keep].reset_index(drop=True)
    for name in ("existing_capacity", "expansions", "permissions", "projects"):
        tables.pop(name, None)
    rows = {"plants": plants, "new_potlines": [line], "swap_pools": pools, "swap_rules": RULES}
    return tables | {name: frame(name, found) for name, found in rows.items()}


def solved(pools: list[Row], line: Row, prices: dict[str, float], plants: list[Row] | None = None) -> Results:
    """Metal at ``prices`` by stage; each stage one period of one year; an old line of 100 kt in the south unless said otherwise."""
    old = plants or [plant("two", "south", "chongqing", "dear", min_load=0, restart_cost=0, restart_limit=1)]
    tables = tables_with(pools, line, old)
    periods = [{"period": f"m_{stage}", "stage": stage} for stage in prices]
    base = {
        "periods": frame("periods", periods), "sites": tables["sites"],
        "supply": frame("supply", [
            {"commodity": f"power_{tariff}", "site": site, "price": price}
            for site in ("north", "south", "far") for tariff, price in (("cheap", 0.4), ("dear", 0.8))
        ]),
        "demand": frame("demand", [
            {"commodity": "liquid", "site": site, "period": f"m_{stage}", "max": 5000, "price": price}
            for site in ("north", "south", "far") for stage, price in prices.items()
        ]),
    }
    problems = Problems()
    core = merged(base, expand(tables, base, problems))
    check_core(core, problems)
    problems.stop_on_errors()
    case = make_case(core, problems)
    return pipeline.solve_case(core, case, compile_model(build(case), case), {}, pipeline.Clock(quiet))[0]


def size(results: Results, option: str) -> dict[str, float]:
    table = results.values["size"]
    chosen = table[table["option"] == option]
    return {stage: round(value, 6) for stage, value in zip(chosen["stage"], chosen["value"], strict=True)}


def account(results: Results, name: str = "swap_region") -> dict[str, dict[str, float]]:
    accounts = ledger.keep(results.case, results.values["size"], results.duals["indicator_ceiling"]).accounts
    rows = accounts[accounts["ledger"] == name].to_dict("records")
    return {row["stage"]: {key: round(value, 4) for key, value in row.items() if isinstance(value, float)} for row in rows}


def test_the_donor_runs_until_the_new_line_serves() -> None:
    """Decided in 2027, built in two years, the new line serves from the stage of 2030; the old one runs in 2027 and closes
    then. 2027: 100 x 3.82. 2030: 80 new at ratio 1.25, 80 x (9.32 - 1.3159), and 100 x 0.3451 saved."""
    results = solved([{**POOL, "ratio": 1.25}], new(lead_years=2), {"y2027": 15, "y2030": 15})
    assert size(results, "close_two") == {"y2027": 0, "y2030": 100}
    assert size(results, "new_potline_north") == {"y2027": 0, "y2030": 80}
    assert results.objective == pytest.approx(-(100 * OLD + 80 * (NEW - CHARGE) + 100 * CLOSED), abs=1e-4)
    found = account(results)
    assert (found["y2027"]["created"], found["y2030"]["given_up"], found["y2030"]["created"], found["y2030"]["used"]) == (0, 100, 80, 80)


def test_without_a_lead_the_new_line_replaces_the_old_one_at_once() -> None:
    results = solved([{**POOL, "ratio": 1.25}], new(), {"y2027": 15, "y2030": 15})
    assert size(results, "close_two") == {"y2027": 100, "y2030": 0}
    assert results.objective == pytest.approx(-2 * (80 * (NEW - CHARGE) + 100 * CLOSED), abs=1e-4)


def test_quota_of_an_early_closure_is_banked() -> None:
    """Metal at 5 in 2027: the old line loses money and closes, saving 0.3451 twice; its quota serves in 2030."""
    results = solved([POOL], new(lead_years=2), {"y2027": 5, "y2030": 15})
    assert size(results, "close_two") == {"y2027": 100, "y2030": 0}
    assert size(results, "new_potline_north") == {"y2027": 0, "y2030": 100}
    assert results.objective == pytest.approx(-(2 * 100 * CLOSED + 100 * (NEW - CHARGE)), abs=1e-4)
    found = account(results)
    assert (found["y2027"]["created"], found["y2027"]["carried_out"]) == (100, 100)
    assert (found["y2030"]["carried_in"], found["y2030"]["used"], found["y2030"]["carried_out"]) == (100, 100, 0)


def test_a_quota_that_ends_keeps_the_old_line_until_it_is_needed() -> None:
    """Valid for two years, quota of 2027 is gone in 2030: the line closes only then, so 0.3451 is saved once, not twice."""
    results = solved([{**POOL, "valid_years": 2}], new(lead_years=2), {"y2027": 5, "y2030": 15})
    assert size(results, "close_two") == {"y2027": 0, "y2030": 100}
    assert results.objective == pytest.approx(-(100 * CLOSED + 100 * (NEW - CHARGE)), abs=1e-4)
    assert account(results)["y2027"]["expired"] == 0


def test_quota_that_nobody_needs_in_time_expires() -> None:
    """The new line would lose money in 2030 (metal at 6: 0.32 less 1.3159), so what closed in 2027 ends unused."""
    results = solved([{**POOL, "valid_years": 2}], new(lead_years=2), {"y2027": 5, "y2030": 6})
    assert size(results, "close_two") == {"y2027": 100, "y2030": 0}
    found = account(results)
    assert (found["y2027"]["carried_out"], found["y2030"]["expired"], found["y2030"]["carried_out"]) == (100, 100, 0)


def test_nothing_is_borrowed_from_a_later_closure() -> None:
    """A new line at once would pay from the first stage, but the only old line earns more than it in 2027: metal at 15 in
    the south in both, so without borrowing each new kt takes an old one with it from the start."""
    results = solved([POOL], new(), {"y2027": 15, "y2030": 15})
    closed, built = size(results, "close_two"), size(results, "new_potline_north")
    assert built["y2027"] <= closed["y2027"] and sum(built.values()) <= sum(closed.values())


def test_the_worth_of_quota_is_what_one_more_tonne_would_earn() -> None:
    """One stage; all 100 are given up. One more tonne of quota: 9.32 - 1.3159 = 8.0041 a year, or 78.59 once: 78,585 yuan."""
    results = solved([POOL], new(), {"y2027": 15})
    found = account(results)["*" if "*" in account(results) else "y2027"]
    assert found["worth"] == pytest.approx(NEW - CHARGE, abs=1e-4)
    assert found["worth_once"] == pytest.approx((NEW - CHARGE) / 0.1018522, rel=1e-5)


def test_the_cheaper_pool_is_used_as_far_as_it_reaches() -> None:
    """At home (north) 60 kt close at 1 : 1; across, 100 kt close at 1.25 : 1 and make 80: 140 are new, nothing else pays."""
    plants = [plant("one", "north", "sichuan", "dear", capacity=60, min_load=0, restart_cost=0, restart_limit=1),
              plant("two", "south", "chongqing", "dear", min_load=0, restart_cost=0, restart_limit=1)]
    pools = [{**POOL, "ratio": 1.25}, {**POOL, "pool": "own", "within": "region"}]
    results = solved(pools, new(), {"y2027": 15}, plants)
    assert size(results, "new_potline_north") == {"y2027": 140}
    assert results.objective == pytest.approx(-(140 * (NEW - CHARGE) + 160 * CLOSED), abs=1e-4)
    assert account(results, "swap_own_sichuan")["y2027"]["used"] == 60
    assert (account(results)["y2027"]["given_up"], account(results)["y2027"]["used"]) == (100, 80)
    assert account(results, "quota_of_close_one")["y2027"]["used"] == 60
    assert all(check.passed for check in results.checks) and "ledger" in {check.name for check in results.checks}


def test_outside_quota_is_bought_while_it_is_worth_its_price() -> None:
    """50 kt outside at 6,000 yuan: 0.6111 a year against 8.0041 that a kt earns; at 80,000 yuan (8.1482 a year) none."""
    results = solved([{**POOL, "outside_quota": 50, "outside_price": 6000}], new(), {"y2027": 15})
    assert size(results, "new_potline_north") == {"y2027": 150}
    found = account(results)["y2027"]
    assert (found["given_up"], found["bought"], found["used"]) == (100, 50, 150)
    results = solved([{**POOL, "outside_quota": 50, "outside_price": 80000}], new(), {"y2027": 15})
    assert size(results, "quota_region") == {"y2027": 0}
