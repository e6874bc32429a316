"""The maps of the comparison page: one frame, one scale and one legend for all plans, the background embedded once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import pandas as pd
from markupsafe import Markup

from maps import difference, parks, still, svg
from maps.comparison_view import ComparisonView
from maps.escape import word
from maps.exits import covered, exits
from maps.flows import Stroke, places, streams, strokes
from maps.geography import PIXELS, Frame, frame_of
from maps.legend import areas, block, legend, patch, widths
from maps.names import Names
from maps.parks import Glyph, capacity_by_stage
from maps.placing import Box, circle_box
from maps.view import ReportView

GROUND: Final = "map-ground"  # id of the background, which every map of the page refers to


@dataclass(frozen=True)
class ComparisonMaps:
    """``ground`` goes into the page once, before any map; the others are in the order of the plans."""

    ground: Markup
    plans: list[Markup]
    legend: list[Markup]
    differences: list[Markup]
    moves: list[bool]  # whether anything is drawn on each difference map
    difference_legend: list[Markup]


def draw(view: ComparisonView) -> ComparisonMaps | None:
    """All maps; None where no plan has a site with coordinates."""
    if not all(one.has_map for one in view.views):
        return None
    frame = frame_of(pd.concat([one.sites for one in view.views], ignore_index=True))
    names = [Names(one) for one in view.views]
    plans, key = _plans(view.views, frame, names)
    differences, moves, difference_key = _differences(view.views, frame, names)
    drawn = svg.element("g", still.background(frame, view.views[0].outlines), id=GROUND)
    ground = svg.element("svg", svg.element("defs", drawn), width=0, height=0, class_="definitions")
    return ComparisonMaps(ground, plans, key, differences, moves, difference_key)


def _use() -> Markup:
    """The background by reference."""
    return svg.element("use", href=f"#{GROUND}")


def _corner(frame: Frame) -> list[Box]:
    """Where the scale and the north arrow stand."""
    return [Box(0.0, frame.height - 90.0, 190.0, 90.0)]


def _plans(views: tuple[ReportView, ...], frame: Frame, names: list[Names]) -> tuple[list[Markup], list[Markup]]:
    """Capacity and flows of each plan, and their common legend."""
    carried = [streams(view) for view in views]
    widest = max((stream.amount for mine in carried for stream in mine), default=0.0)
    capacities = [capacity_by_stage(view).groupby("site")["after"].sum() for view in views]
    largest = max((float(sums.max()) for sums in capacities if len(sums)), default=0.0)
    drawn, every_stroke, every_glyph = [], [], []
    for view, mine, known in zip(views, carried, names, strict=True):
        lines = strokes(mine, places(view), frame, widest)
        bare = parks.glyphs(view, frame, largest)
        drawn.append(still.framed(frame, _use(), _content(view, frame, known, lines, bare)))
        every_stroke += lines
        every_glyph += bare
    return drawn, legend(every_stroke, every_glyph)


def _content(view: ReportView, frame: Frame, names: Names, lines: list[Stroke], bare: list[Glyph]) -> Markup:
    """Lines, parks, gateways and towns with labels that do not collide."""
    corner = _corner(frame)
    edges = exits(view, frame, names, [*corner, *parks.circles(bare)])
    taken = [*corner, *covered(edges)]
    glyphs = parks.labelled(bare, names, taken, frame)
    towns = still.town_names(frame, [*taken, *parks.label_boxes(glyphs)])
    return still.content(frame, lines, glyphs, edges, towns, names)


def _differences(views: tuple[ReportView, ...], frame: Frame, names: list[Names]) -> tuple[list[Markup], list[bool], list[Markup]]:
    """What each plan but the first moves, on one scale, and the legend."""
    first, others = views[0], views[1:]
    tables = [difference.moved(first, other) for other in others]
    largest = difference.largest_shift(tables)
    carried = [difference.moved_streams(first, other) for other in others]
    widest = max((stream.amount for mine in carried for stream in mine), default=0.0)
    drawn = []
    for other, table, mine, known in zip(others, tables, carried, names[1:], strict=True):
        where = places(first) | places(other)
        lines = strokes(mine, where, frame, widest)
        sites = pd.concat([other.sites, first.sites], ignore_index=True).drop_duplicates("site")
        found = difference.labelled(difference.shifts(table, sites, frame, largest), known, _corner(frame), (PIXELS, frame.height))
        boxes = [*_corner(frame), *(shift.label.box for shift in found if shift.label), *(circle_box(shift.circle) for shift in found)]
        towns = [drawing for _, drawing in still.town_names(frame, boxes)]
        flows = still.streams(lines, frame, difference.COLOURS, "#ffffff", partial(difference.line_title, known))
        glyphs = [difference.fragment(shift, known, largest) for shift in reversed(found)]
        drawn.append(still.framed(frame, _use(), svg.join([flows, *towns, *glyphs])))
    moves = [bool(len(table)) or bool(mine) for table, mine in zip(tables, carried, strict=True)]
    signs = [patch(difference.COLOURS[key], word(f"shift_{key}")) for key in (difference.MORE, difference.LESS)]
    blocks = [block("legend_shift", signs)]
    blocks += [block("legend_shift_area", areas(largest))] if largest > 0 else []
    return drawn, moves, [*blocks, block("legend_width", widths(widest))] if widest > 0 else blocks
