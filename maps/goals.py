"""How far the goals are: bounds of indicators that cost nothing to miss, in one sentence."""

from __future__ import annotations

import math

import pandas as pd

from maps.sayings import Pair, listed, plain, said
from model.results import Results

LISTED = 3  # goals named, the farthest first; all stand in the table of indicators
MET = 1e-6  # share of a goal that may be missing from one that is met


def sentence(results: Results) -> list[Pair]:
    """How many goals are met and what share of the farthest is reached; nothing where there is none."""
    shares = reached(results)
    if shares.empty:
        return []
    missed = shares[shares["share"] < 1 - MET].sort_values(["share", "indicator", "group"])
    facts = {"count": plain(str(len(shares))), "met": plain(str(len(shares) - len(missed)))}
    if missed.empty:
        return [said("headline_goals_met", **facts)]
    shares_said = [math.floor(100 * share) for share in missed["share"]]  # 99.9 % of a goal is not all of it
    names = [(f"{row.name_zh} {share}%", f"{row.name_en} {share}%") for row, share in zip(missed.itertuples(index=False), shares_said, strict=True)]
    return [said("headline_goals", **facts, listed=listed(names[:LISTED]))]


def reached(results: Results) -> pd.DataFrame:
    """indicator, group, name_zh, name_en, share: of every soft floor without a price, value ÷ floor in its group."""
    excess = results.case.columns["excess"]
    soft = excess[(excess["unit_price"] == 0.0) & (excess["side"] == "min")][["indicator", "group"]].astype(str)
    rows = soft.merge(results.indicators.astype({"indicator": str, "group": str}), on=["indicator", "group"])
    rows = rows[(rows["min"] > 0) & rows["value"].notna()].merge(
        results.case.labels["indicators"][["indicator", "name_zh", "name_en"]], on="indicator"
    )
    for name in ("name_zh", "name_en"):
        rows[name] = rows[name].where(rows[name] != "", rows["indicator"])
    return rows.assign(share=rows["value"] / rows["min"])[["indicator", "group", "name_zh", "name_en", "share"]]
