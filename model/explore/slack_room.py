"""The room within a slack of the least cost: how small and how large any sum of investments can be there.

One row is added to the base's program – the cost may exceed the least by the slack – and every question is another objective
on it, from the same basis. Each answer is proved on the arrays: it violates no row or bound, and its duals prove that nothing
better exists (the objective of such a question is no cost, so the check of published plans does not apply to it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from model.case.columns import core_table
from model.compile import Floats
from model.explore.forcing import PROOF, unproved
from model.explore.journal import Pair
from model.explore.labels import Labels
from model.explore.losses import site_name
from model.explore.study_rows import both
from model.explore.workbench import Planned
from model.problems import ExitCode, refuse
from model.solve import Basis, LoadedProgram, Status

PRIMAL = 4  # HiGHS option simplex_strategy
Key = tuple[str, str, str]  # what happens (new, closed), unit, site


@dataclass(frozen=True)
class Group:
    """All options that change the capacity of one unit at one site in one direction: columns, capacity per unit of each, and the name."""

    key: Key
    places: tuple[int, ...]
    amounts: tuple[float, ...]
    name: Pair

    def size(self, values: Floats) -> float:
        """Capacity that a plan adds (or closes) here."""
        return float(sum(amount * values[place] for place, amount in zip(self.places, self.amounts, strict=True)))


def groups(base: Planned) -> list[Group]:
    """Every unit and site whose capacity an option may change, sites in the order of the tables."""
    case, program = base.results.case, base.program
    columns = case.columns["size"]
    place = {pair: number + program.column_start["size"] for number, pair in enumerate(zip(columns["option"], columns["stage"], strict=True))}
    found: dict[Key, list[tuple[int, float]]] = {}
    for row in core_table(base.prepared.core, "option_effects").to_dict("records"):
        for (option, _), at in place.items():
            if option == row["option"] and row["per_size"] and program.upper[at] > 0:
                key = ("new" if row["per_size"] > 0 else "closed", str(row["unit"]), str(row["site"]))
                found.setdefault(key, []).append((at, abs(float(row["per_size"]))))
    labels = Labels(base)
    return [Group(key, tuple(at for at, _ in parts), tuple(amount for _, amount in parts), _name(base, labels, key)) for key, parts in found.items()]


def _name(base: Planned, labels: Labels, key: Key) -> Pair:
    kind, unit, site = key
    technology = labels.maker.get((unit, site))
    work = labels.technology(technology) if technology else (unit, unit)
    return both(f"studies_alternatives.{kind}", work=work, site=site_name(base.prepared.core, site))


class Room:
    """The program with its cost row; a copy in another process starts from the same basis.

    Raises ``Refusal`` (exit 5) where an answer is not proved.
    """

    def __init__(self, base: Planned, slack: float) -> None:
        program = base.program
        row = sparse.csr_array(program.cost[np.newaxis, :])
        self.program = replace(
            program, matrix=sparse.csc_array(sparse.vstack([program.matrix, row])),
            row_lower=np.append(program.row_lower, -np.inf), row_upper=np.append(program.row_upper, base.results.objective + slack),
        )

    @cached_property
    def _basis(self) -> Basis:
        """The basis of the cheapest plan, from which every question starts."""
        loaded = LoadedProgram(self.program)
        loaded.run()
        return loaded.basis

    @cached_property
    def _loaded(self) -> LoadedProgram:
        loaded = LoadedProgram(self.program)
        # the cheapest plan stays feasible under any objective: from there the primal simplex needs a few steps (0.03 s for each
        # question on the shipped dataset), the dual simplex, thrown off by the dense cost row, 20 s
        loaded.highs.setOptionValue("simplex_strategy", PRIMAL)
        loaded.settle(self._basis.opened())
        return loaded

    def ready(self) -> None:
        """Find the basis, so that a copy need not."""
        self._basis  # noqa: B018  (a cached property is made by asking for it)

    def __getstate__(self) -> dict[str, object]:
        """What a copy in another process is made of: all but what lives inside the solver."""
        return {name: value for name, value in self.__dict__.items() if name != "_loaded"}

    def least_sum(self, weights: Mapping[Group, float]) -> Floats:
        """The plan within the room of least weighted sum of groups (a negative weight: largest)."""
        cost = np.zeros(len(self.program.cost))
        for group, weight in weights.items():
            for place, amount in zip(group.places, group.amounts, strict=True):
                cost[place] += weight * amount
        self._loaded.set_costs(cost)
        self._loaded.restart()
        status = self._loaded.run()
        if status is not Status.OPTIMAL:
            raise refuse(ExitCode.SOLVER, f"solver_{status}")
        solution = self._loaded.solution()
        residual = unproved(replace(self.program, cost=cost), solution, (self.program.lower, self.program.upper))
        if not residual <= PROOF:
            raise refuse(ExitCode.SOLVER, "check_failed", value="duality_gap", residual=residual, place="")
        return solution.values
