"""Rules of time (R3, R4): lengths and probabilities that sum to one, stages that are not mistaken for periods."""

from __future__ import annotations

import pandas as pd

from model.problems import Problems
from model.reading.gate import place_of, shown
from model.tables import Tables

TOLERANCE = 1e-6  # of sums of lengths and probabilities: shares like 31/365 are rounded in files


def with_stages(tables: Tables) -> pd.DataFrame | None:
    """The periods with blank stages filled (a period is its own stage, R3); None without a periods table."""
    periods = tables.get("periods")
    if periods is None:
        return None
    return periods.assign(stage=periods["stage"].where(periods["stage"] != "", periods["period"]))


def _with_branches(tables: Tables) -> pd.DataFrame | None:
    """The periods with blank stages and branches filled (a blank branch is the one branch ``all``, R3)."""
    periods = with_stages(tables)
    return None if periods is None else periods.assign(branch=periods["branch"].replace("", "all"))


def check_lengths(tables: Tables, problems: Problems) -> None:
    """Lengths of every stage and branch sum to 1."""
    periods = _with_branches(tables)
    if periods is None:
        return
    place = place_of("periods", periods, "length")
    groups: dict[tuple[str, str], list[int]] = {}
    for index, key in enumerate(zip(periods["stage"], periods["branch"], strict=True)):
        groups.setdefault(key, []).append(index)
    for (stage, branch), rows in groups.items():
        total = periods["length"].iloc[rows].sum(skipna=False)
        if abs(total - 1.0) > TOLERANCE:
            place.add(problems, "lengths_sum", rows[0], shown(total), stage=stage, branch=branch)


def check_probabilities(tables: Tables, problems: Problems) -> None:
    """A branch has one probability in a stage, and those of a stage's branches sum to 1."""
    periods = _with_branches(tables)
    if periods is None:
        return
    place = place_of("periods", periods, "probability")
    for stage, rows in periods.groupby("stage", sort=False).indices.items():
        branches = periods.iloc[rows].groupby("branch", sort=False)["probability"]
        spread = branches.max() - branches.min()
        for branch in spread.index[spread > TOLERANCE]:
            place.add(problems, "probability_differs", int(rows[0]), branch, stage=stage)
        total = branches.first().sum() if not periods["probability"].iloc[rows].isna().any() else 1.0
        if abs(total - 1.0) > TOLERANCE:
            place.add(problems, "probabilities_sum", int(rows[0]), shown(total), stage=stage)


def check_stage_names(tables: Tables, problems: Problems) -> None:
    """A period may be called like a stage only if it is that stage's only period (R3)."""
    periods = with_stages(tables)
    if periods is None:
        return
    sizes = periods["stage"].value_counts()
    place = place_of("periods", periods, "period")
    for index, (period, stage) in enumerate(zip(periods["period"], periods["stage"], strict=True)):
        if period in sizes.index and (stage != period or sizes[period] > 1):
            place.add(problems, "period_named_like_stage", index, period)


def note_tied_orders(tables: Tables, problems: Problems) -> None:
    """Note stages that begin with the same order and periods of one branch that share it: their rows decide then (R3)."""
    periods = _with_branches(tables)
    if periods is None:
        return
    stated = periods.assign(position=range(len(periods)))[periods["order"].notna()]
    starts = stated.sort_values("order", kind="stable").drop_duplicates("stage")
    tied = stated[stated.duplicated(["stage", "branch", "order"], keep=False)], starts[starts.duplicated("order", keep=False)]
    place = place_of("periods", periods, "order")
    for row in pd.concat(tied).to_dict("records"):
        place.add(problems, "order_tied", int(row["position"]), shown(row["order"]), note=True)
