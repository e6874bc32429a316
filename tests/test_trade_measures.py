"""Measures of trade: sales, local share, purchases and arrivals; and the share of a solved market by hand."""

from __future__ import annotations

import pytest

from model.expand.measures import measure_rows
from model.expand.recipes import Technologies
from model.tables import Tables, frame, merged
from tests.industry_world import Row
from tests.worlds import indicator, solve
from tests.worlds import world as core_world

TABLES: dict[str, list[Row]] = {
    "sites": [{"site": "town", "region": "west"}, {"site": "port", "region": "east"}, {"site": "gate", "region": "outside"}],
    "demand_segments": [
        {"segment": "cars", "site": "town", "product_form": "panels", "kt_low": 1, "kt_central": 1, "kt_high": 1},
        {"segment": "cans", "site": "port", "product_form": "panels", "kt_low": 1, "kt_central": 1, "kt_high": 1},
    ],
    "product_forms": [
        {"product_form": "panels", "commodity": name, "technologies": "roll", "price": "p", "import_ratio": 1.05} for name in ("sheet", "plate")
    ],
    "purchases": [
        {"commodity": "ingot", "site": "gate", "price": "p"}, {"commodity": "billet", "site": "gate", "price": "p"},
        {"commodity": "coal", "site": "gate", "price": "p"},
    ],
}


def terms(**measure: object) -> set[tuple[str, str, str, str, float]]:
    tables: Tables = {name: frame(name, rows) for name, rows in TABLES.items()}
    tables["measures"] = frame("measures", [{"measure": "m", **measure}])
    found = measure_rows(tables, Technologies(tables, ()), [], [], set())["indicator_terms"]
    return {(row["kind"], row["a"], row["b"], row["c"], row["coefficient"]) for row in found}


def test_sales_of_all_segments_of_the_regional_markets() -> None:
    assert terms(kind="sale", commodities="sheet") == {("sale", "sheet", "town", "cars", 1.0), ("sale", "sheet", "port", "cans", 1.0)}
    assert terms(kind="sale", region="west", commodities="plate") == {("sale", "plate", "town", "cars", 1.0)}


def test_local_sales_leave_out_what_is_bought_outside_for_them() -> None:
    assert terms(kind="local_sale", sites="town", commodities="sheet") == {
        ("sale", "sheet", "town", "cars", 1.0), ("supply", "sheet", "town", "outside", -1.0),
    }


def test_purchases_at_the_gates_of_the_region() -> None:
    assert terms(kind="purchase", commodities="ingot;billet") == {
        ("supply", "ingot", "gate", "*", 1.0), ("supply", "billet", "gate", "*", 1.0),
    }


def test_arrivals_do_not_count_what_goes_round_among_the_sites() -> None:
    assert terms(kind="arrival", commodities="ingot", sites="town;port") == {
        ("flow", "ingot", "*", "town", 1.0), ("flow", "ingot", "*", "port", 1.0),
        ("flow", "ingot", "town", "port", -1.0), ("flow", "ingot", "port", "town", -1.0),
    }


def test_a_floor_of_the_local_share_and_its_price() -> None:
    """10 kt sold, made at 9 or bought at 5: with a floor of 0.6 six are made; one more per cent costs 0.1 x 4."""
    core = core_world(
        recipes="technology commodity quantity\nroll sheet 1", tech_sites="technology site variable_cost\nroll town 9",
        supply="commodity site tier price\nsheet town outside 5", demand="commodity site segment min max price\nsheet town cars 10 10 0",
    )
    found = {
        "indicators": frame("indicators", [{"indicator": "sold"}, {"indicator": "local", "min": 0.6, "per": "sold"}]),
        "indicator_terms": frame("indicator_terms", [
            {"indicator": name, "kind": kind, "a": a, "b": b, "c": c, "coefficient": coefficient}
            for name, measure in (("sold", "sale"), ("local", "local_sale"))
            for kind, a, b, c, coefficient in terms(kind=measure, sites="town", commodities="sheet")
        ]),
    }
    plan = solve(merged(core, found))
    assert plan.objective == pytest.approx(6 * 9 + 4 * 5)
    assert indicator(plan, "local") == pytest.approx(0.6)
    assert plan.duals["indicator_floor"].iloc[0] == pytest.approx(4.0)  # per kt made instead of bought
