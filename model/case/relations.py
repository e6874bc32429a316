"""Relations between columns and rows: recipes, unit use, existing capacity, effects of options, running and stocks."""

from __future__ import annotations

import pandas as pd

from model.case.calendar import Calendar
from model.case.columns import core_table
from model.tables import Tables, summed


def recipe(core: Tables, permitted: pd.DataFrame) -> pd.DataFrame:
    """technology, site, commodity, quantity at every permitted (technology, site); a site's own row replaces ``*``."""
    rows = core_table(core, "recipes")[["technology", "site", "commodity", "quantity"]]
    general = permitted.merge(rows[rows["site"] == "*"].drop(columns="site"), on="technology")
    own = permitted.merge(rows[rows["site"] != "*"], on=["technology", "site"])
    both = pd.concat([general, own], ignore_index=True).drop_duplicates(["technology", "site", "commodity"], keep="last")
    both = both[both["quantity"] != 0]
    return both.sort_values(["technology", "site", "commodity"], kind="stable").reset_index(drop=True)


def use(core: Tables, permitted: pd.DataFrame) -> pd.DataFrame:
    """technology, site, unit, use at every permitted (technology, site)."""
    rows = core_table(core, "capacity_use")[["technology", "unit", "use"]]
    both = permitted.merge(rows[rows["use"] != 0], on="technology")
    return both.sort_values(["unit", "site", "technology"], kind="stable").reset_index(drop=True)


def existing(core: Tables, calendar: Calendar) -> pd.DataFrame:
    """unit, site, period, amount: existing capacity as a yearly rate; rows add up whatever their rank (R2)."""
    rows = core_table(core, "capacity")[["unit", "site", "period", "amount"]].rename(columns={"period": "period_key"})
    wide = rows.merge(calendar.reach, on="period_key")
    return summed(wide, ["unit", "site", "period"], "amount")


def effect(core: Tables, options: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """unit, site, stage, option, decided, per_open, per_size: effects in the stage of decision and every later one."""
    order = pd.DataFrame({"stage": list(calendar.stages), "position": range(len(calendar.stages))})
    decided = options[["option", "stage"]].rename(columns={"stage": "decided"})
    decided = decided.merge(order.rename(columns={"stage": "decided", "position": "since"}), on="decided")
    rows = core_table(core, "option_effects")[["option", "unit", "site", "per_open", "per_size"]].merge(decided, on="option")
    wide = rows.merge(order, how="cross")
    wide = wide[wide["position"] >= wide["since"]]
    columns = ["unit", "site", "stage", "option", "decided", "per_open", "per_size"]
    return wide[columns].sort_values(columns[:5], kind="stable").reset_index(drop=True)


def running(core: Tables, sites_of_unit: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """unit, site, period with min_load, restart_cost, restart_share, initial, length, stage, previous, first (R9).

    ``restart_share``: share of living capacity that may be brought back in the period = restart_limit × 12 × length.
    """
    rows = core_table(core, "units")[["unit", "site", "min_load", "restart_cost", "restart_limit", "initial"]]
    general = sites_of_unit.merge(rows[rows["site"] == "*"].drop(columns="site"), on="unit")
    own = sites_of_unit.merge(rows[rows["site"] != "*"], on=["unit", "site"])
    both = pd.concat([general, own], ignore_index=True).drop_duplicates(["unit", "site"], keep="last")
    both = both.sort_values(["unit", "site"], kind="stable")
    wide = both.merge(calendar.periods[["period", "stage", "length", "previous", "first"]], how="cross")
    wide["restart_share"] = wide["restart_limit"] * 12.0 * wide["length"]
    return wide.reset_index(drop=True)


def retained(core: Tables, calendar: Calendar) -> pd.DataFrame:
    """commodity, site, period, previous, share: what is left of the stock of the period before, (1 − loss)^length (R10)."""
    rows = core_table(core, "stocks")[["commodity", "site", "loss"]].merge(calendar.periods[["period", "previous", "length"]], how="cross")
    rows["share"] = (1.0 - rows["loss"]) ** rows["length"]
    rows = rows.sort_values(["commodity", "site"], kind="stable").reset_index(drop=True)
    return rows[["commodity", "site", "period", "previous", "share"]]


def content(core: Tables) -> pd.DataFrame:
    """basket, commodity, content: what one unit sold counts in a basket; a content of 0 counts nothing (R12)."""
    rows = core_table(core, "baskets")[["basket", "commodity", "content"]]
    return rows[rows["content"] != 0].sort_values(["basket", "commodity"], kind="stable").reset_index(drop=True)
