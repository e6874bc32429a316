"""Charts as SVG in the page: no library, both languages inside, colours that print and that colour-blind readers see."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from maps import svg
from maps.escape import pair
from maps.figures import compact, number
from maps.palette import COST_COLOURS, SERIES
from maps.placing import text_width
from maps.view import WATERFALL_GROUPS, rows_of

ROW: Final = 19.0
LABELS: Final = 150.0  # width of the column of names
WIDTH: Final = 560.0
TOLERANCE: Final = 0.1  # yuan per tonne between the parts and the delivered cost


class UnequalPartsError(ValueError):
    """The steps of a waterfall do not add up to its total: a fault of the program."""


def waterfall(rows: pd.DataFrame, largest: float) -> Markup:
    """The steps of one plant as floating bars: cash, capital and rent apart, each with its subtotal, then the total.

    ``largest`` (yuan per tonne) is the right end of the scale, common to all plants. Raises UnequalPartsError when the
    steps miss the column ``total`` by more than ``TOLERANCE``.
    """
    total = float(rows["total"].iloc[0])
    if abs(float(rows["yuan_per_t"].sum()) - total) > TOLERANCE:
        raise UnequalPartsError(f"{rows['plant'].iloc[0]}: parts {rows['yuan_per_t'].sum():.2f}, total {total:.2f}")
    lines: list[tuple[str, str, float, float, str, str]] = []  # zh, en, from, to, colour, class
    at = 0.0
    for group in WATERFALL_GROUPS:
        steps = rows[rows["group"] == group]
        for row in rows_of(steps):
            lines.append((row.label_zh, row.label_en, at, at + row.yuan_per_t, COST_COLOURS[group], "step"))
            at += row.yuan_per_t
        if len(steps) and group != WATERFALL_GROUPS[-1]:
            lines.append((*pair(f"subtotal_{group}"), 0.0, at, COST_COLOURS[group], "subtotal"))
    lines.append((*pair("delivered_cost"), 0.0, at, "#33404d", "total"))
    return _floating(lines, largest)


def _floating(lines: Sequence[tuple[str, str, float, float, str, str]], largest: float) -> Markup:
    """Horizontal bars from one value to another; subtotals are hollow, values stand behind the bars."""
    low = min(0.0, *(min(line[2], line[3]) for line in lines))
    scale = (WIDTH - LABELS - 62) / max(largest - low, 1e-9)
    parts: list[Markup] = []
    for position, (zh, en, start, end, colour, kind) in enumerate(lines):
        y = ROW * position + 2
        x, wide = LABELS + (min(start, end) - low) * scale, max(abs(end - start) * scale, 0.8)
        hollow = kind == "subtotal"
        look = {"fill": "#ffffff" if hollow else colour, "stroke": colour, "stroke_width": 1.2 if hollow else 0}
        parts.append(svg.element("rect", x=x, y=y, width=wide, height=ROW - 6, **look))
        parts.append(svg.text(LABELS - 6, y + 10, zh, en, text_anchor="end", class_=f"bar-name {kind}"))
        shown = number(end - start) if kind != "step" or start == 0 else ("+" if end >= start else "") + number(end - start)
        parts.append(svg.text(x + wide + 4, y + 10, shown, class_=f"bar-value {kind}"))
        if kind == "step" and position + 1 < len(lines):
            edge = LABELS + (end - low) * scale
            parts.append(svg.element("line", x1=edge, x2=edge, y1=y + ROW - 6, y2=y + ROW, class_="link"))
    return svg.picture(WIDTH, ROW * len(lines) + 4, svg.join(parts), class_="chart")


def stacked(rows: Sequence[tuple[str, str, Sequence[tuple[float, str]]]], unit: tuple[str, str]) -> Markup:
    """One bar per row of (Chinese, English, parts), each part (value, colour); negative parts go to the left."""
    if not rows:
        return Markup("")
    high = max(sum(max(value, 0.0) for value, _ in parts) for _, _, parts in rows)
    low = min(sum(min(value, 0.0) for value, _ in parts) for _, _, parts in rows)
    longest = max(text_width(name, 12.0) for zh, en, _ in rows for name in (zh, en))
    left, wide = min(max(longest + 16, 120.0), 340.0), 900.0
    scale = (wide - left - 90) / max(high - low, 1e-9)
    drawn: list[Markup] = []
    for position, (zh, en, parts) in enumerate(rows):
        y, right, under = 22.0 * position + 4, left - low * scale, left - low * scale
        drawn.append(svg.text(left - 8, y + 12, zh, en, text_anchor="end", class_="bar-name"))
        for value, colour in parts:
            long = abs(value) * scale
            x = right if value >= 0 else under - long
            right, under = (right + long, under) if value >= 0 else (right, under - long)
            drawn.append(svg.element("rect", x=x, y=y, width=max(long, 0.4), height=16, fill=colour, class_="part"))
            if long > 38 and len(parts) > 1:
                drawn.append(svg.text(x + long / 2, y + 12, number(value), text_anchor="middle", class_="in-bar"))
        total = sum(value for value, _ in parts)
        drawn.append(svg.text(right + 5, y + 12, number(total), class_="bar-value total"))
    drawn.append(svg.text(wide - 4, 22.0 * len(rows) + 14, *unit, text_anchor="end", class_="axis"))
    return svg.picture(wide, 22.0 * len(rows) + 18, svg.join(drawn), class_="chart")


def power(rows: pd.DataFrame, items: Mapping[tuple[str, str], str]) -> Markup:
    """Monthly balance of one zone: what enters stands above the line, what leaves below (GWh); ``items`` as in ``power_items``."""
    periods = list(dict.fromkeys(rows["period"]))
    table = rows.pivot_table(index="period", columns="item_en", values="value", aggfunc="sum").fillna(0.0)
    values, column = table.reindex(periods).to_numpy(), {name: place for place, name in enumerate(table.columns)}
    top = max(float(table.clip(lower=0).sum(axis=1).max()), 1e-9)
    bottom = min(float(table.clip(upper=0).sum(axis=1).min()), 0.0)
    wide, high, left = 620.0, 250.0, 58.0
    scale, step = (high - 30) / (top - bottom), (wide - left - 4) / len(periods)
    zero = 8 + top * scale
    parts = [_grid(bottom, top, zero, scale, left, wide)]
    for position, period in enumerate(periods):
        x, up, down = left + step * position + 0.12 * step, zero, zero
        for (_, english), colour in items.items():
            value = float(values[position, column[english]]) if english in column else 0.0
            tall = abs(value) * scale
            if tall < 0.05:
                continue
            y = up - tall if value > 0 else down
            up, down = (up - tall, down) if value > 0 else (up, down + tall)
            parts.append(svg.element("rect", x=x, y=y, width=0.76 * step, height=tall, fill=colour))
        parts.append(svg.text(x + 0.38 * step, high - 6, _month(period), text_anchor="middle", class_="axis"))
    parts.append(svg.element("line", x1=left, x2=wide - 4, y1=zero, y2=zero, class_="zero"))
    parts.append(svg.text(4, 12, "GWh", class_="axis"))
    return svg.picture(wide, high, svg.join(parts), class_="chart")


def power_items(rows: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(Chinese, English) of each item that is not always zero → colour, in order of appearance, the same in all zones."""
    rows = rows[rows["value"].abs() > 1e-6]
    names = dict.fromkeys(zip(rows["item_zh"], rows["item_en"], strict=True))
    return {name: SERIES[position % len(SERIES)] for position, name in enumerate(names)}


def _grid(bottom: float, top: float, zero: float, scale: float, left: float, wide: float) -> Markup:
    """Horizontal lines at round values."""
    size = 10 ** math.floor(math.log10((top - bottom) / 2))
    gap = next(size * factor for factor in (1, 2, 5, 10) if (top - bottom) / (size * factor) <= 6)
    parts: list[Markup] = []
    for line in range(math.ceil(bottom / gap), math.floor(top / gap) + 1):
        y = zero - line * gap * scale
        parts.append(svg.element("line", x1=left, x2=wide - 4, y1=y, y2=y, class_="grid"))
        parts.append(svg.text(left - 5, y + 3.5, number(line * gap), text_anchor="end", class_="axis"))
    return svg.join(parts)


def _month(period: str) -> str:
    """``m07`` and ``m07_y2030`` as 7; any other period as it is called."""
    month = re.fullmatch(r"m(0[1-9]|1[0-2])(_.*)?", period)
    return str(int(month[1])) if month else period


def gauge(central: float, flips_at: float, low: float, high: float) -> Markup:
    """A number line: the uncertainty of the input as a band, its central value as a dot, the switch point as a cross-line."""
    known = [value for value in (central, flips_at, low, high) if math.isfinite(value)]
    if not known or not math.isfinite(central):
        return Markup("")
    least, most = min(known), max(known)
    room = (most - least or abs(central) or 1.0) * 0.08
    least, scale = least - room, 190 / (most - least + 2 * room)

    def x(value: float) -> float:
        return 5 + (value - least) * scale

    parts = [svg.element("line", x1=5, x2=195, y1=11, y2=11, class_="grid")]
    if math.isfinite(low) and math.isfinite(high):
        parts.append(svg.element("rect", x=x(low), y=6, width=max(x(high) - x(low), 1.0), height=10, rx=2, class_="band"))
    parts.append(svg.element("circle", cx=x(central), cy=11, r=4, class_="central"))
    if math.isfinite(flips_at):
        parts.append(svg.element("path", d=f"M{x(flips_at):.1f},1v20", class_="flip"))
    label = f"{compact(low)} … {compact(high)}"
    return svg.picture(200, 22, svg.element("title", label) + svg.join(parts), class_="gauge")


def share_bar(share: float, colour: str) -> Markup:
    """A share of 1 as a bar in a table cell."""
    wide = 120 * min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0
    bar = svg.element("rect", x=0, y=2, width=wide, height=10, fill=colour)
    return svg.picture(120, 14, svg.element("rect", x=0, y=2, width=120, height=10, class_="band") + bar, class_="share")
