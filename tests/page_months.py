"""The numbers of the slider below the map: goods, power and streams of every month, worked out anew from results.nc."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import numpy as np
import page_chain
import pandas as pd
from page_truth import Truth

NEAR = 1e-8  # nine digits that count
DIGITS = 5e-4  # four digits that count: of what is drawn, not told
TINY = 1e-9
OUTER = {"widest": 13.0, "thinnest": 1.1}  # pixels


def complaints(text: str, truth: Truth) -> list[str]:
    """What is wrong with the months of a page."""
    data = json.loads(text)
    found = [f"months: {name} {data[name]} is not {wanted}" for name, wanted in OUTER.items() if data[name] != wanted]
    found += _unlike("lengths", data["lengths"], list(truth.length), DIGITS)
    names = [slot["name"] for slot in data["slots"]]
    months = pd.to_datetime([f"2001-{month:02d}-01" for month in range(1, 13)])
    found += [] if names == [[f"{one.month}月", f"{one:%b}"] for one in months] else [f"months: {names}"]
    goods = _goods(truth)
    if set(goods) != {group["name"][1] for group in data["goods"]}:
        found.append(f"months: goods {sorted(goods)}")
    for group in data["goods"]:
        found += _unlike(group["name"][1], group["values"], goods.get(group["name"][1], []), NEAR)
    for zone in data["power"]:
        found += _power(zone, truth)
    return found + _streams(data, truth)


def _unlike(name: str, shown: list[float], wanted: list[float], tolerance: float) -> list[str]:
    even = len(shown) == len(wanted) and all(abs(one - two) <= tolerance * max(abs(two), 1e-6) for one, two in zip(shown, wanted, strict=True))
    return [] if even else [f"months: {name} {shown} is not {wanted}"]


def _monthly(table: pd.DataFrame, column: str, truth: Truth) -> list[float]:
    return list(table.groupby("period")[column].sum().reindex(truth.length.index).fillna(0.0))


def _drawn(truth: Truth) -> pd.DataFrame:
    """Flows of every month that are drawn: their year's sum is 50 t or more."""
    keys = ["commodity", "from", "to", "mode", "route"]
    return truth.flows.merge(page_chain.routed(truth)[[*keys, "group", "amount"]], on=keys)


def _goods(truth: Truth) -> dict[str, list[float]]:
    """Name of a group of goods → kt of every month that leave their place."""
    groups = page_chain.groups()
    return {groups[key]["en"]: _monthly(rows, "flow", truth) for key, rows in _drawn(truth).groupby("group")}


def _power(zone: dict[str, Any], truth: Truth) -> list[str]:
    """Every item of a zone: the sum of some of its sources or uses; all of them together are the zone's balance."""
    site = truth.sites[zone["name"][1]]
    series: dict[str, list[float]] = {}
    supply = truth.found["supply"][truth.found["supply"]["site"] == site]
    for tier, rows in supply.groupby("tier"):
        series[str(tier).split("_", 1)[-1]] = _monthly(rows, "supply", truth)
    sale, flow = truth.found["sale"], truth.found["flow"]
    zones = set(truth.core["sites"].query("kind == 'power_zone'")["site"])
    series["other users"] = [-value for value in _monthly(sale[sale["site"] == site], "sale", truth)]
    out = flow[flow["from"] == site]
    series["aluminium"] = [-value for value in _monthly(out[~out["to"].isin(zones)], "flow", truth)]
    series["sent over the tie"] = [-value for value in _monthly(out[out["to"].isin(zones)], "flow", truth)]
    series["received over the tie"] = _monthly(flow[flow["to"] == site], "flow", truth)
    found = []
    for item in zone["items"]:
        key = item["name"][1] if item["name"][1] in series else truth.component_names[item["name"][1]]
        found += _unlike(f"{site} {key}", item["values"], series.pop(key), NEAR)
    return found + [f"months: {site} {key} is not told" for key, values in series.items() if any(values)]


def _streams(data: dict[str, Any], truth: Truth) -> list[str]:
    """Widths of the lines: every row is what goes some way in each month at a yearly rate, and the widest is the largest."""
    legs: defaultdict[tuple[str, ...], list[tuple]] = defaultdict(list)
    rows = _drawn(truth).rename(columns={"from": "start"})
    length = truth.length.to_numpy()
    for (group, start, end, mode, route), part in rows.groupby(["group", "start", "to", "mode", "route"]):
        monthly = _monthly(part, "flow", truth) / length
        steps = route.split("~") if route else [start, mode, end]
        for leg in {(group, *step) for step in zip(steps[0::2], steps[1::2], steps[2::2], strict=False)} | {(group, start, end)}:
            legs[leg].append(monthly)
    sums = [sum(parts) for parts in legs.values()]
    wanted = np.array(sums)
    largest = max(float((one * length).sum()) for leg, one in zip(legs, sums, strict=True) if len(leg) == 4)  # arcs have no mode
    found = [f"months: stream {row}" for row in data["streams"] if not (np.abs(wanted - row) <= DIGITS * wanted + TINY).all(axis=1).any()]
    return found + _unlike("largest", [data["largest"]], [largest], NEAR)
