"""Prices: every conversion worked out by hand from the published quote."""

from __future__ import annotations

import pytest

from model.expand.prices import PriceBook
from model.problems import Problems
from model.tables import Tables, frame

VAT = 0.13


def quote(price: str, central: float, unit: str = "yuan/t", vat: str = "incl", period: str = "2025") -> dict[str, object]:
    """A row of ``prices`` with equal low, central and high."""
    rate = VAT if vat == "incl" else 0.0
    figures = {"low": central, "central": central, "high": central}
    return {"price": price, "period": period, "unit": unit, "vat": vat, "vat_rate": rate, "source": "GK", "grade": "C", **figures}


def book(*rows: dict[str, object], period: str = "2025") -> tuple[PriceBook, Problems]:
    """The price book of these rows and the problems it reports to."""
    problems = Problems()
    tables: Tables = {"prices": frame("prices", rows)}
    return PriceBook(tables, period, problems), problems


def test_quote_with_vat_is_divided_by_1_13() -> None:
    prices, _ = book(quote("aluminium_a00", 20700))
    assert prices.ex_vat("aluminium_a00") == pytest.approx(18.31858, abs=1e-5)  # 20,700 / 1.13 = 18,318.58 yuan/t


def test_quote_without_invoice_is_never_divided() -> None:
    prices, _ = book(quote("scrap_mixed", 15600, vat="excl"))
    assert prices.ex_vat("scrap_mixed") == pytest.approx(15.6)  # decision D6


def test_rate_of_a_quote_without_vat_is_ignored() -> None:
    row = quote("fee", 1800, vat="excl") | {"vat_rate": VAT}
    prices, _ = book(row)
    assert prices.ex_vat("fee") == pytest.approx(1.8)


def test_dollar_quote_goes_through_the_exchange_rate() -> None:
    prices, _ = book(quote("bauxite", 81, "USD/t", "none"), quote("usd", 7.18, "yuan/USD", "none"))
    assert prices.ex_vat("bauxite") == pytest.approx(0.58158)  # 81 x 7.18 = 581.58 yuan/t, no VAT in a CIF price


def test_gas_is_million_yuan_per_million_cubic_metres() -> None:
    prices, _ = book(quote("gas", 2.6, "yuan/Nm3"))
    assert prices.ex_vat("gas") == pytest.approx(2.300885, abs=1e-6)  # 2.6 / 1.13


def test_basis_stands_in_the_vat_basis_of_the_quote() -> None:
    prices, _ = book(quote("aluminium_a00", 20700))
    assert prices.ex_vat("aluminium_a00", -110) == pytest.approx(18.221239, abs=1e-6)  # 20,590 / 1.13


@pytest.mark.parametrize(("period", "expected"), [("2025", 20.7), ("2023-01", 18.334)])
def test_only_the_rows_of_the_period_count(period: str, expected: float) -> None:
    rows = (quote("a", 20700, vat="none"), quote("a", 18334, vat="none", period="2023-01"))
    prices, _ = book(*rows, period=period)
    assert prices.ex_vat("a") == pytest.approx(expected)


def purchase(**cells: object) -> dict[str, object]:
    """A row of ``purchases`` as the expansion sees it."""
    row = {"commodity": "ingot", "site": "gateway_gansu", "price": "aluminium_a00", "_file": "purchases.csv", "_row": 7, **cells}
    records: list[dict[str, object]] = frame("purchases", [row]).to_dict("records")
    return records[0]


def test_buying_price_is_hub_price_less_freight_plus_spread() -> None:
    prices, problems = book(quote("aluminium_a00", 20700))
    price = prices.at(purchase(freight=-361, spread=150), "purchases")
    assert price == pytest.approx(18.107584, abs=1e-6)  # 18,318.584 - 361 + 150
    assert not problems.errors


def test_fee_keeps_its_own_vat_basis() -> None:
    prices, _ = book(quote("aluminium_a00", 20700), quote("fee_can", 3900, vat="excl"), quote("fee_rod", 565))
    assert prices.at(purchase(fee="fee_can"), "purchases") == pytest.approx(22.218584, abs=1e-6)  # 18,318.584 + 3,900
    assert prices.at(purchase(fee="fee_rod"), "purchases") == pytest.approx(18.818584, abs=1e-6)  # 18,318.584 + 565 / 1.13


def test_missing_price_is_reported_with_its_place_and_the_nearest_name() -> None:
    prices, problems = book(quote("aluminium_a00", 20700))
    assert prices.at(purchase(price="aluminum_a00"), "purchases") is None
    (problem,) = problems.errors
    assert (problem.rule, problem.file, problem.row, problem.column) == ("market_price_missing", "purchases.csv", 7, "price")
    assert problem.suggestion == "aluminium_a00"
    assert "2025" in problem.text("en") and "2025" in problem.text("zh")


def test_missing_fee_is_reported() -> None:
    prices, problems = book(quote("aluminium_a00", 20700))
    assert prices.at(purchase(fee="fee_can"), "purchases") is None
    assert [problem.column for problem in problems.errors] == ["fee"]


def test_dollar_quote_without_exchange_rate_is_reported() -> None:
    prices, problems = book(quote("bauxite", 81, "USD/t", "none"))
    assert prices.at(purchase(price="bauxite"), "purchases") is None
    assert [problem.rule for problem in problems.errors] == ["market_price_missing"]


def test_quote_of_another_year_does_not_serve() -> None:
    prices, problems = book(quote("aluminium_a00", 18334, period="2023-01"))
    assert prices.at(purchase(), "purchases") is None
    assert len(problems.errors) == 1
