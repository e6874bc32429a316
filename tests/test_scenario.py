"""Scenario files: bases, changes, their checks, and the resolved scenario that is written beside the results."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.problems import ExitCode, Problems, Refusal
from model.scenario import Changes, Scenario, apply, apply_locks, load, resolved_toml
from model.tables import Dataset, Tables, frame


def world() -> Dataset:
    rows = {
        "sites": [
            {"site": "xipeng", "name_zh": "西彭", "name_en": "Xipeng"}, {"site": "meishan", "name_zh": "眉山", "name_en": "Meishan"},
            {"site": "market", "name_zh": "市场"},
        ],
        "commodities": [{"commodity": "ore"}, {"commodity": "metal"}],
        "supply": [
            {"commodity": "ore", "site": "xipeng", "tier": "a", "price": 3.0, "max": 40.0},
            {"commodity": "ore", "site": "meishan", "tier": "a", "price": 4.0, "source": "s1", "grade": "B"},
            {"commodity": "ore", "site": "meishan", "tier": "b", "price": 5.0},
        ],
        "demand": [{"commodity": "metal", "site": "market", "min": 10.0, "max": 20.0, "price": 15.0}],
    }
    tables = {
        name: frame(name, [{**row, "_file": f"{name}.csv", "_row": line} for line, row in enumerate(records, start=2)])
        for name, records in rows.items()
    }
    return Dataset("world", Path("world"), tables)


def scenario_of(folder: Path, text: str, name: str = "case.toml") -> tuple[Scenario, Problems]:
    (folder / name).write_text(text, encoding="utf-8")
    problems = Problems()
    return load(folder / name, problems), problems


def applied(folder: Path, text: str) -> tuple[Tables, Changes, Problems]:
    scenario, problems = scenario_of(folder, text)
    changes: Changes = []
    return apply(scenario, world(), problems, changes), changes, problems


def located(problems: Problems) -> list[tuple[str, str, int, str, str]]:
    found = [(problem.rule, problem.file, problem.row, problem.column, problem.suggestion) for problem in problems.errors]
    assert all(problem.text(language) for problem in problems for language in ("zh", "en"))
    return found


def test_an_empty_scenario_is_the_dataset(tmp_path):
    tables, changes, problems = applied(tmp_path, "")
    assert located(problems) == []
    assert changes == []
    assert all(tables[name].equals(table) for name, table in world().tables.items())


def test_parts_of_a_scenario(tmp_path):
    scenario, problems = scenario_of(tmp_path, """
data = "chuanyu"
question = { zh = "谁停?", en = "who stops?" }
clauses = ["A-1", "B-2"]
[title]
zh = "高电价"
en = "dear power"
[objective]
weights = { cost = 1, carbon = 0.2 }
[solver]
mip_gap = 0.001
threads = 2
solver = "ipx"
[[lock]]
park = "西彭"
technology = "smelt"
state = "fixed"
size = 30
""")
    assert located(problems) == []
    assert (scenario.name, scenario.data, dict(scenario.title)) == ("case", "chuanyu", {"zh": "高电价", "en": "dear power"})
    assert (dict(scenario.question), scenario.clauses) == ({"zh": "谁停?", "en": "who stops?"}, ("A-1", "B-2"))
    assert dict(scenario.objective) == {"cost": 1.0, "carbon": 0.2}
    assert dict(scenario.solver) == {"mip_gap": 0.001, "threads": 2, "solver": "ipx"}
    lock = scenario.locks[0]
    assert (lock.site, lock.technology, lock.state, lock.size, lock.spot.row) == ("西彭", "smelt", "fixed", 30.0, 14)


def test_cost_is_the_objective_unless_said_otherwise(tmp_path):
    assert dict(scenario_of(tmp_path, "")[0].objective) == {"cost": 1.0}
    assert dict(scenario_of(tmp_path, '[objective]\nsense = "cost"\n')[0].objective) == {"cost": 1.0}


def test_set_one_cell(tmp_path):
    tables, changes, problems = applied(tmp_path, """
[[change]]
table = "supply"
where = { site = "meishan", tier = "a" }
set = { price = 6.5, max = 12 }
""")
    assert located(problems) == []
    assert list(tables["supply"]["price"]) == [3.0, 6.5, 5.0]
    assert list(tables["supply"]["_file"]) == ["supply.csv", "case.toml", "supply.csv"]
    assert list(tables["supply"]["_row"]) == [2, 5, 4]  # the cells are set in line 5
    assert list(tables["supply"]["source"]) == ["", "s1", ""]
    said = [(change.table, change.key, change.column, change.old, change.new, change.spot.file, change.origin) for change in changes]
    key = "commodity=ore, site=meishan, tier=a"
    assert said[0] == ("supply", key, "price", 4.0, 6.5, "case.toml", "supply.csv:3")
    assert said[1][2:3] + said[1][4:] == ("max", 12.0, "case.toml", "supply.csv:3")
    assert math.isnan(said[1][3])


def test_the_dataset_itself_stays_as_it_was(tmp_path):
    scenario, problems = scenario_of(tmp_path, '[[change]]\ntable = "supply"\nset = { price = 1 }\n')
    dataset = world()
    apply(scenario, dataset, problems)
    assert list(dataset.tables["supply"]["price"]) == [3.0, 4.0, 5.0]


def test_lists_and_names_in_where(tmp_path):
    tables, changes, problems = applied(tmp_path, """
[[change]]
table = "supply"
where = { site = ["西彭", "Meishan"], tier = "a" }
scale = { price = 2 }
""")
    assert located(problems) == []
    assert list(tables["supply"]["price"]) == [6.0, 8.0, 5.0]
    assert [(change.old, change.new) for change in changes] == [(3.0, 6.0), (4.0, 8.0)]


def test_a_blank_cell_lifts_a_bound_and_scaling_keeps_it(tmp_path):
    tables, _, problems = applied(tmp_path, """
[[change]]
table = "supply"
where = { site = "xipeng" }
set = { max = "" }
[[change]]
table = "demand"
scale = { max = 1.5 }
""")
    assert located(problems) == []
    assert tables["supply"]["max"].isna().all()
    assert list(tables["demand"]["max"]) == [30.0]


def test_add_and_remove(tmp_path):
    tables, changes, problems = applied(tmp_path, """
[[change]]
table = "supply"
add = [{ commodity = "ore", site = "市场", price = 9 }, { commodity = "metal", site = "xipeng", price = 30 }]
[[change]]
table = "supply"
where = { tier = "b" }
remove = true
""")
    assert located(problems) == []
    assert list(zip(tables["supply"]["commodity"], tables["supply"]["site"], strict=True)) == [
        ("ore", "xipeng"), ("ore", "meishan"), ("ore", "market"), ("metal", "xipeng"),
    ]
    assert [(change.action, change.column) for change in changes] == [*[("add", name) for name in ("commodity", "site", "price")] * 2, ("remove", "")]
    assert math.isnan(tables["supply"]["max"].iloc[2])


def test_add_opens_a_table_that_was_not_used(tmp_path):
    tables, _, problems = applied(tmp_path, '[[change]]\ntable = "stocks"\nadd = { commodity = "ore", site = "xipeng", holding_cost = 1 }\n')
    assert located(problems) == []
    assert list(tables["stocks"]["_file"]) == ["case.toml"]


def test_bases_are_merged_base_first(tmp_path):
    (tmp_path / "deep").mkdir()
    scenario_of(tmp_path, 'data = "one"\ntitle = { zh = "基", en = "base" }\n[solver]\nthreads = 1\nmip_gap = 0.1\n', "root.toml")
    scenario_of(tmp_path / "deep", """base = "../root.toml"
[[change]]
table = "supply"
set = { price = 1 }
[[lock]]
site = "xipeng"
technology = "smelt"
state = "excluded"
""", "middle.toml")
    scenario, problems = scenario_of(tmp_path / "deep", """base = "middle.toml"
data = "two"
title = { en = "leaf" }
[solver]
mip_gap = 0.2
[[change]]
table = "supply"
set = { price = 2 }
[[lock]]
site = "xipeng"
technology = "smelt"
state = "required"
""", "leaf.toml")
    assert located(problems) == []
    assert scenario.chain == ("root.toml", "middle.toml", "leaf.toml")
    assert (scenario.name, scenario.data, dict(scenario.title)) == ("leaf", "two", {"en": "leaf"})  # a title is of one scenario alone
    assert dict(scenario.solver) == {"threads": 1, "mip_gap": 0.2}
    assert [change.values["price"] for change in scenario.changes] == [1.0, 2.0]
    assert [lock.state for lock in scenario.locks] == ["required"]
    assert list(apply(scenario, world(), problems)["supply"]["price"]) == [2.0, 2.0, 2.0]


def test_title_question_and_clauses_are_never_inherited(tmp_path):
    told = 'title = { zh = "基", en = "base" }\nquestion = { zh = "何?", en = "what?" }\nclauses = ["A-1"]\n'
    base, _ = scenario_of(tmp_path, f'data = "one"\n{told}', "root.toml")
    leaf, problems = scenario_of(tmp_path, 'base = "root.toml"\n')
    assert (base.title["en"], base.question["en"], base.clauses) == ("base", "what?", ("A-1",))
    assert (leaf.data, dict(leaf.title), dict(leaf.question), leaf.clauses) == ("one", {}, {}, ())
    assert set(leaf.origins) == {"data"}
    assert located(problems) == []


CLAUSES = [
    {"clause": "A-1", "document": "A", "treatment": "constraint", "carried_by": "table:supply; indicator:x_*", "_file": "clauses.csv", "_row": 2},
    {"clause": "A-2", "document": "A", "treatment": "not_modelled", "_file": "clauses.csv", "_row": 3},
]


def checked(folder: Path, text: str, clauses: list[dict[str, object]] = CLAUSES) -> list[tuple[str, str, int, str, str]]:
    """Problems of a scenario on a dataset that has a table of clauses."""
    scenario, problems = scenario_of(folder, text)
    dataset = world()
    apply(scenario, Dataset("world", Path("world"), {**dataset.tables, "clauses": frame("clauses", clauses)}), problems)
    return located(problems)


def test_clauses_are_looked_up_where_the_dataset_has_them(tmp_path):
    assert checked(tmp_path, 'clauses = ["A-1", "A-2"]\n') == []
    assert checked(tmp_path, '\nclauses = ["A-1", "A_2", "Q9"]\n') == [
        ("scenario_clause_unknown", "case.toml", 2, "clauses", "A-2"), ("scenario_clause_unknown", "case.toml", 2, "clauses", ""),
    ]
    _, _, problems = applied(tmp_path, 'clauses = ["anything"]\n')  # no table of clauses: nothing to look up
    assert located(problems) == []


@pytest.mark.parametrize(("carrier", "meant"), [
    ("table:suply", "table:supply"), ("tabel:supply", "table:supply"), ("indicator:", ""), ("supply", ""), ("scenarios:base", "scenario:base"), ("x:y", ""),
])
def test_what_cannot_carry_a_clause_is_named(tmp_path, carrier, meant):
    rows = [CLAUSES[0] | {"carried_by": f"option:a;{carrier}"}]
    assert checked(tmp_path, "", rows) == [("clause_carrier", "clauses.csv", 2, "carried_by", meant)]


CHANGE = '[[change]]\ntable = "supply"\n'
NEW = "add = { commodity = 'metal', site = 'xipeng', price = 1 }\n"
LOCK = '[[lock]]\nsite = "xipeng"\n'
KEY = "supply.commodity, site, tier, period"
FLAWS = [
    ("scenario_syntax", "data = \n", 1, "", ""),
    ("scenario_syntax", '[title]\nzh = "a"\nzh = "b"\n', 3, "", ""),
    ("scenario_key", 'dta = "x"\n', 1, "dta", "data"),
    ("scenario_key", 'title = { zh = "甲", ne = "a" }\n', 1, "title.ne", "en"),
    ("scenario_key", "[solver]\nmipgap = 1\n", 2, "solver.mipgap", "mip_gap"),
    ("scenario_key", f"{CHANGE}set = {{ prize = 1 }}\n", 3, "change[1].set.prize", "price"),
    ("scenario_key", f"{CHANGE}where = {{ sit = 'a' }}\nset = {{ price = 1 }}\n", 3, "change[1].where.sit", "site"),
    ("scenario_key", f"{LOCK}tech = 'a'\nstate = 'required'\n", 3, "lock[1].tech", "technology"),
    ("scenario_unknown_table", '[[change]]\ntable = "suply"\nset = { price = 1 }\n', 2, "change[1].table", "supply"),
    ("change_table_absent", '[[change]]\ntable = "lanes"\nscale = { unit_cost = 2 }\n', 2, "change[1].table", ""),
    ("scenario_text", "data = 3\n", 1, "data", ""),
    ("scenario_text", "title = { zh = 3 }\n", 1, "title.zh", ""),
    ("scenario_key", 'question = { zh = "甲", ne = "a" }\n', 1, "question.ne", "en"),
    ("scenario_text", "data = 'x'\n[question]\nen = ['a']\n", 3, "question.en", ""),
    ("scenario_table", "question = 5\n", 1, "question", ""),
    ("scenario_key", "clause = ['A-1']\n", 1, "clause", "clauses"),
    ("scenario_names", "\nclauses = 'A-1'\n", 2, "clauses", ""),
    ("scenario_names", "clauses = ['A-1', 3]\n", 1, "clauses", ""),
    ("scenario_names", "clauses = ['']\n", 1, "clauses", ""),
    ("scenario_table", "solver = 3\n", 1, "solver", ""),
    ("scenario_array", "change = 3\n", 1, "change", ""),
    ("scenario_number", "[objective]\nweights = { carbon = 'a' }\n", 2, "objective.weights.carbon", ""),
    ("scenario_number", f"{CHANGE}scale = {{ price = nan }}\n", 3, "change[1].scale.price", ""),
    ("scenario_range", "[solver]\nmip_gap = 2\n", 2, "solver.mip_gap", ""),
    ("scenario_whole", "[solver]\nthreads = 1.5\n", 2, "solver.threads", ""),
    ("scenario_choice", "[solver]\nsolver = 'ipm'\n", 2, "solver.solver", "ipx"),
    ("scenario_choice", "[objective]\nsense = 'costs'\n", 2, "objective.sense", "cost"),
    ("scenario_choice", f"{LOCK}state = 'require'\n", 3, "lock[1].state", "required"),
    ("scenario_both", "[objective]\nsense = 'cost'\nweights = { cost = 1 }\n", 1, "objective", ""),
    ("change_action", f"{CHANGE}\n", 1, "change[1]", ""),
    ("change_action", f"{CHANGE}set = {{ price = 1 }}\nremove = true\n", 1, "change[1]", ""),
    ("where_unknown", f"{CHANGE}where = {{ site = '西澎' }}\nset = {{ price = 1 }}\n", 3, "change[1].where.site", "xipeng"),
    ("where_unknown", f"{CHANGE}where = {{ price = 99 }}\nset = {{ price = 1 }}\n", 3, "change[1].where.price", ""),
    ("where_no_row", f"{CHANGE}where = {{ site = 'xipeng', tier = 'b' }}\nremove = true\n", 3, "change[1].where", ""),
    ("scale_text", f"{CHANGE}scale = {{ site = 2 }}\n", 3, "change[1].scale.site", ""),
    ("scale_blank", f"{CHANGE}where = {{ site = 'meishan' }}\nscale = {{ max = 2 }}\n", 4, "change[1].scale.max", ""),
    ("not_a_number", f"{CHANGE}set = {{ price = 'dear' }}\n", 3, "change[1].set.price", ""),
    ("not_finite", f"{CHANGE}set = {{ price = inf }}\n", 3, "change[1].set.price", ""),
    ("too_low", f"{CHANGE}set = {{ max = -1 }}\n", 3, "change[1].set.max", ""),
    ("too_low", f"{CHANGE}where = {{ site = 'xipeng' }}\nscale = {{ max = -1 }}\n", 4, "change[1].scale.max", ""),
    ("absurd_magnitude", f"{CHANGE}scale = {{ price = 1e12 }}\n", 3, "change[1].scale.price", ""),
    ("blank_number", f"{CHANGE}set = {{ price = '' }}\n", 3, "change[1].set.price", ""),
    ("bad_id", f"{CHANGE}set = {{ tier = '{{{{x' }}\n", 3, "change[1].set.tier", "x"),
    ("missing_column", f"{CHANGE}add = {{ commodity = 'ore', site = 'xipeng' }}\n", 3, "change[1].add.price", ""),
    ("unknown_reference", f"{CHANGE}add = {{ commodity = 'ores', site = 'xipeng', price = 1 }}\n", 3, "supply.commodity", "ore"),
    ("add_exists", f"{CHANGE}add = {{ commodity = 'ore', site = '西彭', tier = 'a', price = 1 }}\n", 3, "change[1].add", ""),
    ("add_exists", f"{CHANGE}add = {{ commodity = 'ore', site = 'xipeng', tier = 'a' }}\n", 3, "change[1].add", ""),
    ("add_exists", f"{CHANGE}{NEW}{CHANGE}{NEW}", 6, "change[2].add", ""),
    ("duplicate_key", f"{CHANGE}where = {{ site = 'meishan' }}\nset = {{ tier = 'c' }}\n", 4, KEY, ""),
    ("add_incomplete", f"{CHANGE}add = {{ price = 0.05 }}\n", 3, "change[1].add", ""),
    ("add_with_where", f"{CHANGE}where = {{ site = 'xipeng' }}\nadd = {{ price = 0.05 }}\n", 3, "change[1].where", ""),
    ("floor_above_ceiling", '[[change]]\ntable = "demand"\nset = { min = 30 }\n', 3, "demand.min", ""),
    ("money_pump", f"{CHANGE}where = {{ tier = 'b' }}\nset = {{ price = -1 }}\n", 4, "supply.price", ""),
    ("lock_site", '[[lock]]\nstate = "excluded"\n', 1, "lock[1]", ""),
    ("lock_site", f"{LOCK}park = 'x'\nstate = 'excluded'\n", 1, "lock[1]", ""),
    ("lock_size_negative", f"{LOCK}state = 'fixed'\nsize = -100\n", 4, "lock[1].size", ""),
    ("lock_size", f"{LOCK}state = 'fixed'\n", 1, "lock[1].size", ""),
    ("lock_size", f"{LOCK}state = 'excluded'\nsize = 3\n", 4, "lock[1].size", ""),
    ("lock_conflict", f"{LOCK}state = 'excluded'\n{LOCK}state = 'required'\nsize = 1\n", 4, "lock[2]", ""),
    ("scenario_base_missing", 'base = "bsae.toml"\n', 1, "base", "base.toml"),
    ("scenario_cycle", 'base = "case.toml"\n', 1, "base", ""),
]


@pytest.mark.parametrize(("rule", "text", "line", "path", "suggestion"), FLAWS)
def test_one_flaw_is_located(tmp_path, rule, text, line, path, suggestion):
    (tmp_path / "base.toml").write_text("", encoding="utf-8")
    _, _, problems = applied(tmp_path, text)
    assert (rule, "case.toml", line, path, suggestion) in located(problems)


def texts(folder: Path, text: str) -> list[str]:
    return [problem.text("en") for problem in applied(folder, text)[2].errors]


def test_who_wants_to_add_to_a_number_is_told_how(tmp_path):
    """One sentence each, and nothing of columns that the row lacks."""
    assert texts(tmp_path, f"{CHANGE}add = {{ price = 0.05 }}\n") == [
        "case.toml:3:change[1].add: add makes a new row, and this one lacks commodity, site; to change price of rows that exist pick them "
        "by where (commodity, site) and write set (the new value) or scale (a factor)",
    ]
    assert texts(tmp_path, f"{CHANGE}where = {{ site = 'xipeng' }}\nadd = {{ price = 0.05 }}\n") == [
        "case.toml:3:change[1].where: add makes a new row and takes no where; to change price of the rows picked write set (the new value) or scale "
        "(a factor)",
    ]
    assert texts(tmp_path, f"{CHANGE}add = {{ commodity = 'ore', site = 'xipeng', tier = 'a', price = 1 }}\n") == [
        "case.toml:3:change[1].add: this row stands already in line 2 of supply.csv; add makes new rows only: to change price of it write "
        'where = { commodity = "ore", site = "xipeng", tier = "a", period = "*" } and set (the new value) or scale (a factor)',
    ]


def test_a_size_below_zero_is_told_once(tmp_path):
    for state in ("fixed", "required", "excluded"):
        assert [rule for rule, *_ in located(applied(tmp_path, f"{LOCK}state = '{state}'\nsize = -100\n")[2])] == ["lock_size_negative"]


def test_what_stands_already_hides_no_other_mistake(tmp_path):
    text = f"{CHANGE}add = {{ commodity = 'ore', site = 'xipeng', tier = 'a', price = 1 }}\n{CHANGE}where = {{ tier = 'z' }}\nset = {{ price = 2 }}\n"
    assert [rule for rule, *_ in located(applied(tmp_path, text)[2])] == ["add_exists", "where_unknown"]


def test_what_is_refused_already_is_looked_at_further(tmp_path):
    """A wrong value, an unknown action, a cell nobody has and a row that stands there: all at once, each once."""
    text = f"""{CHANGE}where = {{ site = '西澎' }}
set = {{ prise = 1 }}
{CHANGE}where = {{ tier = 'z', price = 'dear' }}
{CHANGE}where = {{ site = 'nobody' }}
add = {{ price = 1 }}
"""
    assert [(rule, line) for rule, _, line, _, _ in located(applied(tmp_path, text)[2])] == [
        ("where_unknown", 3), ("scenario_key", 4), ("change_action", 5), ("not_a_number", 7), ("where_unknown", 7), ("add_with_where", 10), ("where_unknown", 10),
    ]


def test_nothing_is_said_of_rows_that_a_refused_row_would_bring(tmp_path):
    text = f"{CHANGE}add = {{ commodity = 'metal', site = 'xipeng', tier = 'q' }}\n{CHANGE}where = {{ tier = 'q' }}\nset = {{ price = 2 }}\n"
    assert [rule for rule, *_ in located(applied(tmp_path, text)[2])] == ["missing_column"]


def test_a_circle_of_bases_is_found(tmp_path):
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.toml").write_text(f'base = "{base}.toml"\n', encoding="utf-8")
    problems = Problems()
    load(tmp_path / "a.toml", problems)
    assert [(problem.rule, problem.file) for problem in problems.errors] == [("scenario_cycle", "c.toml")]
    assert problems.errors[0].value == "a.toml → b.toml → c.toml → a.toml"


def test_a_missing_scenario_is_refused(tmp_path):
    with pytest.raises(Refusal) as refused:
        load(tmp_path / "none.toml", Problems())
    assert (refused.value.code, refused.value.problems[0].rule) == (ExitCode.FILES, "scenario_missing")
    assert "none.toml" in refused.value.problems[0].text("zh")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00\x01", b"a = " + b"[" * 5000, "标题 = 1".encode("gb18030")])
def test_files_that_are_no_toml_are_reported(tmp_path, data):
    (tmp_path / "case.toml").write_bytes(data)
    problems = Problems()
    load(tmp_path / "case.toml", problems)
    assert problems.errors


ANYTHING = st.recursive(
    st.integers(-3, 10**20) | st.floats() | st.booleans() | st.sampled_from(["", "xipeng", "supply", "price", "*", "excluded", "smelt", "x{{"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["site", "price", "tier", "zh", "cost"]), inner, max_size=2),
    max_leaves=4,
)


def toml_of(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml_of(cell)}" for key, cell in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_of, value)) + "]"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else repr(value)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    whole=st.dictionaries(st.sampled_from(["data", "title", "question", "clauses", "lock", "change", "objective", "solver", "dta"]), ANYTHING, max_size=3),
    change=st.dictionaries(st.sampled_from(["where", "set", "scale", "add", "remove"]), ANYTHING, max_size=2),
    lock=st.dictionaries(st.sampled_from(["site", "park", "technology", "state", "size"]), ANYTHING, max_size=4),
)
def test_any_toml_is_reported_never_raised(tmp_path, whole, change, lock):
    lines = [f"{key} = {toml_of(value)}" for key, value in whole.items()]
    for name, keys in (("change", {"table": "supply", **change}), ("lock", {"site": "xipeng", **lock})):
        lines += [] if name in whole else [f"[[{name}]]", *(f"{key} = {toml_of(value)}" for key, value in keys.items())]
    tables, _, problems = applied(tmp_path, "\n".join(lines))
    assert not any(problem.rule == "scenario_syntax" for problem in problems)
    scenario, _ = scenario_of(tmp_path, "\n".join(lines))
    apply_locks(scenario, tables, problems)
    located(problems)


def test_the_second_of_two_headings_is_found_by_its_line(tmp_path):
    text = f"{CHANGE}[change.set]\nprice = 1\n\n[[change]]\ntable = 'supply'\nset = {{ prise = 1 }}\n"
    _, _, problems = applied(tmp_path, text)
    assert located(problems) == [("scenario_key", "case.toml", 8, "change[2].set.prise", "price")]


def test_the_resolved_scenario_says_the_same_and_names_origins(tmp_path):
    scenario_of(tmp_path, 'data = "chuanyu"\n[[change]]\ntable = "supply"\nwhere = { site = ["西彭"] }\nscale = { price = 1.1 }\n', "root.toml")
    text = """base = "root.toml"
title = { zh = "引号\\"与\\n换行", en = "x" }
question = { zh = "“谁”停?", en = "who \\"stops\\"?" }
clauses = ["A-1", "条款二"]
[objective]
weights = { cost = 0.5, "碳 排" = 2 }
[solver]
time_limit = 60
[[change]]
table = "supply"
add = { commodity = "metal", site = "market", price = 7, max = "", note = "tab\\there" }
[[change]]
table = "supply"
where = { tier = "b" }
remove = true
[[lock]]
site = "眉山"
technology = "smelt"
state = "fixed"
size = 12.5
"""
    scenario, problems = scenario_of(tmp_path, text)
    changes: Changes = []
    tables = apply(scenario, world(), problems, changes)
    written = resolved_toml(scenario, changes)
    again, more = scenario_of(tmp_path, written, "again.toml")
    assert located(problems) == located(more) == []
    assert (again.data, again.title, again.objective, again.solver) == (scenario.data, scenario.title, scenario.objective, scenario.solver)
    assert (again.question, again.clauses) == (scenario.question, scenario.clauses) == ({"zh": "“谁”停?", "en": 'who "stops"?'}, ("A-1", "条款二"))
    assert [(lock.site, lock.technology, lock.state, lock.size) for lock in again.locks] == [("眉山", "smelt", "fixed", 12.5)]
    same = apply(again, world(), more)
    for name, table in tables.items():
        left, right = (frame_.drop(columns=["_file", "_row"]) for frame_ in (table, same[name]))
        assert left.equals(right)
    assert "root.toml:2" in written
    assert "# supply | commodity=ore, site=xipeng, tier=a | price | 3 -> 3.3 | scale root.toml:2 | supply.csv:2" in written


def test_a_plain_title_stands_for_both_languages(tmp_path):
    problems = Problems()
    (tmp_path / "s.toml").write_text('title = "便宜的电"\nquestion = "还搬吗?"\n', encoding="utf-8")
    scenario = load(tmp_path / "s.toml", problems)
    assert not problems.errors and (scenario.title, scenario.question) == ({"zh": "便宜的电", "en": "便宜的电"}, {"zh": "还搬吗?", "en": "还搬吗?"})
