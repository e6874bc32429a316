"""Which rows of the dataset stand behind a site: their table, source and grade, for the popups of the map."""

from __future__ import annotations

from typing import Final

import pandas as pd

from model.schema import ALL_TABLES
from model.tables import Tables

COLUMNS: Final = ("site", "table_zh", "table_en", "source", "grade", "rows")
UNTOLD: Final = ("sources", "site_names")  # lists of words, not of figures


def evidence_table(tables: Tables) -> pd.DataFrame:
    """site, table_zh, table_en, source, grade, rows: how many rows of each table name the site and rest on that source and grade."""
    parts = []
    for name, table in tables.items():
        if name in UNTOLD or "site" not in table or not {"source", "grade"} <= set(table.columns):
            continue
        told = table[(table["source"] != "") | (table["grade"] != "")]
        counts = told.groupby(["site", "source", "grade"], sort=True).size().reset_index(name="rows")
        spec = ALL_TABLES[name]
        parts.append(counts.assign(table_zh=spec.zh or name, table_en=spec.en or name)[list(COLUMNS)])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
