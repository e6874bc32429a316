"""Workers of a Dask cluster: the same chunks by the same function, wherever the cluster's workers run.

The scheduler gives the chunks of a worker that was lost to others; what all chunks share is a result of the cluster itself,
so it is made again where every worker that held it is gone.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from model.explore.crew import Chunk, Desk, Shared
from model.explore.journal import program_stamp
from model.explore.workers import packed, solve_chunk
from model.problems import ExitCode, refuse

SECONDS = 15  # a scheduler or a first worker that has not answered by then is not there
RETRIES = 3  # of a chunk whose worker was lost, beyond those that the scheduler makes itself


@dataclass(frozen=True)
class Cluster:
    """``address``: of the scheduler (tcp://…), or the file that it has written."""

    address: str

    def work(self, bench: Shared, chunks: Sequence[Chunk], desk: Desk) -> None:
        """Solve all ``chunks``; raises ``Refusal``: exit 2 where distributed is not installed, exit 5 where the cluster cannot be used."""
        try:
            distributed = importlib.import_module("distributed")
        except ImportError as error:
            raise refuse(ExitCode.USAGE, "cluster_not_installed") from error
        client = self._client(distributed)
        try:
            self.check(client)
            given = client.submit(_same, packed(bench), pure=False)
            futures = [client.submit(solve_chunk, given, chunk, pure=False, retries=RETRIES) for chunk in chunks]
            for future in distributed.as_completed(futures, loop=client.loop):
                desk.arrived(future.result())
        except distributed.KilledWorker as error:
            raise refuse(ExitCode.SOLVER, "worker_lost", value=str(error).splitlines()[0]) from error
        finally:  # the scheduler forgets what nobody waits for, after Ctrl-C too
            client.close()

    def _client(self, distributed: ModuleType) -> Any:
        where = {"scheduler_file": self.address} if self._is_file else {"address": self.address}
        if self._is_file and not Path(self.address).is_file():  # the client would wait for it to appear
            raise refuse(ExitCode.FILES, "cluster_unreachable", value=self.address, reason="")
        try:
            return distributed.Client(**where, timeout=SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise refuse(ExitCode.SOLVER, "cluster_unreachable", value=self.address, reason=str(error)) from error

    @property
    def _is_file(self) -> bool:
        return "://" not in self.address

    def check(self, client: Any) -> None:
        """There is a worker, and all of them run this program: another would give other rows."""
        try:
            client.wait_for_workers(1, timeout=SECONDS)
        except TimeoutError as error:
            raise refuse(ExitCode.SOLVER, "cluster_without_workers", value=self.address) from error
        try:
            others = [worker for worker, stamp in client.run(program_stamp).items() if stamp != program_stamp()]
        except ImportError as error:
            raise refuse(ExitCode.SOLVER, "cluster_other_program", value=self.address) from error
        if others:
            raise refuse(ExitCode.SOLVER, "cluster_other_program", value=", ".join(sorted(others)))


def _same(given: bytes) -> bytes:
    """What all chunks share as a result of the cluster, which it can make again."""
    return given
