"""Labels as numbers: one code per label over all tables, and the search for rows by several codes at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
DENSE = 4_000_000  # places of a look-up table that are allowed beside a few per row
WIDEST = 2**62  # more combinations of labels than this would not fit into one number of 64 bits


class Codes:
    """Codes of the cells of key columns, worked out once per column of a table."""

    def __init__(self) -> None:
        self._code: dict[object, int] = {}
        self._known: dict[tuple[int, str], tuple[pd.DataFrame, Ints]] = {}

    @property
    def count(self) -> int:
        """Number of labels met so far."""
        return len(self._code)

    def of(self, table: pd.DataFrame, column: str) -> Ints:
        """Codes of ``column``, one per row; raises ValueError for a blank cell, which no key may have."""
        place = (id(table), column)
        if place not in self._known:
            self._known[place] = (table, self._encode(table[column]))  # the table stays alive as long as its id is used
        return self._known[place][1]

    def label(self, label: object) -> int:
        """The code of one label."""
        return self._code.setdefault(label, len(self._code))

    def _encode(self, cells: pd.Series) -> Ints:
        if isinstance(cells.dtype, pd.CategoricalDtype):
            numbers, labels = cells.cat.codes.to_numpy(), list(cells.cat.categories)
        else:
            numbers, found = pd.factorize(cells.to_numpy())
            labels = list(found)
        if len(numbers) and numbers.min() < 0:
            raise ValueError(f"{cells.name}: a blank key")
        codes = np.fromiter((self.label(label) for label in labels), np.int64, len(labels))
        return codes[numbers]


class Finder:
    """Finds rows by the codes of their key; raises ValueError where two rows have the same key."""

    def __init__(self, columns: Sequence[Ints], count: int) -> None:
        """``columns``: codes of the key, each below ``count``, one array per part of the key."""
        self._rows = len(columns[0])
        self._ranks: list[tuple[Ints, int]] = []
        self._packs: list[Ints | None] = []
        for codes in columns:
            present = np.unique(codes)
            rank = np.full(count, -1, dtype=np.int64)
            rank[present] = np.arange(len(present))
            self._ranks.append((rank, max(len(present), 1)))
        keys, size = self._first_keys(columns)
        self._dense = size <= max(DENSE, 4 * self._rows)
        if self._dense:
            self._table = np.full(size, -1, dtype=np.int64)
            self._table[keys] = np.arange(self._rows)
            distinct = np.count_nonzero(self._table >= 0)
        else:
            self._order = np.argsort(keys, kind="stable")
            self._sorted = keys[self._order]
            distinct = np.count_nonzero(np.diff(self._sorted, prepend=-1))
        if distinct != self._rows:
            raise ValueError("two rows of one key")

    def _first_keys(self, columns: Sequence[Ints]) -> tuple[Ints, int]:
        """The keys of the rows themselves; packs them wherever the next part would overflow 64 bits."""
        keys, size = np.zeros(self._rows, dtype=np.int64), 1
        for codes, (rank, many) in zip(columns, self._ranks, strict=True):
            pack = None
            if size * many > WIDEST:
                pack = np.unique(keys)
                keys, size = np.searchsorted(pack, keys), len(pack)
            self._packs.append(pack)
            keys, size = keys * many + rank[codes], size * many
        return keys, size

    def _keys(self, columns: Sequence[Ints]) -> tuple[Ints, NDArray[np.bool_]]:
        """Keys of the sought codes, and which of them some row could have."""
        keys = np.zeros(len(columns[0]), dtype=np.int64)
        known = np.ones(len(columns[0]), dtype=bool)
        for codes, (rank, many), pack in zip(columns, self._ranks, self._packs, strict=True):
            if pack is not None:
                keys, found = _search(pack, keys)
                known &= found
            place = np.where(codes < len(rank), rank[np.minimum(codes, len(rank) - 1)], -1)
            known &= place >= 0
            keys = np.where(known, keys * many + place, 0)
        return keys, known

    def find(self, columns: Sequence[Ints]) -> Ints:
        """Row of every sought key, −1 where there is none."""
        if not self._rows:
            return np.full(len(columns[0]), -1, dtype=np.int64)
        keys, known = self._keys(columns)
        if self._dense:
            return np.where(known, self._table[keys], -1)
        place, found = _search(self._sorted, keys)
        return np.where(known & found, self._order[place], -1)


def _search(ordered: Ints, keys: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Place of every key in ``ordered`` (0 where it is absent), and whether it is there."""
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    found = ordered[place] == keys
    return np.where(found, place, 0), found
