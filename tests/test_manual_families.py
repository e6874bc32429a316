"""What the manual says of columns, their bounds and the objective is what the Case makes of tables in which everything happens."""

from __future__ import annotations

import math

import pytest
from worlds import case_of, world

from model.case import COLUMN_KEYS
from model.manual.families import FAMILIES, WEIGHTS
from model.schema import ALL_TABLES

# stages y1 (2 years) and y2 (4), branches dry (1/4) and wet (3/4), y1 in halves
YEARS = {"y1": 2.0, "y2": 4.0}
PERIODS = {"d1": ("y1", 0.5, 2, 0.25), "d2": ("y1", 0.5, 2, 0.25), "w1": ("y1", 0.5, 2, 0.75), "w2": ("y1", 0.5, 2, 0.75), "d": ("y2", 1, 4, 0.25), "w": ("y2", 1, 4, 0.75)}
EVERYTHING = world(
    periods="period stage branch length weight probability\nd1 y1 dry 0.5 2 0.25\nd2 y1 dry 0.5 2 0.25\nw1 y1 wet 0.5 2 0.75\nw2 y1 wet 0.5 2 0.75\nd y2 dry 1 4 0.25\nw y2 wet 1 4 0.75",
    recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost min_activity max_activity\nmake p 3 2 40",
    capacity_use="technology unit use\nmake oven 1", units="unit restart_cost\noven 7",
    lanes="commodity from to mode period unit_cost fixed_cost max_flow\nx p m rail * 5 11 30\nx p m rail d2 5 11 30", supply="commodity site price min max\nx p 13 1 50",
    demand="commodity site min max price shortage_price single_source segment\nx m 4 4 17 - 1 -\nx p 2 9 17 19 0 -",
    stocks="commodity site capacity holding_cost\nx p 6 23", options="option period fixed_cost variable_cost max_size\nbuild y1 29 31 8\nbuild y2 29 31 8\nmix y2 - - -",
    option_points="option point size cost\nmix one 4 37", option_effects="option unit site per_size\nbuild oven p 1\nmix oven p 1",
    indicators="indicator max scope relax_price\nall 90 horizon 41\nyear 90 stage 41\nfuture 90 branch 41\nnow 90 period 41",
    indicator_terms="indicator kind a coefficient\nall activity make 1\nyear activity make 1\nfuture activity make 1\nnow activity make 1",
)
PRICES = {"activity": 3, "flow": 5, "restart": 7, "lane_open": 11, "supply": 13, "sale": -17, "short": 19, "stock": 23, "open": 29, "size": 31, "point": 37, "excess": 41, "running": 0, "source": 0}


def weight_of(family: str, row: dict[str, str]) -> float:
    """What the page says one unit of money of this column weighs."""
    def moment(period: str) -> float:
        _, _, weight, probability = PERIODS[period]
        return weight * probability

    charge = {**YEARS, **{period: moment(period) for period in PERIODS}, "horizon": 1.0, "y1/dry": 0.5, "y1/wet": 1.5, "y2/dry": 1.0, "y2/wet": 3.0}
    remaining = {"y1": 6.0, "y2": 4.0}
    return {
        "period": lambda: moment(row["period"]), "length": lambda: moment(row["period"]) * PERIODS[row["period"]][1],
        "remaining": lambda: remaining[row["stage"]], "charge": lambda: charge[row["when"]], "scope": lambda: charge[row["group"]],
    }[FAMILIES[family].weight]()


@pytest.mark.parametrize("family", COLUMN_KEYS)
def test_the_objective_of_the_page_is_that_of_the_program(family):
    rows = case_of(EVERYTHING).columns[family].to_dict("records")
    told = FAMILIES[family]
    assert rows
    for row in rows:
        price = 0.0 if row.get("option") == "mix" and family != "point" else PRICES[family]
        assert row["unit_price"] == price
        assert row["cost"] == pytest.approx(price * weight_of(family, row) if told.price else 0.0)
    assert (told.weight == "none") == (not told.price) and told.weight in WEIGHTS
    assert (told.sign == "−") == (PRICES[family] < 0)


@pytest.mark.parametrize(("family", "bounds"), {
    "activity": {(1, 20), (2, 40)}, "flow": {(0, math.inf)}, "supply": {(0.5, 25), (1, 50)}, "sale": {(0, 2), (0, 4), (0, 4.5), (0, 9)}, "short": {(0, 1), (0, 2)},
    "stock": {(0, 6)}, "running": {(0, math.inf)}, "restart": {(0, math.inf)}, "open": {(0, 1)}, "size": {(0, math.inf)}, "point": {(0, 1)},
    "lane_open": {(0, 1)}, "source": {(0, 1)}, "excess": {(0, math.inf)},
}.items())
def test_bounds_are_those_of_the_table_that_the_page_names(family, bounds):
    """Half a year has half of a yearly amount; a charged lane and an option with a yes/no are bounded by their rows."""
    rows = case_of(EVERYTHING).columns[family]
    assert set(zip(rows["lower"], rows["upper"], strict=True)) == bounds
    told = FAMILIES[family]
    for name in (told.lower, told.upper, told.price):
        assert name in ("", "0", "1", "∞") or name in ALL_TABLES[told.table].by_name
