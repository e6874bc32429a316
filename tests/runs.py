"""Datasets as folders, runs of the command line in this process and in a process of their own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from model import pipeline
from model.accounting import Traced, trace
from model.problems import ExitCode, Refusal
from model.scenario import Scenario

ROOT = Path(__file__).parents[1]
TRNSPORT = ROOT / "data" / "examples" / "trnsport"
MEXSS = ROOT / "data" / "examples" / "mexss"


def quiet(step: str, **facts: object) -> None:
    """Nobody wants to know which step is running."""


def dataset(folder: Path, **texts: str) -> Path:
    """A folder of CSV tables from text: cells part at blanks, or at ``|`` where a line has one; ``-`` is a blank cell."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        lines = []
        for line in text.strip().splitlines():
            cells = [cell.strip() for cell in line.split("|")] if "|" in line else line.split()
            lines.append(",".join("" if cell == "-" else cell for cell in cells))
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def solved(folder: Path, scenario: Scenario | None = None) -> pipeline.Run:
    """The dataset in ``folder`` read, solved and verified."""
    return pipeline.run(scenario or Scenario(folder.name, folder), folder, quiet)


def refused(folder: Path, scenario: Scenario | None = None) -> Refusal:
    """The refusal of a dataset that cannot be solved."""
    try:
        solved(folder, scenario)
    except Refusal as refusal:
        return refusal
    raise AssertionError("solved")


def said(refusal: Refusal, language: str = "en") -> list[str]:
    """Its sentences."""
    return [problem.text(language) for problem in refusal.problems]


def infeasible(folder: Path, language: str = "en", scenario: Scenario | None = None) -> list[str]:
    """What is said of a scenario without a solution."""
    refusal = refused(folder, scenario)
    assert refusal.code is ExitCode.INFEASIBLE
    return said(refusal, language)


def traced(run: pipeline.Run) -> Traced:
    """Average costs of the first stage."""
    return trace(run.results, run.results.case.calendar.stages[0])


def command_line() -> ModuleType:
    """run.py as a module."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def process(*arguments: object, program: tuple[str, ...] = (str(ROOT / "run.py"),), **variables: str) -> subprocess.CompletedProcess[bytes]:
    """``python run.py …`` in a process of its own, with environment variables on top of the present ones."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **variables}
    command = [sys.executable, *program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=environment, cwd=ROOT, check=False, timeout=120)
