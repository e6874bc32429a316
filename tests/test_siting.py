"""Switch points of siting choices along inputs that move costs, bounds or coefficients: worked out by hand and proved by rebuilding just beside."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from runs import command_line, dataset, quiet

from model import pipeline
from model.expand import siting_inputs
from model.expand.siting_inputs import Choice, Input
from model.explore import siting
from model.scenario import Scenario
from model.solve import LoadedProgram, Status

# 10 of metal are wanted; the works make up to 6 at 5 + 2 of power, the rest is bought near by at 9 (up to 6) and far away at 20
METAL = {
    "recipes": "technology commodity quantity\nsmelt power -2\nsmelt metal 1", "tech_sites": "technology site variable_cost max_activity\nsmelt park 5 6",
    "supply": "commodity site tier price max\npower park grid 1 -\nmetal park near 9 6\nmetal park far 20 -", "demand": "commodity site min max price\nmetal park 10 10 0",
}
SMELT = Choice("smelt", ("冶炼", "smelting"), (("activity", (("technology", "smelt"),)),))
FAR = Choice("far", ("远购", "bought far away"), (("supply", (("tier", "far"),)),))
CELL = 1.0 / (siting.CELLS * 2**siting.HALVINGS)  # share of the reach that halving leaves


def item(*edits, central=1.0, reach=(-0.9, 8.0), low=0.5, high=1.5):
    return Input("i", ("价", "price"), "yuan", central, low, high, reach, edits)


POWER = item(("supply", "commodity", ("power",), "price"))


@pytest.fixture
def prepared(tmp_path):
    return pipeline.prepare(Scenario("toy", tmp_path), dataset(tmp_path, **METAL), pipeline.Clock(quiet))


def flips(prepared, what, *watched):
    line = siting.along(prepared, *pipeline.make(prepared, pipeline.Clock(quiet)), what)
    assert line is not None
    return siting.switches(line, what, watched)


def proved(prepared, what, change, choice):
    """Whether the choice stands just below and just above: the tables themselves changed, built and solved anew."""
    states = []
    for beside in (-0.02, 0.02):
        case, program = siting.rebuilt(prepared, what, change + beside * (what.reach[1] - what.reach[0]))
        loaded = LoadedProgram(program)
        assert loaded.run() is Status.OPTIMAL
        line = siting.Line(case, program, 0.0, {}, [])
        states.append(bool(loaded.solution().values[siting._positions(line, choice.watched)].sum() > siting.PRESENT))
    return states


def test_a_cost(prepared):
    """4 must be made or bought for 20: until 5 + 2p = 20, p = 7.5; from 5 + 2p = 9 on, p = 2, the near metal comes first."""
    (change, stands, note), (far, there, _) = flips(prepared, POWER, SMELT, FAR)
    assert (change, stands, note) == (pytest.approx(6.5, abs=8 * CELL), True, "")
    assert (far, there) == (pytest.approx(6.5, abs=8 * CELL), False)
    assert proved(prepared, POWER, change, SMELT) == [True, False]
    assert proved(prepared, POWER, far, FAR) == [False, True]


def test_a_coefficient(prepared):
    """Power at 1: the works stop where a tonne takes 15 of it, 5 + 15 = 20."""
    use = item(("recipes", "commodity", ("power",), "quantity"), central=-2.0, reach=(-20.0, 1.9))
    change, stands, _ = flips(prepared, use, SMELT)[0]
    assert (change, stands) == (pytest.approx(-13.0, abs=20 * CELL), True)
    assert proved(prepared, use, change, SMELT) == [False, True]


def test_a_bound_of_a_column_and_of_a_row(prepared):
    """Far metal comes where the works make less than 4, and where more than 6 + 6 are wanted."""
    works = item(("tech_sites", "technology", ("smelt",), "max_activity"), central=6.0, reach=(-5.9, 6.0))
    change, stands, _ = flips(prepared, works, FAR)[0]
    assert (change, stands) == (pytest.approx(-2.0, abs=6 * CELL), False)
    assert proved(prepared, works, change, FAR) == [True, False]
    wanted = item(("demand", "commodity", ("metal",), "min"), ("demand", "commodity", ("metal",), "max"), central=10.0, reach=(-9.0, 8.0))
    change, _, _ = flips(prepared, wanted, FAR)[0]
    assert change == pytest.approx(2.0, abs=9 * CELL)
    assert proved(prepared, wanted, change, FAR) == [False, True]


def test_the_nearer_of_two_flips_counts(prepared):
    """Near metal is bought from p = 2 for all of its 6; below p = 2 only 4 of it: it stands at both, and smelting never leaves up to p = 7."""
    short = item(("supply", "commodity", ("power",), "price"), reach=(-0.9, 6.0))
    change, stands, note = flips(prepared, short, SMELT)[0]
    assert math.isnan(change) and stands and note == ""


def test_where_there_is_no_plan_the_search_ends(tmp_path):
    """Without the far metal more than 12 cannot be had: nothing flips before that."""
    texts = METAL | {"supply": "commodity site tier price max\npower park grid 1 -\nmetal park near 9 6"}
    prepared = pipeline.prepare(Scenario("toy", tmp_path), dataset(tmp_path, **texts), pipeline.Clock(quiet))
    wanted = item(("demand", "commodity", ("metal",), "min"), ("demand", "commodity", ("metal",), "max"), central=10.0, reach=(0.0, 8.0))
    assert math.isnan(flips(prepared, wanted, SMELT)[0][0])


def test_what_is_not_linear_is_told_and_not_guessed(tmp_path, monkeypatch):
    """Price times weight: both move, so the cost is no line between the ends."""
    folder = dataset(tmp_path, periods="period stage weight\nyear year 1", **METAL)
    square = item(("supply", "commodity", ("power",), "price"), ("periods", "period", ("year",), "weight"))
    monkeypatch.setattr(siting, "inputs", lambda tables, core: (square,))
    monkeypatch.setattr(siting, "choices", lambda tables, core: (SMELT,))
    table = siting.find(Scenario("toy", folder), folder, quiet)
    assert table["flips_at"].isna().all()
    assert table["note_en"].tolist() == ["the program is not linear in this input: no switch point is told"]


def test_the_table_tells_the_fragile_first(tmp_path, monkeypatch, capsys):
    folder = dataset(tmp_path / "data", **METAL)
    wide = Input("wide", ("宽", "wide"), "yuan", 1.0, -9.0, 11.0, (-0.9, 8.0), POWER.edits)
    none = Input("none", ("无", "none"), "yuan", 1.0, math.nan, math.nan, (-0.9, 8.0), POWER.edits)
    monkeypatch.setattr(siting, "inputs", lambda tables, core: (none, POWER, wide))
    monkeypatch.setattr(siting, "choices", lambda tables, core: (SMELT,))
    table = siting.find(Scenario("toy", folder), folder, quiet)
    assert list(table["input"]) == ["wide", "i", "none"]
    assert table["distance"].tolist()[:2] == [pytest.approx(6.5 / 20, abs=0.01), pytest.approx(6.5, abs=0.1)]
    assert table["flips_at"].tolist() == [pytest.approx(7.5, abs=8 * CELL)] * 3 and math.isnan(table["distance"][2])
    assert command_line().main(["switches", "--data", str(folder), "--out", str(tmp_path / "t.csv"), "--lang", "en"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert any(line.startswith("smelting") and "holds now, no longer at the switch point" in line for line in printed)
    assert "0 more pairs of choice and input do not flip within the range of the search (see the table that --out writes)." in printed
    assert list(pd.read_csv(tmp_path / "t.csv", encoding="utf-8-sig").columns) == list(siting.COLUMNS)


def test_a_dataset_without_siting_choices(tmp_path, capsys):
    folder = dataset(tmp_path, **METAL)
    assert command_line().main(["switches", "--data", str(folder), "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "该数据集没有可检验的布局选择或参数。"


def _swapping(run):
    return {**run.prepared.tables, "swap_pools": run.prepared.tables["swap_pools"].assign(closures_allowed=1.0, new_potlines_allowed=1.0)}


def test_the_inputs_of_the_shipped_dataset_with_their_ranges(base_run):
    """The seven inputs as the tables state them; the gap is 0.54 less the 0.438 that a flat load pays in Sichuan."""
    found = {item.key: item for item in siting_inputs.inputs(_swapping(base_run), base_run.prepared.core)}
    assert set(found) == {"power_gap", "swap_ratio", "quota_cap", "capex", "carbon_price", "scrap_price", "metal_price"}
    stated = {key: (item.central, item.low, item.high) for key, item in found.items()}
    assert stated["capex"] == (8600, 7000, 10000)
    assert stated["carbon_price"] == (62.36, 50, 105)
    assert stated["scrap_price"] == (15600, 14600, 16600)
    assert stated["metal_price"] == (20700, 20493, 20907)
    assert stated["swap_ratio"] == (1, 1, 1.25)
    assert stated["power_gap"] == pytest.approx((0.54 - 0.438147, 0.48 - 0.438147, 0.60 - 0.438147), abs=1e-5)
    assert found["quota_cap"].central == 0 and math.isnan(found["quota_cap"].low)
    assert found["quota_cap"].reach == (0, base_run.prepared.tables["plants"]["capacity"].sum())
    closed = {item.key for item in siting_inputs.inputs(base_run.prepared.tables, base_run.prepared.core)}
    assert closed == {"power_gap", "carbon_price", "scrap_price", "metal_price"}  # without swap there is no ratio, quota or new potline


def test_the_choices_of_the_shipped_dataset(base_run):
    told = {choice.key: choice.what[1] for choice in siting_inputs.choices(_swapping(base_run), base_run.prepared.core)}
    assert told["potline_guofeng"] == "Guofeng stays where it is" and told["potline_aba"] == "Aba (Bosai) keeps running"
    assert told["new_potline_meishan"] == "New potline at Meishan is built"
    assert told["recycling_qijiang"].startswith("a new recycled line at")
    assert not any(key.startswith("new_potline") for key in (c.key for c in siting_inputs.choices(base_run.prepared.tables, base_run.prepared.core)))


def test_only_the_cells_of_an_input_move(base_run):
    found = {item.key: item for item in siting_inputs.inputs(_swapping(base_run), base_run.prepared.core)}
    before = base_run.prepared.tables
    after = siting_inputs.moved(before, found["metal_price"], 100.0)
    difference = after["prices"]["central"] - before["prices"]["central"]
    moved = before["prices"][difference != 0]
    assert moved[["price", "period"]].to_numpy().tolist() == [["aluminium_a00", "2025"]] and difference.max() == 100.0
    assert all(after[name] is before[name] for name in before if name != "prices")
    gap = siting_inputs.moved(before, found["power_gap"], 0.05)["tariffs"].set_index("tariff")["price"]
    assert gap["chongqing_local"] == pytest.approx(0.59)
