"""One period: chains of parks, lanes, residues, shared units, shortages and sales, every answer worked out by hand."""

from __future__ import annotations

import pytest
from worlds import solve, status_of, world

from model.solve import Status
from model.tables import frame

ALL = "all"


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def two_parks(**extra):
    """West has cheap power and 6 of capacity, east the alumina and the market of 10."""
    return world(**{
        "recipes": """
            technology commodity quantity
            smelt      alumina   -2
            smelt      power     -13
            smelt      metal     1""",
        "tech_sites": """
            technology site variable_cost
            smelt      west 1
            smelt      east 1""",
        "capacity_use": """
            technology unit    use
            smelt      potline 1""",
        "capacity": """
            unit    site amount
            potline west 6
            potline east 10""",
        "supply": """
            commodity site price
            alumina   east 2
            power     west 0.3
            power     east 0.5""",
        "lanes": """
            commodity from to   unit_cost
            alumina   east west 0.5
            metal     west east 0.4""",
        "demand": """
            commodity site min max price
            metal     east 10  10  0""",
    } | extra)


def test_two_parks_fill_the_cheap_one_first():
    """West: alumina 2 × (2 + 0.5) + power 13 × 0.3 + 1 + freight 0.4 = 10.3. East: 2 × 2 + 13 × 0.5 + 1 = 11.5.

    6 come from the west, 4 from the east: 61.8 + 46 = 107.8. One more metal costs 11.5; one more potline in the west
    saves 1.2; alumina in the west is worth 2.5.
    """
    plan = solve(two_parks())
    assert plan.objective == near(107.8)
    assert plan["activity", "smelt", "west", ALL] == near(6)
    assert plan["activity", "smelt", "east", ALL] == near(4)
    assert plan["flow", "alumina", "east", "west", "", ALL] == near(12)
    assert plan["flow", "metal", "west", "east", "", ALL] == near(6)
    assert plan.dual("must_serve", "metal", "east", "", ALL) == near(11.5)
    assert plan.dual("capacity", "potline", "west", ALL) == near(-1.2)
    assert plan.dual("balance", "alumina", "west", ALL) == near(2.5)


def test_dearer_freight_turns_the_order_of_parks():
    """With metal freight 1.7 the west costs 11.6, more than the east's 11.5: all ten are made in the east for 115."""
    plan = solve(two_parks(lanes="""
        commodity from to   unit_cost
        alumina   east west 0.5
        metal     west east 1.7"""))
    assert plan.objective == near(115)
    assert plan["activity", "smelt", "east", ALL] == near(10)


def test_no_lane_means_not_allowed():
    """Without a lane for alumina the west cannot work: ten in the east for 115. Without capacity there, no plan exists."""
    lanes = "commodity from to unit_cost\nmetal west east 0.4"
    assert solve(two_parks(lanes=lanes)).objective == near(115)
    assert status_of(two_parks(lanes=lanes, capacity="unit site amount\npotline west 6")) is Status.INFEASIBLE


def test_own_recipe_row_replaces_only_its_commodity():
    """East's own alumina row says 1.5 instead of 2 and leaves power and metal alone: 1.5 × 2 + 6.5 + 1 = 10.5 there.

    The west still costs 10.3: 6 × 10.3 + 4 × 10.5 = 103.8.
    """
    plan = solve(two_parks(recipes="""
        technology site commodity quantity
        smelt      *    alumina   -2
        smelt      east alumina   -1.5
        smelt      *    power     -13
        smelt      *    metal     1"""))
    assert plan.objective == near(103.8)
    assert plan["supply", "alumina", "east", "", ALL] == near(6 * 2 + 4 * 1.5)


def test_loss_on_a_lane():
    """Nine must arrive and a tenth spills: 10 are bought at 3 and shipped at 0.5 per unit sent: 35. One more costs 3.5 / 0.9."""
    plan = solve(world(
        supply="commodity site price\nliquid smelter 3",
        lanes="commodity from to unit_cost delivered_share mode\nliquid smelter foundry 0.5 0.9 crucible",
        demand="commodity site min max price\nliquid foundry 9 9 0",
    ))
    assert plan.objective == near(35)
    assert plan["flow", "liquid", "smelter", "foundry", "crucible", ALL] == near(10)
    assert plan.dual("balance", "liquid", "foundry", ALL) == near(3.5 / 0.9)


def test_a_tiny_share_still_arrives():
    """A millionth arrives: one unit needs a million sent, at 0.001 each, bought at 0: 1000."""
    plan = solve(world(
        supply="commodity site price\nwater a 0",
        lanes="commodity from to unit_cost delivered_share\nwater a b 0.001 0.000001",
        demand="commodity site min max price\nwater b 1 1 0",
    ))
    assert plan.objective == near(1000)
    assert plan["flow", "water", "a", "b", "", ALL] == near(1e6)


def mud_world(balance):
    return world(
        commodities=f"commodity balance\nalumina free\nmud {balance}",
        recipes="""
            technology commodity quantity
            refine     alumina   1
            refine     mud       1.5
            brick      mud       -1
            stack      mud       -1""",
        tech_sites="""
            technology site variable_cost max_activity
            refine     r    1             -
            brick      r    2             3
            stack      r    5             -""",
        demand="commodity site min max price\nalumina r 4 4 0",
    )


def test_a_residue_must_go_somewhere():
    """4 alumina leave 6 of mud: 3 become bricks (6), 3 are stacked (15), refining costs 4: 25. Mud is worth −5."""
    plan = solve(mud_world("exact"))
    assert plan.objective == near(25)
    assert plan["activity", "brick", "r", ALL] == near(3)
    assert plan["activity", "stack", "r", ALL] == near(3)
    assert plan.dual("balance_exact", "mud", "r", ALL) == near(-5)
    assert plan.dual("must_serve", "alumina", "r", "", ALL) == near(1 + 1.5 * 5)


def test_a_free_surplus_vanishes():
    """The same mud as a free good costs nothing: only the refining is paid, 4."""
    assert solve(mud_world("free")).objective == near(4)


def test_an_exact_good_without_exit_stops_the_plant():
    """Mud with no user cannot arise, so the alumina demand cannot be met."""
    world_without_exit = mud_world("exact")
    world_without_exit["tech_sites"] = world_without_exit["tech_sites"].iloc[:1]
    world_without_exit["recipes"] = world_without_exit["recipes"].iloc[:2]
    assert status_of(world_without_exit) is Status.INFEASIBLE


def mill_world(demand):
    return world(
        recipes="""
            technology commodity quantity
            thick      slab      -1
            thick      plate     1
            thin       slab      -1
            thin       sheet     0.9
            thin       chips     0.1""",
        tech_sites="technology site variable_cost\nthick m 0\nthin m 1",
        capacity_use="technology unit use\nthick mill 1\nthin mill 2\nthin furnace 0.5",
        capacity="unit site amount\nmill m 7\nmill m 3\nfurnace m 100",
        supply="commodity site price\nslab m 1",
        demand=demand,
    )


def test_two_technologies_share_one_unit():
    """The mill's two rows add up to 10. Plate 4 leaves 6, hence 3 runs of thin = 2.7 sheet (price 10) and 0.3 chips (price 2).

    Slab 7 + thin 3 − 27 − 0.6 = −17.6. A mill hour is worth (0.9 × 10 + 0.1 × 2 − 1 − 1) / 2 = 3.6.
    """
    plan = solve(mill_world("commodity site min max price\nplate m 4 4 0\nsheet m 0 100 10\nchips m 0 - 2"))
    assert plan.objective == near(-17.6)
    assert plan["activity", "thin", "m", ALL] == near(3)
    assert plan.dual("capacity", "mill", "m", ALL) == near(-3.6)
    assert plan.dual("capacity", "furnace", "m", ALL) == near(0)


def test_steps_of_supply_are_used_in_order_of_price():
    """Sale at 5 up to 10: steps of 3 at 1 and 5 at 4 pay, the step at 6 does not: 3 + 20 − 40 = −17."""
    plan = solve(world(
        supply="commodity site tier price min max\nscrap c s1 1 0 3\nscrap c s2 4 0 5\nscrap c s3 6 0 9",
        demand="commodity site min max price\nscrap c 2 10 5",
    ))
    assert plan.objective == near(-17)
    assert plan["sale", "scrap", "c", "", ALL] == near(8)
    assert plan["supply", "scrap", "c", "s3", ALL] == near(0)


def test_a_minimum_of_supply_is_taken_even_at_a_loss():
    """Four must be taken at 6 and sell at 5 (2 of them) or vanish: 24 − 10 = 14."""
    plan = solve(world(
        supply="commodity site price min max\nscrap c 6 4 9", demand="commodity site min max price\nscrap c 0 2 5",
    ))
    assert plan.objective == near(14)


def test_shortage_pays_its_price_and_earns_none():
    """10 must be served, 6 exist at 1: 6 − 6 × 3 + 4 × 20 = 68. One more unit of demand costs 20, one more supply saves 22."""
    plan = solve(world(
        supply="commodity site price max\nmetal m 1 6",
        demand="commodity site min max price shortage_price segment\nmetal m 10 12 3 20 cars",
    ))
    assert plan.objective == near(68)
    assert plan["short", "metal", "m", "cars", ALL] == near(4)
    assert plan["sale", "metal", "m", "cars", ALL] == near(6)
    assert plan.dual("must_serve", "metal", "m", "cars", ALL) == near(20)
    assert plan.dual("balance", "metal", "m", ALL) == near(23)


def test_a_blank_shortage_price_allows_no_shortage():
    core = world(supply="commodity site price max\nmetal m 1 6", demand="commodity site min max price\nmetal m 10 12 3")
    assert status_of(core) is Status.INFEASIBLE


def test_shortage_stays_within_the_minimum():
    """A shortage at price 0 cannot exceed the minimum of 5, and the sale at −2 (waste paid for) stays within its maximum."""
    plan = solve(world(
        supply="commodity site price max\nmetal m 1 6", demand="commodity site min max price shortage_price\nmetal m 5 5 -2 0",
    ))
    assert plan["short", "metal", "m", "", ALL] == near(5)
    assert plan.objective == near(0)


def test_segments_are_served_in_order_of_price():
    """Six units: builders pay 4 for up to 5, cars pay 7 for up to 4: 4 × 7 + 2 × 4 = 36 earned on metal bought at 1."""
    plan = solve(world(
        supply="commodity site price max\nmetal m 1 6",
        demand="commodity site min max price segment\nmetal m 0 5 4 builders\nmetal m 0 4 7 cars",
    ))
    assert plan.objective == near(6 - 36)
    assert plan["sale", "metal", "m", "cars", ALL] == near(4)
    assert plan["sale", "metal", "m", "builders", ALL] == near(2)


def test_bounds_of_activity_and_lanes_hold():
    """At least 2 must be made at a loss of 1 (cost 3, price 2); the lane carries at most 1.5 of them, the rest vanishes: 6 − 3 = 3."""
    plan = solve(world(
        recipes="technology commodity quantity\nmake metal 1",
        tech_sites="technology site variable_cost min_activity max_activity\nmake p 3 2 5",
        lanes="commodity from to unit_cost max_flow\nmetal p m 0 1.5",
        demand="commodity site min max price\nmetal m 0 - 2",
    ))
    assert plan.objective == near(3)
    assert plan["activity", "make", "p", ALL] == near(2)
    assert plan["flow", "metal", "p", "m", "", ALL] == near(1.5)


def test_zero_coefficients_do_nothing():
    """A recipe of 0, a use of 0, a share of 0 and a content of 0 are as if the row were not there; costs of 0 are free."""
    plan = solve(world(
        recipes="technology commodity quantity\nmake metal 1\nmake dust 0",
        tech_sites="technology site variable_cost\nmake p 0",
        capacity_use="technology unit use\nmake oven 0",
        capacity="unit site amount\noven p 0",
        lanes="commodity from to unit_cost delivered_share\nmetal p far 0 0",
        baskets="basket commodity content\niron metal 0",
        basket_demand="basket site min max\niron p 0 0",
        demand="commodity site min max price\nmetal p 3 8 2",
    ))
    assert plan.objective == near(-16)


@pytest.mark.parametrize(("tables", "objective"), [
    ({"supply": "commodity site price max\nx a 1 5"}, 0),
    ({"supply": "commodity site price min max\nx a 2 3 5"}, 6),
    ({"supply": "commodity site price max\nx a 1 5", "demand": "commodity site min max price\nx a 3 3 0"}, 3),
    ({"commodities": "commodity balance\nx exact"}, 0),
    ({"stocks": "commodity site holding_cost\nx a 0"}, 0),
    ({"lanes": "commodity from to unit_cost\nx a a 1", "supply": "commodity site price max\nx a 1 5"}, 0),
], ids=["supply", "minimum", "supply-demand", "nothing", "stock", "loop"])
def test_datasets_of_one_table_are_solved(tables, objective):
    assert solve(world(**tables)).objective == near(objective)


def test_ids_are_any_text():
    """Blanks, brackets, quotes, commas and Chinese do not disturb the names of rows and columns: 2 bought at 3 = 6."""
    good, site = "铝 x,[1]", "园 区.y'\""
    plan = solve({
        "supply": frame("supply", [{"commodity": good, "site": site, "price": 3.0, "tier": "1"}, {"commodity": good, "site": site, "price": 4.0, "tier": "01"}]),
        "demand": frame("demand", [{"commodity": good, "site": site, "min": 2.0, "max": 2.0, "price": 0.0}]),
    })
    assert plan.objective == near(6)
    assert plan["supply", good, site, "1", ALL] == near(2)
