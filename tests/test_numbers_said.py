"""Objectives in words: with the years they count, for a sum over several years is no sum of a year."""

from __future__ import annotations

import pytest

from model.explore.numbers_said import digits, said_amount, said_change, said_number, said_objective


@pytest.mark.parametrize(("unit", "years", "zh", "en"), [
    ("million yuan", 1.0, "-17,071.7 百万元/年", "-17,071.7 million yuan a year"),
    ("million yuan", sum([1 / 12] * 12), "-17,071.7 百万元/年", "-17,071.7 million yuan a year"),
    ("million yuan", 8.5, "-17,071.7 百万元(各规划年加权合计,权重共 8.5 年)", "-17,071.7 million yuan in all planning years, which weigh 8.5 years together"),
    ("money", 8.5, "-17,071.7", "-17,071.7"),
])
def test_an_objective_says_what_years_it_counts(unit, years, zh, en):
    assert (said_objective(-17071.7, unit, years, "zh"), said_objective(-17071.7, unit, years, "en")) == (zh, en)


@pytest.mark.parametrize(("value", "count", "told"), [
    (15600.0, 4, "15,600"), (15583.7, 4, "15,584"), (0.52314, 4, "0.5231"), (0.54, 4, "0.54"), (-0.5, 4, "-0.5"), (999.96, 4, "1,000"), (100.0, 3, "100"),
    (12.345, 3, "12.3"), (0.00002, 4, "0.00002"), (1.01e-10, 4, "0"), (-0.0, 4, "0"), (1234567.8, 3, "1,234,568"), (float("nan"), 4, "–"), (0.0999996, 4, "0.1"),
])
def test_numbers_have_digits_that_count_and_never_an_exponent(value, count, told):
    assert digits(value, count) == told


def test_amounts_and_changes_never_have_an_exponent():
    """Six digits below 1,000, one decimal above; a change has its sign and four digits."""
    assert [said_number(value) for value in (12.8978, 15600.0, 0.00001, 1234.56)] == ["12.8978", "15,600", "0.00001", "1,234.6"]
    assert [said_change(value) for value in (128.2, -9.156, 0.00002, 0.0, 15600.0)] == ["+128.2", "-9.156", "+0.00002", "0", "+15,600"]


def test_an_amount_of_a_table_has_the_digits_of_a_change_without_a_plus():
    assert [said_amount(value) for value in (670.895, 2278.04, -81.2003, 0.0, 1e-12, float("nan"))] == ["670.9", "2,278", "-81.2", "0", "0", "–"]
