"""Cases that others start from: which ones by hand, and rows that do not depend on them."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from runs import quiet
from study_worlds import asked
from test_swift import GRID_PRICE, NEEDED, bench_of, row

from model.explore import moving, studying, swift
from model.explore.anchors import Anchors, anchors_among
from model.explore.journal import Journal
from model.explore.moving import learned
from model.explore.swift import Swift
from model.explore.workbench import Workbench
from model.solve import LoadedProgram

UP_TO_NINE = "commodity site min max price\npower p 8 9 0"
PRICES = ", ".join(f"{1 + number / 8}" for number in range(32))
NEEDS = """study = "sweep"
[[axis]]
name = "price"
table = "supply"
where = { tier = "grid" }
set = "price"
values = [1, 2, 2.5, 3, 3.5, 4, 6]
[[axis]]
name = "need"
table = "demand"
set = "min"
values = [4, 5, 6, 7, 8, 9]
"""


def test_three_of_nine_on_a_line():
    """0 to 8: the middle, one end, the other; 2 is as near to the middle as to the end, the middle was first."""
    found = anchors_among([{"f": float(number)} for number in range(9)])
    assert [found.place(number) for number in range(3)] == [{"f": 4.0}, {"f": 0.0}, {"f": 8.0}]
    assert [found.nearest({"f": float(number)}) for number in range(9)] == [1, 1, 0, 0, 0, 0, 0, 2, 2]


def test_inputs_count_by_their_ranges_and_one_that_stands_still_not_at_all():
    """0 to 1 and 0 to 1,000 are equally wide: of four corners the two anchors lie across from each other."""
    places = [{"a": a, "b": b, "c": 7.0} for a in (0.0, 1.0) for b in (0.0, 1000.0)]
    found = anchors_among(places)
    assert [found.place(number) for number in range(2)] == [places[0], places[3]]
    assert found.nearest({"a": 0.1, "b": 600.0, "c": 7.0}) == 0 and found.nearest({"a": 0.6, "b": 900.0, "c": 7.0}) == 1
    assert anchors_among(places[:1]).place(0) == places[0]


def test_rows_are_those_without_anchors(tmp_path, monkeypatch):
    """Two inputs, 42 cases, some without a plan where 9 are needed and there is no more than 8: the same statuses, plans and costs."""
    study = asked(tmp_path, NEEDS, supply="commodity site tier price max\npower p grid 4 3", demand=UP_TO_NINE)
    assert learned(Workbench(study.scenario, study.data), [NEEDED])
    with_them = studying.carry_out(study, Journal(None, ""), quiet)
    monkeypatch.setattr(swift, "anchors_among", lambda places: None)
    without = studying.carry_out(study, Journal(None, ""), quiet)
    for mine, other in zip(with_them.facts["rows"], without.facts["rows"], strict=True):
        assert (mine["case"], mine["status"], mine.get("built")) == (other["case"], other["status"], other.get("built"))
        assert (mine["cost"] or 0.0) == pytest.approx(other["cost"] or 0.0, rel=1e-12)
    assert {row["status"] for row in with_them.facts["rows"]} == {"solved", "infeasible"}


def test_cases_of_one_anchor_stand_together_and_rows_in_the_order_asked(tmp_path, monkeypatch):
    """32 cases, six anchors: each basis is reached once, however many cases start from it."""
    study = asked(tmp_path, f'study = "sweep"\n[[axis]]\nname = "price"\ntable = "supply"\nwhere = {{ tier = "grid" }}\nset = "price"\nvalues = [{PRICES}]')
    whole, near = Swift._basis, []
    monkeypatch.setattr(Swift, "_basis", lambda self, anchor: near.append(anchor) or whole(self, anchor))
    found = studying.carry_out(study, Journal(None, ""), quiet)
    assert len(near) == 32 and near == sorted(near) and set(near) == set(range(6))
    prices = [1 + number / 8 for number in range(32)]
    assert [row["cost"] for row in found.facts["rows"]] == pytest.approx([8 * min(p, 3) if p <= 3 else 15 + 3 * p for p in prices])


def test_a_row_is_the_same_to_the_last_bit_whatever_was_solved_before(tmp_path):
    """A copy that solves one case alone, as a worker does that is given a single chunk, gives the row of one that solves all."""
    bench = bench_of(tmp_path, demand=UP_TO_NINE)
    moves = learned(bench, [GRID_PRICE, NEEDED])
    assert moves
    places = [{"price": 1 + 0.7 * number, "need": 4 + 1.3 * (number % 4)} for number in range(9)]
    mine = Swift(bench, moves, anchors_among(places))
    mine.ready()
    variants = [moving._together([GRID_PRICE, NEEDED], place) for place in places]
    rows = [row(mine, variant, place) for variant, place in zip(variants, places, strict=True)]
    for number in (8, 3, 5, 0):
        assert row(pickle.loads(pickle.dumps(mine)), variants[number], places[number]) == rows[number]


def test_an_anchor_without_a_plan_leaves_its_cases_to_the_base(tmp_path, monkeypatch):
    bench = bench_of(tmp_path, demand=UP_TO_NINE)
    moves, used, start = learned(bench, [NEEDED]), [], LoadedProgram.use_basis
    mine = Swift(bench, moves, Anchors(("need",), np.array([[1000.0]]), np.array([5.0])))
    monkeypatch.setattr(LoadedProgram, "use_basis", lambda self, basis: used.append(basis) or start(self, basis))
    found = row(mine, NEEDED.at(6.0), {"need": 6.0})
    assert found["cost"] == pytest.approx(5 * 3 + 1 * 4) and not found["audited"]
    assert mine._bases == {0: None} and used[-1] is bench.start
