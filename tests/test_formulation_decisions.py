"""Yes/no decisions worked out by hand: options, cost points, charged lanes, single sources (R5–R7, R11, R12)."""

from __future__ import annotations

import pytest
from worlds import case_of, indicator, solve, world

from model.case import make_case
from model.problems import ExitCode, Problems, Refusal

OVEN = {
    "recipes": "technology commodity quantity\nmake x 1", "capacity_use": "technology unit use\nmake oven 1",
    "tech_sites": "technology site variable_cost\nmake a 1\nmake b 1",
    "lanes": "commodity from to unit_cost\nx a m 1\nx b m 2",
    "demand": "commodity site min max price shortage_price\nx m 10 10 0 100",
}
EFFECTS = "option unit site per_size\nbuild_a oven a 1\nbuild_b oven b 1"
ONE = "option unit site per_size\nbuild_a oven a 1"
STAGES = "period stage length weight\np1 s1 1 5\np2 s2 1 3"


def decide(options, effects=EFFECTS, **more):
    return solve(world(**(OVEN | {"options": options, "option_effects": effects} | more)))


def test_a_fixed_cost_concentrates_what_variable_costs_alone_would_not():
    """a: 20 + 1 each, up to 8; b: 12 + 2 each, up to 10. One site of 10 at b: 12 + 20 + 10×(1+2) = 62.

    Both (8 at a, 2 at b): 20 + 8 + 12 + 4 + 8×2 + 2×3 = 66; a alone leaves 2 short: 20 + 8 + 16 + 200.
    """
    plan = decide("option fixed_cost variable_cost max_size\nbuild_a 20 1 8\nbuild_b 12 2 10")
    assert plan.objective == pytest.approx(62)
    assert (plan["open", "build_a", "all"], plan["open", "build_b", "all"]) == (0, 1)
    assert plan["size", "build_b", "all"] == pytest.approx(10)


def test_a_minimum_size_is_built_in_full_or_not_at_all():
    """a starts at 12 at 3 a year each: 36 + 10×2 = 56; b has no minimum but 4 each: 40 + 30 = 70."""
    plan = decide("option variable_cost min_size max_size\nbuild_a 3 12 20\nbuild_b 4 0 20")
    assert plan.objective == pytest.approx(56)
    assert plan["size", "build_a", "all"] == pytest.approx(12)
    # at 5 a year a costs 60 + 20 = 80 against 70, so it is not built, not even in part
    plan = decide("option variable_cost min_size max_size\nbuild_a 5 12 20\nbuild_b 4 0 20")
    assert plan.objective == pytest.approx(70)
    assert plan["size", "build_a", "all"] == 0


def test_a_pure_yes_no_adds_its_capacity_by_the_piece():
    """Pieces of 6 at a for 9 and of 5 at b for 7: two are needed for 10; a and b: 9 + 7 + 6×2 + 4×3 = 40."""
    plan = decide(
        "option fixed_cost max_size\nbuild_a 9 0\nbuild_b 7 0\nsecond_a 11 0",
        "option unit site per_open\nbuild_a oven a 6\nbuild_b oven b 5\nsecond_a oven a 6",
    )
    assert plan.objective == pytest.approx(40)  # a and second a: 9 + 11 + 20 = 40 as well, both cost the same
    assert sum(plan["open", option, "all"] for option in ("build_a", "build_b", "second_a")) == 2


def test_forced_yes_pays_at_least_the_minimum_and_forced_no_builds_nothing():
    """a forced from 3 on: it is cheap enough to take all: 5 + 10×1 + 10×2; forced out: b at 10×2 + 10×3."""
    options = "option fixed_cost variable_cost min_size max_size forced\nbuild_a 5 1 3 20 {}\nbuild_b 0 2 0 20 -"
    assert decide(options.format(1)).objective == pytest.approx(35)
    plan = decide(options.format(0))
    assert plan.objective == pytest.approx(50)
    assert (plan["open", "build_a", "all"], plan["size", "build_a", "all"]) == (0, 0)


def test_charges_run_from_the_stage_of_decision_to_the_horizon():
    """Weights 5 and 3. Demand only in s2: built in s2 it costs 3×(4+2×6), in s1 8×(4+2×6)."""
    plan = decide(
        "option period fixed_cost variable_cost max_size\nbuild_a s1 4 2 10\nbuild_a s2 4 2 10", ONE, periods=STAGES,
        demand="commodity site period min max price\nx m s2 6 6 0",
    )
    assert plan.objective == pytest.approx(3 * (4 + 12) + 3 * 6 * 2)
    assert (plan["open", "build_a", "s1"], plan["open", "build_a", "s2"]) == (0, 1)


def test_every_stage_row_is_a_decision_of_its_own_unless_an_indicator_says_once():
    """Sizes up to 6, needed 6 in s1 and 12 in s2: s1 6 for 8×(1+6), s2 6 more for 3×(1+6); once only: 6 short in s2."""
    tables = {
        "periods": STAGES, "demand": "commodity site period min max price shortage_price\nx m s1 6 6 0 100\nx m s2 12 12 0 100",
        "options": "option period fixed_cost variable_cost max_size\nbuild_a s1 1 1 6\nbuild_a s2 1 1 6",
    }
    running = 5 * 6 * 2 + 3 * 12 * 2
    assert decide(effects=ONE, **tables).objective == pytest.approx(8 * 7 + 3 * 7 + running)
    once = {"indicators": "indicator max\nonce 1", "indicator_terms": "indicator kind a coefficient\nonce open build_a 1"}
    plan = decide(effects=ONE, **tables, **once)
    assert plan.objective == pytest.approx(8 * 7 + 5 * 12 + 3 * 12 + 3 * 600)
    assert indicator(plan, "once") == 1


POINTS = "option period point size cost\nbuild_a * none 0 0\nbuild_a * half 5 20\nbuild_a * full 12 24"


def test_any_two_points_may_be_mixed_not_only_neighbours():
    """10 = 1/6 of none + 5/6 of full for 20; through half it would cost (2×20 + 5×24)/7 = 22.9."""
    plan = decide("option\nbuild_a", ONE, option_points=POINTS)
    assert plan.objective == pytest.approx(20 + 10 * 2)
    assert plan["point", "build_a", "all", "half"] == pytest.approx(0)
    assert plan["point", "build_a", "all", "full"] == pytest.approx(10 / 12)


def test_points_of_a_stage_replace_all_general_points_of_the_option():
    """In s2 there is one point only, size 3 for 7: 3 of 6 are served from it, the rest is short."""
    plan = decide(
        "option period\nbuild_a s1\nbuild_a s2", ONE, periods=STAGES, option_points=POINTS + "\nbuild_a s2 late 3 7",
        demand="commodity site period min max price shortage_price\nx m s2 6 6 0 5",
    )
    # late: 3×7 + 3×3×2 + 3×3×5 = 84; short of all 90; full in s1 half way: 8×12 + 36 is more than either
    assert plan.objective == pytest.approx(84)
    assert plan["size", "build_a", "s2"] == pytest.approx(3)
    assert plan["size", "build_a", "s1"] == 0


def test_a_point_of_size_but_no_smaller_one_is_taken_whole():
    """Points 5 and 12 only: the least mixture that makes 2 is 5 for 20; a shortage of 2 at 9 is cheaper, at 12 it is not."""
    points = "option point size cost\nbuild_a half 5 20\nbuild_a full 12 24"
    demand = "commodity site min max price shortage_price\nx m 2 2 0 {}"
    assert decide("option\nbuild_a", ONE, option_points=points, demand=demand.format(9)).objective == pytest.approx(18)
    assert decide("option\nbuild_a", ONE, option_points=points, demand=demand.format(13)).objective == pytest.approx(20 + 4)


def test_a_decision_with_effects_on_two_sites_moves_capacity_with_a_loss():
    """8 at a; moving takes them whole and gives 0.9 of each at b, 3 nearer to the market: 7.2×1 + 2.8 short×5 + 2."""
    plan = decide(
        "option fixed_cost max_size\nmove 2 8", "option unit site per_size\nmove oven a -1\nmove oven b 0.9", capacity="unit site amount\noven a 8",
        lanes="commodity from to unit_cost\nx a m 4\nx b m 0", demand="commodity site min max price shortage_price\nx m 10 10 0 5",
    )
    # stay: 8×5 + 2×5 = 50; move all: 2 + 7.2×1 + 2.8×5 = 23.2
    assert plan.objective == pytest.approx(23.2)
    assert plan["size", "move", "all"] == pytest.approx(8)


LANES = {
    "periods": "period stage length weight probability branch\nw y 0.5 2 - -\nd y 0.5 2 - -".replace(" - -", " 1 b"),
    "supply": "commodity site price\nx mine 1", "demand": "commodity site min max price\nx m 8 8 0",
}


def test_a_lane_is_charged_once_a_year_or_once_in_each_period_it_names():
    """4 in each half-year at weight 2. Yearly charge 3: 2×3; charges of 1 in d and w: 2×1 + 2×1; unit costs alike."""
    yearly = "x mine m rail * 1 3 20"
    named = "x mine m road w 1 1 10\nx mine m road d 1 1 10"
    header = "commodity from to mode period unit_cost fixed_cost max_flow\n"
    goods = 2 * 8 * (1 + 1)
    assert solve(world(**LANES, lanes=header + yearly)).objective == pytest.approx(goods + 6)
    plan = solve(world(**LANES, lanes=header + yearly + "\n" + named))
    assert plan.objective == pytest.approx(goods + 4)
    assert (plan["lane_open", "x", "mine", "m", "rail", "y"], plan["lane_open", "x", "mine", "m", "road", "d"]) == (0, 1)


def test_a_named_row_replaces_the_yearly_charge_in_its_period_only():
    """Rail: 3 a year, in d its own row with 7 for that period: 2×3 + 2×7 for both halves."""
    lanes = "commodity from to mode period unit_cost fixed_cost max_flow\nx mine m rail * 1 3 20\nx mine m rail d 1 7 10"
    plan = solve(world(**LANES, lanes=lanes))
    assert plan.objective == pytest.approx(2 * 8 * 2 + 6 + 14)


def test_the_charge_is_shared_by_branches_but_weighted_when_named():
    """Probabilities 1/4 and 3/4 at weight 2: a yearly charge counts 2×3, a named one in the first branch 2×1/4×3."""
    periods = "period stage branch length weight probability\nw y wet 1 2 0.25\nd y dry 1 2 0.75"
    tables = {"periods": periods, "supply": "commodity site price\nx mine 0", "demand": "commodity site period min max price\nx m w 4 4 0"}
    header = "commodity from to period unit_cost fixed_cost max_flow\n"
    assert solve(world(**tables, lanes=header + "x mine m * 0 3 9")).objective == pytest.approx(6)
    assert solve(world(**tables, lanes=header + "x mine m w 0 3 9")).objective == pytest.approx(1.5)


def test_one_lane_brings_the_whole_demand_after_losses():
    """Near is cheapest but brings at most 6; far loses a fifth: 10 sent for 8; the third costs 3 each."""
    lanes = "commodity from to unit_cost delivered_share max_flow\nx near m 1 - 6\nx far m 2 0.8 -\nx third m 3 - -"
    tables = {"supply": "commodity site price\nx near 0\nx far 0\nx third 0", "lanes": lanes}
    divided = solve(world(**tables, demand="commodity site min max price\nx m 8 8 0"))
    assert divided.objective == pytest.approx(6 * 1 + 2.5 * 2)
    whole = solve(world(**tables, demand="commodity site min max price single_source\nx m 8 8 0 1"))
    assert whole.objective == pytest.approx(20)
    assert whole["flow", "x", "far", "m", "", "all"] == pytest.approx(10)
    assert whole["source", "x", "far", "m", "", "all"] == 1


def test_a_single_source_without_any_lane_is_impossible_and_named():
    problems = Problems()
    with pytest.raises(Refusal) as caught:
        make_case(world(supply="commodity site price\nx m 1", demand="commodity site min max price single_source\nx m 8 8 0 1"), problems)
    assert caught.value.code is ExitCode.INFEASIBLE
    assert [problem.rule for problem in caught.value.problems] == ["single_source_unreachable"]
    assert "x" in caught.value.problems[0].text("zh")


def test_a_decision_that_nothing_leaves_open_stays_linear():
    """No fixed cost, minimum, piece, point or term: no yes/no (R6); one term with a wildcard over ``open`` brings it back."""
    options = {"options": "option variable_cost max_size\nbuild_a 2 8\nbuild_b 3 8", "option_effects": EFFECTS}
    assert case_of(world(**OVEN, **options)).columns["open"].empty
    term = {"indicators": "indicator\ncount", "indicator_terms": "indicator kind a coefficient\ncount open * 1"}
    plan = solve(world(**OVEN, **options, **term))
    assert len(plan.case.columns["open"]) == 2
    assert plan.objective == pytest.approx(8 * (2 + 2) + 2 * (3 + 3))
