"""What holds and what is proved: feasibility of the values, optimality by the duals, the bound of the relaxation.

For min c·x with row bounds L ≤ A x ≤ U and column bounds l ≤ x ≤ u, every y with y ≥ 0 where U is infinite and y ≤ 0
where L is infinite gives reduced costs d = c − Aᵀ y and the lower bound Σ y × (L or U) + Σ d × (l or u), each price
leaning on the side its sign says (weak duality; Chvátal, Linear Programming, 1983, ch. 5 and 9). A plan whose cost
equals that bound is optimal, and then price × distance to the bound it leans on is 0 in every row and column.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.audit.plan import Check, worst
from model.audit.program import Arrays, Floats

PRIMAL_TOLERANCE = 1e-6  # share of the largest term of a row: the closing of mass balances
INTEGER_TOLERANCE = 1e-6  # distance to the nearest whole number
DUAL_TOLERANCE = 1e-6  # share of the largest term of a reduced cost, or of the largest dual
MONEY_TOLERANCE = 1e-6  # share of the objective
TURNOVER_SHARE = 1e-3  # an objective that is a small difference of large sums is judged by this share of them


def scale_of(arrays: Arrays, values: Floats, objective: float) -> float:
    """What money is compared with: the objective, or a thousandth of Σ |cost × value| if that is more, at least 1."""
    return float(np.max([1.0, abs(objective), TURNOVER_SHARE * float(np.abs(arrays.cost * values).sum())]))


def feasibility(arrays: Arrays, values: Floats) -> tuple[Check, ...]:
    """Bounds of columns, whole numbers, rows and closures (R8 has its own, much finer tolerance inside the row)."""
    beyond = _beyond(values, arrays.lower, arrays.upper) / np.maximum(1.0, np.abs(values))
    activity = arrays.matrix @ values
    size = np.maximum(_largest_term(arrays.matrix, values), _largest_bound(arrays.row_lower, arrays.row_upper))
    broken = _beyond(activity, arrays.row_lower, arrays.row_upper) / np.maximum(1.0, size)
    closure = np.array([family == "closure" for family, _ in arrays.rows], dtype=bool)
    checks = (
        worst("bounds", beyond, PRIMAL_TOLERANCE, arrays.columns),
        worst("rows", np.where(closure, 0.0, broken), PRIMAL_TOLERANCE, arrays.rows),
        worst("closures", np.where(closure, broken, 0.0), PRIMAL_TOLERANCE, arrays.rows),
    )
    if not arrays.integer.any():
        return checks
    fraction = np.where(arrays.integer, np.abs(values - np.rint(values)), 0.0)
    return (*checks, worst("integers", fraction, INTEGER_TOLERANCE, arrays.columns))


def given_integers(arrays: Arrays, values: Floats) -> Arrays:
    """The linear program that is left when every whole number of the plan is taken as given."""
    whole = np.rint(values)
    lower, upper = np.where(arrays.integer, whole, arrays.lower), np.where(arrays.integer, whole, arrays.upper)
    return replace(arrays, lower=lower, upper=upper)


@dataclass(frozen=True)
class Prices:
    """Duals of the rows with a sign their bounds allow (others count as 0), what they leave as reduced costs, and faults."""

    duals: Floats
    reduced: Floats
    wrong_sign: Floats  # share of the largest dual, per row
    unsupported: Floats  # reduced cost without a bound to lean on, share of its largest term, per column
    bound: float  # what weak duality proves, if nothing is unsupported


def prices_of(arrays: Arrays, duals: Floats) -> Prices:
    """The dual side of ``arrays`` at ``duals``."""
    allowed = np.clip(duals, np.where(np.isinf(arrays.row_upper), 0.0, -math.inf), np.where(np.isinf(arrays.row_lower), 0.0, math.inf))
    reduced = arrays.cost - arrays.matrix.T @ allowed
    leaning = _bound_of(reduced, arrays.lower, arrays.upper)
    size = np.maximum(np.abs(arrays.cost), _largest_term(arrays.matrix.T.tocsr(), allowed))
    unsupported = np.where(np.isinf(leaning), np.abs(reduced), 0.0) / np.maximum(1.0, size)
    wrong_sign = np.abs(duals - allowed) / np.max(np.abs(duals[np.isfinite(duals)]), initial=1.0)
    rows = allowed * _bound_of(allowed, arrays.row_lower, arrays.row_upper)
    columns = reduced * np.where(np.isinf(leaning), 0.0, leaning)
    return Prices(allowed, reduced, wrong_sign, unsupported, float(rows.sum() + columns.sum()))


def optimality(arrays: Arrays, values: Floats, prices: Prices, objective: float) -> tuple[Check, ...]:
    """Dual feasibility, complementary slackness row by row and column by column, and the gap between cost and bound."""
    scale = scale_of(arrays, values, objective)
    column_slack = _slackness(prices.reduced, values, arrays.lower, arrays.upper)
    row_slack = _slackness(prices.duals, arrays.matrix @ values, arrays.row_lower, arrays.row_upper)
    return (
        worst("dual_signs", prices.wrong_sign, DUAL_TOLERANCE, arrays.rows),
        worst("reduced_costs", prices.unsupported, DUAL_TOLERANCE, arrays.columns),
        worst("column_slackness", column_slack / scale, MONEY_TOLERANCE, arrays.columns),
        worst("row_slackness", row_slack / scale, MONEY_TOLERANCE, arrays.rows),
        Check("duality_gap", abs(prices.bound - objective) / scale, MONEY_TOLERANCE, ""),
    )


def _beyond(numbers: Floats, lower: Floats, upper: Floats) -> Floats:
    return np.maximum(np.maximum(lower - numbers, numbers - upper), 0.0)


def _largest_bound(lower: Floats, upper: Floats) -> Floats:
    return np.maximum(*(np.where(np.isinf(bound), 0.0, np.abs(bound)) for bound in (lower, upper)))


def _largest_term(matrix: sparse.csr_array, numbers: Floats) -> Floats:
    """max |coefficient × number| of every row."""
    largest = np.zeros(matrix.shape[0])
    filled = np.diff(matrix.indptr) > 0
    if filled.any():
        terms = np.abs(matrix.data * numbers[matrix.indices])
        largest[filled] = np.maximum.reduceat(terms, matrix.indptr[:-1][filled])
    return largest


def _bound_of(price: Floats, lower: Floats, upper: Floats) -> Floats:
    """The bound that a price leans on: the lower one if it is positive, the upper one if negative, 0 if it is 0."""
    return np.where(price > 0.0, lower, np.where(price < 0.0, upper, np.where(np.isnan(price), np.nan, 0.0)))


def _slackness(price: Floats, number: Floats, lower: Floats, upper: Floats) -> Floats:
    bound = _bound_of(price, lower, upper)
    return np.abs(price * np.where(np.isinf(bound), 0.0, number - bound))
