"""The optimum and what proves it: for a linear program its duals, for yes/no decisions a bound and the duals given the decisions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model import solve
from model.compile import Floats, LinearProgram
from model.reduce import ReducedProgram
from model.solve import COST_TOLERANCE, LoadedProgram, Option, Solution, Status, Watch

PROVED = 1e-6  # relative gap up to which a plan counts as the cheapest, so that others of its cost are its equals
TIE_EFFORT = 4  # the first search may take this many times the nodes of the one among its ties
SEARCH_ONLY = ("time_limit", "mip_")  # beginnings of options that the linear programs after a search do without


@dataclass(frozen=True)
class Optimum:
    """A solved program.

    ``solution``: duals and reduced costs given the integers. ``given``: the program with its integers fixed at the plan's
    values, the program itself where it has none; ``loaded``: ``given`` inside the solver. ``bound``: no plan costs less,
    as the solver claims. ``relaxed``: row duals of the program without integrality, which prove a bound; None without integers.
    ``nodes``: how many the search took.
    """

    status: Status
    solution: Solution
    given: LinearProgram
    loaded: LoadedProgram
    bound: float
    relaxed: Floats | None = None
    nodes: int = 0

    @property
    def gap(self) -> float:
        """Share of the cost between the plan and the claimed bound, as HiGHS defines it: |cost − bound| ÷ |cost|; ∞ for a cost of 0."""
        distance, cost = abs(self.solution.objective - self.bound), abs(self.solution.objective)
        return 0.0 if not distance else distance / cost if cost else math.inf


def optimise(program: LinearProgram, options: Mapping[str, Option], log: list[str], watch: Watch) -> Status | Optimum:
    """The optimum of ``program``, or the status that says why there is none.

    A large linear program is solved without the columns that no plan uses.
    With integers the search ends at the relative gap or time limit of ``options``; a plan found in time has status
    ``feasible``. Then the integers are fixed and the linear program that is left gives the plan and its duals.
    """
    large = program.nonzeros >= solve.LARGE and not program.integer.any()
    loaded = ReducedProgram(program, options, log) if large else LoadedProgram(program, options, log)
    if program.integer.any():
        loaded.watch(watch)
    status = loaded.run()
    if status is Status.FAILED and program.integer.any():
        return _without_end(program, _linear(options))
    if status not in (Status.OPTIMAL, Status.FEASIBLE):
        return status
    if not program.integer.any():
        solution = loaded.solution()
        return Optimum(status, solution, program, loaded, solution.objective)
    linear = _linear(options)
    given = with_integers(program, loaded.solution().values)
    fixed = LoadedProgram(given, linear)
    relaxed = LoadedProgram(without_integers(program), linear)
    if fixed.run() is not Status.OPTIMAL or relaxed.run() is not Status.OPTIMAL:
        return Status.FAILED
    solution = fixed.solution()
    # integers rounded to whole numbers can save what the search's tolerance had cost
    return Optimum(status, solution, given, fixed, min(loaded.bound, solution.objective), relaxed.solution().duals, loaded.nodes)


def _without_end(program: LinearProgram, options: Mapping[str, Option]) -> Status:
    """What an undecided search means: where decisions exist and the relaxation has no least cost, neither has the program."""
    if LoadedProgram(without_integers(program), options).run() is not Status.UNBOUNDED:
        return Status.FAILED
    possible = LoadedProgram(replace(program, cost=np.zeros(len(program.cost))), options).run()
    return Status.UNBOUNDED if possible is Status.OPTIMAL else possible


def choose_decisions(program: LinearProgram, found: Optimum, options: Mapping[str, Option], preference: Floats) -> Optimum:
    """Among decisions of equal cost those of least ``preference``: a second search that may not cost more.

    It ends after a quarter of the nodes that the first search took, which is the same on every machine, with the best it has;
    where time ends it, or the first search left a gap within which a cheaper plan may hide, the decisions stay as found.
    """
    if not program.integer.any() or found.status is not Status.OPTIMAL or found.gap > PROVED:
        return found
    ceiling = found.solution.objective + COST_TOLERANCE * max(1.0, abs(found.solution.objective))
    held = replace(
        program, cost=preference, matrix=sparse.csc_array(sparse.vstack([program.matrix, sparse.csr_array(program.cost[np.newaxis, :])])),
        row_lower=np.append(program.row_lower, -np.inf), row_upper=np.append(program.row_upper, ceiling),
    )
    search = LoadedProgram(held, {**options, "mip_max_nodes": max(1, found.nodes // TIE_EFFORT)})
    if search.run() not in (Status.OPTIMAL, Status.FEASIBLE) or search.timed_out:
        return found
    given = with_integers(program, search.solution().values)
    loaded = LoadedProgram(given, _linear(options))
    if loaded.run() is not Status.OPTIMAL or loaded.solution().objective > ceiling:
        return found
    solution = loaded.solution()
    return replace(found, solution=solution, given=given, loaded=loaded, bound=min(found.bound, solution.objective))


def _linear(options: Mapping[str, Option]) -> dict[str, Option]:
    return {name: value for name, value in options.items() if not name.startswith(SEARCH_ONLY)}


def with_integers(program: LinearProgram, values: Floats) -> LinearProgram:
    """``program`` with every free yes/no fixed at its value in ``values`` rounded to a whole number."""
    whole = np.round(values)
    return replace(
        without_integers(program), lower=np.where(program.integer, whole, program.lower), upper=np.where(program.integer, whole, program.upper)
    )


def without_integers(program: LinearProgram) -> LinearProgram:
    """``program`` in which every yes/no may take any value between its bounds."""
    return replace(program, integer=np.zeros(len(program.integer), dtype=bool))
