"""Tonnages of the base year, in the chosen case, grown to the planning year by one table of rates."""

from __future__ import annotations

from model.expand.market_settings import MarketSettings
from model.expand.rows import Record, records, written
from model.tables import Tables


class Growth:
    """Growth factors of the chosen case from the base year to the planning year; a blank rate means no growth."""

    def __init__(self, tables: Tables, settings: MarketSettings) -> None:
        years, case = settings.years(), settings.text("growth_case")
        self._factors: dict[str, float] = {row["growth"]: (1.0 + float(row[case])) ** years for row in records(tables, "growth")}

    def tonnage(self, row: Record, table: str, case: str) -> float:
        """kt per year of a row with kt_low, kt_central, kt_high and growth, in the planning year."""
        column = f"kt_{case}"
        return float(row[column]) * written(table, column) * self._factors.get(row["growth"], 1.0)
