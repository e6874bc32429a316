"""Datasets that leave out every table they may leave out still get a report, or a reason, never a traceback."""

from __future__ import annotations

import re

import pytest
from runs import dataset, solved

from maps import publish, tables
from maps.assemble import assemble
from maps.names import Names
from model.accounting import trace
from model.opening import open_scenario
from model.output import write_run
from model.problems import ExitCode, Refusal


def test_options_without_effects_and_without_commodities_are_reported(tmp_path):
    """2 t are bought at 10; the option adds nothing anywhere, so it is not built and has no unit."""
    run = solved(dataset(
        tmp_path / "data", supply="commodity site price\ng s 10", demand="commodity site min max price\ng s 2 2 0",
        options="option period variable_cost max_size\nwait * 1 5",
    ))
    view = assemble(run)
    assert run.results.objective == pytest.approx(20.0)
    assert view.plan[["option", "status", "size"]].to_numpy().tolist() == [["wait", "not_built", 0.0]]
    (tmp_path / "out").mkdir()
    assert publish.write(run, tmp_path / "out")


def test_goods_that_only_go_round_have_no_average_cost(tmp_path):
    """A rebate of 1 for up to 5 t sent from a to b and back without any source: no inflow, so nothing to trace."""
    run = solved(dataset(
        tmp_path / "data", lanes="commodity from to unit_cost max_flow\ng a b -1 5\ng b a 0 5",
    ))
    assert run.results.objective == pytest.approx(-5.0)
    assert trace(run.results, "all").goods.empty


def test_an_impossible_capacity_in_a_period_without_length_is_explained(tmp_path):
    tables = {
        "periods": "period stage length\np1 y 1\np2 y 0", "recipes": "technology site commodity quantity\nt s g 1",
        "tech_sites": "technology site variable_cost\nt s 0", "capacity_use": "technology unit use\nt u 1",
        "capacity": "unit site amount\nu s 5", "demand": "commodity site period min max price\ng s p2 1 1 0",
    }
    with pytest.raises(Refusal) as refusal:
        solved(dataset(tmp_path / "data", **tables))
    assert refusal.value.code is ExitCode.INFEASIBLE


def test_decisions_bound_and_published_optimum_stand_in_the_report(tmp_path):
    """One warehouse of two: 5 + 3 against 7 + 2 for serving 1; the relaxation takes a tenth of b: 7/10 + 2 = 2.7."""
    folder = dataset(
        tmp_path / "data", supply="commodity site price\nx a 3\nx b 2", demand="commodity site min max price\nx m 1 1 0",
        lanes="commodity from to unit_cost fixed_cost max_flow\nx a m 0 5 10\nx b m 0 7 10", expected="objective\n8",
    )
    run = solved(folder)
    assert run.results.objective == pytest.approx(8)
    write_run(run, tmp_path / "out", publish.write)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "2 yes/no decisions; lower bound: the solver claims 8 (gap 0.0000 %), the independent check proves 2.7." in page
    assert "The published optimum is 8, relative difference 0.0e+00." in page
    assert "本数据集只有核心表" in page


def test_flows_of_a_dataset_of_three_tables_are_shown_in_its_own_units(tmp_path):
    """Two mines and a market and nothing else: 80 from the near one at 12 each, 20 from the far one at 30; no kilometres, no yuan."""
    run = solved(dataset(
        tmp_path / "data", supply="commodity site price max\nore near 5 80\nore far 5 100", demand="commodity site min max price\nore town 100 100 0",
        lanes="commodity from to unit_cost\nore near town 12\nore far town 30",
    ))
    view = assemble(run)
    table = tables.flows(view, Names(view))
    rows = [[re.sub(r"<[^>]+>", "", str(cell)) for cell in row] for row in table.rows]
    assert [(row[4], row[5], row[6]) for row in rows] == [("80.0", "—", "12"), ("20.0", "—", "30")]
    assert "near" in rows[0][1] and "ore" in rows[0][0]
    heads = [str(head) for head, _ in table.heads]
    assert not any("yuan" in head or "kt" in head for head in heads)


def test_what_a_scenario_changes_in_the_data_stands_in_its_report_in_words(tmp_path):
    """A price of 10 set to 12: said once in each language; a scenario without changes says nothing."""
    folder = dataset(tmp_path / "data", supply="commodity site price\ng s 10", demand="commodity site min max price\ng s 2 2 0")
    file = tmp_path / "dear.toml"
    file.write_text("[[change]]\ntable = 'supply'\nset = { price = 12 }\n", encoding="utf-8")
    ((zh, en),) = assemble(solved(folder, open_scenario(str(file), folder, tmp_path, {})[0])).inputs
    assert "10 → 12" in zh and "10 → 12" in en and zh != en
    assert assemble(solved(folder)).inputs == []
