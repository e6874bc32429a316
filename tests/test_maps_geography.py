"""Frame, projection, clipping, background layers, routes, placing: geometry worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
import shapely

from maps.geography import ASPECT, BOX, GEO, LAYERS, PIXELS, Frame, clip, frame_of, layer, mercator
from maps.placing import Box, Circle, label_box, place, spread, text_width
from maps.routes import Leg, legs, line

UNIT = Frame(0.0, 0.0, 1.0, 1.0)


def _sites(*rows):
    return pd.DataFrame([dict(zip(("kind", "lat", "lon"), row, strict=True)) for row in rows])


def test_mercator_by_hand():
    # ln tan(75 deg) = 1.316958 rad
    assert mercator(0.0) == pytest.approx(0.0)
    assert mercator(60.0) == pytest.approx(math.degrees(1.3169579))


def test_frame_turns_degrees_into_pixels_and_back():
    frame = Frame(100.0, 28.0, 112.0, 33.0)
    assert frame.scale == pytest.approx(PIXELS / 12)
    assert frame.pixel((106.0, 33.0)) == pytest.approx((PIXELS / 2, 0.0))
    assert frame.degrees(frame.pixel((105.3, 30.7))) == pytest.approx((105.3, 30.7))
    assert frame.pixel((100.0, 28.0))[1] == pytest.approx(frame.height)


def test_kilometres_per_pixel():
    # at 30 degrees one degree of longitude is 111.32 x 0.8660 = 96.4 km
    assert Frame(100.0, 29.0, 112.0, 31.0).kilometres_per_pixel == pytest.approx(96.406 / 100, rel=1e-3)


def test_frame_has_the_aspect_and_ignores_gateways_and_cities():
    frame = frame_of(_sites(("park", 30.0, 105.0), ("park", 31.0, 107.0), ("gateway", 22.0, 113.0), ("city", 26.5, 101.7)))
    assert (frame.east - frame.west) / (mercator(frame.north) - mercator(frame.south)) == pytest.approx(ASPECT)
    assert frame.holds((105.0, 30.0)) and not frame.holds((113.0, 22.0))
    assert frame.in_region


def test_frame_stays_inside_the_box():
    frame = frame_of(_sites(("park", 30.0, 108.0), ("park", 31.0, 110.9)))
    assert frame.east <= BOX[2] + 1e-9
    assert frame.holds((110.9, 31.0))


def test_frame_of_another_country_has_no_background():
    assert not frame_of(_sites(("park", 19.0, -99.0), ("park", 25.0, -100.0))).in_region


def test_frame_of_gateways_alone():
    assert frame_of(_sites(("gateway", 30.0, 105.0))).holds((105.0, 30.0))


def test_frame_needs_coordinates():
    with pytest.raises(ValueError, match="coordinates"):
        frame_of(_sites(("park", math.nan, math.nan)))


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(-1.0, 0.5), (2.0, 0.5)], [[(0.0, 0.5), (1.0, 0.5)]]),
        ([(0.2, 0.2), (0.8, 0.2)], [[(0.2, 0.2), (0.8, 0.2)]]),
        ([(-1.0, 2.0), (2.0, 2.0)], []),
        ([(0.5, 0.5), (1.5, 0.5), (1.5, 0.8), (0.5, 0.8)], [[(0.5, 0.5), (1.0, 0.5)], [(1.0, 0.8), (0.5, 0.8)]]),
        ([(0.5, 0.5), (0.5, 2.0)], [[(0.5, 0.5), (0.5, 1.0)]]),
    ],
)
def test_clip(points, expected):
    assert clip(points, UNIT) == expected


def test_layers_are_small_lie_in_the_box_and_have_both_names():
    assert sum(path.stat().st_size for path in LAYERS.values()) < 200_000
    for name in LAYERS:
        frame = layer(name)
        assert frame.crs is not None and frame.crs.to_epsg() == 4326, name
        assert (frame["zh"].str.len() > 0).all() and (frame["en"].str.len() > 0).all()
        if name in ("provinces", "rivers"):
            west, south, east, north = frame.total_bounds
            assert west >= BOX[0] and south >= BOX[1] and east <= BOX[2] and north <= BOX[3]


def test_provinces_hold_their_cities_and_share_a_border():
    provinces = layer("provinces").set_index("en").geometry
    cities = layer("cities").set_index("en").geometry
    for city, province in (("Chengdu", "Sichuan"), ("Guangyuan", "Sichuan"), ("Chongqing", "Chongqing"), ("Qianjiang", "Chongqing")):
        assert provinces[province].contains(cities[city]), city
    assert provinces["Sichuan"].intersection(provinces["Chongqing"]).area < 1e-3


def test_areas_of_the_provinces():
    # official areas 486,000 and 82,400 km2; the Sichuan outline is whole inside the box
    for name, size in (("Sichuan", 486_000), ("Chongqing", 82_400)):
        shape = layer("provinces").set_index("en").geometry[name]
        square = 111.32**2 * math.cos(math.radians(shape.centroid.y))
        assert shape.area * square == pytest.approx(size, rel=0.03)


@pytest.mark.parametrize(
    ("river", "town"), [("Yangtze", "Fuling"), ("Yangtze", "Wanzhou"), ("Jialing", "Nanchong"), ("Jialing", "Guangyuan"), ("Min", "Leshan"), ("Tuo", "Neijiang")]
)
def test_rivers_pass_their_towns(river, town):
    course = layer("rivers").set_index("en").geometry[river]
    assert course.distance(layer("cities").set_index("en").geometry[town]) < 0.15


def test_licences_stand_beside_the_files():
    assert "LGPL-3" in (GEO / "README.md").read_text(encoding="utf-8")
    for name in ("LICENCE.md", "COPYING", "COPYING.LESSER"):
        assert (GEO / "lgpl" / name).stat().st_size > 500


PLACES = {"a": (105.44, 28.87), "b": (106.55, 29.55), "c": (108.4, 30.81), "far": (121.5, 31.2), "chengdu": (104.07, 30.67), "baoji": (105.84, 32.44)}


def test_a_route_becomes_legs():
    assert legs("a~water~b~road~c", "a", "c", "water", PLACES) == [Leg("a", "b", "water"), Leg("b", "c", "road")]


@pytest.mark.parametrize("route", ["", "a", "a~water~nowhere~rail~c"])
def test_a_route_that_cannot_be_read_is_one_straight_leg(route):
    assert legs(route, "a", "c", "rail", PLACES) == [Leg("a", "c", "rail")]


@pytest.mark.parametrize(("start", "end"), [("a", "a"), ("a", "nowhere"), ("nowhere", "a")])
def test_no_leg_without_two_places(start, end):
    assert legs("", start, end, "road", PLACES) == []


def test_steps_on_the_spot_are_left_out():
    places = {"a": (1.0, 1.0), "b": (1.0, 1.0), "c": (2.0, 1.0)}
    assert legs("a~road~b~rail~c", "a", "c", "rail", places) == [Leg("b", "c", "rail")]


def test_water_follows_the_river():
    # Luzhou to Wanzhou: 3.5 degrees as the crow flies, every point near the Yangtze, longer than straight
    way = line(Leg("a", "c", "water"), PLACES)
    river = layer("rivers").set_index("en").geometry["Yangtze"]
    assert max(river.distance(shapely.Point(point)) for point in way) < 0.12
    assert sum(math.dist(p, q) for p, q in zip(way, way[1:], strict=False)) > 1.04 * math.dist(PLACES["a"], PLACES["c"])


def test_rail_follows_the_railway_by_way_of_mianyang():
    way = line(Leg("chengdu", "baoji", "rail"), PLACES)
    assert min(math.dist(point, (104.74, 31.46)) for point in way) < 0.15


def test_both_directions_share_their_points():
    for mode in ("water", "rail", "road"):
        assert line(Leg("a", "c", mode), PLACES) == line(Leg("c", "a", mode), PLACES)[::-1]


def test_a_road_bows_and_an_unknown_mode_is_straight():
    assert len(line(Leg("a", "b", "road"), PLACES)) == 9
    assert line(Leg("a", "b", "pipe"), PLACES) == [PLACES["a"], PLACES["b"]]


def test_water_to_a_place_off_the_river_is_straight():
    assert line(Leg("b", "far", "water"), PLACES) == [PLACES["b"], PLACES["far"]]


def test_circles_are_pushed_apart_until_none_touch():
    moved = spread([Circle(100.0, 100.0, 20.0), Circle(100.0, 100.0, 5.0), Circle(118.0, 100.0, 8.0), Circle(300.0, 300.0, 4.0)])
    for number, first in enumerate(moved):
        for second in moved[number + 1:]:
            assert math.dist((first.x, first.y), (second.x, second.y)) >= first.radius + second.radius + 1.9
    assert moved[3] == Circle(300.0, 300.0, 4.0)
    assert math.dist((moved[0].x, moved[0].y), (100.0, 100.0)) < math.dist((moved[1].x, moved[1].y), (100.0, 100.0))


def test_two_circles_share_the_push_by_their_areas():
    # 4 pixels are missing (12 + 2 - 10); radii 10 and 2: the large one gives 4 / 104 of it
    large, small = spread([Circle(0.0, 0.0, 10.0), Circle(10.0, 0.0, 2.0)], gap=2.0)
    assert large.x == pytest.approx(-4 * 4 / 104)
    assert small.x == pytest.approx(10 + 4 * 100 / 104)


def test_text_width_counts_chinese_twice():
    assert text_width("铝Al", 10.0) == pytest.approx(10.0 + 2 * 5.6)


def test_labels_avoid_each_other_and_small_ones_give_way():
    first, second = Circle(50.0, 50.0, 5.0), Circle(70.0, 50.0, 5.0)
    labels = place([(first, 40.0, 12.0, True), (second, 40.0, 12.0, True), (Circle(60.0, 50.0, 2.0), 200.0, 100.0, False)], [], (140.0, 100.0))
    assert labels[0] is not None and labels[1] is not None and labels[2] is None
    assert labels[0].box.overlap(labels[1].box) == 0.0


def test_labels_stay_on_the_page():
    label = place([(Circle(5.0, 50.0, 4.0), 40.0, 12.0, True)], [], (200.0, 100.0))[0]
    assert label is not None and label.box.within(200.0, 100.0)
    assert label.anchor == (label.box.left, "start")


def test_a_label_left_of_its_glyph_ends_there():
    taken = [Box(105.0, 0.0, 95.0, 100.0)]
    label = place([(Circle(100.0, 50.0, 4.0), 40.0, 12.0, True)], taken, (200.0, 100.0))[0]
    assert label is not None and label.anchor == (label.box.left + 40.0, "end")
    assert label_box(Circle(100.0, 50.0, 4.0), (-1, 0), 40.0, 12.0) == label.box
