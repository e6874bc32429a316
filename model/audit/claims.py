"""What a plan says of itself – objective, indicators, bound, gap, status – against what its values and duals give."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.audit.indicators import Indicators
from model.audit.plan import Check, Frames, Plan, counted, marked, place, worst
from model.audit.program import ROW_KEYS, Arrays, Expression, Floats, Key
from model.audit.proof import DUAL_TOLERANCE, MONEY_TOLERANCE, prices_of, scale_of

INDICATOR_TOLERANCE = 1e-6  # share of the largest part of the indicator
NOTHING = 1e-9  # a ratio divides by nothing below this share of the parts of the other sum
STATUSES = ("optimal", "feasible")


def objective_check(arrays: Arrays, values: Floats, objective: float) -> Check:
    """The objective rebuilt as Σ cost × value."""
    return Check("objective", abs(float(arrays.cost @ values) - objective) / scale_of(arrays, values, objective), MONEY_TOLERANCE, "")


def indicator_check(indicators: Indicators, values: Floats, reported: pd.DataFrame) -> Check:
    """Every indicator in every group of its scope as reported, ratios included (R13–R15), each once and no other."""
    residuals: dict[tuple[str, Key], float] = {("indicator", key): math.inf for key in indicators.sums}  # until one is found
    rows = zip(reported["indicator"].astype(str), reported["group"].astype(str), reported["value"].to_numpy(float), strict=True)
    seen: set[Key] = set()
    for indicator, group, value in rows:
        key = (indicator, group)
        known = key in indicators.sums and key not in seen
        residuals["indicator", key] = _difference(value, indicators.sums[key], indicators.divisors.get(key), values) if known else math.inf
        seen.add(key)
    return worst("indicators", np.array(list(residuals.values())), INDICATOR_TOLERANCE, tuple(residuals))


def _difference(reported: float, amount: Expression, other: Expression | None, values: Floats) -> float:
    """|reported − sum|, of a ratio |reported × other − sum|, as a share of the largest part; NaN is right by nothing only."""
    above, part = _value(amount, values)
    if other is None:
        return abs(reported - above) / max(1.0, part)
    below, other_part = _value(other, values)
    if math.isnan(reported):
        return 0.0 if abs(below) <= NOTHING * max(1.0, other_part) else math.inf
    return abs(reported * below - above) / max(1.0, part, abs(reported) * other_part) if below else math.inf


def _value(amount: Expression, values: Floats) -> tuple[float, float]:
    """Value of a sum and the size of its largest part."""
    parts = [amount.constant, *(coefficient * float(values[column]) for column, coefficient in amount.terms.items())]
    return sum(parts), max(map(abs, parts))


@dataclass(frozen=True)
class Duals:
    """Published duals by row, whether their rows are those of the program, and names of duals that are no number."""

    numbers: Floats
    check: Check
    endless: tuple[str, ...]


def read_duals(arrays: Arrays, frames: Frames, check: str) -> Duals:
    """The duals of ``frames`` by row of the program.

    A row without a dual has the dual 0, which any proof may take; a dual of a row that the rules do not have proves
    nothing, so it must be 0. Tables of prices per real unit are multiplied by the weight of their row (R20).
    """
    priced = any("raw" not in frame for frame in frames.values())
    placed = place(frames, arrays.rows, ROW_KEYS, "value" if priced else "raw")
    # a row of weight 0 has no price per real unit and cannot have moved the objective
    published = np.where(arrays.row_weight == 0.0, 0.0, placed.numbers * arrays.row_weight) if priced else placed.numbers
    numbers = np.where(placed.found, published, 0.0)
    largest = float(np.max(np.abs(numbers), initial=1.0))
    foreign = tuple(label for label, dual in placed.foreign.items() if not abs(dual) <= DUAL_TOLERANCE * largest)
    return Duals(numbers, counted(check, (*foreign, *placed.doubled)), marked(~np.isfinite(numbers), arrays.rows))


def relaxation(arrays: Arrays, plan: Plan) -> tuple[tuple[Check, ...], float]:
    """Checks of the duals of the linear relaxation and the lower bound they prove, −∞ where they prove none.

    Weak duality holds for any duals of allowed sign: a reduced cost leans on the bound that its column has, and only one
    without a bound to lean on spoils the proof.
    """
    duals = read_duals(arrays, plan.relaxed or {}, "relaxed_rows")
    prices = prices_of(arrays, duals.numbers)
    checks = (
        duals.check if plan.relaxed is not None else counted("relaxed_rows", ("none",)),
        worst("relaxed_signs", prices.wrong_sign, DUAL_TOLERANCE, arrays.rows),
        worst("relaxed_reduced_costs", prices.unsupported, DUAL_TOLERANCE, arrays.columns),
    )
    return checks, prices.bound if all(check.passed for check in checks) else -math.inf


def claim_checks(plan: Plan, proved: float, scale: float, *, integers: bool) -> tuple[Check, ...]:
    """proved ≤ claimed bound ≤ objective; the claimed gap is the distance between them; ``optimal`` keeps the allowed gap.

    A search that was cut short may claim less than the relaxation proves, an optimal one may not. A linear program needs
    no claim: its own duals prove the bound. Bounds and gap are compared as shares of ``scale``.
    """
    bound = plan.bound if plan.bound is not None else math.nan if integers else proved
    above = [bound - plan.objective, *([proved - bound] if plan.status == "optimal" else [])]
    excess = plan.objective - bound - plan.allowed_gap * abs(plan.objective) if plan.status == "optimal" else 0.0
    checks = (
        _money("proved_bound", proved - plan.objective, scale),
        _money("claimed_bound", math.nan if math.isnan(bound) else max(above), scale),
        _money("status", excess if plan.status in STATUSES else math.inf, scale),
    )
    return checks if plan.gap is None else (*checks, _money("claimed_gap", _gap_error(plan.gap, bound, plan.objective), scale))


def _money(check: str, excess: float, scale: float) -> Check:
    return Check(check, math.inf if math.isnan(excess) else max(0.0, excess) / scale, MONEY_TOLERANCE, "")


def _gap_error(gap: float, bound: float, objective: float) -> float:
    """Money between the claimed gap and objective − bound; an infinite gap is right beside an infinite bound or an objective of 0."""
    if math.isinf(gap):
        return 0.0 if math.isinf(bound) or objective == 0.0 else math.inf
    return abs(gap * abs(objective) - (objective - bound))
