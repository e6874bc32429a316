"""Two-way maps worked out by hand: the answer in each cell, and between which values it switches."""

from __future__ import annotations

import pytest
from study_worlds import carried_out, refused, told
from test_frontier import WORLD

from model.explore.switch_map import _edges

# the works (2 + 1 a unit) is built where the grid costs more than its 3, as much as is needed up to its 5 units
ASKED = """
study = "sweep"
[map]
indicator = "made"
from = {start}
above = 0.5
[[axis]]
name = "price"
title = {{ zh = "电价", en = "grid price" }}
table = "supply"
where = {{ tier = "grid" }}
set = "price"
values = [{prices}]
[[axis]]
name = "largest"
table = "options"
set = "max_size"
values = [0, 2, 5]
"""


def asked(start: float = 0, prices: str = "2, 4, 6") -> str:
    return ASKED.format(start=start, prices=prices)


def test_a_map_by_hand(tmp_path):
    found = carried_out(tmp_path, asked(), **WORLD)
    facts = found.facts["map"]
    assert (facts["x"], facts["y"], facts["value"], facts["unit"]) == ("price", "largest", "made|horizon", "MWh")
    assert (facts["xs"], facts["ys"], facts["x_title"]) == ([2, 4, 6], [0, 2, 5], ["电价", "grid price"])
    assert facts["values"] == [pytest.approx(row) for row in ([0, 0, 0], [0, 2, 2], [0, 5, 5])]
    assert facts["boundary"] == [{"y": 2, "x_low": 2, "x_high": 4, "above": "high"}, {"y": 5, "x_low": 2, "x_high": 4, "above": "high"}]
    cells = found.tables["map"]
    assert list(cells["switched"]) == [False, False, False, False, True, True, False, True, True]
    assert list(zip(cells["x"], cells["y"], strict=True))[:4] == [(2, 0), (4, 0), (6, 0), (2, 2)]
    assert len(found.tables["boundary"]) == 2
    text = told(found)
    assert "map of switch points (Made, less 0 MWh):\n  largest 0: at no grid price" in text
    assert "  largest 5: not yet at grid price 2, from 4 on (at most 5 MWh)" in text
    assert "largest 0:各 电价 下都没有" in told(found, "zh") and "自 4 起有(最多 5 MWh)" in told(found, "zh")


def test_a_starting_value_and_a_switch_that_is_everywhere(tmp_path):
    """Less 2: only 5 units count. Above a price of 3 it is at every price; dear enough cells without a plan are blank."""
    found = carried_out(tmp_path, asked(2, "4, 6"), **WORLD)
    assert found.facts["map"]["values"] == [pytest.approx(row) for row in ([-2, -2], [0, 0], [3, 3])]
    assert "  largest 5: at every grid price (at most 3 MWh)" in told(found) and "各 电价 下都有" in told(found, "zh")
    scarce = {"supply": "commodity site tier price max\npower p grid 4 4"}
    found = carried_out(tmp_path / "b", asked(), **{**WORLD, **scarce})
    assert found.facts["map"]["values"][:2] == [[None] * 3, [None] * 3] and found.facts["map"]["values"][2] == pytest.approx([4, 5, 5])
    assert "  largest 0: no plan" in told(found) and "largest 0:无方案" in told(found, "zh")


def test_edges_fall_rise_and_leap_over_gaps():
    nan = float("nan")
    assert _edges([1, 2, 3, 4], [5, 0, nan, 5], 1) == [{"x_low": 1, "x_high": 2, "above": "low"}, {"x_low": 2, "x_high": 4, "above": "high"}]
    assert _edges([1, 2], [0, 0], 1) == [] and _edges([1], [nan], 1) == []


def test_a_switch_that_ends(tmp_path):
    """What the grid sells falls where the works takes over."""
    text = asked().replace('"made"', '"used"').replace("above = 0.5", "above = 3.5").replace("[0, 2, 5]", "[5, 6]")
    world = {**WORLD, "indicator_terms": WORLD["indicator_terms"].replace("used activity make p - 1\n", "")}
    found = carried_out(tmp_path, text, **world)
    assert found.facts["map"]["boundary"][0] == {"y": 5, "x_low": 2, "x_high": 4, "above": "low"}
    assert "largest 5: up to grid price 2, no longer at 4 (at most 8 MWh)" in told(found) and "自 4 起没有" in told(found, "zh")


@pytest.mark.parametrize(("old", "new", "rule", "column"), [
    ('"made"', '"maed"', "unknown_reference", "map.indicator"),
    ("from = 0", 'group = "y"', "scenario_choice", "map.group"),
    ("from = 0", "form = 0", "scenario_key", "map.form"),
    ("from = 0", 'from = "a"', "scenario_number", "map.from"),
    ('study = "sweep"', 'study = "sweep"\ndesign = "sobol"', "map_axes", "map"),
    ("[map]\n", "map = 3\n[other]\n", "scenario_table", "map"),
])
def test_what_is_wrong_with_the_file(tmp_path, old, new, rule, column):
    assert (rule, column) in refused(tmp_path, asked().replace(old, new), **WORLD)
