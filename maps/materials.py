"""What becomes of every good in a year: bought, made and used by each process, sold, lost on the way, kept or left over."""

from __future__ import annotations

import pandas as pd

from maps.amounts import year
from model.explore.labels import Labels
from model.pipeline import Planned

COLUMNS = ["commodity", "technology", "stage", "kind", "value"]
BOUGHT, MADE, USED, SOLD, LOST = "bought", "made", "used", "sold", "lost"
SIGNS = {BOUGHT: 1.0, MADE: 1.0, USED: -1.0, SOLD: -1.0, LOST: -1.0}


def material_table(plan: Planned, labels: Labels, stage: str) -> pd.DataFrame:
    """commodity, technology (blank unless made or used), stage of the chain, kind, value: amounts of one planning year."""
    recipe = plan.results.case.relations["recipe"]
    work = year(plan, "activity", stage)[["technology", "site", "value"]].merge(recipe, on=["technology", "site"])
    work["amount"] = work["value"] * work["quantity"]
    parts = [_kind(work[work["amount"] > 0], MADE), _kind(work[work["amount"] < 0], USED)]
    for family, kind in (("supply", BOUGHT), ("sale", SOLD)):
        parts.append(_kind(year(plan, family, stage).assign(technology="").rename(columns={"value": "amount"}), kind))
    parts.append(_kind(_lost(plan, stage), LOST))
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return table.assign(stage=[labels.stage(technology) if technology else "" for technology in table["technology"]])[COLUMNS]


def _kind(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Sums per good and technology."""
    sums: pd.DataFrame = rows.groupby(["commodity", "technology"], as_index=False)[["amount"]].sum()
    return sums.assign(kind=kind, value=sums["amount"].abs()).drop(columns="amount")


def _lost(plan: Planned, stage: str) -> pd.DataFrame:
    """What does not arrive at the other end of its lane."""
    key = ["commodity", "from", "to", "mode", "period"]
    shares = plan.results.case.columns["flow"][[*key, "delivered_share"]].astype(dict.fromkeys(key, str))
    flow = year(plan, "flow", stage)[[*key, "value"]].astype(dict.fromkeys(key, str)).merge(shares, on=key)
    lost = flow.assign(amount=flow["value"] * (1.0 - flow["delivered_share"]), technology="")
    return lost[lost["amount"] > 0]


def left_over(table: pd.DataFrame) -> pd.Series:
    """Per good: what comes in less what goes out. In a plan that balances this is stock, or surplus of a good that may vanish."""
    return (table["value"] * table["kind"].map(SIGNS)).groupby(table["commodity"]).sum()
