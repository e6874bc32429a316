"""A plan read back from its run folder is the plan that was solved; what is no run, or a damaged one, is refused with its place."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
from duo import place
from runs import ROOT, command_line, quiet

from model import pipeline
from model.explore.clauses import scoreboard
from model.explore.compare import compare
from model.explore.comparison_facts import tables
from model.explore.comparison_lines import lines
from model.explore.reloading import Candidate, candidate, reloaded
from model.opening import open_scenario
from model.output import provenance, write_run
from model.problems import ExitCode, Refusal


@pytest.fixture(scope="module")
def duo(tmp_path_factory):
    return place(tmp_path_factory.mktemp("duo"))


@pytest.fixture(scope="module")
def folder(duo):
    """The scenario with growth, solved and written."""
    data, files = duo
    run = pipeline.run(*open_scenario(str(files["grown"]), data, ROOT, {}), quiet)
    write_run(run, data.parent / "done", lambda run, draft: None)
    return data.parent / "done"


@pytest.fixture
def copied(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def refusal(folder) -> Refusal:
    with pytest.raises(Refusal) as caught:
        reloaded(folder)
    return caught.value


def test_a_folder_and_its_scenario_give_the_same_comparison(duo, folder):
    data, files = duo
    plain = candidate(str(files["plain"]), data, ROOT, {}, quiet)
    solved, read = candidate(str(files["grown"]), data, ROOT, {}, quiet), candidate(str(folder), None, ROOT, {}, quiet)
    first, second = compare([plain, solved]), compare([plain, read])
    for language in ("zh", "en"):
        assert lines(first, language) == lines(second, language)
    for name, table in tables(first, None).items():
        pd.testing.assert_frame_equal(table, tables(second, None)[name], check_exact=False, rtol=1e-9, atol=1e-9)


def test_a_plan_beside_its_own_folder_differs_in_nothing(duo, folder):
    data, files = duo
    found = compare([candidate(str(files["grown"]), data, ROOT, {}, quiet), reloaded(folder)])
    assert lines(found, "en")[-2:] == ["no difference of inputs.", "no difference of results."]


def test_what_a_folder_says_of_itself(folder):
    one = reloaded(folder)
    assert (one.name, one.unit) == ("grown", "money")
    assert one.title == {"zh": "grown(数据集 data)", "en": "grown (dataset data)"}  # not the dataset that the scenario names
    scenario = one.plan.prepared.scenario
    assert scenario.chain == ("plain.toml", "grown.toml")  # base first
    assert one.plan.results.objective == pytest.approx(-83)
    assert all(check.passed for check in one.plan.results.checks)
    assert (one.plan.prepared.tables["options"]["max_size"] == 5).all()


def test_the_dataset_is_not_needed_any_more(duo, folder, tmp_path):
    """The run keeps its own inputs: whatever becomes of the data, it is compared as it was."""
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    found = compare([reloaded(folder), reloaded(moved)])
    assert found.input_table().empty


def test_a_folder_that_is_no_run(tmp_path):
    found = refusal(tmp_path)
    assert found.code is ExitCode.FILES and str(tmp_path) in str(found)


def test_a_run_of_an_earlier_version(copied):
    shutil.rmtree(copied / "inputs")
    found = refusal(copied)
    assert found.code is ExitCode.FILES and "no inputs/; solve the scenario again" in str(found)
    assert "没有 inputs/" in found.problems[0].text("zh")


@pytest.mark.parametrize(("file", "content"), [
    ("summary.json", "{"), ("summary.json", "[]"), ("run.json", '{"scenario": "x"}'), ("summary.json", '{"objective": 1}'),
    ("tables/flow.csv", ""), ("tables/flow.csv", "commodity,from\nmetal,north\n"), ("tables/size.csv", "option,stage,value\ngrow,all,much\n"),
])
def test_a_damaged_file_is_named(copied, file, content):
    (copied / file).write_text(content, encoding="utf-8")
    found = refusal(copied)
    assert found.code is ExitCode.FILES and file in str(found) and "damaged" in str(found)


def test_an_objective_that_is_no_number(copied):
    summary = json.loads((copied / "summary.json").read_text(encoding="utf-8"))
    (copied / "summary.json").write_text(json.dumps(summary | {"objective": "much"}), encoding="utf-8")
    assert "summary.json" in str(refusal(copied)) and "objective" in str(refusal(copied))


def test_a_plan_that_was_changed_by_hand_is_not_compared(copied):
    file = copied / "tables" / "activity.csv"
    table = pd.read_csv(file, encoding="utf-8-sig")
    table.loc[table["value"] > 0, "value"] += 1.0
    table.to_csv(file, index=False, encoding="utf-8-sig")
    found = refusal(copied)
    assert found.code is ExitCode.SOLVER and str(copied) in str(found)


def test_broken_inputs_are_located(copied):
    (copied / "inputs" / "options.csv").write_text("option,max_size\ngrow,many\n", encoding="utf-8")
    found = refusal(copied)
    assert found.code is ExitCode.DATA and "options.csv:2:max_size" in str(found)


@pytest.mark.parametrize(("file", "command"), [("inputs/lanes.csv", "compare"), ("tables/shadow_prices.csv", "prices"), ("tables/clauses.csv", "clauses")])
@pytest.mark.parametrize("gone", [False, True])
def test_a_file_without_its_last_row_is_named(copied, capsys, file, command, gone):
    """It reads well, so that only its hash tells: what it says would be told as if it were all."""
    place = copied / file
    text = place.read_text(encoding="utf-8-sig")
    place.unlink() if gone else place.write_text(text[: text.rstrip().rfind("\n") + 1], encoding="utf-8-sig")
    assert command_line().main([command, str(copied), *([str(copied)] if command == "compare" else []), "--lang", "en"]) == ExitCode.FILES
    assert file in capsys.readouterr().err


def test_a_summary_that_was_changed_is_named(copied):
    """It reads well and holds all that is needed but the gap."""
    summary = json.loads((copied / "summary.json").read_text(encoding="utf-8"))
    (copied / "summary.json").write_text(json.dumps(summary | {"gap": "x"}), encoding="utf-8")
    assert "summary.json is no longer as the run wrote it" in str(refusal(copied))


@pytest.mark.parametrize("chain", [None, 3])
def test_a_chain_that_is_no_list_is_none(copied, chain):
    run = json.loads((copied / "run.json").read_text(encoding="utf-8"))
    (copied / "run.json").write_text(json.dumps(run | {"chain": chain}), encoding="utf-8")
    assert reloaded(copied).plan.prepared.scenario.chain == ()


def test_verify_names_a_damaged_file(copied, capsys):
    (copied / "summary.json").write_text("{", encoding="utf-8")
    assert command_line().main(["verify", str(copied), "--lang", "en"]) == ExitCode.FILES
    assert "summary.json" in capsys.readouterr().err


def test_the_shipped_base_comes_back_from_its_folder(base_run, tmp_path):
    """Every table, price and clause of the whole dataset: read back, checked again, and equal to the run that was written."""
    write_run(base_run, tmp_path / "base", lambda run, draft: None)
    one = Candidate("base", base_run.prepared.scenario.title, "million yuan", base_run)
    found = compare([one, reloaded(tmp_path / "base")])
    assert lines(found, "zh")[-2:] == ["输入没有差异。", "结果没有差异。"]
    assert found.candidates[1].case_hash == one.case_hash == provenance(base_run)["case_hash"]  # though case/ is rounded
    pd.testing.assert_frame_equal(scoreboard(found.candidates[1].plan).clauses, scoreboard(base_run).clauses, rtol=1e-9, atol=1e-9)
    assert found.splits["change"].abs().max() < 1e-4  # million yuan, of parts of up to 50,000
