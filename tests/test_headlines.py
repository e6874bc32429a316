"""The headline sentences say what the numbers say, for the shipped base and for a plan made by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from maps import headlines
from maps.assemble import assemble
from maps.labels import Labels


@pytest.fixture(scope="module")
def told(base_run):
    labels = Labels(base_run)
    view = assemble(base_run)
    return view, labels


def test_primary_sentence_holds_the_three_capacities(told):
    """All ten potlines run all year: 1,060 kt in Sichuan and 650 kt in Chongqing, 171.0 万吨 in all; 4,780 kt of alumina."""
    zh, en = told[0].sentences[0]
    assert "171.0 万吨" in zh and "四川 106.0" in zh and "重庆 65.0" in zh and "478.0 万吨" in zh and "全部全年运行" in zh
    assert "1,710 kt" in en and "Sichuan 1,060" in en and "Chongqing 650" in en and "4,780 kt" in en and "run all year" in en


def test_built_sentence_adds_up_the_plan_table(told):
    plan = told[0].plan
    built = plan[plan["status"] == "built"]
    sentence = next(en for _, en in told[0].sentences if "projects are built" in en)
    assert sentence.startswith(f"{len(built)} projects are built, {built['size'].sum():,.0f} kt/yr in all")
    assert built.sort_values("size").iloc[-1]["name_en"] in sentence


def test_recycling_sentence_gives_the_use_of_each_kind_of_line(told, base_run):
    """Use = what the lines made over what they could: activity over existing plus built capacity, by kind of line."""
    activity = base_run.results.values["activity"].groupby("technology")["value"].sum()
    capacity = told[0].capacity.groupby("unit")[["existing", "added"]].sum().sum(axis=1)
    cast = (activity["recycle_cast"] + activity["recycle_cast_new"]) / capacity["recycling"]
    sentence = next(en for _, en in told[0].sentences if "Recycled output" in en)
    assert f"cast-alloy lines {cast:.0%}" in sentence
    assert "lines are full" not in sentence


@pytest.mark.parametrize(("value", "text"), [(15600.0, "15,600"), (0.54, "0.54"), (0.52316, "0.5232"), (999.94, "999.9")])
def test_numbers_in_sentences_keep_four_digits_or_are_whole(value, text):
    assert headlines.figure(value) == text


def _plan(rows):
    names = ["option", "name_zh", "name_en", "stage", "status", "size"]
    return pd.DataFrame(rows, columns=names)


def test_what_leaves_is_named_with_its_sum():
    plan = _plan([("close_a", "甲", "A", "primary", "closed", 120.0), ("close_b", "乙", "B", "primary", "closed", 200.0)])
    assert headlines._closed(plan) == [("共退出 32.0 万吨/年:乙、甲。", "320 kt/yr leave: B, A.")]
    assert headlines._closed(_plan([("x", "丙", "C", "casting", "built", 5.0)])) == []


def test_a_plan_without_projects_says_so():
    assert headlines._built(_plan([("x", "丙", "C", "casting", "not_built", 0.0)]))[1] == "No project is worth building."


def test_fragile_sentence_takes_the_first_point_and_its_side():
    columns = ["study", "what_zh", "what_en", "input_zh", "input_en", "central", "flips_at", "unit", "low", "high", "holds"]
    points = pd.DataFrame([["s", "甲留", "A stays", "电价", "power price", 0.54, 0.52316, "yuan/kWh", 0.48, 0.60, "below"]], columns=columns)
    assert headlines._fragile(points) == [(
        "最脆弱的选址判断:“甲留”只在电价低于 0.5232 元/千瓦时才成立(现为 0.54)。",
        "The most fragile choice: “A stays” holds only while the power price is below 0.5232 yuan/kWh (now 0.54).",
    )]
    assert headlines._fragile(pd.DataFrame()) == []


def test_shedding_is_priced_and_taken_out_again(base_run):
    """No unit is short in the base, so nothing is said; 100 GWh short at 3 million yuan cost 300, the rest is 300 lower."""
    assert headlines._shortage(base_run) == []
    short = base_run.results.values["short"].copy()
    place = short.index[short["commodity"] == "electricity"][0]
    short.loc[place, ["value", "cost"]] = [100.0, 300.0]
    results = replace(base_run.results, values=base_run.results.values | {"short": short}, objective=1000.0)
    (_, en) = headlines._shortage(replace(base_run, results=results))[0]
    assert en == "Not supplied: electricity 100 GWh, priced at 300 million yuan; without it the objective is 700 million yuan."
