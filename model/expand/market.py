"""The market: purchases, regional demand, outside sales, scrap and delivery warehouses.

Buying price at a gateway = hub price - freight to the hub + spread, selling price = hub price (decision D14), so that
nothing is earned by trading; every sale has a maximum (D16).
"""

from __future__ import annotations

from collections.abc import Iterator

from model.expand.demand import SegmentDemand, check_makers
from model.expand.growth import Growth
from model.expand.market_settings import MarketSettings
from model.expand.prices import PriceBook
from model.expand.purchases import purchases
from model.expand.rows import Record, origin, records, report, written
from model.expand.scrap import ScrapMarket
from model.problems import Problems
from model.schema.spec import NONE
from model.tables import Tables, frame

ROUNDING = 1e-9  # million yuan per kt
YUAN = 1e3  # yuan per t in a million yuan per kt


def expand(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """Core rows of the market tables: supply, demand, stocks; empty if the dataset has none of them.

    Call it after the technologies are in ``core``: goods delivered to every user are laid out where they are used.
    """
    settings = MarketSettings(tables, problems)
    prices = PriceBook(tables, settings.text("price_period"), problems)
    growth = Growth(tables, settings)
    scrap = ScrapMarket(tables, settings, prices)
    segments = SegmentDemand(tables, settings, prices, growth)
    made = {
        "supply": [*purchases(tables, core, prices), *segments.supply, *scrap.supply(growth)],
        "demand": [*segments.demand, *_gateway_sales(tables, settings, prices, growth, scrap)],
        "stocks": [*_warehouses(tables)],
    }
    check_makers(tables, core, problems)
    _check_trading(made["supply"], made["demand"], problems)
    return {table: frame(table, rows) for table, rows in made.items() if rows}


def _gateway_sales(
    tables: Tables, settings: MarketSettings, prices: PriceBook, growth: Growth, scrap: ScrapMarket,
) -> Iterator[Record]:
    """Demand rows of ``gateway_sales``: no minimum, a maximum in the chosen case, the price of the quote."""
    for row in records(tables, "gateway_sales"):
        price = prices.at(row, "gateway_sales")
        if price is not None:
            yield {
                "commodity": row["commodity"], "site": row["site"], "segment": row["segment"],
                "price": scrap.cost(row["commodity"], price),
                "max": growth.tonnage(row, "gateway_sales", settings.text("demand_case")), "shortage_price": NONE, **origin(row),
            }


def _warehouses(tables: Tables) -> Iterator[Record]:
    """Stock rows of the delivery warehouses in use."""
    for row in records(tables, "warehouses"):
        if row["in_use"]:
            yield {
                "commodity": row["commodity"], "site": row["site"], "capacity": float(row["kt"]) * written("warehouses", "kt"),
                "holding_cost": float(row["holding_cost"]) * written("warehouses", "holding_cost"), **origin(row),
            }


def _check_trading(supply: list[Record], demand: list[Record], problems: Problems) -> None:
    """Report every sale that pays more than the same good costs at the same site: money for nothing (D14)."""
    buying: dict[tuple[str, str], float] = {}
    for offer in supply:
        key = (offer["commodity"], offer["site"])
        buying[key] = min(offer["price"], buying.get(key, offer["price"]))
    for row in demand:
        sale = float(row["price"])
        purchase = buying.get((row["commodity"], row["site"]), sale)
        if sale > purchase + ROUNDING:
            report(
                problems, "market_sale_above_purchase", row, "price", commodity=row["commodity"], site=row["site"],
                sale=round(sale * YUAN), purchase=round(purchase * YUAN),
            )
