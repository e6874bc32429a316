"""Shadow prices in words: value, sign and unit worked out by hand, and every sign checked against the saving of a second solve."""

from __future__ import annotations

import pytest
from runs import command_line, dataset, quiet, solved

from model.explore.price_words import number
from model.explore.shadow_prices import shadow_prices
from model.explore.written_prices import KINDS, lines, read_prices
from model.output import write_run
from model.pipeline import run as run_scenario
from model.problems import ExitCode, Problems, Refusal
from model.scenario import load

# 10 t of metal are wanted; the works make up to 6 of them at 1 and 2 of power each, the rest is bought at 9; power costs 2 up to 9, then 3
METAL = {
    "commodities": "commodity name_zh name_en unit\nliquid_aluminium 铝液 metal kt\npower 电 power GWh",
    "sites": "site name_zh name_en kind\npark 园 Park park\ngrid 四川 Sichuan power_zone",
    "recipes": "technology commodity quantity\nsmelt power -2\nsmelt liquid_aluminium 1", "tech_sites": "technology site variable_cost\nsmelt park 1",
    "capacity_use": "technology unit use\nsmelt oven 1", "capacity": "unit site amount\noven park 6", "lanes": "commodity from to unit_cost\npower grid park 0",
    "supply": "commodity site tier price max\npower grid cheap 2 9\npower grid dear 3 -\nliquid_aluminium park bought 9 -",
    "demand": "commodity site min max price\nliquid_aluminium park 10 10 0",
}


def prices(folder, scenario=None, **texts):
    """The table of a solved world, by kind and key, and its objective."""
    run = run_scenario(scenario, dataset(folder, **texts), quiet) if scenario else solved(dataset(folder, **texts))
    return shadow_prices(run).set_index(["kind", "key"]), run.results.objective


def test_what_one_more_unit_is_worth(tmp_path):
    """6 kt are made with 12 of power, the last 3 of them at 3: power 3, metal 9, an oven 9 − 1 − 2 × 3 = 2, cheap power 1 less."""
    table, cost = prices(tmp_path / "base", **METAL)
    assert table["value"].to_dict() == {
        ("power", "power, grid, all"): pytest.approx(3.0), ("gate", "liquid_aluminium, park"): pytest.approx(9.0),
        ("park", "oven, park"): pytest.approx(2.0), ("supply", "power, grid"): pytest.approx(1.0),
    }
    more = {"capacity": "unit site amount\noven park 7"}, {"supply": METAL["supply"].replace("cheap 2 9", "cheap 2 10")}
    for change, saved in zip(more, (2.0, 1.0), strict=True):
        assert cost - prices(tmp_path / f"more{saved}", **METAL | change)[1] == pytest.approx(saved)


def test_in_words_with_unit_and_sign(tmp_path):
    table, _ = prices(tmp_path, **METAL)
    assert table.loc[("power", "power, grid, all"), "en"] == "1 GWh more power at Sichuan in the year saves 3 money"
    assert table.loc[("power", "power, grid, all"), "zh"] == "全年四川再多 1 GWh 电,系统节省 3 money"
    assert table.loc[("park", "oven, park"), "en"] == "1 unit more capacity of smelt at Park (the year) saves 2 money a year"
    assert table.loc[("supply", "power, grid"), "zh"] == "四川每年再多 1 GWh电供应(全年),每年系统节省 1 money"
    assert set(table["unit"]) == {"money per GWh", "money per kt", "money per unit"}


def test_what_is_not_short_is_said_to_be_worth_nothing(tmp_path):
    """Free power beyond need, ovens for 20: only the price of 1 to make metal is left."""
    plenty = METAL | {"supply": "commodity site tier price max\npower grid free 0 90", "capacity": "unit site amount\noven park 20"}
    table, _ = prices(tmp_path, **plenty)
    assert table["value"].to_dict() == {
        ("power", "power, grid"): 0.0, ("gate", "liquid_aluminium, park"): pytest.approx(1.0), ("park", "oven, park"): 0.0,
    }
    assert table.loc[("power", "power, grid"), "zh"] == "全年四川再多 1 GWh 电的价值为 0:不缺电"
    assert table.loc[("park", "oven, park"), "en"] == "more capacity of smelt at Park (the year) is worth 0: what exists is not used up"


def test_months_have_their_names_and_those_without_a_price_share_a_sentence(tmp_path):
    """Power of July and August is short at half a month's need: a price there only, 9 − 1 = 8 for two GWh."""
    months = "period stage length\nm06 y 0.5\nm07 y 0.25\nm08 y 0.25"
    supply = "commodity site tier period price max\npower grid cheap m06 0 12\npower grid cheap m07 0 1\npower grid cheap m08 0 9\nliquid_aluminium park bought * 9 -"
    table, _ = prices(tmp_path, periods=months, **METAL | {"supply": supply, "capacity": "unit site amount\noven park 20"})
    assert table.loc[("power", "power, grid, m07"), "value"] == pytest.approx(4.0)
    assert table.loc[("power", "power, grid, m07"), "en"] == "1 GWh more power at Sichuan in July saves 4 money"
    assert table.loc[("power", "power, grid"), "zh"] == "6 月、8 月四川再多 1 GWh 电的价值为 0:不缺电"


def test_all_months_but_a_few_are_told_by_those_few(tmp_path):
    """Six equal months of 2 GWh each at a price of 1; July has only 1 of them and pays 9 for the other."""
    rows = [f"m{month:02d} y {1 / 6!r}" for month in range(5, 11)]
    supply = [f"power grid cheap m{month:02d} 0 {1 if month == 7 else 9}" for month in range(5, 11)]
    table, _ = prices(tmp_path, periods="\n".join(["period stage length", *rows]), **METAL | {
        "supply": "\n".join(["commodity site tier period price max", *supply, "liquid_aluminium park bought * 9 -"]), "capacity": "unit site amount\noven park 60",
    })
    assert table.loc[("power", "power, grid"), "zh"] == "除 7 月外各月四川再多 1 GWh 电的价值为 0:不缺电"
    assert table.loc[("power", "power, grid"), "en"] == "1 GWh more power at Sichuan in every period but July is worth 0: power is not short"


# ore is bought at 3 or dug at 5; at least 4 must be dug, at most 5 of carbon be made, 1 per bought tonne; what is wanted is 10
def limits(least="4", most="9", scope="horizon", more=""):
    return {
        "supply": "commodity site tier price\nore pit bought 3\nore pit dug 5", "demand": "commodity site min max price\nore pit 10 10 0",
        "indicators": f"indicator name_zh name_en unit scope min max\nlocal 自产 local t {scope} {least} -\ncarbon 碳 carbon t {scope} - {most}",
        "indicator_terms": f"indicator kind a b c coefficient\nlocal supply ore pit dug 1\ncarbon supply ore pit bought 1{more}",
    }


def test_a_floor_costs_and_a_ceiling_saves(tmp_path):
    """One more tonne that must be dug costs 5 − 3; where at most 5 may be bought, one more saves 2."""
    floor, cost = prices(tmp_path / "floor", **limits())
    assert floor.loc[("indicator", "local, horizon"), "value"] == pytest.approx(-2.0)
    assert prices(tmp_path / "higher", **limits(least="5"))[1] - cost == pytest.approx(2.0)
    assert floor.loc[("indicator", "local, horizon"), "en"] == "raising the floor of “local” (the year) by 1 t costs 2 money more a year"
    assert floor.loc[("indicator", "carbon, horizon"), "en"] == "the ceiling of “carbon” (the year) does not bind: relaxing it is worth 0"
    ceiling, cost = prices(tmp_path / "ceiling", **limits(most="5"))
    assert ceiling.loc[("indicator", "carbon, horizon"), "value"] == pytest.approx(2.0)
    assert cost - prices(tmp_path / "looser", **limits(most="6"))[1] == pytest.approx(2.0)
    assert ceiling.loc[("indicator", "carbon, horizon"), "zh"] == "指标“碳”(全年)的上限提高 1 t,每年系统节省 2 money"
    assert ceiling.loc[("indicator", "local, horizon"), "zh"] == "指标“自产”(全年)的下限不起约束:再放宽的价值为 0"


def test_a_target_that_may_be_missed_is_not_said_to_hold(tmp_path):
    """At least 40 t should be dug but 10 are wanted: the gap of 30 costs nothing, which is another thing than a bound that does not bind."""
    texts = limits(least="40")
    texts["indicators"] = "indicator name_zh name_en unit scope min max relax_price\nlocal 自产 local t horizon 40 - 0\ncarbon 碳 carbon t horizon - 20 0"
    table, _ = prices(tmp_path / "soft", **texts)
    told = table.loc[("indicator", "local, horizon")]
    assert told["value"] == 0.0 and told["en"].startswith("“local” (the year) is below its floor, a target whose gap is only reported")
    assert told["zh"] == "指标“自产”(全年)未达下限;这是只报告差距的目标,未达在本方案中不计成本"
    assert table.loc[("indicator", "carbon, horizon"), "en"] == "the ceiling of “carbon” (the year) does not bind: relaxing it is worth 0"
    texts["indicators"] = texts["indicators"].replace("- 20 0", "- 4 0")
    above, _ = prices(tmp_path / "above", **texts)
    assert above.loc[("indicator", "carbon, horizon"), "en"].startswith("“carbon” (the year) is above its ceiling")


def test_a_ratio_is_priced_per_hundredth_of_itself(tmp_path):
    """At least 40 % of 10 t: a hundredth is 0.1 t, which costs 0.2."""
    texts = limits(more="\nall sale ore * * 1")
    texts["indicators"] = "indicator unit min per\nlocal - 0.4 all\nall t - -"
    texts["indicator_terms"] = "indicator kind a b c coefficient\nlocal supply ore pit dug 1\nall sale ore * * 1"
    table, cost = prices(tmp_path / "a", **texts)
    row = table.loc[("indicator", "local, horizon")]
    assert row["value"] == pytest.approx(-20.0)
    assert row["en"] == "raising the floor of “local” (the year) by 0.01 unit costs 0.2 money more a year"
    texts["indicators"] = texts["indicators"].replace("0.4", "0.41")
    assert prices(tmp_path / "b", **texts)[1] - cost == pytest.approx(0.2)


STAGES = "period stage weight\ny1 y1 3\ny2 y2 2"


def test_prices_are_those_of_one_year_of_their_stage(tmp_path):
    """Three years of y1 and two of y2: a ceiling of each year saves 2 in that year; one over the horizon is worth 2 in all."""
    table, _ = prices(tmp_path / "stage", periods=STAGES, **limits(least="-", most="5", scope="stage"))
    assert [table.loc[("indicator", f"carbon, {stage}"), "value"] for stage in ("y1", "y2")] == [pytest.approx(2.0)] * 2
    assert table.loc[("indicator", "carbon, y2"), "en"] == "raising the ceiling of “carbon” (y2) by 1 t saves 2 money a year"
    # 5 over both stages (a sum without weights): a tonne goes where it counts three times
    whole, cost = prices(tmp_path / "whole", periods=STAGES, **limits(least="-", most="5"))
    assert whole.loc[("indicator", "carbon, horizon"), "value"] == pytest.approx(6.0)
    assert whole.loc[("indicator", "carbon, horizon"), "en"].endswith("by 1 t saves 6 money over the whole horizon (discounted)")
    assert cost - prices(tmp_path / "more", periods=STAGES, **limits(least="-", most="6"))[1] == pytest.approx(6.0)


def test_stages_and_branches_of_gates_ovens_and_supply(tmp_path):
    """Both stages cost the same a year; in the dry half of the futures power costs 3 from the first: means over both, once per stage."""
    periods = "period stage branch weight probability\nwet1 y1 wet 3 0.5\ndry1 y1 dry 3 0.5\nwet2 y2 wet 2 0.5\ndry2 y2 dry 2 0.5"
    supply = "commodity site tier period price max\npower grid cheap * 2 -\npower grid cheap dry1 3 -\npower grid cheap dry2 3 -\nliquid_aluminium park bought * 9 -"
    table, cost = prices(tmp_path / "a", periods=periods, **METAL | {"supply": supply})
    for stage in ("y1", "y2"):
        assert table.loc[("gate", f"liquid_aluminium, park, {stage}"), "value"] == pytest.approx(9.0)
        assert table.loc[("park", f"oven, park, {stage}"), "value"] == pytest.approx(0.5 * (9 - 1 - 4) + 0.5 * (9 - 1 - 6))
    assert table.loc[("power", "power, grid, dry2"), "value"] == pytest.approx(3.0)  # not times its probability or years
    more, _ = prices(tmp_path / "b", periods=periods, **METAL | {"supply": supply, "capacity": "unit site amount\noven park 7"})
    assert cost - _ == pytest.approx((3 + 2) * 3.0)
    assert set(more.index) == set(table.index)


def weights(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "s.toml").write_text(f"[objective]\nweights = {text}\n", encoding="utf-8")
    return load(folder / "s.toml", Problems())


def test_an_objective_that_is_not_money_is_improved_in_its_own_unit(tmp_path):
    """Carbon is minimised: what must be dug spares a tonne of carbon each, so a tonne more wanted of it improves by 1 where it binds as a ceiling."""
    texts = limits(least="-", most="-")
    texts["supply"] = "commodity site tier price max\nore pit bought 3 -\nore pit dug 5 6"
    table, cost = prices(tmp_path / "a", weights(tmp_path / "s", "{ carbon = 1 }"), **texts)
    assert cost == pytest.approx(4.0)
    row = table.loc[("supply", "ore, pit")]
    assert row["value"] == pytest.approx(1.0)
    assert (row["en"], row["unit"]) == ("1 unit a year more ore supplied at pit (the year) improves the objective by 1 t a year", "t per unit")
    assert "目标改善 1 t" in row["zh"]


def test_a_mixed_objective_has_no_unit(tmp_path):
    table, _ = prices(tmp_path / "a", weights(tmp_path / "s", "{ cost = 2, carbon = 1 }"), **limits())
    # carbon counts 1 more per bought tonne: 2 × 5 − (2 × 3 + 1) = 3
    assert table.loc[("indicator", "local, horizon"), "value"] == pytest.approx(-3.0)


GROW = METAL | {
    "options": "option site fixed_cost variable_cost max_size\ngrow park 1 0.5 3", "option_effects": "option unit site per_size\ngrow oven park 1",
    "capacity": "unit site amount\noven park 1",
}


def test_given_the_decisions_of_the_plan(tmp_path):
    """Built for 1 and 0.5 each, 3 more save 9 − 1 − 2 × 2 − 0.5 = 3.5 each; 4 kt need 8 of the 9 GWh at 2."""
    table, cost = prices(tmp_path / "a", **GROW)
    row = table.loc[("park", "grow")]
    assert (row["family"], row["value"]) == ("size_ceiling", pytest.approx(3.5))
    assert row["en"].endswith("saves 3.5 money a year (given these yes/no decisions)")
    assert table["zh"].str.endswith("(以方案中的是否决策不变为前提)").all()
    more, cheaper = prices(tmp_path / "b", **GROW | {"options": GROW["options"].replace("0.5 3", "0.5 3.5")})
    assert cost - cheaper == pytest.approx(0.5 * 3.5)


def test_a_larger_size_of_what_is_not_chosen_is_worth_nothing(tmp_path):
    """For a charge of 100 nobody builds: the price of its row is that of opening, not of size."""
    table, _ = prices(tmp_path, **GROW | {"options": GROW["options"].replace("park 1 0.5", "park 100 0.5")})
    assert ("park", "grow") not in table.index


def test_a_size_without_a_yes_no_is_priced_by_its_bound(tmp_path):
    table, _ = prices(tmp_path, **GROW | {"options": "option site variable_cost max_size\ngrow park 0.5 3"})
    row = table.loc[("park", "grow")]
    assert (row["family"], row["value"]) == ("size", pytest.approx(3.5))
    assert "given" not in row["en"]


def test_what_must_leave_may_have_a_price_below_zero(tmp_path):
    """Mud that may not vanish costs 4 to bury: one unit more of it costs 4. As power, for its sentence."""
    texts = {
        "commodities": "commodity unit balance\npower GWh exact", "sites": "site kind\ngrid power_zone", "supply": "commodity site price min max\npower grid 1 5 5",
        "recipes": "technology commodity quantity\nbury power -1", "tech_sites": "technology site variable_cost\nbury grid 4",
    }
    table, _ = prices(tmp_path, **texts)
    row = table.loc[("power", "power, grid, all")]
    assert (row["family"], row["value"]) == ("balance_exact", pytest.approx(-4.0))
    assert row["en"] == "1 GWh more power at grid in the year costs 4 money more"


def test_the_command_reads_what_was_written(tmp_path, capsys):
    run = solved(dataset(tmp_path / "data", **METAL))
    write_run(run, tmp_path / "out", lambda run, draft: None)
    table = read_prices(tmp_path / "out")
    assert table["value"].tolist() == pytest.approx(shadow_prices(run)["value"].tolist())
    assert command_line().main(["prices", str(tmp_path / "out"), "--lang", "en"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed == lines(table, "en")
    assert printed[:2] == ["power:", "  1 GWh more power at Sichuan in the year saves 3 money"]
    assert command_line().main(["prices", str(tmp_path / "data"), "--lang", "en"]) == ExitCode.FILES
    with pytest.raises(Refusal):
        read_prices(tmp_path)


def test_a_run_without_prices_says_so(tmp_path):
    run = solved(dataset(tmp_path, supply="commodity site price\nore pit 3", demand="commodity site min max price\nore pit 10 10 0"))
    table = shadow_prices(run)
    assert table.empty
    assert lines(table, "zh") == ["这次运行没有影子价格可说。"]


def test_the_base_run_tells_every_kind_that_it_has(base_run):
    table = shadow_prices(base_run)
    assert set(table["kind"]) == set(KINDS)
    # money of the dataset: a tonne of liquid metal at a gate costs thousands of yuan, alumina less than metal
    gates = table[table["kind"] == "gate"].groupby("commodity")["value"]
    assert 1.5 < gates.min()["alumina"] < gates.max()["alumina"] < gates.min()["liquid_aluminium"] < 25.0
    assert table.loc[table["kind"] == "gate", "zh"].str.contains("系统节省 .* 元$").all()
    assert table.loc[table["kind"] == "pool", "zh"].str.contains("价值为 0").all()  # the base allows no swap


@pytest.mark.parametrize(("amount", "told"), [(0.01234, "0.0123"), (99.94, "99.9"), (100.4, "100"), (12345.6, "12,346")])
def test_numbers_have_three_digits_and_no_exponent(amount, told):
    assert number(amount) == told
