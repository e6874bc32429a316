"""Labels as numbers: one code per label over all tables of a Case, worked out once per key column."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.integer]


class Codes:
    """Codes of the cells of key columns. A column is read once; tables of a Case keep their keys."""

    def __init__(self) -> None:
        self._code: dict[object, int] = {}
        self._known: dict[tuple[int, str], tuple[pd.DataFrame, Ints]] = {}

    @property
    def count(self) -> int:
        """Number of labels met so far; every code is below it."""
        return len(self._code)

    def of(self, table: pd.DataFrame, column: str) -> Ints:
        """Codes of ``column``, one per row; raises ValueError for a blank cell, which no key may have."""
        place = (id(table), column)
        known = self._known.get(place)
        if known is None or known[0] is not table:  # a copy of the Case has tables of its own, perhaps of an old one's id
            known = self._known[place] = (table, self._encoded(table[column]))
        return known[1]

    def learn(self, tables: Iterable[tuple[pd.DataFrame, Iterable[str]]]) -> None:
        """Work out the codes of key columns ahead."""
        for table, columns in tables:
            for column in columns:
                self.of(table, column)

    def label(self, label: object) -> int:
        """The code of one label."""
        return self._code.setdefault(label, len(self._code))

    def _encoded(self, cells: pd.Series) -> Ints:
        if isinstance(cells.dtype, pd.CategoricalDtype):
            numbers, labels = cells.cat.codes.to_numpy(), list(cells.cat.categories)
        else:
            numbers, found = pd.factorize(cells.to_numpy())
            labels = list(found)
        if len(numbers) and numbers.min() < 0:
            raise ValueError(f"{cells.name}: a blank key")
        return np.fromiter(map(self.label, labels), np.int32, len(labels))[numbers]
