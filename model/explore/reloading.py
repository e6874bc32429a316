"""A verified plan from a scenario file, which is solved, or from a run folder, which is read back and checked again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from model import pipeline
from model.audit import COLUMN_KEYS, ROW_KEYS
from model.explore import written_files
from model.explore.recheck import Written, checked, read_run
from model.objective import unit_of
from model.opening import open_scenario
from model.pipeline import Planned, Prepared, Progress
from model.problems import ExitCode, Problems, refuse
from model.reading import read
from model.results import Results, indicator_values, value_table
from model.scenario import load
from model.scenario.records import Cell
from model.solve import Status
from model.tables import Dataset


@dataclass(frozen=True)
class Reloaded:
    """A plan without a program of its own: read back from a run folder, or kept of a solve for its numbers alone."""

    prepared: Prepared
    results: Results


@dataclass(frozen=True)
class Candidate:
    """One plan of several: its name, its title by language, the unit of its objective, and the plan.

    ``stated_hash``: the fingerprint that the run stated of its case, where the plan was read back.
    """

    name: str
    title: Mapping[str, str]
    unit: str
    plan: Planned
    stated_hash: str = ""

    @property
    def case_hash(self) -> str:
        """The fingerprint under which the plan was solved: case/ holds rounded numbers, which have another one."""
        return self.stated_hash or self.plan.results.case.hash


def candidate(argument: str, data: Path | None, root: Path, solver: Mapping[str, Cell], progress: Progress) -> Candidate:
    """The plan of a run folder or of a scenario file (or the name of one in scenarios/), which is solved.

    Raises ``Refusal`` as ``reloaded`` and a solve do.
    """
    if Path(argument).is_dir():
        return reloaded(Path(argument))
    scenario, folder = open_scenario(argument, data, root, solver)
    run = pipeline.run(scenario, folder, progress)
    unit = unit_of(scenario.objective, run.prepared.core, run.prepared.tables)
    return Candidate(scenario.name, scenario.title, unit, run)


def reloaded(folder: Path) -> Candidate:
    """The plan in a run folder, checked again.

    Raises ``Refusal``: exit 6 where ``folder`` is no run, is damaged or was written before runs kept their inputs; exit 3
    where its tables are broken; exit 5 where its files do not prove the plan.
    """
    written = read_run(folder)
    if not (folder / "inputs").is_dir():
        raise refuse(ExitCode.FILES, "run_without_inputs", value=str(folder))
    problems = Problems()
    tables = read(folder / "inputs", problems).tables
    problems.stop_on_errors()
    scenario = load(folder / "scenario.resolved.toml", problems)
    problems.stop_on_errors()
    written_files.held(folder, "inputs/", "case/", "scenario.resolved.toml", "summary.json")
    name, chain = str(written.run.get("scenario", folder.name)), written.run.get("chain")
    scenario = replace(scenario, name=name, chain=tuple(map(str, chain)) if isinstance(chain, list) else ())
    dataset = Dataset(str(written.run.get("dataset", "")), folder, tables)
    prepared = Prepared(scenario, dataset, tables, written.core, (), ())
    plan = Reloaded(prepared, _results(written))
    return Candidate(name, scenario.title, str(written.summary["unit"]), plan, str(written.run.get("case_hash", "")))


def _results(written: Written) -> Results:
    """The plan as results; every check has to pass."""
    checks = checked(written)
    for check in checks:
        if not check.passed:
            raise refuse(ExitCode.SOLVER, "check_failed", file=str(written.folder), value=check.name, residual=check.residual, place=check.place)
    case, summary = written.case, written.summary
    values = {
        family: value_table(case, family, written.of_family(family), np.full(len(case.columns[family]), math.nan)) for family in COLUMN_KEYS
    }
    stated = [(summary.get(fact), absent) for fact, absent in (("bound", -math.inf), ("gap", math.inf))]
    bound, gap = (float(value) if isinstance(value, int | float) else absent for value, absent in stated)
    return Results(
        case, Status(str(summary["status"])), float(summary["objective"]), values, {family: _duals(written, family) for family in ROW_KEYS},
        indicator_values(case, values), pd.DataFrame(), checks, bound, gap, int(summary["integers"]),
    )


def _duals(written: Written, family: str) -> pd.DataFrame:
    """key, value (per real unit of that year) and raw (as the solver states it) of one row family."""
    key = list(ROW_KEYS[family])
    rows = written.case.rows[family][[*key, "weight"]].astype(dict.fromkeys(key, str))
    found = rows.merge(written.plan.duals[family], on=key, how="left")
    # a row of weight 0 has no price: it is written blank, and its dual moves nothing that is paid
    return found.assign(raw=(found["value"] * found["weight"]).fillna(0.0))[[*key, "value", "raw"]]
