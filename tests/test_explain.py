"""Why here, why not there: two-park worlds whose whole explanation is worked out by hand, in both languages."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from runs import command_line, dataset, solved

from model.explore import explain_lines, explain_study
from model.explore.candidates import candidates
from model.explore.cost_parts import PARTS
from model.explore.explain import COLUMNS, Asker
from model.explore.forcing import held, proved
from model.explore.widening import widen
from model.problems import ExitCode, Refusal
from model.words import entries, text

# A tonne from the north costs 3 + 2 x 1 of power + 2 of capital + 1 of freight = 8, one from the south 3 + 2 x 2 + 2 + 0.5 =
# 9.5. The city needs 10, so the plan builds 10 in the north and costs 80. With 8 in the south it costs 2 x 8 + 8 x 9.5 = 92.
PARKS = {
    "recipes": "technology commodity quantity\nmelt power -2\nmelt metal 1",
    "tech_sites": "technology site variable_cost cost_class\nmelt north 3 labour\nmelt south 3 labour",
    "capacity_use": "technology unit use\nmelt oven 1",
    "options": "option site variable_cost max_size\nnew_north north 2 20\nnew_south south {charge} 8",
    "option_effects": "option unit site per_size\nnew_north oven north 1\nnew_south oven south 1",
    "supply": "commodity site price cost_class\npower north 1 power\npower south {power} power",
    "lanes": "commodity from to unit_cost\nmetal north city 1\nmetal south city {freight}",
    "demand": "commodity site min max price\nmetal city 10 10 0",
}


def parks(folder, *, power=2.0, charge=2.0, freight=0.5, **changes):
    facts = {"power": power, "charge": charge, "freight": freight}
    return solved(dataset(folder, **{name: table.format(**facts) for name, table in {**PARKS, **changes}.items()}))


def explained(run, *sites, technology="melt", full=True):
    return explain_study.explained(run, sites, (technology,), full=full)


def one(run, site="south", **more):
    return explained(run, site, **more).full[0]


def evens(full):
    return {even.what: even for even in full.break_evens}


def taken(run, option="new_south"):
    sizes = run.results.values["size"].set_index("option")["value"]
    return float(sizes[option]) > 1e-6


def test_what_was_not_chosen_by_hand(tmp_path):
    """8 kt in the south: 16 more of power, 4 less of freight, 12 in all and 1.5 per unit from the first to the last."""
    full = one(parks(tmp_path / "w"))
    row = full.row
    assert row["finding"] == row["expanding"] == "misses" and row["planned"] == row["made"] == 0.0 and row["output"] == pytest.approx(8)
    assert row["extra_cost"] == pytest.approx(12) and full.by_class == pytest.approx({"power": 16, "freight": -4})
    assert {part: row[part] for part in PARTS} == pytest.approx({"power": 16, "materials": 0, "freight": -4, "capital": 0, "other": 0})
    assert row["misses"] == pytest.approx(1500) and row["first_misses"] == pytest.approx(1500) and row["charge"] == pytest.approx(2000)
    assert full.best_size == pytest.approx(0) and full.best_extra == pytest.approx(0) and full.checks > 20


def test_break_evens_by_hand(tmp_path):
    """3 + 2p + 2 + 0.5 = 8 at p = 1.25; a charge of 0.5 less than 2 - 1.5; even free haulage leaves 9."""
    found = evens(one(parks(tmp_path / "w")))
    assert set(found) == {"power", "freight", "charge"}  # core rows state no investment
    assert found["power"].present == pytest.approx(2) and found["power"].enters == pytest.approx(1.25, abs=1e-4) == found["power"].stands
    assert math.isnan(found["freight"].enters) and math.isnan(found["freight"].stands)
    assert (found["charge"].present, found["charge"].enters, found["charge"].stands) == pytest.approx((2000, 500, 500))


@pytest.mark.parametrize(("name", "value"), [("power", 1.25), ("charge", 0.5)])
def test_a_break_even_holds_just_below_and_just_above_it(tmp_path, name, value):
    """The same thresholds, found by solving the world again on either side."""
    assert taken(parks(tmp_path / "below", **{name: value - 1e-3}))
    assert not taken(parks(tmp_path / "above", **{name: value + 1e-3}))


def test_the_freight_at_which_it_enters(tmp_path):
    """With 2.5 of freight and power at 1 the south costs 9.5 too; at 1 it ties: two fifths of today's freight."""
    found = evens(one(parks(tmp_path / "w", power=1, freight=2.5)))
    assert found["freight"].enters == pytest.approx(0.4, abs=1e-4)
    assert taken(parks(tmp_path / "below", power=1, freight=0.999)) and not taken(parks(tmp_path / "above", power=1, freight=1.001))


def test_a_switch_that_comes_first_and_the_whole_size_later(tmp_path):
    """The north has room for 6 and the city buys the other 4 at 8.5. The first 4 of the south replace them and miss 1, the next 4
    replace the north's at 8 and miss 1.5: 10 in all, 1.25 per unit. Two of power a unit: 2 - 1/2 = 1.5 and 2 - 1.25/2 = 1.375."""
    core = {
        "options": "option site variable_cost max_size\nnew_north north 2 6\nnew_south south {charge} 8",
        "supply": "commodity site price cost_class\npower north 1 power\npower south {power} power\nmetal city 8.5 metal",
    }
    full = one(parks(tmp_path / "w", **core))
    assert full.row["extra_cost"] == pytest.approx(4 * 1.0 + 4 * 1.5) and full.row["first_misses"] == pytest.approx(1000)
    assert full.row["other"] == pytest.approx(8 * 3 - 4 * 3 - 4 * 8.5) and full.row["capital"] == pytest.approx(8.0)
    found = evens(full)
    assert (found["power"].enters, found["power"].stands) == pytest.approx((1.5, 1.375), abs=1e-4)
    assert (found["charge"].enters, found["charge"].stands) == pytest.approx((1000, 2000 - 1250))


def test_a_reduced_cost_is_quoted_for_a_column_that_is_not_basic_with_its_range(tmp_path):
    """An old oven of 2 in the south is full: its size alone carries the price of more, 8.5 - 7.5 = 1 less than the charge of 2,
    until the 2 that are still bought in the city are replaced. 8 kt replace 6 of the north as well: 2 x 1 + 6 x 1.5."""
    core = {
        "capacity": "unit site amount\noven south 2", "options": "option site variable_cost max_size\nnew_north north 2 6\nnew_south south {charge} 8",
        "supply": "commodity site price cost_class\npower north 1 power\npower south {power} power\nmetal city 8.5 metal",
    }
    full = one(parks(tmp_path / "w", **core))
    assert full.reduced == pytest.approx(1000) == pytest.approx(full.row["first_misses"]) and full.reduced_until == pytest.approx(2)
    assert full.row["finding"] == "runs" and full.row["expanding"] == "misses" and full.row["extra_cost"] == pytest.approx(11)
    assert full.limits.iloc[0][["limit", "index"]].tolist() == ["capacity", "oven, south"] and full.limits.iloc[0]["price"] == pytest.approx(1.0)


def test_a_reduced_cost_that_another_column_carries_is_not_quoted(tmp_path):
    """A new place: size and activity are both 0, only one of them is not basic, and here it is the activity."""
    full = one(parks(tmp_path / "w"))
    assert math.isnan(full.reduced) and math.isnan(full.reduced_until)


def test_the_size_at_which_it_pays(tmp_path):
    """Asked at 8 it is dearer than nothing, but 4 of it replace metal at 12: 4 x (12 - 9.5) saved, then 4 x 1.5 lost."""
    core = {
        "options": "option site variable_cost max_size\nnew_north north 2 6\nnew_south south {charge} 8",
        "supply": "commodity site price cost_class\npower north 1 power\npower south {power} power\nmetal city 12 metal",
    }
    run = parks(tmp_path / "w", **core)
    full = one(run)
    assert taken(run) and full.row["finding"] == "chosen" and full.row["planned"] == pytest.approx(4)
    assert full.row["extra_cost"] == pytest.approx(4 * 1.5) and full.best_size == pytest.approx(4) and full.best_extra == pytest.approx(0)
    assert full.row["dearer"] == pytest.approx(4 * 2.5) and full.row["next_site"] == ""  # without it the metal is bought
    assert math.isnan(full.row["first_misses"]) and math.isnan(full.reduced)
    found = evens(full)
    assert found["power"].enters == 2.0 and found["power"].stands == pytest.approx(1.25, abs=1e-4)


def test_what_was_chosen_says_its_limits_and_the_next_best_site(tmp_path):
    """6 at most in the north: without it all has to come from the south, which has room for 10 at 9.5. One more kt of north saves 1.5."""
    core = {"options": "option site variable_cost max_size\nnew_north north 2 6\nnew_south south {charge} 10"}
    run = parks(tmp_path / "w", **core)
    full = one(run, "north")
    assert full.row["finding"] == "chosen" and full.row["expanding"] == "taken" and full.row["made"] == pytest.approx(6)
    assert full.row["dearer"] == pytest.approx(6 * 1.5) and full.row["next_site"] == "south"
    limits = full.limits.set_index("limit")
    assert limits.loc["max_size", "index"] == "new_north" and limits.loc["max_size", "price"] == pytest.approx(1.5)
    assert limits.loc["capacity", "index"] == "oven, north" and limits.loc["capacity", "price"] == pytest.approx(3.5)
    assert math.isnan(full.row["extra_cost"]) and not full.checks


def test_ties_are_named_as_ties(tmp_path):
    """Power at 1.25 makes both parks one: the chosen one could be left out for nothing, the other one taken for nothing."""
    run = parks(tmp_path / "w", power=1.25, options="option site variable_cost max_size\nnew_north north 2 10\nnew_south south {charge} 10")
    found = explained(run, "north", "south", full=False)
    chosen, other = (found.table[found.table["finding"] == finding].iloc[0] for finding in ("chosen", "tie"))
    assert chosen["dearer"] == 0.0 and chosen["next_site"] == other["site"] and other["extra_cost"] == 0.0
    said = explain_lines.lines(found, "en")
    assert any("a tie: a plan without it costs the same" in line for line in said) and any("a tie: a plan with it at 10 costs the same" in line for line in said)
    assert sum("并列" in line for line in explain_lines.lines(found, "zh")) == 3  # both parks, and the count of findings


def test_a_place_without_the_technology_and_one_without_an_input(tmp_path):
    core = {"supply": "commodity site price cost_class\npower north 1 power"}
    table = explained(parks(tmp_path / "w", **core), "north", "south", "city", full=False).table.set_index("site")
    assert list(table.columns) == [name for name in COLUMNS if name != "site"]
    assert table.loc["south", "finding"] == "no_input" and table.loc["south", "missing"] == "power"
    assert table.loc["city", "finding"] == "not_offered" and table.loc["city", "table"] == "tech_sites"
    assert table.loc["north", "finding"] == "chosen" and math.isinf(table.loc["north", "dearer"])


def test_existing_capacity_runs_and_idle_capacity_misses_its_whole_charge(tmp_path):
    """12 of old ovens in the north: nothing new is worth anything there, nor a plant that nobody needs."""
    core = {"capacity": "unit site amount\noven north 12", "options": "option site variable_cost max_size\nnew_north north 2 20"}
    run = parks(tmp_path / "w", **core, option_effects="option unit site per_size\nnew_north oven north 1")
    table = explained(run, "north", "south", full=False).table.set_index("site")
    row = table.loc["north"]
    assert row["finding"] == "runs" and row["expanding"] == "idle" and row["misses"] == pytest.approx(2000) == pytest.approx(row["charge"])
    assert row["capital"] == pytest.approx(40) == pytest.approx(row["extra_cost"]) and row["made"] == pytest.approx(10)
    assert table.loc["south", "finding"] == "unused" and table.loc["south", "state"] == "existing"


def test_what_stands_still_says_what_running_it_would_cost(tmp_path):
    """An old oven of 6 in the south: its metal costs 3 + 4 + 0.5 = 7.5 and with power at 3 9.5, that of 10 old ones in the north 6."""
    core = {
        "capacity": "unit site amount\noven north 10\noven south 6", "options": "option site variable_cost max_size\nnew_north north 2 20",
        "option_effects": "option unit site per_size\nnew_north oven north 1",
    }
    found = explained(parks(tmp_path / "w", power=3, **core), "south")
    row = found.full[0].row
    assert row["finding"] == row["expanding"] == "misses" and row["state"] == "existing" and row["size"] == pytest.approx(6)
    assert row["extra_cost"] == pytest.approx(6 * 3.5) and row["power"] == pytest.approx(6 * 4) and row["freight"] == pytest.approx(-3)
    assert row["misses"] == pytest.approx(3500) and row["output"] == pytest.approx(6)
    said = explain_lines.lines(found, "en")
    assert said[1] == "  melt: stands still; running all 6 of it the plan costs 21 more a year (3.5 per unit of yearly capacity)"
    assert said[2] == "    of which power +24, freight -3" and len(said) == 3
    tied = explained(parks(tmp_path / "tie", power=1.25, **core), "south")
    assert tied.full[0].row["finding"] == "tie" and "并列" in explain_lines.lines(tied, "zh")[1]
    short = {**core, "indicators": "indicator max\nair 5", "indicator_terms": "indicator kind a b coefficient\nair activity melt south 1"}
    assert "no plan runs all of it" in explain_lines.lines(explained(parks(tmp_path / "air", power=3, **short), "south"), "en")[1]


def test_a_plan_that_is_not_proved_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("model.explore.explain.PROOF", -1.0)
    run = parks(tmp_path / "w")
    with pytest.raises(Refusal) as refused:
        one(run)
    assert refused.value.code is ExitCode.SOLVER and "melt, south" in str(refused.value)


def test_proof_of_a_plan_by_its_duals(tmp_path):
    """The forced plan is proved; against bounds that would allow more it is not, nor is it feasible against tighter ones."""
    run = parks(tmp_path / "w")
    mine = candidates(run.prepared.tables, run.prepared.core, ("south",), ("melt",))
    asker = Asker(run, widen(run, mine))
    plan = asker.force(mine[0])
    bounds = held(asker.search, plan.option, 8.0, asker.site("south").bounds)
    assert proved(asker.search, bounds) < 1e-9
    assert proved(asker.search, held(asker.search, plan.option, 7.0, bounds)) >= 1 / 92  # one kt beyond its bound, at a cost of 92
    lower, upper = bounds[0].copy(), bounds[1]
    lower[plan.option.size] = 0.0  # the size may fall: each of the 8 kt would save 1.5
    assert proved(asker.search, (lower, upper)) == pytest.approx(12 / 92)


def test_a_yes_or_no_is_asked_as_a_whole(tmp_path):
    """Fixed 4 beside 1.5 per kt: 8 kt of the south cost 8 x (3 + 4 + 1.5 + 0.5) + 4 = 76 and replace 64: 12 more, capital 16 - 16 = 0."""
    core = {"options": "option site fixed_cost variable_cost max_size\nnew_north north 0 2 20\nnew_south south 4 1.5 8"}
    full = one(parks(tmp_path / "w", **core))
    assert full.row["extra_cost"] == pytest.approx(12) and full.row["capital"] == pytest.approx(0, abs=1e-9)
    assert math.isnan(full.row["first_misses"]) and math.isnan(full.reduced)
    assert evens(full)["power"].enters == evens(full)["power"].stands == pytest.approx(1.25, abs=1e-4)


def test_a_size_that_no_plan_holds(tmp_path):
    core = {"indicators": "indicator max\nland 3", "indicator_terms": "indicator kind a coefficient\nland size new_south 1"}
    full = one(parks(tmp_path / "w", **core))
    assert full.row["finding"] == "impossible" and not full.checks
    assert "no plan holds it" in " ".join(explain_lines.lines(explained(parks(tmp_path / "v", **core), "south"), "en"))


def test_years_that_count_several_times_do_not_change_a_year(tmp_path):
    full = one(parks(tmp_path / "w", periods="period stage length weight\nh1 y 0.5 3\nh2 y 0.5 3"))
    assert full.row["extra_cost"] == pytest.approx(12) and full.row["power"] == pytest.approx(16) and full.row["output"] == pytest.approx(8)
    assert evens(full)["power"].enters == pytest.approx(1.25, abs=1e-4) and evens(full)["power"].present == pytest.approx(2)


def test_the_whole_explanation_in_words(tmp_path):
    found = explained(parks(tmp_path / "w"), "south")
    assert explain_lines.lines(found, "en") == [
        "south",
        "  melt: built at 8 the plan costs 12 more a year (1.5 per unit of yearly capacity, its first tonnes 1.5 per unit of yearly capacity)",
        "    of which power +16, freight -4",
        "    by class of cost: freight -4, power +16",
        "    at no size up to that one does it pay",
        "    no price of the first tonne alone: the plan stands at a turning point there, or some of it is built already",
        "    power price 2: its first tonnes pay at 1.25, its whole size at 1.25 (of the power it buys, excl. VAT, per unit)",
        "    freight to and from the park, share of today's: its first tonnes pay not even at 0, its whole size not even at 0",
        "    yearly charge 2: its first tonnes pay at 0.5, its whole size at 0.5 (per unit)",
        f"    both plans passed their independent checks, {found.full[0].checks} in all",
    ]
    said = explain_lines.lines(found, "zh")
    assert said[1].startswith("  melt:若建 8,每年多花 12(") and said[2] == "    其中 电力 +16、运费 -4"
    assert "最初几吨降到 1.25 划算,全部规模降到 1.25 划算" in said[6]


def test_every_sentence_is_said_in_both_languages():
    for key in entries("explain"):
        zh, en = (text_of(key, language) for language in ("zh", "en"))
        assert zh and en and zh.count("{") == en.count("{"), key


def text_of(key, language):
    from model.words import _table

    return _table("explain")[key][language]


def test_the_command(tmp_path, capsys):
    run = command_line()
    parks(tmp_path / "w")
    scenario = tmp_path / "plain.toml"
    scenario.write_text('title = { zh = "平", en = "plain" }\n', encoding="utf-8")
    common = [str(scenario), "--data", str(tmp_path / "w"), "--lang", "en"]
    assert run.main(["explain", *common[:1], "south", *common[1:], "--technology", "MELT", "--out", str(tmp_path / "one.json")]) == 0
    content = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert content["rows"][0]["extra_cost"] == pytest.approx(12) and content["evidence"][0]["break_evens"][0]["what"] == "power"
    assert run.main(["explain", *common, "--all", "--out", str(tmp_path / "all.csv")]) == 0
    table = pd.read_csv(tmp_path / "all.csv")
    assert list(table["site"]) == ["north", "south"] and list(table.columns) == list(COLUMNS)
    assert text("explain.summary_part", "en", name="dearer", count=1) in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["south", "--all"]], ids=["neither", "both"])
def test_a_park_or_all_of_them(tmp_path, capsys, arguments):
    assert command_line().main(["explain", "base", *arguments, "--lang", "en"]) == 2
    assert "--all" in capsys.readouterr().err


def test_unknown_names_are_refused_with_a_suggestion_before_anything_is_solved(tmp_path, capsys, monkeypatch):
    run = command_line()
    sites = "site | name_zh | name_en\nnorth | 北园 | North park\nsouth | 南园 | South park\ncity | 城 | City"
    dataset(tmp_path / "w", **{name: table.format(power=2, charge=2, freight=0.5) for name, table in {**PARKS, "sites": sites}.items()})
    scenario = tmp_path / "plain.toml"
    scenario.write_text('title = { zh = "平", en = "plain" }\n', encoding="utf-8")
    monkeypatch.setattr("model.pipeline.optimise", None)  # would fail where something is solved
    told = ["explain", str(scenario), "suoth", "--data", str(tmp_path / "w"), "--technology", "melted", "--lang"]
    assert run.main([*told, "en"]) == ExitCode.USAGE
    said = capsys.readouterr()
    assert "there is no park 'suoth'; there are: north (North park), south (South park) (did you mean: south (南园 / South park)?)" in said.err
    assert "there is no technology 'melted'; there are: melt (did you mean: melt?)" in said.err
    assert "solving" not in said.out
    assert run.main([*told, "zh"]) == ExitCode.USAGE
    assert "没有园区“suoth”;可选:north (北园), south (南园)" in capsys.readouterr().err
