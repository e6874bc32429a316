"""Ids of policy clauses in scenarios and in the table of clauses: known, and carried by something that has a name."""

from __future__ import annotations

from model.problems import Problems
from model.reading.nearest import nearest
from model.scenario.records import Scenario, Spot
from model.schema import ALL_TABLES
from model.schema.policy import CARRIERS
from model.schema.spec import listed
from model.tables import FILE, ROW, Tables


def check_clauses(scenario: Scenario, tables: Tables, problems: Problems) -> None:
    """Report clauses of the scenario that the dataset does not know, and carriers of a clause that nothing could be.

    A dataset without a table ``clauses`` knows none and refuses none.
    """
    if "clauses" not in tables:
        return
    known = set(tables["clauses"]["clause"])
    for clause in scenario.clauses:
        if clause not in known:
            scenario.origins["clauses"].add(problems, "scenario_clause_unknown", clause, nearest(clause, known))
    for row in tables["clauses"].to_dict("records"):
        for carrier in listed(str(row["carried_by"])):
            meant = _meant(carrier)
            if meant != carrier:
                place = Spot(row[FILE], row[ROW], "carried_by")
                place.add(problems, "clause_carrier", carrier, meant, kinds=", ".join(CARRIERS))


def _meant(carrier: str) -> str:
    """``carrier`` itself where it is well formed, else the nearest that is, or ""."""
    kind, mark, name = carrier.partition(":")
    if kind not in CARRIERS or not name:
        kind = nearest(kind, CARRIERS)
    if not mark or not kind or not name:
        return ""
    if kind == "table" and name not in ALL_TABLES:
        name = nearest(name, ALL_TABLES)
    return f"{kind}:{name}" if name else ""
