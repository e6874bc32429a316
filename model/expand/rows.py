"""Rows of tables as dictionaries, and what every expansion carries over from the row it starts from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from model.problems import Problems
from model.schema import ALL_TABLES
from model.tables import FILE, ROW, Tables, row_dicts
from model.units import factor

Record = dict[str, Any]


def records(tables: Tables, table: str) -> Iterator[Record]:
    """The rows of a table as dictionaries; none if the table is absent."""
    if table in tables:
        yield from row_dicts(tables[table])


def origin(row: Record) -> Record:
    """File, line, source, grade and note of ``row``, to be carried by the rows made from it."""
    return {name: row[name] for name in (FILE, ROW, "source", "grade", "note")}


def written(table: str, column: str) -> float:
    """Internal units per unit in which people write ``column`` of ``table``."""
    return factor(ALL_TABLES[table].by_name[column].unit)


def report(
    problems: Problems, rule: str, row: Record, column: str, *, suggestion: str = "", note: bool = False, **facts: object,
) -> None:
    """Add the problem (or ``note``) ``rule`` at ``column`` of ``row``, whose cell is the value."""
    problems.add(
        rule, file=str(row[FILE]), row=int(row[ROW]), column=column, value=row[column], suggestion=suggestion, note=note, **facts,
    )
