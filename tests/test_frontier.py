"""Frontiers of cost against an indicator, worked out by hand: ceilings, floors, ratios, soft targets, slopes as prices."""

from __future__ import annotations

import pytest
from study_worlds import carried_out, refused, told

from model.expand.rows import records
from model.explore.frontier import Bound, differences
from model.tables import frame

# the plant (5 at 3) emits 2 a unit, the grid (4) 1, the sun (10, at most 4) none: 27 and 13. Down to 8 the grid replaces the plant
# (1 per unit of carbon), down to 4 the sun the grid (6 per unit)
WORLD = {
    "supply": "commodity site tier price max\npower p grid 4 100\npower p sun 10 4",
    "indicators": "indicator name_en unit scope per min relax_price\ncarbon Carbon t horizon - - -\nmade Made MWh horizon - - -\n"
                  "used Used MWh horizon - - -\nshare Share - horizon used 0.9 0\nown Own - horizon made - -",
    "indicator_terms": "indicator kind a b c coefficient\ncarbon activity make p - 2\ncarbon supply power p grid 1\nmade activity make p - 1\n"
                       "used activity make p - 1\nused supply power p * 1\nshare activity make p - 1\nown activity make p - 1",
}
CARBON = 'study = "frontier"\nindicator = "carbon"\n'


def test_from_the_plan_to_the_best_by_hand(tmp_path):
    """13 in the plan, 4 at best; at 10 three units of the plant have gone to the grid: 30; at 7 all 5 and 1 to the sun: 32 + 6."""
    found = carried_out(tmp_path, f"{CARBON}points = 3", **WORLD)
    table = found.tables["points"]
    assert list(table["bound"]) == pytest.approx([10, 7, 4], rel=1e-5)
    assert list(table["value"]) == pytest.approx([10, 7, 4], rel=1e-5)
    assert list(table["extra_cost"]) == pytest.approx([3, 11, 29], rel=1e-5)
    assert list(table["price"]) == pytest.approx([1, 6, 6])
    assert list(table["warm"]) == [True, True, True]


def test_slopes_bracket_what_lies_between(tmp_path):
    """Over all corners: 13 to 4 in twelve steps, mean slopes between the prices of their ends."""
    table = carried_out(tmp_path, f"{CARBON}points = 12", **WORLD).tables["points"]
    for before, after in zip(table.to_dict("records"), table.to_dict("records")[1:], strict=False):
        slope = (after["cost"] - before["cost"]) / (before["bound"] - after["bound"])
        assert before["price"] - 1e-6 <= slope <= after["price"] + 1e-6


def test_what_it_says(tmp_path):
    """At 10 the plant makes 2 of its 5: 3 less than in the base."""
    found = carried_out(tmp_path, f"{CARBON}values = [14, 10, 3]", **WORLD)
    text = told(found)
    assert "plan of the base: Carbon 13 t, 27.0" in text
    assert "Carbon at most 14 t: costs 0.0 more; one unit tighter costs 0; built against the base: the same" in text
    assert "Carbon at most 10 t: costs 3.0 more; one unit tighter costs 1; built against the base: plant -3" in text
    assert "Carbon at most 3 t: no plan (" in text
    assert "再收紧一个单位要 1" in told(found, "zh")
    assert list(found.tables["points"]["status"]) == ["solved", "solved", "infeasible"]


def test_a_floor(tmp_path):
    """At most 5 can be made; the base makes all of it, so a floor costs nothing; without a reason to build it costs 1 a unit."""
    text = 'study = "frontier"\nindicator = "made"\nbound = "min"\npoints = 2'
    dear = WORLD | {"options": "option variable_cost max_size\nplant 4 5"}
    table = carried_out(tmp_path, text, **dear).tables["points"]
    assert list(table["bound"]) == pytest.approx([2.5, 5], rel=1e-5)
    assert list(table["extra_cost"]) == pytest.approx([2.5, 5], rel=1e-5)
    assert list(table["price"]) == pytest.approx([1, 1])


def test_a_soft_ratio_becomes_hard_and_its_price_is_per_unit_of_the_ratio(tmp_path):
    """Share of the plant in 8: at least 0.5 costs nothing where the plan has 0.625, at dear plants 4 units at 1: slope 8 per unit of share."""
    text = 'study = "frontier"\nindicator = "share"\nbound = "min"\nvalues = [0.25, 0.5, 0.75]'
    dear = WORLD | {"options": "option variable_cost max_size\nplant 4 5"}
    found = carried_out(tmp_path, text, **dear)
    table = found.tables["points"]
    assert list(table["status"]) == ["solved", "solved", "infeasible"]
    assert list(table["extra_cost"][:2]) == pytest.approx([2, 4])
    assert list(table["price"][:2]) == pytest.approx([8, 8])
    assert not table["warm"][:2].any()
    ceiling = carried_out(tmp_path / "b", text.replace('"min"', '"max"').replace("[0.25, 0.5, 0.75]", "[0.5]"), **WORLD).tables["points"]
    assert (ceiling["extra_cost"][0], ceiling["price"][0]) == (pytest.approx(1), pytest.approx(8))


def test_a_bound_leaves_other_indicators_and_drops_the_soft_side():
    core = {"indicators": frame("indicators", [{"indicator": "a", "min": 3.0, "relax_price": 0.0}, {"indicator": "b", "min": 1.0, "relax_price": 2.0}])}
    rows = list(records(Bound("a", "max").at(7.0)(core), "indicators"))
    assert (rows[0]["max"], str(rows[0]["min"]), str(rows[0]["relax_price"])) == (7.0, "nan", "nan")
    assert (rows[1]["min"], rows[1]["relax_price"], str(rows[1]["max"])) == (1.0, 2.0, "nan")
    assert core["indicators"]["min"].tolist() == [3.0, 1.0]
    hard = {"indicators": frame("indicators", [{"indicator": "a", "min": 3.0}])}
    assert Bound("a", "max").at(7.0)(hard)["indicators"]["min"].tolist() == [3.0]


def test_differences_are_signed():
    assert differences({"a|y": 1.0, "b|y": 2.0}, {"b|y": 2.0, "c|y": 3.0}) == {"a|y": -1.0, "c|y": 3.0}


@pytest.mark.parametrize(("text", "rule", "column"), [
    ('study = "frontier"\nindicator = "carbn"', "unknown_reference", "indicator"),
    (f'{CARBON}bound = "upper"', "scenario_choice", "bound"),
    (f"{CARBON}points = 0", "scenario_range", "points"),
    (f'{CARBON}values = ["a"]', "scenario_number", "values"),
    (f"{CARBON}values = 3", "scenario_list", "values"),
    (f"{CARBON}values = []", "scenario_list", "values"),
    (f"{CARBON}points = 2.5", "scenario_whole", "points"),
    (f"{CARBON}values = [3]\npoints = 2", "scenario_both", "points"),
    ('study = "frontier"\nindicator = "share"', "scenario_list", "values"),
    (f"{CARBON}axis = 3", "scenario_key", "axis"),
])
def test_what_is_wrong_with_the_file(tmp_path, text, rule, column):
    assert (rule, column) in refused(tmp_path, text, **WORLD)


def test_yes_no_decisions_and_ratios_are_said_to_be_such(tmp_path):
    """A plant with a fixed charge of 1: 28 and 13; at 10 of carbon 3 units move to the grid as before."""
    found = carried_out(tmp_path, f"{CARBON}values = [10]", **WORLD | {"options": "option fixed_cost variable_cost max_size\nplant 1 2 5"})
    assert found.tables["points"]["extra_cost"][0] == pytest.approx(3)
    assert "given the yes/no decisions of that point" in told(found)
    ratio = carried_out(tmp_path / "b", 'study = "frontier"\nindicator = "share"\nvalues = [0.5]', **WORLD)
    assert "per unit of the ratio" in told(ratio) and "mean slope" not in told(ratio)
