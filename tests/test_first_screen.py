"""What the first screen shows a director: the answer, how much rests on assumptions, the goals; no talk of the solver, no long lists."""

from __future__ import annotations

import html
import re

import pandas as pd
import pytest
import report_sample
from runs import TRNSPORT, command_line, dataset

from maps import page
from maps.trust import assumed
from maps.view import ReportView


def first_screen(**changes):
    """The section of findings and the cards."""
    text = html.unescape(page.page(report_sample.view(**changes)))
    return text[text.index('id="findings"'):text.index('<section id="map"')]


def ties(count):
    return pd.DataFrame([(f"并列{at}", f"tie {at}") for at in range(count)], columns=["text_zh", "text_en"])


def test_what_rests_on_assumptions_stands_below_the_answer_and_leads_to_the_sources():
    """13.1 % of the sample's cost has grade D."""
    shown = first_screen()
    line = re.search(r'<p class="trust"><a href="#sources">(.*?)</a></p>', shown)
    assert line and "13 % of the money in this plan rests on data of grade D (assumptions)" in line[1]
    assert shown.index("</ol>") < line.start() < shown.index('<details class="goals" open>')


def test_without_grades_nothing_is_said_of_them():
    bare = ReportView("甲", "A")
    assert assumed(bare) is None and 'class="trust"' not in page.page(bare) and 'class="goals"' not in page.page(bare)


def test_the_size_of_the_program_and_its_seconds_stand_with_the_sources():
    """0.9 + 2.1 + 0.8 s; 9,120 rows and 24,310 columns."""
    text = html.unescape(page.page(report_sample.view()))
    before, after = text.split('<section id="sources">')
    assert "9,120 rows" not in before and "24,310 columns" not in before
    assert "9,120 rows · 24,310 columns · 3.8 s" in after and "模型规模与用时" in after


def test_a_view_without_a_solver_says_nothing_of_its_size():
    assert "Size of the model" not in page.page(ReportView("甲", "A", summary={"status": "optimal"}))


def test_many_ties_are_folded_and_counted():
    """Three lines stay open, six are folded; both say how many there are."""
    few, many = first_screen(ties=ties(3)), first_screen(ties=ties(6))
    assert '<details class="ties" open>' in few and "Equally good plans (same cost): 3" in few
    assert '<details class="ties">' in many and "Equally good plans (same cost): 6" in many and "tie 5" in many
    assert 'class="ties"' not in first_screen(ties=ties(0))


def opening(text):
    """Language of the page as it opens, of its button, and what the button says."""
    head, button = re.search(r"<html[^>]*>", text)[0], re.search(r'<button id="language"[^>]*>', text)[0]
    return re.search(r'data-lang="(\w+)"', head)[1], re.search(r' lang="([\w-]+)"', head)[1], re.search(r' lang="([\w-]+)"', button)[1]


def test_a_page_opens_in_the_language_asked_for_and_in_chinese_otherwise():
    """The button is in the other language."""
    assert opening(page.page(report_sample.view())) == ("zh", "zh-CN", "en")
    assert opening(page.page(report_sample.view(language="en"))) == ("en", "en", "zh-CN")


@pytest.mark.parametrize(("asked", "language"), [(["--lang", "en"], "en"), (["--lang", "zh"], "zh"), ([], "zh")])
def test_the_commands_write_pages_that_open_so(tmp_path, asked, language):
    run = command_line()
    assert run.main(["solve", "--data", str(TRNSPORT), "--out", str(tmp_path / "a"), *asked]) == 0
    assert opening((tmp_path / "a" / "report.html").read_text(encoding="utf-8"))[0] == language
    assert run.main(["compare", str(tmp_path / "a"), str(tmp_path / "a"), "--out", str(tmp_path / "both"), *asked]) == 0
    assert opening((tmp_path / "both" / "compare.html").read_text(encoding="utf-8"))[0] == language


def test_the_dataset_of_the_command_line_stands_on_the_first_screen_and_on_the_terminal(tmp_path, capsys):
    """The scenario has its own dataset; the toy of the command line is named in heading, title and first sentence."""
    (tmp_path / "mine.toml").write_text('data = "chuanyu"\ntitle = { zh = "甲", en = "First" }\n', encoding="utf-8")
    toy = dataset(tmp_path / "toy", supply="commodity site price max\nore p 2 5", demand="commodity site min max price\nore p 1 1 0")
    assert command_line().main(["solve", str(tmp_path / "mine.toml"), "--data", str(toy), "--out", str(tmp_path / "a"), "--lang", "en"]) == 0
    text = html.unescape((tmp_path / "a" / "report.html").read_text(encoding="utf-8"))
    assert "First (dataset toy)" in re.search(r"<h1>.*?</h1>", text)[0] and "甲(数据集 toy) / First (dataset toy)" in re.search(r"<title>.*?</title>", text)[0]
    assert "First (dataset toy)" in capsys.readouterr().out
