"""The benchmark compares equal programs, its table says what was measured, and the fast road has not become slow."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

import numpy as np
import pytest
from runs import ROOT

from benchmarks import measure, raw, roads, table, warm
from benchmarks.worlds import SIZES, case_of, world
from model.program import plain_program
from model.templates import compile_case

SMALLEST = next(iter(SIZES))
# a guard against regressions on any machine, far above what docs/benchmarks.md quotes
MOST_TIMES_RAW, LEAST_TIMES_PLAIN = 60, 4


@pytest.fixture(scope="module")
def smallest():
    made = world(SMALLEST)
    return made, case_of(made)


def test_all_roads_give_the_same_program(smallest):
    """The hand-written arrays are a third opinion on the formulation: same rows, columns, bounds and costs in the same order."""
    made, case = smallest
    by_hand, fast = raw.program(made), compile_case(case)
    for part in ("cost", "lower", "upper", "row_lower", "row_upper"):
        np.testing.assert_allclose(getattr(fast, part), getattr(by_hand, part), rtol=1e-12)
    difference = (fast.matrix - by_hand.matrix).tocsc()
    assert fast.nonzeros == by_hand.nonzeros
    assert difference.nnz == 0 or abs(difference.data).max() < 1e-12


def test_the_other_tools_find_the_same_optimum(smallest):
    pytest.importorskip("linopy")
    optimum = roads.objective(roads.by_hand(smallest))
    for road in ("arrays", "labels", "linopy"):
        assert roads.objective(roads.ROADS[road](smallest)) == pytest.approx(optimum, rel=1e-7), road


def test_a_network_of_pypsa_finds_the_same_optimum(smallest):
    """Its markets are loads: the worth of all sales is no cost there."""
    pytest.importorskip("pypsa")
    from benchmarks.pypsa_peer import model, sales_worth

    made, _ = smallest
    found = roads.objective(roads.pypsa(smallest))
    assert found - sales_worth(made) == pytest.approx(roads.objective(roads.by_hand(smallest)), rel=1e-7)
    with pytest.raises(ValueError, match="one stage"):
        model(replace(made, stages=2))


def test_the_fast_road_has_not_become_slow(smallest):
    """Ratios of processor seconds in one process: no figure depends on the machine."""
    made, case = smallest

    def median(way):
        seconds = []
        for _ in range(5):
            start = time.process_time()
            way()
            seconds.append(time.process_time() - start)
        return statistics.median(seconds)

    compile_case(case)  # templates are made once
    fast, floor = median(lambda: roads.arrays(smallest)), median(lambda: roads.by_hand(smallest))
    start = time.process_time()
    plain_program(case)
    assert fast < MOST_TIMES_RAW * floor
    assert time.process_time() - start > LEAST_TIMES_PLAIN * fast


def figures(road, seconds, nonzeros=1000, size="w"):
    return measure.Figures(size, road, nonzeros, seconds, 0.0, 12.0)


def test_a_peer_that_is_not_installed_has_no_version(monkeypatch):
    monkeypatch.setattr(table, "LIBRARIES", ("numpy", "no such library"))
    assert f", numpy {np.__version__}." in table.page([figures("raw", [1])])


def test_the_table_is_worked_out_by_hand():
    """Medians 2 and 6: three times the limit; from 1,000 to 100,000 nonzeros the time grows tenfold: exponent 0.5."""
    found = [
        figures("raw", [1, 2, 9]), figures("arrays", [6, 5, 7]), figures("arrays", [6], 10, "v"), figures("arrays", [60], 100_000, "x"),
        measure.Figures("shipped", "plain", 7, [3.0], 0.0, None),
    ]  # fmt: skip
    text = table.page(found)
    assert "| w | 1,000 | arrays | 3 | 6 | 5–7 | 3.0 | 1.0 | 12 |" in text
    assert "| shipped | 7 | plain | 1 | 3 | 3–3 | – | – | – |" in text
    assert "from 1,000 to 100,000 nonzeros: 0.50" in text
    assert "Exponent" not in table.page(found[:2])


def test_every_size_and_road_is_planned_once():
    whole, quick = list(measure.plan(quick=False)), list(measure.plan(quick=True))
    assert len(set(whole)) == len(whole) == 4 + 3 * 6 + 4 + 1  # PyPSA on the world of one stage
    assert {runs for _, _, runs in whole} == {5}
    assert set(quick) < set(whole)
    assert {road for _, road, runs in measure.plan(quick=False, slow_runs=1) if runs == 1} == {"plain", "appsi"}
    assert len(quick) == 4 + 2 * 6 + 1


@pytest.mark.parametrize("name", ["benchmarks.md", "benchmarks.zh.md"])
def test_the_manual_quotes_the_table(name):
    quoted = (ROOT / "docs" / name).read_text(encoding="utf-8")
    results = (ROOT / "benchmarks" / "results.md").read_text(encoding="utf-8")
    assert results in quoted
    assert table.quoted(quoted, results) == quoted
    assert "Measured 20" in results


def test_time_of_a_part_belongs_to_the_innermost(monkeypatch):
    """The clock ticks at every change: 1 s of the outer part before the inner one, 1 s inside, 1 s after."""
    clock = iter(range(100))
    monkeypatch.setattr(warm.time, "thread_time", lambda: float(next(clock)))
    watch = warm.Watch()
    inner = watch.timed(lambda value: value + 1, "inner")
    watch.start()
    assert watch.timed(lambda: inner(1), "outer")() == 2
    assert dict(watch.seconds) == {warm.REST: 1.0, "outer": 2.0, "inner": 1.0}


def test_a_warm_case_is_measured_part_by_part(tmp_path, monkeypatch):
    """Every part is there, and the parts of ours leave out what HiGHS takes."""
    monkeypatch.setattr(warm, "REPETITIONS", 1)
    monkeypatch.setattr(warm, "COLD", 1)
    monkeypatch.setattr(warm, "CASES", {SMALLEST: 4})
    costs, plans = (dict(zip(warm.HEAD, line, strict=True)) for line in warm.lines(SMALLEST, tmp_path))
    assert (costs["asked"], plans["asked"]) == ("costs", "plans") and costs["nonzeros"] == "23,628"
    for line in (costs, plans):
        parts = [float(line[part]) for part in warm.PARTS]
        assert float(line["ours"]) == pytest.approx(sum(parts), rel=0.02) and float(line[warm.RUN]) > float(line["fetch"]) > 0
    assert float(costs["row"]) == 0 < float(plans["row"])
