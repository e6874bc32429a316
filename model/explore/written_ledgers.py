"""Whether the ledgers in a run folder are those that its own sizes of options give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from model import ledger
from model.audit import Check
from model.case import Case
from model.problems import ExitCode, refuse

NAME = "ledger_as_written"


def compare(folder: Path, case: Case, sizes: pd.DataFrame) -> tuple[Check, ...]:
    """The check of ``tables/ledger.csv`` and ``tables/ledger_uses.csv``, row by row; none where the case has no ledgers.

    ``sizes``: option, stage, value. Raises ``Refusal`` (exit 6) where a file is missing.
    """
    if case.labels["ledgers"].empty:
        return ()
    kept = ledger.keep(case, sizes)
    gaps = [
        *_gaps(folder, "ledger", kept.accounts, ledger.ACCOUNT_TEXTS, ("given_up", "ratio", *ledger.AMOUNTS)),
        *_gaps(folder, "ledger_uses", kept.uses, ledger.USE_TEXTS, ledger.USE_NUMBERS),
    ]
    place, residual = max(gaps, key=lambda gap: gap[1], default=("", 0.0))
    return (Check(NAME, residual, ledger.TOLERANCE, place if residual > 0 else ""),)


def _gaps(folder: Path, name: str, table: pd.DataFrame, key: tuple[str, ...], numbers: tuple[str, ...]) -> list[tuple[str, float]]:
    """Place and difference of every number, as a share of it where it is above 1; infinite where a row stands on one side only."""
    file = folder / "tables" / f"{name}.csv"
    if not file.is_file():
        raise refuse(ExitCode.FILES, "no_run_folder", value=str(file))
    written = pd.read_csv(file, dtype=dict.fromkeys(key, str), keep_default_na=False, na_values=dict.fromkeys(numbers, ""), encoding="utf-8-sig")
    both = table.merge(written, on=list(key), how="outer", suffixes=("", "_written"))
    found: list[tuple[str, float]] = []
    for row in both.to_dict("records"):
        place = f"{name}({', '.join(str(row[part]) for part in key)})"
        differences = [abs(row[number] - row[f"{number}_written"]) / max(1.0, abs(row[number])) for number in numbers]
        found.append((place, float(np.nan_to_num(max(differences, key=lambda gap: np.inf if np.isnan(gap) else gap), nan=np.inf))))
    return found
