"""Surcharges on smelter power by hand: tiered steps by year, differential classes by region, both on AC power of molten metal."""

from __future__ import annotations

import pytest

from model.expand.surcharges import differential_price, smelter_adder, tiered_adder
from model.tables import Tables, frame

STEPS = frame("tiered_prices", [
    {"from_year": 2022, "threshold": 13650, "step": 20, "adder": 0.01}, {"from_year": 2025, "threshold": 13300, "step": 20, "adder": 0.01},
])


def classes(**cells: object) -> Tables:
    """Restricted plants pay 0.113 above 13,350 kWh/t in the south only, plants to be phased out 0.339 above 13,700 everywhere."""
    rows = [
        {"class": "restricted", "region": "south", "above": 13350, "adder": 0.113, "in_use": 1, **cells},
        {"class": "eliminated", "region": "*", "above": 13700, "adder": 0.339, "in_use": 1},
    ]
    return {"differential_prices": frame("differential_prices", rows)}


@pytest.mark.parametrize(("intensity", "year", "adder"), [
    (13300, 2025, 0.0), (13301, 2025, 0.01), (13320, 2026, 0.01), (13321, 2026, 0.02), (13650, 2024, 0.0), (13690, 2024, 0.02), (14000, 2021, 0.0),
])
def test_started_steps_count_whole(intensity: float, year: int, adder: float) -> None:
    assert tiered_adder(STEPS, intensity, year) == pytest.approx(adder)


@pytest.mark.parametrize(("region", "intensity", "found"), [
    ("south", 13350, None), ("south", 13351, "restricted"), ("north", 13351, None), ("north", 13701, "eliminated"), ("south", 13701, "eliminated"),
])
def test_the_dearest_class_of_the_region_holds(region: str, intensity: float, found: str | None) -> None:
    row = differential_price(classes(), region, intensity)
    assert (row and row["class"]) == found


def test_a_class_out_of_use_does_not_hold() -> None:
    assert differential_price(classes(in_use=0), "south", 13600) is None


def test_both_surcharges_add_up_per_tonne_without_vat() -> None:
    """13,400 kWh/t: 5 steps, 0.05 + 0.113 = 0.163 yuan/kWh with VAT; 0.163 / 1.13 x 13,400 = 1,932.92 yuan/t."""
    tables = {**classes(), "tiered_prices": STEPS}
    assert smelter_adder(tables, 13400, 2027, "south") == pytest.approx(1.932920, abs=1e-6)
    assert smelter_adder(tables, 13400, 2027, "north") == pytest.approx(0.592920, abs=1e-6)
    assert smelter_adder(tables, 13300, 2027, "south") == 0.0
    assert smelter_adder({}, 14000, 2027) == 0.0
