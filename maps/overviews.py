"""Wide tables for charts: capacity by park, power by month, costs by class and the balance of every good, heads in both languages with units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from maps import charts
from maps.escape import pair, unit_words
from maps.flows import drawn_unit
from maps.materials import BOUGHT, LOST, MADE, SIGNS, SOLD, USED
from maps.names import Names
from maps.palette import COST_COLOURS, STAGE_COLOURS, group_of, groups
from maps.parks import PIE_STAGES, capacity_by_stage
from maps.sayings import Pair
from maps.view import ReportView
from model import words

LARGE_STAGES: Final = ("alumina",)  # several tonnes for each tonne of metal: drawn together, the metal could not be read
LARGE_GROUPS: Final = ("bauxite", "alumina", "other")
KINDS: Final = {BOUGHT: "#0072b2", MADE: "#009e73", USED: "#d55e00", SOLD: "#e69f00", LOST: "#7f7f7f"}
LEAST: Final = 1e-6


@dataclass(frozen=True)
class Series:
    """One column that a chart draws: its place in the table, its name without the unit, its colour."""

    column: int
    name: Pair
    colour: str


@dataclass(frozen=True)
class Drawing:
    """A chart over rows ``first`` to ``last`` (counted from 0) of a table; ``kind``: bar (lying) or column (standing), always stacked."""

    title: Pair
    kind: str
    first: int
    last: int
    categories: int
    series: tuple[Series, ...]
    unit: Pair


@dataclass(frozen=True)
class Overview:
    """A table whose columns carry their heads (Chinese, English, one below the other), and the charts drawn over it."""

    key: str
    table: pd.DataFrame
    drawings: tuple[Drawing, ...]


def overviews(view: ReportView) -> list[Overview]:
    """All overviews; without anything to draw they have no chart."""
    names = Names(view)
    return [capacity(view, names), power(view, names), costs(view), metal(view, names)]


def head(key: str, unit: Pair | None = None) -> str:
    """The head ``workbook.<key>`` in both languages, with a unit where there is one."""
    return joined((words.text(f"workbook.{key}", "zh"), words.text(f"workbook.{key}", "en")), unit)


def joined(said: Pair, unit: Pair | None = None) -> str:
    """Chinese and English below each other, each with its unit; equal ones stand once."""
    zh, en = (f"{said[0]}({unit[0]})", f"{said[1]} ({unit[1]})") if unit else said
    return "\n".join(dict.fromkeys((zh, en)))


def title(key: str) -> Pair:
    """The words ``workbook.<key>``."""
    return words.text(f"workbook.{key}", "zh"), words.text(f"workbook.{key}", "en")


def capacity(view: ReportView, names: Names) -> Overview:
    """Capacity of every site after the plan, kt a year: one column per stage, the largest in metal first."""
    rows = capacity_by_stage(view)
    wide = rows.pivot_table(index="site", columns="stage", values="after", aggfunc="sum").fillna(0.0) if len(rows) else pd.DataFrame()
    stages = [stage for stage in PIE_STAGES if stage in wide.columns and wide[stage].abs().max() > LEAST]
    small = [stage for stage in stages if stage not in LARGE_STAGES] or stages
    order = wide.assign(_small=wide[small].sum(axis=1), _all=wide[stages].sum(axis=1)).sort_values(["_small", "_all"], ascending=False, kind="stable")
    order = order[order["_all"] > LEAST] if len(order) else order
    unit = pair("unit_kt_yr")
    columns = {"site": list(order.index), head("site_zh"): [names.short(site)[0] for site in order.index],
               head("site_en"): [names.short(site)[1] for site in order.index]}
    columns |= {joined(pair(f"stage_{stage}"), unit): list(order[stage]) for stage in stages}
    drawn = int((order["_small"] > LEAST).sum()) if len(order) else 0
    series = tuple(Series(3 + stages.index(stage), pair(f"stage_{stage}"), STAGE_COLOURS[stage]) for stage in small)
    said = title("chart_capacity" if small == stages else "chart_capacity_metal")
    return Overview("capacity", pd.DataFrame(columns), (Drawing(said, "bar", 0, drawn - 1, 1, series, unit),) if drawn else ())


def power(view: ReportView, names: Names) -> Overview:
    """Monthly balance of every power zone in GWh: one row per zone and month, one column per item; what leaves is negative."""
    rows = view.balance_power
    items = charts.power_items(rows)
    unit = unit_words("GWh")
    columns: dict[str, list[object]] = {head(key): [] for key in ("zone_zh", "zone_en", "period")}
    columns |= {joined(item, unit): [] for item in items}
    drawings: list[Drawing] = []
    for zone, part in rows.groupby("zone", sort=True):
        wide = part.pivot_table(index="period", columns=["item_zh", "item_en"], values="value", aggfunc="sum", sort=False).fillna(0.0)
        wide = wide.reindex(list(dict.fromkeys(part["period"])))
        first = len(columns[head("period")])
        site = names.site(str(zone))
        called = (str(part["zone_zh"].iloc[0]) or site[0], str(part["zone_en"].iloc[0]) or site[1])
        cells = ([called[0]] * len(wide), [called[1]] * len(wide), list(wide.index))
        for key, values in zip(("zone_zh", "zone_en", "period"), cells, strict=True):
            columns[head(key)] += values
        for item in items:
            columns[joined(item, unit)] += list(wide[item]) if item in wide.columns else [0.0] * len(wide)
        series = tuple(Series(3 + place, item, colour) for place, (item, colour) in enumerate(items.items()))
        said = (words.text("workbook.chart_power", "zh", zone=called[0]), words.text("workbook.chart_power", "en", zone=called[1]))
        drawings.append(Drawing(said, "column", first, first + len(wide) - 1, 2, series, unit))
    return Overview("power_months", pd.DataFrame(columns), tuple(drawings))


def costs(view: ReportView) -> Overview:
    """The objective by class of cost, the largest first; what is earned is negative."""
    rows = view.cost_classes[view.cost_classes["value"].abs() > LEAST].sort_values("value", ascending=False, kind="stable")
    unit = unit_words(view.money)
    table = pd.DataFrame({
        head("cost_class"): rows["cost_class"].to_list(),
        head("cost_zh"): [zh or key for zh, key in zip(rows["label_zh"], rows["cost_class"], strict=True)],
        head("cost_en"): [en or key for en, key in zip(rows["label_en"], rows["cost_class"], strict=True)],
        head("cost", unit if unit[0] else None): rows["value"].to_list(),
    })
    drawing = Drawing(title("chart_costs"), "bar", 0, len(rows) - 1, 1, (Series(3, title("cost"), COST_COLOURS["cash"]),), unit)
    return Overview("costs", table, (drawing,) if len(rows) else ())


def metal(view: ReportView, names: Names) -> Overview:
    """What became of every good of the metal chain in the year: what comes in is positive, what goes out negative, the rest is left over."""
    group, unit = group_of(view), drawn_unit(view)
    order = {entry.key: place for place, entry in enumerate(groups())}
    goods = set(view.commodities.loc[view.commodities["unit"] == unit, "commodity"])
    rows = view.materials[view.materials["commodity"].isin(goods) & (view.materials["commodity"].map(group) != groups()[-1].key)]
    signed = rows.assign(value=rows["value"] * rows["kind"].map(SIGNS))
    wide = signed.pivot_table(index="commodity", columns="kind", values="value", aggfunc="sum") if len(rows) else pd.DataFrame()
    wide = wide.reindex(columns=list(KINDS)).fillna(0.0)
    large = [good for good in wide.index if group[str(good)] in LARGE_GROUPS]
    turnover = wide.abs().sum(axis=1)
    wide = wide.loc[sorted(wide.index, key=lambda good: (good in large, order[group[str(good)]], -turnover[good], str(good)))]
    said = unit_words(unit)
    columns: dict[str, list[object]] = {
        "commodity": list(wide.index), head("good_zh"): [names.good(good)[0] for good in wide.index],
        head("good_en"): [names.good(good)[1] for good in wide.index],
    }
    columns |= {head(f"kind_{kind}", said): list(wide[kind]) for kind in KINDS}
    columns |= {head("left_over", said): [value if abs(value) > LEAST else 0.0 for value in wide.sum(axis=1)]}
    drawn = (len(wide) - len(large)) or len(wide)
    series = tuple(Series(3 + place, title(f"kind_{kind}"), colour) for place, (kind, colour) in enumerate(KINDS.items()))
    key = "chart_metal" if 0 < len(large) < len(wide) else "chart_goods"
    return Overview("metal", pd.DataFrame(columns), (Drawing(title(key), "bar", 0, drawn - 1, 1, series, said),) if drawn else ())
