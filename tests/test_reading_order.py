"""The order of periods: stated once, or the order of rows decides and a note says so."""

from __future__ import annotations

import pytest
from worlds import world

from model.problems import Problems
from model.reading.rules import check_core


def notes(periods):
    """Lines of the notes on a periods table."""
    problems = Problems()
    check_core(world(periods=periods), problems)
    assert not problems.errors
    return [problem.row for problem in problems.notes if problem.rule == "order_tied"]


@pytest.mark.parametrize(
    ("periods", "lines"),
    [
        ("period stage order\np y 1\nq z 1", [2, 3]),
        ("period stage order length\np y 1 0.5\nq y 1 0.5", [2, 3]),
        ("period stage order length\np y 2 0.5\nq y 1 0.5\nr z 2 1\ns w 1 1", [3, 5]),
        ("period stage branch order probability\np y dry 1 0.5\nq y wet 1 0.5", []),
        ("period stage order\np y 2\nq z 1", []),
        ("period stage\np y\nq z", []),
    ],
    ids=["stages", "periods", "starts", "branches", "unique", "blank"],
)
def test_orders_that_leave_the_sequence_open_are_noted(periods, lines):
    """R3: a tie between stages or within a branch is noted; branches of a stage run side by side and may share orders."""
    assert notes(periods) == lines
