"""What a scenario optimises: cost, or any weighted mix of cost and indicators, written into the core tables themselves.

The weights are multiplied into costs and indicator prices, so that solving the written ``case/`` alone gives the same
objective; the program always minimises.
"""

from __future__ import annotations

from collections.abc import Mapping

from model.scenario.records import COST
from model.schema import ALL_TABLES
from model.tables import Tables
from model.units import MONEY

# table → columns that carry money; sales prices are money received and scale alike
MONEY_COLUMNS: dict[str, tuple[str, ...]] = {
    "tech_sites": ("variable_cost",),
    "units": ("restart_cost",),
    "options": ("fixed_cost", "variable_cost"),
    "option_points": ("cost",),
    "lanes": ("unit_cost", "fixed_cost"),
    "supply": ("price",),
    "demand": ("price", "shortage_price"),
    "stocks": ("holding_cost",),
    "indicators": ("price", "relax_price"),
}


def weighted(core: Tables, weights: Mapping[str, float]) -> Tables:
    """``core`` with every money column × ``weights["cost"]`` (0 if absent) and indicator prices + their weight.

    The scenario was checked: every other weight names an indicator.
    """
    if dict(weights) == {COST: 1.0}:
        return core
    result = dict(core)
    scale = float(weights.get(COST, 0.0))
    for table, columns in MONEY_COLUMNS.items():
        if table in result and scale != 1.0:
            result[table] = result[table].assign(**{column: result[table][column] * scale for column in columns})
    if "indicators" in result:
        indicators = result["indicators"]
        extra = indicators["indicator"].map({name: float(weight) for name, weight in weights.items() if name != COST}).fillna(0.0)
        result["indicators"] = indicators.assign(price=indicators["price"] + extra)
    return result


def unit_of(weights: Mapping[str, float], core: Tables, tables: Tables) -> str:
    """Unit of the objective: million yuan where convenience tables with money are converted into it, else "money".

    Core tables are taken as they stand (R19), so only their author knows their money. An objective that is one indicator
    with weight 1 or -1 has the unit of that indicator.
    """
    if len(weights) == 1 and COST not in weights and abs(next(iter(weights.values()))) == 1.0:
        return str(core["indicators"].set_index("indicator").loc[next(iter(weights)), "unit"])
    columns = (column for name, table in tables.items() if len(table) for column in ALL_TABLES[name].columns)
    return MONEY if any("yuan" in column.unit for column in columns) else "money"
