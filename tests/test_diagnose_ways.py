"""Alternative ways out of an impossible scenario: which there are, their amounts and their order, worked out by hand."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from runs import dataset, infeasible
from test_diagnose import CHANGE, PARK, RANKED
from worlds import program_of, solve, status_of, world

from model.diagnose import search, ways
from model.diagnose.elastic import elastic
from model.solve import LoadedProgram, Status

DEMAND, OVEN = "must_serve_floor", "capacity_ceiling"
GROW = {"option_effects": "option unit site per_size\ngrow oven park 1"}


def told(core):
    """Every way as (family and side, amount) of its changes, and its share."""
    case, program = program_of(core)
    found, _ = search.relaxed(case, program)
    return [([(f"{place.family}_{place.side}", amount) for place, amount in way.changes], way.share) for way in found]


def shares(*values):
    return [pytest.approx(value) for value in values]


def test_demand_or_capacity():
    """100 are wanted and 80 can be made: 20 of 100 less, or 20 of 80 more."""
    assert told(world(**PARK)) == [([(DEMAND, 20.0)], pytest.approx(0.2)), ([(OVEN, 20.0)], pytest.approx(0.25))]


def test_what_is_told_is_enough_and_no_more_than_needed():
    """The tables themselves changed by the amounts told, by hand, and by a thousandth less."""
    for table, enough, short in (("demand", "metal park 80 80 0 home", "metal park 80.001 80.001 0 home"), ("capacity", "oven park 100", "oven park 99.999")):
        head = PARK[table].split("\n")[0]
        assert solve(world(**PARK | {table: f"{head}\n{enough}"})).objective > 0
        assert status_of(world(**PARK | {table: f"{head}\n{short}"})) is Status.INFEASIBLE


def test_one_change_comes_before_two_smaller_ones():
    """Ore for 95 and ovens for 90: 10 of 100 less wanted; or 10 of 90 ovens and 5 of 95 ore more, 0.111 + 0.053."""
    ore = PARK | {
        "commodities": "commodity unit\nmetal kt\nore kt", "recipes": "technology commodity quantity\nmake metal 1\nmake ore -1",
        "supply": "commodity site tier price max\nore park mine 1 95", "capacity": "unit site amount\noven park 90",
    }
    assert told(world(**ore)) == [
        ([(DEMAND, 10.0)], pytest.approx(0.1)),
        ([(OVEN, 10.0), ("supply_ceiling", 5.0)], pytest.approx(10 / 90 + 5 / 95)),
    ]
    # two users of 50: 5 of 50 less for one of them and 5 of 90 ovens more is the smallest share; 10 of 50 less for one is one change
    two = ore | {"demand": "commodity site min max price segment\nmetal park 50 50 0 home\nmetal park 50 50 0 abroad"}
    found = told(world(**two))
    assert [sorted(changes) for changes, _ in found] == [[(DEMAND, 10.0)], [(OVEN, 5.0), (DEMAND, 5.0)], [(OVEN, 10.0), ("supply_ceiling", 5.0)]]
    assert [share for _, share in found] == shares(0.2, 0.1 + 5 / 90, 10 / 90 + 5 / 95)


def test_two_conflicts_have_mixed_ways():
    """Two parks, each 100 wanted and 80 possible: less demand at both, at one of them, or more ovens at both."""
    twice = {
        "recipes": "technology commodity quantity\nmake metal 1", "tech_sites": "technology site variable_cost\nmake east 1\nmake west 1",
        "capacity_use": "technology unit use\nmake oven 1", "capacity": "unit site amount\noven east 80\noven west 80",
        "demand": "commodity site min max price\nmetal east 100 100 0\nmetal west 100 100 0",
    }
    found = told(world(**twice))
    assert [sorted(name for name, _ in changes) for changes, _ in found] == [[DEMAND, DEMAND], [OVEN, DEMAND], [OVEN, OVEN]]
    assert [share for _, share in found] == shares(0.4, 0.45, 0.5)
    assert all(amount == 20.0 for changes, _ in found for _, amount in changes)


def test_what_two_periods_need_is_one_change():
    """40 against 32 and 60 against 48: 8 and 12 less, or 8 and 12 more, each as a share of its own half-year."""
    found = told(world(periods="period stage length\nh1 y 0.4\nh2 y 0.6", **PARK))
    assert found == [([(DEMAND, 8.0), (DEMAND, 12.0)], pytest.approx(0.4)), ([(OVEN, 8.0), (OVEN, 12.0)], pytest.approx(0.5))]


def shut(forced, cells="5 30 50"):
    return world(**PARK | GROW | {"options": f"option site fixed_cost min_size max_size forced\ngrow park {cells} {forced}"})


def test_a_shut_option_may_be_allowed_as_a_whole():
    """20 more ovens, 20 less demand, or the option with its 30 to 50: a whole decision, however little of it is needed."""
    assert told(shut(0)) == [([(DEMAND, 20.0)], pytest.approx(0.2)), ([(OVEN, 20.0)], pytest.approx(0.25)), ([("open_ceiling", 1.0)], pytest.approx(1.0))]
    # with at most 10 it does not help alone; it is no way but part of one: 10 of 100 less and the option
    small = told(shut(0, "5 0 10"))
    assert [changes for changes, _ in small[:2]] == [[(DEMAND, 20.0)], [(OVEN, 20.0)]]


def test_the_size_of_an_allowed_option_keeps_to_its_limits():
    case, program = program_of(shut(0))
    place = next(place for way in search.relaxed(case, program)[0] for place, _ in way.changes if place.family == "open")
    free = ways.changed(case, program, [(place, 1.0)])
    size = free.column_start["size"]
    for cost, wanted in ((1.0, 30.0), (-1.0, 50.0)):  # the smallest and the largest that the decision allows
        costs = free.cost * 0.0
        costs[size] = cost
        loaded = LoadedProgram(replace(free, cost=costs))
        assert loaded.run() is Status.OPTIMAL
        assert loaded.solution().values[size] == pytest.approx(wanted)


def test_a_larger_option_is_a_way():
    """80 and at most 10 more: 10 of 100 less, 10 of 80 more ovens, or a limit of 20 instead of 10."""
    assert told(shut("-", "5 0 10")) == [([(DEMAND, 10.0)], pytest.approx(0.1)), ([(OVEN, 10.0)], pytest.approx(0.125)), ([("size_ceiling_ceiling", 10.0)], pytest.approx(1.0))]
    forced = told(shut(1, "5 0 10"))
    assert forced == [([(DEMAND, 10.0)], pytest.approx(0.1)), ([(OVEN, 10.0)], pytest.approx(0.125)), ([("size_ceiling_ceiling", 10.0)], pytest.approx(1.0))]


def test_a_forced_closure_may_be_called_off():
    """110 less the 30 that must close: 20 of 110, 20 of 100, or the closure."""
    core = world(
        **PARK | {"capacity": "unit site amount\noven park 110", "options": "option site fixed_cost max_size forced\nend park -1 0 1"},
        option_effects="option unit site per_open\nend oven park -30",
    )
    assert told(core) == [
        ([(OVEN, 20.0)], pytest.approx(20 / 110)), ([(DEMAND, 20.0)], pytest.approx(0.2)), ([("open_floor", 1.0)], pytest.approx(1.0)),
    ]


def test_what_only_half_a_decision_could_do():
    """At most half an option, which as a fraction would give 25 of its 50; as a whole it is none."""
    half = PARK | GROW | {
        "options": "option site fixed_cost max_size\ngrow park 5 50", "indicators": "indicator max\nplaces 0.5",
        "indicator_terms": "indicator kind a coefficient\nplaces open grow 1",
    }
    assert told(world(**half)) == [([(DEMAND, 20.0)], pytest.approx(0.2)), ([(OVEN, 20.0)], pytest.approx(0.25)), ([("indicator_ceiling_ceiling", 0.5)], pytest.approx(0.5))]


def test_a_ratio_is_told_in_its_numerator(tmp_path):
    """At least half of the sales must be green, 10 green of 30 are there: 5 of the 15 are missing."""
    texts = {
        "supply": "commodity site price max\ngreen a 1 10\ngrey a 1 -", "recipes": "technology commodity quantity\nmix grey -1\nmix goods 1\nfine green -1\nfine goods 1",
        "tech_sites": "technology site variable_cost\nmix a 0\nfine a 0", "demand": "commodity site min max price\ngoods a 30 30 0",
        "indicators": "indicator | unit | min | per\nall | kt | - | -\nshare | % | 0.5 | all",
        "indicator_terms": "indicator kind a coefficient\nall sale goods 1\nshare activity fine 1",
    }
    lines = infeasible(dataset(tmp_path, **texts))
    assert "a numerator of the ratio share (the whole horizon) that may miss its floor by 5." in "".join(lines)


def test_three_ways_in_words(tmp_path):
    lines = infeasible(dataset(tmp_path, **PARK | GROW | {"options": "option site fixed_cost max_size forced\ngrow park 5 50 0"}))
    assert lines[1:5] == [
        CHANGE + "require 20 kt less aluminium at Wanzhou (home, the whole year).",
        "way 2 of 3: 20 a year more capacity of oven at Wanzhou (the whole year).",
        "way 3 of 3: option grow (all) allowed.",
        RANKED.format(3, "0.2; 0.25; 1"),
    ]


def test_the_ways_are_the_same_every_time():
    assert told(shut(0)) == told(shut(0))


def test_a_way_that_is_not_proved_is_not_told(monkeypatch):
    case, program = program_of(world(**PARK))
    monkeypatch.setattr(ways, "_proved", lambda made, program, way, deadline: way.changes[0][0].family == "capacity")
    found = ways.find_ways(elastic(case, program), program, time.perf_counter() + 9)
    assert [way.changes[0][0].family for way in found] == ["capacity"]


def test_no_time_no_ways():
    case, program = program_of(world(**PARK))
    assert ways.find_ways(elastic(case, program), program, time.perf_counter()) == []


@pytest.mark.parametrize(("amount", "told"), [(20.0, 20.0), (20.000000001, 20.0), (1 / 3, 0.333334), (2 / 3, 0.666667), (1234561.0, 1234570.0), (0.0, 0.0)])
def test_amounts_are_rounded_up(amount, told):
    assert ways.rounded_up(amount) == pytest.approx(told, rel=1e-12)
