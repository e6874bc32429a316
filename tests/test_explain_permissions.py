"""Why not there where no table offers it or a clause forbids it: a toy industry worked out by hand, and the shipped dataset."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from runs import ROOT, dataset, quiet, solved

from model import pipeline
from model.explore import explain, explain_lines, explain_study
from model.explore.candidates import STUDY_SIZE, candidates, parks, technologies
from model.explore.cost_parts import PARTS, part_of
from model.explore.widening import wide_core, widen
from model.opening import open_scenario
from model.words import entries

# Rate 0: 5,000 yuan/t over 10 years and 100 of fixed cost are 600 a year; melting costs 400. Alloy in the city, yuan/t: bought
# 3,000; from the north 1,000 (scrap) + 400 + 600 + 100 (freight) = 2,100; south 800 + 400 + 600 + 200 = 2,000; west 1,900 + 400 +
# 600 + 200 = 3,100. The city needs 10 kt. Only the north may build, up to 8: the plan makes 8 there and buys 2.
TOY = {
    "sites": "site|name_zh|name_en|kind\nnorth|北园|North|park\nsouth|南园|South|park\nwest|西园|West|park\neast|东园|East|park\ncity|城|City|market",
    "finance": "case rate planning_year\ndefault 0 2027",
    "technologies": "technology|name_zh|name_en|stage|unit|permission|labour|maintenance|other_variable|overhead|fixed_cost|capex|life|depreciation|finance|cost_class\n"
    "melt|熔炼|Melting|recycling|oven|recycled|0|0|400|0|100|5000|10|0|0|other_variable\n"
    "roast|焙烧|Roasting|recycling|kiln|recycled|0|0|400|0|100|5000|10|0|0|other_variable\n"
    "stack|堆存|Stacking|residue||none|0|0|0|0|0|0|10|0|0|residue",
    "technology_recipes": "technology site commodity quantity unit\nmelt * scrap -1 t/t\nmelt * alloy 1 t/t\nroast north alloy 1 t/t\nstack * ash -1 t/t",
    "expansions": "technology site max_size\nmelt * 8",
    "plant_sizes": "technology min_size typical_size fixed_share in_use\nmelt 1 4 0 0",
    "permissions": "permission site allowed clause\nrecycled north 1 C1\nrecycled south 0 C2",
    "commodities": "commodity\nscrap\nalloy\nash",
    "supply": "commodity site price cost_class\nscrap north 1.0 scrap\nscrap south 0.8 scrap\nscrap west 1.9 scrap\nalloy city 3.0 metal",
    "lanes": "commodity from to unit_cost\nalloy north city 0.1\nalloy south city 0.2\nalloy west city 0.2",
    "demand": "commodity site min max price\nalloy city 10 10 0",
}


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return solved(dataset(tmp_path_factory.mktemp("toy") / "toy", **TOY))


def at(run, site, technology="melt"):
    return explain_study.explained(run, (site,), (technology,), full=True)


def test_a_forbidden_place_says_the_clause_and_what_permission_would_be_worth(toy):
    """4 kt (the typical size) in the south save the 2 that are bought at 3,000 and 2 of the north: 2 x 1.0 + 2 x 0.1 a year."""
    assert toy.results.objective == pytest.approx(8 * 2.1 + 2 * 3.0)
    found = at(toy, "south")
    row = found.full[0].row
    assert (row["state"], row["clause"], row["expanding"]) == ("not_permitted", "C2", "pays") and row["size"] == 4
    assert row["extra_cost"] == pytest.approx(-2.2) and row["first_misses"] == pytest.approx(-1000)
    assert found.full[0].best_size == pytest.approx(4) and found.full[0].best_extra == pytest.approx(-2.2)
    zh, en = (explain_lines.lines(found, language)[1] for language in ("zh", "en"))
    assert en == "  Melting: needs a permission that clause C2 does not give; what follows lifts it; built at 4 kt it would save 2.2 million yuan a year"
    assert zh == "  熔炼:条款 C2 不许可,以下假定许可;若建 4 千吨,每年少花 2.2 百万元"


def test_the_worth_of_permission_is_what_solving_with_it_gives(tmp_path):
    """Permission C2 given and the plan free: the south builds 8 at 2,000, the north 2 at 2,100; at most 4 there gives the same 2.2."""
    lifted = TOY["permissions"].replace("south 0", "south 1")
    run = solved(dataset(tmp_path / "lifted", **{**TOY, "permissions": lifted, "expansions": "technology site max_size\nmelt * 8\nmelt south 4"}))
    assert run.results.objective == pytest.approx(22.8 - 2.2)


def test_a_place_that_no_row_names_is_asked_too(toy):
    """4 kt in the west replace the 2 that are bought; running the rest at 1,900 + 400 + 200 would be dearer than the north at 2,100.

    Scrap 2 x 1.9, freight 2 x 0.2, capital 4 x 0.6, melting 2 x 0.4 less 6.0 of bought alloy: 1.4 more; the first tonnes miss 100.
    """
    full = at(toy, "west").full[0]
    row = full.row
    assert row["state"] == "unlisted" and row["expanding"] == "misses" and row["extra_cost"] == pytest.approx(1.4)
    expected = {"power": 0.0, "materials": 3.8, "freight": 0.4, "capital": 2.4, "other": 0.8 - 6.0}
    assert {part: row[part] for part in PARTS} == pytest.approx(expected) and sum(expected.values()) == pytest.approx(1.4)
    assert full.by_class == pytest.approx({"scrap": 3.8, "freight": 0.4, "capital": 2.4, "other_variable": 0.8, "metal": -6.0})
    assert row["output"] == pytest.approx(2) and row["misses"] == pytest.approx(350) and row["first_misses"] == pytest.approx(100) and row["charge"] == pytest.approx(600)


def test_the_investment_at_which_it_enters(toy):
    """A charge 100 lower needs 1,000 yuan/t less of investment (a tenth of it a year), one 350 lower 3,500."""
    found = {even.what: even for even in at(toy, "west").full[0].break_evens}
    assert list(found) == ["scrap", "freight", "charge", "capex"]
    assert found["charge"].enters == pytest.approx(500) and found["charge"].stands == pytest.approx(250)
    assert found["capex"].present == 5000 and (found["capex"].enters, found["capex"].stands) == pytest.approx((4000, 1500))
    assert found["freight"].enters == pytest.approx(0.5, abs=1e-4) and math.isnan(found["freight"].stands)
    assert "power" not in found


@pytest.mark.parametrize("material", ["scrap", "alumina", "bauxite"])
def test_the_price_of_its_material_at_which_it_enters(tmp_path, material):
    """At 1,900 the first tonnes miss 100: 1,800. At s the 4 kt cost 4 x 0.6 + 4 x (s + 0.4 + 0.2) and replace 2 x 3.0 + 2 x 2.1: s = 1.35."""
    bought = f"commodity site price cost_class\nscrap north 1.0 {material}\nscrap south 0.8 {material}\nscrap west 1.9 {material}\nalloy city 3.0 metal"
    explained = at(solved(dataset(tmp_path / "w", **{**TOY, "supply": bought})), "west")
    found = {even.what: even for even in explained.full[0].break_evens}[material]
    assert found.present == pytest.approx(1.9) and (found.enters, found.stands) == pytest.approx((1.8, 1.35), abs=1e-4)
    zh, en = (explain_lines.lines(explained, language) for language in ("zh", "en"))
    called = {"scrap": "废铝", "alumina": "氧化铝", "bauxite": "铝土矿"}[material]
    assert f"    {called}均价 1.9:最初几吨降到 1.8 划算,全部规模降到 1.35 划算(供给它的各处的采购均价,千元/吨)" in zh
    assert (
        f"    {material} price 1.9: its first tonnes pay at 1.8, its whole size at 1.35 "
        "(mean purchase price where it is supplied from, thousand yuan/t)"
    ) in en


def test_scrap_that_comes_over_a_lane_is_priced_where_it_is_bought(tmp_path):
    """The same at the east, 1,700 in a depot and 200 of freight over a yard: 100 less is 1,600; two tonnes of scrap a tonne halve what it must fall."""
    changes = {
        "sites": TOY["sites"] + "\nyard|场|Yard|park\ndepot|仓|Depot|park",
        "supply": TOY["supply"].replace("scrap west 1.9 scrap", "scrap depot {price} scrap"),
        "lanes": TOY["lanes"] + "\nalloy east city 0.2\nscrap depot yard 0.1\nscrap yard east 0.1",
    }
    one = at(solved(dataset(tmp_path / "one", **{**TOY, **changes, "supply": changes["supply"].format(price=1.7)})), "east").full[0]
    assert next((even.present, even.enters) for even in one.break_evens if even.what == "scrap") == pytest.approx((1.7, 1.6), abs=1e-4)
    # 2 x 0.75 in the depot and 2 x 0.2 of freight are the same 1,900 a tonne of alloy; the north and the south need half as dear scrap
    doubled = changes | {"technology_recipes": TOY["technology_recipes"].replace("melt * scrap -1", "melt * scrap -2")}
    doubled["supply"] = changes["supply"].format(price=0.75).replace("north 1.0", "north 0.5").replace("south 0.8", "south 0.4")
    two = at(solved(dataset(tmp_path / "two", **{**TOY, **doubled})), "east").full[0]
    assert next((even.present, even.enters) for even in two.break_evens if even.what == "scrap") == pytest.approx((0.75, 0.7), abs=1e-4)


@pytest.mark.parametrize(("price", "built"), [(1.799, True), (1.801, False)])
def test_it_enters_just_below_that_price_of_scrap(tmp_path, price, built):
    """The west permitted and planned, its scrap at that price: solved again."""
    project = {
        "projects": "project site technology size capex status year load_factor\nwest_plan west melt 4 5000 planned 2027 1",
        "permissions": TOY["permissions"] + "\nrecycled west 1 C3", "expansions": "technology site max_size\nmelt north 8",
        "supply": TOY["supply"].replace("west 1.9", f"west {price}"),
    }
    run = solved(dataset(tmp_path / "w", **{**TOY, **project}))
    assert (float(run.results.values["size"].set_index("option")["value"]["west_plan"]) > 1e-6) == built


@pytest.mark.parametrize(("capex", "built"), [(3999, True), (4001, False)])
def test_it_enters_just_below_that_investment(tmp_path, capex, built):
    """The west permitted and planned at that investment: solved again."""
    project = {
        "projects": f"project site technology size capex status year load_factor\nwest_plan west melt 4 {capex} planned 2027 1",
        "permissions": TOY["permissions"] + "\nrecycled west 1 C3", "expansions": "technology site max_size\nmelt north 8",
    }
    run = solved(dataset(tmp_path / "w", **{**TOY, **project}))
    assert (float(run.results.values["size"].set_index("option")["value"]["west_plan"]) > 1e-6) == built


def test_no_input_no_recipe_and_what_was_chosen(toy):
    found = explain_study.explained(toy, parks(toy.prepared.core), technologies(toy.prepared.tables, toy.prepared.core), full=False)
    table = found.table.set_index(["site", "technology"])
    assert len(table) == 12 and (table["finding"] != "").all()
    assert table.loc[("east", "melt"), ["finding", "missing"]].tolist() == ["no_input", "scrap"]
    assert table.loc[("east", "stack"), ["finding", "missing"]].tolist() == ["no_input", "ash"]  # it follows what nobody makes
    assert table.loc[("south", "roast"), ["finding", "table"]].tolist() == ["not_offered", "technology_recipes"]
    assert table.loc[("north", "roast"), "state"] == "study" and table.loc[("north", "roast"), "size"] == STUDY_SIZE
    chosen = table.loc[("north", "melt")]
    assert chosen["finding"] == "chosen" and chosen["planned"] == pytest.approx(8) and chosen["dearer"] == pytest.approx(8 * 0.9)
    assert explain_lines.lines(found, "en")[-1].startswith("12 questions: ")


def test_a_lock_of_the_scenario_is_kept_while_another_place_is_asked(tmp_path):
    """5 kt fixed in the north: 5 are bought. 4 in the south replace bought alloy alone: 4 x 1.0 saved."""
    folder = dataset(tmp_path / "w", **TOY)
    file = tmp_path / "locked.toml"
    file.write_text('title = { zh = "锁", en = "locked" }\n[[lock]]\nsite = "北园"\ntechnology = "melt"\nstate = "fixed"\nsize = 5\n', encoding="utf-8")
    run = pipeline.run(*open_scenario(str(file), folder, ROOT, {}), quiet)
    assert run.results.objective == pytest.approx(5 * 2.1 + 5 * 3.0)
    assert at(run, "south").full[0].row["extra_cost"] == pytest.approx(-4.0)


def test_names_are_taken_in_both_languages(tmp_path):
    scenario, data = open_scenario(None, dataset(tmp_path / "w", **TOY), ROOT, {})
    found = explain_study.study(scenario, data, quiet, park="南园", technology="melting")
    assert found.table[["site", "technology"]].to_numpy().tolist() == [["south", "melt"]]


def test_every_class_of_cost_has_its_part():
    named = {cost_class: part_of(cost_class) for cost_class in entries("cost_classes")}
    assert {part: {name for name, found in named.items() if found == part} for part in PARTS if part != "other"} == {
        "power": {"power", "shedding"}, "materials": {"alumina", "bauxite", "scrap"}, "freight": {"freight"}, "capital": {"capital"},
    }


# the shipped dataset


@pytest.fixture(scope="module")
def asked(base_run):
    tables, core = base_run.prepared.tables, base_run.prepared.core
    return candidates(tables, core, parks(core), technologies(tables, core))


def test_every_park_and_technology_of_the_shipped_dataset_is_asked(base_run, asked):
    tables, core = base_run.prepared.tables, base_run.prepared.core
    sites, chosen = parks(core), technologies(tables, core)
    processes = {"smelt": "smelt_", "smelt_new": "smelt_new_"}
    seen = {(each.site, each.technology) for each in asked}
    for site in sites:
        for technology in chosen:
            prefix = processes.get(technology)
            assert any(one == site and (two == technology or (prefix and two.startswith(prefix))) for one, two in seen), (site, technology)
    assert len(sites) == 11 and len(chosen) >= 39 and len(asked) == len(set(asked))
    by_key = {(each.site, each.technology, each.option): each for each in asked}
    assert by_key["xipeng", "recycle_cast", "expand_recycle_cast_xipeng"].clause == "CY2023-2.6-h"
    assert by_key["wanzhou", "refine_wanzhou", "bosai_alumina_2"].state == "restrained"
    assert by_key["wanzhou", "smelt_new", ""].table == "new_potlines" and by_key["meishan", "smelt_new_meishan", "new_potline_meishan"].state == "pool_shut"
    assert by_key["xipeng", "refine_wanzhou", ""].table == "technology_recipes"
    assert Counter(each.state for each in asked)["open"] > 100


def test_the_widened_program_is_the_plan_and_its_answers_add_up(base_run, asked):
    """Huafeng phase 2 misses its whole charge (13,200 yuan/t over its life and the fixed cost), new recycling in Xipeng needs a clause."""
    mine = [each for each in asked if (each.site, each.technology) in (("baitao", "roll_brazing"), ("xipeng", "recycle_cast"), ("fuling", "cast_wheel"))]
    table = explain.find(base_run, mine)
    named = table.set_index("option")
    mill = base_run.prepared.tables["technologies"].set_index("technology").loc["roll_brazing"]
    charge = 13200 * 0.08 / (1 - 1.08 ** -mill["life"]) + mill["fixed_cost"]
    assert named.loc["huafeng_2", "expanding"] == "idle" and named.loc["huafeng_2", "misses"] == pytest.approx(charge)
    assert named.loc["expand_recycle_cast_xipeng", "clause"] == "CY2023-2.6-h" and named.loc["expand_recycle_cast_xipeng", "extra_cost"] > 0
    assert named.loc["expand_cast_wheel_fuling", "state"] == "study"
    np.testing.assert_allclose(table[list(PARTS)].sum(axis=1), table["extra_cost"], atol=1e-6)


def test_what_the_plan_may_build_is_not_touched_by_asking(base_run, asked):
    """Options of the wide tables that the scenario does not open are of size 0, the others as they were."""
    core = wide_core(base_run.prepared, [each for each in asked if each.technology in ("recycle_cast", "die_cast", "forge")])
    before = base_run.prepared.core["options"].set_index("option")["max_size"]
    after = core["options"].set_index("option")["max_size"]
    assert len(after) > len(before) and (after[before.index] == before).all() and (after.drop(before.index) == 0).all()


@pytest.mark.library
def test_the_whole_table_of_the_shipped_dataset(base_run, asked):
    """Every question gets an answer, and the parts of every extra cost add up to it."""
    table = explain.find(base_run, asked)
    priced = table["extra_cost"].notna()
    assert (table["finding"] != "").all() and len(table) == len(asked) and priced.sum() > 250
    np.testing.assert_allclose(table.loc[priced, list(PARTS)].sum(axis=1), table.loc[priced, "extra_cost"], atol=1e-5)
    free = table[(table["state"] == "open") & priced]
    assert (free["extra_cost"] > -1e-5).all()  # what the plan may take and does not take never saves anything
    found = explain_study.Explained(table, (), {}, "million yuan", whole=True)
    assert all(len(explain_lines.lines(found, language)) == len(asked) + 12 for language in ("zh", "en"))


def test_the_widened_program_that_costs_something_else_is_refused(toy, monkeypatch):
    from model.problems import Refusal

    mine = candidates(toy.prepared.tables, toy.prepared.core, ("south",), ("melt",))
    monkeypatch.setattr("model.explore.widening.SAME", -1.0)
    with pytest.raises(Refusal):
        widen(toy, mine)
