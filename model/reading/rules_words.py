"""Words whose list depends on another cell or table: items of emission factors by their carrier, months of the power tables."""

from __future__ import annotations

from typing import Final

from model.problems import Problems
from model.reading.gate import is_bad_id, place_of
from model.reading.nearest import nearest
from model.schema.industry import STAGES
from model.tables import Tables

MONTHS: Final = tuple(f"m{number:02d}" for number in range(1, 13))
MONTHLY: Final = ("power_balance", "tariff_prices")


def check_emission_items(tables: Tables, problems: Problems) -> None:
    """An emission factor belongs to a stage of the chain, a region of the sites, or a good (``power_<tariff>`` included)."""
    if "emission_factors" not in tables:
        return
    known: dict[str, set[str]] = {"technology_stage": set(STAGES)}
    if "sites" in tables:
        known["electricity"] = set(tables["sites"]["region"])
    if "commodities" in tables:
        power = {f"power_{tariff}" for tariff in tables["tariffs"]["tariff"]} if "tariffs" in tables else set()
        known["commodity"] = set(tables["commodities"]["commodity"]) | power
    table = tables["emission_factors"]
    place = place_of("emission_factors", table, "item")
    for index, (carrier, item) in enumerate(zip(table["carrier"], table["item"], strict=True)):
        if carrier in known and item and item not in known[carrier] and not is_bad_id(item):
            choices = ", ".join(sorted(known[carrier] - {""}))
            place.add(problems, "bad_choice", index, item, nearest(item, known[carrier]), choices=choices)


def check_months(tables: Tables, problems: Problems) -> None:
    """A month of the power tables is m01 to m12, a part of a month, or what some period's id begins with (``wet`` of ``wet_dry``)."""
    periods = tables["periods"]["period"] if "periods" in tables else ()
    parts = (*tables["month_days"]["part"], *tables["month_days"]["month"]) if "month_days" in tables else ()
    known = {*MONTHS, *parts, *(period.split("_", 1)[0] for period in periods)}
    for name in (name for name in MONTHLY if name in tables):
        table = tables[name]
        place = place_of(name, table, "month")
        for index, month in enumerate(table["month"]):
            if month and month not in known and not is_bad_id(month):
                place.add(problems, "bad_choice", index, month, nearest(month, known), choices=", ".join(sorted(known)))
