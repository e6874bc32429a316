"""How far the goals are: bounds of indicators that cost nothing to miss, as a table and in one sentence."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from maps.sayings import Pair, listed, plain, said
from model.explore.targets import MET, whole_percent
from model.results import Results

LISTED = 3  # goals named, the farthest first; all stand in the table of goals
COLUMNS = ("indicator", "group", "name_zh", "name_en", "unit", "value", "goal", "share")


def sentence(results: Results) -> list[Pair]:
    """How many goals are met, what share of the farthest is reached, which do not apply; nothing where there is none."""
    goals = reached(results)
    if goals.empty:
        return []
    counted, absent = goals[goals["share"].notna()], goals[goals["share"].isna()]
    names = listed(list(zip(absent["name_zh"], absent["name_en"], strict=True)))
    if counted.empty:
        return [said("headline_goals_void", count=plain(str(len(absent))), listed=names)]
    without = said("goals_without", count=plain(str(len(absent))), listed=names) if len(absent) else plain("")
    missed = counted[~counted["share"].map(met).astype(bool)]
    if missed.empty:
        return [said("headline_goals_met", count=plain(str(len(counted))), without=without)]
    shares = [(row["name_zh"], row["name_en"], whole_percent(row["share"])) for row in missed.to_dict("records")]
    farthest = [(f"{zh} {share}%", f"{en} {share}%") for zh, en, share in shares[:LISTED]]
    facts = {"count": plain(str(len(goals))), "met": plain(str(len(counted) - len(missed)))}
    return [said("headline_goals", **facts, without=without, listed=listed(farthest))]


def met(share: float) -> bool:
    """Whether a share of a goal is all of it; a share that does not exist is not."""
    return share >= 1 - MET


def reached(results: Results) -> pd.DataFrame:
    """Columns ``COLUMNS`` of every soft floor without a price, the farthest from its goal first, those that do not apply last.

    share: value ÷ goal, no number where the value does not exist: a ratio that divides by nothing in this plan (R15).
    """
    excess = results.case.columns["excess"]
    soft = excess[(excess["unit_price"] == 0.0) & (excess["side"] == "min")][["indicator", "group"]].astype(str)
    rows = soft.merge(results.indicators.astype({"indicator": str, "group": str}), on=["indicator", "group"])
    rows = rows[rows["min"] > 0].merge(results.case.labels["indicators"][["indicator", "name_zh", "name_en", "unit"]], on="indicator")
    for name in ("name_zh", "name_en"):
        rows[name] = rows[name].where(rows[name] != "", rows["indicator"])
    found = rows.rename(columns={"min": "goal"}).assign(share=rows["value"] / rows["min"])
    return found.sort_values(["share", "indicator", "group"], kind="stable", ignore_index=True)[list(COLUMNS)]


def table(results: Results, called: Callable[[str], Pair]) -> pd.DataFrame:
    """The goals with the names of their groups where a goal has several; ``called`` says what a group is called."""
    goals = reached(results)
    several = goals.groupby("indicator")["group"].transform("size") > 1
    pairs = [called(group) if many else ("", "") for group, many in zip(goals["group"], several, strict=True)]
    return goals.assign(group_zh=[zh for zh, _ in pairs], group_en=[en for _, en in pairs])
