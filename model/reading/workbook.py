"""One Excel workbook as sheets of text; what Excel hides (formulas, merged cells, dates, errors) is reported."""

from __future__ import annotations

import zlib
from datetime import date, time, timedelta
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from model.problems import Problems
from model.reading.nearest import nearest
from model.reading.sheets import Sheet, sheet_of
from model.schema import ALL_TABLES

# what openpyxl has been seen to raise for files that are no workbook
NOT_A_WORKBOOK: Final = (
    InvalidFileException, BadZipFile, ParseError, zlib.error, KeyError, ValueError, TypeError, IndexError, AttributeError,
    OSError, EOFError, NotImplementedError,
)
PRIVATE = "_"  # sheets whose name begins so are for people, not for the model


def read_workbook(path: Path, problems: Problems) -> dict[str, Sheet | None]:
    """Every sheet of the workbook that names a known table; None for one without header.

    Sheets without any cell and sheets named ``_…`` are ignored, other unknown sheets are errors (rule R17).
    """
    try:
        book = openpyxl.load_workbook(path)
    except NOT_A_WORKBOOK as error:
        problems.add("unreadable_file", file=path.name, value=str(error) or type(error).__name__)
        return {}
    sheets: dict[str, Sheet | None] = {}
    for sheet in book.worksheets:
        name = sheet.title
        if name in ALL_TABLES:
            sheets[name] = _read_sheet(sheet, f"{path.name}[{name}]", problems)
        elif not name.startswith(PRIVATE) and _is_filled(sheet):
            problems.add("unknown_table", file=path.name, value=name, suggestion=nearest(name, ALL_TABLES))
    return sheets


def _is_filled(sheet: Worksheet) -> bool:
    return any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)


def _read_sheet(sheet: Worksheet, file: str, problems: Problems) -> Sheet | None:
    for area in sheet.merged_cells.ranges:
        problems.add("merged_cells", file=file, row=area.min_row, value=area.coord)
    hidden = sorted(number for number, row in sheet.row_dimensions.items() if row.hidden and number <= sheet.max_row)
    if hidden:
        problems.add("hidden_rows", file=file, row=hidden[0], value=len(hidden), note=True)
    rows: list[list[str]] = []
    kinds: list[str] = []
    for cells in sheet.iter_rows():
        rows.append([_text(cell, file, kinds, problems) for cell in cells])
        if not kinds and any(rows[-1]):
            by_name = ALL_TABLES[sheet.title].by_name
            kinds = [by_name[name.strip()].kind if name.strip() in by_name else "text" for name in rows[-1]]
    return sheet_of(sheet.title, file, rows, range(1, len(rows) + 1), problems)


def _text(cell: Cell | MergedCell, file: str, kinds: list[str], problems: Problems) -> str:
    """The cell as text; formulas, errors and dates where an id or a number belongs are reported and read as blank."""
    value = cell.value
    if value is None:
        return ""
    place = {"file": file, "row": cell.row, "column": cell.coordinate}
    if cell.data_type == "f":
        problems.add("formula_cell", **place, value=value)
        return ""
    if cell.data_type == "e":
        problems.add("error_cell", **place, value=value)
        return ""
    if isinstance(value, date | time | timedelta):  # datetime is a date
        if kinds and kinds[(cell.column or 1) - 1] != "text":
            problems.add("date_cell", **place, value=value)
        return str(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
