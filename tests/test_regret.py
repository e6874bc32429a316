"""Regret of plans in futures, worked out by hand: investment fixed, operation adapts."""

from __future__ import annotations

import math

import pytest
from study_worlds import carried_out, refused, told

from model.explore.regret import conditional

# the grid costs 4 now and may cost 1 or 9; a works of up to 5 costs 2 + 1
FUTURES = """
[[future]]
name = "now"
probability = 0.5
[[future]]
name = "cheap"
title = { zh = "便宜", en = "cheap grid" }
probability = 0.3
change = [{ table = "supply", set = { price = 0.5 } }]
[[future]]
name = "dear"
probability = 0.2
change = [{ table = "supply", set = { price = 9 } }]
"""
NOTHING = '[[plan]]\nname = "nothing"\nlock = [{ site = "p", technology = "make", state = "fixed", size = 0 }]\n'
ASKED = f'study = "regret"\nlevel = 0.5\nown = true\n{NOTHING}{FUTURES}'


def test_regrets_by_hand(tmp_path):
    """Best: now 15 + 12 = 27, cheap 8 x 0.5 = 4, dear 15 + 27 = 42.

    Nothing built: 32, 4, 72 = regrets 5, 0, 30. Built (now, dear): the works of 5 costs 10 and stands still where the grid is
    cheap: 10 + 4 = 14: regrets 0, 10, 0.
    """
    found = carried_out(tmp_path, ASKED)
    table = found.tables["regrets"].pivot(index="plan", columns="future", values="regret")
    assert list(table.loc["nothing", ["now", "cheap", "dear"]]) == pytest.approx([5, 0, 30])
    assert list(table.loc["for now", ["now", "cheap", "dear"]]) == pytest.approx([0, 10, 0], abs=1e-9)
    assert list(table.loc["for dear", ["now", "cheap", "dear"]]) == pytest.approx([0, 10, 0], abs=1e-9)
    assert list(table.loc["for cheap", ["now", "cheap", "dear"]]) == pytest.approx([5, 0, 30], abs=1e-9)


def test_the_plan_of_least_largest_regret(tmp_path):
    """Nothing: largest 30, expected 2.5 + 6 = 8.5; the worse half: (0.2 x 30 + 0.3 x 5) / 0.5 = 15. Built: 10, 3, 0.3 x 10 / 0.5 = 6."""
    found = carried_out(tmp_path, ASKED)
    plans = found.tables["plans"].set_index("plan")
    assert found.facts["minimax"] in ("for now", "for dear")
    assert list(plans.loc["nothing", ["largest", "expected", "cvar"]]) == pytest.approx([30, 8.5, 15])
    assert list(plans.loc["for now", ["largest", "expected", "cvar"]]) == pytest.approx([10, 3, 6])
    text = told(found)
    assert "if 'cheap grid' were known beforehand: 4.0" in text
    assert "nothing: largest regret 30.0 (facing 'dear'), expected 8.5, CVaR at 50% 15.0; builds nothing new" in text
    assert "the plan of least largest regret: plan made for 'dear' (10.0" in text
    assert "为“便宜”所做的方案" in told(found, "zh")


def test_a_plan_that_cannot_be_operated_has_no_finite_regret(tmp_path):
    """The grid gives 5 only in the scarce future: without the works 3 of the 8 are missing."""
    scarce = '[[future]]\nname = "scarce"\nchange = [{ table = "supply", set = { max = 5 } }]\n[[future]]\nname = "now"\n'
    found = carried_out(tmp_path, f'study = "regret"\nown = true\n{NOTHING}{scarce}')
    plans = found.tables["plans"].set_index("plan")
    assert math.isnan(plans.loc["nothing", "largest"]) and plans.loc["for now", "largest"] == pytest.approx(0, abs=1e-9)
    assert "nothing: no plan facing 'scarce'" in told(found)
    assert found.facts["minimax"] != "nothing"


def test_a_future_without_any_plan_is_no_measure(tmp_path):
    none = '[[future]]\nname = "none"\nchange = [{ table = "supply", set = { max = 1 } }]\n[[future]]\nname = "now"\n'
    found = carried_out(tmp_path, f'study = "regret"\n{NOTHING}{none}')
    assert "none: no plan (" in told(found)
    assert math.isnan(found.tables["plans"]["largest"].iloc[0])


@pytest.mark.parametrize(("regrets", "shares", "level", "expected"), [
    ((0, 10), (0.9, 0.1), 0.9, 10), ((0, 10), (0.9, 0.1), 0.8, 5), ((1, 2, 4), (0.5, 0.25, 0.25), 0.0, 2),
    ((1, math.inf), (1, 0), 0.9, 1), ((1, math.inf), (0.99, 0.01), 0.5, math.inf), ((0, 3, 9), (0.5, 0.3, 0.2), 0.7, 7),
])
def test_the_mean_of_the_worst(regrets, shares, level, expected):
    assert conditional(regrets, shares, level) == pytest.approx(expected)
    assert math.isnan(conditional((math.nan, 1), (0.5, 0.5), level))


@pytest.mark.parametrize(("text", "rule", "column"), [
    ('study = "regret"', "scenario_array", "future"),
    ('study = "regret"\n[[future]]\nname = "a"\nprobability = 0.4', "scenario_range", "future.probability"),
    ('study = "regret"\n[[future]]\nname = "a"\nprobability = 2', "scenario_range", "future[1].probability"),
    (f'study = "regret"\nown = 1\n{FUTURES}', "scenario_choice", "own"),
    (f'study = "regret"\nlevel = 1\n{FUTURES}', "scenario_range", "level"),
    (f'study = "regret"\n[[plan]]\nname = "a"\nprobability = 1\n{FUTURES}', "scenario_key", "plan[1].probability"),
])
def test_what_is_wrong_with_the_file(tmp_path, text, rule, column):
    assert (rule, column) in refused(tmp_path, text)


@pytest.mark.parametrize("name", ["as_now", "best", "plan", "pair"])
def test_a_plan_may_be_called_as_a_future_or_a_part_of_a_key(tmp_path, name):
    """Without the plant 8 come from the grid at 4: 32 instead of 27, a regret of 5."""
    text = f"""study = "regret"
[[plan]]
name = "{name}"
lock = [{{ site = "p", technology = "make", state = "excluded" }}]
[[future]]
name = "as_now"
"""
    found = carried_out(tmp_path, text)
    assert list(found.tables["regrets"]["best"]) == pytest.approx([27]) and list(found.tables["plans"]["largest"]) == pytest.approx([5])


@pytest.mark.parametrize(("text", "rule", "column"), [
    ('own = true\n[[plan]]\nname = "for f"\n[[future]]\nname = "f"', "study_name_taken", "plan[1].name"),
    ('[[future]]\nname = "f"', "study_nothing", "plan"),
])
def test_plans_are_there_and_have_names_of_their_own(tmp_path, text, rule, column):
    assert (rule, column) in refused(tmp_path, f'study = "regret"\n{text}')
