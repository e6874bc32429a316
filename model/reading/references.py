"""Rows that name other rows: keys that must be unique, ids that must exist, periods that must mean something."""

from __future__ import annotations

import unicodedata

import pandas as pd

from model.problems import Problems
from model.reading.gate import is_bad_id, place_of
from model.reading.nearest import nearest, nearest_alias, site_aliases
from model.schema import ALL_TABLES, Column
from model.schema.spec import listed
from model.tables import Tables

NAMED_ELSEWHERE = ("sites", "commodities")  # absent: ids are taken as they are used
DEFAULT_PERIOD = "all"  # rule R3
GIVEN_BY_READER = frozenset({"sites", "commodities", "periods"})  # core tables that no expansion adds rows to
MOST_SUGGESTIONS = 30  # per column: a wrong file would otherwise cost minutes of comparing names


def check_keys(tables: Tables, problems: Problems) -> None:
    """Report every row whose key stands already in an earlier row (equal rank, rule R2), after NFKC normalising."""
    for name, table in tables.items():
        key = ALL_TABLES[name].key
        if not key or not len(table):
            continue
        doubled = table[[*key]].map(_narrow).duplicated(keep="first") if _has_wide(table, key) else table.duplicated([*key])
        if not doubled.any():
            continue
        place = place_of(name, table, ", ".join(key))
        keys = list(zip(*(map(_narrow, table[column]) for column in key), strict=True))
        first: dict[tuple[str, ...], int] = {}
        for index, values in enumerate(keys):
            earlier = first.setdefault(values, index)
            if earlier != index and all(values[:1]):
                shown = ", ".join(value or "-" for value in values)
                place.add(problems, "duplicate_key", index, shown, earlier=place.rows[earlier], earlier_file=place.files[earlier])


def _narrow(cell: object) -> str:
    text = str(cell)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _has_wide(table: pd.DataFrame, key: tuple[str, ...]) -> bool:
    return any(not str(cell).isascii() for column in key for cell in set(table[column]))


def check_references(tables: Tables, problems: Problems, *, complete: bool, broken: frozenset[str] = frozenset()) -> None:
    """Report every id that its declared table does not hold.

    ``complete``: no expansion will add core rows, so ids of every table must exist now. ``broken`` tables could not be
    read; what refers to them is not judged.
    """
    for name in tables:
        for column in (column for column in ALL_TABLES[name].columns if column.refers):
            target = column.refers.partition(".")[0]
            judged = complete or target in GIVEN_BY_READER or not ALL_TABLES[target].core
            if judged and target not in broken and not (target in NAMED_ELSEWHERE and target not in tables):
                _check(name, column, tables, problems)


def _known(column: Column, tables: Tables) -> tuple[set[str], str]:
    """The ids that ``column`` may hold, and the rule that any other one breaks."""
    target, _, target_column = column.refers.partition(".")
    if target == "periods":
        return _known_periods(tables), "unknown_period"
    if target not in tables:
        return set(), "missing_table"
    return set(tables[target][target_column]), "unknown_reference"


def _known_periods(tables: Tables) -> set[str]:
    """Ids a period column may hold: every period, every stage (rule R2), or the default one without a table (R3)."""
    periods = tables.get("periods")
    if periods is None or periods.empty:
        return {DEFAULT_PERIOD}
    return {*periods["period"], *(stage for stage in periods["stage"] if stage)}


def _check(name: str, column: Column, tables: Tables, problems: Problems) -> None:
    """Report each id in ``column`` that is neither known nor blank nor an allowed ``*``, entry by entry where it holds lists."""
    table = tables[name]
    known, rule = _known(column, tables)
    used = {value for cell in set(table[column.name]) for value in column.entries(cell)}
    unknown = {value for value in used - known - {""} if value != "*" and not is_bad_id(value)}
    if not unknown:
        return
    target = column.refers.partition(".")[0]
    aliases = site_aliases(tables) if column.refers == "sites.site" else {identity: identity for identity in known}
    hints = {value: nearest_alias(value, aliases) for value in sorted(unknown)[:MOST_SUGGESTIONS]}
    place = place_of(name, table, column.name)
    for index, cell in enumerate(table[column.name]):
        for value in column.entries(cell):
            if value in unknown:
                place.add(problems, rule, index, value, hints.get(value, ""), table=target)


def check_sources(tables: Tables, problems: Problems) -> None:
    """With a table ``sources``, every source a row names (several are separated by ``;``) must stand in it."""
    if "sources" not in tables:
        return
    known = set(tables["sources"][ALL_TABLES["sources"].key[0]])
    for name, table in tables.items():
        wrong: dict[str, str] = {}
        for cell in set(table["source"]) if name != "sources" else ():
            missing = [part for part in listed(cell) if part not in known]
            wrong.update({cell: missing[0]} if missing else {})
        place = place_of(name, table, "source")
        for index, cell in enumerate(table["source"] if wrong else ()):
            if cell in wrong:
                place.add(problems, "unknown_reference", index, wrong[cell], nearest(wrong[cell], known), table="sources")
