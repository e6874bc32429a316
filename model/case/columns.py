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
    "stock": "holding", "restart": "restart", "running": "restart", "open": "capital", "size": "capital", "excess": "relaxation",
}


def core_table(core: Tables, name: str) -> pd.DataFrame:
    """The core table ``name``, empty where the dataset has none."""
    return core[name] if name in core else _absent(name)


@cache
def _absent(name: str) -> pd.DataFrame:
    return empty(ALL_TABLES[name])


def _family(name: str, rows: pd.DataFrame, lower: Numbers, upper: Numbers, price: Numbers, weight: Numbers) -> pd.DataFrame:
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
        "activity": _family("activity", work, work["min_activity"], work["max_activity"], work["variable_cost"], work["price_weight"]),
        "flow": _family("flow", lane, 0.0, lane["max_flow"], lane["unit_cost"], lane["price_weight"]),
        "supply": _family("supply", buy, buy["min"], buy["max"], buy["price"], buy["price_weight"]),
        "sale": _family("sale", sell, 0.0, sell["max"], -sell["price"], sell["price_weight"]),
        "short": _family("short", miss, 0.0, miss["min"], miss["shortage_price"], miss["price_weight"]),
        "stock": _family("stock", stock, 0.0, stock["capacity"], stock["holding_cost"], stock["price_weight"] * stock["length"]),
    }
    columns["flow"]["delivered_share"] = lane["delivered_share"]
    columns["flow"]["kilometres"] = lane["kilometres"]
    columns["sale"]["must_serve"] = sell["min"]
    return columns


def option_stages(core: Tables, calendar: Calendar) -> pd.DataFrame:
    """The options table with ``stage`` (where each row may be decided, R5) and ``weight`` (remaining stage weights)."""
    options = core_table(core, "options").copy()
    stage_of = dict(zip(calendar.periods["period"], calendar.periods["stage"], strict=True)) | {name: name for name in calendar.stages}
    options["stage"] = options["period"].map(stage_of).fillna(calendar.stages[0])
    options["starred"] = options["period"] == "*"
    options = options.sort_values(["option", "stage", "starred"], kind="stable").drop_duplicates(["option", "stage"], keep="first")
    options["weight"] = options["stage"].map(calendar.remaining_weight)
    return options.reset_index(drop=True)


def option_columns(options: pd.DataFrame, with_open: pd.Series) -> dict[str, pd.DataFrame]:
    """size for every option and stage; open where the yes/no exists (``with_open``), fixed by ``forced``."""
    forbidden = options["forced"] == 0
    lower = options["min_size"].where(with_open & (options["forced"] == 1), 0.0)
    upper = options["max_size"].where(~forbidden, 0.0)
    size = _family("size", options, lower, upper, options["variable_cost"], options["weight"])
    decided = options[with_open].reset_index(drop=True)
    low = (decided["forced"] == 1).astype(float)
    high = (decided["forced"] != 0).astype(float)
    return {"size": size, "open": _family("open", decided, low, high, decided["fixed_cost"], decided["weight"])}


def running_columns(running: pd.DataFrame, calendar: Calendar) -> dict[str, pd.DataFrame]:
    """running and restart of the units that cannot swing freely (R9); a yearly rate, restart money per rate brought back."""
    weight = running["period"].map(calendar.periods.set_index("period")["price_weight"])
    return {
        "running": _family("running", running, 0.0, np.inf, 0.0, weight),
        "restart": _family("restart", running, 0.0, np.inf, running["restart_cost"], weight),
    }
