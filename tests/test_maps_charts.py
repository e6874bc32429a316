"""Charts, cards, tables and popups: the numbers shown are the numbers given."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import report_sample
from markupsafe import Markup

from maps import charts, svg, tables
from maps.amounts import nested_units
from maps.cards import cards
from maps.names import Names
from maps.parks import capacity_by_stage
from maps.popups import Popups
from maps.view import ReportView


@pytest.fixture(scope="module")
def sample():
    return report_sample.view()


@pytest.fixture(scope="module")
def names(sample):
    return Names(sample)


def _plain(markup, language="zh"):
    """The text a reader of one language sees."""
    other = "en" if language == "zh" else "zh"
    text = re.sub(rf'<(\w+)[^>]*class="{other}[ "][^>]*>.*?</\1>', "", str(markup), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()


def test_svg_elements_escape_and_shorten():
    assert svg.element("text", "a<b", x=1.005, class_="k", font_size=None) == '<text x="1" class="k">a&lt;b</text>'
    assert svg.element("rect", width=2) == '<rect width="2"/>'
    assert svg.path([(0.0, 1.0), (2.25, 3.0)], closed=True) == "M0.0,1.0L2.2,3.0Z"


def test_svg_text_in_two_languages():
    assert svg.text(1, 2, "铝", "Al") == '<text x="1" y="2" class="zh">铝</text><text x="1" y="2" class="en">Al</text>'
    assert svg.text(1, 2, "Al") == '<text x="1" y="2">Al</text>'


def test_waterfall_shows_steps_subtotals_and_total(sample):
    rows = sample.waterfalls[sample.waterfalls["plant"] == "linfeng"]
    # 5,480 + 5,270 + 1,930 + 620 + 242 = 13,542 cash; + 380 capital = 13,922; + 300 rent = 14,222
    text = _plain(charts.waterfall(rows, 15000.0))
    for shown in ("氧化铝 5,480", "电力 +5,270", "现金成本小计 13,542", "折旧与财务 +380", "含资本小计 13,922", "产能租金 +300", "当地金属价值 14,222"):
        assert shown in text


def test_a_waterfall_that_misses_its_total_is_refused(sample):
    rows = sample.waterfalls[sample.waterfalls["plant"] == "linfeng"].copy()
    rows["total"] += 0.2
    with pytest.raises(charts.UnequalPartsError, match="linfeng"):
        charts.waterfall(rows, 15000.0)
    rows["total"] -= 0.15  # within 0.1 yuan per tonne
    assert charts.waterfall(rows, 15000.0)


def test_waterfall_with_a_negative_step_stays_on_the_page():
    rows = pd.DataFrame({
        "plant": "p", "label_zh": ["甲", "乙"], "label_en": ["A", "B"], "yuan_per_t": [-50.0, 150.0], "group": ["cash", "rent"], "total": 100.0,
    })
    left = [float(x) for x in re.findall(r'<rect x="([-\d.]+)"', charts.waterfall(rows, 200.0))]
    assert min(left) == pytest.approx(charts.LABELS)


def test_widths_of_the_waterfall_are_in_proportion(sample):
    rows = sample.waterfalls[sample.waterfalls["plant"] == "qineng"]
    drawn = charts.waterfall(rows, 14262.0)
    widths = [float(wide) for wide in re.findall(r'width="([\d.]+)" height="13"', drawn)]
    assert widths[0] / widths[-1] == pytest.approx(5480 / 14262, abs=1e-3)


def test_stacked_bars_add_up():
    text = _plain(charts.stacked([("甲", "A", [(60.0, "#000"), (40.0, "#111")]), ("乙", "B", [(-30.0, "#000")])], ("元", "yuan")))
    assert "甲 60 40 100" in text and "乙 −30" in text
    assert charts.stacked([], ("元", "yuan")) == ""


def test_power_chart_draws_every_item_of_every_month(sample):
    rows = sample.balance_power[sample.balance_power["zone"] == "zone_sichuan"]
    assert rows.groupby("period")["value"].sum().abs().max() < 1e-9
    items = charts.power_items(sample.balance_power)
    drawn = charts.power(rows, items)
    assert drawn.count("<rect") == 12 * 6
    assert [english for _, english in items][:2] == ["Hydro", "Thermal"] and len(set(items.values())) == 6
    assert " 12 " in _plain(drawn)


def test_power_bars_have_the_right_heights():
    rows = pd.DataFrame({"period": ["m01", "m01", "winter"], "item_zh": ["水", "用", "水"], "item_en": ["H", "L", "H"], "value": [100.0, -50.0, 50.0]})
    heights = [float(high) for high in re.findall(r'height="([\d.]+)" fill', charts.power(rows, charts.power_items(rows)))]
    assert heights == pytest.approx([2 * heights[1], heights[1], heights[1]], abs=0.02)
    assert "winter" in charts.power(rows, charts.power_items(rows))


def test_power_items_leave_out_what_is_always_zero_and_zones_share_colours():
    rows = pd.DataFrame({"item_zh": ["水", "火", "风"], "item_en": ["H", "T", "W"], "value": [5.0, 0.0, 2.0]})
    items = charts.power_items(rows)
    assert list(items) == [("水", "H"), ("风", "W")]
    other = pd.DataFrame({"period": ["m01"], "item_zh": ["风"], "item_en": ["W"], "value": [3.0]})
    assert items["风", "W"] in charts.power(other, items)


@pytest.mark.parametrize("flips", [0.112, float("nan")])
def test_gauge(flips):
    drawn = charts.gauge(0.10, flips, 0.02, 0.18)
    assert ("class=\"flip\"" in drawn) == (flips == flips)
    assert "0.02 … 0.18" in drawn
    assert charts.gauge(float("nan"), 1.0, 0.0, 2.0) == ""
    assert charts.gauge(5.0, float("nan"), float("nan"), float("nan"))


def test_share_bar_is_cut_at_the_whole():
    assert 'width="60" height="10" fill' in charts.share_bar(0.5, "#000")
    assert 'width="120" height="10" fill' in charts.share_bar(1.7, "#000")


def test_cards_carry_the_sums_of_the_view(sample):
    found = {_plain(card.name): card for card in cards(sample)}
    assert found["目标值(净收益)"].value == "18,343"
    # 615 + 135 at Guangyuan, 120, 330, 325, 100 closed at Qingxi, 100, 120: 1,745 kt; at 90 %
    assert found["电解铝产量"].value == "1,570"
    assert _plain(found["电解铝产量"].more) == "产能 1,710 → 1,745"
    work = (sample.flow["value"] * sample.flow["kilometres"]).sum() / 1000
    assert found["货运周转量"].value == f"{work:,.0f}"


def test_cards_of_an_empty_view():
    found = cards(ReportView("甲", "A", summary={"objective": 12.5, "unit": "kt"}))
    assert len(found) == 1 and found[0].value == "12.5"
    assert "千吨" in found[0].unit


def test_freight_card_counts_million_tonne_kilometres():
    flow = pd.DataFrame([("x", "a", "b", "road", "y", 3.0, 0.1, 200.0, "")],
                        columns=["commodity", "from", "to", "mode", "period", "value", "unit_cost", "kilometres", "route"])
    goods = pd.DataFrame([("x", "", "", "kt")], columns=["commodity", "name_zh", "name_en", "unit"])
    freight = cards(ReportView("", "", flow=flow, commodities=goods))[-1]
    assert freight.value == "1" and "200" in freight.more  # 3 kt x 200 km = 0.6 million t-km


def test_plan_table_has_a_row_per_park_and_stage(sample, names):
    table = tables.plan(sample, names)
    rows = {(_plain(row[0]), _plain(row[1])): row[2:] for row in table.rows}
    assert rows["广元经济技术开发区", "电解铝"] == ("615", "135", "·", "750", "675")
    assert rows["涪陵清溪工业园区", "电解铝"] == ("100", "·", "100", "0", "0")


def test_a_line_within_a_mill_is_not_added_to_it(names):
    """One option of 26 kt adds to the mill and to its can line: 26 kt are added, not 52; the can line is in the table of units still."""
    units = pd.DataFrame(
        [("fuling", "rolling", "processing", 196.0, 26.0, 0.0, ""), ("fuling", "can_line", "processing", 40.0, 26.0, 0.0, "rolling")],
        columns=["site", "unit", "stage", "existing", "added", "closed", "within"],
    )
    view = ReportView("", "", capacity=units)
    assert capacity_by_stage(view)[["existing", "added", "after"]].to_numpy().tolist() == [[196.0, 26.0, 222.0]]
    assert [tuple(map(str, row[2:6])) for row in tables.plan(view, names).rows] == [("196", "26", "·", "222")]


def test_output_without_capacity_of_its_own_stage_has_a_row(names):
    """Metal diluted on a recycling line is cast metal: the sum of the column is what the card says of the stage."""
    view = ReportView(
        "", "", capacity=pd.DataFrame([("fuling", "line", "recycled", 50.0, 0.0, 0.0)], columns=["site", "unit", "stage", "existing", "added", "closed"]),
        technologies=pd.DataFrame([("dilute", "", "", "casting"), ("melt", "", "", "recycled")], columns=["technology", "name_zh", "name_en", "stage"]),
        activity=pd.DataFrame([("dilute", "fuling", "m01", 30.0), ("melt", "fuling", "m01", 12.0)], columns=["technology", "site", "period", "value"]),
    )
    rows = {_plain(row[1]): row[2:] for row in tables.plan(view, names).rows}
    assert rows == {"熔铸": ("0", "·", "·", "0", "30"), "再生铝": ("50", "·", "·", "50", "12")}
    assert {card.value for card in cards(view)} >= {"30", "12"}


def test_which_units_lie_within_others():
    """roll makes on the mill alone, can on both, so the can line lies within the mill; two ovens with the same users are one."""
    uses = [("roll", "mill", "a"), ("can", "mill", "a"), ("can", "can_line", "a"), ("bake", "oven", "a"), ("bake", "oven_b", "a"), ("can", "can_line", "b")]
    assert nested_units(pd.DataFrame(uses, columns=["technology", "unit", "site"])) == {("can_line", "a"): "mill", ("oven_b", "a"): "oven"}


def test_options_show_status_and_clause(sample, names):
    rows = tables.options(sample, names).rows
    assert [_plain(row[3]) for row in rows] == ["采用", "不采用", "政策不允许"]
    assert _plain(rows[2][6]) == "CY2023-2.6-h" and _plain(rows[2][7]) == "不在七园区名单"


def test_options_that_are_taken_come_first_and_blank_columns_go(names):
    plan = pd.DataFrame(
        [("a", "fuling", "甲", "A", "primary", "forbidden", 0.0, 1.0, "C1"), ("b", "fuling", "乙", "B", "primary", "built", 1.0, 1.0, "C2")],
        columns=["option", "site", "name_zh", "name_en", "stage", "status", "size", "max_size", "clause"],
    )
    table = tables.options(ReportView("", "", plan=plan), names)
    assert [_plain(row[1]) for row in table.rows] == ["乙", "甲"]
    assert len(table.heads) == 7  # no note


def test_named_projects_stand_apart_with_what_they_miss(sample, names):
    """Taken first, then the nearest to entering, then what serves later, last what stands already. 1,500 of charge less 300 of
    worth are 1,200 missing; the year stands in the mark of the mill, so it is not called forbidden."""
    table = tables.projects(sample, names)
    assert [_plain(head) for head, _ in table.heads][:3] == ["项目", "状态", "名义规模(千吨/年)"]
    assert [_plain(row[0]).split()[0] for row in table.rows] == ["导线", "再生二期", "铝箔二期", "新热连轧", "一期"]
    assert [_plain(row[1]) for row in table.rows] == ["部分采用", "不采用", "不采用", "2028 年起投产", "已建成"]
    foil = table.rows[2]
    assert foil[2:9] == ("30", "0", "1,500", "300", "1,200", "1,100", "1,250")
    assert "价值只抵 20 %" in _plain(foil[9]) and "100 kt (B)" in _plain(foil[9]) and _plain(foil[10]) == "CY2023-2.3-a"
    assert table.rows[4][4:9] == ("", "", "", "", "")


def test_swaps_that_are_off_stand_with_the_generic_options(names):
    rows = [("a", "fuling", "甲", "A", "primary", "off", 0.0, 0.0, "C", "swap"), ("b", "fuling", "乙", "B", "primary", "closed", 9.0, 9.0, "C", "swap")]
    plan = pd.DataFrame(rows, columns=["option", "site", "name_zh", "name_en", "stage", "status", "size", "max_size", "clause", "group"])
    view = ReportView("", "", plan=plan)
    assert [_plain(row[1]) for row in tables.options(view, names).rows] == ["甲"]
    assert [_plain(row[0]).split()[0] for row in tables.projects(view, names).rows] == ["乙"]


def test_flow_table_adds_months_and_shows_yuan_per_tonne(sample, names):
    table = tables.flows(sample, names)
    first = table.rows[0]
    assert (_plain(first[0]), _plain(first[3]), first[4]) == ("铝土矿", "水运", "10,755.0")
    # 16 km rail + 321 + 624 + 935 km water = 1,896 km at 0.02 + 0.0002 x 1,896 = 0.3992 million yuan per kt
    assert first[5:] == ("1,896", "399")
    assert len(table.rows) == tables.FLOWS and table.left_out > 400


def test_trade_tables_multiply_amount_and_price(sample, names):
    rows = tables.trade(sample, names, "supply").rows
    assert rows[0][2] == "896.2" and rows[0][4] == "412.3"  # 896.25 x 0.46
    assert _plain(rows[0][3]) == "千吨"


def test_power_without_a_price_says_who_pays(names):
    """Balances of energy carry no price: its users pay on delivery, the load of others is no revenue of the industry."""
    free = pd.DataFrame([("electricity", "zone_sichuan", "m01", 410.0, 0.0)], columns=["commodity", "site", "period", "value", "price"])
    view = ReportView("", "", supply=free, sale=free)
    assert _plain(tables.trade(view, names, "supply").rows[0][4], "en") == "paid on delivery"
    assert _plain(tables.trade(view, names, "sale").rows[0][4], "en") == "load of others, no revenue"


def test_cities_are_added_up_in_one_row(sample, names):
    scrap = pd.DataFrame(
        [("scrap_mixed", "city_chengdu", "m01", 4.0, 15.0), ("scrap_mixed", "city_deyang", "m01", 1.0, 15.0), ("scrap_mixed", "fuling", "m01", 2.0, 16.0)],
        columns=["commodity", "site", "period", "value", "price"],
    )
    rows = tables.trade(report_sample.view(supply=scrap), names, "supply").rows
    assert [(_plain(row[1], "en"), row[2], row[4]) for row in rows] == [("2 cities", "5.0", "75.0"), ("Fuling Hi-tech Zone", "2.0", "32.0")]


def test_indicator_states(sample):
    rows = tables.indicators(sample).rows
    assert [_plain(row[5]) for row in rows] == ["满足", "贴限", "仅报告"]
    assert [tables._state(*case) for case in ((5.0, 6.0, float("nan")), (5.0, 4.0, 9.0), (float("nan"), 4.0, 9.0))] == ["missed", "met", "free"]


def test_switch_points_measure_distance_in_ranges_of_the_input(sample):
    rows = tables.switch_points(sample.switch_points).rows
    # coal: (905 - 690) / (835 - 600) = 0.915; scrap: 650 / 2000 = 0.325
    assert rows[1][6] == "0.9 ×" and rows[2][6] == "0.3 ×"
    assert [_plain(row[7]) for row in rows] == ["误差内会翻转", "稳健", "误差内会翻转", "范围内不翻转"]


def test_duals_stand_strongest_first_in_words(sample, names):
    ((heading, table),) = tables.duals(sample, names)
    assert not heading and [row[2] for row in table.rows] == ["1,840", "16,480"]  # capacity of no good, then scrap
    assert _plain(table.rows[1][1]).startswith("青川的混合废铝")


def test_shadow_prices_stand_by_kind_and_good_and_a_zero_last(sample, names):
    """Ten of each good are told; power that is not short has a price of 0 and says so after the others."""
    potline, scrap = (sample.duals.iloc[[place]] for place in (0, 1))
    many = [one.assign(kind=kind, value=float(value)) for one, kind in ((potline, "park"), (scrap, "supply")) for value in range(1, 15)]
    zero = potline.assign(value=0.0, sentence_zh="电不缺", sentence_en="power is not short", kind="park")
    park, supply = tables.duals(report_sample.view(duals=pd.concat([zero, *many])), names)
    assert [_plain(heading) for heading, _ in (park, supply)] == ["产能与规模上限", "用尽的供应"]
    assert [row[2] for row in park[1].rows] == [*(str(value) for value in range(14, 4, -1)), "0"] and park[1].left_out == 4
    assert _plain(park[1].rows[-1][1]) == "电不缺" and len(supply[1].rows) == tables.DUALS


def test_sources_that_no_figure_names_are_only_counted(sample):
    table = tables.sources(report_sample.view(sources=sample.sources.assign(_used=["1", ""])))
    assert len(table.rows) == 1 and table.left_out == 1 and len(table.heads) == 4


def test_what_others_would_miss_anyway_has_a_card_of_its_own():
    """16,186 are missing, 14,554 of it without aluminium too: 2,143 - 14,554 = -12,411, a margin."""
    shed = pd.DataFrame([("electricity", 5395.0, 16186.0, 4851.0, 14554.0)], columns=["commodity", "amount", "cost", "anyway_amount", "anyway_cost"])
    view = ReportView("", "", summary={"objective": 2143.0}, shedding=shed)
    assert [card.value for card in cards(view)][:2] == ["2,143", "12,411"]
    assert "14,554" in cards(view)[1].more and "Net margin" in cards(view)[1].name
    assert len(cards(ReportView("", "", summary={"objective": 2143.0}))) == 1


def test_grades_and_sources(sample):
    assert [row[3] for row in tables.grades(sample).rows] == ["22.0 %", "41.0 %", "24.0 %", "13.0 %"]
    table = tables.sources(sample)
    assert [_plain(head) for head, _ in table.heads] == ["来源编号", "标题", "发布者", "日期"]
    assert len(table.rows) == 2


def test_popup_tells_firms_capacity_flows_and_prices(sample, names):
    text = _plain(Popups(sample, names).html("guangyuan"))
    for shown in ("广元林丰铝电", "615 135 0 750", "主要流入", "氧化铝 万州经济技术开发区 1,180.0", "主要流出", "少花 1,840 元"):
        assert shown in text
    english = _plain(Popups(sample, names).html("guangyuan"), "en")
    assert "Linfeng" in english and "Largest inflows" in english


def test_power_is_no_production_in_kt_and_every_firm_has_its_line(sample, names):
    """843 GWh of a tariff would read as 843 kt."""
    tariff = pd.DataFrame([("supply_grid", "大网供电", "Grid power", "power")], columns=["technology", "name_zh", "name_en", "stage"])
    drawn = pd.DataFrame([("supply_grid", "guangyuan", "m01", 843.5)], columns=["technology", "site", "period", "value"])
    view = report_sample.view(technologies=pd.concat([sample.technologies, tariff]), activity=pd.concat([sample.activity, drawn]))
    text = str(Popups(view, names).html("guangyuan"))
    assert "843" not in text and "Grid power" not in text and "Production (kt/yr)" in text
    firms = text[text.index("<h5>") : text.index("<h5>", text.index("<h5>") + 1)]
    assert firms.count("<p>") == 2 and "; " not in firms


def test_popup_of_a_place_without_anything(sample, names):
    assert _plain(Popups(sample, names).html("zone_sichuan")) == "四川电力区"


def test_cells_are_escaped_by_the_template_not_by_the_table(sample, names):
    table = tables.options(sample, names)
    assert all(isinstance(cell, Markup | str) for row in table.rows for cell in row)


def test_benchmarks_show_published_and_rebuilt_side_by_side(sample):
    """17,200 published, 16,684 rebuilt: 516 less, −3.0 %; the gap is named, an agreement needs no words."""
    rows = tables.benchmarks(sample).rows
    assert [_plain(cell) for cell in rows[0][1:4]] == ["17,200", "16,684", "−3.0 %"]
    assert "阳极滞后" in str(rows[0][6]) and "anode lag" in str(rows[0][6])
    assert _plain(rows[1][3]) == "+0.0 %"
