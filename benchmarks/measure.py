"""One road on one size: processor seconds of several runs and the memory they add, as a line of JSON."""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from benchmarks.roads import ROADS, SHIPPED, Made, start
from benchmarks.worlds import SIZES

RUNS = 5
SLOW = ("plain", "appsi")  # not on the largest world: minutes a run
HAND_WRITTEN = ("raw", "linopy", "pypsa")  # know the generated worlds only
ONE_STAGE = ("pypsa",)


@dataclass(frozen=True)
class Figures:
    """What a road took: processor seconds of every run after a first one on the smallest world, memory in MB."""

    size: str
    road: str
    nonzeros: int
    seconds: list[float]
    first: float
    memory: float | None

    @property
    def median(self) -> float:
        """Median of the runs."""
        return statistics.median(self.seconds)


def plan(*, quick: bool, slow_runs: int = RUNS) -> Iterator[tuple[str, str, int]]:
    """Sizes and roads with the number of runs."""
    worlds = list(SIZES)
    for size in (SHIPPED, *(worlds[:2] if quick else worlds)):
        for road in ROADS:
            left_out = (size == SHIPPED and road in HAND_WRITTEN) or (size == worlds[-1] and road in SLOW)
            left_out |= road in ONE_STAGE and size in SIZES and SIZES[size][3] != 1
            if not left_out:
                yield size, road, slow_runs if road in SLOW else RUNS


def measured(size: str, road: str, runs: int) -> Figures:
    """Time ``road``; its first run on the smallest world pays for imports and templates."""
    way, smallest = ROADS[road], next(iter(SIZES))
    before = time.process_time()
    way(start(smallest, road))
    first = time.process_time() - before
    made = start(size, road)
    gc.collect()
    seconds, nonzeros = [], 0
    for _ in range(runs):
        before = time.process_time()
        solver = way(made)
        seconds.append(time.process_time() - before)
        nonzeros = solver.getNumNz()
        del solver
    return Figures(size, road, nonzeros, seconds, first, _memory(road, made))


def _memory(road: str, made: Made) -> float | None:
    """Largest memory of Python and numpy during one more run in MB; the copy inside the solver is the same for all."""
    if road in SLOW:
        return None
    tracemalloc.start()
    solver = ROADS[road](made)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del solver
    return peak / 2**20


if __name__ == "__main__":
    print(json.dumps(asdict(measured(sys.argv[1], sys.argv[2], int(sys.argv[3])))))  # noqa: T201
