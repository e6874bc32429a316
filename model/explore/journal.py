"""The cases of a study, each kept on disk as soon as it is done.

A study that was stopped – by Ctrl-C, by the system, by a power cut – goes on where it stood when the same command is given
again: the journal beside the result folder holds one line per finished case. It is used only if the stamp in its first line
is that of the same study file, scenario, data and program; a line that was cut off is dropped.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol, TypeVar

from model import words
from model.problems import ExitCode, Refusal, refuse

Row = dict[str, Any]
Found = TypeVar("Found")
Pair = tuple[str, str]  # Chinese and English
STATUS = {ExitCode.DATA: "data", ExitCode.INFEASIBLE: "infeasible", ExitCode.SOLVER: "solver"}
SOLVED = "solved"
MOMENT = 0.2  # seconds of finished cases that a power cut may cost
MODEL = Path(__file__).resolve().parents[1]
PACKAGES = ("pyomo", "highspy", "numpy", "scipy", "pandas")


class Waiting(Protocol):
    """A case that the solver has done and whose row is made more cheaply beside those of others."""

    def row(self) -> Row:
        """Its row; raises ``Refusal`` as the work of a job does."""


@dataclass(frozen=True)
class Job:
    """One case of a study: its key (unique in the study), its name for people, and the work that gives its row, at once or later.

    ``work`` is given what the cases of a study share, a ``Workbench``; where it can be pickled, other processes can do it.
    """

    key: str
    name: Pair
    work: Callable[[Any], Row | Waiting]


class Journal:
    """Rows of finished cases in ``file``; without a file nothing is kept."""

    def __init__(self, file: Path | None, stamp: str) -> None:
        self._file, self._safe = file, -math.inf
        self.rows: dict[str, Row] = {}
        if file is None:
            return
        lines = _lines(file)
        if lines and lines[0] == {"stamp": stamp}:
            self.rows = {line["key"]: line["row"] for line in lines[1:]}
        kept = [{"stamp": stamp}, *({"key": key, "row": row} for key, row in self.rows.items())]
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text("".join(f"{json.dumps(line)}\n" for line in kept), encoding="utf-8")
            draft.replace(file)
        except OSError as error:
            with suppress(OSError):  # where a parent is a file there is nothing to take away
                draft.unlink()
            raise refuse(ExitCode.FILES, "cannot_write", value=file, reason=error.strerror or str(error)) from error

    def keep(self, rows: Mapping[str, Row]) -> None:
        """Remember rows by their keys, with the system before anything else happens and on the disk within a moment.

        Raises ``Refusal`` (exit 6) where they cannot be written; rows written before stay.
        """
        self.rows.update(rows)
        if self._file is None or not rows:
            return
        lines = [f"{json.dumps({'key': key, 'row': row})}\n" for key, row in rows.items()]
        try:
            with self._file.open("ab") as stream:
                stream.write("".join(lines).encode())
                stream.flush()
                if time.monotonic() - self._safe >= MOMENT:
                    os.fsync(stream.fileno())
                    self._safe = time.monotonic()
        except OSError as error:
            raise refuse(ExitCode.FILES, "cannot_write", value=self._file, reason=error.strerror or str(error)) from error

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


def row_of(work: Callable[[], Found]) -> Row | Found:
    """The row that ``work`` gives, if not later: solved, or why not (infeasible, solver, data) in words; a failed case stops no other.

    Raises ``Refusal`` for files that cannot be read or written.
    """
    try:
        found = work()
        return {"status": SOLVED, "reason_zh": "", "reason_en": "", **found} if isinstance(found, dict) else found
    except Refusal as refusal:
        if refusal.code not in STATUS:
            raise
        reasons = (" ".join(problem.text(language) for problem in refusal.problems) for language in words.LANGUAGES)
        zh, en = reasons
        return {"status": STATUS[refusal.code], "reason_zh": zh, "reason_en": en}


def stamp(files: Iterable[Path], texts: Iterable[str]) -> str:
    """What a row depends on, as one hash: files of data and study, ``texts`` and the program itself."""
    return _hash(files, (*texts, program_stamp()))


def program_stamp() -> str:
    """The program with the packages it computes with, as one hash."""
    return _hash(MODEL.rglob("*.py"), (f"{name} {metadata.version(name)}" for name in PACKAGES))


def _hash(files: Iterable[Path], texts: Iterable[str]) -> str:
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(str(file.name).encode())
        found.update(file.read_bytes())
    for text in texts:
        found.update(text.encode())
    return found.hexdigest()
