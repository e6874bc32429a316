"""Targets: what the plan misses, what closing the gap costs, how far any plan gets; all by hand."""

from __future__ import annotations

import json
import math

import pytest
from runs import ROOT, command_line, dataset, quiet

from model.explore.targets import COLUMNS, MOVES, find
from model.explore.targets_study import facts, lines, study
from model.opening import open_scenario
from tests.worlds import Plan, solve
from tests.worlds import world as core_world

# 5 kt at 1 and 4 kt at 3 are offered; 2 kt are needed
OFFERS = "commodity site tier price max\nx p near 1 5\nx p far 3 4"
TERMS = "indicator kind coefficient\nbought supply 1\nmuch supply 1\nmet supply 1\nlittle supply 1"


def plan_of(indicators: str, **more: str) -> Plan:
    return solve(core_world(supply=OFFERS, demand="commodity site min max price\nx p 2 2 0", indicators=indicators, indicator_terms=TERMS, **more))


INDICATORS = "indicator min max relax_price\nbought 7 - 0\nmuch 20 - 0\nmet 1 - 0\nlittle - 1 0"


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, object]]:
    plan = plan_of(INDICATORS)
    assert plan.objective == pytest.approx(2.0)  # a target moves no plan
    table, _ = find(plan.case, plan.given)
    assert tuple(table.columns) == COLUMNS
    return {row["indicator"]: row for row in table.to_dict("records")}


def test_a_gap_that_can_be_closed(found: dict[str, dict[str, object]]) -> None:
    """7 instead of 2: three more at 1 and two at 3 make 9, 1.8 each, the last one 3."""
    row = found["bought"]
    assert (row["value"], row["target"], row["missed_by"], row["finding"]) == (2.0, 7.0, 5.0, "closes")
    assert (row["extra_cost"], row["unit_cost"], row["last_cost"]) == (pytest.approx(9.0), pytest.approx(1.8), pytest.approx(3.0))
    assert row["share"] == pytest.approx(2 / 7)


def test_a_gap_that_no_plan_closes(found: dict[str, dict[str, object]]) -> None:
    """At most 9 of 20: three at 1 and four at 3 make 15 more."""
    row = found["much"]
    assert (row["reachable"], row["extra_cost"], row["finding"]) == (pytest.approx(9.0, rel=1e-5), pytest.approx(15.0, rel=1e-5), "part")
    assert math.isnan(float(str(row["last_cost"])))


def test_what_is_met_needs_nothing_and_a_ceiling_has_a_gap_too(found: dict[str, dict[str, object]]) -> None:
    assert (found["met"]["finding"], found["met"]["missed_by"]) == ("met", 0.0)
    assert (found["little"]["missed_by"], found["little"]["finding"], found["little"]["reachable"]) == (1.0, "part", pytest.approx(2.0))


def test_what_closes_the_gap_is_named_largest_first() -> None:
    plan = plan_of(INDICATORS)
    _, moves = find(plan.case, plan.given)
    assert tuple(moves.columns) == MOVES
    first = moves[moves["indicator"] == "bought"].iloc[0]
    assert (first["family"], first["name"], first["change"], first["contribution"]) == ("supply", "x", pytest.approx(5.0), pytest.approx(5.0))


def test_a_ratio_has_no_cost_per_unit() -> None:
    """The far share of what is bought shall be half: one of two kt at 3 instead of 1."""
    plan = solve(core_world(
        supply=OFFERS, demand="commodity site min max price\nx p 2 2 0", indicators="indicator min per relax_price\nfar 0.5 all 0\nall - - -",
        indicator_terms="indicator kind c coefficient\nfar supply far 1\nall supply * 1",
    ))
    row = find(plan.case, plan.given)[0].iloc[0]
    assert (row["value"], row["missed_by"], row["extra_cost"], row["reachable"]) == (0.0, 0.5, pytest.approx(2.0), pytest.approx(0.5))
    assert math.isnan(row["unit_cost"])


def test_a_ratio_that_divides_by_nothing_does_not_apply() -> None:
    """Nothing is bought: no share of it is too small, and none is reached."""
    plan = solve(core_world(
        supply=OFFERS, demand="commodity site min max price\nx p 0 2 0", indicators="indicator min per relax_price\nfar 0.5 all 0\nall - - -",
        indicator_terms="indicator kind c coefficient\nfar supply far 1\nall supply * 1",
    ))
    row = find(plan.case, plan.given)[0].iloc[0]
    assert math.isnan(row["value"]) and math.isnan(row["share"]) and row["finding"] == "not_applicable"


def test_costs_are_those_of_one_year() -> None:
    """A stage that stands for ten years: the gap still costs 9 a year, and the last unit 3."""
    years = "period stage weight\nall s 10"
    plan = plan_of("indicator min scope relax_price\nbought 7 stage 0\nmuch - stage -\nmet - stage -\nlittle - stage -", periods=years)
    row = find(plan.case, plan.given)[0].iloc[0]
    assert (row["extra_cost"], row["last_cost"]) == (pytest.approx(9.0), pytest.approx(3.0))


def test_a_plan_without_targets_says_so() -> None:
    plan = plan_of("indicator min relax_price\nbought 3 -\nmuch - -\nmet - -\nlittle - -")
    table, moves = find(plan.case, plan.given)
    assert table.empty and moves.empty


NAMED = {
    "supply": OFFERS, "demand": "commodity site min max price\nx p 2 2 0", "indicator_terms": TERMS,
    "commodities": "commodity name_zh name_en unit\nx 货 goods kt",
    "indicators": "indicator name_zh name_en unit min max relax_price\nbought 购入 Bought kt 7 - 0\nmuch - - kt 20 - 0\nmet - - kt 1 - 0\nlittle - - kt - 1 0",
}


def test_the_command_says_every_target_in_words(tmp_path, capsys) -> None:
    folder = dataset(tmp_path / "data", **NAMED)
    said = {language: lines(study(*open_scenario(None, folder, ROOT, {}), quiet), language) for language in ("zh", "en")}
    told = {language: {line.split("(")[0].strip(): line for line in said[language]} for language in said}
    assert told["en"]["Bought"] == (
        "Bought (the whole horizon): 2 kt, 28% of its target 7, misses it by 5; reaching it costs at least 9, the last unit 3; most of it by goods +5"
    )
    assert told["zh"]["购入"] == "购入(全期):2 千吨,为目标 7 的 28%,差 5;补足最少多花 9,最后一单位 3;主要靠 货 +5"
    assert told["en"]["much"].startswith("much (the whole horizon): 2 kt, 10% of its target 20, misses it by 18; no plan gets beyond 9, which costs 15 more")
    assert told["en"]["met"] == "met (the whole horizon): 2 kt, target 1 is met (200%)"
    assert told["en"]["little"].endswith("no plan gets beyond 2, which costs 0 more; most of it by nothing, for nothing can be moved")
    out = tmp_path / "targets.json"
    assert command_line().main(["targets", "--data", str(folder), "--out", str(out), "--lang", "en"]) == 0
    assert told["en"]["Bought"] in capsys.readouterr().out
    written = json.loads(out.read_text(encoding="utf-8"))
    rows = {row["indicator"]: row for row in written["targets"]}
    assert (rows["bought"]["extra_cost"], rows["much"]["last_cost"]) == (pytest.approx(9.0), None)
    moved = next(row for row in written["moves"] if row["indicator"] == "bought")
    assert moved == {"indicator": "bought", "group": "horizon", "family": "supply", "name": "x", "change": 5.0, "contribution": 5.0}


def test_a_target_that_does_not_apply_is_told(tmp_path) -> None:
    ratio = "indicator name_zh name_en unit min per relax_price\nfar 远处占比 Far share 0.5 all 0\nall - - kt - - -"
    tables = {"indicators": ratio, "indicator_terms": "indicator kind c coefficient\nfar supply far 1\nall supply * 1", "demand": "commodity site min max price\nx p 0 2 0"}
    folder = dataset(tmp_path / "data", **{**NAMED, **tables, "indicators": ratio.replace("Far share 0.5", "Far - 0.5")})
    found = study(*open_scenario(None, folder, ROOT, {}), quiet)
    assert lines(found, "en") == ["Far (the whole horizon): target 0.5, not applicable in this plan (it would divide by nothing)"]
    assert lines(found, "zh") == ["远处占比(全期):目标 0.5,本方案不适用(分母为零,没有可比的数)"]


def test_a_scenario_without_targets_says_so(tmp_path) -> None:
    folder = dataset(tmp_path / "data", **{**NAMED, "indicators": "indicator\nbought\nmuch\nmet\nlittle"})
    found = study(*open_scenario(None, folder, ROOT, {}), quiet)
    assert lines(found, "en") == ["the scenario has no target whose gap is only reported (an indicator with relax_price 0)"]
    assert facts(found) == {"money": "money", "names": {}, "times": {}, "targets": [], "moves": []}
