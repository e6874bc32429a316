"""Power: the monthly balance of each zone, other users' load with shedding, tie lines, tariffs and captive plants.

Energy of a month is an amount of its period (rule R1); how months reach periods is said in calendars.py. Supply and tie
lines are free of charge: power is paid once, by its users, in their delivered tariff (tariffs.py); scarcity shows as the
dual of the balance and as shedding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from model import words
from model.expand.calendars import Period, study_periods
from model.expand.captive import add_captive
from model.expand.direct_trades import add_direct_trades
from model.expand.rows import Record, origin, records, report, written
from model.expand.smelter_power import add_smelter_power
from model.expand.tariffs import ELECTRICITY, Rows, add_supply
from model.problems import Problems
from model.schema.spec import NONE
from model.tables import FILE, Tables, frame

SUPPLY = ("supply", "reserve")  # roles that offer energy; the reserve is plant that stood still in the base year
ROUNDING = 1e-9  # share of a period's days that may lack a load
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
    add_direct_trades(rows, tables, core, problems)
    add_smelter_power(rows, tables, core, problems)
    _indicators(rows, tables, core)
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


@dataclass(frozen=True)
class Entry:
    """A component of the balance in a period: its first row, GWh of an average year, and the days that are stated."""

    period: Period
    row: Record
    energy: float
    days: float


def entries(tables: Tables, core: Tables) -> Iterator[Entry]:
    """Every zone, component and role of the balance in every period.

    A branch that is named in the balance states only what differs: for all else the branch it is like holds, at last the
    branch ``normal``. A branch that the balance does not name has no entries.
    """
    book: defaultdict[tuple[str, str], dict[tuple[str, str], Record]] = defaultdict(dict)
    for row in records(tables, "power_balance"):
        book[row["zone"], row["component"]][row["branch"], row["month"]] = row
    branches = {branch for stated in book.values() for branch, _ in stated}
    for period in study_periods(tables, core):
        for stated in book.values() if period.waters[0] in branches else ():
            found = period.found(_looked_up(stated))
            for role in dict.fromkeys(row["role"] for row, _, _ in found):
                rows = [(row, days, of) for row, days, of in found if row["role"] == role]
                amount = sum(energy(row) * (days / of) for row, days, of in rows) / period.years
                yield Entry(period, rows[0][0], amount, sum(days for _, days, _ in rows))


def _looked_up(stated: dict[tuple[str, str], Record]) -> Callable[[str, str], Record | None]:
    return lambda branch, month: stated.get((branch, month))


def _balance(rows: Rows, tables: Tables, core: Tables) -> None:
    for entry in entries(tables, core):
        row = entry.row
        if row["role"] in SUPPLY:
            rows["supply"].append({
                "commodity": ELECTRICITY, "site": row["zone"], "period": entry.period.period, "tier": tier_of(row), "price": 0.0,
                "max": entry.energy, "cost_class": "power", **origin(row),
            })


def other_load(tables: Tables, core: Tables, problems: Problems) -> dict[tuple[str, str], tuple[float, Record]]:
    """(zone, period) → GWh of the other users, and the load row: the published load less its aluminium part.

    The published load contains the smelters, refineries and mills of the model; they are taken out here and come back
    as the model's own use of power. Reports a month without load and a load smaller than its aluminium part.
    """
    loads: dict[tuple[str, str], Entry] = {}
    aluminium: defaultdict[tuple[str, str], float] = defaultdict(float)
    for entry in entries(tables, core):
        place = entry.row["zone"], entry.period.period
        if entry.row["role"] == "load":
            loads[place] = entry
        elif entry.row["role"] == "aluminium":
            aluminium[place] += entry.energy
    zones = {row["zone"]: row for row in records(tables, "power_balance")}
    for zone, row in zones.items():
        for part in study_periods(tables, core):
            load = loads.get((zone, part.period))
            if load is None or load.days < part.days * (1.0 - ROUNDING):
                problems.add("power_no_load", file=row[FILE], column="month", value=part.period, zone=zone)
    result = {place: (load.energy - aluminium[place], load.row) for place, load in loads.items()}
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


def _indicators(rows: Rows, tables: Tables, core: Tables) -> None:
    """Power sent over each tie on top of the base imports, and what the other users of each zone miss; both in GWh.

    What is missed is summed over all the years of the calendar: an event happens once, not in every average year.
    """
    years = max((period.years for period in study_periods(tables, core)), default=1.0)
    sites = {row["site"]: row for row in records(core, "sites")}
    for tie in records(tables, "tie_lines"):
        term = {"kind": "flow", "a": ELECTRICITY, "b": tie["from"], "c": tie["to"], "d": "tie_line", "coefficient": 1.0}
        _indicator(rows, f"tie_{tie['tie']}", _titles("tie_indicator", tie) | {"clause": tie["clause"]}, term, tie)
    for zone, step in {row["zone"]: row for row in records(tables, "power_shedding")}.items():
        term = {"kind": "short", "a": ELECTRICITY, "b": zone, "coefficient": years}
        _indicator(rows, f"unserved_{zone}", _titles("unserved_indicator", sites.get(zone, {})), term, step)


def _titles(key: str, named: Record) -> Record:
    return {f"name_{language}": words.text(f"power.{key}", language, name=named.get(f"name_{language}", "")) for language in words.LANGUAGES}


def _indicator(rows: Rows, indicator: str, cells: Record, term: Record, row: Record) -> None:
    rows["indicators"].append({"indicator": indicator, "unit": "GWh", "scope": "stage", **cells, **origin(row)})
    rows["indicator_terms"].append({"indicator": indicator, **term, **origin(row)})


def _ties(rows: Rows, tables: Tables, core: Tables, problems: Problems) -> None:
    """A lane per tie and period: capacity x hours, less what the base imports (role ``section``) already use of it."""
    taken: defaultdict[tuple[str, str], float] = defaultdict(float)
    for entry in entries(tables, core):
        if entry.row["role"] == "section":
            taken[entry.row["component"], entry.period.period] += entry.energy
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
