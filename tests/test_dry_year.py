"""What scenarios/dry_year.toml says of itself: no plant makes less, no power is short, and the tariffs are what costs more."""

from __future__ import annotations

import pandas as pd
import pytest
from runs import ROOT

from model.problems import Problems
from model.reading import read
from model.scenario import load

VALUES = pd.read_csv(ROOT / "tests" / "scenario_values.csv")
MADE = ["alumina_output", "primary_output_sichuan", "primary_output_chongqing", "processing_output", "recycled_output", "power_used"]


def values(scenario: str) -> pd.Series:
    return VALUES[VALUES["scenario"] == scenario].set_index("indicator")["value"]


def test_every_output_is_that_of_the_base_and_nothing_is_unserved():
    dry, base = values("dry_year"), values("base")
    assert dry[MADE].to_numpy() == pytest.approx(base[MADE].to_numpy(), rel=1e-6)
    assert (dry[["unserved_zone_sichuan", "unserved_zone_chongqing"]] == 0).all()
    assert dry["objective"] > base["objective"]


def test_its_tariffs_are_dearer_and_assumed():
    prices = read(ROOT / "data" / "chuanyu", Problems()).tables["tariff_prices"]
    every = prices[prices["branch"] == ""].set_index(["tariff", "month"])["price"]
    dry = prices[prices["branch"] == "dry_year"]
    own = dry.set_index(["tariff", "month"])["price"]
    assert (own > every.reindex(own.index) - 1e-12).all() and (own > every.reindex(own.index)).any()
    assert set(dry["grade"]) == {"D"}


def test_the_scenario_says_so():
    scenario = load(ROOT / "scenarios" / "dry_year.toml", Problems())
    assert "市场电价" in scenario.question["zh"] and "market tariffs" in scenario.question["en"]
