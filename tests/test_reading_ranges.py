"""Numbers outside the range that their source states are noted where they stand, in every table that has ranges."""

from __future__ import annotations

import html
import json
import math
import shutil
from pathlib import Path

import pytest
from runs import ROOT, TRNSPORT, command_line, dataset

from model.opening import open_scenario
from model.pipeline import Clock, prepare
from model.problems import Problem, Problems
from model.reading import read
from model.reading.rules import apply_rules
from model.reading.rules_ranges import is_far, meant
from model.schema import ALL_TABLES, CONVENIENCE_TABLES
from model.tables import frame

SHIPPED = ROOT / "data" / "chuanyu"
PAIRED = [(spec.name, pair) for spec in CONVENIENCE_TABLES for pair in spec.ranges]
ENDINGS = ("low", "_low", "high", "_high")


def notes(folder: Path) -> list[Problem]:
    """What is remarked on a dataset that has no errors."""
    problems = Problems()
    read(folder, problems)
    assert problems.errors == ()
    return list(problems.notes)


def places(found: list[Problem]) -> list[tuple[str, str, int, str, str, str]]:
    return [(note.rule, note.file, note.row, note.column, note.value, note.suggestion) for note in found]


def tariff(price: str, low: str = "0.48", high: str = "0.60") -> str:
    return f"tariff price low high\nlocal {price} {low} {high}\n"


# ---- what the specifications declare


@pytest.mark.parametrize("spec", CONVENIENCE_TABLES, ids=lambda spec: spec.name)
def test_every_column_that_ends_in_low_or_high_bounds_one_number(spec):
    """No table can carry a range that nobody checks."""
    ends = [name for pair in spec.ranges for name in (pair.low, pair.high)] + (["low", "high"] if spec.range_of else [])
    assert sorted(ends) == sorted(column.name for column in spec.columns if column.name.endswith(ENDINGS))


@pytest.mark.parametrize(("table", "pair"), PAIRED, ids=lambda part: getattr(part, "value", part))
def test_a_number_and_its_range_share_one_unit(table, pair):
    columns = ALL_TABLES[table].by_name
    ends = columns[pair.low], columns[pair.high]
    assert {column.kind for column in (columns[pair.value], *ends)} == {"number"}
    assert {columns[pair.value].unit} == {column.unit for column in ends}
    assert all(math.isnan(column.blank) for column in ends if not column.required)


@pytest.mark.parametrize(("table", "pair"), PAIRED, ids=lambda part: getattr(part, "value", part))
def test_every_declared_range_is_checked(table, pair):
    """2 in a range of 5 to 10 is noted, 5, 7 and 10 are not."""
    columns = ALL_TABLES[table].columns
    row = {column.name: math.nan if column.kind == "number" else "" for column in columns if column.required}
    values = (2.0, 5.0, 7.0, 10.0)
    rows = [{**row, pair.value: value, pair.low: 5.0, pair.high: 10.0, "_file": f"{table}.csv", "_row": number} for number, value in enumerate(values, 2)]
    problems = Problems()
    apply_rules({table: frame(table, rows)}, problems, complete=False)
    found = [note for note in problems.notes if note.rule == "outside_range"]
    assert places(found) == [("outside_range", f"{table}.csv", 2, pair.value, "2", "")]
    assert f"{pair.low}, {pair.high}" in found[0].text("en")


# ---- what is said, and where


def test_a_price_a_thousand_times_too_high_is_noted_strongly_with_what_is_meant(tmp_path):
    found = notes(dataset(tmp_path, tariffs=tariff("540")))
    assert places(found) == [("far_outside_range", "tariffs.csv", 2, "price", "540", "0.54")]
    assert "0.48 to 0.6" in found[0].text("en") and "(low, high)" in found[0].text("en") and "0.48 至 0.6" in found[0].text("zh")


@pytest.mark.parametrize(("price", "rule"), [
    ("0.54", ""), ("0.48", ""), ("0.60", ""), ("0.6000000001", ""), ("-", ""),
    ("0.47", "outside_range"), ("0.61", "outside_range"), ("0", "outside_range"), ("12", "outside_range"), ("0.024", "outside_range"),
    ("12.1", "far_outside_range"), ("0.0239", "far_outside_range"), ("54", "far_outside_range"),
])
def test_from_twenty_times_beyond_the_range_on_the_words_are_strong(tmp_path, price, rule):
    assert [note.rule for note in notes(dataset(tmp_path, tariffs=tariff(price)))] == ([rule] if rule else [])


@pytest.mark.parametrize(("low", "high", "shown"), [("-", "0.6", "– to 0.6"), ("0.8", "-", "0.8 to –"), ("-", "-", "")])
def test_half_a_range_is_half_a_check(tmp_path, low, high, shown):
    found = notes(dataset(tmp_path, tariffs=tariff("0.7", low, high)))
    assert [shown in note.text("en") for note in found] == ([True] if shown else [])


def test_quantities_used_have_negative_ranges(tmp_path):
    tables = {
        "technologies": "technology|stage|labour|maintenance|other_variable|overhead|fixed_cost|capex|life|depreciation|finance\n"
                        "smelt|smelting|1|1|1|1|1|1|20|0|0\n",
        "technology_recipes": "technology commodity quantity unit low high\nsmelt alumina -1.92 t/t -1.935 -1.905\nsmelt anode 0.48 t/t -0.5 -0.46\n"
                              "smelt power -13.5 kWh/t -14000 -13000\n",
        "commodities": "commodity\nalumina\nanode\npower\n",
    }
    assert places(notes(dataset(tmp_path, **tables))) == [
        ("outside_range", "technology_recipes.csv", 3, "quantity", "0.48", ""),
        ("far_outside_range", "technology_recipes.csv", 4, "quantity", "-13.5", "-13500"),
    ]


@pytest.mark.parametrize(("value", "low", "high", "far"), [
    (21, 0, 1, True), (20, 0, 1, False), (0.001, 0, 1, False), (1, 0, 0, False), (0, 5, 10, False), (0.04, 5, 10, True), (-2000, -10, -5, True),
    (2000, math.nan, 10, True), (0.01, 5, math.nan, True),
])
def test_what_is_far(value, low, high, far):
    assert is_far(value, low, high) is far


@pytest.mark.parametrize(("value", "low", "high", "number"), [
    (540, 0.48, 0.6, "0.54"), (0.19, 140, 250, "190"), (4780000, 4000, 5000, "4780"), (48, 0.4, 0.5, "0.48"), (7e5, 0.5, 1, "0.7"), (7e5, 8, 9, ""),
    (7e5, math.nan, 9, ""),
])
def test_what_is_meant(value, low, high, number):
    assert meant(value, low, high) == number


# ---- ranges that stand in a table of their own


COSTS = ("technology,name_en,stage,labour,maintenance,other_variable,overhead,fixed_cost,capex,life,depreciation,finance\n"
         "smelt,Smelter,smelting,190,283,147,100,440,8600,20,0,0\nroll,Mill,processing,0.4,0,500,0,400,12000,15,0,0\n")
BOUNDS = "technology,cost,low,high,vat\nsmelt,labour,140,250,none\nsmelt,overhead,110,157,none\nroll,labour,250,700,none\nroll,fixed_cost,250,390,unstated\n"


def costs(folder: Path, bounds: str = BOUNDS) -> Problems:
    (folder / "technologies.csv").write_text(COSTS, encoding="utf-8")
    (folder / "technology_cost_ranges.csv").write_text(bounds, encoding="utf-8")
    problems = Problems()
    read(folder, problems)
    return problems


def test_costs_of_a_technology_are_held_against_their_own_table(tmp_path):
    problems = costs(tmp_path)
    assert problems.errors == ()
    assert places(list(problems.notes)) == [
        ("outside_range", "technologies.csv", 2, "overhead", "100", ""),
        ("outside_range", "technologies.csv", 3, "fixed_cost", "400", ""),
        ("far_outside_range", "technologies.csv", 3, "labour", "0.4", "400"),
    ]
    assert "110 to 157 (technology_cost_ranges.csv:3)" in problems.notes[0].text("en")


@pytest.mark.parametrize(("old", "new", "rule", "column", "suggestion"), [
    ("smelt,overhead", "smelt,overhaed", "bad_choice", "cost", "overhead"), ("smelt,overhead", "smlt,overhead", "unknown_reference", "technology", "smelt"),
    ("smelt,overhead", "smelt,labour", "duplicate_key", "technology, cost", ""), ("157,none", "157,maybe", "bad_choice", "vat", ""),
])
def test_a_range_of_nothing_is_refused(tmp_path, old, new, rule, column, suggestion):
    found = costs(tmp_path, BOUNDS.replace(old, new)).errors
    assert [(problem.rule, problem.row, problem.column, problem.suggestion) for problem in found] == [(rule, 3, column, suggestion)]


def test_ranges_without_technologies_are_refused(tmp_path):
    (tmp_path / "technology_cost_ranges.csv").write_text(BOUNDS, encoding="utf-8")
    problems = Problems()
    read(tmp_path, problems)
    assert {problem.rule for problem in problems.errors} == {"missing_table"} and not problems.notes


# ---- the commands


@pytest.fixture
def slipped(tmp_path) -> Path:
    """The shipped dataset with one tariff written in yuan per MWh."""
    folder = shutil.copytree(SHIPPED, tmp_path / "slipped")
    text = (folder / "tariffs.csv").read_text(encoding="utf-8")
    assert text.count(",0.54,0.13,") == 1
    (folder / "tariffs.csv").write_text(text.replace(",0.54,0.13,", ",540,0.13,"), encoding="utf-8")
    return folder


def test_check_names_the_cell(slipped, capsys):
    assert command_line().main(["check", "--data", str(slipped), "--lang", "en"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("tariffs.csv:4:price: 540 is more than twenty times off")


def test_solving_says_it_too(tmp_path, capsys):
    """Dantzig's transport problem with a table of prices that nothing uses."""
    folder = shutil.copytree(TRNSPORT, tmp_path / "transport")
    dataset(folder, prices="price|period|unit|vat|low|central|high\nmetal|2025|yuan/t|excl|20000|25000|21000\n")
    assert command_line().main(["solve", "--data", str(folder), "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    said = "prices.csv:2:central: 25000 lies outside its stated range of 20000 to 21000 (low, high)"
    assert capsys.readouterr().out.splitlines()[-1] == said  # last, where it is not overlooked
    assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["notes"][0]["en"] == said
    assert said in html.unescape((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))


def test_a_value_of_a_scenario_is_located_in_the_scenario(tmp_path):
    text = 'data = "chuanyu"\n[[change]]\ntable = "tariffs"\nwhere = { tariff = "chongqing_local" }\nset = { price = 0.7 }\n'
    (tmp_path / "dear.toml").write_text(text, encoding="utf-8")
    prepared = prepare(*open_scenario(str(tmp_path / "dear.toml"), None, ROOT, {}), Clock(lambda step: None))
    found = [note for note in prepared.notes if note.rule == "outside_range"]
    assert places(found) == [("outside_range", "dear.toml", 5, "tariffs.price", "0.7", "")]


@pytest.mark.parametrize("scenario", sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml")))
def test_no_shipped_scenario_leaves_a_stated_range(scenario):
    prepared = prepare(*open_scenario(scenario, None, ROOT, {}), Clock(lambda step: None))
    assert [note.text("en") for note in prepared.notes if note.rule.endswith("outside_range")] == []
