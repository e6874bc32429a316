"""The tests find bugs: small errors are planted in copies of the engine one at a time, and the tests must notice them.

``python -m pytest -m planted -n0`` runs it; it takes some minutes and is not part of the default run. That every bug can
still be planted is part of it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import multiprocessing
import os
import re
import shutil
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import pytest
from planted_bugs import BUGS, Bug

ROOT = Path(__file__).parents[1]
# what a bug of the engine can break: rules worked out by hand first, then the check and generated worlds
SELECTION = (
    "formulation_chain", "formulation_time", "formulation_running", "formulation_invest", "formulation_decisions", "formulation_indicators",
    "formulation_edges", "case_calendar", "case_gate", "optimum", "results", "audit", "audit_program", "differential",
)
CAUGHT = 0.95  # least share of the planted bugs
SECONDS = 600  # one copy; a selection that does not end has noticed nothing
PASSED, NOTICED = 0, 1  # pytest's exit codes
HEAVY = ["pytest", "pandas", "scipy.stats", "pyomo.environ", "pyomo.repn.plugins.standard_form", "xarray", "openpyxl", "highspy"]  # loaded once


def test_every_bug_can_be_planted():
    """The text of a bug stands in its file exactly once, and the file is still Python with the bug in it."""
    for bug in BUGS:
        text = (ROOT / bug.file).read_text(encoding="utf-8")
        assert text.count(bug.text) == 1, bug.name
        ast.parse(text.replace(bug.text, bug.instead))
    assert len(BUGS) >= 36
    assert not [name for name, count in Counter(bug.name for bug in BUGS).items() if count > 1]
    assert {bug.first for bug in BUGS} <= set(SELECTION)


def plant(bug: Bug | None, folder: Path) -> None:
    """Make ``folder`` a copy of the engine and its tests with ``bug`` in it."""
    for room in ("model", "tests"):
        shutil.copytree(ROOT / room, folder / room)
    for name in ("data", "scenarios", "maps", "docs", "pyproject.toml", "run.py", "README.md", "README.zh.md"):
        (folder / name).symlink_to(ROOT / name)
    if bug is not None:
        place = folder / bug.file
        place.write_text(place.read_text(encoding="utf-8").replace(bug.text, bug.instead), encoding="utf-8")


def ask(folder: Path, first: str, answer: Path) -> None:
    """In a process of its own: run the selection on the copy in ``folder`` up to its first failure and write down what happened."""
    os.chdir(folder)
    sys.path[:] = [str(folder), *(entry for entry in sys.path if entry and not Path(entry).resolve().is_relative_to(ROOT))]
    files = [f"tests/test_{name}.py" for name in sorted(SELECTION, key=lambda name: name != first)]
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = pytest.main(["-x", "-n0", "-p", "no:cacheprovider", "--tb=line", *files])
    answer.write_text(f"{int(code)}\n{told.getvalue()}", encoding="utf-8")


def first_failure(bug: Bug | None, folder: Path) -> str:
    """The first test of the selection that fails with ``bug`` planted, or nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(HEAVY)
    answer = folder.with_suffix(".txt")
    plant(bug, folder)
    process = context.Process(target=ask, args=(folder, bug.first if bug else "", answer))
    process.start()
    process.join(SECONDS)
    process.kill()
    process.join()
    shutil.rmtree(folder)
    if not answer.exists():
        return ""
    code, told = answer.read_text(encoding="utf-8").split("\n", 1)
    assert int(code) in (PASSED, NOTICED), (bug, told[-2000:])
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", told, re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.planted
@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="needs processes forked from one that has loaded the libraries")
def test_planted_bugs_are_noticed(tmp_path, capsys):
    """Without a bug the selection passes; of the bugs at least 95 % make some test of it fail."""
    noticed: dict[Bug | None, str] = {}
    with ThreadPoolExecutor(os.cpu_count()) as workers, capsys.disabled():
        jobs = {workers.submit(first_failure, bug, tmp_path / str(number)): bug for number, bug in enumerate((None, *BUGS))}
        for job in as_completed(jobs):  # told as they come: a run of many minutes that is stopped has said what it found
            bug = jobs[job]
            noticed[bug] = job.result()
            sys.stdout.write(f"\n{noticed[bug] or 'nothing fails'} <- {bug.name if bug else 'no bug'}")
            sys.stdout.flush()
    assert noticed.pop(None) == ""
    survivors = [bug.name for bug, test in noticed.items() if bug and not test]
    assert len(survivors) <= (1 - CAUGHT) * len(BUGS), survivors
