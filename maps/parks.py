"""Sites on the map: parks as pies sized by capacity, other places as small signs, labels that do not collide."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd
from markupsafe import Markup

from maps import svg
from maps.flows import annual
from maps.geography import Frame
from maps.names import Names
from maps.palette import STAGE_COLOURS
from maps.placing import Box, Circle, Label, circle_box, place, spread, text_width
from maps.view import STAGES, ReportView, cells_of

PIE_STAGES: Final = ("alumina", "primary", "casting", "processing", "recycled")
PRESENT: Final = 1e-6  # output below this is none
PARK_KINDS: Final = ("park", "plant")
LARGEST: Final = 31.0  # radii in pixels
SMALLEST: Final = 4.5
PARK_SIZE: Final = 13.0  # text
PLACE_SIZE: Final = 10.0
UNLABELLED: Final = ("city",)
SIGN_KINDS: Final = ("market", "gateway", "scrap_centre", "warehouse", "port", "city")


@dataclass(frozen=True)
class Glyph:
    """One site on the map; ``truth`` is where it lies, ``circle`` where it is drawn, both in pixels of the frame."""

    site: str
    kind: str
    truth: tuple[float, float]
    circle: Circle
    slices: tuple[tuple[str, float], ...]  # stage, kt a year of capacity after the plan
    added: float
    closed: float
    label: Label | None

    @property
    def is_park(self) -> bool:
        """Parks and everything with capacity are pies; the rest are signs."""
        return bool(self.slices) or self.kind in PARK_KINDS


def capacity_by_stage(view: ReportView) -> pd.DataFrame:
    """site × stage → existing, added, closed, after (a year), only stages of the metal chain; each tonne of capacity once."""
    rows = view.capacity[view.capacity["stage"].isin(PIE_STAGES) & (view.capacity["within"] == "")]
    sums = rows.groupby(["site", "stage"], as_index=False)[["existing", "added", "closed"]].sum()
    sums["after"] = sums["existing"] + sums["added"] - sums["closed"]
    order = sums["stage"].map(STAGES.index) if len(sums) else sums["stage"]
    return sums.assign(_order=order).sort_values(["site", "_order"]).drop(columns="_order").reset_index(drop=True)


def work_by_stage(view: ReportView) -> pd.DataFrame:
    """site × stage → existing, added, closed, after and output (a year), sites in their order.

    What is made on the lines of another stage has a row too, with no capacity of its own: casting on a recycling line.
    """
    made = view.activity.merge(view.technologies, on="technology", how="left")
    sums: pd.DataFrame = made.groupby(["site", "stage"], as_index=False)[["value"]].sum().rename(columns={"value": "output"})
    table = capacity_by_stage(view).merge(sums, on=["site", "stage"], how="outer", indicator="_from").fillna({"output": 0.0})
    stands = (table["_from"] != "right_only") | (table["stage"].isin(PIE_STAGES) & (table["output"] > PRESENT))
    table = table[stands].drop(columns="_from").fillna(0.0)
    order = {site: position for position, site in enumerate(view.sites["site"])}
    table = table.assign(_at=table["site"].map(order).fillna(len(order)), _stage=table["stage"].map(STAGES.index))
    return table.sort_values(["_at", "site", "_stage"], kind="stable").drop(columns=["_at", "_stage"]).reset_index(drop=True)


def radius(amount: float, largest: float) -> float:
    """Radius in pixels: the area is proportional to the capacity, tiny parks stay visible."""
    return max(SMALLEST, LARGEST * math.sqrt(amount / largest)) if largest > 0 and amount > 0 else SMALLEST


def glyphs(view: ReportView, frame: Frame, largest: float | None = None) -> list[Glyph]:
    """Every site of the frame that is a park, has capacity or takes part in a flow, still without labels.

    The most important come first; circles that would touch are pushed apart, scrap cities excepted. ``largest``: the
    capacity drawn largest, where several maps share a scale; otherwise that of the view itself.
    """
    capacity = capacity_by_stage(view)
    slices = {str(site): tuple(zip(rows["stage"], rows["after"], strict=True)) for site, rows in capacity.groupby("site")}
    totals = capacity.groupby("site")[["after", "added", "closed"]].sum()
    active = _active(view) | set(slices)
    placed = view.sites[view.sites["lat"].notna() & view.sites["lon"].notna() & (view.sites["kind"] != "power_zone")]
    rows = []
    for site, kind, latitude, longitude in cells_of(placed[["site", "kind", "lat", "lon"]]):
        if frame.holds((longitude, latitude)) and (kind in PARK_KINDS or site in active):
            rows.append((site, kind, (longitude, latitude), float(totals["after"].get(site, 0.0))))
    if largest is None:
        largest = max((row[3] for row in rows), default=0.0)
    rows.sort(key=lambda row: (row[0] not in slices and row[1] not in PARK_KINDS, -row[3], row[0]))
    return _apart([_bare(*row, largest, slices, totals, frame) for row in rows])


def _active(view: ReportView) -> set[str]:
    """Sites that send, receive, buy or sell anything."""
    flows = annual(view)
    found = set(flows["from"]) | set(flows["to"])
    for frame in (view.supply, view.sale):
        found |= set(frame.loc[frame["value"] > 0, "site"])
    return found


def _bare(
    site: str, kind: str, point: tuple[float, float], size: float, largest: float,
    slices: dict[str, tuple[tuple[str, float], ...]], totals: pd.DataFrame, frame: Frame,
) -> Glyph:
    """A glyph at its true place without a label."""
    x, y = frame.pixel(point)
    is_park = site in slices or kind in PARK_KINDS
    circle = Circle(x, y, radius(size, largest) if is_park else 2.2 if kind in UNLABELLED else 3.6)
    added, closed = (float(totals[name].get(site, 0.0)) for name in ("added", "closed"))
    return Glyph(site, kind, (x, y), circle, slices.get(site, ()), added, closed, None)


def _apart(bare: list[Glyph]) -> list[Glyph]:
    """Parks and signs pushed apart; scrap cities stay where they are, because they carry no label."""
    moving = [glyph for glyph in bare if glyph.kind not in UNLABELLED]
    moved = dict(zip((glyph.site for glyph in moving), spread([glyph.circle for glyph in moving]), strict=True))
    return [replace(glyph, circle=moved.get(glyph.site, glyph.circle)) for glyph in bare]


def labelled(bare: Sequence[Glyph], names: Names, obstacles: Iterable[Box], frame: Frame) -> list[Glyph]:
    """The glyphs with labels beside them, parks first; labels of small places are dropped where there is no room."""
    wanted = []
    for glyph in bare:
        size = PARK_SIZE if glyph.is_park else PLACE_SIZE
        wide = max(text_width(name, size) for name in names.short(glyph.site)) + 2
        wanted.append((glyph.circle, wide if glyph.kind not in UNLABELLED else 1e5, size * 1.2, glyph.is_park))
    labels = place(wanted, [*obstacles, *circles(bare)], (frame.width, frame.height))
    return [replace(glyph, label=label) for glyph, label in zip(bare, labels, strict=True)]


def circles(bare: Iterable[Glyph]) -> list[Box]:
    """What the glyphs themselves cover, without the dots of scrap cities."""
    return [circle_box(glyph.circle) for glyph in bare if glyph.kind not in UNLABELLED]


def fragment(glyph: Glyph, names: Names) -> Markup:
    """The glyph as SVG in pixels of the frame: leader to the true place, pie or sign, label."""
    parts: list[Markup] = []
    circle = glyph.circle
    if math.dist(glyph.truth, (circle.x, circle.y)) > 3:
        x, y = glyph.truth
        parts.append(svg.element("line", x1=x, y1=y, x2=circle.x, y2=circle.y, class_="leader"))
        parts.append(svg.element("circle", cx=x, cy=y, r=1.6, class_="leader-end"))
    parts.append(_pie(glyph) if glyph.is_park else sign(glyph.kind, circle.x, circle.y, circle.radius))
    if glyph.label is not None:
        x, anchor = glyph.label.anchor
        box = glyph.label.box
        classes = "park-name" if glyph.is_park else "place-name"
        parts.append(
            svg.text(x, box.top + 0.8 * box.height, *names.short(glyph.site), class_=classes, text_anchor=anchor)
        )
    return svg.join(parts)


def _pie(glyph: Glyph) -> Markup:
    """Slices by stage; arcs outside: dark for added, dashed red for closed capacity, as shares of the whole."""
    circle = glyph.circle
    total = sum(amount for _, amount in glyph.slices)
    parts = [svg.element("circle", cx=circle.x, cy=circle.y, r=circle.radius + 1.3, class_="pie-rim")]
    turn = 0.0
    for stage, amount in glyph.slices:
        if amount > 0:
            parts.append(_slice(circle, turn, amount / total, STAGE_COLOURS[stage]))
            turn += amount / total
    if total <= 0:
        parts.append(svg.element("circle", cx=circle.x, cy=circle.y, r=circle.radius, class_="pie-empty"))
    if circle.radius > 9:
        parts.append(svg.element("circle", cx=circle.x, cy=circle.y, r=circle.radius * 0.42, class_="pie-hole"))
    for amount, kind, outside in ((glyph.added, "ring-added", 3.2), (glyph.closed, "ring-closed", 5.6)):
        if amount > 0:
            share = min(amount / max(total, amount), 0.9999)
            arc = _arc(Circle(circle.x, circle.y, circle.radius + outside), 0.0, share)
            parts.append(svg.element("path", d=f"M{arc}", class_=kind))
    return svg.join(parts)


def _slice(circle: Circle, start: float, share: float, colour: str) -> Markup:
    """One slice; a whole circle where it is the only one."""
    if share > 0.9999:
        return svg.element("circle", cx=circle.x, cy=circle.y, r=circle.radius, fill=colour)
    d = f"M{circle.x:.1f},{circle.y:.1f}L{_arc(circle, start, share)}Z"
    return svg.element("path", d=d, fill=colour, class_="pie-slice")


def _arc(circle: Circle, start: float, share: float) -> str:
    """``x,y A … x,y`` clockwise from the top; start and share in turns."""
    ends = []
    for turn in (start, start + share):
        angle = 2 * math.pi * turn
        ends.append(f"{circle.x + circle.radius * math.sin(angle):.2f},{circle.y - circle.radius * math.cos(angle):.2f}")
    return f"{ends[0]}A{circle.radius:.2f},{circle.radius:.2f} 0 {int(share > 0.5)} 1 {ends[1]}"


def sign(kind: str, x: float, y: float, r: float) -> Markup:
    """A small sign by kind: square market, triangle gateway, diamond scrap centre, house warehouse, dot otherwise."""
    corners = {
        "market": ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)),
        "gateway": ((x, y - r - 1), (x + r + 1, y + r), (x - r - 1, y + r)),
        "scrap_centre": ((x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)),
        "warehouse": ((x - r, y), (x, y - r), (x + r, y), (x + r, y + r), (x - r, y + r)),
    }.get(kind)
    classes = f"sign sign-{kind if kind in SIGN_KINDS else 'other'}"
    if corners is None:
        return svg.element("circle", cx=x, cy=y, r=r, class_=classes)
    return svg.element("path", d=svg.path(corners, closed=True), class_=classes)


def label_boxes(all_glyphs: Iterable[Glyph]) -> list[Box]:
    """Everything that names of towns and rivers must keep clear of."""
    found = []
    for glyph in all_glyphs:
        found.append(circle_box(glyph.circle))
        if glyph.label is not None:
            found.append(glyph.label.box)
    return found
