"""The independent check: a plan is published only if its balances, bounds, cost and optimality hold without Pyomo.

Optimality of a linear program is proved by its duals: with reduced costs d = c − Aᵀy, every d and y has the sign its
bounds allow and is zero away from them, so the dual objective equals the cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.structure import INTEGER_FAMILIES
from model.compile import Floats
from model.matrix import independent_matrix

PRIMAL_TOLERANCE = 1e-6  # share of the largest number in the row, the closing of mass balances
DUAL_TOLERANCE = 1e-6  # share of the largest term of the reduced cost
GAP_TOLERANCE = 1e-6  # share of the objective between the cost and the bound that the duals prove


@dataclass(frozen=True)
class Check:
    """One test of a plan: its largest residual, the place of it and whether it passes."""

    name: str
    residual: float
    tolerance: float
    place: str

    @property
    def passed(self) -> bool:
        """Whether the residual is within tolerance."""
        return bool(self.residual <= self.tolerance)


def _labels(tables: dict[str, pd.DataFrame], keys: dict[str, tuple[str, ...]], position: int) -> str:
    for family, key in keys.items():
        if position < len(tables[family]):
            return f"{family}({', '.join(str(tables[family][name].iloc[position]) for name in key)})"
        position -= len(tables[family])
    return ""


def _worst(name: str, residual: Floats, tolerance: float, tables: dict[str, pd.DataFrame], keys: dict[str, tuple[str, ...]]) -> Check:
    residual = np.where(np.isnan(residual), np.inf, residual)
    if not len(residual):
        return Check(name, 0.0, tolerance, "")
    worst = int(np.argmax(residual))
    return Check(name, float(residual[worst]), tolerance, _labels(tables, keys, worst))


def _stack(tables: dict[str, pd.DataFrame], keys: dict[str, tuple[str, ...]], column: str) -> Floats:
    return np.concatenate([tables[family][column].to_numpy(float) for family in keys])


def verify(case: Case, values: Floats, duals: Floats, objective: float) -> tuple[Check, ...]:
    """Checks of a plan (``values`` per column, ``duals`` per row, both in family order) against ``case``.

    balance and the other rows (residual relative to the largest term of the row), column bounds, objective rebuilt
    from its parts, signs of duals and reduced costs, complementary slackness and the duality gap.
    """
    matrix = independent_matrix(case)
    cost = _stack(case.columns, COLUMN_KEYS, "cost") + _stack(case.columns, COLUMN_KEYS, "charge")
    lower, upper = _stack(case.columns, COLUMN_KEYS, "lower"), _stack(case.columns, COLUMN_KEYS, "upper")
    decided = np.concatenate([np.full(len(case.columns[family]), family in INTEGER_FAMILIES) for family in COLUMN_KEYS])
    fraction = np.where(decided, np.abs(values - np.round(values)), 0.0)
    # duals hold given the decisions: a free yes/no stands where the plan put it
    stands = np.clip(values, lower, upper)
    lower, upper = np.where(decided, stands, lower), np.where(decided, stands, upper)
    row_lower, row_upper = _stack(case.rows, ROW_KEYS, "lower"), _stack(case.rows, ROW_KEYS, "upper")
    activity = matrix @ values
    size = np.maximum(1.0, (abs(matrix) @ np.abs(values)))
    row_gap = np.maximum(np.maximum(row_lower - activity, activity - row_upper), 0.0) / size
    bound_gap = np.maximum(np.maximum(lower - values, values - upper), 0.0) / np.maximum(1.0, np.abs(values))
    rebuilt = float(cost @ values)
    reduced = cost - matrix.T @ duals
    dual_size = np.maximum(1.0, np.abs(cost) + abs(matrix).T @ np.abs(duals))
    # a positive reduced cost needs a finite lower bound to lean on, a negative one a finite upper bound
    dual_gap = np.where(np.isinf(lower), np.maximum(reduced, 0.0), 0.0) + np.where(np.isinf(upper), np.maximum(-reduced, 0.0), 0.0)
    sign_gap = np.where(np.isinf(row_lower), np.maximum(duals, 0.0), 0.0) + np.where(np.isinf(row_upper), np.maximum(-duals, 0.0), 0.0)
    proved = _supported(reduced, lower, upper) + _supported(duals, row_lower, row_upper)
    column_slack = _slackness(reduced, values, lower, upper)
    row_slack = _slackness(duals, activity, row_lower, row_upper)
    scale = max(1.0, abs(objective))
    return (
        _worst("rows", row_gap, PRIMAL_TOLERANCE, case.rows, ROW_KEYS),
        _worst("bounds", bound_gap, PRIMAL_TOLERANCE, case.columns, COLUMN_KEYS),
        _worst("integers", fraction, PRIMAL_TOLERANCE, case.columns, COLUMN_KEYS),
        Check("objective", abs(rebuilt - objective) / scale, GAP_TOLERANCE, ""),
        _worst("reduced_costs", dual_gap / dual_size, DUAL_TOLERANCE, case.columns, COLUMN_KEYS),
        _worst("dual_signs", sign_gap, DUAL_TOLERANCE * max(1.0, float(np.abs(duals).max(initial=0.0))), case.rows, ROW_KEYS),
        _worst("column_slackness", column_slack / scale, GAP_TOLERANCE, case.columns, COLUMN_KEYS),
        _worst("row_slackness", row_slack / scale, GAP_TOLERANCE, case.rows, ROW_KEYS),
        Check("duality_gap", abs(proved - objective) / scale, GAP_TOLERANCE, ""),
    )


def _supported(price: Floats, lower: Floats, upper: Floats) -> float:
    """Dual objective: every price times the bound it leans on; prices without a finite bound count as zero."""
    bound = np.where(price > 0, lower, upper)
    return float(np.sum(np.where(np.isfinite(bound) & (price != 0), price * np.where(np.isfinite(bound), bound, 0.0), 0.0)))


def _slackness(price: Floats, value: Floats, lower: Floats, upper: Floats) -> Floats:
    """price × distance to the bound it leans on: money that complementary slackness says must be zero."""
    bound = np.where(price > 0, lower, upper)
    return np.abs(price * np.where(np.isfinite(bound), value - np.where(np.isfinite(bound), bound, 0.0), 0.0))
