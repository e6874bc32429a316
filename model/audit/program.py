"""The program as the check writes it down: columns, rows and coefficients, first as growing lists, then as arrays.

Nothing here knows a rule. Names and keys of the families are the contract with the tables of a result folder.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Key = tuple[str, ...]
Terms = dict[int, float]  # column → coefficient: a linear sum

_LANE = ("commodity", "from", "to", "mode")
_PLACE = ("unit", "site", "period")
COLUMN_KEYS: dict[str, Key] = {
    "activity": ("technology", "site", "period"),
    "flow": (*_LANE, "period"),
    "supply": ("commodity", "site", "tier", "period"),
    "sale": ("commodity", "site", "segment", "period"),
    "short": ("commodity", "site", "segment", "period"),
    "stock": ("commodity", "site", "period"),
    "running": _PLACE,
    "restart": _PLACE,
    "open": ("option", "stage"),
    "size": ("option", "stage"),
    "point": ("option", "stage", "point"),
    "lane_open": (*_LANE, "when"),
    "source": (*_LANE, "period"),
    "excess": ("indicator", "group", "side"),
}
ROW_KEYS: dict[str, Key] = {
    "balance": ("commodity", "site", "period"),
    "balance_exact": ("commodity", "site", "period"),
    "capacity": _PLACE,
    "running_capacity": _PLACE,
    "running_use": _PLACE,
    "minimum_load": _PLACE,
    "restart_rise": _PLACE,
    "restart_limit": _PLACE,
    "closure": ("unit", "site", "stage"),
    "must_serve": ("commodity", "site", "segment", "period"),
    "basket_floor": ("basket", "site", "period"),
    "basket_ceiling": ("basket", "site", "period"),
    "indicator_floor": ("indicator", "group"),
    "indicator_ceiling": ("indicator", "group"),
    "size_floor": ("option", "stage"),
    "size_ceiling": ("option", "stage"),
    "point_choice": ("option", "stage"),
    "point_size": ("option", "stage"),
    "lane_charge": (*_LANE, "period"),
    "single_source": ("commodity", "site", "period"),
    "source_flow": (*_LANE, "period"),
}


def number(row: dict[str, Any], name: str, blank: float = math.nan) -> float:
    """A number of a table row, or what its blank means (R16)."""
    value = float(row[name])
    return blank if math.isnan(value) else value


def amount(row: dict[str, Any], name: str, share: float, blank: float) -> float:
    """The share of an amount that falls into a period (R1), or what its blank means."""
    value = float(row[name])
    return blank if math.isnan(value) else share * value


@dataclass(slots=True)
class Expression:
    """Σ coefficient × column + constant."""

    terms: Terms = field(default_factory=dict)
    constant: float = 0.0

    def add(self, other: Expression, factor: float = 1.0) -> Expression:
        """Add ``factor`` × ``other`` to this sum and return it."""
        for column, coefficient in other.terms.items():
            self.terms[column] = self.terms.get(column, 0.0) + factor * coefficient
        self.constant += factor * other.constant
        return self


@dataclass(frozen=True)
class Arrays:
    """min cost·x with row_lower ≤ matrix·x ≤ row_upper, lower ≤ x ≤ upper and x whole where ``integer``.

    ``columns`` and ``rows`` name every position as (family, key); ``row_weight`` is what a dual is divided by to be a
    price per real unit of its year (R20). Rows that hold without any column are not there.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integer: npt.NDArray[np.bool_]
    matrix: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    row_weight: Floats
    columns: tuple[tuple[str, Key], ...]
    rows: tuple[tuple[str, Key], ...]


class Program:
    """A linear program while it is written: ``place[family][ids][when]`` is the position of a column."""

    def __init__(self) -> None:
        self.columns: list[tuple[str, Key]] = []
        self.cost: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integer: list[bool] = []
        self.place: dict[str, dict[Key, dict[str, int]]] = {family: {} for family in COLUMN_KEYS}
        self.rows: list[tuple[str, Key]] = []
        self._row_terms: list[Terms] = []
        self._row_numbers: list[tuple[float, float, float]] = []  # lower, upper, weight

    def column(self, family: str, key: Key, cost: float = 0.0, upper: float = math.inf, *, lower: float = 0.0, integer: bool = False) -> int:
        """A new column between ``lower`` and ``upper`` that costs ``cost`` a unit; its position."""
        position = len(self.columns)
        self.columns.append((family, key))
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        self.place[family].setdefault(key[:-1], {})[key[-1]] = position
        return position

    def at(self, family: str, ids: Key, when: str) -> int:
        """Position of an existing column."""
        return self.place[family][ids][when]

    def row(self, family: str, key: Key, terms: Terms, lower: float, upper: float, weight: float) -> None:
        """A new row lower ≤ Σ terms ≤ upper; one that holds without any column is left out."""
        filled = {column: coefficient for column, coefficient in terms.items() if coefficient}
        if filled or not lower <= 0.0 <= upper:
            self.rows.append((family, key))
            self._row_terms.append(filled)
            self._row_numbers.append((lower, upper, weight))

    def arrays(self) -> Arrays:
        """The finished program."""
        sizes = np.fromiter((len(terms) for terms in self._row_terms), dtype=np.int64, count=len(self.rows))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        places = _joined((terms.keys() for terms in self._row_terms), starts[-1], np.int64)
        values = _joined((terms.values() for terms in self._row_terms), starts[-1], np.float64)
        numbers = np.array(self._row_numbers, dtype=float).reshape(-1, 3)
        return Arrays(
            cost=np.array(self.cost, dtype=float),
            lower=np.array(self.lower, dtype=float),
            upper=np.array(self.upper, dtype=float),
            integer=np.array(self.integer, dtype=bool),
            matrix=sparse.csr_array((values, places, starts), shape=(len(self.rows), len(self.columns))),
            row_lower=numbers[:, 0],
            row_upper=numbers[:, 1],
            row_weight=numbers[:, 2],
            columns=tuple(self.columns),
            rows=tuple(self.rows),
        )


def _joined(parts: Iterable[Iterable[float]], count: int, kind: type) -> npt.NDArray[Any]:
    return np.fromiter((item for part in parts for item in part), dtype=kind, count=int(count))
