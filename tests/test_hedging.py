"""What uncertainty costs (EVPI, VSS), worked out by hand on a dry and a wet year."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pandas as pd
import pytest
from runs import command_line, dataset

from model.explore.hedging import Hedge, hedge, lines
from model.explore.labels import time_names
from model.opening import open_scenario
from model.problems import ExitCode, Refusal

YEARS = "period stage branch length weight probability\ndry y dry 1 1 {}\nwet y wet 1 1 {}"
# 8 of power are needed; the river gives 2 in the dry year and 10 in the wet one
TABLES = {
    "periods": YEARS.format(0.5, 0.5),
    "supply": "commodity site period tier price max\npower p dry river 1 2\npower p wet river 1 10\npower p * coal 11 100",
    "demand": "commodity site min max price\npower p 8 8 0",
    "recipes": "technology commodity quantity\nsteady power 1\npeaker power 1",
    "tech_sites": "technology site variable_cost\nsteady p 1\npeaker p 6",
    "capacity_use": "technology unit use\nsteady large 1\npeaker small 1",
    "options": "option variable_cost max_size\nlarge 5 100\nsmall 1 100",
    "option_effects": "option unit site per_size\nlarge large p 1\nsmall small p 1",
}


def study(folder, **changes):
    scenario, data = open_scenario(None, dataset(folder, **(TABLES | changes)), folder, {})
    return hedge(scenario, data, lambda step, **facts: None)


def sizes(found, option):
    row = found.sizes.set_index("option").loc[option]
    return tuple(row[["hedge", "dry", "wet", "mean"]])


def test_the_plan_hedges_by_hand(tmp_path):
    """Six are missing in the dry year only, so with probability 1/2.

    Dry for certain: large 6×(5+1) = 36 < small 6×(1+6) = 42 < coal 66, plus the river's 2: 38. Wet for certain: 8, nothing
    built. Both: large 6×(5 + 1/2×1) = 33, small 6×(1 + 1/2×6) = 24, coal 6×1/2×11 = 33: small, and the river 1/2×2 + 1/2×8.
    """
    found = study(tmp_path)
    assert found.cost == pytest.approx(24 + 5)
    assert found.known == pytest.approx({"dry": 38, "wet": 8})
    assert found.perfect_information == pytest.approx(29 - 23)
    assert sizes(found, "small") == pytest.approx((6, 0, 0, 0))
    assert sizes(found, "large") == pytest.approx((0, 6, 0, 2))
    assert found.differs


def test_building_for_the_average_costs_more(tmp_path):
    """The average river gives 6: large of 2 at 5+1 beats small at 7. Facing both years: 2×5 + dry 2×1 + 2×1 + 4×11 at 1/2 + wet 8 at 1/2.

    = 10 + 24 + 4 = 38 against 29.
    """
    found = study(tmp_path)
    assert found.built_for_mean == pytest.approx(38)
    assert found.stochastic_solution == pytest.approx(9)


def test_what_allows_no_plan_has_no_finite_value(tmp_path):
    """Without coal the capacity built for the average leaves the dry year short by 4, and nothing may be short."""
    found = study(tmp_path, supply="commodity site period tier price max\npower p dry river 1 2\npower p wet river 1 10")
    assert math.isinf(found.stochastic_solution)
    assert any("no plan in some branch" in line for line in lines(found, "en"))
    assert any("不可行" in line for line in lines(found, "zh"))


def test_a_certain_branch_makes_all_plans_one(tmp_path):
    """A wet year of probability 0 counts for nothing: the forecast is worth 0 and so is the stochastic solution."""
    found = study(tmp_path, periods=YEARS.format(1, 0))
    assert found.cost == pytest.approx(38)
    assert found.perfect_information == pytest.approx(0)
    assert found.stochastic_solution == pytest.approx(0)
    assert not found.differs


def test_yes_no_decisions_and_cost_points_are_carried_over(tmp_path):
    """large comes in any size up to 10 at 1.2 a unit, by cost points; small starts at 3 and is never worth it.

    All: large 6×1.2 + 1/2×6×1 = 10.2, river 5. Built for the average river of 6: large 2×1.2 = 2.4; then dry 1/2×(2 + 2 + 4×11), wet 1/2×8.
    """
    found = study(
        tmp_path, options="option variable_cost min_size max_size\nlarge - - -\nsmall 1 3 100",
        option_points="option point size cost\nlarge none 0 0\nlarge full 10 12",
    )
    assert found.cost == pytest.approx(10.2 + 5)
    assert found.built_for_mean == pytest.approx(2.4 + 24 + 4)


def test_a_named_capacity_and_a_missing_row_are_averaged(tmp_path):
    """The small unit has 4 in the dry year only, so 2 on average; the river row of the wet year is missing: 2 in the dry, 1 on average.

    Dry alone: 2×1 + 4×6 + 2×(5+1) = 38; wet alone: 8×(5+1) = 48 by large; average: river 1, small 2, large 5.
    """
    found = study(
        tmp_path, supply="commodity site period tier price max\npower p dry river 1 2", options="option variable_cost max_size\nlarge 5 100",
        option_effects="option unit site per_size\nlarge large p 1", capacity="unit site period amount\nsmall p dry 4",
    )
    assert found.known == pytest.approx({"dry": 38, "wet": 48})
    # for both: 8 of large in the wet year costs 40 + 8, in the dry 2×1 + 6×1: 40 + 4 + 4
    assert found.cost == pytest.approx(48)
    assert sizes(found, "large")[3] == pytest.approx(5)


@pytest.mark.parametrize(("periods", "rule"), [
    ("period stage branch length weight probability\ndry y dry 1 1 1", "one_branch"),
    (YEARS.format(0.5, 0.5) + "\nlate1 z dry 1 1 0.25\nlate2 z wet 1 1 0.75", "branches_differ"),
    ("period stage branch length weight probability\ndry y dry 1 1 0.5\nwet1 y wet 0.5 1 0.5\nwet y wet 0.5 1 0.5", "periods_differ"),
])
def test_what_cannot_be_compared_is_refused(tmp_path, periods, rule):
    supply = {"supply": "commodity site period tier price max\npower p dry river 1 2\npower p * coal 11 100"}
    with pytest.raises(Refusal) as caught:
        study(tmp_path, periods=periods, **supply)
    assert caught.value.code is ExitCode.DATA
    assert [problem.rule for problem in caught.value.problems] == [rule]


def test_one_command_says_it_and_writes_it(tmp_path, capsys):
    out = tmp_path / "hedge.json"
    folder = dataset(tmp_path / "data", **TABLES)
    assert command_line().main(["hedge", "--data", str(folder), "--out", str(out), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "(EVPI): 6" in said
    assert "(VSS, against building for the average): 9" in said
    assert "it hedges" in said
    written = json.loads(out.read_text(encoding="utf-8"))
    assert (written["evpi"], written["vss"], written["differs"]) == (pytest.approx(6), pytest.approx(9), True)


def test_rounding_of_two_solves_is_no_value():
    """Costs of 1e4 that differ by 1e-9 of themselves are the same cost; one that differs by 1e-3 of it is not."""
    found = Hedge(1e4, {"dry": 1e4}, {"dry": 1.0}, 1e4 + 1e-5, pd.DataFrame(columns=["option", "stage", "hedge", "dry"]))
    assert any(line.endswith("average): 0") for line in lines(found, "en"))
    assert any(line.endswith("average): 10") for line in lines(replace(found, built_for_mean=1e4 + 10), "en"))


def test_stages_and_branches_have_names():
    named = pd.DataFrame({"stage": ["y1"], "name_zh": ["首年"], "name_en": [""]})
    tables = {"stages": named, "hydrology": pd.DataFrame({"branch": ["dry"], "name_zh": [""], "name_en": ["dry year"]})}
    assert time_names(tables) == {"y1": ("首年", "y1"), "dry": ("dry", "dry year")}
