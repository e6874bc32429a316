"""Relations between optima: what a change of the tables must do to the cost, on random worlds with yes/no decisions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest
import transformations as change
from random_decisions import EVERY, GOODS, MARKET, SITES, SOLE, TECHNOLOGIES, Parts, decision_tables
from worlds import program_of

from model.case import COLUMN_KEYS
from model.optimum import Optimum, optimise
from model.problems import Problems
from model.reading import read
from model.tables import Tables

SEEDS = (3, 8)
CONVEX = Parts(stocks=False, units=False, sole=False, named_charges=False, opens_by_period=False)  # no decision and no memory between periods
KEYS = {
    "tech_sites": ["technology", "site"], "supply": ["commodity", "site", "tier"], "demand": ["commodity", "site", "segment"], "basket_demand": ["basket", "site"],
    "lanes": ["commodity", "from", "to", "mode"],
}


def silent(best, bound, seconds):
    """Nobody watches."""


@dataclass(frozen=True)
class Found:
    """What an optimum costs, what it opens by (option, stage), and how many columns of each kind it chose from."""

    objective: float
    opened: pd.Series
    counts: pd.Series


def planned(core: Tables) -> Found:
    case, program = program_of(core)
    found = optimise(program, {"mip_rel_gap": 1e-10}, [], silent)
    assert isinstance(found, Optimum), found
    counts = pd.Series({family: len(case.columns[family]) for family in COLUMN_KEYS})
    start = counts.cumsum().shift(fill_value=0)["open"]
    opened = case.columns["open"].assign(value=found.solution.values[start : start + counts["open"]]).set_index(["option", "stage"])["value"]
    return Found(found.solution.objective, opened, counts)


def cost(core: Tables) -> float:
    return planned(core).objective


@cache
def base(seed: int, parts: Parts = EVERY) -> Found:
    return planned(decision_tables(seed, parts))


def same(number: float):
    return pytest.approx(number, rel=1e-8, abs=1e-6)


@pytest.fixture(params=SEEDS)
def seed(request) -> int:
    return request.param


@pytest.fixture
def world(seed) -> Tables:
    return decision_tables(seed)


def test_the_worlds_hold_decisions_of_every_kind():
    """Otherwise the relations below would say little."""
    most = pd.concat([base(seed).counts for seed in SEEDS], axis=1).max(axis=1)
    assert (most[["open", "point", "lane_open", "source", "stock", "running", "short", "excess"]] > 0).all()
    assert all(0.5 < base(seed).opened.sum() < len(base(seed).opened) - 0.5 for seed in SEEDS)


def test_rows_and_columns_of_the_files_in_any_order(seed, world, tmp_path):
    problems = Problems()
    tables = read(change.written(change.shuffled(world, seed), tmp_path), problems).tables
    assert not problems.errors
    assert cost(tables) == same(base(seed).objective)


def test_names_are_only_names(seed, world, tmp_path):
    """Ids with commas, quotes, blanks, comparison signs and Chinese, through the files."""
    def weird(name: str) -> str:
        return f'{name} <= "铝", @m1: open w;'

    problems = Problems()
    tables = read(change.written(change.renamed(world, weird), tmp_path), problems).tables
    assert not problems.errors
    assert cost(tables) == same(base(seed).objective)


def test_labels_in_either_language_change_nothing(seed, world):
    names = world["commodities"]["commodity"]
    swapped = world | {"commodities": world["commodities"].assign(name_zh="English of " + names, name_en="中文 " + names)}
    assert cost(swapped) == same(base(seed).objective)


def test_money_in_another_currency(seed, world):
    assert cost(change.scaled(world, change.MONEY, 7.1)) == same(7.1 * base(seed).objective)


def test_quantities_in_another_unit(seed, world):
    """Everything in thousandths: amounts × 1000, prices and coefficients ÷ 1000; what a decision costs stays."""
    tables = change.scaled(change.scaled(change.scaled(world, change.AMOUNTS, 1000), change.SIZES, 1000), change.PER_UNIT, 1e-3)
    for name in change.TERMS:
        table = tables[name]
        tables[name] = table.assign(coefficient=table["coefficient"].where(table["kind"] == "open", table["coefficient"] / 1000))
    assert cost(tables) == same(base(seed).objective)


def test_weights_of_all_stages(seed, world):
    """Years × discount factor times 3 is three times the cost; a bound of the whole horizon is priced once."""
    indicators = world["indicators"]
    thrice = indicators["relax_price"].where(indicators["scope"] != "horizon", indicators["relax_price"] * 3)
    tables = change.scaled(world, {"periods": ("weight",)}, 3) | {"indicators": indicators.assign(relax_price=thrice)}
    assert cost(tables) == same(3 * base(seed).objective)


def test_a_park_in_two_halves_with_a_free_lane(seed, world):
    """Purchases move over the fence; terms on flows would count the lane and are left out."""
    quiet = change.without_kinds(world, "flow")
    moved = {name: table.assign(b=table["b"].mask((table["kind"] == "supply") & (table["b"] == "s0"), "east")) for name, table in quiet.items() if name in change.TERMS}
    tables = quiet | moved | {"supply": quiet["supply"].assign(site=quiet["supply"]["site"].replace("s0", "east"))}
    fence = [{"commodity": good, "from": start, "to": end, "unit_cost": 0.0, "mode": "gate"} for good in (*GOODS, SOLE) for start, end in (("s0", "east"), ("east", "s0"))]
    assert cost(change.added(tables, "lanes", fence)) == same(cost(quiet))


def test_a_park_that_nothing_reaches(seed, world):
    """It has plants and no lanes; terms on all capacity would count it and are left out."""
    quiet = change.without_kinds(world, "capacity")
    tables = change.added(quiet, "tech_sites", [{"technology": technology, "site": "far", "variable_cost": 0.0} for technology in TECHNOLOGIES])
    assert cost(change.added(tables, "capacity", [{"unit": "u0", "site": "far", "amount": 9.0}])) == same(cost(quiet))


def test_ceilings_only_cost(seed, world):
    ceilings = {"tech_sites": ("max_activity",), "lanes": ("max_flow",), "supply": ("max",), "options": ("max_size",), "capacity": ("amount",)}
    quiet = change.without_kinds(world, "capacity")  # existing capacity counts in indicators too
    there = cost(quiet)
    assert cost(change.scaled(quiet, ceilings, 1.3)) <= there + 1e-6
    tight = {name: columns for name, columns in ceilings.items() if name not in ("options", "capacity")}
    assert cost(change.scaled(quiet, tight, 0.8)) >= there - 1e-6


def test_bounds_of_policy_only_cost(seed, world):
    free = world | {"indicators": world["indicators"].assign(min=np.nan, max=np.nan)}
    assert cost(free) <= base(seed).objective + 1e-6


def test_a_demand_in_two_halves(seed, world):
    several = world["demand"]["single_source"] != 1.0
    assert cost(change.in_parts(world, "demand", several, "segment", ("min", "max"))) == same(base(seed).objective)


def test_a_purchase_in_two_tiers_of_one_price(seed, world):
    rows = pd.Series(True, index=world["supply"].index)
    assert cost(change.in_parts(world, "supply", rows, "tier", ("max",))) == same(base(seed).objective)


def test_a_lane_in_two_modes_of_one_price(seed, world):
    plain = world["lanes"]["max_flow"].notna() & (world["lanes"]["fixed_cost"] == 0)
    key = KEYS["lanes"]
    charged = {row for row, open_ in zip(world["lanes"][key].itertuples(index=False, name=None), ~plain, strict=True) if open_}
    uniform = plain & ~world["lanes"][key].apply(tuple, axis=1).isin(charged)  # a mode has its rows of every rank or none
    assert cost(change.in_parts(world, "lanes", uniform, "mode", ("max_flow",))) == same(base(seed).objective)


def test_capacity_in_two_rows(seed, world):
    table = world["capacity"]
    halves = pd.concat([table.assign(amount=table["amount"] * share) for share in (0.3, 0.7)], ignore_index=True)
    assert cost(world | {"capacity": halves}) == same(base(seed).objective)


def test_two_regions_that_never_meet(seed, world):
    """The cost of both is the sum; a term on ``*`` would see both and is left out."""
    one = change.without_wildcards(world)
    other = change.scaled(change.renamed(one, lambda name: f"north {name}", change.IDS), change.MONEY, 1.7)
    alone = cost(one)
    assert cost(change.joined(one, other)) == same(alone + 1.7 * alone)


def test_rows_of_all_stages_written_out(seed, world):
    assert cost(change.by_stage(world, KEYS)) == same(base(seed).objective)


def test_recipes_of_all_sites_written_out(seed, world):
    assert cost(change.recipes_by_site(world, (*SITES, MARKET))) == same(base(seed).objective)


def test_a_period_in_two_halves(seed):
    """Without decisions and memory between periods the halves do what the whole did."""
    tables = decision_tables(seed, CONVEX)
    assert cost(change.period_in_halves(tables, tables["periods"]["period"].iloc[0])) == same(base(seed, CONVEX).objective)


def test_a_branch_twice_with_half_its_probability(seed):
    """Stocks and running lines stay within their branch, so its twin repeats them."""
    parts = Parts(sole=False, named_charges=False)
    assert cost(change.branches_twice(decision_tables(seed, parts))) == same(base(seed, parts).objective)


def test_the_same_project_at_a_higher_price(seed, world):
    """Only one of the two may be built in a stage, and the dear one is never the better."""
    rows = world["options"][world["options"]["option"] == "o1"]
    dear = rows.assign(option="o1 dear", fixed_cost=rows["fixed_cost"] + 1, forced=rows["forced"].where(rows["forced"] == 0))
    tables = world | {"options": pd.concat([world["options"], dear], ignore_index=True)}
    for name, column in (("option_effects", "option"), ("indicator_terms", "a")):
        twin = tables[name][tables[name][column] == "o1"]
        tables[name] = pd.concat([tables[name], twin.assign(**{column: "o1 dear"})], ignore_index=True)
    tables = change.added(tables, "indicators", [{"indicator": "one of the two", "scope": "stage", "max": 1.0}])
    pair = [{"indicator": "one of the two", "kind": "open", "a": name, "coefficient": 1.0} for name in ("o1", "o1 dear")]
    plan = planned(change.added(tables, "indicator_terms", pair))
    assert plan.objective == same(base(seed).objective)
    assert plan.opened.xs("o1 dear").max() == pytest.approx(0, abs=1e-6)


def test_decisions_made_beforehand(seed, world):
    """The plan's own yes and no as ``forced`` is the same plan; forbidding what it leaves out alone costs nothing either."""
    chosen = base(seed).opened.round()
    first = world["periods"].sort_values("order")["stage"].iloc[0]
    options = world["options"]
    found = np.array([chosen.get((option, first if stage == "*" else stage), np.nan) for option, stage in zip(options["option"], options["period"], strict=True)])
    settled = planned(world | {"options": options.assign(forced=found)})
    assert settled.objective == same(base(seed).objective)
    assert settled.opened.to_numpy() == pytest.approx(chosen.to_numpy())
    assert cost(world | {"options": options.assign(forced=options["forced"].where(found != 0, 0.0))}) == same(base(seed).objective)
