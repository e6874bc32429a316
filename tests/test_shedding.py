"""Shedding of other users netted of what they would miss anyway: a toy worked out by hand, and the dry late summer of 2022."""

from __future__ import annotations

import math

import pytest
from runs import ROOT, quiet
from worlds import program_of, world

from model import pipeline
from model.expand.named import Industry, industry
from model.explore import shedding
from model.opening import open_scenario
from model.solve import LoadedProgram

# Two users of one grid. Others need 100 in each half-year and lose 3 per unit cut; the smelter must deliver 10 metal in
# each, with 2 power per metal. The wet half has 150: enough for 120. The dry half has 90: the smelter takes its 20, others
# get 70 and miss 30, which costs 90. Without the smelter they would get 90 and miss 10, which costs 30: the smelter
# causes 20, priced at 60.
GRID = {
    "periods": "period stage length\ndry y 0.5\nwet y 0.5", "recipes": "technology commodity quantity\nsmelt power -2\nsmelt metal 1",
    "tech_sites": "technology site variable_cost\nsmelt grid 1", "supply": "commodity site period price max\npower grid dry 0 90\npower grid wet 0 150",
    "demand": "commodity site period min max price shortage_price\npower grid dry 100 100 0 3\npower grid wet 100 100 0 3\n"
    "metal grid dry 10 10 0 -\nmetal grid wet 10 10 0 -",
}
SMELTER = Industry(frozenset({"smelt"}), frozenset({"metal"}))


def netted(core, members=SMELTER):
    case, program = program_of(core)
    loaded = LoadedProgram(program)
    loaded.run()
    start = program.column_start["short"]
    short = case.columns["short"].assign(value=loaded.solution().values[start : start + len(case.columns["short"])])
    return shedding.netted(case, program, short, members)


def numbers(table):
    return table.set_index("commodity").loc["power"].to_dict()


def test_only_what_the_smelter_causes_is_laid_on_it():
    assert numbers(netted(world(**GRID))) == pytest.approx({"amount": 30.0, "cost": 90.0, "anyway_amount": 10.0, "anyway_cost": 30.0})


def test_floors_ask_nothing_of_an_industry_that_is_away():
    """An output floor and a basket of the smelter's metal hold the plan where it is and are lifted with the smelter."""
    floors = {
        "indicators": "indicator min scope\noutput 15 stage", "indicator_terms": "indicator kind a coefficient\noutput activity smelt 1",
        "baskets": "basket commodity content\nb metal 1", "basket_demand": "basket site period min\nb grid dry 5",
    }
    assert numbers(netted(world(**GRID, **floors)))["anyway_amount"] == pytest.approx(10.0)


def test_metal_that_is_not_served_is_not_shedding():
    """A missing tonne of metal costs 5: cutting the smelter (2 power, 6 of others' loss) is cheaper, so it makes only what
    the wet half allows. Others miss the 10 that they would miss anyway; the metal missing in the dry half is no shedding."""
    short = world(**{**GRID, "demand": GRID["demand"].replace("metal grid dry 10 10 0 -", "metal grid dry 10 10 0 4")})
    table = netted(short)
    assert list(table["commodity"]) == ["power"]
    assert numbers(table) == pytest.approx({"amount": 10.0, "cost": 30.0, "anyway_amount": 10.0, "anyway_cost": 30.0})


def test_branches_count_by_their_probability():
    """A dry branch of probability 0.25 and a wet one: 30 and 10 are missing in one year of four."""
    years = {
        "periods": "period stage branch length probability\ndry y d 1 0.25\nwet y w 1 0.75",
        "demand": GRID["demand"], "supply": GRID["supply"],
    }
    assert numbers(netted(world(**{**GRID, **years}))) == pytest.approx(
        {"amount": 7.5, "cost": 22.5, "anyway_amount": 2.5, "anyway_cost": 7.5}
    )


def test_where_nothing_is_missing_nothing_is_solved(monkeypatch):
    monkeypatch.setattr(shedding, "without", lambda *facts: pytest.fail("solved"))
    table = netted(world(**{**GRID, "supply": "commodity site period price\npower grid * 0"}))
    assert table.empty and list(table.columns) == list(shedding.COLUMNS)


def test_no_plan_without_the_industry_gives_no_number():
    """Waste that must be taken and may not vanish, burnt only by the smelter."""
    waste = {
        "commodities": "commodity balance\npower free\nmetal free\nwaste exact",
        "recipes": GRID["recipes"] + "\nsmelt waste -0.1",
        "supply": "commodity site period price min max\npower grid dry 0 - 90\npower grid wet 0 - 150\nwaste grid dry 0 1 -\nwaste grid wet 0 1 -",
    }
    found = numbers(netted(world(**{**GRID, **waste})))
    assert found["amount"] == pytest.approx(30.0) and math.isnan(found["anyway_amount"]) and math.isnan(found["anyway_cost"])


@pytest.fixture(scope="module")
def dry_run():
    return pipeline.run(*open_scenario("scenarios/dry_late_summer.toml", None, ROOT, {}), quiet)


def test_in_the_dry_late_summer_most_shedding_is_not_the_smelters(dry_run):
    """Without aluminium Sichuan misses in August what its own water, coal and the power that Chongqing has to spare, less
    the loss of the tie, do not cover: worked out from the core tables. The first step of shedding costs 3 and the second 6,
    so that the first step of both zones goes before the second of Sichuan."""
    results, core = dry_run.results, dry_run.prepared.core
    table = shedding.netted(results.case, dry_run.program, results.values["short"], industry(dry_run.prepared.tables, core))
    found = table.set_index("commodity").loc["electricity"]
    load = core["demand"][core["demand"]["commodity"] == "electricity"].groupby(["site", "period"])["min"].sum()
    supply = core["supply"][core["supply"]["commodity"] == "electricity"].groupby(["site", "period"])["max"].sum()
    missing = (load - supply).unstack("site")
    share = core["lanes"].set_index(["from", "to"]).loc[("zone_chongqing", "zone_sichuan"), "delivered_share"].iloc[0]
    spare = (-missing["zone_chongqing"]).clip(lower=0.0) * share
    needed = (missing["zone_sichuan"] - spare).clip(lower=0.0)
    assert list(needed[needed > 0].index) == ["m08"]
    first = core["demand"][(core["demand"]["segment"] == "step1") & (core["demand"]["period"] == "m08")].set_index("site")["min"]
    last = needed["m08"] - first["zone_sichuan"] - first["zone_chongqing"] * share
    assert found["anyway_amount"] == pytest.approx(first.sum() + last, rel=1e-6)
    assert found["anyway_cost"] == pytest.approx(3.0 * first.sum() + 6.0 * last, rel=1e-6)
    assert found["amount"] > found["anyway_amount"] > 0.8 * found["amount"]
