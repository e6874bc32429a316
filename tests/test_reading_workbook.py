"""Workbooks: the same tables as CSV, and what Excel hides is reported with its cell."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from model.problems import Problems
from model.reading import read

SUPPLY = [["commodity", "site", "period", "tier", "price", "max"], ["ore", "a", "*", None, 3, 10.5], ["coal", 7, "*", None, 0.25, None]]


def book_of(**sheets: list[list[Any]]) -> Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def reading(book: Workbook, folder: Path) -> tuple[dict[str, Any], Problems]:
    path = folder / "数据.xlsx"
    book.save(path)
    problems = Problems()
    return read(path, problems).tables, problems


def test_a_workbook_reads_like_csv(tmp_path):
    tables, problems = reading(book_of(supply=SUPPLY), tmp_path)
    assert list(problems) == []
    supply = tables["supply"]
    assert list(supply["price"]) == [3.0, 0.25]
    assert list(supply["site"]) == ["a", "7"]  # a whole number in an id column is its digits
    assert supply["max"].isna().tolist() == [False, True]
    assert list(supply["_row"]) == [2, 3]
    assert set(supply["_file"]) == {"数据.xlsx[supply]"}


def test_private_and_empty_sheets_are_ignored_and_unknown_ones_are_not(tmp_path):
    book = book_of(supply=SUPPLY, _notes=[["anything"]], Sheet1=[], suply=[["x"]])
    _, problems = reading(book, tmp_path)
    assert [(problem.rule, problem.value, problem.suggestion) for problem in problems.errors] == [("unknown_table", "suply", "supply")]


FLAWS = [
    ("formula_cell", "=1+2", "F2"), ("error_cell", "#DIV/0!", "F2"), ("date_cell", datetime(2026, 3, 1), "F2"),
]


@pytest.mark.parametrize(("rule", "value", "cell"), FLAWS)
def test_what_excel_makes_of_numbers(tmp_path, rule, value, cell):
    book = book_of(supply=SUPPLY)
    book["supply"][cell] = value
    _, problems = reading(book, tmp_path)
    found = {(problem.rule, problem.file, problem.row, problem.column, problem.cell) for problem in problems.errors}
    assert (rule, "数据.xlsx[supply]", 2, "max", cell) in found


def test_dates_are_allowed_in_texts_only(tmp_path):
    book = book_of(supply=[[*SUPPLY[0], "note"], [*SUPPLY[1], datetime(2026, 3, 1)]])
    tables, problems = reading(book, tmp_path)
    assert list(problems) == []
    assert tables["supply"]["note"].item() == "2026-03-01"


def test_text_that_looks_like_a_formula_is_text(tmp_path):
    book = book_of(supply=[[*SUPPLY[0], "note"], [*SUPPLY[1], None]])
    cell = book["supply"]["G2"]
    cell.value = "=HYPERLINK(1)"
    cell.data_type = "s"
    tables, problems = reading(book, tmp_path)
    assert list(problems) == []
    assert tables["supply"]["note"].item() == "=HYPERLINK(1)"


def test_merged_cells_and_hidden_rows(tmp_path):
    book = book_of(supply=SUPPLY)
    book["supply"].merge_cells("A2:A3")
    book["supply"].row_dimensions[3].hidden = True
    _, problems = reading(book, tmp_path)
    assert [(problem.rule, problem.row, problem.cell, problem.value) for problem in problems.errors] == [("merged_cells", 2, "A2", "A2:A3")]
    assert [(problem.rule, problem.row) for problem in problems.notes] == [("hidden_rows", 3)]


def test_flaws_of_cells_name_sheet_and_row(tmp_path):
    rows = [*SUPPLY, [], ["tin", "a", "*", None, "lots", None, None, "stray"]]
    _, problems = reading(book_of(supply=rows), tmp_path)
    assert {(problem.rule, problem.row) for problem in problems.errors} == {("not_a_number", 5), ("unnamed_column", 5)}


def test_booleans_are_no_numbers(tmp_path):
    _, problems = reading(book_of(supply=[SUPPLY[0], ["ore", "a", "*", None, True, None]]), tmp_path)
    assert [(problem.rule, problem.value) for problem in problems.errors] == [("not_a_number", "TRUE")]


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<a>", b"<worksheet><sheetData><row r='x'><c r='??'/></row></sheetData></worksheet>"])
def test_broken_workbooks_are_reported(tmp_path, member, content):
    whole, broken = tmp_path / "whole.xlsx", tmp_path / "broken.xlsx"
    book_of(supply=SUPPLY).save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, content if name == member else source.read(name))
    problems = Problems()
    read(broken, problems)
    assert problems.errors
