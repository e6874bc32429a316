"""The changes of a scenario applied to the tables of a dataset, every changed value remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.problems import Problems
from model.reading.checks import check_tables
from model.reading.gate import Place, check_numbers, shown
from model.reading.nearest import find_site, nearest, nearest_alias, site_aliases
from model.scenario.clause_ids import check_clauses
from model.scenario.records import Action, Cell, Change, Changes, Scenario, ValueChange
from model.schema import ALL_TABLES, Column
from model.schema.spec import Required
from model.tables import FILE, ROW, Dataset, Tables, frame


def apply(scenario: Scenario, dataset: Dataset, problems: Problems, changes: Changes | None = None) -> Tables:
    """The tables of ``dataset`` with the scenario's changes, in order, base first; the dataset itself stays as it is.

    Changed and added rows carry the scenario's file and line as ``_file`` and ``_row``. Every changed value is appended
    to ``changes``. A ``where`` that matches no row, an added row that stands there already, a clause nobody knows, and
    whatever breaks a rule of the tables afterwards, is added to ``problems``.
    """
    record: Changes = changes if changes is not None else []
    tables = dict(dataset.tables)
    unsure: set[str] = set()  # tables that lack a row which was refused: nothing more is said of them
    for change in scenario.changes:
        stands = change.action == "add" and _stands(change, tables, problems)
        if change.action == "add" and change.refused and not stands:
            unsure.add(change.table)
        if change.table not in unsure and not stands:
            _carry_out(change, tables, record, problems)
    if scenario.changes and not unsure:
        check_tables(tables, problems)
    check_clauses(scenario, tables, problems)
    return tables


def _carry_out(change: Change, tables: dict[str, pd.DataFrame], record: Changes, problems: Problems) -> None:
    if change.action == "add":
        tables[change.table] = _added(change, tables, record)
    elif change.table not in tables:
        change.spot.at("table").add(problems, "change_table_absent", change.table, nearest(change.table, tables))
    else:
        tables[change.table] = _changed(change, tables, record, problems)


def _stands(change: Change, tables: Tables, problems: Problems) -> bool:
    """Whether a row with the key of the row to add stands there already: reported, with the way to change it."""
    spec = ALL_TABLES[change.table]
    values = _site_ids(change, tables)
    found = {name: values.get(name, spec.by_name[name].blank) for name in spec.key}
    key = {name: cell for name, cell in found.items() if not isinstance(cell, Required)}
    if not key or len(key) < len(found) or change.table not in tables:
        return False
    table = tables[change.table]
    hit = np.logical_and.reduce([_equal(table[name], cell) for name, cell in key.items()])
    if not hit.any():
        return False
    row, columns = table[hit].iloc[0], ", ".join(name for name in change.values if name not in key)
    facts = {"earlier": row[ROW], "earlier_file": row[FILE], "where": ", ".join(f"{name} = {_toml(cell)}" for name, cell in key.items())}
    change.spot.at("add").add(problems, "add_exists", columns, **facts)
    return True


def _added(change: Change, tables: Tables, record: Changes) -> pd.DataFrame:
    values = _site_ids(change, tables)
    spec = ALL_TABLES[change.table]
    blanks = {column.name: np.nan if column.kind == "number" else "" for column in spec.columns if column.required}
    row: dict[str, object] = {**blanks, **values, FILE: change.spot.file, ROW: change.spot.at("add").row}
    new = frame(change.table, [row])
    key = row_key(change.table, new.iloc[0])
    for name, value in values.items():
        record.append(ValueChange(change.table, key, name, "", value, "add", change.spot, ""))
    return pd.concat([tables[change.table], new], ignore_index=True) if change.table in tables else new


def _changed(change: Change, tables: Tables, record: Changes, problems: Problems) -> pd.DataFrame:
    """The table after a set, scale or remove."""
    table = tables[change.table]
    hit = _matches(change, tables, problems)
    if not hit.any():
        return table
    if change.action == "remove":
        _remember(change, table, hit, "", None, record)
        return table[~hit].reset_index(drop=True)
    result = table.copy()
    for name, value in _site_ids(change, tables).items():
        new = _scaled(change, table, hit, name, float(value), problems) if change.action == "scale" else [value] * int(hit.sum())
        _remember(change, table, hit, name, new, record)
        result.loc[hit, name] = new
    result.loc[hit, FILE] = change.spot.file
    result.loc[hit, ROW] = change.spot.at(change.action).row
    return result


def _scaled(
    change: Change, table: pd.DataFrame, hit: npt.NDArray[np.bool_], name: str, factor: float, problems: Problems,
) -> list[float]:
    """The matched cells times ``factor``; blank ones stay blank, results pass the gate of the column."""
    spot = change.spot.at(f"scale.{name}")
    old = table[name].to_numpy()[hit]
    if ALL_TABLES[change.table].by_name[name].kind != "number":
        return list(old)  # reported when the scenario was read
    values = old.astype(float) * factor
    if np.isnan(values).all():
        spot.add(problems, "scale_blank", name)
    place = Place(spot.path, [spot.file] * len(values), [spot.row] * len(values))
    check_numbers(ALL_TABLES[change.table].by_name[name], values, place, problems, blanks=False)
    return list(values)


def _matches(change: Change, tables: Tables, problems: Problems) -> npt.NDArray[np.bool_]:
    """Which rows have all the cells of ``where``; none is an error that names the cell nobody has."""
    table = tables[change.table]
    hit = np.ones(len(table), dtype=bool)
    before = len(problems.errors)
    for name, wanted in change.where.items():
        column = ALL_TABLES[change.table].by_name[name]
        cells = table[name]
        meant = [_site_id(column, value, change.table, tables) for value in wanted]
        for value in meant:
            if not _equal(cells, value).any():
                hint = _hint(column, value, cells, change.table, tables)
                change.spot.at(f"where.{name}").add(problems, "where_unknown", _text(value), hint)
        hit &= np.logical_or.reduce([_equal(cells, value) for value in meant]) if meant else False
    if not hit.any() and len(problems.errors) == before:
        change.spot.at("where").add(problems, "where_no_row", change.table)
    return hit


def _equal(cells: pd.Series, value: Cell) -> npt.NDArray[np.bool_]:
    if isinstance(value, float) and np.isnan(value):
        return cells.isna().to_numpy()
    return (cells == value).to_numpy(dtype=bool)


def _hint(column: Column, value: Cell, cells: pd.Series, table: str, tables: Tables) -> str:
    if column.kind == "number":
        return ""
    if _names_site(column, table):
        present = set(cells)
        return nearest_alias(str(value), {alias: site for alias, site in site_aliases(tables).items() if site in present})
    return nearest(str(value), set(cells))


def _names_site(column: Column, table: str) -> bool:
    return column.refers == "sites.site" or (table == "sites" and column.name == "site")


def _site_id(column: Column, value: Cell, table: str, tables: Tables) -> Cell:
    """The id of a site given by any of its names; other values as they are."""
    return (find_site(str(value), site_aliases(tables)) or value) if _names_site(column, table) else value


def _site_ids(change: Change, tables: Tables) -> Mapping[str, Cell]:
    """The values of a change with sites given by any of their names."""
    by_name = ALL_TABLES[change.table].by_name
    return {name: _site_id(by_name[name], value, change.table, tables) for name, value in change.values.items()}


def row_key(table: str, row: Mapping[Any, object] | pd.Series) -> str:
    """The key of a row in words: ``commodity=alumina, site=xipeng``; all filled id columns where a table has no key."""
    spec = ALL_TABLES[table]
    names = spec.key or tuple(column.name for column in spec.columns if column.kind == "id")
    return ", ".join(f"{name}={row[name]}" for name in names if row[name] not in ("", "*"))


def _remember(
    change: Change, table: pd.DataFrame, hit: npt.NDArray[np.bool_], name: str, new: list[Any] | None, record: Changes,
) -> None:
    """One record per matched row whose value really changes."""
    action: Action = change.action
    for place, index in enumerate(np.flatnonzero(hit)):
        row = table.iloc[index]
        old = row[name] if name else ""
        value = new[place] if new is not None else ""
        if new is not None and (old == value or (old != old and value != value)):  # NaN is the same blank
            continue
        origin = f"{row[FILE]}:{row[ROW]}"
        record.append(ValueChange(change.table, row_key(change.table, row), name, old, value, action, change.spot, origin))


def _toml(value: Cell) -> str:
    return shown(value) if isinstance(value, float) else f'"{value}"'


def _text(value: Cell) -> str:
    return shown(value) if isinstance(value, float) else value
