"""The headline sentences say what the numbers say, for the shipped base and for a plan made by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from maps import headlines
from maps.assemble import assemble
from model.explore.labels import Labels


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
    built = plan[plan["status"].isin(("built", "partly"))]
    sentence = next(en for _, en in told[0].sentences if "are built" in en)
    assert sentence.startswith(f"{len(built)} projects and expansions are built, {built['size'].sum():,.0f} kt/yr in all")
    three = built.sort_values("size", ascending=False).head(3)
    assert sentence.endswith("; largest: " + "; ".join(f"{name} {size:,.0f}" for name, size in zip(three["name_en"], three["size"], strict=True)) + ".")


def test_the_three_largest_of_what_is_built_are_named_with_their_sizes(base_run):
    """30 + 20 + 12 + 7.6 = 69.6 kt: the fourth is counted, not named; ten thousand tonnes in Chinese."""
    plan = _plan([(name, f"项{name}", name.upper(), "casting", "built", size) for name, size in (("a", 12.0), ("b", 30.0), ("c", 7.6), ("d", 20.0))])
    zh, en = headlines._built(base_run, plan)
    assert en == "4 projects and expansions are built, 70 kt/yr in all; largest: B 30; D 20; A 12."
    assert zh == "新建或扩建 4 项,合计 7.0 万吨/年,其中最大:项b 3.0、项d 2.0、项a 1.2。"


def test_recycling_sentence_gives_the_use_of_each_kind_of_line(told, base_run):
    """Use = what the lines made over what they could: activity over existing plus built capacity, by kind of line."""
    activity = base_run.results.values["activity"].groupby("technology")["value"].sum()
    capacity = told[0].capacity.groupby("unit")[["existing", "added"]].sum().sum(axis=1)
    cast = activity[["recycle_cast", "recycle_cast_new", "recycle_cast_sorted"]].sum() / capacity["recycling"]
    sentence = next(en for _, en in told[0].sentences if "Recycled output" in en)
    assert f"cast-alloy lines {cast:.0%}" in sentence
    assert "lines are full" not in sentence


def _plan(rows):
    names = ["option", "name_zh", "name_en", "stage", "status", "size"]
    return pd.DataFrame(rows, columns=names)


def test_what_leaves_is_named_with_its_sum():
    plan = _plan([("close_a", "甲", "A", "primary", "closed", 120.0), ("close_b", "乙", "B", "primary", "closed", 200.0)])
    assert headlines._closed(plan) == [("共退出 32.0 万吨/年:乙、甲。", "320 kt/yr leave: B, A.")]
    assert headlines._closed(_plan([("x", "丙", "C", "casting", "built", 5.0)])) == []


def test_a_plan_without_projects_says_so(base_run):
    assert headlines._built(base_run, _plan([("x", "丙", "C", "casting", "not_built", 0.0)]))[1] == "No project is worth building."
