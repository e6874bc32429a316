"""Outages: what the loss of each park, unit, corridor and tie line costs, and which demand goes unserved, ranked.

Investments stay as in the plan of the base scenario: a failure comes unforeseen, only operation adapts. Parks and units fail
in the months of the study; a corridor or tie line is closed all year, its routes found again.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from itertools import groupby

import pandas as pd

from model.explore.crew import Means, finish
from model.explore.journal import SOLVED, Job, Pair, Row
from model.explore.losses import Loss, check_units, corridor_losses, failed, named_parks, park_losses, tie_losses, unit_losses
from model.explore.study_file import StudyFile, variants
from model.explore.study_rows import PRESENT, Outcome, both, cost_of, joined, said_failed, snapshot, unit_known, unit_name
from model.explore.workbench import Planned, Workbench
from model.names import name_of
from model.problems import Problems
from model.tables import Tables

KEYS = ("months", "parks", "units", "corridors", "ties", "case")
LARGEST = 3  # goods that a line names
EQUAL = 1e-6  # share of the cost within which a loss costs nothing


def study(asked: StudyFile, means: Means) -> Outcome:
    """Solve the plan without each of the losses asked for; raises ``Refusal`` where the study file is wrong or the base has no plan."""
    problems = Problems()
    content = asked.only(KEYS, problems)
    written = [each for each, _ in variants(asked, "case", problems)]
    for each, spot in zip(written, asked.document.spots("case", len(written)), strict=True):
        if each.locks:  # what is built stands already
            spot.at("lock").add(problems, "scenario_key", "lock", known="name, title, change")
    events = [Loss("event", f"event|{each.key}", each.name, changes=each.changes) for each in written]
    months, units = asked.texts("months", problems), asked.texts("units", problems)
    least = asked.number("corridors", math.inf, problems, 0.0, math.inf)
    parks = content.get("parks", False)
    if not (isinstance(parks, bool) or (isinstance(parks, list) and parks and all(isinstance(park, str) for park in parks))):
        asked.document.spot("parks").add(problems, "scenario_choice", parks, choices='true, false, ["…", …]')
    if not isinstance(content.get("ties", False), bool):
        asked.document.spot("ties").add(problems, "scenario_choice", content["ties"], choices="true, false")
    if not (units or events or "corridors" in content or content.get("ties") or parks is not False):
        asked.document.spot("parks").add(problems, "study_nothing", "parks, units, corridors, ties, [[case]]")
    problems.stop_on_errors()
    bench = Workbench(asked.scenario, asked.data)
    base = bench.base
    chosen = named_parks(base, [] if isinstance(parks, bool) else parks, asked.document.spot("parks"), problems)
    check_units(base, units, asked.document.spot("units"), problems)
    problems.stop_on_errors()
    losses = [
        *(park_losses(base, chosen) if parks else []), *unit_losses(base, units),
        *(corridor_losses(base, least) if least < math.inf else []), *(tie_losses(base) if content.get("ties") else []), *events,
    ]
    rows = finish([Job(loss.key, loss.name, partial(_without, loss, months)) for loss in losses], bench, means)
    return outcome(base, losses, rows, months)


def _without(loss: Loss, months: tuple[str, ...], bench: Workbench) -> Row:
    def without(core: Tables) -> Tables:
        return failed(bench.base.prepared.tables, core, bench.base.results, loss, months)

    scenario = replace(bench.scenario, changes=(*bench.scenario.changes, *loss.changes))
    planned = bench.operated(scenario, bench.base.results, after=without if loss.units else None)
    return {**snapshot(planned), "sold": sold(planned)}


def sold(planned: Planned) -> dict[str, float]:
    """Expected sales of every good in all stages together."""
    table = planned.results.values["sale"]
    probability = planned.results.case.calendar.periods.set_index("period")["probability"]
    amounts = (table["value"] * table["period"].map(probability).astype(float)).groupby(table["commodity"]).sum()
    return {str(good): float(amount) for good, amount in amounts.items()}


def outcome(base: Planned, losses: list[Loss], rows: list[Row], months: tuple[str, ...]) -> Outcome:
    """The ranking, dearest loss first; what allows no plan stands at the top of its kind."""
    own = {**snapshot(base), "sold": sold(base)}
    table = pd.DataFrame([_facts(loss, row, own) for loss, row in zip(losses, rows, strict=True)], columns=list(COLUMNS))
    order = table.assign(rank=table["extra_cost"].fillna(math.inf)).sort_values(["rank", "case"], ascending=[False, True], kind="stable")
    table = order[list(COLUMNS)].reset_index(drop=True)
    by_case = {row["case"]: row for row in rows}
    unit = unit_name(unit_known(base))
    rule = both(f"studies_outages.rule{'_months' if months else ''}", months=", ".join(months))
    sentences = [both("studies_outages.base", cost=own["cost"], unit=unit), rule]
    kinds = sorted(zip(table["kind"], table["case"], strict=True), key=lambda pair: list(KINDS).index(pair[0]))
    for kind, cases in groupby(kinds, key=lambda pair: pair[0]):
        sentences.append(both(f"studies_outages.kind_{kind}"))
        sentences += [_line(base, by_case[case], own, unit) for _, case in cases]
    facts = {"base": own, "months": list(months), "losses": table.astype(object).where(table.notna(), None).to_dict("records")}
    return Outcome(tuple(sentences), facts, {"losses": table, "goods": _goods(rows, own)})


KINDS = ("park", "unit", "corridor", "tie", "event")
COLUMNS = ("case", "kind", "name_zh", "name_en", "status", "reason_zh", "reason_en", "extra_cost", "unserved", "sales_lost", "used", "cost")


def _facts(loss: Loss, row: Row, own: Row) -> Row:
    cost = cost_of(row)
    known = row["status"] == SOLVED
    return {
        **{name: row[name] for name in ("case", "name_zh", "name_en", "status", "reason_zh", "reason_en")}, "kind": loss.kind, "used": loss.used,
        "cost": cost if known else math.nan, "extra_cost": cost - own["cost"] if known else math.nan,
        "unserved": sum(_unserved(row, own).values()) if known else math.nan, "sales_lost": sum(_lost(row, own).values()) if known else math.nan,
    }


def _unserved(row: Row, own: Row) -> dict[str, float]:
    """What is missing beyond what the base plan misses."""
    found = {good: amount - own["unserved"].get(good, 0.0) for good, amount in row["unserved"].items()}
    return {good: amount for good, amount in found.items() if amount > PRESENT}


def _lost(row: Row, own: Row) -> dict[str, float]:
    """Sales that the base plan has and this one has not, beyond what counts as unserved."""
    missing = _unserved(row, own)
    found = {good: amount - row["sold"].get(good, 0.0) - missing.get(good, 0.0) for good, amount in own["sold"].items()}
    return {good: amount for good, amount in found.items() if amount > EQUAL * max(1.0, own["sold"][good])}


def _goods(rows: list[Row], own: Row) -> pd.DataFrame:
    """case, commodity, unserved, sales_lost: only where something is missing."""
    found = []
    for row in rows:
        missing, lost = (_unserved(row, own), _lost(row, own)) if row["status"] == SOLVED else ({}, {})
        found += [
            {"case": row["case"], "commodity": good, "unserved": missing.get(good, 0.0), "sales_lost": lost.get(good, 0.0)}
            for good in sorted({*missing, *lost})
        ]
    return pd.DataFrame(found, columns=["case", "commodity", "unserved", "sales_lost"])


def _line(base: Planned, row: Row, own: Row, unit: Pair) -> Pair:
    if row["status"] != SOLVED:
        return said_failed(row)
    name, extra = (row["name_zh"], row["name_en"]), row["cost"] - own["cost"]
    if abs(extra) <= EQUAL * max(1.0, abs(own["cost"])):
        return both("studies_outages.nothing", name=name)
    parts = [_amounts(base, key, goods) for key, goods in (("unserved", _unserved(row, own)), ("sales_lost", _lost(row, own))) if goods]
    return both("studies_outages.loss", name=name, extra=extra, unit=unit, parts=joined(parts) if parts else both("studies_outages.served"))


def _amounts(base: Planned, key: str, goods: dict[str, float]) -> Pair:
    case = base.results.case
    units = case.labels["commodities"].set_index("commodity")["unit"]
    order = sorted(goods, key=lambda good: (-goods[good], good))[:LARGEST]
    names = {good: (name_of(case, "commodity", good, "zh"), name_of(case, "commodity", good, "en")) for good in order}
    parts = [both("studies_outages.amount", good=names[good], amount=goods[good], unit=units.get(good, "")) for good in order]
    return both(f"studies_outages.{key}", goods=joined(parts))
