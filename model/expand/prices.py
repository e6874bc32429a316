"""Prices as quoted, turned into million yuan per internal unit ex VAT of the year of all prices, in real money.

One rule for every quote (decisions D4, D6, D14): with VAT it is divided by 1 + its rate; "ex tax" and "none" quotes are
taken as they stand and never divided; dollars go through the exchange rate of the same period. A price that names a growth
rate moves with it from that year to the year of the stage; the others stay as they are.
"""

from __future__ import annotations

from typing import Final

from model.expand.growth import Growth
from model.expand.rows import Record, records, report, written
from model.problems import Problems
from model.reading.nearest import nearest
from model.tables import Tables
from model.units import factor

DOLLAR: Final = "usd"  # the row of ``prices`` that holds yuan per US dollar
DOLLAR_UNIT: Final = "USD/t"


class PriceBook:
    """All prices of one period (``2025``, ``2023-01``) grown to ``year``; a price without a row in that period is reported
    once where it is used."""

    def __init__(self, tables: Tables, period: str, problems: Problems, growth: Growth | None = None, year: float = 0.0) -> None:
        self._rows = {row["price"]: row for row in records(tables, "prices") if row["period"] == period}
        self._period = period
        self._problems = problems
        self._growth, self._years = growth, year - float(period[:4]) if growth else 0.0

    def quoted(self, price: str) -> float:
        """The central figure of ``price`` as it is quoted, in its own unit and VAT basis; KeyError if there is none."""
        row = self._rows[price]
        grown = self._growth.factor(row["growth"], self._years) if self._growth else 1.0
        return float(row["central"]) * grown

    def ex_vat(self, price: str, basis: float = 0.0) -> float:
        """``price`` + ``basis`` in million yuan per internal unit (kt, GWh, million Nm3) ex VAT.

        ``basis`` is in the unit and the VAT basis of the quote. KeyError if the period has no such price.
        """
        row = self._rows[price]
        vat = 1.0 + (float(row["vat_rate"]) if row["vat"] == "incl" else 0.0)
        return (self.quoted(price) + basis) / vat * self._scale(row["unit"])

    def _scale(self, unit: str) -> float:
        if unit == DOLLAR_UNIT:
            return self.quoted(DOLLAR) * factor("yuan/t")
        return factor(unit)

    def at(self, row: Record, table: str) -> float | None:
        """Price of a quote row in million yuan per internal unit: price + basis and fee ex VAT, + freight + spread.

        ``row`` has the columns price, fee, basis, freight and spread of ``table``. None, with a problem, if a price
        has no row in the period.
        """
        if not self.has(row, "price") or (row["fee"] and not self.has(row, "fee")):
            return None
        fee = self.ex_vat(row["fee"]) if row["fee"] else 0.0
        added = sum(float(row[name]) * written(table, name) for name in ("freight", "spread"))
        return self.ex_vat(row["price"], float(row["basis"])) + fee + added

    def has(self, row: Record, column: str) -> bool:
        """Whether the price named in ``column`` of ``row`` has a figure in the period; reports it if not."""
        price = row[column]
        known = price in self._rows and (self._rows[price]["unit"] != DOLLAR_UNIT or DOLLAR in self._rows)
        if not known:
            report(self._problems, "market_price_missing", row, column, suggestion=nearest(price, self._rows), period=self._period)
        return known
