"""The result folder: what each file holds, that it can be read back, and that the same inputs give the same files."""

from __future__ import annotations

import json
import math
import tomllib

import pandas as pd
import pytest
import xarray as xr
from runs import MEXSS, TRNSPORT, dataset, quiet, solved
from worlds import case_of

from maps import publish
from model.case import COLUMN_KEYS, ROW_KEYS
from model.objective import unit_of
from model.opening import open_scenario
from model.output import negative_costs, write_run
from model.pipeline import run as run_scenario
from model.problems import Problems
from model.reading import read
from model.scenario import load
from model.tables import frame

# a mill that buys ore, smelts it with by-product slag and may add an oven; two half-years of unequal weight
MILL = {
    "periods": "period stage length weight\nh1 y 0.4 2\nh2 y 0.6 2", "commodities": "commodity unit balance\nmetal kt free\nslag kt exact\nore kt free",
    "sites": "site name_en\nmine Mine\nmill Mill", "recipes": "technology commodity quantity\nsmelt ore -2\nsmelt metal 1\nsmelt slag 0.5\ndump slag -1",
    "tech_sites": "technology site variable_cost cost_class\nsmelt mill 3 work\ndump mill 1 residue", "capacity_use": "technology unit use\nsmelt oven 1",
    "capacity": "unit site amount\noven mill 6", "options": "option site variable_cost max_size\ngrow mill 4 10",
    "option_effects": "option unit site per_size\ngrow oven mill 1", "supply": "commodity site tier price max\nore mine a 1 10\nore mine b 2 30",
    "lanes": "commodity from to unit_cost delivered_share\nore mine mill 0.5 0.8", "demand": "commodity site min max price segment\nmetal mill 8 9 1 home",
    "indicators": "indicator unit scope price max per\ncarbon t stage 0.25 - -\nbought kt period - - -\nshare - stage - - nothing\nnothing kt stage - - -",
    "indicator_terms": "indicator kind a coefficient\ncarbon activity smelt 3\nbought supply ore 1\nshare activity smelt 1\nnothing sale slag 1",
}
# per year: 8 kt of metal = 16 of ore at the mill = 20 bought (10 at 1, 10 at 2) and moved at 0.5; 4 of slag; 2 of new oven at 4
COST_OF_A_YEAR = 10 * 1 + 10 * 2 + 20 * 0.5 + 8 * 3 + 4 * 1 + 2 * 4 - 8 * 1 + 0.25 * 3 * 8


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    """The mill solved and written with report and workbook: its run and its folder."""
    folder = tmp_path_factory.mktemp("mill")
    run = solved(dataset(folder / "data", **MILL))
    write_run(run, folder / "out", publish.write)
    return run, folder / "out"


def nothing(run, folder):
    """No report."""


def content(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_summary_holds_what_is_promised(mill):
    summary = content(mill[1] / "summary.json")
    assert (summary["status"], summary["unit"], summary["gap"], summary["integers"]) == ("optimal", "money", 0.0, 0)
    assert summary["objective"] == pytest.approx(2 * COST_OF_A_YEAR)
    # activity 2 technologies, flow 1, supply 2, sale 1, all in two periods, and one size
    assert summary["columns"] == 2 * (2 + 1 + 2 + 1) + 1
    # balances of ore at mine and mill, of metal and slag; capacity, must-serve
    assert summary["rows"] == 2 * (4 + 1 + 1)
    assert all(isinstance(summary[name], int) for name in ("rows", "columns", "nonzeros", "integers", "ties"))
    assert {"read", "expand", "case", "build", "solve", "verify"} <= set(summary["seconds"])
    assert all(isinstance(seconds, float) for seconds in summary["seconds"].values())
    assert set(summary["checks"]) >= {"rows", "bounds", "objective", "duality_gap"}


def test_indicators_by_group_with_a_share_of_nothing_as_none(mill):
    indicators = content(mill[1] / "summary.json")["indicators"]
    assert indicators["carbon"] == {"y": pytest.approx(24.0)}
    assert indicators["bought"] == {"h1": pytest.approx(8.0), "h2": pytest.approx(12.0)}
    assert (indicators["share"], indicators["nothing"]) == ({"y": None}, {"y": 0.0})


def test_costs_by_class_sum_to_the_objective(mill):
    summary = content(mill[1] / "summary.json")
    yearly = {"purchases": 30.0, "freight": 10.0, "work": 24.0, "residue": 4.0, "capital": 8.0, "sales": -8.0, "policy": 6.0}
    assert summary["costs"] == {name: pytest.approx(2 * value) for name, value in yearly.items()}
    assert sum(summary["costs"].values()) == pytest.approx(summary["objective"], rel=1e-12)


@pytest.mark.parametrize("family", COLUMN_KEYS)
def test_each_variable_is_a_table_of_its_index_and_value(mill, family):
    table = pd.read_csv(mill[1] / "tables" / f"{family}.csv")
    assert list(table.columns) == [*COLUMN_KEYS[family], "value"]
    assert len(table) == len(mill[0].results.values[family])


def test_tables_hold_the_plan(mill):
    supply = pd.read_csv(mill[1] / "tables" / "supply.csv").set_index(["tier", "period"])["value"]
    assert supply.to_dict() == {("a", "h1"): pytest.approx(4), ("a", "h2"): pytest.approx(6), ("b", "h1"): pytest.approx(4), ("b", "h2"): pytest.approx(6)}
    price = pd.read_csv(mill[1] / "tables" / "dual_balance.csv").set_index(["commodity", "site", "period"])["value"]
    assert price["ore", "mine", "h1"] == pytest.approx(2.0)  # per tonne of one year, without the weight 2
    assert price["ore", "mill", "h2"] == pytest.approx(2.5 / 0.8)
    assert all((mill[1] / "tables" / f"dual_{family}.csv").is_file() for family in ROW_KEYS)


def test_the_array_file_opens_and_explains_itself(mill):
    with xr.open_dataset(mill[1] / "results.nc", engine="h5netcdf") as found:
        assert set(COLUMN_KEYS) | {f"{family}_dual" for family in ROW_KEYS} <= set(found.data_vars)
        assert all(array.attrs["units"] and array.attrs["long_name"] for array in found.data_vars.values())
        assert found.attrs["objective"] == pytest.approx(2 * COST_OF_A_YEAR)
        sold = found["sale"].where((found["sale_segment"] == "home") & (found["sale_period"] == "h2"), drop=True)
        assert sold.item() == pytest.approx(0.6 * 8)


def solved_again(folder):
    """Objective of the written case alone."""
    return solved(folder / "case").results.objective


def test_the_written_case_solves_to_the_same_objective(mill):
    assert solved_again(mill[1]) == pytest.approx(2 * COST_OF_A_YEAR, rel=1e-9)


@pytest.mark.parametrize(
    ("scenario", "objective"),
    [
        ("[objective]\nweights = { cost = 1, carbon = 0.5 }", 2 * (COST_OF_A_YEAR + 0.5 * 24)),
        ("[objective]\nweights = { carbon = 1 }", 2 * 24),
        # 3 of new oven although 2 are enough; nothing else moves
        ('[[lock]]\nsite = "mill"\ntechnology = "smelt"\nstate = "fixed"\nsize = 3', 2 * (COST_OF_A_YEAR + 4)),
        ('[[change]]\ntable = "demand"\nwhere = { segment = "home" }\nset = { min = 6 }', 2 * (30 + 6 * 1.5 - 15 + 6 * 3 - 24 + 14.0)),
    ],
    ids=["mix", "carbon", "lock", "change"],
)
def test_the_written_case_holds_weights_and_locks(scenario, objective, tmp_path):
    dataset(tmp_path / "data", **MILL)
    (tmp_path / "s.toml").write_text(scenario, encoding="utf-8")
    if 'table = "demand"' in scenario:
        # 6 kt: ore 15 bought, 10 at 1 and 5 at 2, freight 7.5; work 18; slag 3; no new oven; sales -6; carbon 4.5
        objective = 2 * (10 + 10 + 7.5 + 18 + 3 - 6 + 4.5)
    run = run_scenario(load(tmp_path / "s.toml", Problems()), tmp_path / "data", quiet)
    write_run(run, tmp_path / "out", nothing)
    assert run.results.objective == pytest.approx(objective)
    assert solved_again(tmp_path / "out") == pytest.approx(objective, rel=1e-9)


def test_the_case_has_one_hash_in_whatever_order_its_rows_stand(mill):
    core = mill[0].prepared.core
    reversed_rows = {name: table.iloc[::-1].reset_index(drop=True) for name, table in core.items() if name != "periods"}
    assert case_of({**reversed_rows, "periods": core["periods"]}).hash == mill[0].results.case.hash
    dearer = core["supply"].assign(price=core["supply"]["price"] + 1e-6)
    assert case_of({**core, "supply": dearer}).hash != mill[0].results.case.hash


def test_the_resolved_scenario_reads_back(tmp_path):
    dataset(tmp_path / "data", **MILL)
    text = 'title = { zh = "试", en = "try" }\n[solver]\nmip_gap = 0.1\n[[change]]\ntable = "supply"\nwhere = { tier = "b" }\nscale = { price = 2 }\n'
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    scenario = load(tmp_path / "s.toml", Problems())
    run = run_scenario(scenario, tmp_path / "data", quiet)
    write_run(run, tmp_path / "out", nothing)
    resolved = (tmp_path / "out" / "scenario.resolved.toml").read_text(encoding="utf-8")
    assert tomllib.loads(resolved)["change"] == [{"table": "supply", "where": {"tier": ["b"]}, "scale": {"price": 2.0}}]
    assert "2 -> 4" in resolved and "supply.csv:3" in resolved  # each changed value with its origin
    again = run_scenario(load(tmp_path / "out" / "scenario.resolved.toml", Problems()), tmp_path / "data", quiet)
    assert again.results.case.hash == run.results.case.hash


def test_run_json_says_what_was_run(mill):
    facts = content(mill[1] / "run.json")
    assert (facts["scenario"], facts["dataset"]) == ("data", "data")
    assert set(facts["inputs"]) == set(MILL) and all(len(digest) == 64 for digest in facts["inputs"].values())
    assert facts["case_hash"] == mill[0].results.case.hash
    assert {"python", "pyomo", "highspy", "pandas"} <= set(facts["versions"])
    assert facts["finished"].endswith("+00:00")


def test_the_same_inputs_give_the_same_files_apart_from_times(tmp_path):
    dataset(tmp_path / "data", **MILL)
    for name in ("one", "two"):
        write_run(solved(tmp_path / "data"), tmp_path / name, nothing)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path / "two") for path in (tmp_path / "two").rglob("*") if path.is_file())
    for file in files:
        one, two = tmp_path / "one" / file, tmp_path / "two" / file
        if file.suffix == ".json":
            timeless = [{key: value for key, value in content(path).items() if key not in ("seconds", "finished", "solver_log", "files")} for path in (one, two)]
            assert timeless[0] == timeless[1]
        elif file.suffix == ".nc":
            with xr.open_dataset(one, engine="h5netcdf") as first, xr.open_dataset(two, engine="h5netcdf") as second:
                assert first.identical(second)
        else:
            assert one.read_bytes() == two.read_bytes(), file


def test_the_published_optimum_is_compared(tmp_path):
    run = solved(TRNSPORT)
    summary = write_run(run, tmp_path / "out", nothing)
    assert summary["expected"]["objective"] == 153.675
    assert summary["expected"]["relative_difference"] < 1e-9
    assert not (tmp_path / "out" / "case" / "expected.csv").exists()


def test_empty_families_are_written_too(tmp_path):
    write_run(solved(MEXSS), tmp_path / "out", nothing)
    assert (tmp_path / "out" / "tables" / "size.csv").read_text(encoding="utf-8-sig") == "option,stage,value\n"
    with xr.open_dataset(tmp_path / "out" / "results.nc", engine="h5netcdf") as found:
        assert found.sizes["column_size"] == 0


@pytest.mark.parametrize(
    ("weights", "unit"),
    [({"cost": 1.0}, "money"), ({"carbon": 1.0}, "t"), ({"carbon": -1.0}, "t"), ({"carbon": 2.0}, "money"), ({"cost": 1.0, "carbon": 1.0}, "money")],
    ids=str,
)
def test_unit_of_the_objective(mill, weights, unit):
    prepared = mill[0].prepared
    assert unit_of(weights, prepared.core, prepared.tables) == unit


def test_money_of_convenience_tables_is_million_yuan(base_run):
    prepared = base_run.prepared
    assert unit_of(prepared.scenario.objective, prepared.core, prepared.tables) == "million yuan"


def test_the_shipped_case_alone_solves_to_the_same_objective(base_run, tmp_path):
    write_run(base_run, tmp_path / "out", nothing)
    scenario, folder = open_scenario(None, tmp_path / "out" / "case", tmp_path, {})
    problems = Problems()
    assert read(folder, problems) and not problems.errors
    assert math.isclose(run_scenario(scenario, folder, quiet).results.objective, base_run.results.objective, rel_tol=1e-9)


def test_negative_costs_are_listed_with_their_place(tmp_path):
    """A closure that saves 3 and a negative price stand in the list; zero and positive costs do not (R16)."""
    core = {
        "options": frame("options", [{"option": "close", "variable_cost": -3.0, "_file": "options.csv", "_row": 2}, {"option": "build", "variable_cost": 4.0}]),
        "demand": frame("demand", [{"commodity": "ash", "site": "tip", "price": -1.5, "_file": "demand.csv", "_row": 5}]),
        "supply": frame("supply", [{"commodity": "ore", "site": "pit", "price": 0.0}]),
    }
    table = negative_costs(core)
    assert table.to_numpy().tolist() == [["options", "options.csv", 2, "variable_cost", -3.0], ["demand", "demand.csv", 5, "price", -1.5]]
