"""Choices that flip along the one axis of a sweep, worked out by hand: the plant is worth 3 a unit, the grid costs what the axis says."""

from __future__ import annotations

import pytest
from study_worlds import carried_out, told

from model.explore.flips import COLUMNS, TOLD, flips, sentences
from model.explore.study_file import Variant
from model.explore.sweep_axes import Axis, Point
from model.scenario.records import Spot


def axis(values: str, column: str = "price", table: str = "supply", where: str = 'where = { tier = "grid" }\n') -> str:
    head = f'study = "sweep"\n[[axis]]\nname = "x"\ntitle = {{ zh = "电价", en = "grid price" }}\ntable = "{table}"\n{where}'
    return f'{head}set = "{column}"\nvalues = {values}'


def lines(found, language="en"):
    said = told(found, language).splitlines()
    start = next(place for place, line in enumerate(said) if "flip along" in line or "flips along" in line or "翻转" in line)
    return said[start:-1]  # the last line is about the proof


def test_the_plant_comes_between_two_prices(tmp_path):
    """At 2 nobody builds, from 4 on all 5; the values of the axis stand in no order."""
    found = carried_out(tmp_path, axis("[6, 2, 4]"))
    assert found.tables["flips"].to_dict("records") == [
        {"option": "plant", "stage": "all", "name_zh": "plant", "name_en": "plant", "low": 2.0, "high": 4.0, "comes": True, "size": pytest.approx(5)},
    ]
    assert lines(found) == ["choices that flip along grid price:", "  plant: not yet at 2, from 4 on (size 5)"]
    assert lines(found, "zh") == ["沿电价翻转的选择:", "  plant:2 时没有,自 4 起有(规模 5)"]


def test_the_plant_goes_where_it_gets_too_dear(tmp_path):
    """At 1 + 1 a unit it beats the grid at 4, at 3.5 + 1 it does not."""
    found = carried_out(tmp_path, axis("[1, 3.5]", "variable_cost", "options", ""))
    assert lines(found) == ["choices that flip along grid price:", "  plant: up to 1 (size 5), no longer at 3.5"]
    assert lines(found, "zh")[1] == "  plant:1 及以下有(规模 5),3.5 时不再有"


def test_nothing_flips(tmp_path):
    found = carried_out(tmp_path, axis("[5, 6]"))
    assert lines(found) == ["no choice flips along grid price: the same is built at every value, if not in the same size"]
    assert list(found.tables["flips"].columns) == list(COLUMNS) and not len(found.tables["flips"])


def test_two_axes_have_no_flips(tmp_path):
    more = '\n[[axis]]\nname = "need"\ntable = "demand"\nset = ["min", "max"]\nvalues = [8, 12]'
    assert "flips" not in carried_out(tmp_path, axis("[2, 4]") + more).tables


def drawn(*built: dict[str, float] | None):
    """The flips of cases at 1, 2, 3 …; None: no plan."""
    mine = Axis("x", ("价", "price"), "", (), 0.0, 1.0, {}, Spot("", 0))
    cases = [Point(Variant("", ("", "")), {"x": float(place)}) for place in range(1, len(built) + 1)]
    rows = [{"status": "infeasible"} if sizes is None else {"status": "solved", "built": sizes} for sizes in built]
    return mine, flips(mine, cases, rows, {"a": ("甲", "A")})


def test_a_case_without_a_plan_is_stepped_over_and_rounding_is_nothing():
    """b is there at 1 as rounding only; a goes between 1 and 3 and comes back at 4; a closure counts by its size."""
    _, table = drawn({"a|y1": 2.0, "b|y1": 5e-4}, None, {"b|y1": 7.0}, {"b|y1": 7.0, "a|y1": 3.0})
    assert [(row.option, row.low, row.high, row.comes, row.size) for row in table.itertuples()] == [
        ("b", 1, 3, True, 7.0), ("a", 3, 4, True, 3.0), ("a", 1, 3, False, 2.0),
    ]


def test_years_are_named_where_there_are_several_and_a_long_list_is_cut():
    mine, table = drawn({}, {f"o{number}|y{number % 2}": float(number) for number in range(1, TOLD + 4)})
    said = sentences(mine, table, table["stage"])
    assert said[1] == ("  o15(y1):1 时没有,自 2 起有(规模 15)", "  o15 (y1): not yet at 1, from 2 on (size 15)")
    assert len(said) == 1 + TOLD + 1 and said[-1] == ("  另有 3 项,见表 flips", "  and 3 more in the table flips")


def test_asked_indicators_have_their_unit_in_words_and_go_to_the_charts(tmp_path):
    world = {
        "indicators": "indicator | name_zh | name_en | unit\nmade | 产量 | output | kt/yr",
        "indicator_terms": "indicator kind a coefficient\nmade activity make 1",
    }
    found = carried_out(tmp_path, axis("[2, 4]").replace('study = "sweep"', 'study = "sweep"\nreport = ["made"]'), **world)
    assert "产量 5 千吨/年" in told(found, "zh") and "output 5 kt/yr" in told(found)
    assert found.facts["watched"] == [{"key": "made|horizon", "title": ["产量", "output"], "unit": "kt/yr"}]
    assert list(found.tables["cases"]["made|horizon"]) == pytest.approx([0, 5])
    assert carried_out(tmp_path / "b", axis("[2, 4]"), **world).facts["watched"] == []
