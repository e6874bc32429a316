"""The gate of one column: ranges, magnitudes, choices and ids, for cells of files, scenarios and expansions alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.problems import Problems
from model.reading.nearest import nearest
from model.schema import ALL_TABLES, Column
from model.tables import FILE, ROW

NOT_A_LATITUDE: Final = "not_a_latitude"  # what a longitude in its place is reported as
ABSURD: Final = 1e12  # rule R19: HiGHS has been seen to call 1e20 optimal
FORBIDDEN: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\$\{")  # rule R18: templates of report and shell
BLANKS: Final = ("blank_cell", "blank_number")


@dataclass(frozen=True)
class Place:
    """Where the cells of one column stand: a label for the column, and file and line of each cell."""

    label: str
    files: Sequence[str]
    rows: Sequence[int]

    def add(
        self,
        problems: Problems,
        rule: str,
        index: int,
        value: object,
        suggestion: str = "",
        *,
        note: bool = False,
        **facts: object,
    ) -> None:
        """Report cell ``index``, unless it is blank only because it was refused; ``facts`` fill the sentence."""
        file, row = self.files[index], self.rows[index]
        if rule in BLANKS and problems.is_refused(file, row, self.label):
            return
        problems.add(rule, file=file, row=row, column=self.label, value=value, suggestion=suggestion, note=note, **facts)


def place_of(name: str, table: pd.DataFrame, column: str) -> Place:
    """The place of a column of a typed table; the table is named where the row comes from another file than its own."""
    files = list(table[FILE])
    own = all(_is_own(file, name) for file in set(files))
    return Place(column if own else f"{name}.{column}", files, list(table[ROW]))


def _is_own(file: str, table: str) -> bool:
    return file == f"{table}.csv" or file.endswith(f"[{table}]")


def shown(value: float) -> str:
    """A number as people write it, for messages."""
    return f"{value:.12g}"


def clean_id(text: str) -> str:
    """``text`` as an allowed id: full-width characters narrowed, outer blanks and forbidden characters removed."""
    kept = "".join(character for character in unicodedata.normalize("NFC", text) if character.isprintable())
    return FORBIDDEN.sub("", kept).strip()


def is_bad_id(text: str) -> bool:
    """Whether rule R18 forbids ``text`` as an id."""
    return not text.isprintable() or text != text.strip() or bool(FORBIDDEN.search(text))


def check_numbers(column: Column, values: npt.NDArray[np.float64], place: Place, problems: Problems, *, blanks: bool) -> None:
    """Refuse infinite and absurd numbers, numbers out of range, and with ``blanks`` also blank ones that are required."""
    absent = np.isnan(values)
    size = np.abs(values)
    found = {
        "not_finite": np.isinf(values),
        "absurd_magnitude": (size > ABSURD) & np.isfinite(values),
        "too_low": (values < column.low) & (size <= ABSURD),
        "too_high": (values > column.high) & (size <= ABSURD),
    }
    if blanks and column.required:
        found["blank_number"] = absent
    for rule, mask in found.items():
        for index in np.flatnonzero(mask):
            told = NOT_A_LATITUDE if rule == "too_high" and column.name == "lat" and values[index] <= 180 else rule
            place.add(problems, told, int(index), shown(values[index]), low=shown(column.low), high=shown(column.high))


def check_texts(column: Column, cells: Sequence[str], place: Place, problems: Problems, *, blanks: bool) -> None:
    """Refuse ids against rule R18, unknown choices and control characters; with ``blanks`` also blank required cells.

    Of a cell that holds a list, every entry is judged.
    """
    flaws: dict[str, list[tuple[str, str, str]]] = {}
    for cell in set(cells):
        for entry in column.entries(cell):
            rule, suggestion = _text_flaw(column, entry)
            if rule and (rule != "blank_cell" or blanks):
                flaws.setdefault(cell, []).append((rule, entry, suggestion))
    if not flaws:
        return
    choices = ", ".join([*(choice for choice in column.choices if choice), *(("*",) if column.wildcard else ())])
    for index, cell in enumerate(cells):
        for rule, entry, suggestion in flaws.get(cell, ()):
            place.add(problems, rule, index, entry, suggestion, choices=choices)


def _text_flaw(column: Column, cell: str) -> tuple[str, str]:
    """(rule broken, suggestion) of one cell, ("", "") if it is good."""
    if not cell:
        return ("blank_cell", "") if column.required else ("", "")
    if column.kind == "choice":
        known = cell in column.choices or (cell == "*" and column.wildcard)
        return ("", "") if known else ("bad_choice", nearest(cell, column.choices))
    if column.kind == "text":
        return ("", "") if cell.replace("\n", "").replace("\t", "").isprintable() else _control(cell)
    if is_bad_id(cell):
        return "bad_id", clean_id(cell)
    return ("no_wildcard", "") if cell == "*" and not column.wildcard else ("", "")


def _control(cell: str) -> tuple[str, str]:
    """Texts may hold any character that can be shown, wide blanks and joiners included, but no control characters."""
    controls = [character for character in cell if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"]
    return ("bad_text", "") if controls else ("", "")


def check_typed(names: Iterable[str], tables: dict[str, pd.DataFrame], problems: Problems) -> None:
    """All columns of the typed tables ``names`` through the gate, required blanks included (after expansion)."""
    for name in names:
        table = tables[name]
        for column in ALL_TABLES[name].columns:
            place = place_of(name, table, column.name)
            if column.kind == "number":
                check_numbers(column, table[column.name].to_numpy(dtype=float), place, problems, blanks=True)
            else:
                check_texts(column, list(table[column.name]), place, problems, blanks=True)
