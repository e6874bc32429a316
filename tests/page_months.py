"""The numbers of the slider below the map: goods, power and streams of every month, worked out anew from results.nc."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import page_chain
import pandas as pd
from page_truth import Truth

TOLD, DRAWN = 9, 4  # digits of what is told and of what is only drawn
TINY = 1e-9
OUTER = {"widest": 13.0, "thinnest": 1.1}  # pixels


def complaints(text: str, truth: Truth) -> list[str]:
    """What is wrong with the months of a page."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        return [f"months: {error}"]
    found = [f"months: {name} {data[name]} is not {wanted}" for name, wanted in OUTER.items() if data[name] != wanted]
    found += _unlike("lengths", data["lengths"], list(truth.length), DRAWN)
    names = [slot["name"] for slot in data["slots"]]
    months = pd.to_datetime([f"2001-{month:02d}-01" for month in range(1, 13)])
    found += [] if names == [[f"{one.month}月", f"{one:%b}"] for one in months] else [f"months: {names}"]
    goods = truth.once("monthly goods", _goods)
    if set(goods) != {group["name"][1] for group in data["goods"]}:
        found.append(f"months: goods {sorted(goods)}")
    for group in data["goods"]:
        found += _unlike(group["name"][1], group["values"], goods.get(group["name"][1], []), TOLD)
    for zone in data["power"]:
        found += _power(zone, truth)
    return found + _streams(data, truth)


def _unlike(name: str, shown: list[float], wanted: Sequence[float], digits: int) -> list[str]:
    """A complaint where numbers are not the wanted ones to so many digits, or have more of them."""
    even = len(shown) == len(wanted) and bool(np.all(np.abs(np.array(shown) - wanted) <= _half(np.array(wanted), digits)))
    return [] if even and _short(shown, digits) else [f"months: {name} {shown} is not {wanted}"]


def _half(values: np.ndarray, digits: int) -> np.ndarray:
    """Half of the last of so many digits."""
    return 0.5001 * 10.0 ** (np.floor(np.log10(np.maximum(np.abs(values), TINY))) - digits + 1)


def _short(shown: list[float], digits: int) -> bool:
    return all(float(f"{value:.{digits}g}") == value for value in shown)


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
    series = dict(truth.once(f"monthly power of {site}", lambda found: _series(site, found)))
    found = []
    for item in zone["items"]:
        key = item["name"][1] if item["name"][1] in series else truth.component_names[item["name"][1]]
        found += _unlike(f"{site} {key}", item["values"], series.pop(key), TOLD)
    return found + [f"months: {site} {key} is not told" for key, values in series.items() if any(values)]


def _series(site: str, truth: Truth) -> dict[str, list[float]]:
    """Source or use of power in a zone → GWh of every month."""
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
    return series


def _streams(data: dict[str, Any], truth: Truth) -> list[str]:
    """Widths of the lines: every row is what goes some way in each month at a yearly rate, and the widest is the largest."""
    wanted, largest = truth.once("monthly streams", _rates)
    half = truth.once("half streams", lambda _: _half(wanted, DRAWN))
    known = [not any(row) or (_short(row, DRAWN) and bool((np.abs(wanted - row) <= half).all(axis=1).any())) for row in data["streams"]]
    found = [f"months: stream {row}" for row, one in zip(data["streams"], known, strict=True) if not one]
    return found + ([] if abs(data["largest"] - largest) <= TINY * largest else [f"months: largest {data['largest']} is not {largest}"])


def _rates(truth: Truth) -> tuple[np.ndarray, float]:
    """What goes each step of a route, and from each sender to each receiver, in every month at a yearly rate; the largest of a year on a step."""
    legs: defaultdict[tuple[str, ...], list[np.ndarray]] = defaultdict(list)
    rows, length = _drawn(truth).rename(columns={"from": "start"}), truth.length.to_numpy()
    for (group, start, end, mode, route), part in rows.groupby(["group", "start", "to", "mode", "route"]):
        steps = route.split("~") if route else [start, mode, end]
        for leg in {(group, *step) for step in zip(steps[0::2], steps[1::2], steps[2::2], strict=False)} | {(group, start, end)}:
            legs[leg].append(_monthly(part, "flow", truth) / length)
    sums = {leg: np.sum(parts, axis=0) for leg, parts in legs.items()}
    return np.array(list(sums.values())), max(float((one * length).sum()) for leg, one in sums.items() if len(leg) == 4)  # arcs have no mode
