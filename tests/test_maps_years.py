"""Plans of several planning years and branches: which year is shown, what the cards, sentences and tables add up. By hand."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pandas as pd
import pytest
import report_sample
from runs import quiet

from maps import headlines, margins, page
from maps.assemble import assemble
from maps.cards import cards
from maps.view import ReportView
from maps.years import path, shown_stage, stage_name, told
from model import pipeline
from model.explore.answers import answered
from model.scenario import Scenario

# a sells to b; twice as much in the second year; a dry future halves what may be bought
TABLES = {
    "periods": "period,stage,branch,order,length,weight,probability\n"
               "wet_1,y1,wet,1,1,2,0.75\ndry_1,y1,dry,2,1,2,0.25\nwet_2,y2,wet,3,1,5,0.75\ndry_2,y2,dry,4,1,5,0.25\n",
    "sites": "site,kind,region,lat,lon\na,park,sichuan,30.6,104.0\nb,market,chongqing,29.6,106.5\n",
    "supply": "commodity,site,period,price,max\nx,a,wet_1,1,10\nx,a,dry_1,1,6\nx,a,wet_2,1,20\nx,a,dry_2,1,12\n",
    "lanes": "commodity,from,to,unit_cost\nx,a,b,1\n",
    "demand": "commodity,site,max,price\nx,b,100,5\n",
}


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    folder = tmp_path_factory.mktemp("years")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return assemble(answered(pipeline.run(Scenario("years", folder), folder, quiet), quiet))


def test_amounts_are_those_of_the_last_year_expected_over_its_branches(view):
    """0.75 x 20 + 0.25 x 12 = 18 in the second year; the first would be 9."""
    assert view.flow["value"].sum() == pytest.approx(18.0) and view.sale["value"].sum() == pytest.approx(18.0)
    assert view.year == ("y2", "y2") and view.branches == 2


def test_the_page_says_which_year_and_which_future_its_figures_belong_to(view):
    text = html.unescape(page.page(view))
    assert "3 个规划年" not in text and "2 个规划年" in text and "expected over 2 hydrological years" in text
    assert re.search(r'</span> <span class="year">y2</span></h2>', text)


def test_a_plan_of_one_year_says_nothing_of_years():
    text = page.page(report_sample.view())
    assert 'class="year"' not in text and told(report_sample.view()) == []


def test_the_objective_of_several_years_is_not_a_figure_of_one(view):
    assert "all planning years, weighted" in cards(view)[0].more and "all planning years" not in cards(report_sample.view())[0].more


def test_output_and_capacity_of_every_year_stand_side_by_side():
    rows = [("2025 年", "2025", "primary", 90.0, 100.0), ("2025 年", "2025", "recycled", 0.0, 0.0),
            ("2030 年", "2030", "primary", 110.0, 120.4), ("2030 年", "2030", "recycled", 0.0, 0.0)]
    view = ReportView("甲", "A", path=pd.DataFrame(rows, columns=["year_zh", "year_en", "stage", "output", "capacity"]), year=("2030 年", "2030"))
    table = path(view)
    assert [row[1:] for row in table.rows] == [("90 / 100", "110 / 120")]  # what no year has is left out
    assert ["2025" in head for head, _ in table.heads] == [False, True, False]
    assert "The plan has 2 planning years" in told(view)[0][1]


def plan(stages, periods, tables):
    """A stand-in for a plan."""
    calendar = SimpleNamespace(stages=stages, periods=pd.DataFrame(periods, columns=["period", "stage", "branch", "length", "probability"]))
    empty = {"effect": pd.DataFrame(columns=["option", "unit", "site", "stage", "decided", "per_size", "per_open"])}
    case = SimpleNamespace(calendar=calendar, relations=empty)
    return SimpleNamespace(prepared=SimpleNamespace(tables=tables), results=SimpleNamespace(case=case, values={}))


def test_years_are_called_as_the_dataset_calls_them_without_remarks():
    table = pd.DataFrame([("y2025", "2025 年(规划目标年)", "2025 (year of the targets)")], columns=["stage", "name_zh", "name_en"])
    one = plan(("y2025", "y2030"), [], {"stages": table})
    assert stage_name(one, "y2025") == ("2025 年", "2025") and stage_name(one, "y2030") == ("y2030", "y2030") and shown_stage(one) == "y2030"


def test_lines_of_several_branches_and_years_are_used_by_the_capacity_of_one():
    """Last year: capacity 100, 90 or 70 melted in equal parts and 10 diluted on the line: 90 % in use, whatever stood and ran in the first year."""
    technologies = pd.DataFrame([("melt", "recycling"), ("dilute", "casting")], columns=["technology", "stage"])
    one = plan(("y1", "y2"), [("p", "y1", "wet", 1.0, 1.0), ("w", "y2", "wet", 1.0, 0.5), ("d", "y2", "dry", 1.0, 0.5)], {"technologies": technologies})
    relations = one.results.case.relations
    relations["use"] = pd.DataFrame([("melt", "s", "line", 1.0), ("dilute", "s", "line", 1.0)], columns=["technology", "site", "unit", "use"])
    relations["existing"] = pd.DataFrame([("line", "s", "p", 500.0), ("line", "s", "w", 100.0), ("line", "s", "d", 100.0)],
                                         columns=["unit", "site", "period", "amount"])
    for family in ("size", "open"):
        one.results.values[family] = pd.DataFrame(columns=["option", "stage", "value"])
    one.results.values["activity"] = pd.DataFrame(
        [("melt", "s", "p", 400.0), ("melt", "s", "w", 90.0), ("melt", "s", "d", 70.0), ("dilute", "s", "w", 10.0), ("dilute", "s", "d", 10.0)], columns=["technology", "site", "period", "value"])
    labels = SimpleNamespace(unit=lambda unit, site: (unit, unit), unit_stage=lambda unit, site: "recycled")
    assert headlines._line_use(one, labels) == {"line": pytest.approx(0.9)}


def test_without_a_project_to_take_none_is_spoken_of():
    table = pd.DataFrame([("p", "project", "later", 1.0)], columns=["option", "group", "status", "misses"])
    assert margins.projects(table) == []
