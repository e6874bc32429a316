"""The optimum and what proves it: for a linear program its duals, for yes/no decisions a bound and the duals given the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.compile import Floats, LinearProgram
from model.solve import LoadedProgram, Option, Solution, Status, Watch

SEARCH_ONLY = ("time_limit", "mip_")  # beginnings of options that the linear programs after a search do without


@dataclass(frozen=True)
class Optimum:
    """A solved program.

    ``solution``: duals and reduced costs given the integers. ``given``: the program with its integers fixed at the plan's
    values, the program itself where it has none; ``loaded``: ``given`` inside the solver. ``bound``: no plan costs less,
    as the solver claims. ``relaxed``: row duals of the program without integrality, which prove a bound; None without integers.
    """

    status: Status
    solution: Solution
    given: LinearProgram
    loaded: LoadedProgram
    bound: float
    relaxed: Floats | None = None

    @property
    def gap(self) -> float:
        """Share of the cost between the plan and the claimed bound, as HiGHS defines it: |cost − bound| ÷ |cost|."""
        distance = abs(self.solution.objective - self.bound)
        return distance / abs(self.solution.objective) if distance else 0.0


def optimise(program: LinearProgram, options: Mapping[str, Option], log: list[str], watch: Watch) -> Status | Optimum:
    """The optimum of ``program``, or the status that says why there is none.

    With integers the search ends at the relative gap or time limit of ``options``; a plan found in time has status
    ``feasible``. Then the integers are fixed and the linear program that is left gives the plan and its duals.
    """
    loaded = LoadedProgram(program, options, log)
    if program.integer.any():
        loaded.watch(watch)
    status = loaded.run()
    if status not in (Status.OPTIMAL, Status.FEASIBLE):
        return status
    if not program.integer.any():
        solution = loaded.solution()
        return Optimum(status, solution, program, loaded, solution.objective)
    linear = {name: value for name, value in options.items() if not name.startswith(SEARCH_ONLY)}
    given = with_integers(program, loaded.solution().values)
    fixed = LoadedProgram(given, linear)
    relaxed = LoadedProgram(without_integers(program), linear)
    if fixed.run() is not Status.OPTIMAL or relaxed.run() is not Status.OPTIMAL:
        return Status.FAILED
    solution = fixed.solution()
    # integers rounded to whole numbers can save what the search's tolerance had cost
    return Optimum(status, solution, given, fixed, min(loaded.bound, solution.objective), relaxed.solution().duals)


def with_integers(program: LinearProgram, values: Floats) -> LinearProgram:
    """``program`` with every free yes/no fixed at its value in ``values`` rounded to a whole number."""
    whole = np.round(values)
    return replace(
        without_integers(program), lower=np.where(program.integer, whole, program.lower), upper=np.where(program.integer, whole, program.upper)
    )


def without_integers(program: LinearProgram) -> LinearProgram:
    """``program`` in which every yes/no may take any value between its bounds."""
    return replace(program, integer=np.zeros(len(program.integer), dtype=bool))
