"""Objective weights: cost, one indicator alone, a mix, and what has no end."""

from __future__ import annotations

import pytest
from runs import dataset, infeasible, refused, said, solved
from worlds import solve, world

from model.objective import MONEY_COLUMNS, weighted
from model.pipeline import run as run_scenario
from model.problems import ExitCode, Problems
from model.scenario import load
from model.schema import ALL_TABLES

# 10 GWh are needed: coal power is cheap (2) and dirty (3 t), up to 8; wind is dear (6) and clean, up to 7; a sale at 4 takes up to 5 more
POWER = {
    "supply": "commodity site tier price max\npower grid coal 2 8\npower grid wind 6 7",
    "demand": "commodity site segment min max price\npower grid home 10 10 0\npower grid abroad 0 5 4",
    "indicators": "indicator unit price\ncarbon t -\noutput GWh -", "indicator_terms": "indicator kind a b c coefficient\ncarbon supply power grid coal 3\noutput sale power - - 1",
}


def scenario(folder, weights):
    (folder / "s.toml").write_text(f"[objective]\nweights = {weights}\n", encoding="utf-8")
    return load(folder / "s.toml", Problems())


@pytest.fixture
def minimised(tmp_path):
    folder = dataset(tmp_path / "data", **POWER)

    def run(weights):
        return run_scenario(scenario(tmp_path, weights), folder, lambda step: None).results

    return run


def amounts(results):
    return results.values["supply"].set_index("tier")["value"].to_dict()


def test_cost_alone(minimised):
    results = minimised("{ cost = 1 }")
    assert amounts(results) == {"coal": pytest.approx(8.0), "wind": pytest.approx(2.0)}
    assert results.objective == pytest.approx(8 * 2 + 2 * 6)


def test_an_indicator_alone_counts_nothing_else(minimised):
    results = minimised("{ carbon = 1 }")
    assert amounts(results) == {"coal": pytest.approx(3.0), "wind": pytest.approx(7.0)}
    assert results.objective == pytest.approx(9.0)  # 3 of coal at 3 t


@pytest.mark.parametrize(("price", "coal"), [(1.3, 8.0), (1.4, 3.0)])
def test_a_mix_changes_where_the_prices_say(minimised, price, coal):
    """Coal costs 2 + 3 × price, wind 6: they meet at 4/3."""
    results = minimised(f"{{ cost = 1, carbon = {price} }}")
    assert amounts(results) == {"coal": pytest.approx(coal), "wind": pytest.approx(10 - coal)}
    assert results.objective == pytest.approx(coal * (2 + 3 * price) + (10 - coal) * 6)


def test_a_weight_of_cost_scales_all_money(minimised):
    results = minimised("{ cost = 2, carbon = 2.6 }")  # twice the mix of 1 and 1.3
    assert amounts(results) == {"coal": pytest.approx(8.0), "wind": pytest.approx(2.0)}
    assert results.objective == pytest.approx(2 * (8 * (2 + 3 * 1.3) + 2 * 6))


def test_a_negative_weight_maximises(minimised):
    results = minimised("{ output = -1 }")
    assert amounts(results) == {"coal": pytest.approx(8.0), "wind": pytest.approx(7.0)}
    assert results.objective == pytest.approx(-15.0)


def test_maximising_without_a_bound_has_no_end(tmp_path):
    endless = POWER | {
        "supply": "commodity site tier price\npower grid coal 2", "demand": "commodity site segment min price\npower grid home 10 0",
        "indicator_terms": "indicator kind a coefficient\ncarbon supply power 3\noutput sale power 1",
    }
    refusal = refused(dataset(tmp_path / "data", **endless), scenario(tmp_path, "{ output = -1 }"))
    assert refusal.code is ExitCode.SOLVER
    assert "can improve without limit" in said(refusal)[0] and "可以无限改善" in said(refusal, "zh")[0]
    bounded = endless | {"demand": "commodity site segment min max price\npower grid home 10 12 0"}
    folder = dataset(tmp_path / "bounded", **bounded)
    assert run_scenario(scenario(tmp_path, "{ output = -1 }"), folder, lambda step: None).results.objective == pytest.approx(-12.0)


def test_infeasible_is_infeasible_whatever_is_minimised(tmp_path):
    folder = dataset(tmp_path / "data", **POWER | {"demand": "commodity site segment min max price\npower grid home 16 16 0"})
    lines = infeasible(folder, scenario=scenario(tmp_path, "{ carbon = 1 }"))
    assert lines[1] == "the smallest change that would help: require 1 less power at grid (home, the whole year)."


def test_an_unknown_indicator_is_refused_with_the_nearest(tmp_path):
    refusal = refused(dataset(tmp_path / "data", **POWER), scenario(tmp_path, "{ carbons = 1 }"))
    assert refusal.code is ExitCode.DATA
    assert said(refusal) == ["s.toml:2:objective.weights.carbons: 'carbons' is not in the table indicators (did you mean: carbon?)"]


def test_a_ratio_cannot_be_weighed(tmp_path):
    ratios = POWER | {"indicators": "indicator unit per\ncarbon t output\noutput GWh -"}
    refusal = refused(dataset(tmp_path / "data", **ratios), scenario(tmp_path, "{ carbon = 1 }"))
    assert refusal.code is ExitCode.DATA and "a ratio" in said(refusal)[0]


def test_every_column_of_money_in_the_core_tables_is_weighed():
    """A cost column that is added to the contract must not be forgotten here."""
    worded = ("cost", "price")
    money = {
        (name, column.name)
        for name, spec in ALL_TABLES.items()
        if spec.core and name not in ("expected", "ledgers")  # a ledger states prices for its book, no column carries them
        for column in spec.columns
        if column.kind == "number" and column.name.endswith(worded)
    }
    assert money == {(table, column) for table, columns in MONEY_COLUMNS.items() for column in columns}


def test_weights_of_one_leave_the_tables_as_they_are():
    core = world(**POWER)
    assert weighted(core, {"cost": 1.0}) is core
    heavy = weighted(core, {"cost": 3.0, "carbon": 0.5})
    assert list(heavy["supply"]["price"]) == [6.0, 18.0] and list(heavy["demand"]["price"]) == [0.0, 12.0]
    assert list(heavy["indicators"]["price"]) == [0.5, 0.0]
    assert list(core["supply"]["price"]) == [2.0, 6.0]  # the tables given stay as they are


def test_without_indicators_cost_can_still_be_weighed(tmp_path):
    core = world(supply="commodity site price\nore mine 2", demand="commodity site min max price\nore mine 3 3 0")
    assert solve(weighted(core, {"cost": 2.0})).objective == pytest.approx(12.0)
    assert "indicators" not in weighted(core, {"cost": 2.0})


def test_shortage_and_relaxation_are_money_too(tmp_path):
    """With no weight on cost nobody pays for what is missing: a scenario that wants it served says so by a floor."""
    texts = POWER | {"demand": "commodity site segment min max price shortage_price\npower grid home 10 10 0 100"}
    folder = dataset(tmp_path / "data", **texts)
    results = run_scenario(scenario(tmp_path, "{ carbon = 1 }"), folder, lambda step: None).results
    assert results.objective == pytest.approx(0.0)
    assert solved(folder).results.values["short"]["value"].sum() == pytest.approx(0.0)
