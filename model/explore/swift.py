"""Cases whose inputs only move costs, bounds and right-hand sides, solved on the arrays of the loaded program.

Each plan is proved on the arrays – it violates no row or bound, and its duals prove that none is cheaper – and read off them;
no table is expanded or filled. A case that cannot be proved so, or has no plan, takes the long way, as the ends and a sample
of every study do (``audited``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.compile import LinearProgram
from model.explore.anchors import Anchors, Place, anchors_among
from model.explore.crew import Means, finish
from model.explore.face import Chooser, Reckoning, start
from model.explore.forcing import PROOF
from model.explore.journal import SOLVED, Job, Row
from model.explore.moving import Factor, Moved, Moves, compilations, learned
from model.explore.study_file import Variant
from model.explore.study_rows import snapshot
from model.explore.workbench import Workbench
from model.problems import ExitCode, refuse
from model.solve import COST_TOLERANCE, LoadedProgram, Outcome, Solution, Status, choose_among_ties

WORTH = 4  # cases per compiled program that make it worth finding out how inputs move the arrays
SAMPLE = 5  # cases of a study that are solved again from the tables, the ends apart
AUDIT = "audit|"  # beginning of the keys of those
NONE = np.empty(0, dtype=np.int32)
NO_ANCHOR = -1


class Trial(Protocol):
    """A case with its place among the factors, empty for one written by itself."""

    @property
    def variant(self) -> Variant:
        """What it changes."""

    @property
    def place(self) -> Place:
        """The value of every factor."""


@dataclass(frozen=True)
class Solved:
    """A case that ``swift`` has solved on the arrays but not proved; ``basis`` and what is ``basic`` in it where plans are asked for."""

    swift: Swift
    variant: Variant
    place: Place
    anchor: int
    outcome: Outcome
    basis: Any
    basic: NDArray[np.int32]

    def row(self) -> Row:
        """As of ``Swift.proved``."""
        return self.swift.proved(self)


@dataclass(frozen=True)
class Swift:
    """A workbench, how the inputs of the study move its program, and where cases start (without ``anchors``: as the base ends).

    Without ``plans`` the study asks for costs alone.
    """

    bench: Workbench
    moves: Moves | None
    anchors: Anchors | None = None
    plans: bool = True

    def __getstate__(self) -> dict[str, object]:
        """All but what a copy makes again."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_moved", "_reckoning", "_chooser", "_bases")}

    @cached_property
    def _moved(self) -> Moved:
        """The program that follows the proofs, its patch the cases; only asked for where there are moves."""
        assert self.moves
        return Moved(self.bench.base.program, self.moves)

    @cached_property
    def _bases(self) -> dict[int, Any]:
        """The bases of anchors that were asked for."""
        return {}

    @cached_property
    def _reckoning(self) -> Reckoning:
        return Reckoning(self._moved)

    @cached_property
    def _start(self) -> LinearProgram | None:
        assert self.moves
        return start(Moved(self.bench.base.program, self.moves), self.bench.start, self.moves.wish, self.bench.options)

    @cached_property
    def _chooser(self) -> Chooser | None:
        return Chooser(self._start, self.bench.options) if self._start else None

    def ready(self) -> None:
        """As of the workbench."""
        self.bench.ready()
        if self.moves and self.plans:
            self._start  # noqa: B018  (a cached property is made by asking for it)

    def case(self, variant: Variant, place: Place, anchor: int = NO_ANCHOR) -> Row | Solved:
        """One case: solved on the arrays, its row to be made when several are proved together, or its row by the long way.

        ``anchor``: number of the one it starts from. Raises ``Refusal`` as a solve does.
        """
        loaded = self._run(place, anchor) if self.moves and place else None
        if loaded is None:
            return planned(variant, self.bench)
        basis = (loaded.highs.getBasis(), loaded.highs.getBasicVariables()[1]) if self.plans else (None, NONE)
        return Solved(self, variant, place, anchor, loaded.outcome(), *basis)

    def proved(self, case: Solved) -> Row:
        """The row of a solved case; raises ``Refusal`` as a solve does where it has to take the long way."""
        assert self.moves
        reckoned, found = self._reckoning, case.outcome.solution(reduced_costs=False)
        self._moved.to(case.place)
        reckoned.of(found.values, found.duals)
        if self.plans and not reckoned.only_one(case.basic):
            self._choose(self.moves, case, found)
        cost = reckoned.cost()
        objective = cost if self.plans else found.objective
        missed = reckoned.residual(cost, objective)
        if not missed <= PROOF:
            return planned(case.variant, self.bench)
        if not self.plans:  # plans of equal cost have this in common
            return {"cost": objective, "warm": True, "residual": missed, "audited": False}
        return {**self.moves.readings.row(reckoned.values, objective, missed), "audited": False}

    def _run(self, place: Place, anchor: int) -> LoadedProgram | None:
        """The case solved inside the solver; None where it has no plan."""
        basis = self._basis(anchor)
        loaded = self.bench.loaded(self._moved.program, self._moved.at(place), basis)
        return loaded if loaded.run() is Status.OPTIMAL else None

    def _basis(self, anchor: int) -> Any:
        """The basis of an anchor, None (as the base ends) where that has no plan or there is none."""
        if not self.anchors or anchor == NO_ANCHOR:
            return None
        if anchor not in self._bases:
            loaded = self.bench.loaded(self._moved.program, self._moved.at(self.anchors.place(anchor)))
            self._bases[anchor] = loaded.highs.getBasis() if loaded.run() is Status.OPTIMAL else None
        return self._bases[anchor]

    def _choose(self, moves: Moves, case: Solved, found: Solution) -> None:
        """Reckon the plan that is preferred among those of equal cost instead of the one that was found."""
        values = self._chooser.preferred(self._reckoning, case.basis) if self._chooser else None
        if values is not None:
            self._reckoning.of(values, found.duals)
        if values is not None and abs(self._reckoning.cost() - found.objective) <= COST_TOLERANCE * max(1.0, abs(found.objective)):
            return
        if loaded := self._run(case.place, case.anchor):  # the same plan again, from the same basis
            chosen = choose_among_ties(loaded, self._moved.program, loaded.solution(), moves.wish)
            self._reckoning.of(chosen.values, found.duals)


def planned(variant: Variant, bench: Workbench) -> Row:
    """The row of one case by the whole chain, its plan checked from the tables."""
    return {**snapshot(bench.plan(variant.of(bench.scenario))), "audited": True}


def solved_swiftly(bench: Workbench, factors: list[Factor], cases: Sequence[Trial], means: Means, *, every: bool, plans: bool = True) -> list[Row]:
    """The rows of ``cases``, each with ``audited``: whether its plan was checked from the tables or proved on the arrays.

    The arrays are used where ``factors`` move them in proportion and there are enough cases to be worth finding out; ``every``
    asks for all cases from the tables; without ``plans`` rows from the arrays say nothing but their cost. Of cases on arrays
    the cheapest, the dearest and a sample are solved again from the tables, and these rows are given. Raises ``Refusal``: as
    ``finish``; exit 5 where a plan from the tables costs something else.
    """
    placed = sum(bool(case.place) for case in cases)
    moves = None
    if factors and not every and placed >= WORTH * compilations(len(factors)):
        means.progress("learning", count=compilations(len(factors)))
        moves = learned(bench, factors)
    anchors = anchors_among([case.place for case in cases if case.place]) if moves else None
    swift = Swift(bench, moves, anchors, plans)
    rows = _finished(cases, swift, means)
    again = _sample(rows)
    variants = {case.variant.key: case.variant for case in cases}
    jobs = [Job(f"{AUDIT}{key}", variants[key].name, partial(_case, variants[key], {}, NO_ANCHOR)) for key in again]
    audited = {row["case"].removeprefix(AUDIT): row for row in finish(jobs, swift, means)} if jobs else {}
    for row in rows:
        mine = audited.get(row["case"])
        if mine and not (mine["status"] == SOLVED and abs(mine["cost"] - row["cost"]) <= PROOF * max(1.0, abs(row["cost"]))):
            raise refuse(ExitCode.SOLVER, "check_failed", value="arrays", residual=mine.get("cost", 0.0), place=row["case"])
    return [{**audited[row["case"]], "case": row["case"]} if row["case"] in audited else row for row in rows]


def _finished(cases: Sequence[Trial], swift: Swift, means: Means) -> list[Row]:
    """The rows of all ``cases``; those of one anchor are solved one after the other, so that few workers need its basis."""
    near = [swift.anchors.nearest(case.place) if swift.anchors and case.place else NO_ANCHOR for case in cases]
    order = sorted(range(len(cases)), key=near.__getitem__)
    jobs = [Job(cases[at].variant.key, cases[at].variant.name, partial(_case, cases[at].variant, cases[at].place, near[at])) for at in order]
    rows = dict(zip(order, finish(jobs, swift, means), strict=True))
    return [rows[at] for at in range(len(cases))]


def _sample(rows: Sequence[Row]) -> list[str]:
    """Keys of the cheapest, the dearest and evenly spread cases among those that were only proved on the arrays."""
    quick = [row for row in rows if row["status"] == SOLVED and not row["audited"]]
    if not quick:
        return []
    spread = {round(at * (len(quick) - 1) / (SAMPLE - 1)) for at in range(SAMPLE)}
    ends = [choose(range(len(quick)), key=lambda at: quick[at]["cost"]) for choose in (min, max)]
    return [quick[at]["case"] for at in sorted(spread | set(ends))]


def _case(variant: Variant, place: Place, anchor: int, swift: Swift) -> Row | Solved:
    return swift.case(variant, place, anchor)
