"""What sentences, goals, pools and charts say of several planning years and branches, by hand."""

from __future__ import annotations

import html
import math
from collections import defaultdict
from dataclasses import replace

import pandas as pd
import pytest
import report_sample
from runs import dataset, quiet
from test_goals import results

from maps import goals, headlines, page
from maps.assemble import assemble
from maps.goal_rows import goal_heading, goal_rows, worst_rows
from maps.office.content import content
from model import pipeline
from model.expand.swap_ledger import Entry, account_rows, pool_rows
from model.expand.swap_pools import Pool
from model.expand.swap_rules import Stages
from model.explore.answers import answered
from model.explore.labels import Labels
from model.scenario import Scenario

YEARS = {"y": ("今年", "this year"), "z": ("明年", "next year")}


@pytest.fixture(scope="module")
def found():
    """a reaches 3 and 1 of 4, b all of 4 twice, c nothing that exists and then 2 of 4, d never anything that exists."""
    made = results(("a", 3.0, 4.0, 0.0), ("b", 4.0, 4.0, 0.0), ("c", math.nan, 4.0, 0.0), ("d", math.nan, 4.0, 0.0))
    later = results(("a", 1.0, 4.0, 0.0), ("b", 5.0, 4.0, 0.0), ("c", 2.0, 4.0, 0.0), ("d", math.nan, 4.0, 0.0))
    later.indicators["group"] = later.case.columns["excess"]["group"] = "z"
    made.indicators = pd.concat([made.indicators, later.indicators], ignore_index=True)
    made.case.columns["excess"] = pd.concat([made.case.columns["excess"], later.case.columns["excess"]], ignore_index=True)
    return made


def test_a_goal_of_several_years_is_told_once_with_the_year_that_misses_it_most(found):
    """Of four one is met in both years; a is at a quarter next year, c at a half in the only year in which it exists."""
    ((zh, en),) = goals.sentence(found, YEARS.__getitem__)
    assert en == (
        "Of 4 goals 1 are met in every planning year, not applicable in this plan: 1 (d); farthest from theirs, each in the year it is missed most: "
        "a (next year) 25%, c (next year) 50%."
    )
    assert zh == "4 项目标有 1 项在各规划年都达到,1 项在本方案不适用(目标d);差得最远的(各取完成比例最低的一年):目标a(明年) 25%、目标c(明年) 50%。"


def test_the_years_of_one_goal_stand_together_in_their_order(found):
    table = goals.table(found, YEARS.__getitem__)
    assert list(zip(table["indicator"], table["group"], strict=True)) == [
        ("a", "y"), ("a", "z"), ("c", "y"), ("c", "z"), ("b", "y"), ("b", "z"), ("d", "y"), ("d", "z"),
    ]


def test_brief_and_slides_show_each_goal_once_and_count_as_the_page_does(found):
    view = replace(report_sample.view(), goals=goals.table(found, YEARS.__getitem__))
    rows, told = goal_rows(view), content(view, ("", "")).goals
    assert [(row.named[1], row.percent, row.state) for row in told] == [
        ("a (next year)", "25 %", "missed"), ("c (next year)", "50 %", "missed"), ("b (this year)", "100 %", "met"), ("d (this year)", "—", "absent"),
    ]
    assert [row.named for row in worst_rows(rows)] == [row.named for row in told] and len(rows) == 8
    assert goal_heading(rows) == goal_heading(told) == ("各项目标:4 项,各规划年都达到 1 项", "Goals: 1 of 4 met in every planning year")


def pool(valid_years: float) -> Pool:
    row = defaultdict(lambda: "", valid_years=valid_years, ratio=1.0, closures_allowed=1.0, new_potlines_allowed=1.0, inside_price=0.0)
    return Pool("p", {"zh": "甲池", "en": "A pool"}, row, (), ())


@pytest.mark.parametrize(("years", "valid", "told"), [
    ((2027.0,), math.nan, ["A pool: new × ratio − closed − outside quota"]),
    ((2025.0, 2030.0), math.nan, ["A pool: new × ratio − closed − outside quota (up to 2025)", "A pool: new × ratio − closed − outside quota (up to 2030)"]),
    ((2025.0, 2030.0), 2.0, [
        "A pool: new × ratio − closed − outside quota (up to 2025)", "A pool: new × ratio − closed − outside quota (up to 2030)",
        "A pool: new × ratio − closed − outside quota (2030 to 2030)",
    ]),
])
def test_pools_of_several_years_say_until_when_they_count(years, valid, told):
    """Quota of 2025 that ends after two years holds no more in 2030: what is used from then on needs what was made from then on."""
    rows = defaultdict(list)
    names = tuple(f"y{year:.0f}" for year in years) if len(years) > 1 else ("*",)
    pool_rows(rows, pool(valid), [Entry("created", "close", 1.0)], Stages(names, years), 0.1)
    assert [row["name_en"] for row in rows["indicators"]] == told
    assert len(years) == 1 or rows["indicators"][1]["name_zh"] == "甲池:新建×置换比例−关停−外购指标(截至 2030 年)"


def test_the_quota_of_a_line_that_is_divided_says_for_which_year():
    rows, line = defaultdict(list), type("Line", (), {"row": defaultdict(lambda: "", name_zh="甲厂", name_en="A")})
    account_rows(rows, line, Entry("created", "close_a", 1.0), ["cede_a"], Stages(("y2025", "y2030"), (2025.0, 2030.0)))
    assert [(row["name_zh"], row["name_en"]) for row in rows["indicators"]] == [
        (f"甲厂:指标在各池间的分配({year} 年)", f"A: its quota divided among pools ({year})") for year in (2025, 2030)
    ]


# 10 are wanted each year at least; 6 may be bought in the first and 9 in the second; a missing unit costs 100
SHORT = {
    "periods": "period stage length weight\ny1 y1 1 2\ny2 y2 1 5", "sites": "site kind\na park",
    "supply": "commodity site period price max\nx a y1 1 6\nx a y2 1 9", "demand": "commodity site min price shortage_price\nx a 10 0 100",
}


def test_what_is_missing_in_several_years_is_counted_once_a_year_and_priced_over_all(tmp_path):
    """4 and 1 are missing; 2 x 400 + 5 x 100 = 1,300; buying costs 2 x 6 + 5 x 9 = 57."""
    folder = dataset(tmp_path / "short", **SHORT)
    run = answered(pipeline.run(Scenario("short", folder), folder, quiet), quiet)
    told = [en for _, en in headlines.sentences(run, Labels(run), assemble(run).plan)]
    assert told[0] == (
        "Not supplied, each planning year counted once: x 5; priced over all years, weighted and discounted, at 1,300 million yuan; "
        "without it the objective is 57 million yuan."
    )


def test_power_of_a_branch_stands_in_full():
    """Half as likely, twice as tall: what is expected of a month, 3 GWh, is 6 GWh of the month of a branch that comes every other year."""
    power = pd.DataFrame(
        [("z", "m01_wet", "水电", "hydro", 3.0, "区", "zone"), ("z", "m01_dry", "水电", "hydro", 1.0, "区", "zone")],
        columns=["zone", "period", "item_zh", "item_en", "value", "zone_zh", "zone_en"],
    )
    periods = pd.DataFrame(
        [("m01_wet", 0, 1.0, "", "丰", "wet", 0.5), ("m01_dry", 0, 1.0, "", "枯", "dry", 0.5)],
        columns=["period", "slot", "length", "season", "branch_zh", "branch_en", "chance"],
    )
    text = html.unescape(page.page(replace(report_sample.view(), balance_power=power, periods=periods, branches=2)))
    section = text[text.index('<section id="power"'):]
    section = section[:section.index("</section>")]
    assert "not multiplied by its probability" in section and section.index("zone · dry") < section.index("zone · wet")
    assert [label in section for label in (">6<", ">2<", ">1<")] == [True, True, True]  # the tops of both scales, and January
