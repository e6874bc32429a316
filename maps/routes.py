"""Legs of the corridor network as lines on the map: along rivers and railways where the layers know them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import networkx as nx
import shapely

from maps.geography import Point, layer

LAYER_OF_MODE: Final = {"water": "rivers", "rail": "railways"}
REACH: Final = 0.4  # degrees from an end of a leg to the layer
DETOUR: Final = 1.9  # a way along the layer longer than this times the straight line is not the way meant
STEP: Final = 0.05  # degrees between points of the layer
BEND: Final = 0.07  # height of the bow of a road, as a share of its length, to set it off from the railway
ARC: Final = "arc"  # mode of a line from sender to receiver that follows no corridor
ARC_BEND: Final = 0.16  # each direction bows to its own left, so that there and back stand apart


@dataclass(frozen=True)
class Leg:
    """One step of a route: from a node to the next by one mode, in the direction of travel."""

    start: str
    end: str
    mode: str


@dataclass(frozen=True)
class _Network:
    """A background layer as a graph with an index of its points."""

    graph: nx.Graph
    points: list[Point]
    tree: shapely.STRtree


def legs(route: str, start: str, end: str, mode: str, places: Mapping[str, Point]) -> list[Leg]:
    """The legs of ``node~mode~node~mode~node``; one straight leg where the route is blank or names an unknown place.

    An empty list means that an end has no coordinates, so the flow cannot be drawn.
    """
    parts = route.split("~")
    nodes, modes = parts[0::2], parts[1::2]
    if len(parts) >= 3 and len(nodes) == len(modes) + 1 and all(node in places for node in nodes):
        steps = [Leg(*step) for step in zip(nodes, nodes[1:], modes, strict=False)]
        return [step for step in steps if places[step.start] != places[step.end]]
    if start == end or start not in places or end not in places:
        return []
    return [Leg(start, end, mode)]


def line(leg: Leg, places: Mapping[str, Point]) -> list[Point]:
    """The way of a leg in degrees, the same points in both directions; arcs bow to their left in either."""
    if leg.mode == ARC:
        return _bow(places[leg.start], places[leg.end], ARC_BEND)
    if leg.start > leg.end:
        return line(Leg(leg.end, leg.start, leg.mode), places)[::-1]
    start, end = places[leg.start], places[leg.end]
    if leg.mode == "road":
        return _bow(start, end)
    traced = _along(LAYER_OF_MODE[leg.mode], start, end) if leg.mode in LAYER_OF_MODE else None
    return traced or [start, end]


def _bow(start: Point, end: Point, bend: float = BEND) -> list[Point]:
    """A bow to the left of the straight line, as high as ``bend`` of its length."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    top = ((start[0] + end[0]) / 2 - 2 * bend * dy, (start[1] + end[1]) / 2 + 2 * bend * dx)
    result = []
    for step in range(9):
        t = step / 8
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        result.append((a * start[0] + b * top[0] + c * end[0], a * start[1] + b * top[1] + c * end[1]))
    return result


def _along(name: str, start: Point, end: Point) -> list[Point] | None:
    """The shortest way along a layer, or nothing where the layer does not join the two points."""
    network = _network(name)
    first, last = _nearest(network, start), _nearest(network, end)
    if first is None or last is None or first == last:
        return None
    try:
        way = nx.dijkstra_path(network.graph, first, last, weight="length")
    except nx.NetworkXNoPath:
        return None
    points = [start, *way, end]
    if _length(points) > DETOUR * math.dist(start, end) + STEP:
        return None
    return _rounded(_unspiked([(x, y) for x, y in shapely.LineString(points).simplify(0.03).coords]))


def _unspiked(points: list[Point]) -> list[Point]:
    """The line without corners sharper than a right angle: lines beside each other would cross there."""
    kept = points[:1]
    for number in range(1, len(points) - 1):
        (ax, ay), (bx, by), (cx, cy) = kept[-1], points[number], points[number + 1]
        if (bx - ax) * (cx - bx) + (by - ay) * (cy - by) > 0:
            kept.append(points[number])
    return [*kept, points[-1]]


def _rounded(points: list[Point]) -> list[Point]:
    """Corners cut twice (Chaikin), so that lines beside each other stay smooth; the ends stay."""
    for _ in range(2):
        cut = [points[0]]
        for (ax, ay), (bx, by) in zip(points, points[1:], strict=False):
            cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
        points = [*cut, points[-1]]
    return points


def _nearest(network: _Network, point: Point) -> Point | None:
    """The closest point of the layer within reach."""
    nearest = network.points[int(network.tree.nearest(shapely.Point(point)))]
    return nearest if math.dist(nearest, point) <= REACH else None


def _length(points: list[Point]) -> float:
    """Length in degrees."""
    return sum(math.dist(a, b) for a, b in zip(points, points[1:], strict=False))


@cache
def _network(name: str) -> _Network:
    """The layer cut into short steps; ends of lines are joined to the nearest line (mouths of rivers)."""
    graph = nx.Graph()
    ends: list[Point] = []
    for shape in layer(name).geometry:
        for part in shapely.get_parts(shape.segmentize(STEP)):
            points = [(round(x, 3), round(y, 3)) for x, y in part.coords]
            for a, b in zip(points, points[1:], strict=False):
                graph.add_edge(a, b, length=math.dist(a, b))
            ends += [points[0], points[-1]]
    points = list(graph)
    tree = shapely.STRtree([shapely.Point(point) for point in points])
    for end in ends:
        near = tree.query(shapely.Point(end), predicate="dwithin", distance=0.06)
        for index in near:
            if points[index] != end:
                graph.add_edge(end, points[index], length=math.dist(end, points[index]))
    return _Network(graph, points, tree)
