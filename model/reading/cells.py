"""One cell of a workbook as text: exactly what stands there, or a located refusal where Excel shows something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from openpyxl.cell.cell import Cell, MergedCell

from model.problems import Problems
from model.reading.gate import shown
from model.schema import Column

Place = tuple[int, int]  # row and column of a cell, from 1
EXACT_DIGITS: Final = 10**15  # Excel keeps 15 digits of a number
PLAIN_FORMATS: Final = ("", "0", "#", "@", "general")
# what a number format adds without changing the digits: [colour], "quoted blanks", _x, \x, *x
DECORATION: Final = re.compile(r"\[[^]]*\]|\"\s*\"|_.|\\[ -]|\*.")
ZEROS: Final = re.compile(r"0{2,}")


def cell_text(cell: Cell | MergedCell, column: Column | None, stored: Mapping[Place, Cell], where: dict[str, object], problems: Problems) -> str:
    """The cell as text, "" where it is blank or refused.

    ``column`` is what the header above declares (None: the header itself or an unknown column); ``stored`` holds the
    results that the workbook keeps of its formulas; ``where`` is the place for problems: file, row, column, cell.
    """
    if cell.data_type == "f":
        result = stored.get((cell.row, cell.column))
        if result is None:
            problems.refuse_cell("formula_cell", **where, value=getattr(cell.value, "text", cell.value))
            return ""
        cell = result
    value = cell.value
    if value is None:
        return ""
    rule = _flaw(cell, column)
    if rule:
        problems.refuse_cell(rule, **where, value=value, suggestion=_meant(cell, rule))
        return ""
    return _plain(value, exact=column is None or column.kind == "number")


def _flaw(cell: Cell, column: Column | None) -> str:
    """The rule that the value breaks by its kind alone, "" if none."""
    value = cell.value
    if cell.data_type == "e":
        return "error_cell"
    if column is None or column.kind == "text" or isinstance(value, bool | str):
        return ""
    if isinstance(value, date | time | timedelta):  # datetime is a date
        return "date_cell"
    if column.kind == "number":
        return "percent_cell" if column.unit == "percent" and "%" in cell.number_format else ""
    return "" if abs(value) < EXACT_DIGITS and _digits_format(cell) in PLAIN_FORMATS else "number_for_id"


def _digits_format(cell: Cell) -> str:
    """The number format without colours, blanks and the forms of negative numbers, in small letters."""
    return DECORATION.sub("", str(cell.number_format).split(";")[0]).casefold().strip()


def _meant(cell: Cell, rule: str) -> str:
    """What the refused cell shows, where that is known: 001 for a one with the format 000, 12 for 12 % of a percentage."""
    if rule == "percent_cell":
        return shown(cell.value * 100)
    zeros = _digits_format(cell)
    whole = rule == "number_for_id" and float(cell.value).is_integer()
    return f"{int(cell.value):0{len(zeros)}d}" if whole and ZEROS.fullmatch(zeros) else ""


def _plain(value: object, *, exact: bool) -> str:
    """A value as text: ``exact`` numbers to the last bit, others with the fifteen digits that Excel shows."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < EXACT_DIGITS
        return str(int(value)) if whole else repr(value) if exact else f"{value:.15g}"
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return str(value).replace("_x000D_\n", "\n")  # Excel's name for a carriage return, which openpyxl leaves
