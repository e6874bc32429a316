"""Shadow prices as the report shows them: what is scarce, and of what is not scarce that which a reader asks for."""

from __future__ import annotations

import pandas as pd

from model.explore.shadow_prices import shadow_prices
from model.pipeline import Run

COLUMNS = {"family": "constraint", "key": "index", "zh": "sentence_zh", "en": "sentence_en"}
TOLD_AT_ZERO = ("power", "gate", "pool", "indicator")  # a park's idle capacity goes without saying


def price_table(run: Run) -> pd.DataFrame:
    """constraint, index, site, commodity, period, value, unit, sentence_zh, sentence_en, kind of ``shadow_prices``."""
    table = shadow_prices(run)
    shown = table[(table["value"] != 0) | table["kind"].isin(TOLD_AT_ZERO)]
    return shown.rename(columns=COLUMNS).reset_index(drop=True)
