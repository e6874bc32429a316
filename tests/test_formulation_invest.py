"""Options: expansion over stages, closures with avoided cost, swaps between sites, forced decisions, worked out by hand."""

from __future__ import annotations

import pytest
from worlds import case_of, solve, status_of, world

from model.problems import ExitCode, Refusal
from model.solve import Status


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def growing(options, effects="option unit site per_size\ngrow oven p 1", **extra):
    """Stage 1 (5 years) needs 10 a year, stage 2 (4 years) 16; 10 can be made at 2, imports cost 6."""
    return world(**{
        "periods": "period weight\ny1 5\ny2 4",
        "recipes": "technology commodity quantity\nmake x 1",
        "tech_sites": "technology site variable_cost\nmake p 2",
        "capacity_use": "technology unit use\nmake oven 1",
        "capacity": "unit site amount\noven p 10",
        "supply": "commodity site price\nx p 6",
        "demand": "commodity site period min max price\nx p y1 10 10 0\nx p y2 16 16 0",
        "options": options,
        "option_effects": effects,
    } | extra)


def test_expansion_comes_when_it_pays():
    """An annual charge of 3 plus 2 beats the import at 6, but only where used: decided in stage 2, not in stage 1.

    5 × 20 + 4 × 20 + 4 × 6 × (3 + 2) = 300. In stage 1 the same size would be charged for 9 years.
    """
    plan = solve(growing("option period variable_cost max_size\ngrow y1 3 100\ngrow y2 3 100"))
    assert plan.objective == near(300)
    assert plan["size", "grow", "y1"] == near(0)
    assert plan["size", "grow", "y2"] == near(6)


def test_a_star_means_the_first_stage():
    """Only decidable at the start, six units cost 3 × 9 = 27 each and save (6 − 2) × 4 = 16: imports stay, 100 + 80 + 144 = 324."""
    plan = solve(growing("option period variable_cost max_size\ngrow * 3 100"))
    assert plan.objective == near(324)
    assert plan["size", "grow", "y1"] == near(0)


def test_an_effect_lasts_from_its_stage_to_the_horizon():
    """At a charge of 1 the first stage's decision costs 9 and saves 16 in stage 2: 100 + 80 + 54 + 48 = 282. Never earlier."""
    plan = solve(growing("option period variable_cost max_size\ngrow * 1 100"))
    assert plan.objective == near(282)
    effect = plan.case.relations["effect"]
    assert list(zip(effect["stage"], effect["decided"], strict=True)) == [("y1", "y1"), ("y2", "y1")]
    later = case_of(growing("option period variable_cost max_size\ngrow y2 1 100")).relations["effect"]
    assert list(zip(later["stage"], later["decided"], strict=True)) == [("y2", "y2")]


def test_every_row_is_a_decision_of_its_own():
    """R5: 4 from the first stage (charge 1) and 2 from the second (charge 3) together serve the 6 of stage 2.

    180 + 4 × 1 × 9 + 2 × 3 × 4 + 4 × 6 × 2 = 288.
    """
    plan = solve(growing("option period variable_cost max_size\ngrow y1 1 4\ngrow y2 3 100"))
    assert plan.objective == near(288)
    assert plan["size", "grow", "y1"] == near(4)
    assert plan["size", "grow", "y2"] == near(2)


def test_capacity_price_of_a_full_option():
    """With 4 at most, 2 are imported: the last unit of size saves (6 − 2 − 3) × 4 = 4."""
    plan = solve(growing("option period variable_cost max_size\ngrow y2 3 4"))
    assert plan.objective == near(180 + 4 * (4 * 5 + 2 * 6))
    assert plan.dual("capacity", "oven", "p", "y2") == near(-(6 - 2) * 4)


def closing(demand, **extra):
    """A plant of 10 may close: every unit closed avoids a fixed cost of 1.5 a year. Running costs 2, an import 6."""
    return world(**{
        "recipes": "technology commodity quantity\nmake x 1",
        "tech_sites": "technology site variable_cost\nmake p 2",
        "capacity_use": "technology unit use\nmake oven 1",
        "capacity": "unit site amount\noven p 10",
        "supply": "commodity site price\nx p 6",
        "demand": f"commodity site min max price\nx p {demand} {demand} 0",
        "options": "option variable_cost\nclose -1.5",
        "option_effects": "option unit site per_size\nclose oven p -1",
    } | extra)


def test_a_closure_avoids_fixed_cost_of_what_is_not_used():
    """Demand 6: 4 close and save 6, running costs 12: 6. Closing one more would save 1.5 + 2 and cost an import of 6."""
    plan = solve(closing(6))
    assert plan.objective == near(6)
    assert plan["size", "close", "all"] == near(4)


def test_a_closure_stops_at_what_exists():
    """R8: without demand all 10 close and no more: −15. One more unit that exists would save another 1.5."""
    plan = solve(closing(0))
    assert plan["size", "close", "all"] == pytest.approx(10, rel=1e-8)
    assert plan.objective == pytest.approx(-15, rel=1e-8)
    assert plan.dual("closure", "oven", "p", "all") == near(1.5)


def test_the_scarcest_period_of_a_stage_limits_its_closures():
    """10 all year plus 5 in the first half: 10 may close at most, −15, although nothing is made in the second half."""
    plan = solve(closing(
        0, periods="period stage length\na y 0.5\nb y 0.5", capacity="unit site period amount\noven p * 10\noven p a 5",
        tech_sites="technology site period variable_cost\nmake p a 2",
    ))
    assert plan["size", "close", "y"] == pytest.approx(10, rel=1e-8)
    assert plan.objective == pytest.approx(-15, rel=1e-8)


def test_a_swap_moves_capacity_between_sites():
    """R5: one decision closes 1 at p and opens 0.8 at q, at 0.5 a year. q works at 1 instead of 2 and may serve p's market.

    Demand 9 of capacity 10. A unit swapped leaves 10 − s at p and 0.8 s at q: all 9 are served while s ≤ 5, and q saves
    0.8 for 0.5 + 0: s = 5: 0.5 × 5 + 4 × 1 + 5 × 2 = 16.5 (18 without a swap).
    """
    plan = solve(world(
        recipes="technology commodity quantity\nmake x 1",
        tech_sites="technology site variable_cost\nmake p 2\nmake q 1",
        capacity_use="technology unit use\nmake oven 1",
        capacity="unit site amount\noven p 10",
        lanes="commodity from to unit_cost\nx q p 0",
        demand="commodity site min max price\nx p 9 9 0",
        options="option variable_cost max_size\nswap 0.5 10",
        option_effects="option unit site per_size\nswap oven p -1\nswap oven q 0.8",
    ))
    assert plan.objective == near(16.5)
    assert plan["size", "swap", "all"] == near(5)
    assert plan["activity", "make", "q", "all"] == near(4)


def test_forced_yes_fixes_the_yes_no():
    """R6: forced 1: open is 1, charged 7, and the size at least 2 although 10 are there: 20 + 7 + 2 × 3 = 33."""
    core = growing(
        "option period fixed_cost variable_cost min_size max_size forced\ngrow y1 7 3 2 5 1", periods="period\ny1",
        demand="commodity site period min max price\nx p y1 10 10 0",
    )
    plan = solve(core)
    assert plan.objective == near(33)
    assert plan["open", "grow", "y1"] == near(1)
    assert plan["size", "grow", "y1"] == near(2)


def test_forced_no_fixes_size_and_yes_no_at_zero():
    """R6: forced 0: neither charge nor capacity: 180 + 4 × 36 = 324, also where no yes/no exists."""
    plan = solve(growing("option period fixed_cost variable_cost min_size max_size forced\ngrow y1 7 0 2 100 0"))
    assert plan.objective == near(324)
    assert plan["open", "grow", "y1"] == near(0)
    plan = solve(growing("option period variable_cost max_size forced\ngrow y1 0 100 0"))
    assert plan.objective == near(324)
    assert plan.case.columns["open"].empty


def test_a_forced_pure_yes_adds_its_capacity_per_opening():
    """max_size 0 and per_open 6: capacity 16 from stage 1 on for 1 a year: 100 + 4 × 32 + 9 = 237."""
    plan = solve(growing("option period fixed_cost max_size forced\ngrow y1 1 0 1", "option unit site per_open\ngrow oven p 6"))
    assert plan.objective == near(237)
    assert plan["size", "grow", "y1"] == near(0)


def test_forced_yes_where_no_yes_no_exists_is_an_error():
    with pytest.raises(Refusal) as refused:
        case_of(growing("option period variable_cost max_size forced\ngrow y1 0 100 1"))
    assert refused.value.code is ExitCode.DATA
    assert refused.value.problems[0].rule == "forced_without_yes_no"


def test_a_plan_cannot_use_capacity_that_was_closed():
    """Six must close (forced by the smallest size): 4 are left for a demand of 5 without imports."""
    core = closing(
        5, supply="commodity site price max\nx p 6 0", options="option variable_cost min_size max_size forced\nclose -1.5 6 10 1",
    )
    assert status_of(core) is Status.INFEASIBLE
