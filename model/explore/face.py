"""The plan of a case on the arrays: its proof, and which of several cheapest plans it is – that of ``choose_among_ties``, with less work.

Columns and rows are treated alike: places are the values of all columns, then of all rows; prices are reduced costs, then duals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.compile import Floats, LinearProgram
from model.explore.forcing import NO_PRICE, proved_bound, violation
from model.explore.moving import Moved
from model.solve import COST_TOLERANCE, Basis, LoadedProgram, Option, Status


class Reckoning:
    """Places and prices of solutions of one matrix after the other, by a single product."""

    def __init__(self, program: LinearProgram) -> None:
        self._both = sparse.csr_array(sparse.block_diag([program.matrix, program.matrix.T], format="csr"))
        self._rows, self._columns = program.matrix.shape

    def of(self, cost: Floats, values: Floats, duals: Floats) -> tuple[Floats, Floats]:
        """Places and prices."""
        found = self._both @ np.concatenate([values, duals])
        return np.concatenate([values, found[: self._rows]]), np.concatenate([cost - found[self._rows :], duals])


def residual(moved: Moved, places: Floats, prices: Floats, objective: float) -> float:
    """How far a plan is from proved, as ``forcing.unproved`` says it."""
    cost = float((moved.program.cost * places[: len(moved.program.cost)]).sum())
    bound = proved_bound(prices, moved.lower, moved.upper)
    return max(violation(places, moved.lower, moved.upper), abs(objective - bound), abs(cost - objective)) / max(1.0, abs(objective))


def only_one(loaded: LoadedProgram, lower: Floats, upper: Floats, prices: Floats, columns: int) -> bool:
    """Whether the plan of the last run is the only one of its cost.

    A plan costs Σ |price| · |distance from the cheapest| more than the cheapest, over columns and rows, as every price points
    away from the bound its column or row stands at; basic ones have no price. At equal cost all priced ones stand still, and
    those of equal bounds always do. If these are all that are not basic, the basic ones follow from them, for the basis is
    regular: the plan is the cheapest. Prices of rounding are none, as for the second solve of ``choose_among_ties``.
    """
    still = np.abs(prices) > NO_PRICE
    if np.count_nonzero(still) == columns:  # as many as are not basic, and no basic one has a price
        return True
    still |= lower == upper
    basic = loaded.highs.getBasicVariables()[1]  # row r as −1 − r
    still[np.where(basic < 0, columns - 1 - basic, basic)] = True
    return bool(still.all())


def face(lower: Floats, upper: Floats, prices: Floats) -> tuple[Floats, Floats] | None:
    """The bounds between which all plans of the cost that ``prices`` prove lie; None where one points to a bound that is not there."""
    held, side = np.abs(prices) > NO_PRICE, np.where(prices > 0, lower, upper)
    if not np.isfinite(side[held]).all():
        return None
    return np.where(held, side, lower), np.where(held, side, upper)


@dataclass(frozen=True)
class Start:
    """The face of the base with the preference as its cost, and the basis of its preferred plan."""

    program: LinearProgram
    basis: Basis


def start(loaded: LoadedProgram, program: LinearProgram, wish: Floats, options: Mapping[str, Option]) -> Start | None:
    """The start of a ``Chooser`` from the base inside the solver, ready to run; None where its face has no preferred plan."""
    if loaded.run() is not Status.OPTIMAL:
        return None
    found = loaded.solution()
    lower, upper = np.concatenate([program.lower, program.row_lower]), np.concatenate([program.upper, program.row_upper])
    here = face(lower, upper, np.concatenate([found.reduced_costs, found.duals]))
    if here is None:
        return None
    (lower, row_lower), (upper, row_upper) = (np.split(side, [len(wish)]) for side in here)
    held = replace(program, cost=wish, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)
    second = LoadedProgram(held, options)
    second.use_basis(loaded.keep_basis())
    second.restart()
    return Start(held, second.basis) if second.run() is Status.OPTIMAL else None


class Chooser:
    """A second program inside the solver that holds the optimal face of one case after the other.

    Faces of neighbouring cases differ little: only differences are handed over, and as the costs – the preference – never
    change, the dual simplex goes on from the face of the base.
    """

    def __init__(self, start: Start, options: Mapping[str, Option]) -> None:
        self._start, self._options, self._basis = start, options, start.basis.opened()
        self.anew()

    def anew(self) -> None:
        """Forget what earlier cases left in the solver."""
        self._loaded = LoadedProgram(self._start.program, self._options)
        self._loaded.use_basis(self._basis)

    def preferred(self, moved: Moved, prices: Floats, objective: float) -> Floats | None:
        """Values of the plan of least preference among those of cost ``objective``; None where it is not found so."""
        here = face(moved.lower, moved.upper, prices)
        if here is None:
            return None
        (lower, row_lower), (upper, row_upper) = (np.split(side, [len(moved.program.cost)]) for side in here)
        self._loaded.set_column_bounds(lower, upper)
        self._loaded.set_row_bounds(row_lower, row_upper)
        self._loaded.restart()
        if self._loaded.run() is not Status.OPTIMAL:
            return None
        values = self._loaded.solution(reduced_costs=False).values
        cost = float((moved.program.cost * values).sum())
        return values if abs(cost - objective) <= COST_TOLERANCE * max(1.0, abs(objective)) else None
