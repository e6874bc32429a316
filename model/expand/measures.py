"""Indicators of industry: sums over the technologies of a stage and region, each with the clause it answers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from model.expand.amounts import amount, listed
from model.expand.carbon import direct, indirect
from model.expand.plants import Rows
from model.expand.recipes import TECHNOLOGIES, Placed, Technologies
from model.expand.rows import Record, origin, records
from model.tables import Tables

COPIED = ("name_zh", "name_en", "unit", "min", "max", "price", "per", "clause", "relax_price")
Units = set[tuple[str, str, str]]  # (unit, site, process that uses it)


def measure_rows(tables: Tables, technologies: Technologies, placed: list[Placed], recipes: list[Record], units: Units) -> Rows:
    """Core indicators (one per row of ``measures``, summed over a year) and their terms.

    ``recipes`` are the core recipes made so far; ``units`` the capacities with the process that uses them.
    """
    rows: Rows = defaultdict(list)
    coefficients: dict[str, Callable[[Placed], float]] = {
        "output": lambda item: 1.0,
        "value": lambda item: amount(TECHNOLOGIES, technologies.rows[item.process], "unit_value"),
        "carbon_1": direct(tables, technologies, recipes),
        "carbon_2": indirect(tables, recipes),
    }
    for row in records(tables, "measures"):
        rows["indicators"].append({
            "indicator": row["measure"], "scope": "stage", **{name: row[name] for name in COPIED}, **origin(row),
        })
        if row["kind"] == "capacity":
            _capacity_terms(rows, row, technologies, units)
        else:
            _activity_terms(rows, row, technologies, placed, coefficients[row["kind"]])
    return rows


def _chosen(row: Record, technologies: Technologies, process: str, site: str) -> bool:
    """Whether a technology at a site counts in the measure ``row``."""
    stages, names = listed(row["stages"]), listed(row["technologies"])
    region = row["region"] in ("*", technologies.regions.get(site, ""))
    return region and ("*" in stages or technologies.rows[process]["stage"] in stages) and ("*" in names or process in names)


def _activity_terms(
    rows: Rows, row: Record, technologies: Technologies, placed: list[Placed], coefficient: Callable[[Placed], float],
) -> None:
    """One term per technology where every site counts alike, otherwise one per technology and site."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    everywhere: defaultdict[str, set[str]] = defaultdict(set)
    for item in placed:
        everywhere[item.technology].add(item.site)
        if _chosen(row, technologies, item.process, item.site):
            found[item.technology][item.site] = coefficient(item)
    for technology, sites in found.items():
        alike = set(sites) == everywhere[technology] and len(set(sites.values())) == 1
        terms = {"*": next(iter(sites.values()))} if alike else sites
        for site, value in terms.items():
            if value:
                _term(rows, row, "activity", technology, site, value)


def _capacity_terms(rows: Rows, row: Record, technologies: Technologies, units: Units) -> None:
    chosen = {(unit, site) for unit, site, process in units if _chosen(row, technologies, process, site)}
    for unit, site in sorted(chosen):
        _term(rows, row, "capacity", unit, site, 1.0)


def _term(rows: Rows, row: Record, kind: str, first: str, second: str, coefficient: float) -> None:
    rows["indicator_terms"].append({
        "indicator": row["measure"], "kind": kind, "a": first, "b": second, "coefficient": coefficient, **origin(row),
    })
