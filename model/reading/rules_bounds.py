"""Rules of amounts and prices: floors below ceilings, no money pump, single source, lanes with a yes/no (R12, R16)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from model.problems import Problems
from model.reading.gate import place_of, shown
from model.tables import Tables

FLOORS: Final = (  # table, floor, ceiling
    ("tech_sites", "min_activity", "max_activity"), ("supply", "min", "max"), ("demand", "min", "max"),
    ("basket_demand", "min", "max"), ("options", "min_size", "max_size"), ("indicators", "min", "max"),
)
PUMPS: Final = (  # table, cost, upper bound
    ("supply", "price", "max"), ("tech_sites", "variable_cost", "max_activity"), ("lanes", "unit_cost", "max_flow"),
)


def report(
    problems: Problems,
    rule: str,
    tables: Tables,
    name: str,
    mask: pd.Series,
    column: str,
    value: pd.Series | None = None,
    **facts: pd.Series,
) -> None:
    """Report every row of table ``name`` that ``mask`` marks.

    ``value`` (default: the column itself) and ``facts`` are columns whose cell in that row fills the sentence.
    """
    table = tables[name]
    if not mask.any():
        return
    place = place_of(name, table, column)
    cells = table[column] if value is None else value
    for index in np.flatnonzero(mask):
        row_facts: dict[str, Any] = {key: _shown(fact.iloc[index]) for key, fact in facts.items()}
        place.add(problems, rule, int(index), _shown(cells.iloc[index]), **row_facts)


def is_neither(flags: pd.Series) -> pd.Series:
    """Which cells are neither 0 nor 1 nor blank."""
    return flags.notna() & ~flags.isin([0.0, 1.0])


def _shown(cell: object) -> str:
    return shown(cell) if isinstance(cell, float) else str(cell)


def check_bounds(tables: Tables, problems: Problems) -> None:
    """A floor above its ceiling."""
    for name, floor, ceiling in FLOORS:
        if name in tables:
            table = tables[name]
            mask = table[floor] > table[ceiling]  # false where either is blank
            report(problems, "floor_above_ceiling", tables, name, mask, floor, ceiling=table[ceiling])


def check_lanes(tables: Tables, problems: Problems) -> None:
    """A lane with a fixed charge is a yes/no and needs a tight bound (R11)."""
    if "lanes" in tables:
        lanes = tables["lanes"]
        mask = (lanes["fixed_cost"] > 0) & lanes["max_flow"].isna()
        report(problems, "fixed_lane_without_bound", tables, "lanes", mask, "max_flow", value=lanes["fixed_cost"])


def check_prices(tables: Tables, problems: Problems) -> None:
    """A negative cost without an upper bound may be a money pump (R16)."""
    for name, cost, bound in PUMPS:
        if name in tables:
            table = tables[name]
            mask = (table[cost] < 0) & table[bound].isna()
            report(problems, "money_pump", tables, name, mask, cost, bound=pd.Series(bound, index=table.index))


def check_places(tables: Tables, problems: Problems) -> None:
    """A site has both coordinates or none."""
    if "sites" in tables:
        sites = tables["sites"]
        mask = sites["lat"].isna() ^ sites["lon"].isna()
        report(problems, "half_a_point", tables, "sites", mask, "lat", value=sites["site"])


def check_single_source(tables: Tables, problems: Problems) -> None:
    """single_source is 0 or 1, and 1 needs min = max > 0, no shortage price, one row per good, site and period (R12)."""
    if "demand" not in tables:
        return
    demand = tables["demand"]
    report(problems, "not_yes_or_no", tables, "demand", is_neither(demand["single_source"]), "single_source")
    single = demand["single_source"] == 1.0
    loose = single & ~((demand["min"] == demand["max"]) & (demand["min"] > 0))
    report(problems, "single_source_amount", tables, "demand", loose, "min", maximum=demand["max"])
    report(problems, "single_source_shortage", tables, "demand", single & demand["shortage_price"].notna(), "shortage_price")
    shared = single & demand.duplicated(["commodity", "site", "period"], keep=False)
    report(problems, "single_source_rows", tables, "demand", shared, "segment", value=demand["commodity"], site=demand["site"])


def check_expected(tables: Tables, problems: Problems) -> None:
    """expected.csv holds one optimum."""
    if "expected" in tables and len(tables["expected"]) != 1:
        table = tables["expected"]
        file = str(table["_file"].iloc[0]) if len(table) else "expected"
        problems.add("expected_one_row", file=file, column="objective", value=len(table))
