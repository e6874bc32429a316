"""Sections that a report carries on request: what may be asked, what each answers on worlds worked out by hand, and what is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from runs import ROOT, command_line, dataset, quiet
from study_worlds import TABLES
from test_hedging import TABLES as YEARS
from test_siting import METAL

from model import pipeline
from model.explore import sections
from model.explore.sections import Asked, Desk
from model.opening import open_scenario
from model.problems import ExitCode, Refusal
from model.scenario import Scenario

BASE = "title = {zh = '基准', en = 'base case'}\n"
CHEAP = "base = 'base.toml'\ntitle = {zh = '便宜', en = 'cheap grid'}\n[[change]]\ntable = 'supply'\nset = {price = 2}\n"
DEAR = "base = 'base.toml'\n[[change]]\ntable = 'options'\nset = {max_size = 4}\n"
GRID = """study = "sweep"
question = { zh = "电网多贵?", en = "How dear may the grid be?" }
[[axis]]
name = "grid"
values = [2, 4]
table = "supply"
set = "price"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own: data/chuanyu and three scenarios."""
    dataset(tmp_path / "data" / "chuanyu", **TABLES)
    (tmp_path / "scenarios" / "studies").mkdir(parents=True)
    for name, text in (("base", BASE), ("cheap", CHEAP), ("dear", DEAR)):
        (tmp_path / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def desk(root: Path, name: str | None = "base", data: Path | None = None) -> Desk:
    scenario, folder = open_scenario(name, data, root, {})
    return Desk(pipeline.run(scenario, folder, quiet), scenario, folder, data, root, quiet, quiet)


def test_names_are_kinds_studies_and_scenarios_each_once(project):
    (project / "scenarios" / "studies" / "many.toml").write_text(GRID, encoding="utf-8")
    scenario = replace(Scenario("base", project), sections=("targets", "cheap", "many"))
    assert sections.asked(scenario, ["cheap", "why_not", "targets"], project) == Asked(("targets", "why_not"), ("many",), ("cheap",))
    assert sections.asked(Scenario("base", project), [], project) == Asked()


def test_an_unknown_name_is_refused_where_it_stands(project):
    file = project / "scenarios" / "base.toml"
    file.write_text("sections = ['why_no', 'cheep']\n" + BASE, encoding="utf-8")
    scenario, _ = open_scenario("base", None, project, {})
    with pytest.raises(Refusal) as refused:
        sections.asked(scenario, [], project)
    assert refused.value.code is ExitCode.DATA
    found = sorted((problem.rule, problem.file, problem.row, problem.value, problem.suggestion) for problem in refused.value.problems)
    assert found == [("section_unknown", "base.toml", 1, "cheep", "cheap"), ("section_unknown", "base.toml", 1, "why_no", "why_not")]
    with pytest.raises(Refusal) as refused:
        sections.asked(Scenario("base", project), ["targetz"], project)
    assert (refused.value.code, refused.value.problems[0].suggestion) == (ExitCode.USAGE, "targets")
    assert all("why_not" in problem.text(language) for problem in refused.value.problems for language in ("zh", "en"))


def test_sections_belong_to_one_scenario_alone_and_survive_its_resolved_text(project):
    (project / "scenarios" / "base.toml").write_text("sections = ['cheap']\n" + BASE, encoding="utf-8")
    assert open_scenario("base", None, project, {})[0].sections == ("cheap",)
    assert open_scenario("dear", None, project, {})[0].sections == ()


def test_decisions_beside_another_scenario_by_hand(project):
    """The plant of 5 is built against a grid at 4 (5 x 3 + 3 x 4 = 27), not against one at 2 (8 x 2 = 16); of 4 at most: 4 x 3 + 4 x 4 = 28."""
    (section,) = sections.make(Asked(scenarios=("cheap", "dear")), desk(project))
    assert [(plan["scenario"], plan["cost"]) for plan in section.facts["plans"]] == [("base", 27.0), ("cheap", 16.0), ("dear", 28.0)]
    rows = section.tables["decisions"].to_dict("records")
    assert [(row["option"], row["flips"], row["base"], row["cheap"], row["dear"]) for row in rows] == [("plant", True, 5.0, 0.0, 4.0)]
    zh, en = zip(*section.sentences, strict=True)
    assert en[0] == "base case: objective 27" and zh[1] == "便宜:目标值 16"
    assert en[-1] == "plant (all): only taken in base case, dear; size 5, 4" and "1 项决定翻转" in zh[3]


def test_a_decision_of_another_size_does_not_flip(project):
    (section,) = sections.make(Asked(scenarios=("dear",)), desk(project))
    assert [bool(flips) for flips in section.tables["decisions"]["flips"]] == [False]
    assert section.sentences[-1][1] == "decisions that flip: 0; decisions that only differ in size: 1"


def test_a_study_file_answers_in_the_report(project):
    """A grid at 2: 16; at 4: 27, as the base."""
    (project / "scenarios" / "studies" / "many.toml").write_text(GRID, encoding="utf-8")
    (section,) = sections.make(Asked(studies=("many",)), desk(project))
    assert (section.name, section.kind, section.question[1]) == ("many", "sweep", "How dear may the grid be?")
    assert [row["cost"] for row in section.facts["rows"]] == [16.0, 27.0]
    assert section.question not in section.sentences


def test_uncertainty_in_the_report(tmp_path):
    """As worked out for the command: 29 for both years, 38 and 8 if known; EVPI 29 - 23."""
    data = dataset(tmp_path / "data", **YEARS)
    (section,) = sections.make(Asked(kinds=("hedge",)), desk(tmp_path, None, data))
    assert (section.facts["cost"], section.facts["evpi"]) == (pytest.approx(29), pytest.approx(6))
    assert any("(EVPI): 6" in en for _, en in section.sentences)


def test_why_not_in_the_report_says_what_the_command_says(tmp_path):
    data = dataset(tmp_path / "data", **METAL, sites="site kind name_zh name_en\npark park 园 Park")
    (section,) = sections.make(Asked(kinds=("why_not",)), desk(tmp_path, None, data))
    (row,) = section.tables["table"].to_dict("records")
    assert (row["site_zh"], row["site_en"], row["technology"]) == ("园", "Park", "smelt")
    assert row["finding_zh"] and row["finding_en"] and row["finding_zh"] != row["finding_en"]
    assert section.facts["rows"][0]["made"] == pytest.approx(6.0)


def test_targets_in_the_report(tmp_path):
    """2 of 7 are reached; closing the gap costs three at 1 and two at 3."""
    tables = {
        "supply": "commodity site tier price max\nx p near 1 5\nx p far 3 4", "demand": "commodity site min max price\nx p 2 2 0",
        "indicators": "indicator min relax_price\nbought 7 0", "indicator_terms": "indicator kind coefficient\nbought supply 1",
    }
    (section,) = sections.make(Asked(kinds=("targets",)), desk(tmp_path, None, dataset(tmp_path / "data", **tables)))
    (row,) = section.tables["table"].to_dict("records")
    assert (row["missed_by"], row["extra_cost"]) == (5.0, pytest.approx(9.0))
    assert section.facts["names"] == {"bought": {"zh": "bought", "en": "bought", "unit": ""}}


def test_switch_points_of_a_dataset_without_choices(tmp_path):
    (section,) = sections.make(Asked(kinds=("switches",)), desk(tmp_path, None, dataset(tmp_path / "data", **METAL)))
    assert section.facts == {"rows": []} and len(section.tables["table"]) == 0


def test_the_command_writes_sections_as_page_json_and_csv(tmp_path, capsys):
    data, other = dataset(tmp_path / "data", **TABLES), tmp_path / "other.toml"
    other.write_text("title = 'cheap grid'\n[[change]]\ntable = 'supply'\nset = {price = 2}\n", encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(BASE, encoding="utf-8")
    code = command_line().main(["solve", str(own), "--data", str(data), "--out", str(tmp_path / "out"), "--with", str(other), "--lang", "en"])
    assert code == 0, capsys.readouterr().err
    found = json.loads((tmp_path / "out" / "sections" / "beside.json").read_text(encoding="utf-8"))
    assert [plan["cost"] for plan in found["plans"]] == [27.0, 16.0]
    assert "plant" in (tmp_path / "out" / "sections" / "beside_decisions.csv").read_text(encoding="utf-8-sig")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert '<a href="#more-1">' in page and 'id="more-1"' in page and "decisions that flip: 1" in page


def test_the_command_refuses_an_unknown_section_before_it_solves(tmp_path, capsys):
    data = dataset(tmp_path / "data", **TABLES)
    assert command_line().main(["solve", "--data", str(data), "--out", str(tmp_path / "out"), "--with", "whynot", "--lang", "en"]) == 2
    assert "why_not" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("file", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda file: file.stem)
def test_the_shipped_scenarios_ask_for_sections_that_exist(file):
    scenario, _ = open_scenario(str(file), None, ROOT, {})
    wanted = sections.asked(scenario, [], ROOT)
    assert len(wanted.kinds) + len(wanted.studies) + len(wanted.scenarios) == len(scenario.sections)
