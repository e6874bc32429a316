"""Switch points of tiny worlds, worked out by hand: where a choice leaves, where it comes in, and when there is no such point."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from runs import TRNSPORT, quiet, solved
from worlds import program_of, world

from model.expand.studies import Study
from model.explore.switch_points import COLUMNS, Search, enters, find, leaves, with_switch_points

# 10 tonnes of metal are needed; the own works make up to 6 at 5 + 2 × power, the rest is bought at 9 (up to 6) and at 20
METAL = world(
    recipes="technology commodity quantity\nsmelt power -2\nsmelt metal 1", tech_sites="technology site variable_cost max_activity\nsmelt park 5 6",
    supply="commodity site tier price max\npower park grid 1 -\nmetal park near 9 6\nmetal park far 20 -", demand="commodity site min max price\nmetal park 10 10 0",
)
SMELT = ("activity", (("technology", "smelt"),))
POWER = ("supply", (("commodity", "power"),))


def study(kind="leaves", moved=((SMELT, 2.0),), watched=(SMELT,), reach=(-3.0, 8.0), central=1.0, sign=1.0, opened=(), key="s", **more):
    return Study(
        key=key, kind=kind, what=("冶炼", "smelting"), input=("电价", "power price"), unit="yuan/kWh", central=central, low=0.5, high=1.5, sign=sign,
        reach=reach, moved=moved, watched=watched, opened=opened, **more,
    )


def found(core, *studies):
    return find(*program_of(core), studies).set_index("study")


def flips(core, **more):
    table = found(core, study(**more))
    return float(table.loc["s", "flips_at"]), str(table.loc["s", "note_en"])


def test_a_choice_leaves_where_its_cost_meets_the_alternative():
    """All 6 are worth it until 5 + 2p = 9 sells the first; 4 must come from here or from 20, until 5 + 2p = 20: p = 7.5."""
    value, note = flips(METAL)
    assert value == pytest.approx(7.5)
    assert note == "" or "power" not in note
    # with the near metal unlimited the works stop at 5 + 2p = 9
    assert flips({**METAL, "supply": METAL["supply"].assign(max=math.nan)})[0] == pytest.approx(2.0)


def test_moving_the_input_or_the_activity_is_the_same():
    assert flips(METAL, moved=((POWER, 1.0),))[0] == pytest.approx(7.5)


def test_a_choice_that_left_already_has_its_point_below_the_present_price():
    dear = {**METAL, "supply": METAL["supply"].assign(max=math.nan, price=METAL["supply"]["price"].where(METAL["supply"]["commodity"] != "power", 3.5))}
    assert flips(dear, central=3.5)[0] == pytest.approx(2.0)  # at 3.5 the works stand still


def test_outside_the_range_there_is_none():
    value, note = flips(METAL, reach=(-3.0, 6.0))
    assert math.isnan(value) and note == "stands throughout -2–7"
    far = {**METAL, "supply": METAL["supply"].assign(max=math.nan)}
    value, note = flips(far, reach=(1.5, 6.0))
    assert math.isnan(value) and note == "does not stand anywhere in 2.5–7"


def test_what_nothing_can_replace_stands_always():
    alone = {**METAL, "supply": METAL["supply"][METAL["supply"]["commodity"] == "power"], "tech_sites": METAL["tech_sites"].assign(max_activity=math.nan)}
    value, note = flips(alone)
    assert math.isnan(value) and note.startswith("stands throughout")


def test_what_the_input_does_not_touch_stands_always():
    value, note = flips(METAL, moved=((("supply", (("tier", "nowhere"),)), 1.0),))
    assert math.isnan(value) and note.startswith("stands throughout")


def test_a_falling_price_can_drive_a_choice_out():
    """Ore costs 3 to dig and sells at 7 + change outside: it leaves where the price has fallen to 3."""
    core = world(supply="commodity site price max\nore mine 3 5", demand="commodity site min max price\nore mine 0 9 7")
    out = ("sale", (("commodity", "ore"),))
    assert flips(core, moved=((out, 1.0),), watched=(out,), central=7.0, sign=-1.0, reach=(-2.0, 6.0))[0] == pytest.approx(3.0)


def test_a_market_price_moves_what_is_bought_and_what_is_sold():
    """Ore is dug at 3, sold at the gate at p and bought at home at p + 0.5; the way home costs 1.

    Selling beats sending home by 0.5 at any p, and digging pays down to p = 3. Without the outlet home still feels p.
    """
    core = world(
        supply="commodity site tier price max\nore mine dug 3 5\nore home bought 7.5 -", demand="commodity site min max price\nore mine 0 9 7\nore home 10 10 0",
        lanes="commodity from to unit_cost\nore mine home 1",
    )
    out, bought = ("sale", (("commodity", "ore"), ("site", "mine"))), ("supply", (("tier", "bought"),))
    common = {"watched": (out,), "central": 7.0, "sign": -1.0, "reach": (-2.0, 6.0)}
    assert flips(core, moved=((out, 1.0), (bought, -1.0)), **common)[0] == pytest.approx(3.0, abs=6e-3)
    # the price at home alone moves: selling stops where home pays 3 + 1 more than the gate: never within reach, for it only falls
    assert flips(core, moved=((bought, -1.0),), **common) == (pytest.approx(math.nan, nan_ok=True), "stands throughout 1–9")


def test_weights_and_lengths_of_periods_are_in_the_price():
    """Two half-years counted three times over: the same break-even, because the price is that of a tonne."""
    timed = {**METAL, "periods": world(periods="period stage length weight\nh1 y 0.5 3\nh2 y 0.5 3")["periods"]}
    assert flips(timed)[0] == pytest.approx(7.5)


OVEN = world(
    recipes="technology commodity quantity\nmelt scrap -1.25\nmelt metal 1", tech_sites="technology site variable_cost\nmelt east 1\nmelt west 1",
    capacity_use="technology unit use\nmelt oven 1", options="option site variable_cost max_size\nnew_east east 2 4\nnew_west west 3 4",
    option_effects="option unit site per_size\nnew_east oven east 1\nnew_west oven west 1", lanes="commodity from to unit_cost\nmetal east city 0\nmetal west city 0",
    supply="commodity site tier price max\nscrap east a 10 -\nscrap west a 10 -\nmetal city a 12 6", demand="commodity site min max price\nmetal city 6 6 0",
)
SCRAP = ("supply", (("commodity", "scrap"),))


def line(name):
    return ("size", (("option", name),))


def coming(core, *names, reach=(0.0, 8.0)):
    common = {"kind": "enters", "moved": ((SCRAP, -1.0),), "central": 10.0, "sign": -1.0, "reach": reach}
    return found(core, *(study(key=name, watched=(line(name),), **common) for name in names))


def test_a_choice_comes_in_where_the_price_has_fallen_enough():
    """East: 1.25 s + 1 + 2 = 12 at s = 7.2; 2 of metal are left for the west: 1.25 s + 1 + 3 = 12 at s = 6.4."""
    table = coming(OVEN, "new_east", "new_west")
    step = 8.0 * 1e-3  # what bisection leaves
    assert table.loc["new_east", "flips_at"] == pytest.approx(7.2, abs=step)
    assert table.loc["new_west", "flips_at"] == pytest.approx(6.4, abs=step)


def test_a_choice_that_does_not_come_or_is_there_already():
    table = coming(OVEN, "new_east", "nowhere", reach=(0.0, 2.0))
    assert table["flips_at"].isna().all()
    assert "at any price down to 8" in table.loc["new_east", "note_en"]
    cheap = {**OVEN, "supply": OVEN["supply"].assign(price=[1.0, 1.0, 12.0])}
    assert math.isnan(coming(cheap, "new_east").loc["new_east", "flips_at"])


def test_a_choice_that_comes_and_goes_again_is_found():
    """12 for a bought tonne; east takes s + 5, west 2 s + 1: east comes at s = 7 and gives way at s = 4 – at the end of the search it is gone."""
    core = {
        **OVEN,
        **world(
            recipes="technology commodity quantity\nmelt_east scrap -1\nmelt_east metal 1\nmelt_west scrap -2\nmelt_west metal 1",
            tech_sites="technology site variable_cost\nmelt_east east 3\nmelt_west west 0",
            capacity_use="technology unit use\nmelt_east oven 1\nmelt_west oven 1",
            options="option site variable_cost max_size\nnew_east east 2 9\nnew_west west 1 9",
        ),
    }
    table = coming(core, "new_east", "new_west")
    assert table.loc["new_east", "flips_at"] == pytest.approx(7.0, abs=8e-3)
    assert table.loc["new_west", "flips_at"] == pytest.approx(4.0, abs=8e-3)


def test_studies_of_different_inputs_do_not_share_plans():
    case, program = program_of(OVEN)
    search, solved_at = Search(case, program), {}
    common = {"kind": "enters", "watched": (line("new_east"),), "central": 10.0, "sign": -1.0, "reach": (0.0, 8.0)}
    alone = enters(search, study(moved=((SCRAP, -1.0),), **common), {}).flips
    enters(search, study(moved=((("supply", (("commodity", "metal"),)), 1.0),), **common), solved_at)  # metal dearer
    assert enters(search, study(moved=((SCRAP, -1.0),), **common), solved_at).flips == alone == pytest.approx(2.8, abs=8e-3)


def test_options_that_a_study_opens():
    """Closed in the plan, allowed in the study: metal bought at 9 gives way to a new oven at 5 + 2p, until p = 2."""
    core = world(
        recipes="technology commodity quantity\nsmelt metal 1", tech_sites="technology site variable_cost\nsmelt park 7", capacity_use="technology unit use\nsmelt oven 1",
        options="option site variable_cost max_size\nnew park 0 0", option_effects="option unit site per_size\nnew oven park 1",
        supply="commodity site price\nmetal park 9", demand="commodity site min max price\nmetal park 10 10 0",
    )
    assert flips(core, opened=(("new", 4.0),))[0] == pytest.approx(2.0)
    assert flips(core)[1].startswith("does not stand anywhere")  # not opened


def test_the_answer_does_not_depend_on_the_order_of_studies():
    first, second = study(key="a"), study(key="b", moved=((POWER, 1.0),), reach=(-3.0, 9.0))
    one, two = found(METAL, first, second), found(METAL, second, first)
    pd.testing.assert_frame_equal(one.sort_index(), two.sort_index(), rtol=1e-9)
    pd.testing.assert_frame_equal(one, found(METAL, first, second))
    case, program = program_of(METAL)
    near = leaves(Search(case, program), first, near=7.4).flips
    assert near == pytest.approx(leaves(Search(case, program), first).flips, rel=1e-9)


def test_the_fragile_come_first():
    dull = study(key="dull", moved=((("supply", (("tier", "far"),)), -1.0),), reach=(0.0, 1.0))
    far = study(key="far")  # flips 6.5 above the central value, 6.5 widths of its range
    near = replace(study(key="near"), low=-9.0, high=11.0)  # the same, 0.325 widths
    assert list(found(METAL, dull, far, near).index) == ["near", "far", "dull"]


def test_without_studies_there_is_an_empty_table(capsys):
    run = with_switch_points(solved(TRNSPORT), quiet)
    assert list(run.switch_points.columns) == list(COLUMNS) and run.switch_points.empty
    assert "switch_points" in run.seconds
