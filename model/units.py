"""Units: what people write in convenience tables, turned into kt, GWh, million Nm3 and million yuan of the model.

Core tables are taken as they stand (rule R19); only columns whose specification declares a unit pass through here.
"""

from __future__ import annotations

from typing import Final

MONEY: Final = "million yuan"  # what convenience tables turn all money into

# one written unit = factor internal units (kt, GWh, million Nm3, million yuan, year, km)
FACTORS: Final[dict[str, float]] = {
    "kt": 1.0,
    "kt/yr": 1.0,
    "t": 1e-3,
    "GWh": 1.0,
    "TWh": 1e3,
    "MW": 8.76,
    "GW": 8760.0,  # MW or GW of steady load = GWh per year
    "gce/kWh": 1e-3,  # kt of standard coal per GWh
    "yuan/t": 1e-3,  # million yuan per kt
    "yuan/(t/yr)": 1e-3,  # million yuan per kt of yearly capacity
    "yuan/kWh": 1.0,  # million yuan per GWh
    "yuan/Nm3": 1.0,  # million yuan per million Nm3
    "yuan/t-km": 1e-3,  # million yuan per kt and km
    "million yuan": 1.0,
    "bn yuan": 1e3,
    "t/t": 1.0,  # kt per kt
    "kWh/t": 1e-3,  # GWh per kt
    "Nm3/t": 1e-3,  # million Nm3 per kt
    "tCO2/t": 1.0,
    "kgCO2/kWh": 1.0,
    "kgCO2/t-km": 1e-3,  # kt CO2 per kt, per GWh, per kt and km
    "km": 1.0,
    "yr": 1.0,
    "share": 1.0,
    "percent": 1e-2,
    "": 1.0,
}


def factor(unit: str) -> float:
    """Internal units per one ``unit``; KeyError for a unit that is not declared above."""
    return FACTORS[unit]
