"""The sentence on goals: floors of indicators that cost nothing to miss, worked out by hand."""

from __future__ import annotations

import html
import math
from types import SimpleNamespace

import pandas as pd
import pytest
import report_sample

from maps import goals, page
from maps.goal_rows import goal_heading, goal_rows
from model.explore.targets import whole_percent


def results(*rows):
    """indicator, value, floor, unit price of missing it."""
    names = [row[0] for row in rows]
    return SimpleNamespace(
        indicators=pd.DataFrame({"indicator": names, "group": "y", "value": [row[1] for row in rows], "min": [row[2] for row in rows]}),
        case=SimpleNamespace(
            columns={"excess": pd.DataFrame({"indicator": names, "group": "y", "side": "min", "unit_price": [row[3] for row in rows]})},
            labels={"indicators": pd.DataFrame({"indicator": names, "name_zh": [f"目标{name}" for name in names], "name_en": "", "unit": "kt"})},
        ),
    )


def same(group):
    return group, group


def test_the_farthest_goals_stand_first_and_priced_floors_are_no_goals():
    """1 of 4, 3 of 4, 5 of 4 and 2 of 4 are reached; the fifth has a price and pulls the plan."""
    found = results(("a", 1.0, 4.0, 0.0), ("b", 3.0, 4.0, 0.0), ("c", 5.0, 4.0, 0.0), ("d", 2.0, 4.0, 0.0), ("e", 0.0, 4.0, 9.0))
    ((zh, en),) = goals.sentence(found, same)
    assert zh == "4 项目标达到 1 项;差得最远的(完成比例):目标a 25%、目标d 50%、目标b 75%。"
    assert en == "Of 4 goals 1 are met; farthest from theirs: a 25%, d 50%, b 75%."


def test_a_goal_that_is_almost_met_is_not_called_whole():
    """999.7 of 1,000 is 99 %, not 100 %."""
    ((_, en),) = goals.sentence(results(("a", 999.7, 1000.0, 0.0)), same)
    assert en == "Of 1 goals 0 are met; farthest from theirs: a 99%."


def test_goals_that_are_all_met_and_plans_without_goals():
    assert goals.sentence(results(("a", 4.0, 4.0, 0.0)), same)[0][1] == "Every goal is met (1)."
    assert goals.sentence(results(("a", 1.0, 4.0, 9.0)), same) == []


def test_a_goal_whose_value_does_not_exist_is_told_and_not_counted_as_missed():
    """A share of nothing: of three goals one is met, one reaches a quarter, and one does not apply."""
    absent = math.nan
    found = results(("a", absent, 0.15, 0.0), ("b", 1.0, 4.0, 0.0), ("c", 4.0, 4.0, 0.0))
    ((zh, en),) = goals.sentence(found, same)
    assert zh == "3 项目标达到 1 项,1 项在本方案不适用(目标a);差得最远的(完成比例):目标b 25%。"
    assert en == "Of 3 goals 1 are met, not applicable in this plan: 1 (a); farthest from theirs: b 25%."
    assert goals.sentence(results(("a", absent, 0.15, 0.0), ("c", 4.0, 4.0, 0.0)), same)[0][1] == "Every goal is met (1), not applicable in this plan: 1 (a)."
    assert goals.sentence(results(("a", absent, 0.15, 0.0)), same)[0] == ("1 项目标在本方案都不适用(目标a)。", "None of the 1 goals applies in this plan (a).")


def test_the_table_has_the_farthest_first_and_what_does_not_apply_last():
    """3 of 4, 1 of 4, nothing to compare, 5 of 4; each has one group, which therefore says nothing."""
    found = goals.table(results(("a", 3.0, 4.0, 0.0), ("b", 1.0, 4.0, 0.0), ("c", math.nan, 4.0, 0.0), ("d", 5.0, 4.0, 0.0)), same)
    assert list(found["indicator"]) == ["b", "a", "d", "c"] and list(found["share"][:3]) == [0.25, 0.75, 1.25]
    assert list(found["goal"]) == [4.0] * 4 and list(found["group_en"]) == [""] * 4


def test_goals_of_several_years_say_which():
    found = results(("a", 3.0, 4.0, 0.0))
    for table in (found.indicators, found.case.columns["excess"]):
        table.loc[1] = table.loc[0]
        table.loc[1, "group"] = "z"
    told = goals.table(found, {"y": ("今年", "this year"), "z": ("明年", "next year")}.__getitem__)
    assert list(told["group_en"]) == ["this year", "next year"]


@pytest.mark.parametrize(("share", "side", "told"), [
    (0.4462, "min", 44), (0.9997, "min", 99), (0.29, "min", 29), (1 - 1e-7, "min", 100), (1.0, "min", 100), (1.256, "min", 125), (0.0, "min", 0),
    (1.003, "max", 101), (1.0 + 1e-8, "max", 100), (2.0, "max", 200),
])
def test_shares_are_rounded_away_from_all_of_it(share, side, told):
    """44.62 % is 44 % wherever it is said, 99.97 % is not 100 %; 0.29 is 29 % although 100 × 0.29 is 28.999…; a ceiling passed by 0.3 % is passed."""
    assert whole_percent(share, side) == told


def test_page_brief_and_slides_say_the_same_of_each_goal():
    """178,483 of 400,000 is 44.6 %: 44 %; 30 % of a wished 24 % is 125 %; the last does not exist."""
    rows = goal_rows(report_sample.view())
    assert [(row.reached, row.goal, row.unit[1], row.percent, row.verdict[1]) for row in rows] == [
        ("178,483", "400,000", "million yuan", "44 %", "missed"), ("30 %", "24 %", "", "125 %", "met"), ("—", "15 %", "", "—", "not applicable in this plan"),
    ]
    assert goal_heading(rows) == ("各项目标:3 项,达到 1 项", "Goals: 1 of 3 met")
    text = html.unescape(page.page(report_sample.view()))
    first = text[text.index('id="findings"'):text.index('class="cards"')]
    assert '<details class="goals" open>' in first and "44 %" in first and "125 %" in first and "本方案不适用" in first and "col" not in goal_heading(rows)[1]


def test_amounts_of_large_goals_have_no_decimals_and_small_ones_keep_theirs():
    table = pd.DataFrame([("a", "甲", "a", "kt", 109.06, 2000.0, 0.05453), ("b", "乙", "b", "t/t", 1.25, 2.5, 0.5)], columns=report_sample.view().goals.columns[:7])
    assert [(row.reached, row.goal) for row in goal_rows(report_sample.view(goals=table))] == [("109", "2,000"), ("1.25", "2.5")]


def test_the_shipped_base(base_run):
    """109 of 2,000 kt of ingot at Guangyuan is the farthest of all."""
    ((_, en),) = goals.sentence(base_run.results, same)
    assert en.startswith("Of 10 goals 3 are met; farthest from theirs: ") and " 5%" in en
    shares = goals.reached(base_run.results).set_index("indicator")["share"]
    assert shares["recycled_goal_2027"] == pytest.approx(777.56 / 1230, rel=1e-4)
