"""Indicators: every kind of term, every scope, ratios, prices, soft bounds and limits, worked out by hand (R13–R15)."""

from __future__ import annotations

import math
from functools import cache

import pytest
from worlds import case_of, indicator, solve, status_of, world

from model.problems import ExitCode, Refusal
from model.solve import Status


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


WHOLE = {
    "periods": "period stage length\nwet y 0.25\ndry y 0.75",
    "recipes": "technology commodity quantity\nsmelt ore -2\nsmelt metal 1",
    "tech_sites": "technology site variable_cost\nsmelt park 1",
    "capacity_use": "technology unit use\nsmelt potline 1",
    "capacity": "unit site amount\npotline park 6",
    "units": "unit restart_cost initial\npotline 0.1 0.5",
    "options": "option variable_cost fixed_cost max_size forced\ngrow 10 0 0.5 -\ngate 0 3 0 1",
    "option_effects": "option unit site per_size\ngrow potline park 2",
    "supply": "commodity site tier price max\nore park cheap 1 8\nore park dear 2 -",
    "lanes": "commodity from to mode unit_cost max_flow\nmetal park town rail 0.5 4\nmetal park town road 1 -",
    "stocks": "commodity site holding_cost loss capacity\nsalt town 0 0 2",
    "demand": "commodity site segment min max price shortage_price\nmetal town core 8 8 0 50\nsalt town - 0 0 0 -",
}
# 8 a year are wanted; 6 can be made, half a size adds 1: 7 are made and sold, 1 is short (50 > 10 / 2 + 1 + 4 + 1)
TERMS = {
    "activity smelt park * * *": 7, "activity * * * * wet": 1.75, "flow metal park town rail *": 4, "flow metal * * road *": 3,
    "flow * * town * *": 7, "supply ore park cheap *  *": 8, "supply ore * dear * *": 6, "supply * * * * dry": 10.5,
    "sale metal town core * *": 7, "short metal town core * *": 1, "short * * * * wet": 0.25,
    "capacity potline park * * *": 7, "capacity * * * * wet": 1.75, "running potline * * * *": 7, "running * park * * dry": 5.25,
    "restart potline park * * *": 3.5, "restart * * * * dry": 0, "open gate * * * *": 1, "size grow * * * y": 0.5, "size * * * * *": 0.5,
    "stock salt * * * *": 0,
}


@cache
def reported():
    """The world above with one unbounded indicator per kind and pattern of term."""
    lines = [f"i{number} {term} 1" for number, term in enumerate(TERMS)]
    return solve(world(
        **WHOLE, indicators="indicator\n" + "\n".join(f"i{number}" for number in range(len(TERMS))),
        indicator_terms="indicator kind a b c d period coefficient\n" + "\n".join(lines),
    ))


@pytest.mark.parametrize("term", TERMS)
def test_every_kind_of_term_counts_its_columns(term):
    """Amounts are summed, capacity and running are yearly rates × length, restart counts as it stands."""
    assert indicator(reported(), f"i{list(TERMS).index(term)}") == near(TERMS[term])


def test_the_world_of_all_kinds_costs_what_it_should():
    """Ore 8 + 12, smelting 7, rail 2 + road 3, restart 0.35, grow 5, gate 3, short 50 = 90.35; reporting changes nothing."""
    assert reported().objective == near(90.35)
    assert solve(world(**WHOLE)).objective == near(90.35)


def test_stock_counts_its_level_times_length():
    """A stock of 8 at the end of the wet quarter, empty after the dry: 8 × 0.25 = 2; priced at 0.5 it costs 1 more."""
    core = dict(
        periods="period stage length\nwet y 0.25\ndry y 0.75", stocks="commodity site holding_cost\nx p 0",
        supply="commodity site period price max\nx p wet 1 8", demand="commodity site period min max price\nx p dry 8 8 0",
        indicator_terms="indicator kind a coefficient\nkept stock x 1",
    )
    plan = solve(world(**core, indicators="indicator\nkept"))
    assert indicator(plan, "kept") == near(2)
    assert plan.objective == near(8)
    assert solve(world(**core, indicators="indicator price\nkept 0.5")).objective == near(9)


def test_coefficients_of_all_matching_rows_add_up():
    """``*`` counts 2 everywhere, the named row 0.5 more at p, the row for dry 1 more there: 2.5 × 3 + 3.5 × 9 + 2 × 4."""
    plan = solve(world(
        periods="period stage length\nwet y 0.25\ndry y 0.75", supply="commodity site price\nx p 1\nx q 1",
        demand="commodity site min max price\nx p 12 12 0\nx q 4 4 0",
        indicators="indicator\nco2", indicator_terms="""
            indicator kind   a b period coefficient
            co2       supply x * *      2
            co2       supply * p *      0.5
            co2       supply x p dry    1""",
    ))
    assert indicator(plan, "co2") == near(2.5 * 3 + 3.5 * 9 + 2 * 4)


BRANCHES = "period stage branch length weight probability\n" + "\n".join(
    f"{stage}{branch}{half} {stage} {branch} 0.5 {weight} {share}"
    for stage, weight in (("s", 3), ("t", 2)) for branch, share in (("dry", 0.25), ("wet", 0.75)) for half in "12"
)


@pytest.mark.parametrize(("scope", "upper", "coefficient", "weights"), [
    ("horizon", 10, [0.25, 0.75], {"horizon": 1}),
    ("stage", 10, [0.25, 0.75], {"s": 3, "t": 2}),
    ("branch", 10, [1, 1], {"s/dry": 0.75, "s/wet": 2.25, "t/dry": 0.5, "t/wet": 1.5}),
    ("period", 5, [1, 1], {"sdry1": 0.75, "sdry2": 0.75, "swet1": 2.25, "swet2": 2.25, "tdry1": 0.5, "tdry2": 0.5, "twet1": 1.5, "twet2": 1.5}),
])
def test_rows_of_each_scope(scope, upper, coefficient, weights):
    """R14: branches are averaged in horizon and stage rows only; the bound of a period is multiplied by its length.

    Dual and relaxation carry the stage weight, Σ weight × probability × length, weight × probability, or 1.
    """
    case = case_of(world(
        periods=BRANCHES, supply="commodity site price max\nx p 1 100",
        indicators=f"indicator max scope relax_price\nco2 10 {scope} 7", indicator_terms="indicator kind a coefficient\nco2 supply x 1",
    ))
    rows = case.rows["indicator_ceiling"].set_index("group")
    assert rows["weight"].to_dict() == near(weights)
    assert set(rows["upper"]) == {upper}
    excess = case.columns["excess"].set_index("group")
    assert excess["cost"].to_dict() == near({group: 7 * weight for group, weight in weights.items()})
    terms = case.relations["ceiling_supply"]
    by_branch = terms.groupby(terms["period"].str[1:4])["coefficient"].agg(["min", "max"])
    assert by_branch.loc["dry"].tolist() == near([coefficient[0]] * 2)
    assert by_branch.loc["wet"].tolist() == near([coefficient[1]] * 2)


@pytest.mark.parametrize(("scope", "groups"), [
    ("horizon", {"horizon": 5}), ("stage", {"s": 2, "t": 3}), ("branch", {"s/dry": 2, "s/wet": 2, "t/dry": 3, "t/wet": 3}),
    ("period", {"sdry1": 2, "swet2": 2, "tdry1": 3, "twet2": 3}),
])
def test_sizes_count_in_the_stage_where_they_are_decided(scope, groups):
    """R14: 2 decided in s and 3 in t: in period and branch rows in full, in every period or branch of that stage."""
    plan = solve(world(
        periods=BRANCHES, options="option period variable_cost min_size max_size forced\ng s 1 2 2 1\ng t 1 3 3 1",
        indicators=f"indicator scope\nbuilt {scope}", indicator_terms="indicator kind a coefficient\nbuilt size g 1",
    ))
    assert {group: indicator(plan, "built", group) for group in groups} == near(groups)


def hydro(indicators, coefficient=1, **extra):
    """10 are needed; they cost 1 in a wet branch (0.75) and 5 in a dry one (0.25), a missing one 8."""
    return world(**{
        "periods": "period stage branch probability\nw y wet 0.75\nd y dry 0.25", "supply": "commodity site period price\nx p w 1\nx p d 5",
        "demand": "commodity site min max price shortage_price\nx p 10 10 0 8", "indicators": indicators,
        "indicator_terms": f"indicator kind a coefficient\nco2 supply x {coefficient}",
    } | extra)


@pytest.mark.parametrize(("indicators", "objective"), [
    ("indicator\nco2", 20),  # 0.75 × 10 + 0.25 × 50
    ("indicator max scope\nco2 9 horizon", 23),  # dry gives way: 4 short there, 7.5 + 0.25 × (30 + 32)
    ("indicator max scope\nco2 9 stage", 23),
    ("indicator max scope\nco2 9 branch", 26),  # 1 short in each: 0.75 × 17 + 0.25 × 53
    ("indicator max scope\nco2 9 period", 26),
    ("indicator max scope relax_price\nco2 9 branch 6", 25.25),  # dry is short 1 (8 < 5 + 6), wet pays (1 + 6 < 8): 0.25 × 53 + 0.75 × 16
    ("indicator max scope relax_price\nco2 9 horizon 2", 22),  # 1 too many on average at 2 (dry shortage would cost 3)
    ("indicator price\nco2 2", 40),  # 2 more per unit: 0.75 × 30 + 0.25 × 70
    ("indicator price\nco2 4", 57.5),  # dry supply at 9 > 8: all short there: 0.75 × 50 + 0.25 × 80
    ("indicator min price\nco2 9 4", 59),  # on average 9: 6 of 10 dry ones must be bought: 37.5 + 0.25 × (6 × 9 + 4 × 8) = 59
])
def test_bounds_and_prices_over_branches(indicators, objective):
    assert solve(hydro(indicators)).objective == near(objective)


def test_prices_count_the_weight_of_the_stage_and_bounds_do_not():
    """4 weighted years: (20 + 2 × 10) × 4 = 160; the ceiling of 9 stays 9 and a violation costs 2 × 4."""
    years = "period stage branch probability weight\nw y wet 0.75 4\nd y dry 0.25 4"
    assert solve(hydro("indicator price\nco2 2", periods=years)).objective == near(160)
    assert solve(hydro("indicator max scope relax_price\nco2 9 stage 2", periods=years)).objective == near(80 + 8)
    assert solve(hydro("indicator max scope relax_price\nco2 9 horizon 2", periods=years)).objective == near(80 + 2)


def recycling(indicators, terms="", **extra):
    """10 are needed: primary at 1, recycled at 3."""
    return world(**{
        "recipes": "technology commodity quantity\nprimary metal 1\nrecycle metal 1",
        "tech_sites": "technology site variable_cost\nprimary p 1\nrecycle p 3",
        "demand": "commodity site min max price\nmetal p 10 10 0", "indicators": indicators,
        "indicator_terms": "indicator kind a coefficient\nrecycled activity recycle 1\nall activity primary 1\nall activity recycle 1\n" + terms,
    } | extra)


def test_a_ratio_bounds_one_sum_by_another():
    """At least 0.4 of all metal is recycled: 4 × 3 + 6 = 18; reported is 0.4."""
    plan = solve(recycling("indicator min per\nrecycled 0.4 all\nall - -"))
    assert plan.objective == near(18)
    assert indicator(plan, "recycled") == near(0.4)
    assert plan.dual("indicator_floor", "recycled", "horizon") == near(2)


def test_a_soft_ratio_pays_per_unit_of_the_sum():
    """R15: at 1.5 per missing unit (less than 2) nothing is recycled: 10 + 1.5 × 4 = 16."""
    plan = solve(recycling("indicator min per relax_price\nrecycled 0.4 all 1.5\nall - - -"))
    assert plan.objective == near(16)
    assert plan["excess", "recycled", "horizon", "min"] == near(4)


def test_a_ratio_ceiling_and_the_other_sums_own_bound_stay_apart():
    """Primary at most 0.7 of all, and all (its own row) at least 12: 12 × (0.7 + 0.9) = 19.2. Surplus vanishes."""
    plan = solve(recycling("indicator min max per\nfirst - 0.7 all\nall 12 - -\nrecycled - - -", "first activity primary 1"))
    assert plan.objective == near(12 * (0.7 * 1 + 0.3 * 3))


def test_a_ratio_of_a_capacity_uses_its_constant():
    """Use at least 0.8 of the year's capacity of 10 (existing) though only 5 sell at 2: 8 made at 1: 8 − 10 = −2.

    With an option that closes up to 2 at a saving of 0.5 a unit, 8 are left and 6.4 made: 6.4 − 10 − 1 = −4.6.
    """
    core = dict(
        recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost\nmake p 1",
        capacity_use="technology unit use\nmake oven 1", capacity="unit site amount\noven p 10",
        demand="commodity site min max price\nx p 0 5 2", indicators="indicator min per\nuse 0.8 have\nhave - -",
        indicator_terms="indicator kind a coefficient\nuse activity make 1\nhave capacity oven 1",
    )
    plan = solve(world(**core))
    assert plan.objective == near(-2)
    closing = solve(world(
        **core, options="option variable_cost max_size\nclose -0.5 2", option_effects="option unit site per_size\nclose oven p -1",
    ))
    assert closing.objective == near(-4.6)
    assert indicator(closing, "have") == near(8)


def test_a_ratio_by_nothing_has_no_value():
    plan = solve(recycling("indicator per max\nrecycled none -\nall - -\nnone - -", "none activity recycle 0"))
    assert math.isnan(indicator(plan, "recycled"))


def test_a_price_on_capacity_charges_new_capacity_only():
    """R13: existing 10 counts in the value, 4 new ones are charged 2 × 4 besides their 1 each: 14 × 0 + 4 + 8 = 12."""
    plan = solve(world(
        periods="period stage length\na y 0.5\nb y 0.5",
        recipes="technology commodity quantity\nmake x 1", tech_sites="technology site variable_cost\nmake p 0",
        capacity_use="technology unit use\nmake oven 1", capacity="unit site amount\noven p 10",
        options="option variable_cost\ngrow 1", option_effects="option unit site per_size\ngrow oven p 1",
        demand="commodity site min max price\nx p 14 14 0", indicators="indicator price\nland 2",
        indicator_terms="indicator kind a coefficient\nland capacity oven 1",
    ))
    assert plan.objective == near(12)
    assert indicator(plan, "land") == near(14)


def test_capacity_counts_effects_of_all_earlier_decisions():
    """4 added in y1 and 2 taken away in y2 make 10 + 4 = 14 and then 12; priced at 2 they are charged 2 × (4 × 8 − 2 × 3)."""
    core = dict(
        periods="period weight\ny1 5\ny2 3", capacity="unit site amount\noven p 10",
        options="option period variable_cost min_size max_size forced\ngrow y1 1 4 4 1\nclose y2 0 2 2 1",
        option_effects="option unit site per_size\ngrow oven p 1\nclose oven p -1",
        indicator_terms="indicator kind a coefficient\nland capacity oven 1",
    )
    plan = solve(world(**core, indicators="indicator scope\nland stage"))
    assert plan.objective == near(32)
    assert [indicator(plan, "land", stage) for stage in ("y1", "y2")] == near([14, 12])
    assert solve(world(**core, indicators="indicator scope price\nland stage 2")).objective == near(32 + 52)


def test_a_price_on_sizes_runs_to_the_horizon():
    """R14: as if it stood in the option's cost: (1 + 2) × 4 units × the 5 + 3 years that remain in stage 1."""
    plan = solve(world(
        periods="period weight\ny1 5\ny2 3", options="option period variable_cost min_size max_size forced\ng y1 1 4 9 1",
        indicators="indicator price\nland 2", indicator_terms="indicator kind a coefficient\nland size g 1",
    ))
    assert plan.objective == near(96)


@pytest.mark.parametrize(("sense", "rhs", "objective"), [("<=", 3, 16), (">=", 12, 12), ("=", 3, 16), ("=", 12, 12), ("<=", 12, 10)])
def test_limits_are_bounds_over_the_horizon(sense, rhs, objective):
    """10 are needed; the limit holds the first supply at 1, the second costs 13/7: 3 + 7 × 13/7 = 16; of 12 bought two vanish."""
    plan = solve(world(
        supply=f"commodity site tier price\nx p first 1\nx p second {13 / 7!r}", demand="commodity site min max price\nx p 10 10 0",
        limits=f"limit sense rhs\nquota {sense} {rhs}", limit_terms="limit kind a c coefficient\nquota supply x first 1",
    ))
    assert plan.objective == near(objective)


def test_an_unmet_hard_bound_is_infeasible_and_a_soft_one_is_not():
    supply = "commodity site price max\nx p 1 5"
    terms = "indicator kind a coefficient\ni supply x 1"
    assert status_of(world(supply=supply, indicators="indicator min\ni 6", indicator_terms=terms)) is Status.INFEASIBLE
    plan = solve(world(supply=supply, indicators="indicator min relax_price\ni 6 10", indicator_terms=terms))
    assert plan.objective == near(5 + 10)


def test_a_soft_bound_that_nothing_can_meet_is_paid():
    """Nothing counts in either: 1 is missing at 10 and 2 are too many at 3: 16."""
    plan = solve(world(
        commodities="commodity\nx\ny", supply="commodity site price max\nx p 1 5", indicators="indicator min max relax_price\nlow 1 - 10\nhigh - -2 3",
        indicator_terms="indicator kind a coefficient\nlow supply y 1",
    ))
    assert plan.objective == near(16)


def basket(floor_and_ceiling, price="0 0"):
    """Copper and wire at m; wire holds 0.8 copper. The basket counts copper content of all segments."""
    first, second = price.split()
    return world(
        supply="commodity site price\ncopper m 5\nwire m 3",
        demand=f"""
            commodity site segment min max price
            copper    m    a       0   4   {first}
            wire      m    a       0   5   {second}
            wire      m    b       0   5   {second}""",
        baskets="basket commodity content\ncu copper 1\ncu wire 0.8\ncu brass 0.6",
        basket_demand=f"basket site min max\ncu m {floor_and_ceiling}",
    )


def test_a_basket_floor_takes_the_cheapest_content():
    """Wire costs 3 / 0.8 = 3.75 per copper: 10 wire = 8, then 2 copper at 5: floor 10 costs 30 + 10 = 40; one more: 5."""
    plan = solve(basket("10 -"))
    assert plan.objective == near(40)
    assert plan.dual("basket_floor", "cu", "m", "all") == near(5)


def test_a_basket_ceiling_keeps_the_best_sale():
    """Copper earns 7 − 5 = 2 per content, wire (4 − 3) / 0.8 = 1.25: ceiling 6: 4 copper and 2.5 wire: −8 − 2.5."""
    plan = solve(basket("0 6", "7 4"))
    assert plan.objective == near(-10.5)
    assert plan.dual("basket_ceiling", "cu", "m", "all") == near(-1.25)


def test_basket_amounts_of_a_year_are_spread():
    """R1: a floor of 10 a year is 2.5 in a quarter and 7.5 in the rest; a named row is that period's amount."""
    core = basket("10 -")
    core |= world(periods="period stage length\na y 0.25\nb y 0.75", basket_demand="basket site period min\ncu m * 10\ncu m b 3")
    rows = case_of(core).rows["basket_floor"].set_index("period")["lower"]
    assert rows.to_dict() == near({"a": 2.5, "b": 3})


def test_a_violated_row_without_columns_is_refused_and_a_kept_one_vanishes():
    """Nothing counts in the indicator or basket: 0 ≤ 1 holds and makes no row, 0 ≥ 1 is exit 4 and names the place."""
    tables = dict(supply="commodity site price max\nx p 1 5", demand="commodity site min max price\nx p 3 3 0")
    terms = dict(indicator_terms="indicator kind a period coefficient\ni supply y * 1", commodities="commodity\nx\ny")
    kept = solve(world(**tables, **terms, indicators="indicator min max\ni -1 1"))
    assert kept.case.rows["indicator_floor"].empty
    assert kept.case.rows["indicator_ceiling"].empty
    assert [note.rule for note in kept.case.notes] == ["term_without_columns"]
    for bounds, side in (("1 -", "min"), ("- -1", "max")):
        with pytest.raises(Refusal) as refused:
            case_of(world(**tables, **terms, indicators=f"indicator min max\ni {bounds}"))
        problem = refused.value.problems[0]
        assert refused.value.code is ExitCode.INFEASIBLE
        assert (problem.rule, problem.file, problem.row, problem.column, problem.value) == ("indicator_unreachable", "indicators.csv", 2, side, "i")
        assert "horizon" in problem.text("zh")
    with pytest.raises(Refusal) as refused:
        case_of(world(**tables, baskets="basket commodity content\nfe y 1", basket_demand="basket site min max\nfe p 1 2"))
    assert refused.value.code is ExitCode.INFEASIBLE
    assert "fe" in refused.value.problems[0].text("en")
    assert "p" in refused.value.problems[0].text("zh")
