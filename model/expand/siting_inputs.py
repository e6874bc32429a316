"""Siting choices of a dataset and the inputs that could flip them: which cells of which tables an input is, and its range.

The search itself (model/explore/siting.py) knows only tables that change and columns that are in use or not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from model.expand.quotes import Pattern, price_period
from model.expand.rows import Record, records
from model.expand.studies import SCRAP, both, movable, moves_allowed, names_of, power_price
from model.tables import Tables

METAL = "aluminium_a00"
WIDTHS = 3.0  # the search reaches so many low–high ranges to both sides
Edit = tuple[str, str, tuple[str, ...], str]  # table, key column, its values, the column that moves


@dataclass(frozen=True)
class Input:
    """One input: ``edits`` are the cells that move together by the change; low, high NaN where no table states a range."""

    key: str
    name: tuple[str, str]
    unit: str
    central: float
    low: float
    high: float
    reach: tuple[float, float]  # least and largest change of the search
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Choice:
    """A siting choice: it stands while the columns of ``watched`` add up to something."""

    key: str
    what: tuple[str, str]
    watched: tuple[Pattern, ...]


def moved(tables: Tables, item: Input, change: float) -> Tables:
    """The tables with every cell of ``item`` moved by ``change``."""
    result = dict(tables)
    for table, key, values, column in item.edits:
        rows = result[table]
        chosen = rows[key].isin(values)
        if "period" in rows.columns and table == "prices":
            chosen &= rows["period"] == price_period(tables)
        result[table] = rows.assign(**{column: rows[column] + change * chosen.astype(float)})
    return result


def inputs(tables: Tables, core: Tables) -> tuple[Input, ...]:
    """The inputs that the tables hold: power-price gap, swap ratio, quota, capex, carbon, scrap and metal price."""
    found = [*_gap(tables, core), *_swap(tables), *_capex(tables), *_prices(tables)]
    return tuple(item for item in found if math.isfinite(item.central) and item.reach[0] < item.reach[1])


def choices(tables: Tables, core: Tables) -> tuple[Choice, ...]:
    """Every potline that may stop or move, every place for a new one, and every park that permits new recycled lines."""
    found: list[Choice] = []
    moving = movable(tables) if moves_allowed(tables) else set()
    for plant in records(tables, "plants"):
        said = "potline_moves" if plant["plant"] in moving else "potline_stops"
        smelting: Pattern = ("activity", (("technology", f"smelt_{plant['plant']}"),))
        found.append(Choice(f"potline_{plant['plant']}", both(said, plant=names_of(plant)), (smelting,)))
    for row in records(tables, "new_potlines") if moves_allowed(tables) else ():
        name = f"new_potline_{row['site']}"
        found.append(Choice(name, both("new_potline", line=names_of(row)), (("size", (("option", name),)),)))
    effects = core.get("option_effects", pd.DataFrame({"site": [], "unit": [], "per_size": [], "option": []}))
    names = {row["site"]: names_of(row) for row in records(core, "sites")}
    for permission in records(tables, "permissions"):
        if permission["permission"] == "recycled" and permission["allowed"]:
            site = str(permission["site"])
            lines = effects[(effects["site"] == site) & effects["unit"].str.startswith("recycling") & (effects["per_size"] > 0)]
            watched = tuple(("size", (("option", option),)) for option in sorted(set(lines["option"])))
            found.append(Choice(f"recycling_{site}", both("recycling_enters", site=names.get(site, (site, site))), watched))
    return tuple(found)


def _input(key: str, unit: str, row: Record, column: str, edits: tuple[Edit, ...], ends: tuple[str, str], least: float = 0.0) -> Input:
    """An input that stands in one cell, with its range in two others; it does not fall below ``least``."""
    central, low, high = (float(row[name]) for name in (column, *ends))
    width = WIDTHS * (high - low)
    return Input(key, both(key), unit, central, low, high, (max(-width, least - central), width), edits)


def _gap(tables: Tables, core: Tables) -> Iterator[Input]:
    """What the movable potlines with a stated tariff pay above the new potlines' tariff, for a flat load."""
    new = list(records(tables, "new_potlines"))
    tariffs = {row["tariff"]: row for row in records(tables, "tariffs")}
    used = {plant["tariff"] for plant in records(tables, "plants") if plant["plant"] in movable(tables)}
    own = [tariffs[name] for name in sorted(used) if name in tariffs]
    for column in ("price", "adder"):
        stated = [row for row in own if pd.notna(row[column])]
        if not stated or not new or new[0]["tariff"] not in tariffs:
            continue
        below = power_price(core, tariffs[new[0]["tariff"]], str(new[0]["site"]))
        site = next(str(plant["site"]) for plant in records(tables, "plants") if plant["tariff"] == stated[0]["tariff"])
        central, low, high = power_price(core, stated[0], site) - below, float(stated[0]["low"]) - below, float(stated[0]["high"]) - below
        width = WIDTHS * (high - low)
        edits: tuple[Edit, ...] = (("tariffs", "tariff", tuple(str(row["tariff"]) for row in stated), column),)
        yield Input("power_gap", both("power_gap"), "yuan/kWh", central, low, high, (-width, width), edits)
        return


def _swap(tables: Tables) -> Iterator[Input]:
    """Ratio and outside quota of the pools that are open."""
    open_pools = [row for row in records(tables, "swap_pools") if row["closures_allowed"] and row["new_potlines_allowed"]]
    if not open_pools:
        return
    row, names = open_pools[0], tuple(str(pool["pool"]) for pool in open_pools)
    yield _input("swap_ratio", "", row, "ratio", (("swap_pools", "pool", names, "ratio"),), ("ratio_low", "ratio_high"), 0.5)
    capacity = sum(float(plant["capacity"]) for plant in records(tables, "plants"))
    central = float(row["outside_quota"])
    edits: tuple[Edit, ...] = (("swap_pools", "pool", names, "outside_quota"),)
    # no table states a range of the quota; more than all that stands today is not needed
    yield Input("quota_cap", both("quota_cap"), "kt/yr", central, math.nan, math.nan, (-central, capacity), edits)


def _capex(tables: Tables) -> Iterator[Input]:
    new = {str(row["technology"]) for row in records(tables, "new_potlines")}
    for row in records(tables, "technologies"):
        if row["technology"] in new and moves_allowed(tables):
            edits: tuple[Edit, ...] = (("technologies", "technology", tuple(sorted(new)), "capex"),)
            yield _input("capex", "yuan/(t/yr)", row, "capex", edits, ("capex_low", "capex_high"))
            return


def _prices(tables: Tables) -> Iterator[Input]:
    for row in records(tables, "carbon_markets"):
        edits: tuple[Edit, ...] = (("carbon_markets", "market", (str(row["market"]),), "price"),)
        yield _input("carbon_price", "yuan/t", row, "price", edits, ("low", "high"))
    period = price_period(tables)
    for key, quoted in (("scrap_price", SCRAP), ("metal_price", (METAL,))):
        rows = [row for row in records(tables, "prices") if row["price"] in quoted and row["period"] == period]
        if rows:
            yield _input(key, "yuan/t", rows[0], "central", (("prices", "price", quoted, "central"),), ("low", "high"))


