"""Units that cannot swing freely (R9): minimum load, restart cost, restart limit, the first period, worked out by hand."""

from __future__ import annotations

import pytest
from worlds import solve, status_of, world

from model.solve import Status

MONTHS = [f"m{month:02d}" for month in range(1, 13)]


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def year_with_outage(units, price=10, capacity=120):
    """Twelve months; no power in the third; what is made sells at ``price``."""
    return world(
        periods="period stage length\n" + "\n".join(f"{month} y {1 / 12!r}" for month in MONTHS),
        recipes="technology commodity quantity\nsmelt metal 1",
        tech_sites="technology site period variable_cost max_activity\nsmelt p * 0 -\nsmelt p m03 0 0",
        capacity_use="technology unit use\nsmelt potline 1",
        capacity=f"unit site amount\npotline p {capacity}",
        demand=f"commodity site min max price\nmetal p 0 - {price}",
        units=units,
    )


def test_recovery_after_an_outage():
    """120 a year = 10 a month. Month 3 stops everything (no load below full); a quarter may return per month, at 4 per unit.

    Months 1–2: 20. Months 4–6: 30, 60, 90 running = 2.5 + 5 + 7.5. Months 7–12: 60. Sum 95, earning 950. A unit back in
    month 7 still earns 6/12 × 10 = 5 > 4, so all 120 return, for 480: objective −470. The first month needs no restart.
    """
    plan = solve(year_with_outage("unit min_load restart_cost restart_limit initial\npotline 1 4 0.25 1"))
    running = [plan["running", "potline", "p", month] for month in MONTHS]
    assert running == near([120, 120, 0, 30, 60, 90, 120, 120, 120, 120, 120, 120])
    assert [plan["restart", "potline", "p", month] for month in MONTHS] == near([0, 0, 0, 30, 30, 30, 30, 0, 0, 0, 0, 0])
    assert plan.objective == near(-470)


def test_capacity_that_earns_too_little_does_not_return():
    """At 5.5 per unit brought back, a unit of month 7 (earning 5) stays off: 90 return: made 20 + 15 + 6 × 7.5 = 80, −800 + 495."""
    plan = solve(year_with_outage("unit min_load restart_cost restart_limit initial\npotline 1 5.5 0.25 1"))
    assert plan["running", "potline", "p", "m12"] == near(90)
    assert plan.objective == near(-305)


def test_without_an_initial_share_the_year_is_a_circle():
    """December comes before January: the circle has one fall and one rise. Restart at 4 for 120 in month 4: −11 × 10 × 10 + 480."""
    plan = solve(year_with_outage("unit min_load restart_cost\npotline 1 4"))
    assert plan.objective == near(-1100 + 480)
    assert plan["restart", "potline", "p", "m04"] == near(120)


def test_units_that_swing_freely_pay_nothing():
    """Without a row for the unit month 3 just makes nothing: −1100. A row with blanks says the same."""
    core = year_with_outage("unit min_load\nother 0")
    assert solve(core).objective == near(-1100)
    assert solve(year_with_outage("unit min_load\npotline -")).objective == near(-1100)


@pytest.mark.parametrize(("price", "january", "objective"), [(10, 0, -470), (30, 90, -2460)])
def test_the_first_period_starts_from_the_stated_share(price, january, objective):
    """A quarter runs before January; what returns then works two months until the outage, and 120 return in month 4 for 480.

    At 10 two months earn 20 / 12 < 4 a unit: 30 run in January and February, −10 × (5 + 90) + 480 = −470. At 30 they
    earn 5 > 4: 90 return in January too, −30 × 110 + 360 + 480 = −2460.
    """
    plan = solve(year_with_outage("unit min_load restart_cost initial\npotline 1 4 0.25", price))
    assert plan["restart", "potline", "p", "m01"] == near(january)
    assert plan.objective == near(objective)


def low_and_high(units, **extra):
    """Half a year needs 3, the other 10; 20 a year can be made at 1 per unit; a surplus vanishes."""
    return world(**{
        "periods": "period stage length weight\nlow y 0.5 2\nhigh y 0.5 2",
        "recipes": "technology commodity quantity\nsmelt metal 1",
        "tech_sites": "technology site variable_cost\nsmelt p 1",
        "capacity_use": "technology unit use\nsmelt potline 1",
        "capacity": "unit site amount\npotline p 20",
        "demand": "commodity site period min max price\nmetal p low 3 3 0\nmetal p high 10 10 0",
        "units": units,
    } | extra)


def test_minimum_load_wastes_metal_where_restarts_are_dear():
    """Kept running, 20 must make 0.6 × 10 = 6 in the low half, 3 of them wasted: 2 × (6 + 10) = 32. A restart would cost 20."""
    plan = solve(low_and_high("unit min_load restart_cost\npotline 0.6 2"))
    assert plan.objective == near(32)
    assert plan["running", "potline", "p", "low"] == near(20)
    assert plan["activity", "smelt", "p", "low"] == near(6)


def test_cheap_restarts_let_capacity_rest():
    """At 0.1 a restart the low half runs 10 (use 3 = 0.6 × 0.5 × 10): 2 × (3 + 10 + 0.1 × 10) = 28; money counts the weight."""
    plan = solve(low_and_high("unit min_load restart_cost\npotline 0.6 0.1"))
    assert plan["running", "potline", "p", "low"] == near(10)
    assert plan["restart", "potline", "p", "high"] == near(10)
    assert plan.objective == near(28)


def test_restart_limit_is_a_share_per_month():
    """R9: 5 % a month are 0.05 × 6 = 30 % in half a year, 6 of 20: the low half must keep 14 running, making 4.2.

    2 × (4.2 + 10) + 2 × 0.1 × 6 = 29.6.
    """
    plan = solve(low_and_high("unit min_load restart_cost restart_limit\npotline 0.6 0.1 0.05"))
    assert plan["running", "potline", "p", "low"] == near(14)
    assert plan.objective == near(29.6)


def test_a_sites_own_row_replaces_the_row_for_all_sites():
    """The row for all sites would waste 3; p's own row knows no minimum load: 2 × 13 = 26."""
    plan = solve(low_and_high("unit site min_load restart_cost\npotline * 0.6 2\npotline p 0 2"))
    assert plan.objective == near(26)


def test_running_stays_within_existing_and_new_capacity():
    """Existing 12 plus an option of up to 8 (10 a year and unit): high needs 10 in half a year, hence 20: 8 × 10 × 2 + 26 = 186."""
    plan = solve(low_and_high(
        "unit min_load\npotline 0", capacity="unit site amount\npotline p 12",
        options="option variable_cost max_size\ngrow 10 8", option_effects="option unit site per_size\ngrow potline p 1",
    ))
    assert plan["size", "grow", "y"] == near(8)
    assert plan.objective == near(186)
    assert plan.dual("running_capacity", "potline", "p", "low") == near(0)


def test_limit_and_initial_count_new_capacity_as_living():
    """Of 12 + 8 = 20 living, 0.25 ran before: 5. low needs 6: one returns; high 20: 14 return, within 0.2 × 6 = 120 %.

    Restarts 15 × 0.5 × 2 = 15, charge 160, making 26: 201. With 10 % a month only 12 return before high: 8 run in low
    already and waste 1: 203. With 2 % (2.4 of 20 per half) high cannot be reached from 5 at all.
    """
    def core(limit):
        return low_and_high(
            f"unit min_load restart_cost restart_limit initial\npotline 1 0.5 {limit} 0.25", capacity="unit site amount\npotline p 12",
            options="option variable_cost max_size\ngrow 10 8", option_effects="option unit site per_size\ngrow potline p 1",
        )
    plan = solve(core(0.2))
    assert plan.objective == near(201)
    assert plan["restart", "potline", "p", "low"] == near(1)
    assert plan["restart", "potline", "p", "high"] == near(14)
    plan = solve(core(0.1))
    assert plan.objective == near(203)
    assert plan["running", "potline", "p", "low"] == near(8)
    assert status_of(core(0.02)) is Status.INFEASIBLE
