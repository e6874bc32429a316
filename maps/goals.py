"""How far the goals are: bounds of indicators that cost nothing to miss, as a table and in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from maps.sayings import Pair, listed, plain, said
from model.explore.targets import MET, whole_percent
from model.results import Results

LISTED = 3  # goals named, the farthest first; all stand in the table of goals
COLUMNS = ("indicator", "group", "name_zh", "name_en", "unit", "value", "goal", "share")


def sentence(results: Results, called: Callable[[str], Pair]) -> list[Pair]:
    """How many goals are met, what share of the farthest is reached, which do not apply; nothing where there is none.

    A goal of several planning years counts once: it is met where it is met in all of them, and the year in which it is
    missed most stands for it, by the name that ``called`` gives the group.
    """
    found = table(results, called)
    if found.empty:
        return []
    goals = worst(found)
    counted, absent = goals[goals["share"].notna()], goals[goals["share"].isna()]
    names = listed(list(zip(absent["name_zh"], absent["name_en"], strict=True)))
    if counted.empty:
        return [said("headline_goals_void", count=plain(str(len(absent))), listed=names)]
    without = said("goals_without", count=plain(str(len(absent))), listed=names) if len(absent) else plain("")
    missed = counted[~counted["share"].map(met).astype(bool)]
    if missed.empty:
        return [said("headline_goals_met", count=plain(str(len(counted))), without=without)]
    shares = [(named(row), whole_percent(row["share"])) for row in missed.to_dict("records")]
    farthest = [(f"{zh} {share}%", f"{en} {share}%") for (zh, en), share in shares[:LISTED]]
    facts = {"count": plain(str(len(goals))), "met": plain(str(len(counted) - len(missed)))}
    key = "headline_goals_throughout" if (found["group_en"] != "").any() else "headline_goals"
    return [said(key, **facts, without=without, listed=listed(farthest))]


def worst(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each goal of ``table``: where it is missed most; a group in which it does not apply only where it applies in none."""
    return table.sort_values("share", kind="stable").drop_duplicates("indicator").sort_values("share", kind="stable", ignore_index=True)


def named(row: Mapping[Any, Any]) -> Pair:
    """The name of a goal, with the group that it is the goal of where there are several."""
    if not row["group_zh"] and not row["group_en"]:
        return str(row["name_zh"]), str(row["name_en"])
    return f"{row['name_zh']}({row['group_zh']})", f"{row['name_en']} ({row['group_en']})"


def met(share: float) -> bool:
    """Whether a share of a goal is all of it; a share that does not exist is not."""
    return share >= 1 - MET


def reached(results: Results) -> pd.DataFrame:
    """Columns ``COLUMNS`` of every soft floor without a price, the farthest from its goal first, those that do not apply last.

    The groups of one goal stand together, in the order of time, where the one that misses it most belongs.
    share: value ÷ goal, no number where the value does not exist: a ratio that divides by nothing in this plan (R15).
    """
    excess = results.case.columns["excess"]
    soft = excess[(excess["unit_price"] == 0.0) & (excess["side"] == "min")][["indicator", "group"]].astype(str)
    rows = soft.merge(results.indicators.astype({"indicator": str, "group": str}), on=["indicator", "group"])
    rows = rows[rows["min"] > 0].merge(results.case.labels["indicators"][["indicator", "name_zh", "name_en", "unit"]], on="indicator")
    for name in ("name_zh", "name_en"):
        rows[name] = rows[name].where(rows[name] != "", rows["indicator"])
    found = rows.rename(columns={"min": "goal"}).assign(share=rows["value"] / rows["min"])
    found["least"] = found.groupby("indicator")["share"].transform("min")
    in_time = {group: place for place, group in enumerate(dict.fromkeys(results.indicators["group"].astype(str)))}
    found["time"] = found["group"].map(in_time)
    return found.sort_values(["least", "indicator", "time"], kind="stable", ignore_index=True)[list(COLUMNS)]


def table(results: Results, called: Callable[[str], Pair]) -> pd.DataFrame:
    """The goals with the names of their groups where a goal has several; ``called`` says what a group is called."""
    goals = reached(results)
    several = goals.groupby("indicator")["group"].transform("size") > 1
    pairs = [called(group) if many else ("", "") for group, many in zip(goals["group"], several, strict=True)]
    return goals.assign(group_zh=[zh for zh, _ in pairs], group_en=[en for _, en in pairs])
