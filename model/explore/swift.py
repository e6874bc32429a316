"""Cases whose inputs only move costs, bounds and right-hand sides, solved on the arrays of the loaded program.

Each plan is proved on the arrays – it violates no row or bound, and its duals prove that none is cheaper – and read off them;
no table is expanded or filled. A case that cannot be proved so, or has no plan, takes the long way, as the ends and a sample
of every study do (``audited``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol

from model.compile import LinearProgram
from model.explore.crew import Means, finish
from model.explore.face import Chooser, Reckoning, start
from model.explore.forcing import PROOF
from model.explore.journal import SOLVED, Job, Row
from model.explore.moving import Factor, Moved, Moves, compilations, learned
from model.explore.study_file import Variant
from model.explore.study_rows import snapshot
from model.explore.workbench import Workbench
from model.problems import ExitCode, refuse
from model.solve import COST_TOLERANCE, LoadedProgram, Solution, Status, choose_among_ties

Place = Mapping[str, float]
WORTH = 4  # cases per compiled program that make it worth finding out how inputs move the arrays
SAMPLE = 5  # cases of a study that are solved again from the tables, the ends apart
AUDIT = "audit|"  # beginning of the keys of those


class Trial(Protocol):
    """A case with its place among the factors, empty for one written by itself."""

    @property
    def variant(self) -> Variant:
        """What it changes."""

    @property
    def place(self) -> Place:
        """The value of every factor."""


@dataclass(frozen=True)
class Swift:
    """A workbench and how the inputs of the study move its program; without ``plans`` the study asks for costs alone."""

    bench: Workbench
    moves: Moves | None
    plans: bool = True

    def __getstate__(self) -> dict[str, object]:
        """All but what a copy makes again."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_moved", "_reckoning", "_chooser")}

    @cached_property
    def _moved(self) -> Moved:
        """The program that follows the cases; only asked for where there are moves."""
        assert self.moves
        return Moved(self.bench.base.program, self.moves)

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

    def anew(self) -> None:
        """As of the workbench."""
        self.bench.anew()
        if "_chooser" in self.__dict__ and self._chooser:
            self._chooser.anew()

    def ready(self) -> None:
        """As of the workbench."""
        self.bench.ready()
        if self.moves and self.plans:
            self._start  # noqa: B018  (a cached property is made by asking for it)

    def row(self, variant: Variant, place: Place) -> Row:
        """The row of one case; raises ``Refusal`` as a solve does."""
        found = self._on_arrays(self.moves, place) if self.moves and place else None
        return {**found, "audited": False} if found else planned(variant, self.bench)

    def _on_arrays(self, moves: Moves, place: Place) -> Row | None:
        self._moved.to(place)
        loaded, reckoned = self.bench.loaded(self._moved.program, self._moved.touched), self._reckoning
        if loaded.run() is not Status.OPTIMAL:
            return None
        found = loaded.solution(reduced_costs=False)
        reckoned.of(found.values, found.duals)
        if self.plans and not reckoned.only_one(loaded):
            self._choose(moves, loaded, found)
        cost = reckoned.cost()
        objective = cost if self.plans else found.objective
        missed = reckoned.residual(cost, objective)
        if not missed <= PROOF:
            return None
        if not self.plans:  # plans of equal cost have this in common
            return {"cost": objective, "warm": True, "residual": missed}
        return moves.readings.row(reckoned.values, objective, missed)

    def _choose(self, moves: Moves, loaded: LoadedProgram, found: Solution) -> None:
        """Put the plan that is preferred among those of equal cost in place of ``found``."""
        values = self._chooser.preferred(self._reckoning, loaded) if self._chooser else None
        if values is not None:
            self._reckoning.of(values, found.duals)
        if values is None or abs(self._reckoning.cost() - found.objective) > COST_TOLERANCE * max(1.0, abs(found.objective)):
            values = choose_among_ties(loaded, self._moved.program, loaded.solution(), moves.wish).values
            self._reckoning.of(values, found.duals)


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
    swift = Swift(bench, moves, plans)
    rows = finish([Job(case.variant.key, case.variant.name, partial(_row, case.variant, case.place)) for case in cases], swift, means)
    again = _sample(rows)
    variants = {case.variant.key: case.variant for case in cases}
    jobs = [Job(f"{AUDIT}{key}", variants[key].name, partial(_row, variants[key], {})) for key in again]
    audited = {row["case"].removeprefix(AUDIT): row for row in finish(jobs, swift, means)} if jobs else {}
    for row in rows:
        mine = audited.get(row["case"])
        if mine and not (mine["status"] == SOLVED and abs(mine["cost"] - row["cost"]) <= PROOF * max(1.0, abs(row["cost"]))):
            raise refuse(ExitCode.SOLVER, "check_failed", value="arrays", residual=mine.get("cost", 0.0), place=row["case"])
    return [{**audited[row["case"]], "case": row["case"]} if row["case"] in audited else row for row in rows]


def _sample(rows: Sequence[Row]) -> list[str]:
    """Keys of the cheapest, the dearest and evenly spread cases among those that were only proved on the arrays."""
    quick = [row for row in rows if row["status"] == SOLVED and not row["audited"]]
    if not quick:
        return []
    spread = {round(at * (len(quick) - 1) / (SAMPLE - 1)) for at in range(SAMPLE)}
    ends = [choose(range(len(quick)), key=lambda at: quick[at]["cost"]) for choose in (min, max)]
    return [quick[at]["case"] for at in sorted(spread | set(ends))]


def _row(variant: Variant, place: Place, swift: Swift) -> Row:
    return swift.row(variant, place)
