"""Investments: named projects and generic expansions become options with a yearly charge, or sunk capacity.

The charge of an option is investment x annuity + the fixed cost of operation per unit of capacity. Existing capacity
carries no fixed cost in the model (rule R8: it cannot be avoided), and an activity carries only what varies with output;
so no cost is counted twice. What may not be built stays as an option of size 0 whose note names the clause. With several
stages an option may be decided in each, and one indicator per option keeps the sum of its sizes at one plant.
"""

from __future__ import annotations

import math
from collections import defaultdict

from model import words
from model.expand.amounts import amount, by_id
from model.expand.finance import Money
from model.expand.permissions import Permissions, Verdict
from model.expand.plants import Rows
from model.expand.rows import Record, origin, records, report
from model.expand.swap_rules import Stages, stages_of
from model.problems import Problems
from model.tables import Tables

CAPITAL = "capital"
TECHNOLOGIES = "technologies"


def investment_rows(tables: Tables, core: Tables, money: Money, problems: Problems) -> Rows:
    """Options, their effects, and the capacity of projects under construction from the stages before which they stand."""
    rows: Rows = defaultdict(list)
    technologies = by_id(tables, TECHNOLOGIES, "technology")
    permissions, stages = Permissions(tables), stages_of(tables, core, money)
    for row in records(tables, "projects"):
        technology = technologies.get(row["technology"])
        if technology is None:
            continue  # the check of references reports it
        if not technology["unit"]:
            report(problems, "industry_no_unit", row, "technology")
            continue
        sunk = tuple(row["status"] == "under_construction" and row["year"] < year for year in stages.years)
        _sunk(rows, row, technology, tuple(stage for stage, stands in zip(stages.names, sunk, strict=True) if stands))
        if not all(sunk):
            # what comes by itself in a later stage is no decision of an earlier one
            late = tuple(any(sunk) or row["year"] > year for year in stages.years)
            _project(rows, row, technology, permissions, money, dict(zip(stages.names, late, strict=True)))
    sites = by_id(core, "sites", "site") if "sites" in core else {}
    for row, site in _places(tables, technologies, permissions):
        technology = technologies[row["technology"]]
        named = row | _expansion_name(technology, sites.get(site, {}), site)
        _expansion(rows, named, site, technology, permissions, money, stages)
    return rows


def _expansion_name(technology: Record, place: Record, site: str) -> Record:
    """Both names of an expansion, as it is called wherever it is shown; ids where the tables have no names."""
    keys = {language: f"name_{language}" for language in words.LANGUAGES}
    return {
        key: words.text("view.option_expansion", language, what=technology[key] or technology["technology"], where=place.get(key) or site)
        for language, key in keys.items()
    }


def option_charge(technology: Record, capex: float, money: Money) -> float:
    """Million yuan a year per kt of yearly output: ``capex`` (million yuan per kt) as annuity, and the fixed cost."""
    return money.yearly(capex, amount(TECHNOLOGIES, technology, "life")) + amount(TECHNOLOGIES, technology, "fixed_cost")


def _sunk(rows: Rows, row: Record, technology: Record, stages: tuple[str, ...]) -> None:
    size = amount("projects", row, "size") * amount("projects", row, "load_factor")
    for unit, use in _units(technology):
        rows["capacity"] += [
            {"unit": unit, "site": row["site"], "period": stage, "amount": size * use, **origin(row)} for stage in stages
        ]


def _project(rows: Rows, row: Record, technology: Record, permissions: Permissions, money: Money, late: dict[str, bool]) -> None:
    verdict = permissions.project(technology["permission"], row)
    key = ""
    if row["status"] == "restrained":
        key = "option_restrained"
    elif not verdict.allowed:
        key = "option_not_permitted"
    capex = technology["capex"] if math.isnan(row["capex"]) else row["capex"]
    charge = option_charge(technology, amount("projects", {"capex": capex}, "capex"), money)
    size = amount("projects", row, "size")
    reasons = {stage: _reason(key or ("option_too_late" if late[stage] else ""), verdict, row) for stage in late}
    _option(rows, row["project"], row, technology, row["site"], size, charge, reasons)


def _expansion(
    rows: Rows, row: Record, site: str, technology: Record, permissions: Permissions, money: Money, stages: Stages,
) -> None:
    verdict = permissions.verdict(technology["permission"], site)
    charge = option_charge(technology, amount(TECHNOLOGIES, technology, "capex"), money)
    reason = _reason("" if verdict.allowed else "option_not_permitted", verdict, row)
    size = amount("expansions", row, "max_size")
    option = f"expand_{row['technology']}_{site}"
    _option(rows, option, row, technology, site, size, charge, dict.fromkeys(stages.names, reason))


def _places(tables: Tables, technologies: dict[str, Record], permissions: Permissions) -> list[tuple[Record, str]]:
    """(row, site) of every expansion; a site's own row replaces the ``*`` row of its technology."""
    found = [row for row in records(tables, "expansions") if row["technology"] in technologies]
    named = {(row["technology"], row["site"]) for row in found}
    places = [(row, row["site"]) for row in found if row["site"] != "*"]
    for row in found:
        sites = permissions.sites(technologies[row["technology"]]["permission"]) if row["site"] == "*" else ()
        places += [(row, site) for site in sites if (row["technology"], site) not in named]
    return places


def _option(
    rows: Rows, option: str, row: Record, technology: Record, site: str, size: float, charge: float, reasons: dict[str, str],
) -> None:
    """One option, decided in any stage; where its reason is not blank it is shut: size 0, forced 0, the reason in its note."""
    for stage, reason in reasons.items():
        bounds: Record = {"max_size": 0.0, "forced": 0.0} if reason else {"max_size": size}
        rows["options"].append({
            "option": option, "site": site, "period": stage, "variable_cost": charge, "cost_class": CAPITAL,
            **bounds, **origin(row), "note": reason or row["note"],
        })
    note = next(iter(reasons.values())) or row["note"]
    for unit, use in _units(technology):
        rows["option_effects"].append({"option": option, "unit": unit, "site": site, "per_size": use, **origin(row), "note": note})
    if sum(not reason for reason in reasons.values()) > 1:
        _once(rows, option, row, size)


def _once(rows: Rows, option: str, row: Record, size: float) -> None:
    """All stages together build at most one plant of ``size``."""
    names = {
        f"name_{language}": words.text("industry.once", language, name=row[f"name_{language}"])
        for language in words.LANGUAGES
    }
    rows["indicators"].append({"indicator": f"once_{option}", "unit": "kt/yr", "max": size, **names, **origin(row)})
    rows["indicator_terms"].append({"indicator": f"once_{option}", "kind": "size", "a": option, "coefficient": 1.0, **origin(row)})


def _units(technology: Record) -> list[tuple[str, float]]:
    """(unit, capacity per kt of output) of a technology: its main unit and, where it has one, its finishing line."""
    units = [(str(technology["unit"]), float(technology["use"]))]
    return [*units, (str(technology["line"]), 1.0)] if technology["line"] else units


def _reason(key: str, verdict: Verdict, row: Record) -> str:
    """Why an option is switched off, in both languages, with its clause; empty if it is not."""
    if not key:
        return ""
    facts = {"clause": verdict.clause or "–", "year": f"{row.get('year', math.nan):g}"}
    return " | ".join(words.text(f"industry.{key}", language, **facts) for language in words.LANGUAGES)
