"""A sheet of text cells, whatever file it came from: header, rows and the real line of each row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from model.problems import Problems
from model.schema import ALL_TABLES

WITH_UNIT: Final = re.compile(r"(.+?)\s*\[(.*)\]", re.DOTALL)  # price [yuan/t], as the workbook template writes it
SEPARATORS = (";", "\t", "|", "\uff1b", "\uff0c")  # the last two are full-width


@dataclass(frozen=True)
class Sheet:
    """Text cells of one table: ``columns`` are as long as ``lines``; ``header_line`` is where the names stand."""

    table: str
    file: str
    header_line: int
    header: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def sheet_of(table: str, file: str, rows: Sequence[Sequence[str]], lines: Sequence[int], problems: Problems) -> Sheet | None:
    """Rows of cells as a ``Sheet``: blank rows left out, ragged rows and nameless columns reported, None without header."""
    filled = [(line, row) for line, row in zip(lines, rows, strict=True) if any(row) and any(cell.strip() for cell in row)]
    if not filled:
        problems.add("empty_file", file=file)
        return None
    header_line, first = filled[0]
    header = _header(table, file, header_line, first, problems)
    if header is None:
        return None
    body = []
    for line, row in filled[1:]:
        if len(row) == len(header):
            body.append((line, row))
        else:
            problems.add("ragged_row", file=file, row=line, value=len(row), expected=len(header))
    columns = list(zip(*(row for _, row in body), strict=True)) or [()] * len(header)
    named = []
    for name, cells in zip(header, columns, strict=True):
        if name:
            named.append((name, cells))
        elif any(cell.strip() for cell in cells):
            at = next(index for index, cell in enumerate(cells) if cell.strip())
            problems.add("unnamed_column", file=file, row=body[at][0], value=cells[at])
    names, kept = tuple(name for name, _ in named), tuple(cells for _, cells in named)
    return Sheet(table, file, header_line, names, kept, tuple(line for line, _ in body))


def named(cell: str) -> tuple[str, str]:
    """The name and the unit ("" where none is stated) of a header cell such as ``price [yuan/t]``; brackets may be full-width."""
    narrow = unicodedata.normalize("NFKC", cell).strip().replace("\u3010", "[").replace("\u3011", "]")
    parts = WITH_UNIT.fullmatch(narrow)
    return (parts[1], parts[2].strip()) if parts else (cell.strip(), "")


def _header(table: str, file: str, line: int, cells: Sequence[str], problems: Problems) -> tuple[str, ...] | None:
    """The names of the first filled row without outer blanks and units, or None (reported) if it names no column of the table.

    A unit written beside the name must be the one in which the column is read: a price in other units would be a wrong price.
    """
    known = ALL_TABLES[table].by_name
    parts = [named(cell) for cell in cells]
    header = tuple(name for name, _ in parts)
    if any(name in known for name in header):
        padded = next((cell for cell in cells if cell != cell.strip()), "")
        if padded:
            problems.add("repaired_header", file=file, row=line, value=padded.strip(), note=True)
        for name, unit in parts:
            if unit and name in known and unit != known[name].unit:
                problems.add("other_unit", file=file, row=line, column=name, value=unit, suggestion=known[name].unit)
        return header
    for separator in SEPARATORS:
        names = [part.strip() for part in header[0].split(separator)]
        if len(names) > 1 and any(name in known for name in names):
            problems.add("wrong_separator", file=file, row=line, value=separator)
            return None
    problems.add("no_header", file=file, row=line, value=header[0], columns=", ".join(known))
    return None
