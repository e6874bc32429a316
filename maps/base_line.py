"""The key figures of the base beside those of a scenario that changes it: read from the base's own run folder where it stands beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from maps.view import BaseLine
from model.output import MARK, provenance
from model.pipeline import Run

FILE: Final = Path("tables") / "cards.csv"
COLUMNS: Final = ("card", "value", "unit")


def base_line(run: Run, beside: Path) -> BaseLine | None:
    """The base that ``run`` rests on, from the folder in ``beside`` that bears its name.

    None for a scenario without a base, where the base was not solved, or where it was solved on other data.
    """
    chain = run.prepared.scenario.chain
    folder = beside / Path(chain[0]).stem if len(chain) > 1 else None
    if folder is None or not (folder / FILE).is_file() or not (folder / MARK).is_file():
        return None
    if json.loads((folder / MARK).read_text(encoding="utf-8")).get("inputs") != provenance(run)["inputs"]:
        return None
    rows = pd.read_csv(folder / FILE, encoding="utf-8-sig", keep_default_na=False)
    values = {str(row["card"]): (float(row["value"]), str(row["unit"])) for row in rows.to_dict("records")}
    return BaseLine((folder.name, folder.name), values)


def write_cards(values: Mapping[str, tuple[float, str]], folder: Path) -> None:
    """Write the key figures of a report, in full, for the reports of scenarios that rest on it."""
    rows = [(card, repr(value), unit) for card, (value, unit) in values.items()]
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(folder / FILE, index=False, encoding="utf-8-sig")
