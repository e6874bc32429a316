"""Delivered tariffs: what each consumer pays for power, as one technology ``supply_<tariff>`` at every site that uses it.

Power is paid once: ``electricity`` balances at zero price in the zones, and turning it into ``power_<tariff>`` at a site
costs the delivered tariff, ex VAT.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from model import words
from model.expand.rows import Record, origin, records, report, written
from model.problems import Problems
from model.reading.nearest import nearest
from model.tables import Tables
from model.units import factor

ELECTRICITY, PREFIX = "electricity", "power_"
Rows = defaultdict[str, list[Record]]


@dataclass(frozen=True)
class Price:
    """Price of a tariff in one period (``*``: all), million yuan per GWh ex VAT, and the row it comes from."""

    period: str
    cost: float
    origin: Record


def month_of(period: str) -> str:
    """The month of a period id: ``m01`` of ``m01`` and of ``m01_dry``, so that every branch finds its tariffs."""
    return period.split("_", 1)[0]


def tiered_adder(steps: pd.DataFrame, ac_intensity: float, year: int) -> float:
    """Surcharge of the tiered smelter price in yuan/kWh with VAT; 0 before the first year of ``steps``.

    ``steps`` is the table ``tiered_prices``; ``ac_intensity`` is AC power per tonne of MOLTEN metal in kWh/t, never the
    comprehensive figure per tonne of ingot. Each started step above the threshold counts whole (NDRC price notice
    [2021] 1239: 0.01 yuan/kWh per 20 kWh/t above 13,300 from 2025).
    """
    valid = steps[steps["from_year"] <= year].sort_values("from_year")
    if valid.empty:
        return 0.0
    rule = valid.iloc[-1]
    started = math.ceil((ac_intensity - float(rule["threshold"])) / float(rule["step"]) - 1e-9)
    return max(started, 0) * float(rule["adder"])


def smelter_adder(tables: Tables, ac_intensity: float, year: int) -> float:
    """Tiered surcharge per tonne of molten metal in million yuan per kt, ex VAT; 0 without the table ``tiered_prices``.

    ``ac_intensity`` in kWh/t as in ``tiered_adder``: surcharge per kWh x kWh per tonne / (1 + VAT).
    """
    steps = tables.get("tiered_prices")
    if steps is None or steps.empty:
        return 0.0
    per_kwh = tiered_adder(steps, ac_intensity, year) / (1.0 + float(steps["vat"].iloc[-1]))
    return per_kwh * factor("yuan/kWh") * ac_intensity * factor("kWh/t")


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
    """The tariffs, the prices written for each (by month, ``*`` for all months) and the sites of captive tariffs."""

    tariffs: dict[str, Record]
    prices: dict[str, dict[str, Record]]
    captive: dict[str, str]
    periods: tuple[str, ...]


def open_book(tables: Tables, core: Tables) -> Book:
    """All that is said about tariffs, ready to be looked up."""
    tariffs = {row["tariff"]: row for row in records(tables, "tariffs")}
    prices: dict[str, dict[str, Record]] = {name: {} for name in tariffs}
    for row in records(tables, "tariff_prices"):
        prices.setdefault(row["tariff"], {})[row["month"]] = row
    for name, row in tariffs.items():
        if not math.isnan(row["price"]):
            prices[name]["*"] = row
    captive = {row["tariff"]: row["site"] for row in records(tables, "captive_plants")}
    return Book(tariffs, prices, captive, tuple(row["period"] for row in records(core, "periods")))


def tariff_costs(book: Book, name: str, problems: Problems) -> list[Price]:
    """The prices of tariff ``name``: one for all periods or one per period; none for captive power.

    Exactly one of price, tariff_prices rows, base_tariff or a captive plant must say what a tariff costs.
    """
    tariff, own = book.tariffs[name], book.prices[name]
    base = tariff["base_tariff"]
    stated = bool(own) + ("*" in own and len(own) > 1) + bool(base) + (name in book.captive)
    if stated != 1:
        report(problems, "power_tariff_price", tariff, "tariff", count=stated)
        return []
    if base and not book.prices.get(base):
        unknown = base not in book.tariffs
        report(problems, "power_tariff_base", tariff, "base_tariff", suggestion=nearest(base, book.tariffs) if unknown else "")
        return []
    level = float(book.tariffs[base]["adder"]) if base else 0.0
    return _prices(book, tariff, book.prices[base or name], level + float(tariff["adder"]), problems)


def _prices(book: Book, tariff: Record, months: dict[str, Record], adder: float, problems: Problems) -> list[Price]:
    prices: list[Price] = []
    periods = () if not months else ("*",) if "*" in months else book.periods
    for period in periods:
        row = months.get(month_of(period))
        if row is None:
            report(problems, "power_tariff_month", tariff, "tariff", month=month_of(period))
            continue
        with_vat = (float(row["price"]) + adder) * written("tariffs", "price")
        prices.append(Price(period, with_vat / (1.0 + float(tariff["vat"])), origin(tariff if tariff["base_tariff"] else row)))
    return prices


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
        elif name in book.captive or _zone_fits(book.tariffs[name], site, regions, problems):
            used.add(name)
            _permit(rows, book.tariffs[name], site, prices[name])
    for name in sorted(used):
        _recipe(rows, book.tariffs[name], name in book.captive)
    return used


def _zone_fits(tariff: Record, site: str, regions: dict[str, str], problems: Problems) -> bool:
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
    connected = any(lane["from"] == tariff["zone"] and lane["to"] == site for lane in rows["lanes"])
    if tariff["zone"] and not connected:
        rows["lanes"].append({
            "commodity": ELECTRICITY, "from": tariff["zone"], "to": site, "unit_cost": 0.0,
            "mode": "grid", "cost_class": "power", **origin(tariff),
        })


def _recipe(rows: Rows, tariff: Record, captive: bool) -> None:
    name = tariff["tariff"]
    if not captive:
        rows["recipes"].append({"technology": f"supply_{name}", "commodity": ELECTRICITY, "quantity": -1.0, **origin(tariff)})
    rows["recipes"].append({"technology": f"supply_{name}", "commodity": PREFIX + name, "quantity": 1.0, **origin(tariff)})
    rows["commodities"].append({
        "commodity": PREFIX + name, "unit": "GWh", **origin(tariff),
        "name_zh": words.text("power.delivered", "zh", tariff=tariff["name_zh"] or name),
        "name_en": words.text("power.delivered", "en", tariff=tariff["name_en"] or name),
    })
