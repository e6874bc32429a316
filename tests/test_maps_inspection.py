"""Points that do not lie in the province of their region: noted or refused, with what was probably meant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from runs import ROOT, command_line

from maps.coordinates import gcj02_of
from maps.inspection import check_regions
from model.problems import Problems
from model.reading import read
from model.tables import FILE, ROW


def checked(*rows):
    table = pd.DataFrame(rows, columns=["site", "region", "lat", "lon", "crs"])
    problems = Problems()
    check_regions(table.assign(**{FILE: "sites.csv", ROW: range(2, len(table) + 2)}), problems)
    return list(problems)


def edge():
    """A point 100 m inside Chongqing whose GCJ-02 twin lies outside: on the eastern border the offset points outwards."""
    from maps.geography import layer

    shape = layer("provinces").set_index("en").geometry["Chongqing"]
    for x, y in shape.exterior.coords:
        point = (x - 0.001, y)
        lon, lat = (float(value[0]) for value in gcj02_of(np.array([point[0]]), np.array([point[1]])))
        from shapely import Point

        if shape.contains(Point(point)) and shape.distance(Point(lon, lat)) > 0.0035:
            return lat, lon
    raise AssertionError


def test_every_shipped_site_lies_in_its_province():
    problems = Problems()
    sites = read(ROOT / "data" / "chuanyu", problems).tables["sites"]
    found = Problems()
    check_regions(sites, found)
    assert list(found) == [] and sites["region"].isin(["sichuan", "chongqing"]).sum() > 50


def test_points_inside_and_regions_we_do_not_know_are_let_pass():
    assert checked(("a", "chongqing", 29.56, 106.55, "wgs84"), ("b", "outside", 1.0, 2.0, "wgs84"), ("c", "", 1.0, 2.0, "wgs84"),
                   ("d", "sichuan", np.nan, np.nan, "wgs84")) == []


def test_a_town_of_the_other_province_is_noted_with_its_distance():
    """Chengdu stands about 140 km west of the border of Chongqing (Tongnan)."""
    found = checked(("x", "chongqing", 30.67, 104.07, "wgs84"))
    assert [(one.rule, one.note, one.file, one.row, one.column) for one in found] == [("site_outside_region", True, "sites.csv", 2, "lat")]
    assert 120 < float(dict(found[0].facts)["kilometres"]) < 160 and "gcj02" in found[0].text("zh") and "exchanged" in found[0].text("en")


def test_latitude_and_longitude_exchanged_are_refused():
    """Written the wrong way round in a table that a scenario changed; a file is refused for the latitude itself."""
    found = checked(("ok", "chongqing", 29.56, 106.55, "wgs84"), ("x", "chongqing", 106.55, 29.56, "wgs84"))
    assert [(one.rule, one.note, one.row) for one in found] == [("site_swapped", False, 3)]


def test_a_point_taken_from_a_web_map_near_the_border_is_recognised():
    lat, lon = edge()
    found = checked(("x", "chongqing", lat, lon, "wgs84"))
    assert [(one.rule, one.note, dict(one.facts)["crs"]) for one in found] == [("site_shifted", True, "gcj02")]
    assert checked(("x", "chongqing", lat, lon, "gcj02")) == []  # said so, it is converted and lies inside


@pytest.mark.parametrize("command", ["check", "solve"])
def test_the_commands_report_what_the_map_sees(tmp_path, capsys, command):
    data = tmp_path / "data"
    data.mkdir()
    (data / "supply.csv").write_text("commodity,site,price,max\nx,a,1,9\n", encoding="utf-8")
    (data / "demand.csv").write_text("commodity,site,min,price\nx,a,5,0\n", encoding="utf-8")
    (data / "sites.csv").write_text("site,kind,region,lat,lon,crs\na,park,chongqing,30.67,104.07,wgs84\n", encoding="utf-8")
    given = [command, "--data", str(data)] + (["--out", str(tmp_path / "run")] if command == "solve" else [])
    assert command_line().main([*given, "--lang", "en"]) == 0
    assert "km outside 'chongqing'" in capsys.readouterr().out
    if command == "solve":
        text = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
        assert text.index("km outside") < text.index('id="map"')  # among the doubts above everything


def test_a_layer_that_cannot_be_drawn_stops_before_anything_is_solved(tmp_path, capsys):
    (tmp_path / "mine.toml").write_text('data = "examples"\nmap = { boundary = "absent.geojson" }\n', encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    (data / "demand.csv").write_text("commodity,site,max,price\nx,a,5,1\n", encoding="utf-8")
    assert command_line().main(["solve", str(tmp_path / "mine.toml"), "--data", str(data), "--out", str(tmp_path / "run"), "--lang", "zh"]) == 3
    told = capsys.readouterr()
    assert "mine.toml:2:map.boundary: 找不到边界图层" in told.err and not (tmp_path / "run").exists() and "求解" not in told.out
