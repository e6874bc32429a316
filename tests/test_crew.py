"""Rows that wait are made together and lost to nothing; what a worker's solver ran before moves no bit of a row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from runs import quiet
from scipy import sparse
from test_face import program

from model.explore import crew
from model.explore.crew import Batch, Means, finish
from model.explore.journal import Job, Journal
from model.explore.workers import packed, solve_chunk
from model.problems import ExitCode, refuse
from model.solve import LoadedProgram, Status


@dataclass(frozen=True)
class Later:
    """A case whose row is asked for later; ``made``: the names of those that were."""

    name: str
    made: list[str]
    code: ExitCode | None = None

    def row(self) -> dict[str, float]:
        self.made.append(self.name)
        if self.code:
            raise refuse(self.code, "cannot_write", value="x", reason="full")
        return {"cost": float(len(self.name))}


def job(key: str, work) -> Job:
    return Job(key, (f"{key}号", f"no {key}"), work)


def later(made: list[str], *names: str) -> list[Job]:
    return [job(name, lambda bench, name=name: Later(name, made)) for name in names]


@pytest.mark.parametrize(("moment", "after"), [(60.0, [0, 0, 0, 3]), (0.0, [1, 2, 3, 3])])
def test_rows_that_wait_are_made_within_a_moment(monkeypatch, moment, after):
    """Within it nothing is made until all are solved; a moment of no length makes every row at once."""
    monkeypatch.setattr(crew, "MOMENT", moment)
    batch, made, counted, rows = Batch(), [], [], {}
    for each in later(made, "a", "bb", "ccc"):
        rows |= batch.solved(each, None)
        counted.append(len(made))
    rows |= batch.rest()
    assert [*counted, len(made)] == after and batch.rest() == {}
    assert {key: (row["status"], row["cost"]) for key, row in rows.items()} == {"a": ("solved", 1), "bb": ("solved", 2), "ccc": ("solved", 3)}


def test_rows_at_once_and_later_stand_in_the_order_of_their_cases(tmp_path):
    made, file = [], tmp_path / "rows.jsonl"
    jobs = [*later(made, "a", "bb"), job("now", lambda bench: {"cost": 9.0}), *later(made, "ccc", "dddd", "eeeee")]
    rows = finish(jobs, None, Means(Journal(file, "s"), quiet))
    assert [(row["case"], row["cost"]) for row in rows] == [("a", 1), ("bb", 2), ("now", 9), ("ccc", 3), ("dddd", 4), ("eeeee", 5)]
    assert made == ["a", "bb", "ccc", "dddd", "eeeee"]
    assert Journal(file, "s").rows.keys() == {each.key for each in jobs}


def test_a_row_that_cannot_be_made_later_says_why_and_stops_no_other():
    made = []
    jobs = [job("a", lambda bench: Later("a", made, ExitCode.INFEASIBLE)), *later(made, "bb")]
    first, second = finish(jobs, None, Means(Journal(None, ""), quiet))
    assert (first["status"], second["status"]) == ("infeasible", "solved") and "full" in first["reason_en"]


def test_a_stop_keeps_what_was_made(tmp_path, monkeypatch):
    """Rows that were made stand in the journal; those that wait are solved again."""
    monkeypatch.setattr(crew, "MOMENT", 60.0)
    file, made = tmp_path / "rows.jsonl", []

    def stop(bench):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        finish([job("now", lambda bench: {"cost": 9.0}), *later(made, "a"), job("stop", stop)], None, Means(Journal(file, "s"), quiet))
    assert Journal(file, "s").rows.keys() == {"now"} and made == []


def _waiting(name: str, bench) -> Later:
    return Later(name, [])


class Shelf:
    """What cases share, empty."""

    def ready(self) -> None:
        """Nothing to do."""


def test_a_worker_gives_all_rows_of_a_chunk():
    chunk = tuple(job(name, partial(_waiting, name)) for name in ("a", "bb"))
    assert {key: row["cost"] for key, row in solve_chunk(packed(Shelf()), chunk).items()} == {"a": 1, "bb": 2}


def uneven(seed: int):
    """Coefficients over six magnitudes, which HiGHS scales, and costs it looks at for that where one is below 0.1."""
    random = np.random.default_rng(seed)
    matrix = sparse.random_array((30, 80), density=0.2, rng=random, format="csc")
    matrix.data = 10.0 ** random.uniform(-3, 3, len(matrix.data))
    rows = matrix.toarray()
    rows[:, 0] = 1.0
    base = program(random.uniform(0.2, 5, 80), rows, rows @ random.uniform(0, 1.4, 80), [np.inf] * 30, [0] * 80, [100] * 80)
    costs = [base.cost * share * random.uniform(0.5, 2, 80) for share in (0.01, 1.0)]
    return base, costs


def test_what_ran_before_moves_no_bit_once_a_program_has_settled():
    """A program keeps the scaling of its first run: left to the first case, other cases differ in the last digits with it."""
    differ = {True: 0, False: 0}
    for seed in range(20):
        base, (small, wanted) = uneven(seed)
        first = LoadedProgram(base)
        assert first.run() is Status.OPTIMAL
        basis = first.basis.opened()

        def last(settled, *costs, base=base, basis=basis):
            loaded = LoadedProgram(base)
            (loaded.settle if settled else loaded.use_basis)(basis)
            for cost in costs:
                loaded.set_costs(cost)
                loaded.restart()
                assert loaded.run() is Status.OPTIMAL
            found = loaded.solution()
            return np.concatenate([found.values, found.duals, found.reduced_costs])

        for settled in differ:
            differ[settled] += not np.array_equal(last(settled, small, wanted), last(settled, wanted))
    assert differ[True] == 0 and differ[False] > 5
