"""The shadow prices as a run folder holds them, in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from model import words
from model.explore import written_files
from model.explore.price_words import COLUMNS
from model.explore.run_records import read_table

FILE = "shadow_prices.csv"
KINDS = ("power", "pool", "gate", "park", "supply", "indicator")


def read_prices(folder: Path) -> pd.DataFrame:
    """The prices written with a run; raises ``Refusal`` (exit 6) where ``folder`` holds none or a damaged one."""
    written_files.held(folder, f"tables/{FILE}")
    return read_table(folder / "tables" / FILE, tuple(name for name in COLUMNS if name != "value"), ("value",))


def lines(prices: pd.DataFrame, language: str) -> list[str]:
    """One heading per kind, under it its sentences: the strongest first, those of value 0 last."""
    if prices.empty:
        return [words.text("prices.none", language)]
    said = []
    for kind in KINDS:
        rows = prices[prices["kind"] == kind]
        rows = rows.assign(_strength=rows["value"].abs()).sort_values("_strength", ascending=False, kind="stable")
        said += [words.text(f"prices.head_{kind}", language), *(f"  {sentence}" for sentence in rows[language])] if len(rows) else []
    return said
