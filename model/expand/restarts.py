"""Stops and restarts: what a study of a short event says of potlines, and running and stocks in a calendar of several years.

A calendar of several years shares one year among them (lengths sum to 1, amounts are those of an average year), while a
restart or a stock is what it is. So per average year a restart costs its price / years and a month may bring back its
limit x years, because a month is 1/years as long; a stock holds capacity / years, costs holding x years and loses
1 - (1 - loss)^years (rules R9 and R10 with lengths divided by the years).
"""

from __future__ import annotations

import math

import pandas as pd

from model.expand.amounts import amount
from model.expand.calendars import years_spanned
from model.expand.plants import new_potlines, potlines
from model.expand.rows import Record, origin, records
from model.problems import Problems
from model.tables import Tables, frame

EVERY = "*"
STATED = ("restart_cost", "restart_limit", "initial")


def with_restarts(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """``core`` with the figures of ``short_stops`` in use for its potlines, and with restarts and stocks of an average year."""
    years = years_spanned(tables, problems)
    result = dict(core)
    rules = {row["plant"]: row for row in records(tables, "short_stops") if row["in_use"]}
    if rules and "units" in core:
        lines = {line.unit: str(line.row.get("plant", EVERY)) for line in (*potlines(tables), *new_potlines(tables))}
        result["units"] = frame("units", [_short(row, lines, rules) for row in records(core, "units")])
    if years != 1.0:
        result |= {name: _averaged(name, result[name], years) for name in ("units", "stocks") if name in result}
    return result


def _short(row: Record, lines: dict[str, str], rules: dict[str, Record]) -> Record:
    """A units row with what the rule of its potline, or the rule for all potlines, states."""
    unit = next((name for name in lines if row["unit"] in (name, f"{name}_retrofit")), "")
    rule = rules.get(lines[unit], rules.get(EVERY)) if unit else None
    if rule is None:
        return row
    stated = {name: amount("short_stops", rule, name) for name in STATED if not math.isnan(float(rule[name]))}
    return {**row, **stated, **origin(rule)}


def _averaged(name: str, table: pd.DataFrame, years: float) -> pd.DataFrame:
    if name == "units":
        return table.assign(restart_cost=table["restart_cost"] / years, restart_limit=table["restart_limit"] * years)
    return table.assign(
        capacity=table["capacity"] / years, holding_cost=table["holding_cost"] * years, loss=1.0 - (1.0 - table["loss"]) ** years,
    )
