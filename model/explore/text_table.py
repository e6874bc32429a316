"""Tables for the terminal, aligned by the width that characters take there: Chinese ones take two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from model.problems import ExitCode, refuse

GAP = "  "
ELLIPSIS = "…"


def width(text: str) -> int:
    """Columns that ``text`` takes: two for wide characters (Unicode annex 11: W and F), none for marks that stand on others."""
    return sum(0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def padded(text: str, columns: int) -> str:
    """``text`` with blanks to ``columns``."""
    return text + " " * max(0, columns - width(text))


def clipped(text: str, columns: int) -> str:
    """``text`` on one line, cut at ``columns`` with an ellipsis; signs that would move the cursor become blanks."""
    text = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    if width(text) <= columns:
        return text
    kept = ""
    for sign in text:
        if width(kept + sign) > columns - width(ELLIPSIS):
            break
        kept += sign
    return kept + ELLIPSIS


def text_table(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table with its head underlined; the last column is not padded."""
    columns = [max(width(row[number]) for row in (head, *body)) for number in range(len(head))]
    rule = ["-" * size for size in columns]
    return [GAP.join(padded(cell, size) for cell, size in zip(row, columns, strict=True)).rstrip() for row in (head, rule, *body)]


def write_table(table: pd.DataFrame, file: Path) -> None:
    """Write the table as .csv or .json; raises ``Refusal``: exit 2 for another ending, 6 where the place cannot be written."""
    if file.suffix not in (".csv", ".json"):
        raise refuse(ExitCode.USAGE, "table_ending", value=str(file))
    try:
        if file.suffix == ".csv":
            table.to_csv(file, index=False, encoding="utf-8-sig")
        else:
            table.to_json(file, orient="records", force_ascii=False, indent=2)
    except OSError as error:
        raise refuse(ExitCode.FILES, "cannot_write", value=str(file), reason=error.strerror or str(error)) from error
