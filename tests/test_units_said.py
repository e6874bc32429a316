"""Units in words: every unit of the shipped tables has a Chinese name, unknown ones stand for themselves."""

from __future__ import annotations

import pandas as pd
import pytest

from model.case.columns import core_table
from model.explore.siting import COLUMNS, lines
from model.words.lookup import unit_words


@pytest.mark.parametrize(("unit", "zh", "en"), [
    ("kt ce", "千吨标准煤", "kt ce"), ("t CO2e/t", "吨 CO₂ 当量/吨", "t CO₂e/t"), ("yuan/t", "元/吨", "yuan/t"), ("thousand yuan/t", "千元/吨", "thousand yuan/t"),
    ("million yuan per share", "百万元/单位比例", "million yuan per unit of share"), ("fraction", "比例", "fraction"), ("kWh/t", "千瓦时/吨", "kWh/t"),
    ("million yuan per million yuan", "百万元/百万元", "million yuan per million yuan"), ("percent", "%", "%"), ("bushels", "bushels", "bushels"), ("", "", ""),
])
def test_a_unit_in_both_languages(unit, zh, en):
    assert unit_words(unit) == (zh, en)


def test_every_unit_of_goods_and_indicators_of_the_shipped_dataset_has_words(base_run):
    core = base_run.prepared.core
    units = {*core_table(core, "commodities")["unit"], *core_table(core, "indicators")["unit"]} - {"", "GWh"}  # 吉瓦时 is written GWh
    assert {unit for unit in units if unit_words(unit)[0] == unit} == set()


def test_switch_points_name_the_unit_in_the_language_of_the_reader():
    row = dict.fromkeys(COLUMNS, "") | {"central": 0.54, "flips_at": 0.52, "unit": "yuan/kWh", "distance": 0.4}
    assert any("元/千瓦时" in line for line in lines(pd.DataFrame([row]), "zh"))
