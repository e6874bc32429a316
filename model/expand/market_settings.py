"""The settings of the market and carbon tables: which year, which case, which shares, read once and checked."""

from __future__ import annotations

from typing import Final

from model.problems import Problems
from model.reading.nearest import nearest
from model.schema.industry import POWER_ACCOUNTING
from model.tables import FILE, ROW, Tables

CASES: Final = ("low", "central", "high")
CHOICES: Final = {  # settings whose value is one of several words
    **dict.fromkeys(("demand_case", "scrap_case", "growth_case"), CASES), "power_accounting": POWER_ACCOUNTING,
}
DEFAULTS: Final[dict[str, str]] = {
    "base_year": "2025", "planning_year": "2025", "price_period": "2025",
    "demand_case": "central", "scrap_case": "central", "growth_case": "central",
    "must_serve_share": "0.8", "shortage_ratio": "1.5",  # decision D17
    "scrap_buyer_tax": "0", "scrap_refund": "0", "scrap_refund_tax": "0", "scrap_refund_gain": "0",
    "power_accounting": POWER_ACCOUNTING[0],
}
TEXTS: Final = frozenset({"price_period"})


class MarketSettings:
    """Settings as texts, cases and numbers; a setting that is not in the table has the value of ``DEFAULTS``."""

    def __init__(self, tables: Tables, problems: Problems) -> None:
        """Read ``market_settings``; report unknown settings, unknown cases and texts where a number is meant."""
        self._values = dict(DEFAULTS)
        if "market_settings" not in tables:
            return
        for row in tables["market_settings"].to_dict("records"):
            name, value = row["setting"], str(row["value"]).strip()
            place = {"file": row[FILE], "row": row[ROW]}
            if name not in DEFAULTS:
                problems.add("market_unknown_setting", column="setting", value=name, suggestion=nearest(name, DEFAULTS), **place)
            elif name in CHOICES and value not in CHOICES[name]:
                choices = ", ".join(CHOICES[name])
                problems.add("market_unknown_case", column="value", value=value, suggestion=nearest(value, CHOICES[name]), choices=choices, **place)
            elif name not in CHOICES and name not in TEXTS and not _is_number(value):
                problems.add("market_setting_not_a_number", column="value", value=value, setting=name, **place)
            else:
                self._values[name] = value

    def text(self, name: str) -> str:
        """The setting as it was written; KeyError for a name that no setting has."""
        return self._values[name]

    def number(self, name: str) -> float:
        """The setting as a number."""
        return float(self._values[name])


def setting(tables: Tables, name: str) -> str:
    """One setting as it is written, or its default; what is wrong with it is reported where the settings are read."""
    for row in tables["market_settings"].to_dict("records") if "market_settings" in tables else ():
        if row["setting"] == name:
            return str(row["value"]).strip()
    return DEFAULTS[name]


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()
