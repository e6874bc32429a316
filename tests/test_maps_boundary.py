"""The user's own boundary layer and the words of the map, from the scenario's line to the page: drawn instead of ours, cut, or refused."""

from __future__ import annotations

import html
import json

import pytest
import report_sample
import shapely

from maps import page
from maps.boundary import boundary, within
from maps.geography import Frame
from maps.inspection import inspect
from maps.notice import notice, on_paper
from maps.view import ReportView
from model.problems import Problems
from model.scenario import load
from model.scenario.records import MapSetting
from model.scenario.writing import resolved_toml

SQUARES = [[[103, 29], [106, 29], [106, 31], [103, 31], [103, 29]], [[106, 29], [109, 29], [109, 31], [106, 31], [106, 29]]]


def write(path, *shapes, kind="Polygon", crs=None):
    features = [{"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": [shape] if kind == "Polygon" else shape}} for shape in shapes]
    named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    path.write_text(json.dumps({"type": "FeatureCollection", **named, "features": features}), encoding="utf-8")
    return path


def scenario(folder, line, name="mine"):
    (folder / f"{name}.toml").write_text(f'data = "x"\n{line}\n', encoding="utf-8")
    problems = Problems()
    return load(folder / f"{name}.toml", problems), problems


def drawn(setting):
    problems = Problems()
    return boundary(setting, problems), list(problems)


def test_one_line_of_the_scenario_names_layer_system_and_number(tmp_path):
    write(tmp_path / "mine.geojson", *SQUARES)
    found, problems = scenario(tmp_path, 'map = { boundary = "mine.geojson", crs = "cgcs2000", number = "GS(2026)0001号" }')
    assert not list(problems)
    assert found.map.boundary == str((tmp_path / "mine.geojson").resolve()) and found.map.number == "GS(2026)0001号"
    shapes, told = drawn(found.map)
    assert told == [] and [tuple(map(float, shape.bounds)) for shape in shapes.geometry] == [(103, 29, 106, 31), (106, 29, 109, 31)]


def test_a_number_without_its_layer_is_refused(tmp_path):
    """It was given for one layer; the outlines that come with the program were never reviewed."""
    found, _ = scenario(tmp_path, 'map = { number = "GS(2026)0001号" }')
    shapes, told = drawn(found.map)
    assert shapes is None and [(problem.rule, problem.row, problem.column, problem.note) for problem in told] == [("map_number_alone", 2, "map.number", False)]
    assert "boundary" in told[0].text("en") and "GS(2026)0001号" in told[0].text("zh")


def test_the_setting_of_the_base_holds_and_the_resolved_scenario_keeps_it(tmp_path):
    scenario(tmp_path, '[map]\nboundary = "mine.geojson"\nnotice = { zh = "仅供会议", en = "for the meeting only" }', "base")
    (tmp_path / "mine.toml").write_text('base = "base.toml"\n', encoding="utf-8")
    problems = Problems()
    found = load(tmp_path / "mine.toml", problems)
    text = resolved_toml(found, [])
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "resolved.toml").write_text(text, encoding="utf-8")
    again = load(tmp_path / "again" / "resolved.toml", problems)
    assert not list(problems)
    for one in (found, again):
        assert one.map.boundary == str((tmp_path / "mine.geojson").resolve())
        assert (one.map.number, dict(one.map.notice)) == ("", {"zh": "仅供会议", "en": "for the meeting only"})


@pytest.mark.parametrize(("line", "rule", "column", "suggestion"), [
    ('map = { boundry = "x" }', "scenario_key", "map.boundry", "boundary"),
    ('map = { number = 5 }', "scenario_text", "map.number", ""),
    ('map = "x.geojson"', "scenario_table", "map", ""),
    ('map = { notice = { zh = 1 } }', "scenario_text", "map.notice.zh", ""),
])
def test_a_line_that_cannot_be_read_is_refused_at_its_place(tmp_path, line, rule, column, suggestion):
    _, problems = scenario(tmp_path, line)
    found = list(problems)[0]
    assert (found.rule, found.file, found.row, found.column, found.suggestion) == (rule, "mine.toml", 2, column, suggestion)


def test_a_layer_in_another_system_is_turned_into_ours(tmp_path):
    """EPSG:3857: x = 6378137 × longitude in radians; 105° E is 11,688,546.53 m, the equator's 30° N is 3,503,549.84 m."""
    x, y = 11_688_546.53, 3_503_549.84
    path = write(tmp_path / "m.geojson", [[x, y], [x + 300_000, y], [x + 300_000, y + 200_000], [x, y + 200_000], [x, y]])
    shapes, told = drawn(MapSetting(str(path), "EPSG:3857"))
    assert told == [] and shapes.total_bounds[:2] == pytest.approx((105.0, 30.0), abs=1e-6)


@pytest.mark.parametrize(("name", "crs", "rule", "at"), [
    ("absent.geojson", "wgs84", "map_boundary_missing", "boundary"), ("text.geojson", "wgs84", "map_boundary_unreadable", "boundary"),
    ("lines.geojson", "wgs84", "map_boundary_shapes", "boundary"), ("empty.geojson", "wgs84", "map_boundary_shapes", "boundary"),
    ("mine.geojson", "EPSG:99999", "map_crs_unknown", "crs"), ("mine.geojson", "beijing", "map_crs_unknown", "crs"),
    ("mine.geojson", "gcj02", "map_crs_shifted", "crs"), ("mine.geojson", "EPSG:3857", "map_boundary_elsewhere", "boundary"),
])
def test_a_layer_that_cannot_be_drawn_is_refused_at_the_line_that_names_it(tmp_path, name, crs, rule, at):
    write(tmp_path / "mine.geojson", *SQUARES)
    write(tmp_path / "lines.geojson", SQUARES[0], kind="LineString")
    write(tmp_path / "empty.geojson")
    (tmp_path / "text.geojson").write_text("not a layer", encoding="utf-8")
    found, problems = scenario(tmp_path, f'map = {{ boundary = "{name}", crs = "{crs}" }}')
    inspect(found, {}, problems)
    assert [(one.rule, one.file, one.row, one.column, one.note) for one in problems] == [(rule, "mine.toml", 2, f"map.{at}", False)]
    for language in ("zh", "en"):
        assert "{" not in next(iter(problems)).text(language)


def test_a_layer_without_a_system_is_refused_and_without_a_statement_its_own_is_taken(tmp_path):
    shapely_file = tmp_path / "bare.csv"
    shapely_file.write_text('WKT,name\n"POLYGON ((103 29,106 29,106 31,103 31,103 29))",a\n', encoding="utf-8")
    shapes, told = drawn(MapSetting(str(shapely_file)))
    assert shapes is None and [problem.rule for problem in told] == ["map_crs_missing"]
    shapes, told = drawn(MapSetting(str(write(tmp_path / "own.geojson", *SQUARES))))
    assert told == [] and len(shapes) == 2  # GeoJSON is WGS-84 by its own standard


def test_nothing_of_the_layer_lies_outside_the_frame(tmp_path):
    shapes, _ = drawn(MapSetting(str(write(tmp_path / "m.geojson", *SQUARES)), "wgs84"))
    frame = Frame(104.0, 29.5, 107.0, 33.0)
    cut = within(shapes, frame)
    assert tuple(cut.total_bounds) == (104.0, 29.5, 107.0, 31.0)
    assert [round(float(shape.area), 9) for shape in cut.geometry] == [3.0, 1.5]  # 2 x 1.5 and 1 x 1.5 degrees
    assert within(shapes, Frame(0.0, 0.0, 1.0, 1.0)).empty


def test_neighbours_keep_their_common_line_when_simplified(tmp_path):
    """A line with teeth of 100 m is drawn straight on both sides: no gap and no overlap."""
    teeth = [[106 + (0.001 if step % 2 else 0.0), 29 + step / 250] for step in range(501)]
    west = [[103, 29], *teeth, [103, 31], [103, 29]]
    east = [*teeth, [109, 31], [109, 29], teeth[0]]
    shapes, _ = drawn(MapSetting(str(write(tmp_path / "m.geojson", west, east)), "wgs84"))
    first, second = shapes.geometry
    assert first.intersection(second).area == pytest.approx(0.0, abs=1e-12)
    assert shapely.union_all([first, second]).area == pytest.approx(first.area + second.area) and shapely.get_num_coordinates(first) < 260


def test_the_page_draws_the_layer_instead_of_ours_and_says_whose_it_is(tmp_path):
    shapes, _ = drawn(MapSetting(str(write(tmp_path / "m.geojson", *SQUARES)), "wgs84"))
    text = html.unescape(page.page(report_sample.view(outlines=shapes, map_approval="川S(2026)001号")))
    assert text.count('class="province"') == 2 and "DCW-GMT" not in text and "GSHHG" in text
    assert text.count("川S(2026)001号") == 2 and "使用者提供的图层" in text
    script = text.split("new_map" if "new_map" in text else "L.map(")[1]
    assert "[109.0, 31.0]" in script and "[101.7" not in script.split("rivers")[0][:2000]


def test_a_layer_is_drawn_also_where_we_have_no_background(tmp_path):
    sites = report_sample.view().sites.iloc[:1].assign(lat=30.0, lon=115.0)
    shapes, _ = drawn(MapSetting(str(write(tmp_path / "m.geojson", [[108, 28], [118, 28], [118, 32], [108, 32], [108, 28]])), "wgs84"))
    text = page.page(ReportView("甲", "A", sites=sites, outlines=shapes))
    assert text.count('class="province"') == 1 and 'class="river"' not in text


def test_the_line_of_caution_in_the_users_words_stands_above_below_and_on_paper():
    view = report_sample.view(map_notice=("仅供本次会议", ""))
    assert notice(view) == ("仅供本次会议", "仅供本次会议") and on_paper(view) == '@page { @bottom-left { content: "仅供本次会议"; } }'
    text = html.unescape(page.page(view))
    assert text.count("仅供本次会议") == 3 and "未经地图审核" not in text


def test_a_hostile_line_cannot_leave_the_style_sheet():
    rule = on_paper(report_sample.view(map_notice=('"; } </style><script>x</script>\\', "")))
    assert "<" not in rule and ">" not in rule and rule.count('"') == 2 and rule.count("}") == 2 and "\\22 " in rule and "\\5c " in rule
