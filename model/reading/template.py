"""A dataset as an Excel workbook that people can edit and ``read`` reads back to the same tables."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xlsxwriter
import xlsxwriter.utility
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from model import words
from model.problems import ExitCode, Problems, refuse
from model.reading import read
from model.reading.gate import place_of, shown
from model.schema import ALL_TABLES, Column
from model.schema.spec import PROVENANCE
from model.tables import Tables

PLAIN_TEXT: Final = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
CREATED: Final = datetime(2025, 1, 1)  # a fixed date keeps equal datasets byte-identical
SPARE_ROWS: Final = 500  # below the last row, where people add rows: drop-downs reach that far
LONGEST_LIST: Final = 250  # characters of a drop-down written out; Excel allows 255
GUIDE: Final = "_说明 guide"  # the name begins with _, so it is not read back
SOURCE: Final = PROVENANCE[0]
LONGEST_TEXT: Final = 32767  # characters of one Excel cell


def write_template(dataset_path: Path, out: Path) -> None:
    """Write the dataset at ``dataset_path`` to the workbook ``out``, one sheet per table.

    Headers name the unit, stay in view and carry a note (meaning, unit, range, blank); ids, choices and sources have
    drop-downs; text is written as text only; the first sheet, which is not read back, says what each sheet holds.
    Raises ``Refusal`` for a faulty dataset (data) or a place that cannot be written (files).
    """
    problems = Problems()
    tables = read(dataset_path, problems).tables
    _check_lengths(tables, problems)
    problems.stop_on_errors()
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")  # an earlier workbook stays until the new one is whole
    try:
        with xlsxwriter.Workbook(str(draft), PLAIN_TEXT) as book:
            book.set_properties({"created": CREATED})
            bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1})
            names = [name for name in ALL_TABLES if name in tables]
            _write_guide(book, bold, names, tables)
            for name in names:
                _write_sheet(book, bold, name, tables)
        draft.replace(out)
    except (XlsxFileError, OSError) as error:
        raise refuse(ExitCode.FILES, "cannot_write", value=str(out), reason=getattr(error, "strerror", None) or error) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _check_lengths(tables: Tables, problems: Problems) -> None:
    for name, table in tables.items():
        for column in (column for column in ALL_TABLES[name].columns if column.kind != "number"):
            place = place_of(name, table, column.name)
            lengths = table[column.name].str.len()
            for index in np.flatnonzero(lengths > LONGEST_TEXT):
                place.add(problems, "text_too_long", int(index), lengths.iloc[index], most=LONGEST_TEXT)


def _write_guide(book: Workbook, bold: Format, names: list[str], tables: Tables) -> None:
    """The sheet for people: every table in both languages with its number of rows, and how the workbook is read back."""
    sheet = book.add_worksheet(GUIDE)
    sheet.freeze_panes(1, 0)
    for position, (key, width) in enumerate((("sheet", 24), ("meaning_zh", 60), ("meaning_en", 70), ("rows", 10))):
        sheet.write_string(0, position, " · ".join(words.text(f"template.{key}", language) for language in words.LANGUAGES), bold)
        sheet.set_column(position, position, width)
    for row, name in enumerate(names, start=1):
        for position, text in enumerate((name, ALL_TABLES[name].zh, ALL_TABLES[name].en)):
            sheet.write_string(row, position, text)
        sheet.write_number(row, 3, len(tables[name]))
    for row, language in enumerate(words.LANGUAGES, start=len(names) + 2):
        sheet.write_string(row, 0, words.text("template.how", language))


def header_of(column: Column) -> str:
    """The name with the unit in which the numbers are written, as ``price [yuan/t]``."""
    return f"{column.name} [{column.unit}]" if column.unit else column.name


def _write_sheet(book: Workbook, bold: Format, name: str, tables: Tables) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_default_row(15)
    table = tables[name]
    for position, column in enumerate(ALL_TABLES[name].columns):
        sheet.write_string(0, position, header_of(column), bold)
        sheet.write_comment(0, position, header_note(column), {"x_scale": 2.0, "y_scale": 1.2})
        _write_cells(sheet, position, column, table[column.name])
        _add_list(sheet, position, column, len(table), tables)
        longest = max([len(header_of(column)), *(len(str(cell)) for cell in table[column.name].head(50))])
        sheet.set_column(position, position, min(40, 2 + longest))


def _write_cells(sheet: Worksheet, position: int, column: Column, cells: pd.Series) -> None:
    """Texts as texts; numbers as numbers unless the file would round them (16 digits) or lose the sign of a zero, then as text too."""
    for row, cell in enumerate(cells, start=1):
        if column.kind != "number":
            sheet.write_string(row, position, cell)
        elif float(f"{cell:.16G}") == cell and repr(cell) != "-0.0":
            sheet.write_number(row, position, cell)
        else:
            sheet.write_string(row, position, "" if math.isnan(cell) else repr(cell))


def header_note(column: Column) -> str:
    """What a column holds, in both languages: meaning, unit, range, choices, table of its ids, meaning of a blank."""
    lines = []
    for language, name in (("zh", column.zh), ("en", column.en)):
        parts = [name or column.name]
        if column.unit:
            parts.append(words.text("template.unit", language, unit=column.unit))
        if column.kind == "number" and (math.isfinite(column.low) or math.isfinite(column.high)):
            parts.append(words.text("template.range", language, low=shown(column.low), high=shown(column.high)))
        if column.choices:
            choices = ", ".join(choice for choice in column.choices if choice)
            parts.append(words.text("template.choices", language, choices=choices))
        if column.refers:
            parts.append(words.text("template.refers", language, table=column.refers.partition(".")[0]))
        parts.append(words.text("template.required" if column.required else "template.optional", language, blank=_blank(column)))
        lines.append("; ".join(parts) if language == "en" else "\uff1b".join(parts))
    return "\n".join(lines)


def _blank(column: Column) -> str:
    """What a blank cell means, "" where it means nothing."""
    blank = column.blank
    if isinstance(blank, float):
        return "" if math.isnan(blank) else shown(blank)
    return blank if isinstance(blank, str) else ""


def _add_list(sheet: Worksheet, position: int, column: Column, rows: int, tables: Tables) -> None:
    """A drop-down of the choices, or of the ids in the sheet they refer to; other entries are questioned, not blocked.

    A cell of sources may name several, so its other entries are not even questioned.
    """
    target, _, target_column = ("sources.source_id" if column == SOURCE else column.refers).partition(".")
    source: list[str] | str | None = None
    if column.many:  # Excel knows no list of several entries
        return
    if column.choices and len(",".join(column.choices)) <= LONGEST_LIST:
        source = [choice for choice in column.choices if choice]
    elif target in tables:
        place = list(ALL_TABLES[target].by_name).index(target_column)
        letter = xlsxwriter.utility.xl_col_to_name(place, True)
        source = f"='{target}'!{letter}$2:{letter}${len(tables[target]) + 1 + SPARE_ROWS}"
    if source is not None:
        rule = {"validate": "list", "source": source, "ignore_blank": True, "error_type": "warning", "show_error": column != SOURCE}
        sheet.data_validation(1, position, rows + SPARE_ROWS, position, rule)
