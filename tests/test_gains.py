"""Who earns what, by hand: trade at netbacks, at purchase prices and at the prices of the plan, rights, and the indicators by site."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from runs import quiet
from worlds import world

from model import gains, pipeline
from model.build import build
from model.case import make_case
from model.compile import compile_model
from model.problems import Problems
from model.reading import check_core
from model.results import Results
from model.tables import Tables

CHAIN = {
    "sites": "site kind region\nmine park a\nwork park b\nhub gateway out\nmarket market b",
    "tech_sites": "technology site variable_cost\ndig mine 1\nsmelt work 3",
    "recipes": "technology commodity quantity\ndig ore 1\nsmelt ore -2\nsmelt metal 1",
    "capacity_use": "technology unit use\ndig pit 1\nsmelt oven 1", "capacity": "unit site amount\npit mine 10\noven work 4",
    "lanes": "commodity from to unit_cost\nore mine hub 1\nore mine work 0.5\nmetal work market 1",
    "demand": "commodity site max price\nore hub 100 4\nmetal market 100 20",
}


def solved(**more: str) -> tuple[Results, Tables]:
    core = world(**{name: text for name, text in (CHAIN | more).items() if text})
    problems = Problems()
    check_core(core, problems)
    problems.stop_on_errors()
    case = make_case(core, problems)
    return pipeline.solve_case(core, case, compile_model(build(case), case), {}, pipeline.Clock(quiet))[0], core


def margins(results: Results, core: Tables) -> dict[str, float]:
    table = gains.split(results, core)
    assert float(table["margin"].sum()) == pytest.approx(-results.objective)
    return {row["site"]: row["margin"] for row in table.to_dict("records") if abs(row["margin"]) > 1e-9}


def test_producers_earn_what_buyers_pay_less_the_way():
    """10 dug, 8 to the works, 2 to the hub at 4 - 1 = 3, which is the price of ore at the mine.

    mine: 10 x 3 - 10 x 1 = 20. works: 4 x (20 - 1) - 8 x (3 + 0.5) - 4 x 3 = 36. hub and market pass on: 0.
    """
    results, core = solved()
    assert results.objective == pytest.approx(-56)
    assert margins(results, core) == {"mine": pytest.approx(20), "work": pytest.approx(36)}
    assert gains.split(results, core).set_index("site")["region"].to_dict() == {"mine": "a", "work": "b", "hub": "out", "market": "b"}


def test_what_a_seller_bought_is_passed_on_at_its_price():
    """No mine: the hub sells 4 at 2 and then at 3; 8 cost 20, on average 2.5. works: 4 x 19 - 20 - 8 x 0.5 - 12 = 40."""
    results, core = solved(
        tech_sites="technology site variable_cost\nsmelt work 3", recipes="technology commodity quantity\nsmelt ore -2\nsmelt metal 1",
        capacity_use="technology unit use\nsmelt oven 1", capacity="unit site amount\noven work 4",
        lanes="commodity from to unit_cost\nore hub work 0.5\nmetal work market 1", demand="commodity site max price\nmetal market 100 20",
        supply="commodity site tier price max\nore hub low 2 4\nore hub high 3 -",
    )
    assert margins(results, core) == {"work": pytest.approx(40)}


def test_trade_without_a_maker_earns_at_the_market():
    """Bought at the hub at 2 and sold at 20 after a way of 1: nobody made it, so the market that sells it earns 10 x 17."""
    results, core = solved(
        tech_sites="", recipes="", capacity_use="", capacity="", supply="commodity site price max\nmetal hub 2 10",
        lanes="commodity from to unit_cost\nmetal hub market 1", demand="commodity site max price\nmetal market 100 20",
    )
    assert margins(results, core) == {"market": pytest.approx(170)}


def test_losses_on_the_way_are_borne_by_the_maker():
    """Half of the metal arrives: 4 x (0.5 x 20 - 1) - 8 x 3.5 - 12 = -4 < 0, so only ore is dug and sold: 10 x (3 - 1)."""
    results, core = solved(lanes="commodity from to unit_cost delivered_share\nore mine hub 1 1\nore mine work 0.5 1\nmetal work market 1 0.5")
    assert margins(results, core) == {"mine": pytest.approx(20)}
    results, core = solved(
        lanes="commodity from to unit_cost delivered_share\nore mine hub 1 1\nore mine work 0.5 1\nmetal work market 1 0.5",
        demand="commodity site max price\nore hub 100 4\nmetal market 100 40",
    )
    # 4 x (0.5 x 40 - 1) - 28 - 12 = 36
    assert margins(results, core) == {"mine": pytest.approx(20), "work": pytest.approx(36)}


def test_periods_weights_and_branches_are_in_the_money():
    """Two half years of weight 3: the same plan, three times the money."""
    results, core = solved(periods="period stage length weight\nh1 y 0.5 3\nh2 y 0.5 3")
    assert margins(results, core) == {"mine": pytest.approx(60), "work": pytest.approx(108)}


SWAP = {
    "options": "option site variable_cost max_size\nclose work -0.5 4\nbuild mine 1 10\nbuy - 2 1",
    "option_effects": "option unit site per_size\nclose oven work -1\nbuild kiln mine 1",
    "tech_sites": "technology site variable_cost\ndig mine 1\nsmelt work 3\nmelt mine 1",
    "recipes": "technology commodity quantity\ndig ore 1\nsmelt ore -2\nsmelt metal 1\nmelt ore -2\nmelt metal 1",
    "capacity_use": "technology unit use\ndig pit 1\nsmelt oven 1\nmelt kiln 1",
    "lanes": "commodity from to unit_cost\nore mine hub 1\nore mine work 0.5\nmetal work market 1\nmetal mine market 1",
    "indicators": "indicator max\nswap 0", "indicator_terms": "indicator kind a coefficient\nswap size build 1\nswap size close -1\nswap size buy -1",
    "ledgers": "ledger ratio price annuity indicators\npool 1 0.75 0.1 swap",
    "ledger_entries": "ledger kind option period coefficient\npool created close * 1\npool bought buy * 1\npool used build * 1",
}


def test_rights_inside_are_a_transfer_and_rights_outside_a_cost_of_their_user():
    """A kiln at the mine saves 2 + 1 of cost and way and earns 0.5 for the oven it replaces, at a charge of 1. All 4 move;
    one more is bought outside for 2 but ore is short of two at 3: 20 - 1 - 6 - 1 - 1 - 2 = 9 > 0.

    Metal 5, ore 10: all used. Money: 5 x 20 - 5 x 1 (way) - 10 (digging) - 5 (melting) - 5 (kiln) - 2 (bought) + 2 = 75.
    The works get 4 x 0.5 for closing and 4 x 0.75 for their rights: 5; the mine has the other 70.
    """
    results, core = solved(**SWAP, demand="commodity site max price\nore hub 100 4\nmetal market 5 20")
    assert results.objective == pytest.approx(-75)
    assert margins(results, core) == {"work": pytest.approx(5), "mine": pytest.approx(70)}
    rights = gains.split(results, core).set_index("site")["rights"]
    assert (rights["work"], rights["mine"]) == (pytest.approx(3), pytest.approx(-3))


def test_the_price_inside_moves_nothing_in_the_plan():
    dear, core = solved(**SWAP | {"ledgers": "ledger ratio price annuity indicators\npool 1 7.5 0.1 swap"}, demand="commodity site max price\nmetal market 5 20")
    free, _ = solved(**SWAP | {"ledgers": "ledger ratio price annuity indicators\npool 1 0 0.1 swap"}, demand="commodity site max price\nmetal market 5 20")
    assert dear.objective == pytest.approx(free.objective)
    assert gains.split(dear, core).set_index("site")["rights"]["work"] == pytest.approx(30)


MEASURED = {
    "indicators": "indicator scope\nheat stage\nsmoke stage\ntrade stage",
    "indicator_terms": "indicator kind a b coefficient\nheat activity smelt * 13\nsmoke activity smelt work 2\nsmoke activity dig * 0.1\ntrade flow ore * 1",
}


def test_indicators_by_site():
    """4 smelted and 10 dug: 52 of heat at the works, smoke 8 there and 1 at the mine; ore counts where it arrives."""
    results, core = solved(**MEASURED)
    assert gains.by_site(results, core, ("heat",)).to_dict() == {"work": pytest.approx(52)}
    assert gains.by_site(results, core, ("smoke", "heat")).to_dict() == {"work": pytest.approx(60), "mine": pytest.approx(1)}
    assert gains.by_site(results, core, ("trade",)).to_dict() == {"work": pytest.approx(8), "hub": pytest.approx(2)}


def test_a_column_without_a_measure_has_no_data():
    results, core = solved(**MEASURED)
    columns = pd.DataFrame({"column": ["power", "both", "tax", "lost"], "measures": ["heat", "heat;smoke", "", "unknown"]})
    found = gains.table(results, core, columns).set_index("site")
    assert found["power"].to_dict() == {"work": pytest.approx(52), "mine": 0, "hub": 0, "market": 0}
    assert found.loc["work", "both"] == pytest.approx(60)
    assert found["tax"].isna().all() and found["lost"].isna().all()


def test_money_of_no_site_stays_by_itself():
    """A floor of 12 dug at most 10, missed by 2 at 5 each: 10 that no site earns."""
    results, core = solved(indicators="indicator min relax_price\nmore 12 5", indicator_terms="indicator kind a coefficient\nmore activity dig 1")
    found = margins(results, core)
    assert found[gains.NOBODY] == pytest.approx(-10) and found["mine"] == pytest.approx(20)
    assert math.isclose(sum(found.values()), 46)
