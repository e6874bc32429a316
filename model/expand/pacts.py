"""Supply pacts: what goes from one region to another in a year, held between a floor and a cap while the pact is in force.

Comes after freight, as it counts lanes. A row that is not in force is reported only; one of the kind ``border`` collects
the goods of no pact, so that a plan without any exchange between the regions is a matter of a few cells.
"""

from __future__ import annotations

from model.expand.amounts import amount, listed
from model.expand.rows import Record, origin, records
from model.problems import Problems
from model.schema.spec import NONE
from model.tables import Tables, frame


def expand(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """One indicator per row of ``pacts`` (scope: stage, so kt a year) and one term per lane that it counts."""
    regions = {row["site"]: row["region"] for row in records(core, "sites")}
    lanes = sorted({(row["commodity"], row["from"], row["to"]) for row in records(core, "lanes")})
    indicators: list[Record] = []
    terms: list[Record] = []
    for pact in records(tables, "pacts"):
        indicators.append(_indicator(pact))
        goods, way = set(listed(pact["commodities"])), (pact["from_region"], pact["to_region"])
        terms += [
            {"indicator": pact["pact"], "kind": "flow", "a": good, "b": start, "c": end, "coefficient": 1.0, **origin(pact)}
            for good, start, end in lanes if good in goods and (regions.get(start), regions.get(end)) == way
        ]
    return {"indicators": frame("indicators", indicators), "indicator_terms": frame("indicator_terms", terms)} if indicators else {}


def _indicator(pact: Record) -> Record:
    held = pact["in_force"] == 1
    floor = amount("pacts", pact, "floor")
    return {
        "indicator": pact["pact"], "name_zh": pact["name_zh"], "name_en": pact["name_en"], "unit": "kt", "scope": "stage",
        "min": floor if held and floor > 0 else NONE, "max": amount("pacts", pact, "cap") if held else NONE,
        "clause": pact["clause"], "relax_price": amount("pacts", pact, "relax_price"), **origin(pact),
    }
