"""Who solves a study makes no difference: one process, two, workers that die, a parent that is stopped."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from runs import ROOT, command_line, quiet
from study_worlds import asked
from test_alternatives import WORLD as WORKS
from test_frontier import CARBON
from test_frontier import WORLD as SUNNY
from test_outage_study import ROADS
from test_outage_study import WORLD as PLACES
from test_regret import ASKED
from test_sensitivity import WORLD as RANGES
from test_sweep import GRID, LIST

from model.explore import studying
from model.explore.crew import ALONE, Means, chunks_of, finish
from model.explore.journal import Job, Journal
from model.explore.workbench import Workbench
from model.explore.workers import Pool, Quickest, default_workers, local, packed, solve_chunk
from model.problems import ExitCode, Refusal, refuse

PRICES = ", ".join(f"{1 + number / 4}" for number in range(16))
LONG = f"""study = "sweep"
audit = "all"
[[axis]]
name = "price"
table = "supply"
where = {{ tier = "grid" }}
set = "price"
values = [{PRICES}]
"""


class Copied:
    """Solves every chunk as a worker does, by copies of the workbench and the cases, in this process."""

    def work(self, bench, chunks, desk):
        given = packed(bench)
        for chunk in reversed(chunks):
            desk.arrived(solve_chunk(given, pickle.loads(pickle.dumps(chunk))))


def test_the_size_of_a_chunk_follows_from_the_number_of_cases():
    def sizes(count: int) -> list[int]:
        return [len(chunk) for chunk in chunks_of([Job(str(number), ("", ""), dict) for number in range(count)])]

    assert sizes(0) == [] and sizes(3) == [3] and sizes(9) == [4, 4, 1]
    assert sizes(1024) == [4] * 256 and sizes(1025) == [5] * 205


def test_two_workers_and_one_give_the_same_to_the_last_bit(tmp_path):
    """Grid and listed cases, solved ones and failed ones."""
    study = asked(tmp_path, GRID + LIST.replace('study = "sweep"', ""))
    one, two = (studying.carry_out(study, Journal(None, ""), quiet, crew) for crew in (ALONE, Pool(2)))
    assert repr(one.facts) == repr(two.facts)
    assert one.sentences == two.sentences
    assert all(one.tables[name].equals(two.tables[name]) for name in one.tables)
    assert [row["status"] for row in one.facts["rows"]] == ["solved"] * 6 + ["infeasible", "infeasible", "data", "solved"]


@pytest.mark.parametrize(("text", "tables"), [
    (ASKED, {}), ('study = "outages"\nparks = true\nunits = ["*"]', PLACES), ('study = "outages"\ncorridors = 0', ROADS),
    (f"{CARBON}points = 3", SUNNY), ('study = "sensitivity"', RANGES), ('study = "alternatives"\nmoney = 2', WORKS),
])
def test_cases_of_every_kind_can_travel(tmp_path, text, tables):
    study = asked(tmp_path, text, **tables)
    here, there = (studying.carry_out(study, Journal(None, ""), quiet, crew) for crew in (ALONE, Copied()))
    assert here.sentences == there.sentences and repr(here.facts) == repr(there.facts)


def _once(marker: Path, bench: Workbench) -> dict[str, float]:
    """Ends its process the first time."""
    if not marker.exists():
        marker.touch()
        os._exit(9)
    return {"cost": bench.base.results.objective}


def _never(bench: Workbench) -> dict[str, float]:
    os._exit(9)


def _cheap(bench: Workbench) -> dict[str, float]:
    return {"cost": bench.base.results.objective}


def _no_file(bench: Workbench) -> dict[str, float]:
    raise refuse(ExitCode.FILES, "cannot_write", value="x", reason="full")


def jobs(*works) -> list[Job]:
    return [Job(str(number), (f"{number}号", f"no {number}"), work) for number, work in enumerate(works)]


def test_the_chunk_of_a_worker_that_died_is_solved_by_another(tmp_path):
    study, said = asked(tmp_path, GRID), []
    bench = Workbench(study.scenario, study.data)
    means = Means(Journal(None, ""), lambda step, **facts: said.append((step, facts.get("number"))), Pool(2))
    rows = finish(jobs(*[_cheap] * 4, partial(_once, tmp_path / "died"), _cheap), bench, means)
    assert [row["cost"] for row in rows] == [pytest.approx(27)] * 6
    assert (tmp_path / "died").exists() and said[-1] == ("arrived", 6) and len(said) == 2


def test_a_case_that_ends_every_worker_is_named_and_a_missing_file_is_told(tmp_path):
    study = asked(tmp_path, GRID)
    bench = Workbench(study.scenario, study.data)
    with pytest.raises(Refusal) as caught:
        finish(jobs(_never), bench, Means(Journal(None, ""), quiet, Pool(1)))
    assert caught.value.code is ExitCode.SOLVER and caught.value.problems[0].rule == "worker_lost"
    assert "finished cases are kept" in caught.value.problems[0].text("en") and "继续" in caught.value.problems[0].text("zh")
    with pytest.raises(Refusal) as caught:
        finish(jobs(_no_file), bench, Means(Journal(None, ""), quiet, Pool(1)))
    assert caught.value.code is ExitCode.FILES and "full" in caught.value.problems[0].text("en")


def test_how_many(tmp_path, capsys):
    assert local(1) is ALONE and local(3) == Pool(3) and local(None) == Quickest(default_workers()) and default_workers() >= 1
    study = asked(tmp_path, GRID)
    assert command_line().main(["study", str(study.path), "--data", str(study.data), "--workers", "0", "--lang", "en"]) == 2
    assert "at least 1 worker, not 0" in capsys.readouterr().err


def test_a_short_study_is_not_given_away(tmp_path, monkeypatch):
    """Six cases of milliseconds: all here. Where a case takes longer, the rest goes to the pool."""
    handed = []
    monkeypatch.setattr(Pool, "work", lambda self, bench, chunks, desk: (handed.append([len(chunk) for chunk in chunks]), ALONE.work(bench, chunks, desk)))
    study = asked(tmp_path, GRID)
    first = studying.carry_out(study, Journal(None, ""), quiet, Quickest(2))
    assert handed == []
    monkeypatch.setattr("model.explore.workers.WORTH", 0.0)
    second = studying.carry_out(study, Journal(None, ""), quiet, Quickest(2))
    assert handed == [[3, 2]] and str(first.facts) == str(second.facts)
    assert studying.carry_out(study, Journal(None, ""), quiet, Quickest(1)).facts and len(handed) == 1


def children(parent: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()]


def lines(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def until(done, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads the processes of Linux")
@pytest.mark.parametrize(("signals", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_stopped_study_leaves_no_workers_and_goes_on(tmp_path, signals, code):
    """Stopped after at least one chunk of four; what is done by then is not done again, and the result is that of one process."""
    study = asked(tmp_path, LONG)
    given = ["study", str(study.path), "--data", str(study.data), "--lang", "en", "--out"]
    stopped, through = tmp_path / "stopped", tmp_path / "through"
    journal = tmp_path / ".stopped.cases.jsonl"
    parent = subprocess.Popen([sys.executable, str(ROOT / "run.py"), *given, str(stopped), "--workers", "2"], cwd=ROOT, stdout=subprocess.DEVNULL)
    until(lambda: lines(journal) > 4)
    workers = children(parent.pid)
    parent.send_signal(signals)
    assert parent.wait(20) == code
    until(lambda: not any(Path(f"/proc/{worker}/stat").exists() for worker in workers), 20)
    done = lines(journal)
    assert len(workers) >= 2 and 4 < done < 17 and not stopped.exists()
    if signals is signal.SIGKILL:
        run = command_line()
        assert run.main([*given, str(stopped), "--workers", "1"]) == 0
        assert run.main([*given, str(through), "--workers", "1"]) == 0
        assert all((stopped / file.name).read_bytes() == file.read_bytes() for file in through.iterdir() if file.suffix != ".nc")


