"""Carbon per unit of activity: direct emissions of process and fuel, and emissions of the power used.

Factors are tonnes CO2e per tonne, kilograms per Nm3 or per kWh: each is kt CO2e per internal unit (kt, million Nm3, GWh).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from model.expand.recipes import Placed, Technologies
from model.expand.rows import Record, records
from model.expand.tariffs import PREFIX
from model.tables import Tables


def _factors(tables: Tables, carrier: str, scope: str) -> dict[str, float]:
    return {
        row["item"]: float(row["factor"])
        for row in records(tables, "emission_factors") if row["carrier"] == carrier and row["scope"] == scope
    }


def _used(recipes: list[Record]) -> dict[tuple[str, str], dict[str, float]]:
    """(technology, site or ``*``) → goods used per unit of activity."""
    used: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in recipes:
        if row["quantity"] < 0:
            used[row["technology"], row["site"]][row["commodity"]] = -float(row["quantity"])
    return used


def _at(used: dict[tuple[str, str], dict[str, float]], item: Placed) -> dict[str, float]:
    """What a placed technology uses: a site's own quantity replaces the general one."""
    return {**used.get((item.technology, "*"), {}), **used.get((item.technology, item.site), {})}


def direct(tables: Tables, technologies: Technologies, recipes: list[Record]) -> Callable[[Placed], float]:
    """kt CO2e per unit of activity from the process (anodes, PFC) and from burning gas and coal.

    Smelting 1.424 + 0.1454 t CO2e per t of metal: default values of the ministry's accounting guide.
    """
    stages, goods, used = _factors(tables, "technology_stage", "1"), _factors(tables, "commodity", "1"), _used(recipes)

    def coefficient(item: Placed) -> float:
        burnt = sum(quantity * goods.get(good, 0.0) for good, quantity in _at(used, item).items())
        return stages.get(technologies.rows[item.process]["stage"], 0.0) + burnt

    return coefficient


def indirect(tables: Tables, recipes: list[Record]) -> Callable[[Placed], float]:
    """kt CO2e per unit of activity from power: the mean of the province's grid, unless the tariff has a factor of its own."""
    regions, own, used = _factors(tables, "electricity", "2"), _factors(tables, "commodity", "2"), _used(recipes)

    def coefficient(item: Placed) -> float:
        power = {good: quantity for good, quantity in _at(used, item).items() if good.startswith(PREFIX)}
        return sum(quantity * own.get(good, regions.get(item.region, 0.0)) for good, quantity in power.items())

    return coefficient
