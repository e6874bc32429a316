"""Fonts of pictures: the stated order, no boxes, English names and one line where no font has every character."""

from __future__ import annotations

import io

import pytest
import report_sample
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection

from maps.pictures import fonts, raster, siting

LATIN = "".join(map(chr, range(32, 127))) + "·←→…—(),:、,。%≤"
CHINESE = "".join(sorted({sign for row in siting.siting_maps(report_sample.view()).values() for sign in row if ord(sign) > 127}))


def font_file(path, family, characters):
    """A font whose letters are all the same small square."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 500))
    pen.lineTo((500, 500))
    pen.lineTo((500, 0))
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord(sign): "square" for sign in characters})
    builder.setupGlyf({".notdef": pen.glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (600, 0), "square": (600, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    if path.suffix == ".ttc":
        builder.font.flavor = None
        collection = TTCollection()
        collection.fonts = [builder.font]
        stream = io.BytesIO()
        collection.save(stream)
        path.write_bytes(stream.getvalue())
    else:
        builder.save(path)
    return path


@pytest.fixture(scope="module")
def documents():
    return siting.siting_maps(report_sample.view())


def test_the_stated_order_decides(tmp_path):
    for name, family in (("simhei.ttf", "SimHei"), ("msyh.ttc", "Microsoft YaHei"), ("wqy-microhei.ttc", "WenQuanYi Micro Hei")):
        font_file(tmp_path / name, family, LATIN + "綦江")
    found = fonts.installed([tmp_path])
    assert fonts.usable(["綦江 A"], found).family == "Microsoft YaHei"
    del found["msyh.ttc"]
    assert fonts.usable(["綦江 A"], found).family == "SimHei"
    del found["simhei.ttf"]
    assert fonts.usable(["綦江 A"], found).family == "WenQuanYi Micro Hei"


def test_the_file_of_the_setting_comes_first(tmp_path):
    font_file(tmp_path / "simhei.ttf", "SimHei", "綦江")
    own = font_file(tmp_path / "own.ttf", "My Song", "綦江")
    assert fonts.usable(["綦江"], fonts.installed([tmp_path]), str(own)).family == "My Song"
    assert fonts.usable(["綦江"], fonts.installed([tmp_path]), str(tmp_path / "absent.ttf")).family == "SimHei"


def test_a_font_without_a_character_is_passed_over(tmp_path):
    """綦 of 綦江 is the one name outside the common characters."""
    font_file(tmp_path / "simhei.ttf", "SimHei", "江")
    font_file(tmp_path / "wqy-zenhei.ttc", "WenQuanYi Zen Hei", "綦江")
    found = fonts.installed([tmp_path])
    assert fonts.usable(["綦江"], found).family == "WenQuanYi Zen Hei"
    assert fonts.usable(["江"], found).family == "SimHei"
    assert fonts.usable(["綦江鎿"], found) is None


def test_a_damaged_font_is_none(tmp_path):
    (tmp_path / "simhei.ttf").write_bytes(b"not a font")
    assert fonts.usable(["a"], fonts.installed([tmp_path])) is None


def test_separators_need_no_letter(tmp_path):
    font = fonts.usable(["a"], {"simhei.ttf": font_file(tmp_path / "simhei.ttf", "SimHei", "a")})
    assert font.lacks(["a\u2028a\n"]) == set() and font.lacks(["ab"]) == {"b"}


def test_bold_comes_with_regular(tmp_path):
    for name in ("msyh.ttc", "msyhbd.ttc"):
        font_file(tmp_path / name, "Microsoft YaHei", "a")
    found = fonts.installed([tmp_path])
    assert [path.name for path in fonts.usable(["a"], found).files] == ["msyh.ttc", "msyhbd.ttc"]


def test_with_a_chinese_font_both_pictures_are_drawn(documents, tmp_path):
    font_file(tmp_path / "simhei.ttf", "SimHei", LATIN + CHINESE)
    drawn = raster.pictures(documents, fonts.installed([tmp_path]), "")
    assert set(drawn.images) == {"zh", "en"} and drawn.remarks == ()
    for image in drawn.images.values():
        assert image.startswith(b"\x89PNG") and (int.from_bytes(image[16:20]), int.from_bytes(image[20:24])) == (1920, 1080)
    assert drawn.best("zh") == drawn.images["zh"] and drawn.best("en") == drawn.images["en"]


def test_without_one_letter_the_names_are_english_and_one_line_names_the_package(documents, tmp_path):
    font_file(tmp_path / "simhei.ttf", "SimHei", LATIN + CHINESE.replace("綦", ""))
    drawn = raster.pictures(documents, fonts.installed([tmp_path]), "")
    assert set(drawn.images) == {"en"} and drawn.best("zh") == drawn.images["en"]
    assert len(drawn.remarks) == 1
    zh, en = drawn.remarks[0]
    assert "“綦”" in zh and "fonts-noto-cjk" in zh and "(for instance 綦)" in en and "fonts-noto-cjk" in en


def test_a_latin_font_is_enough_for_english(documents, tmp_path):
    font_file(tmp_path / "dejavusans.ttf", "DejaVu Sans", LATIN)
    drawn = raster.pictures(documents, fonts.installed([tmp_path]), "")
    assert set(drawn.images) == {"en"} and len(drawn.remarks) == 1


def test_without_any_font_nothing_is_drawn_and_one_line_says_so(documents):
    drawn = raster.pictures(documents, {}, "")
    assert drawn.images == {} and drawn.best("zh") is None
    assert len(drawn.remarks) == 1 and all("fonts-noto-cjk" in line and "PNG" in line for line in drawn.remarks[0])


def test_what_a_font_lacks_is_a_question_mark(tmp_path, monkeypatch):
    font = fonts.usable(["ab"], {"simhei.ttf": font_file(tmp_path / "simhei.ttf", "SimHei", "ab?")})
    seen = []
    monkeypatch.setattr(raster.resvg_py, "svg_to_bytes", lambda **options: seen.append(options["svg_string"]) or b"")
    raster.png('<svg xmlns="http://www.w3.org/2000/svg"><text>a綦b</text></svg>', font)
    assert "<text>a?b</text>" in seen[0]


def test_without_places_there_is_no_picture():
    assert raster.pictures({}) == raster.Pictures({})


def test_the_font_of_the_machine_is_found_by_its_order():
    """Where the tests run with the CJK font of .ci/apt.txt, it is the one taken; elsewhere whatever is there, or none."""
    found = fonts.installed()
    if "notosanscjk-regular.ttc" not in found:
        pytest.skip("no Noto Sans CJK on this machine")
    assert fonts.usable(["綦江 Qijiang"], found).family == "Noto Sans CJK SC"
