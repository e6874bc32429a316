"""The public toy, worked out without a solver: every pair of decisions, every size of the line, every season by merit order.

One metal works beside a river. Numbers of the tables (data/examples/toy_hydro), amounts per season of half a year:

- hydro power 4, 8, 6, 12 (dry low, dry flood, wet low, wet flood) at 1; coal power at 4 + 0.8 carbon × 0.5 = 4.4;
- a unit of metal costs 2 and 0.1 of dross to bury, so 2.1, and takes 2 of power in new cells, 3 in old ones; it sells at 12;
- recycled metal: 1.5 a season (3 a year) from 1.5 ÷ 0.9 of scrap at 2, sold at 8, content 0.6: a gain of 12 − 10/3 = 26/3 a season,
  5.78 a unit or 9.63 a unit of content, more than any metal earns, so the content ceiling of 7 leaves 7 − 0.9 = 6.1 for metal
  (6 in the first stage by its own ceiling) and the floor of 4 asks for 3.1 of metal;
- new cells earn 12 − 2.1 − 2 × 4.4 = 1.1 even on coal; old cells 12 − 2.1 − 3 = 6.9 on hydro and 12 − 2.1 − 13.2 < 0 on coal, so
  they run on what hydro is left, or to reach the floor;
- the line costs 5 at size 1, 20 at 4 and 29 at 9 a year: a mixture of the outer two, 5 + 3 × (size − 1), beats the point in the
  middle (14 at size 4); the move turns 5 of old cells into 4 new ones for 1.5 a year; two moves would close 10 of 8;
- stage weights 4 and 5; a stage may hold one decision, and the line is built once.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from worlds import Plan, indicator, solve

from model.problems import Problems
from model.reading import read
from model.tables import frame

FOLDER = Path(__file__).parents[1] / "data" / "examples" / "toy_hydro"
HYDRO = {"dry low": 4, "dry flood": 8, "wet low": 6, "wet flood": 12}
WEIGHT, CEILING = {"y1": 4, "y2": 5}, {"y1": 6.0, "y2": 6.1}
GAIN_OF_RECYCLING, FLOOR = 26 / 3, 3.1


def season(ceiling: float, new_cells: float, old_cells: float, hydro: float) -> tuple[float, float, float]:
    """Cost of a season, and its metal from new and from old cells; yearly capacities work half a year."""
    new = min(new_cells / 2, ceiling)
    old = min(old_cells / 2, ceiling - new, max(0.0, hydro - 2 * new) / 3)
    old = max(old, min(old_cells / 2, FLOOR - new))
    assert new + old >= FLOOR - 1e-9
    power = 2 * new + 3 * old
    return 2.1 * (new + old) + min(power, hydro) + 4.4 * max(0.0, power - hydro) - 12 * (new + old) - GAIN_OF_RECYCLING, new, old


def cost(line: str | None, size: float, move: str | None) -> float:
    """Cost of both stages when the line is built and the move made in the stages named."""
    total = 0.0
    for stage, weight in WEIGHT.items():
        built = size if line is not None and line <= stage else 0.0
        moved = move is not None and move <= stage
        charges = (5 + 3 * (size - 1)) * (built > 0) + 1.5 * moved
        work = [season(CEILING[stage], built + 4 * moved, 8 - 5 * moved, hydro)[0] for hydro in HYDRO.values()]
        total += weight * (charges + 0.5 * sum(work))  # two branches of probability 1/2
    return total


def best() -> dict[tuple[str | None, str | None], tuple[float, float]]:
    """Least cost and size of the line for each pair of decisions; all bends of the cost are multiples of 0.1 in the size."""
    stages = (None, "y1", "y2")
    pairs = [(line, move) for line, move in itertools.product(stages, stages) if line is None or line != move]
    sizes = {None: [0.0], "y1": [1 + step / 20 for step in range(161)]}
    return {(line, move): min((cost(line, size, move), size) for size in sizes["y1" if line else None]) for line, move in pairs}


@pytest.fixture(scope="module")
def tables():
    problems = Problems()
    dataset = read(FOLDER, problems)
    assert not problems.errors
    return dataset.tables


@pytest.fixture(scope="module")
def plan(tables) -> Plan:
    return solve(tables)


def test_seasons_by_hand():
    """First stage after the move: 4 new and 3 old cells, so 2 of metal from new ones, and from old ones what the comments say."""
    seasons = {name: season(6.0, 4, 3, hydro) for name, hydro in HYDRO.items()}
    # dry low: 4 of hydro go to the new cells; the floor asks for 1.1 on coal: 2.1 × 3.1 + 4 + 4.4 × 3.3 − 12 × 3.1 − 26/3
    assert seasons["dry low"] == pytest.approx((6.51 + 4 + 14.52 - 37.2 - 26 / 3, 2, 1.1))
    # dry flood: 4 of hydro left for 4/3 of metal: 2.1 × 10/3 + 8 − 40 − 26/3
    assert seasons["dry flood"] == pytest.approx((7 + 8 - 40 - 26 / 3, 2, 4 / 3))
    # wet low: hydro left for 2/3, the floor asks for 1.1: 1.3 of power from coal
    assert seasons["wet low"] == pytest.approx((6.51 + 6 + 5.72 - 37.2 - 26 / 3, 2, 1.1))
    # wet flood: old cells at capacity, 8.5 of power, all hydro
    assert seasons["wet flood"] == pytest.approx((7.35 + 8.5 - 42 - 26 / 3, 2, 1.5))


def test_the_optimum_by_enumeration(tables, plan):
    """Move first, then a line of 3.5: its 2 × 3.75 of power leave 4.5 of the wet flood's hydro, just what 1.5 of old cells take."""
    found = best()
    choice = min(found, key=lambda pair: found[pair][0])
    assert choice == ("y2", "y1")
    assert found[choice] == pytest.approx((-527.08, 3.5))
    assert found[None, None][0] == pytest.approx(-417.495)
    assert plan.objective == pytest.approx(-527.08, rel=1e-9)
    assert tables["expected"]["objective"].tolist() == [-527.08]


def test_every_pair_of_decisions(tables):
    """Each pair forced: the engine agrees with the arithmetic on all seven."""
    for (line, move), (least, _) in best().items():
        wanted = [float(stage == (line if option == "new line" else move)) for option, stage in zip(tables["options"]["option"], tables["options"]["period"], strict=True)]
        forced = solve(tables | {"options": tables["options"].assign(forced=wanted)})
        assert forced.objective == pytest.approx(least, rel=1e-9), (line, move)


def test_the_plan(plan):
    """Size 3.5 = 0.6875 × 1 + 0.3125 × 9: the points are no neighbours."""
    assert [plan["open", option, stage] for option in ("new line", "move") for stage in ("y1", "y2")] == pytest.approx([0, 1, 1, 0])
    assert plan["size", "new line", "y2"] == pytest.approx(3.5)
    assert [plan["point", "new line", "y2", point] for point in ("small", "middle", "large")] == pytest.approx([0.6875, 0, 0.3125])
    assert plan["activity", "smelt", "old works", "y2 wet flood"] == pytest.approx(1.5)


def test_indicators_by_hand(plan):
    """First stage: hydro 4 + 8 + 6 + 8.5 over two branches of 1/2, power 7.3 + 8 + 7.3 + 8.5; carbon 0.8 × the difference."""
    assert indicator(plan, "green power", "y1") == pytest.approx(26.5 / 2)
    assert indicator(plan, "green share", "y1") == pytest.approx(26.5 / 31.1)
    assert indicator(plan, "carbon", "y1") == pytest.approx(0.8 * 4.6 / 2)
    assert indicator(plan, "one decision", "y2") == pytest.approx(1)


def test_the_capacity_that_exists_closes_once(tables):
    """Without the rule of one decision a second move would pay if 10 of 8 could be closed; it cannot."""
    free = tables | {"indicators": tables["indicators"][tables["indicators"]["indicator"] != "one decision"]}
    free["indicator_terms"] = tables["indicator_terms"][tables["indicator_terms"]["indicator"] != "one decision"]
    moves = [solve(free)["open", "move", stage] for stage in ("y1", "y2")]
    assert sum(moves) == pytest.approx(1)
    more = free | {"capacity": frame("capacity", [{"unit": "cells", "site": "old works", "amount": 10.0}])}
    assert sum(solve(more)["open", "move", stage] for stage in ("y1", "y2")) == pytest.approx(2)
