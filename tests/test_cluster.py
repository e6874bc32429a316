"""Studies on a Dask cluster: a real scheduler with two workers, one of which is killed; and what is told where there is none."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import xarray
from runs import ROOT, command_line, process
from study_worlds import asked
from test_workers import LONG, lines, until

from model.explore import cluster
from model.problems import ExitCode

WITH_DASK = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="distributed is not installed (extra cluster)")


def started(*arguments: object) -> subprocess.Popen[bytes]:
    """A scheduler or worker of a cluster, in the folder of the program so that workers find it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed(processes: list[subprocess.Popen[bytes]]) -> None:
    for each in processes:
        each.kill()
        each.wait(20)


@WITH_DASK
@pytest.mark.skipif(sys.platform == "win32", reason="kills a process as POSIX systems do")
def test_a_cluster_that_loses_a_worker_gives_what_one_process_gives(tmp_path):
    study = asked(tmp_path, LONG)
    given = ["study", str(study.path), "--data", str(study.data), "--lang", "en", "--out"]
    here, there, contact = tmp_path / "here", tmp_path / "there", tmp_path / "scheduler.json"
    journal = tmp_path / ".there.cases.jsonl"
    part = ("--no-dashboard", "--scheduler-file", contact)
    cluster_parts = [started("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", 0, *part)]
    try:
        cluster_parts += [started("distributed.cli.dask_worker", "--no-nanny", "--nthreads", 1, *part) for _ in range(2)]
        until(contact.exists)
        study_process = subprocess.Popen([sys.executable, str(ROOT / "run.py"), *given, str(there), "--cluster", str(contact)], cwd=ROOT)
        cluster_parts.append(study_process)
        until(lambda: lines(journal) > 4 or study_process.poll() is not None)
        cluster_parts[1].send_signal(signal.SIGKILL)
        assert lines(journal) < 17
        assert study_process.wait(100) == 0
    finally:
        killed(cluster_parts)
    assert command_line().main([*given, str(here), "--workers", "1"]) == 0
    assert all((there / file.name).read_bytes() == file.read_bytes() for file in here.iterdir() if file.suffix != ".nc")
    with xarray.open_dataset(here / "results.nc") as one, xarray.open_dataset(there / "results.nc") as two:
        assert one.identical(two) and len(one.data_vars) > 1


def refusal(tmp_path: Path, address: str, capsys) -> tuple[int, str]:
    study = asked(tmp_path, LONG)
    code = command_line().main(["study", str(study.path), "--data", str(study.data), "--out", str(tmp_path / "out"), "--cluster", address, "--lang", "en"])
    return code, capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, said = refusal(tmp_path, "tcp://127.0.0.1:1", capsys)
    assert code == ExitCode.USAGE and '".[cluster]"' in said


@WITH_DASK
def test_a_scheduler_that_is_not_there(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "SECONDS", 1)
    code, said = refusal(tmp_path, str(tmp_path / "no_such_file.json"), capsys)
    assert code == ExitCode.FILES and "no_such_file.json' cannot be reached" in said
    code, said = refusal(tmp_path, "tcp://127.0.0.1:9", capsys)
    assert code == ExitCode.SOLVER and "the Dask scheduler 'tcp://127.0.0.1:9' cannot be reached" in said


def test_nothing_of_a_cluster_is_imported_without_being_asked_for():
    program = "import sys, model.explore.studying; sys.exit('distributed' in sys.modules or 'dask' in sys.modules)"
    assert process(program=("-c", program)).returncode == 0


class Client:
    """A cluster whose workers are missing, or run something else."""

    def __init__(self, workers: int, stamps):
        self.workers, self.stamps = workers, stamps

    def wait_for_workers(self, count: int, timeout: float) -> None:
        if self.workers < count:
            raise TimeoutError

    def run(self, function):
        if self.stamps is None:
            raise ModuleNotFoundError("model")
        return {worker: stamp or function() for worker, stamp in self.stamps.items()}


@pytest.mark.parametrize(("client", "rule", "value"), [
    (Client(0, {}), "cluster_without_workers", "tcp://x:1"), (Client(1, None), "cluster_other_program", "tcp://x:1"),
    (Client(2, {"tcp://a": "", "tcp://b": "older"}), "cluster_other_program", "tcp://b"),
])
def test_workers_that_cannot_be_used(client, rule, value):
    from model.problems import Refusal

    with pytest.raises(Refusal) as caught:
        cluster.Cluster("tcp://x:1").check(client)
    assert [(problem.rule, problem.value) for problem in caught.value.problems] == [(rule, value)]
    assert value in caught.value.problems[0].text("zh") and value in caught.value.problems[0].text("en")
    cluster.Cluster("tcp://x:1").check(Client(1, {"tcp://a": ""}))
