"""Projects asked by their names, numbers that are noise said as such, and the steps of a long explanation told."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from runs import ROOT, dataset, quiet
from test_explain_permissions import TOY

from model import words
from model.explore import explain_lines, explain_study
from model.opening import open_scenario
from model.problems import ExitCode, Refusal

# the west's alloy costs 1,900 + 400 + 600 + 200 = 3,100 yuan/t, bought alloy 3,000; its project has 5 kt
PROJECTS = TOY | {
    "projects": "project|name_zh|name_en|site|technology|size|status|year|allowed\nwest_melter|西园熔炼项目|West melter|west|melt|5|planned|2026|1",
}


def asked(tmp_path, progress=quiet, **names):
    scenario, data = open_scenario(None, dataset(tmp_path / "w", **PROJECTS), ROOT, {})
    return explain_study.study(scenario, data, progress, **names)


@pytest.mark.parametrize("names", [
    {"park": "西园熔炼项目"}, {"park": "west melter"}, {"park": "west_melter", "technology": "melt"}, {"technology": "West melter"},
    {"park": "西园", "technology": "west_melter"}, {"park": "west_melter", "technology": "West melter"},
], ids=str)
def test_a_project_is_explained_alone_by_any_of_its_names(tmp_path, names):
    """5 kt cost 5 x 0.6 a year and make the 2 that are bought for 0.5 less: 3 - 1 = 2 million more; its first tonnes miss 100 yuan."""
    found = asked(tmp_path, **names)
    row, = found.table.to_dict("records")
    assert (row["site"], row["technology"], row["option"], row["size"]) == ("west", "melt", "west_melter", 5)
    assert row["extra_cost"] == pytest.approx(2.0) and row["first_misses"] == pytest.approx(100)
    assert found.full and explain_lines.lines(found, "en")[1].startswith("  Melting (West melter): built at 5 kt the plan costs 2 million yuan more a year")


def test_without_a_project_all_that_the_park_could_have_is_explained(tmp_path):
    options = set(asked(tmp_path, park="west", technology="melt").table["option"])
    assert "west_melter" in options and len(options) == 2


def told(tmp_path, **names):
    with pytest.raises(Refusal) as stopped:
        asked(tmp_path, **names)
    assert stopped.value.code is ExitCode.USAGE
    return [problem.text("en") for problem in stopped.value.problems], [problem.text("zh") for problem in stopped.value.problems]


def test_a_project_that_is_nearly_named_is_suggested(tmp_path):
    (en,), (zh,) = told(tmp_path, park="西园熔炼项日")
    assert en.endswith("(did you mean: west_melter (西园熔炼项目 / West melter)?)") and "西园熔炼项目" in zh
    (en,), _ = told(tmp_path, park="west", technology="west_meltr")
    assert "did you mean: west_melter" in en


@pytest.mark.parametrize("names", [{"park": "south", "technology": "west_melter"}, {"park": "west_melter", "technology": "roast"}], ids=str)
def test_a_project_elsewhere_or_of_another_technology_is_refused(tmp_path, names):
    (en,), (zh,) = told(tmp_path, **names)
    assert en.startswith("the project west_melter (西园熔炼项目 / West melter) stands at west with the technology melt")
    assert zh.startswith("项目 west_melter")


def test_an_unknown_park_beside_a_project_is_told_by_itself(tmp_path):
    (en,), _ = told(tmp_path, park="wset", technology="west_melter")
    assert en.startswith("there is no park 'wset'")


def test_the_steps_of_one_explanation_are_told(tmp_path):
    steps = []
    asked(tmp_path, lambda step, **facts: steps.append((step, facts)), park="west_melter")
    mine = [(step, facts) for step, facts in steps if step.startswith("explain")]
    assert mine == [
        ("explain", {"count": 1}), ("explain_one", {"number": 1, "count": 1, "name": ("西园熔炼项目", "West melter")}),
        ("explain_verified", {}), ("explain_evens", {}),
    ]
    for step, facts in mine:
        for place, language in enumerate(words.LANGUAGES):
            plain = {key: fact[place] if isinstance(fact, tuple) else fact for key, fact in facts.items()}
            assert words.text(f"progress.{step}", language, **plain)


# ---- noise


def teller(language: str, unit: str = "million yuan"):
    return explain_lines._Teller(explain_study.Explained(pd.DataFrame(), (), {}, unit), language)


def test_sums_that_are_noise_are_said_as_such():
    en, zh, plain = teller("en"), teller("zh"), teller("en", "")
    assert [en.sum(value) for value in (0.0002284, 0.02, 12.5)] == ["less than 0.01 million yuan", "0.02 million yuan", "12.5 million yuan"]
    assert [zh.sum(value) for value in (0.0002284, 12.5)] == ["不到 1 万元", "12.5 百万元"]
    assert plain.sum(0.0002284) == "0.0002284"  # of an unknown unit nothing is known to be little
    assert [en.price(value) for value in (0.2, -0.3, 212.4)] == [
        "less than 1 yuan per tonne of yearly capacity", "less than 1 yuan per tonne of yearly capacity", "212 yuan per tonne of yearly capacity",
    ]
    assert zh.price(0.2) == "每吨年产能不到 1 元"
    assert en.parts({"explain.part_power": 1e-9, "explain.part_freight": -2.0}) == "freight -2"


def test_a_price_of_nothing_has_no_exponent():
    """A charge of 2,042 that would have to fall to a billionth; one that pays at a third of it; one that never does."""
    said = teller("en")._even("charge", 2042e-3, 1.01e-12, 680e-3), teller("zh")._even("charge", 2042e-3, 1.01e-12, math.nan)
    assert "e-" not in said[0] + said[1]
    assert "its first tonnes pay at practically nothing, its whole size at 0.68" in said[0]
    assert "最初几吨降到几乎为零才划算,全部规模降到零也不划算" in said[1]
    assert "pay at practically nothing, its whole size at 25.0%" in teller("en")._even("freight", 1.0, 1e-5, 0.25)
