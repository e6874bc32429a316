"""Workbooks as Excel, WPS and LibreOffice leave them: read exactly, or refused with sheet, cell, value and what was meant."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from test_reading_workbook import SUPPLY, book_of, reading
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from model.problems import Problems
from model.reading import read
from model.tables import Tables

HEADER = ("commodity", "site", "period", "tier", "price", "max", "note")


def saved(folder: Path, fill: Callable[[Workbook, Worksheet], object], name: str = "supply", computed: bool = True) -> Path:
    """A workbook with the header of ``supply`` that ``fill`` completes, as a program that computes formulas saves it."""
    raw, path = folder / "raw.xlsx", folder / "book.xlsx"
    with xlsxwriter.Workbook(str(raw)) as book:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("ore", "a", "*", "", 3, 10.5))
        fill(book, sheet)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            content = source.read(member)
            if computed and member == "xl/workbook.xml":
                content = content.replace(b' fullCalcOnLoad="1"', b"")  # what xlsxwriter says of results it has not computed
            target.writestr(member, content)
    return path


def reported(path: Path) -> tuple[Tables, Problems]:
    problems = Problems()
    tables = read(path, problems).tables
    assert all(problem.text(language) for problem in problems for language in ("zh", "en"))
    return tables, problems


def located(problems: Problems) -> list[tuple[str, str, str, str, str]]:
    """Rule, sheet, cell, value and suggestion of every error."""
    return [(problem.rule, problem.file, problem.cell, problem.value, problem.suggestion) for problem in problems.errors]


def test_results_that_the_saving_program_computed_are_read_and_said(tmp_path):
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_formula("E2", "=0.1+0.2", None, 0.30000000000000004)
        sheet.write_formula("A2", '="o"&"re"', None, "ore")
        sheet.write_array_formula("F2:F2", "{=SUM(1,2)}", None, 3)

    tables, problems = reported(saved(tmp_path, fill))
    assert (tables["supply"]["price"].item(), tables["supply"]["max"].item(), tables["supply"]["commodity"].item()) == (0.1 + 0.2, 3.0, "ore")
    assert [(problem.rule, problem.cell, problem.value, problem.note) for problem in problems] == [("formula_read", "A2", "3", True)]


def test_a_result_that_nobody_computed_is_refused(tmp_path):
    """xlsxwriter writes 0 as the result of every formula and says that it is to be computed when the file is opened."""
    _, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write_formula("E2", "=1+2"), computed=False))
    assert located(problems) == [("formula_cell", "book.xlsx[supply]", "E2", "=1+2", "")]


def test_a_formula_without_result_is_refused(tmp_path):
    _, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write_formula("F2", '=IF(1,"","x")', None, "")))
    assert located(problems) == [("formula_cell", "book.xlsx[supply]", "F2", '=IF(1,"","x")', "")]


def test_an_array_formula_without_result_shows_its_words(tmp_path):
    _, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write_array_formula("F2:F2", "{=SUM(1,2)}"), computed=False))
    assert located(problems) == [("formula_cell", "book.xlsx[supply]", "F2", "=SUM(1,2)", "")]


def test_results_of_a_workbook_that_computes_on_demand_only_are_refused(tmp_path):
    path = saved(tmp_path, lambda book, sheet: (book.set_calc_mode("manual"), sheet.write_formula("F2", "=1+2", None, 3)))
    assert [rule for rule, *_ in located(reported(path)[1])] == ["formula_cell"]


def test_an_error_is_refused_wherever_it_comes_from(tmp_path):
    _, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write_formula("F2", "=NA()", None, "#N/A")))
    assert located(problems) == [("error_cell", "book.xlsx[supply]", "F2", "#N/A", "")]


@pytest.mark.parametrize(("value", "form", "text"), [
    (7, "General", "7"), (2027, "0", "2027"), (2027, "0_ ", "2027"), (2027, "0_ ;[Red]\\-0\\ ", "2027"), (1.1, "General", "1.1"),
    (True, "General", "TRUE"), (123456789012345, "0", "123456789012345"),
])
def test_an_id_is_what_the_cell_shows(tmp_path, value, form, text):
    tables, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write(1, 1, value, book.add_format({"num_format": form}))))
    assert list(problems) == []
    assert tables["supply"]["site"].item() == text


@pytest.mark.parametrize(("value", "form", "suggestion"), [
    (1, "000", "001"), (100000, "0.00E+00", ""), (1000, "#,##0", ""), (0.5, "0%", ""), (123456789012345678, "0", ""), (7, "0.00", ""),
])
def test_an_id_that_the_cell_shows_otherwise_is_refused(tmp_path, value, form, suggestion):
    """001 and 1E5 typed into Excel become the numbers 1 and 100000: the text is gone, only the format remembers it."""
    _, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write(1, 1, value, book.add_format({"num_format": form}))))
    found = next(problem for problem in problems.errors if problem.rule == "number_for_id")
    assert (found.file, found.cell, found.column, found.suggestion) == ("book.xlsx[supply]", "B2", "site", suggestion)


@pytest.mark.parametrize(("text", "value", "note"), [
    ("1,234.5", 1234.5, "repaired_thousands"), ("１２．５", 12.5, "repaired_digits"), (" 12 ", 12.0, "repaired_blanks"),
    ("\u00a012", 12.0, "repaired_blanks"), ("12", 12.0, ""),
])
def test_numbers_written_as_text(tmp_path, text, value, note):
    tables, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write_string("F2", text)))
    assert tables["supply"]["max"].item() == value
    assert [(problem.rule, problem.cell, problem.note) for problem in problems] == ([(note, "F2", True)] if note else [])


@pytest.mark.parametrize(("text", "suggestion"), [("12%", "0.12"), ("３万", "30000"), ("1 200", "1200"), ("十二", ""), ("1,23", "")])
def test_texts_that_are_no_numbers_name_their_cell(tmp_path, text, suggestion):
    _, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write_string("F2", text)))
    assert located(problems) == [("not_a_number", "book.xlsx[supply]", "F2", text, suggestion)]
    assert problems.errors[0].text("en").startswith("book.xlsx[supply]:F2:max: ")


def test_a_percent_format_is_its_value_except_where_the_column_counts_in_percent(tmp_path):
    def fill(book: Workbook, sheet: Worksheet) -> None:
        percent = book.add_format({"num_format": "0.0%"})
        sheet.write("F2", 0.125, percent)
        contents = book.add_worksheet("element_contents")
        contents.write_row(0, 0, ("input", "element", "content [percent]"))
        contents.write_row(1, 0, ("ore", "Fe", 0.13), percent)

    tables, problems = reported(saved(tmp_path, fill))
    assert tables["supply"]["max"].item() == 0.125
    assert ("percent_cell", "book.xlsx[element_contents]", "C2", "0.13", "13") in located(problems)


def test_formatted_cells_far_away_cost_nothing(tmp_path):
    """A colour at the far corner of the sheet would make a rectangle of seventeen thousand million cells."""
    def fill(book: Workbook, sheet: Worksheet) -> None:
        for corner in ("XFD1048576", "H9", "A3"):
            sheet.write_blank(corner, None, book.add_format({"bg_color": "yellow"}))
        sheet.write("H20", "   ")

    start = time.process_time()
    tables, problems = reported(saved(tmp_path, fill))
    assert time.process_time() - start < 2.0
    assert list(problems) == [] and len(tables["supply"]) == 1


def test_rows_below_gaps_keep_their_numbers(tmp_path):
    _, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write_row(40, 0, ("ore", "b", "*", "", "x"))))
    assert located(problems) == [("not_a_number", "book.xlsx[supply]", "E41", "x", "")]


def test_hidden_sheets_columns_and_rows_are_read_and_said(tmp_path):
    def fill(book: Workbook, sheet: Worksheet) -> None:
        book.add_worksheet("_front").activate()
        sheet.hide()
        sheet.set_column("E:E", None, None, {"hidden": True})
        sheet.set_column("Z:XFD", None, None, {"hidden": True})  # beyond the table: the usual way to tidy a sheet
        sheet.set_row(1, None, None, {"hidden": True})

    tables, problems = reported(saved(tmp_path, fill))
    assert tables["supply"]["price"].item() == 3.0
    assert {(problem.rule, problem.row, problem.value, problem.note) for problem in problems} == {
        ("hidden_sheet", 0, "supply", True), ("hidden_columns", 0, "E", True), ("hidden_rows", 2, "1", True),
    }


@pytest.mark.parametrize("name", ["Supply", "supply ", " supply", "SUPPLY"])
def test_sheets_named_almost_like_a_table(tmp_path, name):
    _, problems = reported(saved(tmp_path, lambda book, sheet: None, name=name))
    assert ("unknown_table", name, "supply") in {(problem.rule, problem.value, problem.suggestion) for problem in problems.errors}


def test_a_column_that_stands_twice_names_the_sheet(tmp_path):
    _, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write("G1", "price")))
    assert located(problems) == [("duplicated_column", "book.xlsx[supply]", "G1", "price", "")]


def test_dates_where_numbers_or_ids_belong(tmp_path):
    def fill(book: Workbook, sheet: Worksheet) -> None:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime("F2", datetime(2026, 3, 1), date)
        sheet.write_datetime("D2", datetime(2026, 3, 1), date)
        sheet.write_datetime("G2", datetime(2026, 3, 1, 12, 30), date)
        sheet.write_number("E2", 2958466 + 1, date)  # after the year 9999

    tables, problems = reported(saved(tmp_path, fill))
    assert [(rule, cell) for rule, _, cell, *_ in located(problems)] == [
        ("date_cell", "F2"), ("error_cell", "E2"), ("date_cell", "D2"),
    ]
    assert tables["supply"]["note"].item() == "2026-03-01 12:30:00"


def test_carriage_returns_of_windows_are_line_ends(tmp_path):
    tables, problems = reported(saved(tmp_path, lambda book, sheet: sheet.write_string("G2", "one\r\ntwo _x000D_ three")))
    assert tables["supply"]["note"].item() == "one\ntwo _x000D_ three"
    assert list(problems) == []


def test_what_openpyxl_would_warn_of_is_silent(tmp_path):
    """Excel keeps drop-downs over sheets in an extension that openpyxl drops with a warning; warnings fail this test."""
    whole, path = saved(tmp_path, lambda book, sheet: None), tmp_path / "extended.xlsx"
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x/></ext></extLst></worksheet>'
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            content = source.read(member)
            target.writestr(member, content.replace(b"</worksheet>", extension) if "sheet1" in member else content)
    assert list(reported(path)[1]) == []


def test_merged_cells_are_one_problem_each(tmp_path):
    """The blanks inside a merged area are not reported as missing ids on top."""
    book = book_of(supply=SUPPLY)
    for area in ("A2:A3", "E2:E3"):
        book["supply"].merge_cells(area)
    _, problems = reading(book, tmp_path)
    assert located(problems) == [
        ("merged_cells", "数据.xlsx[supply]", "A2", "A2:A3", ""), ("merged_cells", "数据.xlsx[supply]", "E2", "E2:E3", ""),
    ]


def test_rules_over_rows_and_tables_name_the_cells_too(tmp_path):
    rows: list[list[Any]] = [SUPPLY[0], ["ore", "a", "*", None, 3, None], ["ore", "a", "*", None, 4, None], ["tin", "a", "*", None, -4, None]]
    _, problems = reading(book_of(supply=rows, commodities=[["commodity"], ["ore"]]), tmp_path)
    assert {(problem.rule, problem.cell) for problem in problems.errors} == {
        ("unknown_reference", "A4"), ("duplicate_key", "A3,B3,D3,C3"), ("money_pump", "E4"),
    }


def test_units_beside_names_are_checked(tmp_path):
    """In a folder of CSV files and in a workbook; brackets of either width."""
    (tmp_path / "tariffs.csv").write_text("tariff,price [yuan/kWh]\nlocal,0.5\n", encoding="utf-8")
    (tmp_path / "tariff_prices.csv").write_text("tariff,month,price【yuan/MWh】\nlocal,m01,500\n", encoding="utf-8")
    tables, problems = reported(tmp_path)
    assert tables["tariffs"]["price"].item() == 0.5
    assert [(problem.rule, problem.file, problem.row, problem.column, problem.value, problem.suggestion) for problem in problems.errors] == [
        ("other_unit", "tariff_prices.csv", 1, "price", "yuan/MWh", "yuan/kWh"),
    ]
    book = book_of(tariffs=[["tariff", "price [元/千瓦时]"], ["local", 0.5]])
    assert located(reading(book, tmp_path)[1]) == [("other_unit", "数据.xlsx[tariffs]", "B1", "元/千瓦时", "yuan/kWh")]


def test_a_workbook_with_macros_is_read_and_other_files_are_named(tmp_path):
    whole = saved(tmp_path, lambda book, sheet: None)
    macros = whole.rename(tmp_path / "book.xlsm")
    assert list(reported(macros)[1]) == []
    assert reported(macros)[0]["supply"]["price"].item() == 3.0
