"""Milliseconds of one case of a warm study, inside HiGHS and outside, part by part: ``python -m benchmarks.warm [SIZE …]``.

Inside HiGHS is whatever runs between a call of highspy and its return; of that, ``run`` is the simplex and ``exchange`` are
all other calls (costs and bounds handed over, the basis set, numbers fetched as lists). Everything else is ours.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import highspy
import numpy as np

from benchmarks import roads
from benchmarks.worlds import tables, world
from model import solve
from model.explore import moving, workbench
from model.explore.anchors import anchors_among
from model.explore.array_rows import Readings
from model.explore.crew import Means, finish
from model.explore.face import Reckoning
from model.explore.journal import SOLVED, Job, Journal
from model.explore.moving import Factor, learned
from model.explore.study_file import Variant
from model.explore.swift import Solved, Swift
from model.explore.workbench import Workbench
from model.opening import open_scenario
from model.problems import Problems
from model.scenario import Scenario
from model.scenario.parsing import parse_changes
from model.scenario.records import Spot

REPETITIONS = 5
RUN, EXCHANGE, REST = "run", "exchange", "rest"
CASES = {"24 k": 20, "0.14 M": 4, roads.SHIPPED: 8}
COLD = 1
# what of ours a call belongs to; time inside a part that is called by another belongs to the inner one
OURS: tuple[tuple[Any, str, str], ...] = (
    (moving.Moved, "to", "numbers"),
    (workbench.Workbench, "loaded", "numbers"),
    (solve.Outcome, "solution", "fetch"),
    (Reckoning, "only_one", "ties"),
    (Swift, "_choose", "ties"),
    (Reckoning, "of", "proof"),
    (Reckoning, "cost", "proof"),
    (Reckoning, "residual", "proof"),
    (Readings, "row", "row"),
    (Journal, "keep", "journal"),
)
PARTS = (*dict.fromkeys(part for _, _, part in OURS), REST)
HEAD = ("program", "nonzeros", "asked", "cold ÷ warm", "ours", RUN, EXCHANGE, *PARTS)


class Watch:
    """Seconds by part; a part that calls another stands still meanwhile."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._part, self._since = REST, time.thread_time()

    def start(self) -> None:
        """Count from now."""
        self.seconds.clear()
        self._part, self._since = REST, time.thread_time()

    def stop(self) -> None:
        """Count no further."""
        self.turn(REST)

    def turn(self, part: str) -> str:
        """From now on time belongs to ``part``; what it belonged to before."""
        now, outer = time.thread_time(), self._part
        self.seconds[outer] += now - self._since
        self._part, self._since = part, now
        return outer

    def timed(self, call: Callable[..., Any], part: str) -> Callable[..., Any]:
        """``call`` with its time kept as ``part``."""

        def inner(*given: Any, **named: Any) -> Any:
            outer = self.turn(part)
            try:
                return call(*given, **named)
            finally:
                self.turn(outer)

        return inner


class Timed:
    """A solver of highspy whose calls are timed, and the lists that its solutions hand over."""

    def __init__(self, inner: Any, watch: Watch) -> None:
        self._inner, self._watch = inner, watch

    def __getattr__(self, name: str) -> Any:
        """The call of that name, made once."""
        call = self._watch.timed(getattr(self._inner, name), RUN if name == "run" else EXCHANGE)
        found = (lambda: Lists(call(), self._watch)) if name == "getSolution" else call
        setattr(self, name, found)
        return found


class Lists:
    """A solution of highspy, whose attributes are copied whenever they are asked for."""

    def __init__(self, inner: Any, watch: Watch) -> None:
        self._inner, self._watch = inner, watch

    def __getattr__(self, name: str) -> Any:
        """The numbers of that name as the list that highspy makes of them."""
        outer = self._watch.turn(EXCHANGE)
        found = getattr(self._inner, name)
        self._watch.turn(outer)
        return found


def factors(size: str) -> list[Factor]:
    """Three inputs that move costs, bounds and right-hand sides together."""
    if size == roads.SHIPPED:
        return [
            _factor("alumina", 0.9, 1.1, "prices", "central", price="alumina", period="2025"),
            _factor("power", 0.95, 1.1, "tariffs", "price", tariff="chongqing_local"),
            _factor("metal", 0.95, 1.05, "prices", "central", price="aluminium_a00", period="2025"),
        ]
    return [
        _factor("need", 0.92, 1.08, "demand", "min", "max"),
        _factor("price", 0.95, 1.05, "supply", "price"),
        _factor("most", 0.85, 1.1, "supply", "max"),
    ]


def _factor(name: str, low: float, high: float, table: str, *columns: str, **where: str) -> Factor:
    def at(value: float) -> Variant:
        change = {"table": table, "where": where, "scale": dict.fromkeys(columns, value)}
        return Variant(name, ("", ""), parse_changes([change], [Spot("benchmark", 0)], Problems()))

    return Factor(name, low, high, at)


def bench_of(size: str, folder: Path) -> Workbench:
    """The shipped base, or a generated world written to ``folder``."""
    if size == roads.SHIPPED:
        return Workbench(*open_scenario(None, None, roads.ROOT, {}))
    for name, table in tables(world(size)).items():
        table.drop(columns=["_file", "_row"]).dropna(axis=1, how="all").to_csv(folder / f"{name}.csv", index=False)
    return Workbench(Scenario(size, folder), folder)


def measured(given: Swift, places: list[dict[str, float]], folder: Path) -> list[dict[str, float]]:
    """Milliseconds per case by part of every repetition, the rows kept in a journal on the disk; loading is done before."""
    watch, jobs = Watch(), [Job(str(at), ("", ""), partial(_case, place, given.anchors.nearest(place))) for at, place in enumerate(places)]
    with ExitStack() as patches:
        for owner, name, part in OURS:
            patches.enter_context(patch.object(owner, name, watch.timed(getattr(owner, name), part)))
        solver = watch.timed(highspy.Highs, EXCHANGE)
        patches.enter_context(patch.object(highspy, "Highs", lambda: Timed(solver(), watch)))
        shared = pickle.loads(pickle.dumps(given))  # a worker's copy, whose solver is watched from the start
        shared.ready()
        _, *counted = [_repetition(watch, shared, jobs, folder / f"{number}") for number in range(1 + REPETITIONS)]
    return counted


def _repetition(watch: Watch, shared: Swift, jobs: list[Job], file: Path) -> dict[str, float]:
    means = Means(Journal(file, ""), lambda step, **facts: None)
    shared.__dict__.pop("_bases", None)  # reaching the anchors belongs to a study
    watch.start()
    rows = finish(jobs, shared, means)
    watch.turn(REST)
    means.journal.forget()
    if any(row["status"] != SOLVED or row["audited"] for row in rows):
        raise RuntimeError("a case was not solved on the arrays: the figures would say nothing")
    return {part: 1000 * seconds / len(jobs) for part, seconds in watch.seconds.items()}


def _case(place: dict[str, float], anchor: int, shared: Swift) -> dict[str, Any] | Solved:
    return shared.case(Variant("", ("", "")), place, anchor)


def lines(size: str, folder: Path) -> list[list[str]]:
    """Rows of the table: costs alone, as a variance study asks for them, and whole plans, as a sweep does."""
    bench, moving = bench_of(size, folder), factors(size)
    moves = learned(bench, moving)
    random = np.random.default_rng(0)
    places = [{factor.name: float(random.uniform(factor.low, factor.high)) for factor in moving} for _ in range(CASES[size])]
    cold = statistics.median(_cold(bench) for _ in range(COLD))
    found = []
    for name, plans in (("costs", False), ("plans", True)):
        repetitions = measured(Swift(bench, moves, anchors_among(places), plans), places, folder)
        medians = {part: statistics.median(each.get(part, 0.0) for each in repetitions) for part in (RUN, EXCHANGE, *PARTS)}
        ours = statistics.median(sum(each.get(part, 0.0) for part in PARTS) for each in repetitions)
        facts = [cold / medians[RUN], ours, *medians.values()]
        found.append([size, f"{bench.base.program.nonzeros:,}", name, *(f"{fact:.3g}" for fact in facts)])
    return found


def _cold(bench: Workbench) -> float:
    """Milliseconds of HiGHS for the base from nothing."""
    loaded, before = solve.LoadedProgram(bench.base.program, bench.options), time.thread_time()
    loaded.run()
    return 1000 * (time.thread_time() - before)


def main() -> None:
    """Measure and print the table; the pages docs/benchmarks quote it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm")
    parser.add_argument("sizes", nargs="*", default=list(CASES))
    rows = [list(HEAD), ["---"] * len(HEAD)]
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows += lines(size, Path(folder))
    sys.stdout.write("".join(f"| {' | '.join(row)} |\n" for row in rows))


if __name__ == "__main__":
    main()
