"""The ledgers of a finished run are checked again from its folder; an altered one is caught."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from runs import dataset, quiet

from model import pipeline
from model.explore.recheck import recheck
from model.opening import open_scenario
from model.output import write_run
from model.problems import ExitCode, Refusal

SWAP = {  # 10 of an old oven (worth 1 each) give way to 5 of a new kiln (worth 3 each): 15
    "sites": "site region\np north\nq south", "tech_sites": "technology site variable_cost\nold p 4\nnew q 2",
    "recipes": "technology commodity quantity\nold x 1\nnew x 1", "capacity_use": "technology unit use\nold oven 1\nnew kiln 1",
    "capacity": "unit site amount\noven p 10", "demand": "commodity site max price\nx p 100 5\nx q 100 5",
    "options": "option site variable_cost max_size\nclose p 0 10\nbuild q 0 10", "option_effects": "option unit site per_size\nclose oven p -1\nbuild kiln q 1",
    "indicators": "indicator max\nswap 0", "indicator_terms": "indicator kind a coefficient\nswap size build 2\nswap size close -1",
    "ledgers": "ledger ratio price annuity indicators\npool 2 0.5 0.1 swap",
    "ledger_entries": "ledger kind option period coefficient\npool created close * 0.5\npool used build * 1",
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledgers")
    scenario, data = open_scenario(None, dataset(folder / "data", **SWAP), folder, {})
    write_run(pipeline.run(scenario, data, quiet), folder / "done", lambda run, draft: None)
    return folder / "done"


@pytest.fixture
def copied(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "copy")


def failed(folder):
    return {check.name: check.place for check in recheck(folder) if not check.passed and check.name != "files_as_written"}


def edit(folder, name, change):
    file = folder / "tables" / name
    table = pd.read_csv(file, encoding="utf-8-sig")
    change(table).to_csv(file, index=False, encoding="utf-8-sig")


def test_the_ledger_of_a_run_stands_in_its_folder(finished):
    """10 given up, 5 created and used; 5 x 0.5 paid from q to p; one more unit given up is worth half of 3."""
    row = pd.read_csv(finished / "tables" / "ledger.csv", encoding="utf-8-sig").iloc[0]
    assert tuple(row[["ledger", "given_up", "created", "used", "carried_out", "worth", "worth_once"]]) == ("pool", 10, 5, 5, 0, 1.5, 15)
    use = pd.read_csv(finished / "tables" / "ledger_uses.csv", encoding="utf-8-sig").iloc[0]
    assert tuple(use[["source", "user", "amount", "payment"]]) == ("close", "build", 5, 2.5)
    split = pd.read_csv(finished / "tables" / "split.csv", encoding="utf-8-sig").set_index("site")
    assert split["margin"].to_dict() == {"p": 2.5, "q": 12.5} and split["rights"].to_dict() == {"p": 2.5, "q": -2.5}


def test_an_untouched_run_passes_with_both_checks_of_the_ledger(finished):
    checks = {check.name for check in recheck(finished)}
    assert {"ledger", "ledger_as_written"} <= checks and not failed(finished)


@pytest.mark.parametrize(("name", "column", "place"), [
    ("ledger.csv", "created", "ledger(pool, all)"), ("ledger.csv", "given_up", "ledger(pool, all)"), ("ledger.csv", "carried_out", "ledger(pool, all)"),
    ("ledger_uses.csv", "amount", "ledger_uses(pool, all, close, build)"), ("ledger_uses.csv", "payment", "ledger_uses(pool, all, close, build)"),
])
def test_a_changed_number_is_caught(copied, name, column, place):
    edit(copied, name, lambda table: table.assign(**{column: table[column] + 0.01}))
    assert failed(copied) == {"ledger_as_written": place}


@pytest.mark.parametrize("name", ["ledger.csv", "ledger_uses.csv"])
def test_a_missing_and_an_added_row_are_caught(copied, name):
    edit(copied, name, lambda table: pd.concat([table, table.assign(stage="other")]))
    assert set(failed(copied)) == {"ledger_as_written"}
    edit(copied, name, lambda table: table.iloc[:0])
    assert set(failed(copied)) == {"ledger_as_written"}


def test_more_built_than_the_ledger_allows_is_caught(copied):
    edit(copied, "size.csv", lambda table: table.assign(value=table["value"].where(table["option"] != "build", 6.0)))
    assert failed(copied)["ledger"] == "ledger(pool, all)"


def test_a_missing_ledger_is_refused(copied):
    (copied / "tables" / "ledger.csv").unlink()
    with pytest.raises(Refusal) as caught:
        recheck(copied)
    assert caught.value.code is ExitCode.FILES and "ledger.csv" in str(caught.value)
