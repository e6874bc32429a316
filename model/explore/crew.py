"""Who solves the cases of a study: this process, more processes on this machine, or workers of a cluster.

The cases are split into chunks that depend on nothing but the study. Every case starts from the base's basis and scaling:
a row is the same to the last bit whoever solves it, in whatever order and beside whatever else.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from model.explore.journal import MOMENT, STATUS, Job, Journal, Row, Waiting, row_of
from model.pipeline import Progress
from model.problems import ExitCode, Problems, Refusal

SMALLEST = 4  # cases of a chunk: fewer, and handing them out costs more than it saves
MOST = 256  # chunks of a study, so that a long one does not drown in bookkeeping

Chunk = tuple[Job, ...]


class Shared(Protocol):
    """What the cases of a study share: a workbench, or something made of one."""

    def ready(self) -> None:
        """Solve whatever a copy in another process should not have to solve again."""


class Desk:
    """Where rows arrive: each is kept in the journal at once and told with the time that is left."""

    def __init__(self, jobs: Sequence[Job], journal: Journal, progress: Progress) -> None:
        self._journal, self._progress = journal, progress
        self._names = {job.key: job.name for job in jobs}
        self._numbers = {job.key: number for number, job in enumerate(jobs, start=1)}
        self._left = sum(job.key not in journal.rows for job in jobs)
        self._start, self._solved = time.monotonic(), 0
        if known := len(jobs) - self._left:
            progress("resumed", done=known, count=len(jobs))

    def begin(self, job: Job) -> None:
        """Tell that a case is being solved in this process."""
        self._progress("case", number=self._numbers[job.key], count=len(self._numbers), name=job.name, left=self._clock())

    def keep(self, rows: Mapping[str, Row]) -> None:
        """Keep rows by the keys of their cases."""
        self._journal.keep(rows)
        self._solved += len(rows)

    def arrived(self, rows: Mapping[str, Row]) -> None:
        """Keep the rows of a chunk and tell that its last case is done."""
        self.keep(rows)
        done = len(self._numbers) - self._left + self._solved
        self._progress("arrived", number=done, count=len(self._numbers), name=self._names[list(rows)[-1]], left=self._clock())

    def _clock(self) -> str:
        """Minutes and seconds that the rest will take, a dash where nobody knows yet."""
        if not self._solved:
            return "–"
        seconds = int((time.monotonic() - self._start) / self._solved * (self._left - self._solved))
        return f"{seconds // 60}:{seconds % 60:02d}"


class Batch:
    """Rows that wait are made together, at the latest ``MOMENT`` after the first case was solved.

    After a run of the solver nothing else is in the caches: the first row takes three times as long as each of the others.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._since = 0.0

    def solved(self, job: Job, bench: Any) -> dict[str, Row]:
        """Solve a case; the rows that are there now, maybe of earlier ones. Raises ``Refusal`` as ``row_of``."""
        found = row_of(partial(job.work, bench))
        if isinstance(found, dict):
            return {job.key: found}
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting[job.key] = found
        return self.rest() if time.monotonic() - self._since >= MOMENT else {}

    def rest(self) -> dict[str, Row]:
        """The rows of all that wait."""
        waiting, self._waiting = self._waiting, {}
        return {key: row_of(each.row) for key, each in waiting.items()}


class Crew(Protocol):
    """Solves chunks and brings every row to the desk."""

    def work(self, bench: Any, chunks: Sequence[Chunk], desk: Desk) -> None:
        """Solve all ``chunks``; raises ``Refusal`` where files cannot be read or the workers cannot be had."""


class Alone:
    """This process, one case after the other."""

    def work(self, bench: Any, chunks: Sequence[Chunk], desk: Desk) -> None:
        """Solve all ``chunks``; every row is kept before the next case begins, those that wait within a moment."""
        batch = Batch()
        for chunk in chunks:
            for job in chunk:
                desk.begin(job)
                desk.keep(batch.solved(job, bench))
        desk.keep(batch.rest())


ALONE = Alone()


@dataclass(frozen=True)
class Means:
    """With what a study works: where rows are kept, whom it tells, and who solves its cases."""

    journal: Journal
    progress: Progress
    crew: Crew = ALONE


def chunks_of(jobs: Sequence[Job]) -> list[Chunk]:
    """Consecutive cases in chunks whose size follows from the number of cases alone."""
    size = max(SMALLEST, math.ceil(len(jobs) / MOST))
    return [tuple(jobs[start : start + size]) for start in range(0, len(jobs), size)]


def finish(jobs: Sequence[Job], bench: Any, means: Means) -> list[Row]:
    """The rows of all ``jobs`` in their order, each with its key, name and status; cases that stand in the journal are not solved again.

    Raises ``Refusal`` for files that cannot be read or written, for workers that cannot be had, and where what is asked is wrong in
    every case (exit 3): then the study file is, and no row is worth keeping.
    """
    journal = means.journal
    desk = Desk(jobs, journal, means.progress)
    open_chunks = [left for chunk in chunks_of(jobs) if (left := tuple(job for job in chunk if job.key not in journal.rows))]
    if open_chunks:
        means.crew.work(bench, open_chunks, desk)
    rows = [journal.rows[job.key] for job in jobs]
    if rows and all(row["status"] == STATUS[ExitCode.DATA] for row in rows):
        journal.rows.clear()
        raise Refusal(ExitCode.DATA, _reasons(rows))
    return [{"case": job.key, "name_zh": job.name[0], "name_en": job.name[1], **row} for job, row in zip(jobs, rows, strict=True)]


def _reasons(rows: Sequence[Row]) -> Problems:
    """What is wrong in ``rows``, each reason once."""
    problems = Problems()
    for zh, en in dict.fromkeys((row["reason_zh"], row["reason_en"]) for row in rows):
        problems.add("said", text_zh=zh, text_en=en)
    return problems
