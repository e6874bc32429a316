"""The same map as a drawing: for print, for browsers without scripts and for slides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import geopandas
import shapely
from markupsafe import Markup

from maps import exits as edge
from maps import parks, svg
from maps.boundary import within
from maps.exits import Exit
from maps.flows import DASH, Stream, Stroke, middle, shifted
from maps.geography import Frame, Point, clip, layer
from maps.names import Names
from maps.palette import WATER_CASING, groups
from maps.parks import Glyph
from maps.placing import Box, Circle, place, text_width
from maps.view import rows_of

TOWN_SIZE: Final = 10.5
RIVER_SIZE: Final = 10.5
Pinned = tuple[Point, Markup]  # a place in pixels of the frame, and what is drawn there
ARROW_FROM: Final = 1.3  # pixels of width
ARROW_INSIDE: Final = 5.0
ARROW: Final = ((-0.5, -0.62), (0.62, 0.0), (-0.5, 0.62), (-0.22, 0.0))


def still_map(
    frame: Frame, strokes: Sequence[Stroke], glyphs: Sequence[Glyph], edges: Sequence[Exit], towns: Sequence[Pinned], names: Names,
    outlines: geopandas.GeoDataFrame | None = None,
) -> Markup:
    """An SVG of the frame: background, streams, gateways, places, parks, scale and north."""
    return framed(frame, background(frame, outlines), content(frame, strokes, glyphs, edges, towns, names))


def framed(frame: Frame, ground: Markup, drawn: Markup) -> Markup:
    """A picture of the frame: what lies below everything, what is drawn on it, scale and north."""
    sea = svg.element("rect", width=frame.width, height=frame.height, class_="sea")
    return svg.picture(frame.width, frame.height, sea + ground + drawn + _scale(frame), class_="still")


def content(
    frame: Frame, strokes: Sequence[Stroke], glyphs: Sequence[Glyph], edges: Sequence[Exit], towns: Sequence[Pinned], names: Names
) -> Markup:
    """Everything of the map that is not background."""
    lines = streams(strokes, frame, {group.key: group.colour for group in groups()})
    above = [drawing for _, drawing in towns]  # names stay readable on the lines
    return svg.join([lines, *above, *(edge.fragment(exit_) for exit_ in edges), *(parks.fragment(glyph, names) for glyph in reversed(glyphs))])


def background(frame: Frame, outlines: geopandas.GeoDataFrame | None = None) -> Markup:
    """Outlines (the user's own or the provinces), rivers and railways, clipped to the frame; nothing of ours outside its region."""
    parts: list[Markup] = []
    shapes = outlines if outlines is not None else layer("provinces") if frame.in_region else None
    for inside in () if shapes is None else within(shapes, frame).geometry:
        rings = [ring for part in shapely.get_parts(inside) for ring in (part.exterior, *part.interiors)]
        outline = "".join(svg.path((frame.pixel(point) for point in ring.coords), closed=True) for ring in rings)
        parts.append(svg.element("path", d=outline, class_="province"))
    for name, kind in (("rivers", "river"), ("railways", "railway")) if frame.in_region else ():
        lines = [clip([(x, y) for x, y in shape.coords], frame) for shape in layer(name).geometry]
        drawn = "".join(svg.path(frame.pixel(point) for point in piece) for pieces in lines for piece in pieces)
        parts.append(svg.element("path", d=drawn, class_=kind))
    return svg.join(parts)


def town_names(frame: Frame, obstacles: Iterable[Box]) -> list[Pinned]:
    """Names of towns and rivers wherever they fit between everything else."""
    if not frame.in_region:
        return []
    rows = [(row.zh, row.en, frame.pixel((row.geometry.x, row.geometry.y)), "town") for row in rows_of(layer("cities"))]
    for row in rows_of(layer("rivers")):
        pieces = [[frame.pixel(point) for point in piece] for piece in clip(list(row.geometry.coords), frame)]
        spot = max(pieces, key=len, default=None)
        if spot is not None:
            rows.append((row.zh, row.en + " R.", spot[len(spot) * 2 // 5], "river-name"))
    rows = [row for row in rows if 0 <= row[2][0] <= frame.width and 0 <= row[2][1] <= frame.height]
    wanted = [
        (Circle(*point, 2.0 if kind == "town" else 4.0), max(text_width(zh, TOWN_SIZE), text_width(en, TOWN_SIZE)), 12.0, False)
        for zh, en, point, kind in rows
    ]
    labels = place(wanted, obstacles, (frame.width, frame.height))
    result: list[Pinned] = []
    for (zh, en, (x, y), kind), label in zip(rows, labels, strict=True):
        if label is not None:
            dot = svg.element("circle", cx=x, cy=y, r=1.7, class_="town-dot") if kind == "town" else Markup("")
            left, anchor = label.anchor
            result.append(((x, y), dot + svg.text(left, label.box.top + 9.6, zh, en, class_=kind, text_anchor=anchor)))
    return result


def streams(
    strokes: Sequence[Stroke], frame: Frame, colours: Mapping[str, str], river: str = WATER_CASING, titled: Callable[[Stream], str] | None = None
) -> Markup:
    """Casings first (``river``: their colour on water), then the lines in the colours of their groups with a title, then the arrow heads."""
    casings, lines, arrows = [], [], []
    for stroke in strokes:
        points = shifted([frame.pixel(point) for point in stroke.points], stroke.offset)
        colour, mode = colours[stroke.stream.group], stroke.stream.leg.mode
        water = mode == "water"
        casings.append(_polyline(points, river if water else "#ffffff", stroke.width + (4.5 if water else 1.8), None))
        lines.append(_polyline(points, colour, stroke.width, DASH.get(mode), titled(stroke.stream) if titled else ""))
        arrows.append(_arrow(points, stroke.width, colour))
    return svg.element("g", svg.join([*casings, *lines, *arrows]), class_="streams")


def _polyline(points: list[Point], colour: str, width: float, dash: tuple[float, float] | None, title: str = "") -> Markup:
    """One line, with a title where there is one."""
    inner = svg.element("title", title) if title else Markup("")
    dashes = " ".join(f"{length:g}" for length in dash) if dash else None
    return svg.element("path", inner, d=svg.path(points), fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dashes)


def _arrow(points: list[Point], width: float, colour: str) -> Markup:
    """An arrow head on a line: white inside wide lines, in their colour on thin ones; the same rule stands in page.js."""
    spot = middle(points)
    if spot is None or width < ARROW_FROM:
        return Markup("")
    (x, y), angle = spot
    inside = width >= ARROW_INSIDE
    size = 0.8 * width if inside else 1.5 * width + 2.5
    head = svg.path(((px * size, py * size) for px, py in ARROW), closed=True)
    turn = f"translate({x:.1f} {y:.1f}) rotate({angle:.0f})"
    return svg.element("path", d=head, transform=turn, fill="#ffffff" if inside else colour, class_="arrow")


def _scale(frame: Frame) -> Markup:
    """A bar of a round number of kilometres and an arrow to the north."""
    length = next((km for km in (1000, 500, 200, 100, 50, 20, 10, 5) if km / frame.kilometres_per_pixel < 160), 1)
    x, y, wide = 16.0, frame.height - 18, length / frame.kilometres_per_pixel
    bar = svg.element("path", d=f"M{x:.1f},{y - 6:.1f}v6h{wide:.1f}v-6", class_="scale-bar")
    north = svg.element("path", d=f"M{x + 6:.1f},{y - 46:.1f}l6,18l-6,-4l-6,4Z", class_="north")
    label = svg.text(x + wide / 2, y - 5, f"{length} km", text_anchor="middle", class_="scale-text")
    return svg.join([bar, label, north, svg.text(x + 6, y - 49, "N", text_anchor="middle", class_="scale-text")])
