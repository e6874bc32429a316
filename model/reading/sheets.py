"""A sheet of text cells, whatever file it came from: header, rows and the real line of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.problems import Problems
from model.schema import ALL_TABLES

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


def _header(table: str, file: str, line: int, cells: Sequence[str], problems: Problems) -> tuple[str, ...] | None:
    """The names of the first filled row without outer blanks, or None (reported) if it names no column of the table."""
    known = ALL_TABLES[table].by_name
    header = tuple(cell.strip() for cell in cells)
    if any(name in known for name in header):
        if header != tuple(cells):
            padded = next(cell for cell in cells if cell != cell.strip())
            problems.add("repaired_header", file=file, row=line, value=padded.strip(), note=True)
        return header
    for separator in SEPARATORS:
        parts = [part.strip() for part in header[0].split(separator)]
        if len(parts) > 1 and any(part in known for part in parts):
            problems.add("wrong_separator", file=file, row=line, value=separator)
            return None
    problems.add("no_header", file=file, row=line, value=header[0], columns=", ".join(known))
    return None
