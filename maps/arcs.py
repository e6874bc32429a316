"""Flows as arcs from sender to receiver, the other way to draw the map; ends outside the frame stand where their route crosses its edge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maps.exits import crossing
from maps.flows import Stream, Stroke, annual, places, strokes
from maps.geography import Frame, Point
from maps.palette import group_of, groups
from maps.routes import ARC, Leg, legs
from maps.view import ReportView, cells_of

FlowKey = tuple[str, str, str, str, str]  # commodity, from, to, mode, route
DRAWN_AT: Final = "@"  # between a place outside the frame and the place inside whose arc ends at the edge


@dataclass(frozen=True)
class Arcs:
    """The lines of the arcs, and the arc on which each yearly flow lies."""

    strokes: list[Stroke]
    of: Mapping[FlowKey, Leg]


def arcs(view: ReportView, frame: Frame, largest: float) -> Arcs:
    """All flows with an end inside the frame, added up per pair of places and group of goods; ``largest`` is drawn widest."""
    group, where = group_of(view), places(view)
    ends: dict[str, Point] = {}
    parts: dict[tuple[str, Leg], list[tuple[str, str, str, float]]] = defaultdict(list)
    of: dict[FlowKey, Leg] = {}
    for good, start, end, mode, route, amount in cells_of(annual(view)):
        leg = _arc(legs(route, start, end, mode, where), start, end, where, frame, ends)
        if leg is not None:
            parts[group[good], leg].append((good, start, end, amount))
            of[good, start, end, mode, route] = leg
    order = {entry.key: number for number, entry in enumerate(groups())}
    keys = sorted(parts, key=lambda key: (key[1].start, key[1].end, order[key[0]]))
    streams = [Stream(key, leg, sum(part[3] for part in parts[key, leg]), tuple(parts[key, leg])) for key, leg in keys]
    return Arcs(strokes(streams, ends, frame, largest), of)


def _arc(steps: list[Leg], start: str, end: str, where: Mapping[str, Point], frame: Frame, ends: dict[str, Point]) -> Leg | None:
    """The arc of a flow, its ends added to ``ends``; nothing where both ends lie outside or one has no place.

    All flows between the same two places share the crossing of the first, which is the largest.
    """
    if not steps or not (frame.holds(where[start]) or frame.holds(where[end])):
        return None
    named = [start, end]
    for at, (place, other) in enumerate(((start, end), (end, start))):
        if frame.holds(where[place]):
            ends.setdefault(place, where[place])
            continue
        named[at] = f"{place}{DRAWN_AT}{other}"
        edge = ends.get(named[at]) or crossing(steps, where, frame, inward=at == 0)
        if edge is None:
            return None
        ends[named[at]] = edge
    return Leg(named[0], named[1], ARC) if ends[named[0]] != ends[named[1]] else None
