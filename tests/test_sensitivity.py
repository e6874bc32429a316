"""Tornado over inputs at the ends of their own ranges, worked out by hand."""

from __future__ import annotations

import pytest
from study_worlds import carried_out, refused, told
from test_outage_study import ROADS

from model.explore.sensitivity import Input, inputs, outcome
from model.tables import frame

# 8 over 10 km: 8 x (1 + 1) = 16; at 50 yuan per tonne and km 8 x 1.5 = 12, at 200 8 x 3 = 24; nothing changes from road to rail
WORLD = ROADS | {
    "freight_rates": "class mode per_km vat_rate per_km_low per_km_high grade\nbulk road 100 0 50 200 C",
    "transfers": "mode other cost low high grade\nroad rail 18 12 30 D",
}


def test_a_tornado_by_hand(tmp_path):
    found = carried_out(tmp_path, 'study = "sensitivity"', **WORLD)
    table = found.tables["tornado"]
    assert list(table["table"]) == ["freight_rates", "transfers"]
    assert list(table["swing"]) == pytest.approx([12, 0])
    assert list(table.loc[0, ["cost_low", "cost_high", "low", "high", "value"]]) == pytest.approx([12, 24, 50, 200, 100])
    assert list(table["grade"]) == ["C", "D"]
    text = told(found)
    assert "of 2 inputs, each at both ends of its range, 1 move the cost" in text
    assert "(freight_rates.per_km) [C]: -4.0 at 50, +8.0 at 200" in text
    assert "transfers" not in text and "200 时 +8.0" in told(found, "zh")


def test_inputs_are_picked_by_grade_and_row(tmp_path):
    by_grade = carried_out(tmp_path, 'study = "sensitivity"\ngrades = ["D"]', **WORLD)
    assert list(by_grade.tables["tornado"]["table"]) == ["transfers"]
    picked = 'study = "sensitivity"\n[[input]]\ntable = "freight_rates"\nwhere = { mode = "road" }'
    assert list(carried_out(tmp_path / "b", picked, **WORLD).tables["tornado"]["table"]) == ["freight_rates"]
    none = picked.replace('"road"', '"rail"')
    assert refused(tmp_path / "c", none, **WORLD) == [("inputs_without_range", "input[1]")]
    assert refused(tmp_path / "d", f'{none}\n[[input]]\ntable = "freight_rates"', **WORLD) == [("inputs_without_range", "input[1]")]
    assert refused(tmp_path / "e", 'study = "sensitivity"\ngrades = ["A"]', **WORLD) == [("inputs_without_range", "input")]


def test_an_end_without_a_plan_is_told():
    """It is a row with its reason and without a swing, below those that have one."""
    steady, broken = (Input(key, (key, key), "t", "c", {}, 2.0, 1.0, 3.0, "D") for key in ("steady", "broken"))
    solved = {"status": "solved", "reason_zh": "", "reason_en": ""}
    rows = {f"{key}|{end}": {"name_zh": key, "name_en": key, **solved, "cost": cost} for key, end, cost in (
        ("steady", "low", 9.0), ("steady", "high", 13.0), ("broken", "high", 20.0))}
    rows["broken|low"] = {"name_zh": "broken", "name_en": "broken", "status": "infeasible", "reason_zh": "不够", "reason_en": "not enough"}
    found = outcome([broken, steady], rows, 10.0, ("", ""))
    table = found.tables["tornado"]
    assert list(table["input"]) == ["steady", "broken"] and table["swing"][0] == pytest.approx(4)
    assert (table["status"][1], str(table["swing"][1]), table["cost_high"][1]) == ("infeasible", "nan", 20.0)
    assert "broken: no plan (not enough)" in told(found)


def test_ranges_of_other_tables_and_twins():
    """A range may stand in a table of its own; a range without width, without an end or in one of two equal rows is none."""
    book = {"labour": 100.0, "maintenance": 1.0, "other_variable": 1.0, "overhead": 1.0, "fixed_cost": 1.0, "capex": 5.0, "life": 20.0, "depreciation": 1.0, "finance": 1.0}
    tables = {
        "technologies": frame("technologies", [{"technology": "cast", "stage": "casting", "unit": "c", "name_en": "Casting", "capex_low": 4.0, "capex_high": 9.0, **book}]),
        "technology_cost_ranges": frame("technology_cost_ranges", [
            {"technology": "cast", "cost": "labour", "vat": "excl", "low": 80.0, "high": 120.0, "grade": "D"},
            {"technology": "roll", "cost": "labour", "vat": "excl", "low": 80.0, "high": 120.0},
        ]),
        "transfers": frame("transfers", [
            {"mode": "road", "other": "rail", "cost": 5.0, "low": 4.0, "high": 6.0}, {"mode": "road", "other": "rail", "cost": 7.0, "low": 4.0, "high": 9.0},
            {"mode": "road", "other": "water", "cost": 5.0, "low": 5.0, "high": 5.0}, {"mode": "rail", "other": "water", "cost": 5.0, "low": 4.0},
        ]),
    }
    found = {each.key: each for each in inputs(tables)}
    assert set(found) == {"technologies|technology=cast|capex", "technologies|technology=cast|labour"}
    labour = found["technologies|technology=cast|labour"]
    assert (labour.value, labour.low, labour.high, labour.grade) == (100, 80, 120, "D")
    assert labour.name[1] == "Casting (technologies.labour)"
    change = labour.at("high").changes[0]
    assert (change.table, dict(change.where), dict(change.values)) == ("technologies", {"technology": ("cast",)}, {"labour": 120})


@pytest.mark.parametrize(("text", "rule", "column"), [
    ('study = "sensitivity"\ngrades = "D"', "scenario_list", "grades"),
    ('study = "sensitivity"\ngrades = ["D", "E"]', "scenario_choice", "grades"),
    ('study = "sensitivity"\n[[input]]\ntable = "prises"', "scenario_unknown_table", "input[1].table"),
    ('study = "sensitivity"\n[[input]]\ntable = "prices"\nwhere = { yeer = "2025" }', "scenario_key", "input[1].where.yeer"),
    ('study = "sensitivity"\n[[input]]\ntable = "prices"\nset = { low = 1 }', "scenario_key", "input[1].set"),
])
def test_what_is_wrong_with_the_file(tmp_path, text, rule, column):
    assert (rule, column) in refused(tmp_path, text, **WORLD)
