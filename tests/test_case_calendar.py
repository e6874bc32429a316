"""Time: amounts and rates (R1), precedence (R2), default time (R3), weights (R4) and decisions in stages (R5)."""

from __future__ import annotations

import pytest
from runs import dataset, solved
from study_worlds import TABLES
from worlds import case_of, solve, world

from model.case.calendar import make_calendar
from model.problems import Refusal

EMPTY = "period stage length"
SEASONS = "period stage length\nwet y 0.25\ndry y 0.75"


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def column(core, family, name, **key):
    """One cell of a column family of the Case."""
    table = case_of(core).columns[family]
    for part, value in key.items():
        table = table[table[part] == value]
    assert len(table) == 1
    return table[name].iloc[0]


def test_amounts_of_a_year_are_spread_over_its_periods():
    """R1: 12 a year are 3 in the wet quarter and 9 in the rest; prices and unit costs are taken as they stand."""
    core = world(
        periods=SEASONS,
        tech_sites="technology site period variable_cost min_activity max_activity\nmake p * 7 4 12",
        recipes="technology commodity quantity\nmake x 1",
        supply="commodity site period price min max\nx p y 5 4 12",
        lanes="commodity from to unit_cost max_flow\nx p m 2 12",
        demand="commodity site min max price shortage_price\nx m 4 12 3 9",
    )
    for period, share in (("wet", 0.25), ("dry", 0.75)):
        assert column(core, "activity", "lower", period=period) == near(4 * share)
        assert column(core, "activity", "upper", period=period) == near(12 * share)
        assert column(core, "activity", "cost", period=period) == near(7)
        assert column(core, "supply", "lower", period=period) == near(4 * share)
        assert column(core, "supply", "upper", period=period) == near(12 * share)
        assert column(core, "flow", "upper", period=period) == near(12 * share)
        assert column(core, "flow", "cost", period=period) == near(2)
        assert column(core, "sale", "upper", period=period) == near(12 * share)
        assert column(core, "sale", "cost", period=period) == near(-3)
        assert column(core, "short", "upper", period=period) == near(4 * share)


def test_a_named_periods_row_is_an_amount_of_that_period_and_replaces_the_years_row_as_a_whole():
    """R2: dry's own row says at most 5 at price 8 with no minimum; the row of the year keeps the wet quarter only."""
    core = world(periods=SEASONS, supply="commodity site period price min max\nx p * 5 4 12\nx p dry 8 - 5")
    assert column(core, "supply", "upper", period="wet") == near(3)
    assert column(core, "supply", "upper", period="dry") == near(5)
    assert column(core, "supply", "lower", period="dry") == near(0)
    assert column(core, "supply", "cost", period="dry") == near(8)


def test_a_stages_row_stands_between_the_star_and_the_period():
    """R2: stage b replaces * in b1 and b2, period b2 replaces the stage: 10, 6 × 0.5 = 3, 1."""
    core = world(
        periods="period stage length\na1 a 1\nb1 b 0.5\nb2 b 0.5",
        supply="commodity site period price max\nx p * 1 10\nx p b 1 6\nx p b2 1 1",
    )
    assert [column(core, "supply", "upper", period=period) for period in ("a1", "b1", "b2")] == near([10, 3, 1])


def test_two_rows_of_equal_rank_are_an_error():
    with pytest.raises(Refusal) as refused:
        case_of(world(supply="commodity site price max\nx p 1 10\nx p 2 6"))
    assert refused.value.problems[0].rule == "duplicate_key"


def test_capacity_rows_add_up_and_stay_yearly_rates():
    """R1, R2: 8 everywhere plus 4 in the stage plus 12 named for wet = 24 a year there: 24 × 0.25 = 6; in dry 12 × 0.75 = 9."""
    core = world(
        periods=SEASONS,
        recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost\nmake p 0",
        capacity_use="technology unit use\nmake oven 1",
        capacity="unit site period amount\noven p * 8\noven p y 4\noven p wet 12",
        demand="commodity site min max price\nx p 0 - 1",
    )
    rows = case_of(core).rows["capacity"].set_index("period")["upper"]
    assert rows["wet"] == near(6)
    assert rows["dry"] == near(9)
    assert solve(core).objective == near(-15)


def test_without_a_table_there_is_one_period_called_all():
    """R3: period, stage and branch are ``all``, one year long, of weight 1."""
    calendar = make_calendar(None)
    assert calendar.periods[["period", "stage", "branch", "length", "weight", "probability"]].to_numpy().tolist() == [["all", "all", "all", 1, 1, 1]]
    core = world(supply="commodity site period price max\nx p all 1 10")
    assert column(core, "supply", "upper", period="all") == near(10)


def test_a_blank_stage_is_the_period_itself():
    """R3: two periods without a stage are two stages; an option may be decided in each, named by the period."""
    core = world(
        periods="period weight\nnow 2\nlater 3",
        recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost\nmake p 0",
        capacity_use="technology unit use\nmake oven 1",
        options="option period variable_cost max_size\ngrow now 1 5\ngrow later 1 5",
        option_effects="option unit site per_size\ngrow oven p 1",
        demand="commodity site period min max price\nx p later 4 4 0",
    )
    plan = solve(core)
    assert plan.case.calendar.stages == ("now", "later")
    assert plan["size", "grow", "later"] == near(4)
    assert plan.objective == near(3 * 4)


def test_a_period_called_like_its_stage_is_that_stage():
    """R3: a row of period y means the stage and the period at once, so its amount is that of the only period, 10."""
    core = world(periods="period stage\ny y", supply="commodity site period price max\nx p y 1 10\nx p * 1 4")
    assert column(core, "supply", "upper", period="y") == near(10)


def test_the_period_before_the_first_is_the_last_of_the_same_stage_and_branch():
    """R9, R10: order decides; blank order is the order of rows."""
    calendar = make_calendar(world(periods="""
        period stage branch order length probability
        b2     s     b      4     0.5    0.5
        b1     s     b      3     0.5    0.5
        a2     s     a      2     0.5    0.5
        a1     s     a      1     0.5    0.5
        t1     t     a      5     1      0.5
        t2     t     b      6     1      0.5""")["periods"])
    previous = calendar.periods.set_index("period")["previous"].to_dict()
    assert previous == {"a1": "a2", "a2": "a1", "b1": "b2", "b2": "b1", "t1": "t1", "t2": "t2"}
    assert calendar.stages == ("s", "t")


def test_weights_are_years_times_probability_times_length():
    """R4: stage s: 5 × (0.25 × (0.4 + 0.6) + 0.75 × 1) = 5, t: 3. A charge decided in s runs 8 years, one in t 3."""
    calendar = make_calendar(world(periods="""
        period stage branch length weight probability
        s1     s     dry    0.4    5      0.25
        s2     s     dry    0.6    5      0.25
        s3     s     wet    1      5      0.75
        t1     t     dry    1      3      0.25
        t2     t     wet    1      3      0.75""")["periods"])
    assert calendar.stage_weight == near({"s": 5, "t": 3})
    assert calendar.remaining_weight == near({"s": 8, "t": 3})


def test_costs_carry_weight_and_probability():
    """R4: 10 a year cost 1 when wet (0.75) and 5 when dry (0.25), for 4 weighted years: 4 × (7.5 + 12.5) = 80.

    The reported price of metal (R20) is that of the branch itself: the dual 5 × 4 × 0.25 divided by 4 × 0.25.
    """
    plan = solve(world(
        periods="period stage branch weight probability\nw y wet 4 0.75\nd y dry 4 0.25",
        supply="commodity site period price\nx p w 1\nx p d 5",
        demand="commodity site min max price\nx p 10 10 0",
    ))
    assert plan.objective == near(80)
    assert plan.dual("balance", "x", "p", "d") == near(5)
    rows = plan.case.rows["balance"].set_index("period")["weight"]
    assert plan.dual("balance", "x", "p", "d") / rows["d"] == near(5)
    assert plan.dual("balance", "x", "p", "w") / rows["w"] == near(1)


def test_the_hash_sees_the_length_of_periods():
    """Where only options add capacity the length stands in no bound, yet it changes the program."""
    def core(first):
        return world(
            periods=f"period stage length\na y {first}\nb y {1 - first}",
            recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost\nmake p 0",
            capacity_use="technology unit use\nmake oven 1",
            options="option variable_cost max_size\ngrow 1 5", option_effects="option unit site per_size\ngrow oven p 1",
        )
    assert case_of(core(0.25)).hash != case_of(core(0.5)).hash
    assert case_of(core(0.25)).hash == case_of(core(0.25)).hash


def test_a_head_without_rows_is_no_table_of_periods(tmp_path):
    """As in a workbook with an unused sheet: one period ``all``, so 5 x 3 + 3 x 4 = 27 as without the table; ``all`` may be named."""
    tables = {**TABLES, "periods": EMPTY, "supply": "commodity site period tier price max\npower p all grid 4 100"}
    assert solved(dataset(tmp_path / "mill", **tables)).results.objective == pytest.approx(27)
