"""The shadow prices as a run folder holds them, in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from model import words
from model.explore.price_words import COLUMNS
from model.problems import ExitCode, refuse

FILE = "shadow_prices.csv"
KINDS = ("power", "pool", "gate", "park", "supply", "indicator")


def read_prices(folder: Path) -> pd.DataFrame:
    """The prices written with a run; raises ``Refusal`` (exit 6) where ``folder`` holds none."""
    file = folder / "tables" / FILE
    if not file.is_file():
        raise refuse(ExitCode.FILES, "no_run_folder", value=str(file))
    texts = dict.fromkeys((name for name in COLUMNS if name != "value"), str)
    return pd.read_csv(file, dtype=texts, keep_default_na=False, na_values={"value": [""]}, encoding="utf-8-sig")


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
