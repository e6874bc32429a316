"""What a run folder gets beside its tables, and what is said of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import report_sample
from runs import process

from maps import publish
from maps.office import extra, writing
from maps.pictures import siting
from maps.view import ReportView


@pytest.fixture
def run(monkeypatch):
    """A run whose view is the sample; report and workbook have tests of their own."""
    monkeypatch.setattr(publish, "assemble", lambda run: run.view)
    for part in (publish.report, publish.workbook):
        monkeypatch.setattr(part, "write", lambda view, folder: None)
    scenario = SimpleNamespace(question={"zh": "问?", "en": "Ask?"}, chain=("base.toml",))
    return SimpleNamespace(view=report_sample.view(), prepared=SimpleNamespace(scenario=scenario))


def test_one_line_says_how_to_get_more_than_the_svg(run, tmp_path):
    told = publish.write(run, tmp_path)
    assert told[:-1] == run.view.sentences and told[-1] == siting.said("svg_only") and all("--office" in text for text in told[-1])
    assert sorted(path.name for path in (tmp_path / "maps").iterdir()) == ["siting_en.svg", "siting_zh.svg"]


def test_without_a_map_nothing_is_said_of_it(run, tmp_path):
    run.view = ReportView("甲", "A", sentences=[("甲", "A")])
    assert publish.write(run, tmp_path) == [("甲", "A")] and not (tmp_path / "maps").exists()


def test_office_files_get_the_question_and_hand_on_what_is_said(run, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(writing, "write", lambda view, question, documents, folder: seen.append((question, set(documents))) or [("缺字", "a letter")])
    assert publish.write(run, tmp_path, office=True) == [*run.view.sentences, ("缺字", "a letter")]
    assert seen == [(("问?", "Ask?"), {"zh", "en"})]


def test_the_ordinary_way_needs_no_package_of_the_extra():
    """Report, workbook and SVG are written without python-docx, python-pptx, resvg and fontTools."""
    absent = "; ".join(f"sys.modules['{name}'] = None" for name in extra.PACKAGES)
    done = process(program=("-c", f"import sys; {absent}; import maps.publish, maps.pictures.siting, maps.office.extra"))
    assert done.returncode == 0, done.stderr.decode()
