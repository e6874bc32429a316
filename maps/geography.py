"""Where things are: the background layers, the frame of the map and its projection to pixels (spherical Mercator)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import geopandas
import pandas as pd

GEO: Final = Path(__file__).parent / "geo"
LAYERS: Final = {
    "provinces": GEO / "lgpl" / "provinces.geojson",
    "rivers": GEO / "lgpl" / "rivers.geojson",
    "railways": GEO / "own" / "railways.geojson",
    "cities": GEO / "own" / "cities.geojson",
}
BOX: Final = (97.0, 25.5, 111.0, 34.5)  # degrees; the layers end here and no national border lies inside
ASPECT: Final = 1.5  # width : height, fits A4 landscape
PIXELS: Final = 1200.0  # width of the frame
OUTSIDE_KINDS: Final = ("gateway", "city", "power_zone")  # these do not widen the frame
Point = tuple[float, float]  # longitude, latitude; or x, y in pixels


@cache
def layer(name: str) -> geopandas.GeoDataFrame:
    """A background layer in WGS-84 with the columns zh, en and geometry."""
    return geopandas.read_file(LAYERS[name])


def mercator(latitude: float) -> float:
    """Degrees of latitude stretched as the Mercator projection does, in degrees of longitude at the equator."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _latitude(stretched: float) -> float:
    """The inverse of ``mercator``."""
    return math.degrees(2 * math.atan(math.exp(math.radians(stretched))) - math.pi / 2)


@dataclass(frozen=True)
class Frame:
    """The part of the earth that the map shows, in degrees; x and y are pixels from its north-west corner, ``width`` pixels across."""

    west: float
    south: float
    east: float
    north: float
    width: float = PIXELS

    @property
    def scale(self) -> float:
        """Pixels per degree of longitude."""
        return self.width / (self.east - self.west)

    @property
    def height(self) -> float:
        """Height in pixels."""
        return (mercator(self.north) - mercator(self.south)) * self.scale

    @property
    def in_region(self) -> bool:
        """Whether the background layers belong to this frame."""
        return BOX[0] <= self.west and BOX[1] <= self.south and self.east <= BOX[2] and self.north <= BOX[3]

    def pixel(self, point: Point) -> Point:
        """Longitude and latitude → x and y."""
        return ((point[0] - self.west) * self.scale, (mercator(self.north) - mercator(point[1])) * self.scale)

    def degrees(self, pixel: Point) -> Point:
        """x and y → longitude and latitude."""
        return (self.west + pixel[0] / self.scale, _latitude(mercator(self.north) - pixel[1] / self.scale))

    def holds(self, point: Point) -> bool:
        """Whether the point lies inside."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north

    @property
    def kilometres_per_pixel(self) -> float:
        """At the middle latitude; 111.32 km per degree of longitude at the equator."""
        return 111.32 * math.cos(math.radians((self.south + self.north) / 2)) / self.scale


def frame_of(sites: pd.DataFrame, aspect: float = ASPECT, width: float = PIXELS) -> Frame:
    """The frame around the sites that are not gateways, scrap cities or power zones, with a margin, ``aspect`` and ``width`` in pixels.

    Sites inside ``BOX`` come first: if any lies there, the frame stays inside the box. Raises ValueError without
    any coordinates.
    """
    placed = sites[sites["lat"].notna() & sites["lon"].notna()]
    inner = placed[~placed["kind"].isin(OUTSIDE_KINDS)]
    inner = inner if len(inner) else placed
    if inner.empty:
        raise ValueError("no site has coordinates")
    in_box = inner[inner["lon"].between(BOX[0], BOX[2]) & inner["lat"].between(BOX[1], BOX[3])]
    rows = in_box if len(in_box) else inner
    west, south, east, north = (float(value) for value in (rows["lon"].min(), rows["lat"].min(), rows["lon"].max(), rows["lat"].max()))
    frame = _shaped(west - 0.7, south - 0.75, east + 0.7, north + 0.65, aspect)
    return replace(_inside_box(frame) if len(in_box) else frame, width=width)


def _shaped(west: float, south: float, east: float, north: float, aspect: float) -> Frame:
    """The smallest frame of the right aspect around the given one."""
    width, height = east - west, mercator(north) - mercator(south)
    if width < aspect * height:
        more = (aspect * height - width) / 2
        return Frame(west - more, south, east + more, north)
    more = (width / aspect - height) / 2
    return Frame(west, _latitude(mercator(south) - more), east, _latitude(mercator(north) + more))


def _inside_box(frame: Frame) -> Frame:
    """The frame shifted, and if it must be cut, into the box of the background layers."""
    west, south, east, north = BOX
    shift = max(0.0, west - frame.west) - max(0.0, frame.east - east)
    return Frame(
        max(west, frame.west + shift), max(south, frame.south), min(east, frame.east + shift), min(north, frame.north)
    )


def clip(points: list[Point], frame: Frame) -> list[list[Point]]:
    """The parts of a line inside the frame, in its direction (Liang and Barsky, one segment after the other)."""
    parts: list[list[Point]] = []
    for start, end in zip(points, points[1:], strict=False):
        piece = _clip_segment(start, end, frame)
        if piece is None:
            continue
        if parts and parts[-1][-1] == piece[0]:
            parts[-1].append(piece[1])
        else:
            parts.append([piece[0], piece[1]])
    return parts


def _clip_segment(start: Point, end: Point, frame: Frame) -> tuple[Point, Point] | None:
    """The part of one segment inside the frame, or nothing."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    walls = (
        (-dx, start[0] - frame.west), (dx, frame.east - start[0]), (-dy, start[1] - frame.south), (dy, frame.north - start[1]),
    )
    for step, room in walls:
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    if first >= last:
        return None
    return (
        (start[0] + first * dx, start[1] + first * dy) if first > 0 else start,
        (start[0] + last * dx, start[1] + last * dy) if last < 1 else end,
    )
