"""What differs between the inputs of two plans: cells, rows, locks, objective and solver options, one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from model import words
from model.explore.row_names import RowNames
from model.pipeline import Planned
from model.reading.nearest import find_site, site_aliases
from model.schema import ALL_TABLES, Column, TableSpec
from model.schema.spec import PROVENANCE
from model.tables import Tables

Key = tuple[tuple[str, str], ...]  # column and cell, for every column that makes a row unique
Cell = str | float
CHANGED, ADDED, REMOVED, REMARK = "changed", "added", "removed", "remark"
LOCK, OBJECTIVE, SOLVER = "lock", "objective", "solver"  # what a scenario states beside the tables
MEASURED = frozenset(("value", "low", "central", "high", "min", "max", "quantity"))  # what a row's own unit is the unit of
REMARKS = frozenset(column.name for column in PROVENANCE)
COLUMNS = (
    "plan", "table", "table_zh", "table_en", "row", "row_zh", "row_en", "column", "column_zh", "column_en", "kind", "old", "new", "unit",
)


@dataclass(frozen=True)
class Difference:
    """One cell that differs, or one row or statement of a scenario that stands on one side only (``cells``: what it says).

    ``kind``: changed · added · removed · remark (source, grade or note, which move nothing).
    """

    table: str
    key: Key
    kind: str
    column: str = ""
    old: Cell = ""
    new: Cell = ""
    unit: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)


def differences(first: Planned, second: Planned) -> list[Difference]:
    """Everything in which the inputs of ``second`` differ from those of ``first``: the scenario's own parts, then the tables."""
    return [*_scenario(first, second), *table_differences(first.prepared.tables, second.prepared.tables)]


def table_differences(first: Tables, second: Tables) -> list[Difference]:
    """The differences of the tables in the order of the schema; the order of rows does not count."""
    found: list[Difference] = []
    for name, spec in ALL_TABLES.items():
        if name in first or name in second:
            before, after = _rows(first.get(name), spec), _rows(second.get(name), spec)
            if before != after:
                found += _of_table(spec, before, after)
    return found


def _rows(table: pd.DataFrame | None, spec: TableSpec) -> dict[Key, dict[str, Cell]]:
    """The rows of a table by their key; rows without a key of their own are numbered where they repeat."""
    identity = spec.key or tuple(column.name for column in spec.columns if column.kind in ("id", "choice") and column.name not in REMARKS)
    rows: dict[Key, dict[str, Cell]] = {}
    for record in table.to_dict("records") if table is not None else ():
        key = tuple((name, str(record[name])) for name in identity)
        count = 1
        while (numbered := key if count == 1 else (*key, ("#", str(count)))) in rows:
            count += 1
        rows[numbered] = {column.name: _plain(record[column.name]) for column in spec.columns if column.name not in identity}
    return rows


def _plain(cell: Any) -> Cell:
    """A cell as it compares: every blank number is the same."""
    return "" if isinstance(cell, float) and math.isnan(cell) else cell


def _of_table(spec: TableSpec, before: dict[Key, dict[str, Cell]], after: dict[Key, dict[str, Cell]]) -> Iterator[Difference]:
    for key in after:
        if key not in before:
            yield Difference(spec.name, key, ADDED, cells=after[key])
    for key, old in before.items():
        if key not in after:
            yield Difference(spec.name, key, REMOVED, cells=old)
            continue
        new = after[key]
        for name in (name for name in old if old[name] != new[name]):
            kind = REMARK if name in REMARKS else CHANGED
            yield Difference(spec.name, key, kind, name, old[name], new[name], _unit(spec.by_name, name, new))


def _unit(columns: Mapping[str, Column], name: str, row: Mapping[str, Cell]) -> str:
    """Unit of a number: that of its column, else of its amounts (``MEASURED``) what the row itself names in a column ``unit``."""
    if columns[name].kind != "number":
        return ""
    stated = str(row.get("unit", "")) if name in MEASURED and "unit" in columns and columns["unit"].kind != "id" else ""
    return columns[name].unit or stated


def _scenario(first: Planned, second: Planned) -> Iterator[Difference]:
    parts = zip(_parts(first), _parts(second), strict=True)
    for table, (before, after) in zip((LOCK, OBJECTIVE, SOLVER), parts, strict=True):
        for key in dict.fromkeys([*before, *after]):
            old, new = before.get(key), after.get(key)  # a part that is stated is never None
            kind = ADDED if old is None else REMOVED if new is None else CHANGED
            if old != new:
                yield Difference(table, key, kind, "", "" if old is None else old, "" if new is None else new)


def _parts(plan: Planned) -> tuple[dict[Key, Cell], dict[Key, Cell], dict[Key, Cell]]:
    """Locks by site and technology, weights of the objective and solver options of a scenario."""
    scenario = plan.prepared.scenario
    aliases = site_aliases({**plan.prepared.tables, **plan.prepared.core})
    locks: dict[Key, Cell] = {}
    for lock in scenario.locks:
        site = find_site(lock.site, aliases) or lock.site
        locks[("site", site), ("technology", lock.technology)] = lock.state if lock.size is None else f"{lock.state} {lock.size:g}"
    weights: dict[Key, Cell] = {(("weight", name),): float(weight) for name, weight in scenario.objective.items()}
    options: dict[Key, Cell] = {(("option", name),): value for name, value in scenario.solver.items()}
    return locks, weights, options


def frame(plan: str, found: list[Difference], names: RowNames) -> pd.DataFrame:
    """Every difference as a row (columns ``COLUMNS``); rows added or removed give one row per cell that is filled."""
    rows: list[dict[str, object]] = []
    for one in found:
        about: dict[str, object] = {"plan": plan, "table": one.table, "kind": one.kind, "row": ", ".join(f"{name}={cell}" for name, cell in one.key)}
        for language in words.LANGUAGES:
            about |= {f"table_{language}": names.table(one.table, language), f"row_{language}": names.row(one.table, one.key, one.cells, language)}
        for column, old, new, unit in _cells(one):
            labels = {f"column_{language}": names.column(one.table, column, language) for language in words.LANGUAGES}
            rows.append({**about, "column": column, **labels, "old": old, "new": new, "unit": unit})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _cells(one: Difference) -> Iterator[tuple[str, Cell, Cell, str]]:
    """column, old, new, unit."""
    filled = [(name, cell) for name, cell in one.cells.items() if cell != ""]
    if one.kind in (CHANGED, REMARK) or not filled:
        yield one.column, one.old, one.new, one.unit
        return
    for name, cell in filled:
        unit = _unit(ALL_TABLES[one.table].by_name, name, one.cells)
        yield (name, "", cell, unit) if one.kind == ADDED else (name, cell, "", unit)

