"""Impossible scenarios: the sentences name good, site and period, and the smallest change has the amount worked out by hand."""

from __future__ import annotations

import re
from types import SimpleNamespace

import highspy
import pytest
from runs import ROOT, dataset, infeasible, refused, said
from worlds import program_of, world

from model import words
from model.case import COLUMN_KEYS, ROW_KEYS
from model.diagnose import elastic, search, sentences
from model.formulation import CARDS
from model.problems import ExitCode, Problems
from model.scenario import load

FIRST = "the scenario has no solution: the following cannot all hold."
CHANGE = "the smallest change that would help: "
RANKED = (
    "each of the {} ways was proved by solving again with exactly its changes; ranked by how many changes it takes, "
    "then by their sum as shares of what is stated: {}."
)
PARK = {
    "commodities": "commodity name_zh name_en unit\nmetal 铝 aluminium kt", "sites": "site name_zh name_en\npark 万州 Wanzhou",
    "recipes": "technology commodity quantity\nmake metal 1", "tech_sites": "technology site variable_cost\nmake park 1",
    "capacity_use": "technology unit use\nmake oven 1", "capacity": "unit site amount\noven park 80", "demand": "commodity site min max price segment\nmetal park 100 100 0 home",
}
HALVES = "period stage length\nh1 y 0.4\nh2 y 0.6"


def test_demand_above_capacity(tmp_path):
    folder = dataset(tmp_path, **PARK)
    assert infeasible(folder) == [
        FIRST,
        CHANGE + "require 20 kt less aluminium at Wanzhou (home, the whole year).",
        "way 2 of 2: 20 a year more capacity of oven at Wanzhou (the whole year).",
        RANKED.format(2, "0.2; 0.25"),
        "part of the conflict: oven at Wanzhou in the whole year: use stays within capacity.",
        "part of the conflict: aluminium demand at Wanzhou (home) in the whole year must be served.",
    ]
    assert infeasible(folder, "zh")[1] == "可行的最小改变:万州的铝需求(home,全年)少要求 20 kt。"
    assert infeasible(folder, "zh")[2] == "办法 2/2:oven在万州(全年)每年多 20 产能。"
    assert infeasible(folder, "zh")[3].endswith("按改变的项数、再按改变量与现值之比的合计排序:0.2; 0.25。")
    assert "铝" in "".join(infeasible(folder, "zh")[4:]) and "万州" in infeasible(folder, "zh")[5]


def test_the_smallest_change_is_the_smallest_share(tmp_path):
    """Demand 20 of 100 or capacity 20 of 80: the first is 20 %, the second 25 %. At 3 oven-hours a tonne it is 60 of 240."""
    dear = PARK | {"capacity_use": "technology unit use\nmake oven 3", "capacity": "unit site amount\noven park 240"}
    assert infeasible(dataset(tmp_path / "a", **dear))[1] == CHANGE + "require 20 kt less aluminium at Wanzhou (home, the whole year)."
    # 10 must be made of 100 that fit, but only 4 kt of ore can come, 0.5 a tonne: 8; a supply of 4 lacks 1, a quarter; the demand 2, a fifth
    ore = PARK | {
        "commodities": "commodity unit\nmetal kt\nore kt", "recipes": "technology commodity quantity\nmake metal 1\nmake ore -0.5",
        "supply": "commodity site tier price max\nore park quota 1 4", "demand": "commodity site min max price\nmetal park 10 10 0",
    }
    assert infeasible(dataset(tmp_path / "b", **ore))[1] == CHANGE + "require 2 kt less metal at Wanzhou (all users, the whole year)."
    # with two demands of 5 that share it, a quarter of the supply is less than two fifths of one demand
    two = ore | {"demand": "commodity site segment min max price\nmetal park a 5 5 0\nmetal park b 5 5 0", "supply": "commodity site tier price max\nore park quota 1 4.9"}
    assert infeasible(dataset(tmp_path / "c", **two))[1] == CHANGE + "0.1 kt more supply of ore at Wanzhou (quota, the whole year)."


def test_the_same_in_several_periods_is_said_once(tmp_path):
    folder = dataset(tmp_path, periods=HALVES, **PARK)
    # 40 against 32 and 60 against 48: 8 and 12
    assert infeasible(folder)[1] == CHANGE + "require 20 kt less aluminium at Wanzhou (home, every period)."
    assert infeasible(folder, "zh")[1] == "可行的最小改变:万州的铝需求(home,各时段)少要求 20 kt。"


def test_only_the_periods_that_collide_are_named(tmp_path):
    months = "period stage length\n" + "\n".join(f"m{month} y 0.2" for month in range(1, 6))
    capacity = "unit site period amount\noven park * 100\noven park m2 -50\noven park m3 -50\noven park m5 -50".replace("-50", "0")
    texts = PARK | {"capacity": capacity, "demand": "commodity site period min max price segment\nmetal park * 100 100 0 home\nmetal park m2 25 25 0 home\nmetal park m3 25 25 0 home\nmetal park m5 21 21 0 home"}
    lines = infeasible(dataset(tmp_path, periods=months, **texts))
    # 5, 5 and 1 more than the 20 of a month
    assert lines[1] == CHANGE + "require 11 kt less aluminium at Wanzhou (home, m2–m3, m5)."


def test_capacity_is_told_per_year(tmp_path):
    """Without a demand that could give way: a floor of activity in one half-year of 0.4, where 80 a year allow 32."""
    texts = PARK | {"tech_sites": "technology site period variable_cost min_activity\nmake park h1 1 33\nmake park h2 1 0", "demand": "commodity site min max price\nmetal park 0 100 0"}
    lines = infeasible(dataset(tmp_path, periods=HALVES, **texts))
    # 1 in 0.4 of a year = 2.5 a year, 1 of 32 is more than 1 of 33
    assert lines[1] == CHANGE + "a minimum activity of make at Wanzhou (h1) that is 1 lower."
    assert "part of the conflict: minimum activity of make at Wanzhou in h1." in lines
    place = elastic.Place("capacity", ("oven", "park", "h1"), "ceiling")
    case, _ = program_of(world(periods=HALVES, **PARK))
    assert [(group.ids["period"], group.amount) for group in sentences.grouped(case, [(place, 1.0)], sentences.TIME)] == [(["h1"], 2.5)]


def test_conflicting_indicators(tmp_path):
    texts = {
        "supply": "commodity site price max\ngoods a 1 50", "demand": "commodity site min max price\ngoods a 0 50 3",
        "indicators": "indicator | name_zh | name_en | unit | scope | min | max\nleast | 产量 | output | kt | stage | 30 | -\nmost | 能耗 | energy use | GWh | stage | - | 20",
        "indicator_terms": "indicator kind a coefficient\nleast sale goods 1\nmost supply goods 1",
    }
    lines = infeasible(dataset(tmp_path, **texts))
    assert lines[1] == CHANGE + "a floor of indicator output (the whole year) that is 10 kt lower."  # 10 of 30 is less than 10 of 20
    assert "part of the conflict: indicator output (the whole year) reaches its floor." in lines
    assert "part of the conflict: indicator energy use (the whole year) stays under its ceiling." in lines
    assert infeasible(tmp_path, "zh")[1] == "可行的最小改变:指标产量(全年)的下限降低 10 kt。"


def test_a_missing_lane_is_named(tmp_path):
    texts = {
        "supply": "commodity site price\ngoods a 1", "lanes": "commodity from to unit_cost\ngoods a b 1",
        "demand": "commodity site min max price\ngoods b 10 10 0\ngoods c 5 5 0",
    }
    lines = infeasible(dataset(tmp_path, **texts))
    assert lines[1] == CHANGE + "require 5 less goods at c (all users, the whole year)."
    assert lines[-1] == "goods cannot get to c: no process makes it there, nothing supplies it and no lane brings it"
    assert infeasible(tmp_path, "zh")[-1] == "goods到不了c:那里没有生产它的工艺、没有供应,也没有运入的线路"


def test_a_lane_that_is_closed_brings_nothing(tmp_path):
    texts = {
        "supply": "commodity site price\ngoods a 1", "lanes": "commodity from to unit_cost max_flow\ngoods a b 1 0",
        "demand": "commodity site min max price\ngoods b 10 10 0",
    }
    lines = infeasible(dataset(tmp_path, **texts))
    assert lines[-1].startswith("goods cannot get to b: ")
    # a closed lane counts as a share of 1, not of 0: opening it by 10 is more than giving up the demand
    assert lines[1] == CHANGE + "require 10 less goods at b (all users, the whole year)."


def test_a_lock_that_shuts_the_only_maker(tmp_path):
    folder = dataset(
        tmp_path / "data", **PARK | {"capacity": "unit site amount\noven park 5", "options": "option site variable_cost max_size\ngrow park 1 200"},
        option_effects="option unit site per_size\ngrow oven park 1",
    )
    (tmp_path / "s.toml").write_text('[[lock]]\nsite = "万州"\ntechnology = "make"\nstate = "excluded"\n', encoding="utf-8")
    lines = infeasible(folder, scenario=load(tmp_path / "s.toml", Problems()))
    assert lines[1] == CHANGE + "require 100 kt less aluminium at Wanzhou (home, the whole year)."
    assert any("aluminium demand at Wanzhou (home)" in line for line in lines)


def test_many_changes_are_cut_off_and_counted(tmp_path):
    sites = [f"c{number:02d}" for number in range(15)]
    demand = "commodity site min max price\n" + "\n".join(f"goods {site} 2 2 0" for site in sites)
    lines = infeasible(dataset(tmp_path, supply="commodity site price\ngoods a 1", lanes="commodity from to unit_cost\ngoods a b 1", demand=demand))
    changes = [line for line in lines if line.startswith("part of the smallest change")]
    assert len(changes) == sentences.SHOWN == 12
    assert changes[0] == "part of the smallest change that would help: require 2 less goods at c00 (all users, the whole year)."
    assert "3 more are not listed." in lines


def test_without_a_relaxation_the_conflict_set_of_the_solver_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "SECONDS", 0.0)
    assert infeasible(dataset(tmp_path / "a", **PARK))[:2] == [FIRST, "no smallest change was found in time; relax one of the requirements below."]
    monkeypatch.setattr(sentences, "relaxed", lambda case, program: ([], []))
    monkeypatch.setattr(search, "SECONDS", 20.0)
    assert infeasible(dataset(tmp_path / "b", **PARK))[2:] == [
        "part of the conflict: oven at Wanzhou in the whole year: use stays within capacity.",
        "part of the conflict: aluminium demand at Wanzhou (home) in the whole year must be served.",
    ]


@pytest.mark.parametrize(("status", "valid"), [(highspy.HighsStatus.kOk, False), (highspy.HighsStatus.kError, True), (highspy.HighsStatus.kOk, True)])
def test_an_empty_conflict_set_is_no_crash(status, valid, monkeypatch):
    """HiGHS has been seen to answer "ok, valid" with an empty set, and with an error."""
    found = SimpleNamespace(valid_=valid, row_index_=[], row_bound_=[])

    class Silent(search.LoadedProgram):
        def __init__(self, program, options=None):
            super().__init__(program, options)
            self.highs = SimpleNamespace(getIis=lambda: (status, found))

    monkeypatch.setattr(search, "LoadedProgram", Silent)
    assert search.conflict(*program_of(world(**PARK))) == []


def test_the_search_keeps_to_its_time(monkeypatch):
    case, program = program_of(world(**PARK))
    monkeypatch.setattr(search, "SECONDS", 0.0)
    assert search.relaxed(case, program) == ([], [])
    monkeypatch.setattr(search, "SECONDS", 20.0)
    ways, members = search.relaxed(case, program)
    assert [(place.family, place.side, amount) for place, amount in ways[0].changes] == [("must_serve", "floor", 20.0)]
    assert {place.family for place in members} == {"balance", "capacity", "must_serve"}


def test_a_program_that_can_be_solved_has_no_conflict():
    assert search.relaxed(*program_of(world(**PARK | {"capacity": "unit site amount\noven park 100"}))) == ([], [])


def test_what_has_no_part_in_the_conflict_is_not_named(tmp_path):
    """Another good, an idle oven and an option of size 0 stand beside the conflict."""
    texts = PARK | {
        "commodities": "commodity name_en unit\nmetal aluminium kt\nore - kt", "supply": "commodity site price max\nore park 1 5",
        "demand": "commodity site min max price segment\nmetal park 100 100 0 home\nore park 5 5 0 home", "options": "option site variable_cost max_size\nshut park 1 0",
        "option_effects": "option unit site per_size\nshut oven park -1",
    }
    assert infeasible(dataset(tmp_path, **texts))[4:] == [
        "part of the conflict: oven at Wanzhou in the whole year: use stays within capacity.",
        "part of the conflict: aluminium demand at Wanzhou (home) in the whole year must be served.",
    ]


def test_every_row_and_bound_that_may_give_way_has_words():
    relaxable = [(card.name, card.sign) for card in CARDS if card.name not in elastic.PHYSICS]
    sides = [f"{name}_{'floor' if sign == '+' else 'ceiling'}" for name, sign in relaxable]
    stated = ("activity", "flow", "supply", "sale", "short", "stock", "open", "size")  # families of columns with bounds that people state
    columns = {f"{family}_{side}" for family in stated for side in ("floor", "ceiling")}
    always_zero = {"flow_floor", "sale_floor", "short_floor", "stock_floor"}
    ratios = {"indicator_floor_ratio", "indicator_ceiling_ratio"}
    assert {*sides, *columns, *ratios} - always_zero <= set(words.entries("diagnose"))
    assert columns <= set(words.entries("columns"))


def test_sentences_have_the_same_facts_in_both_languages():
    for key in words.entries("diagnose"):
        zh, en = (set(re.findall(r"{(\w+)}", words._table("diagnose")[key][language])) for language in words.LANGUAGES)
        assert zh == en, key
    places = set().union(*ROW_KEYS.values(), *COLUMN_KEYS.values())
    used = {fact for key in words.entries("diagnose") for fact in re.findall(r"{(\w+)}", words._table("diagnose")[key]["en"])}
    assert used <= places | {"amount", "change", "count", "shown", "number", "shares"}


def test_an_endless_profit_is_a_failure_of_its_own(tmp_path):
    refusal = refused(dataset(tmp_path, supply="commodity site price\nore mine 3", demand="commodity site min price\nore mine 0 4"))
    assert refusal.code is ExitCode.SOLVER
    assert said(refusal) == ["the objective can improve without limit: some chain of purchases and sales earns money without an upper bound; state one."]


def test_a_bound_that_nothing_can_meet_never_reaches_the_solver(tmp_path):
    texts = {
        "supply": "commodity site price\nore mine 3", "demand": "commodity site min price max\nore mine 0 4 1",
        "indicators": "indicator min\nhope 5", "indicator_terms": "indicator kind a coefficient\nhope activity magic 1",
        "recipes": "technology commodity quantity\nmagic ore 1",
    }
    lines = infeasible(dataset(tmp_path, **texts))
    assert lines == ["indicators.csv:2:min: indicator 'hope' (horizon) cannot meet its min 5.0: nothing in the plan counts in it"]


def test_many_sites_are_one_sentence(tmp_path):
    supply = "commodity site price max\n" + "\n".join(f"scrap c{number} 1 2" for number in range(1, 6))
    lanes = "commodity from to unit_cost\n" + "\n".join(f"scrap c{number} park 1" for number in range(1, 6))
    lines = infeasible(dataset(tmp_path, supply=supply, lanes=lanes, demand="commodity site min max price\nscrap park 11 11 0"))
    assert lines[1] == CHANGE + "require 1 less scrap at park (all users, the whole year)."  # 1 of 11, or 1 of 2 at one site
    assert "part of the conflict: maximum supply of scrap at c1, c2, c3 and 2 more in the whole year (all sources)." in lines
    assert "冲突之一：c1、c2、c3等(另 2 个)全年的scrap最多供应(全部来源)。" in infeasible(tmp_path, "zh")


def test_more_recycling_than_the_shipped_scrap_allows(tmp_path):
    text = '[[change]]\ntable = "measures"\nwhere = { measure = "recycled_output" }\nset = { min = 5000 }\n'
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    lines = infeasible(ROOT / "data" / "chuanyu", scenario=load(tmp_path / "s.toml", Problems()))
    assert re.fullmatch(re.escape(CHANGE) + r"a floor of indicator Metal from scrap, dilution left out \(y2027\) that is [\d,.]+ kt lower\.", lines[1])
    assert "part of the conflict: indicator Metal from scrap, dilution left out (y2027) reaches its floor." in lines
    assert any(re.search(r"maximum supply of mixed old scrap at .* and \d+ more in every period", line) for line in lines)
    assert len(lines) < 30
