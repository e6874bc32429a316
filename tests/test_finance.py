"""Annuities and the yearly charge of options, against numbers worked out by hand."""

from __future__ import annotations

import pytest

from model.expand.finance import Money, annuity, money
from model.expand.investment import option_charge
from model.tables import frame


def test_annuity_of_a_potline() -> None:
    # 0.08 / (1 - 1.08^-20); 1.08^20 = 4.660957, its inverse 0.2145482; 0.08 / 0.7854518 = 0.1018522
    assert annuity(0.08, 20) == pytest.approx(0.1018522, abs=5e-8)


def test_annuity_of_a_mill() -> None:
    # 1.08^15 = 3.172169, its inverse 0.3152417; 0.08 / 0.6847583 = 0.1168295
    assert annuity(0.08, 15) == pytest.approx(0.1168295, abs=5e-8)


def test_annuity_of_one_year_repays_all_with_interest() -> None:
    assert annuity(0.1, 1) == pytest.approx(1.1)


def test_annuity_without_interest_is_straight_line() -> None:
    assert annuity(0.0, 25) == pytest.approx(0.04)


def test_annuity_repays_the_present_value() -> None:
    payments = sum(annuity(0.06, 12) / 1.06**year for year in range(1, 13))
    assert payments == pytest.approx(1.0)


@pytest.mark.parametrize("life", [0.0, -5.0])
def test_a_life_must_be_positive(life: float) -> None:
    with pytest.raises(ValueError, match="life"):
        annuity(0.08, life)


def test_money_is_the_default_row() -> None:
    tables = {"finance": frame("finance", [
        {"case": "low", "rate": 0.06, "planning_year": 2026}, {"case": "default", "rate": 0.08, "planning_year": 2027},
    ])}
    assert money(tables) == Money(0.08, 2027)


def test_money_without_a_default_row() -> None:
    assert money({}) is None
    assert money({"finance": frame("finance", [{"case": "low", "rate": 0.06, "planning_year": 2026}])}) is None


def test_charge_of_an_option_is_annuity_and_fixed_cost() -> None:
    technology = {"life": 20.0, "fixed_cost": 440.0}
    # 8,600 yuan per t and year = 8.6 million yuan per kt: 8.6 x 0.1018522 = 0.8759289, and 440 yuan/t = 0.44
    assert option_charge(technology, 8.6, Money(0.08, 2027)) == pytest.approx(1.3159289, abs=1e-6)
