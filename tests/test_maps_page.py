"""The whole page: one file, nothing loaded, the same bytes every time, hostile names as text."""

from __future__ import annotations

import html
import re
import time

import folium
import hostile
import pandas as pd
import pytest
import report_sample
from folium.plugins import HeatMap
from page_reader import read

from maps import offline, page, report
from maps.names import Names
from maps.view import ReportView


@pytest.fixture(scope="module")
def text():
    return page.page(report_sample.view())


@pytest.fixture(scope="module")
def hostile_text():
    return page.page(hostile.view())


def test_nothing_is_loaded_and_the_policy_says_so(text):
    assert offline.external(text) == []
    reader = read(text)
    assert not {"link", "img", "iframe", "object", "embed", "base", "form"} & set(reader.tags)
    policy = next(value for tag, name, value in reader.attributes if tag == "meta" and name == "content" and "default-src" in value)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0] and "unsafe-eval" not in policy


def test_the_policy_allows_exactly_the_scripts_of_the_page(text):
    reader = read(text)
    policy = next(value for tag, name, value in reader.attributes if tag == "meta" and name == "content" and "default-src" in value)
    allowed = set(re.findall(r"'sha256-[^']+'", policy))
    assert allowed == {offline.script_hash(script) for script in reader.scripts}
    assert len(reader.scripts) == 6  # Leaflet, jQuery, page.js, the map, the months, the start


def test_the_same_view_gives_the_same_bytes(text):
    assert page.page(report_sample.view()) == text


def test_the_page_is_small_and_made_fast():
    started = time.process_time()
    text = page.page(report_sample.view())
    assert time.process_time() - started < 3.0
    assert len(text.encode()) < 2_000_000


def test_both_notes_of_the_map_stand_in_the_page(text):
    plain = html.unescape(text)
    assert plain.count("内部研讨用图,未经地图审核,不得公开") == 3  # above, below, and on every printed page
    assert "审图号" in plain and "DCW-GMT" in plain and "未绘国界" in plain


def test_the_approval_number_of_the_user_is_printed():
    assert "GS(2026)0001号" in html.unescape(page.page(report_sample.view(map_approval="GS(2026)0001号")))


def test_every_section_is_there_with_its_link(text):
    for section in page.SECTIONS:
        assert f'id="{section}"' in text and f'href="#{section}"' in text


def test_every_text_has_both_languages(text):
    assert text.count('class="zh') == text.count('class="en')


def test_the_map_has_layers_parks_streams_and_no_tiles(text):
    script = read(text).scripts[3]
    assert "L.tileLayer" not in script and "http" not in script
    assert script.count("park-glyph") == 15  # fourteen parks and plants with or without capacity, and Chengdu
    for name in ("氧化铝", "铝土矿", "图外门户", "园区与工厂"):
        assert name in script or name.encode("unicode_escape").decode("ascii") in script
    assert '"dashArray": "9 3"' in script and '"attributionControl": false' in script


def test_the_still_map_draws_the_same_streams(text):
    drawing = re.search(r'<div class="map-still">(.*?)</div>', text, re.S).group(1)
    assert drawing.count("pie-rim") == 15
    assert "scale-bar" in drawing and "province" in drawing and " km" in drawing and "mile" not in text.lower()


def test_a_view_without_places_has_no_map_and_still_a_page():
    text = page.page(ReportView("甲", "A", sentences=[("好", "good")]))
    assert 'id="map"' not in text and "L.map(" not in text
    assert len(read(text).scripts) == 2 and "good" in text


def test_sites_without_flows_make_a_map():
    sites = pd.DataFrame([("a", "甲", "A", "park", "", 30.0, 105.0)], columns=["site", "name_zh", "name_en", "kind", "region", "lat", "lon"])
    assert "甲" in page.page(ReportView("甲", "A", sites=sites))


def test_a_map_of_another_country_has_no_background():
    sites = pd.DataFrame([("a", "M", "M", "park", "", 19.0, -99.0)], columns=["site", "name_zh", "name_en", "kind", "region", "lat", "lon"])
    text = page.page(ReportView("甲", "A", sites=sites))
    assert 'class="province"' not in text and "长江" not in text


def test_flows_that_could_not_be_drawn_are_counted():
    sites = pd.DataFrame(
        [("a", "甲", "A", "park", "", 30.0, 105.0), ("b", "乙", "B", "park", "", None, None)],
        columns=["site", "name_zh", "name_en", "kind", "region", "lat", "lon"],
    )
    goods = pd.DataFrame([("x", "", "", "kt")], columns=["commodity", "name_zh", "name_en", "unit"])
    flow = pd.DataFrame([("x", "a", "b", "road", "y", 5.0)], columns=["commodity", "from", "to", "mode", "period", "value"])
    assert "1 flows without coordinates" in page.page(ReportView("", "", sites=sites, commodities=goods, flow=flow))


def test_write_puts_the_page_into_the_folder(tmp_path, text):
    report.write(report_sample.view(), tmp_path)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("payload", hostile.PAYLOADS)
def test_hostile_names_are_shown_as_text(hostile_text, payload):
    assert any(payload in part for part in read(hostile_text).texts)


def test_hostile_names_add_no_element_and_no_script(hostile_text):
    reader = read(hostile_text)
    assert len(reader.scripts) == 6
    assert not {"img", "iframe", "object"} & set(reader.tags)
    assert not [entry for entry in reader.attributes if entry[1].startswith("on")]
    assert offline.external(hostile_text) == []


def test_hostile_names_are_not_evaluated_as_templates(hostile_text):
    assert "seven49seven" not in hostile_text and "uid=0(" not in hostile_text
    script = read(hostile_text).scripts[3]
    assert "seven&#123;&#123;7*7&#125;&#125;seven" in script


def test_hostile_names_leave_no_active_sign_in_the_script(hostile_text):
    script = read(hostile_text).scripts[3]
    assert hostile.MARK in script  # as text inside popups
    for line in (line for line in script.splitlines() if hostile.MARK in line):
        assert "${" + hostile.MARK not in line and "`+(" not in line and "<img" not in line and "<script" not in line


def test_an_unknown_plugin_is_refused():
    map_ = folium.Map(location=[30, 105], tiles=None)
    HeatMap([[30, 105]]).add_to(map_)
    map_.get_root().render()
    with pytest.raises(offline.ExternalAssetError, match="no installed copy"):
        offline.assets(map_.get_root())


@pytest.mark.parametrize(
    "piece",
    [
        '<script src="https://cdn.example/x.js"></script>', '<link href=//cdn.example/x.css rel="stylesheet">', '<img src="x.png">',
        "<style>@import 'x.css';</style>", "<style>a { background: url( 'http://x/y.png' ) }</style>", '<p style="background:url(x.png)">', '<a href="https://x/">',
    ],
)
def test_the_scan_finds_what_would_load(piece):
    assert offline.external(f"<p>{piece}</p>")
    with pytest.raises(offline.ExternalAssetError):
        offline.refuse_external(piece)


@pytest.mark.parametrize("piece", ['<a href="#map">', "<p>url(http://x) @import 'y'</p>", "<style>a{b:url(data:image/png;base64,AA)}</style>", '<svg><path d="M0,0"/></svg>'])
def test_the_scan_lets_texts_and_data_pass(piece):
    assert offline.external(piece) == []


def test_script_hash_is_the_published_one():
    # the example of the Content Security Policy specification: sha256 of "alert('Hello, world.');"
    assert offline.script_hash("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_pictures_of_style_sheets_become_data():
    style = offline._style(offline.STYLES["leaflet_css"])
    assert "data:image/png;base64," in style and "url(images" not in style


def test_doubtful_data_stand_before_the_findings_as_text():
    told = page.page(report_sample.view(notes=[("电价 54 不在范围内<b>", "54 lies outside <script>")]))
    assert told.count('class="doubts"') == 1 and "&lt;script&gt;" in told and "outside <script>" not in told
    assert 'class="doubts"' not in page.page(report_sample.view())


def test_plants_stand_in_order_of_cash_cost():
    """Cash: 13,962 for Qineng, 420 less at Linfeng, 180 less at Aba, 650 more at Tiantai; rents do not count."""
    view = report_sample.view()
    titles = [html.unescape(re.sub(r"<[^>]+>", " ", str(title))) for title, _ in page._costs(view, Names(view))["plants"]]
    order = [next(name for name in ("Linfeng", "Aba", "Qineng", "Tiantai") if name in title) for title in titles]
    assert order == ["Linfeng", "Aba", "Qineng", "Tiantai"]


def test_a_branch_has_its_own_power_chart_in_full_and_one_that_never_comes_has_none():
    """A month of three branches: 5 GWh expected of one that comes half the time are 10 in it; nothing is divided by the chance 0."""
    periods = pd.DataFrame(
        [("wet_m01", 0, 1 / 12, "", "丰", "Wet", 0.5), ("dry_m01", 0, 1 / 12, "", "枯", "Dry", 0.5), ("odd_m01", 0, 1 / 12, "", "无", "Never", 0.0)],
        columns=["period", "slot", "length", "season", "branch_zh", "branch_en", "chance"])
    power = pd.DataFrame(
        [("zone_sichuan", period, *item, value) for period, size in (("wet_m01", 5.0), ("dry_m01", 3.0), ("odd_m01", 0.0))
         for item, value in ((("水电", "Hydro"), size), (("用户", "Users"), -size))],
        columns=["zone", "period", "item_zh", "item_en", "value"])
    view = report_sample.view(periods=periods, balance_power=power)
    charts = {re.sub(r"<[^>]+>", " ", str(title)).split(" · ")[-1].strip(): str(chart) for title, chart, _ in page._power(view, Names(view))}
    grids = {name: [label for label in re.findall(r">([^<>]*)</text>", chart) if label not in ("GWh", "wet_m01", "dry_m01")] for name, chart in charts.items()}
    assert grids == {"Wet": ["−10", "0", "10"], "Dry": ["−6", "−4", "−2", "0", "2", "4", "6"]}
    assert "nan" not in "".join(charts.values()) and "inf" not in "".join(charts.values())
