"""Demand of the regional markets by segment, with an import for every product (decisions D15 to D17)."""

from __future__ import annotations

from collections.abc import Iterator

from model.expand.growth import Growth
from model.expand.market_settings import MarketSettings
from model.expand.prices import PriceBook
from model.expand.rows import Record, origin, records, report
from model.problems import Problems
from model.tables import Tables

OUTSIDE = "outside"  # tier of goods that come from outside the region, delivered to the market


class SegmentDemand:
    """Demand rows and import rows of the segments.

    Sale price = hub price + fee, never + freight; maximum = the tonnage of the chosen case; must-serve = a share of it;
    a missing tonne costs a multiple of the sale price. Imports are offered without limit at the dearest sale price of
    the product at that market times its import ratio, so a must-serve can always be met and is never worth trading.
    """

    def __init__(self, tables: Tables, settings: MarketSettings, prices: PriceBook, growth: Growth, year: float) -> None:
        self._settings, self._prices, self._growth, self._year = settings, prices, growth, year
        self.demand: list[Record] = []
        self._imports: dict[tuple[str, str], Record] = {}
        for segment in records(tables, "demand_segments"):
            for form in records(tables, "product_forms"):
                if form["product_form"] == segment["product_form"]:
                    self._add(segment, form)

    @property
    def supply(self) -> list[Record]:
        """Import rows, one per product and market."""
        return list(self._imports.values())

    def _sale_price(self, form: Record) -> float | None:
        """Million yuan per kt ex VAT, or None where a price is missing (reported)."""
        if not self._prices.has(form, "price") or (form["fee"] and not self._prices.has(form, "fee")):
            return None
        return self._prices.ex_vat(form["price"]) + (self._prices.ex_vat(form["fee"]) if form["fee"] else 0.0)

    def _add(self, segment: Record, form: Record) -> None:
        price = self._sale_price(form)
        if price is None:
            return
        amount = self._growth.tonnage(segment, "demand_segments", self._settings.text("demand_case"), self._year) * float(form["share"])
        self.demand.append({
            "commodity": form["commodity"], "site": segment["site"], "segment": segment["segment"], "price": price,
            "min": amount * self._settings.number("must_serve_share"), "max": amount,
            "shortage_price": price * self._settings.number("shortage_ratio"), **origin(segment),
        })
        key = (form["commodity"], segment["site"])
        offer = price * float(form["import_ratio"])
        if key not in self._imports or offer > self._imports[key]["price"]:
            self._imports[key] = {
                "commodity": key[0], "site": key[1], "tier": OUTSIDE, "price": offer, "cost_class": "metal", **origin(form),
            }


def technologies(form: Record) -> tuple[str, ...]:
    """The technologies named in a row of ``product_forms``."""
    return tuple(name.strip() for name in str(form["technologies"]).split(";") if name.strip())


def check_makers(tables: Tables, core: Tables, problems: Problems) -> None:
    """Note every product form that no technology of its row makes: it can only be imported."""
    made = set(_makers(core))
    for form in records(tables, "product_forms"):
        if not any((name, form["commodity"]) in made for name in technologies(form)):
            report(problems, "market_form_without_maker", form, "technologies", commodity=form["commodity"], note=True)


def _makers(core: Tables) -> Iterator[tuple[str, str]]:
    """(technology, commodity) of every recipe row that makes something."""
    return ((row["technology"], row["commodity"]) for row in records(core, "recipes") if float(row["quantity"]) > 0)
