"""The plan of a case on the arrays: its proof, and which of several cheapest plans it is – that of ``choose_among_ties``, with less work.

Columns and rows are treated alike: places are the values of all columns, then of all rows; prices are reduced costs, then duals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.compile import Floats, LinearProgram
from model.explore.forcing import NO_PRICE
from model.explore.moving import Moved
from model.solve import LoadedProgram, Option, Status


class Reckoning:
    """Places and prices of the solution of one case after the other, in the same arrays: fresh ones cost more than their numbers.

    ``priced``: where a price is more than rounding.
    """

    def __init__(self, moved: Moved) -> None:
        """``moved``: the program whose solutions are reckoned, at the place of the one that is given next."""
        matrix = moved.program.matrix
        self._moved, (rows, self._columns) = moved, matrix.shape
        self._both = sparse.csr_array(sparse.block_diag([matrix, matrix.T], format="csr"))
        self._given, self.places, self.prices, self._first, self._second = np.empty((5, rows + self._columns))
        self.priced = np.empty(rows + self._columns, dtype=bool)

    @property
    def values(self) -> Floats:
        """Values of the columns."""
        values: Floats = self.places[: self._columns]
        return values

    def of(self, values: Floats, duals: Floats) -> None:
        """Reckon a solution, by a single product."""
        columns, rows = self._columns, len(self.places) - self._columns
        self._given[:columns], self._given[columns:] = values, duals
        found = self._both @ self._given
        self.places[:columns], self.places[columns:] = values, found[:rows]
        np.subtract(self._moved.program.cost, found[rows:], out=self.prices[:columns])
        self.prices[columns:] = duals
        np.greater(np.abs(self.prices, out=self._first), NO_PRICE, out=self.priced)

    def cost(self) -> float:
        """What the plan costs; not a dot product, whose rounding depends on the number of threads."""
        return float(np.multiply(self._moved.program.cost, self.values, out=self._first[: self._columns]).sum())

    def residual(self, cost: float, objective: float) -> float:
        """How far the plan is from proved, as ``forcing.unproved`` says it."""
        moved, below, above = self._moved, self._first, self._second
        np.subtract(moved.lower, self.places, out=below)
        np.subtract(self.places, moved.upper, out=above)
        violated = max(0.0, float(np.maximum(below, above, out=below).max(initial=0.0)))
        bound = float(np.multiply(self.prices, self._sides(), out=self._first).sum())
        return max(violated, abs(objective - bound), abs(cost - objective)) / max(1.0, abs(objective))

    def _sides(self) -> Floats:
        """The bound that each price points to, 0 without a price."""
        np.copyto(self._second, self._moved.upper)
        np.copyto(self._second, self._moved.lower, where=self.prices > 0)
        np.copyto(self._second, 0.0, where=~self.priced)
        sides: Floats = self._second
        return sides

    def only_one(self, basic: NDArray[np.int32]) -> bool:
        """Whether the plan is the only one of its cost; ``basic``: as HiGHS numbers them, row r as −1 − r.

        A plan costs Σ |price| · |distance from the cheapest| more than the cheapest, over columns and rows, as every price
        points away from the bound its column or row stands at; basic ones have no price. At equal cost all priced ones stand
        still, and those of equal bounds always do. If these are all that are not basic, the basic ones follow from them, for
        the basis is regular: the plan is the cheapest. Prices of rounding are none, as for ``choose_among_ties``.
        """
        if np.count_nonzero(self.priced) == self._columns:  # as many as are not basic, and no basic one has a price
            return True
        still = self.priced | (self._moved.lower == self._moved.upper)
        still[np.where(basic < 0, self._columns - 1 - basic, basic)] = True
        return bool(still.all())

    def face(self) -> tuple[Floats, Floats] | None:
        """The bounds between which all plans of the cost that the prices prove lie; None where one points to a bound that is not there."""
        side = self._sides()
        if not np.isfinite(side).all():
            return None
        lower, upper = self._given, self._first
        for bound, given in ((lower, self._moved.lower), (upper, self._moved.upper)):
            np.copyto(bound, given)
            np.copyto(bound, side, where=self.priced)
        return lower, upper


def start(moved: Moved, basis: Any, wish: Floats, options: Mapping[str, Option]) -> LinearProgram | None:
    """What a ``Chooser`` begins with: the face of the case ``moved``, solved from ``basis``; None where it has no plan."""
    loaded = LoadedProgram(moved.program, options)
    loaded.use_basis(basis)
    loaded.restart()
    if loaded.run() is not Status.OPTIMAL:
        return None
    found, reckoned = loaded.solution(reduced_costs=False), Reckoning(moved)
    reckoned.of(found.values, found.duals)
    here = reckoned.face()
    if here is None:
        return None
    (lower, row_lower), (upper, row_upper) = (np.split(side, [len(wish)]) for side in here)
    return replace(moved.program, cost=wish, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)


class Chooser:
    """A second program inside the solver that holds the optimal face of one case after the other, its cost the preference.

    Faces of neighbouring cases differ little, and only differences are handed over; changed in place and back, the program of
    the cases would be handed nearly all its numbers twice a case.
    """

    def __init__(self, start: LinearProgram, options: Mapping[str, Option]) -> None:
        self._loaded = LoadedProgram(start, options)

    def preferred(self, reckoned: Reckoning, basis: Any) -> Floats | None:
        """Values of the plan of least preference among those of equal cost, from the ``basis`` of one; None where there is none."""
        here = reckoned.face()
        if here is None:
            return None
        (lower, row_lower), (upper, row_upper) = (np.split(side, [len(reckoned.values)]) for side in here)
        self._loaded.set_column_bounds(lower, upper)
        self._loaded.set_row_bounds(row_lower, row_upper)
        self._loaded.use_basis(basis)
        self._loaded.restart()
        return self._loaded.solution(reduced_costs=False).values if self._loaded.run() is Status.OPTIMAL else None
