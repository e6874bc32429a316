"""The comparison page: sentences and tables by hand, one file that loads nothing, hostile names as text, both languages, sizes."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import comparison_sample
import hostile
import pytest
from comparison_sample import FIRST, SECOND
from duo import place
from page_reader import read
from runs import ROOT, command_line, quiet

from maps import comparison, comparison_page, comparison_tables, offline
from model.explore.compare import compare
from model.explore.comparison_facts import Part
from model.explore.reloading import candidate


@pytest.fixture(scope="module")
def duo(tmp_path_factory):
    return place(tmp_path_factory.mktemp("duo"))


@pytest.fixture(scope="module")
def plans(duo):
    data, files = duo
    return {name: candidate(str(file), data, ROOT, {}, quiet) for name, file in files.items()}


@pytest.fixture(scope="module")
def grown(plans):
    return comparison.assemble(compare([plans["plain"], plans["grown"]]), None)


@pytest.fixture(scope="module")
def text():
    return comparison_page.page(comparison_sample.comparison(FIRST, SECOND))


@pytest.fixture(scope="module")
def attacked():
    return comparison_page.page(comparison_sample.attack())


def shown(cell):
    """A cell as a reader sees it in English, without tags."""
    english = re.sub(r'<span class="zh">.*?</span>', "", str(cell))
    return html.unescape(re.sub(r"<[^>]+>", " ", english)).split()


def test_the_answer_by_hand(grown):
    """-82 becomes -83; north adds 2; margins: a 70 to 83, b 12 to 0 (see duo.py)."""
    assert grown.answers[0] == (
        ("目标值由 −82 变为 −83,减少 1。", "The objective goes from −82 to −83: 1 less."),
        ("产能变化最大的是(千吨/年):北园 +2。", "Capacity changes most at (kt/yr): North +2."),
        ("毛利变化:a +13、b −12;得失最大的地点:北园 +13、南园 −12。", "Margins change: a +13; b −12; the largest at North +13; South −12."),
    )
    assert grown.inputs[0] == (("投资与关停选项·grow:最大规模 0 → 5", "options, grow: maximum size 0 → 5"),) and grown.ranking == ()


def test_three_plans_are_ranked_and_cautions_said(plans):
    found = comparison.assemble(compare([plans[name] for name in ("plain", "grown", "dear")]), None)
    assert found.ranking[0][1] == "The objective is lowest in “grown (dataset data)” (−83) and highest in “dear (dataset data)” (−76)."
    assert found.answers[1][0][1] == "The objective goes from −82 to −76: 6 more."
    assert found.answers[1][1][1] == "Capacity and output hardly change anywhere."
    other = comparison.assemble(compare([plans[name] for name in ("plain", "grown", "clean")]), None)
    assert other.ranking == ()  # another objective: no ranking
    assert other.answers[1][1][1].startswith("The plans optimise different objectives")


def test_a_plan_beside_itself(plans):
    view = comparison.assemble(compare([plans["plain"], plans["plain"]]), None)
    assert view.answers[0] == (("目标值不变,为 −82。", "The objective stays at −82."), ("各地产能与产量基本不变。", "Capacity and output hardly change anywhere."))
    text = comparison_page.page(view)
    assert 'id="changes"' not in text and 'id="gains"' not in text and "The inputs do not differ." in text


def test_the_table_of_cost_classes_by_hand(grown):
    """Labour 26 to 24, capital 0 to 1, freight 12, sales -120: sum -82 to -83; the largest change first, the sum last."""
    table = comparison_tables.part(grown, next(part for part in grown.parts if part.key == "cost_class"))
    rows = [[shown(cell) for cell in row] for row in table.rows]
    assert rows[0] == [["labour"], ["26"], ["24", "−2"]] and rows[1] == [["capital", "charge"], ["0"], ["1", "+1"]]
    assert sorted(row[0] for row in rows[2:4]) == [["freight"], ["sales"]] and rows[-1] == [["sum"], ["−82"], ["−83", "−1"]]
    assert [shown(head) for head, _ in table.heads] == [["part"], ["A", "plain"], ["B", "grown"]]


def test_parts_without_a_change_stand_in_one_row_that_adds_them_up(grown):
    """5 + 2 + 1 = 8 in both plans beside 4 that becomes 3: three parts in one row, two on their own."""
    rows = [(("动", "moving"), 4.0, 3.0, -1.0), *(((f"静{value}", f"still {value}"), value, value, 0.0) for value in (5.0, 2.0, 1.0))]
    total = (("合计", "sum"), 12.0, 11.0, -1.0)
    heads = (("项", "part"), ("plain", "plain"), ("grown", "grown"), ("", ""))
    table = comparison_tables.part(grown, Part("good", ("", ""), heads, (*rows, total)))
    assert [[shown(cell) for cell in row] for row in table.rows] == [
        [["moving"], ["4"], ["3", "−1"]],
        [["the", "other", "3", "together,", "without", "change"], ["8"], ["8"]],
        [["sum"], ["12"], ["11", "−1"]],
    ]
    few = comparison_tables.part(grown, Part("good", ("", ""), heads, (*rows[:3], total)))
    assert [shown(row[0]) for row in few.rows] == [["moving"], ["still", "5.0"], ["still", "2.0"], ["sum"]]


def test_swap_options_are_printed_with_a_minus_and_under_a_head(grown):
    part = Part("options", ("", ""), (("", ""), ("plain", "plain"), ("grown", "grown")), ((("  年成本", "  cost"), ("–", "–"), ("-81.2", "-81.2 (m-1)")),))
    table = comparison_tables.options(grown, part)
    assert [shown(cell) for cell in table.rows[0]] == [["cost"], ["–"], ["−81.2", "(m-1)"]]
    assert shown(table.heads[0][0]) == ["What", "is", "compared"]


def test_the_head_of_a_plan_tells_its_title(text):
    assert '<span title="甲"><span class="badge badge-A">A</span>' in text


def test_tables_of_many_plans_take_the_whole_width_even_where_nothing_changes():
    assert 'class="tables single"' in comparison_page.page(comparison_sample.comparison(FIRST, FIRST, FIRST, FIRST))
    assert 'class="tables"' in comparison_page.page(comparison_sample.comparison(FIRST, SECOND, FIRST))


def test_no_map_is_drawn_where_nothing_moves():
    page = comparison_page.page(comparison_sample.comparison(FIRST, FIRST, SECOND))
    assert page.count('class="map-frame"') == 3 + 1 and page.count("Nothing changes by 0.5 kt a year or more.") == 1


def test_changes_gains_indicators_and_proof_by_hand(grown):
    changes = [[shown(cell) for cell in row] for row in comparison_tables.changes(grown).rows]
    assert [["North"], ["Other"], ["capacity"], ["make"], ["10"], ["12", "+2"]] in changes and len(changes) == 3  # output: north +2, south -2
    gained = [[shown(cell) for cell in row] for row in comparison_tables.gained(grown, "grown").rows]
    assert gained[0][:2] == [["a"], ["+13"]] and gained[-1][:2] == [["South"], ["−12"]]
    indicators = comparison_tables.indicators(grown).rows
    assert [shown(cell) for cell in indicators[0]] == [["Carbon"], ["kt", "CO₂e"], ["14"], ["12", "−2"]]
    proof = [[shown(cell) for cell in row] for row in comparison_tables.proof(grown).rows]
    assert proof[0][3] == ["−82"] and proof[1][0] == ["B", "grown"] and proof[1][2] == ["optimal"]


def test_an_indicator_whose_change_prints_as_nothing_has_no_row(grown):
    """14 that becomes 14.0004 shows as 14 beside 14: no difference for a reader."""
    rows = grown.indicators.assign(value=grown.indicators["reference"] + 4e-4, change=4e-4)
    assert comparison_tables.indicators(replace(grown, indicators=rows)).rows == ()
    assert len(comparison_tables.indicators(replace(grown, indicators=rows.assign(change=6e-4))).rows) == len(rows)


def test_cards_show_every_plan_and_its_change(grown):
    text = comparison_page.page(grown)
    card = re.search(r'<div class="cards versus">(.*?)</table>', text, re.S).group(1)
    assert shown(card)[-5:] == ["A", "−82", "B", "−83", "−1"]


def test_amounts_made_and_carried_stand_in_the_cards(plans):
    """Freight is not known without kilometres, and stages are not known in core tables alone."""
    view = comparison.assemble(compare([plans["plain"], plans["grown"]]), None)
    assert [measure.values for measure in view.measures] == [(-82.0, -83.0)]


def test_more_cost_has_the_colour_of_less_and_small_changes_no_bar(grown):
    chart = dict(comparison_page._class_charts(grown))[1]
    assert chart.count('class="part"') == 2  # labour -2 and capital +1; nothing else moves
    assert '#0072b2" class="part"' in chart and '#d55e00" class="part"' in chart


def test_nothing_is_loaded_and_only_the_scripts_of_the_page_may_run(text):
    assert offline.external(text) == []
    reader = read(text)
    assert not {"link", "img", "iframe", "object", "embed", "base", "form"} & set(reader.tags)
    policy = next(value for tag, name, value in reader.attributes if tag == "meta" and name == "content" and "default-src" in value)
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and len(reader.scripts) == 3  # behaviour, maps, start
    assert set(re.findall(r"'sha256-[^']+'", policy)) == {offline.script_hash(script) for script in reader.scripts}


def test_every_section_has_its_link_and_every_text_both_languages(text):
    for section in comparison_page.SECTIONS:
        assert f'id="{section}"' in text and f'href="#{section}"' in text
    assert text.count('class="zh') == text.count('class="en')
    plain = html.unescape(text)
    assert plain.count("内部研讨用图,未经地图审核,不得公开") == 3 and "审图号" in plain and "未绘国界" in plain


def test_the_footer_names_the_files_that_stand_beside_a_comparison(text):
    """A comparison folder has no workbook and no folder of tables."""
    assert "comparison.json" in text and "results.xlsx" not in text and "tables/" not in text


def test_the_background_is_embedded_once(text):
    assert text.count('id="map-ground"') == 1 and text.count('href="#map-ground"') == 3


def test_the_same_view_gives_the_same_bytes(text):
    assert comparison_page.page(comparison_sample.comparison(FIRST, SECOND)) == text


@pytest.mark.parametrize(("count", "most"), [(2, 2_000_000), (6, 3_000_000)])
def test_sizes(count, most):
    text = comparison_page.page(comparison_sample.large(count))
    assert len(text.encode()) < most and text.count('class="map-frame"') == count + count // 2  # every second one differs


@pytest.mark.parametrize("payload", hostile.PAYLOADS)
def test_hostile_names_are_shown_as_text(attacked, payload):
    assert any(payload in part for part in read(attacked).texts)


def test_hostile_names_add_no_element_and_no_script(attacked):
    reader = read(attacked)
    assert len(reader.scripts) == 3 and not {"img", "iframe", "object"} & set(reader.tags)
    assert not [entry for entry in reader.attributes if entry[1].startswith("on")]
    assert offline.external(attacked) == [] and "seven49seven" not in attacked and "uid=0(" not in attacked


def test_the_command_writes_the_page(duo, tmp_path, capsys):
    data, files = duo
    given = ["compare", str(files["plain"]), str(files["grown"]), "--data", str(data), "--out", str(tmp_path / "out"), "--lang", "en"]
    assert command_line().main(given) == 0
    text = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    assert "The objective goes from −82 to −83: 1 less." in html.unescape(text) and offline.external(text) == []
