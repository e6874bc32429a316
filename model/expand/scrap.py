"""Scrap offered in the cities in rising price steps, and what the refund of VAT does to its price.

Quotes are per gross tonne without invoice (decision D6): the buyer deducts no VAT, so they compare directly with
product prices ex VAT. With P the quote and S the product price ex VAT, margin before conversion = S - (1 + t) P without
the refund and (1 + g) S - (1 + r) P with it (t, r: tax borne on purchases, g: gain, all in ``market_settings``).
"""

from __future__ import annotations

from model.expand.growth import Growth
from model.expand.market_settings import MarketSettings
from model.expand.prices import PriceBook
from model.expand.rows import Record, origin, records, written
from model.tables import Tables


class ScrapMarket:
    """What a gross tonne of each class costs the one who melts it, and the supply rows of all cities."""

    def __init__(self, tables: Tables, settings: MarketSettings, prices: PriceBook) -> None:
        self._tables, self._settings, self._prices = tables, settings, prices
        self._classes = {
            row["scrap_class"]: row for row in records(tables, "scrap_classes")
            if prices.has(row, "price") and prices.has(row, "product_price")
        }
        self._by_good = {row["commodity"]: row for row in self._classes.values()}

    def cost(self, commodity: str, quote: float) -> float:
        """``quote`` with the taxes and the refund of the buyer, million yuan per kt; other goods stay as quoted.

        Sales of scrap outside the region pass through here too: who resells bears no tax and earns no refund, so both
        sides must move together or reselling would pay.
        """
        scrap = self._by_good.get(commodity)
        if scrap is None:
            return quote
        if not self._settings.number("scrap_refund"):
            return quote * (1.0 + self._settings.number("scrap_buyer_tax"))
        product = self._prices.ex_vat(scrap["product_price"]) * float(scrap["product_share"])
        return quote * (1.0 + self._settings.number("scrap_refund_tax")) - product * self._settings.number("scrap_refund_gain")

    def supply(self, growth: Growth, year: float) -> list[Record]:
        """Supply rows, one per site, class and step, priced at the base price of the class + the step."""
        rows: list[Record] = []
        for row in records(self._tables, "scrap_supply"):
            if (scrap := self._classes.get(row["scrap_class"])) is None:
                continue
            quote = self._prices.ex_vat(scrap["price"]) + float(row["price_step"]) * written("scrap_supply", "price_step")
            rows.append({
                "commodity": scrap["commodity"], "site": row["site"], "tier": f"{row['scrap_class']}_{row['step']}",
                "price": self.cost(scrap["commodity"], quote),
                "max": growth.tonnage(row, "scrap_supply", self._settings.text("scrap_case"), year), "cost_class": "scrap", **origin(row),
            })
        return rows
