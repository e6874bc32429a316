"""Tables in memory: one typed DataFrame per table, every row remembering the file and line it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.schema import ALL_TABLES, TableSpec
from model.schema.spec import Required

pd.set_option("mode.string_storage", "python")  # one arithmetic of words, whether or not another package brought pyarrow

Tables = dict[str, pd.DataFrame]
FILE, ROW = "_file", "_row"  # origin of each row: file name (or scenario or expansion) and its 1-based line


@dataclass(frozen=True)
class Dataset:
    """A dataset as read: its name, its folder, all its tables (blank cells replaced as the schema says)."""

    name: str
    folder: Path
    tables: Tables


def empty(spec: TableSpec) -> pd.DataFrame:
    """The table ``spec`` without rows, with its column types."""
    return frame(spec.name, ())


def frame(table: str, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as a typed DataFrame of ``table``: absent cells get the blank value of their column.

    Ids and texts become ``str``, numbers ``float`` (NaN = no bound). Raises KeyError for a column the table does not
    have and for a missing cell that may not be blank: both are faults of the program, not of the user.
    """
    spec = ALL_TABLES[table]
    rows = list(rows)
    known = {*spec.by_name, FILE, ROW}
    for row in rows:
        if unknown := set(row) - known:
            raise KeyError(f"{table}: unknown columns {sorted(unknown)}")
    data: dict[str, pd.Series] = {}
    for column in spec.columns:
        blank = column.blank
        if isinstance(blank, Required):
            cells = [row[column.name] for row in rows]
        else:
            cells = [row.get(column.name, blank) for row in rows]
        data[column.name] = pd.Series(cells, dtype="float64" if column.kind == "number" else "object")
    data[FILE] = pd.Series([row.get(FILE, "") for row in rows], dtype="object")
    data[ROW] = pd.Series([row.get(ROW, 0) for row in rows], dtype="int64")
    return pd.DataFrame(data)


def merged(first: Tables, second: Tables) -> Tables:
    """The rows of ``second`` appended to those of ``first``, table by table."""
    result = dict(first)
    for name, rows in second.items():
        result[name] = pd.concat([result[name], rows], ignore_index=True) if name in result and len(result[name]) else rows
    return result


def row_dicts(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dictionaries by column name, cells as Python's own types; several times quicker than ``to_dict("records")``."""
    names = [str(name) for name in table.columns]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*(table[name].tolist() for name in table.columns), strict=True)]


def summed(table: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """``by`` columns and the sum of ``value``, one row per distinct key, sorted by it; the sum of a NaN is NaN, not 0."""
    return pd.DataFrame(table.groupby(by, as_index=False, sort=True)[value].sum(skipna=False))


def blank(texts: Iterable[str], numbers: Iterable[str] = ()) -> pd.DataFrame:
    """A DataFrame without rows whose ``texts`` columns hold ids and whose ``numbers`` columns hold floats."""
    columns = {name: np.empty(0, dtype=object) for name in texts} | {name: np.empty(0, dtype=float) for name in numbers}
    return pd.DataFrame(columns)
