"""Which choices of a dataset get a switch point, and which input moves them: read from its plants, parks and prices.

The search itself (model/explore/switch_points.py) knows only columns and costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from model import words
from model.expand.captive import coal_per_energy, other_cost
from model.expand.quotes import Pattern, cost_moves, price_period
from model.expand.rows import Record, records, written
from model.tables import Tables

SCRAP = ("scrap_mixed", "scrap_new", "scrap_sorted")
SCRAP_RANGE = 3000.0  # yuan/t by which the scrap price is lowered in search of a new recycled line
POWER_RANGE = 0.40  # yuan/kWh below and above the present price of a potline
ALUMINA_RANGE = 1500.0  # yuan/t


@dataclass(frozen=True)
class Study:
    """One choice and the input that flips it.

    ``moved``: columns whose cost rises by amount × change of the input; ``watched``: columns whose sum says whether the
    choice stands; ``opened``: options that the study allows up to a size. ``kind``: ``leaves`` – the watched columns are
    in use at low values of the input and leave at some value; ``enters`` – they come in as the input falls.
    """

    key: str
    kind: str
    what: tuple[str, str]
    input: tuple[str, str]
    unit: str
    central: float
    low: float
    high: float
    sign: float  # +1: a rise of the input makes the moved columns dearer
    reach: tuple[float, float]  # search range of the change of the input
    moved: tuple[tuple[Pattern, float], ...]
    watched: tuple[Pattern, ...]
    opened: tuple[tuple[str, float], ...] = ()


def studies(tables: Tables, core: Tables) -> tuple[Study, ...]:
    """The studies of a dataset; none where the tables they rest on are absent."""
    found: list[Study] = []
    if "plants" in tables and "tariffs" in tables:
        found += [*_potlines_stop(tables, core), *_potlines_move(tables, core)]
    if "gateway_sales" in tables and "prices" in tables:
        found += _alumina_leaves(tables, core)
    if "permissions" in tables and "prices" in tables:
        found += _recycling_enters(tables, core)
    return tuple(found)


def both(key: str, **names: tuple[str, str]) -> tuple[str, str]:
    """A sentence in Chinese and English; every name is a pair of both."""
    zh, en = (words.text(f"studies.{key}", language, **{name: pair[i] for name, pair in names.items()}) for i, language in enumerate(words.LANGUAGES))
    return zh, en


def names_of(row: Record) -> tuple[str, str]:
    """Chinese and English name of a row."""
    return str(row["name_zh"]), str(row["name_en"])


def power_price(core: Tables, tariff: Record, site: str) -> float:
    """Mean delivered price with VAT of a flat load, yuan/kWh."""
    rows = core["tech_sites"]
    rows = rows[(rows["technology"] == f"supply_{tariff['tariff']}") & (rows["site"] == site)]
    lengths = rows["period"].map(core["periods"].set_index("period")["length"]).fillna(1.0)
    return float((rows["variable_cost"] * lengths).sum() / lengths.sum() * (1.0 + float(tariff["vat"]))) if len(rows) else math.nan


def _captive_price(tables: Tables, tariff: str) -> float:
    """Cost with VAT of a plant's own power at its stated coal price, yuan/kWh; NaN where it has none."""
    for plant in records(tables, "captive_plants"):
        if plant["tariff"] == tariff:
            fuel = coal_per_energy(plant) * float(plant["coal_price"]) * written("captive_plants", "coal_price")
            return other_cost(plant) * (1.0 + float(plant["vat"])) + fuel
    return math.nan


def _potline(tables: Tables, core: Tables, plant: Record, key: str, opened: tuple[tuple[str, float], ...], said: str) -> Study:
    tariff = next(row for row in records(tables, "tariffs") if row["tariff"] == plant["tariff"])
    per_tonne = float(plant["comprehensive_intensity"]) * written("plants", "comprehensive_intensity")  # GWh per kt
    technology: Pattern = ("activity", (("technology", f"smelt_{plant['plant']}"),))
    captive = _captive_price(tables, str(plant["tariff"]))
    central = power_price(core, tariff, str(plant["site"])) if math.isnan(captive) else captive
    return Study(
        key=f"{key}_{plant['plant']}", kind="leaves", what=both(said, plant=names_of(plant)), input=both("power_price", tariff=names_of(tariff)),
        unit="yuan/kWh", central=central, low=float(tariff["low"]), high=float(tariff["high"]), sign=1.0, reach=(-POWER_RANGE, POWER_RANGE),
        moved=((technology, per_tonne / (1.0 + float(tariff["vat"]))),), watched=(technology,), opened=opened,
    )


def movable(tables: Tables) -> set[str]:
    """Potlines on another tariff than the new ones: only they can gain by moving."""
    tariffs = {row["tariff"] for row in records(tables, "new_potlines")}
    return {str(plant["plant"]) for plant in records(tables, "plants") if tariffs and plant["tariff"] not in tariffs}


def moves_allowed(tables: Tables) -> bool:
    """Whether some pool lets potlines close and new ones be built."""
    return any(pool["closures_allowed"] and pool["new_potlines_allowed"] for pool in records(tables, "swap_pools"))


def _potlines_stop(tables: Tables, core: Tables) -> Iterator[Study]:
    """At which own power price each potline stops; where closures are allowed, moving says it for those that can move."""
    moving = movable(tables) if moves_allowed(tables) else set()
    for plant in records(tables, "plants"):
        if plant["plant"] not in moving:
            yield _potline(tables, core, plant, "potline_stops", (), "potline_stops")


def _potlines_move(tables: Tables, core: Tables) -> Iterator[Study]:
    """With closures and new potlines allowed: at which own power price a potline gives way to a new one elsewhere."""
    new = list(records(tables, "new_potlines"))
    plants = list(records(tables, "plants"))
    opened = tuple((f"new_potline_{row['site']}", float(row["max_size"])) for row in new)
    closing = tuple((f"close_{row['plant']}", float(row["capacity"])) for row in plants)
    moving = movable(tables)
    said = "potline_moves" if moves_allowed(tables) else "potline_would_move"
    for plant in plants:
        if plant["plant"] in moving:
            yield _potline(tables, core, plant, "potline_moves", opened + closing, said)


def _quote(tables: Tables, price: str) -> Record | None:
    """The quote of ``price`` in the period of the market settings, or none."""
    period = price_period(tables)
    return next((row for row in records(tables, "prices") if row["price"] == price and row["period"] == period), None)


def _alumina_leaves(tables: Tables, core: Tables) -> Iterator[Study]:
    """At which outlet price the refinery stops selling outside the region."""
    quote = _quote(tables, "alumina")
    if quote is None or not (core["demand"]["commodity"] == "alumina").any():
        return
    outlets: Pattern = ("sale", (("commodity", "alumina"),))
    yield Study(
        key="alumina_outlets", kind="leaves", what=both("alumina_outlets"), input=both("alumina_price"), unit="yuan/t",
        central=float(quote["central"]), low=float(quote["low"]), high=float(quote["high"]), sign=-1.0, reach=(-ALUMINA_RANGE, ALUMINA_RANGE),
        moved=_falling(tables, core, ("alumina",)), watched=(outlets,),
    )


def _falling(tables: Tables, core: Tables, quotes: tuple[str, ...]) -> tuple[tuple[Pattern, float], ...]:
    """What a fall of the quotes by one unit does to the costs."""
    return tuple((pattern, -move) for pattern, move in cost_moves(tables, core, quotes))


def _recycling_enters(tables: Tables, core: Tables) -> Iterator[Study]:
    """For every permitted park: the fall of all scrap prices at which a new recycled line comes."""
    quotes = {good: quote for good in SCRAP if (quote := _quote(tables, good)) is not None}
    if not quotes:
        return
    moved = _falling(tables, core, tuple(quotes))
    quote = next(iter(quotes.values()))
    effects = core["option_effects"]
    names = {row["site"]: names_of(row) for row in records(core, "sites")}
    for permission in records(tables, "permissions"):
        if permission["permission"] != "recycled" or not permission["allowed"]:
            continue
        site = str(permission["site"])
        lines = effects[(effects["site"] == site) & effects["unit"].str.startswith("recycling") & (effects["per_size"] > 0)]
        yield Study(
            key=f"recycling_{site}", kind="enters", what=both("recycling_enters", site=names[site]), input=both("scrap_price"), unit="yuan/t",
            central=float(quote["central"]), low=float(quote["low"]), high=float(quote["high"]), sign=-1.0, reach=(0.0, SCRAP_RANGE), moved=moved,
            watched=tuple(("size", (("option", option),)) for option in sorted(set(lines["option"]))),
        )
