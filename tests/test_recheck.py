"""A finished run is checked again from its own folder, and a run that was tampered with does not pass."""

from __future__ import annotations

import json
import math
import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from runs import TRNSPORT, command_line, dataset, quiet

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


def _damaged(folder):
    """What is said of a run folder by the two checks of its files: residual and place."""
    return {check.name: (check.residual, check.place) for check in recheck(folder) if not check.passed and check.name.endswith("_as_written")}


def _bytes(file, change):
    file.write_bytes(change(file.read_bytes()))


@pytest.mark.parametrize("change", [
    lambda content: content[:len(content) // 2], lambda content: b"", lambda content: bytes([content[0] ^ 255]) + content[1:],
    lambda content: content[:-40] + bytes(40),
], ids=["half", "empty", "first byte", "end"])
def test_a_damaged_dataset_is_noticed(copied, change):
    _bytes(copied / "results.nc", change)
    assert _damaged(copied) == {"files_as_written": (1.0, "results.nc"), "dataset_as_written": (math.inf, "results.nc")}


def _without_hashes(folder):
    """As an earlier version of the program left a run."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    del run["files"]
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")


def test_a_dataset_that_cannot_be_read_is_noticed_without_hashes_too(copied):
    _without_hashes(copied)
    assert _damaged(copied) == {}
    _bytes(copied / "results.nc", lambda content: content[:len(content) // 2])
    assert _damaged(copied) == {"dataset_as_written": (math.inf, "results.nc: OSError")}
    (copied / "results.nc").unlink()
    assert _damaged(copied) == {"dataset_as_written": (math.inf, "results.nc")}


@pytest.mark.parametrize(("variable", "change", "gap"), [("flow", 30.0, 0.1), ("balance_dual", 0.5, 0.5), ("supply", math.nan, math.inf)])
def test_a_dataset_with_other_values_is_noticed(copied, variable, change, gap):
    """Seattle ships 300 of its 350 cases to Chicago: 330 is a tenth off; a price of 0.225 or less counts by its difference."""
    _without_hashes(copied)
    with xr.open_dataset(copied / "results.nc", engine="h5netcdf") as dataset:
        changed = dataset.load()
    values = changed[variable].to_numpy()
    place = int(np.argmax(values == 300.0)) if variable == "flow" else 0
    values[place] += change
    changed[variable].values = values
    changed.to_netcdf(copied / "results.nc", engine="h5netcdf")
    residual, where = _damaged(copied)["dataset_as_written"]
    assert residual == pytest.approx(gap) and where == f"results.nc: {variable}"


def test_a_dataset_of_another_plan_is_noticed(copied, decided):
    _without_hashes(copied)
    shutil.copy(decided / "results.nc", copied / "results.nc")
    assert _damaged(copied)["dataset_as_written"][0] == math.inf


def test_every_other_file_is_held_against_its_hash(copied):
    """A space in the summary, a page that is gone: neither moves a number, both are said."""
    _bytes(copied / "summary.json", lambda content: content + b" ")
    (copied / "tables" / "ties.csv").unlink()
    assert _damaged(copied) == {"files_as_written": (2.0, "summary.json, tables/ties.csv")}


def test_verify_says_which_file_and_ends_with_five(copied, capsys):
    _bytes(copied / "results.nc", lambda content: content[:-1])
    assert command_line().main(["verify", str(copied), "--lang", "en"]) == ExitCode.SOLVER
    said = capsys.readouterr().out
    assert "files are those that the run wrote: failed (largest residual 1.0e+00) — results.nc" in said
    assert "results.nc agrees with the tables: failed" in said


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"kind,family\n"])
def test_written_words_that_are_damaged_are_named(tmp_path, content):
    (tmp_path / "tables").mkdir()
    for name, read_words in (("shadow_prices", read_prices), ("clauses", read_scoreboard)):
        (tmp_path / "tables" / f"{name}.csv").write_bytes(content)
        with pytest.raises(Refusal) as refusal:
            read_words(tmp_path)
        assert refusal.value.code is ExitCode.FILES and f"{name}.csv is damaged" in str(refusal.value)
