"""Indicators of industry: sums over the technologies or the trade of a stage and region, each with its clause.

A row with ``relax_price`` 0 is a target: its bound costs nothing to miss, so it moves no plan; what is missed is
reported, and the same row, held hard, says what closing the gap would cost (model/explore/targets.py).
"""

from __future__ import annotations

from collections import defaultdict

from model.expand.amounts import amount, listed
from model.expand.carbon import Coefficient, direct, energy, indirect, power, together
from model.expand.plants import Rows
from model.expand.recipes import TECHNOLOGIES, Placed, Technologies
from model.expand.rows import Record, origin, records
from model.expand.trade_measures import KINDS, trade_terms
from model.tables import Tables

COPIED = ("name_zh", "name_en", "unit", "min", "max", "price", "per", "clause", "relax_price")
Units = set[tuple[str, str, str]]  # (unit, site, process that uses it)


def measure_rows(tables: Tables, technologies: Technologies, placed: list[Placed], recipes: list[Record], units: Units) -> Rows:
    """Core indicators (one per row of ``measures``, summed over a year) and their terms.

    ``recipes`` are the core recipes made so far; ``units`` the capacities with the process that uses them.
    """
    rows: Rows = defaultdict(list)
    scope_1, scope_2 = direct(tables, technologies, recipes), indirect(tables, recipes)
    coefficients: dict[str, Coefficient] = {
        "output": lambda item: 1.0,
        "value": lambda item: amount(TECHNOLOGIES, technologies.rows[item.process], "unit_value"),
        "carbon_1": scope_1, "carbon_2": scope_2, "carbon": together(scope_1, scope_2), "energy": energy(tables, recipes), "power": power(recipes),
    }
    for row in records(tables, "measures"):
        rows["indicators"].append({
            "indicator": row["measure"], "scope": "stage", **{name: row[name] for name in COPIED}, **origin(row),
        })
        if row["kind"] == "capacity":
            rows["indicator_terms"] += _capacity_terms(row, technologies, units)
        elif row["kind"] in KINDS:
            rows["indicator_terms"] += trade_terms(tables, row)
        else:
            chosen = [item for item in placed if _chosen(row, technologies, item.process, item.site)]
            rows["indicator_terms"] += activity_terms(row["measure"], row, chosen, placed, coefficients[row["kind"]])
    return rows


def _chosen(row: Record, technologies: Technologies, process: str, site: str) -> bool:
    """Whether a technology at a site counts in the measure ``row``."""
    stages, names, sites = listed(row["stages"]), listed(row["technologies"]), listed(row["sites"])
    place = row["region"] in ("*", technologies.regions.get(site, "")) and ("*" in sites or site in sites)
    return place and ("*" in stages or technologies.rows[process]["stage"] in stages) and ("*" in names or process in names)


def activity_terms(indicator: str, row: Record, chosen: list[Placed], placed: list[Placed], coefficient: Coefficient) -> list[Record]:
    """One term per technology of ``chosen`` where every site counts alike, otherwise one per technology and site."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    everywhere: defaultdict[str, set[str]] = defaultdict(set)
    for item in placed:
        everywhere[item.technology].add(item.site)
    for item in chosen:
        found[item.technology][item.site] = coefficient(item)
    terms: list[Record] = []
    for technology, sites in found.items():
        alike = set(sites) == everywhere[technology] and len(set(sites.values())) == 1
        places = {"*": next(iter(sites.values()))} if alike else sites
        terms += [_term(indicator, row, "activity", technology, site, value) for site, value in places.items() if value]
    return terms


def _capacity_terms(row: Record, technologies: Technologies, units: Units) -> list[Record]:
    chosen = {(unit, site) for unit, site, process in units if _chosen(row, technologies, process, site)}
    return [_term(row["measure"], row, "capacity", unit, site, 1.0) for unit, site in sorted(chosen)]


def _term(indicator: str, row: Record, kind: str, first: str, second: str, coefficient: float) -> Record:
    return {"indicator": indicator, "kind": kind, "a": first, "b": second, "coefficient": coefficient, **origin(row)}
