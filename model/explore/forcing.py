"""An option forced to a size: where it stands in the program, what it is charged, and what the plan with it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.compile import Floats, LinearProgram
from model.explore.switch_points import Search
from model.solve import Solution

FIRST = 0.01  # share of the named size that stands for the first tonnes
RELATIVE = 1e-9  # differences below this share of what they are taken from are rounding
NO_PRICE = 1e-7  # duals and reduced costs below this are none, the solver's own tolerance
PROOF = 1e-6  # share of the cost within which a plan must be proved
Bounds = tuple[Floats, Floats]


@dataclass(frozen=True)
class Place:
    """Where one option stands in the program: its size, its yes/no (none: empty) and the yearly charge at its named size."""

    size: NDArray[np.int64]
    opened: NDArray[np.int64]
    charge: float  # money of the objective
    weight: float  # years the charge is paid for, discounted


def place(search: Search, option: str, size: float) -> Place:
    """The option where it may first be decided."""
    ids = (("option", option),)
    at, opened = search.positions(("size", ids))[:1], search.positions(("open", ids))[:1]
    charge = float(search.program.cost[at].sum()) * size + float(search.program.cost[opened].sum())
    return Place(at, opened, charge, float(search.weights[at].sum()))


def held(search: Search, option: Place, size: float, bounds: Bounds | None = None) -> Bounds:
    """``bounds`` of all columns (else the plan's own) with the option at ``size``."""
    lower, upper = (each.copy() for each in bounds or (search.program.lower, search.program.upper))
    lower[option.size] = upper[option.size] = size
    lower[option.opened] = upper[option.opened] = 1.0
    return lower, upper


def forced(search: Search, option: Place, size: float, bounds: Bounds | None = None, cost: Floats | None = None) -> tuple[float, Floats]:
    """Least cost and plan with the option at ``size``, NaN where there is none; ``bounds`` and ``cost``: of all columns, else the plan's."""
    return search.solve(search.program.cost if cost is None else cost, *held(search, option, size, bounds))


def proved(search: Search, bounds: Bounds) -> float:
    """How far the last plan of ``search`` at its own costs and ``bounds`` is from proved, as a share of its cost (at least 1)."""
    return unproved(search.program, search.loaded.solution(), bounds)


def unproved(program: LinearProgram, found: Solution, bounds: Bounds) -> float:
    """How far a solution is from proved, as a share of its cost (at least 1).

    The larger of its violation of rows and ``bounds`` and of the distance to the bound that its duals prove (weak duality:
    no plan costs less than rows and columns at the side their prices point to).
    """
    rows = program.matrix @ found.values
    reduced = program.cost - program.matrix.T @ found.duals
    rows_bounds = (program.row_lower, program.row_upper)
    bound = _at_bounds(found.duals, *rows_bounds) + _at_bounds(reduced, *bounds)
    violated = max(_violation(rows, *rows_bounds), _violation(found.values, *bounds))
    scale = max(1.0, abs(found.objective))
    return max(violated, abs(found.objective - bound), abs(float((program.cost * found.values).sum()) - found.objective)) / scale


def _at_bounds(price: Floats, lower: Floats, upper: Floats) -> float:
    """Sum of prices times the bound that each points to; prices of rounding point nowhere."""
    priced = np.flatnonzero(np.abs(price) > NO_PRICE)
    here = price[priced]
    return float((here * np.where(here > 0, lower[priced], upper[priced])).sum())


def _violation(value: Floats, lower: Floats, upper: Floats) -> float:
    """By how much any value is outside its bounds, 0 for none."""
    return float(np.max(np.maximum(lower - value, value - upper), initial=0.0))


def cleaned(value: float, scale: float) -> float:
    """``value``, 0 where it is rounding beside ``scale``."""
    return 0.0 if abs(value) <= RELATIVE * max(1.0, abs(scale)) else value


def difference(search: Search, cost: float) -> float:
    """What a plan of ``cost`` costs more than the plan of the search."""
    return cleaned(cost - search.plan.objective, search.plan.objective)
