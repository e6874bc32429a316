"""Overviews of the workbook: their numbers, their native charts, what each sheet is, and units in every head of numbers."""

from __future__ import annotations

import re

import hostile
import openpyxl
import pandas as pd
import pytest
import report_sample
from openpyxl.utils import range_boundaries

from maps import overviews, workbook
from maps.palette import STAGE_COLOURS
from maps.view import ReportView
from model import words

CHARTED = {"capacity": 1, "power by month": 2, "costs": 1, "metal balance": 1}
UNITLESS = {"lat", "lon"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The sample without most of its flows, which also loses 0.5 kt of alumina on the way."""
    folder = tmp_path_factory.mktemp("charts")
    lost = pd.DataFrame([{"commodity": "alumina", "technology": "", "stage": "", "kind": "lost", "value": 0.5}])
    sample = report_sample.view()
    workbook.write(report_sample.view(materials=pd.concat([sample.materials, lost]), flow=sample.flow.head(60)), folder)
    return openpyxl.load_workbook(folder / workbook.NAME)


def sheet_of(book, ending):
    return next(book[name] for name in book.sheetnames if name.endswith(" " + ending))


def cells(book, reference):
    """Name of the sheet and values of a reference such as 'a b'!$B$2:$B$5."""
    name, area = reference.rsplit("!", 1)
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    sheet = book[name.strip("'")]
    return sheet.title, [sheet.cell(row, column).value for row in range(top, bottom + 1) for column in range(left, right + 1)]


def drawn(book, chart):
    """head of every series → (categories, values), as the chart refers to them."""
    found = {}
    for series in chart.series:
        sheets, parts = zip(*(cells(book, part) for part in (series.tx.strRef.f, series.cat.strRef.f, series.val.numRef.f)), strict=True)
        assert len(set(sheets)) == 1
        found[parts[0][0]] = (parts[1], parts[2])
    return found


def test_each_overview_has_its_charts(book):
    counts = {sheet.title.split(" ", 1)[1]: len(sheet._charts) for sheet in book.worksheets}
    assert {name: count for name, count in counts.items() if count} == CHARTED


def test_capacity_is_drawn_by_park_and_stage_without_alumina(book):
    sheet = sheet_of(book, "capacity")
    found = drawn(book, sheet._charts[0])
    parks, primary = found["电解铝(千吨/年)\nPrimary (kt/yr)"]
    by_park = dict(zip(parks, primary, strict=True))
    assert by_park["广元经开区"] == 615 + 135 and by_park["綦江北渡园区"] == 330
    assert parks[0] == "广元经开区" and "南川水江氧化铝" not in parks  # 750 + 450 + 1,084 + 365 is the most metal; no capacity, no bar
    assert not [head for head in found if "氧化铝" in head]
    heads = [cell.value for cell in sheet[1]]
    assert "氧化铝(千吨/年)\nAlumina (kt/yr)" in heads


def test_sites_with_alumina_alone_stand_in_the_table_below_the_drawn_rows():
    capacity = report_sample.capacity()
    only = capacity[(capacity["stage"] == "alumina") | (capacity["site"] == "qijiang")]
    found = overviews.capacity(report_sample.view(capacity=only), overviews.Names(report_sample.view()))
    assert found.table["site"].to_list() == ["qijiang", "wanzhou"]
    assert (found.drawings[0].first, found.drawings[0].last) == (0, 0)


def test_a_dataset_of_alumina_alone_is_drawn():
    capacity = report_sample.capacity()
    view = report_sample.view(capacity=capacity[capacity["stage"] == "alumina"])
    found = overviews.capacity(view, overviews.Names(view))
    assert found.drawings[0].title[1] == "Capacity by park after the plan" and len(found.drawings[0].series) == 1
    assert found.drawings[0].series[0].colour == STAGE_COLOURS["alumina"]


def test_power_is_drawn_month_by_month_for_each_zone(book):
    """Thermal power is 9,000 GWh a month in Sichuan and 0.4 times that in Chongqing; smelters take 1,200 and 480."""
    charts = sheet_of(book, "power by month")._charts
    for chart, size in zip(charts, (0.4, 1.0), strict=True):  # zones in order of their ids
        found = drawn(book, chart)
        months, thermal = found["火电(GWh)\nThermal (GWh)"]
        assert months == [f"m{month:02d}" for month in range(1, 13)] and thermal == pytest.approx([9000 * size] * 12)
        assert found["电解铝(GWh)\nSmelting (GWh)"][1] == pytest.approx([-1200 * size] * 12)
        assert [sum(month) for month in zip(*(values for _, values in found.values()), strict=True)] == pytest.approx([0.0] * 12, abs=1e-6)


def test_costs_add_up_to_the_objective(book):
    """11,280 + 5,593 + 12,800 + 2,470 + 3,650 − 54,135.6 = −18,342.6."""
    labels, values = next(iter(drawn(book, sheet_of(book, "costs")._charts[0]).values()))
    assert sum(values) == pytest.approx(-18342.6) and labels[0] == "废铝" and labels[-1] == "销售收入"


def test_what_comes_in_and_goes_out_of_every_good(book):
    """Ingots: 40 + 3.1 made, 35 + 5 used, 3.1 sold; of the alumina 0.5 is lost on top of 80 used and 20 sold out of 100 made."""
    sheet = sheet_of(book, "metal balance")
    heads = [cell.value.split("\n")[-1] for cell in sheet[1]]
    rows = {row[0]: dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert [rows["ingot"][head] for head in ("made (kt)", "used, negative (kt)", "sold, negative (kt)", "left over (kt)")] == pytest.approx([43.1, -40, -3.1, 0])
    alumina = [rows["alumina"][head] for head in ("lost on the way, negative (kt)", "left over (kt)")]
    assert alumina == pytest.approx([-0.5, -0.5])
    found = drawn(book, sheet._charts[0])
    assert "Bauxite" not in rows and "铝土矿" not in found["生产(千吨)\nmade (kt)"][0]
    assert list(rows)[-1] in ("bauxite", "alumina") and "anode" not in rows


def test_every_sheet_is_explained(book):
    rows = [[cell.value for cell in row] for row in sheet_of(book, "contents").iter_rows(min_row=2)]
    assert [row[0] for row in rows] == book.sheetnames
    assert all(row[1] and row[2] and row[1] != row[2] for row in rows)
    counts = {row[0].split(" ", 1)[1]: row[3] for row in rows}
    assert counts["flows"] == sheet_of(book, "flows").max_row - 1 and counts["capacity"] == sheet_of(book, "capacity").max_row - 1


def test_every_column_of_numbers_says_its_unit(book):
    for sheet in book.worksheets[1:]:
        for column in sheet.iter_cols():
            if any(isinstance(cell.value, int | float) for cell in column[1:]):
                lines = column[0].value.split("\n")
                assert re.search(r"[((].+[))]", lines[0]) or lines[-1] in UNITLESS, f"{sheet.title}: {column[0].value}"


def test_every_sheet_is_frozen_below_its_heads(book):
    assert {sheet.freeze_panes for sheet in book.worksheets[1:]} == {"A2"} and book.worksheets[0].freeze_panes == "A4"


def test_no_data_becomes_a_formula_of_a_chart(tmp_path):
    """A title may be a formula in Excel when it begins with an equals sign; heads and names are referred to, not written."""
    workbook.write(hostile.view(), tmp_path)
    book = openpyxl.load_workbook(tmp_path / workbook.NAME)
    charts = [(sheet, chart) for sheet in book.worksheets for chart in sheet._charts]
    assert charts
    for sheet, chart in charts:
        assert chart.title.tx.strRef is None and chart.title.tx.rich is not None
        for series in chart.series:
            for reference in (series.tx.strRef.f, series.val.numRef.f):
                assert cells(book, reference)[0] == sheet.title


def test_all_words_are_used(monkeypatch, tmp_path):
    used = set()
    read = words.text
    monkeypatch.setattr(words, "text", lambda key, language, /, **facts: used.add(key) or read(key, language, **facts))
    workbook.write(report_sample.view(flow=pd.DataFrame()), tmp_path)
    commodities = pd.DataFrame([{"commodity": "beans", "name_zh": "豆", "name_en": "Beans", "unit": "kt", "group": "metal"}])
    sold = pd.DataFrame([{"commodity": "beans", "technology": "", "stage": "", "kind": "sold", "value": 1.0}])
    beans = ReportView("豆", "Beans", commodities=commodities, materials=sold, capacity=report_sample.capacity().query("stage == 'alumina'"))
    workbook.write(beans, tmp_path)
    assert {f"workbook.{entry}" for entry in words.entries("workbook")} <= used
