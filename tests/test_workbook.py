"""The workbook: sheets, heads with units, totals equal to the view, hostile texts never formulas, same bytes."""

from __future__ import annotations

import time

import hostile
import openpyxl
import pandas as pd
import pytest
import report_sample

from maps import tables, workbook
from maps.names import Names
from maps.view import ReportView


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    workbook.write(report_sample.view(), folder)
    return openpyxl.load_workbook(folder / workbook.NAME)


def _sheet(book, ending):
    return next(book[name] for name in book.sheetnames if name.endswith(" " + ending))


def _column(sheet, ending):
    heads = [cell.value for cell in sheet[1]]
    position = next(number for number, head in enumerate(heads) if head.split("\n")[-1] == ending)
    return [row[position].value for row in sheet.iter_rows(min_row=2)]


def test_sheets_are_the_agreed_ones(book):
    endings = {name.split(" ", 1)[1] for name in book.sheetnames}
    assert {
        "summary", "contents", "capacity", "power by month", "costs", "metal balance", "plan", "projects", "flows", "activity", "trade", "indicators", "duals", "waterfall", "power", "switch points",
        "shedding", "sources",
    } == endings


def test_heads_are_in_both_languages_with_units(book):
    assert "现有产能(千吨/年)\nexisting (kt/yr)\nexisting" in [cell.value for cell in _sheet(book, "plan")[1]]
    assert "当地金属价值(元/吨)\nvalue of the metal there (yuan/t)\ntotal" in [cell.value for cell in _sheet(book, "waterfall")[1]]


def test_a_shadow_price_is_money_not_goods(book):
    heads = [cell.value for cell in _sheet(book, "duals")[1]]
    assert [head for head in heads if head.endswith("\nvalue")] == [
        "影子价格(百万元,每单位见“单位”列)\nshadow price (million yuan, per what: see column unit)\nvalue"
    ]
    assert not [head for head in heads if "千吨" in head]


def test_totals_are_those_of_the_view(book):
    view = report_sample.view()
    assert sum(_column(_sheet(book, "flows"), "value")) == pytest.approx(view.flow["value"].sum())
    assert sum(_column(_sheet(book, "activity"), "value")) == pytest.approx(view.activity["value"].sum())
    waterfall = _sheet(book, "waterfall")
    assert sum(_column(waterfall, "yuan_per_t")) == pytest.approx(14262 + 14222 + 14912 + 14292)


def test_plan_shows_before_and_after(book):
    sheet = _sheet(book, "plan")
    rows = list(zip(*(_column(sheet, name) for name in ("site", "site_zh", "stage", "existing", "added", "closed", "after", "output")), strict=True))
    assert ("guangyuan", "广元经济技术开发区", "primary", 615, 135, 0, 750, pytest.approx(675)) in rows


def test_the_plan_sheet_and_the_table_of_the_page_have_the_same_rows(tmp_path):
    """30 kt are cast on the recycling line of a site without casting capacity, 12 kt melted on it; a mill of 40 kt makes nothing."""
    columns = ["site", "unit", "stage", "existing", "added", "closed"]
    view = ReportView(
        "", "", capacity=pd.DataFrame([("b", "line", "recycled", 50.0, 5.0, 0.0), ("a", "mill", "processing", 40.0, 0.0, 40.0)], columns=columns),
        technologies=pd.DataFrame([("dilute", "", "", "casting"), ("melt", "", "", "recycled")], columns=["technology", "name_zh", "name_en", "stage"]),
        activity=pd.DataFrame([("dilute", "b", "m01", 10.0), ("dilute", "b", "m02", 20.0), ("melt", "b", "m01", 12.0)], columns=["technology", "site", "period", "value"]),
    )
    workbook.write(view, tmp_path)
    sheet = _sheet(openpyxl.load_workbook(tmp_path / workbook.NAME), "plan")
    rows = list(zip(*(_column(sheet, name) for name in ("site", "stage", "existing", "added", "closed", "after", "output")), strict=True))
    assert rows == [("a", "processing", 40, 0, 40, 0, 0), ("b", "casting", 0, 0, 0, 0, 30), ("b", "recycled", 50, 5, 0, 55, 12)]
    shown = [tuple(str(cell) for cell in row[2:]) for row in tables.plan(view, Names(view)).rows]
    assert shown == [("40", "·", "40", "0", "0"), ("0", "·", "·", "0", "30"), ("50", "5", "·", "55", "12")]


def test_ids_stand_beside_their_names(book):
    flows = _sheet(book, "flows")
    assert "万州经济技术开发区" in _column(flows, "to_zh") and "Wanzhou ETDZ" in _column(flows, "to_en")
    assert "Bauxite" in _column(flows, "good_en")


def test_named_projects_carry_what_they_miss(book):
    sheet = _sheet(book, "projects")
    rows = dict(zip(_column(sheet, "option"), zip(_column(sheet, "charge"), _column(sheet, "misses"), strict=True), strict=True))
    assert rows["foil_2"] == (1500, 1200) and rows["new_line"] == (None, None)


def test_what_is_free_says_who_pays(tmp_path):
    """Power enters the balance without a price: its users pay it on delivery. A good with a price needs no such words."""
    sample = report_sample.view()
    free = sample.supply.assign(price=[0.46, 0.0])
    workbook.write(report_sample.view(supply=free), tmp_path)
    sheet = _sheet(openpyxl.load_workbook(tmp_path / workbook.NAME), "trade")
    payers = dict(zip(_column(sheet, "commodity"), zip(_column(sheet, "price"), _column(sheet, "payment_en"), strict=True), strict=True))
    assert payers["electricity"] == (None, "paid on delivery") and payers["bauxite"] == (0.46, None)


def test_sources_that_no_figure_names_are_marked(tmp_path):
    sources = report_sample.view().sources.assign(_used=["1", ""])
    workbook.write(report_sample.view(sources=sources), tmp_path)
    sheet = _sheet(openpyxl.load_workbook(tmp_path / workbook.NAME), "sources")
    assert dict(zip(_column(sheet, "source"), _column(sheet, "used"), strict=True)) == {"S01": "1", "SMM2023JAN": None}


def test_every_sheet_prints_landscape_with_frozen_heads(book):
    for sheet in book.worksheets[1:]:
        assert sheet.page_setup.orientation == "landscape" and sheet.freeze_panes == "A2"


def test_summary_carries_the_sentences(book):
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert "Scrap, not sites, limits recycling: 875 kt within reach for 2,450 kt of lines." in cells
    assert "内部研讨用图,未经地图审核,不得公开" in cells and "9f2c51aa" in cells


def test_the_same_view_gives_the_same_bytes(tmp_path):
    view, files = report_sample.view(), []
    for run in ("a", "b"):
        (tmp_path / run).mkdir()
        workbook.write(view, tmp_path / run)
        files.append((tmp_path / run / workbook.NAME).read_bytes())
    assert files[0] == files[1]


def test_it_is_written_in_time(tmp_path):
    view = report_sample.view()
    started = time.process_time()
    workbook.write(view, tmp_path)
    assert time.process_time() - started < 3.0


def test_hostile_texts_stay_texts(tmp_path):
    workbook.write(hostile.view(), tmp_path)
    book = openpyxl.load_workbook(tmp_path / workbook.NAME)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink]
    values = {cell.value for cell in cells}
    assert {"=cmd|'/C calc'!A0", "+1+1", "http://evil.example/page", "seven{{7*7}}seven"} <= values


def test_an_empty_view_gives_an_empty_workbook(tmp_path):
    workbook.write(ReportView("甲", "A"), tmp_path)
    book = openpyxl.load_workbook(tmp_path / workbook.NAME)
    assert book.worksheets[0]["A1"].value == "甲"
    assert all(sheet.max_row == 1 and not sheet._charts for sheet in book.worksheets[2:])


def test_nested_facts_of_the_summary_are_lines_of_their_own():
    facts = {"status": "optimal", "indicators": {"output": {"y1": 2.0, "y2": 3.0}}, "notes": [{"zh": "甲", "en": "A"}]}
    lines = [line for key, value in facts.items() for line in workbook._flat(key, value)]
    assert lines == [
        ("status", "optimal", ""), ("indicators.output.y1", 2.0, ""), ("indicators.output.y2", 3.0, ""), ("notes.1.zh", "甲", ""), ("notes.1.en", "A", ""),
    ]
