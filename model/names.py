"""Names for people: the Chinese or English label of an id, or the id itself where the tables give none."""

from __future__ import annotations

import pandas as pd

from model.case import Case

_TABLE = {
    "commodity": ("commodities", "commodity"),
    "site": ("sites", "site"),
    "from": ("sites", "site"),
    "to": ("sites", "site"),
    "indicator": ("indicators", "indicator"),
}


def label(table: pd.DataFrame, key: str, value: str, language: str) -> str:
    """``name_zh`` or ``name_en`` of the row of ``table`` whose ``key`` is ``value``; the id if there is none."""
    found = table.loc[table[key] == value, f"name_{language}"]
    return str(found.iloc[0]) if len(found) and found.iloc[0] else value


def name_of(case: Case, part: str, value: str, language: str) -> str:
    """The label of ``value`` in the index position ``part`` (commodity, site, from, to, indicator …)."""
    if part not in _TABLE:
        return value
    table, key = _TABLE[part]
    return label(case.labels[table], key, value, language)
