"""A finished run is checked again from its own folder, and a run that was tampered with does not pass."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
from runs import TRNSPORT, dataset, quiet

from model import pipeline
from model.explore.recheck import recheck
from model.explore.written_clauses import read_scoreboard
from model.explore.written_prices import read_prices
from model.opening import open_scenario
from model.output import write_run
from model.problems import ExitCode, Refusal


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The transport problem of 153.675, solved and written once."""
    folder = tmp_path_factory.mktemp("runs") / "done"
    scenario, data = open_scenario(None, TRNSPORT, folder.parent, {})
    write_run(pipeline.run(scenario, data, quiet), folder, lambda run, draft: None)
    return folder


@pytest.fixture
def copied(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "copy")


def failed(folder):
    return {check.name for check in recheck(folder) if not check.passed}


def test_an_untouched_run_passes_every_check(finished):
    checks = recheck(finished)
    assert {"columns", "rows", "bounds", "objective", "indicators", "reduced_costs", "row_slackness", "duality_gap"} <= {check.name for check in checks}
    assert [check for check in checks if not check.passed] == []


def _edit(folder, name, change):
    file = folder / "tables" / name
    table = pd.read_csv(file, encoding="utf-8-sig", keep_default_na=False)
    change(table)
    table.to_csv(file, index=False, encoding="utf-8-sig")


def test_a_changed_value_fails_the_balance_and_the_objective(copied):
    def more(table):
        table.loc[table["value"] > 0, "value"] += 1.0

    _edit(copied, "flow.csv", more)
    assert {"rows", "objective"} <= failed(copied)


def test_a_changed_price_fails_the_proof(copied):
    def dearer(table):
        table["value"] *= 2.0

    _edit(copied, "dual_balance.csv", dearer)
    assert {"reduced_costs", "column_slackness"} <= failed(copied)


def test_a_changed_objective_fails(copied):
    summary = json.loads((copied / "summary.json").read_text(encoding="utf-8"))
    (copied / "summary.json").write_text(json.dumps(summary | {"objective": 150.0}), encoding="utf-8")
    assert "objective" in failed(copied)


def test_a_missing_row_is_refused_with_the_name_of_the_table(copied):
    file = copied / "tables" / "flow.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    file.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8-sig")
    with pytest.raises(Refusal) as caught:
        recheck(copied)
    assert caught.value.code is ExitCode.DATA and "flow.csv" in str(caught.value)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(Refusal) as caught:
        recheck(tmp_path)
    assert caught.value.code is ExitCode.FILES


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    """Two pieces of oven and a charged lane: a run with yes/no decisions."""
    folder = dataset(
        tmp_path_factory.mktemp("decided") / "data", recipes="technology commodity quantity\nmake x 1",
        tech_sites="technology site variable_cost\nmake p 1", capacity_use="technology unit use\nmake oven 1",
        options="option fixed_cost max_size\nsmall 3 0\nlarge 5 0", option_effects="option unit site per_open\nsmall oven p 2\nlarge oven p 4",
        lanes="commodity from to unit_cost fixed_cost max_flow\nx p m 1 2 9", demand="commodity site min max price\nx m 3 3 0",
    )
    scenario, data = open_scenario(None, folder, folder.parent, {})
    write_run(pipeline.run(scenario, data, quiet), folder.parent / "done", lambda run, draft: None)
    return folder.parent / "done"


def test_a_run_with_decisions_proves_its_bound_again(decided):
    """large 5 + lane 2 + 3×2 = 13; the relaxation proves 3/4×5 + 3/9×2 + 6 = 10.42 (3.75 + 0.67 + 6)."""
    checks = {check.name: check for check in recheck(decided)}
    assert {"integers", "relaxed_signs", "relaxed_reduced_costs", "proved_bound", "claimed_bound", "claimed_gap", "status"} <= set(checks)
    assert all(check.passed for check in checks.values())
    assert json.loads((decided / "summary.json").read_text(encoding="utf-8"))["proved_bound"] == pytest.approx(3.75 + 2 / 3 + 6)


@pytest.mark.parametrize(("claim", "check"), [({"bound": 14.0}, "claimed_bound"), ({"gap": 0.5}, "claimed_gap"), ({"bound": 9.0, "gap": 4 / 13}, "status")])
def test_a_false_claim_about_the_bound_is_caught(decided, tmp_path, claim, check):
    folder = shutil.copytree(decided, tmp_path / "copy")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    (folder / "summary.json").write_text(json.dumps(summary | claim), encoding="utf-8")
    assert check in failed(folder)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"kind,family\n"])
def test_written_words_that_are_damaged_are_named(tmp_path, content):
    (tmp_path / "tables").mkdir()
    for name, read_words in (("shadow_prices", read_prices), ("clauses", read_scoreboard)):
        (tmp_path / "tables" / f"{name}.csv").write_bytes(content)
        with pytest.raises(Refusal) as refusal:
            read_words(tmp_path)
        assert refusal.value.code is ExitCode.FILES and f"{name}.csv is damaged" in str(refusal.value)
