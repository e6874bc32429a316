"""Carbon and energy per unit of activity: direct emissions, emissions of the power used, and standard coal.

Factors are tonnes CO2e per tonne, kilograms per Nm3 or per kWh: each is kt CO2e per internal unit (kt, million Nm3, GWh);
coal equivalents likewise: kg of standard coal per kg, Nm3 or kWh are kt of standard coal per internal unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from model.expand.market_settings import setting
from model.expand.recipes import Placed, Technologies
from model.expand.rows import Record, records
from model.expand.tariffs import ELECTRICITY, PREFIX
from model.tables import Tables

Coefficient = Callable[[Placed], float]
ACCOUNTING: Final = "power_accounting"  # the setting that says how power from a grid counts


def _factors(tables: Tables, carrier: str, scope: str) -> dict[str, float]:
    """Item → factor under the chosen way of counting power; rows without one hold under every way."""
    chosen = ("", setting(tables, ACCOUNTING))
    return {
        row["item"]: float(row["factor"]) for row in records(tables, "emission_factors")
        if row["carrier"] == carrier and row["scope"] == scope and row["accounting"] in chosen
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


def direct(tables: Tables, technologies: Technologies, recipes: list[Record]) -> Coefficient:
    """kt CO2e per unit of activity from the process (anodes, PFC) and from burning gas and coal.

    Smelting 1.424 + 0.1454 t CO2e per t of metal: default values of the ministry's accounting guide.
    """
    stages, goods, used = _factors(tables, "technology_stage", "1"), _factors(tables, "commodity", "1"), _used(recipes)

    def coefficient(item: Placed) -> float:
        burnt = sum(quantity * goods.get(good, 0.0) for good, quantity in _at(used, item).items())
        return stages.get(technologies.rows[item.process]["stage"], 0.0) + burnt

    return coefficient


def indirect(tables: Tables, recipes: list[Record]) -> Coefficient:
    """kt CO2e per unit of activity from power: the factor of the region's grid, unless the tariff has one of its own.

    The setting ``power_accounting`` says which factor: the mean of the province, the mean of the country's grid, or that
    of fossil power for whoever cannot prove where the power comes from. A captive plant keeps its own under each.
    """
    regions, own, used = _factors(tables, "electricity", "2"), _factors(tables, "commodity", "2"), _used(recipes)

    def coefficient(item: Placed) -> float:
        power = {good: quantity for good, quantity in _at(used, item).items() if good.startswith(PREFIX)}
        return sum(quantity * own.get(good, regions.get(item.region, 0.0)) for good, quantity in power.items())

    return coefficient


def energy(tables: Tables, recipes: list[Record]) -> Coefficient:
    """kt of standard coal per unit of activity: fuels and power bought, each times its coal equivalent.

    Power counts by the factor of its own tariff (fuel burnt in a captive plant), else by that of ``electricity``
    (0.1229 kg per kWh, the calorific equivalent of GB/T 2589).
    """
    factors = {row["item"]: float(row["factor"]) for row in records(tables, "energy_factors")}
    used = _used(recipes)

    def weight(good: str) -> float:
        return factors.get(good, factors.get(ELECTRICITY, 0.0) if good.startswith(PREFIX) else 0.0)

    def coefficient(item: Placed) -> float:
        return sum(quantity * weight(good) for good, quantity in _at(used, item).items())

    return coefficient


def power(recipes: list[Record]) -> Coefficient:
    """GWh of delivered power per unit of activity, whoever supplies it."""
    used = _used(recipes)
    return lambda item: sum(quantity for good, quantity in _at(used, item).items() if good.startswith(PREFIX))


def together(*parts: Coefficient) -> Coefficient:
    """The sum of several coefficients."""
    return lambda item: sum(part(item) for part in parts)
