"""Text and numbers on their way into the page: escaping, the two languages, figures, the view's columns."""

from __future__ import annotations

import html

import hostile
import numpy as np
import pandas as pd
import pytest
from jinja2 import Environment
from markupsafe import Markup

from maps.escape import both, known_word, note_markup, pair, shown, unit_words, word
from maps.figures import compact, number, percent
from maps.names import Names
from maps.palette import group_of, groups
from maps.view import COLUMNS, ReportView, blank
from model import words


@pytest.mark.parametrize("payload", hostile.PAYLOADS)
def test_escaped_text_reads_as_written_and_holds_no_active_sign(payload):
    escaped = shown(payload)
    assert html.unescape(escaped) == payload
    assert not set("<>\"'`$\\{}") & set(escaped)


@pytest.mark.parametrize("payload", hostile.PAYLOADS)
def test_a_second_template_engine_finds_nothing_to_evaluate(payload):
    escaped = str(shown(payload))
    assert Environment(autoescape=False).from_string(escaped).render() == escaped


def test_markup_is_not_escaped_twice():
    assert shown(shown("a<b")) == "a&lt;b"


def test_both_languages_stand_side_by_side():
    assert both("铝", "Al") == '<span class="zh">铝</span><span class="en">Al</span>'


@pytest.mark.parametrize(("zh", "en", "expected"), [("ADC12", "ADC12", "ADC12"), ("铝", "", "铝"), ("", "Al", "Al")])
def test_equal_or_missing_names_stand_once(zh, en, expected):
    assert both(zh, en) == expected


def test_words_fill_their_places_and_escape_the_facts():
    assert pair("card_kilometres", km="12") == ("平均运距 12 公里", "mean haul 12 km")
    assert "&lt;b&gt;" in word("card_kilometres", km="<b>")


def test_unknown_words_stand_for_themselves():
    assert known_word("stage", "<odd>") == "&lt;odd&gt;"
    assert "电解铝" in known_word("stage", "primary")


def test_a_note_in_both_languages_is_taken_apart():
    assert note_markup("甲 | A") == both("甲", "A")
    assert note_markup("a|b<") == "a|b&lt;"


def test_units_are_put_into_words():
    assert unit_words("kt") == ("千吨", "kt")
    assert unit_words("million yuan/yr") == ("百万元/年", "million yuan/yr")
    assert unit_words("furlong") == ("furlong", "furlong")


def test_every_word_has_two_languages_without_half_filled_places():
    for key in words.entries("report"):
        entry = words._table("report")[key]
        assert set(entry) == {"zh", "en"}, key
        assert entry["zh"].count("{") == entry["en"].count("{"), key


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [(1234567.5, 0, "1,234,568"), (-0.004, 2, "0.00"), (-1234.0, 1, "−1,234.0"), (float("nan"), 0, "—"), (float("inf"), 0, "—"), ("x", 0, "—")],
)
def test_numbers_have_separators_and_no_negative_zero(value, digits, expected):
    assert number(value, digits) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.445, "0.445"), (0.1, "0.1"), (12.345, "12.35"), (345.67, "345.7"), (18342.6, "18,343"), (-5.0, "−5"), (np.int64(7), "7")]
)
def test_compact_keeps_about_four_digits(value, expected):
    assert compact(value) == expected


def test_percent():
    assert percent(0.2249, 1) == "22.5 %"
    assert percent(None) == "—"


def test_a_view_without_tables_has_all_columns_and_no_map():
    empty = ReportView("甲", "A")
    assert list(empty.flow.columns) == [*COLUMNS["flow"][0], *COLUMNS["flow"][1]]
    assert not empty.has_map


def test_a_table_without_a_column_is_refused():
    with pytest.raises(KeyError, match="plan: missing columns"):
        ReportView("甲", "A", plan=pd.DataFrame({"option": ["x"]}))


def test_optional_columns_are_filled_and_types_fixed():
    sites = pd.DataFrame([{"site": "a", "name_zh": None, "name_en": "A", "kind": "park", "region": "", "lat": 30, "lon": None}])
    frame = ReportView("甲", "A", sites=sites, firms=pd.DataFrame([{"site": "a", "firm_zh": "厂", "firm_en": ""}]))
    assert frame.sites["name_zh"].iloc[0] == ""
    assert frame.sites["lat"].dtype == "float64"
    assert frame.firms["note"].iloc[0] == ""


def test_blank_tables_are_typed():
    assert blank("grades")["share_of_cost"].dtype == "float64"


def test_names_fall_back_to_the_other_language_and_to_the_id():
    sites = pd.DataFrame([{"site": "a", "name_zh": "甲", "name_en": "", "kind": "park", "region": "", "lat": 1.0, "lon": 1.0}])
    names = Names(ReportView("", "", sites=sites))
    assert names.site("a") == ("甲", "甲")
    assert names.site("unknown") == ("unknown", "unknown")


@pytest.mark.parametrize(
    ("zh", "en", "short"),
    [
        ("万州经济技术开发区", "Wanzhou ETDZ", ("万州经开区", "Wanzhou ETDZ")),
        ("九龙坡西彭工业园区", "Xipeng Industrial Park", ("九龙坡西彭园区", "Xipeng")),
        ("阿坝(汶川)铝厂", "Aba smelter (Wenchuan)", ("阿坝", "Aba smelter")),
    ],
)
def test_short_names_for_the_map(zh, en, short):
    sites = pd.DataFrame([{"site": "a", "name_zh": zh, "name_en": en, "kind": "park", "region": "", "lat": 1.0, "lon": 1.0}])
    assert Names(ReportView("", "", sites=sites)).short("a") == short


def test_goods_belong_to_their_own_group_first():
    goods = pd.DataFrame([
        {"commodity": "ingot", "name_zh": "", "name_en": "", "unit": "kt", "group": ""},
        {"commodity": "steel", "name_zh": "", "name_en": "", "unit": "kt", "group": "products"},
        {"commodity": "beans", "name_zh": "", "name_en": "", "unit": "kt", "group": ""},
    ])
    assert group_of(ReportView("", "", commodities=goods)) == {"ingot": "metal", "steel": "products", "beans": "other"}


def test_groups_have_different_colours():
    assert len({group.colour for group in groups()}) == len(groups())


def test_markup_type_survives():
    assert isinstance(both("a", "b"), Markup)
