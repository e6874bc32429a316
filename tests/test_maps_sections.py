"""Further sections in the page: sentences, charts and tables, cell by cell and coordinate by coordinate."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pandas as pd
import pytest
import report_sample
from hostile import MARK, PAYLOADS
from runs import ROOT
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
    style = (ROOT / "maps" / "assets" / "style.css").read_text(encoding="utf-8")
    assert ".answer .under { display: block;" in style  # the bullet stands beside the first of its lines, not the last


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


def test_a_boundary_stands_between_the_two_cells():
    """Cells are 84 wide and 26 high, the first starts 96 to the right and 40 down; the gap of 2 lies right of a cell."""
    chart = section_charts.grid([1.0, 2.0, 4.0], [10.0, 5.0], [[5.0, 15.0, 15.0], [0.0, 0.0, 1.0]], (("价", "price"), ("比", "ratio")), ("吨", "t"), [(0, 0, 1), (1, 0, 2)])
    (x, _, low, high), (halfway, *_, end) = numbers(chart, "line", "x1", "x2", "y1", "y2")
    assert (x, low, high) == (96 + 84 - 1, 39, 65) and (halfway, end) == (96 + 1.5 * 84 - 1, 91)


def sweep_map(**more: object) -> dict[str, object]:
    return {
        "x": "p", "y": "r", "x_title": ["电价(元/kWh)", "power (yuan/kWh)"], "y_title": ["比例", "ratio"], "x_unit": "yuan/kWh", "y_unit": "t/t", "value_title": ["产能", "capacity"],
        "unit": "kt", "xs": [0.45, 0.55], "ys": [1.0, 1.25], "values": [[0.0, 80.0], [None, 40.0]], "boundary": [{"y": 1.0, "x_low": 0.45, "x_high": 0.55}], **more,
    }


def test_a_sweep_of_two_inputs_is_a_map_that_grows_upwards():
    """The larger ratio stands above the smaller; its cell without a plan is grey, the boundary lies in the lower row."""
    (caption, chart), = parts(view(section("sweep", {"map": sweep_map()})))[0].charts
    assert "capacity" in plain(caption) and "orange" in plain(caption)
    cells = re.findall(r'class="in-cell"[^>]*>([^<]*)<', str(chart))
    assert cells == ["—", "40", "0", "80"]
    assert [line[0] for line in numbers(chart, "line", "y1")] == [40 + 26 - 1]
    assert all(f">{name}<" in str(chart) for name in ("电价(元/kWh)", "power (yuan/kWh)", "比例(t/t)", "ratio (t/t)"))


def test_a_sweep_of_one_input_is_a_curve_through_its_plans():
    cases = pd.DataFrame({"p": [3.0, 1.0, 2.0, math.nan], "extra_cost": [9.0, 0.0, math.nan, 4.0]})
    (caption, chart), = parts(view(section("sweep", {"axes": [{"name": "p", "title": ["电价", "power"], "unit": "GWh"}]}, cases=cases)))[0].charts
    assert re.findall(r"<title>([^<]*)</title>", str(chart)) == ["1 → 0", "3 → 9"]
    assert "power (GWh)" in str(chart) and "more than the base" in plain(caption)
    assert parts(view(section("sweep", {"axes": []}, cases=cases)))[0].charts == []


def test_a_sweep_draws_the_indicators_that_it_was_asked_for():
    """Cost first, then each indicator over the same axis with its own unit; a plan without the ratio has no dot."""
    cases = pd.DataFrame({"p": [1.0, 2.0, 3.0], "extra_cost": [9.0, 0.0, 4.0], "made|all": [10.0, 20.0, 40.0], "share|all": [0.5, math.nan, 0.25]})
    watched = [
        {"key": "made|all", "title": ["产量", "output"], "unit": "kt/yr"}, {"key": "share|all", "title": ["占比", "share recycled"], "unit": ""},
    ]
    facts = {"axes": [{"name": "p", "title": ["电价", "power"], "unit": "GWh"}], "watched": watched}
    charts = parts(view(section("sweep", facts, cases=cases)))[0].charts
    assert [plain(caption) for caption, _ in charts][1:] == ["output at every value of the input", "share recycled at every value of the input"]
    dots = [re.findall(r"<title>([^<]*)</title>", str(chart)) for _, chart in charts]
    assert dots == [["1 → 9", "2 → 0", "3 → 4"], ["1 → 10", "2 → 20", "3 → 40"], ["1 → 0.5", "3 → 0.25"]]
    assert ">产量(千吨/年)<" in str(charts[1][1]) and ">output (kt/yr)<" in str(charts[1][1])
    many = [{"key": "made|all", "title": ["产量", "output"], "unit": ""}] * 6
    assert len(parts(view(section("sweep", {**facts, "watched": many}, cases=cases)))[0].charts) == 1 + 4


def test_indicators_of_two_inputs_say_what_they_show():
    axes = [{"name": "p", "title": ["电价", "power"], "unit": "GWh"}, {"name": "q", "title": ["比例", "ratio"], "unit": "t/t"}]
    cases = pd.DataFrame({"p": [1.0, 2.0, 1.0, 2.0], "q": [1.0, 1.0, 2.0, 2.0], "extra_cost": [0.0] * 4, "made|all": [1.0, 2.0, 3.0, 4.0]})
    facts = {"axes": axes, "watched": [{"key": "made|all", "title": ["产量", "output"], "unit": ""}]}
    assert plain(parts(view(section("sweep", facts, cases=cases)))[0].charts[1][0]) == "output at every pair of values; a line for each value of “ratio”"
    spread = cases.assign(p=[1.0, 2.0, 3.0, 4.0], q=[5.0, 6.0, 7.0, 8.0])
    captions = [plain(caption) for caption, _ in parts(view(section("sweep", facts, cases=spread)))[0].charts]
    assert captions[2:] == ["output of every plan, by “power”", "output of every plan, by “ratio”"]


def two_axes(price, ratio, cost):
    axes = [{"name": "p", "title": ["电价", "power"], "unit": "GWh"}, {"name": "q", "title": ["比例", "ratio"], "unit": "t/t"}]
    return parts(view(section("sweep", {"axes": axes}, cases=pd.DataFrame({"p": price, "q": ratio, "extra_cost": cost}))))[0].charts


def test_a_sweep_of_two_inputs_without_a_map_has_a_curve_per_value_of_the_one_with_fewer():
    """Three prices at two ratios; the plan at 3 and 1.25 does not exist. Both lines share their axes: 1 stands left of 3, 0 below 8."""
    (caption, chart), = two_axes([1.0, 2.0, 3.0, 1.0, 2.0, 3.0], [1.25, 1.25, 1.25, 1.0, 1.0, 1.0], [0.0, 1.0, math.nan, 2.0, 5.0, 8.0])
    assert re.findall(r"<title>([^<]*)</title>", str(chart)) == [
        "1 → 2 · 1 t/t", "2 → 5 · 1 t/t", "3 → 8 · 1 t/t", "1 → 0 · 1.25 t/t", "2 → 1 · 1.25 t/t",
    ]
    spots = numbers(chart, "circle", "cx", "cy")
    assert spots[0][0] == spots[3][0] < spots[1][0] == spots[4][0] < spots[2][0] and spots[3][1] > spots[4][1] > spots[0][1] > spots[2][1]
    assert str(chart).count("<path") == 2 and len(spots) == 5 + 2  # and two in the key
    assert "power (GWh)" in str(chart) and ">1.25 t/t<" in str(chart) and "each value of “ratio”" in plain(caption)


def test_a_sample_of_two_inputs_shows_its_plans_over_each():
    charts = two_axes([1.0, 2.0, 3.0, 4.0], [7.0, 5.0, 8.0, 6.0], [1.0, 2.0, 3.0, 4.0])
    assert [plain(caption).endswith(name) for (caption, _), name in zip(charts, ("“power”", "“ratio”"), strict=True)] == [True, True]
    assert re.findall(r"<title>([^<]*)</title>", str(charts[1][1])) == ["5 → 2", "6 → 4", "7 → 1", "8 → 3"]
    assert not any("<path" in str(chart) for _, chart in charts)


def test_a_sweep_without_two_plans_has_no_picture():
    assert two_axes([1.0, 2.0], [1.0, 1.0], [math.nan, 4.0]) == []


def test_shares_of_variance_have_bars_and_intervals():
    """A share of a half is half as long as one of 1; ends beyond 0 and 1 are cut there."""
    rows = [{"name_zh": "价", "name_en": "price", "first": 0.25, "first_low": 0.125, "first_high": 0.375, "total": 1.0, "total_low": -0.5, "total_high": 1.5}]
    (caption, chart), = parts(view(section("variance", {"level": 0.95, "indices": rows})))[0].charts
    room = 940 - 160 - 60
    assert [wide for wide, in numbers(chart, "rect", "width")] == [0.25 * room, room]
    ends = [(float(low), float(high)) for low, high in re.findall(r'd="M([\d.]+),[^"]*H([\d.]+)m[^"]*" class="interval"', str(chart))]
    assert ends == [(160 + 0.125 * room, 160 + 0.375 * room), (160, 160 + room)]
    assert "95 %" in plain(caption) and re.findall(r'class="bar-value"[^>]*>([^<]*)<', str(chart)) == ["0.25", "1"]
    assert section_charts.intervals([], ("份", "share")) == ""


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
        "indicator": "goal", "group": "y1", "value": 2.0, "target": 8.0, "missed_by": 6.0, "share": 0.25, "side": "min", "reachable": 5.0, "extra_cost": 9.5,
    }])
    facts = {"names": {"goal": {"zh": "目标", "en": "goal", "unit": "kt"}}, "times": {"y1": ("今年", "this year"), "y2": ("明年", "next year")}}
    part = parts(view(section("targets", facts, table=table)))[0]
    assert [cell for place, cell in enumerate(shown(part)[0]) if place != 4] == ["goal", "2", "8", "kt", "25 %", "6", "5", "9.5"]
    ((_, told),) = part.tables
    assert plain(told.heads[-1][0]) == "Extra cost (million yuan/yr)"
    both_years = pd.concat([table, table.assign(group="y2", value=4.0, share=0.5)], ignore_index=True)
    assert [row[1:3] for row in shown(parts(view(section("targets", facts, table=both_years)))[0])] == [["this year", "2"], ["next year", "4"]]


def test_decisions_stand_beside_each_other():
    table = pd.DataFrame([{"option": "o", "stage": "s", "name_zh": "建", "name_en": "build", "stage_zh": "年", "stage_en": "year", "flips": True, "one": 5.0, "two": 0.0}])
    plans = [{"scenario": name, "title": {"zh": name, "en": name}, "cost": 1.0} for name in ("one", "two")]
    part = parts(view(section("beside", {"plans": plans}, decisions=table)))[0]
    assert shown(part) == [["build", "year", "flips", "5", "·"]]


def test_regrets_and_sizes_of_a_hedge_are_tables():
    regrets = pd.DataFrame({"plan": ["p", "p", "q", "q"], "future": ["dry", "wet"] * 2, "regret": [0.0, 3.0, 2.0, None]})
    part = parts(view(section("regret", regrets=regrets)))[0]
    assert shown(part) == [["p", "0", "3"], ["q", "2", ""]]
    sizes = pd.DataFrame({"option": ["o"], "stage": ["s"], "hedge": [6.0], "dry": [0.0]})
    part = parts(view(section("hedge", {"names": {"o": {"zh": "小", "en": "small"}}, "plans": {name: {"zh": name, "en": name.upper()} for name in ("hedge", "dry")}}, sizes=sizes)))[0]
    assert shown(part) == [["small", "s", "6", "0"]]
    assert [plain(head) for head, _ in part.tables[0][1].heads][2:] == ["HEDGE", "DRY"]


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


def test_the_question_of_the_scenario_stands_above_its_answer():
    text = page(replace(view(), question=("问什么?", "What is asked?")))
    assert text.index("What is asked?") < text.index("<ol>") and '<p class="question">' not in page(view())


def test_hostile_sections_stay_text():
    said = tuple((payload, payload) for payload in PAYLOADS)
    table = pd.DataFrame({"status": ["solved"] * 2, "value": [1.0, 2.0], "extra_cost": [1.0, 2.0]})
    hostile = [
        Section("x", "frontier", (payload, payload), (payload, payload), said, {"axis": {**AXIS, "name_zh": payload, "name_en": payload, "unit": payload}}, {"points": table})
        for payload in PAYLOADS
    ]
    text = page(view(*hostile))
    assert f"<script>{MARK}" not in text and 'onerror="' not in text and 'onload="' not in text
