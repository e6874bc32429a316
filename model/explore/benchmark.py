"""The published full cost of primary metal, built up from the model's own technology tables and prices with VAT.

This is the book view: depreciation and finance belong to a published full cost, so they are added here, and nowhere
in the model. VAT is added back item by item: on materials, power, maintenance and other purchases, not on labour,
overhead and book items.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from model import words
from model.expand.amounts import by_id, recipe_amount
from model.expand.rows import Record, records
from model.tables import Tables

SMELTER, CASTER, METAL = "smelt", "cast_ingot", "liquid_aluminium"
MONTHLY = ("alumina", "anode", "anode_premium", "fluoride")  # prices of the month besides power
BOUGHT = ("alumina", "anode", "fluoride", "electricity")  # the inputs of a smelter that have a price of the month
COLUMNS = (
    "benchmark", "name_zh", "name_en", "unit", "published", "low", "high", "built", "difference",
    "inputs_zh", "inputs_en", "note_zh", "note_en", "source", "grade",
)
VAT = 0.13  # on goods in China, 2019-2025
FREIGHT_TO_QIJIANG = 125.0  # yuan per tonne of alumina, Wanzhou to Qijiang by rail (decision D13)
# benchmark → (month of the prices, whose power price, freight on alumina, what is compared)
CASES: dict[str, tuple[str, str, float, str]] = {
    "bm001": ("2021-12", "china", 0.0, "full_cost"),
    "bm002": ("2023-01", "china", 0.0, "full_cost"),
    "bm003": ("2023-04", "china", 0.0, "full_cost"),
    "bm030": ("2021-12", "china", 0.0, "power_share"),
    "bm031": ("2024-01", "chongqing", FREIGHT_TO_QIJIANG, "full_cost"),
}


@dataclass(frozen=True)
class Item:
    """One line of a build-up: ``quantity`` per tonne of ingot x ``price`` with VAT = ``cost`` in yuan per tonne."""

    name: str
    quantity: float
    price: float

    @property
    def cost(self) -> float:
        """Yuan per tonne of ingot."""
        return self.quantity * self.price


@dataclass(frozen=True)
class FullCost:
    """A build-up: its items add up to ``total``, yuan per tonne of ingot with VAT."""

    items: tuple[Item, ...]

    @property
    def total(self) -> float:
        """Yuan per tonne of ingot with VAT."""
        return sum(item.cost for item in self.items)

    def share(self, name: str) -> float:
        """Share of one item in the total."""
        return sum(item.cost for item in self.items if item.name == name) / self.total


@dataclass(frozen=True)
class Comparison:
    """A published figure beside the build-up, with the inputs used; ``error`` is built / published - 1."""

    benchmark: str
    published: float
    low: float
    high: float
    built: float
    inputs: FullCost

    @property
    def error(self) -> float:
        """Relative difference from the published value."""
        return self.built / self.published - 1.0

    def gap(self, language: str) -> str:
        """The named reasons of the difference."""
        return words.text(f"industry.benchmark_gap_{self.benchmark}", language)

    def name(self, language: str) -> str:
        """What was published, for whom and when."""
        return words.text(f"industry.benchmark_name_{self.benchmark}", language)

    def inputs_used(self, language: str) -> str:
        """The quantities and prices with VAT of the build-up, in one sentence."""
        items = {item.name: item for item in self.inputs.items}
        facts = {f"{name}_quantity": items[name].quantity for name in BOUGHT} | {f"{name}_price": items[name].price for name in BOUGHT}
        other = self.inputs.total - sum(items[name].cost for name in BOUGHT)
        return words.text("industry.benchmark_inputs", language, **facts, other=other, total=self.inputs.total)


def full_cost(tables: Tables, month: str, region: str = "china", alumina_freight: float = 0.0) -> FullCost:
    """Full cost of a tonne of ingot with VAT at the prices of ``month`` (``2023-01``), power price of ``region``.

    ``alumina_freight`` in yuan per tonne of alumina. Raises KeyError for a month or region without prices.
    """
    prices = {
        "alumina": price(tables, "alumina", month) + alumina_freight,
        "anode": price(tables, "anode", month) + price(tables, "anode_premium", month),
        "fluoride": price(tables, "fluoride", month),
        "electricity": price(tables, f"power_smelter_{region}", month),
    }
    technologies = by_id(tables, "technologies", "technology")
    smelting = tuple(Item(name, quantity, prices[name]) for name, quantity in _used(tables, SMELTER).items())
    smelting += tuple(Item(name, 1.0, cost) for name, cost in _conversion(technologies[SMELTER]).items())
    liquid = FullCost(smelting).total
    loss = _used(tables, CASTER)[METAL] - 1.0
    casting = sum(_conversion(technologies[CASTER]).values())
    return FullCost((*smelting, Item("ingot_casting", 1.0, casting), Item("casting_loss", loss, liquid)))


def price(tables: Tables, name: str, period: str) -> float:
    """A price with VAT, in its written unit (yuan per t, per kWh). KeyError if the table ``prices`` has no such row."""
    for row in records(tables, "prices"):
        if row["price"] == name and row["period"] == period:
            return float(row["central"]) * (1.0 + float(row["vat_rate"]) if row["vat"] == "excl" else 1.0)
    raise KeyError(f"{name} {period}")


def comparisons(tables: Tables) -> tuple[Comparison, ...]:
    """The published costs of ``benchmark_costs`` that the model must come near to, each beside its build-up.

    A figure is left out where the dataset lacks its month, the smelter or the ingot caster.
    """
    published = by_id(tables, "benchmark_costs", "benchmark")
    result = []
    for benchmark, (month, region, freight, metric) in CASES.items():
        if benchmark in published and _known(tables, month, region):
            row = published[benchmark]
            built = full_cost(tables, month, region, freight)
            value = built.share("electricity") if metric == "power_share" else built.total
            result.append(Comparison(benchmark, float(row["central"]), float(row["low"]), float(row["high"]), value, built))
    return tuple(result)


def _known(tables: Tables, month: str, region: str) -> bool:
    """Whether the dataset holds all prices and technologies of a build-up."""
    priced = {row["price"] for row in records(tables, "prices") if row["period"] == month}
    needed = {*MONTHLY, f"power_smelter_{region}"}
    return needed <= priced and {SMELTER, CASTER} <= by_id(tables, "technologies", "technology").keys()


def benchmark_table(tables: Tables) -> pd.DataFrame:
    """One row per published figure beside the build-up, for reports: ``COLUMNS``.

    ``published``, ``low``, ``high`` and ``built`` in ``unit`` (yuan/t with VAT, or a fraction); ``difference`` = built /
    published - 1; ``inputs_*`` the inputs used, ``note_*`` the named reasons of the difference. No rows without the tables.
    """
    if not {"benchmark_costs", "technologies", "prices"} <= set(tables):
        return pd.DataFrame(columns=list(COLUMNS))
    published = by_id(tables, "benchmark_costs", "benchmark")
    rows = [
        {
            "benchmark": item.benchmark, "unit": published[item.benchmark]["unit"], "published": item.published, "low": item.low,
            "high": item.high, "built": item.built, "difference": item.error,
            **{f"name_{language}": item.name(language) for language in words.LANGUAGES},
            **{f"inputs_{language}": item.inputs_used(language) for language in words.LANGUAGES},
            **{f"note_{language}": item.gap(language) for language in words.LANGUAGES},
            **{column: published[item.benchmark][column] for column in ("source", "grade")},
        }
        for item in comparisons(tables)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _used(tables: Tables, technology: str) -> dict[str, float]:
    """Inputs per tonne in written units: t per t, and kWh per t for power."""
    return {
        row["commodity"]: -recipe_amount(row) * (1e3 if row["unit"] == "kWh/t" else 1.0)
        for row in records(tables, "technology_recipes") if row["technology"] == technology and row["quantity"] < 0
    }


def _conversion(technology: Record) -> dict[str, float]:
    """All costs besides inputs in yuan per tonne, with VAT on what is bought; yearly fixed cost at full load."""
    parts = {
        "labour": technology["labour"], "maintenance": technology["maintenance"] * (1.0 + VAT),
        "other_variable": technology["other_variable"] * (1.0 + VAT), "overhead": technology["overhead"],
        "fixed_cost": technology["fixed_cost"], "depreciation": technology["depreciation"], "finance": technology["finance"],
    }
    return {name: float(cost) for name, cost in parts.items() if cost and not math.isnan(cost)}
