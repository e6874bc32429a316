"""Flows and power month by month, for the slider below the map: drawn by assets/months.js from the data embedded here."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from maps import charts
from maps.amounts import year
from maps.arcs import Arcs, FlowKey
from maps.escape import both, pair, word
from maps.flows import SMALLEST, THINNEST, WIDEST, Stroke, drawn_unit, places
from maps.names import Names
from maps.palette import group_of, groups
from maps.routes import Leg, legs
from maps.sayings import Pair
from maps.shell import asset
from maps.view import ReportView, rows_of
from model.pipeline import Planned
from model.words.lookup import known

WET, DRY = 1.1, 0.9  # mean hydropower of a day over that of the year: above is the wet season, below the dry one
HYDRO: Final = "hydro"
MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
Key = tuple[str, Leg]


@dataclass(frozen=True)
class MonthPart:
    """The slots of the slider (name, season) and the script that moves the map."""

    slots: list[tuple[Markup, str]]
    script: str


def period_table(plan: Planned, stage: str) -> pd.DataFrame:
    """period, slot, length, season, branch and its chance of one stage: branches share a slot, which then holds what is expected of them.

    season: wet or dry by the hydropower of a day in that slot against that of the year, else flat; blank without hydropower.
    """
    periods = plan.results.case.calendar.periods
    mine = periods[periods["stage"] == stage].copy()
    mine["slot"] = mine.groupby("branch", sort=False).cumcount().astype(float)
    mine["length"] = mine["slot"].map(mine.groupby("slot")["length"].mean())
    supply = year(plan, "supply", stage)
    hydro = supply[supply["tier"].astype(str).str.split("_", n=1).str[-1] == HYDRO]
    slot = dict(zip(mine["period"], mine["slot"], strict=True))
    energy = hydro["value"].groupby(hydro["period"].map(slot)).sum()
    length = mine.groupby("slot")["length"].first()
    rate = (energy.reindex(length.index).fillna(0.0) / length) / max(float(energy.sum()), 1e-9)
    seasons = {at: "" if energy.empty else "wet" if share > WET else "dry" if share < DRY else "flat" for at, share in rate.items()}
    table = mine.assign(season=mine["slot"].map(seasons)).rename(columns={"probability": "chance"})
    return table[["period", "slot", "length", "season", "branch", "chance"]].reset_index(drop=True)


def months(view: ReportView, strokes: Sequence[Stroke], names: Names, arcs: Arcs) -> MonthPart | None:
    """The slider of a view with several slots, for corridors and arcs alike; None for a single period."""
    slots = view.periods.drop_duplicates("slot").sort_values("slot")
    if len(slots) < 2:
        return None
    called = [_name(str(row.period)) for row in rows_of(slots)]
    place = {slot: number for number, slot in enumerate(slots["slot"])}
    at = {period: place[slot] for period, slot in zip(view.periods["period"], view.periods["slot"], strict=True)}
    lengths = slots["length"].to_numpy(float)
    carried, goods = _carried(view, at, len(slots), arcs.of)
    order = numbered([*strokes, *arcs.strokes])
    data = {
        "slots": [{"name": name, "season": _season(row.season)} for name, row in zip(called, rows_of(slots), strict=True)],
        "year": pair("month_year"), "lengths": _short(lengths), "widest": WIDEST, "thinnest": THINNEST,
        "largest": max((stroke.stream.amount for stroke in strokes), default=0.0),
        "streams": [_short(carried.get(key, np.zeros(len(slots))) / lengths) for key in order],
        "goods": [{"name": (g.zh, g.en), "colour": g.colour, "values": _exact(goods[g.key])} for g in groups() if g.key in goods],
        "flows": pair("month_flows"), "power": _power(view, names, at, len(slots)), "surplus": pair("month_surplus"),
    }
    return MonthPart(
        [(both(*name), str(row.season)) for name, row in zip(called, rows_of(slots), strict=True)],
        f"{asset('months.js')}\nmonths({json_of(data)});",
    )


def numbered(strokes: Iterable[Stroke]) -> dict[Key, int]:
    """Group and leg of every stream drawn → its place in the data of the slider."""
    keys = dict.fromkeys((stroke.stream.group, stroke.stream.leg) for stroke in strokes)
    return {key: place for place, key in enumerate(keys)}


def _carried(view: ReportView, at: dict[str, int], count: int, arc_of: Mapping[FlowKey, Leg]) -> tuple[dict[Key, Any], dict[str, Any]]:
    """kt per slot of every stream and arc, and of every group of goods over all its flows."""
    unit, group, where = drawn_unit(view), group_of(view), places(view)
    goods = set(view.commodities.loc[view.commodities["unit"] == unit, "commodity"])
    rows = view.flow[view.flow["commodity"].isin(goods) & (view.flow["from"] != view.flow["to"])]
    streams: defaultdict[Key, Any] = defaultdict(lambda: np.zeros(count))
    sums: defaultdict[str, Any] = defaultdict(lambda: np.zeros(count))
    for (good, start, end, mode, route), part in rows.groupby(["commodity", "from", "to", "mode", "route"], sort=True):
        amounts = np.bincount([at[period] for period in part["period"]], weights=part["value"], minlength=count)
        if amounts.sum() < SMALLEST:
            continue
        sums[group[str(good)]] += amounts
        key = (str(good), str(start), str(end), str(mode), str(route))
        for leg in [*legs(key[4], *key[1:4], where), *([arc_of[key]] if key in arc_of else [])]:
            streams[group[str(good)], leg] += amounts
    return streams, sums


def _power(view: ReportView, names: Names, at: dict[str, int], count: int) -> list[dict[str, Any]]:
    """GWh per slot of every item of every zone, in the colours of the power charts."""
    colours = charts.power_items(view.balance_power)
    found = []
    for zone, rows in view.balance_power.groupby("zone", sort=True):
        items = []
        for (zh, en), colour in colours.items():
            mine = rows[(rows["item_zh"] == zh) & (rows["item_en"] == en)]
            values = np.bincount([at[period] for period in mine["period"]], weights=mine["value"], minlength=count)
            if len(mine):
                items.append({"name": (zh, en), "colour": colour, "values": _exact(values)})
        site = names.site(str(zone))
        found.append({"name": (rows["zone_zh"].iloc[0] or site[0], rows["zone_en"].iloc[0] or site[1]), "items": items})
    return found


def _name(period: str) -> Pair:
    """``m07`` and ``m07_y2030`` as 7月 and Jul; any other period as it is called."""
    month = re.fullmatch(r"m(0[1-9]|1[0-2])(_.*)?", period)
    return (f"{int(month[1])}月", MONTHS[int(month[1]) - 1]) if month else (period, period)


def _season(season: str) -> Pair:
    return known(f"report.season_{season}", season)


def _short(values: Any) -> list[float]:
    """Four digits that count: for widths of lines."""
    return [float(f"{value:.4g}") for value in values]


def _exact(values: Any) -> list[float]:
    """Nine digits that count: for numbers that are shown."""
    return [float(f"{value:.9g}") for value in values]


def json_of(data: object) -> str:
    """JSON for a script element: pure ASCII without any sign that ends the element."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def season_words(slots: Iterable[tuple[Markup, str]]) -> list[tuple[str, Markup]]:
    """The seasons that occur, for the key below the slider."""
    found = {season for _, season in slots}
    return [(season, word(f"season_{season}")) for season in ("wet", "flat", "dry") if season in found]
