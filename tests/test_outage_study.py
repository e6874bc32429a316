"""Outages ranked, worked out by hand: parks and units for a year or some months, new capacity, corridors, events."""

from __future__ import annotations

import math

import pytest
from study_worlds import carried_out, refused, told

from model.problems import Refusal

# p makes 5, q makes 4 at 1 and ships at 0.5; at p 8 must be served (a missing unit costs 20) and up to 10 sell at 3; a new works
# of 2 at q costs 0.5 a unit and year. The plan: 5 + 4 and 1 more: 5 x 1 + 5 x 1.5 + 0.5 - 30 = -17
WORLD = {
    "supply": "commodity site price max\nspare p 1 1",
    "demand": "commodity site min max price shortage_price\npower p 8 10 3 20",
    "tech_sites": "technology site variable_cost\nmake p 1\nmake q 1",
    "capacity": "unit site amount\nworks p 5\nworks q 4",
    "lanes": "commodity from to unit_cost\npower q p 0.5",
    "options": "option variable_cost max_size\nnew 0.5 2",
    "option_effects": "option unit site per_size\nnew works q 1",
}
HALVES = WORLD | {"periods": "period stage length\na y 0.5\nb y 0.5"}


def ranking(found):
    return found.tables["losses"].set_index("case")


def test_parks_by_hand(tmp_path):
    """Without p: q makes 5, 3 are missing: 7.5 + 0.5 + 60 - 15 = 53. Without q, the new works lost too: 5 + 0.5 + 60 - 15 = 50.5.

    10 were sold and 5 are: 3 of those are missing, 2 are sales lost.
    """
    found = carried_out(tmp_path, 'study = "outages"\nparks = true', **WORLD)
    table = ranking(found)
    assert list(table.index) == ["park|p", "park|q"]
    assert list(table["extra_cost"]) == pytest.approx([70, 67.5])
    assert list(table["unserved"]) == pytest.approx([3, 3])
    assert list(table["sales_lost"]) == pytest.approx([2, 2])
    assert "p: costs 70.0 more; unserved power 3, sales lost power 2" in told(found)
    assert "p:多花 70.0" in told(found, "zh") and "一整年" in told(found, "zh")


def test_units_are_named_by_pattern(tmp_path):
    found = carried_out(tmp_path, 'study = "outages"\nunits = ["wor*"]', **WORLD)
    assert list(ranking(found).index) == ["unit|works|p", "unit|works|q"]
    assert list(found.tables["losses"]["extra_cost"]) == pytest.approx([70, 67.5])


def test_parks_are_chosen_by_any_name(tmp_path):
    """Only q of p and q: 67.5 as above; each is asked once however it is called."""
    sites = {"sites": "site kind name_zh name_en\np park 甲园 First\nq park 乙园 Second"}
    found = carried_out(tmp_path / "one", 'study = "outages"\nparks = ["乙园", "second", "q"]', **WORLD | sites)
    assert list(ranking(found).index) == ["park|q"]
    assert found.tables["losses"]["extra_cost"].iloc[0] == pytest.approx(67.5)
    found = carried_out(tmp_path / "two", 'study = "outages"\nparks = ["q", "p"]', **WORLD | sites)
    assert set(ranking(found).index) == {"park|p", "park|q"}


def test_unknown_parks_and_units_are_told_together_with_the_nearest(tmp_path):
    sites = {"sites": "site kind name_zh name_en\np park 甲园 First\nq park 乙园 Second\nr park 丙园 Empty"}
    with pytest.raises(Refusal) as stopped:
        carried_out(tmp_path, 'study = "outages"\nparks = ["Secnd", "丙园"]\nunits = ["wroks", "wor*"]', **WORLD | sites)
    assert [(each.row, each.column, each.rule, each.suggestion) for each in stopped.value.problems] == [
        (2, "parks", "outage_empty", ""), (2, "parks", "unknown_in_term", "q"), (3, "units", "unknown_in_term", "works"),
    ]
    assert "nothing stands or is built at '丙园'" in stopped.value.problems[0].text("en")
    assert "停不了" in stopped.value.problems[0].text("zh")


@pytest.mark.parametrize("parks", ["1", "[]", "[1]", '"p"'])
def test_parks_are_true_or_a_list_of_names(tmp_path, parks):
    assert refused(tmp_path, f'study = "outages"\nparks = {parks}', **WORLD) == [("scenario_choice", "parks")]


def test_months_alone(tmp_path):
    """q lost in b: half a year as planned, (-17 - 0.5) / 2 = -8.75; in b 2.5 sold, 1.5 missing: 2.5 + 30 - 7.5 = 25; 0.5 for the works."""
    found = carried_out(tmp_path, 'study = "outages"\nparks = true\nmonths = ["b"]', **HALVES)
    assert ranking(found).loc["park|q", "extra_cost"] == pytest.approx(-8.75 + 25 + 0.5 + 17)
    assert ranking(found).loc["park|q", "unserved"] == pytest.approx(1.5)
    assert "lost in b" in told(found)
    assert refused(tmp_path / "c", 'study = "outages"\nparks = true\nmonths = ["c"]', **HALVES) == [("said", "")]


def test_what_allows_no_plan_comes_first(tmp_path):
    """Nothing may be missing: without p or q there is no plan. If only 4 must be served, 10 still sell."""
    text = 'study = "outages"\nparks = true\n[[case]]\nname = "calm"\nchange = [{ table = "demand", set = { min = 4 } }]'
    found = carried_out(tmp_path, text, **WORLD | {"demand": "commodity site min max price\npower p 8 10 3"})
    table = ranking(found)
    assert list(table["status"]) == ["infeasible", "infeasible", "solved"]
    assert table.loc["event|calm", "extra_cost"] == pytest.approx(0)
    assert math.isnan(table.loc["park|p", "extra_cost"])
    assert "calm: costs nothing" in told(found) and "  p: no plan (" in told(found)


def test_investments_stay(tmp_path):
    """A works at p that fails cannot be replaced by a larger new one: 2 could be built at q, 1 was."""
    found = carried_out(tmp_path, 'study = "outages"\nunits = ["works"]', **WORLD | {"capacity": "unit site amount\nworks p 5\nworks q 4"})
    goods = found.tables["goods"].set_index(["case", "commodity"])
    assert goods.loc[("unit|works|p", "power"), "unserved"] == pytest.approx(3)


# one direct road of 10 km and a way round of 30: at 100 yuan per tonne and km 1 and 3 million yuan per kt
ROADS = {
    "sites": "site kind\np park\nt market",
    "supply": "commodity site price max\nspare p 1 1",
    "demand": "commodity site min max price\npower t 8 8 0",
    "tech_sites": "technology site variable_cost\nmake p 1",
    "capacity": "unit site amount\nworks p 10",
    "options": "option variable_cost max_size\nnew 5 1",
    "option_effects": "option unit site per_size\nnew works p 1",
    "corridor_nodes": "node lat lon\np 1 1\nh 1 2\nt 2 2",
    "corridor_edges": "edge from to mode kilometres default_on\ndirect p t road 10 1\nfirst p h road 10 1\nsecond h t road 20 1",
    "access": "site node kilometres\np p 0\nt t 0",
    "freight_classes": "commodity class\npower bulk",
    "freight_rates": "class mode per_km vat_rate\nbulk road 100 0",
}


def test_a_corridor_is_found_again(tmp_path):
    """8 x (1 + 1) = 16 on the direct road, 8 x (1 + 3) = 32 round by the hub; the edges of the way round carry nothing."""
    found = carried_out(tmp_path, 'study = "outages"\ncorridors = 0', **ROADS)
    table = ranking(found)
    assert list(table.index) == ["corridor|direct"]
    assert table["extra_cost"].iloc[0] == pytest.approx(16)
    assert table["used"].iloc[0] == pytest.approx(8)
    assert "p – t (road): costs 16.0 million yuan more; nothing unserved, no sales lost" in told(found)
    assert len(carried_out(tmp_path / "b", 'study = "outages"\ncorridors = 9', **ROADS).tables["losses"]) == 0


@pytest.mark.parametrize(("text", "rule", "column"), [
    ('study = "outages"\nparks = "all"', "scenario_choice", "parks"),
    ('study = "outages"\ncorridors = -1', "scenario_range", "corridors"),
    ('study = "outages"\nunits = "works"', "scenario_list", "units"),
    ('study = "outages"\nmonths = ["b"]', "study_nothing", "parks"),
    ('study = "outages"\nparks = false\nunits = []', "study_nothing", "parks"),
    ('study = "outages"\n[[case]]\nname = "a"\nlock = [{ site = "p", state = "excluded" }]', "scenario_key", "case[1].lock"),
    ('study = "outages"\naxis = 1', "scenario_key", "axis"),
])
def test_what_is_wrong_with_the_file(tmp_path, text, rule, column):
    assert (rule, column) in refused(tmp_path, text, **WORLD)
