"""Who solves the cases of a study: this process, more processes on this machine, or workers of a cluster.

The cases are split into chunks that depend on nothing but the study. Every chunk starts with the base loaded afresh, every
case from the base's basis: a row is the same to the last bit whoever solves it, in whatever order and beside whatever else.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from model.explore.journal import Job, Journal, Row, row_of
from model.pipeline import Progress

SMALLEST = 4  # cases of a chunk: fewer, and handing them out costs more than it saves
MOST = 256  # chunks of a study, so that a long one does not drown in bookkeeping

Chunk = tuple[Job, ...]


@runtime_checkable
class Shared(Protocol):
    """What the cases of a study share: a workbench, or something made of one."""

    def anew(self) -> None:
        """Forget what earlier cases left in the solver: done at the start of every chunk."""

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

    def keep(self, job_key: str, row: Row) -> None:
        """Keep the row of a case."""
        self._journal.keep(job_key, row)
        self._solved += 1

    def arrived(self, rows: Mapping[str, Row]) -> None:
        """Keep the rows of a chunk and tell that its last case is done."""
        for key, row in rows.items():
            self.keep(key, row)
        done = len(self._numbers) - self._left + self._solved
        self._progress("arrived", number=done, count=len(self._numbers), name=self._names[list(rows)[-1]], left=self._clock())

    def _clock(self) -> str:
        """Minutes and seconds that the rest will take, a dash where nobody knows yet."""
        if not self._solved:
            return "–"
        seconds = int((time.monotonic() - self._start) / self._solved * (self._left - self._solved))
        return f"{seconds // 60}:{seconds % 60:02d}"


class Crew(Protocol):
    """Solves chunks and brings every row to the desk."""

    def work(self, bench: Any, chunks: Sequence[Chunk], desk: Desk) -> None:
        """Solve all ``chunks``; raises ``Refusal`` where files cannot be read or the workers cannot be had."""


class Alone:
    """This process, one case after the other."""

    def work(self, bench: Any, chunks: Sequence[Chunk], desk: Desk) -> None:
        """Solve all ``chunks``; every row is kept before the next case begins."""
        for chunk in chunks:
            if isinstance(bench, Shared):
                bench.anew()
            for job in chunk:
                desk.begin(job)
                desk.keep(job.key, row_of(job, bench))


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

    Raises ``Refusal`` for files that cannot be read or written and for workers that cannot be had.
    """
    journal = means.journal
    desk = Desk(jobs, journal, means.progress)
    open_chunks = [left for chunk in chunks_of(jobs) if (left := tuple(job for job in chunk if job.key not in journal.rows))]
    if open_chunks:
        means.crew.work(bench, open_chunks, desk)
    return [{"case": job.key, "name_zh": job.name[0], "name_en": job.name[1], **journal.rows[job.key]} for job in jobs]
