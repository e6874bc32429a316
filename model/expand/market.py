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
from model.expand.stages import market_stages
from model.problems import Problems
from model.schema.spec import NONE
from model.tables import Tables, frame

ROUNDING = 1e-9  # million yuan per kt
YUAN = 1e3  # yuan per t in a million yuan per kt


def expand(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """Core rows of the market tables: supply, demand, stocks; empty if the dataset has none of them.

    Several stages have rows of their own, each with the tonnages and prices of its year. Call it after the technologies
    are in ``core``: goods delivered to every user are laid out where they are used.
    """
    settings = MarketSettings(tables, problems)
    made: dict[str, list[Record]] = {"supply": [], "demand": [], "stocks": [*_warehouses(tables)]}
    stages = market_stages(tables, core, settings.number("planning_year"))
    for stage, year in zip(stages.names, stages.years, strict=True):
        # what is wrong with a table is wrong in every stage: it is told once
        rows = _trade(tables, core, settings, year, problems if stage == stages.names[0] else Problems())
        for table, found in rows.items():
            made[table] += [{"period": stage, **row} for row in found]
    check_makers(tables, core, problems)
    return {table: frame(table, rows) for table, rows in made.items() if rows}


def _trade(tables: Tables, core: Tables, settings: MarketSettings, year: float, problems: Problems) -> dict[str, list[Record]]:
    """Supply and demand of one year."""
    growth = Growth(tables, settings)
    prices = PriceBook(tables, settings.text("price_period"), problems, growth, year)
    scrap = ScrapMarket(tables, settings, prices)
    segments = SegmentDemand(tables, settings, prices, growth, year)
    supply = [*purchases(tables, core, prices), *segments.supply, *scrap.supply(growth, year)]
    demand = [*segments.demand, *_gateway_sales(tables, settings, prices, growth, scrap, year)]
    _check_trading(supply, demand, problems)
    return {"supply": supply, "demand": demand}


def _gateway_sales(
    tables: Tables, settings: MarketSettings, prices: PriceBook, growth: Growth, scrap: ScrapMarket, year: float,
) -> Iterator[Record]:
    """Demand rows of ``gateway_sales``: no minimum, a maximum in the chosen case, the price of the quote."""
    for row in records(tables, "gateway_sales"):
        price = prices.at(row, "gateway_sales")
        if price is not None:
            yield {
                "commodity": row["commodity"], "site": row["site"], "segment": row["segment"],
                "price": scrap.cost(row["commodity"], price),
                "max": growth.tonnage(row, "gateway_sales", settings.text("demand_case"), year), "shortage_price": NONE, **origin(row),
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
