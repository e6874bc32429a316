"""Rules that a fast road could get wrong without a word: each gives the program of the plain road, or is refused with its reason."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from card_worlds import CARD_WORLDS
from runs import ROOT, TRNSPORT, said, solved
from test_templates import assert_same
from worlds import case_of, world

from model import pipeline, words
from model.build import build
from model.case import make_case
from model.case.codes import Codes
from model.compile import compile_model
from model.declare import Members, Rows
from model.formulation import CARD, CARDS
from model.output import summarise
from model.problems import ExitCode, Problems, Refusal
from model.program import make_program, plain_program
from model.scenario import Scenario
from model.templates import Untemplated, compile_case
from model.templates.context import Context, Frame, Tables, reach
from model.templates.finder import Finder, pairs

SMALL = {
    "supply": "commodity site price max\nore mine 2 10\nore yard 3 5",
    "lanes": "commodity from to unit_cost delivered_share\nore mine yard 1 0.5\nore yard mine 1 -",
    "demand": "commodity site min max price\nore yard 4 6 0\nore mine 1 1 0",
}


def small():
    return make_case(world(**SMALL), Problems())


def with_rule(name, rule):
    """All cards, one of them with another rule."""
    return tuple(replace(card, rule=rule) if card.name == name else card for card in CARDS)


def must_serve(rule, case=None):
    """The programs of both roads with ``rule`` in place of must_serve."""
    case, cards = case or small(), with_rule("must_serve", rule)
    return compile_case(case, cards), plain_program(case, cards)


def row_of(program, number=0):
    """Coefficients of a row of must_serve."""
    return program.matrix.toarray()[program.row_start["must_serve"] + number]


def refused(rule, name="must_serve"):
    with pytest.raises(Untemplated) as caught:
        compile_case(small(), with_rule(name, rule))
    assert caught.value.card == name
    return caught.value.reason


# ---- rows of every form


def test_a_row_with_two_sides():
    """1 ≤ 2 sold ≤ 3, once in the matrix."""
    fast, plain = must_serve(lambda m, k, s, g, p: pyo.inequality(1, 2 * m.sale[k, s, g, p], 3))
    assert_same(fast, plain)
    at = fast.row_start["must_serve"]
    assert (fast.row_lower[at], fast.row_upper[at]) == (1, 3)
    assert sorted(row_of(fast)) == [0] * (fast.matrix.shape[1] - 1) + [2]


def test_columns_on_both_sides_and_numbers_among_them():
    """2 sold + 5 ≥ 3 (sold − 4) + min, as the plain road splits it."""
    assert_same(*must_serve(lambda m, k, s, g, p: 2 * m.sale[k, s, g, p] + 5 >= 3 * (m.sale[k, s, g, p] - 4) + m.must_serve_lower[k, s, g, p]))
    assert_same(*must_serve(lambda m, k, s, g, p: m.must_serve_lower[k, s, g, p] == m.sale[k, s, g, p] / 4))


def test_two_terms_of_one_column_are_added_up():
    """sold + 2 sold − 3 sold leaves no coefficient, sold + 2 sold leaves 3."""
    fast, plain = must_serve(lambda m, k, s, g, p: m.sale[k, s, g, p] + 2 * m.sale[k, s, g, p] >= 1)
    assert_same(fast, plain)
    assert sum(row_of(fast)) == 3
    gone = compile_case(small(), with_rule("must_serve", lambda m, k, s, g, p: m.sale[k, s, g, p] + 2 * m.sale[k, s, g, p] - 3 * m.sale[k, s, g, p] >= -1))
    assert not row_of(gone).any()
    assert gone.nonzeros == np.count_nonzero(gone.matrix.toarray())
    assert gone.row_lower[gone.row_start["must_serve"]] == -np.inf  # 0 ≥ −1 says nothing


def test_a_lane_back_to_its_own_site_has_the_loss_only():
    """What leaves a site for itself and arrives at 0.75: one coefficient of −0.25."""
    case = case_of(world(**SMALL | {"lanes": "commodity from to unit_cost delivered_share\nore mine mine 1 0.75\nore mine yard 1 -"}))
    program = compile_case(case)
    assert_same(program, plain_program(case))
    flow = program.column_start["flow"] + case.columns["flow"].query("to == 'mine'").index[0]
    assert [value for value in program.matrix.toarray()[:, flow] if value] == [-0.25]


def test_a_row_that_cannot_hold_makes_the_program_infeasible():
    """0 ≥ 1 stays a row without columns."""
    program = compile_case(small(), with_rule("must_serve", lambda m, k, s, g, p: m.sale[k, s, g, p] - m.sale[k, s, g, p] >= 1))
    at = program.row_start["must_serve"]
    assert (program.row_lower[at], program.row_upper[at]) == (1, np.inf)
    assert not row_of(program).any()


def test_one_fixed_label_and_a_sum_over_all_columns():
    """A rule may name one element, and add up a whole family."""

    def rule(m, k, s, g, p):
        return sum(m.flow[key] for key in m.flow_index) + m.supply["ore", "mine", "", p] <= 7

    fast, plain = must_serve(rule)
    assert_same(fast, plain)
    assert sum(row_of(fast)) == 3  # two lanes and the mine


def test_a_column_whose_bounds_are_equal_stays_a_column():
    """Locks fix columns by their bounds: the right-hand side does not move."""
    case = small()
    case.columns["supply"].loc[0, ["lower", "upper"]] = 2.5
    fast = compile_case(case)
    assert_same(fast, plain_program(case))
    assert np.count_nonzero(fast.matrix.toarray()[:, fast.column_start["supply"]])


def test_a_fixed_variable_on_the_plain_road_is_refused():
    """Pyomo would move it into the right-hand side, and its column would be free."""
    case = small()
    model = build(case)
    model.supply["ore", "mine", "", "all"].fix(1)
    with pytest.raises(ValueError, match="fixed"):
        compile_model(model, case)


# ---- what is refused


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (lambda m, k, s, g, p: m.sale[k, s, g, p] * m.sale[k, s, g, p] <= 1, "not linear"),
        (lambda m, k, s, g, p: 1 / m.sale[k, s, g, p] <= 1, "not linear"),
        (lambda m, k, s, g, p: m.sale[k, s, g, p] <= m.length[p] ** 2, "not a number"),
        (lambda m, k, s, g, p: m.sale[k, s, g, p] < 1, "not a row"),
        (lambda m, k, s, g, p: pyo.Constraint.Skip, "not a row"),
        (lambda m, k, s, g, p: m.sale[k, s, g, p] >= m.must_serve_lower["·", "·", "·", "·"], "not run once"),
        (lambda m, k, s, g, p: m.sale["·", "·", "·", "·"] >= 0, "not run once"),
        (lambda m, k, s, g, p: m.sale[k, s, g, p + 1] >= 0, "arithmetic"),
        (lambda m, k, s, g, p: m.sale[k, s, g, p] >= (1 if k > 3 else 2), ""),
        (lambda m, k, s, g, p: m.sale[k, s, g, p] >= {"all": 1}[p], ""),
        (lambda m, k, s, g, p: sum(m.sale[key] for key in m.sale_index if key[0] != k) >= 0, ""),
        (lambda m, k, s, g, p: pyo.quicksum(m.flow[k, o, s, mode, p] for o, mode in m.ARRIVALS[k, s, p]) >= 0, ""),
        (lambda m, k, s, g, p: pyo.inequality(m.sale[k, s, g, p], m.sale[k, s, g, p], 3), "varies"),
    ],
)
def test_a_rule_that_cannot_run_once_for_all_rows_is_refused(rule, reason):
    assert reason in refused(rule)


def test_a_refused_rule_takes_the_plain_road_and_says_why():
    heard = []
    program = make_program(small(), tell=heard.append, cards=with_rule("must_serve", lambda m, k, s, g, p: m.sale[k, s, g, p] >= m.length[p] ** 2))
    assert program.road == "plain"
    assert heard == ["must_serve: not a number for all rows: length[_4]**2"]


def test_the_road_that_is_asked_for():
    assert make_program(small()).road == "arrays"
    assert make_program(small(), "plain").road == "plain"
    assert_same(make_program(small()), make_program(small(), "plain"))


def test_a_scenario_may_ask_for_the_plain_road():
    """The plan is the same to the last digit, and the summary says how the program was built."""
    fast, plain = solved(TRNSPORT), solved(TRNSPORT, Scenario("plain", TRNSPORT, solver={"build": "plain"}))
    assert (summarise(fast)["build"], summarise(plain)["build"]) == ("arrays", "plain")
    assert fast.results.objective == plain.results.objective == pytest.approx(153.675)
    for family, table in fast.results.values.items():
        assert table.equals(plain.results.values[family])


def test_the_command_line_tells_of_a_rule_that_left_the_fast_road(monkeypatch):
    heard = []
    cards = with_rule("must_serve", lambda m, k, s, g, p: m.sale[k, s, g, p] >= m.length[p] ** 2)
    monkeypatch.setattr(pipeline, "make_program", partial(make_program, cards=cards))
    scenario = Scenario(TRNSPORT.name, TRNSPORT)
    clock = pipeline.Clock(lambda step, **facts: heard.append((step, facts)))
    _, program = pipeline.make(pipeline.prepare(scenario, TRNSPORT, clock), clock)
    assert program.road == "plain"
    facts = dict(heard)["plain_build"]
    assert "must_serve: not a number for all rows" in words.text("progress.plain_build", "en", **facts)
    assert "逐行建立" in words.text("progress.plain_build", "zh", **facts)


def test_a_missing_parameter_or_column_is_an_error_and_never_another_one():
    """min_load is declared for units that cannot swing only; a place in a table from its end would be a wrong number."""
    case = make_case(CARD_WORLDS["capacity"][0], Problems())
    rule = CARD["minimum_load"].rule
    for wrong in (rule, lambda m, u, s, p: m.running[u, s, p] <= 1):
        with pytest.raises(KeyError, match="capacity: (min_load|running) has no element"):
            compile_case(case, with_rule("capacity", wrong))


@pytest.mark.parametrize("most", [5, 9])
def test_more_than_the_solver_can_count_is_refused(most, monkeypatch):
    """Six columns: two lanes, two supplies, two sales. Ten coefficients: two ends of each lane, two supplies, sales in balances and in must_serve."""
    case = small()
    assert (compile_case(case).matrix.shape[1], compile_case(case).nonzeros) == (6, 10)
    monkeypatch.setattr("model.compile.MOST", most)
    with pytest.raises(Refusal) as caught:
        compile_case(case)
    assert caught.value.code is ExitCode.SOLVER
    assert f"up to {most}" in said(caught.value)[0]
    assert f"最多能编号 {most} 个" in said(caught.value, "zh")[0]


# ---- codes and finders


def test_codes_are_shared_by_equal_labels_and_refuse_blanks():
    codes = Codes()
    one = pd.DataFrame({"a": ["x", "y", "x"], "b": pd.Categorical(["y", "z", "z"])})
    assert codes.of(one, "a").tolist() == [0, 1, 0]
    assert codes.of(one, "b").tolist() == [1, 2, 2]
    assert codes.label("z") == 2
    with pytest.raises(ValueError, match="blank"):
        codes.of(pd.DataFrame({"a": ["x", None]}), "a")


@pytest.mark.parametrize(("parts", "labels"), [(1, 5), (3, 40), (4, 300), (7, 3000)])
def test_a_finder_finds_its_rows_and_nothing_else(parts, labels):
    """Dense tables, sorted keys and keys of more than 64 bits: 3000 to the 7th power is 2e24."""
    random = np.random.default_rng(parts)
    keys = np.unique(random.integers(0, labels, (400, parts)), axis=0)
    keys = keys[random.permutation(len(keys))]
    half = len(keys) // 2 or 1
    finder = Finder(list(keys[:half].T), labels)
    assert finder.find(list(keys[:half].T), labels).tolist() == list(range(half))
    assert set(finder.find(list(keys[half:].T), labels)) <= {-1}
    assert finder.find([np.array([labels + 5])] * parts, labels + 6).tolist() == [-1]  # labels met after the finder was made


def test_rows_of_one_key_may_say_the_same():
    """Effects of an option stand once per stage: any of the rows will do."""
    assert Finder([np.array([1, 2, 1])], 3, repeated=True).find([np.array([2])], 3).tolist() == [1]


def test_codes_of_a_changed_case_are_its_own():
    """A table at the place in memory of an old one is read anew."""
    codes, old, new = Codes(), pd.DataFrame({"a": ["x"]}), pd.DataFrame({"a": ["y", "x"]})
    assert codes.of(old, "a").tolist() == [0]
    codes._known[id(new), "a"] = codes._known[id(old), "a"]
    assert codes.of(new, "a").tolist() == [1, 0]


def test_a_finder_refuses_two_rows_of_one_key():
    twice = [np.array([1, 2, 1]), np.array([4, 4, 4])]
    with pytest.raises(ValueError, match="two rows"):
        Finder(twice, 10)
    many = [np.array([1, 2, 1])] * 7
    with pytest.raises(ValueError, match="two rows"):
        Finder([*many[:-1], np.array([0, 0, 0])], 3000)


def test_a_finder_of_no_rows_finds_nothing():
    nothing = np.zeros(0, dtype=np.int64)
    assert Finder([nothing, nothing], 0).find([np.array([0, 3]), np.array([1, 1])], 4).tolist() == [-1, -1]


def test_pairs_of_equal_keys():
    left, right = pairs([np.array([1, 2, 1])], [np.array([1, 1, 3])], 3, 3, 4)
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 0), (0, 1), (2, 0), (2, 1)]
    assert [part.tolist() for part in pairs([], [], 2, 2, 0)] == [[0, 0, 1, 1], [0, 1, 0, 1]]
    assert [part.tolist() for part in pairs([np.zeros(0, int)], [np.array([1])], 0, 1, 2)] == [[], []]


def test_sums_within_sums_reach_the_rows_of_both():
    """Two goods with two members each, the inner sum over the members of the outer member: 8 entries of 2 rows."""
    table = pd.DataFrame({"key": ["a", "a", "b", "b"], "member": ["a", "b", "a", "b"]})
    item = Members(Rows(table), ("key",), ("member",), ())
    place, outer, inner = (pyo.Param() for _ in range(3))
    tables = Tables(Codes())
    rows = pd.DataFrame({"name": ["b", "a"]})
    context = Context(2, None, (Frame(rows, None),), {id(place): ((0, "name"),)})
    first, _ = reach(tables, context, "S", item, [place], [outer])
    second, entries = reach(tables, first, "S", item, [outer], [inner])
    assert (first.size, second.size) == (4, 8)
    assert sorted(second.row.tolist()) == [0] * 4 + [1] * 4
    assert sorted(entries.tolist()) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_pyomo_stays_the_version_whose_templates_were_read():
    """The fast road relies on expressions that other versions of Pyomo may make otherwise."""
    pinned = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"][0]
    assert pinned.startswith("pyomo==6.10.")
