"""Overhauls: pots that are due for relining anyway may stop early without the cost of an ordinary restart.

A potline in ``overhauls`` is cut in two at a share of its capacity: the rest keeps its running rules, the pots due for
relining have a restart cost of their own. Everything else (recipe, power, closures, indicators) is the same for both.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.expand.amounts import amount
from model.expand.plants import Line, potlines
from model.expand.rows import Record, records
from model.tables import Tables, frame

SUFFIX = "_overhaul"
EVERY = "*"
UNIT_TERMS = ("capacity", "running", "restart")


@dataclass(frozen=True)
class _Cut:
    """Where and how one potline is cut."""

    line: Line
    share: float
    restart_cost: float


def with_overhauls(tables: Tables, core: Tables) -> Tables:
    """``core`` with every potline of a rule in use cut in two; unchanged without one. A plant's own rule wins."""
    rules = {row["plant"]: row for row in records(tables, "overhauls") if row["in_use"]}
    for line in potlines(tables) if rules else ():
        rule = rules.get(line.row["plant"], rules.get(EVERY))
        if rule is not None and 0.0 < float(rule["share"]) < 1.0:
            core = _cut(core, _Cut(line, float(rule["share"]), amount("overhauls", rule, "restart_cost")))
    return core


def _cut(core: Tables, cut: _Cut) -> Tables:
    unit, technology = cut.line.unit, cut.line.technology
    changed = {
        "capacity": _shared(core, "capacity", unit, cut.share, ("amount",)),
        "option_effects": _shared(core, "option_effects", unit, cut.share, ("per_open", "per_size")),
        "units": [*records(core, "units"), *(
            {**row, "unit": unit + SUFFIX, "restart_cost": cut.restart_cost} for row in records(core, "units") if row["unit"] == unit
        )],
        "capacity_use": [*records(core, "capacity_use"), *(
            {**row, "unit": unit + SUFFIX, "technology": technology + SUFFIX}
            for row in records(core, "capacity_use") if (row["unit"], row["technology"]) == (unit, technology)
        )],
        "tech_sites": _twinned(core, "tech_sites", "technology", technology),
        "recipes": _twinned(core, "recipes", "technology", technology),
        "indicator_terms": [*records(core, "indicator_terms"), *(
            {**row, "a": row["a"] + SUFFIX} for row in records(core, "indicator_terms")
            if (row["kind"] == "activity" and row["a"] == technology) or (row["kind"] in UNIT_TERMS and row["a"] == unit)
        )],
    }
    return {**core, **{table: frame(table, rows) for table, rows in changed.items() if table in core}}


def _shared(core: Tables, table: str, unit: str, share: float, amounts: tuple[str, ...]) -> list[Record]:
    """The rows of a table, those of ``unit`` divided between both parts."""
    rows: list[Record] = []
    for row in records(core, table):
        if row["unit"] != unit:
            rows.append(row)
            continue
        for name, part in ((unit, 1.0 - share), (unit + SUFFIX, share)):
            rows.append({**row, "unit": name, **{column: row[column] * part for column in amounts}})
    return rows


def _twinned(core: Tables, table: str, column: str, name: str) -> list[Record]:
    """The rows of a table, those of ``name`` a second time under the name of the pots due for relining."""
    rows = list(records(core, table))
    return [*rows, *({**row, column: name + SUFFIX} for row in rows if row[column] == name)]
