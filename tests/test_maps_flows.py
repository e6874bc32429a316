"""Streams, strokes, exits and glyphs: sums, widths and offsets worked out by hand on four places."""

from __future__ import annotations

import math

import pandas as pd
import pytest
import report_sample

from maps import parks
from maps.flows import (
    THINNEST,
    WIDEST,
    Stream,
    annual,
    drawn_unit,
    middle,
    places,
    shifted,
    streams,
    strokes,
    undrawn,
    width,
)
from maps.geography import Frame
from maps.legend import legend, round_steps
from maps.names import Names
from maps.routes import Leg
from maps.view import ReportView

FRAME = Frame(104.0, 29.0, 110.0, 33.0)


def _view(flow, **more):
    sites = pd.DataFrame(
        [("a", "甲", "A", "park", "", 30.0, 105.0), ("b", "乙", "B", "park", "", 30.0, 106.0), ("c", "丙", "C", "market", "", 31.0, 106.0),
         ("far", "海", "Sea", "gateway", "", 30.0, 121.0), ("lost", "无", "Lost", "park", "", None, None)],
        columns=["site", "name_zh", "name_en", "kind", "region", "lat", "lon"],
    )
    goods = pd.DataFrame(
        [("ingot", "锭", "Ingot", "kt"), ("alumina", "氧", "Alumina", "kt"), ("power", "电", "Power", "GWh")],
        columns=["commodity", "name_zh", "name_en", "unit"],
    )
    rows = pd.DataFrame(flow, columns=["commodity", "from", "to", "mode", "period", "value", "route"])
    return ReportView("", "", sites=sites, commodities=goods, flow=rows, **more)


def test_months_add_up_and_other_units_stay_out():
    view = _view([
        ("ingot", "a", "b", "rail", "m01", 10.0, ""), ("ingot", "a", "b", "rail", "m02", 5.0, ""), ("power", "a", "b", "wire", "m01", 99.0, ""),
        ("ingot", "a", "a", "road", "m01", 7.0, ""), ("alumina", "a", "b", "rail", "m01", 0.01, ""),
    ])
    assert annual(view)[["commodity", "value"]].to_numpy().tolist() == [["ingot", 15.0]]


def test_without_kilotonnes_the_commonest_unit_is_drawn():
    goods = pd.DataFrame([("x", "", "", "cases"), ("y", "", "", "cases"), ("z", "", "", "MWh")], columns=["commodity", "name_zh", "name_en", "unit"])
    assert drawn_unit(ReportView("", "", commodities=goods)) == "cases"
    assert drawn_unit(ReportView("", "")) == "kt"


def test_flows_on_one_leg_add_up_by_group_of_goods():
    view = _view([
        ("ingot", "a", "c", "rail", "y", 10.0, "a~rail~b~road~c"), ("alumina", "a", "b", "rail", "y", 30.0, "a~rail~b"),
        ("ingot", "a", "b", "rail", "y", 4.0, ""),
    ])
    found = {(stream.group, stream.leg): stream.amount for stream in streams(view)}
    assert found == {("alumina", Leg("a", "b", "rail")): 30.0, ("metal", Leg("a", "b", "rail")): 14.0, ("metal", Leg("b", "c", "road")): 10.0}


def test_sites_win_over_nodes_and_blank_places_are_left_out():
    nodes = pd.DataFrame([("a", "", "", 1.0, 2.0), ("hub", "", "", 29.5, 104.5)], columns=["node", "name_zh", "name_en", "lat", "lon"])
    where = places(_view([], nodes=nodes))
    assert where["a"] == (105.0, 30.0) and where["hub"] == (104.5, 29.5) and "lost" not in where


def test_flows_without_a_place_are_counted():
    assert undrawn(_view([("ingot", "a", "lost", "road", "y", 5.0, ""), ("ingot", "a", "b", "road", "y", 5.0, "")])) == 1


def test_width_grows_with_the_square_root():
    assert width(400.0, 400.0) == WIDEST
    assert width(100.0, 400.0) == pytest.approx(WIDEST / 2)
    assert width(0.1, 400.0) == THINNEST
    assert width(1.0, 0.0) == THINNEST


def _stream(group, leg, amount):
    return Stream(group, leg, amount, ())


def test_one_way_bundles_are_centred():
    leg = Leg("a", "b", "pipe")
    where = {"a": (105.0, 30.0), "b": (106.0, 30.0)}
    drawn = strokes([_stream("alumina", leg, 400.0), _stream("metal", leg, 100.0)], where, FRAME)
    left, right = (stroke.offset - stroke.width / 2 for stroke in drawn), (stroke.offset + stroke.width / 2 for stroke in drawn)
    assert min(left) == pytest.approx(-max(right))
    assert [stroke.width for stroke in drawn] == pytest.approx([WIDEST, WIDEST / 2])


def test_opposite_ways_keep_to_their_right():
    where = {"a": (105.0, 30.0), "b": (106.0, 30.0)}
    drawn = strokes([_stream("metal", Leg("a", "b", "rail"), 50.0), _stream("metal", Leg("b", "a", "rail"), 50.0)], where, FRAME)
    assert all(stroke.offset > stroke.width / 2 for stroke in drawn)


def test_shifted_moves_to_the_right_of_the_direction():
    # eastwards on a page whose y grows downwards: right is down
    assert shifted([(0.0, 0.0), (10.0, 0.0)], 2.0) == [(0.0, 2.0), (10.0, 2.0)]
    # a right turn: the mitred corner lies one unit inside on both axes
    turn = shifted([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], 1.0)
    assert [c for point in turn for c in point] == pytest.approx([0.0, 1.0, 9.0, 1.0, 9.0, 10.0])
    assert shifted([(0.0, 0.0), (0.0, 0.0), (5.0, 0.0)], 0.0) == [(0.0, 0.0), (5.0, 0.0)]


def test_middle_finds_place_and_direction():
    spot = middle([(0.0, 0.0), (0.0, 100.0)], share=0.25)
    assert spot is not None
    assert spot[0] == pytest.approx((0.0, 25.0)) and spot[1] == pytest.approx(90.0)
    assert middle([(0.0, 0.0), (20.0, 0.0)]) is None


def _capacity(*rows):
    return pd.DataFrame(rows, columns=["site", "unit", "stage", "existing", "added", "closed"])


def test_areas_are_proportional_to_capacity():
    assert parks.radius(400.0, 400.0) == parks.LARGEST
    assert parks.radius(100.0, 400.0) == pytest.approx(parks.LARGEST / 2)
    assert parks.radius(0.0, 400.0) == parks.SMALLEST


def test_capacity_after_the_plan():
    view = _view([], capacity=_capacity(("a", "x", "primary", 100.0, 35.0, 20.0), ("a", "y", "primary", 10.0, 0.0, 0.0), ("a", "z", "power", 9.0, 0.0, 0.0)))
    assert parks.capacity_by_stage(view).to_numpy().tolist() == [["a", "primary", 110.0, 35.0, 20.0, 125.0]]


def test_glyphs_show_parks_and_active_places_only():
    view = _view([("ingot", "a", "c", "road", "y", 5.0, "")], capacity=_capacity(("a", "x", "primary", 100.0, 0.0, 0.0)))
    found = {glyph.site: glyph for glyph in parks.glyphs(view, FRAME)}
    assert set(found) == {"a", "b", "c"}  # b is a park without capacity; far and lost lie outside
    assert found["a"].slices == (("primary", 100.0),) and found["a"].circle.radius == parks.LARGEST
    assert found["b"].is_park and not found["c"].is_park


def test_parks_on_one_spot_stand_beside_each_other_with_leaders():
    view = report_sample.view()
    frame = Frame(101.6, 27.97, 110.7, 33.05)
    names = Names(view)
    drawn = parks.labelled(parks.glyphs(view, frame), names, [], frame)
    by_site = {glyph.site: glyph for glyph in drawn}
    first, second = by_site["qianjiang"], by_site["zhengyang"]
    assert math.dist((first.circle.x, first.circle.y), (second.circle.x, second.circle.y)) >= first.circle.radius + second.circle.radius
    assert "leader" in parks.fragment(second, names) or "leader" in parks.fragment(first, names)


def test_no_two_park_names_overlap_in_the_sample():
    view = report_sample.view()
    frame = Frame(101.6, 27.97, 110.7, 33.05)
    drawn = parks.labelled(parks.glyphs(view, frame), Names(view), [], frame)
    boxes = [glyph.label.box for glyph in drawn if glyph.label is not None and glyph.is_park]
    assert len(boxes) >= 15
    assert not any(a.overlap(b) for number, a in enumerate(boxes) for b in boxes[number + 1:])


def test_a_half_pie_ends_at_the_bottom():
    arc = parks._arc(parks.Circle(100.0, 100.0, 10.0), 0.0, 0.5)
    assert arc == "100.00,90.00A10.00,10.00 0 0 1 100.00,110.00"


def test_rings_tell_added_and_closed():
    view = _view([], capacity=_capacity(("a", "x", "primary", 100.0, 30.0, 20.0)))
    glyph = parks.glyphs(view, FRAME)[0]
    drawn = parks.fragment(glyph, Names(view))
    assert "ring-added" in drawn and "ring-closed" in drawn


@pytest.mark.parametrize("kind", [*parks.SIGN_KINDS, "anything"])
def test_every_kind_has_a_sign(kind):
    assert f"sign-{kind if kind in parks.SIGN_KINDS else 'other'}" in parks.sign(kind, 1.0, 2.0, 3.0)


@pytest.mark.parametrize(("largest", "steps"), [(4780.0, [100, 1000, 4000]), (10755.0, [1000, 5000, 10000]), (1000.0, [100, 500, 1000]), (0.0, [])])
def test_legend_uses_round_values(largest, steps):
    assert round_steps(largest) == steps


def test_legend_shows_what_is_on_the_map():
    view = _view([("ingot", "a", "c", "rail", "y", 500.0, "")], capacity=_capacity(("a", "x", "primary", 100.0, 0.0, 0.0)))
    glyphs = parks.glyphs(view, FRAME)
    blocks = "".join(legend(strokes(streams(view), places(view), FRAME), glyphs))
    assert "电解铝" in blocks and "氧化铝" not in blocks
    assert "铁路" in blocks and "水运" not in blocks
    assert f'height="{WIDEST:g}"' in blocks  # the largest width in the legend is the width of 500 kt on the map
    assert legend([], []) == []
