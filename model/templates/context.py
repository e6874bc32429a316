"""Where the placeholders of a template stand: all rows of a card at once, and the rows of other tables that sums reach from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.case.codes import Codes, Ints
from model.declare import Members, Names, Rows
from model.templates.finder import Finder, pairs

Floats = NDArray[np.float64]
Cells = tuple[tuple[int, str], ...]  # columns of frames (by their number) whose cells a placeholder stands for, all equal


@dataclass(frozen=True)
class Frame:
    """Rows of ``table``, one per entry of a context; None: the entries are the rows of the table in order."""

    table: pd.DataFrame
    rows: Ints | None

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.table if self.rows is None else self.rows)

    def taken(self, entries: Ints) -> Frame:
        """The rows of some entries."""
        return Frame(self.table, entries if self.rows is None else self.rows[entries])


@dataclass(frozen=True)
class Context:
    """``size`` entries of row ``row`` each (None: entry and row are the same), and the cells that placeholders stand for.

    ``frames``: the rows of tables behind every entry, the card's own table first. ``origin``: cells by placeholder.
    """

    size: int
    row: Ints | None
    frames: tuple[Frame, ...]
    origin: dict[int, Cells]


def start(table: pd.DataFrame, key: Names, index: Sequence[Any]) -> Context:
    """All rows of a card; its placeholders stand for the cells of its key."""
    return Context(len(table), None, (Frame(table, None),), {id(place): ((0, name),) for place, name in zip(index, key, strict=True)})


class Tables:
    """The look-ups that contexts share: codes of labels, finders of rows, joined rows of declared sets."""

    def __init__(self, codes: Codes) -> None:
        self.codes = codes
        self._finders: dict[tuple[int, Names], Finder] = {}
        self._joined: dict[str, tuple[Frame, ...]] = {}

    def finder(self, table: pd.DataFrame, key: Names, *, repeated: bool = False) -> Finder:
        """The finder of rows of ``table`` by ``key``."""
        place = (id(table), key)
        if place not in self._finders:
            columns = [self.codes.of(table, name) for name in key]
            self._finders[place] = Finder(columns, self.codes.count, repeated=repeated)
        return self._finders[place]

    def cells(self, frame: Frame, column: str) -> Ints:
        """Codes of a column over the rows of ``frame``."""
        codes = self.codes.of(frame.table, column)
        return codes if frame.rows is None else codes[frame.rows]

    def joined(self, name: str, rows: Rows) -> tuple[Frame, ...]:
        """The frames of the members of set ``name``: its table, and the other table where two are joined."""
        if name not in self._joined:
            mine = Frame(rows.table, None if rows.kept is None else np.flatnonzero(rows.kept))
            self._joined[name] = (mine,) if rows.other is None else self._join(mine, rows.other, rows.on)
        return self._joined[name]

    def _join(self, mine: Frame, other: pd.DataFrame, on: Names) -> tuple[Frame, Frame]:
        left = [self.cells(mine, name) for name in on]
        chosen, right = pairs(left, [self.codes.of(other, name) for name in on], mine.size, len(other), self.codes.count)
        return mine.taken(chosen), Frame(other, right)


def reach(tables: Tables, context: Context, name: str, item: Members, asked: Sequence[Any], members: Sequence[Any]) -> tuple[Context, Ints]:
    """The context inside a sum over set ``name`` at the placeholders ``asked``, and the outer entry of each of its entries."""
    frames = tables.joined(name, item.rows)
    cells = {column: _cells(frames, item.rows.on, column) for column in (*item.by, *item.members)}
    entries, chosen = _matched(tables, context, frames, item, asked)
    size = len(entries)
    new = tuple(frames if chosen is None else (frame.taken(chosen) for frame in frames))
    number = len(context.frames)
    origin = dict(context.origin)
    for place, column in zip(asked, item.by, strict=True):
        origin[id(place)] = (*origin.get(id(place), ()), *((number + part, name) for part, name in cells[column]))
    for place, column in zip(members, item.members, strict=True):
        origin[id(place)] = tuple((number + part, name) for part, name in cells[column])
    row = entries if context.row is None else context.row[entries]
    return Context(size, row, (*(frame.taken(entries) for frame in context.frames), *new), origin), entries


def _cells(frames: Sequence[Frame], on: Names, column: str) -> Cells:
    """Where the cells of ``column`` stand: in both tables of a join that is on it, else in the first that has it."""
    places = tuple((part, column) for part, frame in enumerate(frames) if column in frame.table)
    return places if column in on else places[:1]


def _matched(tables: Tables, context: Context, frames: Sequence[Frame], item: Members, asked: Sequence[Any]) -> tuple[Ints, Ints | None]:
    """Pairs (entry of ``context``, row of the set) of equal keys; None: all rows of the set in order."""
    theirs = [tables.cells(frames[part], column) for name in item.by for part, column in _cells(frames, item.rows.on, name)[:1]]
    own = _own_key(context, asked)
    if own is not None:
        entries = tables.finder(context.frames[0].table, own).find(theirs, tables.codes.count)
        if len(entries) and entries.min() >= 0:
            return entries, None
        chosen = np.flatnonzero(entries >= 0)
        return entries[chosen], chosen
    mine = [codes_of(tables, context, place) for place in asked]
    return pairs(mine, theirs, context.size, frames[0].size, tables.codes.count)


def _own_key(context: Context, asked: Sequence[Any]) -> Names | None:
    """The columns of the card's key that ``asked`` stands for if they are all of it, so that every key is one row."""
    if context.row is not None or not asked:
        return None
    names = [column for place in asked for part, column in context.origin.get(id(place), ()) if part == 0]
    return tuple(names) if len(names) == len(asked) == len(context.origin) == len(set(names)) else None


def codes_of(tables: Tables, context: Context, place: Any) -> Ints:
    """Codes of a placeholder, or of one fixed label, over the entries of ``context``."""
    if isinstance(place, str):
        return np.full(context.size, tables.codes.label(place), dtype=np.int32)
    part, column = context.origin[id(place)][0]
    return tables.cells(context.frames[part], column)


def rows_of(tables: Tables, context: Context, table: pd.DataFrame, key: Names, asked: Sequence[Any], *, repeated: bool = False) -> Ints | None:
    """Rows of ``table`` whose ``key`` is what ``asked`` stands for (None: its rows in order); −1 where there is none."""
    for number, frame in enumerate(context.frames):
        if frame.table is table and all((number, name) in context.origin.get(id(place), ()) for name, place in zip(key, asked, strict=True)):
            return frame.rows
    sought = [codes_of(tables, context, place) for place in asked]  # may add a label
    return tables.finder(table, key, repeated=repeated).find(sought, tables.codes.count)
