"""Plans of cases on the arrays: proved, and the same that a second solve would choose among those of equal cost."""

from __future__ import annotations

import numpy as np
import pytest
from test_solve import program

from model.explore.face import Chooser, Reckoning, start
from model.explore.forcing import unproved
from model.explore.moving import Moved, Moves, Step, _stacked
from model.solve import LoadedProgram, Patch, Solution, Status, choose_among_ties

INF = np.inf


def moves_of(base, changes: dict[int, float], wish) -> Moves:
    """One factor, 0 at the base, that changes entries of the stacked arrays (costs first) by so much per unit."""
    step = Step(np.array(list(changes), dtype=np.int64), np.array(list(changes.values()), dtype=float))
    return Moves({"f": 0.0}, {"f": step}, _stacked(base), None, np.asarray(wish, dtype=float))


def reckoned(base) -> tuple[Reckoning, LoadedProgram, Solution]:
    """The base solved and reckoned."""
    moved, loaded = Moved(base, moves_of(base, {0: 0.0}, base.cost)), LoadedProgram(base)
    assert loaded.run() is Status.OPTIMAL
    found, mine = loaded.solution(), Reckoning(moved)
    mine.of(found.values, found.duals)
    return mine, loaded, found


def basic(loaded: LoadedProgram):
    """Columns and rows that are basic after the last run, as HiGHS numbers them."""
    return loaded.highs.getBasicVariables()[1]


def test_places_prices_and_cost_by_hand():
    """Least 2x + 3y with x + y ≥ 4, x ≤ 3: x = 3, y = 1, cost 9; the row is worth 3, another unit of x 2 − 3 = −1."""
    mine, loaded, _ = reckoned(program([2, 3], [[1, 1]], [4], [INF], [0, 0], [3, INF]))
    assert mine.places == pytest.approx([3, 1, 4]) and mine.prices == pytest.approx([-1, 0, 3])
    assert mine.cost() == pytest.approx(9) and mine.residual(9.0, 9.0) == pytest.approx(0, abs=1e-12)
    assert mine.priced.tolist() == [True, False, True] and mine.only_one(basic(loaded))
    assert [side.tolist() for side in mine.face()] == [[3, 0, 4], [3, INF, 4]]


def test_what_is_not_proved_is_told_by_how_much():
    """x = 2 and y = 2 serve the row too, for 10 instead of 9; x = 5 is 2 above its bound; duals of 4 prove 4 · 4 − 2 · 3 − 1 · ∞."""
    mine, _, found = reckoned(program([2, 3], [[1, 1]], [4], [INF], [0, 0], [3, INF]))
    mine.of(np.array([2.0, 2.0]), found.duals)
    assert mine.residual(10.0, 10.0) == pytest.approx(1 / 10)
    mine.of(np.array([5.0, 1.0]), found.duals)
    assert mine.residual(9.0, 9.0) == pytest.approx(2 / 9)
    mine.of(found.values, np.array([4.0]))
    assert mine.residual(9.0, 9.0) == INF and mine.face() is None
    mine.of(found.values, found.duals)
    assert mine.residual(9.0, 8.0) == pytest.approx(1 / 8)


def test_one_cheapest_plan_or_several():
    """Two goods at 2 and 3: the cheaper. Both at 2: any mixture. Held at 1 by equal bounds, the second cannot differ either."""
    for cost, low, high, one in (([2, 3], 0, 9, True), ([2, 2], 0, 9, False), ([2, 2], 1, 1, True)):
        mine, loaded, _ = reckoned(program(cost, [[1, 1]], [4], [4], [0, low], [9, high]))
        assert mine.only_one(basic(loaded)) is one, cost


def test_a_preferred_plan_by_hand():
    """Both serve 4 at 2 each; the second is preferred but takes only what the case allows: 3, then 1."""
    base = program([2, 2], [[1, 1]], [4], [4], [0, 0], [9, 3])
    moves = moves_of(base, {6: 1.0}, [5, 1])  # stacked: two costs, two lower bounds, the row's, two upper bounds, the row's
    moved, loaded = Moved(base, moves), LoadedProgram(base)
    loaded.run()
    mine, chooser = Reckoning(moved), Chooser(start(moved, loaded.highs.getBasis(), moves.wish, {}), {})
    for place in (0.0, -2.0, 0.0):
        moved.to({"f": place})
        own, found = solved(moved)
        mine.of(found.values, found.duals)
        assert chooser.preferred(mine, own.highs.getBasis()) == pytest.approx([1 - place, 3 + place])


def test_a_preference_without_an_end_chooses_nothing():
    """x is free of charge and may be bought without end: a preference for more of it has no best plan. Without a plan there is no face."""
    base = program([0, 1], [[1, 0], [0, 1]], [0, 2], [INF, INF], [0, 0], [INF, INF])
    moved = Moved(base, moves_of(base, {0: 0.0}, [-1, 0]))
    own, found = solved(moved)
    mine, chooser = Reckoning(moved), Chooser(start(moved, own.highs.getBasis(), np.array([-1.0, 0.0]), {}), {})
    mine.of(found.values, found.duals)
    assert chooser.preferred(mine, own.highs.getBasis()) is None
    none = program([0, 1], [[1, 0], [0, 1]], [0, 2], [INF, INF], [0, 0], [INF, 1])
    assert start(Moved(none, moves_of(none, {0: 0.0}, [1, 1])), own.highs.getBasis(), np.ones(2), {}) is None


def solved(moved: Moved) -> tuple[LoadedProgram, Solution]:
    """The case from nothing."""
    loaded = LoadedProgram(moved.program)
    assert loaded.run() is Status.OPTIMAL
    return loaded, loaded.solution()


def random_moves(seed: int) -> tuple[Moves, object]:
    """Goods of few prices, so that many plans cost the same; the factor moves costs, bounds and demands."""
    random = np.random.default_rng(seed)
    rows, columns = int(random.integers(2, 6)), int(random.integers(4, 12))
    matrix = random.integers(0, 3, (rows, columns)).astype(float)
    matrix[:, 0] = 1.0
    cost, upper = random.integers(1, 4, columns).astype(float), random.integers(1, 9, columns).astype(float)
    upper[0] = 99.0
    base = program(cost, matrix, random.integers(1, 9, rows), [INF] * rows, [0] * columns, upper)
    entries = {int(at): 1.0 for at in random.choice(columns, 2, replace=False)}
    entries |= {2 * columns + int(random.integers(rows)): 1.0, 2 * columns + rows + int(random.integers(columns)): 0.5}
    return moves_of(base, entries, random.permutation(columns) + 0.5), base


@pytest.mark.parametrize("chunk", range(8))
def test_the_same_plan_as_by_a_second_solve(chunk):
    """40 random programs × 3 places: one cheapest plan is told as such, and of several the same one is chosen."""
    seen = set()
    for seed in range(5 * chunk, 5 * chunk + 5):
        moves, base = random_moves(seed)
        moved, loaded = Moved(base, moves), LoadedProgram(base)
        mine = Reckoning(moved)
        loaded.run()
        chooser = Chooser(start(Moved(base, moves), loaded.highs.getBasis(), moves.wish, {}), {})
        for place in (0.0, 1.0, 2.5):
            moved.to({"f": place})
            case = moved.program
            first_loaded = LoadedProgram(case)
            assert first_loaded.run() is Status.OPTIMAL
            first = first_loaded.solution()
            mine.of(first.values, first.duals)
            one = mine.only_one(basic(first_loaded))
            mine_values = first.values if one else chooser.preferred(mine, first_loaded.highs.getBasis())
            wanted = choose_among_ties(first_loaded, case, first, moves.wish)
            assert mine_values == pytest.approx(wanted.values, abs=1e-9), (seed, place)
            assert case.cost @ mine_values == pytest.approx(first.objective)
            mine.of(mine_values, first.duals)
            exact = unproved(case, Solution(mine_values, first.duals, first.reduced_costs, wanted.objective), (case.lower, case.upper))
            assert mine.residual(mine.cost(), wanted.objective) == pytest.approx(exact, abs=1e-12) and exact < 1e-9
            seen.add(one)
    assert seen == {True, False}


NUMBERS = ("cost", "lower", "upper", "row_lower", "row_upper")


def test_arrays_follow_the_cases_in_any_order():
    """In place the same bits as anew; the patch says them too, and nothing else differs from the first program."""
    moves, base = random_moves(3)
    moved = Moved(base, moves)
    for place in (2.5, 0.1, 0.0, 2.5):
        moved.to({"f": place})
        anew, patch = moves.program(base, {"f": place}), moved.at({"f": place})
        for name, where, new in zip(NUMBERS, (patch.costs, patch.columns, patch.columns, patch.rows, patch.rows), patch.numbers, strict=True):
            mine, other, first = getattr(moved.program, name), getattr(anew, name), getattr(base, name)
            assert np.array_equal(mine, other) and np.array_equal(mine[where], new)
            assert np.array_equal(np.delete(mine, where), np.delete(first, where))
        assert place == 0.0 or np.array_equal(np.flatnonzero(anew.cost != base.cost), patch.costs)
    assert len(patch.costs) == 2 and len(patch.columns) == len(patch.rows) == 1


def test_only_what_the_patch_names_is_handed_over():
    """A patch replaces what it names; whatever comes after it, in whole or as another patch, finds what it left."""
    base = program([2, 3], [[1, 1]], [4], [INF], [0, 0], [3, INF])
    loaded, none = LoadedProgram(base), np.empty(0)
    whole = Patch(at(1), at(0), at(0), (np.array([5.0]), np.array([1.0]), np.array([2.0]), np.array([6.0]), np.array([INF])))
    loaded.replace(whole)
    assert loaded.run() is Status.OPTIMAL  # 2x + 5y, x + y ≥ 6, 1 ≤ x ≤ 2
    assert loaded.solution().values == pytest.approx([2, 4]) and loaded.solution().objective == pytest.approx(2 * 2 + 4 * 5)
    loaded.replace(Patch(at(0), at(), at(), (np.array([7.0]), none, none, none, none)))
    assert loaded.run() is Status.OPTIMAL and loaded.solution().objective == pytest.approx(1 * 7 + 5 * 5)
    loaded.set_costs(base.cost)
    loaded.set_column_bounds(base.lower, base.upper)
    loaded.set_row_bounds(base.row_lower, base.row_upper)
    assert loaded.run() is Status.OPTIMAL and loaded.solution().values == pytest.approx([3, 1])
    loaded.replace(whole)
    assert loaded.run() is Status.OPTIMAL and loaded.solution().objective == pytest.approx(24)


def at(*places: int):
    return np.array(places, dtype=np.int32)
