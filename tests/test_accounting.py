"""Accounts by hand: money by class and grade, and average costs traced through a chain."""

from __future__ import annotations

import pandas as pd
import pytest
from runs import MEXSS, dataset, solved, traced

from model.accounting import cost_by_class, money_by_grade

# Ore from two mines (one lane loses a fifth), a smelter with a by-product and slag that must go somewhere, one new oven.
# 8 kt of metal need 16 of ore: 10 from a (8 arrive), 8 from b.
CHAIN = {
    "commodities": "commodity balance\nore free\nmetal free\ncopper free\nslag exact",
    "supply": "commodity site price max cost_class\nore a 1 10 ore\nore b 3 - ore",
    "lanes": "commodity from to unit_cost delivered_share\nore a mill 0.5 0.8\nore b mill 1 -",
    "recipes": "technology commodity quantity\nsmelt ore -2\nsmelt metal 1\nsmelt copper 0.25\nsmelt slag 0.5\ndump slag -1",
    "tech_sites": "technology site variable_cost cost_class\nsmelt mill 3 work\ndump mill 1 tipping", "capacity_use": "technology unit use\nsmelt oven 1",
    "capacity": "unit site amount\noven mill 6", "options": "option variable_cost max_size\ngrow 4 10", "option_effects": "option unit site per_size\ngrow oven mill 1",
    "demand": "commodity site min max price\nmetal mill 8 8 0\ncopper mill 2 2 0",
}
TOTAL = {"ore": 10 * 1 + 8 * 3, "freight": 10 * 0.5 + 8 * 1, "work": 8 * 3, "tipping": 4 * 1, "capital": 2 * 4}


def classes(table, **place):
    for name, value in place.items():
        table = table[table[name] == value]
    return dict(zip(table["cost_class"], table["value"], strict=True))


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    return solved(dataset(tmp_path_factory.mktemp("chain"), **CHAIN))


def test_money_by_class_sums_to_the_objective(chain):
    table = cost_by_class(chain.results)
    assert dict(zip(table["cost_class"], table["value"], strict=True)) == {name: pytest.approx(value) for name, value in TOTAL.items()}
    assert float(table["value"].sum()) == pytest.approx(83.0) == pytest.approx(chain.results.objective)


def test_a_good_costs_what_its_arrivals_cost_together(chain):
    goods = traced(chain).goods
    # 34 of purchases and 13 of freight on 16 that arrive, not on the 18 that are sent
    assert classes(goods, commodity="ore", site="mill") == {"freight": pytest.approx(13 / 16), "ore": pytest.approx(34 / 16)}
    assert classes(goods, commodity="ore", site="b") == {"ore": pytest.approx(3.0)}


def test_a_process_carries_inputs_work_residues_and_capital(chain):
    costs = classes(traced(chain).processes, technology="smelt")
    assert costs == {
        "ore": pytest.approx(34 / 8), "freight": pytest.approx(13 / 8), "work": pytest.approx(3.0),
        "residue": pytest.approx(0.5), "capital": pytest.approx(2 * 4 / 8),
    }
    assert traced(chain).processes.set_index("technology").loc["smelt", "activity"].unique() == pytest.approx([8.0])


def test_products_share_the_cost_of_their_process_by_amount(chain):
    goods = traced(chain).goods
    metal, copper = (classes(goods, commodity=name, site="mill") for name in ("metal", "copper"))
    assert sum(metal.values()) == pytest.approx(83 / 10) == pytest.approx(sum(copper.values()))
    assert metal["capital"] == pytest.approx(0.8) and metal["residue"] == pytest.approx(0.4)


def test_sold_goods_carry_the_whole_cost(chain):
    goods = traced(chain).goods
    sold = {"metal": 8.0, "copper": 2.0}
    assert sum(amount * sum(classes(goods, commodity=name, site="mill").values()) for name, amount in sold.items()) == pytest.approx(sum(TOTAL.values()))


def test_who_gets_rid_of_residues_is_paid_for_it(chain):
    costs = classes(traced(chain).processes, technology="dump")
    assert costs == {"tipping": pytest.approx(1.0), "residue": pytest.approx(-1.0)}


def test_mexican_steel_costs_what_the_plan_spends():
    """Published optimum 538.8112: what is spent on sold steel, less what exports earn (140 each)."""
    run = solved(MEXSS)
    goods = traced(run).goods.groupby(["commodity", "site"])["value"].sum()
    sale = run.results.values["sale"]
    spent = sum(amount * goods[good, site] for good, site, amount in zip(sale["commodity"], sale["site"], sale["value"], strict=True) if amount > 0)
    exported = float(sale.loc[sale["site"] == "port", "value"].sum())
    assert spent - 140 * exported == pytest.approx(538.8112, rel=1e-6)


def test_branches_count_by_their_probability(tmp_path):
    run = solved(dataset(
        tmp_path, periods="period stage branch probability weight\nwet y w 0.25 3\ndry y d 0.75 3", supply="commodity site period price\npower dam wet 1\npower dam dry 3",
        demand="commodity site period min max price\npower dam wet 10 10 0\npower dam dry 30 30 0",
    ))
    # expected amounts 2.5 and 22.5; the weight of the stage is no part of a year's cost
    assert classes(traced(run).goods, commodity="power", site="dam") == {"purchases": pytest.approx((2.5 * 1 + 22.5 * 3) / 25)}
    assert run.results.objective == pytest.approx(3 * (0.25 * 10 * 1 + 0.75 * 30 * 3))


SHARED = {
    "recipes": "technology commodity quantity\nroll sheet 1\npress bar 1", "tech_sites": "technology site variable_cost\nroll north 0\npress north 0\nroll south 0",
    "options": "option variable_cost max_size\nboth 6 10", "demand": "commodity site min max price\nsheet north 3 3 0\nbar north 2 2 0\nsheet south 4 4 0",
}


def test_capital_of_one_decision_for_two_sites_is_charged_once(tmp_path):
    run = solved(dataset(
        tmp_path, **SHARED, capacity_use="technology unit use\nroll mill 1\npress mill 0.5",
        option_effects="option unit site per_size\nboth mill north 1\nboth mill south 1",
    ))
    # 4 of each site for 24 in all: 12 to each; in the north 3 of sheet and 1 of use for 2 of bar share it 3 : 1
    goods = traced(run).goods
    assert run.results.objective == pytest.approx(24.0)
    assert classes(goods, commodity="sheet", site="south") == {"capital": pytest.approx(12 / 4)}
    assert classes(goods, commodity="sheet", site="north") == {"capital": pytest.approx(9 / 3)}
    assert classes(goods, commodity="bar", site="north") == {"capital": pytest.approx(3 / 2)}


def test_only_charges_of_the_stage_and_what_stands_in_it_count(tmp_path):
    run = solved(dataset(
        tmp_path, periods="period stage\np1 y1\np2 y2", recipes="technology commodity quantity\nroll sheet 1", tech_sites="technology site variable_cost\nroll north 1",
        capacity_use="technology unit use\nroll mill 1", options="option period variable_cost max_size\nfirst y1 5 10\nlater y2 2 10",
        option_effects="option unit site per_size\nfirst mill north 1\nlater mill north 1",
        demand="commodity site period min max price\nsheet north p1 3 3 0\nsheet north p2 4 4 0",
    ))
    assert run.results.objective == pytest.approx(3 * 5 * 2 + 1 * 2 + 7 * 1)  # 3 from the first stage on, 1 more from the second
    assert classes(traced(run).goods, commodity="sheet", site="north") == {"capital": pytest.approx(5.0), "production": pytest.approx(1.0)}


def test_indicator_prices_are_policy(tmp_path):
    run = solved(dataset(
        tmp_path, supply="commodity site price\nore mine 2", demand="commodity site min max price\nore mine 5 5 0",
        indicators="indicator price\ncarbon 0.5", indicator_terms="indicator kind a coefficient\ncarbon supply ore 3",
    ))
    table = cost_by_class(run.results)
    assert dict(zip(table["cost_class"], table["value"], strict=True)) == {"purchases": pytest.approx(10.0), "policy": pytest.approx(7.5)}
    assert run.results.objective == pytest.approx(17.5)


def test_gross_money_by_grade(tmp_path):
    run = solved(dataset(
        tmp_path, supply="commodity site price max grade\nore mine 1 4 A\nore mill 2 - C", lanes="commodity from to unit_cost grade\nore mine mill 0.5 D",
        demand="commodity site min max price grade\nore mill 5 5 3 B",
    ))
    # 4 bought at 1, moved at 0.5, 1 bought at 2, 5 sold at 3: 4 + 2 + 2 + 15 = 23 of gross money
    table = money_by_grade(run.results).set_index("grade")["share_of_cost"]
    assert table.to_dict() == {"A": pytest.approx(4 / 23), "B": pytest.approx(15 / 23), "C": pytest.approx(2 / 23), "D": pytest.approx(2 / 23)}


def test_a_plan_that_does_nothing_costs_nothing(tmp_path):
    run = solved(dataset(tmp_path, supply="commodity site price\nore mine 1", demand="commodity site min max price\nore mine 0 5 0.5"))
    assert cost_by_class(run.results).empty and run.results.objective == 0
    assert traced(run).goods.empty and traced(run).processes.empty
    assert isinstance(traced(run).goods, pd.DataFrame)
