"""Power: the monthly balance of each zone, other users' load with shedding, tie lines, tariffs and captive plants.

Energy of a month is an amount of that period (rule R1). Supply and tie lines are free of charge: power is paid once, by
its users, in their delivered tariff (tariffs.py); scarcity shows as the dual of the balance and as shedding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from model import words
from model.expand.captive import add_captive
from model.expand.rows import Record, origin, records, report, written
from model.expand.tariffs import ELECTRICITY, Rows, add_supply, month_of
from model.problems import Problems
from model.schema.spec import NONE
from model.tables import FILE, Tables, frame

SUPPLY = ("supply", "reserve")  # roles that offer energy; the reserve is plant that stood still in the base year
NORMAL = "normal"  # what a branch does not state for itself is as in this one
MUST_SERVE: Record = {"step": "other_users", "share": 1.0, "price": NONE}  # a zone without shedding steps


def expand(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """Core rows of the power tables; empty if the dataset has none of them.

    Call it after the technologies, sites and periods are in ``core``: tariffs are laid out where they are used.
    """
    rows: Rows = defaultdict(list)
    used = add_supply(rows, tables, core, problems)
    _balance(rows, tables, core)
    _other_users(rows, tables, core, problems)
    _ties(rows, tables, core, problems)
    add_captive(rows, tables, used, problems)
    _commodities(rows, tables, core)
    return {table: frame(table, made) for table, made in rows.items() if made}


def _commodities(rows: Rows, tables: Tables, core: Tables) -> None:
    """Keep only goods that are new, each once; without a commodities table every good named elsewhere counts anyway."""
    names = {"name_zh": words.text("power.electricity", "zh"), "name_en": words.text("power.electricity", "en")}
    for row in islice(records(tables, "power_balance"), 1):
        rows["commodities"].append({"commodity": ELECTRICITY, "unit": "GWh", **names, **origin(row)})
    listed = {row["commodity"] for row in records(core, "commodities")}
    new = {row["commodity"]: row for row in rows["commodities"] if row["commodity"] not in listed}
    rows["commodities"] = list(new.values()) if listed else []


def tier_of(row: Record) -> str:
    """Tier of a supply row: its place in the order of use and its component; all energy is free, so ties follow the name."""
    return f"{SUPPLY.index(row['role']) + 1}_{row['component']}"


def energy(row: Record) -> float:
    """GWh of a row of ``power_balance`` in its branch: energy of the base year x scale."""
    return float(row["energy"]) * written("power_balance", "energy") * float(row["scale"])


def _in_periods(tables: Tables, core: Tables) -> Iterator[tuple[str, Record]]:
    """(period, row) for every row of the balance and every period of its month and branch.

    A branch that is named in the balance states only what differs: for every other zone, month and component the row of
    the branch ``normal`` holds.
    """
    rows, periods = list(records(tables, "power_balance")), list(records(core, "periods"))
    branches = {row["branch"] for row in rows}
    stated = {(row["branch"], row["zone"], row["month"], row["component"]) for row in rows}
    for row in rows:
        for period in periods:
            branch = period["branch"]
            unsaid = branch in branches and (branch, row["zone"], row["month"], row["component"]) not in stated
            fits = row["branch"] == branch or (row["branch"] == NORMAL and unsaid)
            if fits and row["month"] == month_of(period["period"]):
                yield period["period"], row


def _balance(rows: Rows, tables: Tables, core: Tables) -> None:
    for period, row in _in_periods(tables, core):
        if row["role"] in SUPPLY:
            rows["supply"].append({
                "commodity": ELECTRICITY, "site": row["zone"], "period": period, "tier": tier_of(row), "price": 0.0,
                "max": energy(row), "cost_class": "power", **origin(row),
            })


def other_load(tables: Tables, core: Tables, problems: Problems) -> dict[tuple[str, str], tuple[float, Record]]:
    """(zone, period) → GWh of the other users, and the load row: the published load less its aluminium part.

    The published load contains the smelters, refineries and mills of the model; they are taken out here and come back
    as the model's own use of power. Reports a month without load and a load smaller than its aluminium part.
    """
    loads: dict[tuple[str, str], Record] = {}
    aluminium: defaultdict[tuple[str, str], float] = defaultdict(float)
    for period, row in _in_periods(tables, core):
        if row["role"] == "load":
            loads[row["zone"], period] = row
        elif row["role"] == "aluminium":
            aluminium[row["zone"], period] += energy(row)
    zones = {row["zone"]: row for row in records(tables, "power_balance")}
    for zone, row in zones.items():
        for period in (found["period"] for found in records(core, "periods")):
            if (zone, period) not in loads:
                problems.add("power_no_load", file=row[FILE], column="month", value=period, zone=zone)
    result = {key: (energy(row) - aluminium[key], row) for key, row in loads.items()}
    for (zone, period), (left, row) in result.items():
        if left < 0:
            report(problems, "power_load_too_small", row, "energy", zone=zone, period=period)
    return result


def _other_users(rows: Rows, tables: Tables, core: Tables, problems: Problems) -> None:
    steps: defaultdict[str, list[Record]] = defaultdict(list)
    for step in records(tables, "power_shedding"):
        steps[step["zone"]].append(step)
    for zone, found in steps.items():
        total = sum(float(step["share"]) for step in found)
        if abs(total - 1.0) > 1e-6:
            report(problems, "power_shares", found[0], "share", zone=zone, total=f"{total:g}")
    for (zone, period), (load, row) in other_load(tables, core, problems).items():
        for step in steps[zone] or [MUST_SERVE]:
            part = max(load, 0.0) * float(step["share"])
            rows["demand"].append({
                "commodity": ELECTRICITY, "site": zone, "period": period, "segment": step["step"], "min": part, "max": part,
                "price": 0.0, "shortage_price": float(step["price"]) * written("power_shedding", "price"), **origin(row),
            })


def _ties(rows: Rows, tables: Tables, core: Tables, problems: Problems) -> None:
    """A lane per tie and period: capacity x hours, less what the base imports (role ``section``) already use of it."""
    taken: defaultdict[tuple[str, str], float] = defaultdict(float)
    for period, row in _in_periods(tables, core):
        if row["role"] == "section":
            taken[row["component"], period] += energy(row)
    for tie in records(tables, "tie_lines"):
        column = f"capacity_{tie['state']}"
        yearly = float(tie[column]) * written("tie_lines", column)
        for found in records(core, "periods"):
            period = found["period"]
            left = yearly * float(found["length"]) - taken[tie["tie"], period]
            if left < 0:
                report(problems, "power_tie_full", tie, column, tie=tie["tie"], period=period)
            rows["lanes"].append({
                "commodity": ELECTRICITY, "from": tie["from"], "to": tie["to"], "period": period, "mode": "tie_line",
                "unit_cost": 0.0, "max_flow": max(left, 0.0), "delivered_share": 1.0 - float(tie["loss"]),
                "cost_class": "power", **origin(tie),
            })
