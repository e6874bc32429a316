"""Pictures for slides: 16:9, one language each, true to the map's scale, with notice and approval number, hostile names as text."""

from __future__ import annotations

import time
import xml.etree.ElementTree as Tree
from pathlib import Path

import geopandas
import hostile
import pytest
import report_sample
import shapely
from markupsafe import Markup

from maps import parks, svg
from maps.flows import places, streams, strokes
from maps.geography import frame_of
from maps.key_figures import figures
from maps.pictures import siting
from maps.pictures.looks import FAMILIES, LOOKS
from maps.pictures.panel import panel, summary
from maps.pictures.standalone import NAMESPACE, replaced, standalone, texts
from maps.view import ReportView
from model import words

SVG = f"{{{NAMESPACE}}}"


@pytest.fixture(scope="module")
def documents():
    return siting.siting_maps(report_sample.view())


@pytest.fixture(scope="module")
def hostile_documents():
    return siting.siting_maps(hostile.view())


def test_pictures_are_sixteen_to_nine(documents):
    for document in documents.values():
        root = Tree.fromstring(document)
        assert root.get("viewBox") == "0 0 1280 720" and 720 * 16 == 1280 * 9


@pytest.mark.parametrize(
    ("language", "own", "other"),
    [("zh", ("内部研讨用图,未经地图审核,不得公开", "审图号: ________", "綦江北渡园区", "电解铝", "圆面积(千吨/年)"), ("Qijiang Beidu", "Primary")),
     ("en", ("Map approval No.: ________", "Qijiang Beidu", "Primary", "Area (kt/yr)"), ("綦江北渡园区", "电解铝"))],
)
def test_each_picture_speaks_one_language(documents, language, own, other):
    shown = texts(documents[language])
    assert set(own) <= set(shown) and not set(other) & set(shown)
    assert not [text for text in shown if language == "en" and any("\u4e00" <= sign <= "\u9fff" for sign in text)]


def test_title_scenario_and_credit_are_there(documents):
    shown = texts(documents["zh"])
    assert "川渝铝产业布局优化:基准情景 2027" in shown and "情景 base · 最优 · 2026-01-15" in shown
    assert any("DCW-GMT" in text and "未绘国界" in text for text in shown)


def test_key_figures_are_shown_as_far_as_there_is_room():
    """Three of 35 pixels below a heading of 20 need 125: the gain of 18,342.6 and 90 % of 4,780 and of 1,745 kt."""
    found = figures(report_sample.view())
    shown = texts(standalone(svg.picture(300, 700, summary(found, 0.0, 500.0, 625.0, ("主要数字", "Key figures"))), "en"))
    assert shown[:5] == ["Key figures", "Objective (net margin)", "18,343 million yuan/yr", "Alumina output", "4,302 kt/yr"] and len(shown) == 7
    assert summary(found, 0.0, 571.0, 625.0, ("", "")) == Markup("")


def test_every_park_is_named_once(documents):
    view = report_sample.view()
    parks_ = view.sites[view.sites["kind"].isin(["park", "plant"])]
    names = siting.Names(view)
    shown = texts(documents["zh"])
    assert [shown.count(names.short(site)[0]) for site in parks_["site"]] == [1] * len(parks_)


def test_an_approved_map_says_its_number():
    shown = texts(siting.siting_maps(report_sample.view(map_approval="川S(2026)01号"))["zh"])
    assert "审图号: 川S(2026)01号" in shown


def test_the_users_own_layer_number_and_notice_stand_on_the_picture():
    """Two squares of the user's own instead of our provinces, whose origin and whose line of caution are not said; long words are not cut."""
    squares = [shapely.box(103, 29, 106, 31), shapely.box(106, 29, 109, 31)]
    words = "仅供二〇二六年四月川渝铝产业协同工作组第三次会议讨论使用,会后收回,不得复制、转发、公开或用于划界。" * 2
    own = {"outlines": geopandas.GeoDataFrame(geometry=squares, crs="EPSG:4326"), "map_approval": "GS(2026)0001号", "map_notice": (words, "for this meeting only")}
    drawn = Tree.fromstring(str(siting._picture(report_sample.view(**own))))
    assert len([element for element in drawn.iter() if element.get("class") == "province"]) == 2
    shown = {language: texts(document) for language, document in siting.siting_maps(report_sample.view(**own)).items()}
    assert {"审图号: GS(2026)0001号", words} <= set(shown["zh"]) and "for this meeting only" in shown["en"]
    said_ = " ".join([*shown["zh"], *shown["en"]])
    assert "使用者提供的图层" in said_ and "DCW-GMT" not in said_ and "审核" not in said_ and "not been reviewed" not in said_


def test_letters_of_the_notice_grow_smaller_than_twelve_only_where_they_must():
    """Ten Chinese letters of 12 pixels are 120 wide: they fill 120, and 60 at 6."""
    assert siting.letters(("一二三四五六七八九十", ""), 500.0) == 12.0
    assert siting.letters(("一二三四五六七八九十", "a"), 60.0) == pytest.approx(6.0, rel=0.02)


def test_circles_and_lines_have_the_sizes_of_the_legend(documents):
    """The largest park, Wanzhou with 4,780 + 150 + 100 kt, has a radius of 31; the legend draws 5,000 kt in the same scale: 31 √(5000/5030)."""
    radii = {round(float(circle.get("r")), 2) for circle in Tree.fromstring(documents["zh"]).iter(f"{SVG}circle")}
    assert {31 + 1.3, round(31 * (5000 / 5030) ** 0.5, 2), round(31 * (1000 / 5030) ** 0.5, 2)} <= radii


def test_nothing_looks_by_class_and_every_class_of_the_map_is_known(documents):
    assert all(element.get("class") is None for document in documents.values() for element in Tree.fromstring(document).iter())
    drawn = Tree.fromstring(str(siting._picture(report_sample.view())))
    classes = {name for element in drawn.iter() for name in element.get("class", "").split()}
    assert classes - set(LOOKS) == {"zh", "en", "still", "streams"}


def test_letters_stand_on_a_halo_drawn_below_them(documents):
    found = [element for element in Tree.fromstring(documents["en"]).iter(f"{SVG}text") if element.text == "Qijiang Beidu"]
    assert [element.get("aria-hidden") for element in found] == ["true", None]
    assert found[0].get("stroke") == "#ffffff" and found[1].get("stroke") is None and found[1].get("font-weight") == "700"


def test_fonts_are_asked_for_in_the_stated_order(documents):
    family = Tree.fromstring(documents["zh"]).get("font-family")
    assert [name.strip(" '") for name in family.split(",")][: len(FAMILIES)] == list(FAMILIES)
    assert FAMILIES[:6] == ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "PingFang SC", "WenQuanYi Micro Hei")


def test_a_sample_is_drawn_in_time_and_small(documents):
    started = time.process_time()
    siting.siting_maps(report_sample.view())
    assert time.process_time() - started < 3.0
    assert all(len(document.encode()) < 400_000 for document in documents.values())


def test_the_same_view_gives_the_same_file(tmp_path):
    view, written = report_sample.view(), []
    for run in ("a", "b"):
        (tmp_path / run).mkdir()
        siting.write(view, tmp_path / run)
        written.append({path.name: path.read_bytes() for path in (tmp_path / run / "maps").iterdir()})
    assert written[0] == written[1] and set(written[0]) == {"siting_zh.svg", "siting_en.svg"}


def test_a_view_without_places_has_no_picture(tmp_path):
    assert siting.write(ReportView("甲", "A"), tmp_path) == {} and list(tmp_path.iterdir()) == []


def test_hostile_names_are_text(hostile_documents):
    """Every name is shown letter by letter; nothing of it became an element or an attribute."""
    tags = {"svg", "title", "rect", "path", "g", "text", "circle", "line"}
    for document in hostile_documents.values():
        elements = list(Tree.fromstring(document).iter())
        assert {element.tag.removeprefix(SVG) for element in elements} <= tags
        assert not [name for element in elements for name in element.attrib if name.startswith("on") or name.endswith("href")]
    shown = texts(hostile_documents["zh"])
    assert {"</script><script>document.documentElement.dataset.pwned=1</script>", "seven{{7*7}}seven", "=cmd|'/C calc'!A0"} <= set(shown)
    assert any(text.startswith("审图号: </script>") for text in shown)


def test_a_text_that_is_too_wide_ends_in_an_ellipsis():
    assert siting.fitted("氧化铝", 10.0, 30.0) == "氧化铝"
    assert siting.fitted("氧化铝厂", 10.0, 30.0) == "氧化…"  # 10 + 10 + 5.6; a third square would not fit
    assert siting.fitted("abc", 10.0, 1.0) == "…"


def test_only_the_other_language_is_left_out():
    drawing = svg.picture(10, 10, svg.text(1, 1, "铝", "Al", class_="town") + svg.text(2, 2, "ADC12"))
    assert texts(standalone(drawing, "zh")) == ["铝", "ADC12"] and texts(standalone(drawing, "en")) == ["Al", "ADC12"]


def test_characters_are_replaced_in_texts_alone():
    document = standalone(svg.picture(10, 10, svg.text(1, 1, "綦江", None, fill="綦")), "zh")
    changed = Tree.fromstring(replaced(document, {"綦": "?"}))
    assert changed[0].text == "?江" and changed[0].get("fill") == "綦"


def test_the_legend_shows_only_what_is_on_the_map():
    view = report_sample.view()
    frame = frame_of(view.sites)
    some = [stroke for stroke in strokes(streams(view), places(view), frame) if stroke.stream.leg.mode == "rail"]
    shown = texts(standalone(svg.picture(300, 700, panel(some, [], 0.0, 0.0, 208.0)[0]), "en"))
    assert "rail" in shown and "river" not in shown and "Capacity" not in shown and "Signs" not in shown
    assert panel([], [], 0.0, 5.0, 208.0) == (Markup(""), 5.0)


def test_rings_are_explained_where_they_are_drawn():
    view = report_sample.view()
    glyphs = parks.glyphs(view, frame_of(view.sites))
    shown = texts(standalone(svg.picture(300, 700, panel([], glyphs, 0.0, 0.0, 208.0)[0]), "en"))
    assert {"added", "closed", "market", "scrap centre"} <= set(shown)


def test_words_of_pictures_are_all_used():
    sources = "".join(path.read_text(encoding="utf-8") for path in (Path(siting.__file__).parents[1]).rglob("*.py"))
    assert [entry for entry in words.entries("pictures") if f'said("{entry}"' not in sources] == []
