"""The objective: what all columns cost, with weights, probabilities and indicator prices inside the coefficients."""

from __future__ import annotations

from typing import Any


def cost(m: Any) -> Any:
    """Σ price × column over every family; least cost is the aim."""
    return sum([_family_cost(column, price, keys) for column, price, keys in m.priced])


def _family_cost(column: Any, price: Any, keys: Any) -> Any:
    return sum(price[key] * column[key] for key in keys)
