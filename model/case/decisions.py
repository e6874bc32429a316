"""Yes/no decisions and what hangs on them: options and their cost points, charged lanes, single sourcing (R5–R7, R11, R12)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.case.calendar import Calendar
from model.case.columns import core_table, family_of
from model.case.structure import COLUMN_KEYS, ROW_KEYS
from model.tables import Tables

Columns = dict[str, pd.DataFrame]
LANE = ["commodity", "from", "to", "mode"]


def option_stages(core: Tables, terms: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The options table with ``stage`` (where each row may be decided, R5) and ``weight`` (remaining stage weights).

    ``pointed``: costs and sizes stand in cost points (R7); ``with_open``: the yes/no exists (R6).
    """
    options = _decided(core_table(core, "options"), ["option", "stage"], calendar)
    options["weight"] = options["stage"].map(calendar.remaining_weight)
    pointed = pd.MultiIndex.from_frame(points(core, options, calendar)[["option", "stage"]])
    options["pointed"] = pd.MultiIndex.from_frame(options[["option", "stage"]]).isin(pointed)
    effects = core_table(core, "option_effects")
    named = set(terms.loc[terms["kind"] == "open", "a"])
    counted = named | set(effects.loc[effects["per_open"] != 0, "option"])
    own = (options["fixed_cost"] != 0) | (options["min_size"] != 0) | options["pointed"]
    options["with_open"] = own | options["option"].isin(counted) | ("*" in named)
    return options


def _decided(rows: pd.DataFrame, key: list[str], calendar: Calendar) -> pd.DataFrame:
    """Rows with their ``stage``; ``*`` is the first, and a stage's own row replaces the ``*`` row of that stage (R2, R5)."""
    rows = rows.assign(stage=rows["period"].map(calendar.stage_of).fillna(calendar.stages[0]), starred=rows["period"] == "*")
    return rows.sort_values([*key, "starred"], kind="stable").drop_duplicates(key, keep="first").reset_index(drop=True)


def points(core: Tables, options: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """option, stage, point, size, cost: a stage's own points replace all ``*`` points of the option (R7)."""
    table = core_table(core, "option_points")
    places = options[["option", "stage"]]
    own = places.merge(table[table["period"] != "*"].assign(stage=lambda rows: rows["period"].map(calendar.stage_of)), on=["option", "stage"])
    general = places.merge(table[table["period"] == "*"], on="option").merge(
        own[["option", "stage"]].drop_duplicates(), on=["option", "stage"], how="left", indicator="replaced"
    )
    both = pd.concat([own, general[general["replaced"] == "left_only"]], ignore_index=True)
    return both.sort_values(["option", "stage", "point"], kind="stable")[["option", "stage", "point", "size", "cost"]].reset_index(drop=True)


def option_columns(core: Tables, options: pd.DataFrame, calendar: Calendar) -> Columns:
    """size for every option and stage, open where the yes/no exists, point for every cost point.

    A yes/no that ``forced`` decides is a bound: of ``open``, and of ``size`` where there are no points.
    """
    chosen = points(core, options, calendar).merge(options[["option", "stage", "weight", "cost_class", "grade", "forced"]], on=["option", "stage"])
    forbidden, forced = options["forced"] == 0, options["forced"] == 1
    lower = options["min_size"].where(options["with_open"] & forced, 0.0)
    # where a row ties the size to the yes/no or to cost points, that row bounds it
    upper = options["max_size"].where(~options["pointed"] & (forced | ~options["with_open"]), np.inf).where(~forbidden, 0.0)
    decided = options[options["with_open"]].reset_index(drop=True)
    low, high = (decided["forced"] == 1).astype(float), (decided["forced"] != 0).astype(float)
    opened = family_of("open", decided, low, high, decided["fixed_cost"], decided["weight"])
    point = family_of("point", chosen, 0.0, (chosen["forced"] != 0).astype(float), chosen["cost"], chosen["weight"])
    return {
        "size": family_of("size", options, lower, upper, options["variable_cost"], options["weight"]),
        "open": opened.assign(min_size=decided["min_size"], max_size=decided["max_size"], pointed=decided["pointed"]),
        "point": point.assign(size_there=chosen["size"]),
    }


def lane_columns(flow: pd.DataFrame, sale: pd.DataFrame) -> Columns:
    """lane_open: one yes/no per charged lane and stage, or per named period (R11); source: which lane brings a demand (R12).

    ``flow`` carries fixed_cost, when (stage or period of its charge) and charge_weight; ``sale`` carries single_source.
    """
    charged = flow[flow["fixed_cost"] > 0].drop_duplicates(list(COLUMN_KEYS["lane_open"])).reset_index(drop=True)
    single = sale[sale["single_source"] == 1][["commodity", "site", "period", "must_serve"]].rename(columns={"site": "to", "must_serve": "amount"})
    inbound = flow[list(COLUMN_KEYS["source"])].merge(single, on=["commodity", "to", "period"])
    return {
        "lane_open": family_of("lane_open", charged, 0.0, 1.0, charged["fixed_cost"], charged["charge_weight"]),
        "source": family_of("source", inbound, 0.0, 1.0, 0.0, 1.0).assign(amount=inbound["amount"]),
    }


def decision_rows(columns: Columns, calendar: Calendar) -> Columns:
    """Rows that tie sizes, points, flows and deliveries to their yes/no; a yes/no already decided needs none for its size."""
    opened, flow, sale = columns["open"], columns["flow"], columns["sale"]
    free = opened[(opened["lower"] < opened["upper"]) & ~opened["pointed"]]
    floor = free[free["min_size"] > 0]
    pointed = opened[opened["pointed"]]
    charged = flow[flow["fixed_cost"] > 0]
    single = sale[sale["single_source"] == 1]
    years = calendar.stage_weight
    return {
        "size_floor": _rows("size_floor", floor, 0.0, np.inf, floor["stage"].map(years)),
        "size_ceiling": _rows("size_ceiling", free, -np.inf, 0.0, free["stage"].map(years)),
        "point_choice": _rows("point_choice", pointed, 0.0, 0.0, pointed["stage"].map(years)),
        "point_size": _rows("point_size", pointed, 0.0, 0.0, pointed["stage"].map(years)),
        "lane_charge": _rows("lane_charge", charged, -np.inf, 0.0, charged["weight"]),
        "single_source": _rows("single_source", single, 1.0, 1.0, single["weight"]),
        "source_flow": _rows("source_flow", columns["source"], 0.0, 0.0, _weights(columns["source"], calendar)),
    }


def _rows(name: str, table: pd.DataFrame, lower: float, upper: float, weight: pd.Series) -> pd.DataFrame:
    return table[list(ROW_KEYS[name])].assign(lower=lower, upper=upper, weight=weight.astype(float)).reset_index(drop=True)


def _weights(table: pd.DataFrame, calendar: Calendar) -> pd.Series:
    return table["period"].map(calendar.periods.set_index("period")["price_weight"])
