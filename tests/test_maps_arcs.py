"""The other way to draw flows: arcs from sender to receiver, by hand; the switch between the two in a browser."""

from __future__ import annotations

import math

import pandas as pd
import pytest
import report_sample
from browser import BROWSER, START, opened, root, started_with

from maps import page
from maps.arcs import arcs
from maps.flows import WIDEST, places, streams, strokes
from maps.geography import Frame, frame_of
from maps.live_streams import Tips
from maps.names import Names
from maps.view import ReportView

FRAME = Frame(104.0, 29.0, 110.0, 33.0)


def view(*flow):
    sites = pd.DataFrame(
        [("a", "甲", "A", "park", "", 31.0, 105.0), ("b", "乙", "B", "park", "", 31.0, 107.0), ("c", "丙", "C", "park", "", 30.0, 106.0),
         ("sea", "海", "Sea", "gateway", "", 31.0, 121.0), ("lost", "无", "Lost", "park", "", None, None)],
        columns=["site", "name_zh", "name_en", "kind", "region", "lat", "lon"],
    )
    goods = pd.DataFrame([("ingot", "锭", "Ingot", "kt"), ("slab", "坯", "Slab", "kt"), ("alumina", "氧", "Alumina", "kt")],
                         columns=["commodity", "name_zh", "name_en", "unit"])
    rows = pd.DataFrame(flow, columns=["commodity", "from", "to", "mode", "period", "value", "route"])
    return ReportView("", "", sites=sites, commodities=goods, flow=rows)


def drawn(*flow, largest=100.0):
    return arcs(view(*flow), FRAME, largest)


def test_goods_of_a_group_between_two_places_are_one_arc_whatever_their_mode_and_route():
    found = drawn(("ingot", "a", "b", "rail", "y", 9.0, "a~rail~c~rail~b"), ("slab", "a", "b", "road", "y", 16.0, ""), ("alumina", "a", "b", "rail", "y", 4.0, ""))
    amounts = {stroke.stream.group: (stroke.stream.amount, stroke.width) for stroke in found.strokes}
    # 25 of 100 is half the widest line, 4 of 100 a fifth
    assert amounts == {"metal": (25.0, pytest.approx(WIDEST / 2)), "alumina": (4.0, pytest.approx(WIDEST / 5))}
    assert len(set(found.of.values())) == 1 and len(found.of) == 3


def test_there_and_back_bow_to_their_own_left():
    """2 degrees apart and a bow of 0.16: the middle lies 0.32 degrees north of the way east, and south of the way back."""
    there, back = (stroke for stroke in drawn(("ingot", "a", "b", "rail", "y", 50.0, ""), ("ingot", "b", "a", "rail", "y", 40.0, "")).strokes)
    assert there.points[0] == (105.0, 31.0) and there.points[-1] == (107.0, 31.0)
    assert there.points[4] == pytest.approx((106.0, 31.32)) and back.points[4] == pytest.approx((106.0, 30.68))


def test_an_end_outside_the_frame_stands_where_the_route_crosses_its_edge():
    """The straight way east along 31 degrees leaves the frame at 110 degrees; what comes in enters there."""
    found = drawn(("ingot", "a", "sea", "", "y", 50.0, ""), ("alumina", "sea", "b", "", "y", 60.0, ""))
    ends = {stroke.stream.group: (stroke.points[0], stroke.points[-1]) for stroke in found.strokes}
    assert ends["metal"][1] == pytest.approx((110.0, 31.0)) and ends["alumina"][0] == pytest.approx((110.0, 31.0))
    assert ends["metal"][0] == (105.0, 31.0) and ends["alumina"][1] == (107.0, 31.0)


def test_flows_without_an_end_inside_or_without_a_place_have_no_arc():
    assert drawn(("ingot", "a", "lost", "road", "y", 5.0, ""), ("ingot", "a", "a", "road", "y", 5.0, "")).strokes == []


def test_every_yearly_flow_with_an_end_inside_has_its_arc_and_nothing_leaves_the_frame():
    sample = report_sample.view()
    frame = frame_of(sample.sites)
    lines = strokes(streams(sample), places(sample), frame)
    direct = arcs(sample, frame, max(line.stream.amount for line in lines))
    for stroke in [*lines, *direct.strokes]:
        for x, y in stroke.points:
            assert frame.west - 1e-9 <= x <= frame.east + 1e-9 and frame.south - 1e-9 <= y <= frame.north + 1e-9
    where = places(sample)
    for good, start, end, *_ in direct.of:
        assert frame.holds(where[start]) or frame.holds(where[end]), (good, start, end)
    drawn_legs = {stroke.stream.leg for stroke in direct.strokes}
    assert set(direct.of.values()) == drawn_legs and len(drawn_legs) > 20
    assert max(stroke.width for stroke in direct.strokes) <= WIDEST


def test_a_text_of_the_tooltips_stands_once_in_the_page():
    sample = view(("ingot", "a", "b", "rail", "y", 9.0, "a~rail~c~rail~b"))
    tips = Tips(Names(sample))
    first, second = (tips.of(line) for line in strokes(streams(sample), places(sample), FRAME))
    assert first == second == [0, 1] and len(tips.texts) == 2 and "9" in tips.texts[0]


@pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
def test_the_switch_shows_one_way_to_draw_the_flows_at_a_time(tmp_path):
    script = START + """
    var data = document.documentElement.dataset;
    function seen() {
      return ["streams", "arcs"].map(function (pane) {
        var box = document.querySelector(".leaflet-" + pane + "-pane");
        return getComputedStyle(box).display + "/" + box.querySelectorAll("path.leaflet-interactive").length + "/" + box.querySelectorAll("path.casing").length;
      }).join(" ");
    }
    data.first = seen();
    document.querySelector("input[name=drawing][value=arcs]").click(); data.second = seen();
    document.querySelector("input[name=drawing][value=corridors]").click(); data.third = seen();
    """
    flow = [("ingot", "a", "b", "rail", "y", 50.0, "a~rail~c~rail~b"), ("alumina", "sea", "b", "", "y", 60.0, "")]
    dom, console = opened(tmp_path, started_with(page.page(view(*flow)), script))
    data = root(dom)
    assert console == []
    # two legs and the way from the sea along corridors; two arcs
    assert data["data-first"] == data["data-third"] == "block/3/3 none/2/2" and data["data-second"] == "none/3/3 block/2/2"


def test_arcs_are_no_longer_than_a_bow():
    """A parabola whose height is 0.16 of its chord is 1.0646 times as long as the chord; the eight pieces drawn come close."""
    stroke = drawn(("ingot", "a", "b", "rail", "y", 50.0, "")).strokes[0]
    long = sum(math.dist(p, q) for p, q in zip(stroke.points, stroke.points[1:], strict=False))
    assert long == pytest.approx(2 * 1.0646, rel=2e-3)
