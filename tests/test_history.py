"""Past runs are listed whatever lies in the folder: runs, runs that were damaged and things that are no run."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
from runs import TRNSPORT, command_line, quiet, solved

from maps import publish
from model import pipeline
from model.explore.history import COLUMNS, DAMAGED, FOREIGN, history, lines
from model.explore.recheck import recheck
from model.explore.text_table import clipped, padded, text_table, width, write_table
from model.opening import open_scenario
from model.output import write_run
from model.problems import ExitCode, Refusal


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The transport problem of 153.675, solved and written once, without and with a report."""
    folder = tmp_path_factory.mktemp("runs") / "plain"
    scenario, data = open_scenario(None, TRNSPORT, folder.parent, {})
    run = pipeline.run(scenario, data, quiet)
    write_run(run, folder, lambda run, draft: None)
    write_run(run, folder.with_name("told"), publish.write)
    return folder


@pytest.fixture
def copied(finished, tmp_path):
    """A folder of one run called ``one``."""
    shutil.copytree(finished, tmp_path / "runs" / "one")
    return tmp_path / "runs"


def edited(folder, name, **facts):
    file = folder / name
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | facts), encoding="utf-8")


def test_a_run_is_one_row_with_its_facts(finished):
    table = history(finished.parent).set_index("folder")
    row, record = table.loc["plain"], json.loads((finished / "run.json").read_text(encoding="utf-8"))
    assert (row["status"], row["scenario"], row["dataset"], row["objective"]) == ("optimal", "trnsport", "trnsport", pytest.approx(153.675))
    assert (row["input_hash"], row["finished"]) == (record["case_hash"], record["finished"])
    assert (row["headline_zh"], row["headline_en"]) == ("目标值 153.675", "objective 153.675")
    assert row["reason_zh"] == row["reason_en"] == ""


def test_the_headline_is_the_first_finding_of_the_report(finished):
    row = history(finished.parent / "told").iloc[0]  # the folder of one run
    assert [row["folder"], row["status"]] == ["told", "optimal"]
    found = pd.read_csv(finished.parent / "told" / "tables" / "findings.csv", encoding="utf-8-sig")
    assert list(found.columns) == ["zh", "en"]
    if len(found):
        assert [row["headline_zh"], row["headline_en"]] == list(found.iloc[0])


def test_verify_works_on_every_run_that_is_listed_as_whole(finished):
    for name in history(finished.parent)["folder"]:
        assert all(check.passed for check in recheck(finished.parent / name))


def test_the_latest_run_comes_first_and_what_has_no_date_last(copied):
    for name, date in (("old", "2024-05-01T08:00:00+00:00"), ("new", "2031-05-01T08:00:00+00:00")):
        edited(shutil.copytree(copied / "one", copied / name), "run.json", finished=date)
    (copied / "photos").mkdir()
    (copied / "notes.txt").write_text("no folder", encoding="utf-8")
    (copied / ".one.77.part").mkdir()  # a run being written
    assert list(history(copied)["folder"]) == ["new", "one", "old", "photos"]


def test_what_is_no_run_is_told(copied):
    (copied / "photos").mkdir()
    row = history(copied).set_index("folder").loc["photos"]
    assert (row["status"], row["reason_en"]) == (FOREIGN, "not a run (no run.json and no summary.json)")


STUDY = {
    "study": "power", "kind": "sweep", "title": {"zh": "电价", "en": "Power"}, "question": {"zh": "何时翻转?", "en": "When does it flip?"},
    "scenario": "base", "answer": [{"zh": "何时翻转?", "en": "When does it flip?"}, {"zh": "0.52 元", "en": "At 0.52 yuan"}],
}


def test_studies_and_comparisons_are_rows_of_their_own(copied):
    for place, mark, facts in (("studies/power", "study.json", STUDY), ("pair", "comparison.json", {"plans": [{"name": "base"}, {"name": "swap"}]})):
        (copied / place).mkdir(parents=True)
        (copied / place / mark).write_text(json.dumps(facts), encoding="utf-8")
    table = history(copied).set_index("folder")
    assert sorted(table.index) == ["one", "pair", "studies/power"]
    study = table.loc["studies/power"]
    assert (study["status"], study["scenario"], study["title_en"], study["headline_en"]) == ("study", "base", "Power", "At 0.52 yuan")
    assert (table.loc["pair", "status"], table.loc["pair", "scenario"]) == ("comparison", "base, swap")
    assert any("studies/power" in line and "研究" in line for line in lines(history(copied), "zh"))


@pytest.mark.parametrize("content", ["{", "[]", '{"answer": 3, "title": "x", "plans": [1], "question": []}'])
def test_a_damaged_study_is_a_row(copied, content):
    (copied / "studies" / "power").mkdir(parents=True)
    (copied / "studies" / "power" / "study.json").write_text(content, encoding="utf-8")
    row = history(copied).set_index("folder").loc["studies/power"]
    assert row["status"] == ("study" if content.startswith('{"') else DAMAGED)


BROKEN = {
    "cut": lambda run: (run / "summary.json").write_text('{"status": "opt', encoding="utf-8"),
    "no_json": lambda run: (run / "run.json").write_bytes(b"\xff\xfe\x00"),
    "a_list": lambda run: (run / "run.json").write_text("[1, 2]", encoding="utf-8"),
    "deep": lambda run: (run / "run.json").write_text("[" * 100_000, encoding="utf-8"),
    "no_summary": lambda run: (run / "summary.json").unlink(),
    "no_run": lambda run: (run / "run.json").unlink(),
    "no_hash": lambda run: edited(run, "run.json", case_hash=None),
    "number_as_text": lambda run: edited(run, "summary.json", objective="153.675"),
    "yes_as_number": lambda run: edited(run, "summary.json", objective=True),
    "not_finite": lambda run: (run / "summary.json").write_text('{"status":"optimal","objective":NaN,"unit":"","integers":0}', encoding="utf-8"),
    "other_status": lambda run: edited(run, "summary.json", status="splendid"),
    "other_run": lambda run: edited(run, "summary.json", case_hash="0" * 64),
    "no_table": lambda run: (run / "tables" / "flow.csv").unlink(),
    "no_case": lambda run: shutil.rmtree(run / "case"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_damaged_run_is_a_row_with_its_reason(copied, kind):
    BROKEN[kind](copied / "one")
    row = history(copied).iloc[0]
    assert row["status"] == DAMAGED
    assert row["reason_zh"] and row["reason_en"]
    assert len(lines(history(copied), "zh")) == 3


def test_the_reason_names_the_file(copied):
    BROKEN["no_table"](copied / "one")
    assert history(copied)["reason_en"][0] == "incomplete, or written by an earlier version: tables/flow.csv is missing"
    BROKEN["a_list"](copied / "one")
    assert history(copied)["reason_en"][0].endswith("run.json is damaged ({})")


@pytest.mark.parametrize("kind", ["cut", "a_list", "number_as_text", "no_summary"])
def test_verify_refuses_a_damaged_run(copied, kind):
    BROKEN[kind](copied / "one")
    with pytest.raises(Refusal) as caught:
        recheck(copied / "one")
    assert caught.value.code is ExitCode.FILES


@pytest.mark.parametrize("content", [b"", b"from,to\n", b"\xff\xfe\x00", b"commodity,from,to,mode,period,value\ngoods,a,b,,all,much\n"])
def test_verify_refuses_a_damaged_table(copied, content):
    (copied / "one" / "tables" / "flow.csv").write_bytes(content)
    with pytest.raises(Refusal) as caught:
        recheck(copied / "one")
    assert caught.value.code is ExitCode.FILES and "flow.csv" in str(caught.value)


def test_damaged_extras_do_not_damage_the_run(copied):
    (copied / "one" / "tables" / "findings.csv").write_bytes(b"")
    (copied / "one" / "scenario.resolved.toml").write_text("title = [", encoding="utf-8")
    row = history(copied).iloc[0]
    assert (row["status"], row["headline_en"], row["title_en"]) == ("optimal", "objective 153.675", "")


def test_the_command_prints_aligned_columns_and_writes_tables(copied, capsys, tmp_path):
    (copied / "图片").mkdir()
    run = command_line()
    for name in ("h.csv", "h.json"):
        assert run.main(["history", str(copied), "--out", str(tmp_path / name), "--lang", "zh"]) == 0
    printed = capsys.readouterr().out.splitlines()[:4]
    assert printed[0].startswith("文件夹  情景      输入指纹")
    columns = [width(line[: line.index(word)]) for line, word in ((printed[0], "状态"), (printed[2], "最优"), (printed[3], "非结果"))]
    assert len(set(columns)) == 1
    assert list(pd.read_csv(tmp_path / "h.csv", encoding="utf-8-sig").columns) == list(COLUMNS)
    assert [row["folder"] for row in json.loads((tmp_path / "h.json").read_text(encoding="utf-8"))] == ["one", "图片"]


def test_folders_that_are_not_there_and_endings_that_are_unknown(tmp_path, capsys, monkeypatch):
    run = command_line()
    assert run.main(["history", str(tmp_path / "nowhere"), "--lang", "en"]) == ExitCode.FILES
    assert "there is no folder" in capsys.readouterr().err
    monkeypatch.setattr(run, "ROOT", tmp_path)  # a checkout without a run
    assert run.main(["history", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "there are no runs here yet.\n"
    for name, code in (("h.txt", ExitCode.USAGE), ("no/where/h.csv", ExitCode.FILES)):
        with pytest.raises(Refusal) as caught:
            write_table(history(tmp_path), tmp_path / name)
        assert caught.value.code is code


def test_widths_of_chinese_text():
    assert [width(text) for text in ("ab", "川渝", "川a", "e\u0301", ",", "，")] == [2, 4, 3, 1, 1, 2]
    assert padded("川", 4) == "川  "
    assert clipped("川渝铝业", 8) == "川渝铝业"
    assert clipped("川渝铝业布局", 8) == "川渝铝…"
    assert clipped("a\nb\x1b[2J", 9) == "a b [2J"
    assert text_table(["名", "b"], [["x", "1"], ["川渝", "2"]]) == ["名    b", "----  -", "x     1", "川渝  2"]


def test_a_run_in_memory_is_not_needed(finished):
    """The listing rests on files alone: it reads the run of another process just as well."""
    assert solved(TRNSPORT).results.case.hash == history(finished.parent)["input_hash"][0]
