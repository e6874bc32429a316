"""Freight rates and transfers as the model pays them: in million yuan per kt, without VAT."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from model.schema import ALL_TABLES
from model.units import factor


@dataclass(frozen=True)
class Rate:
    """Charges of one class and mode in million yuan per kt (and km), kt CO2 per kt and km, shares, km; origin of its row."""

    fixed: float
    per_km: float
    upstream: float
    tributary: float
    short_haul: float
    loss: float
    loss_per_km: float
    co2: float
    max_km: float
    keep_ratio: float
    min_share: float
    origin: dict[str, object]


def _internal(table: str, column: str) -> float:
    return factor(ALL_TABLES[table].by_name[column].unit)


def read_rates(table: pd.DataFrame, with_vat: bool = False) -> dict[str, dict[str, Rate]]:
    """Rates by class and mode. Quotes are divided by 1 + vat_rate unless ``with_vat`` asks for them as quoted."""
    rates: dict[str, dict[str, Rate]] = defaultdict(dict)
    for row in table.to_dict("records"):
        scale = row["factor"] / (1.0 if with_vat else 1.0 + row["vat_rate"])
        per_km, fixed = scale * _internal("freight_rates", "per_km"), scale * _internal("freight_rates", "fixed")
        upstream, tributary = (_first(row[name], row["per_km"]) for name in ("per_km_upstream", "per_km_tributary"))
        rates[row["class"]][row["mode"]] = Rate(
            fixed * row["fixed"], per_km * row["per_km"], per_km * upstream, per_km * tributary, fixed * row["short_haul"],
            row["loss"], row["loss_per_km"], _internal("freight_rates", "co2") * row["co2"],
            _first(row["max_km"], math.inf), _first(row["keep_ratio"], math.inf), row["min_share"],
            {name: row[name] for name in ("_file", "_row", "source", "grade")},
        )
    return dict(rates)


def _first(value: float, otherwise: float) -> float:
    return otherwise if math.isnan(value) else value


def read_transfers(table: pd.DataFrame, with_vat: bool = False) -> dict[frozenset[str], float]:
    """Cost of changing between two modes in million yuan per kt, without VAT unless ``with_vat``."""
    million = _internal("transfers", "cost")
    return {
        frozenset((row["mode"], row["other"])): million * row["cost"] / (1.0 if with_vat else 1.0 + row["vat_rate"])
        for row in table.to_dict("records")
    }
