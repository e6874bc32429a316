"""Captive coal plants: coal bought at the plant's own site, outside the hydro balance, for that site alone."""

from __future__ import annotations

from model import words
from model.expand.rows import Record, origin, records, report, written
from model.expand.tariffs import Rows
from model.problems import Problems
from model.reading.nearest import nearest
from model.tables import Tables

COAL = "coal"
STANDARD_COAL = 7000.0  # kcal per kg of standard coal equivalent (GB/T 2589)


def coal_per_energy(plant: Record) -> float:
    """Tonnes of the coal burnt per MWh delivered (= kt per GWh): standard coal x 7,000 / calorific value of the coal.

    318 gce/kWh with coal of 5,000 kcal/kg is 0.4452, so 100 yuan/t of coal are 0.0445 yuan/kWh.
    """
    return float(plant["coal_rate"]) * written("captive_plants", "coal_rate") * STANDARD_COAL / float(plant["calorific_value"])


def other_cost(plant: Record) -> float:
    """Cost beside coal, million yuan per GWh ex VAT: operation and capital, backup, and the funds at their own VAT rate."""
    with_vat = (float(plant["operation_capital"]) + float(plant["backup"])) / (1.0 + float(plant["vat"]))
    return (with_vat + float(plant["funds"]) / (1.0 + float(plant["vat_funds"]))) * written("captive_plants", "funds")


def add_captive(rows: Rows, tables: Tables, used: set[str], problems: Problems) -> None:
    """Add every captive plant whose tariff is in ``used``: technology, unit, yearly energy and its coal purchase.

    The technology carries no ``electricity``: the plant neither draws on the zone nor feeds it, and its tariff exists at
    its own site only, so it cannot sell to neighbours.
    """
    tariffs = {row["tariff"] for row in records(tables, "tariffs")}
    for plant in records(tables, "captive_plants"):
        if plant["tariff"] not in tariffs:
            report(problems, "power_captive_tariff", plant, "tariff", suggestion=nearest(plant["tariff"], tariffs))
        if plant["tariff"] in used:
            _add(rows, plant, {row["site"]: row for row in records(tables, "sites")}.get(plant["site"], {}))


def _add(rows: Rows, plant: Record, park: Record) -> None:
    """``park``: the row of its site, empty where no table names it."""
    made, unit, site = origin(plant), plant["captive"], plant["site"]
    technology = f"supply_{plant['tariff']}"
    rows["commodities"].append({
        "commodity": COAL, "unit": "kt", **made,
        "name_zh": words.text("power.coal", "zh"), "name_en": words.text("power.coal", "en"),
    })
    rows["recipes"].append({"technology": technology, "commodity": COAL, "quantity": -coal_per_energy(plant), **made})
    rows["tech_sites"].append({
        "technology": technology, "site": site, "variable_cost": other_cost(plant), "cost_class": "power", **made,
    })
    rows["capacity_use"].append({"technology": technology, "unit": unit, "use": 1.0, **made})
    energy = float(plant["max_energy"]) * written("captive_plants", "max_energy")
    rows["capacity"].append({"unit": unit, "site": site, "amount": energy, **made})
    price = float(plant["coal_price"]) * written("captive_plants", "coal_price") / (1.0 + float(plant["vat"]))
    called = {f"name_{language}": park.get(f"name_{language}") or site for language in words.LANGUAGES}
    names = {f"name_{language}": words.text("power.captive_indicator", language, site=called[f"name_{language}"]) for language in words.LANGUAGES}
    rows["indicators"].append({"indicator": unit, **names, "unit": "GWh", "scope": "stage", "clause": plant["clause"], **made})
    rows["indicator_terms"].append({"indicator": unit, "kind": "activity", "a": technology, "coefficient": 1.0, **made})
    rows["supply"].append({"commodity": COAL, "site": site, "tier": unit, "price": price, "cost_class": "coal", **made})
