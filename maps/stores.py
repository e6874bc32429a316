"""What stores do in a year: how much they hold at most and when, what goes through them, and what one more unit of room is worth."""

from __future__ import annotations

import math

import pandas as pd
from markupsafe import Markup

from maps.escape import MONEY_UNKNOWN, shown, unit_markup
from maps.figures import YUAN_PER_TONNE, compact, number
from maps.names import Names
from maps.tables import Table, column_heads
from maps.view import ReportView, rows_of
from model.pipeline import Planned

PRESENT = 1e-6
KEY = ["commodity", "site"]


def store_table(plan: Planned, stage: str) -> pd.DataFrame:
    """commodity, site, room, largest, fullest, through, kept, worth, misses: one row per store with room in ``stage``.

    room, largest: amount; ``fullest``: period of the largest stock; through: amount a year that is put in, expected over
    branches; ``kept``: cost of keeping, money of the objective a year; ``worth``: what one more unit of room saves a year (0 where it is never full);
    ``misses``: by how much one unit kept in the best period is too dear, of a store that stays empty (NaN: it is used, or
    the plan has no reduced costs).
    """
    periods = plan.results.case.calendar.periods
    mine = periods[periods["stage"] == stage].set_index("period")
    table = plan.results.values["stock"]
    table = table[table["period"].isin(mine.index)]
    if table.empty:
        return pd.DataFrame(columns=[*KEY, "room", "largest", "fullest", "through", "kept", "worth", "misses"])
    columns = plan.results.case.columns["stock"][[*KEY, "period", "upper"]]
    before = plan.results.case.relations["retained"].astype(dict.fromkeys((*KEY, "period", "previous"), str))
    rows = table.astype(dict.fromkeys((*KEY, "period"), str)).merge(columns.astype(dict.fromkeys((*KEY, "period"), str)), on=[*KEY, "period"])
    rows["chance"] = rows["period"].map(mine["probability"])
    earlier = rows[[*KEY, "period", "value"]].rename(columns={"period": "previous", "value": "earlier"})
    rows = rows.merge(before, on=[*KEY, "period"], how="left").merge(earlier, on=[*KEY, "previous"], how="left")
    rows["put_in"] = (rows["value"] - rows["earlier"].fillna(0.0) * rows["share"].fillna(0.0)).clip(lower=0.0) * rows["chance"]
    weight = plan.results.case.calendar.stage_weight[stage]
    return pd.DataFrame([_store(key, store, weight) for key, store in rows.groupby(KEY, sort=True) if store["upper"].max() > 0])


def _store(key: tuple[str, str], rows: pd.DataFrame, weight: float) -> dict[str, object]:
    """One row of ``store_table``."""
    reduced = rows["reduced_cost"] / weight if "reduced_cost" in rows else pd.Series(math.nan, rows.index)
    full = rows["value"] >= rows["upper"] * (1 - PRESENT)
    used = bool((rows["value"] > PRESENT).any())
    return {
        "commodity": key[0], "site": key[1], "room": float(rows["upper"].max()), "largest": float(rows["value"].max()),
        "fullest": str(rows.loc[rows["value"].idxmax(), "period"]) if used else "", "through": float(rows["put_in"].sum()),
        "kept": float((rows["cost"] + rows["charge"]).sum()) / weight, "worth": float(-reduced[full].clip(upper=0.0).sum()) + 0.0,
        "misses": math.nan if used else float((reduced / rows["chance"]).min()),
    }


def stores(view: ReportView, names: Names) -> Table:
    """One row per store; a price stands only where it says something."""
    own = view.summary.get("unit") == MONEY_UNKNOWN  # the author's own money and units: nothing is converted
    per, heads = (1.0, "#room_worth #keeping_misses") if own else (YUAN_PER_TONNE, "#room_worth_t #keeping_misses_t")
    body = []
    for row in rows_of(view.stores):
        worth = "" if row.worth == 0 or not math.isfinite(row.room) else compact(per * row.worth)
        body.append((
            names.site_markup(row.site), names.good_markup(row.commodity), unit_markup(names.unit.get(row.commodity, "")),
            compact(row.room) if math.isfinite(row.room) else Markup("∞"), number(row.largest, 1), shown(row.fullest), number(row.through, 1),
            compact(row.kept), worth, compact(per * row.misses) if math.isfinite(row.misses) else "",
        ))
    return Table(column_heads("site good unit #room #largest fullest #through #kept " + heads), tuple(body))
