"""Objectives in words: with the years they count, for a sum over several years is no sum of a year."""

from __future__ import annotations

import pytest

from model.explore.numbers_said import said_amount, said_objective


@pytest.mark.parametrize(("unit", "years", "zh", "en"), [
    ("million yuan", 1.0, "-17,071.7 百万元/年", "-17,071.7 million yuan a year"),
    ("million yuan", sum([1 / 12] * 12), "-17,071.7 百万元/年", "-17,071.7 million yuan a year"),
    ("million yuan", 8.5, "-17,071.7 百万元(各规划年加权合计,权重共 8.5 年)", "-17,071.7 million yuan in all planning years, which weigh 8.5 years together"),
    ("money", 8.5, "-17,071.7", "-17,071.7"),
])
def test_an_objective_says_what_years_it_counts(unit, years, zh, en):
    assert (said_objective(-17071.7, unit, years, "zh"), said_objective(-17071.7, unit, years, "en")) == (zh, en)


def test_an_amount_of_a_table_has_the_digits_of_a_change_without_a_plus():
    assert [said_amount(value) for value in (670.895, 2278.04, -81.2003, 0.0, 1e-12, float("nan"))] == ["670.9", "2,278", "-81.2", "0", "0", "–"]
