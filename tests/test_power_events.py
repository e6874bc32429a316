"""Does the region behave like the real one when power is short? The shipped scenarios, solved, against what is known of 2022."""

from __future__ import annotations

import pandas as pd
import pytest
from runs import ROOT, quiet

from model import pipeline
from model.opening import open_scenario

LINES = "potline_"


@pytest.fixture(scope="module")
def drought() -> pipeline.Run:
    return pipeline.run(*open_scenario("dry_late_summer", None, ROOT, {}), quiet)


def running(run: pipeline.Run) -> pd.DataFrame:
    """kt a year of running potline capacity: region by period."""
    table = run.results.values["running"]
    table = table[table["unit"].str.startswith(LINES)]
    region = table["site"].map(run.prepared.core["sites"].set_index("site")["region"])
    return table.assign(region=region).pivot_table(index="region", columns="period", values="value", aggfunc="sum")


def missing(run: pipeline.Run) -> pd.DataFrame:
    """GWh that other users miss: zone and step by period."""
    table = run.results.values["short"]
    return table[table["commodity"] == "electricity"].pivot_table(index=["site", "segment"], columns="period", values="value")


def test_all_smelters_of_sichuan_stop_in_august(drought: pipeline.Run) -> None:
    """August 2022: nearly all of Sichuan's 1 Mt was shut; 60 kt short of it at most may run on here."""
    kt = running(drought)
    assert kt.loc["sichuan", "m08"] <= 60.0
    assert kt.loc["sichuan", "m07"] == pytest.approx(1060.0)
    assert kt.loc["chongqing", "m08"] == pytest.approx(330.0)  # the captive plant makes its own power


def test_recovery_takes_the_months_that_were_expected_in_2022(drought: pipeline.Run) -> None:
    """Two months at least after August (expected in September 2022), seven at most (0.8 of 1.0 Mt in March 2023)."""
    kt = running(drought).loc["sichuan"]
    assert kt["m09"] < 0.5 * 1060 < kt["m10"] < 0.8 * 1060
    assert kt["m12"] == pytest.approx(1060.0)


def test_others_are_cut_in_order_and_households_not_at_all(drought: pipeline.Run) -> None:
    """Smelters first; then demand response, then orderly use; a sixth to a tenth of August's load, as when industry stood still in 2022."""
    gwh = missing(drought)
    assert (gwh.drop(columns="m08") < 1e-6).all(axis=None)
    steps = gwh["m08"]["zone_sichuan"]
    offered = drought.results.case.columns["sale"].query("commodity == 'electricity' and site == 'zone_sichuan' and period == 'm08'").set_index("segment")
    assert steps["step1"] == pytest.approx(float(offered.loc["step1", "must_serve"]))
    assert 0 < steps["step2"] < float(offered.loc["step2", "must_serve"])
    assert steps["step3"] == pytest.approx(0.0, abs=1e-6)
    assert 0.08 < steps.sum() / float(offered["must_serve"].sum()) < 0.18


def test_a_calendar_with_august_cut_in_two_has_the_same_objective(base_run: pipeline.Run) -> None:
    """Splitting a month with equal data changes nothing, to 1e-9 of the objective."""
    scenario, data = open_scenario("thirteen_periods", None, ROOT, {})
    run = pipeline.run(scenario, data, quiet)
    assert len(run.results.case.calendar.periods) == 13
    assert run.results.objective == pytest.approx(base_run.results.objective, rel=1e-9)


def test_three_hydrological_years_share_one_investment() -> None:
    scenario, data = open_scenario("three_branches", None, ROOT, {})
    prepared = pipeline.prepare(scenario, data, pipeline.Clock(quiet))
    periods = prepared.core["periods"]
    assert len(periods) == 36
    assert periods.groupby("branch")["probability"].first().to_dict() == {"normal": 0.75, "dry_late_summer": 0.1, "dry_winter": 0.15}
    assert set(prepared.core["options"]["period"]) == {"*"}
