"""A finished run is checked again from its own folder, and a run that was tampered with does not pass."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
from runs import TRNSPORT, quiet

from model import pipeline
from model.explore.recheck import recheck
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
    assert len(checks) == 9 and all(check.passed for check in checks)


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
