"""Outages: capacity or purchases that fail for some months; the rest of the year stays as it is.

A period that holds an affected month only in part loses the part of its days. What fails comes back by itself; restarting
potlines costs what their own rows say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.expand.calendars import Period, study_periods
from model.expand.rows import Record, origin, records, report
from model.problems import Problems
from model.schema.spec import listed
from model.tables import Tables, frame

TABLES = {"unit": ("capacity", "unit"), "supply": ("supply", "commodity")}  # kind → table it cuts, column of the item
AMOUNTS = {"capacity": (), "supply": ("min", "max")}  # amounts of a year that become amounts of the period (rule R1)


def with_outages(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """``core`` with the rows that an outage in use hits laid out by period, cut where it strikes.

    Reports an unknown month, an outage that hits no row, and a purchase without a yearly maximum that is to be cut only in
    part.
    """
    periods = study_periods(tables, core)
    known = dict.fromkeys(name for period in periods for part in period.parts for name in (part.month, part.part))
    for outage in records(tables, "outages"):
        for month in listed(outage["months"]):
            if month not in known:
                report(problems, "calendar_month", outage, "months", month=month, known=", ".join(known))
        if not outage["in_use"]:
            continue
        table, column = TABLES[outage["kind"]]
        rows, items = list(records(core, table)), listed(outage["items"])
        hit = [row for row in rows if row[column] in items and outage["site"] in ("*", row["site"])]
        if len({row[column] for row in hit}) < len(items):
            report(problems, "outage_hits_nothing", outage, "items")
        kept = [row for row in rows if row not in hit]
        cut = [part for row in hit for part in _cut(table, row, outage, periods, hit, problems)]
        core = {**core, table: frame(table, [*kept, *cut])}
    return core


def _cut(table: str, row: Record, outage: Record, periods: tuple[Period, ...], rows: list[Record], problems: Problems) -> Iterator[Record]:
    """The row for each period that it governs, with what is left of it there."""
    key = [name for name in row if name not in ("period", "amount", "min", "max", "price", "cost_class", *origin(row))]
    others = {other["period"] for other in rows if other is not row and all(other[name] == row[name] for name in key)}
    for period in periods:
        if row["period"] not in ("*", period.stage, period.period):
            continue
        narrower = {"*": {period.stage, period.period}, period.stage: {period.period}}.get(row["period"], set())
        if table != "capacity" and narrower & others:
            continue  # a narrower row of the same key governs this period (rule R2)
        left = _left(outage, period)
        share = left * (1.0 if row["period"] == period.period else period.length)
        amounts = {name: float(row[name]) * share for name in AMOUNTS[table]}
        if table == "capacity":
            amounts["amount"] = float(row["amount"]) * left
        elif math.isnan(float(row["max"])) and left < 1.0:
            amounts["max"] = 0.0
            if left > 0:
                report(problems, "outage_without_maximum", outage, "available")
        yield {**row, **amounts, "period": period.period, **({"note": outage["note"]} if left < 1.0 else {})}


def _left(outage: Record, period: Period) -> float:
    """Share that is left of a period: 1 less the failing share of its affected days."""
    months = listed(outage["months"])
    hit = sum(part.days for part in period.parts if part.month in months or part.part in months)
    return 1.0 - hit / period.days * (1.0 - float(outage["available"]))
