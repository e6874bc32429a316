"""Row families: the index, bounds and dual weights of every constraint."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.case.calendar import Calendar
from model.case.structure import ROW_KEYS

CLOSURE_TOLERANCE = 1e-9  # share of existing capacity by which closures may overshoot (R8)
Relations = dict[str, pd.DataFrame]
Columns = dict[str, pd.DataFrame]


def _rows(name: str, table: pd.DataFrame, lower: float | pd.Series, upper: float | pd.Series, weight: pd.Series) -> pd.DataFrame:
    rows = table[list(ROW_KEYS[name])].copy()
    for column, value in (("lower", lower), ("upper", upper), ("weight", weight)):
        rows[column] = pd.Series(value, index=rows.index, dtype="float64")
    return rows.reset_index(drop=True)


def balance_rows(columns: Columns, relations: Relations, commodities: pd.DataFrame, calendar: Calendar) -> Columns:
    """A balance wherever a good can move: ``balance`` ≥ 0, ``balance_exact`` = 0 for goods that may not vanish."""
    made = columns["activity"][["technology", "site", "period"]].merge(relations["recipe"], on=["technology", "site"])
    flow = columns["flow"]
    parts = [
        made,
        columns["supply"],
        columns["sale"],
        columns["stock"],
        flow.rename(columns={"from": "site"}),
        flow.drop(columns="from").rename(columns={"to": "site"}),
    ]
    index = pd.concat([part[["commodity", "site", "period"]] for part in parts]).drop_duplicates()
    index = _in_order(index, ["commodity", "site"], calendar)
    exact = index["commodity"].isin(set(commodities.loc[commodities["balance"] == "exact", "commodity"]))
    weight = _price_weight(index, calendar)
    return {
        "balance": _rows("balance", index[~exact], 0.0, np.inf, weight[~exact]),
        "balance_exact": _rows("balance_exact", index[exact], 0.0, 0.0, weight[exact]),
    }


def capacity_rows(columns: Columns, relations: Relations, calendar: Calendar) -> Columns:
    """capacity where units swing freely; running_capacity, running_use, minimum_load and restart rows where they do not."""
    used = columns["activity"][["technology", "site", "period"]].merge(relations["use"], on=["technology", "site"])
    used = _in_order(used[["unit", "site", "period"]].drop_duplicates(), ["unit", "site"], calendar)
    used = _with_existing(used, relations["existing"], calendar)
    running = _with_existing(relations["running"], relations["existing"], calendar, keep_length=True)
    held = used.merge(running[["unit", "site"]].drop_duplicates(), on=["unit", "site"], how="left", indicator=True)
    free = held[held["_merge"] == "left_only"].reset_index(drop=True)
    initial = running["initial"].where(running["first"], np.nan)
    weight = _price_weight(running, calendar)
    limited = running["restart_share"].notna()
    loaded = running["min_load"] > 0
    return {
        "capacity": _rows("capacity", free, -np.inf, free["length"] * free["amount"], _price_weight(free, calendar)),
        "running_capacity": _rows("running_capacity", running, -np.inf, running["amount"], weight),
        "running_use": _rows("running_use", running, -np.inf, 0.0, weight),
        "minimum_load": _rows("minimum_load", running[loaded], 0.0, np.inf, weight[loaded]),
        "restart_rise": _rows("restart_rise", running, -(initial * running["amount"]).fillna(0.0), np.inf, weight),
        "restart_limit": _rows("restart_limit", running[limited], -np.inf, (running["restart_share"] * running["amount"])[limited], weight[limited]),
    }


def closure_rows(relations: Relations, calendar: Calendar) -> pd.DataFrame:
    """existing + Σ effects ≥ 0 wherever some effect takes capacity away (R8); the scarcest period of the stage counts."""
    effect = relations["effect"]
    negative = effect[(effect["per_open"] < 0) | (effect["per_size"] < 0)][["unit", "site", "stage"]].drop_duplicates()
    periods = negative.merge(calendar.periods[["period", "stage"]], on="stage")
    amounts = periods.merge(relations["existing"], on=["unit", "site", "period"], how="left").fillna({"amount": 0.0})
    least = pd.DataFrame(amounts.groupby(["unit", "site", "stage"], as_index=False, sort=True)["amount"].min())
    weight = least["stage"].map(calendar.stage_weight)
    return _rows("closure", least, -least["amount"] * (1.0 + CLOSURE_TOLERANCE), np.inf, weight)


def demand_rows(columns: Columns, baskets: pd.DataFrame) -> Columns:
    """must_serve where a minimum is stated; floors and ceilings of baskets (R12)."""
    served = columns["sale"][columns["sale"]["must_serve"] > 0]
    floor, ceiling = baskets[baskets["min"] > 0], baskets[baskets["max"].notna()]
    return {
        "must_serve": _rows("must_serve", served, served["must_serve"], np.inf, served["weight"]),
        "basket_floor": _rows("basket_floor", floor, floor["min"], np.inf, floor["price_weight"]),
        "basket_ceiling": _rows("basket_ceiling", ceiling, -np.inf, ceiling["max"], ceiling["price_weight"]),
    }


def _with_existing(index: pd.DataFrame, existing: pd.DataFrame, calendar: Calendar, *, keep_length: bool = False) -> pd.DataFrame:
    rows = index.merge(existing, on=["unit", "site", "period"], how="left").fillna({"amount": 0.0})
    return rows if keep_length else rows.merge(calendar.periods[["period", "length"]], on="period", how="left")


def _price_weight(rows: pd.DataFrame, calendar: Calendar) -> pd.Series:
    return rows["period"].map(calendar.periods.set_index("period")["price_weight"]).astype(float)


def _in_order(rows: pd.DataFrame, key: list[str], calendar: Calendar) -> pd.DataFrame:
    order = {str(period): number for number, period in enumerate(calendar.periods["period"])}
    return rows.assign(_order=rows["period"].map(order)).sort_values([*key, "_order"], kind="stable").drop(columns="_order").reset_index(drop=True)
