"""The program of a run, widened by everything its candidates would need, with nothing of that usable: the same plan at the same cost.

One load serves every question: a candidate is asked by giving the new columns of its own site back their bounds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.case import COLUMN_KEYS, Case, make_case
from model.case.columns import core_table
from model.compile import Floats, LinearProgram
from model.expand.chain import expand_all
from model.expand.named import CLOSE
from model.explore.candidates import Candidate, study_rows
from model.explore.switch_points import Search
from model.objective import weighted
from model.pipeline import Prepared, Run
from model.problems import ExitCode, Problems, refuse
from model.program import make_program
from model.reading.rules import check_core
from model.scenario import apply_locks
from model.tables import Tables, merged

SAME = 1e-7  # share of the objective by which the widened program may differ from the plan
DECISIONS = ("size", "open", "point")
PLACES = ("site", "from", "to")  # index positions that name a site


@dataclass(frozen=True)
class Wide:
    """``program``: as in the plan, new columns at 0; ``lower``, ``upper``: bounds with the new columns open, options still shut."""

    core: Tables
    case: Case
    program: LinearProgram
    lower: Floats
    upper: Floats
    new: NDArray[np.bool_]

    @cached_property
    def search(self) -> Search:
        """The loaded program."""
        return Search(self.case, self.program)

    def bounds(self, site: str) -> tuple[Floats, Floats]:
        """Bounds in which whatever is new at ``site`` may be used, its options apart."""
        mask = self.new & self.at(site)
        return np.where(mask, self.lower, self.program.lower), np.where(mask, self.upper, self.program.upper)

    def at(self, site: str) -> NDArray[np.bool_]:
        """Columns, options apart, whose index names ``site``."""
        parts = []
        for family, key in COLUMN_KEYS.items():
            table = self.case.columns[family]
            mask = np.zeros(len(table), dtype=bool)
            for name in key if family not in DECISIONS else ():
                mask |= (table[name] == site).to_numpy() if name in PLACES else False
            parts.append(mask)
        return np.concatenate(parts)

    def closing(self, bounds: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        """``bounds`` in which every old potline may close altogether."""
        lower, upper = (each.copy() for each in bounds)
        effects, capacity = core_table(self.core, "option_effects"), core_table(self.core, "capacity")
        closures = effects[effects["option"].str.startswith(CLOSE)].merge(capacity, on=["unit", "site"])
        for option, amount in zip(closures["option"], closures["amount"], strict=True):
            upper[self.search.positions(("size", (("option", option),)))[:1]] = amount
        return lower, upper

    def full(self, technology: str, site: str) -> Floats:
        """The largest activity of a technology at a site that its existing capacity allows, for each of its columns."""
        use, existing, columns = self.case.relations["use"], self.case.relations["existing"], self.case.columns["activity"]
        mine = use[(use["technology"] == technology) & (use["site"] == site)].merge(existing, on=["unit", "site"])
        room = (mine["amount"] / mine["use"]).groupby(mine["period"]).min()
        periods = columns.loc[(columns["technology"] == technology) & (columns["site"] == site), "period"]
        length = self.case.calendar.periods.set_index("period")["length"]
        return np.array(periods.map(room).astype(float).fillna(0.0) * periods.map(length).astype(float), dtype=np.float64)


def widen(run: Run, asked: Collection[Candidate]) -> Wide:
    """The program of ``run`` with room for every candidate; yes/no decisions stay as in its plan.

    Raises ``Refusal`` (exit 5) if it does not cost what the verified plan of ``run`` costs.
    """
    core = wide_core(run.prepared, asked)
    case = run.results.case if core is run.prepared.core else make_case(core, Problems())
    program = run.program if core is run.prepared.core else make_program(case)
    places = _places(run.results.case, case)
    new = places < 0
    lower, upper = (np.where(new, 0.0, bounds[places]) for bounds in (run.program.lower, run.program.upper))
    held = replace(program, lower=lower, upper=upper, integer=np.zeros(len(lower), dtype=bool))
    wide = Wide(core, case, held, program.lower, program.upper, new)
    residual = abs(wide.search.plan.objective - run.results.objective)
    if not residual <= SAME * max(1.0, abs(run.results.objective)):
        raise refuse(ExitCode.SOLVER, "check_failed", value="objective", residual=residual, place="widened program")
    return wide


def wide_core(prepared: Prepared, asked: Collection[Candidate]) -> Tables:
    """Core tables with an option for every candidate; those that the scenario does not open are of size 0."""
    known = prepared.core.get("options")
    if known is None or not any(candidate.option for candidate in asked) or "technologies" not in prepared.tables:
        return prepared.core
    problems = Problems()
    core = expand_all(study_rows(prepared.tables, prepared.core, asked), problems)
    problems.stop_on_errors()
    own, added = _parted(core, set(known["option"]))
    # locks are written beside the options of the scenario alone, then the options of the study come back
    core = merged(apply_locks(prepared.scenario, own, problems, prepared.tables), added)
    core = weighted(core, prepared.scenario.objective)
    opened = known[(known["max_size"] > 0) | known["max_size"].isna()]
    core["options"] = _shut(core["options"], set(zip(opened["option"], opened["period"], strict=True)))
    check_core(core, problems)
    problems.stop_on_errors()
    return core


def _parted(core: Tables, known: set[str]) -> tuple[Tables, Tables]:
    """``core`` without the options that are not ``known``, and those with their effects."""
    own, added = dict(core), {}
    for name in ("options", "option_effects"):
        mine = core[name]["option"].isin(known)
        own[name], added[name] = core[name][mine].reset_index(drop=True), core[name][~mine]
    return own, added


def _shut(options: pd.DataFrame, opened: set[tuple[str, str]]) -> pd.DataFrame:
    shut = np.array([pair not in opened for pair in zip(options["option"], options["period"], strict=True)], dtype=bool)
    result = options.copy()
    result.loc[shut, ["min_size", "max_size", "forced"]] = 0.0
    return result


def _places(known: Case, wide: Case) -> NDArray[np.int64]:
    """Position in ``known`` of every column of ``wide``, -1 where it is new."""
    parts, start = [], 0
    for family, key in COLUMN_KEYS.items():
        index = pd.MultiIndex.from_frame(known.columns[family][list(key)])
        found = index.get_indexer(pd.MultiIndex.from_frame(wide.columns[family][list(key)]))
        parts.append(np.where(found < 0, -1, found + start))
        start += len(index)
    return np.concatenate(parts).astype(np.int64)
