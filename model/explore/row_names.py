"""Rows, columns and units of the input tables in words: a row is called by the names of what its key holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from model import words
from model.expand.rows import records
from model.schema import ALL_TABLES
from model.schema.spec import listed
from model.tables import Tables
from model.words.lookup import known

YES = "1: "  # how the English name of a column begins whose 1 means yes
CODES = re.compile(r"^1: |(; |, )0:.*$|\((?:0|1):.*\)$")  # what the numbers of a column mean is no part of its name
FIRST = ("site", "region", "zone")  # where something is stands before what it is


class RowNames:
    """Names after the tables of one plan; an id without a name stands for itself."""

    def __init__(self, tables: Tables, otherwise: Tables) -> None:
        """``otherwise``: where names are sought that ``tables`` do not have, such as those of a row removed."""
        self._sides = (tables, otherwise)
        self._of = cache(self._names)

    def _names(self, refers: str, language: str) -> dict[str, str]:
        table, column = refers.split(".")
        found: dict[str, str] = {}
        for side in reversed(self._sides):
            found |= {str(row[column]): str(row.get(f"name_{language}", "")) for row in records(side, table) if row.get(f"name_{language}")}
        return found

    def table(self, table: str, language: str) -> str:
        """What a table, or a part of a scenario, is called."""
        spec = ALL_TABLES.get(table)
        if spec is None:
            return words.text(f"compare.part_{table}", language)
        return (spec.zh if language == "zh" else spec.en) or table

    def column(self, table: str, column: str, language: str) -> str:
        """What a column is called; blank for a part of a scenario."""
        spec = ALL_TABLES.get(table)
        if spec is None or column not in spec.by_name:
            return ""
        found = spec.by_name[column]
        said = (found.zh if language == "zh" else found.en) or column
        return CODES.sub("", said)

    @staticmethod
    def switches(table: str, column: str) -> bool:
        """Whether a column holds 1 for yes and 0 for no."""
        return table in ALL_TABLES and ALL_TABLES[table].by_name[column].en.startswith(YES)

    def cell(self, table: str, column: str, cell: str, language: str) -> str:
        """What a cell of a key means: the names of what it refers to, id by id; blank for ``*`` and blank cells."""
        if cell in ("", "*"):
            return ""
        if column == "#":
            return f"#{cell}"
        if table not in ALL_TABLES:
            return self._of("sites.site", language).get(cell, cell) if column == "site" else self._known(f"{column}_{cell}", cell, language)
        spec = ALL_TABLES[table].by_name[column]
        if not spec.refers:
            return cell
        parts = listed(cell) if spec.many else (cell,)
        return words.text("compare.between", language).join(self._of(spec.refers, language).get(part, part) for part in parts)

    @staticmethod
    def _known(key: str, otherwise: str, language: str) -> str:
        return known(f"compare.{key}", otherwise)[words.LANGUAGES.index(language)]

    def row(self, table: str, key: tuple[tuple[str, str], ...], cells: Mapping[str, object], language: str) -> str:
        """A row in words: its own name, else the names of what stands in its key, the place first."""
        own = self._own(table, key, cells, language)
        if own:
            return own
        ordered = sorted(key, key=lambda part: part[0] not in FIRST)
        said = [self.cell(table, column, cell, language) for column, cell in ordered]
        return words.text("compare.between", language).join(part for part in said if part) or words.text("compare.every_row", language)

    def _own(self, table: str, key: tuple[tuple[str, str], ...], cells: Mapping[str, object], language: str) -> str:
        """The name that a row gives itself; only a row with one id is called by it."""
        spec = ALL_TABLES.get(table)
        if spec is None or len(key) != 1 or f"name_{language}" not in spec.by_name:
            return ""
        (column, cell), = key
        named = cells.get(f"name_{language}") or self._of(f"{table}.{column}", language).get(cell)
        return str(named or "")

    def unit(self, unit: str, language: str) -> str:
        """A unit in words where there are any."""
        return self._known(f"unit_{unit.replace(' ', '_')}", unit, language)
