"""What moves between two plans on the map: output of the parks and tonnage of the lines, each as more and less."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from markupsafe import Markup

from maps import svg
from maps.escape import pair
from maps.figures import number
from maps.flows import Stream, streams
from maps.geography import Frame
from maps.names import Names
from maps.parks import PARK_KINDS, PIE_STAGES, radius
from maps.placing import Box, Circle, Label, circle_box, place, spread, text_width
from maps.routes import Leg
from maps.view import ReportView, cells_of

MORE, LESS = "more", "less"
COLOURS: Final = {MORE: "#0072b2", LESS: "#d55e00"}
LEAST: Final = 0.5  # kt a year; smaller changes are not drawn
NOISE: Final = 1e-6  # kt a year; goods that change by less only swap their ways
TOLD: Final = 3  # stages named below a park
NAMED: Final = 4  # flows named of a line
NAME_SIZE: Final = 13.0
PART_SIZE: Final = 11.0
QUIET: Final = 3.2  # radius of a park where nothing moves


@dataclass(frozen=True)
class Shift:
    """A park and what it makes more and less in a year, kt; ``parts``: stage and change, the largest first."""

    site: str
    truth: tuple[float, float]
    circle: Circle
    more: float
    less: float
    parts: tuple[tuple[str, float], ...]
    label: Label | None = None

    @property
    def moves(self) -> bool:
        """Whether anything changes here."""
        return bool(self.parts)


def moved(first: ReportView, second: ReportView) -> pd.DataFrame:
    """site, stage, change: yearly output of the second view beyond that of the first, from ``LEAST`` on."""
    parts = [_output(first).assign(sign=-1.0), _output(second).assign(sign=1.0)]
    rows = pd.concat(parts, ignore_index=True)
    chain = rows["stage"].isin(PIE_STAGES)
    rows = rows[chain if chain.any() else rows["stage"] == "other"]  # core tables alone know no stages
    sums = rows.assign(change=rows["value"] * rows["sign"]).groupby(["site", "stage"], as_index=False)[["change"]].sum()
    return sums[sums["change"].abs() >= LEAST].reset_index(drop=True)


def _output(view: ReportView) -> pd.DataFrame:
    """Activity with the stage of its technology."""
    return view.activity.merge(view.technologies[["technology", "stage"]], on="technology", how="left")


def largest_shift(tables: Sequence[pd.DataFrame]) -> float:
    """The largest growth or loss of one park in any of the tables: the common scale of all difference maps."""
    sides = [side for table in tables for sign in (1, -1) for side in (table["change"] * sign).clip(lower=0.0).groupby(table["site"]).sum()]
    return max(sides, default=0.0)


def moved_streams(first: ReportView, second: ReportView) -> list[Stream]:
    """What the lines carry more or less, per leg: groups ``more`` and ``less``; parts hold the change of each flow."""
    flows: defaultdict[Leg, defaultdict[tuple[str, str, str], float]] = defaultdict(lambda: defaultdict(float))
    for view, sign in ((first, -1.0), (second, 1.0)):
        for stream in streams(view):
            for good, start, end, amount in stream.parts:
                flows[stream.leg][good, start, end] += sign * amount
    goods = {leg: _by_good(parts) for leg, parts in flows.items()}
    found = []
    for leg in sorted(flows, key=lambda leg: (leg.start, leg.end, leg.mode)):
        for group, sign in ((MORE, 1.0), (LESS, -1.0)):
            kinds = {good for good, change in goods[leg].items() if change * sign > NOISE}
            amount = sum(abs(goods[leg][good]) for good in kinds)
            parts = [(*key, change) for key, change in flows[leg].items() if key[0] in kinds and abs(change) >= LEAST]
            if amount >= LEAST:
                found.append(Stream(group, leg, amount, tuple(sorted(parts, key=lambda part: (-abs(part[3]), part[:3])))))
    return found


def _by_good(parts: dict[tuple[str, str, str], float]) -> dict[str, float]:
    """Changes of one leg added up per good: two flows of a good that swap their ways are no change of the line."""
    sums: defaultdict[str, float] = defaultdict(float)
    for (good, _, _), change in parts.items():
        sums[good] += change
    return dict(sums)


def shifts(table: pd.DataFrame, sites: pd.DataFrame, frame: Frame, largest: float) -> list[Shift]:
    """Every park of the frame and every other place where something moves; those that move most come first."""
    placed = sites[sites["lat"].notna() & sites["lon"].notna() & (sites["kind"] != "power_zone")]
    found = []
    for site, kind, latitude, longitude in cells_of(placed[["site", "kind", "lat", "lon"]]):
        mine = table[table["site"] == site]
        if not frame.holds((longitude, latitude)) or (kind not in PARK_KINDS and mine.empty):
            continue
        more, less = (float((mine["change"] * sign).clip(lower=0.0).sum()) for sign in (1, -1))
        ranked = sorted(zip(mine["stage"], mine["change"], strict=True), key=lambda part: (-abs(part[1]), part[0]))
        point = frame.pixel((longitude, latitude))
        size = max((radius(amount, largest) for amount in (more, less) if amount > 0), default=QUIET)
        found.append(Shift(site, point, Circle(*point, size), more, less, tuple(ranked)))
    found.sort(key=lambda shift: (-shift.more - shift.less, shift.site))
    moved_apart = spread([shift.circle for shift in found])
    return [Shift(s.site, s.truth, circle, s.more, s.less, s.parts) for s, circle in zip(found, moved_apart, strict=True)]


def labelled(found: Sequence[Shift], names: Names, obstacles: Sequence[Box], frame_size: tuple[float, float]) -> list[Shift]:
    """The parks with their labels; names of those where nothing moves are dropped where there is no room."""
    wanted = []
    for shift in found:
        rows = [max(text_width(name, NAME_SIZE) for name in names.short(shift.site))]
        rows += [max(text_width(text, PART_SIZE) for text in told(shift))] if shift.moves else []
        wanted.append((shift.circle, max(rows) + 4, NAME_SIZE * 1.2 + (PART_SIZE * 1.25 if shift.moves else 0.0), shift.moves))
    labels = place(wanted, [*obstacles, *(circle_box(shift.circle) for shift in found)], frame_size)
    return [
        Shift(s.site, s.truth, s.circle, s.more, s.less, s.parts, label) for s, label in zip(found, labels, strict=True)
    ]


def told(shift: Shift) -> tuple[str, str]:
    """The largest changes of a park in words: Primary +135 · Recycled −20."""
    texts = []
    for language in (0, 1):
        cells = [f"{pair(f'stage_{stage}')[language]} {signed(change)}" for stage, change in shift.parts[:TOLD]]
        texts.append(" · ".join(cells) + (" …" if len(shift.parts) > TOLD else ""))
    return texts[0], texts[1]


def signed(change: float) -> str:
    """A change with its sign, one decimal below ten."""
    text = number(change, 0 if abs(change) >= 10 else 1)
    return text if change <= 0 else f"+{text}"


def fragment(shift: Shift, names: Names, largest: float) -> Markup:
    """Two half discs, less on the left and more on the right, whose areas grow with the amounts; a dot where nothing moves."""
    circle = shift.circle
    parts: list[Markup] = []
    if math.dist(shift.truth, (circle.x, circle.y)) > 3:
        x, y = shift.truth
        parts.append(svg.element("line", x1=x, y1=y, x2=circle.x, y2=circle.y, class_="leader"))
        parts.append(svg.element("circle", cx=x, cy=y, r=1.6, class_="leader-end"))
    if not shift.moves:
        parts.append(svg.element("circle", cx=circle.x, cy=circle.y, r=QUIET, class_="quiet-park"))
    for amount, colour, sweep in ((shift.less, COLOURS[LESS], 0), (shift.more, COLOURS[MORE], 1)):
        if amount > 0:
            parts.append(_half(circle, radius(amount, largest), colour, sweep))
    if shift.label is not None:
        parts.append(_label(shift, shift.label, names))
    return svg.element("g", svg.join(parts))


def _half(circle: Circle, size: float, colour: str, sweep: int) -> Markup:
    """The left (sweep 0) or right (1) half of a disc."""
    d = f"M{circle.x:.1f},{circle.y - size:.1f}A{size:.2f},{size:.2f} 0 0 {sweep} {circle.x:.1f},{circle.y + size:.1f}Z"
    return svg.element("path", d=d, fill=colour, class_="half")


def _label(shift: Shift, label: Label, names: Names) -> Markup:
    """The name, below it what changes."""
    x, anchor = label.anchor
    top = label.box.top
    name = svg.text(x, top + 0.8 * NAME_SIZE * 1.2, *names.short(shift.site), class_="park-name" if shift.moves else "place-name", text_anchor=anchor)
    if not shift.moves:
        return name
    return name + svg.text(x, top + NAME_SIZE * 1.2 + PART_SIZE, *told(shift), class_="shift-text", text_anchor=anchor)


def line_title(names: Names, stream: Stream) -> str:
    """What a line carries more or less, in both languages: a title is plain text."""
    rows = [f"{pair(f'versus_{stream.group}_on_line')[0]} / {pair(f'versus_{stream.group}_on_line')[1]}: {number(stream.amount)} kt"]
    for good, start, end, change in stream.parts[:NAMED]:
        for position in (0, 1):
            ends = f"{names.short(start)[position]} → {names.short(end)[position]}"
            rows.append(f"{names.good(good)[position]}: {ends} {signed(change)}")
    return "\n".join(rows)
