"""Cases solved on the arrays: the same rows as from the tables, or the long way where inputs do not move the program in proportion."""

from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest
from runs import dataset, quiet
from study_worlds import asked, carried_out, refused, told
from test_frontier import WORLD as SUNNY
from test_sweep import NEED, PRICE
from test_workers import Copied

from model.explore import face, moving, studying, swift
from model.explore.journal import Journal
from model.explore.moving import Factor, compilations, learned
from model.explore.study_file import Variant
from model.explore.swift import NO_ANCHOR, Swift, planned
from model.explore.workbench import Workbench
from model.problems import Problems, Refusal
from model.scenario import Scenario
from model.scenario.parsing import parse_changes
from model.scenario.records import Spot


def factor(name: str, low: float, high: float, table: str, column: str, action: str = "set", **where: str) -> Factor:
    def at(value: float) -> Variant:
        change = {"table": table, "where": where, action: {column: value}}
        return Variant(f"{name}={value}", ("", ""), parse_changes([change], [Spot("t", 0)], Problems()))

    return Factor(name, low, high, at)


GRID_PRICE = factor("price", 1.0, 7.0, "supply", "price", tier="grid")
NEEDED = factor("need", 4.0, 9.0, "demand", "min")
LARGEST = factor("size", 0.0, 5.0, "options", "max_size")
YIELD = factor("yield", 1.0, 2.0, "recipes", "quantity")
CHARGE = factor("charge", 1.0, 3.0, "options", "variable_cost")


def row(mine: Swift, variant: Variant, place: dict[str, float]):
    """The row of a case, made at once."""
    found = mine.case(variant, place, mine.anchors.nearest(place) if mine.anchors else NO_ANCHOR)
    return found if isinstance(found, dict) else found.row()


def bench_of(tmp_path, **tables: str) -> Workbench:
    study = asked(tmp_path, 'study = "sweep"', **tables)
    return Workbench(study.scenario, study.data)


def test_rows_on_the_arrays_are_those_from_the_tables(tmp_path):
    """Prices, demands and bounds together, with indicators (one a ratio), sizes and what is built."""
    demand = {"demand": "commodity site min max price shortage_price\npower p 8 9 0 30"}
    bench = bench_of(tmp_path, **SUNNY, **demand)
    factors = [GRID_PRICE, NEEDED, LARGEST]
    moves = learned(bench, factors)
    assert moves and {name: len(step.entries) for name, step in moves.steps.items()} == {"price": 1, "need": 2, "size": 1}
    for place in ({"price": 2.5, "need": 7.0, "size": 3.0}, {"price": 7.0, "need": 4.0, "size": 0.0}, {"price": 1.5, "need": 8.5, "size": 5.0}):
        variant = moving._together(factors, place)
        quick, long = row(Swift(bench, moves), variant, place), planned(variant, bench)
        assert (quick.pop("audited"), long.pop("audited")) == (False, True)
        assert quick.pop("residual") <= 1e-9 and long.pop("residual") <= 1e-6
        assert quick == long


def test_steps_by_hand(tmp_path):
    """The price is the cost of one column, the need both ends of what is sold at least; the matrix stays."""
    bench = bench_of(tmp_path)
    moves = learned(bench, [GRID_PRICE, CHARGE])
    assert moves and [list(step.changes) for step in moves.steps.values()] == [[1.0], [1.0]]
    program = moves.program(bench.base.program, {"price": 6.0, "charge": 2.5})
    assert sorted(program.cost[program.cost != 0]) == pytest.approx([1.0, 2.5, 6.0])
    assert program.matrix is bench.base.program.matrix
    assert [compilations(count) for count in (1, 2, 5)] == [3, 7, 13]


def test_what_does_not_move_in_proportion_takes_the_long_way(tmp_path):
    """A yield is a coefficient; two scales of one price multiply; a demand of 0 leaves no row; a cell nobody has is refused."""
    bench = bench_of(tmp_path)
    assert learned(bench, [YIELD]) is None
    twice = [dataclasses.replace(factor(name, 1.0, 2.0, "supply", "price", "scale"), name=name) for name in ("first", "second")]
    assert learned(bench, twice) is None and learned(bench, twice[:1])
    assert learned(bench, [factor("x", 0.0, 1.0, "supply", "price", tier="grd")]) is None
    kinked = Factor("kinked", 0.0, 4.0, lambda value: GRID_PRICE.at(max(2.0, value)))
    assert learned(bench, [kinked]) is None
    unbounded = Factor("bound", 1.0, 2.0, lambda value: factor("b", 0, 1, "supply", "max").at(float("inf") if value == 2 else value))
    with np.errstate(invalid="ignore"):
        assert learned(bench, [unbounded]) is None


def test_an_indicator_that_moves_itself_takes_the_long_way(tmp_path):
    assert learned(bench_of(tmp_path, **SUNNY), [factor("c", 1.0, 2.0, "indicator_terms", "coefficient")]) is None


MANY = PRICE.replace("[2, 4, 6]", str([1 + number / 2 for number in range(12)]))


def test_a_long_sweep_by_hand(tmp_path):
    """Cheaper than 3 the grid alone, 8 x price; from there on 15 + 3 x price."""
    found = carried_out(tmp_path, f'study = "sweep"\n{MANY}')
    table = found.tables["cases"]
    assert list(table["cost"]) == pytest.approx([8 * price if price < 3 else 15 + 3 * price for price in table["price"]])
    audited = [number for number, each in enumerate(table["audited"]) if each]
    assert audited == [0, 3, 6, 8, 11]  # the ends are the cheapest and the dearest
    assert "12 of 12 cases have a plan: 7 of them solved by changing numbers" in told(found) and "成本一致" in told(found, "zh")
    every = carried_out(tmp_path / "every", f'study = "sweep"\naudit = "all"\n{MANY}')
    assert all(every.tables["cases"]["audited"]) and list(every.tables["cases"]["cost"]) == pytest.approx(list(table["cost"]))
    assert "12 of 12 cases have a plan, each checked independently" in told(every)
    assert refused(tmp_path / "x", f'study = "sweep"\naudit = "some"\n{MANY}') == [("scenario_choice", "audit")]


def test_a_case_without_a_plan_says_why(tmp_path):
    """More than 5 + 6 cannot be served."""
    needs = NEED.replace("[8, 12]", str([5 + number for number in range(12)]))
    found = carried_out(tmp_path, f'study = "sweep"\n{needs}', supply="commodity site tier price max\npower p grid 4 6").tables["cases"]
    assert list(found["status"]) == ["solved" if need <= 11 else "infeasible" for need in found["need"]]
    assert found.loc[11, "reason_en"]


def test_workers_give_the_same(tmp_path):
    study = asked(tmp_path, f'study = "sweep"\n{MANY}')
    said = []
    here = studying.carry_out(study, Journal(None, ""), lambda step, **facts: said.append((step, facts.get("count"))))
    there = studying.carry_out(study, Journal(None, ""), quiet, Copied())
    assert repr(here.facts) == repr(there.facts)
    assert said[0] == ("learning", 3) and said[1] == ("case", 12)


def test_arrays_that_belie_the_tables_are_not_believed(tmp_path, monkeypatch):
    """Steps that are wrong where nobody compiled: the sample finds a cost that is not that of the tables."""
    whole = moving.Moved.at

    def wrong(self, place):
        patch = whole(self, place)
        patch.numbers[0][:] *= 1.5 if 3 < place["price"] < 6 else 1.0
        return patch

    study = asked(tmp_path, f'study = "sweep"\n{MANY}')
    bench = Workbench(study.scenario, study.data)
    moves = learned(bench, [GRID_PRICE])
    monkeypatch.setattr(swift, "learned", lambda *_: moves)
    monkeypatch.setattr(moving.Moved, "at", wrong)
    with pytest.raises(Refusal) as caught:
        studying.carry_out(study, Journal(None, ""), quiet)
    assert caught.value.problems[0].rule == "check_failed" and "arrays" in caught.value.problems[0].text("en")


def test_a_plan_of_another_program_is_not_proved(tmp_path, monkeypatch):
    """The solver is handed other costs than the proof looks at: 8 x 2 is not the cost of what it found for 9."""
    bench = bench_of(tmp_path)
    mine, whole = Swift(bench, learned(bench, [GRID_PRICE])), moving.Moved.to
    monkeypatch.setattr(moving.Moved, "to", lambda self, place: whole(self, {"price": 2.0}))
    found = row(mine, GRID_PRICE.at(7.0), {"price": 7.0})
    assert found["audited"] is True and found["cost"] == pytest.approx(33 + 3)


def test_an_unproved_solution_takes_the_long_way(tmp_path, monkeypatch):
    bench = bench_of(tmp_path)
    moves = learned(bench, [GRID_PRICE])
    place = {"price": 6.0}
    assert row(Swift(bench, moves), GRID_PRICE.at(6.0), place)["audited"] is False
    monkeypatch.setattr(face.Reckoning, "residual", lambda *_: float("nan"))
    assert row(Swift(bench, moves), GRID_PRICE.at(6.0), place)["audited"] is True
    assert row(pickle.loads(pickle.dumps(Swift(bench, moves))), GRID_PRICE.at(6.0), {})["cost"] == pytest.approx(33)


def test_without_a_second_program_the_first_one_chooses(tmp_path, monkeypatch):
    """At 3 grid and plant cost the same: 8 x 3, and the plan is the same whichever program chooses it."""
    bench = bench_of(tmp_path)
    moves = learned(bench, [GRID_PRICE])
    place, variant = {"price": 3.0}, GRID_PRICE.at(3.0)
    asked_for = []
    preferred = face.Chooser.preferred
    monkeypatch.setattr(face.Chooser, "preferred", lambda *given: asked_for.append(1) or preferred(*given))
    rows = [row(Swift(bench, moves), variant, place)]
    for broken in (lambda *_: None, lambda self, mine, loaded: mine.values + 1.0):
        monkeypatch.setattr(face.Chooser, "preferred", broken)
        rows.append(row(Swift(bench, moves), variant, place))
    monkeypatch.setattr(swift, "start", lambda *_: None)
    rows.append(row(Swift(bench, moves), variant, place))
    assert asked_for == [1] and all(row.pop("residual") <= 1e-9 and not row["audited"] for row in rows)
    assert rows[0]["cost"] == pytest.approx(24) and rows == [rows[0]] * 4


def test_a_detour_over_the_tables_leaves_nothing_behind(tmp_path):
    """A case by the whole chain in between moves other numbers of the same solver: 8 x 2."""
    bench = bench_of(tmp_path)
    moves = learned(bench, [GRID_PRICE])
    mine = Swift(bench, moves)
    mine.ready()
    before = row(mine, GRID_PRICE.at(2.0), {"price": 2.0})
    planned(NEEDED.at(4.0), bench)
    planned(LARGEST.at(0.0), bench)
    assert row(mine, GRID_PRICE.at(2.0), {"price": 2.0}) == before and before["cost"] == pytest.approx(16)
    assert row(pickle.loads(pickle.dumps(mine)), GRID_PRICE.at(2.0), {"price": 2.0}) == before


def test_costs_alone_are_those_of_the_plans(tmp_path):
    """8 of power: below 3 all of it from the grid, above 5 from the plant at 3; no second solve chooses among plans."""
    bench = bench_of(tmp_path)
    moves = learned(bench, [GRID_PRICE])
    for price, cost in ((2.0, 16.0), (3.0, 24.0), (6.0, 33.0)):
        place, variant = {"price": price}, GRID_PRICE.at(price)
        alone, whole = row(Swift(bench, moves, plans=False), variant, place), row(Swift(bench, moves), variant, place)
        assert alone.keys() == {"cost", "warm", "residual", "audited"} and not alone["audited"] and alone["residual"] <= 1e-9
        assert [alone["cost"], whole["cost"]] == pytest.approx([cost, cost])


def test_an_empty_dataset_is_no_obstacle(tmp_path):
    data = dataset(tmp_path / "d", supply="commodity site price max\npower p 4 100", demand="commodity site min max price\npower p 8 8 0")
    bench = Workbench(Scenario("s", data), data)
    moves = learned(bench, [factor("price", 1.0, 2.0, "supply", "price")])
    assert moves and row(Swift(bench, moves), Variant("", ("", "")), {"price": 1.5})["cost"] == pytest.approx(12)
