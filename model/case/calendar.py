"""Time: stages, branches and periods with their lengths and weights (rules R2–R4)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

ALL = "all"  # the single period, stage or branch where the tables name none (R3)


@dataclass(frozen=True)
class Calendar:
    """Periods in order, and what a cell of a ``period`` column reaches.

    ``periods``: period, stage, branch, length (share of the year), weight (years × discount factor), probability,
    price_weight = weight × probability, previous (the period before, cyclic within stage and branch), first (bool).
    ``reach``: period_key (``*``, a stage or a period), period, rank (0, 1, 2; the higher replaces the lower, R2).
    """

    periods: pd.DataFrame
    reach: pd.DataFrame
    stages: tuple[str, ...]

    @property
    def stage_of(self) -> dict[str, str]:
        """Stage of every cell of a ``period`` column that names a period or a stage; ``*`` is none of them."""
        periods = {str(period): str(stage) for period, stage in zip(self.periods["period"], self.periods["stage"], strict=True)}
        return periods | {stage: stage for stage in self.stages}

    @property
    def stage_weight(self) -> dict[str, float]:
        """Stage → Σ weight × probability × length of its periods, in years (R4)."""
        years = self.periods["price_weight"] * self.periods["length"]
        sums = years.groupby(self.periods["stage"]).sum()
        return {str(stage): float(sums[stage]) for stage in self.stages}

    @property
    def remaining_weight(self) -> dict[str, float]:
        """Stage → stage weights summed from that stage to the horizon: what an annual charge decided there costs (R5)."""
        weight, total, result = self.stage_weight, 0.0, {}
        for stage in reversed(self.stages):
            total += weight[stage]
            result[stage] = total
        return result


def make_calendar(table: pd.DataFrame | None) -> Calendar:
    """The calendar of a ``periods`` table; without one a single period of one year named ``all`` (R3)."""
    if table is None or table.empty:
        rows = pd.DataFrame([{"period": ALL, "stage": ALL, "branch": ALL, "order": 0.0, "length": 1.0, "weight": 1.0, "probability": 1.0}])
    else:
        rows = table[["period", "stage", "branch", "order", "length", "weight", "probability"]].copy()
    rows["stage"] = rows["stage"].where(rows["stage"] != "", rows["period"])
    rows["branch"] = rows["branch"].replace("", ALL)
    rows["order"] = rows["order"].fillna(pd.Series(range(len(rows)), index=rows.index, dtype=float))
    rows = rows.sort_values("order", kind="stable").reset_index(drop=True)
    stages = tuple(str(stage) for stage in rows["stage"].unique())
    rows["stage_order"] = rows["stage"].map({stage: number for number, stage in enumerate(stages)})
    rows = rows.sort_values(["stage_order", "branch", "order"], kind="stable").reset_index(drop=True)
    rows["price_weight"] = rows["weight"] * rows["probability"]
    groups = rows.groupby(["stage", "branch"], sort=False)["period"]
    rows["previous"] = groups.shift(1)
    rows["first"] = rows["previous"].isna()
    rows["previous"] = rows["previous"].fillna(groups.transform("last"))
    return Calendar(rows, _reach(rows), stages)


def _reach(rows: pd.DataFrame) -> pd.DataFrame:
    every = pd.DataFrame({"period_key": "*", "period": rows["period"], "rank": 0})
    stage = pd.DataFrame({"period_key": rows["stage"], "period": rows["period"], "rank": 1})
    named = pd.DataFrame({"period_key": rows["period"], "period": rows["period"], "rank": 2})
    stage = stage[stage["period_key"] != stage["period"]]  # a period named like its stage counts once, as the period
    return pd.concat([every, stage, named], ignore_index=True)


def spread(rows: pd.DataFrame, key: list[str], amounts: list[str], calendar: Calendar) -> pd.DataFrame:
    """One row per key and period: a named period's row replaces a stage's, which replaces the ``*`` row (R2).

    ``amounts`` are columns per year in ``*`` and stage rows, multiplied by the period's length there (R1).
    Columns: those of ``rows`` with ``period`` now a single period, plus stage, length, price_weight and ``named`` (whether
    the row names the period itself).
    """
    wide = rows.rename(columns={"period": "period_key"}).merge(calendar.reach, on="period_key", how="inner")
    wide = wide.sort_values("rank", kind="stable").drop_duplicates([*key, "period"], keep="last")
    wide = wide.merge(calendar.periods[["period", "stage", "length", "price_weight"]], on="period", how="left")
    wide["named"] = wide["rank"] == 2
    share = wide["length"].where(~wide["named"], 1.0)
    for column in amounts:
        wide[column] = wide[column] * share
    order = {str(period): number for number, period in enumerate(calendar.periods["period"])}
    wide["period_order"] = wide["period"].map(order)
    return wide.sort_values([*key, "period_order"], kind="stable").drop(columns=["rank", "period_key", "period_order"]).reset_index(drop=True)
