"""Swap options side by side, worked out by hand: one potline that moves, at 1 : 1 and at 1.25 : 1, beside none that moves."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from industry_world import Row, plant, world
from runs import quiet
from test_swap_plans import CHARGE, CLOSED, NEW, OLD, POOL, new
from worlds import world as core_world

from model import pipeline
from model.build import build
from model.case import make_case
from model.compile import compile_model
from model.expand.industry import expand
from model.explore.compare import Comparison, compare
from model.explore.comparison_facts import facts, parts, tables
from model.explore.numbers_said import aligned, said_change, said_number, width
from model.explore.option_lines import lines, side_by_side, table
from model.explore.options import Options, options
from model.explore.reloading import Candidate, Reloaded
from model.explore.zone_power import months
from model.problems import Problems
from model.reading import check_core
from model.scenario import Scenario
from model.tables import Dataset, Tables, frame, merged

MEASURE: Row = {"stages": "*", "technologies": "*", "region": "*", "sites": "*"}
POLICY: dict[str, list[Row]] = {
    "measures": [
        {"measure": "output_value", "unit": "million yuan", "kind": "value", **MEASURE},
        {"measure": "carbon_scope1", "unit": "kt CO2e", "kind": "carbon_1", **MEASURE},
        {"measure": "carbon_scope2", "unit": "kt CO2e", "kind": "carbon_2", **MEASURE, "max": 200, "relax_price": 0},
    ],
    "emission_factors": [
        {"carrier": "technology_stage", "item": "smelting", "scope": "1", "factor": 1.5},
        {"carrier": "electricity", "item": "sichuan", "scope": "2", "factor": 0.1},
        {"carrier": "electricity", "item": "chongqing", "scope": "2", "factor": 0.5},
    ],
    "split_columns": [{"column": "output_value", "name_zh": "产值", "name_en": "Output value", "unit": "million yuan", "measures": "output_value"}],
    "clauses": [
        {"clause": "C-1", "document": "C", "text_zh": "用电排放不超过200", "text_en": "at most 200 from power", "treatment": "constraint",
         "carried_by": "indicator:carbon_scope2"},
        {"clause": "C-2", "document": "C", "text_zh": "写诗", "text_en": "write poems", "treatment": "not_modelled", "reason_zh": "无法计量", "reason_en": "uncounted"},
    ],
}
SHUT: Row = {"closures_allowed": 0, "new_potlines_allowed": 0}
CHOSEN = ("liquid", "electricity")


def solved_plan(name: str, core: Tables, written: Tables) -> Reloaded:
    """A verified plan of core tables, with the tables that it is said to come from."""
    problems = Problems()
    check_core(core, problems)
    problems.stop_on_errors()
    case = make_case(core, problems)
    results = pipeline.solve_case(core, case, compile_model(build(case), case), {}, pipeline.Clock(quiet))[0]
    return Reloaded(pipeline.Prepared(Scenario(name, Path(name)), Dataset(name, Path(), written), written, core, (), ()), results)


def candidate(name: str, pool: Row, prices: dict[str, float] | None = None, first_year: int = 2025) -> Candidate:
    """Metal at 15; an old line of 100 kt in the south on dear power; a new one in the north on cheap power, two years to build."""
    tables = {key: table for key, table in world().items() if key not in ("existing_capacity", "expansions", "permissions", "projects")}
    smelting = tables["technology_recipes"]
    tables["technology_recipes"] = smelting[smelting["technology"].eq("smelt") & smelting["commodity"].isin(CHOSEN)].reset_index(drop=True)
    old = plant("two", "south", "chongqing", "dear", min_load=0, restart_cost=0, restart_limit=1, name_zh="老厂", name_en="Old")
    line = new(lead_years=2, name_zh="新厂", name_en="New")
    named = {"name_zh": "统一池", "name_en": "One pool"}
    own = {"plants": [old], "new_potlines": [line], "swap_pools": [{**POOL, **named, **pool}], **POLICY}
    own["swap_rules"] = [{"rule": "first_year", "value": first_year}]
    tables |= {key: frame(key, rows) for key, rows in own.items()}
    prices = prices or {"y2027": 15}
    sites = [{"site": "north", "name_zh": "北", "name_en": "North", "region": "sichuan"}, {"site": "south", "name_zh": "南", "name_en": "South", "region": "chongqing"}]
    base: Tables = {
        "sites": frame("sites", sites), "periods": frame("periods", [{"period": f"m_{stage}", "stage": stage} for stage in prices]),
        "supply": frame("supply", [
            {"commodity": f"power_{tariff}", "site": site, "price": price} for site in ("north", "south") for tariff, price in (("cheap", 0.4), ("dear", 0.8))
        ]),
        "demand": frame("demand", [
            {"commodity": "liquid", "site": site, "period": f"m_{stage}", "max": 5000, "price": price}
            for site in ("north", "south") for stage, price in prices.items()
        ]),
    }
    problems = Problems()
    core = merged(base, expand({**tables, "sites": base["sites"]}, base, problems))
    return Candidate(name, {}, "million yuan", solved_plan(name, core, {**tables, **base}))


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare([candidate("stay", SHUT), candidate("equal", {}), candidate("reduced", {"ratio": 1.25})])


@pytest.fixture(scope="module")
def swaps(found) -> Options:
    swaps = options(found)
    assert swaps is not None
    return swaps


def test_the_ratio_of_an_open_pool_stands_where_nothing_moves_too():
    """At 20 to 1 moving 100 kt gives 5: it does not pay; the pool is open all the same. A shut pool has no ratio to show."""
    found = compare([candidate("stay", SHUT), candidate("steep", {"ratio": 20.0})])
    swaps = options(found)
    assert swaps is not None and swaps.lines.empty
    (row,) = [row for row in side_by_side(found, swaps, "en") if "ratio" in row[0]]
    assert row[1:] == ["–", "20"]


def test_lines_and_tonnes(swaps):
    rows = {(row["plan"], row["role"], row["name_en"], row["site_zh"]): row["amount"] for row in swaps.lines.to_dict("records")}
    assert rows == {
        ("equal", "closed", "Old", "南"): pytest.approx(100), ("equal", "built", "New", "北"): pytest.approx(100),
        ("reduced", "closed", "Old", "南"): pytest.approx(100), ("reduced", "built", "New", "北"): pytest.approx(80),
    }


def test_cost_of_a_year_and_per_tonne(swaps):
    """The old line earns 3.82 a kt; the new one 9.32 less 1.3159, and closing saves 0.3451 for each kt closed.

    Million yuan per kt is thousand yuan per tonne.
    """
    equal = 100 * OLD - 100 * (NEW - CHARGE + CLOSED)
    reduced = 100 * OLD - 80 * (NEW - CHARGE) - 100 * CLOSED
    assert (equal, reduced) == (pytest.approx(-452.91, abs=0.01), pytest.approx(-292.83, abs=0.01))
    assert swaps.fact("equal", "cost") == pytest.approx(equal, abs=1e-4) and swaps.fact("reduced", "cost") == pytest.approx(reduced, abs=1e-4)
    assert swaps.fact("equal", "cost_per_tonne") == pytest.approx(1e3 * equal / 100, abs=1e-2)
    assert swaps.fact("reduced", "cost_per_tonne") == pytest.approx(1e3 * reduced / 80, abs=1e-2)
    assert (swaps.fact("stay", "cost"), math.isnan(swaps.fact("stay", "cost_per_tonne"))) == (0, True)


def test_carbon_in_both_scopes(swaps):
    """Process: 1.5 a kt. Power: 13.5 GWh at 0.5 in the south, 13.25 at 0.1 in the north: 675 before, 132.5 and 106 after."""
    assert (swaps.fact("equal", "carbon_scope1"), swaps.fact("reduced", "carbon_scope1")) == (pytest.approx(0, abs=1e-9), pytest.approx(-30))
    assert (swaps.fact("equal", "carbon_scope2"), swaps.fact("reduced", "carbon_scope2")) == (pytest.approx(-542.5), pytest.approx(-569))


def test_output_value_gained_and_lost_by_district(found, swaps):
    """18,000 yuan a tonne."""
    assert (swaps.fact("equal", "value_gained"), swaps.fact("equal", "value_lost")) == (pytest.approx(1800), pytest.approx(-1800))
    assert (swaps.fact("reduced", "value_gained"), swaps.fact("reduced", "value_lost")) == (pytest.approx(1440), pytest.approx(-1800))
    wins = found.wins[(found.wins["plan"] == "reduced") & (found.wins["measure"] == "output_value")].set_index(["level", "id"])["change"]
    assert (wins["site", "north"], wins["region", "chongqing"]) == (pytest.approx(1440), pytest.approx(-1800))


def test_quota_by_account_and_who_uses_whose(swaps):
    account = swaps.accounts[swaps.accounts["plan"] == "reduced"].iloc[0]
    assert (account["ratio"], account["given_up"], account["created"], account["used"], account["carried_out"]) == pytest.approx((1.25, 100, 80, 80, 0))
    use = swaps.uses[swaps.uses["plan"] == "reduced"].iloc[0]
    assert (use["source_en"], use["user_zh"], use["amount"]) == ("Old", "新厂", pytest.approx(80))


def test_restart_and_lead_time(swaps):
    assert (swaps.fact("equal", "lead_years"), swaps.fact("equal", "restarted"), swaps.fact("equal", "restart_cost")) == (2, 0, 0)


def test_each_clause_passes_fails_or_is_not_covered(swaps):
    """675 misses 200 by 475; 132.5 meets it."""
    rows = {(row["plan"], row["clause"]): (row["verdict"], row["missed_by"]) for row in swaps.clauses.to_dict("records")}
    assert rows["stay", "C-1"] == ("fail", pytest.approx(475)) and rows["equal", "C-1"][0] == "pass" and rows["equal", "C-2"][0] == "not_covered"
    assert [swaps.fact("stay", verdict) for verdict in ("pass", "fail", "not_covered")] == [0, 1, 1]
    assert [swaps.fact("equal", verdict) for verdict in ("pass", "fail", "not_covered")] == [1, 0, 1]


ENGLISH = """the swap of 'reduced':
  closed: Old at South 100 kt/yr
  built: New at North 80 kt/yr
  quota: Old → New 80 kt/yr
  One pool: 100 given up at 1.25 : 1 make 80; bought 0, carried in 0, used 80, expired 0, carried out 0 (kt/yr)
  output value: North +1,440, South -1,800 (million yuan/yr)
  1 clauses change their verdict:
    C-1 fail → pass: at most 200 from power
  In short: 'reduced' closes 100 and builds 80 kt/yr; it saves 292.833 million yuan a year (-3,660.4 yuan per tonne built); \
emissions of both scopes fall by 599 kt CO₂e; output value rises most at North (+1,440 million yuan) and falls most at South (-1,800 million yuan); \
of the clauses 1 pass, 0 fail and 1 are not covered."""

CHINESE = """“reduced”的置换:
  关停:南 老厂 100 千吨/年
  新建:北 新厂 80 千吨/年
  指标:老厂 → 新厂 80 千吨/年
  统一池:按 1.25∶1 让出 100,形成 80;外购 0,结转入 0,使用 80,失效 0,结转出 0(千吨/年)
  产值变化:北 +1,440、南 -1,800(百万元/年)
  条款结论变化 1 条:
    C-1 未通过 → 通过:用电排放不超过200
  结论:“reduced”关停 100、新建 80 千吨/年,每年少花 292.833 百万元(每吨新建 -3,660.4 元);\
两个范围的排放合计减少 599 千吨 CO₂ 当量;产值北增加最多(+1,440 百万元),南减少最多(-1,800 百万元);\
条款 1 条通过、0 条未通过、1 条未覆盖。"""


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("zh", CHINESE)])
def test_an_option_in_words(found, swaps, language, text):
    assert lines(found, swaps, language)[-len(text.splitlines()):] == text.splitlines()


def test_side_by_side(found, swaps):
    rows = {row[0].strip(): row[1:] for row in side_by_side(found, swaps, "en")}
    assert rows[""] == ["stay", "equal", "reduced"]
    assert rows["capacity closed (kt/yr)"] == ["0", "100", "100"] and rows["capacity built (kt/yr)"] == ["0", "100", "80"]
    assert rows["ratio (given up : new)"] == ["–", "1", "1.25"]
    assert rows["change of yearly cost (million yuan/yr)"] == ["0", "-452.9", "-292.8"]
    assert rows["change of emissions of power used (scope 2) (kt CO₂e/yr)"] == ["0", "-542.5", "-569"]
    assert rows["clauses that pass"] == ["0", "1", "1"]
    assert not any("grid" in name for name in rows)  # no zones in these data
    chinese = {row[0].strip(): row[1:] for row in side_by_side(found, swaps, "zh")}
    assert chinese["每吨新建的年成本变化(元/吨)"] == ["–", "-4,529.1", "-3,660.4"]


def test_power_stands_with_the_name_of_its_period(found, swaps):
    """The only period of these data is the year."""
    place = {"zone": "zone_a", "stage": "all", "branch": "all", "month": "driest", "period": "all", "left": 14.0, "drawn": 3.0, "tie_left": 0.0}
    power = replace(swaps, power=pd.DataFrame([{"plan": name, **place} for name in found.names]))
    rows = {row[0].strip(): row[1:] for row in side_by_side(found, power, "en")}
    assert rows["zone_a: energy left in the driest period (GWh)"] == ["14 (the year)"] * 3
    assert rows["zone_a: drawn by plants in the driest period (GWh)"] == ["3 (the year)"] * 3
    assert {row[0].strip(): row[1] for row in side_by_side(found, power, "zh")}["zone_a最枯时段剩余(GWh)"] == "14 (全年)"


def test_hydrologies_of_other_names_share_a_row_unless_a_plan_has_several(found, swaps):
    """A dry year beside a normal one is one row; a plan of both has a row each."""
    place = {"zone": "zone_a", "stage": "all", "month": "driest", "period": "all", "left": 670.895, "drawn": 3.0, "tie_left": 0.0}
    rows = [{"plan": name, "branch": "dry" if name == "equal" else "normal", **place} for name in found.names]
    said = {row[0].strip(): row[1:] for row in side_by_side(found, replace(swaps, power=pd.DataFrame(rows)), "en")}
    assert said["zone_a: energy left in the driest period (GWh)"] == ["670.9 (the year)"] * 3
    both = pd.DataFrame([*rows, {"plan": "stay", "branch": "dry", **place}])
    parted = {row[0].strip(): row[1:] for row in side_by_side(found, replace(swaps, power=both), "en")}
    assert parted["zone_a: energy left in the driest period (the year dry) (GWh)"] == ["670.9 (the year)", "670.9 (the year)", "–"]


def test_rounding_of_the_solver_is_no_change(found, swaps):
    noise = swaps.facts.assign(value=swaps.facts["value"].where(swaps.facts["fact"] != "cost", 3.4e-9))
    rows = {row[0].strip(): row[1:] for row in side_by_side(found, replace(swaps, facts=noise), "en")}
    assert rows["change of yearly cost (million yuan/yr)"] == ["0", "0", "0"]


def test_the_table_stands_alone_before_the_plans(found, swaps):
    said = table(found, swaps, "en")
    assert said[0].startswith("swap options side by side (against 'stay'") and len(said) == 1 + len(side_by_side(found, swaps, "en"))
    assert not any("side by side" in line for line in lines(found, swaps, "en"))


def test_a_plan_without_a_swap_says_so(found, swaps):
    text = lines(found, swaps, "en")
    at = text.index("the swap of 'stay':")
    assert text[at + 1] == "  nothing closes and nothing is built."


def test_a_second_plan_that_swaps_nothing_has_a_closing_sentence(found):
    """The pool is open, but new lines may use no more than 0: the old line goes on."""
    idle = candidate("idle", {"closures_allowed": 0})
    again = compare([found.candidates[0], idle])
    swaps = options(again)
    assert swaps is not None
    assert lines(again, swaps, "en")[-1] == "  In short: 'idle' swaps nothing; against the reference it costs the same a year."
    assert lines(again, swaps, "zh")[-1] == "  结论:“idle”没有置换;与基准相比每年成本不变。"
    assert any("the verdicts on the clauses are those of the reference: pass 0, fail 1, not covered 1" in line for line in lines(again, swaps, "en"))


def test_quota_bought_outside_is_a_line_of_its_own(found):
    """50 kt outside at 6,000 yuan, 0.6111 a year: worth it, so 150 are built."""
    again = compare([found.candidates[0], candidate("outside", {"outside_quota": 50, "outside_price": 6000})])
    swaps = options(again)
    assert swaps is not None
    assert (swaps.fact("outside", "bought"), swaps.fact("outside", "built")) == (pytest.approx(50), pytest.approx(150))
    text = "\n".join(lines(again, swaps, "en"))
    assert "  quota bought: quota_region 50 kt/yr" in text and "builds 150 kt/yr (and buys quota for 50)" in text


def test_two_stages_count_per_year():
    """In 2027 the line cannot serve yet, so nothing closes; from 2030 on it does: half of each yearly change, stages named."""
    prices: dict[str, float] = {"y2027": 15, "y2030": 15}
    again = compare([candidate("stay", SHUT, prices, 2027), candidate("moves", {}, prices, 2027)])
    swaps = options(again)
    assert swaps is not None
    assert swaps.fact("moves", "cost") == pytest.approx((100 * OLD - 100 * (NEW - CHARGE + CLOSED)) / 2, abs=1e-4)
    assert swaps.fact("moves", "carbon_scope2") == pytest.approx(-542.5 / 2) and swaps.fact("moves", "value_gained") == pytest.approx(900)
    text = lines(again, swaps, "en")
    assert "  closed: Old at South (y2030) 100 kt/yr" in text and "  quota (y2030): Old → New 100 kt/yr" in text
    assert [line for line in text if line.startswith("  output value: North +900, South -900 (million yuan/yr)")]


def test_without_ledgers_there_are_no_options(found):
    core = core_world(tech_sites="technology site variable_cost\nmake p 1", recipes="technology commodity quantity\nmake x 1", demand="commodity site min max price\nx p 1 1 0")
    bare = Candidate("bare", {}, "money", solved_plan("bare", core, core))
    again = compare([bare, bare])
    assert options(again) is None and [part.key for part in parts(again, None)][-1] == "region"


# ---- power of the zones

ZONE = {
    "periods": "period stage length\nm1 y 0.4\nm2 y 0.6", "commodities": "commodity unit\nelectricity GWh",
    "supply": "commodity site period tier price max\nelectricity zone_a m1 1_hydro 0 10\nelectricity zone_a m1 1_thermal 0 20\n"
              "electricity zone_a m2 1_hydro 0 30\nelectricity zone_a m2 1_thermal 0 15\nelectricity zone_b * 1_hydro 0 100",
    "lanes": "commodity from to period unit_cost max_flow\nelectricity zone_a plant * 0 -\nelectricity zone_b zone_a m1 1 5\nelectricity zone_b zone_a m2 1 7",
    "demand": "commodity site period min max price\nelectricity plant m1 6 6 0\nelectricity plant m2 30 30 0\nelectricity zone_a m1 10 10 0\nelectricity zone_a m2 10 10 0",
}


def test_the_driest_and_the_tightest_month_by_hand():
    """zone_a: hydro per day 10/0.4 = 25 and 30/0.6 = 50: m1 is driest, 30 - 16 = 14 left. Left per day 35 and 5/0.6: m2 is tightest.

    The tie, which costs 1, stays unused: 5 and 7 of room. zone_b: 100 a year, spread by length; nothing drawn.
    """
    core = core_world(**ZONE)
    balance: list[dict[str, Any]] = [
        {"zone": zone, "branch": "normal", "month": "m01", "component": component, "role": "supply", "energy": 1.0, "scale": 1.0}
        for zone, component in (("zone_a", "hydro"), ("zone_a", "thermal"), ("zone_b", "hydro"))
    ]
    plan = solved_plan("zones", core, {"power_balance": frame("power_balance", balance)})
    rows = {(row["zone"], row["month"]): row for row in months(plan).to_dict("records")}
    dry, tight = rows["zone_a", "driest"], rows["zone_a", "tightest"]
    assert [dry[name] for name in ("period", "offered", "used", "left", "drawn", "tie_left")] == ["m1", *map(pytest.approx, (30, 16, 14, 6, 5))]
    assert [tight[name] for name in ("period", "offered", "used", "left", "drawn", "tie_left")] == ["m2", *map(pytest.approx, (45, 40, 5, 30, 7))]
    assert rows["zone_b", "driest"]["left"] in (pytest.approx(40), pytest.approx(60)) and rows["zone_b", "driest"]["drawn"] == 0


def test_without_a_power_balance_there_are_no_zones():
    assert months(solved_plan("none", core_world(**ZONE), {})).empty


# ---- data for a report

def test_parts_for_a_report(found, swaps):
    by_key = {part.key: part for part in parts(found, swaps)}
    split = by_key["region"]
    assert [head[1] for head in split.heads] == ["part", "stay", "equal", "change of equal", "reduced", "change of reduced"]
    assert split.rows[-1][0] == ("合计", "sum") and split.rows[-1][3] == pytest.approx(swaps.fact("equal", "cost"))
    for place in range(1, len(split.heads)):
        assert sum(float(row[place]) for row in split.rows[:-1]) == pytest.approx(split.rows[-1][place])
    option = by_key["options"]
    assert option.heads[1:] == (("stay", "stay"), ("equal", "equal"), ("reduced", "reduced")) and option.title[0].startswith("置换方案并排")


def test_everything_stands_in_json_and_tables(found, swaps):
    told = json.loads(json.dumps(facts(found, swaps), allow_nan=False))
    assert {"swap_lines", "swap_uses", "swap_accounts", "swap_facts", "swap_power", "swap_clauses", "parts"} <= set(told)
    assert set(tables(found, swaps)) <= set(told)


def test_columns_align_with_chinese_characters():
    assert (width("电 a"), width("(x)")) == (4, 3)
    assert aligned([["", "a"], ["电解", "1,000"], ["x", "2"]]) == ["          a", "电解  1,000", "x         2"]


@pytest.mark.parametrize(("value", "shown", "change"), [
    (0.0, "0", "0"), (-0.0, "0", "0"), (81.20027, "81.2003", "+81.2"), (-1234.56, "-1,234.6", "-1,234.6"), (2000.0, "2,000", "+2,000"),
    (1e-12, "1e-12", "0"), (math.nan, "–", "–"), (math.inf, "–", "–"),
])
def test_numbers_as_they_are_said(value, shown, change):
    assert (said_number(value), said_change(value)) == (shown, change)
