"""Gateways outside the frame: where their routes cross its edge, and the labels that stand there."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Exit:
    """One block of labels: where it stands on the edge and its lines (colour, Chinese, English)."""

    point: Point  # pixels
    side: str
    rows: tuple[tuple[str, str, str], ...]
    box: Box


def exits(view: ReportView, frame: Frame, names: Names, obstacles: Sequence[Box] = ()) -> list[Exit]:
    """The labels of all routes that leave the frame, with amounts of a year, moved along the edges until they cover nothing."""
    sums = _crossings(view, frame)
    clusters: dict[tuple[str, int], list[tuple[Point, str, str, bool, float]]] = defaultdict(list)
    for (side, slot, site, group, inward), (point, amount) in sums.items():
        if amount < LEAST:
            continue
        clusters[side, slot].append((point, site, group, inward, amount))
    blocks: list[Exit] = []
    for (side, _), rows in sorted(clusters.items(), key=lambda item: (item[0][0], item[0][1])):
        rows.sort(key=lambda row: (-row[4], row[1], row[2], row[3]))
        blocks.append(_block(side, rows[0][0], _texts(rows, names), frame, [*obstacles, *(block.box for block in blocks)]))
    return blocks


def _crossings(view: ReportView, frame: Frame) -> dict[tuple[str, int, str, str, bool], tuple[Point, float]]:
    """(side, slot, gateway, group, inward) → where on the edge in pixels, kt a year."""
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
    return sums


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


def _texts(rows: list[tuple[Point, str, str, bool, float]], names: Names) -> list[tuple[str, str, str]]:
    """Colour and words of each line; beyond ``LINES`` the small ones are added up."""
    known = {group.key: group for group in groups()}
    result = []
    for _, site, key, inward, amount in rows[:LINES]:
        facts = {"amount": number(amount)}
        zh, _ = pair("edge_in" if inward else "edge_out", place=names.short(site)[0], goods=known[key].zh, **facts)
        _, en = pair("edge_in" if inward else "edge_out", place=names.short(site)[1], goods=known[key].en, **facts)
        result.append((known[key].colour, zh, en))
    if rest := rows[LINES:]:
        result.append(("#8a8a8a", *pair("edge_rest", count=len(rest), amount=number(sum(row[4] for row in rest)))))
    return result


def _block(side: str, point: Point, rows: list[tuple[str, str, str]], frame: Frame, taken: list[Box]) -> Exit:
    """A block of lines inside the edge near its crossing, moved along the edge until it covers no other block."""
    wide = 20 + max(max(text_width(zh, SIZE), text_width(en, SIZE)) for _, zh, en in rows)
    high = LINE * len(rows) + 4
    left = {"west": 4.0, "east": frame.width - wide - 4}.get(side, min(max(point[0] - wide / 2, 4), frame.width - wide - 4))
    top = {"north": 4.0, "south": frame.height - high - 4}.get(side, min(max(point[1] + 18, 4), frame.height - high - 4))
    start = Box(left, top, wide, high)
    for step in range(200):
        shift = (step + 1) // 2 * 8 * (1 if step % 2 else -1)
        box = (
            Box(left, top + shift, wide, high) if side in ("west", "east") else Box(left + shift, top, wide, high)
        )
        if box.within(frame.width, frame.height) and not any(box.overlap(other) for other in taken):
            return Exit(point, side, tuple(rows), box)
    return Exit(point, side, tuple(rows), start)


def fragment(exit_: Exit) -> Markup:
    """The block as SVG in pixels of the frame, in each language as wide as its own words."""
    return svg.join(_in_language(exit_, column, language) for column, language in ((1, "zh"), (2, "en")))


def _in_language(exit_: Exit, column: int, language: str) -> Markup:
    """The block in one language; on the east edge it ends where the wider one ends."""
    box = exit_.box
    wide = 20 + max(text_width(row[column], SIZE) for row in exit_.rows)
    left = box.left + (box.width - wide) * {"east": 1.0, "west": 0.0}.get(exit_.side, 0.5)
    parts = [svg.element("rect", x=left, y=box.top, width=wide, height=box.height, rx=3, class_="edge-box")]
    for number_, row in enumerate(exit_.rows):
        y = box.top + LINE * number_ + 13
        parts.append(svg.element("rect", x=left + 4, y=y - 8, width=7, height=7, fill=row[0]))
        parts.append(svg.element("text", row[column], x=left + 14, y=y - 1, class_="edge-text"))
    return svg.element("g", svg.join(parts), class_=language)
