"""The second formulation, rule by rule: columns, rows and coefficients worked out by hand from the text of R1–R15."""

from __future__ import annotations

import math

import numpy as np
import pytest
from runs import MEXSS, TRNSPORT
from scipy.optimize import Bounds, LinearConstraint, milp
from worlds import world

from model.audit import ROW_KEYS, program
from model.problems import Problems
from model.reading import read

INFINITE = math.inf
# two years of weight 2 and 3, the first in two seasons, a quarter and the rest
YEARS = "period stage length weight\na1 a 0.25 2\na2 a 0.75 2\nb1 b 1 3"
# one year of weight 4 in two branches, the dry one (a fifth) in two seasons
BRANCHES = "period stage branch length weight probability\nd1 y dry 0.5 4 0.2\nd2 y dry 0.5 4 0.2\nw y wet 1 4 0.8"


def column(arrays, *label):
    """cost, lower, upper of the column (family, key parts …)."""
    at = arrays.columns.index((label[0], label[1:]))
    return pytest.approx((arrays.cost[at], arrays.lower[at], arrays.upper[at]))


def row(arrays, *label):
    """{(family, key parts …): coefficient}, lower and upper bound of a row."""
    at = arrays.rows.index((label[0], label[1:]))
    entries = arrays.matrix[[at]].tocoo()
    terms = {(arrays.columns[place][0], *arrays.columns[place][1]): value for place, value in zip(entries.coords[1], entries.data, strict=True)}
    return pytest.approx(terms), pytest.approx((arrays.row_lower[at], arrays.row_upper[at]))


def labels(arrays, family, of="columns"):
    """Keys of a family, as sets of tuples."""
    return {key for name, key in getattr(arrays, of) if name == family}


def weight(arrays, *label):
    return arrays.row_weight[arrays.rows.index((label[0], label[1:]))]


def test_amounts_are_per_year_except_in_the_row_of_a_period():
    """R1, R2: 20 a year is 5 in a1, the stage's 40 replaces it in a2 too … but a1's own row is of a1 as it stands."""
    arrays = program(world(periods=YEARS, supply="commodity site period price min max\nx m * 5 2 20\nx m a 6 - 40\nx m a1 7 3 -"))
    assert column(arrays, "supply", "x", "m", "", "a1") == (2 * 7, 3, INFINITE)
    assert column(arrays, "supply", "x", "m", "", "a2") == (2 * 6, 0, 30)
    assert column(arrays, "supply", "x", "m", "", "b1") == (3 * 5, 2, 20)


def test_an_absent_row_is_no_column():
    """A row of stage b alone permits nothing in a."""
    arrays = program(world(periods=YEARS, tech_sites="technology site period variable_cost min_activity max_activity\nmake s b 1 2 4"))
    assert labels(arrays, "activity") == {("make", "s", "b1")}
    assert column(arrays, "activity", "make", "s", "b1") == (3, 2, 4)


def test_a_ceiling_stays_none_in_a_period_without_length():
    arrays = program(world(periods="period stage length\np y 0\nq y 1", supply="commodity site price\nx m 1"))
    assert column(arrays, "supply", "x", "m", "", "p") == (1, 0, INFINITE)


def test_without_periods_there_is_one_called_all():
    """R3."""
    arrays = program(world(supply="commodity site period price\nx m * 5", demand="commodity site period min price\nx m all 2 0"))
    assert labels(arrays, "supply") == {("x", "m", "", "all")}
    assert row(arrays, "must_serve", "x", "m", "", "all") == ({("sale", "x", "m", "", "all"): 1}, (2, INFINITE))


def test_weight_and_probability_multiply_every_cost_of_a_period():
    """R4: wet weighs 4 · 0.8."""
    core = world(
        periods=BRANCHES, supply="commodity site price\nx m 5", demand="commodity site min max price shortage_price\nx m 2 9 3 7",
        lanes="commodity from to unit_cost\nx m n 2", stocks="commodity site capacity holding_cost\nx m 6 10",
    )  # fmt: skip
    arrays = program(core)
    assert column(arrays, "supply", "x", "m", "", "w") == (3.2 * 5, 0, INFINITE)
    assert column(arrays, "sale", "x", "m", "", "w") == (3.2 * -3, 0, 9)
    assert column(arrays, "short", "x", "m", "", "w") == (3.2 * 7, 0, 2)
    assert column(arrays, "flow", "x", "m", "n", "", "w") == (3.2 * 2, 0, INFINITE)
    assert column(arrays, "stock", "x", "m", "d1") == (0.8 * 0.5 * 10, 0, 6)  # R10: held for half a year, capacity as it stands


def test_a_site_replaces_the_recipe_of_everywhere_one_good_at_a_time():
    core = world(
        recipes="technology site commodity quantity\nmake * ore -2\nmake * x 1\nmake t ore -1.5",
        tech_sites="technology site variable_cost\nmake s 1\nmake t 1", commodities="commodity balance\nore exact\nx free",
    )  # fmt: skip
    arrays = program(core)
    assert row(arrays, "balance_exact", "ore", "s", "all") == ({("activity", "make", "s", "all"): -2}, (0, 0))
    assert row(arrays, "balance_exact", "ore", "t", "all") == ({("activity", "make", "t", "all"): -1.5}, (0, 0))
    assert row(arrays, "balance", "x", "t", "all") == ({("activity", "make", "t", "all"): 1}, (0, INFINITE))


def test_a_lane_takes_whole_and_brings_less():
    arrays = program(world(lanes="commodity from to unit_cost delivered_share mode\nx a b 1 0.9 rail"))
    assert row(arrays, "balance", "x", "a", "all") == ({("flow", "x", "a", "b", "rail", "all"): -1}, (0, INFINITE))
    assert row(arrays, "balance", "x", "b", "all") == ({("flow", "x", "a", "b", "rail", "all"): 0.9}, (0, INFINITE))


def test_stocks_run_in_a_circle_within_stage_and_branch():
    """R10: (1 − 0.19)^0.5 = 0.9 is kept over half a year; the first season of dry follows its last, wet follows itself."""
    arrays = program(world(periods=BRANCHES, stocks="commodity site holding_cost loss\nx m 1 0.19"))
    assert row(arrays, "balance", "x", "m", "d1")[0] == {("stock", "x", "m", "d1"): -1, ("stock", "x", "m", "d2"): 0.9}
    assert row(arrays, "balance", "x", "m", "d2")[0] == {("stock", "x", "m", "d2"): -1, ("stock", "x", "m", "d1"): 0.9}
    assert row(arrays, "balance", "x", "m", "w")[0] == {("stock", "x", "m", "w"): -0.19}


WORKS = dict(
    tech_sites="technology site variable_cost\nmake s 1\nmelt s 1", capacity_use="technology unit use\nmake u 2\nmelt u 0.5",
)  # fmt: skip
MAKE, MELT = ("activity", "make", "s"), ("activity", "melt", "s")


def test_capacity_adds_up_and_is_shared():
    """R2: 10 everywhere + 4 in stage a + 1 in a1 are yearly rates: 15 · ¼ in a1, 14 · ¾ in a2, 10 in b."""
    arrays = program(world(periods=YEARS, **WORKS, capacity="unit site period amount\nu s * 7\nu s * 3\nu s a 4\nu s a1 1"))
    assert row(arrays, "capacity", "u", "s", "a1") == ({(*MAKE, "a1"): 2, (*MELT, "a1"): 0.5}, (-INFINITE, 3.75))
    assert row(arrays, "capacity", "u", "s", "a2")[1] == (-INFINITE, 10.5)
    assert row(arrays, "capacity", "u", "s", "b1")[1] == (-INFINITE, 10)


def test_a_use_without_capacity_is_bounded_by_nothing_there():
    arrays = program(world(**WORKS))
    assert row(arrays, "capacity", "u", "s", "all")[1] == (-INFINITE, 0)


def test_options_count_from_their_stage_to_the_horizon():
    """R5: decided in a a charge weighs 2 + 3, in b 3; ``*`` is the first stage and b's row is a decision of its own."""
    core = world(
        periods=YEARS, **WORKS, options="option period variable_cost max_size\no * 10 4\no b 20 5",
        option_effects="option unit site per_size\no u s 0.9",
    )  # fmt: skip
    arrays = program(core)
    assert column(arrays, "size", "o", "a") == (5 * 10, 0, 4)
    assert column(arrays, "size", "o", "b") == (3 * 20, 0, 5)
    assert not labels(arrays, "open")
    assert row(arrays, "capacity", "u", "s", "a1")[0] == {(*MAKE, "a1"): 2, (*MELT, "a1"): 0.5, ("size", "o", "a"): -0.25 * 0.9}
    assert row(arrays, "capacity", "u", "s", "b1")[0] == {(*MAKE, "b1"): 2, (*MELT, "b1"): 0.5, ("size", "o", "a"): -0.9, ("size", "o", "b"): -0.9}


def test_the_row_of_the_first_stage_replaces_that_of_everywhere():
    arrays = program(world(periods=YEARS, options="option period variable_cost\no a 3\no * 10"))
    assert labels(arrays, "size") == {("o", "a")}
    assert column(arrays, "size", "o", "a") == (5 * 3, 0, INFINITE)


@pytest.mark.parametrize(
    "needed",
    [
        {"options": "option fixed_cost max_size\no 1 4"},
        {"options": "option min_size max_size\no 1 4"},
        {"options": "option max_size\no 4", "option_effects": "option unit site per_open\no u s 2"},
        {"options": "option max_size\no 4", "indicators": "indicator\ni", "indicator_terms": "indicator kind a coefficient\ni open * 1"},
        {"options": "option max_size\no 4", "limits": "limit sense rhs\nl <= 1", "limit_terms": "limit kind a coefficient\nl open o 1"},
        {"options": "option\no", "option_points": "option point size cost\no p 4 7"},
    ],
    ids=["fixed_cost", "min_size", "per_open", "indicator", "limit", "points"],
)
def test_whatever_needs_a_yes_no_gets_one(needed):
    """R6."""
    arrays = program(world(**needed))
    assert labels(arrays, "open") == {("o", "all")}
    assert arrays.integer.sum() == 1


def test_a_yes_no_holds_the_size_between_its_bounds():
    """R6: 2 · open ≤ size ≤ 8 · open; the charges weigh 3 in stage b; 6 more for open and 0.5 a size from b on."""
    core = world(
        periods=YEARS, **WORKS, options="option period fixed_cost variable_cost min_size max_size\no b 10 1 2 8",
        option_effects="option unit site per_open per_size\no u s 6 0.5",
    )  # fmt: skip
    arrays = program(core)
    size, opened = ("size", "o", "b"), ("open", "o", "b")
    assert column(arrays, *opened) == (30, 0, 1)
    assert column(arrays, *size) == (3, 0, 8)
    assert row(arrays, "size_floor", "o", "b") == ({size: 1, opened: -2}, (0, INFINITE))
    assert row(arrays, "size_ceiling", "o", "b") == ({size: 1, opened: -8}, (-INFINITE, 0))
    assert row(arrays, "capacity", "u", "s", "b1")[0] == {(*MAKE, "b1"): 2, (*MELT, "b1"): 0.5, size: -0.5, opened: -6}
    assert row(arrays, "capacity", "u", "s", "a2")[0] == {(*MAKE, "a2"): 2, (*MELT, "a2"): 0.5}
    assert weight(arrays, "size_floor", "o", "b") == 3


def test_the_charges_of_a_yes_no_run_to_the_horizon():
    """R5: decided in a, 10 and 1 a year for 2 + 3 years."""
    arrays = program(world(periods=YEARS, options="option fixed_cost variable_cost max_size\no 10 1 8"))
    assert column(arrays, "open", "o", "a") == (50, 0, 1)
    assert column(arrays, "size", "o", "a") == (5, 0, 8)
    assert weight(arrays, "size_ceiling", "o", "a") == 2


@pytest.mark.parametrize(("forced", "opened", "size"), [("1", (10, 1, 1), (1, 2, 8)), ("0", (10, 0, 0), (1, 0, 0))])
def test_a_forced_decision_is_no_integer(forced, opened, size):
    arrays = program(world(options=f"option fixed_cost variable_cost min_size max_size forced\no 10 1 2 8 {forced}"))
    assert opened == column(arrays, "open", "o", "all")
    assert size == column(arrays, "size", "o", "all")
    assert not arrays.integer.any()
    assert not arrays.rows


def test_forced_to_nothing_without_a_yes_no():
    arrays = program(world(options="option variable_cost forced\no 1 0"))
    assert column(arrays, "size", "o", "all") == (1, 0, 0)


def test_points_mix_sizes_and_charges():
    """R7: stage b has its own points instead of all the others."""
    core = world(
        periods=YEARS, options="option period\no a\no b",
        option_points="option period point size cost\no * small 2 10\no * big 6 14\no b only 5 7",
    )  # fmt: skip
    arrays = program(core)
    assert labels(arrays, "point") == {("o", "a", "small"), ("o", "a", "big"), ("o", "b", "only")}
    assert column(arrays, "point", "o", "a", "big") == (5 * 14, 0, 1)
    assert column(arrays, "point", "o", "b", "only") == (3 * 7, 0, 1)
    small, big, opened, size = ("point", "o", "a", "small"), ("point", "o", "a", "big"), ("open", "o", "a"), ("size", "o", "a")
    assert row(arrays, "point_choice", "o", "a") == ({small: 1, big: 1, opened: -1}, (0, 0))
    assert row(arrays, "point_size", "o", "a") == ({size: 1, small: -2, big: -6}, (0, 0))
    assert weight(arrays, "point_choice", "o", "a") == weight(arrays, "point_size", "o", "a") == 2


def test_closures_never_exceed_the_least_that_exists():
    """R8: 6 exists in a1, 10 in a2; one row per stage, with 1e-9 of tolerance; what only adds needs none."""
    core = world(
        periods=YEARS, capacity="unit site period amount\nu s a1 6\nu s a2 10\nu s b 9\nv s * 3", options="option max_size\no 20",
        option_effects="option unit site per_size\no u s -1\no v s 1",
    )  # fmt: skip
    arrays = program(core)
    assert labels(arrays, "closure", "rows") == {("u", "s", "a"), ("u", "s", "b")}
    terms, _ = row(arrays, "closure", "u", "s", "a")
    assert terms == {("size", "o", "a"): -1}
    lower = {key[2]: arrays.row_lower[at] for at, (family, key) in enumerate(arrays.rows) if family == "closure"}
    assert lower["a"] == -6 * (1 + 1e-9)
    assert lower["b"] == -9 * (1 + 1e-9)
    assert weight(arrays, "closure", "u", "s", "a") == 2


RUN, BACK = ("running", "u", "s"), ("restart", "u", "s")


def running(rules):
    return program(world(periods=BRANCHES, **WORKS, capacity="unit site amount\nu s 8", units=f"unit {rules[0]}\nu {rules[1]}"))


def test_running_lies_between_use_and_what_lives():
    """R9: use between 0.6 · ½ · running and ½ · running; a restart costs 5 · 4 · 0.2 in dry."""
    arrays = running(("min_load restart_cost", "0.6 5"))
    use = {(*MAKE, "d1"): 2, (*MELT, "d1"): 0.5}
    assert row(arrays, "running_capacity", "u", "s", "d1") == ({(*RUN, "d1"): 1}, (-INFINITE, 8))
    assert row(arrays, "running_use", "u", "s", "d1") == (use | {(*RUN, "d1"): -0.5}, (-INFINITE, 0))
    assert row(arrays, "minimum_load", "u", "s", "d1") == (use | {(*RUN, "d1"): -0.3}, (0, INFINITE))
    assert column(arrays, *BACK, "d1") == (4, 0, INFINITE)
    assert column(arrays, *RUN, "d1") == (0, 0, INFINITE)
    assert not labels(arrays, "capacity", "rows")
    assert not labels(arrays, "restart_limit", "rows")


def test_restarts_are_cyclic_without_an_initial_share():
    """R9: before d1 stands d2, before the only period of wet itself."""
    arrays = running(("min_load", "-"))
    assert row(arrays, "restart_rise", "u", "s", "d1") == ({(*BACK, "d1"): 1, (*RUN, "d1"): -1, (*RUN, "d2"): 1}, (0, INFINITE))
    assert row(arrays, "restart_rise", "u", "s", "w") == ({(*BACK, "w"): 1}, (0, INFINITE))
    assert not labels(arrays, "minimum_load", "rows")


def test_an_initial_share_stands_before_the_first_period_of_every_branch():
    """R9: restart ≥ running − 0.25 · 8 in d1 and w; at most 0.1 a month is brought back: 0.1 · 12 · ½ · 8 in d1."""
    arrays = running(("initial restart_limit", "0.25 0.1"))
    assert row(arrays, "restart_rise", "u", "s", "d1") == ({(*BACK, "d1"): 1, (*RUN, "d1"): -1}, (-2, INFINITE))
    assert row(arrays, "restart_rise", "u", "s", "d2") == ({(*BACK, "d2"): 1, (*RUN, "d2"): -1, (*RUN, "d1"): 1}, (0, INFINITE))
    assert row(arrays, "restart_rise", "u", "s", "w")[1] == (-2, INFINITE)
    assert row(arrays, "restart_limit", "u", "s", "d1") == ({(*BACK, "d1"): 1}, (-INFINITE, 4.8))


def test_what_options_add_lives_and_runs():
    """R9: 0.5 of size lives; a quarter of it runs at first, 1.2 of it may come back in a year."""
    core = world(
        capacity="unit site amount\nu s 8", units="unit site initial restart_limit\nu * 1 -\nu s 0.25 0.1", options="option max_size\no 4",
        option_effects="option unit site per_size\no u s 0.5", **WORKS,
    )  # fmt: skip
    arrays, size = program(core), ("size", "o", "all")
    assert row(arrays, "running_capacity", "u", "s", "all") == ({(*RUN, "all"): 1, size: -0.5}, (-INFINITE, 8))
    assert row(arrays, "restart_rise", "u", "s", "all") == ({(*BACK, "all"): 1, (*RUN, "all"): -1, size: 0.125}, (-2, INFINITE))
    assert row(arrays, "restart_limit", "u", "s", "all") == ({(*BACK, "all"): 1, size: -0.6}, (-INFINITE, 9.6))


def test_a_lane_with_a_charge_is_opened_once_a_year_or_once_a_period():
    """R11: 10 a year in stage a weighs 2 (2 · ¼ + 2 · ¾) and covers a1 and a2; b1's own row costs 5 · 3, of 7 as it stands."""
    core = world(periods=YEARS, lanes="commodity from to period unit_cost fixed_cost max_flow\nx m n * 1 10 8\nx m n b1 1 5 7")
    arrays = program(core)
    once, own = ("lane_open", "x", "m", "n", "", "a"), ("lane_open", "x", "m", "n", "", "b1")
    assert labels(arrays, "lane_open") == {once[1:], own[1:]}
    assert column(arrays, *once) == (20, 0, 1)
    assert column(arrays, *own) == (15, 0, 1)
    flow = ("flow", "x", "m", "n", "")
    assert row(arrays, "lane_charge", "x", "m", "n", "", "a1") == ({(*flow, "a1"): 1, once: -2}, (-INFINITE, 0))
    assert row(arrays, "lane_charge", "x", "m", "n", "", "a2") == ({(*flow, "a2"): 1, once: -6}, (-INFINITE, 0))
    assert row(arrays, "lane_charge", "x", "m", "n", "", "b1") == ({(*flow, "b1"): 1, own: -7}, (-INFINITE, 0))
    assert arrays.integer.sum() == 2


def test_the_charge_of_a_period_is_not_spread_over_its_length():
    """R11: a1 is a quarter of a year of weight 2; its own yes/no costs 5 · 2."""
    arrays = program(world(periods=YEARS, lanes="commodity from to period unit_cost fixed_cost max_flow\nx m n a1 1 5 7"))
    assert column(arrays, "lane_open", "x", "m", "n", "", "a1") == (10, 0, 1)


def test_shortage_fills_what_must_be_served_and_no_more():
    """R12: 8 a year are 2 in a1; segment t has no shortage price, segment o no minimum."""
    core = world(periods=YEARS, demand="commodity site segment min max price shortage_price\nx m s 8 9 1 30\nx m t 4 - 1 -\nx m o - 4 1 30")
    arrays = program(core)
    sale, short = ("sale", "x", "m", "s", "a1"), ("short", "x", "m", "s", "a1")
    assert column(arrays, *short) == (60, 0, 2)
    assert column(arrays, *sale) == (-2, 0, 2.25)
    assert row(arrays, "must_serve", *sale[1:]) == ({sale: 1, short: 1}, (2, INFINITE))
    assert row(arrays, "must_serve", "x", "m", "t", "b1") == ({("sale", "x", "m", "t", "b1"): 1}, (4, INFINITE))
    assert labels(arrays, "must_serve", "rows") == {("x", "m", segment, period) for segment in "st" for period in ("a1", "a2", "b1")}
    assert labels(arrays, "short") == {("x", "m", "s", period) for period in ("a1", "a2", "b1")}


def test_a_single_source_brings_everything_after_losses():
    core = world(
        lanes="commodity from to unit_cost delivered_share mode\nx a m 1 0.8 rail\nx b m 1 1 -\nx m b 1 1 -\ny a m 1 1 -",
        demand="commodity site min max price single_source\nx m 4 4 0 1",
    )  # fmt: skip
    arrays = program(core)
    near, far = ("source", "x", "a", "m", "rail", "all"), ("source", "x", "b", "m", "", "all")
    assert labels(arrays, "source") == {near[1:], far[1:]}
    assert row(arrays, "single_source", "x", "m", "all") == ({near: 1, far: 1}, (1, 1))
    assert row(arrays, "source_flow", *near[1:]) == ({("flow", *near[1:]): 0.8, near: -4}, (0, 0))
    assert row(arrays, "source_flow", *far[1:]) == ({("flow", *far[1:]): 1, far: -4}, (0, 0))


def test_a_basket_sums_what_is_sold_at_its_site():
    """R12: both segments of x, nothing of z, which has no demand row at m; 8 a year are 2 in a1, a1's own row 5."""
    core = world(
        periods=YEARS, demand="commodity site segment max price\nx m s 9 1\nx m t 9 1\ny m - 9 1\nx n - 9 1",
        baskets="basket commodity content\nk x 0.5\nk z 3\nk y 2", basket_demand="basket site period min max\nk m * 8 -\nk m a2 - 5",
    )  # fmt: skip
    arrays = program(core)
    terms = {("sale", "x", "m", "s", "a1"): 0.5, ("sale", "x", "m", "t", "a1"): 0.5, ("sale", "y", "m", "", "a1"): 2}
    assert row(arrays, "basket_floor", "k", "m", "a1") == (terms, (2, INFINITE))
    assert row(arrays, "basket_ceiling", "k", "m", "a2")[1] == (-INFINITE, 5)
    assert labels(arrays, "basket_floor", "rows") == {("k", "m", "a1"), ("k", "m", "b1")}
    assert labels(arrays, "basket_ceiling", "rows") == {("k", "m", "a2")}


EVERYTHING = dict(
    periods=BRANCHES, recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost\nmake s 0",
    capacity_use="technology unit use\nmake u 1", capacity="unit site amount\nu s 8", units="unit\nu", supply="commodity site tier price\nx s t 0",
    lanes="commodity from to mode unit_cost\nx s r rail 0", demand="commodity site segment min price shortage_price\nx s c 1 0 9",
    stocks="commodity site holding_cost\nx s 0", options="option variable_cost max_size\no 0 4", option_effects="option unit site per_size\no u s 0.5",
)  # fmt: skip


def bounded(kind, scope, period="*", **ids):
    """The ceiling of one indicator of one term of 2 × ``kind`` over the whole world."""
    letters = "".join(f" {letter}" for letter in ids)
    cells = "".join(f" {value}" for value in ids.values())
    core = dict(EVERYTHING, indicators=f"indicator scope max\ni {scope} 100", indicator_terms=f"indicator kind period coefficient{letters}\ni {kind} {period} 2{cells}")
    return program(world(**core))


PLACES = {
    "activity": (("make", "s"), 1), "flow": (("x", "s", "r", "rail"), 1), "supply": (("x", "s", "t"), 1), "sale": (("x", "s", "c"), 1),
    "short": (("x", "s", "c"), 1), "stock": (("x", "s"), 0.5), "running": (("u", "s"), 0.5), "restart": (("u", "s"), 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("named", [False, True], ids=["everything", "named"])
def test_terms_count_columns_of_a_branch_in_full(kind, named):
    """R13, R14: levels and rates × the length ½ of d1 and d2, everything else as it stands."""
    ids, factor = PLACES[kind]
    arrays = bounded(kind, "branch", **(dict(zip("abcd", ids, strict=False)) if named else {}))
    terms, bounds = row(arrays, "indicator_ceiling", "i", "y/dry")
    assert terms == {(kind, *ids, "d1"): 2 * factor, (kind, *ids, "d2"): 2 * factor}
    assert bounds == (-INFINITE, 100)
    assert labels(arrays, "indicator_ceiling", "rows") == {("i", "y/dry"), ("i", "y/wet")}


def test_terms_that_match_nothing_are_no_row():
    assert not labels(bounded("supply", "branch", a="x", b="r"), "indicator_ceiling", "rows")


@pytest.mark.parametrize(("scope", "group"), [("horizon", "horizon"), ("stage", "y")])
def test_horizon_and_stage_average_over_branches(scope, group):
    """R14: 2 · 0.2 in dry, 2 · 0.8 in wet, no weights; a term of d1 counts there alone."""
    sums, _ = row(bounded("activity", scope), "indicator_ceiling", "i", group)
    assert sums == {("activity", "make", "s", "d1"): 0.4, ("activity", "make", "s", "d2"): 0.4, ("activity", "make", "s", "w"): 1.6}
    sums, _ = row(bounded("activity", scope, period="d1"), "indicator_ceiling", "i", group)
    assert sums == {("activity", "make", "s", "d1"): 0.4}


def test_a_bound_of_a_period_is_multiplied_by_its_length():
    arrays = bounded("activity", "period")
    assert row(arrays, "indicator_ceiling", "i", "d1") == ({("activity", "make", "s", "d1"): 2}, (-INFINITE, 50))
    assert row(arrays, "indicator_ceiling", "i", "w")[1] == (-INFINITE, 100)


def test_capacity_counts_what_exists_and_what_options_add():
    """R13: 2 · ½ · (8 + 0.5 size) in each dry season, twice in the branch: size + 16 ≤ 100."""
    assert row(bounded("capacity", "branch"), "indicator_ceiling", "i", "y/dry") == ({("size", "o", "y"): 1}, (-INFINITE, 84))
    assert row(bounded("capacity", "horizon"), "indicator_ceiling", "i", "horizon") == ({("size", "o", "y"): 1}, (-INFINITE, 84))


@pytest.mark.parametrize(("scope", "period", "groups"), [
    ("horizon", "*", {"horizon"}), ("stage", "y", {"y"}), ("stage", "d1", {"y"}), ("branch", "*", {"y/dry", "y/wet"}), ("branch", "d1", {"y/dry"}),
    ("period", "y", {"d1", "d2", "w"}), ("period", "d1", {"d1"}),
])  # fmt: skip
def test_a_decision_counts_in_full_wherever_its_stage_is(scope, period, groups):
    """R14: once in horizon and stage; in every period or branch of the stage, or where the period that a term names belongs."""
    arrays = bounded("size", scope, period=period)
    assert {key[1] for key in labels(arrays, "indicator_ceiling", "rows")} == groups
    for group in groups:
        assert row(arrays, "indicator_ceiling", "i", group)[0] == {("size", "o", "y"): 2}


def test_a_price_stands_in_the_cost_of_each_column():
    """R13, R14: 3 · 2 · weight; size with all the stages it lives (4), capacity through it: 0.5 · 3 · 2 · 4, not what exists."""
    def priced(kind):
        core = dict(EVERYTHING, indicators="indicator price scope\ni 3 stage", indicator_terms=f"indicator kind coefficient\ni {kind} 2")
        return program(world(**core))

    assert column(priced("activity"), "activity", "make", "s", "d1") == (6 * 0.8, 0, INFINITE)
    assert column(priced("stock"), "stock", "x", "s", "d1") == (6 * 0.8 * 0.5, 0, INFINITE)
    assert column(priced("size"), "size", "o", "y") == (6 * 4, 0, 4)
    assert column(priced("capacity"), "size", "o", "y") == (6 * 4 * 0.5, 0, 4)


def test_a_price_on_a_decision_is_charged_to_the_horizon():
    """R14: decided in a, 3 · 2 for 2 + 3 years, on open and size alike; the charges themselves are 0."""
    core = world(
        periods=YEARS, options="option max_size\no 4", indicators="indicator price\ni 3",
        indicator_terms="indicator kind a coefficient\ni open o 2\ni size o 2",
    )  # fmt: skip
    arrays = program(core)
    assert column(arrays, "open", "o", "a") == (30, 0, 1)
    assert column(arrays, "size", "o", "a") == (30, 0, 4)


@pytest.mark.parametrize(("scope", "group", "cost", "bounds"), [
    ("horizon", "horizon", 7, (1, 3)), ("stage", "y", 28, (1, 3)), ("branch", "y/dry", 7 * 0.8, (1, 3)), ("period", "d1", 7 * 0.8, (0.5, 1.5)),
])  # fmt: skip
def test_a_violation_costs_with_the_weight_of_its_scope(scope, group, cost, bounds):
    """R14: 1; stage 4; dry 4 · 0.2 · (½ + ½); d1 4 · 0.2."""
    core = dict(EVERYTHING, indicators=f"indicator scope min max relax_price\ni {scope} 1 3 7", indicator_terms="indicator kind coefficient\ni activity 1")
    arrays = program(world(**core))
    low, high = ("excess", "i", group, "min"), ("excess", "i", group, "max")
    for side in (low, high):
        assert (cost, 0, INFINITE) == column(arrays, *side)
    floor, ceiling = row(arrays, "indicator_floor", "i", group), row(arrays, "indicator_ceiling", "i", group)
    assert floor[1] == (bounds[0], INFINITE)
    assert ceiling[1] == (-INFINITE, bounds[1])
    at = arrays.rows.index(("indicator_floor", ("i", group)))
    assert arrays.matrix[[at], [arrays.columns.index((low[0], low[1:]))]] == 1
    assert arrays.matrix[[at + 1], [arrays.columns.index((high[0], high[1:]))]] == -1


def test_a_ratio_enters_as_sum_minus_bound_times_other():
    """R15: sold ÷ capacity ≤ 0.5 in the ratio's own scope: sold − 0.5 · ½ · (8 + 0.5 size) ≤ 0 in d1; no length on the bound."""
    core = dict(
        EVERYTHING, indicators="indicator scope max per\nable horizon 3 -\nuse period 0.5 able",
        indicator_terms="indicator kind coefficient\nable capacity 1\nuse sale 1",
    )  # fmt: skip
    arrays = program(world(**core))
    assert row(arrays, "indicator_ceiling", "use", "d1") == ({("sale", "x", "s", "c", "d1"): 1, ("size", "o", "y"): -0.125}, (-INFINITE, 2))


def test_limits_are_bounds_of_the_horizon():
    core = dict(EVERYTHING, limits="limit sense rhs\nlow >= 1\nhigh <= 2\nsame = 3", limit_terms="limit kind coefficient\nlow activity 1\nhigh activity 1\nsame activity 1")
    arrays = program(world(**core))
    assert row(arrays, "indicator_floor", "low", "horizon")[1] == (1, INFINITE)
    assert row(arrays, "indicator_ceiling", "high", "horizon")[1] == (-INFINITE, 2)
    assert row(arrays, "indicator_floor", "same", "horizon")[1] == (3, INFINITE)
    assert row(arrays, "indicator_ceiling", "same", "horizon")[1] == (-INFINITE, 3)
    assert labels(arrays, "indicator_floor", "rows") == {("low", "horizon"), ("same", "horizon")}


def test_a_limit_on_capacity_counts_what_exists():
    """R13: 0.2 · (½ + ½) · (8 + 0.5 size) in dry, 0.8 · (8 + 0.5 size) in wet: size ÷ 2 ≤ 10 − 8."""
    core = dict(EVERYTHING, limits="limit sense rhs\nl = 10", limit_terms="limit kind coefficient\nl capacity 1")
    arrays = program(world(**core))
    assert row(arrays, "indicator_ceiling", "l", "horizon") == ({("size", "o", "y"): 0.5}, (-INFINITE, 2))
    assert row(arrays, "indicator_floor", "l", "horizon")[1] == (2, INFINITE)


def test_branches_are_told_apart_whatever_their_names():
    r"""Stage a/b with branch c is not stage a with branch b/c."""
    core = world(
        periods="period stage branch weight\np a b/c 1\nq a/b c\\d 1", supply="commodity site price\nx m 1",
        indicators="indicator scope max\ni branch 5", indicator_terms="indicator kind coefficient\ni supply 1",
    )  # fmt: skip
    assert labels(program(core), "indicator_ceiling", "rows") == {("i", "a/b\\/c"), ("i", "a\\/b/c\\\\d")}


def test_the_weight_of_a_row_is_that_of_its_time():
    """R20: weight × probability of a period, the stage weight of yearly rows."""
    arrays = bounded("activity", "stage")
    assert weight(arrays, "balance", "x", "s", "w") == pytest.approx(3.2)
    assert weight(arrays, "indicator_ceiling", "i", "y") == pytest.approx(4)
    assert weight(bounded("activity", "horizon"), "indicator_ceiling", "i", "horizon") == 1
    assert weight(bounded("activity", "period"), "indicator_ceiling", "i", "d1") == pytest.approx(0.8)


def test_every_row_weighs_what_its_time_weighs():
    """R20: rows of a period its weight × probability, rows of a decision or a closure the stage weight."""
    core = dict(
        EVERYTHING, units="unit min_load restart_limit initial\nv 0.5 1 1", capacity="unit site amount\nu s 8\nv s 8",
        capacity_use="technology unit use\nmake u 1\nmake v 1", lanes="commodity from to unit_cost fixed_cost max_flow\nx s r 0 1 9",
        demand="commodity site min max price single_source\nx r 1 1 0 1", baskets="basket commodity content\nk x 1",
        basket_demand="basket site min max\nk r 1 2", commodities="commodity balance\nx exact", option_points="option point size cost\np a 1 1",
        options="option min_size max_size\no 1 4\np - -", option_effects="option unit site per_size\no u s -1",
    )  # fmt: skip
    arrays = program(world(**core))
    periods = {"d1": 0.8, "d2": 0.8, "w": 3.2, "y": 4}
    assert arrays.row_weight == pytest.approx([periods[key[-1]] for _, key in arrays.rows])
    assert {family for family, _ in arrays.rows} == set(ROW_KEYS) - {"balance", "indicator_floor", "indicator_ceiling"}


def test_a_term_of_a_period_of_another_stage_counts_no_decision_of_this_one():
    """R14: o is decided in a; a term of b1 means decisions of b."""
    core = world(
        periods=YEARS, options="option period variable_cost max_size\no a 1 4\no b 1 4", indicators="indicator max\ni 3",
        indicator_terms="indicator kind period coefficient\ni size b1 1",
    )  # fmt: skip
    assert row(program(core), "indicator_ceiling", "i", "horizon")[0] == {("size", "o", "b"): 1}


def test_a_blank_term_names_every_yes_no():
    """R6, R13: a cell left blank means ``*``, also in tables that no reader has filled."""
    core = world(options="option max_size\no 4", indicators="indicator\ni", indicator_terms="indicator kind a coefficient\ni open * 1")
    core["indicator_terms"]["a"] = ""
    assert labels(program(core), "open") == {("o", "all")}


def test_periods_stand_in_their_order():
    """R16: the order counts, not the row; stages follow their first period, so a charge from z on covers both."""
    arrays = program(world(periods="period stage order weight\nb1 b 2 3\nz1 z 1 2", options="option variable_cost\no 10"))
    assert column(arrays, "size", "o", "z") == (50, 0, INFINITE)


@pytest.mark.parametrize(("folder", "optimum"), [(TRNSPORT, 153.675), (MEXSS, 538.8112)], ids=["trnsport", "mexss"])
def test_the_second_formulation_has_the_published_optimum(folder, optimum):
    """Solved as it stands by another road than the engine's; both optima stand in the examples' README with their source."""
    problems = Problems()
    arrays = program(read(folder, problems).tables)
    rows = LinearConstraint(arrays.matrix.tocsc(), arrays.row_lower, arrays.row_upper)
    solved = milp(arrays.cost, constraints=rows, bounds=Bounds(arrays.lower, arrays.upper), integrality=np.asarray(arrays.integer, dtype=int))
    assert not problems.errors
    assert solved.fun == pytest.approx(optimum, rel=1e-7)
