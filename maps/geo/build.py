"""Make the background layers of the map from the Generic Mapping Tools and from points of our own.

Run ``python maps/geo/build.py`` where ``gmt`` with its data packages gmt-dcw and gmt-gshhg-high is installed. The result
is committed, so nobody needs this to make a report. No national border is ever drawn: the two provinces contain none.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import networkx as nx
import shapely
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
BOX = (97.0, 25.5, 111.0, 34.5)  # west, south, east, north in degrees: no national border lies inside
TOLERANCE = 0.006  # degrees, about 600 m
Point = tuple[float, float]

PROVINCES = {"CN.SC": ("四川", "Sichuan"), "CN.CQ": ("重庆", "Chongqing")}

# GSHHG rivers carry no names: each is the shortest way along the river lines through these points (own, ± 5 km).
RIVERS: tuple[tuple[str, str, tuple[Point, ...]], ...] = (
    ("长江", "Yangtze", ((104.62, 28.77), (105.44, 28.87), (106.55, 29.55), (107.39, 29.71), (108.40, 30.81), (111.0, 30.7))),
    ("金沙江", "Jinsha", ((97.0, 33.05), (99.0, 29.5), (101.72, 26.58), (103.1, 27.4), (104.62, 28.77))),
    ("雅砻江", "Yalong", ((97.6, 34.0), (100.2, 31.0), (101.0, 30.0), (101.9, 28.5), (101.72, 26.58))),
    ("大渡河", "Dadu", ((99.9, 33.1), (101.9, 31.5), (102.2, 29.9), (103.76, 29.57))),
    ("岷江", "Min", ((103.5, 33.1), (103.6, 31.0), (103.83, 30.05), (103.76, 29.57), (104.62, 28.77))),
    ("沱江", "Tuo", ((104.4, 30.86), (104.55, 30.2), (105.06, 29.58), (105.44, 28.87))),
    ("涪江", "Fu", ((104.1, 32.8), (104.74, 31.46), (105.57, 30.52), (106.27, 29.99))),
    ("嘉陵江", "Jialing", ((106.9, 34.2), (105.84, 32.44), (106.09, 30.8), (106.27, 29.99), (106.55, 29.55))),
    ("渠江", "Qu", ((107.3, 32.6), (107.05, 31.0), (106.27, 29.99))),
    ("白龙江", "Bailong", ((102.6, 34.1), (104.9, 33.4), (105.75, 32.3))),
    ("乌江", "Wu", ((104.45, 26.9), (107.7, 27.2), (108.7, 28.6), (107.8, 29.3), (107.39, 29.71))),
    ("赤水河", "Chishui", ((105.0, 27.6), (105.85, 28.55), (105.8, 28.8))),
)


def _coast(*options: str) -> Iterator[list[Point]]:
    """The lines that ``gmt coast -M`` prints, one list of (longitude, latitude) each."""
    command = ("gmt", "coast", *options, "-M")
    line: list[Point] = []
    for row in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        if row.startswith(">"):
            if line:
                yield line
            line = []
        elif row.strip():
            longitude, latitude = row.split()[:2]
            line.append((float(longitude), float(latitude)))
    if line:
        yield line


def provinces() -> Iterator[tuple[dict[str, str], BaseGeometry]]:
    """Both provinces, clipped to the box and simplified together, so that their common border stays common."""
    shapes = [shapely.union_all([shapely.Polygon(ring) for ring in _coast(f"-E{code}")]).buffer(0) for code in PROVINCES]
    shapes[1] = shapes[1].difference(shapes[0])
    simple = shapely.coverage_simplify([shape.intersection(shapely.box(*BOX)) for shape in shapes], TOLERANCE)
    for (chinese, english), shape in zip(PROVINCES.values(), simple, strict=True):
        yield {"zh": chinese, "en": english}, _without_slivers(shape)


def _without_slivers(shape: BaseGeometry) -> BaseGeometry:
    """Only the parts larger than about 25 km²: the difference of two outlines leaves crumbs."""
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.area > 0.0025])


def rivers() -> Iterator[tuple[dict[str, str], BaseGeometry]]:
    """The named rivers, stitched from the binned pieces of GSHHG."""
    graph = _river_graph()
    points = list(graph)
    for chinese, english, waypoints in RIVERS:
        stops = [min(points, key=lambda node, to=stop: _apart(node, to)) for stop in waypoints]  # type: ignore[misc]
        way: list[Point] = [stops[0]]
        for start, end in zip(stops, stops[1:], strict=False):
            way += nx.shortest_path(graph, start, end, weight="length")[1:]
        yield {"zh": chinese, "en": english}, shapely.clip_by_rect(shapely.LineString(way).simplify(TOLERANCE / 2), *BOX)


def _river_graph() -> nx.Graph:
    """All river pieces as a graph; ends of neighbouring bins closer than about 2 km are joined."""
    west, south, east, north = BOX
    graph = nx.Graph()
    ends: list[Point] = []
    for line in _coast(f"-R{west}/{east}/{south}/{north}", "-I1", "-I2", "-I3", "-I4", "-Dh"):
        for start, end in zip(line, line[1:], strict=False):
            graph.add_edge(start, end, length=_apart(start, end))
        ends += [line[0], line[-1]]
    tree = shapely.STRtree([shapely.Point(point) for point in graph])
    nodes = list(graph)
    for end in ends:
        for index in tree.query(shapely.Point(end), predicate="dwithin", distance=0.02):
            if (gap := _apart(end, nodes[index])) > 0:
                graph.add_edge(end, nodes[index], length=5 * gap)
    return graph


def _apart(first: Point, second: Point) -> float:
    """Distance in degrees: good enough to find the nearest point of a river."""
    return float(((first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2) ** 0.5)


def _write(path: Path, features: Iterable[tuple[dict[str, str], BaseGeometry]]) -> None:
    """GeoJSON in WGS-84 with three decimals (about 100 m)."""
    rows = []
    for properties, shape in features:
        geometry = json.loads(shapely.to_geojson(shapely.set_precision(shape, 0.001, mode="pointwise")))
        rows.append({"type": "Feature", "properties": properties, "geometry": geometry})
    collection = {"type": "FeatureCollection", "features": rows}
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _write(HERE / "lgpl" / "provinces.geojson", provinces())
    _write(HERE / "lgpl" / "rivers.geojson", rivers())
