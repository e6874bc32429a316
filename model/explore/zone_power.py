"""Power of the zones in the month that matters to a new smelter: what a zone offers, what is drawn, and what it has left."""

from __future__ import annotations

import pandas as pd

from model.expand.power import tier_of
from model.expand.rows import records
from model.expand.tariffs import ELECTRICITY
from model.pipeline import Planned
from model.tables import summed

HYDRO = "hydro"  # component of the power balance by which months are dry
DRIEST, TIGHTEST = "driest", "tightest"
COLUMNS = ("zone", "stage", "branch", "month", "period", "offered", "used", "left", "drawn", "tie_left")


def zones(plan: Planned) -> list[str]:
    """The power zones of the dataset."""
    return list(dict.fromkeys(row["zone"] for row in records(plan.prepared.tables, "power_balance")))


def months(plan: Planned) -> pd.DataFrame:
    """Columns ``COLUMNS``: per zone, stage and branch the driest month and the one with least left; GWh of that period.

    ``driest``: least hydro per day, where the zone has none least supply per day. ``left``: own supply and base imports not
    used; ``drawn``: what goes from the zone to plants and markets, shortages of other users left out; ``tie_left``: unused
    room of the ties into the zone, whatever the other side has left.
    """
    known = zones(plan)
    if not known:
        return pd.DataFrame(columns=list(COLUMNS))
    table = _by_period(plan, known)
    parts = []
    for month, measure in ((DRIEST, "wet"), (TIGHTEST, "spare")):
        places = table.groupby(["zone", "stage", "branch"], sort=False)[measure].idxmin()
        parts.append(table.loc[places].assign(month=month))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _by_period(plan: Planned, known: list[str]) -> pd.DataFrame:
    results = plan.results
    supply = results.case.columns["supply"][["commodity", "site", "tier", "period", "upper"]]
    supply = supply.merge(results.values["supply"][["commodity", "site", "tier", "period", "value"]], on=["commodity", "site", "tier", "period"])
    supply = supply[(supply["commodity"] == ELECTRICITY) & supply["site"].isin(known)].rename(columns={"site": "zone"})
    table = summed(supply, ["zone", "period"], "upper").rename(columns={"upper": "offered"})
    table["used"] = summed(supply, ["zone", "period"], "value")["value"]
    table["left"] = table["offered"] - table["used"]
    table = table.merge(results.case.calendar.periods[["period", "stage", "branch", "length"]], on="period")
    key = pd.MultiIndex.from_frame(table[["zone", "period"]])
    hydro = supply[supply["tier"].isin(_hydro(plan))]
    found = summed(hydro, ["zone", "period"], "upper").set_index(["zone", "period"])["upper"].reindex(key).to_numpy(float)
    water = pd.Series(found, index=table.index).fillna(table["offered"])
    outwards, ties = _flows(plan, known)
    table["drawn"] = outwards.reindex(key).fillna(0.0).to_numpy(float)
    table["tie_left"] = ties.reindex(key).fillna(0.0).to_numpy(float)
    return table.assign(wet=water / table["length"], spare=table["left"] / table["length"])


def _hydro(plan: Planned) -> set[str]:
    rows = records(plan.prepared.tables, "power_balance")
    return {tier_of(row) for row in rows if row["component"] == HYDRO and row["role"] == "supply"}


def _flows(plan: Planned, known: list[str]) -> tuple[pd.Series, pd.Series]:
    """(zone, period) → power sent to places that are no zone, and room left on the lanes from other zones."""
    key = ["commodity", "from", "to", "mode", "period"]
    flow = plan.results.case.columns["flow"][[*key, "largest"]].merge(plan.results.values["flow"][[*key, "value"]], on=key)
    flow = flow[flow["commodity"] == ELECTRICITY]
    between = flow["from"].isin(known) & flow["to"].isin(known)
    sent = flow[flow["from"].isin(known) & ~between].rename(columns={"from": "zone"})
    room = flow[between].assign(room=flow["largest"] - flow["value"]).rename(columns={"to": "zone"})
    return _by_place(sent, "value"), _by_place(room, "room")


def _by_place(rows: pd.DataFrame, column: str) -> pd.Series:
    """(zone, period) → sum of ``column``."""
    return summed(rows, ["zone", "period"], column).set_index(["zone", "period"])[column]
