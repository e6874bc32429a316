"""What the map shows of one planning year of a plan: places, goods, capacity, output and flows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from maps.boundary import boundary
from maps.coordinates import to_wgs84
from model.case import COLUMN_KEYS
from model.case.columns import core_table
from model.explore.labels import Labels
from model.pipeline import Planned
from model.problems import Problems
from model.tables import Tables

PRESENT = 1e-6  # sizes below this are not built


def map_fields(plan: Planned, labels: Labels, stage: str) -> dict[str, Any]:
    """The fields of a ``ReportView`` that its map, cards and flows need, for one stage of ``plan``."""
    return {
        **_captions(plan), "sites": _sites(plan.prepared.core), "commodities": _commodities(plan), "technologies": labels.technologies,
        "capacity": capacity_table(plan, labels, stage), "activity": year(plan, "activity", stage)[["technology", "site", "period", "value"]],
        "flow": _flow(plan, stage), "nodes": _nodes(plan), "sale": _sold(plan, "sale", stage), "short": _sold(plan, "short", stage),
        "supply": year(plan, "supply", stage).rename(columns={"unit_price": "price"})[["commodity", "site", "period", "value", "tier", "price"]],
    }


def _captions(plan: Planned) -> dict[str, Any]:
    """What the scenario says of its map. Raises ``Refusal`` (exit 3) where its boundary layer cannot be drawn."""
    setting, problems = plan.prepared.scenario.map, Problems()
    outlines = boundary(setting, problems)
    problems.stop_on_errors()
    return {"map_approval": setting.number, "map_notice": (setting.notice.get("zh", ""), setting.notice.get("en", "")), "outlines": outlines}


def year(plan: Planned, family: str, stage: str) -> pd.DataFrame:
    """Values of one stage, expected over its branches, without zeros."""
    periods = plan.results.case.calendar.periods
    share = periods[periods["stage"] == stage].set_index("period")["probability"]
    table = plan.results.values[family]
    table = table[table["period"].isin(share.index) & (table["value"] > 0)].copy()
    table["value"] = table["value"] * table["period"].map(share)
    return table


def capacity_table(plan: Planned, labels: Labels, stage: str) -> pd.DataFrame:
    """Existing, added and closed capacity of every unit and site in one stage, kt or GWh a year."""
    relations, values = plan.results.case.relations, plan.results.values
    periods = plan.results.case.calendar.periods
    existing = relations["existing"]
    existing = existing[existing["period"].isin(periods.loc[periods["stage"] == stage, "period"])]
    existing = existing.groupby(["unit", "site"], as_index=False)[["amount"]].mean().rename(columns={"amount": "existing"})
    effect = relations["effect"][relations["effect"]["stage"] == stage]
    decided = pd.concat([values["size"].assign(per="per_size"), values["open"].assign(per="per_open")]).rename(columns={"stage": "decided"})
    each = effect.melt(["unit", "site", "option", "decided"], ["per_open", "per_size"], "per", "each")
    change = each.merge(decided[["option", "decided", "per", "value"]], on=["option", "decided", "per"])
    change["change"] = change["each"] * change["value"]
    change["added"], change["closed"] = change["change"].clip(lower=0.0), -change["change"].clip(upper=0.0)
    sums = change.groupby(["unit", "site"], as_index=False)[["added", "closed"]].sum()
    table: pd.DataFrame = existing.merge(sums, on=["unit", "site"], how="outer").fillna({"existing": 0.0, "added": 0.0, "closed": 0.0})
    table = table[(table["existing"] > 0) | (table["added"] > PRESENT)]
    table = table[~_unopened(plan, table, stage)].reset_index(drop=True)
    inside = nested_units(relations["use"])
    names = [labels.unit(unit, site) for unit, site in zip(table["unit"], table["site"], strict=True)]
    return table.assign(
        stage=[labels.unit_stage(unit, site) for unit, site in zip(table["unit"], table["site"], strict=True)],
        name_zh=[zh for zh, _ in names],
        name_en=[en for _, en in names],
        within=[inside.get((unit, site), "") for unit, site in zip(table["unit"], table["site"], strict=True)],
    )


def _unopened(plan: Planned, table: pd.DataFrame, stage: str) -> pd.Series:
    """Rows of ``table`` in scrap trading centres that the scenario does not open: nothing is there unless the plan uses it all the same."""
    centres = plan.prepared.tables.get("scrap_centres")
    closed = set() if centres is None else set(centres.loc[centres["in_use"] == 0, "site"])
    use = plan.results.case.relations["use"]
    busy = set(year(plan, "activity", stage).merge(use[use["site"].isin(closed)], on=["technology", "site"])["site"])
    return table["site"].isin(closed - busy)


def nested_units(use: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(unit, site) → a unit there that every technology of it uses as well: a can line within a rolling mill.

    ``use``: technology, unit, site. Of two units with the same users the first by name stands for both.
    """
    users: dict[str, dict[str, set[str]]] = {}
    for technology, unit, site in zip(use["technology"], use["unit"], use["site"], strict=True):
        users.setdefault(str(site), {}).setdefault(str(unit), set()).add(str(technology))
    found: dict[tuple[str, str], str] = {}
    for site, here in users.items():
        for unit, mine in here.items():
            larger = [other for other, theirs in here.items() if mine < theirs or (mine == theirs and other < unit)]
            if larger:
                found[unit, site] = max(larger, key=lambda other: (len(here[other]), other))
    return found


def _sites(core: Tables) -> pd.DataFrame:
    sites = core.get("sites")
    if sites is None:
        return pd.DataFrame()
    return to_wgs84(sites)[["site", "name_zh", "name_en", "kind", "region", "lat", "lon"]]


def _commodities(plan: Planned) -> pd.DataFrame:
    """Name and unit of every good that flows, is bought or sold; one that no table names is called by its id and has no unit."""
    columns = ["commodity", "name_zh", "name_en", "unit"]
    table = core_table(plan.prepared.core, "commodities")[columns]
    used = {str(good) for family in ("flow", "supply", "sale") for good in plan.results.values[family]["commodity"]}
    rows = [{"commodity": good, "name_zh": good, "name_en": good, "unit": ""} for good in sorted(used - set(table["commodity"]))]
    return pd.concat([table, pd.DataFrame(rows, columns=columns)], ignore_index=True) if rows else table


def _flow(plan: Planned, stage: str) -> pd.DataFrame:
    flow = year(plan, "flow", stage).rename(columns={"unit_price": "unit_cost"})
    lanes = plan.prepared.core.get("lanes")
    if lanes is None or flow.empty:
        return pd.DataFrame()
    key = list(COLUMN_KEYS["flow"][:-1])
    routes = lanes.drop_duplicates(key)[[*key, "kilometres", "route"]]
    return flow.merge(routes, on=key, how="left")[[*key, "period", "value", "unit_cost", "kilometres", "route"]]


def _sold(plan: Planned, family: str, stage: str) -> pd.DataFrame:
    table = year(plan, family, stage)
    sign = -1.0 if family == "sale" else 1.0
    return table.assign(price=sign * table["unit_price"])[["commodity", "site", "period", "value", "segment", "price"]]


def _nodes(plan: Planned) -> pd.DataFrame:
    table = plan.prepared.tables.get("corridor_nodes")
    return pd.DataFrame() if table is None else table[["node", "name_zh", "name_en", "lat", "lon"]]
