"""One small world per constraint card, in which a row of the card is there and binds; the key names that row.

Money in and out is chosen so that the row's price is unique and not zero. Two half-years where time matters.
"""

from __future__ import annotations

from worlds import world

HALVES = "period stage length weight\nh1 y 0.5 2\nh2 y 0.5 2"
OVEN = {
    "recipes": "technology commodity quantity\nmake x 1",
    "tech_sites": "technology site variable_cost\nmake p 1",
    "capacity_use": "technology unit use\nmake oven 2",
    "capacity": "unit site amount\noven p 20",
}
GROW = {"options": "option variable_cost max_size\ngrow 3 0.5", "option_effects": "option unit site per_size\ngrow oven p 4"}
SELL = {"demand": "commodity site min max price\nx p 0 - 9"}
LOW_AND_HIGH = {"demand": "commodity site period min max price\nx p h1 2 2 0\nx p h2 5 5 0"}

# 20 + 8 of the oven make 14 a year: halfway between the two points
POINTS = world(
    periods=HALVES, **OVEN, demand="commodity site min max price\nx p 14 14 0", option_effects=GROW["option_effects"],
    options="option\ngrow", option_points="option point size cost\ngrow small 1 2\ngrow large 3 12",
)
# the near source cannot bring all of it in the first half-year; what is more than the demand goes on to the shop
ONE_SOURCE = world(
    periods=HALVES, supply="commodity site price max\nx near 1 -\nx far 2 -\nx m 0.5 3",
    lanes="commodity from to mode period unit_cost delivered_share max_flow\n"
    "x near m rail * 0.5 0.8 -\nx near m rail h1 0.5 0.8 2\nx far m rail * 0.5 - -\nx m shop - * 0 - -",
    demand="commodity site min max price single_source\nx m 8 8 0 1\nx shop 0 100 1 -",
)


def chain(balance):
    """Ore comes from a mine over two modes, is bought, stored, smelted, cast and sold; slag arises with the metal."""
    return world(
        periods=HALVES, commodities=f"commodity balance\nmetal {balance}\nore free",
        recipes="technology commodity quantity\nsmelt ore -2\nsmelt metal 0.8", tech_sites="technology site period variable_cost\nsmelt p * 1\nsmelt p h1 0.5",
        lanes="commodity from to mode unit_cost delivered_share max_flow\nore mine p rail 0.25 - 6\nore mine p road 0.5 0.95 -\nmetal p m - 0.1 - -",
        supply="commodity site tier price max\nore mine - 1 -\nmetal p scrap 3 0.5",
        stocks="commodity site capacity holding_cost loss\nmetal p 1 0.2 0.36",
        demand="commodity site min max price\nmetal m 8 8 0",
    )


CARD_WORLDS = {
    "balance": (chain("free"), ("metal", "p", "h2")),
    "balance_exact": (chain("exact"), ("metal", "p", "h1")),
    "capacity": (world(periods=HALVES, **OVEN, **GROW, **SELL), ("oven", "p", "h1")),
    "running_capacity": (
        world(
            periods=HALVES, **(OVEN | {"capacity": "unit site period amount\noven p h1 24\noven p h2 20"}), **GROW, **SELL,
            units="unit min_load restart_cost\noven 0.5 0.25",
        ),
        ("oven", "p", "h2"),
    ),
    "running_use": (world(periods=HALVES, **OVEN, **SELL, units="unit min_load\noven 0"), ("oven", "p", "h1")),
    "minimum_load": (world(periods=HALVES, **OVEN, **LOW_AND_HIGH, units="unit min_load restart_cost\noven 0.6 2"), ("oven", "p", "h1")),
    "restart_rise": (
        world(periods=HALVES, **OVEN, **LOW_AND_HIGH, **GROW, units="unit min_load restart_cost initial\noven 0.8 0.25 0.3"), ("oven", "p", "h2"),
    ),
    "restart_limit": (
        world(periods=HALVES, **OVEN, **GROW, **SELL, units="unit min_load restart_cost restart_limit initial\noven 1 0.25 0.05 0.3"), ("oven", "p", "h1"),
    ),
    "closure": (
        world(
            periods="period\ny1\ny2", **SELL,
            # made in y2 only, so that in y1 nothing but the closure row holds the oven
            **(OVEN | {
                "capacity": "unit site period amount\noven p y1 20\noven p y2 30", "tech_sites": "technology site period variable_cost\nmake p y2 1",
            }),
            options="option variable_cost max_size\nclose -30 -\ngrow 3 0.5",
            option_effects="option unit site per_size\nclose oven p -1\ngrow oven p 4",
        ),
        ("oven", "p", "y1"),
    ),
    "size_floor": (
        # 11 a year need 22 of the oven: a size of 0.5, but a project starts at 2
        world(
            periods=HALVES, **OVEN, demand="commodity site min max price\nx p 11 11 0", option_effects=GROW["option_effects"],
            options="option fixed_cost variable_cost min_size max_size\ngrow 1 3 2 5",
        ),
        ("grow", "y"),
    ),
    "size_ceiling": (
        world(
            periods=HALVES, **OVEN, **SELL, option_effects=GROW["option_effects"], options="option fixed_cost variable_cost max_size\ngrow 1 3 0.5",
        ),
        ("grow", "y"),
    ),
    "point_choice": (POINTS, ("grow", "y")),
    "point_size": (POINTS, ("grow", "y")),
    "single_source": (ONE_SOURCE, ("x", "m", "h1")),
    "source_flow": (ONE_SOURCE, ("x", "near", "m", "rail", "h2")),
    "lane_charge": (
        # one charge a year on the rail lane, one a half-year on the road lane
        world(
            periods=HALVES, supply="commodity site price\nx mine 1",
            lanes="commodity from to mode period unit_cost fixed_cost max_flow\nx mine m rail * 1 3 6\nx mine m road h1 1 2 4\nx mine m foot * 1 - 1",
            demand="commodity site min max price\nx m 0 100 4",
        ),
        ("x", "mine", "m", "road", "h1"),
    ),
    "must_serve": (
        world(
            periods=HALVES, supply="commodity site tier price max\nx m near 2 3\nx m far 6 3",
            demand="commodity site segment min max price shortage_price\nx m cars 5 - 1 20\nx m cans 3 4 2 -",
        ),
        ("x", "m", "cars", "h1"),
    ),
    "basket_floor": (
        world(
            periods=HALVES, supply="commodity site price\ncopper m 5\nwire m 3",
            demand="commodity site segment min max price\ncopper m a 0 4 1\nwire m a 0 5 0\nwire m b 0 5 0.5",
            baskets="basket commodity content\ncu copper 1\ncu wire 0.8", basket_demand="basket site min max\ncu m 10 20",
        ),
        ("cu", "m", "h1"),
    ),
    "basket_ceiling": (
        world(
            periods=HALVES, supply="commodity site price\ncopper m 5\nwire m 3",
            demand="commodity site segment min max price\ncopper m a 0 4 7\nwire m a 0 5 4",
            baskets="basket commodity content\ncu copper 1\ncu wire 0.8", basket_demand="basket site period min max\ncu m * 1 6\ncu m h2 1 2.5",
        ),
        ("cu", "m", "h2"),
    ),
    "indicator_floor": (
        world(
            periods="period stage branch weight probability\nd y dry 2 0.25\nw y wet 2 0.75",
            recipes="technology commodity quantity\nprimary x 1\nrecycle x 1", tech_sites="technology site variable_cost\nprimary p 1\nrecycle p 3",
            demand="commodity site min max price\nx p 10 10 0",
            indicators="indicator min max scope per relax_price price\nshare 0.4 - stage all 5 -\nall - - horizon - - 0.5",
            indicator_terms="indicator kind a coefficient\nshare activity recycle 1\nall activity * 1",
        ),
        ("share", "y"),
    ),
    "indicator_ceiling": (
        world(
            periods=HALVES, **OVEN, **GROW, **SELL,
            indicators="indicator max scope relax_price\nland 21 stage -\nuse 12 period 40",
            indicator_terms="indicator kind a coefficient\nland capacity oven 1\nuse activity make 1\nuse size grow 1",
        ),
        ("land", "y"),
    ),
}
