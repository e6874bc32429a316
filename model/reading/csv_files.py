"""CSV files of a folder as sheets: UTF-8 with or without BOM, GB18030 recognised, real line numbers kept."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from typing import Final

from model.problems import Problems
from model.reading.nearest import nearest
from model.reading.sheets import Sheet, sheet_of
from model.schema import ALL_TABLES

REPLACEMENT: Final = "\ufffd"  # what a byte that is no UTF-8 becomes
LAST_TWO_BYTES: Final = "\u07ff"  # Chinese characters lie above: three bytes that other encodings hardly ever form


def read_folder(folder: Path, problems: Problems) -> dict[str, Sheet | None]:
    """Every ``.csv`` of ``folder`` that names a known table; None for a table that could not be read.

    Other file types and hidden files are ignored, unknown CSV files are errors (rule R17).
    """
    sheets: dict[str, Sheet | None] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or path.name.startswith("."):
            continue
        if path.stem in ALL_TABLES:
            sheets[path.stem] = _read_file(path, problems)
        else:
            problems.add("unknown_table", file=path.name, value=path.stem, suggestion=nearest(path.stem, ALL_TABLES))
    return sheets


def _read_file(path: Path, problems: Problems) -> Sheet | None:
    text = read_text(path, problems)
    if text is None:
        return None
    rows, lines = _records(text, path.name, problems)
    return sheet_of(path.stem, path.name, rows, lines, problems) if rows is not None else None


def read_text(path: Path, problems: Problems) -> str | None:
    """The text of a file, as ``decode`` reads it; None (reported) where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.add("unreadable_file", file=path.name, value=error.strerror or error)
        return None
    return decode(data, path.name, problems)


def decode(data: bytes, file: str, problems: Problems) -> str | None:
    """``data`` as text: UTF-8, else GB18030 (reported as a note), else None (reported with the line).

    GB18030 gives some character for almost any bytes, so a file that is UTF-8 but for a few damaged places is refused
    instead of read as other words.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:2]:
        problems.add("not_text", file=file, row=1, value="UTF-16", suggestion="UTF-8")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _mostly_utf8(data):
            line = data.count(b"\n", 0, error.start) + 1
            problems.add("damaged_text", file=file, row=line, value=data[error.start : error.start + 1].hex())
            return None
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add("not_text", file=file, row=line, value=data[error.start : error.start + 1].hex())
        return None
    problems.add("encoding_gb18030", file=file, note=True)
    return text


def _mostly_utf8(data: bytes) -> bool:
    """Whether the characters beyond ASCII are whole in UTF-8 more often than broken, or a byte order mark says UTF-8."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count(REPLACEMENT)
    wide = sum(character > LAST_TWO_BYTES for character in text)
    return data.startswith(codecs.BOM_UTF8) or wide - broken > broken


def _records(text: str, file: str, problems: Problems) -> tuple[list[list[str]] | None, list[int]]:
    """Records and the line on which each begins (a quoted cell may run over several lines); None if quotes are broken."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    starts = [1]
    try:
        for row in reader:
            rows.append(row)
            starts.append(reader.line_num + 1)
    except csv.Error as error:
        problems.add("bad_csv", file=file, row=starts[-1], value=error)
        return None, []
    return rows, starts[:-1]
