"""A sheet of text becomes a typed table: columns known and complete, every cell parsed by its declared kind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.problems import Problems
from model.reading.gate import Place, check_numbers, check_texts
from model.reading.nearest import nearest
from model.reading.numbers import number, number_meant, plain_numbers
from model.reading.sheets import Sheet
from model.schema import ALL_TABLES, Column
from model.schema.spec import Required
from model.tables import FILE, ROW

REPAIRS = ("repaired_blanks", "repaired_digits", "repaired_thousands")


def typed(sheet: Sheet, problems: Problems) -> pd.DataFrame | None:
    """The sheet as a typed table with ``_file`` and ``_row``; None where a column is missing or stands twice.

    Faulty cells are reported and become blank.
    """
    spec = ALL_TABLES[sheet.table]
    sound = _check_header(sheet, problems)
    files = [sheet.file] * len(sheet.lines)
    data: dict[str, pd.Series] = {}
    for column in spec.columns:
        if column.name in sheet.header:
            place = Place(column.name, files, sheet.lines)
            cells = sheet.columns[sheet.header.index(column.name)]
            data[column.name] = parsed(column, cells, place, problems)
        else:
            data[column.name] = _series(column, [blank_of(column)] * len(sheet.lines))
    data[FILE] = pd.Series(files, dtype="object")
    data[ROW] = pd.Series(sheet.lines, dtype="int64")
    return pd.DataFrame(data) if sound else None


def _check_header(sheet: Sheet, problems: Problems) -> bool:
    """Report unknown, missing and repeated columns; whether the table can be used for further checks."""
    spec = ALL_TABLES[sheet.table]
    place = {"file": sheet.file, "row": sheet.header_line}
    absent = [name for name in spec.by_name if name not in sheet.header]
    sound = True
    for name, count in Counter(sheet.header).items():
        if name not in spec.by_name:
            suggestion = nearest(name, absent) or nearest(name, spec.by_name)
            problems.add("unknown_column", **place, column=name, value=name, suggestion=suggestion)  # type: ignore[arg-type]
        elif count > 1:
            sound = False
            problems.add("duplicated_column", **place, column=name, value=name)  # type: ignore[arg-type]
    for name in absent:
        if spec.by_name[name].required:
            sound = False
            problems.add("missing_column", **place, column=name, value=name)  # type: ignore[arg-type]
    return sound


def blank_of(column: Column) -> str | float:
    """The value of a blank cell of ``column``; for a required one a neutral blank that stands for the faulty cell."""
    if isinstance(column.blank, Required):
        return math.nan if column.kind == "number" else ""
    return column.blank


def _series(column: Column, values: Sequence[object]) -> pd.Series:
    return pd.Series(values, dtype="float64" if column.kind == "number" else "object")


def parsed(column: Column, cells: Sequence[str], place: Place, problems: Problems) -> pd.Series:
    """Text cells as values of ``column``: blanks replaced, repairs noted once, faults reported and read as blank."""
    bare = [cell.strip() for cell in cells]
    if sum(map(len, cells)) != sum(map(len, bare)):
        _report_blanks(column, cells, bare, place, problems)
    if column.kind == "number":
        values = _numbers(column, bare, place, problems)
        check_numbers(column, np.asarray(values, dtype=float), place, problems, blanks=False)
        return _series(column, values)
    if column.kind == "text":
        bare = [cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell for cell in bare]
    check_texts(column, bare, place, problems, blanks=True)
    blank = blank_of(column)
    return _series(column, [cell or blank for cell in bare])


def _report_blanks(column: Column, cells: Sequence[str], bare: Sequence[str], place: Place, problems: Problems) -> None:
    """Blanks around a cell: an error for an id, which must be written as it is meant (R18), else one note per column."""
    padded = [index for index, cell in enumerate(bare) if cell and len(cells[index]) != len(cell)]
    if column.kind == "id" and not column.many:
        for index in padded:
            place.add(problems, "bad_id", index, cells[index], bare[index], choices="")
    elif padded:
        _note(place, problems, "repaired_blanks", padded[0], bare[padded[0]], len(padded))


def _numbers(column: Column, cells: Sequence[str], place: Place, problems: Problems) -> list[float]:
    """Stripped cells as numbers; blank or faulty cells become the blank value."""
    blank = float(blank_of(column))
    if column.required:
        for index, cell in enumerate(cells):
            if not cell:
                place.add(problems, "blank_number", index, "")
    plain = plain_numbers(cells)
    if plain is not None:
        return [value if cell else blank for value, cell in zip(plain, cells, strict=True)]
    values = []
    repaired: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        value, remark = number(cell) if cell else (blank, "")
        if remark in REPAIRS:
            repaired.setdefault(remark, []).append(index)
        elif remark:
            place.add(problems, remark, index, cell, number_meant(cell) if remark == "not_a_number" else "")
        values.append(value)
    for remark, at in repaired.items():
        _note(place, problems, remark, at[0], cells[at[0]], len(at))
    return values


def _note(place: Place, problems: Problems, rule: str, index: int, value: str, count: int) -> None:
    place.add(problems, rule, index, value, note=True, count=count)
