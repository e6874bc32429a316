"""Column families: one table of bounds and objective costs per kind of variable."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from model.case.calendar import Calendar, spread
from model.case.structure import COLUMN_KEYS
from model.schema import ALL_TABLES
from model.tables import Tables, empty

Numbers = float | pd.Series
DEFAULT_CLASS = {
    "activity": "production", "flow": "freight", "supply": "purchases", "sale": "sales", "short": "shortage",
    "stock": "holding", "restart": "restart", "running": "restart", "open": "capital", "size": "capital", "point": "capital",
    "lane_open": "freight", "source": "freight", "excess": "relaxation",
}


def core_table(core: Tables, name: str) -> pd.DataFrame:
    """The core table ``name``, empty where the dataset has none."""
    return core[name] if name in core else _absent(name)


@cache
def _absent(name: str) -> pd.DataFrame:
    return empty(ALL_TABLES[name])


def family_of(name: str, rows: pd.DataFrame, lower: Numbers, upper: Numbers, price: Numbers, weight: Numbers) -> pd.DataFrame:
    """The table of a column family: key, bounds, price, weight and their product, the cost in the objective."""
    table = rows[list(COLUMN_KEYS[name])].copy()
    for column, value in (("lower", lower), ("upper", upper), ("unit_price", price), ("weight", weight)):
        table[column] = pd.Series(value, index=rows.index, dtype="float64")
    table["upper"] = table["upper"].fillna(np.inf)
    table["cost"] = table["unit_price"].astype(float) * table["weight"].astype(float)
    given = rows["cost_class"] if "cost_class" in rows else pd.Series("", index=rows.index)
    table["cost_class"] = given.where(given != "", DEFAULT_CLASS[name])
    table["grade"] = rows.get("grade", "")
    return table


def period_columns(core: Tables, calendar: Calendar) -> dict[str, pd.DataFrame]:
    """activity, flow, supply, sale, short and stock with one row per key and period."""
    work = spread(core_table(core, "tech_sites"), ["technology", "site"], ["min_activity", "max_activity"], calendar)
    lane = spread(core_table(core, "lanes"), ["commodity", "from", "to", "mode"], ["max_flow"], calendar)
    buy = spread(core_table(core, "supply"), ["commodity", "site", "tier"], ["min", "max"], calendar)
    sell = spread(core_table(core, "demand"), ["commodity", "site", "segment"], ["min", "max"], calendar)
    miss = sell[sell["shortage_price"].notna() & (sell["min"] > 0)].reset_index(drop=True)
    stock = core_table(core, "stocks").merge(calendar.periods[["period", "length", "price_weight"]], how="cross")
    stock = stock.sort_values(["commodity", "site"], kind="stable").reset_index(drop=True)
    columns = {
        "activity": family_of("activity", work, work["min_activity"], work["max_activity"], work["variable_cost"], work["price_weight"]),
        "flow": family_of("flow", lane, 0.0, lane["max_flow"], lane["unit_cost"], lane["price_weight"]),
        "supply": family_of("supply", buy, buy["min"], buy["max"], buy["price"], buy["price_weight"]),
        "sale": family_of("sale", sell, 0.0, sell["max"], -sell["price"], sell["price_weight"]),
        "short": family_of("short", miss, 0.0, miss["min"], miss["shortage_price"], miss["price_weight"]),
        "stock": family_of("stock", stock, 0.0, stock["capacity"], stock["holding_cost"], stock["price_weight"] * stock["length"]),
    }
    columns["flow"]["delivered_share"] = lane["delivered_share"]
    columns["flow"]["kilometres"] = lane["kilometres"]
    columns["sale"]["must_serve"] = sell["min"]
    # the largest flow of a charged lane stands in its row, where the yes/no multiplies it
    columns["flow"]["largest"] = columns["flow"]["upper"]
    columns["flow"].loc[lane["fixed_cost"] > 0, "upper"] = np.inf
    # a named period's row is charged for that period, any other once per year and stage (R11)
    columns["flow"]["fixed_cost"] = lane["fixed_cost"]
    columns["flow"]["when"] = lane["period"].where(lane["named"], lane["stage"])
    columns["flow"]["charge_weight"] = lane["price_weight"].where(lane["named"], lane["stage"].map(calendar.stage_weight))
    columns["sale"]["single_source"] = sell["single_source"]
    return columns


def running_columns(running: pd.DataFrame, calendar: Calendar) -> dict[str, pd.DataFrame]:
    """running and restart of the units that cannot swing freely (R9); a yearly rate, restart money per rate brought back."""
    weight = running["period"].map(calendar.periods.set_index("period")["price_weight"])
    return {
        "running": family_of("running", running, 0.0, np.inf, 0.0, weight),
        "restart": family_of("restart", running, 0.0, np.inf, running["restart_cost"], weight),
    }
