"""Places outside the frame: arrows where their routes cross its edge, pointing to the place, with labels of what comes and goes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from maps import svg
from maps.escape import pair
from maps.figures import number
from maps.flows import annual, places
from maps.geography import Frame, Point, clip
from maps.names import Names
from maps.palette import group_of, groups
from maps.placing import Box, text_width
from maps.routes import Leg, legs, line
from maps.view import ReportView, cells_of

CLUSTER: Final = 70.0  # pixels along the edge that share one block of labels
LINE: Final = 14.0
SIZE: Final = 10.5
LEAST: Final = 0.5  # kt a year worth a line
LINES: Final = 5  # lines per block; the rest is summed up
SIDES: Final = ("west", "east", "north", "south")
HEAD: Final = ((0.0, 0.0), (-15.0, 7.5), (-11.0, 0.0), (-15.0, -7.5))  # of the arrow at the edge, its tip at 0, 0 and pointing east
SMALL: Final = ((5.5, 0.0), (0.5, 4.0), (0.5, 1.2), (-5.5, 1.2), (-5.5, -1.2), (0.5, -1.2), (0.5, -4.0))  # of a line of the label, around its middle
TEXT_FROM: Final = 20.0  # pixels from the left of a label to its words
GREY: Final = "#8a8a8a"
MOVES: Final = tuple(sorted(  # pixels along the edge and inwards from it, the least way first
    ((sign * 8.0 * step, 12.0 * depth) for step in range(101) for sign in (1, -1) for depth in range(6)), key=lambda way: abs(way[0]) + way[1],
))
NEAR: Final = 14.0  # pixels between arrow and label that need no line


@dataclass(frozen=True)
class Row:
    """One line of a label; ``heading``: the unit vector of travel in pixels, None where several ways are added up."""

    colour: str
    zh: str
    en: str
    heading: Point | None = None


@dataclass(frozen=True)
class Exit:
    """One arrow and its block of lines: where the routes cross the edge, the corners of the arrow, and where the lines stand."""

    point: Point  # pixels
    side: str
    head: tuple[Point, ...]  # pixels, the tip first
    rows: tuple[Row, ...]
    box: Box


@dataclass(frozen=True)
class _Crossing:
    """What one group of goods sends to or from one place over the edge; ``heading``: the unit vector from the edge to the place."""

    point: Point
    heading: Point
    site: str
    group: str
    inward: bool
    amount: float  # kt a year


def exits(view: ReportView, frame: Frame, names: Names, obstacles: Sequence[Box] = ()) -> list[Exit]:
    """The arrows of all routes that leave the frame, with amounts of a year; labels are moved along the edges until they cover nothing."""
    clusters: dict[tuple[str, int], list[_Crossing]] = defaultdict(list)
    for (side, slot), crossed in _crossings(view, frame):
        clusters[side, slot].append(crossed)
    rows = [(side, sorted(group, key=_order)) for (side, _), group in sorted(clusters.items())]
    heads = [arrow_head(group[0].point, group[0].heading, frame) for _, group in rows]
    blocks: list[Exit] = []
    taken = [*obstacles, *(_around(head) for head in heads)]
    for (side, group), head in zip(rows, heads, strict=True):
        texts = _texts(group, names)
        box = _block(side, group[0].point, texts, frame, [*taken, *(block.box for block in blocks)])
        blocks.append(Exit(group[0].point, side, head, tuple(texts), box))
    return blocks


def covered(edges: Sequence[Exit]) -> list[Box]:
    """What arrows and labels cover: nothing else may stand there."""
    return [*(exit_.box for exit_ in edges), *(_around(exit_.head) for exit_ in edges)]


def arrow_head(point: Point, heading: Point, frame: Frame) -> tuple[Point, ...]:
    """The corners of an arrow at a point of the edge, the tip first, pointing to ``heading``, moved until it lies within the frame."""
    corners = turned(HEAD, heading)
    spans = [(min(corner[axis] for corner in corners), max(corner[axis] for corner in corners)) for axis in (0, 1)]
    at = [min(max(point[axis], -spans[axis][0]), size - spans[axis][1]) for axis, size in ((0, frame.width), (1, frame.height))]
    return tuple((at[0] + x, at[1] + y) for x, y in corners)


def turned(corners: Sequence[Point], heading: Point) -> list[Point]:
    """Corners of a shape that points east, turned to point to a unit vector."""
    return [(x * heading[0] - y * heading[1], x * heading[1] + y * heading[0]) for x, y in corners]


def _around(corners: Sequence[Point]) -> Box:
    """The rectangle around some points."""
    (west, east), (north, south) = ((min(values), max(values)) for values in zip(*corners, strict=True))
    return Box(west, north, east - west, south - north)


def _order(crossed: _Crossing) -> tuple[float, str, str, bool]:
    return (-crossed.amount, crossed.site, crossed.group, crossed.inward)


def _crossings(view: ReportView, frame: Frame) -> list[tuple[tuple[str, int], _Crossing]]:
    """(side, slot along it) and what crosses there, per place, group of goods and direction."""
    group, where = group_of(view), places(view)
    sums: dict[tuple[str, int, str, str, bool], tuple[Point, float]] = {}
    for good, start, end, mode, route, amount in cells_of(annual(view)):
        steps = legs(route, start, end, mode, where)
        if not steps or frame.holds(where[start]) == frame.holds(where[end]):
            continue
        inward = frame.holds(where[end])
        edge = crossing(steps, where, frame, inward=inward)
        if edge is None:
            continue
        point = frame.pixel(edge)
        side = _side(point, frame)
        slot = int((point[1] if side in ("west", "east") else point[0]) // CLUSTER)
        key = (side, slot, start if inward else end, group[good], inward)
        first, before = sums.get(key, (point, 0.0))
        sums[key] = (first, before + amount)
    return [
        ((side, slot), _Crossing(point, _heading(point, frame.pixel(where[site])), site, goods, inward, amount))
        for (side, slot, site, goods, inward), (point, amount) in sums.items() if amount >= LEAST
    ]


def _heading(start: Point, end: Point) -> Point:
    """The unit vector from a point of the edge to one outside."""
    long = math.dist(start, end)
    return ((end[0] - start[0]) / long, (end[1] - start[1]) / long)


def crossing(steps: Sequence[Leg], where: Mapping[str, Point], frame: Frame, *, inward: bool) -> Point | None:
    """Where a route enters the frame for the first time, or leaves it for the last, in degrees; None where it never lies inside."""
    parts = clip([point for step in steps for point in line(step, where)], frame)
    if not parts:
        return None
    return parts[0][0] if inward else parts[-1][-1]


def _side(point: Point, frame: Frame) -> str:
    """The edge nearest to a point in pixels."""
    distances = (point[0], frame.width - point[0], point[1], frame.height - point[1])
    return SIDES[min(range(4), key=distances.__getitem__)]


def _texts(rows: Sequence[_Crossing], names: Names) -> list[Row]:
    """The lines of a label in the colours of the goods; beyond ``LINES`` the small ones are added up."""
    known = {group.key: group for group in groups()}
    result = []
    for row in rows[:LINES]:
        place, goods = names.short(row.site), (known[row.group].zh, known[row.group].en)
        said = pair("edge_in" if row.inward else "edge_out", place=place, goods=goods, amount=number(row.amount))
        way = -1.0 if row.inward else 1.0
        result.append(Row(known[row.group].colour, *said, (way * row.heading[0], way * row.heading[1])))
    if rest := rows[LINES:]:
        result.append(Row(GREY, *pair("edge_rest", count=len(rest), amount=number(sum(row.amount for row in rest)))))
    return result


def _block(side: str, point: Point, rows: Sequence[Row], frame: Frame, taken: Sequence[Box]) -> Box:
    """Where the lines stand: as near as possible to the crossing, along the edge or inwards from it, where they cover nothing."""
    wide = TEXT_FROM + 6 + max(max(text_width(row.zh, SIZE), text_width(row.en, SIZE)) for row in rows)
    high = LINE * len(rows) + 4
    left = {"west": 4.0, "east": frame.width - wide - 4}.get(side, min(max(point[0] - wide / 2, 4), frame.width - wide - 4))
    top = {"north": 4.0, "south": frame.height - high - 4}.get(side, min(max(point[1] + 18, 4), frame.height - high - 4))
    inwards = {"west": (1, 0), "east": (-1, 0), "north": (0, 1), "south": (0, -1)}[side]
    for along, depth in MOVES:
        x, y = left + depth * inwards[0] + along * abs(inwards[1]), top + depth * inwards[1] + along * abs(inwards[0])
        box = Box(x, y, wide, high)
        if box.within(frame.width, frame.height) and not any(box.overlap(other) for other in taken):
            return box
    return Box(left, top, wide, high)


def fragment(exit_: Exit) -> Markup:
    """The arrow, and its label in each language as wide as its own words, as SVG in pixels of the frame."""
    arrow = svg.element("path", d=svg.path(exit_.head, closed=True), class_="edge-arrow")
    return arrow + svg.join(_in_language(exit_, language) for language in ("zh", "en"))


def _in_language(exit_: Exit, language: str) -> Markup:
    """The label in one language; on the east edge it ends where the wider one ends. A line joins it to an arrow that is not near."""
    said, box = [str(getattr(row, language)) for row in exit_.rows], exit_.box
    wide = TEXT_FROM + 6 + max(text_width(text, SIZE) for text in said)
    left = box.left + (box.width - wide) * {"east": 1.0, "west": 0.0}.get(exit_.side, 0.5)
    parts = [_leader(exit_.head, Box(left, box.top, wide, box.height))]
    parts.append(svg.element("rect", x=left, y=box.top, width=wide, height=box.height, rx=3, class_="edge-box"))
    for place, (row, text) in enumerate(zip(exit_.rows, said, strict=True)):
        y = box.top + LINE * place + 9
        mark = turned(SMALL, row.heading) if row.heading else [(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)]
        parts.append(svg.element("path", d=svg.path(((left + 10 + a, y + b) for a, b in mark), closed=True), fill=row.colour))
        parts.append(svg.element("text", text, x=left + TEXT_FROM, y=y + 3.5, class_="edge-text"))
    return svg.element("g", svg.join(parts), class_=language)


def _leader(head: Sequence[Point], box: Box) -> Markup:
    """A thin line from the notch of the arrow to the nearest point of its label; nothing where they are near each other."""
    x, y = head[2]
    near = (min(max(x, box.left), box.left + box.width), min(max(y, box.top), box.top + box.height))
    return svg.element("path", d=svg.path([(x, y), near]), class_="leader") if math.dist((x, y), near) > NEAR else Markup("")
