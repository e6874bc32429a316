"""The sentence on goals: floors of indicators that cost nothing to miss, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from maps import goals


def results(*rows):
    """indicator, value, floor, unit price of missing it."""
    names = [row[0] for row in rows]
    return SimpleNamespace(
        indicators=pd.DataFrame({"indicator": names, "group": "y", "value": [row[1] for row in rows], "min": [row[2] for row in rows]}),
        case=SimpleNamespace(
            columns={"excess": pd.DataFrame({"indicator": names, "group": "y", "side": "min", "unit_price": [row[3] for row in rows]})},
            labels={"indicators": pd.DataFrame({"indicator": names, "name_zh": [f"目标{name}" for name in names], "name_en": ""})},
        ),
    )


def test_the_farthest_goals_stand_first_and_priced_floors_are_no_goals():
    """1 of 4, 3 of 4, 5 of 4 and 2 of 4 are reached; the fifth has a price and pulls the plan."""
    found = results(("a", 1.0, 4.0, 0.0), ("b", 3.0, 4.0, 0.0), ("c", 5.0, 4.0, 0.0), ("d", 2.0, 4.0, 0.0), ("e", 0.0, 4.0, 9.0))
    ((zh, en),) = goals.sentence(found)
    assert zh == "4 项目标达到 1 项;差得最远的(完成比例):目标a 25%、目标d 50%、目标b 75%。"
    assert en == "Of 4 goals 1 are met; farthest from theirs: a 25%, d 50%, b 75%."


def test_a_goal_that_is_almost_met_is_not_called_whole():
    """999.7 of 1,000 is 99 %, not 100 %."""
    ((_, en),) = goals.sentence(results(("a", 999.7, 1000.0, 0.0)))
    assert en == "Of 1 goals 0 are met; farthest from theirs: a 99%."


def test_goals_that_are_all_met_and_plans_without_goals():
    assert goals.sentence(results(("a", 4.0, 4.0, 0.0)))[0][1] == "Every goal is met (1)."
    assert goals.sentence(results(("a", 1.0, 4.0, 9.0))) == []


def test_the_shipped_base(base_run):
    """109 of 2,000 kt of ingot at Guangyuan is the farthest of all."""
    ((_, en),) = goals.sentence(base_run.results)
    assert en.startswith("Of 10 goals 3 are met; farthest from theirs: ") and " 5%" in en
    shares = goals.reached(base_run.results).set_index("indicator")["share"]
    assert shares["recycled_goal_2027"] == pytest.approx(777.56 / 1230, rel=1e-4)
