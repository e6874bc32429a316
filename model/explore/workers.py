"""More processes on this machine: each is given the workbench once and solves one chunk of cases after the other."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from model.explore.crew import ALONE, Batch, Chunk, Crew, Desk, Shared
from model.explore.journal import Row
from model.problems import ExitCode, refuse

ATTEMPTS = 3  # a worker that is killed by accident is replaced; one that dies again and again has a reason
WORTH = 30.0  # seconds of work below which starting processes does not pay
_LOCK = threading.Lock()  # a workbench holds one solver: threads of one process take turns
_BENCHES: dict[bytes, Shared] = {}  # in a worker: the workbench it was given


def packed(bench: Shared) -> bytes:
    """The workbench with the plan of its base, ready to travel (1 MB for the shipped dataset)."""
    bench.ready()
    return zlib.compress(pickle.dumps(bench), level=1)


def solve_chunk(given: bytes, chunk: Chunk) -> dict[str, Row]:
    """The rows of one chunk by the workbench in ``given``, which is opened once per process.

    Raises ``Refusal`` for files that cannot be read.
    """
    with _LOCK:
        if given not in _BENCHES:
            _BENCHES.clear()
            _BENCHES[given] = pickle.loads(zlib.decompress(given))
        bench = _BENCHES[given]
        batch = Batch()
        ready = [batch.solved(job, bench) for job in chunk]
        return {key: row for rows in (*ready, batch.rest()) for key, row in rows.items()}


def default_workers() -> int:
    """As many as there are processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(count: int | None) -> Crew:
    """``count`` processes; one is this process itself. By default what is quickest is found out by the first case."""
    if count is None:
        return Quickest(default_workers())
    return ALONE if count == 1 else Pool(count)


@dataclass(frozen=True)
class Quickest:
    """This process for a study that is done before ``count`` others have started, otherwise those."""

    count: int

    def work(self, bench: Shared, chunks: Sequence[Chunk], desk: Desk) -> None:
        """Solve all ``chunks``: the first case here, and by its time the others."""
        (first, *others), *rest = chunks
        start = time.monotonic()
        ALONE.work(bench, [(first,)], desk)
        waiting = [chunk for chunk in (tuple(others), *rest) if chunk]
        seconds = (time.monotonic() - start) * sum(map(len, waiting))
        crew = Pool(self.count) if self.count > 1 and seconds > WORTH else ALONE
        crew.work(bench, waiting, desk)


@dataclass(frozen=True)
class Pool:
    """``count`` processes started afresh (spawn), so that it is the same on every system."""

    count: int

    def work(self, bench: Shared, chunks: Sequence[Chunk], desk: Desk) -> None:
        """Solve all ``chunks``; raises ``Refusal`` (exit 5) where workers keep dying."""
        given, waiting = packed(bench), list(chunks)
        for _ in range(ATTEMPTS):
            waiting = self._attempt(given, waiting, desk)
            if not waiting:
                return
        raise refuse(ExitCode.SOLVER, "worker_lost", value=", ".join(job.key for chunk in waiting for job in chunk))

    def _attempt(self, given: bytes, chunks: Sequence[Chunk], desk: Desk) -> list[Chunk]:
        """The chunks that are still open because a worker died."""
        strangers, done = set(multiprocessing.active_children()), set[Chunk]()
        spawn = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(min(self.count, len(chunks)), mp_context=spawn, initializer=_enter, initargs=(given,))
        try:
            futures = {pool.submit(_solve, chunk): chunk for chunk in chunks}
            for future in as_completed(futures):
                desk.arrived(future.result())
                done.add(futures[future])
        except BrokenProcessPool:
            return [chunk for chunk in chunks if chunk not in done]
        finally:
            if len(done) < len(chunks):  # Ctrl-C or a refusal: the chunks under way would keep this process waiting for their end
                for worker in set(multiprocessing.active_children()) - strangers:
                    worker.terminate()
            pool.shutdown(wait=True, cancel_futures=True)
        return []


_given = b""


def _enter(given: bytes) -> None:
    """Begin as a worker: Ctrl-C is the parent's to answer, and a worker whose parent was killed ends too."""
    global _given
    _given = given
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _solve(chunk: Chunk) -> dict[str, Row]:
    return solve_chunk(_given, chunk)
