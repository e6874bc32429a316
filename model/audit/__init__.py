"""The independent check: a plan is published only if a second reading of the rules finds it right and proves it best.

The program is written a second time, straight from the core tables and the text of the rules R1–R16; nothing is shared
with the formulation that the solver sees. ``program`` gives it as arrays, ``audit`` judges a plan by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.audit.claims import claim_checks, indicator_check, objective_check, read_duals, relaxation
from model.audit.draft import Draft
from model.audit.indicators import Indicators
from model.audit.operation import write_capacity, write_options, write_production, write_stocks
from model.audit.plan import Check, Plan, counted, marked, place
from model.audit.program import COLUMN_KEYS, ROW_KEYS, Arrays
from model.audit.proof import feasibility, given_integers, optimality, prices_of, scale_of
from model.audit.trade import write_baskets, write_demand, write_lanes, write_supply
from model.tables import Tables

__all__ = ["COLUMN_KEYS", "ROW_KEYS", "Arrays", "Audit", "Check", "Plan", "audit", "program"]


@dataclass(frozen=True)
class Audit:
    """The checks of a plan and the lower bound of the objective that its duals prove (−∞ where they prove none)."""

    checks: tuple[Check, ...]
    proved_bound: float

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that the plan does not pass."""
        return tuple(check for check in self.checks if not check.passed)


def program(core: Tables) -> Arrays:
    """The whole program of ``core`` as arrays: the second formulation, for any solver."""
    return _write(core)[0]


def _write(core: Tables) -> tuple[Arrays, Indicators]:
    draft = Draft(core)
    write_production(draft)
    write_demand(draft, write_lanes(draft))
    write_supply(draft)
    write_stocks(draft)
    write_options(draft)
    write_capacity(draft)
    write_baskets(draft)
    draft.write_balances()
    indicators = Indicators(draft)
    indicators.write()
    indicators.write_limits()
    return draft.program.arrays(), indicators


def audit(core: Tables, plan: Plan) -> Audit:
    """Judge ``plan`` by the rules over the core tables ``core``, which ``check_core`` has accepted.

    It must be feasible, cost and count what it says, be optimal by its duals (given its integers if there are any), and
    claim no bound or gap that the duals, or those of the linear relaxation, contradict.
    """
    arrays, indicators = _write(core)
    with np.errstate(invalid="ignore", over="ignore"):
        return _judged(arrays, indicators, plan)


def _judged(arrays: Arrays, indicators: Indicators, plan: Plan) -> Audit:
    placed = place(plan.values, arrays.columns, COLUMN_KEYS, "value")
    values, scale = placed.numbers, scale_of(arrays, placed.numbers, plan.objective)
    duals, integers = read_duals(arrays, plan.duals, "dual_rows"), bool(arrays.integer.any())
    given = given_integers(arrays, values)
    prices = prices_of(given, duals.numbers)
    relaxed, proved = relaxation(arrays, plan) if integers else ((), prices.bound)
    endless = marked(placed.found & ~np.isfinite(values), arrays.columns) + duals.endless
    return Audit(
        (
            counted("columns", (*marked(~placed.found, arrays.columns), *placed.foreign, *placed.doubled)),
            counted("numbers", endless if math.isfinite(plan.objective) else (*endless, "objective")),
            *feasibility(arrays, values),
            objective_check(arrays, values, plan.objective),
            *(() if plan.indicators is None else (indicator_check(indicators, values, plan.indicators),)),
            duals.check,
            *optimality(given, values, prices, plan.objective),
            *relaxed,
            *claim_checks(plan, proved, scale, integers=integers),
        ),
        proved,
    )
