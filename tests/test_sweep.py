"""Sweeps worked out by hand: grids, samples, lists, locks; warm and rebuilt plans; failed cases; NetCDF."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from runs import command_line
from study_worlds import TABLES, asked, carried_out, refused, told

from model.explore.workbench import Workbench, same_matrix
from model.problems import ExitCode, Problems, Refusal
from model.scenario.parsing import parse_changes
from model.scenario.records import Spot

PRICE = """
[[axis]]
name = "price"
title = { zh = "电价", en = "grid price" }
unit = "money"
table = "supply"
where = { tier = "grid" }
set = "price"
values = [2, 4, 6]
"""
NEED = """
[[axis]]
name = "need"
table = "demand"
set = ["min", "max"]
values = [8, 12]
"""
GRID = f'study = "sweep"\n{PRICE}{NEED}'


def test_a_grid_by_hand(tmp_path):
    """At 2 all from the grid: 8 x 2, 12 x 2. At 4: 15 + 3 x 4, 15 + 7 x 4. At 6: 15 + 3 x 6, 15 + 7 x 6."""
    found = carried_out(tmp_path, GRID)
    assert found.facts["axes"] == [{"name": "price", "title": ["电价", "grid price"], "unit": "money"}, {"name": "need", "title": ["need", "need"], "unit": ""}]
    table = found.tables["cases"]
    assert list(zip(table["price"], table["need"], strict=True)) == [(2, 8), (2, 12), (4, 8), (4, 12), (6, 8), (6, 12)]
    assert list(table["cost"]) == pytest.approx([16, 24, 27, 43, 33, 57])
    assert list(table["extra_cost"]) == pytest.approx([-11, -3, 0, 16, 6, 30])
    assert list(found.tables["built"]["size"]) == pytest.approx([5, 5, 5, 5])
    assert set(table["warm"]) == {True}


def test_a_grid_is_folded_along_its_axes(tmp_path):
    data = carried_out(tmp_path, GRID).dataset
    assert data is not None
    assert dict(data.sizes)["price"] == 3
    assert data["cost"].sel(price=6, need=12) == pytest.approx(57)
    assert data["size"].sel(price=2, need=8, option=str(data["option"].values[0])) == 0
    assert data["price"].attrs["units"] == "money"


def test_what_it_says(tmp_path):
    text = told(carried_out(tmp_path, f"""
question = {{ zh = "电价多高才值得建厂?", en = "From which price on is the plant worth it?" }}
{GRID}"""))
    assert text.startswith("From which price on is the plant worth it?\nbase: 27.0")
    assert "grid price 6, need 12: +30.0" in text and "plant 5" in text
    assert "cheapest: grid price 2, need 8 (-11.0); dearest: grid price 6, need 12 (+30.0" in text
    assert "6 of 6 cases have a plan, each checked independently (6 of them" in text


def test_other_coefficients_are_rebuilt(tmp_path):
    """Two of power per activity: 4 activities at 3 each = 12, half of the plant's capacity costs 1.5 a unit: 4 x 3."""
    found = carried_out(tmp_path, 'study = "sweep"\n[[axis]]\nname = "yield"\ntable = "recipes"\nset = "quantity"\nvalues = [1, 2]')
    table = found.tables["cases"]
    assert list(table["cost"]) == pytest.approx([27, 12])
    assert list(table["warm"]) == [True, False]


def test_a_lock_is_an_axis_and_a_scale_too(tmp_path):
    """Fixed at 0: 32; at 2: 6 + 24. The grid at half price, 2: 16."""
    lock = '[[axis]]\nname = "line"\nsite = "p"\ntechnology = "make"\nvalues = [0, 2]'
    assert list(carried_out(tmp_path, f'study = "sweep"\n{lock}').tables["cases"]["cost"]) == pytest.approx([32, 30])
    half = '[[axis]]\nname = "scale"\ntable = "supply"\nscale = "price"\nvalues = [0.5]'
    assert list(carried_out(tmp_path / "b", f'study = "sweep"\n{half}').tables["cases"]["cost"]) == pytest.approx([16])


LIST = """
study = "sweep"
[[case]]
name = "scarce"
title = { zh = "限电", en = "scarce grid" }
change = [{ table = "supply", set = { max = 2 } }]
[[case]]
name = "none"
change = [{ table = "supply", set = { max = 5 } }]
lock = [{ site = "p", technology = "make", state = "excluded" }]
[[case]]
name = "broken"
change = [{ table = "supply", where = { tier = "grd" }, set = { max = 5 } }]
[[case]]
name = "as_it_is"
"""


def test_a_failed_case_is_a_row_with_its_reason(tmp_path):
    """Scarce: 5 + 2 < 8. None: 5 < 8. A tier nobody has is a fault of that case alone. The last is the base: 27."""
    found = carried_out(tmp_path, LIST)
    table = found.tables["cases"].set_index("case")
    assert list(table["status"]) == ["infeasible", "infeasible", "data", "solved"]
    assert table.loc["as_it_is", "cost"] == pytest.approx(27)
    assert math.isnan(table.loc["none", "cost"])
    assert "power" in table.loc["scarce", "reason_en"] and "grd" in table.loc["broken", "reason_en"]
    text = told(found)
    assert "  scarce grid: no plan (" in text and "1 of 4 cases have a plan" in text
    assert "限电:无方案" in told(found, "zh")
    assert found.dataset is not None and list(found.dataset["status"].values) == ["infeasible", "infeasible", "data", "solved"]


@pytest.mark.parametrize("design", ["sobol", "latin_hypercube"])
def test_samples_are_the_same_for_the_same_seed(tmp_path, design):
    """Between 5 and 7 the grid is dearer than the plant: cost = 15 + 3 x price at every place."""
    axis = PRICE.replace("values = [2, 4, 6]", "low = 5\nhigh = 7")
    text = f'study = "sweep"\ndesign = "{design}"\ncount = 5\nseed = 3\n{axis}'
    found, again = carried_out(tmp_path / "a", text), carried_out(tmp_path / "b", text)
    table = found.tables["cases"]
    assert len(table) == 5 and table["price"].between(5, 7).all() and table["price"].nunique() == 5
    assert list(table["cost"]) == pytest.approx(list(15 + 3 * table["price"]))
    assert list(table["price"]) == list(again.tables["cases"]["price"])
    assert found.dataset is not None and list(found.dataset["price"].values) == list(table["price"])


@pytest.mark.parametrize(("text", "rule", "column"), [
    ('study = "swep"', "scenario_choice", "study"),
    ("study = { zh = 1 }", "scenario_choice", "study"),
    ("study = [1, 2]", "scenario_choice", "study"),
    ('study = "sweep"\nscenaro = "base"', "scenario_key", "scenaro"),
    ('study = "sweep"\nscenario = 3', "scenario_text", "scenario"),
    ('study = "sweep"\ndesign = "grd"', "scenario_choice", "design"),
    ('study = "sweep"\nreport = ["nothing"]\n[[case]]\nname = "a"', "unknown_reference", "report"),
    ('study = "sweep"\nreport = "all"', "scenario_list", "report"),
    ('study = "sweep"\n[[axis]]\ntable = "supply"', "scenario_text", "axis[1].name"),
    ('study = "sweep"\n[[axis]]\nname = "a"\ntable = "supply"', "change_action", "axis[1]"),
    ('study = "sweep"\n[[axis]]\nname = "a"\nset = "price"\nvalues = [1]', "change_action", "axis[1]"),
    ('study = "sweep"\n[[axis]]\nname = "a"\ntable = "supply"\nset = "price"', "scenario_list", "axis[1].values"),
    ('study = "sweep"\n[[axis]]\nname = "a"\ntable = "supply"\nset = "price"\nvalues = 1', "scenario_list", "axis[1].values"),
    ('study = "sweep"\n[[axis]]\nname = "a"\ntable = "supply"\nset = "price"\nvalues = ["x"]', "scenario_number", "axis[1].values"),
    ('study = "sweep"\n[[axis]]\nname = "a"\ntable = "supply"\nset = "prize"\nvalues = [1]', "scenario_key", "axis[1].set.prize"),
    ('study = "sweep"\ndesign = "sobol"\n[[axis]]\nname = "a"\ntable = "supply"\nset = "price"\nlow = 2\nhigh = 1', "axis_order", "axis[1].low"),
    ('study = "sweep"\ndesign = "sobol"\ncount = 0\n', "scenario_range", "count"),
    ('study = "sweep"\n[[case]]\ntitle = { zh = "无名" }', "scenario_text", "case[1].name"),
    ('study = "sweep"', "study_nothing", "axis"),
    ('study = "sweep"\ndesign = "sobol"\ncount = 3.5\n', "scenario_whole", "count"),
    (f'study = "sweep"\n{PRICE}{NEED.replace("need", "price")}', "stated_twice", "axis[2].name"),
    (f'study = "sweep"\n{PRICE}{NEED.replace("need", "cost")}', "study_name_taken", "axis[2].name"),
    (f'study = "sweep"\n{PRICE}{NEED.replace("need", "kt/a")}', "study_name", "axis[2].name"),
    (f'study = "sweep"\n{PRICE.replace("6]", "2.0]")}', "stated_twice", "axis[1].values"),
    (f'study = "sweep"\n{PRICE}{PRICE.replace("price", "more", 1)}', "axis_same_cells", "axis[2].set"),
    (f'study = "sweep"\n{PRICE}\n[[case]]\nname = "price=2.0"', "study_name_taken", "case[1].name"),
    (f'study = "sweep"\n{PRICE}\n[[case]]\nname = "audit|price=2.0"', "study_name", "case[1].name"),
    (f'study = "sweep"\n{PRICE}\n[[case]]\nname = "a"\n[[case]]\nname = "a"', "stated_twice", "case[2].name"),
    ('study = "sweep"\ndesign = "sobol"\n[[axis]]\nname = "a"\ntable = "supply"\nset = "price"\nvalues = [1]', "axis_ends", "axis[1].low"),
    ('study = "sweep"\n[[axis]]\nname = "a"\nunit = 3\ntable = "supply"\nset = "price"\nvalues = [1]', "scenario_text", "axis[1].unit"),
    (f'study = "sweep"\n{PRICE.replace("[2, 4, 6]", str(list(range(400))))}{NEED.replace("[8, 12]", str(list(range(400))))}', "study_too_many", "axis[1].values"),
    ('study = "sweep"\n[[case]]\nname = "a"\nchange = 3', "scenario_array", "case[1].change"),
])
def test_what_is_wrong_with_a_study_file(tmp_path, text, rule, column):
    assert (rule, column) in refused(tmp_path, text)


def test_a_study_whose_every_case_is_wrong_is_refused_once_with_the_place(tmp_path, capsys):
    """No tier is called grd: one line with the place, no result, no journal; a result of before stays."""
    study = asked(tmp_path, 'study = "sweep"\n' + PRICE.replace('"grid"', '"grd"'))
    out = tmp_path / "out"
    out.mkdir()
    (out / "study.json").write_text("{}")
    assert command_line().main(["study", str(study.path), "--data", str(study.data), "--out", str(out), "--lang", "en"]) == 3
    said = capsys.readouterr().err
    assert "axis[1].where.tier" in said and "'grd'" in said and len(said.splitlines()) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["asked.toml", "data", "out"] and [file.name for file in out.iterdir()] == ["study.json"]


def test_a_study_that_is_not_there(tmp_path):
    with pytest.raises(Refusal) as caught:
        from model.explore import studying

        studying.opened("no_such_study", None, tmp_path, {})
    assert caught.value.code is ExitCode.FILES


def changed(bench: Workbench, table: str, column: str, value: float):
    changes = parse_changes([{"table": table, "set": {column: value}}], [Spot("t", 0)], Problems())
    return replace(bench.scenario, changes=changes)


def test_a_plan_depends_on_no_other_case(tmp_path):
    """Warm plans in any order are the same to the last bit, and the same as plans from nothing."""
    study = asked(tmp_path, GRID)
    forward, backward = Workbench(study.scenario, study.data), Workbench(study.scenario, study.data)
    prices = [1.0, 2.9, 3.1, 7.0]

    def values(bench, price):
        plan = bench.plan(changed(bench, "supply", "price", price))
        return np.concatenate([table["value"].to_numpy() for table in plan.results.values.values()])

    first = {price: values(forward, price) for price in prices}
    second = {price: values(backward, price) for price in reversed(prices)}
    alone = {price: values(Workbench(study.scenario, study.data), price) for price in prices}
    assert all(np.array_equal(first[price], second[price]) and np.array_equal(first[price], alone[price]) for price in prices)


def test_programs_that_differ_in_a_coefficient_or_a_row_are_others(tmp_path):
    study = asked(tmp_path, GRID)
    bench = Workbench(study.scenario, study.data)
    program = bench.base.program
    cheaper = bench.plan(changed(bench, "supply", "price", 1.0))
    other = bench.plan(changed(bench, "recipes", "quantity", 2.0))
    assert cheaper.warm and same_matrix(program, cheaper.program)
    assert not other.warm and not same_matrix(program, other.program)
    assert cheaper.results.objective == pytest.approx(8)
    assert all(check.passed for check in cheaper.results.checks) and len(cheaper.results.checks) > 5


def test_one_command_writes_it(tmp_path, capsys):
    study = asked(tmp_path, GRID)
    out = tmp_path / "out"
    run = command_line()
    given = ["study", str(study.path), "--data", str(study.data), "--out", str(out), "--lang", "en"]
    assert run.main(given) == 0
    said = capsys.readouterr().out
    assert "case 6 of 6: grid price 6, need 12 (about 0:0" in said and "cheapest:" in said
    assert {file.name for file in out.iterdir()} == {"study.json", "cases.csv", "built.csv", "results.nc"}
    with xr.open_dataset(out / "results.nc", engine="h5netcdf") as data:
        assert float(data["cost"].sel(price=4, need=12)) == pytest.approx(43)
    assert not list(tmp_path.glob(".*.jsonl"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    assert run.main([*given[:5], str(tmp_path / "full")]) == 6


def test_yes_no_decisions_are_solved_from_nothing(tmp_path):
    """A plant for 4 outright: 5 x 3 + 4 + 3 x 4 = 31 < 32; at a price of 3 the grid alone costs 24 and the plant is no longer worth it."""
    options = {"options": "option fixed_cost variable_cost max_size\nplant 4 2 5"}
    found = carried_out(tmp_path, f'study = "sweep"\n{PRICE.replace("[2, 4, 6]", "[3, 4]")}', **options)
    assert list(found.tables["cases"]["cost"]) == pytest.approx([24, 31])
    assert not any(found.tables["cases"]["warm"])
    assert TABLES["options"] != options["options"]


def test_a_case_that_differs_in_its_core_tables_alone_is_expanded_once(tmp_path, monkeypatch):
    """8 at 4 from the grid without the plant; with it 27; asked for again after the rewrite the plan is the first."""
    from model import pipeline
    from model.explore import workbench

    expanded = []
    whole = pipeline.prepare
    monkeypatch.setattr(workbench.pipeline, "prepare", lambda scenario, *rest: expanded.append(scenario.name) or whole(scenario, *rest))
    study = asked(tmp_path, 'study = "sweep"')
    bench = Workbench(study.scenario, study.data)
    again = replace(study.scenario)

    def bare(core):
        return {name: table for name, table in core.items() if name not in ("options", "option_effects", "capacity_use", "tech_sites", "recipes")}

    assert [bench.plan(again).results.objective, bench.plan(again, bare).results.objective] == pytest.approx([27, 32])
    assert bench.plan(again).results.objective == pytest.approx(27) and len(expanded) == 1
    bench.plan(replace(again, objective={"cost": 2.0}))
    assert len(expanded) == 2
    bench.plan(again)
    assert len(expanded) == 3
