"""What a run folder says of itself in its JSON files, read with care: folders get damaged and edited."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from model.problems import ExitCode, Refusal, refuse

SUMMARY = {"status": str, "objective": float, "unit": str, "integers": int}  # what every summary.json holds, and its type
RUN = {"scenario": str, "dataset": str, "case_hash": str, "finished": str}  # the same of run.json
Record = dict[str, Any]


def read_record(folder: Path, name: str, wanted: Mapping[str, type]) -> Record:
    """The content of a JSON file of a run.

    Raises ``Refusal``: exit 6 where it is not there, cannot be read, is no JSON or lacks something of ``wanted``.
    """
    file = folder / name
    if not file.is_file():
        raise refuse(ExitCode.FILES, "no_run_folder", value=str(file))
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise refuse(ExitCode.FILES, "no_run_folder", value=str(file)) from error
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, or nested beyond reason
        raise damaged(file, type(error).__name__) from error
    if not isinstance(content, dict):
        raise damaged(file, "{}")
    for key, kind in wanted.items():
        if not _is(content.get(key), kind):
            raise damaged(file, key)
    return content


def read_table(file: Path, texts: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """The columns of a written table, blank numbers as NaN. Raises ``Refusal`` (exit 6) where it is not there or does not hold them."""
    if not file.is_file():
        raise refuse(ExitCode.FILES, "no_run_folder", value=str(file))
    blanks = {name: [""] for name in numbers}
    try:
        table = pd.read_csv(file, dtype=dict.fromkeys(texts, str), keep_default_na=False, na_values=blanks, encoding="utf-8-sig")
    except ValueError as error:  # no CSV, no UTF-8
        raise damaged(file, type(error).__name__) from error
    for name in (*texts, *numbers):
        if name not in table or (name in numbers and len(table) and not pd.api.types.is_numeric_dtype(table[name])):
            raise damaged(file, name)
    return table[[*texts, *numbers]].astype(dict.fromkeys(numbers, float))


def damaged(file: Path, what: str) -> Refusal:
    """A file of a run that does not hold what it must."""
    return refuse(ExitCode.FILES, "run_damaged", value=str(file), what=what)


def _is(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))
