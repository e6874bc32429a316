"""Many plans of one study: each case is expanded and compiled, the solver's work is shared where the matrix allows it.

Where only costs, bounds and right-hand sides differ from the study's base scenario (the compiled matrices are equal, entry
by entry), the loaded program of the base is changed and solved from the base's basis; otherwise the case is solved from
nothing. Every case starts from the same basis, so its plan depends neither on the order of cases nor on who solves it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model import pipeline
from model.case import Case
from model.compile import LinearProgram
from model.diagnose import explain_infeasible
from model.explore.branches import with_investments
from model.objective import unit_of
from model.optimum import Optimum
from model.pipeline import Clock, Prepared
from model.problems import ExitCode, Problems, Refusal, refuse
from model.reading import check_core, read
from model.results import Results
from model.scenario import Scenario
from model.solve import Basis, LoadedProgram, Patch, Status, choose_among_ties
from model.tables import Tables
from model.ties import preference

Rewrite = Callable[[Tables], Tables]  # core tables after expansion → those of the case


@dataclass(frozen=True)
class Planned:
    """A verified plan of one case; ``warm``: solved in the loaded program of the base."""

    prepared: Prepared
    results: Results
    program: LinearProgram
    warm: bool


class Workbench:
    """Verified plans of scenarios that differ little from ``base``; the dataset is read once.

    ``rewrite`` belongs to the base alone: it gives its program rows that the cases bound differently.
    """

    def __init__(self, base: Scenario, data: Path, rewrite: Rewrite | None = None) -> None:
        problems = Problems()
        self.scenario, self._rewrite = base, rewrite
        self._remembered: dict[str, Planned] = {}
        self._expanded: Prepared | None = None
        self._last: LinearProgram | None = None
        self.dataset = read(data, problems)
        problems.stop_on_errors()
        self.options = pipeline.solver_options(base)

    @cached_property
    def base(self) -> Planned:
        """The plan of the base scenario, from nothing; raises ``Refusal`` as a solve does."""
        return self._cold(*self._made(self.scenario, self._rewrite))

    @cached_property
    def unit(self) -> str:
        """Unit of the objective."""
        return unit_of(self.scenario.objective, self.base.prepared.core, self.base.prepared.tables)

    @cached_property
    def _basis(self) -> Basis:
        """The basis of the base's plan, from which every case starts."""
        loaded = LoadedProgram(self.base.program, self.options)
        loaded.run()
        return loaded.basis

    @cached_property
    def start(self) -> Any:
        """That basis as the solver holds it: making it takes longer than many a case."""
        return self._basis.opened()

    @cached_property
    def _loaded(self) -> LoadedProgram:
        """The base inside the solver, solved from its basis."""
        loaded = LoadedProgram(self.base.program, self.options)
        loaded.settle(self.start)
        return loaded

    def ready(self) -> None:
        """Solve the base and keep its basis, so that a copy of this workbench need not."""
        if not self.base.program.integer.any():
            self._basis  # noqa: B018  (a cached property is made by asking for it)

    def __getstate__(self) -> dict[str, object]:
        """What a copy in another process is made of: all but what lives inside the solver, and plans that can be made again."""
        left = {name: value for name, value in self.__dict__.items() if name not in ("_loaded", "start")}
        return left | {"_remembered": {}, "_expanded": None, "_last": None}

    def plan(self, scenario: Scenario, rewrite: Rewrite | None = None) -> Planned:
        """The verified plan of ``scenario``, its core tables passed through ``rewrite``; raises ``Refusal`` as a solve does."""
        if scenario is self.scenario and rewrite is self._rewrite:
            return self.base
        prepared, case, program = self._made(scenario, rewrite)
        return self._warm(prepared, case, program) if self._alike(program) else self._cold(prepared, case, program)

    def remembered(self, key: str, scenario: Scenario) -> Planned:
        """As ``plan``, solved once for every ``key``."""
        if key not in self._remembered:
            self._remembered[key] = self.plan(scenario)
        return self._remembered[key]

    def operated(self, scenario: Scenario, built: Results, after: Rewrite | None = None) -> Planned:
        """As ``plan``, with every investment as in the plan ``built``: only operation adapts; ``after`` sees those core tables."""

        def fixed(core: Tables) -> Tables:
            core = with_investments(core, built) if "options" in core else core
            return after(core) if after else core

        return self.plan(scenario, fixed)

    def _made(self, scenario: Scenario, rewrite: Rewrite | None) -> tuple[Prepared, Case, LinearProgram]:
        prepared = self._prepared(scenario)
        if rewrite:
            problems = Problems()
            core = rewrite(prepared.core)
            check_core(core, problems)
            problems.stop_on_errors()
            prepared = replace(prepared, core=core)
        return prepared, *pipeline.make(prepared, Clock(_quiet))

    def _prepared(self, scenario: Scenario) -> Prepared:
        """The scenario expanded; the last is kept, for cases of which only the core tables differ."""
        if self._expanded is None or self._expanded.scenario != scenario:
            self._expanded = pipeline.prepare(scenario, self.dataset, Clock(_quiet))
        return self._expanded

    def _alike(self, program: LinearProgram) -> bool:
        try:
            known = self.base.program
        except Refusal:  # without a plan of the base there is no basis to start from
            return False
        return same_matrix(known, program)

    def _cold(self, prepared: Prepared, case: Case, program: LinearProgram) -> Planned:
        options = pipeline.solver_options(prepared.scenario)
        results, _ = pipeline.solve_case(prepared.core, case, program, options, Clock(_quiet))
        return Planned(prepared, results, program, warm=False)

    def loaded(self, program: LinearProgram, patch: Patch | None = None, basis: Any = None) -> LoadedProgram:
        """The base inside the solver with the costs and bounds of ``program``, ready to run from ``basis``, else the base's.

        ``patch``: numbers that stand instead of those of ``program``; others must not have changed where it was asked for before.
        """
        loaded = self._loaded
        if not patch or self._last is not program:
            loaded.set_costs(program.cost)
            loaded.set_column_bounds(program.lower, program.upper)
            loaded.set_row_bounds(program.row_lower, program.row_upper)
        if patch:
            loaded.replace(patch)
        loaded.use_basis(basis or self.start)
        loaded.restart()
        self._last = program
        return loaded

    def made(self, scenario: Scenario) -> tuple[Case, LinearProgram]:
        """The case and program of ``scenario``, not solved; raises ``Refusal`` (exit 3) as expanding it does."""
        _, case, program = self._made(scenario, None)
        return case, program

    def _warm(self, prepared: Prepared, case: Case, program: LinearProgram) -> Planned:
        loaded = self.loaded(program)
        status = loaded.run()
        if status is Status.INFEASIBLE:
            raise explain_infeasible(case, program)
        if status is not Status.OPTIMAL:
            raise refuse(ExitCode.SOLVER, f"solver_{status}")
        solution = choose_among_ties(loaded, program, loaded.solution(), preference(case))
        found = Optimum(status, solution, program, loaded, solution.objective)
        return Planned(prepared, pipeline.verified(prepared.core, case, program, found, self.options, pd.DataFrame()), program, warm=True)


def same_matrix(first: LinearProgram, second: LinearProgram) -> bool:
    """Whether two programs without yes/no decisions differ in costs, bounds and right-hand sides at most."""
    a, b = first.matrix, second.matrix
    if a.shape != b.shape or a.nnz != b.nnz or first.integer.any() or second.integer.any():
        return False
    return all(np.array_equal(mine, other) for mine, other in ((a.indptr, b.indptr), (a.indices, b.indices), (a.data, b.data)))


def _quiet(step: str, **facts: object) -> None:
    """The steps of a single solve are not announced: there are several."""
