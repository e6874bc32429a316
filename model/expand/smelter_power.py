"""Indicators of the power of smelters: how much, how green, how efficient, what surcharges cost; and green certificates.

The green share of a region is the green energy of its smelters (power of each tariff x its green content, what direct
trades add to that, certificates) divided by the power its smelters use.
"""

from __future__ import annotations

from model import words
from model.expand.direct_trades import technology_of
from model.expand.plants import Line
from model.expand.retrofits import smelting_lines
from model.expand.rows import Record, origin, records, report, written
from model.expand.surcharges import differential_price
from model.expand.tariffs import Rows
from model.problems import Problems
from model.schema.spec import NONE
from model.tables import Tables
from model.units import factor

CERTIFICATE = "green_certificate"
METAL = "smelted_metal"


def add_smelter_power(rows: Rows, tables: Tables, core: Tables, problems: Problems) -> None:
    """Add the indicators of ``green_power`` and ``efficiency_levels`` and the sum of differential surcharges."""
    lines = smelting_lines(tables, core)
    if not lines:
        return
    for target in records(tables, "green_power"):
        _green(rows, tables, core, [line for line in lines if line.region == target["region"]], target, problems)
    _levels(rows, tables, lines)
    _surcharges(rows, tables, lines)


def _term(rows: Rows, indicator: str, kind: str, a: str, b: str, coefficient: float, row: Record) -> None:
    if coefficient:
        rows["indicator_terms"].append({"indicator": indicator, "kind": kind, "a": a, "b": b, "coefficient": coefficient, **origin(row)})


def _indicator(rows: Rows, indicator: str, unit: str, key: str, row: Record, **cells: object) -> None:
    names = {
        f"name_{language}": words.text(f"power.{key}", language, name=row[f"name_{language}"]) for language in words.LANGUAGES
    }
    rows["indicators"].append({
        "indicator": indicator, **names, "unit": unit, "scope": "stage", "clause": row["clause"], **cells, **origin(row),
    })


def _green(rows: Rows, tables: Tables, core: Tables, lines: list[Line], target: Record, problems: Problems) -> None:
    """Power used and its green share in one region; certificates are on offer where the target binds."""
    content = {row["tariff"]: float(row["share"]) for row in records(tables, "green_content")}
    used, green = f"smelter_power_{target['region']}", f"green_power_{target['region']}"
    if not lines:
        return
    _indicator(rows, used, "GWh", "smelter_power", target)
    _indicator(rows, green, "share", "green_power", target, per=used, min=float(target["target"]) if target["in_use"] else NONE)
    for line in lines:
        if line.tariff not in content:
            report(problems, "power_green_content", target, "region", note=not target["in_use"], tariff=line.tariff)
        _term(rows, used, "activity", line.technology, line.site, line.intensity, target)
        _term(rows, green, "activity", line.technology, line.site, line.intensity * content.get(line.tariff, 0.0), target)
    tariffs = {line.tariff for line in lines}
    for contract in (row for row in records(tables, "direct_trades") if row["in_use"] and row["tariff"] in tariffs):
        more = content.get(contract["price_tariff"], 0.0) - content.get(contract["tariff"], 0.0)
        _term(rows, green, "activity", technology_of(contract["contract"]), "*", more, contract)
    if target["in_use"]:
        _certificates(rows, core, target, green)


def _certificates(rows: Rows, core: Tables, target: Record, green: str) -> None:
    zones = [row["site"] for row in records(core, "sites") if (row["kind"], row["region"]) == ("power_zone", target["region"])]
    for zone in zones[:1]:
        names = {f"name_{language}": words.text("power.certificate", language) for language in words.LANGUAGES}
        rows["commodities"].append({"commodity": CERTIFICATE, "unit": "GWh", **names, **origin(target)})
        rows["supply"].append({
            "commodity": CERTIFICATE, "site": zone, "tier": "certificate", "cost_class": "power",
            "price": float(target["certificate_price"]) * written("green_power", "certificate_price"),
            "max": float(target["most_certificates"]) * written("green_power", "most_certificates"), **origin(target),
        })
        _term(rows, green, "supply", CERTIFICATE, zone, 1.0, target)


def _levels(rows: Rows, tables: Tables, lines: tuple[Line, ...]) -> None:
    """Share of the metal that comes from potlines at or below each level of AC use."""
    levels = list(records(tables, "efficiency_levels"))
    for level in levels[:1]:
        _indicator(rows, METAL, "kt", "smelted_metal", {**level, "name_zh": "", "name_en": ""})
        for line in lines:
            _term(rows, METAL, "activity", line.technology, line.site, 1.0, level)
    for level in levels:
        reached = [line for line in lines if line.ac_intensity <= float(level["intensity"])]
        if reached:
            _indicator(rows, f"at_{level['level']}", "share", "at_level", level, per=METAL)
        for line in reached:
            _term(rows, f"at_{level['level']}", "activity", line.technology, line.site, 1.0, level)


def _surcharges(rows: Rows, tables: Tables, lines: tuple[Line, ...]) -> None:
    """Differential surcharges paid, million yuan ex VAT, one sum per class that any potline falls into."""
    classes: dict[str, Record] = {}
    for line in lines:
        found = differential_price(tables, line.region, line.ac_intensity)
        if found is None:
            continue
        indicator = f"differential_{found['class']}"
        if indicator not in classes:
            classes[indicator] = found
            _indicator(rows, indicator, "million yuan", "differential", found)
        per_tonne = float(found["adder"]) / (1.0 + float(found["vat"])) * line.ac_intensity * factor("kWh/t") * factor("yuan/kWh")
        _term(rows, indicator, "activity", line.technology, line.site, per_tonne, found)
