"""One Excel workbook as sheets of text; what Excel hides (formulas, merged cells, dates, errors) is read right or reported."""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from model.problems import Problems
from model.reading.cells import Place, cell_text
from model.reading.nearest import nearest
from model.reading.sheets import Sheet, named, sheet_of
from model.schema import ALL_TABLES

# what openpyxl has been seen to raise for files that are no workbook; broken XML is a SyntaxError with lxml and without
NOT_A_WORKBOOK: Final = (
    InvalidFileException, BadZipFile, SyntaxError, zlib.error, KeyError, ValueError, TypeError, IndexError, AttributeError,
    OSError, EOFError, NotImplementedError,
)
BOOK_PART: Final = "xl/workbook.xml"
CALCULATION: Final = re.compile(rb"<(\w+:)?calcPr\b[^>]*>")
UNRELIABLE: Final = re.compile(rb"fullCalcOnLoad=.(1|true)|calcMode=.manual")
PRIVATE = "_"  # sheets whose name begins so are for people, not for the model


def read_workbook(path: Path, problems: Problems) -> dict[str, Sheet | None]:
    """Every sheet of the workbook that names a known table; None for one without header.

    Sheets without any cell and sheets named ``_…`` are ignored, other unknown sheets are errors (rule R17).
    """
    book = _opened(path, problems)
    if book is None:
        return {}
    known = [sheet for sheet in book.worksheets if sheet.title in ALL_TABLES]
    results = _stored_results(path, known)
    sheets: dict[str, Sheet | None] = {}
    for sheet in book.worksheets:
        name = sheet.title
        if name in ALL_TABLES:
            sheets[name] = _read_sheet(sheet, f"{path.name}[{name}]", results.get(name, {}), problems)
        elif not name.startswith(PRIVATE) and _filled(sheet):
            problems.add("unknown_table", file=path.name, value=name, suggestion=nearest(name, ALL_TABLES))
    return sheets


def _opened(path: Path, problems: Problems, *, results: bool = False) -> Workbook | None:
    """The workbook with its formulas, or with the ``results`` stored of them; None (reported) where it is none."""
    try:
        with warnings.catch_warnings():  # openpyxl warns of drop-downs and styles that it does not keep: nothing for readers
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, data_only=results)
    except NOT_A_WORKBOOK as error:
        problems.add("unreadable_file", file=path.name, value=str(error) or type(error).__name__)
        return None


def _filled(sheet: Worksheet) -> dict[Place, Cell]:
    """The cells that hold more than blanks, by row and column.

    The public iterators fill the whole rectangle up to the last formatted cell, which may be XFD1048576.
    """
    return {place: cell for place, cell in sheet._cells.items() if cell.value is not None and str(cell.value).strip()}


def _stored_results(path: Path, sheets: Sequence[Worksheet]) -> dict[str, dict[Place, Cell]]:
    """The results of formulas that the program which saved the workbook had computed, by sheet.

    None where it says itself that they are not up to date: made without computing, or computing switched off.
    """
    if not any(cell.data_type == "f" for sheet in sheets for cell in _filled(sheet).values()):
        return {}
    computed = None if _is_uncomputed(path) else _opened(path, Problems(), results=True)
    return {} if computed is None else {sheet.title: _filled(computed[sheet.title]) for sheet in sheets}


def _is_uncomputed(path: Path) -> bool:
    """Whether the workbook itself says that the results it stores are not to be relied on.

    Read from the file: openpyxl fills in "compute on opening" where the file says nothing.
    """
    with ZipFile(path) as archive:
        state = CALCULATION.search(archive.read(BOOK_PART)) if BOOK_PART in archive.namelist() else None
    return bool(state and UNRELIABLE.search(state[0]))


def _read_sheet(sheet: Worksheet, file: str, stored: Mapping[Place, Cell], problems: Problems) -> Sheet | None:
    cells = _filled(sheet)
    lines = sorted({row for row, _ in cells})
    width = max((column for _, column in cells), default=0)
    first_line = [cells.get((lines[0], number)) for number in range(1, width + 1)] if lines else []
    header = [named(str(cell.value))[0] if cell else "" for cell in first_line]
    problems.letters[file] = {name: get_column_letter(number) for number, name in enumerate(header, start=1) if name}
    _report_hidden(sheet, file, problems)
    _report_results(file, cells, stored, problems)
    merged = _merged(sheet, file, problems)
    by_name = ALL_TABLES[sheet.title].by_name
    rows = []
    for line in lines:
        texts = []
        for number, name in enumerate(header, start=1):
            cell = cells.get(merged.get((line, number), (line, number)))
            column = by_name.get(name) if line != lines[0] else None
            where: dict[str, object] = {"file": file, "row": line, "column": name, "cell": f"{get_column_letter(number)}{line}"}
            texts.append(cell_text(cell, column, stored, where, problems) if cell else "")
        rows.append(texts)
    return sheet_of(sheet.title, file, rows, lines, problems)


def _report_hidden(sheet: Worksheet, file: str, problems: Problems) -> None:
    """Notes on what a person may overlook: a hidden sheet, hidden columns, hidden or filtered rows."""
    if sheet.sheet_state != "visible":
        problems.add("hidden_sheet", file=file, value=sheet.title, note=True)
    letters = [letter for letter, column in sheet.column_dimensions.items() if column.hidden and column.min <= sheet.max_column]
    if letters:
        problems.add("hidden_columns", file=file, value=", ".join(sorted(letters)), note=True)
    rows = sorted(number for number, row in sheet.row_dimensions.items() if row.hidden and number <= sheet.max_row)
    if rows:
        problems.add("hidden_rows", file=file, row=rows[0], value=len(rows), note=True)


def _report_results(file: str, cells: Mapping[Place, Cell], stored: Mapping[Place, Cell], problems: Problems) -> None:
    """One note on the formulas whose stored results are read."""
    used = sorted(place for place, cell in cells.items() if cell.data_type == "f" and place in stored)
    if used:
        first = cells[used[0]]
        problems.add("formula_read", file=file, row=first.row, cell=first.coordinate, value=len(used), note=True)


def _merged(sheet: Worksheet, file: str, problems: Problems) -> dict[Place, Place]:
    """Every merged area is an error; its cells → its first one, so that the blanks in it do not become errors of their own."""
    first: dict[Place, Place] = {}
    for area in sheet.merged_cells.ranges:
        corner = (area.min_row, area.min_col)
        problems.add("merged_cells", file=file, row=area.min_row, cell=f"{get_column_letter(area.min_col)}{area.min_row}", value=area.coord)
        first.update({place: corner for row in area.rows for place in row})
    return first
