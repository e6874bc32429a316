"""Locks on core rows: what they force, what they close, and which of them cannot be."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from model.problems import Problems
from model.reading import check_core
from model.scenario import Scenario, apply_locks, load
from model.tables import Tables, frame

SITES = [
    {"site": "xipeng", "name_zh": "西彭", "name_en": "Xipeng"}, {"site": "meishan", "name_zh": "眉山", "name_en": "Meishan"},
    {"site": "qijiang", "name_zh": "綦江", "name_en": "Qijiang"},
]
ROWS = {
    "sites": SITES,
    "commodities": [{"commodity": "metal"}],
    "recipes": [{"technology": t, "commodity": "metal", "quantity": 1.0} for t in ("smelt", "roll", "press")],
    "tech_sites": [
        {"technology": "smelt", "site": "xipeng", "variable_cost": 1.0, "min_activity": 2.0},
        {"technology": "smelt", "site": "meishan", "variable_cost": 1.0},
        {"technology": "roll", "site": "meishan", "variable_cost": 1.0}, {"technology": "press", "site": "meishan", "variable_cost": 1.0},
        {"technology": "smelt", "site": "qijiang", "variable_cost": 1.0},
    ],
    "capacity_use": [
        {"technology": "smelt", "unit": "line", "use": 1.0}, {"technology": "roll", "unit": "mill", "use": 1.0},
        {"technology": "press", "unit": "mill", "use": 1.0},
    ],
    "capacity": [{"unit": "line", "site": "xipeng", "amount": 5.0}],
    "options": [
        {"option": "line_meishan", "site": "meishan", "variable_cost": 2.0, "max_size": 40.0},
        {"option": "mill_meishan", "site": "meishan", "fixed_cost": 1.0, "variable_cost": 2.0, "max_size": 10.0},
        {"option": "big_qijiang", "site": "qijiang", "variable_cost": 2.0, "max_size": 10.0},
        {"option": "small_qijiang", "site": "qijiang", "variable_cost": 2.0, "max_size": 10.0},
        {"option": "close_xipeng", "site": "xipeng", "variable_cost": -1.0, "max_size": 5.0},
    ],
    "option_effects": [
        {"option": "line_meishan", "unit": "line", "site": "meishan", "per_size": 1.0},
        {"option": "mill_meishan", "unit": "mill", "site": "meishan", "per_open": 4.0, "per_size": 2.0},
        {"option": "big_qijiang", "unit": "line", "site": "qijiang", "per_size": 2.0},
        {"option": "small_qijiang", "unit": "line", "site": "qijiang", "per_size": 1.0},
        {"option": "close_xipeng", "unit": "line", "site": "xipeng", "per_size": -1.0},
    ],
}


def core() -> Tables:
    return {
        name: frame(name, [{**row, "_file": f"{name}.csv", "_row": line} for line, row in enumerate(rows, start=2)]) for name, rows in ROWS.items()
    }


def scenario_of(folder: Path, text: str, name: str = "case.toml") -> Scenario:
    (folder / name).write_text(text, encoding="utf-8")
    problems = Problems()
    scenario = load(folder / name, problems)
    assert problems.errors == ()
    return scenario


def lock(site: str, state: str, technology: str | None = None, size: float | None = None) -> str:
    lines = ["[[lock]]", f'site = "{site}"', f'state = "{state}"']
    lines += [f'technology = "{technology}"'] if technology else []
    lines += [f"size = {size}"] if size is not None else []
    return "\n".join(lines) + "\n"


def locked(folder: Path, text: str) -> tuple[Tables, Problems]:
    problems = Problems()
    tables = apply_locks(scenario_of(folder, text), core(), problems)
    assert all(problem.text(language) for problem in problems for language in ("zh", "en"))
    return tables, problems


def option(tables: Tables, name: str) -> tuple[float, float, float]:
    """forced, min_size, max_size; NaN as -1."""
    row = tables["options"].set_index("option").loc[name]
    return tuple(-1.0 if math.isnan(row[column]) else float(row[column]) for column in ("forced", "min_size", "max_size"))


def permits(tables: Tables) -> set[tuple[str, str]]:
    return set(zip(tables["tech_sites"]["technology"], tables["tech_sites"]["site"], strict=True))


def test_without_locks_nothing_changes(tmp_path):
    tables, problems = locked(tmp_path, "")
    assert list(problems) == []
    assert all(tables[name].equals(table) for name, table in core().items())


def test_the_unlocked_world_is_sound():
    problems = Problems()
    check_core(core(), problems)
    assert problems.errors == ()


def test_excluded_without_existing_capacity(tmp_path):
    tables, problems = locked(tmp_path, lock("眉山", "excluded", "smelt"))
    assert list(problems) == []
    assert option(tables, "line_meishan") == (0.0, 0.0, 0.0)
    assert option(tables, "mill_meishan") == (-1.0, 0.0, 10.0)
    assert ("smelt", "meishan") not in permits(tables)
    assert ("smelt", "xipeng") in permits(tables)
    row = tables["options"].iloc[0]
    assert (row["_file"], row["_row"]) == ("case.toml", 1)


def test_excluded_with_existing_capacity_keeps_the_row_at_zero(tmp_path):
    tables, _ = locked(tmp_path, lock("xipeng", "excluded", "smelt"))
    row = tables["tech_sites"].iloc[0]
    assert (row["site"], row["min_activity"], row["max_activity"]) == ("xipeng", 0.0, 0.0)
    assert option(tables, "close_xipeng") == (-1.0, 0.0, 5.0)  # a closure adds no capacity


def test_a_unit_that_others_use_stays_open(tmp_path):
    tables, _ = locked(tmp_path, lock("meishan", "excluded", "roll"))
    assert option(tables, "mill_meishan") == (-1.0, 0.0, 10.0)
    assert ("roll", "meishan") not in permits(tables)
    assert ("press", "meishan") in permits(tables)


def test_excluding_a_whole_park(tmp_path):
    tables, _ = locked(tmp_path, lock("Meishan", "excluded"))
    assert option(tables, "line_meishan") == option(tables, "mill_meishan") == (0.0, 0.0, 0.0)
    assert {site for _, site in permits(tables)} == {"xipeng", "qijiang"}


def test_required_and_fixed_sizes_of_the_only_option(tmp_path):
    assert option(locked(tmp_path, lock("meishan", "required", "smelt", 15))[0], "line_meishan") == (1.0, 15.0, 40.0)
    assert option(locked(tmp_path, lock("meishan", "fixed", "smelt", 15))[0], "line_meishan") == (1.0, 15.0, 15.0)
    assert option(locked(tmp_path, lock("meishan", "fixed", "smelt", 0))[0], "line_meishan") == (0.0, 0.0, 0.0)


def test_sizes_count_what_the_yes_alone_brings(tmp_path):
    """4 with the yes and 2 per unit of size: 10 new capacity need size 3, 2 need none."""
    assert option(locked(tmp_path, lock("meishan", "fixed", "roll", 10))[0], "mill_meishan") == (1.0, 3.0, 3.0)
    assert option(locked(tmp_path, lock("meishan", "required", "roll", 2))[0], "mill_meishan") == (1.0, 0.0, 10.0)


def test_required_without_size_where_there_is_a_yes_no(tmp_path):
    tables, problems = locked(tmp_path, lock("meishan", "required", "roll"))
    assert list(problems) == []
    assert option(tables, "mill_meishan") == (1.0, 0.0, 10.0)


def test_required_is_met_by_what_exists(tmp_path):
    tables, problems = locked(tmp_path, lock("xipeng", "required", "smelt"))
    assert list(problems) == []
    assert all(tables[name].equals(table) for name, table in core().items())


def test_several_options_are_bounded_together(tmp_path):
    tables, problems = locked(tmp_path, lock("綦江", "fixed", "smelt", 24))
    assert list(problems) == []
    row = tables["indicators"].iloc[0]
    assert (row["min"], row["max"], row["_file"]) == (24.0, 24.0, "case.toml")
    terms = tables["indicator_terms"]
    assert list(zip(terms["kind"], terms["a"], terms["coefficient"], strict=True)) == [("size", "big_qijiang", 2.0), ("size", "small_qijiang", 1.0)]
    check_core(tables, problems)
    assert problems.errors == ()
    assert math.isnan(locked(tmp_path, lock("綦江", "required", "smelt", 24))[0]["indicators"]["max"].item())
    closed = locked(tmp_path, lock("綦江", "fixed", "smelt", 0))[0]
    assert option(closed, "big_qijiang") == option(closed, "small_qijiang") == (0.0, 0.0, 0.0)


def test_other_names_of_sites_come_from_their_table(tmp_path):
    """A sites table in everyday words is no core table, so the tables as written are given too."""
    names = pd.DataFrame({"site": ["meishan"], "name": ["甘眉园区"]})
    problems = Problems()
    tables = apply_locks(scenario_of(tmp_path, lock("甘眉园区", "excluded", "smelt")), core(), problems, {"site_names": names})
    assert list(problems) == []
    assert ("smelt", "meishan") not in permits(tables)


@pytest.mark.parametrize("name", ["smelt", "电解(预焙槽)", "Smelting, prebaked", "smelting, PREBAKED"])
def test_a_technology_is_known_by_its_names_too(tmp_path, name):
    """As with sites: the table of technologies gives Chinese and English names, of which width and case do not matter."""
    names = pd.DataFrame({"technology": ["smelt"], "name_zh": ["电解(预焙槽)"], "name_en": ["Smelting, prebaked"]})
    problems = Problems()
    tables = apply_locks(scenario_of(tmp_path, lock("meishan", "excluded", name)), core(), problems, {"technologies": names})
    assert list(problems) == [] and ("smelt", "meishan") not in permits(tables)
    wrong = Problems()
    apply_locks(scenario_of(tmp_path, lock("meishan", "excluded", "电解(预培槽)"), "wrong.toml"), core(), wrong, {"technologies": names})
    assert [(problem.rule, problem.suggestion) for problem in wrong.errors] == [("unknown_in_term", "smelt")]


FLAWS = [
    ("unknown_reference", lock("西澎", "excluded", "smelt"), 2, "lock[1].site", "xipeng"),
    ("unknown_in_term", lock("xipeng", "excluded", "smlet"), 4, "lock[1].technology", "smelt"),
    ("unknown_reference", '[objective]\nweights = { cost = 1, carbn = 2 }\n', 2, "objective.weights.carbn", ""),
    ("lock_conflict", lock("xipeng", "excluded", "smelt") + lock("西彭", "required", "smelt"), 5, "lock[2]", ""),
    ("lock_conflict", lock("meishan", "excluded") + lock("meishan", "required", "smelt", 3), 4, "lock[2]", ""),
    ("lock_without_object", lock("xipeng", "required", "smelt", 3), 1, "lock[1]", ""),
    ("lock_without_object", lock("xipeng", "required", "roll"), 1, "lock[1]", ""),
    ("lock_without_object", lock("xipeng", "required"), 1, "lock[1]", ""),
    ("lock_needs_size", lock("meishan", "required", "smelt"), 1, "lock[1].size", ""),
    ("lock_needs_size", lock("qijiang", "required", "smelt"), 1, "lock[1].size", ""),
    ("lock_size_bound", lock("meishan", "required", "smelt", 41), 5, "lock[1].size", ""),
    ("lock_size_bound", lock("meishan", "fixed", "roll", 3), 5, "lock[1].size", ""),
    ("lock_size_bound", lock("qijiang", "required", "smelt", 31), 5, "lock[1].size", ""),
]


def test_a_park_that_is_not_there_is_found_in_its_own_line(tmp_path):
    _, problems = locked(tmp_path, '[[lock]]\ntechnology = "smelt"\nstate = "excluded"\npark = "西澎"\n\n[[lock]]\nstate = "excluded"\nsite = "xipang"\n')
    assert [(problem.row, problem.column) for problem in problems.errors] == [(4, "lock[1].park"), (8, "lock[2].site")]


@pytest.mark.parametrize(("rule", "text", "line", "path", "suggestion"), FLAWS)
def test_locks_that_cannot_be(tmp_path, rule, text, line, path, suggestion):
    _, problems = locked(tmp_path, text)
    assert [(problem.rule, problem.file, problem.row, problem.column, problem.suggestion) for problem in problems.errors] == [
        (rule, "case.toml", line, path, suggestion),
    ]


def test_excluding_what_is_not_there_is_a_remark(tmp_path):
    _, problems = locked(tmp_path, lock("xipeng", "excluded", "roll"))
    assert [(problem.rule, problem.note) for problem in problems] == [("lock_without_object", True)]


def test_a_later_file_overrides_a_lock_under_another_name(tmp_path):
    scenario_of(tmp_path, lock("xipeng", "excluded", "smelt"), "root.toml")
    tables, problems = locked(tmp_path, 'base = "root.toml"\n' + lock("西彭", "required", "smelt"))
    assert list(problems) == []
    assert ("smelt", "xipeng") in permits(tables)
