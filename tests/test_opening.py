"""What a command line means: which scenario file, which dataset, what the run is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import ROOT, TRNSPORT, dataset, quiet

from model.opening import open_scenario
from model.pipeline import Clock, prepare
from model.problems import ExitCode, Refusal

WORLD = {"supply": "commodity site price\nore mine 1"}


@pytest.fixture
def root(tmp_path):
    """A project with three scenarios and two datasets."""
    (tmp_path / "scenarios").mkdir()
    for name, text in {"base": 'title = { en = "base" }', "dry": 'base = "base.toml"\ndata = "other"\n[solver]\nmip_gap = 0.1\nthreads = 2', "bad": "bse = 1\ntitle = 2"}.items():
        (tmp_path / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    for name in ("chuanyu", "other"):
        dataset(tmp_path / "data" / name, **WORLD)
    return tmp_path


def test_nothing_means_the_base_scenario_on_the_shipped_dataset(root):
    scenario, data = open_scenario(None, None, root, {})
    assert (scenario.name, scenario.path, data) == ("base", root / "scenarios" / "base.toml", root / "data" / "chuanyu")


def test_a_dataset_alone_is_solved_as_it_stands(root):
    scenario, data = open_scenario(None, TRNSPORT, root, {})
    assert (scenario.name, data, scenario.changes, dict(scenario.objective)) == ("trnsport", TRNSPORT, (), {"cost": 1.0})


def test_a_dataset_that_is_not_the_scenarios_own_stands_in_the_title(root):
    """In both languages, a file with its ending; a folder of the same name with its whole path; the scenario's own adds nothing."""
    book = root / "my_book.xlsx"
    book.write_bytes(b"")
    assert dict(open_scenario("base", book, root, {})[0].title) == {"zh": "base(数据集 my_book.xlsx)", "en": "base (dataset my_book.xlsx)"}
    assert dict(open_scenario("base", root / "data" / "other", root, {})[0].title)["en"] == "base (dataset other)"
    copy = dataset(root / "mine" / "chuanyu", **WORLD)
    assert dict(open_scenario("base", copy, root, {})[0].title)["en"] == f"base (dataset {copy.resolve()})"
    for data in (None, root / "data" / "chuanyu", root / "data" / ".." / "data" / "chuanyu"):
        assert dict(open_scenario("base", data, root, {})[0].title) == {"en": "base"}


def test_a_dataset_takes_its_name_from_its_folder_or_workbook(root, monkeypatch):
    monkeypatch.chdir(root / "data" / "other")
    assert open_scenario(None, Path(), root, {})[0].name == "other"
    (root / "book.v2.xlsx").write_bytes(b"")
    assert open_scenario(None, root / "book.v2.xlsx", root, {})[0].name == "book.v2"


@pytest.mark.parametrize("name", ["dry", "dry.toml", "scenarios/dry.toml", "scenarios/dry"])
def test_a_scenario_by_name_or_path_from_anywhere(name, root, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    scenario, data = open_scenario(name, None, root, {})
    assert (scenario.path, data) == (root / "scenarios" / "dry.toml", root / "data" / "other")
    assert scenario.title == {}  # a title speaks of its own file only


def test_a_file_here_wins_over_one_of_the_project(root, tmp_path_factory, monkeypatch):
    here = tmp_path_factory.mktemp("here")
    (here / "dry.toml").write_text('title = { en = "mine" }', encoding="utf-8")
    monkeypatch.chdir(here)
    assert open_scenario("dry", None, root, {})[0].title == {"en": "mine"}


def test_a_file_in_another_folder_is_never_replaced_by_a_namesake(root, monkeypatch):
    monkeypatch.chdir(root)
    with pytest.raises(Refusal) as refusal:
        open_scenario("old/dry.toml", None, root, {})
    assert refusal.value.code is ExitCode.FILES
    assert refusal.value.problems[0].text("en") == f"there is no scenario file '{Path('old/dry.toml')}'"


def test_data_of_the_command_line_wins(root):
    assert open_scenario("dry", root / "data" / "chuanyu", root, {})[1] == root / "data" / "chuanyu"


def test_solver_options_of_the_command_line_win(root):
    assert dict(open_scenario("dry", None, root, {"mip_gap": 0.01, "time_limit": 60.0})[0].solver) == {"mip_gap": 0.01, "threads": 2, "time_limit": 60.0}
    assert dict(open_scenario(None, TRNSPORT, root, {"mip_gap": 0.5})[0].solver) == {"mip_gap": 0.5}


@pytest.mark.parametrize("options", [{"mip_gap": -0.1}, {"mip_gap": 2.0}, {"time_limit": 0.0}, {"time_limit": float("inf")}], ids=str)
def test_solver_options_out_of_range_are_a_usage_error(options, root):
    with pytest.raises(Refusal) as refusal:
        open_scenario(None, None, root, options)
    assert refusal.value.code is ExitCode.USAGE
    assert refusal.value.problems[0].column == next(iter(options))


def test_all_problems_of_a_scenario_at_once(root):
    with pytest.raises(Refusal) as refusal:
        open_scenario("bad", None, root, {})
    assert refusal.value.code is ExitCode.DATA
    assert [(problem.file, problem.row, problem.column) for problem in refusal.value.problems] == [("bad.toml", 1, "bse"), ("bad.toml", 2, "title")]


def test_the_shipped_scenarios_open():
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        scenario, data = open_scenario(path.stem, None, ROOT, {})
        assert data == ROOT / "data" / "chuanyu" and set(scenario.title) == {"zh", "en"}, path


def test_problems_of_scenario_and_tables_come_in_one_pass(tmp_path):
    """A mistyped key of the scenario and a mistyped column of its tables: both are named before anything stops."""
    data = dataset(tmp_path / "tables", supply="commodity site prise\nore pit 3")
    scenario = tmp_path / "wish.toml"
    scenario.write_text('[[change]]\ntable = "suply"\nwhere = { site = "pit" }\nset = { price = 1 }\n', encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        open_scenario(str(scenario), data, tmp_path, {})
    found = {(problem.file, problem.value) for problem in refusal.value.problems}
    assert ("wish.toml", "suply") in found
    assert any(file == "supply.csv" for file, _ in found)


def test_a_name_that_is_no_scenario_gets_the_nearest_and_the_list(root):
    with pytest.raises(Refusal) as refusal:
        open_scenario("dri", None, root, {})
    assert refusal.value.code is ExitCode.FILES
    problem = refusal.value.problems[0]
    assert (problem.suggestion, problem.text("en")) == (
        "dry", "there is no scenario file 'dri'; there are: bad, base, dry (did you mean: dry?)",
    )
    assert "已有的情景:bad, base, dry" in problem.text("zh")


def told(problems):
    return [(problem.row, problem.rule, problem.suggestion) for problem in problems]


LOCKS = """[[lock]]
site = "xipang"
technology = "recycle_csat"
state = "excluded"
[[lock]]
site = "fuling"
technology = "smelt_tiantai"
state = "excluded"
"""


def test_mistakes_of_all_kinds_are_told_at_once(tmp_path):
    """Keys, tables, states and sizes beside rows, parks and technologies that the shipped dataset does not have; nothing twice."""
    scenario = tmp_path / "wish.toml"
    scenario.write_text(
        'yaer = 2030\n[[change]]\ntable = "tarifs"\nset = { price = 1 }\n'
        '[[change]]\ntable = "swap_pools"\nwhere = { pool = "regoin" }\nset = { ratio = -1.25 }\n'
        '[[change]]\ntable = "prices"\nwhere = { period = "2052" }\nscale = { central = 2 }\n'
        f'{LOCKS}[[lock]]\nsite = "wanzhuo"\ntechnology = "recycle_cast"\nstate = "fixde"\nsize = -100\n',
        encoding="utf-8",
    )
    with pytest.raises(Refusal) as refusal:
        open_scenario(str(scenario), None, ROOT, {})
    assert told(refusal.value.problems) == [
        (1, "scenario_key", ""), (3, "scenario_unknown_table", "tariffs"), (7, "where_unknown", "region"), (8, "too_low", ""),
        (11, "where_unknown", "2025"), (14, "unknown_reference", "xipeng"), (15, "unknown_in_term", "recycle_cast"),
        (22, "unknown_reference", "wanzhou"), (24, "scenario_choice", "fixed"), (25, "lock_size_negative", ""),
    ]


def test_rows_and_parks_that_are_not_there_come_together(tmp_path):
    scenario = tmp_path / "wish.toml"
    scenario.write_text(f'[[change]]\ntable = "plants"\nwhere = {{ plant = "guofng" }}\nset = {{ capacity = 1 }}\n{LOCKS}', encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        prepare(*open_scenario(str(scenario), None, ROOT, {}), Clock(quiet))
    assert told(refusal.value.problems) == [
        (3, "where_unknown", "guofeng"), (6, "unknown_reference", "xipeng"), (7, "unknown_in_term", "recycle_cast"),
    ]
