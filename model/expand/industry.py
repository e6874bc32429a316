"""Industry: technologies, potlines, existing capacity, projects, swap pools and indicators as core rows."""

from __future__ import annotations

from collections import defaultdict

from model.expand.amounts import amount
from model.expand.carbon_market import market_rows
from model.expand.finance import Money, money
from model.expand.investment import investment_rows
from model.expand.measures import measure_rows
from model.expand.plants import Rows, line_rows, new_potlines, potlines
from model.expand.quality import quality_rows
from model.expand.recipes import Technologies, technology_rows
from model.expand.retrofits import retrofit_lines, retrofit_rows
from model.expand.rows import origin, records
from model.expand.swap import Swap
from model.problems import Problems
from model.tables import Tables, frame

NEEDED = ("technologies", "plants", "existing_capacity", "projects", "expansions", "swap_pools", "new_potlines", "measures")


def expand(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """Core rows of the industry tables; empty if the dataset has none of them.

    Reports a dataset without the ``default`` row of finance: no charge of an investment is known without it.
    """
    if not any(len(tables[name]) for name in NEEDED if name in tables):
        return {}
    rate = money(tables)
    if rate is None:
        problems.add("industry_no_finance", file="finance.csv")
        return {}
    return {table: frame(table, made) for table, made in _rows(tables, core, rate, problems).items() if made}


def _rows(tables: Tables, core: Tables, rate: Money, problems: Problems) -> Rows:
    known = {row["technology"] for row in records(tables, "technologies")}
    old = tuple(line for line in potlines(tables) if line.process in known)
    new = tuple(line for line in new_potlines(tables) if line.process in known)
    swap = Swap(tables, core, rate, problems, old, new)
    retrofitted = retrofit_lines(tables, old)
    lines = old + retrofitted + tuple(line for line in new if swap.holds(line))
    technologies = Technologies(tables, lines)
    rows = line_rows(lines)
    _extend(rows, _existing(tables))
    _extend(rows, investment_rows(tables, core, rate, problems))
    swap.add(rows)
    _extend(rows, retrofit_rows(tables, old, retrofitted, rate))
    placed = technologies.place(_room(rows, core))
    _extend(rows, technology_rows(tables, technologies, placed, rate, problems))
    processes: dict[str, str] = {line.technology: line.process for line in lines}
    users = {(str(row["unit"]), processes.get(row["technology"], str(row["technology"]))) for row in rows["capacity_use"]}
    sites = _room(rows, core)
    units = {(unit, site, process) for unit, site in sites for used, process in users if used == unit and process in known}
    _extend(rows, measure_rows(tables, technologies, placed, rows["recipes"], units))
    _extend(rows, market_rows(tables, technologies, placed, rows["recipes"]))
    _extend(rows, quality_rows(tables, rows["recipes"]))
    return rows


def _existing(tables: Tables) -> Rows:
    """Existing capacity: nameplate x load factor."""
    rows: Rows = defaultdict(list)
    for row in records(tables, "existing_capacity"):
        size = amount("existing_capacity", row, "nameplate") * amount("existing_capacity", row, "load_factor")
        rows["capacity"].append({"unit": row["unit"], "site": row["site"], "amount": size, **origin(row)})
    return rows


def _room(rows: Rows, core: Tables) -> set[tuple[str, str]]:
    """(unit, site) with capacity or with an option that may add some."""
    room = {(row["unit"], row["site"]) for row in (*rows["capacity"], *records(core, "capacity")) if row["amount"] > 0}
    sizes = {row["option"]: row["max_size"] for row in rows["options"]}
    return room | {
        (row["unit"], row["site"]) for row in rows["option_effects"] if row["per_size"] > 0 and sizes.get(row["option"], 0.0) > 0
    }


def _extend(rows: Rows, more: Rows) -> None:
    for table, made in more.items():
        rows[table] += made
