"""A finished run checked again from its own folder: the written core tables and values must still prove the plan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model import ledger
from model.audit import COLUMN_KEYS, ROW_KEYS, Check, Plan, audit
from model.case import Case, make_case
from model.compile import Floats
from model.explore import written_files, written_ledgers
from model.explore.run_records import SUMMARY, damaged, read_record
from model.problems import ExitCode, Problems, refuse
from model.reading import check_core, read
from model.solve import INTEGER_DEFAULTS
from model.tables import Tables

Frames = dict[str, pd.DataFrame]
RELAXED = "relaxed"  # column of prices that a linear program has not


@dataclass(frozen=True)
class Written:
    """A run folder read back: its core tables with their case, the plan as its files state it, summary.json and run.json."""

    folder: Path
    core: Tables
    case: Case
    plan: Plan
    summary: dict[str, Any]
    run: dict[str, Any]

    @property
    def values(self) -> Frames:
        """Key and value of every column, family by family."""
        return self.plan.values

    def numbers(self) -> Floats:
        """The written values by position of the Case; raises ``Refusal`` (exit 3) where one is missing or too many."""
        return np.concatenate([self.of_family(family) for family in COLUMN_KEYS])

    def of_family(self, family: str) -> Floats:
        """The written values of one family in the order of the Case."""
        key = list(COLUMN_KEYS[family])
        wanted = self.case.columns[family][key].astype(str)
        merged = wanted.merge(self.values[family], on=key, how="left", indicator="found")
        if (merged["found"] != "both").any() or len(self.values[family]) != len(wanted):
            raise refuse(ExitCode.DATA, "run_differs", value=f"{family}.csv")
        return merged["value"].to_numpy(float)


def recheck(folder: Path) -> tuple[Check, ...]:
    """The checks of the plan in ``folder`` against the core tables in its ``case/``, and of its files against what the run wrote.

    Raises ``Refusal``: exit 6 where ``folder`` is no run or a file of it is damaged, exit 3 where its tables are broken or
    values are missing.
    """
    written = read_run(folder)
    return (*checked(written), *written_files.compare(folder, written.run, written.plan))


def read_run(folder: Path) -> Written:
    """What stands in a run folder, not yet checked; raises ``Refusal`` like ``recheck``."""
    if not (folder / "summary.json").is_file() or not (folder / "case").is_dir():
        raise refuse(ExitCode.FILES, "no_run_folder", value=str(folder))
    core = _core(folder)
    summary = read_record(folder, "summary.json", SUMMARY)
    run = read_record(folder, "run.json", {"solver": dict}) if (folder / "run.json").is_file() else {"solver": {}}
    return Written(folder, core, make_case(core, Problems()), _plan(folder, summary, run["solver"]), summary, run)


def checked(written: Written) -> tuple[Check, ...]:
    """The checks of a run folder that was read."""
    kept = ledger.checks(written.case, written.numbers())
    compared = written_ledgers.compare(written.folder, written.case, written.values["size"])
    return (*audit(written.core, written.plan).checks, *kept, *compared)


def _core(folder: Path) -> Tables:
    problems = Problems()
    tables = read(folder / "case", problems).tables
    problems.stop_on_errors()
    check_core(tables, problems)
    problems.stop_on_errors()
    return tables


def _plan(folder: Path, summary: dict[str, Any], solver: dict[str, Any]) -> Plan:
    """The plan as the files state it; prices per real unit are turned back into duals by the check."""
    values = {family: _written(folder, family, key, "value") for family, key in COLUMN_KEYS.items()}
    integers = bool(summary["integers"])
    for claim in ("bound", "gap") if integers else ():
        if not isinstance(summary.get(claim, ""), float | int | None):
            raise damaged(folder / "summary.json", claim)
    duals = {family: _written(folder, f"dual_{family}", key, "value") for family, key in ROW_KEYS.items()}
    relaxed = {family: _written(folder, f"dual_{family}", key, RELAXED).rename(columns={RELAXED: "raw"}) for family, key in ROW_KEYS.items()}
    return Plan(
        values, duals, float(summary["objective"]), relaxed=relaxed if integers else None,
        bound=_claimed(summary["bound"], -math.inf) if integers else None,
        status=str(summary["status"]), gap=_claimed(summary["gap"], math.inf) if integers else None,
        allowed_gap=float(solver.get("mip_gap", INTEGER_DEFAULTS["mip_rel_gap"])),
        indicators=_written(folder, "indicators", ("indicator", "group"), "value"),
    )


def _claimed(value: float | None, absent: float) -> float:
    """A claim of the summary; one without limit stands there as null."""
    return absent if value is None else float(value)


def _written(folder: Path, name: str, key: tuple[str, ...], column: str) -> pd.DataFrame:
    """``key`` and ``column`` of a written table; the column is missing where a linear program has no relaxation of its own."""
    file = folder / "tables" / f"{name}.csv"
    if not file.is_file():
        raise refuse(ExitCode.FILES, "no_run_folder", value=str(file))
    try:
        table = pd.read_csv(file, dtype=dict.fromkeys(key, str), keep_default_na=False, na_values={column: [""]}, encoding="utf-8-sig")
    except ValueError as error:  # no CSV, no UTF-8
        raise damaged(file, type(error).__name__) from error
    if column not in table and column == RELAXED:
        table[column] = np.nan
    for part in (*key, column):
        if part not in table or (part == column and len(table) and not pd.api.types.is_numeric_dtype(table[part])):
            raise damaged(file, part)
    return table[[*key, column]].astype({column: float})  # a column of blanks or of no rows has no type of its own
