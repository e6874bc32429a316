"""Studies that are stopped: finished cases are kept, half lines dropped, rows of another study not taken."""

from __future__ import annotations

import json

import pytest
from runs import command_line, process, quiet
from study_worlds import asked
from test_sweep import GRID

from model.explore import studying
from model.explore.crew import Means, finish
from model.explore.journal import Job, Journal
from model.problems import ExitCode, Refusal, refuse


def jobs(done: list[str], stop: str = "") -> list[Job]:
    def work(key: str):
        def row(bench):
            if key == stop:
                raise KeyboardInterrupt
            done.append(key)
            return {"cost": 0.1 * len(key)}

        return row

    return [Job(key, (f"{key}号", f"no {key}"), work(key)) for key in ("a", "bb", "ccc", "dddd")]


def test_a_stopped_study_goes_on_where_it_stood(tmp_path):
    file, done = tmp_path / "rows.jsonl", []
    with pytest.raises(KeyboardInterrupt):
        finish(jobs(done, stop="ccc"), None, Means(Journal(file, "s"), quiet))
    said = []
    rows = finish(jobs(done), None, Means(Journal(file, "s"), lambda step, **facts: said.append((step, facts.get("number")))))
    assert done == ["a", "bb", "ccc", "dddd"]
    assert said == [("resumed", None), ("case", 3), ("case", 4)]
    assert [row["cost"] for row in rows] == [0.1, 0.2, 0.1 * 3, 0.4]
    assert [row["case"] for row in rows] == ["a", "bb", "ccc", "dddd"]


def test_a_line_that_was_cut_off_is_dropped(tmp_path):
    file, done = tmp_path / "rows.jsonl", []
    finish(jobs(done), None, Means(Journal(file, "s"), quiet))
    text = file.read_text(encoding="utf-8")
    file.write_text(text[:-9], encoding="utf-8")
    assert set(Journal(file, "s").rows) == {"a", "bb", "ccc"}
    finish(jobs(done), None, Means(Journal(file, "s"), quiet))
    assert done[4:] == ["dddd"]
    assert file.read_text(encoding="utf-8") == text


def test_a_row_is_with_the_system_before_anything_else_happens(tmp_path, monkeypatch):
    """Three rows within a moment: all can be read at once, the disk is waited for once."""
    waited = []
    monkeypatch.setattr("os.fsync", waited.append)
    monkeypatch.setattr("model.explore.journal.MOMENT", 60.0)
    file = tmp_path / "rows.jsonl"
    journal = Journal(file, "s")
    for number in range(3):
        journal.keep({f"铝{number}": {"cost": number / 3}})
        assert Journal(file, "s").rows == journal.rows and len(journal.rows) == number + 1
    assert len(waited) == 1


@pytest.mark.parametrize("text", ["", "[1]\n", '{"stamp": "other"}\n{"key": "a", "row": {}}\n', "\x00\x01", '{"key": "a", "row": {}}\n'])
def test_rows_of_anything_else_are_not_taken(tmp_path, text):
    file = tmp_path / "rows.jsonl"
    file.write_text(text, encoding="utf-8")
    assert Journal(file, "s").rows == {}
    assert json.loads(file.read_text(encoding="utf-8")) == {"stamp": "s"}


def test_a_changed_cell_or_question_makes_another_study(tmp_path):
    out = tmp_path / "out"

    def rows(text: str, **tables: str) -> int:
        return len(studying.journal_of(asked(tmp_path, text, **tables), out).rows)

    study = asked(tmp_path, GRID)
    studying.carry_out(study, studying.journal_of(study, out), quiet)
    assert rows(GRID) == 6
    assert rows(GRID, supply="commodity site tier price max\npower p grid 4 99") == 0
    studying.carry_out(study, studying.journal_of(asked(tmp_path, GRID), out), quiet)
    assert rows(GRID.replace("12]", "13]")) == 0


def test_files_that_fail_stop_the_study(tmp_path):
    def broken(bench):
        raise refuse(ExitCode.FILES, "cannot_write", value="x", reason="full")

    with pytest.raises(Refusal) as caught:
        finish([Job("a", ("a", "a"), broken)], None, Means(Journal(None, ""), quiet))
    assert caught.value.code is ExitCode.FILES
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        Journal(tmp_path / "file" / "rows.jsonl", "s")
    assert caught.value.code is ExitCode.FILES


def full(*given, **named):
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_with_the_file_and_keeps_what_was_written(tmp_path, monkeypatch):
    file = tmp_path / "rows.jsonl"
    journal = Journal(file, "s")
    journal.keep({"a": {"cost": 1.0}})
    monkeypatch.setattr("os.fsync", full)
    monkeypatch.setattr("model.explore.journal.MOMENT", 0.0)
    with pytest.raises(Refusal, match=r"rows\.jsonl: No space left") as caught:
        journal.keep({"b": {"cost": 2.0}})
    assert caught.value.code is ExitCode.FILES
    assert Journal(file, "s").rows["a"] == {"cost": 1.0}


def test_a_journal_that_cannot_begin_leaves_no_draft(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(Refusal, match="No space left"):
        Journal(tmp_path / "rows.jsonl", "s")
    assert list(tmp_path.iterdir()) == []


def test_the_command_that_was_interrupted_says_how_to_go_on(tmp_path, monkeypatch, capsys):
    study = asked(tmp_path, GRID)
    given = ["study", str(study.path), "--data", str(study.data), "--out", str(tmp_path / "out"), "--lang", "en"]
    run = command_line()
    from model.explore import workbench

    whole, count = workbench.Workbench.plan, []

    def plan(self, *arguments):
        count.append(1)
        if len(count) == 3:
            raise KeyboardInterrupt
        return whole(self, *arguments)

    monkeypatch.setattr(workbench.Workbench, "plan", plan)
    assert run.main(given) == 130
    assert "the same command goes on" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run.main(given) == 0
    assert "going on where it stopped: 2 of 6 cases are done" in capsys.readouterr().out
    assert len(count) == 3 + 4


KILLED = """
import os, signal, sys
from model.explore import workbench
whole, count = workbench.Workbench.plan, []
def plan(self, *arguments):
    count.append(1)
    if len(count) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(self, *arguments)
workbench.Workbench.plan = plan
import run
run.main(sys.argv[1:])
"""


def test_a_killed_study_gives_the_same_result_as_one_that_ran_through(tmp_path):
    study = asked(tmp_path, GRID)
    through, killed = tmp_path / "through", tmp_path / "killed"
    given = ["study", str(study.path), "--data", str(study.data), "--lang", "en", "--out"]
    assert command_line().main([*given, str(through)]) == 0
    assert process(*given, killed, program=("-c", KILLED)).returncode == -9
    assert not killed.exists()
    assert command_line().main([*given, str(killed)]) == 0
    assert all((killed / name).read_bytes() == (through / name).read_bytes() for name in ("cases.csv", "built.csv", "study.json"))
