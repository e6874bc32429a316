"""Brief and slides: five slides, two pages, every number as in the report, East Asian fonts, hostile names as text, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import hostile
import openpyxl
import pandas as pd
import pytest
import report_sample
from docx.oxml.ns import qn as word_name
from pptx import Presentation
from pptx.oxml.ns import qn
from runs import TRNSPORT, command_line

from maps import workbook
from maps.cards import cards
from maps.goal_rows import goal_heading
from maps.office import brief, extra, slides
from maps.office.content import CHANGES, content, said
from maps.office.fitting import fitting, height, lines
from maps.office.packing import chart_sheet, packed
from maps.pictures.siting import siting_maps
from maps.view import ReportView
from model import words
from model.problems import ExitCode, Refusal

QUESTION = ("谁在哪里生产?", "Who makes what where?")
PIXEL = bytes.fromhex(  # a PNG of one white pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fea735819e0000000049454e44ae426082"
)


def view():
    """The sample with a state of the solution as a run has it."""
    sample = report_sample.view()
    return replace(sample, summary={**sample.summary, "ties": 12}, notes=[("甲值过大", "a is large"), ("乙值过小", "b is small")])


@pytest.fixture(scope="module")
def told():
    return content(view(), QUESTION)


@pytest.fixture(scope="module")
def deck(told):
    return Presentation(io.BytesIO(slides.slides(told, PIXEL)))


@pytest.fixture(scope="module")
def document(told):
    return docx.Document(io.BytesIO(brief.brief(told, PIXEL)))


def texts(slide):
    """Every paragraph of a slide."""
    return ["".join(run.text for run in place.runs) for shape in slide.shapes if shape.has_text_frame for place in shape.text_frame.paragraphs]


def paragraphs(document):
    """Every paragraph of a document, those of its tables and its footer too."""
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    places = [document, *cells, document.sections[0].footer]
    return [place.text for part in places for place in part.paragraphs]


def charts(slide):
    """title of the description → categories and series of each chart of a slide."""
    found = {}
    for shape in slide.shapes:
        if shape.has_chart:
            plot = shape.chart.plots[0]
            found[shape._element.nvGraphicFramePr.cNvPr.get("descr")] = (list(plot.categories), {series.name: list(series.values) for series in plot.series})
    return found


def test_there_are_five_slides_of_sixteen_to_nine(deck):
    assert len(deck.slides) == 5 and round(deck.slide_width / deck.slide_height, 3) == 1.778
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert [part in title for part, title in zip(("基准情景 2027", "布局图", "各园区方案后产能", "费用与电力", "使用须知"), titles, strict=True)] == [True] * 5


def test_the_first_slide_asks_and_answers(deck):
    shown = texts(deck.slides[0])
    assert set(QUESTION) <= set(shown)
    assert {zh for zh, _ in view().sentences} | {en for _, en in view().sentences} <= set(shown)


def test_key_figures_are_those_of_the_report_and_worked_out_by_hand(deck, told):
    """90 % of 4,780 alumina, of 1,460 casting and of 3,514 processing; the gain is 18,342.6."""
    figures = {figure.name[1]: figure.value for figure in told.figures}
    assert figures["Objective (net margin)"] == "18,343" and figures["Alumina output"] == "4,302"
    assert figures["Casting output"] == "1,314" and figures["Processing output"] == "3,163"
    assert [figure.value for figure in told.figures] == [card.value for card in cards(view())]
    shown = " ".join(texts(deck.slides[0]))
    assert all(f"{figure.value} {figure.unit[0]}" in shown for figure in told.figures[:6])


def test_every_number_of_the_deck_and_the_brief_stands_in_the_report(deck, document, told, tmp_path):
    """Numbers of running text are those of sentences, figures, changes, parks or the state; nothing else is counted or rounded anew."""
    sources = [*told.title, *QUESTION, *told.state, *(text for pair in (*told.answers, *told.findings, *told.caveats) for text in pair)]
    sources += [text for figure in told.figures for text in (figure.value, *figure.more)]
    sources += [text for change in told.changes for text in (change.size, *change.name)]
    sources += [text for goal in told.goals for text in (goal.reached, goal.goal, goal.percent)] + [*goal_heading(told.goals), *told.trust]
    sources += [f"{value:,.0f}" for value in told.parks[[*told.stages, "added", "closed"]].to_numpy().ravel()]
    sources += [str(name) for name in told.parks[["zh", "en"]].to_numpy().ravel()]
    sources += [f"{len(told.parks) - brief.MOST['parks_left']}", f"{told.changes_left}", "54,136", "GWh"]  # 54,135.6 earned
    known = set(re.findall(r"\d[\d,.]*\d|\d", " ".join(sources))) | {"1", "2", "3", "4", "5"}
    for text in [text for slide in deck.slides for text in texts(slide)] + paragraphs(document):
        assert set(re.findall(r"\d[\d,.]*\d|\d", text)) <= known, text


def test_charts_show_the_cells_of_the_workbook(deck, tmp_path):
    workbook.write(replace(view(), flow=pd.DataFrame()), tmp_path)
    book = openpyxl.load_workbook(tmp_path / workbook.NAME)
    sheets = {sheet.title.split(" ", 1)[1]: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}
    categories, series = next(iter(charts(deck.slides[2]).values()))
    assert categories == [row[1] for row in sheets["capacity"][1:15]]
    assert series["电解铝 Primary"] == [row[4] for row in sheets["capacity"][1:15]]
    money = charts(deck.slides[3])
    labels, costs = next(found for title, found in money.items() if "cost" in title)
    assert dict(zip(labels, costs["金额,收入为负 amount, earnings negative"], strict=True)) == {row[1]: row[3] for row in sheets["costs"][1:6]}
    power = [found for title, found in money.items() if "Power" in title]
    assert [found[1]["火电 Thermal"] for found in power] == [[pytest.approx(3600.0)] * 12, [pytest.approx(9000.0)] * 12]


def test_what_is_earned_is_said_beside_the_costs(deck):
    assert "另有收入 54,136,未画在图上。" in texts(deck.slides[3])


def test_changes_stand_beside_the_parks(deck, told):
    shown = texts(deck.slides[2])
    assert "+135  广元新增电解(置换)" in shown and "+60  导线" in shown
    assert told.changes_left == 0 and len(told.changes) <= CHANGES


def test_what_is_left_out_is_said():
    plan = report_sample.view().plan
    many = [plan.assign(option=plan["option"] + str(number), status="closed", size=float(number + 1)) for number in range(3)]
    found = content(report_sample.view(plan=pd.concat(many)), QUESTION)
    assert found.changes_left == 3 * len(plan) - CHANGES and found.changes[0].size == "−3"
    assert said("changes_left", count=found.changes_left)[1] in texts(Presentation(io.BytesIO(slides.slides(found, None))).slides[2])


def test_caveats_come_from_the_results(told):
    english = [en for _, en in told.caveats]
    assert "Clauses missed: 1: CY2023-1.2-b Output value of 400 bn yuan." in english
    assert "12 choices could be made differently at the same cost." in english
    assert "The check of the data found 2 doubtful places: see report.html." in english
    feasible = replace(view(), summary={"status": "feasible", "objective": 1.0, "gap": 0.0123})
    assert content(feasible, QUESTION).caveats[0][1] == "The plan is feasible; it is not proved optimal, gap 1.23 %."


def test_what_rests_on_assumptions_is_said_once_near_the_answer(document, deck, told):
    """13 % of the sample's cost has grade D: on page one and slide one, and nowhere else."""
    line = "13 % of the money in this plan rests on data of grade D (assumptions)."
    shown = [place.text for place in document.paragraphs]
    assert shown.count(line) == 1 and shown.index(line) < next(at for at, text in enumerate(shown) if text.startswith("布局图"))
    assert [line in texts(slide) for slide in deck.slides] == [True, False, False, False, False]
    assert content(ReportView("甲", "A"), QUESTION).trust is None


def test_goals_stand_in_the_brief_and_on_the_last_slide(document, deck):
    """The farthest first: 178,483 of 400,000 is 44 %, 30 of 24 % is 125 %, the third does not exist."""
    table = next(shape for shape in deck.slides[4].shapes if shape.has_table).table
    rows = [[cell.text_frame.text.split("\n")[0] for cell in row.cells] for row in table.rows]
    assert rows[1:] == [["产值", "178,483", "400,000 百万元", "44 %", "未达到"], ["再生铝占比", "30 %", "24 %", "125 %", "达到"], ["赤泥利用率", "—", "15 %", "—", "本方案不适用"]]
    goals = document.tables[1]
    assert [cell.text for cell in goals.rows[1].cells] == ["产值 Output value", "178,483", "400,000 百万元", "44 %", "未达到"]
    assert goals.rows[0]._tr.trPr.find(word_name("w:tblHeader")) is not None and len(goals.rows) == 4


def test_goals_that_do_not_fit_are_counted():
    """Thirty of one line: of 22 in the brief and 5.3 inches on the slide the others stand in the report."""
    many = pd.concat([view().goals.head(1)] * 30, ignore_index=True)
    told = content(replace(view(), goals=many), QUESTION)
    document, deck = docx.Document(io.BytesIO(brief.brief(told, PIXEL))), Presentation(io.BytesIO(slides.slides(told, PIXEL)))
    assert len(document.tables[1].rows) == 23 and said("goals_left", count=8)[0] in [place.text for place in document.paragraphs]
    shown = len(next(shape for shape in deck.slides[4].shapes if shape.has_table).table.rows) - 1
    assert shown < 30 and said("goals_left", count=30 - shown)[0] in texts(deck.slides[4])


def test_the_map_covers_its_slide_and_is_described(deck):
    shape = next(shape for shape in deck.slides[1].shapes if shape.shape_type == 13)
    assert (shape.left, shape.top, shape.width) == (0, 0, deck.slide_width)
    assert "Siting map" in shape._element.nvPicPr.cNvPr.get("descr")


def test_every_letter_has_an_east_asian_typeface(deck, document):
    runs = [run for slide in deck.slides for run in slide._element.iter(qn("a:r"))]
    assert len(runs) > 60
    assert {run.find(qn("a:rPr")).find(qn("a:ea")).get("typeface") for run in runs} == {"Microsoft YaHei"}
    for slide in deck.slides:
        for shape in slide.shapes:
            assert not shape.has_chart or shape.chart._chartSpace.find(".//" + qn("a:ea")).get("typeface") == "Microsoft YaHei"
    found = [run for part in (document.element.body, document.sections[0].footer._element) for run in part.iter(word_name("w:r")) if run.findall(word_name("w:t"))]
    assert len(found) > 60
    assert {run.find(word_name("w:rPr")).find(word_name("w:rFonts")).get(word_name("w:eastAsia")) for run in found} == {"Microsoft YaHei"}
    assert document.styles["Normal"].element.rPr.rFonts.get(word_name("w:eastAsia")) == "Microsoft YaHei"


def heights(document):
    """Points that the paragraphs, rows and pictures of each page take, with letters a little wider than they are."""
    pages, room = [0.0], brief.ROOM
    for element in document.element.body:
        if element.tag == word_name("w:tbl"):
            rows = docx.table.Table(element, document).rows
            pages[-1] += sum(max(sum(measured(place, cell.width.pt) for place in cell.paragraphs) for cell in row.cells) + 1 for row in rows)
        elif element.tag == word_name("w:p"):
            place = docx.text.paragraph.Paragraph(element, document)
            if place.paragraph_format.page_break_before:
                pages.append(0.0)
            pages[-1] += measured(place, room)
    return pages


def measured(place, room):
    """Points of a paragraph: its lines at their stated height, or its picture."""
    extent = place._p.find(".//" + word_name("wp:extent"))
    form = place.paragraph_format
    around = sum(space.pt for space in (form.space_before, form.space_after) if space is not None)
    if extent is not None:
        return int(extent.get("cy")) / 12700 + around
    wide = sum(lines(run.text, run.font.size.pt if run.font.size else 10.0, 1.0) for run in place.runs)
    return form.line_spacing.pt * max(1, -(-wide // (room - 12))) + around


@pytest.mark.parametrize("sample", ["plain", "hostile", "long"])
def test_the_brief_has_two_pages_that_hold_everything(sample, told):
    if sample == "hostile":
        found = content(hostile.view(), (hostile.PAYLOADS[0], hostile.PAYLOADS[1]))
    else:
        longer = 12 if sample == "long" else 1
        found = replace(told, answers=[(zh * longer, en * longer) for zh, en in told.answers], findings=told.answers * longer * 2)
    document = docx.Document(io.BytesIO(brief.brief(found, wide_picture())))
    pages = heights(document)
    assert len(pages) == 2 and all(0 < page <= brief.POINTS * (brief.HIGH - brief.TOP - brief.FOOT) for page in pages)


def wide_picture():
    """A PNG of 16 by 9 pixels."""
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (16, 9)).save(stream, "PNG")
    return stream.getvalue()


def test_the_first_page_asks_and_answers_and_the_second_has_the_table(document, told):
    heads = [place.text for place in document.paragraphs if place.style.name == "Heading 2"]
    assert [head.split("  ")[0] for head in heads] == ["问题", "答案", "布局图", "各项目标:3 项,达到 1 项", "各园区方案后产能(千吨/年)", "其他发现", "使用须知"]
    assert len(document.inline_shapes) == 1
    figures, _, parks = document.tables
    assert "18,343 百万元/年" in figures.rows[0].cells[0].text
    assert [cell.text.split(" ")[0] for cell in parks.rows[0].cells] == ["园区", "氧化铝", "电解铝", "熔铸", "铝加工", "再生铝", "新增", "退出"]
    rows = {row.cells[0].text.split(" ")[0]: [cell.text for cell in row.cells[1:]] for row in parks.rows[1:]}
    assert rows["广元经开区"] == ["·", "750", "450", "1,084", "365", "135", "·"] and list(rows)[0] == "万州经开区"
    assert parks.rows[0]._tr.trPr.find(word_name("w:tblHeader")) is not None
    assert {zh for zh, _ in told.caveats} <= {place.text.removeprefix("▪\t") for place in document.paragraphs}


def test_the_notice_stands_on_every_page(document):
    assert any("内部研讨用图,未经地图审核,不得公开" in place.text for place in document.sections[0].footer.paragraphs)


def test_the_users_own_words_and_number_of_the_map_stand_in_brief_and_slides():
    """No word says that a map was not reviewed whose user says something else."""
    own = content(replace(view(), map_notice=("仅供本次会议", "for this meeting only"), map_approval="GS(2026)0001号"), QUESTION)
    document, deck = docx.Document(io.BytesIO(brief.brief(own, PIXEL))), Presentation(io.BytesIO(slides.slides(own, PIXEL)))
    foot = [place.text for place in document.sections[0].footer.paragraphs]
    assert foot[0] == "仅供本次会议 · 审图号: GS(2026)0001号" and foot[1].startswith("情景 base · ")
    assert "for this meeting only." in texts(deck.slides[4]) and "仅供本次会议。" in texts(deck.slides[4])
    everything = " ".join([text for slide in deck.slides for text in texts(slide)] + paragraphs(document))
    assert "未经地图审核" not in everything and "not been reviewed" not in everything


def test_nothing_is_cut_in_cells_tiles_and_lists():
    """A name three times as wide as its column goes on in the next lines, and the page still holds everything."""
    sample = view()
    sites = sample.sites.assign(name_en=[f"{name} and Circular Economy Demonstration Zone" for name in sample.sites["name_en"]])
    sample = replace(sample, sites=sites, plan=sample.plan.assign(name_en=[f"{name}, a long way round" * 3 for name in sample.plan["name_en"]]))
    told = content(sample, QUESTION)
    document, deck = docx.Document(io.BytesIO(brief.brief(told, wide_picture()))), Presentation(io.BytesIO(slides.slides(told, PIXEL)))
    shown = [text for slide in deck.slides for text in texts(slide)] + paragraphs(document)
    assert not any("…" in text for text in shown)
    assert any(text.endswith("Objective (net margin)") for text in shown)
    pages = heights(document)
    assert len(pages) == 2 and max(pages) <= brief.POINTS * (brief.HIGH - brief.TOP - brief.FOOT)


def test_the_line_of_caution_is_on_the_last_slide_however_long_the_other_cautions_are():
    rows = pd.concat([view().clauses.head(1)] * 40, ignore_index=True)
    deck = Presentation(io.BytesIO(slides.slides(content(replace(view(), clauses=rows), QUESTION), PIXEL)))
    assert "内部研讨用图,未经地图审核,不得公开。" in texts(deck.slides[4])


def test_every_clause_that_is_counted_as_missed_is_named():
    rows = pd.DataFrame([(f"C-{at}", f"条款{at}", f"clause {at}", "missed", 1.0, "kt", "", "") for at in range(1, 6)], columns=view().clauses.columns[:8])
    caveats = [en for _, en in content(replace(view(), clauses=rows), QUESTION).caveats]
    assert "Clauses missed: 5: C-1 clause 1; C-2 clause 2; C-3 clause 3; C-4 clause 4; C-5 clause 5." in caveats


def test_without_a_picture_both_say_why(told):
    deck = Presentation(io.BytesIO(slides.slides(told, None)))
    assert len(deck.slides) == 5 and said("no_map")[0] in texts(deck.slides[1])
    document = docx.Document(io.BytesIO(brief.brief(told, None)))
    assert said("no_map")[1] in [place.text for place in document.paragraphs] and len(document.inline_shapes) == 0


def test_an_empty_view_gives_five_slides_and_two_pages():
    empty = content(ReportView("甲", "A"), ("", ""))
    deck = Presentation(io.BytesIO(slides.slides(empty, None)))
    assert [len(deck.slides), len(charts(deck.slides[2])), len(charts(deck.slides[3]))] == [5, 0, 0]
    assert said("no_question")[0] in texts(deck.slides[0]) and said("findings_none")[0] in texts(deck.slides[4])
    assert len(heights(docx.Document(io.BytesIO(brief.brief(empty, None))))) == 2


def archive(content_):
    return {entry.filename: (entry.date_time, zipfile.ZipFile(io.BytesIO(content_)).read(entry)) for entry in zipfile.ZipFile(io.BytesIO(content_)).infolist()}


@pytest.mark.parametrize("make", [slides.slides, brief.brief], ids=["slides", "brief"])
def test_the_same_content_gives_the_same_bytes(make, told):
    first, second = make(told, PIXEL), make(told, PIXEL)
    assert first == second and {moment for moment, _ in archive(first).values()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.fixture(scope="module")
def hostile_files():
    found = content(hostile.view(), (hostile.PAYLOADS[0], hostile.PAYLOADS[13]))
    return found, slides.slides(found, PIXEL), brief.brief(found, PIXEL)


def test_hostile_names_are_text_in_slides_and_brief(hostile_files):
    found, deck, document = hostile_files
    shown = [text for slide in Presentation(io.BytesIO(deck)).slides for text in texts(slide)]
    written = paragraphs(docx.Document(io.BytesIO(document)))
    for zh, en in found.answers:
        for text in (zh, en):
            assert " ".join(text.split("\n")) in shown and any(" ".join(text.split("\n")) in line for line in written)
    assert {"=cmd|'/C calc'!A0", "seven{{7*7}}seven"} <= {name for categories, _ in charts(Presentation(io.BytesIO(deck)).slides[3]).values() for name in categories}


def test_hostile_names_become_no_field_link_or_formula(hostile_files):
    _, deck, document = hostile_files
    for file in (deck, document):
        parts = {name: data for name, (_, data) in archive(file).items()}
        assert not [name for name, data in parts.items() if name.endswith(".rels") and b'TargetMode="External"' in data]
        assert not [name for name, data in parts.items() if re.search(rb"<w:(fldSimple|instrText|hyperlink)|<a:hlinkClick|<f>", data)]
        for name in (name for name in parts if name.endswith(".xlsx")):
            book = openpyxl.load_workbook(io.BytesIO(parts[name]))
            assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]
    assert any(name.endswith(".xlsx") for name in archive(deck))


def test_the_sheet_behind_a_chart_holds_texts_as_texts():
    book = openpyxl.load_workbook(io.BytesIO(chart_sheet(["=1+1", "b"], {"@sum": [1.0, float("nan")]})))
    assert [[cell.value for cell in row] for row in book.active.iter_rows()] == [[None, "@sum"], ["=1+1", 1], ["b", None]]
    assert book.active["A2"].data_type == "s"


def test_packing_changes_nothing_but_times():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive_:
        archive_.writestr("a/b.txt", "甲")
    assert archive(packed(stream.getvalue())) == {"a/b.txt": ((1980, 1, 1, 0, 0, 0), "甲".encode())}


def test_room_is_counted_in_lines():
    """Ten squares of 10 points are 106 points with the margin: one line of 106, two of 60. Eleven points of leading 1.3 are 14.3."""
    assert [lines("铝" * 10, 10.0, width) for width in (106.0, 60.0)] == [1, 2] and lines("", 10.0, 60.0) == 0
    assert height([("铝", "Al")], 11.0, 10.0, 100.0, 4.0) == pytest.approx(14.3 + 13.0 + 4.0)
    assert height([("铝", "铝")], 11.0, 10.0, 100.0, 0.0) == pytest.approx(14.3)


def test_texts_take_the_largest_letters_that_fit_and_the_last_are_left_out():
    pairs = [("铝", "Al"), ("镁", "Mg")]
    assert fitting(pairs, ((20.0, 10.0), (10.0, 5.0)), 100.0, 78.0, 0.0) == (pairs, (20.0, 10.0))  # 2 × (26 + 13)
    assert fitting(pairs, ((20.0, 10.0), (10.0, 5.0)), 100.0, 77.0, 0.0) == (pairs, (10.0, 5.0))
    assert fitting(pairs, ((20.0, 10.0),), 100.0, 40.0, 0.0) == (pairs[:1], (20.0, 10.0))


def test_a_missing_package_is_named_before_the_solve(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(extra, "PACKAGES", {"docx": "python-docx", "no_such_module": "no-such-package"})
    with pytest.raises(Refusal) as refused:
        extra.check()
    assert refused.value.code is ExitCode.USAGE
    zh, en = (refused.value.problems[0].text(language) for language in words.LANGUAGES)
    assert all("no-such-package" in text and 'pip install -e ".[office]"' in text and "python-docx" not in text for text in (zh, en))
    assert command_line().main(["solve", "--data", str(TRNSPORT), "--out", str(tmp_path / "run"), "--office", "--lang", "en"]) == 2
    assert "--office needs the packages no-such-package" in capsys.readouterr().err and not (tmp_path / "run").exists()


def test_the_packages_are_those_of_the_extra():
    declared = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    office = re.search(r"^office = \[(.*?)\]", declared, re.M)[1]
    assert set(re.findall(r'"([a-z-]+)[>=<]', office)) == set(extra.PACKAGES.values()) and extra.missing() == []


def test_a_run_with_the_option_leaves_brief_and_slides(tmp_path):
    """A dataset without coordinates: no picture, but both files."""
    assert command_line().main(["solve", "--data", str(TRNSPORT), "--out", str(tmp_path / "run"), "--office", "--lang", "en"]) == 0
    assert len(Presentation(tmp_path / "run" / slides.NAME).slides) == 5
    assert docx.Document(tmp_path / "run" / brief.NAME).core_properties.title == "trnsport"
    assert not (tmp_path / "run" / "maps").exists()


def test_pictures_and_files_of_the_sample(tmp_path, monkeypatch):
    """With one letter of the map unknown to the only font, the pictures are English and the line about it is handed on."""
    from maps.office import writing
    from maps.pictures import raster

    monkeypatch.setattr(raster, "pictures", lambda documents: raster.Pictures({"en": PIXEL}, (("缺字", "a letter is missing"),)))
    (tmp_path / "maps").mkdir()
    assert writing.write(view(), QUESTION, siting_maps(view()), tmp_path) == [("缺字", "a letter is missing")]
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == ["brief.docx", "maps/siting_en.png", "slides.pptx"]
    assert (tmp_path / "maps" / "siting_en.png").read_bytes() == PIXEL


def test_all_words_of_office_files_are_used():
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(brief.__file__).parent.glob("*.py"))
    assert [entry for entry in words.entries("office") if f'"{entry}"' not in sources] == []
