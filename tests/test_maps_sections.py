"""Further sections in the page: sentences, charts and tables, cell by cell and coordinate by coordinate."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pandas as pd
import pytest
import report_sample
from hostile import MARK, PAYLOADS
from test_maps_policy import plain

from maps import section_charts
from maps.page import page
from maps.sections import TOLD, parts
from maps.view import ReportView
from model.explore.section import Section

MONEY = "million yuan/yr"
POINTS = pd.DataFrame({
    "status": ["solved", "infeasible", "solved"], "value": [80.0, math.nan, 60.0], "extra_cost": [5.0, math.nan, 20.0],
})
NUMBERS = ("extra_cost", "power", "materials", "freight", "capital", "other")
AXIS = {"name_zh": "碳排放", "name_en": "carbon", "unit": "kt", "base_value": 100.0}


def section(kind: str, facts: dict[str, object] | None = None, sentences: int = 1, **tables: pd.DataFrame) -> Section:
    said = tuple((f"第{number}句", f"sentence {number}") for number in range(sentences))
    return Section(kind, kind, ("标题", "heading"), ("问题?", "question?"), said, facts or {}, tables)


def view(*more: Section) -> ReportView:
    return replace(report_sample.view(), sections=more)


def shown(part: object) -> list[list[str]]:
    (_, table), *_ = part.tables
    return [[plain(cell) for cell in row] for row in table.rows]


def numbers(markup: object, tag: str, *names: str) -> list[tuple[float, ...]]:
    """Attributes of every element of a kind."""
    found = re.findall(rf"<{tag} [^>]*>", str(markup))
    return [tuple(float(re.search(rf' {name}="([^"]*)"', element)[1]) for name in names) for element in found]


def test_long_answers_unfold():
    (short, long) = parts(view(section("sweep", sentences=TOLD + 2), section("sweep", sentences=TOLD + 3)))
    assert (len(short.sentences), len(short.further)) == (TOLD + 2, 0)
    assert (len(long.sentences), len(long.further)) == (TOLD, 3)
    assert (short.anchor, long.anchor) == ("more-1", "more-2")


def test_indented_sentences_stay_under_the_one_before():
    part = parts(view(replace(section("sweep"), sentences=(("一", "one"), ("  二", "  two")))))[0]
    assert [("under" in str(sentence), plain(sentence)) for sentence in part.sentences] == [(False, "one"), (True, "two")]


@pytest.mark.parametrize(("low", "high", "expected"), [
    (0.0, 10.0, [0, 2, 4, 6, 8, 10]), (-3.0, 3.0, [-2, 0, 2]), (0.0, 0.9, [0, 0.2, 0.4, 0.6, 0.8]), (7.0, 7.0, [7]), (95.0, 1050.0, [200, 400, 600, 800, 1000]),
])
def test_axes_have_round_numbers(low, high, expected):
    assert section_charts.ticks(low, high) == pytest.approx(expected)


def test_a_curve_has_a_dot_per_point_on_both_scales():
    """Halfway between two points across is halfway on the page, and dearer stands higher."""
    dots = numbers(section_charts.curve([(0.0, 0.0), (5.0, 1.0), (10.0, 4.0)], ("横", "across"), ("纵", "up")), "circle", "cx", "cy")
    (x0, y0), (x1, y1), (x2, y2) = dots
    assert x1 - x0 == pytest.approx((x2 - x0) / 2, abs=0.02) and y0 - y1 == pytest.approx((y0 - y2) / 4, abs=0.02)
    assert section_charts.curve([(1.0, math.nan), (2.0, 3.0)], ("横", "across"), ("纵", "up")) == ""


def test_a_frontier_starts_at_the_plan_and_leaves_out_what_has_no_plan():
    part = parts(view(section("frontier", {"axis": AXIS}, points=POINTS)))[0]
    (caption, chart), = part.charts
    assert "shadow price" in plain(caption)
    assert len(numbers(chart, "circle", "cx")) == 3
    titles = re.findall(r"<title>([^<]*)</title>", str(chart))
    assert titles == ["60 → 20", "80 → 5", "100 → 0"]
    assert "carbon (kt)" in str(chart) and "extra cost against the base (million yuan/yr)" in str(chart)


def test_ranges_go_from_the_low_to_the_high_end():
    """-10 and 30 around 0: bars of 1 to 3 on both sides of the line."""
    chart = section_charts.ranges([(("煤", "coal"), -10.0, 30.0), (("矿", "ore"), math.nan, 1.0)], ("元", "yuan"))
    low, high = numbers(chart, "rect", "x", "width")
    assert high[1] == pytest.approx(3 * low[1], abs=0.05) and low[0] + low[1] == pytest.approx(high[0], abs=0.02)
    assert "coal" in str(chart) and "ore" not in str(chart)


def test_a_tornado_counts_from_the_plan_itself():
    table = pd.DataFrame({"name_zh": ["电"], "name_en": ["power"], "cost_low": [90.0], "cost_high": [130.0]})
    (_, chart), = parts(view(section("sensitivity", {"cost": 100.0}, tornado=table)))[0].charts
    assert re.findall(r'class="bar-value"[^>]*>([^<]*)<', str(chart)) == ["−10", "30"]


def test_a_grid_is_darker_where_it_is_larger_and_blank_where_nothing_is():
    chart = section_charts.grid([1.0, 2.0], [10.0], [[5.0, 15.0]], (("价", "price"), ("比", "ratio")), ("吨", "t"))
    assert [opacity for opacity, in numbers(chart, "rect", "fill-opacity")] == pytest.approx([0.06, 0.9])
    assert 'fill="#e8ecf0"' in str(section_charts.grid([1.0, 2.0], [10.0], [[5.0, math.nan]], (("价", "price"), ("比", "ratio")), ("吨", "t")))
    assert section_charts.grid([1.0], [1.0], [[math.nan]], (("价", "price"), ("比", "ratio")), ("吨", "t")) == ""


def test_why_not_has_a_table_per_park():
    row = {
        "site": "a", "site_zh": "甲", "site_en": "A", "technology_zh": "炼", "technology_en": "melt", "finding_zh": "更贵", "finding_en": "dearer",
        "extra_cost": 12.0, "power": 16.0, "materials": 0.0, "freight": -4.0, "capital": 0.0, "other": 0.0,
    }
    other = {**row, "site": "b", "site_zh": "乙", "site_en": "B", **dict.fromkeys(NUMBERS, math.nan)}
    part = parts(view(section("why_not", table=pd.DataFrame([row, {**row, "technology_en": "cast"}, other]))))[0]
    assert [plain(heading) for heading, _ in part.tables] == ["A – technologies: 2 (cost in million yuan/yr)", "B – technologies: 1 (cost in million yuan/yr)"]
    assert shown(part)[0] == ["melt", "dearer", "12", "16", "0", "−4", "0", "0"]
    assert [plain(cell) for cell in part.tables[1][1].rows[0]][2:] == [""] * 6


def test_switch_points_that_never_flip_unfold():
    row = {
        "what_zh": "搬", "what_en": "move", "input_zh": "价", "input_en": "price", "central": 2.0, "flips_at": 3.0, "unit": "yuan", "low": 1.0, "high": 3.0,
        "note_zh": "注", "note_en": "note",
    }
    (_, flips), (heading, never) = parts(view(section("switches", table=pd.DataFrame([row, {**row, "flips_at": math.nan}]))))[0].tables
    assert [plain(cell) for cell in flips.rows[0]][6:8] == ["0.5 ×", "may flip"]
    assert "1" in plain(heading) and len(never.rows) == 1


def test_targets_show_share_gap_and_cost():
    table = pd.DataFrame([{
        "indicator": "goal", "value": 2.0, "target": 8.0, "missed_by": 6.0, "share": 0.25, "reachable": 5.0, "extra_cost": 9.5,
    }])
    part = parts(view(section("targets", {"names": {"goal": {"zh": "目标", "en": "goal", "unit": "kt"}}}, table=table)))[0]
    assert [cell for place, cell in enumerate(shown(part)[0]) if place != 4] == ["goal", "2", "8", "kt", "25 %", "6", "5", "9.5"]


def test_decisions_stand_beside_each_other():
    table = pd.DataFrame([{"option": "o", "stage": "s", "name_zh": "建", "name_en": "build", "flips": True, "one": 5.0, "two": 0.0}])
    plans = [{"scenario": name, "title": {"zh": name, "en": name}, "cost": 1.0} for name in ("one", "two")]
    part = parts(view(section("beside", {"plans": plans}, decisions=table)))[0]
    assert shown(part) == [["build", "s", "flips", "5", "·"]]


def test_regrets_and_sizes_of_a_hedge_are_tables():
    regrets = pd.DataFrame({"plan": ["p", "p", "q", "q"], "future": ["dry", "wet"] * 2, "regret": [0.0, 3.0, 2.0, None]})
    part = parts(view(section("regret", regrets=regrets)))[0]
    assert shown(part) == [["p", "0", "3"], ["q", "2", ""]]
    sizes = pd.DataFrame({"option": ["o"], "stage": ["s"], "hedge": [6.0], "dry": [0.0]})
    part = parts(view(section("hedge", {"names": {"o": {"zh": "小", "en": "small"}}}, sizes=sizes)))[0]
    assert shown(part) == [["small", "s", "6", "0"]]


def test_losses_and_ranges_are_bars():
    losses = pd.DataFrame({"name_zh": ["港"], "name_en": ["port"], "extra_cost": [7.0]})
    ranges = pd.DataFrame({"status": ["solved"] * 2, "name_zh": ["甲", "乙"], "name_en": ["A", "B"], "least": [2.0, 0.0], "largest": [4.0, 0.0]})
    first, second = parts(view(section("outages", losses=losses), section("alternatives", ranges=ranges)))
    assert "port" in str(first.charts[0][1]) and ">7<" in str(first.charts[0][1])
    assert ">2<" in str(second.charts[0][1]) and ">4<" in str(second.charts[0][1]) and "乙" not in str(second.charts[0][1])


def test_the_page_lists_and_shows_them():
    text = page(view(section("frontier", {"axis": AXIS}, points=POINTS), section("sweep", sentences=TOLD + 3)))
    assert text.index('<a href="#more-1">') < text.index('<a href="#more-2">') < text.index('id="more-1"')
    assert "3 more" in text and "question?" in text


def test_hostile_sections_stay_text():
    said = tuple((payload, payload) for payload in PAYLOADS)
    table = pd.DataFrame({"status": ["solved"] * 2, "value": [1.0, 2.0], "extra_cost": [1.0, 2.0]})
    hostile = [
        Section("x", "frontier", (payload, payload), (payload, payload), said, {"axis": {**AXIS, "name_zh": payload, "name_en": payload, "unit": payload}}, {"points": table})
        for payload in PAYLOADS
    ]
    text = page(view(*hostile))
    assert f"<script>{MARK}" not in text and 'onerror="' not in text and 'onload="' not in text
