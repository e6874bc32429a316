"""What the rules of the linear program refer to: parameters and sparse sets as rows of the Case's tables.

Both roads to the linear program read these declarations: ``build`` makes ordinary Pyomo parameters and sets of them,
``templates`` gathers the same rows as arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.structure import TERM_FAMILIES

Names = tuple[str, ...]
PLACE = ("commodity", "site", "period")
UNIT = ("unit", "site", "period")
STAGE = ("unit", "site", "stage")
SIDES = {"floor": "min", "ceiling": "max"}


@dataclass(frozen=True)
class Rows:
    """Rows of ``table``, those ``kept`` where given; with ``other`` their pairs with rows of that table that have equal cells in ``on``."""

    table: pd.DataFrame
    other: pd.DataFrame | None = None
    on: Names = ()
    kept: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Parameter:
    """One number of ``values`` for every row of ``table``, found by ``key``.

    No two rows share a key, or they are ``repeated`` with the same number.
    """

    table: pd.DataFrame
    key: Names
    values: NDArray[np.float64]
    repeated: bool = False


@dataclass(frozen=True)
class Members:
    """For every key ``by`` the ``members`` of its rows; the keys asked for are those of the row families ``asked``."""

    rows: Rows
    by: Names
    members: Names
    asked: Names


@dataclass(frozen=True)
class Declarations:
    """Everything that rules may refer to beside the columns."""

    parameters: dict[str, Parameter]
    members: dict[str, Members]


def declare(case: Case) -> Declarations:
    """The parameters and sets of ``case``."""
    return Declarations(_parameters(case), _balances(case) | _capacities(case) | _decisions(case) | _indicators(case))


def _number(table: pd.DataFrame, key: Names, column: str) -> Parameter:
    return Parameter(table, key, table[column].to_numpy(float))


def _parameters(case: Case) -> dict[str, Parameter]:
    related, columns = case.relations, case.columns
    effect, changed = related["effect"], ("option", "unit", "site")
    result = {
        "quantity": _number(related["recipe"], ("technology", "site", "commodity"), "quantity"),
        "use": _number(related["use"], ("technology", "site", "unit"), "use"),
        "delivered_share": _number(columns["flow"], COLUMN_KEYS["flow"], "delivered_share"),
        "retained": _number(related["retained"], PLACE, "share"),
        "length": _number(case.calendar.periods, ("period",), "length"),
        "per_size": Parameter(effect, changed, effect["per_size"].to_numpy(float), repeated=True),
        "per_open": Parameter(effect, changed, effect["per_open"].to_numpy(float), repeated=True),
        "content": _number(related["content"], ("basket", "commodity"), "content"),
        "size_there": _number(columns["point"], COLUMN_KEYS["point"], "size_there"),
        "largest_flow": _number(columns["flow"], COLUMN_KEYS["flow"], "largest"),
        "single_amount": _number(columns["source"], COLUMN_KEYS["source"], "amount"),
    }
    result |= {name: _number(related["running"], UNIT, name) for name in ("min_load", "restart_share", "initial")}
    result |= {name: _number(columns["open"], COLUMN_KEYS["open"], name) for name in ("min_size", "max_size")}
    for family, key in COLUMN_KEYS.items():
        table = columns[family]
        result[f"{family}_price"] = Parameter(table, key, (table["cost"] + table["charge"]).to_numpy(float))
        for side in SIDES if family in TERM_FAMILIES else ():
            result[f"{side}_{family}"] = _number(related[f"{side}_{family}"], (*ROW_KEYS["indicator_floor"], *key), "coefficient")
    for family, key in ROW_KEYS.items():
        result |= {f"{family}_{side}": _number(case.rows[family], key, side) for side in ("lower", "upper")}
    return result


def _balances(case: Case) -> dict[str, Members]:
    """Who brings and takes a good at a site in a period."""
    columns, related, asked = case.columns, case.relations, ("balance", "balance_exact")
    work = Rows(columns["activity"], related["recipe"], ("technology", "site"))
    flow = Rows(columns["flow"])
    return {
        "PROCESSES": Members(work, PLACE, ("technology",), asked),
        "ARRIVALS": Members(flow, ("commodity", "to", "period"), ("from", "mode"), asked),
        "DEPARTURES": Members(flow, ("commodity", "from", "period"), ("to", "mode"), asked),
        "TIERS": Members(Rows(columns["supply"]), PLACE, ("tier",), asked),
        "SEGMENTS": Members(Rows(columns["sale"]), PLACE, ("segment",), asked),
        "STOCK_NOW": Members(Rows(columns["stock"]), PLACE, ("period",), asked),
        "STOCK_BEFORE": Members(Rows(related["retained"]), PLACE, ("previous",), asked),
    }


def _capacities(case: Case) -> dict[str, Members]:
    """Who uses a unit, what options change of it and what ran before."""
    related, periods, asked = case.relations, case.calendar.periods, ("capacity", "running_capacity")
    effect, running = related["effect"], related["running"]
    stated = running["first"].to_numpy(bool) & running["initial"].notna().to_numpy()
    result = {
        "USERS": Members(Rows(case.columns["activity"], related["use"], ("technology", "site")), UNIT, ("technology",), asked),
        "RUNNING_BEFORE": Members(Rows(running, kept=~stated), UNIT, ("previous",), ("restart_rise",)),
        "RUNNING_INITIAL": Members(Rows(running, kept=stated), UNIT, ("period",), ("restart_rise",)),
    }
    for share, name in (("per_size", "SIZES"), ("per_open", "OPENS")):
        chosen = effect[share].to_numpy(float) != 0
        result[name] = Members(Rows(effect, periods, ("stage",), chosen), UNIT, ("option", "decided"), asked)
        result[f"STAGE_{name}"] = Members(Rows(effect, kept=chosen), STAGE, ("option", "decided"), ("closure",))
    return result


def _decisions(case: Case) -> dict[str, Members]:
    """What cost points, charged lanes, shortages and baskets refer to."""
    columns = case.columns
    charged = columns["flow"]["fixed_cost"].to_numpy(float) > 0
    sold = Rows(columns["sale"], case.relations["content"], ("commodity",))
    return {
        "POINTS": Members(Rows(columns["point"]), COLUMN_KEYS["open"], ("point",), ("point_choice",)),
        "CHARGES": Members(Rows(columns["flow"], kept=charged), COLUMN_KEYS["flow"], ("when",), ("lane_charge",)),
        "SHORT_HERE": Members(Rows(columns["short"]), COLUMN_KEYS["short"], ("period",), ("must_serve",)),
        "BASKET_SALES": Members(sold, ("basket", "site", "period"), ("commodity", "segment"), ("basket_floor", "basket_ceiling")),
    }


def _indicators(case: Case) -> dict[str, Members]:
    """Relaxations and terms of the bound rows."""
    result, key, excess = {}, ROW_KEYS["indicator_floor"], case.columns["excess"]
    for side, limit in SIDES.items():
        asked = (f"indicator_{side}",)
        result[f"{side.upper()}_EXCESS"] = Members(Rows(excess, kept=(excess["side"] == limit).to_numpy(bool)), key, ("side",), asked)
        for family in TERM_FAMILIES:
            terms = case.relations[f"{side}_{family}"]
            result[f"{side}_{family}".upper()] = Members(Rows(terms), key, COLUMN_KEYS[family], asked)
    return result
