"""Core tables of one branch, of the average over branches, and with the investments of a given plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.case.calendar import Calendar, spread
from model.problems import ExitCode, refuse
from model.results import Results
from model.schema import CORE_TABLES
from model.schema.spec import NONE
from model.tables import Tables, frame

MEAN = "mean"
# time-dependent tables: key, amounts of a period, what is averaged as it stands, and the ceiling that blank leaves open
AVERAGED: dict[str, tuple[list[str], list[str], list[str], str]] = {
    "tech_sites": (["technology", "site"], ["min_activity", "max_activity"], ["variable_cost"], "max_activity"),
    "lanes": (["commodity", "from", "to", "mode"], ["max_flow"], ["unit_cost", "fixed_cost", "delivered_share"], "max_flow"),
    "supply": (["commodity", "site", "tier"], ["min", "max"], ["price"], "max"),
    "demand": (["commodity", "site", "segment"], ["min", "max"], ["price", "shortage_price"], "max"),
    "basket_demand": (["basket", "site"], ["min", "max"], [], "max"),
}
DIGITS = 12  # of a size that is carried over: the last bits of the solver's arithmetic stay behind
HALF = 0.5


def probabilities(calendar: Calendar) -> dict[str, float]:
    """Branch → probability; a stage with a single branch belongs to every future.

    Raises ``Refusal`` (exit 3) where there is one future only, or where stages disagree about the branches.
    """
    stages = calendar.periods.drop_duplicates(["stage", "branch"])
    found: dict[str, float] = {}
    for stage, rows in stages.groupby("stage", sort=False):
        here = {str(branch): float(share) for branch, share in zip(rows["branch"], rows["probability"], strict=True)}
        if len(here) == 1:
            continue
        if found and (set(found) != set(here) or any(abs(found[branch] - here[branch]) > 1e-9 for branch in here)):
            raise refuse(ExitCode.DATA, "branches_differ", column="branch", value=stage)
        found = found or here
    if not found:
        raise refuse(ExitCode.DATA, "one_branch", column="branch", value=str(stages["branch"].iloc[0]))
    return found


def single_branch(core: Tables, calendar: Calendar, branch: str) -> Tables:
    """The core tables of a future that is known: only ``branch``, with probability 1."""
    periods = calendar.periods
    alone = periods.groupby("stage")["branch"].transform("nunique") == 1
    kept = set(periods["period"][alone | (periods["branch"] == branch)])
    table = core["periods"]
    ours = table[table["period"].isin(kept)].assign(probability=1.0)
    return _without_periods(core, set(periods["period"]) - kept - set(calendar.stages)) | {"periods": ours.reset_index(drop=True)}


def _without_periods(core: Tables, gone: set[str]) -> Tables:
    names = {spec.name for spec in CORE_TABLES if "period" in spec.by_name and spec.name != "periods"}
    return {name: table[~table["period"].isin(gone)].reset_index(drop=True) if name in names else table for name, table in core.items()}


def mean_branch(core: Tables, calendar: Calendar) -> Tables:
    """The core tables of the average future: every branch's data averaged by probability, period by period.

    Where a row is missing in a branch its amounts count 0 there, its prices are averaged over the branches that have it.
    Raises ``Refusal`` (exit 3) where branches of a stage have other periods than the first.
    """
    stand_in = _stand_ins(calendar)
    named = set(stand_in)
    gone = named - set(stand_in.values())
    share = dict(zip(calendar.periods["period"], calendar.periods["probability"], strict=True))
    result = dict(core)
    for name, (key, amounts, prices, ceiling) in AVERAGED.items():
        if name in core:
            result[name] = _averaged(core[name], key, amounts, prices, ceiling, stand_in, share, calendar)
    for name, column in (("capacity", "amount"), ("indicator_terms", "coefficient"), ("limit_terms", "coefficient")):
        if name in core:
            table = core[name]
            mine = table["period"].isin(named)
            factor = table["period"].map(share).where(mine, 1.0)
            result[name] = table.assign(**{column: table[column] * factor, "period": table["period"].map(stand_in).where(mine, table["period"])})
    periods = core["periods"]
    kept = periods[~periods["period"].isin(gone)]
    several = kept["period"].isin(named)
    result["periods"] = kept.assign(branch=kept["branch"].where(~several, MEAN), probability=1.0).reset_index(drop=True)
    return _without_periods(result, gone)


def _stand_ins(calendar: Calendar) -> dict[str, str]:
    """Every period of a stage with several branches → the period of the first branch at the same place in the year."""
    found: dict[str, str] = {}
    for stage, rows in calendar.periods.groupby("stage", sort=False):
        branches = [group for _, group in rows.groupby("branch", sort=False)]
        if len(branches) == 1:
            continue
        first = branches[0]
        for group in branches:
            if len(group) != len(first) or not np.allclose(group[["length", "weight"]], first[["length", "weight"]]):
                raise refuse(ExitCode.DATA, "periods_differ", column="branch", value=str(group["branch"].iloc[0]), stage=stage)
            found |= dict(zip(map(str, group["period"]), map(str, first["period"]), strict=True))
    return found


def _averaged(
    table: pd.DataFrame, key: list[str], amounts: list[str], prices: list[str], ceiling: str,
    stand_in: dict[str, str], share: dict[str, float], calendar: Calendar,
) -> pd.DataFrame:
    """The rows of ``table`` with those keys averaged that any branch's period names; all others hold in every branch."""
    touched = table[table["period"].isin(stand_in)][key].drop_duplicates()
    marked = table.merge(touched, on=key, how="left", indicator="touched")["touched"].to_numpy() == "both"
    rows = spread(table[marked], key, amounts, calendar)
    several = rows["period"].isin(stand_in)
    rows, alone = rows[several], rows[~several]
    rows = rows.assign(share=rows["period"].map(share), period=rows["period"].map(stand_in))
    place = [*key, "period"]
    first = rows.drop_duplicates(place).set_index(place)
    weight = rows["share"]
    grouped = rows.assign(**{column: rows[column] * weight for column in amounts}).groupby(place, sort=False)
    open_ended = grouped[ceiling].apply(lambda cells: cells.isna().any())
    for column in amounts:
        first[column] = grouped[column].sum()
    first[ceiling] = first[ceiling].mask(open_ended, NONE)
    for column in prices:
        stated = rows[column].notna()
        total = (rows[column].fillna(0.0) * weight).groupby([rows[part] for part in place], sort=False).sum()
        whole = weight.where(stated, 0.0).groupby([rows[part] for part in place], sort=False).sum()
        first[column] = (total / whole.where(whole > 0)).reindex(first.index)
    columns = list(table.columns)
    result: pd.DataFrame = pd.concat([table[~marked], alone[columns], first.reset_index()[columns]], ignore_index=True)
    return result


def with_investments(core: Tables, plan: Results) -> Tables:
    """Core tables in which every option is decided as in ``plan``; a mixture of cost points becomes a point of its own."""
    opened = plan.values["open"].set_index(["option", "stage"])["value"]
    points = plan.values["point"]
    yearly = (points["value"] * points["unit_price"]).groupby([points["option"], points["stage"]]).sum()
    stated = {(row["option"], row["period"]): {str(name): cell for name, cell in row.items()} for row in core["options"].to_dict("records")}
    options: list[dict[str, object]] = []
    mixtures: list[dict[str, object]] = []
    for option, stage, value in plan.values["size"][["option", "stage", "value"]].itertuples(index=False):
        row = stated.get((option, stage)) or stated[option, "*"]
        size = float(f"{value:.{DIGITS}g}")
        chosen = opened.get((option, stage), size > 0) > HALF
        bounds = {"min_size": size, "max_size": size} if chosen else {"min_size": 0.0}
        if (option, stage) in yearly.index:
            bounds = {}
            mixtures.append({"option": option, "period": stage, "point": MEAN, "size": size if chosen else 0.0, "cost": float(yearly[option, stage])})
        options.append(row | {"period": stage, "forced": float(chosen)} | bounds)
    return core | {"options": frame("options", options), "option_points": frame("option_points", mixtures)}
