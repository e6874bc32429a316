"""Results: prices per real unit of the year (R20), money beside amounts, indicators in every group, and ties."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from runs import dataset, solved
from worlds import program_of, world

from model.results import tie_table, to_dataset

# two stages of weight 2 and 3, the first in two branches; 4 of ore a year at 5, the second tier at 7
TWO_STAGES = {
    "periods": "period stage branch length weight probability\nw1 y1 wet 1 2 0.25\nd1 y1 dry 1 2 0.75\nw2 y2 wet 0.4 3 1\nx2 y2 wet 0.6 3 1",
    "supply": "commodity site tier period price max\nore mine a * 5 3\nore mine b * 7 -", "demand": "commodity site min max price\nore mine 4 4 0",
    "indicators": (
        "indicator unit scope per\nbought kt horizon -\nyearly kt stage -\nbranchwise kt branch -\nmonthly kt period -\nshare - stage yearly\nnever - branch none\nnone - stage -"
    ),
    "indicator_terms": (
        "indicator kind a b c coefficient\nbought supply ore mine - 1\nyearly supply ore mine - 1\nbranchwise supply ore mine - 1\nmonthly supply ore mine - 1\n"
        "share supply ore mine b 1\nnever supply ore mine - 1\nnone flow ore - - 1"
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return solved(dataset(tmp_path_factory.mktemp("stages"), **TWO_STAGES)).results


def by_group(results, name):
    table = results.indicators[results.indicators["indicator"] == name]
    return dict(zip(table["group"], table["value"], strict=True))


def test_the_objective_weighs_years_and_branches(results):
    assert results.objective == pytest.approx((2 + 3) * (3 * 5 + 1 * 7))


def test_prices_are_those_of_a_real_unit_of_that_year(results):
    """One more tonne costs 7 in every period; the solver's own number carries weight and probability."""
    prices = results.duals["balance"].set_index("period")
    assert list(prices.loc[["w1", "d1", "w2", "x2"], "value"]) == [pytest.approx(7.0)] * 4
    assert prices["raw"].to_dict() == {"w1": pytest.approx(7 * 2 * 0.25), "d1": pytest.approx(7 * 2 * 0.75), "w2": pytest.approx(21), "x2": pytest.approx(21)}


def test_money_stands_beside_amounts(results):
    supply = results.values["supply"].set_index(["tier", "period"])
    assert supply.loc[("a", "x2"), "value"] == pytest.approx(1.8) and supply.loc[("a", "x2"), "unit_price"] == 5.0
    assert supply.loc[("a", "x2"), "cost"] == pytest.approx(3 * 1.8 * 5)  # the weight of the stage is in the cost
    assert supply.loc[("a", "d1"), "cost"] == pytest.approx(2 * 0.75 * 3 * 5)
    assert supply.loc[("a", "w2"), "reduced_cost"] == pytest.approx(3 * (5 - 7))  # one more of the first tier saves 2


def test_indicators_in_every_group_of_their_scope(results):
    assert by_group(results, "bought") == {"horizon": pytest.approx(8.0)}  # 4 a year in each stage, branches averaged
    assert by_group(results, "yearly") == {"y1": pytest.approx(4.0), "y2": pytest.approx(4.0)}
    assert by_group(results, "branchwise") == {"y1/wet": pytest.approx(4.0), "y1/dry": pytest.approx(4.0), "y2/wet": pytest.approx(4.0)}
    assert by_group(results, "monthly") == {"w1": pytest.approx(4.0), "d1": pytest.approx(4.0), "w2": pytest.approx(1.6), "x2": pytest.approx(2.4)}


def test_bounds_stand_beside_the_value_they_hold(tmp_path):
    """At most 3 a year in every period: 3 x 0.4 = 1.2 and 3 x 0.6 = 1.8 of the third and fourth; the ratio's bound stays a ratio."""
    rows = TWO_STAGES["indicators"].replace("indicator unit scope per", "indicator unit scope per max").replace("\n", " -\n") + " -"
    rows = rows.replace("per max -", "per max").replace("monthly kt period - -", "monthly kt period - 3").replace("share - stage yearly -", "share - period yearly 0.9")
    short = {"demand": "commodity site min max price shortage_price\nore mine 4 4 0 100", "indicators": rows}
    found = solved(dataset(tmp_path / "bounded", **{**TWO_STAGES, **short})).results.indicators.set_index(["indicator", "group"])
    assert found.loc["monthly", "max"].to_dict() == pytest.approx({"w1": 3.0, "d1": 3.0, "w2": 1.2, "x2": 1.8})
    assert found.loc["monthly", "value"].to_dict() == pytest.approx({"w1": 3.0, "d1": 3.0, "w2": 1.2, "x2": 1.8})
    assert set(found.loc["share", "max"]) == {0.9}


def test_ratios_and_what_nothing_counts_in(results):
    assert by_group(results, "share") == {"y1": pytest.approx(0.25), "y2": pytest.approx(0.25)}
    assert by_group(results, "none") == {"y1": 0.0, "y2": 0.0}
    assert set(by_group(results, "never")) == {"y1/wet", "y1/dry", "y2/wet"}
    assert all(math.isnan(value) for value in by_group(results, "never").values())


def test_the_arrays_say_what_they_are(results):
    found = to_dataset(results)
    assert found["supply"].dims == ("column_supply",) and found["balance_dual"].dims == ("row_balance",)
    assert found["supply"].attrs == {"long_name": "supply bought, mined or imported", "units": "units of the commodity in the period"}
    there = found["balance_dual"].where(found["row_balance_period"] == "w2", drop=True)
    assert there.item() == pytest.approx(7.0) and found.attrs["status"] == "optimal"


# two mines of equal cost and freight serve one mill
TIE = world(
    periods="period stage length\nh1 y 0.5\nh2 y 0.5", supply="commodity site price\nore one 1\nore two 1", demand="commodity site min max price\nore mill 10 10 0",
    lanes="commodity from to mode unit_cost\nore one mill road 2\nore two mill road 2",
)


def test_ties_are_told_by_yearly_sums_and_the_largest_first():
    case, program = program_of(TIE)
    first = np.zeros(program.matrix.shape[1])
    flow, supply = program.column_start["flow"], program.column_start["supply"]
    keys = case.columns["flow"].set_index(["from", "period"]).index
    start = {key: flow + number for number, key in enumerate(keys)}
    mines = {key: supply + number for number, key in enumerate(case.columns["supply"].set_index(["site", "period"]).index)}
    first[[start["one", "h1"], start["one", "h2"], mines["one", "h1"], mines["one", "h2"]]] = 5.0
    second = first.copy()
    # the whole year's flow from the other mine, but bought half and half
    second[[start["one", "h1"], start["one", "h2"]]], second[[start["two", "h1"], start["two", "h2"]]] = 0.0, 5.0
    second[[mines["one", "h1"], mines["two", "h1"]]] = 2.0, 3.0
    table = tie_table(case, program, first, second)
    assert list(table["family"]) == ["flow", "flow", "supply", "supply"]
    assert table.set_index("index").loc["ore, one, mill, road", ["family", "shown", "other"]].tolist() == ["flow", 0.0, 10.0]
    assert table.set_index("index").loc["ore, two", ["family", "shown", "other"]].tolist() == ["supply", 3.0, 0.0] and set(table["stage"]) == {case.calendar.stages[0]}


def test_ties_of_several_years_are_of_one_year_expected_over_its_branches():
    """6 or 2 in a first year whose branches are as likely as each other: 4; 9 in the second: 9. Never 26, the sum of all."""
    case, program = program_of(world(
        periods="period stage branch length weight probability\nya y1 a 1 2 0.5\nyb y1 b 1 2 0.5\nza y2 a 1 5 0.5\nzb y2 b 1 5 0.5",
        supply="commodity site price\nore one 1\nore two 1",
    ))
    keys = case.columns["supply"].set_index(["site", "period"]).index
    place = {key: program.column_start["supply"] + number for number, key in enumerate(keys)}
    first, second = (np.zeros(program.matrix.shape[1]) for _ in range(2))
    for period, amount in (("ya", 6.0), ("yb", 2.0), ("za", 9.0), ("zb", 9.0)):
        first[place["one", period]], second[place["two", period]] = amount, amount
    table = tie_table(case, program, first, second)
    assert sorted(table[["index", "stage", "shown", "other"]].itertuples(index=False, name=None)) == [
        ("ore, one", "y1", 0.0, 4.0), ("ore, one", "y2", 0.0, 9.0), ("ore, two", "y1", 4.0, 0.0), ("ore, two", "y2", 9.0, 0.0),
    ]


def test_when_in_the_year_a_good_moves_is_no_tie():
    case, program = program_of(TIE)
    first, second = (np.zeros(program.matrix.shape[1]) for _ in range(2))
    start = program.column_start["flow"]
    periods = list(case.columns["flow"]["period"])
    first[start + periods.index("h1")], second[start + periods.index("h2")] = 10.0, 10.0
    assert tie_table(case, program, first, second).empty


def test_the_plan_shown_does_not_depend_on_the_order_of_rows(tmp_path):
    texts = {"supply": "commodity site price\nore one 1\nore two 1", "demand": "commodity site min max price\nore mill 10 10 0", "lanes": "commodity from to unit_cost\nore one mill 2\nore two mill 2"}
    turned = {name: "\n".join([text.splitlines()[0], *reversed(text.splitlines()[1:])]) for name, text in texts.items()}
    plans = [solved(dataset(tmp_path / name, **given)).results.values["flow"] for name, given in (("a", texts), ("b", turned))]
    pd.testing.assert_frame_equal(*plans)
    assert plans[0].set_index("from")["value"].to_dict() == {"one": pytest.approx(10.0), "two": 0.0}  # the order of sites decides


def test_what_rounding_leaves_of_a_sum_divides_nothing(tmp_path):
    """0.3 of works less 0.1 and 0.2 is −2.8e-17 for the computer: the use of works that are gone does not exist, as R15 says."""
    assert 0.3 - 0.1 - 0.2 != 0.0
    tables = {
        "supply": "commodity site price max\nore p 1 5", "recipes": "technology commodity quantity\nmake ore -1\nmake metal 1",
        "tech_sites": "technology site variable_cost\nmake p 1", "capacity_use": "technology unit use\nmake works 1", "capacity": "unit site amount\nworks p 0.3",
        "options": "option min_size max_size forced\nfirst 0.1 0.1 1\nsecond 0.2 0.2 1",
        "option_effects": "option unit site per_size\nfirst works p -1\nsecond works p -1", "demand": "commodity site min max price\nmetal p 0 1 9",
        "indicators": "indicator per min relax_price\nuse living 0.85 0\nliving - - -",
        "indicator_terms": "indicator kind a coefficient\nuse activity make 1\nliving capacity works 1",
    }
    results = solved(dataset(tmp_path / "data", **tables)).results
    assert by_group(results, "living")["horizon"] == pytest.approx(0.0, abs=1e-15) and math.isnan(by_group(results, "use")["horizon"])
    assert all(check.passed for check in results.checks)
