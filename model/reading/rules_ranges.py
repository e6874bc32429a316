"""Numbers outside the range that their own source states: never a reason to stop, often a slip of unit or decimal point."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from model.problems import Problems
from model.reading.gate import place_of, shown
from model.schema import ALL_TABLES
from model.schema.spec import RangeOf
from model.tables import FILE, ROW, Tables

SLACK: Final = 1e-9  # relative: ranges worked out from shares are rounded in files
FAR: Final = 20.0  # multiple of a bound beyond which no planner means what is written: fen for yuan lands there from anywhere
SHIFTS: Final = (1e3, 1e-3, 1e2, 1e-2, 1e4, 1e-4, 1e6, 1e-6)  # kilo, percent, 万, million: slips of unit, likeliest first


def note_outside_ranges(tables: Tables, problems: Problems) -> None:
    """Note every number outside its low to high, as the specifications of the tables pair them."""
    for name, table in tables.items():
        spec = ALL_TABLES[name]
        for pair in spec.ranges:
            stated = pd.Series(f"{pair.low}, {pair.high}", index=table.index)
            _note(tables, name, pair.value, table[[pair.low, pair.high]].set_axis(["low", "high"], axis=1).assign(stated=stated), problems)
        if spec.range_of and spec.range_of.table in tables:
            _note_elsewhere(tables, name, spec.range_of, problems)


def _note_elsewhere(tables: Tables, name: str, of: RangeOf, problems: Problems) -> None:
    """The same for ranges that stand in table ``name`` and bound the numbers of another one."""
    choices = ALL_TABLES[name].by_name[of.column].choices
    rows = tables[name].drop_duplicates([of.id, of.column])  # a second row is reported as such
    rows = rows.assign(stated=rows[FILE] + ":" + rows[ROW].astype(str))
    for column, found in rows.groupby(of.column, sort=False):
        if column in choices:  # any other word is reported as such
            bounds = found.set_index(of.id)[["low", "high", "stated"]].reindex(tables[of.table][of.id])
            _note(tables, of.table, str(column), bounds, problems)


def _note(tables: Tables, name: str, column: str, bounds: pd.DataFrame, problems: Problems) -> None:
    """One note per row of ``name`` whose ``column`` lies outside ``bounds`` (low, high, where they are stated), row by row."""
    table = tables[name]
    values, low, high = (part.to_numpy(dtype=float) for part in (table[column], bounds["low"], bounds["high"]))
    outside = (values < low - SLACK * np.abs(low)) | (values > high + SLACK * np.abs(high))  # false where either is blank
    if not outside.any():
        return
    place = place_of(name, table, column)
    for index in np.flatnonzero(outside):
        value, ends = float(values[index]), (float(low[index]), float(high[index]))
        facts = {side: "–" if np.isnan(end) else shown(end) for side, end in zip(("low", "high"), ends, strict=True)}
        facts["stated"] = str(bounds["stated"].iloc[index])
        if is_far(value, *ends):
            place.add(problems, "far_outside_range", int(index), shown(value), meant(value, *ends), note=True, **facts)
        else:
            place.add(problems, "outside_range", int(index), shown(value), note=True, **facts)


def is_far(value: float, low: float, high: float) -> bool:
    """Whether ``value`` is more than ``FAR`` times above both ends in size or below both; 0 is a choice, not a slip."""
    sizes = [abs(end) for end in (low, high) if not np.isnan(end)]
    return max(sizes) > 0 and (abs(value) > FAR * max(sizes) or 0 < abs(value) < min(sizes) / FAR)


def meant(value: float, low: float, high: float) -> str:
    """The number within the range that ``value`` becomes in another unit, or ""."""
    candidates = (value / shift for shift in SHIFTS)
    return next((shown(found) for found in candidates if low <= found <= high), "")
