"""The shipped study files: every one is read, and one of each kind answers its question with numbers of the shipped dataset."""

from __future__ import annotations

import pytest
from runs import ROOT, quiet

from model.explore import studying
from model.explore.journal import Journal
from model.explore.study_file import StudyFile
from model.explore.study_rows import Outcome

STUDIES = sorted((ROOT / "scenarios" / "studies").glob("*.toml"))


def shipped(name: str) -> StudyFile:
    return studying.opened(name, None, ROOT, {})


def carried_out(name: str) -> Outcome:
    return studying.carry_out(shipped(name), Journal(None, ""), quiet)


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_every_study_has_a_title_and_a_question(file):
    study = shipped(file.stem)
    assert study.title.keys() == study.question.keys() == {"zh", "en"}
    assert study.question["zh"].endswith("?") and study.question["en"].endswith("?")


def test_every_kind_is_shipped():
    assert {shipped(file.stem).kind for file in STUDIES} == set(studying.KINDS)


@pytest.mark.library
def test_cheap_power_in_chongqing_stops_the_move():
    """At 0.50 yuan nobody moves at either ratio, at 0.55 at 1 to 1 only; a ratio above 1 can never be cheaper."""
    found = carried_out("power_and_swap_ratio")
    table = found.tables["cases"].set_index(["power", "ratio"])
    moved = table["primary_capacity_sichuan|y2027"] - 1060
    assert moved[0.5, 1.0] == pytest.approx(0, abs=1e-6) and moved[0.5, 1.25] == pytest.approx(0, abs=1e-6)
    assert moved[0.55, 1.0] > 100
    cost = table["cost"].unstack("ratio")
    assert (cost[1.25] >= cost[1.0] - 1e-6 * cost[1.0].abs()).all()
    assert set(table["warm"].xs(1.0, level="ratio")) == {True}


@pytest.mark.library
def test_what_fails_is_ranked():
    """Nothing that fails makes a plan cheaper with its investments fixed; the refinery fails as its park does."""
    table = carried_out("what_if_it_fails").tables["losses"].set_index("case")
    known = table[table["status"] == "solved"]
    lost = known[known["kind"] != "event"]
    assert (lost["extra_cost"] >= -1e-6 * known["cost"].abs().max()).all()
    assert table.loc["unit|refinery|wanzhou", "extra_cost"] <= table.loc["park|wanzhou", "extra_cost"] + 1e-6
    assert {"park", "unit", "corridor", "tie", "event"} == set(table["kind"])


@pytest.mark.library
@pytest.mark.parametrize("name", ["cost_of_less_carbon", "cost_of_more_recycling"])
def test_the_price_of_a_bound_is_the_slope_of_the_frontier(name):
    """The mean slope between two bounds lies between the prices at its ends; of a ratio the price is a derivative too."""
    found = carried_out(name)
    table = found.tables["points"]
    points = table[(table["status"] == "solved")].to_dict("records")
    assert len(points) >= 3
    for before, after in zip(points, points[1:], strict=False):
        slope = (after["cost"] - before["cost"]) / abs(after["bound"] - before["bound"])
        slack = 1e-4 * max(1.0, abs(slope))
        if found.facts["indicator"] == "carbon_total":  # convex in a right-hand side
            assert before["price"] - slack <= slope <= after["price"] + slack
        assert after["cost"] >= before["cost"] - 1e-6 * abs(before["cost"])


@pytest.mark.library
def test_regret_is_none_in_the_future_a_plan_was_made_for():
    table = carried_out("regret_of_moving").tables["regrets"].set_index(["plan", "future"])["regret"]
    assert (table.dropna() >= 0).all()
    for future in ("as_now", "cheap_chongqing", "dear_chongqing"):
        assert table[f"for {future}", future] == pytest.approx(0, abs=1e-6)
    assert table["stay", "cheap_chongqing"] <= table["for dear_chongqing", "cheap_chongqing"] + 1e-6


@pytest.mark.library
def test_what_the_plan_builds_lies_within_its_range():
    table = carried_out("near_optimal_plans").tables["ranges"]
    assert (table["status"] == "solved").all()
    assert (table["least"] <= table["planned"] + 1e-6).all() and (table["planned"] <= table["largest"] + 1e-6).all()
    assert {"must", "optional"} <= set(table["kind"])


@pytest.mark.library
def test_dearer_power_never_makes_the_plan_cheaper():
    table = carried_out("which_inputs_matter").tables["tornado"]
    tariffs = table[table["table"] == "tariffs"]
    assert len(tariffs) and (tariffs["cost_low"] <= tariffs["cost_high"] + 1e-6 * tariffs["cost_high"].abs()).all()
    assert table["swing"].max() > 100


def test_sentences_name_options_as_the_report_does(base_run):
    """Nobody is told ids: a closure, a new potline, an expansion and a project each have their names."""
    from model.explore.labels import option_names
    from model.explore.workbench import Planned

    names = option_names(Planned(base_run.prepared, base_run.results, base_run.program, warm=False))
    assert len(names) > 50 and not [option for option, pair in names.items() if option in pair]
    assert any("Meishan" in en and "眉山" in zh for option, (zh, en) in names.items() if option == "expand_cast_rod_meishan")
