"""The cases of a study one after the other: told, timed, and each kept on disk as soon as it is done.

A study that was stopped – by Ctrl-C, by the system, by a power cut – goes on where it stood when the same command is given
again: the journal beside the result folder holds one line per finished case. It is used only if the stamp in its first line
is that of the same study file, scenario, data and program; a line that was cut off is dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from model import words
from model.pipeline import Progress
from model.problems import ExitCode, Refusal, refuse

Row = dict[str, Any]
Pair = tuple[str, str]  # Chinese and English
STATUS = {ExitCode.DATA: "data", ExitCode.INFEASIBLE: "infeasible", ExitCode.SOLVER: "solver"}
SOLVED = "solved"
MODEL = Path(__file__).resolve().parents[1]
PACKAGES = ("pyomo", "highspy", "numpy", "scipy", "pandas")


@dataclass(frozen=True)
class Job:
    """One case of a study: its key (unique in the study), its name for people, and the work that gives its row."""

    key: str
    name: Pair
    work: Callable[[], Row]


class Journal:
    """Rows of finished cases in ``file``; without a file nothing is kept."""

    def __init__(self, file: Path | None, stamp: str) -> None:
        self._file = file
        self.rows: dict[str, Row] = {}
        if file is None:
            return
        lines = _lines(file)
        if lines and lines[0] == {"stamp": stamp}:
            self.rows = {line["key"]: line["row"] for line in lines[1:]}
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            kept = [{"stamp": stamp}, *({"key": key, "row": row} for key, row in self.rows.items())]
            draft = file.with_name(f"{file.name}.{os.getpid()}")
            draft.write_text("".join(f"{json.dumps(line)}\n" for line in kept), encoding="utf-8")
            draft.replace(file)
        except OSError as error:
            raise refuse(ExitCode.FILES, "cannot_write", value=file, reason=error.strerror or str(error)) from error

    def keep(self, key: str, row: Row) -> None:
        """Remember a row, on the disk before anything else happens."""
        self.rows[key] = row
        if self._file is None:
            return
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(f"{json.dumps({'key': key, 'row': row})}\n")
            stream.flush()
            os.fsync(stream.fileno())

    def forget(self) -> None:
        """Remove the journal: its rows stand in the result."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def _lines(file: Path) -> list[dict[str, Any]]:
    """The whole lines of a journal up to the first that is damaged; none where there is no file."""
    found: list[dict[str, Any]] = []
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return found
    for line in text.splitlines():
        try:
            content = json.loads(line)
        except ValueError:
            break
        if not isinstance(content, dict) or not ({"stamp"} == set(content) or {"key", "row"} == set(content)):
            break
        found.append(content)
    return found


def finish(jobs: Sequence[Job], journal: Journal, progress: Progress) -> list[Row]:
    """The rows of all ``jobs`` in their order, each with its key, name and status.

    ``status``: solved, or why not (infeasible, solver, data) with the reason in words; a failed case stops no other.
    Raises ``Refusal`` for files that cannot be read or written.
    """
    known = sum(job.key in journal.rows for job in jobs)
    if known:
        progress("resumed", done=known, count=len(jobs))
    start, solved = time.monotonic(), 0
    for number, job in enumerate(jobs, start=1):
        if job.key in journal.rows:
            continue
        left = (time.monotonic() - start) / solved * (len(jobs) - known - solved) if solved else float("nan")
        progress("case", number=number, count=len(jobs), name=job.name, left=_clock(left))
        journal.keep(job.key, _row(job))
        solved += 1
    return [{"case": job.key, "name_zh": job.name[0], "name_en": job.name[1], **journal.rows[job.key]} for job in jobs]


def _row(job: Job) -> Row:
    try:
        return {"status": SOLVED, "reason_zh": "", "reason_en": "", **job.work()}
    except Refusal as refusal:
        if refusal.code not in STATUS:
            raise
        reasons = (" ".join(problem.text(language) for problem in refusal.problems) for language in words.LANGUAGES)
        zh, en = reasons
        return {"status": STATUS[refusal.code], "reason_zh": zh, "reason_en": en}


def _clock(seconds: float) -> str:
    """Minutes and seconds, a dash where nobody knows yet."""
    return "–" if seconds != seconds else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def stamp(files: Iterable[Path], texts: Iterable[str]) -> str:
    """What a row depends on, as one hash: files of data and study, ``texts`` and the program itself."""
    found = hashlib.sha256()
    for file in (*sorted(files), *sorted(MODEL.rglob("*.py"))):
        found.update(str(file.name).encode())
        found.update(file.read_bytes())
    for text in (*texts, *(f"{name} {metadata.version(name)}" for name in PACKAGES)):
        found.update(text.encode())
    return found.hexdigest()
