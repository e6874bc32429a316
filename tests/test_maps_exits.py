"""Arrows and labels of places outside the frame: where they stand and where they point, by geometry, on every map."""

from __future__ import annotations

import math
import re

import pytest
import report_sample
from browser import BROWSER, START, opened, root, started_with
from test_maps_flows import FRAME, _view

from maps import exits, page, parks
from maps.flows import places
from maps.geography import PIXELS, Frame, frame_of
from maps.names import Names
from maps.palette import groups
from maps.pictures.siting import siting_maps

CORNERS = r'<path d="M([\d.,L-]+)Z" class="edge-arrow"'
EAST = [
    ("alumina", "far", "b", "pipe", "m01", 40.0, ""), ("alumina", "far", "b", "pipe", "m02", 20.0, ""), ("ingot", "b", "far", "pipe", "m01", 7.0, ""),
]


def corners(path: str) -> list[tuple[float, float]]:
    return [tuple(map(float, point.split(","))) for point in path.split("L")]


def pointing(head) -> tuple[float, float]:
    """The unit vector from the notch of an arrow to its tip."""
    (x, y), _, (a, b), _ = head
    long = math.dist((x, y), (a, b))
    return (x - a) / long, (y - b) / long


def test_a_place_outside_gets_an_arrow_at_the_edge_with_what_comes_and_goes():
    """From (106, 30) to the place at (121, 30): straight east, so the tip lies on the eastern edge at latitude 30."""
    view = _view(EAST)
    (block,) = exits.exits(view, FRAME, Names(view))
    at = FRAME.pixel((110.0, 30.0))
    assert block.side == "east" and block.point == pytest.approx(at) and block.head[0] == pytest.approx((PIXELS, at[1]))
    assert pointing(block.head) == pytest.approx((1.0, 0.0), abs=1e-9)
    assert [(row.zh, row.en) for row in block.rows] == [("自海 氧化铝 60", "from Sea: Alumina 60"), ("往海 原铝与锭坯 7", "to Sea: Primary metal, slabs 7")]
    assert [row.heading for row in block.rows] == [pytest.approx((-1.0, 0.0), abs=1e-9), pytest.approx((1.0, 0.0), abs=1e-9)]
    assert block.box.within(PIXELS, FRAME.height) and not any(block.box.overlap(other) for other in exits.covered([block])[1:])


def test_the_arrows_of_a_label_are_turned_with_their_goods():
    """What comes from the east points west: its tip is the westernmost corner; what leaves points east."""
    view = _view(EAST)
    drawn = str(exits.fragment(exits.exits(view, FRAME, Names(view))[0]))
    come, leave = (corners(path) for path in re.findall(r'd="M([\d.,L-]+)Z" fill="#\w+"/>', drawn)[:2])
    assert come[0][0] == min(x for x, _ in come) and leave[0][0] == max(x for x, _ in leave)
    assert drawn.count("edge-arrow") == 1 and drawn.count("edge-box") == 2 and "←" not in drawn and "→" not in drawn


@pytest.mark.parametrize(("point", "heading", "tip"), [
    ((600.0, 0.0), (0.0, -1.0), (600.0, 0.0)),  # north: the tip on the edge
    ((0.0, 0.0), (-1.0, 0.0), (0.0, 7.5)),  # a corner: moved down by half the width of the head
    ((1200.0, 300.0), (0.0, 1.0), (1200.0 - 7.5, 300.0)),  # along the eastern edge: moved in by half its width
])
def test_an_arrow_lies_within_the_frame(point, heading, tip):
    head = exits.arrow_head(point, heading, FRAME)
    assert head[0] == pytest.approx(tip) and pointing(head) == pytest.approx(heading)


def test_many_small_exits_are_added_up_without_a_direction():
    rows = [exits._Crossing((0.0, 5.0), (1.0, 0.0), "far", groups()[number].key, True, 10.0 - number) for number in range(7)]
    texts = exits._texts(rows, Names(_view([])))
    assert len(texts) == 6 and (texts[-1].en, texts[-1].heading) == ("2 more: 9", None)


@pytest.fixture(scope="module")
def sample():
    view = report_sample.view()
    frame = Frame(101.6, 27.97, 110.7, 33.05)
    return view, frame, exits.exits(view, frame, Names(view))


def test_blocks_cover_neither_each_other_nor_an_arrow(sample):
    _, frame, edges = sample
    boxes = exits.covered(edges)
    assert len(edges) >= 4 and all(box.within(frame.width + 1e-6, frame.height + 1e-6) for box in boxes)
    assert not any(a.overlap(b) for number, a in enumerate(boxes[:len(edges)]) for b in boxes[number + 1:])


def test_every_arrow_points_to_the_place_of_its_largest_flow(sample):
    view, frame, edges = sample
    names, where = Names(view), places(view)
    for block in edges:
        site = next(site for site in where if block.rows[0].zh[1:].startswith(names.short(site)[0] + " ") and not frame.holds(where[site]))
        x, y = frame.pixel(where[site])
        long = math.dist((x, y), block.point)
        assert pointing(block.head) == pytest.approx(((x - block.point[0]) / long, (y - block.point[1]) / long), abs=1e-6), site
        assert math.dist(block.head[0], block.point) <= 15.1  # moved at most by the length of the head


def heads_of(drawing: str) -> list[list[tuple[float, float]]]:
    return [corners(path) for path in re.findall(CORNERS, drawing)]


def test_still_map_and_slide_draw_every_arrow_inside_their_frame():
    view = report_sample.view()
    text = page.page(view)
    still = re.search(r'<div class="map-still">(.*?)</svg>', text, re.S).group(1)
    frame = frame_of(view.sites)
    expected = exits.exits(view, frame, Names(view), parks.circles(parks.glyphs(view, frame)))
    assert len(heads_of(still)) == len(expected) > 3
    slide = siting_maps(view)["zh"]
    attributes = re.search(r'<svg x="0" y="60" width="([\d.]+)" height="([\d.]+)" viewBox="0 0 (\d+) (\d+)"', slide)
    for drawing, wide, high in ((still, frame.width, frame.height), (slide, float(attributes[3]), float(attributes[4]))):
        heads = re.findall(r'd="M([\d.,L-]+)Z"[^>]*fill="#22303d"', drawing) if drawing is slide else re.findall(CORNERS, drawing)
        assert len(heads) == len(expected)
        for x, y in (corner for path in heads for corner in corners(path)):
            assert -0.1 <= x <= wide + 0.1 and -0.6 <= y <= high + 0.6


MEASURE = START + """
var map = document.querySelector(".folium-map").getBoundingClientRect(), arrows = document.querySelectorAll(".folium-map .edge-arrow");
document.documentElement.dataset.inside = Array.prototype.filter.call(arrows, function (one) {
  var box = one.getBoundingClientRect();
  return box.left >= map.left - 1 && box.right <= map.right + 1 && box.top >= map.top - 1 && box.bottom <= map.bottom + 1;
}).length + "/" + arrows.length;
"""


@pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
def test_the_live_map_draws_every_arrow_inside_its_window(tmp_path):
    dom, console = opened(tmp_path, started_with(page.page(report_sample.view()), MEASURE))
    inside, drawn = map(int, root(dom)["data-inside"].split("/"))
    assert console == [] and inside == drawn > 3
