"""Potlines: each is a technology and a unit of its own, with its own supplier of power and its own intensities.

Costs and inputs other than power come from the technology a potline names (``smelt``, ``smelt_new``). Several potlines
may share a site without sharing power or capacity (three do in Guangyuan).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from model.expand.amounts import amount
from model.expand.rows import Record, origin, records
from model.tables import Tables

NEW_UNIT = "potline_new"
Rows = defaultdict[str, list[Record]]


@dataclass(frozen=True)
class Line:
    """One potline, existing or new: whose recipe it has, where it stands and who supplies its power.

    ``capacity`` in kt per year (0 for a new potline: its capacity is an option), ``intensity`` in GWh per kt of ingot
    (comprehensive), ``ac_intensity`` in kWh per tonne of molten metal (the tiered tariff needs that one, and only that).
    """

    technology: str
    process: str
    unit: str
    site: str
    region: str
    tariff: str
    capacity: float
    intensity: float
    ac_intensity: float
    table: str
    row: Record


def potlines(tables: Tables) -> tuple[Line, ...]:
    """The existing potlines: technology ``smelt_<plant>``, unit ``potline_<plant>``."""
    return tuple(
        _line("plants", row, f"smelt_{row['plant']}", f"potline_{row['plant']}", amount("plants", row, "capacity"))
        for row in records(tables, "plants")
    )


def new_potlines(tables: Tables) -> tuple[Line, ...]:
    """The sites of possible new potlines: technology ``smelt_new_<site>``, unit ``potline_new``."""
    return tuple(_line("new_potlines", row, f"smelt_new_{row['site']}", NEW_UNIT, 0.0) for row in records(tables, "new_potlines"))


def _line(table: str, row: Record, technology: str, unit: str, capacity: float) -> Line:
    return Line(
        technology, row["technology"], unit, row["site"], row["region"], row["tariff"], capacity,
        amount(table, row, "comprehensive_intensity"), float(row["ac_intensity"]), table, row,
    )


def line_rows(lines: tuple[Line, ...]) -> Rows:
    """Capacity (existing potlines only), running limits and capacity use of potlines.

    Restart cost is money per yearly kt brought back; restart_limit the share of capacity per month (rule R9).
    """
    rows: Rows = defaultdict(list)
    for line in lines:
        carried = origin(line.row)
        if line.capacity:
            rows["capacity"].append({"unit": line.unit, "site": line.site, "amount": line.capacity, **carried})
        rows["units"].append({
            "unit": line.unit, "site": line.site, "min_load": amount(line.table, line.row, "min_load"),
            "restart_cost": amount(line.table, line.row, "restart_cost"),
            "restart_limit": amount(line.table, line.row, "restart_limit"), **carried,
        })
        rows["capacity_use"].append({"technology": line.technology, "unit": line.unit, "use": 1.0, **carried})
    return rows
