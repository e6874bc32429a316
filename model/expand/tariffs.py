"""Delivered tariffs: what each consumer pays for power, as one technology ``supply_<tariff>`` at every site that uses it.

Power is paid once: ``electricity`` balances at zero price in the zones, and turning it into ``power_<tariff>`` at a site
costs the delivered tariff, ex VAT.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace

from model import words
from model.expand.calendars import Period, study_periods
from model.expand.rows import Record, origin, records, report, written
from model.problems import Problems
from model.reading.nearest import nearest
from model.tables import Tables

ELECTRICITY, PREFIX = "electricity", "power_"
EVERY = ("", "*")  # branch and month of a price that holds always
Rows = defaultdict[str, list[Record]]


@dataclass(frozen=True)
class Price:
    """Price of a tariff in one period (``*``: all), million yuan per GWh ex VAT, and the row it comes from."""

    period: str
    cost: float
    origin: Record


def power_users(core: Tables) -> dict[tuple[str, str], Record]:
    """(tariff, site) of every permitted technology that uses ``power_<tariff>``, with the recipe row that says so.

    A site's own recipe row replaces the ``*`` row of that commodity, so a technology may use another tariff elsewhere.
    Goods of that name which core rows make or sell already are no tariffs (a written case holds nothing but core rows).
    """
    permitted: defaultdict[str, set[str]] = defaultdict(set)
    for row in records(core, "tech_sites"):
        permitted[row["technology"]].add(row["site"])
    at_hand = {row["commodity"] for row in records(core, "recipes") if row["quantity"] > 0} | {row["commodity"] for row in records(core, "supply")}
    recipes = [row for row in records(core, "recipes") if row["commodity"].startswith(PREFIX) and row["commodity"] not in at_hand]
    own = {(row["technology"], row["site"], row["commodity"]) for row in recipes}
    users: dict[tuple[str, str], Record] = {}
    for row in recipes:
        technology, site, commodity = row["technology"], row["site"], row["commodity"]
        sites = permitted[technology] if site == "*" else permitted[technology] & {site}
        for place in sorted(sites) if row["quantity"] < 0 else ():
            if site != "*" or (technology, place, commodity) not in own:
                users.setdefault((commodity.removeprefix(PREFIX), place), row)
    return users


@dataclass(frozen=True)
class Book:
    """The tariffs, the prices written for each (by branch and month, ``EVERY`` for all) and the sites of captive tariffs."""

    tariffs: dict[str, Record]
    prices: dict[str, dict[tuple[str, str], Record]]
    captive: dict[str, str]
    periods: tuple[Period, ...]


def open_book(tables: Tables, core: Tables) -> Book:
    """All that is said about tariffs, ready to be looked up."""
    tariffs = {row["tariff"]: row for row in records(tables, "tariffs")}
    prices: dict[str, dict[tuple[str, str], Record]] = {name: {} for name in tariffs}
    for row in records(tables, "tariff_prices"):
        prices.setdefault(row["tariff"], {})[row["branch"], row["month"]] = row
    for name, row in tariffs.items():
        if not math.isnan(row["price"]):
            prices[name][EVERY] = row
    captive = {row["tariff"]: row["site"] for row in records(tables, "captive_plants")}
    return Book(tariffs, prices, captive, study_periods(tables, core))


def tariff_costs(book: Book, name: str, problems: Problems) -> list[Price]:
    """The prices of tariff ``name``: one for all periods or one per period; none for captive power.

    Exactly one of price, tariff_prices rows, base_tariff or a captive plant must say what a tariff costs.
    """
    tariff, own = book.tariffs[name], book.prices[name]
    base = tariff["base_tariff"]
    stated = bool(own) + (EVERY in own and len(own) > 1) + bool(base) + (name in book.captive)
    if stated != 1:
        report(problems, "power_tariff_price", tariff, "tariff", count=stated)
        return []
    if base and not book.prices.get(base):
        unknown = base not in book.tariffs
        report(problems, "power_tariff_base", tariff, "base_tariff", suggestion=nearest(base, book.tariffs) if unknown else "")
        return []
    level = float(book.tariffs[base]["adder"]) if base else 0.0
    return _prices(book, tariff, book.prices[base or name], level + float(tariff["adder"]), problems)


def _prices(book: Book, tariff: Record, months: dict[tuple[str, str], Record], adder: float, problems: Problems) -> list[Price]:
    """One price for all periods, or the mean of each period's parts by days; a branch's own prices win over those of all."""
    shared = origin(tariff) if tariff["base_tariff"] else None
    if EVERY in months:
        return [Price("*", _ex_vat(float(months[EVERY]["price"]) + adder, tariff), shared or origin(months[EVERY]))]
    prices: list[Price] = []

    def stated(branch: str, month: str) -> Record | None:
        return months.get((branch, month))

    for period in book.periods if months else ():
        chain = replace(period, waters=(*period.waters, EVERY[0]))
        missing = [part.part for part in period.parts if not replace(chain, parts=(part,)).found(stated)]
        if missing:
            report(problems, "power_tariff_month", tariff, "tariff", month=", ".join(missing))
            continue
        found = chain.found(stated)
        mean = found[0][0]["price"] if len(found) == 1 else sum(float(row["price"]) * days for row, days, _ in found) / period.days
        prices.append(Price(period.period, _ex_vat(float(mean) + adder, tariff), shared or origin(found[0][0])))
    return prices


def _ex_vat(with_vat: float, tariff: Record) -> float:
    return with_vat * written("tariffs", "price") / (1.0 + float(tariff["vat"]))


def add_supply(rows: Rows, tables: Tables, core: Tables, problems: Problems) -> set[str]:
    """Add ``supply_<tariff>`` (recipe, permission, lane from the zone) wherever a tariff is used; the tariffs in use."""
    book = open_book(tables, core)
    prices = {name: tariff_costs(book, name, problems) for name in book.tariffs}
    regions = {row["site"]: row["region"] for row in records(core, "sites")}
    used: set[str] = set()
    for (name, site), user in power_users(core).items():
        if name not in book.tariffs:
            goods = [PREFIX + tariff for tariff in book.tariffs]
            report(problems, "power_unknown_tariff", user, "commodity", suggestion=nearest(PREFIX + name, goods))
        elif book.captive.get(name, site) != site:
            report(problems, "power_captive_site", user, "commodity", site=site, home=book.captive[name])
        elif name in book.captive or zone_fits(book.tariffs[name], site, regions, problems):
            used.add(name)
            _permit(rows, book.tariffs[name], site, prices[name])
    for name in sorted(used):
        _recipe(rows, book.tariffs[name], name in book.captive)
    return used


def zone_fits(tariff: Record, site: str, regions: dict[str, str], problems: Problems) -> bool:
    """Whether the zone of ``tariff`` is that of the region of ``site``; reported where it is not."""
    zone = tariff["zone"]
    region, place = regions.get(zone, ""), regions.get(site, "")
    fits = bool(zone) and (not region or not place or region == place)
    if not fits:
        report(problems, "power_tariff_zone", tariff, "zone", site=site, tariff=tariff["tariff"])
    return fits


def _permit(rows: Rows, tariff: Record, site: str, prices: list[Price]) -> None:
    technology = f"supply_{tariff['tariff']}"
    for price in prices:
        rows["tech_sites"].append({
            "technology": technology, "site": site, "period": price.period,
            "variable_cost": price.cost, "cost_class": "power", **price.origin,
        })
    connect(rows, tariff, site)


def connect(rows: Rows, tariff: Record, site: str) -> None:
    """Add the lane of electricity from the zone of ``tariff`` to ``site``, once."""
    connected = any(lane["from"] == tariff["zone"] and lane["to"] == site for lane in rows["lanes"])
    if tariff["zone"] and not connected:
        rows["lanes"].append({
            "commodity": ELECTRICITY, "from": tariff["zone"], "to": site, "unit_cost": 0.0,
            "mode": "grid", "cost_class": "power", **origin(tariff),
        })


def draw(rows: Rows, technology: str, delivered: str, carried: Record, captive: bool = False) -> None:
    """Add the recipe of a technology that delivers power; what is not captive draws as much electricity."""
    if not captive:
        rows["recipes"].append({"technology": technology, "commodity": ELECTRICITY, "quantity": -1.0, **carried})
    rows["recipes"].append({"technology": technology, "commodity": delivered, "quantity": 1.0, **carried})


def _recipe(rows: Rows, tariff: Record, captive: bool) -> None:
    name = tariff["tariff"]
    draw(rows, f"supply_{name}", PREFIX + name, origin(tariff), captive)
    rows["commodities"].append({
        "commodity": PREFIX + name, "unit": "GWh", **origin(tariff),
        "name_zh": words.text("power.delivered", "zh", tariff=tariff["name_zh"] or name),
        "name_en": words.text("power.delivered", "en", tariff=tariff["name_en"] or name),
    })
