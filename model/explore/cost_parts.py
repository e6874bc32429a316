"""The difference between two plans by kind of cost: power, alumina or scrap, freight, capital, other; the parts sum to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from model.case import COLUMN_KEYS, Case
from model.compile import Floats

POLICY = "policy"  # the class of indicator prices, which stand on columns of every class
# cost classes of each part; every class that is not named here is other
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "power": ("power", "shedding"),
    "materials": ("alumina", "bauxite", "scrap"),
    "freight": ("freight",),
    "capital": ("capital",),
    "other": (),
})
OTHER = "other"
_PART_OF = {cost_class: part for part, classes in PARTS.items() for cost_class in classes}


def part_of(cost_class: str) -> str:
    """The part that a cost class belongs to."""
    return _PART_OF.get(cost_class, OTHER)


class CostParts:
    """The cost of every column of a case by its class."""

    def __init__(self, case: Case) -> None:
        tables = [case.columns[family] for family in COLUMN_KEYS]
        self._classes = pd.Series(np.concatenate([table["cost_class"].to_numpy(object) for table in tables])).astype(str)
        self._cost = np.concatenate([table["cost"].to_numpy(float) for table in tables])
        self._charge = np.concatenate([table["charge"].to_numpy(float) for table in tables])

    def by_class(self, change: Floats) -> dict[str, float]:
        """Money of the objective by cost class of a ``change`` of all columns; the values sum to the change of the objective."""
        sums = pd.Series(self._cost * change).groupby(self._classes).sum()
        found = {str(name): float(value) for name, value in sums.items()}
        return found | {POLICY: found.get(POLICY, 0.0) + float(self._charge @ change)}


def parts(by_class: Mapping[str, float]) -> dict[str, float]:
    """The sums of ``by_class`` by part, each part named."""
    result = dict.fromkeys(PARTS, 0.0)
    for cost_class, value in by_class.items():
        result[part_of(cost_class)] += value
    return result
