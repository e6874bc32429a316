"""Several periods: seasonal prices, stocks with loss and holding cost, stages and branches, worked out by hand."""

from __future__ import annotations

import pytest
from worlds import solve, world


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def seasons(stocks, first="wet", second="dry", **extra):
    """Half a year of water at 1 and half at 3; 100 a year are needed, 120 a year can be made."""
    return world(**{
        "periods": f"period stage length\n{first} y 0.5\n{second} y 0.5",
        "recipes": "technology commodity quantity\nsmelt power -1\nsmelt metal 1",
        "tech_sites": "technology site variable_cost\nsmelt p 0",
        "capacity_use": "technology unit use\nsmelt potline 1",
        "capacity": "unit site amount\npotline p 120",
        "supply": "commodity site period price\npower p wet 1\npower p dry 3",
        "demand": "commodity site min max price\nmetal p 100 100 0",
    } | ({"stocks": stocks} if stocks else {}) | extra)


def test_without_a_stock_every_season_pays_its_price():
    """50 × 1 + 50 × 3 = 200."""
    assert solve(seasons("")).objective == near(200)


def test_a_stock_moves_metal_to_the_dear_season():
    """Wet makes 60 and keeps 10, of which √0.81 = 0.9 remain half a year later: dry makes 41.

    60 + 123 + holding 0.4 × 10 × 0.5 = 185. One more unit of storage would save nothing: the potline binds, worth
    2.7 − 0.2 − 1 = 1.5 in the wet season.
    """
    plan = solve(seasons("commodity site capacity holding_cost loss\nmetal p - 0.4 0.19"))
    assert plan.objective == near(185)
    assert plan["stock", "metal", "p", "wet"] == near(10)
    assert plan["stock", "metal", "p", "dry"] == near(0)
    assert plan["activity", "smelt", "p", "dry"] == near(41)
    assert plan.dual("capacity", "potline", "p", "wet") == near(-1.5)


def test_the_last_period_comes_before_the_first():
    """The same with the dry half first: the wet season's stock is carried around the turn of the year. Still 185."""
    plan = solve(seasons("commodity site holding_cost loss\nmetal p 0.4 0.19", first="dry", second="wet"))
    assert plan.objective == near(185)
    assert plan["stock", "metal", "p", "wet"] == near(10)


def test_the_capacity_of_a_stock_is_taken_as_it_stands():
    """R1: room for 4 at any time: wet makes 54, dry 50 − 3.6 = 46.4: 54 + 139.2 + 0.4 × 4 × 0.5 = 194."""
    assert solve(seasons("commodity site capacity holding_cost loss\nmetal p 4 0.4 0.19")).objective == near(194)


def test_a_dear_or_leaky_stock_is_not_used():
    """Keeping one unit gains 0.9 × 3 − 1 = 1.7 and costs 3.9 × 0.5 = 1.95: nothing is kept, 200."""
    plan = solve(seasons("commodity site holding_cost loss\nmetal p 3.9 0.19"))
    assert plan.objective == near(200)
    assert plan["stock", "metal", "p", "wet"] == near(0)


def test_a_stock_of_one_period_is_its_own_past():
    """A year long: level = (1 − 0.5) × level + in: keeping costs and helps nothing; 3 bought at 2 and sold: 6."""
    plan = solve(world(
        stocks="commodity site holding_cost loss\nx p 1 0.5", commodities="commodity balance\nx exact",
        supply="commodity site price min\nx p 2 3", demand="commodity site min max price\nx p 0 3 0",
    ))
    assert plan.objective == near(6)
    assert plan["stock", "x", "p", "all"] == near(0)


def test_a_good_that_may_not_vanish_can_rot_in_a_stock():
    """Exact balance: 4 must be taken and 3 can be sold: the stock settles where a loss of a half eats 1, at level 2: 8 + 2 = 10."""
    plan = solve(world(
        stocks="commodity site holding_cost loss\nx p 1 0.5", commodities="commodity balance\nx exact",
        supply="commodity site price min max\nx p 2 4 4", demand="commodity site min max price\nx p 0 3 0",
    ))
    assert plan["stock", "x", "p", "all"] == near(2)
    assert plan.objective == near(10)


def test_retention_follows_the_length_of_each_period():
    """R10: 0.1 ^ 0.25 and 0.1 ^ 0.75 of the level before remain; together a tenth after a year."""
    core = world(
        periods="period stage length\na y 0.25\nb y 0.75", stocks="commodity site holding_cost loss\nx p 0 0.9",
        supply="commodity site price max\nx p 1 1",
    )
    share = solve(core).case.relations["retained"].set_index("period")["share"]
    assert share["a"] == near(0.1**0.25)
    assert share["b"] == near(0.1**0.75)
    assert share["a"] * share["b"] == near(0.1)


def test_stocks_do_not_pass_from_stage_to_stage_or_branch_to_branch():
    """Cheap metal of the first stage, and of the wet branch, stays there: each single period pays its own price.

    Weights 2 and 1: 2 × (0.5 × 10 × 1 + 0.5 × 10 × 4) + 10 × 9 = 50 + 90 = 140.
    """
    plan = solve(world(
        periods="""
            period stage branch weight probability
            a_wet  a     wet    2      0.5
            a_dry  a     dry    2      0.5
            b      b     wet    1      1""",
        stocks="commodity site holding_cost\nx p 0",
        supply="commodity site period price\nx p a_wet 1\nx p a_dry 4\nx p b 9",
        demand="commodity site min max price\nx p 10 10 0",
    ))
    assert plan.objective == near(140)


def test_investment_is_shared_by_all_branches_and_operation_is_not():
    """Two-stage stochastic: turbines cost 3 a year per unit; imports cost 10 when dry (0.4) and 2 when wet (0.6).

    A turbine saves 10 in a dry year and 2 in a wet one, 0.4 × 10 + 0.6 × 2 = 5.2 > 3 on average: all 8 are built, for 24.
    At 6 a year none is: 8 × 5.2 = 41.6.
    """
    def core(charge):
        return world(
            periods="period stage branch probability\nd y dry 0.4\nw y wet 0.6",
            recipes="technology commodity quantity\nturbine power 1", tech_sites="technology site variable_cost\nturbine p 0",
            capacity_use="technology unit use\nturbine hall 1",
            options=f"option variable_cost max_size\nbuild {charge} 20", option_effects="option unit site per_size\nbuild hall p 1",
            supply="commodity site period price\npower p d 10\npower p w 2",
            demand="commodity site min max price\npower p 8 8 0",
        )
    assert solve(core(3)).objective == near(24)
    assert solve(core(6)).objective == near(41.6)
    assert solve(core(3))["size", "build", "y"] == near(8)


def test_the_price_of_capacity_is_the_sum_of_probability_length_and_dual():
    """R20: the wet half's 1.5 × 0.5 = 0.75 a year: with one more unit, 0.5 more are made wet at 1, kept for 0.1, worth 1.35 dry.

    In two weighted years the cost falls by 1.5 and the price per year stays 0.75.
    """
    for weight in (1, 2):
        stocks = "commodity site holding_cost loss\nmetal p 0.4 0.19"
        periods = f"period stage length weight\nwet y 0.5 {weight}\ndry y 0.5 {weight}"
        plan = solve(seasons(stocks, periods=periods))
        more = solve(seasons(stocks, periods=periods, capacity="unit site amount\npotline p 121"))
        rows = plan.case.rows["capacity"].set_index("period")["weight"]
        price = sum(1.0 * 0.5 * plan.dual("capacity", "potline", "p", period) / rows[period] for period in ("wet", "dry"))
        assert price == near(-0.75)
        assert more.objective - plan.objective == near(-0.75 * weight)
