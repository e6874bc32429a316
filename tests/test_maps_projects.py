"""The table of options as the report shows it: groups, statuses and reasons, for the shipped base and for plans made by hand."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from runs import dataset, solved

from maps import projects
from maps.escape import note_markup
from model.expand.named import Project
from model.explore import projects as priced
from model.explore.answers import Answers, asked
from model.explore.labels import Labels


@pytest.fixture(scope="module")
def plan(base_run):
    return projects.plan_table(base_run, Labels(base_run)).set_index("option")


def test_every_named_project_is_there_once_and_apart(plan, base_run):
    names = set(base_run.prepared.tables["projects"]["project"])
    assert set(plan.index[plan["group"] == "project"]) == names and plan.index.is_unique
    assert set(plan.index[plan["group"] == "swap"]) == {name for name in plan.index if name.startswith(("close_", "new_potline_"))}


def test_what_serves_later_is_not_called_forbidden(plan):
    assert plan.loc["southwest_hot_mill", "status"] == "later" and plan.loc["southwest_hot_mill", "year"] == 2028
    assert plan.loc["southwest_hot_mill", "why_zh"] == "2028 年才投产"
    assert plan.loc["jiange_recycled", "status"] == "forbidden" and plan.loc["jiange_recycled", "why_en"] == "not among the permitted sites"
    assert plan.loc["bosai_alumina_2", "status"] == "restrained"
    assert plan.loc["close_aba", "status"] == "off"


def test_what_stands_already_is_named_without_a_size_of_the_plan(plan):
    row = plan.loc["mingkun_recycled"]
    assert row["status"] == "sunk" and row["named_size"] == 100.0 and pd.isna(row["size"]) and row["stage"] == "recycled"
    assert row["why_en"] == "finished before the planning year (2025): counted as existing capacity"


PROJECT = Project("p", "park", "melt", "oven", 6.0, 2027.0, "open")


def _why(finding, state="open", **facts):
    answer = {"finding": finding, "worth": 300.0, "charge": 1500.0, "extra_cost": 7.2, "planned": 0.0, **facts}
    return projects._why(Project("p", "park", "melt", "oven", 6.0, 2028.0, state), answer)[1]


@pytest.mark.parametrize(
    ("finding", "facts", "words"),
    [
        ("taken", {}, "taken at its named size"),
        ("tie", {}, "at its named size the plan costs the same: an equally good plan takes it"),
        ("idle", {"worth": 0.0}, "it would stand idle even free of charge: existing capacity is enough for all that pays"),
        ("misses", {}, "its capacity is worth 20 % of its yearly charge"),  # 300 of 1,500
        ("misses", {"worth": 3.0}, "its capacity is worth less than 1 % of its yearly charge"),
        ("misses", {"worth": -80.0}, "with it the plan costs 7.2 million yuan a year more"),
        ("misses", {"planned": 2.0}, "its whole size would cost 7.2 million yuan a year more than the part that is taken"),
        ("pays", {"extra_cost": -7.2}, "with it the plan costs 7.2 million yuan a year less"),
        ("impossible", {}, "no plan holds it at its named size"),
        ("not_modelled", {"state": "not_permitted"}, "not among the permitted sites; were it open now: nothing may use it at its site: not in the model"),
        ("misses", {"state": "later"}, "serves from 2028; were it open now: its capacity is worth 20 % of its yearly charge"),
        ("idle", {"state": "restrained", "worth": 0.0}, "a restrained project, not opened; were it open now: it would stand idle even free of charge: "
         "existing capacity is enough for all that pays"),
        ("pays", {"state": "excluded"}, "shut by this scenario; were it open now: with it the plan costs 7.2 million yuan a year less"),
    ],
)
def test_the_reason_is_said_in_words(finding, facts, words):
    assert _why(finding, **facts) == words


def test_without_an_answer_only_the_state_is_told():
    assert projects._why(PROJECT, None) == ("", "") == projects._why(None, None)


def test_a_project_taken_in_part_says_so(base_run):
    """Six kt of ten: partly; a generic expansion is chosen at whatever size it has."""
    row = {"max_size": 10.0, "value": 6.0, "per_size": 1.0}
    whole = Project("p", "park", "melt", "oven", 10.0, 2027.0, "open")
    assert projects._status(row, whole, swap=False) == "partly"
    assert projects._status(row, None, swap=False) == "built" == projects._status(row, whole, swap=True)
    assert projects._status({**row, "value": 10.0}, whole, swap=False) == "built"
    assert projects._status({**row, "per_size": -1.0}, whole, swap=True) == "closed"


def test_answers_of_a_run_stand_in_its_plan_table(base_run):
    """A run that was asked shows the numbers beside the project they belong to; one that was not shows none."""
    answer = dict.fromkeys(priced.NUMBERS, 1.0) | {"project": "huafeng_2", "site": "baitao", "state": "open", "finding": "misses", "charge": 4.0}
    run = Answers(**vars(base_run) | {"projects": pd.DataFrame([answer])})
    plan = projects.plan_table(run, Labels(run)).set_index("option")
    assert plan.loc["huafeng_2", ["charge", "misses"]].tolist() == [4.0, 1.0] and plan["misses"].notna().sum() == 1
    assert asked(run) is run and asked(base_run).projects.empty


def test_a_dataset_without_projects_has_only_generic_options(tmp_path):
    run = solved(dataset(
        tmp_path / "data", supply="commodity site price\ng s 10", demand="commodity site min max price\ng s 2 2 0",
        options="option period variable_cost max_size\nwait * 1 5",
    ))
    assert projects.plan_table(run, Labels(run))["group"].tolist() == ["expansion"]


def test_every_note_of_the_shipped_dataset_that_the_report_shows_is_said_in_both_languages(base_run):
    """``Chinese | English``: what a reader of the Chinese page meets is Chinese, the English half has no Chinese in it."""
    tables = base_run.prepared.tables
    shown = [note for name in ("projects", "expansions", "firms", "plants", "new_potlines") for note in tables[name]["note"] if note]
    assert len(shown) > 50
    for note in shown:
        chinese, bar, english = note.partition(" | ")
        assert bar and re.search("[\u4e00-\u9fff]", chinese) and english and not re.search("[\u4e00-\u9fff]", english), note
    assert "投资6亿元" in note_markup(tables["projects"].set_index("project").loc["fucheng_2", "note"])
