"""The independent check accepts true plans worked out by hand and catches every kind of falsification in its own check."""

from __future__ import annotations

from dataclasses import replace

import pytest
from audit_toys import INFINITE, NAN, TOYS, audited, failures, falsified, market, plant, water
from worlds import world

from model import words
from model.audit import audit, program

LINEAR = {
    "columns", "numbers", "bounds", "rows", "closures", "objective", "indicators", "dual_rows", "dual_signs", "reduced_costs",
    "column_slackness", "row_slackness", "duality_gap", "proved_bound", "claimed_bound", "status",
}  # fmt: skip
INTEGER = LINEAR | {"integers", "relaxed_rows", "relaxed_signs", "relaxed_reduced_costs", "claimed_gap"}


@pytest.mark.parametrize("name", TOYS)
def test_a_true_plan_passes_every_check_and_proves_its_bound(name):
    made = TOYS[name]()
    found = audited(made)
    assert found.failed == ()
    assert {check.name for check in found.checks} == (LINEAR if made.plan.relaxed is None else INTEGER)
    assert found.proved_bound == pytest.approx(made.proved, rel=1e-12)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_check_has_words(language):
    assert all(words.text(f"progress.check_{name}", language) for name in INTEGER)


def case(identity, toy, check, place="", **changes):
    """One falsification: ``check`` must fail at ``place``."""
    return pytest.param(toy, check, place, changes, id=identity)


SPLIT = {"flow": {"x a m - all": 2, "x b m - all": 2.5}, "supply": {"x a - all": 2, "x b - all": 2.5}}
FALSE_VALUES = [
    case("value_changed", "market", "objective", values={"supply": {"x m far all": 2.5}}),
    case("column_dropped", "market", "columns", "sale(x, m, , all)", values={"sale": {"x m - all": None}}),
    case("column_dropped_at_zero", "plant", "columns", "supply(g, p, , all)", values={"supply": {"g p - all": None}}),
    case("column_added", "market", "columns", "supply(x, m, ghost, all)", values={"supply": {"x m ghost all": 0}}),
    case("family_added", "market", "columns", "gift(x)", values={"gift": {"x": 3}}),
    case("column_doubled", "market", "columns", "sale(x, m, , all)", twice="sale"),
    case("value_nan", "market", "numbers", "sale(x, m, , all)", values={"sale": {"x m - all": NAN}}),
    case("value_infinite", "market", "numbers", "sale(x, m, , all)", values={"sale": {"x m - all": INFINITE}}),
    case("value_negative", "market", "bounds", "supply(x, m, far, all)", values={"supply": {"x m far all": -1}}),
    case("ceiling_broken", "market", "bounds", "supply(x, m, near, all)", values={"supply": {"x m near all": 4, "x m far all": 1}}, objective=14.5),
    case("sold_above_max", "market", "bounds", "sale(x, m, , all)", values={"sale": {"x m - all": 10}}),
    case("amount_of_a_period_taken_as_of_a_year", "water", "bounds", "supply(x, m, , d1)", values={"supply": {"x m - d1": 4, "x m - d2": 0}, "stock": {"x m d1": 2}}),
    case("size_above_max", "plant", "bounds", "size(o, all)", values={"size": {"o all": 9}}),
    case("balance_broken", "market", "rows", "balance(x, m, all)", values={"supply": {"x m far all": 1}, "excess": {"far_used horizon max": 0}}, objective=14.5),
    case("demand_not_served", "market", "rows", "must_serve(x, m, , all)", values={"supply": {"x m far all": 1}, "sale": {"x m - all": 4}}),
    case("surplus_of_an_exact_good", "slag", "rows", "balance_exact(slag, s, all)", values={"activity": {"make s all": 5}}, objective=17),
    case("capacity_broken", "plant", "rows", "capacity(u, p, all)", values={"size": {"o all": 4}}, objective=19),
    case("closed_more_than_exists", "closing", "closures", "closure(u, s, all)", values={"size": {"shut all": 12}, "activity": {"make s all": 0}, "sale": {"g s - all": 0}}, objective=-24),
    case("minimum_load_broken", "line", "rows", "minimum_load(pot, s, p1)", values={"activity": {"smelt s p1": 1}}, objective=5),
    case("restart_not_counted", "line", "rows", "restart_rise(pot, s, p2)", values={"activity": {"smelt s p1": 0}, "running": {"pot s p1": 0}}, objective=4),
    case("restarted_too_fast", "line", "rows", "restart_limit(pot, s, p2)", values={"restart": {"pot s p2": 25}}),
    case("running_more_than_lives", "line", "rows", "running_capacity(pot, s, p2)", values={"running": {"pot s p1": 8, "pot s p2": 9}}),
    case("used_more_than_runs", "line", "rows", "running_use(pot, s, p2)", values={"activity": {"smelt s p2": 5}}),
    case("stock_from_nothing", "water", "rows", "balance(x, m, d2)", values={"stock": {"x m d1": 0}}),
    case("stock_not_carried_into_the_next_cycle", "water", "rows", "balance(x, m, d2)", values={"stock": {"x m d2": 1}}),
    case("lane_not_paid", "source", "rows", "lane_charge(x, b, m, , all)", values={"lane_open": {"x b m - all": 0}}, objective=5),
    case("split_between_sources", "source", "rows", "source_flow(x, a, m, , all)", values=SPLIT),
    case("half_a_source", "source", "integers", "source(x, a, m, , all)", values={**SPLIT, "source": {"x a m - all": 0.5, "x b m - all": 0.5}}),
    case("two_sources", "source", "rows", "single_source(x, m, all)", values={"source": {"x a m - all": 1}, "flow": {"x a m - all": 4}, "supply": {"x a - all": 4}}),
    case("open_fractional", "plant", "integers", "open(o, all)", values={"open": {"o all": 0.625}}, objective=16.25),
    case("open_not_paid", "plant", "rows", "size_ceiling(o, all)", values={"open": {"o all": 0}}, objective=10),
    case("size_below_min", "plant", "rows", "size_floor(o, all)", values={"size": {"o all": 1}, "activity": {"make p all": 1}, "supply": {"g p - all": 4}}, objective=36),
    case("points_do_not_sum", "points", "rows", "point_choice(o, all)", values={"point": {"o all small": 0, "o all big": 5 / 6}}, objective=50 / 3),
    case("points_of_another_size", "points", "rows", "point_size(o, all)", values={"point": {"o all small": 1, "o all big": 0}}, objective=15),
    case("violation_hidden", "market", "rows", "indicator_ceiling(far_used, horizon)", values={"excess": {"far_used horizon max": 0}}, objective=20.5),
]  # fmt: skip
FALSE_WORDS = [
    case("objective_misstated", "market", "objective", objective=21.9),
    case("objective_nan", "market", "numbers", "objective", objective=NAN),
    case("probability_ignored", "water", "objective", objective=47),  # 2 · 7.5 + 2 · 16
    case("indicator_misreported", "market", "indicators", "indicator(bought, horizon)", indicators={"bought horizon": 5.1}),
    case("ratio_misreported", "market", "indicators", "indicator(near_share, horizon)", indicators={"near_share horizon": 0.61}),
    case("ratio_called_none", "market", "indicators", "indicator(near_share, horizon)", indicators={"near_share horizon": NAN}),
    case("ratio_of_capacity_misreported", "line", "indicators", "indicator(use, y)", indicators={"use y": 0.375}),
    case("branches_added_up", "water", "indicators", "indicator(bought, y)", indicators={"bought y": 8}),
    case("levels_added_up", "water", "indicators", "indicator(held, y/dry)", indicators={"held y/dry": 1}),
    case("indicator_left_out", "market", "indicators", "indicator(levy, horizon)", indicators={"levy horizon": None}),
    case("indicator_invented", "market", "indicators", "indicator(jobs, horizon)", indicators={"jobs horizon": 7}),
]  # fmt: skip
FALSE_PROOFS = [
    case("dual_of_wrong_sign", "market", "dual_signs", "balance(x, m, all)", duals={"balance": {"x m all": -7.5}}),
    case("dual_too_high", "market", "reduced_costs", "supply(x, m, far, all)", duals={"balance": {"x m all": 8.5}, "must_serve": {"x m - all": 9}}),
    case("dual_too_low", "market", "column_slackness", "supply(x, m, far, all)", duals={"balance": {"x m all": 6.5}, "must_serve": {"x m - all": 7}}),
    case("dual_of_a_slack_row", "closing", "row_slackness", "closure(u, s, all)", duals={"closure": {"u s all": 1}}),
    case("dearer_plan", "market", "column_slackness", "supply(x, m, near, all)", objective=27.5,
         values={"supply": {"x m near all": 2, "x m far all": 3}, "excess": {"far_used horizon max": 2}}),
    case("surplus_with_a_price", "market", "row_slackness", "balance(x, m, all)", objective=29.5,
         values={"supply": {"x m far all": 3}, "excess": {"far_used horizon max": 2}}),
    case("duals_withheld", "market", "duality_gap", duals={"balance": {"x m all": None}, "must_serve": {"x m - all": None}}),
    case("dual_of_a_row_that_is_none", "market", "dual_rows", "balance(x, elsewhere, all)", duals={"balance": {"x elsewhere all": 1}}),
    case("dual_of_a_family_that_is_none", "market", "dual_rows", "subsidy(x)", duals={"subsidy": {"x": 1}}),
    case("dual_doubled", "market", "dual_rows", "balance(x, m, all)", twice_dual="balance"),
    case("dual_nan", "market", "numbers", "balance(x, m, all)", duals={"balance": {"x m all": NAN}}),
    case("not_best_given_the_integers", "plant", "duality_gap", objective=22,
         values={"size": {"o all": 5}, "activity": {"make p all": 4.5}, "supply": {"g p - all": 0.5}}),
    case("relaxed_duals_withheld", "plant", "relaxed_rows", "none", relaxed_withheld=True),
    case("relaxed_dual_of_a_row_that_is_none", "plant", "relaxed_rows", "balance(g, elsewhere, all)", relaxed={"balance": {"g elsewhere all": 1}}),
    case("relaxed_dual_of_wrong_sign", "plant", "relaxed_signs", "size_ceiling(o, all)", relaxed={"size_ceiling": {"o all": 1.25}}),
    case("relaxed_dual_too_high", "plant", "relaxed_reduced_costs", "supply(g, p, , all)",
         relaxed={"balance": {"g p all": 7}, "must_serve": {"g p - all": 7}, "capacity": {"u p all": -6}, "size_ceiling": {"o all": -5}}),
    case("relaxed_dual_nan", "plant", "relaxed_signs", "balance(g, p, all)", relaxed={"balance": {"g p all": NAN}}),
    case("proved_bound_above_the_objective", "plant", "proved_bound", objective=16),
    case("claimed_bound_above_the_objective", "plant", "claimed_bound", bound=20.1),
    case("claimed_bound_below_what_is_proved", "plant", "claimed_bound", bound=16, gap=0.2, allowed_gap=0.5),
    case("claimed_bound_withheld", "plant", "claimed_bound", bound=None),
    case("claimed_bound_nan", "plant", "claimed_bound", bound=NAN),
    case("claimed_gap_too_small", "plant", "claimed_gap", bound=19, gap=0.01, allowed_gap=0.1),
    case("claimed_gap_infinite", "plant", "claimed_gap", gap=INFINITE),
    case("optimal_above_the_allowed_gap", "plant", "status", bound=18, gap=0.1, allowed_gap=0.05),
    case("status_of_another_kind", "plant", "status", status="infeasible"),
]  # fmt: skip


@pytest.mark.parametrize(("toy", "check", "place", "changes"), [*FALSE_VALUES, *FALSE_WORDS, *FALSE_PROOFS])
def test_a_falsified_plan_fails_where_it_is_false(toy, check, place, changes):
    made = TOYS[toy]()
    withheld = {"relaxed": None} if changes.get("relaxed_withheld") else {}
    changes = {name: change for name, change in changes.items() if name != "relaxed_withheld"}
    found = failures(made.core, replace(falsified(made.plan, **changes), **withheld))
    assert check in found, found
    assert found[check] == place


def test_an_indicator_reported_twice_fails():
    made = market()
    doubled = made.plan.indicators.iloc[[0, 0, 1, 2, 3]]
    assert failures(made.core, replace(made.plan, indicators=doubled)) == {"indicators": "indicator(bought, horizon)"}


def test_a_ratio_by_nothing_is_reported_as_none():
    """R15: nothing must be served, nothing is bought; a share of it may not be called 0."""
    core = market().core | world(demand="commodity site max price\nx m 9 0")
    nothing = {"supply": {"x m far all": 0, "x m near all": 0}, "sale": {"x m - all": 0}, "excess": {"far_used horizon max": 0}}
    idle = {"bought horizon": 0, "far_used horizon": 0, "near_share horizon": NAN, "levy horizon": 0}
    plan = falsified(market().plan, values=nothing, indicators=idle, objective=0.0)
    plan = replace(plan, duals={})
    assert not audit(core, plan).failed
    assert failures(core, falsified(plan, indicators={"near_share horizon": 0})) == {"indicators": "indicator(near_share, horizon)"}


def test_a_plan_without_reported_indicators_is_judged_by_the_rest():
    made = market()
    found = audit(made.core, replace(made.plan, indicators=None))
    assert not found.failed
    assert {check.name for check in found.checks} == LINEAR - {"indicators"}


def test_a_feasible_plan_passes_with_an_honest_gap():
    """Buying all 5 costs 30; nothing is built, a unit is worth 6 and capacity 5. The claimed 16 may lie below the proved 16.25."""
    made = plant()
    bought = {"supply": {"g p - all": 5}, "activity": {"make p all": 0}, "open": {"o all": 0}, "size": {"o all": 0}}
    duals = {"balance": {"g p all": 6}, "must_serve": {"g p - all": 6}, "capacity": {"u p all": -5}, "size_ceiling": {"o all": -4}}
    poor = falsified(made.plan, values=bought, duals=duals, indicators={"built horizon": 0}, objective=30, bound=16, gap=14 / 30, status="feasible")
    found = audit(made.core, poor)
    assert found.failed == ()
    assert found.proved_bound == pytest.approx(16.25)
    assert set(failures(made.core, replace(poor, status="optimal"))) == {"status", "claimed_bound"}
    early = replace(poor, bound=-INFINITE, gap=INFINITE)  # stopped before the solver had any bound
    assert not audit(made.core, early).failed


def test_an_optimal_plan_may_keep_the_allowed_gap():
    """The solver was content with 5 %: bound 19 of 20."""
    made = plant()
    assert not audit(made.core, replace(made.plan, bound=19.0, gap=0.05, allowed_gap=0.05)).failed


def test_relaxed_duals_below_the_best_prove_a_weaker_bound():
    """At the price 2 of a plant that costs nothing to open: 5 · 2 = 10. A price of 7 above the purchase at 6 proves nothing."""
    made = plant()
    weak = {"balance": {"g p all": 2}, "must_serve": {"g p - all": 2}, "capacity": {"u p all": -1}, "size_ceiling": {"o all": 0}}
    found = audit(made.core, falsified(made.plan, relaxed=weak))
    assert not found.failed
    assert found.proved_bound == pytest.approx(10)
    unsound = audit(made.core, falsified(made.plan, relaxed={"balance": {"g p all": 7}, "must_serve": {"g p - all": 7}}))
    assert unsound.proved_bound == -INFINITE


def test_prices_per_real_unit_are_multiplied_by_the_weight_of_their_row():
    """R20: a unit is worth 3.5 in d1 and 4 in the other periods, of weight 0.5 (dry) and 1.5 (wet)."""
    made = water()
    weights = {"d1": 0.5, "d2": 0.5, "w1": 1.5, "w2": 1.5}
    tables = {}
    for family, table in made.plan.duals.items():
        tables[family] = table.drop(columns="raw").assign(value=table["raw"] / table["period"].map(weights))
    assert tables["balance"]["value"].tolist() == pytest.approx([3.5, 4, 4, 4])
    assert not audit(made.core, replace(made.plan, duals=tables)).failed
    tables["balance"]["value"] *= 2
    assert "reduced_costs" in failures(made.core, replace(made.plan, duals=tables))


def test_the_noise_of_a_solver_passes():
    """Residuals of 1e-9 in values and duals are no falsification."""
    made = plant()
    noisy = falsified(made.plan, values={"supply": {"g p - all": -1e-9}, "open": {"o all": 1 - 1e-9}}, duals={"balance": {"g p all": 2 + 1e-9}})
    assert not audit(made.core, noisy).failed


def test_an_empty_program_passes():
    made = market()
    core = world(commodities="commodity\nx")
    assert program(core).matrix.shape == (0, 0)
    nothing = replace(made.plan, values={}, duals={}, objective=0.0, indicators=made.plan.indicators.iloc[:0])
    assert not audit(core, nothing).failed
