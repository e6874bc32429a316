"""Search for rows by several codes at once: codes of a key packed into one number, tables of places where they fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.case.codes import Ints

DENSE = 4_000_000  # places of a look-up table that are allowed beside a few per row
NARROW, WIDE = 2**31, 2**62  # keys below the first are numbers of 32 bits; keys beyond the second would not fit into 64
Known = NDArray[np.bool_] | None  # None: all of them


class Keys:
    """Numbers from 0 to ``size`` − 1 for combinations of codes, equal only for equal codes."""

    def __init__(self, columns: Sequence[Ints], count: int) -> None:
        """``columns``: codes of the rows, each below ``count``, one array per part of the key."""
        self._parts: list[tuple[Ints, int, Ints | None]] = []
        self.size = 1
        self.own: Ints = np.zeros(len(columns[0]) if columns else 0, dtype=np.int32)
        for codes in columns:
            rank, many = _ranks(codes, count)
            pack = None
            if self.size * many > WIDE:
                pack = np.unique(self.own)
                self.own, self.size = np.searchsorted(pack, self.own), len(pack)
            self._parts.append((rank, many, pack))
            self.own = _widened(self.own, self.size, many) * many + rank[codes]
            self.size *= many

    def of(self, columns: Sequence[Ints], count: int) -> tuple[Ints, Known]:
        """Keys of other codes, below ``count``, and which of them some row could have; the key of any other is 0."""
        keys: Ints = np.zeros(len(columns[0]), dtype=np.int32)
        known, size = np.ones(len(keys), dtype=bool), 1
        for codes, (ranks, many, pack) in zip(columns, self._parts, strict=True):
            rank = ranks if len(ranks) >= count else np.append(ranks, np.full(count - len(ranks), -1, dtype=ranks.dtype))
            if pack is not None:
                keys, found = searched(pack, keys)
                known, size = known & found, len(pack)
            place = rank[codes]
            if len(place) and place.min() < 0:
                known &= place >= 0
                place = np.maximum(place, 0)
            keys = _widened(keys, size, many) * many + place
            size *= many
        return keys, None if known.all() else known


def _ranks(codes: Ints, count: int) -> tuple[Ints, int]:
    """Rank of every code among those present (−1 for the others), and how many are."""
    present = np.zeros(count, dtype=bool)
    present[codes] = True
    many = int(np.count_nonzero(present))
    rank = np.full(count, -1, dtype=np.int32)
    rank[present] = np.arange(many)
    return rank, max(many, 1)


def _widened(keys: Ints, size: int, many: int) -> Ints:
    return keys if size * many < NARROW else keys.astype(np.int64)


def searched(ordered: Ints, keys: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Place of every key in ``ordered`` (0 where it is absent), and whether it is there."""
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    found = ordered[place] == keys
    return np.where(found, place, 0), found


class Finder:
    """Finds the row of a key; raises ValueError where two rows have the same key, unless ``repeated`` rows say the same."""

    def __init__(self, columns: Sequence[Ints], count: int, *, repeated: bool = False) -> None:
        self._rows = len(columns[0])
        self._keys = Keys(columns, count)
        own = self._keys.own
        self._dense = self._keys.size <= max(DENSE, 4 * self._rows)
        if self._dense:
            self._table = np.full(self._keys.size, -1, dtype=np.int32)
            self._table[own] = np.arange(self._rows)
            distinct = np.count_nonzero(self._table >= 0)
        else:
            self._order = np.argsort(own, kind="stable")
            self._sorted = own[self._order]
            distinct = np.count_nonzero(np.diff(self._sorted, prepend=-1))
        if distinct != self._rows and not repeated:
            raise ValueError("two rows of one key")

    def find(self, columns: Sequence[Ints], count: int) -> Ints:
        """Row of every sought key, −1 where there is none; codes are below ``count``."""
        if not self._rows:
            return np.full(len(columns[0]), -1, dtype=np.int32)
        keys, known = self._keys.of(columns, count)
        if self._dense:
            rows = self._table[keys]
        else:
            place, found = searched(self._sorted, keys)
            rows = np.where(found, self._order[place], -1)
        return rows if known is None else np.where(known, rows, -1)


def pairs(left: Sequence[Ints], right: Sequence[Ints], many: int, others: int, count: int) -> tuple[Ints, Ints]:
    """All pairs (row of ``many`` on the left, row of ``others`` on the right) with equal codes, in order of the left."""
    if not left:
        return np.repeat(np.arange(many), others), np.tile(np.arange(others), many)
    if not many or not others:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    keys = Keys(right, count)
    sought, known = keys.of(left, count)
    order = np.argsort(keys.own, kind="stable")
    ordered = keys.own[order]
    first = np.searchsorted(ordered, sought, side="left")
    each = np.searchsorted(ordered, sought, side="right") - first
    if known is not None:
        each = np.where(known, each, 0)
    entries = np.repeat(np.arange(many), each)
    within = np.arange(len(entries)) - np.repeat(np.cumsum(each) - each, each)
    return entries, order[first[entries] + within]
