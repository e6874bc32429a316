"""What a study remembers of a plan, read straight off the arrays of its solution: the same numbers as from its tables."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.case import COLUMN_KEYS, Case
from model.case.structure import TERM_FAMILIES
from model.compile import Floats, LinearProgram
from model.explore.journal import Row
from model.explore.study_rows import PRESENT
from model.results import VALUE_NOISE, indicator_values

Names = tuple[str, ...]


@dataclass(frozen=True)
class Sums:
    """Sums over columns: one row of ``matrix`` and one constant per name."""

    names: Names
    matrix: sparse.csr_array
    constants: Floats

    def of(self, values: Floats) -> Floats:
        """The sum of every name."""
        return np.asarray(self.matrix @ values + self.constants)


@dataclass(frozen=True)
class Readings:
    """Which sums of a solution give the indicators (``above`` ÷ ``below`` of a ratio), what is missing, and where sizes stand."""

    ratio: NDArray[np.bool_]
    above: Sums
    below: Sums
    missing: Sums
    sizes: Names
    places: NDArray[np.int64]

    @classmethod
    def of(cls, case: Case, program: LinearProgram) -> Readings:
        """The readings of a case, its groups in the order in which results state them."""
        empty = {family: case.columns[family][[*key]].assign(value=0.0) for family, key in COLUMN_KEYS.items()}
        table = indicator_values(case, empty)
        names = tuple(f"{indicator}|{group}" for indicator, group in zip(table["indicator"], table["group"], strict=True))
        per = case.labels["indicators"].set_index("indicator")["per"]
        ratio = np.array([per[indicator] != "" for indicator in table["indicator"]], dtype=bool)
        sizes, places = _sizes(case, program)
        above, below = _sums(case, program, names, "term", "constant"), _sums(case, program, names, "per_term", "per_constant")
        return cls(ratio, above, below, _missing(case, program), sizes, places)

    def row(self, solution: Floats, cost: float, residual: float) -> Row:
        """What ``study_rows.snapshot`` says of the plan."""
        values = solution.copy()
        values[np.abs(values) < VALUE_NOISE] = 0.0
        above, below = self.above.of(values), self.below.of(values)
        share = np.divide(above, below, out=np.full(len(above), math.nan), where=below != 0)
        numbers = np.where(self.ratio, share, above).tolist()
        sizes = values[self.places].tolist()
        return {
            "cost": cost, "warm": True,
            "indicators": {name: None if math.isnan(number) else number for name, number in zip(self.above.names, numbers, strict=True)},
            "built": {name: size for name, size in zip(self.sizes, sizes, strict=True) if abs(size) > PRESENT},
            "unserved": {name: amount for name, amount in zip(self.missing.names, self.missing.of(values).tolist(), strict=True) if amount > PRESENT},
            "residual": residual,
        }


def same_readings(first: Readings, second: Readings) -> bool:
    """Whether two cases are read alike, number for number."""
    pairs = ((first.above, second.above), (first.below, second.below), (first.missing, second.missing))
    if first.sizes != second.sizes or not all(
        np.array_equal(a, b) for a, b in ((first.ratio, second.ratio), (first.places, second.places))
    ):
        return False
    return all(
        a.names == b.names and np.array_equal(a.constants, b.constants)
        and all(np.array_equal(getattr(a.matrix, part), getattr(b.matrix, part)) for part in ("indptr", "indices", "data"))
        for a, b in pairs
    )


def _sums(case: Case, program: LinearProgram, names: Names, terms: str, constant: str) -> Sums:
    place = {name: number for number, name in enumerate(names)}
    constants = np.zeros(len(names))
    for row in case.relations[constant].to_dict("records"):
        if (name := f"{row['indicator']}|{row['group']}") in place:
            constants[place[name]] += row["amount"]
    rows, columns, numbers = [], [], []
    for family in TERM_FAMILIES:
        key = list(COLUMN_KEYS[family])
        where = case.columns[family][key].assign(_at=np.arange(len(case.columns[family])) + program.column_start[family])
        found = case.relations[f"{terms}_{family}"].merge(where, on=key)
        groups = found["indicator"].astype(str) + "|" + found["group"].astype(str)
        rows.append(groups.map(place).to_numpy(float))
        columns.append(found["_at"].to_numpy(int))
        numbers.append(found["coefficient"].to_numpy(float))
    to, at, coefficients = np.concatenate(rows), np.concatenate(columns), np.concatenate(numbers)
    known = ~np.isnan(to)
    matrix = sparse.csr_array((coefficients[known], (to[known].astype(int), at[known])), shape=(len(names), program.column_start[""]))
    return Sums(names, matrix, constants)


def _missing(case: Case, program: LinearProgram) -> Sums:
    """Expected amount of every good that is not served."""
    short = case.columns["short"]
    probability = case.calendar.periods.set_index("period")["probability"]
    goods, codes = np.unique(np.array(short["commodity"], dtype=str), return_inverse=True)
    at = np.arange(len(short)) + program.column_start["short"]
    shares = np.array([probability[period] for period in short["period"]], dtype=float)
    matrix = sparse.csr_array((shares, (codes, at)), shape=(len(goods), program.column_start[""]))
    return Sums(tuple(str(good) for good in goods), matrix, np.zeros(len(goods)))


def _sizes(case: Case, program: LinearProgram) -> tuple[Names, NDArray[np.int64]]:
    """Names and columns of sizes, and of decisions that are a pure yes/no."""
    names: list[str] = []
    places: list[NDArray[np.int64]] = []
    for family in ("size", "open"):
        table = case.columns[family]
        mine = np.ones(len(table), dtype=bool) if family == "size" else (table["max_size"] == 0).to_numpy(bool)
        names += [f"{option}|{stage}" for option, stage in zip(table.loc[mine, "option"], table.loc[mine, "stage"], strict=True)]
        places.append(np.flatnonzero(mine) + program.column_start[family])
    return tuple(names), np.concatenate(places)
