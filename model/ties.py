"""What decides between plans of equal cost: fewest tonne-kilometres, then the order of sites and technologies."""

from __future__ import annotations

import numpy as np

from model.case import COLUMN_KEYS, Case
from model.compile import Floats

ORDER_WEIGHT = 1e-3  # keeps the order below one kilometre of freight, so that it only decides what freight leaves open


def preference(case: Case) -> Floats:
    """Cost of the second solve per column: kilometres of lanes plus a small number that grows with the sorted index."""
    parts = []
    for family in COLUMN_KEYS:
        table = case.columns[family]
        order = ORDER_WEIGHT * np.arange(1, len(table) + 1) / max(1, len(table))
        kilometres = table["kilometres"].fillna(0.0).to_numpy(float) if family == "flow" else 0.0
        parts.append(order + kilometres)
    return np.concatenate(parts)
