"""Investments: named projects and generic expansions become options with a yearly charge, or sunk capacity.

The charge of an option is investment x annuity + the fixed cost of operation per unit of capacity. Existing capacity
carries no fixed cost in the model (rule R8: it cannot be avoided), and an activity carries only what varies with output;
so no cost is counted twice. What may not be built stays as an option of size 0 whose note names the clause.
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
from model.problems import Problems
from model.tables import Tables

CAPITAL = "capital"
TECHNOLOGIES = "technologies"


def investment_rows(tables: Tables, money: Money, problems: Problems) -> Rows:
    """Options, their effects, and the capacity of projects under construction that stand before the planning year."""
    rows: Rows = defaultdict(list)
    technologies = by_id(tables, TECHNOLOGIES, "technology")
    permissions = Permissions(tables)
    for row in records(tables, "projects"):
        technology = technologies.get(row["technology"])
        if technology is None:
            continue  # the check of references reports it
        if not technology["unit"]:
            report(problems, "industry_no_unit", row, "technology")
        elif row["status"] == "under_construction" and row["year"] < money.planning_year:
            _sunk(rows, row, technology)
        else:
            _project(rows, row, technology, permissions, money)
    for row, site in _places(tables, technologies, permissions):
        _expansion(rows, row, site, technologies[row["technology"]], permissions, money)
    return rows


def option_charge(technology: Record, capex: float, money: Money) -> float:
    """Million yuan a year per kt of yearly output: ``capex`` (million yuan per kt) as annuity, and the fixed cost."""
    return money.yearly(capex, amount(TECHNOLOGIES, technology, "life")) + amount(TECHNOLOGIES, technology, "fixed_cost")


def _sunk(rows: Rows, row: Record, technology: Record) -> None:
    size = amount("projects", row, "size") * amount("projects", row, "load_factor")
    for unit, use in _units(technology):
        rows["capacity"].append({"unit": unit, "site": row["site"], "amount": size * use, **origin(row)})


def _project(rows: Rows, row: Record, technology: Record, permissions: Permissions, money: Money) -> None:
    verdict = permissions.project(technology["permission"], row)
    key = ""
    if row["status"] == "restrained":
        key = "option_restrained"
    elif not verdict.allowed:
        key = "option_not_permitted"
    elif row["year"] > money.planning_year:
        key = "option_too_late"
    capex = technology["capex"] if math.isnan(row["capex"]) else row["capex"]
    charge = option_charge(technology, amount("projects", {"capex": capex}, "capex"), money)
    size = amount("projects", row, "size")
    _option(rows, row["project"], row, technology, row["site"], size, charge, _reason(key, verdict, row))


def _expansion(rows: Rows, row: Record, site: str, technology: Record, permissions: Permissions, money: Money) -> None:
    verdict = permissions.verdict(technology["permission"], site)
    charge = option_charge(technology, amount(TECHNOLOGIES, technology, "capex"), money)
    reason = _reason("" if verdict.allowed else "option_not_permitted", verdict, row)
    size = amount("expansions", row, "max_size")
    _option(rows, f"expand_{row['technology']}_{site}", row, technology, site, size, charge, reason)


def _places(tables: Tables, technologies: dict[str, Record], permissions: Permissions) -> list[tuple[Record, str]]:
    """(row, site) of every expansion; a site's own row replaces the ``*`` row of its technology."""
    found = [row for row in records(tables, "expansions") if row["technology"] in technologies]
    named = {(row["technology"], row["site"]) for row in found}
    places = [(row, row["site"]) for row in found if row["site"] != "*"]
    for row in found:
        sites = permissions.sites(technologies[row["technology"]]["permission"]) if row["site"] == "*" else ()
        places += [(row, site) for site in sites if (row["technology"], site) not in named]
    return places


def _option(rows: Rows, option: str, row: Record, technology: Record, site: str, size: float, charge: float, reason: str) -> None:
    """One option; with a ``reason`` it is switched off: size 0, forced 0, the reason in its note."""
    carried = {**origin(row), "note": reason or row["note"]}
    bounds: Record = {"max_size": 0.0, "forced": 0.0} if reason else {"max_size": size}
    rows["options"].append({"option": option, "site": site, "variable_cost": charge, "cost_class": CAPITAL, **bounds, **carried})
    for unit, use in _units(technology):
        rows["option_effects"].append({"option": option, "unit": unit, "site": site, "per_size": use, **carried})


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
