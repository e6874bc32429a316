"""Headline sentences about the edges of the plan: numbers put in by hand, sentences compared whole."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from maps import margins
from maps.sayings import figure, listed, tonnes
from model.explore import shedding

POINTS = ["study", "what_zh", "what_en", "input_zh", "input_en", "central", "flips_at", "unit", "low", "high", "holds"]
NONE = pd.DataFrame(columns=list(shedding.COLUMNS))


@pytest.mark.parametrize(("value", "text"), [(15600.0, "15,600"), (0.54, "0.54"), (0.52316, "0.5232"), (999.94, "999.9")])
def test_numbers_in_sentences_keep_four_digits_or_are_whole(value, text):
    assert figure(value) == text


def test_tonnes_are_counted_as_each_language_does():
    assert tonnes(613.0) == ("61.3", "613")
    assert listed([("甲", "A"), ("乙", "B")]) == ("甲、乙", "A, B")


@pytest.mark.parametrize(
    ("central", "now_zh", "now_en"), [(0.54, "不成立", "it does not hold"), (0.50, "成立", "it holds")],
)
def test_fragile_sentence_says_whether_the_choice_holds_now(central, now_zh, now_en):
    points = pd.DataFrame([["s", "甲留", "A stays", "电价", "power price", central, 0.52316, "yuan/kWh", 0.48, 0.60, "below"]], columns=POINTS)
    assert margins.fragile(points) == [(
        f"离拐点最近的布局判断:“甲留”的成立条件是电价低于 0.5232 元/千瓦时;现为 {figure(central)},{now_zh}。",
        f"The siting choice nearest to its switch point: “A stays” holds while the power price is below 0.5232 yuan/kWh; at the present {figure(central)} {now_en}.",
    )]
    assert margins.fragile(pd.DataFrame()) == []


def test_a_choice_that_needs_a_high_price_holds_above_it():
    points = pd.DataFrame([["s", "外销", "sold outside", "铝价", "price", 100.0, 90.0, "yuan/t", 80.0, 120.0, "above"]], columns=POINTS)
    assert margins.fragile(points)[0][1].endswith("holds while the price is above 90 yuan/t; at the present 100 it holds.")


def _short(run, energy, money, objective):
    short = run.results.values["short"].copy()
    place = short.index[short["commodity"] == "electricity"][0]
    short.loc[place, ["value", "cost"]] = [energy, money]
    return replace(run, results=replace(run.results, values=run.results.values | {"short": short}, objective=objective))


def test_shedding_is_priced_taken_out_and_netted(base_run):
    """100 GWh short at 3 million yuan cost 300: without them the objective is 300 lower. 80 of them, 240, would be short
    anyway: the industry causes 60, and with that alone the objective is 1,000 - 240 = 760."""
    assert margins.shortage(base_run, NONE) == []
    run = _short(base_run, 100.0, 300.0, 1000.0)
    assert margins.shortage(run, NONE) == [(
        "缺供:电力 100 GWh,计价 300 百万元;不计缺供,目标值为 700 百万元。",
        "Not supplied: electricity 100 GWh, priced at 300 million yuan; without it the objective is 700 million yuan.",
    )]
    net = pd.DataFrame([("electricity", 100.0, 300.0, 80.0, 240.0)], columns=list(shedding.COLUMNS))
    assert margins.shortage(run, net)[1] == (
        "其中 240 百万元(电力 80 GWh)没有铝业也会缺;铝业造成的缺供计价 60 百万元,只计这一部分,目标值为 760 百万元。",
        "Of this 240 million yuan (electricity 80 GWh) would be missing without any aluminium industry; what the industry causes is "
        "priced at 60 million yuan, and with that part alone the objective is 760 million yuan.",
    )


def test_a_netting_that_was_not_possible_is_not_told(base_run):
    unknown = pd.DataFrame([("electricity", 100.0, 300.0, float("nan"), float("nan"))], columns=list(shedding.COLUMNS))
    assert len(margins.shortage(_short(base_run, 100.0, 300.0, 1000.0), unknown)) == 1


def _plan(*rows):
    return pd.DataFrame(rows, columns=["option", "name_zh", "name_en", "group", "status", "misses", "size"])


def test_named_projects_are_counted_and_the_nearest_named():
    """Of three that are open one is taken; the nearer of the two others misses 176. What is shut or generic does not count."""
    plan = _plan(
        ("a", "甲", "A", "project", "partly", 0.0, 49.0), ("b", "乙", "B", "project", "not_built", 451.0, 0.0), ("c", "丙", "C", "project", "not_built", 176.4, 0.0),
        ("d", "丁", "D", "project", "forbidden", 1.0, 0.0), ("e", "戊", "E", "expansion", "not_built", float("nan"), 0.0),
    )
    assert margins.projects(plan)[0][1] == (
        "Named projects open to the plan: 3, taken: 1 (A 49 kt/yr); of the others the nearest to entering: C (misses 176 yuan per tonne of capacity "
        "and year), B (misses 451 yuan per tonne of capacity and year)."
    )
    told = margins.projects(plan, ("2025 年", "2025"))[0]
    assert "C (misses 176 yuan per tonne of capacity and year if decided in 2025)" in told[1] and "丙(若在 2025 年决定,每吨年产能每年还差 176 元)" in told[0]
    assert margins.projects(plan.iloc[:1])[0][0] == "可选的具名项目 1 项,采用 1 项(甲 4.9 万吨/年)。"
    assert margins.projects(plan.iloc[4:]) == [] == margins.projects(plan.iloc[:0])


def test_metal_bought_at_gateways_is_told_when_it_is_much(base_run):
    """Summed from the supply table itself: ingot, cast alloy and foil stock; scrap and alumina are no metal that is made."""
    supply = base_run.results.values["supply"]
    bought = supply[supply["site"].str.startswith("gateway")].groupby("commodity")["value"].sum()
    metal = bought[[good for good in bought.index if good in ("ingot", "cast_alloy", "foil_stock", "slab", "billet", "rod") or good.startswith("sheet")]]
    (zh, en) = margins.imports(base_run, 2000.0)[0]
    assert en.startswith(f"{metal.sum():,.0f} kt of metal are bought outside instead of made: ")
    assert f"primary ingot {metal['ingot']:,.0f}" in en and "scrap" not in en and "bauxite" not in en
    assert f"{metal.sum() / 10:,.1f} 万吨" in zh
    assert margins.imports(base_run, 1e6) == []  # below a fiftieth of what is made
