"""Small worlds: core tables written as text, solved and checked, with the plan at hand under its keys."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from model.audit import Check, audit
from model.build import build
from model.case import COLUMN_KEYS, ROW_KEYS, Case, make_case
from model.case.structure import TERM_FAMILIES
from model.compile import LinearProgram, compile_model
from model.optimum import Optimum, optimise, without_integers
from model.problems import Problems
from model.reading import check_core
from model.results import claimed, make_results
from model.schema import ALL_TABLES
from model.solve import LoadedProgram, Solution, Status
from model.tables import FILE, ROW, Tables, frame


def world(**texts: str) -> Tables:
    """Core tables from text: a line of column names, then a line of cells per row; ``-`` is a blank cell.

    Every row remembers ``<table>.csv`` and its line, the header being line 1. The column ``from`` is written as such.
    """
    return {name: frame(name, _rows(name, text)) for name, text in texts.items()}


def _rows(name: str, text: str) -> list[dict[str, object]]:
    header, *lines = [line.split() for line in text.strip().splitlines()]
    kinds = ALL_TABLES[name].by_name
    rows: list[dict[str, object]] = []
    for number, cells in enumerate(lines, start=2):
        row: dict[str, object] = {FILE: f"{name}.csv", ROW: number}
        for column, cell in zip(header, cells, strict=True):
            if cell != "-":
                row[column] = float(cell) if kinds[column].kind == "number" else cell
        rows.append(row)
    return rows


@dataclass(frozen=True)
class Plan:
    """A solved world: its case, its arrays and the solution, verified by the independent check."""

    case: Case
    program: LinearProgram
    solution: Solution
    given: LinearProgram  # the program with its yes/no decisions fixed

    @property
    def objective(self) -> float:
        return self.solution.objective

    @cached_property
    def values(self) -> dict[str, pd.Series]:
        return _by_key(self.case.columns, COLUMN_KEYS, self.solution.values)

    @cached_property
    def duals(self) -> dict[str, pd.Series]:
        return _by_key(self.case.rows, ROW_KEYS, self.solution.duals)

    def __getitem__(self, place: tuple[str, ...]) -> float:
        """Value of a column: ``plan["activity", "smelt", "park", "all"]``."""
        return float(self.values[place[0]][place[1:]])

    def dual(self, *place: str) -> float:
        """Dual of a row as the solver states it: ``plan.dual("balance", "metal", "park", "all")``."""
        return float(self.duals[place[0]][place[1:]])


def _by_key(tables: dict[str, pd.DataFrame], keys: dict[str, tuple[str, ...]], numbers: np.ndarray) -> dict[str, pd.Series]:
    result, start = {}, 0
    for family, key in keys.items():
        index = pd.MultiIndex.from_frame(tables[family][list(key)])
        result[family] = pd.Series(numbers[start : start + len(index)], index=index)
        start += len(index)
    return result


def case_of(core: Tables) -> Case:
    """The Case of tables that the checks of core rows accept."""
    problems = Problems()
    check_core(core, problems)
    problems.stop_on_errors()
    return make_case(core, problems)


def program_of(core: Tables) -> tuple[Case, LinearProgram]:
    case = case_of(core)
    return case, compile_model(build(case), case)


def status_of(core: Tables) -> Status:
    return LoadedProgram(program_of(core)[1]).run()


def optimum_of(program: LinearProgram) -> Optimum:
    """The optimum of a program that has one, to the last digit."""
    found = optimise(program, {"mip_rel_gap": 0.0}, [], lambda best, bound, seconds: None)
    assert isinstance(found, Optimum), found
    assert found.status is Status.OPTIMAL
    return found


def solve(core: Tables) -> Plan:
    """Solve a world and insist that the plan is optimal and passes every check."""
    case, program = program_of(core)
    found = optimum_of(program)
    solution = found.solution
    assert not failed_checks(core, case, program, found)
    return Plan(case, program, solution, found.given)


def failed_checks(core: Tables, case: Case, program: LinearProgram, found: Optimum) -> list[Check]:
    """What the independent check finds wrong with a solved program."""
    results = make_results(case, program, found, pd.DataFrame())
    return [check for check in audit(core, claimed(results, 1e-9)).checks if not check.passed]


def solve_relaxed(core: Tables) -> Plan:
    """Solve a world in which every yes/no may be a fraction."""
    case, program = program_of(core)
    found = optimum_of(without_integers(program))
    return Plan(case, program, found.solution, found.given)


def indicator(plan: Plan, name: str, group: str = "horizon") -> float:
    """Value of an indicator in one group of its scope, summed from the terms of the Case (NaN for a ratio by 0)."""
    ratio = plan.case.labels["indicators"].set_index("indicator")["per"][name] != ""
    above = _sum_of(plan, name, group, "term", "constant")
    if not ratio:
        return above
    below = _sum_of(plan, name, group, "per_term", "per_constant")
    return above / below if below else math.nan


def _sum_of(plan: Plan, name: str, group: str, terms: str, constants: str) -> float:
    table = plan.case.relations[constants]
    total = float(table.loc[(table["indicator"] == name) & (table["group"] == group), "amount"].sum())
    for family in TERM_FAMILIES:
        table = plan.case.relations[f"{terms}_{family}"]
        for row in table[(table["indicator"] == name) & (table["group"] == group)].to_dict("records"):
            total += row["coefficient"] * plan[(family, *(row[part] for part in COLUMN_KEYS[family]))]
    return total
