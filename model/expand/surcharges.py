"""Surcharges on the power of smelters by their AC use per tonne of molten metal: tiered and differential prices."""

from __future__ import annotations

import math

import pandas as pd

from model.expand.rows import Record, records
from model.tables import Tables
from model.units import factor

EVERYWHERE = "*"


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


def differential_price(tables: Tables, region: str, ac_intensity: float) -> Record | None:
    """The dearest class of ``differential_prices`` in use that a smelter of ``region`` falls into, None if it is in none.

    A class holds the smelters that use more than its ``above`` kWh AC per tonne of molten metal.
    """
    met = [
        row for row in records(tables, "differential_prices")
        if row["in_use"] and row["region"] in (EVERYWHERE, region) and ac_intensity > float(row["above"])
    ]
    return max(met, key=lambda row: float(row["adder"]), default=None)


def smelter_adder(tables: Tables, ac_intensity: float, year: int, region: str = "") -> float:
    """Tiered and differential surcharge per tonne of molten metal, million yuan per kt ex VAT; 0 without those tables.

    ``ac_intensity`` in kWh/t as in ``tiered_adder``: surcharge per kWh x kWh per tonne / (1 + VAT).
    """
    per_kwh = 0.0
    steps = tables.get("tiered_prices")
    if steps is not None and not steps.empty:
        per_kwh += tiered_adder(steps, ac_intensity, year) / (1.0 + float(steps["vat"].iloc[-1]))
    row = differential_price(tables, region, ac_intensity)
    if row is not None:
        per_kwh += float(row["adder"]) / (1.0 + float(row["vat"]))
    return per_kwh * factor("yuan/kWh") * ac_intensity * factor("kWh/t")
