"""Plans within a slack of the cheapest, worked out by hand: must-have, optional, either-or, never."""

from __future__ import annotations

import pytest
from study_worlds import carried_out, refused, told

# 8 are needed; works a (2 + 1, at most 5) and b (2.5 + 1, at most 5), the grid 4 gives at most 4, c (9 + 1) is dear
# cheapest: 5 of a, 3 of b: 15 + 10.5 = 25.5
WORLD = {
    "supply": "commodity site tier price max\npower p grid 4 4",
    "recipes": "technology commodity quantity\nmake_a power 1\nmake_b power 1\nmake_c power 1",
    "tech_sites": "technology site variable_cost\nmake_a p 1\nmake_b p 1\nmake_c p 1",
    "capacity_use": "technology unit use\nmake_a works_a 1\nmake_b works_b 1\nmake_c works_c 1",
    "options": "option variable_cost max_size\na 2 5\nb 2.5 5\nc 9 5",
    "option_effects": "option unit site per_size\na works_a p 1\nb works_b p 1\nc works_c p 1",
}


def ranges(found):
    return found.tables["ranges"].set_index("case")


def test_ranges_by_hand(tmp_path):
    """2 more may be spent. a: every unit less costs 0.5 (by b up to 5, then the grid at 1): 2 by b, 1 by the grid: down to 2.

    b: 3 by the grid at 0.5 each: down to 0; up to 5 at 0.5 each. c costs 6.5 more than b: up to 2 / 6.5.
    """
    found = carried_out(tmp_path, 'study = "alternatives"\nmoney = 2\nplans = 0', **WORLD)
    table = ranges(found)
    assert list(table["least"]) == pytest.approx([2, 0, 0])
    assert list(table["largest"]) == pytest.approx([5, 5, 2 / 6.5])
    assert list(table["planned"]) == pytest.approx([5, 3, 0])
    assert list(table["kind"]) == ["must", "optional", "optional"]
    assert "must-have (1):\n  more make_a at p: 2 to 5, 5 in the cheapest plan" in told(found)


def test_without_slack_the_plan_stands(tmp_path):
    """Nothing more may be spent: the only plan is the cheapest, c is never built."""
    found = carried_out(tmp_path, 'study = "alternatives"\nslack = 0\nplans = 0', **WORLD)
    table = ranges(found)
    assert list(table["least"]) == pytest.approx([5, 3, 0]) and list(table["largest"]) == pytest.approx([5, 3, 0])
    assert list(table["kind"]) == ["must", "must", "never"]
    assert "never (1):\n  more make_c at p" in told(found) and "都不建(1 项)" in told(found, "zh")


def test_either_or(tmp_path):
    """5 needed, the grid gives 1: a alone, b alone or both, but not neither. The slack of 3 pays 4 x 0.5 for b instead of a."""
    few = WORLD | {"demand": "commodity site min max price\npower p 5 5 0", "supply": "commodity site tier price max\npower p grid 4 1"}
    found = carried_out(tmp_path, 'study = "alternatives"\nmoney = 3\nplans = 2', **few)
    table = ranges(found)
    assert list(table["least"])[:2] == pytest.approx([0, 0])
    assert found.tables["either_or"].values.tolist() == [["new|works_a|p", "new|works_b|p"]]
    text = told(found)
    assert "more make_a at p or more make_b at p" in text
    assert "another plan 1: without more make_a at p; instead more make_b at p" in text


def test_what_the_grid_can_replace_is_not_either_or(tmp_path):
    """With enough grid and money neither works is needed: both optional, no pair."""
    found = carried_out(tmp_path, 'study = "alternatives"\nmoney = 20\nplans = 0', **WORLD | {"supply": "commodity site tier price max\npower p grid 4 9"})
    assert set(ranges(found)["kind"]) == {"optional"}
    assert len(found.tables["either_or"]) == 0


def test_closures_are_groups_of_their_own(tmp_path):
    """An old works of 4 costs nothing to keep; closing it saves 1.5 a unit and year, and b at 3.5 replaces its 1 at 1 a unit."""
    old = WORLD | {
        "capacity": "unit site amount\nworks_a p 4",
        "options": "option variable_cost max_size\nclose -1 4\nb 2.5 5\nc 9 5",
        "option_effects": "option unit site per_size\nclose works_a p -1\nb works_b p 1\nc works_c p 1",
    }
    found = carried_out(tmp_path, 'study = "alternatives"\nmoney = 0.75\nplans = 0', **old)
    table = ranges(found)
    # 4 by the old works at 1, 4 by b at 3.5 = 18; one unit closed saves 1 + 1 and costs 3.5 by b: 1.5 more, so half a unit
    assert table.loc["closed|works_a|p", "largest"] == pytest.approx(0.5)
    assert "less make_a at p" in told(found)


@pytest.mark.parametrize(("text", "rule", "column"), [
    ('study = "alternatives"\nslack = -1', "scenario_range", "slack"),
    ('study = "alternatives"\nslack = 0.1\nmoney = 3', "scenario_both", "money"),
    ('study = "alternatives"\nplans = 2.5', "scenario_whole", "plans"),
    ('study = "alternatives"\nplans = "three"', "scenario_number", "plans"),
    ('study = "alternatives"\nvalues = [1]', "scenario_key", "values"),
])
def test_what_is_wrong_with_the_file(tmp_path, text, rule, column):
    assert (rule, column) in refused(tmp_path, text, **WORLD)


def test_yes_no_decisions_are_refused(tmp_path):
    yes = WORLD | {"options": "option fixed_cost variable_cost max_size\na 1 2 5\nb 1 2.5 5\nc 1 9 5"}
    assert ("study_needs_linear", "scenario") in refused(tmp_path, 'study = "alternatives"', **yes)


def test_long_lists_are_cut(tmp_path):
    """Fifteen dear works beside a and b: 2 + 15 are optional, those in the plan and others up to twelve are told."""
    many = [f"d{number:02}" for number in range(15)]
    more = {
        "recipes": "".join(f"\nmake_{name} power 1" for name in many), "tech_sites": "".join(f"\nmake_{name} p 1" for name in many),
        "capacity_use": "".join(f"\nmake_{name} works_{name} 1" for name in many), "options": "".join(f"\n{name} 9 5" for name in many),
        "option_effects": "".join(f"\n{name} works_{name} p 1" for name in many),
    }
    found = carried_out(tmp_path, 'study = "alternatives"\nmoney = 20\nplans = 1', **WORLD | {name: WORLD[name] + rows for name, rows in more.items()})
    text = told(found)
    assert f"optional ({len(ranges(found))}):" in text and f"{len(ranges(found)) - 12} more in ranges.csv" in text
