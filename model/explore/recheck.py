"""A finished run checked again from its own folder: the written core tables and values must still prove the plan."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from model.case import COLUMN_KEYS, ROW_KEYS, make_case
from model.compile import Floats
from model.problems import ExitCode, Problems, refuse
from model.reading import check_core, read
from model.verify import Check, verify


def recheck(folder: Path) -> tuple[Check, ...]:
    """The checks of the plan in ``folder`` against the Case rebuilt from its ``case/`` tables.

    Raises ``Refusal``: exit 6 where ``folder`` is no run, exit 3 where its tables are broken or values are missing.
    """
    summary = folder / "summary.json"
    if not summary.is_file() or not (folder / "case").is_dir():
        raise refuse(ExitCode.FILES, "no_run_folder", value=str(folder))
    problems = Problems()
    dataset = read(folder / "case", problems)
    problems.stop_on_errors()
    check_core(dataset.tables, problems)
    problems.stop_on_errors()
    case = make_case(dataset.tables, problems)
    values = _stack(folder, "", case.columns, COLUMN_KEYS)
    weights = np.concatenate([case.rows[family]["weight"].to_numpy(float) for family in ROW_KEYS])
    # prices are written per real unit (R20); a row of weight 0 has none and cannot have moved the objective
    duals = np.nan_to_num(_stack(folder, "dual_", case.rows, ROW_KEYS)) * weights
    return verify(case, values, duals, float(json.loads(summary.read_text(encoding="utf-8"))["objective"]))


def _stack(folder: Path, prefix: str, tables: dict[str, pd.DataFrame], keys: dict[str, tuple[str, ...]]) -> Floats:
    """The written values of every family in the order of the Case."""
    parts = []
    for family, key in keys.items():
        file = folder / "tables" / f"{prefix}{family}.csv"
        if not file.is_file():
            raise refuse(ExitCode.FILES, "no_run_folder", value=str(file))
        written = pd.read_csv(file, dtype=dict.fromkeys(key, str), keep_default_na=False, na_values={"value": [""]}, encoding="utf-8-sig")
        wanted = tables[family][list(key)].astype(str)
        merged = wanted.merge(written, on=list(key), how="left", indicator="found")
        if (merged["found"] != "both").any() or len(written) != len(wanted):
            raise refuse(ExitCode.DATA, "run_differs", value=file.name)
        parts.append(merged["value"].to_numpy(float))
    return np.concatenate(parts)
