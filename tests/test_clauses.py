"""Every clause of both documents is in the table once, and what it names exists, is used and moves what is reported."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest
from runs import ROOT, command_line, dataset, quiet, solved

from maps.page import SECTIONS
from model import arguments, pipeline, words
from model.case.structure import TERM_FAMILIES
from model.expand.chain import expand_all
from model.explore.clauses import SWITCHES, scoreboard
from model.explore.written_clauses import STATUSES, lines, read_scoreboard
from model.opening import open_scenario
from model.output import write_run
from model.problems import ExitCode, Problems, Refusal
from model.reading import read
from model.results import indicator_values
from model.scenario import Scenario, apply, load
from model.schema import ALL_TABLES
from model.schema.policy import CARRIERS, NOT_MODELLED
from model.schema.spec import PROVENANCE, listed
from model.tables import FILE, ROW, Dataset

run_py = command_line()
# paragraphs and their parts, as the two documents are counted: 53 clauses of 2023 and 52 of 2016
PARTS = {
    "CY2023": "0 1.1:ab 1.2:abcd 2.1:abcd 2.2:abcde 2.3:abcdef 2.4:abc 2.5:abcd 2.6:abcdefghij 2.7:abcd 3.1 3.2:ab 3.3:abcde 3.4:ab",
    "CQ2016": "0 1 2:abcd 3:abcdefg 4:abcd 5:abcdef 6:abcdef 7:abc 8:abc 9:ab 10:abc 11 12:ab 13 14:abcd 15:abcd",
}
IGNORED = [column.name for column in PROVENANCE] + [FILE, ROW]


def all_ids() -> list[str]:
    ids = []
    for document, parts in PARTS.items():
        for part in parts.split():
            number, _, letters = part.partition(":")
            ids += [f"{document}-{number}-{letter}" for letter in letters] or [f"{document}-{number}"]
    return ids


@cache
def tables():
    problems = Problems()
    found = read(ROOT / "data" / "chuanyu", problems).tables
    assert problems.errors == ()
    return found


@cache
def scenarios() -> dict[str, Scenario]:
    return {path.stem: load(path, Problems()) for path in sorted((ROOT / "scenarios").glob("*.toml"))}


def mappings() -> list[tuple[str, str, str]]:
    """Clause, kind and name of every carrier."""
    rows = tables()["clauses"].to_dict("records")
    return [(row["clause"], *carrier.split(":", 1)) for row in rows for carrier in listed(row["carried_by"])]


def named(kind: str) -> set[str]:
    return {name for _, each, name in mappings() if each == kind}


# ---- the table itself


def test_every_clause_stands_in_the_table_once_and_in_order():
    assert len(all_ids()) == 105
    assert list(tables()["clauses"]["clause"]) == all_ids()
    assert (tables()["clauses"]["clause"].str.split("-").str[0] == tables()["clauses"]["document"]).all()


def test_every_clause_is_told_in_both_languages_with_its_source():
    table = tables()["clauses"]
    for column in ("text_zh", "text_en", "section", "source", "grade"):
        assert (table[column] != "").all(), column
    assert table["text_zh"].map(lambda text: bool(re.search("[\u4e00-\u9fff]", text))).all()
    assert not table["text_en"].map(lambda text: bool(re.search("[\u4e00-\u9fff]", text))).any()
    assert (table["source"] == table["document"].map({"CY2023": "S01", "CQ2016": "S02"})).all()


def test_what_is_not_modelled_has_a_reason_and_everything_else_a_carrier():
    for row in tables()["clauses"].to_dict("records"):
        assert bool(row["reason_zh"]) == bool(row["reason_en"]), row["clause"]
        if row["treatment"] == NOT_MODELLED:
            assert row["reason_zh"] and not row["carried_by"], row["clause"]
        else:
            assert row["carried_by"], row["clause"]


def test_carriers_are_named_once_per_clause_and_well_formed():
    assert len(set(mappings())) == len(mappings())
    assert {kind for _, kind, _ in mappings()} == set(CARRIERS)


def test_every_clause_named_anywhere_is_in_the_table():
    known = set(all_ids())
    for name, table in tables().items():
        if "clause" in table and name != "clauses":
            assert set(table["clause"]) - {""} <= known, name
    texts = [path.read_text(encoding="utf-8") for folder in ("scenarios", "data/chuanyu") for path in sorted((ROOT / folder).glob("*.*"))]
    found = set(re.findall(r"\b(?:CY2023|CQ2016)-[0-9.]*[0-9](?:-[a-z])?\b", "\n".join(texts)))
    assert found <= known


# ---- what it names exists


def test_scenarios_and_clauses_name_each_other():
    """A scenario lists the clauses it is about, and each of them lists the scenario; the base carries everything anyway."""
    mapped = {(clause, name) for clause, kind, name in mappings() if kind == "scenario"}
    told = {(clause, name) for name, scenario in scenarios().items() if name != "base" for clause in scenario.clauses}
    assert mapped == told


def test_sections_of_the_report_exist():
    assert named("report") <= set(SECTIONS)


def test_options_exist_and_are_columns_of_the_base(base_run):
    columns = base_run.results.case.columns["size"]["option"]
    for name in sorted(named("option")):
        assert (columns.str.startswith(name[:-1]) if name.endswith("*") else columns == name).any(), name


# ---- what it names is used


def carried_rows() -> list[tuple[str, str]]:
    """Tables with the clause whose rows carry it, "" where the whole table does; read plainly, so that collecting needs no sound data."""
    raw = {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in (ROOT / "data" / "chuanyu").glob("*.csv")}
    found = set()
    for row in raw["clauses"].to_dict("records"):
        for carrier in listed(row["carried_by"]):
            kind, _, name = carrier.partition(":")
            if kind == "table":
                own = name in raw and "clause" in raw[name] and (raw[name]["clause"] == row["clause"]).any()
                found.add((name, row["clause"] if own else ""))
    return sorted(found)


# where the base switches the swap off, its rules change nothing; they are looked at where it is on
CONTEXT = {"swap_pools": "swap", "swap_rules": "swap", "quota_lines": "swap", "new_potlines": "swap"}


@cache
def context(name: str) -> dict[str, pd.DataFrame]:
    dataset = Dataset("chuanyu", ROOT / "data" / "chuanyu", tables())
    return apply(scenarios()[name], dataset, Problems())


def expanded(around: str, **changed: pd.DataFrame) -> dict[str, pd.DataFrame]:
    core = expand_all(context(around) | changed, Problems())
    return {name: table.drop(columns=IGNORED) for name, table in core.items()}


@cache
def undisturbed(around: str) -> dict[str, pd.DataFrame]:
    return expanded(around)


def disturbances(table: pd.DataFrame, name: str, rows: pd.Series) -> Iterator[pd.DataFrame]:
    """The table with the switches of its rows turned, or all their numbers 3 % lower, then without the rows, then number by number."""
    numbers = [spec.name for spec in ALL_TABLES[name].columns if spec.kind == "number"]
    switches = [column for column in (*SWITCHES, "allowed") if column in numbers]
    yield table.assign(**{column: table[column].where(~rows, 1.0 - table[column]) for column in switches} if switches else lowered(table, rows, numbers))
    yield table[~rows].reset_index(drop=True)
    yield from (table.assign(**lowered(table, rows, [column])) for column in numbers)


def lowered(table: pd.DataFrame, rows: pd.Series, columns: list[str]) -> dict[str, pd.Series]:
    return {column: table[column].where(~rows, table[column] * 0.97) for column in columns}


@pytest.mark.parametrize(("name", "clause"), carried_rows())
def test_a_change_of_a_carrying_row_changes_the_core_tables(name, clause):
    around = CONTEXT.get(name, "base")
    table, plain = context(around)[name], undisturbed(around)
    rows = table["clause"] == clause if clause else pd.Series(True, index=table.index)
    cores = (expanded(around, **{name: changed}) for changed in disturbances(table, name, rows))
    assert any(set(core) != set(plain) or not all(core[each].equals(plain[each]) for each in core) for core in cores)


def doubled(case, indicators):
    """The case with the coefficients of ``indicators`` twice as large."""
    relations = dict(case.relations)
    for family in TERM_FAMILIES:
        table = relations[f"term_{family}"]
        relations[f"term_{family}"] = table.assign(coefficient=table["coefficient"].where(~table["indicator"].isin(indicators), table["coefficient"] * 2))
    table = relations["constant"]
    relations["constant"] = table.assign(amount=table["amount"].where(~table["indicator"].isin(indicators), table["amount"] * 2))
    return dataclasses.replace(case, relations=relations)


def reported(case, values) -> pd.Series:
    return indicator_values(case, values).set_index(["indicator", "group"])["value"]


@pytest.mark.parametrize("plan", ["base", "everything runs"])
def test_coefficients_of_carrying_indicators_are_what_is_reported(base_run, plan):
    """Value = Σ coefficient × column: twice the coefficients, twice the value.

    In a plan where every column runs, so that no term hides behind a zero; and in the base itself for what is not 0 there.
    """
    case, values = base_run.results.case, base_run.results.values
    if plan != "base":
        chance = np.random.default_rng(1)
        values = {family: table.assign(value=chance.uniform(1.0, 2.0, len(table))) for family, table in values.items()}
    plain = reported(case, values)
    carried = {name for name in plain.index.get_level_values(0) for mapped in named("indicator") if mapped in (name, f"{name[:len(mapped) - 1]}*")}
    assert {name for name in named("indicator") if not name.endswith("*")} <= carried
    assert any(name.startswith("swap_") for name in carried)
    after = reported(doubled(case, carried), values)  # what a ratio is divided by has terms of its own, which stay
    for name in sorted(carried):
        moved = plain[name][plain[name].abs() > 1e-6]
        assert after[name][moved.index].to_numpy() == pytest.approx(2.0 * moved.to_numpy()), name
        assert plan == "base" or len(moved) == len(plain[name]), name


# nothing may open or close, no potline is at the benchmark, and in a normal year no power crosses on top of the city's own imports
IDLE = {"swap_region", "at_benchmark", "tie_sichuan_chongqing", "tie_chongqing_sichuan"}


def test_which_carrying_indicators_are_zero_in_the_base(base_run):
    plain = reported(base_run.results.case, base_run.results.values)
    exact = {name for name in named("indicator") if not name.endswith("*")}
    assert {name for name in exact | {"swap_region"} if (plain[name].abs() <= 1e-6).all()} == IDLE


# ---- the scoreboard by hand

TOY = {
    "periods": "period | stage | length\nh1 | y | 0.5\nh2 | y | 0.5",
    "supply": "commodity | site | price\niron | mine | 3",
    "lanes": "commodity | from | to | unit_cost\niron | mine | town | 1",
    "demand": "commodity | site | min | max | price\niron | town | 4 | 4 | 0",
    "options": "option | variable_cost | max_size\nyard | 7 | 9\nshut | 1 | 0",
    "option_effects": "option | unit | site | per_size\nyard | u | town | 1\nshut | u | town | 1",
    # 4 t are moved: 6 short of 10, well under 5; 2 t in each half year, whose floor is 12 × 0.5 = 6
    "indicators": (
        "indicator | name_zh | name_en | unit | min | max | scope | per | relax_price\n"
        "moved | 运量 | Moved | t | 10 | - | stage | - | 0\nkept | 限量 | Kept | t | - | 5 | stage | - | -\ntold | 只报 | Told | t | - | - | stage | - | -\n"
        "halves | 半年 | Halves | t | 12 | - | period | - | 0\nbuilt | 建成 | Built | t | 2 | - | stage | - | -\nnever | 无 | Never | share | 1 | - | stage | empty | 0\n"
        "empty | 空 | Empty | t | - | - | stage | - | -"
    ),
    "indicator_terms": "indicator | kind | a | coefficient\n"
    + "\n".join(f"{name} | flow | iron | 1" for name in ("moved", "kept", "told", "halves", "never")) + "\nbuilt | size | yard | 1\nempty | size | shut | 1",
    "clauses": (
        "clause | document | section | text_zh | text_en | treatment | carried_by | reason_zh | reason_en\n"
        "A-1 | A | 1 | 多运 | Move more | constraint | indicator:moved;indicator:kept;indicator:halves | - | -\n"
        "A-2 | A | 1 | 少运 | Move little | constraint | indicator:kept;scenario:other | - | -\n"
        "A-3 | A | 2 | 告知 | Tell | report | indicator:told;report:plan | - | -\n"
        "A-4 | A | 2 | 另情景 | Elsewhere | scenario | scenario:other;indicator:told;option:sh*;table:stocks | - | -\n"
        "A-5 | A | 3 | 写诗 | Write poems | not_modelled | - | 无法计量 | cannot be counted\n"
        "A-6 | A | 3 | 建场 | Build a yard | project | option:yard;indicator:never | - | -\n"
        "A-7 | A | 3 | 矿山 | The mine | parameter | table:supply;indicator:gone | - | -\n"
        "A-8 | A | 4 | 全部 | All of them | constraint | indicator:m*;indicator:k* | - | -"
    ),
}


def toy(folder):
    return dataset(folder / "data", **TOY)


def test_statuses_worked_out_by_hand(tmp_path):
    board = scoreboard(solved(toy(tmp_path)))
    rows = board.clauses.set_index("clause")
    assert dict(rows["status"]) == {
        "A-1": "missed", "A-2": "met", "A-3": "carried", "A-4": "elsewhere", "A-5": "not_modelled", "A-6": "carried", "A-7": "carried", "A-8": "missed",
    }
    # halves misses 4 of 6 in each half year, moved 6 of 10: the larger share is named
    assert (rows.loc["A-1", "indicator"], rows.loc["A-1", "unit"], rows.loc["A-1", "missed_by"]) == ("halves", "t", pytest.approx(4.0))
    assert (rows.loc["A-8", "indicator"], rows.loc["A-8", "missed_by"]) == ("m*", pytest.approx(6.0))
    assert rows["missed_by"].notna().sum() == 2


def test_carriers_worked_out_by_hand(tmp_path):
    carriers = scoreboard(solved(toy(tmp_path))).carriers
    halves = carriers[(carriers["clause"] == "A-1") & (carriers["carrier"] == "indicator:halves")]
    assert list(halves["group"]) == ["h1", "h2"]
    assert halves[["value", "min", "missed_by"]].to_numpy() == pytest.approx(np.array([[2.0, 6.0, 4.0], [2.0, 6.0, 4.0]]))
    states = {(row["clause"], row["carrier"]): (row["state"], row["value"]) for row in carriers.to_dict("records")}
    assert states["A-2", "indicator:kept"] == ("met", pytest.approx(4.0))
    assert states["A-3", "report:plan"][0] == "shown"
    assert states["A-4", "option:sh*"] == ("off", 0.0) and states["A-4", "table:stocks"] == ("off", 0.0)
    assert states["A-6", "option:yard"] == ("on", pytest.approx(2.0))  # the floor of ``built``
    assert states["A-6", "indicator:never"][0] == "value" and np.isnan(states["A-6", "indicator:never"][1])  # a ratio to nothing judges nothing
    assert states["A-7", "table:supply"] == ("on", 1.0) and states["A-7", "indicator:gone"][0] == "off"


def test_a_scenario_that_carries_a_clause_is_known_by_its_file_or_that_of_its_base(tmp_path):
    folder = toy(tmp_path)
    (tmp_path / "other.toml").write_text("", encoding="utf-8")
    (tmp_path / "leaf.toml").write_text('base = "other.toml"\n', encoding="utf-8")
    for name in ("other", "leaf"):
        run = pipeline.run(load(tmp_path / f"{name}.toml", Problems()), folder, quiet)
        assert scoreboard(run).clauses.set_index("clause").loc["A-4", "status"] == "carried"


def test_switched_off_rows_do_not_count(tmp_path):
    """A row of ``warehouses`` with in_use 0 takes no part; of three rows one clause names two, of which one is on."""
    frame = tables()["outages"]
    run = solved(toy(tmp_path))
    evidence = {"outages": frame.assign(clause=["A-4", "A-4", "A-3"], in_use=[1.0, 0.0, 1.0])}
    clauses = run.prepared.tables["clauses"].assign(carried_by=["", "", "", "table:outages", "", "", "table:outages", ""])
    prepared = dataclasses.replace(run.prepared, tables=run.prepared.tables | evidence | {"clauses": clauses})
    carriers = scoreboard(dataclasses.replace(run, prepared=prepared)).carriers
    assert list(carriers["value"]) == [1.0, 2.0]  # A-7 has no row of its own: the whole table


def test_a_dataset_without_clauses_has_an_empty_scoreboard(tmp_path):
    board = scoreboard(solved(dataset(tmp_path / "bare", **{name: text for name, text in TOY.items() if name != "clauses"})))
    assert len(board.clauses) == len(board.carriers) == 0
    assert lines(board, "en") == [words.text("clauses.none", "en")]


# ---- the command


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The toy solved and written once."""
    folder = tmp_path_factory.mktemp("clauses")
    write_run(solved(toy(folder)), folder / "out", lambda run, draft: None)
    return folder / "out"


def test_the_command_tells_the_missed_first_and_whole_and_the_others_in_a_line(written, capsys):
    assert run_py.main(["clauses", str(written), "--lang", "en"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "8 policy clauses: met 1 · missed 2 · in the plan (names no figure) 3 · not in this scenario 1 · not modelled 1"
    assert said[1] == "A-1  [missed by 4 t]  Move more"
    assert "    indicator moved Moved: y 4 t (≥ 10), missed by 6" in said
    assert [line.split()[0] for line in said if line.startswith("A-")] == ["A-1", "A-8", "A-2", "A-3", "A-6", "A-7", "A-4", "A-5"]
    rest = said[said.index("A-2  [met]  Move little") + 1:]
    assert [line for line in rest if line.startswith("    ")] == ["    reason: cannot be counted"]
    assert said[-1] == "everything that carries the clauses of one kind: --status met, missed, carried, elsewhere, not_modelled"
    assert run_py.main(["clauses", str(written), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "A-1  [差 4 t]  多运" in said and "    原因:无法计量" in said
    assert set(read_scoreboard(written).clauses["status"]) == set(STATUSES)


def test_one_status_or_several_with_everything_that_carries_them(written, capsys):
    assert run_py.main(["clauses", str(written), "--lang", "en", "--status", "carried"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said if line.startswith("A-")] == ["A-3", "A-6", "A-7"]
    assert "    indicator never Never: y none share" in said and "--status" not in said[-1]
    assert run_py.main(["clauses", str(written), "--lang", "en", "--status", "met", "--status", "not_modelled"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said if line.startswith("A-")] == ["A-2", "A-5"]


def test_the_command_line_knows_every_status():
    assert arguments.STATUSES == STATUSES
    with pytest.raises(SystemExit):
        arguments.parser().parse_args(["clauses", "out", "--status", "lost"])


def test_a_folder_without_a_scoreboard_is_refused(tmp_path):
    with pytest.raises(Refusal) as refused:
        read_scoreboard(tmp_path)
    assert refused.value.code is ExitCode.FILES


def test_every_state_has_words():
    for language in words.LANGUAGES:
        for status in STATUSES:
            assert words.text(f"clauses.status_{status}", language, amount=1, unit="t") and words.text(f"clauses.count_{status}", language)
        assert all(words.text(f"clauses.kind_{kind}", language) for kind in CARRIERS)


# ---- the shipped base


def test_the_scoreboard_of_the_base(base_run):
    board = scoreboard(base_run)
    status = board.clauses.set_index("clause")["status"]
    assert len(status) == 105
    assert status["CQ2016-3-b"] == "met"  # every potline of the base runs at capacity, above 85 %
    assert status["CQ2016-4-b"] == "met"  # nothing new, nothing closed
    assert status["CY2023-1.2-b"] == "missed"  # 400 bn yuan is more than the modelled chain can sell for
    value = float(base_run.results.indicators.set_index("indicator").loc["output_value", "value"])
    assert board.clauses.set_index("clause").loc["CY2023-1.2-b", "missed_by"] == pytest.approx(400000.0 - value)
    for clause in ("CQ2016-14-b", "CY2023-1.1-b", "CY2023-2.2-d", "CY2023-3.3-c"):  # direct trade, separate plans, pacts, inner loop
        assert status[clause] == "elsewhere", clause
    assert set(status.index[status == NOT_MODELLED]) == set(tables()["clauses"].query("treatment == 'not_modelled'")["clause"])


def test_what_is_off_in_the_base_is_on_in_its_scenario():
    scenario, data = open_scenario("direct_trading", None, ROOT, {})
    prepared = pipeline.prepare(scenario, data, pipeline.Clock(quiet))
    assert (prepared.tables["direct_trades"]["in_use"] > 0).any()
    assert "CQ2016-14-b" in scenario.clauses
