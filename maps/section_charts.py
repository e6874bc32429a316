"""Charts of further sections as SVG in the page: a curve, ranges around a centre, and a grid of numbers on colours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from maps import svg
from maps.figures import compact
from maps.placing import text_width

Pair = tuple[str, str]
Range = tuple[Pair, float, float]  # name, value at the low end and at the high end of an input
Interval = tuple[Pair, tuple[float, float, float], tuple[float, float, float]]  # name; of two numbers the value, the lower and the upper end
Line = tuple[Pair, Sequence[tuple[float, float]]]  # name (blank: none) and points
Ranges = tuple[tuple[float, float], ...]  # of the axis across and of the upright one
BLUE, ORANGE, DARK = "#0072b2", "#e69f00", "#33404d"
COLOURS: Final = (BLUE, ORANGE, "#009e73", "#d55e00", "#cc79a7", "#56b4e9")  # of lines, told apart by the colour-blind too
WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 640.0, 280.0, 74.0, 18.0, 26.0, 44.0  # of a picture with two axes
ROW: Final = 22.0
PAIR: Final = 34.0  # height of a row of two bars
LINES: Final = 5  # grid lines of an axis
CELL_WIDE, CELL_HIGH = 84.0, 26.0


def ticks(low: float, high: float) -> list[float]:
    """At most ``LINES`` + 1 round numbers from ``low`` to ``high``, in steps of 1, 2 or 5 times a power of ten."""
    if not high > low:
        return [low]
    size = 10 ** math.floor(math.log10((high - low) / LINES))
    step = next(size * factor for factor in (1, 2, 5, 10) if (high - low) / (size * factor) <= LINES)
    return [number * step for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def curve(points: Sequence[tuple[float, float]], across: Pair, up: Pair) -> Markup:
    """A line through ``points`` in their order with a dot at each; ``across`` and ``up`` name the axes with their units."""
    return curves([(("", ""), points)], across, up)


def curves(lines: Sequence[Line], across: Pair, up: Pair, *, joined: bool = True) -> Markup:
    """A line per entry through its points in their order (dots alone unless ``joined``), below them the key of what has a name.

    Nothing where fewer than two points are known. At most ``len(COLOURS)`` lines.
    """
    known = [(name, [point for point in points if all(map(math.isfinite, point))]) for name, points in lines]
    every = [point for _, points in known for point in points]
    if len(every) < 2:
        return Markup("")
    room = tuple(_room([point[place] for point in every]) for place in (0, 1))
    parts = [_axes(room)]
    for (name, points), colour in zip(known, COLOURS, strict=False):
        spots = [_spot(point, room) for point in points]
        parts.append(svg.element("path", d=svg.path(spots), fill="none", stroke=colour, stroke_width=2) if joined and spots else Markup(""))
        for (first, second), (x, y) in zip(points, spots, strict=True):
            told = svg.element("title", " · ".join([f"{compact(first)} → {compact(second)}", *filter(None, dict.fromkeys(name))]))
            parts.append(svg.element("circle", told, cx=x, cy=y, r=4, fill=colour))
    parts.append(svg.text(4, 14, *up, class_="axis"))
    parts.append(svg.text(WIDE - RIGHT, HIGH - 6, *across, text_anchor="end", class_="axis"))
    named = [(name, colour) for (name, _), colour in zip(known, COLOURS, strict=False) if any(name)]
    label = f"{up[0]} / {across[0]} · {up[1]} / {across[1]}"
    return svg.picture(WIDE, HIGH + (22.0 if named else 0.0), svg.join([*parts, *_key(named)]), class_="chart curve", aria_label=label)


def _spot(point: tuple[float, float], room: Ranges) -> tuple[float, float]:
    """Where a point stands in the picture."""
    (low_x, high_x), (low_y, high_y) = room
    x = LEFT + (point[0] - low_x) / (high_x - low_x) * (WIDE - LEFT - RIGHT)
    return x, HIGH - BOTTOM - (point[1] - low_y) / (high_y - low_y) * (HIGH - BOTTOM - TOP)


def _axes(room: Ranges) -> Markup:
    """Round numbers along both axes, those of the upright one with a line across."""
    (low_x, high_x), (low_y, high_y) = room
    parts = []
    for value in ticks(low_y, high_y):
        y = _spot((low_x, value), room)[1]
        parts.append(svg.element("line", x1=LEFT, x2=WIDE - RIGHT, y1=y, y2=y, class_="grid"))
        parts.append(svg.text(LEFT - 6, y + 4, compact(value), text_anchor="end", class_="axis"))
    for value in ticks(low_x, high_x):
        x = _spot((value, low_y), room)[0]
        parts.append(svg.element("line", x1=x, x2=x, y1=HIGH - BOTTOM, y2=HIGH - BOTTOM + 4, class_="zero"))
        parts.append(svg.text(x, HIGH - BOTTOM + 16, compact(value), text_anchor="middle", class_="axis"))
    return svg.join(parts)


def _key(named: Sequence[tuple[Pair, str]]) -> Iterator[Markup]:
    """A dot and the name of every line, side by side below the picture."""
    left = LEFT
    for name, colour in named:
        yield svg.element("circle", cx=left + 4, cy=HIGH + 10, r=4, fill=colour)
        yield svg.text(left + 13, HIGH + 14, *name, class_="axis")
        left += 30 + max(text_width(text, 11.0) for text in name)


def _room(values: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis with a little room around the values."""
    low, high = min(values), max(values)
    room = (high - low) * 0.06 or abs(low) * 0.06 or 1.0
    return low - room, high + room


def ranges(rows: Sequence[Range], unit: Pair) -> Markup:
    """One bar per row from its value at the low end (blue) to the one at the high end (orange) around 0."""
    known = [row for row in rows if math.isfinite(row[1]) and math.isfinite(row[2])]
    if not known:
        return Markup("")
    low, high = min(0.0, *(min(row[1:]) for row in known)), max(0.0, *(max(row[1:]) for row in known))
    longest = max(text_width(name, 12.0) for row in known for name in row[0])
    left, wide = min(max(longest + 70, 160.0), 460.0), 940.0
    scale = (wide - left - 80) / max(high - low, 1e-9)
    zero = left - low * scale
    parts = []
    for position, (name, *ends) in enumerate(known):
        at = ROW * position + 4
        parts.append(svg.text(left - 62, at + 12, *name, text_anchor="end", class_="bar-name"))
        for value, colour in zip(ends, (BLUE, ORANGE), strict=True):
            start = min(zero, zero + value * scale)
            parts.append(svg.element("rect", x=start, y=at, width=max(abs(value) * scale, 0.4), height=16, fill=colour, fill_opacity=0.85))
        for value, side in ((min(ends), "end"), (max(ends), "start")):
            parts.append(svg.text(zero + value * scale + (-4 if side == "end" else 4), at + 12, compact(value), text_anchor=side, class_="bar-value"))
    tall = ROW * len(known) + 4
    parts.append(svg.element("line", x1=zero, x2=zero, y1=0, y2=tall, class_="zero"))
    parts.append(svg.text(wide - 4, tall + 12, *unit, text_anchor="end", class_="axis"))
    return svg.picture(wide, tall + 18, svg.join(parts), class_="chart", aria_label=" · ".join(unit))


def intervals(rows: Sequence[Interval], unit: Pair) -> Markup:
    """Two bars per row (blue and orange) from 0 to a share of 1, each with a line across its interval; what goes beyond 0 to 1 is cut."""
    if not rows:
        return Markup("")
    left, wide = min(max(max(text_width(name, 12.0) for row in rows for name in row[0]) + 10, 160.0), 460.0), 940.0
    room = wide - left - 60
    parts = []
    for share in ticks(0.0, 1.0):
        parts.append(svg.element("line", x1=left + share * room, x2=left + share * room, y1=0, y2=PAIR * len(rows), class_="grid"))
        parts.append(svg.text(left + share * room, PAIR * len(rows) + 14, compact(share), text_anchor="middle", class_="axis"))
    for position, (name, *shares) in enumerate(rows):
        parts.append(svg.text(left - 8, PAIR * position + 20, *name, text_anchor="end", class_="bar-name"))
        for place, ((value, *ends), colour) in enumerate(zip(shares, (BLUE, ORANGE), strict=True)):
            at = PAIR * position + 3 + 13 * place
            low, high = (left + min(max(end, 0.0), 1.0) * room for end in ends)
            long = min(max(value, 0.0), 1.0) * room
            parts.append(svg.element("rect", x=left, y=at, width=long, height=11, fill=colour, fill_opacity=0.85))
            parts.append(svg.element("path", d=f"M{low:.1f},{at + 2:.1f}v7m0,-3.5H{high:.1f}m0,-3.5v7", class_="interval"))
            parts.append(svg.text(max(high, left + long) + 5, at + 9.5, compact(value), class_="bar-value"))
    parts.append(svg.element("line", x1=left, x2=left, y1=0, y2=PAIR * len(rows), class_="zero"))
    tall = PAIR * len(rows) + 34
    parts.append(svg.text(left + room, tall - 4, *unit, text_anchor="end", class_="axis"))
    return svg.picture(wide, tall, svg.join(parts), class_="chart", aria_label=" · ".join(unit))


def grid(
    across: Sequence[float], up: Sequence[float], values: Sequence[Sequence[float]], names: tuple[Pair, Pair], unit: Pair,
    edges: Sequence[tuple[int, int, int]] = (),
) -> Markup:
    """Numbers in cells, the darker the larger; ``values``: one row per ``up``, NaN where there is no plan; ``names``: of both axes.

    ``edges``: row, column before and column after a boundary, which is drawn halfway between the two.
    """
    known = [value for row in values for value in row if math.isfinite(value)]
    if not known:
        return Markup("")
    low, high = min(known), max(known)
    left, top = max(96.0, 16 + max(text_width(name, 11.0) for name in names[1])), 40.0
    wide = left + max(CELL_WIDE * len(across), *(text_width(name, 11.0) for name in names[0])) + 8
    tall = top + CELL_HIGH * len(up) + 24
    parts = [svg.text(left, 14, *names[0], class_="axis"), svg.text(4, top - 8, *names[1], class_="axis")]
    for place, value in enumerate(across):
        parts.append(svg.text(left + CELL_WIDE * (place + 0.5), top - 8, compact(value), text_anchor="middle", class_="bar-name"))
    for line, (value, row) in enumerate(zip(up, values, strict=True)):
        at = top + CELL_HIGH * line
        parts.append(svg.text(left - 8, at + 17, compact(value), text_anchor="end", class_="bar-name"))
        for place, cell in enumerate(row):
            share = (cell - low) / (high - low) if high > low and math.isfinite(cell) else 0.0
            fill = {"fill": BLUE, "fill_opacity": 0.06 + 0.84 * share} if math.isfinite(cell) else {"fill": "#e8ecf0"}
            parts.append(svg.element("rect", x=left + CELL_WIDE * place, y=at, width=CELL_WIDE - 2, height=CELL_HIGH - 2, rx=2, **fill))
            ink = "#ffffff" if share > 0.55 else DARK
            parts.append(svg.text(left + CELL_WIDE * (place + 0.5) - 1, at + 16, compact(cell), text_anchor="middle", class_="in-cell", fill=ink))
    for line, before, after in edges:
        x, at = left + CELL_WIDE * (before + after + 1) / 2 - 1, top + CELL_HIGH * line - 1
        parts.append(svg.element("line", x1=x, x2=x, y1=at, y2=at + CELL_HIGH, class_="flip"))
    parts.append(svg.text(wide - 8, tall - 6, *unit, text_anchor="end", class_="axis"))
    label = f"{names[0][0]} × {names[1][0]} · {names[0][1]} × {names[1][1]}"
    return svg.picture(wide, tall, svg.join(parts), class_="grid-chart", width=round(1.25 * wide), height=round(1.25 * tall), aria_label=label)
