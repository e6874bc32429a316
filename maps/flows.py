"""Flows of goods on the map: every tonne follows its route, and lines that share a leg lie side by side."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from maps.geography import Frame, Point, clip
from maps.palette import group_of, groups
from maps.routes import Leg, legs, line
from maps.view import ReportView, cells_of

WIDEST: Final = 13.0  # pixels of the largest stream on one leg; widths grow with the square root of the tonnage
THINNEST: Final = 1.1
SMALLEST: Final = 0.05  # kt a year that are worth a line
SPACE: Final = 0.8  # pixels between lines that lie side by side
DASH: Final = {"rail": (9.0, 3.0)}  # pixels; other modes are drawn through


@dataclass(frozen=True)
class Stream:
    """What one group of goods sends over one leg in a year."""

    group: str
    leg: Leg
    amount: float  # kt
    parts: tuple[tuple[str, str, str, float], ...]  # commodity, from, to, kt; the largest first


@dataclass(frozen=True)
class Stroke:
    """A stream as it is drawn: the part of its line inside the frame, its width and its offset to the right, in pixels."""

    stream: Stream
    points: tuple[Point, ...]  # degrees
    width: float
    offset: float


def places(view: ReportView) -> dict[str, Point]:
    """Longitude and latitude of every corridor node and site that has them; a site wins over a node of the same id."""
    found: dict[str, Point] = {}
    for frame, key in ((view.nodes, "node"), (view.sites, "site")):
        rows = frame[frame["lat"].notna() & frame["lon"].notna()]
        found.update(zip(rows[key], zip(rows["lon"], rows["lat"], strict=True), strict=True))
    return found


def drawn_unit(view: ReportView) -> str:
    """Only flows in one unit can share a scale: kt where any good is counted in it, else the most frequent unit."""
    units = view.commodities["unit"]
    if units.empty or (units == "kt").any():
        return "kt"
    return str(units.mode().iloc[0])


def annual(view: ReportView) -> pd.DataFrame:
    """Flows of the drawn unit summed over the periods: commodity, from, to, mode, route, value; the largest first."""
    goods = view.commodities.loc[view.commodities["unit"] == drawn_unit(view), "commodity"]
    rows = view.flow[view.flow["commodity"].isin(set(goods)) & (view.flow["from"] != view.flow["to"])]
    keys = ["commodity", "from", "to", "mode", "route"]
    sums: pd.DataFrame = rows.groupby(keys, as_index=False, sort=True)[["value"]].sum()
    return sums[sums["value"] >= SMALLEST].sort_values(["value", *keys], ascending=[False] + [True] * 5, ignore_index=True)


def streams(view: ReportView) -> list[Stream]:
    """All flows added up per leg, direction and group of goods, in a fixed order."""
    group, where = group_of(view), places(view)
    parts: dict[tuple[str, Leg], list[tuple[str, str, str, float]]] = defaultdict(list)
    for good, start, end, mode, route, amount in cells_of(annual(view)):
        for leg in legs(route, start, end, mode, where):
            parts[group[good], leg].append((good, start, end, amount))
    order = {entry.key: number for number, entry in enumerate(groups())}
    keys = sorted(parts, key=lambda key: (key[1].start, key[1].end, key[1].mode, order[key[0]]))
    return [Stream(key, leg, sum(part[3] for part in parts[key, leg]), tuple(parts[key, leg])) for key, leg in keys]


def undrawn(view: ReportView) -> int:
    """How many yearly flows have no place on the map because an end has no coordinates."""
    where = places(view)
    rows = annual(view)
    return int((~(rows["from"].isin(where) & rows["to"].isin(where))).sum())


def width(amount: float, largest: float) -> float:
    """Width of a line in pixels: proportional to the square root of the tonnage, never thinner than ``THINNEST``."""
    return max(THINNEST, WIDEST * math.sqrt(amount / largest)) if largest > 0 else THINNEST


def strokes(all_streams: Iterable[Stream], where: Mapping[str, Point], frame: Frame, largest: float | None = None) -> list[Stroke]:
    """The streams as lines; those on one leg lie side by side, each direction on its right-hand side.

    ``largest``: the tonnage drawn widest, where several maps share a scale; otherwise that of the streams themselves.
    """
    bundles: dict[Leg, list[Stream]] = defaultdict(list)
    for stream in all_streams:
        bundles[stream.leg].append(stream)
    if largest is None:
        largest = max((stream.amount for bundle in bundles.values() for stream in bundle), default=0.0)
    result: list[Stroke] = []
    for leg, bundle in bundles.items():
        pieces = clip(line(leg, where), frame)
        widths = [width(stream.amount, largest) for stream in bundle]
        both_ways = Leg(leg.end, leg.start, leg.mode) in bundles
        edge = SPACE / 2 if both_ways else -(sum(widths) + SPACE * (len(widths) - 1)) / 2
        for stream, wide in zip(bundle, widths, strict=True):
            result += [Stroke(stream, tuple(piece), wide, edge + wide / 2) for piece in pieces]
            edge += wide + SPACE
    return sorted(result, key=lambda stroke: -stroke.width)


def shifted(points: Iterable[Point], offset: float) -> list[Point]:
    """A line in pixels moved to the right of its direction (y grows downwards), with mitred corners.

    The same rule stands in assets/page.js for the live map.
    """
    line_ = [point for point, before in _with_previous(points) if point != before]
    if len(line_) < 2 or offset == 0:
        return line_
    normals = [_normal(a, b) for a, b in zip(line_, line_[1:], strict=False)]
    result = []
    for number, (x, y) in enumerate(line_):
        before, after = normals[max(0, number - 1)], normals[min(number, len(normals) - 1)]
        nx, ny = before[0] + after[0], before[1] + after[1]
        reach = max(nx * nx + ny * ny, 1.0)  # blunt corners: at most twice the offset
        result.append((x + 2 * offset * nx / reach, y + 2 * offset * ny / reach))
    return result


def _with_previous(points: Iterable[Point]) -> Iterable[tuple[Point, Point | None]]:
    """Each point with the one before it."""
    before: Point | None = None
    for point in points:
        yield point, before
        before = point


def _normal(a: Point, b: Point) -> Point:
    """The unit vector to the right of the way from a to b in pixels."""
    length = math.dist(a, b)
    return (-(b[1] - a[1]) / length, (b[0] - a[0]) / length)


def middle(points: list[Point], share: float = 0.56) -> tuple[Point, float] | None:
    """The point after ``share`` of a line in pixels and its direction in degrees; nothing on lines shorter than 26."""
    lengths = [math.dist(a, b) for a, b in zip(points, points[1:], strict=False)]
    if sum(lengths) < 26:
        return None
    left = share * sum(lengths)
    for (a, b), length in zip(zip(points, points[1:], strict=False), lengths, strict=True):
        if left <= length and length > 0:
            at = left / length
            angle = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
            return (a[0] + at * (b[0] - a[0]), a[1] + at * (b[1] - a[1])), angle
        left -= length
    return None
