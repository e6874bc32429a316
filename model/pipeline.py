"""The chain for one scenario: read → change → expand → Case → solve → verify → Results. Nothing below knows of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pandas as pd

from model import ledger
from model.audit import audit
from model.case import Case, make_case
from model.compile import LinearProgram
from model.diagnose import explain_infeasible
from model.expand.chain import expand_all
from model.objective import weighted
from model.optimum import Optimum, choose_decisions, optimise
from model.problems import ExitCode, Problem, Problems, refuse
from model.program import ROAD, make_program
from model.reading import read
from model.reading.rules import check_core
from model.results import Results, claimed, make_results, tie_table
from model.scenario import Changes, Scenario, ValueChange, apply, apply_locks, check_lock_names
from model.solve import INTEGER_DEFAULTS, Option, Status, Watch, choose_among_ties
from model.tables import Dataset, Tables
from model.ties import preference

SOLVER_NAMES = {"mip_gap": "mip_rel_gap"}
SECONDS_BETWEEN = 2.0  # two lines about a running search
TINY = 1e-12  # keeps the gap of a plan that costs nothing finite
Progress = Callable[..., None]  # the name of a step, and facts to tell of it
Inspect = Callable[[Scenario, Tables, Problems], None]  # a further look at the inputs, by whoever knows more than the engine: of maps


@dataclass(frozen=True)
class Prepared:
    """A scenario ready to build: the dataset as read, its tables after the scenario, and the core tables."""

    scenario: Scenario
    dataset: Dataset
    tables: Tables
    core: Tables
    changes: tuple[ValueChange, ...]
    notes: tuple[Problem, ...]


class Planned(Protocol):
    """A verified plan with the inputs it rests on, just solved or read back from a run folder."""

    @property
    def prepared(self) -> Prepared:
        """The scenario and its tables."""

    @property
    def results(self) -> Results:
        """The plan."""


@dataclass(frozen=True)
class Run:
    """A solved scenario with its program (yes/no decisions fixed as in the plan), the seconds of every step and the time it was done (UTC).

    The time is taken once, so that the report and run.json of one run say the same.
    """

    prepared: Prepared
    results: Results
    program: LinearProgram
    seconds: dict[str, float] = field(default_factory=dict)
    switch_points: pd.DataFrame = field(default_factory=pd.DataFrame)
    finished: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


class Clock:
    """Seconds per step, and who wants to know which step is running."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    def tell(self, name: str, **facts: object) -> None:
        """Announce something that happens within a step."""
        self._progress(name, **facts)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announce and time one step."""
        self._progress(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def prepare(scenario: Scenario, data: Path | Dataset, clock: Clock, inspect: Inspect | None = None) -> Prepared:
    """Read (a dataset is read already), change and expand; raises ``Refusal`` (exit 3) with every problem found in one pass."""
    problems = Problems()
    changes: Changes = []
    with clock.step("read"):
        dataset = data if isinstance(data, Dataset) else read(data, problems)
        tables = apply(scenario, dataset, problems, changes)
        if inspect:
            inspect(scenario, tables, problems)
        if problems.errors:
            check_lock_names(scenario, tables, problems)  # else they are looked up with everything that expansion makes
        problems.stop_on_errors()
    with clock.step("expand"):
        core = expand_all(tables, problems)
        if problems.errors:
            check_lock_names(scenario, tables, problems)
        problems.stop_on_errors()
        core = weighted(apply_locks(scenario, core, problems, tables), scenario.objective)
        check_core(core, problems)
        problems.stop_on_errors()
    return Prepared(scenario, dataset, tables, core, tuple(changes), problems.notes)


def make(prepared: Prepared, clock: Clock) -> tuple[Case, LinearProgram]:
    """The Case and its linear program as arrays."""
    problems = Problems()
    with clock.step("case"):
        case = make_case(prepared.core, problems)
    with clock.step("build"):
        program = make_program(case, str(prepared.scenario.solver.get(ROAD, "arrays")), lambda reason: clock.tell("plain_build", reason=reason))
    return case, program


def solve_case(core: Tables, case: Case, program: LinearProgram, options: dict[str, Option], clock: Clock) -> tuple[Results, LinearProgram]:
    """A verified plan of ``case``, made of ``core``, and the program with the plan's yes/no decisions fixed.

    Raises ``Refusal``: exit 4 with the conflict in words if infeasible, exit 5 if the solver gave no plan or the
    independent check fails.
    """
    with clock.step("solve"):
        log: list[str] = []
        found = optimise(program, options, log, _watch(clock))
        if found is Status.INFEASIBLE:
            raise explain_infeasible(case, program)
        if isinstance(found, Status):
            raise refuse(ExitCode.SOLVER, f"solver_{found}")
        solved = tuple(log)
    with clock.step("ties"):
        first, wish = found.solution, preference(case)
        found = choose_decisions(program, found, options, wish)
        second = choose_among_ties(found.loaded, found.given, found.solution, wish)
        ties = tie_table(case, program, first.values, second.values)
    with clock.step("verify"):
        return verified(core, case, program, replace(found, solution=second), options, ties, solved), found.given


def verified(
    core: Tables, case: Case, program: LinearProgram, found: Optimum, options: dict[str, Option], ties: pd.DataFrame, log: tuple[str, ...] = ()
) -> Results:
    """A solved plan as results, once the independent check passed; raises ``Refusal`` (exit 5) where it does not."""
    results = make_results(case, program, found, ties, log)
    allowed_gap = float(options.get("mip_rel_gap", INTEGER_DEFAULTS["mip_rel_gap"]))
    audited = audit(core, claimed(results, allowed_gap))
    checks = (*audited.checks, *ledger.checks(case, found.solution.values))
    for check in checks:
        if not check.passed:
            raise refuse(ExitCode.SOLVER, "check_failed", value=check.name, residual=check.residual, place=check.place)
    return replace(results, checks=checks, proved_bound=audited.proved_bound)


def _watch(clock: Clock) -> Watch:
    """Tells the best cost, the bound and the gap of an integer search once there is a plan."""

    told = 0.0

    def report(best: float, bound: float, seconds: float) -> None:
        nonlocal told
        if math.isfinite(best) and math.isfinite(bound) and seconds >= told + SECONDS_BETWEEN:
            told = seconds
            clock.tell("incumbent", objective=best, bound=bound, gap=abs(best - bound) / max(abs(best), TINY), seconds=seconds)

    return report


def solver_options(scenario: Scenario) -> dict[str, Option]:
    """The scenario's solver options under the solver's own names."""
    return {SOLVER_NAMES.get(name, name): value for name, value in scenario.solver.items() if name != ROAD}


def run(scenario: Scenario, data: Path, progress: Progress, inspect: Inspect | None = None) -> Run:
    """Solve ``scenario`` on the dataset in ``data`` and verify the plan."""
    clock = Clock(progress)
    return finish(prepare(scenario, data, clock, inspect), clock)


def finish(prepared: Prepared, clock: Clock) -> Run:
    """Solve what was prepared and verify the plan."""
    case, program = make(prepared, clock)
    results, given = solve_case(prepared.core, case, program, solver_options(prepared.scenario), clock)
    return Run(prepared, results, given, clock.seconds)
