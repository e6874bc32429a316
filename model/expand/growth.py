"""Growth per year of tonnages and prices, from one table of rates, low, central and high."""

from __future__ import annotations

from model.expand.market_settings import MarketSettings
from model.expand.rows import Record, records, written
from model.tables import Tables


class Growth:
    """Growth factors of the chosen case; a blank rate means no growth."""

    def __init__(self, tables: Tables, settings: MarketSettings) -> None:
        self._rates: dict[str, float] = {row["growth"]: float(row[settings.text("growth_case")]) for row in records(tables, "growth")}
        self._base_year = settings.number("base_year")

    def factor(self, growth: str, years: float) -> float:
        """What ``years`` of growth make of one unit: (1 + rate) ^ years."""
        return float((1.0 + self._rates.get(growth, 0.0)) ** years)

    def tonnage(self, row: Record, table: str, case: str, year: float) -> float:
        """kt per year of a row with kt_low, kt_central, kt_high and growth, grown from the base year to ``year``."""
        column = f"kt_{case}"
        return float(row[column]) * written(table, column) * self.factor(row["growth"], year - self._base_year)
