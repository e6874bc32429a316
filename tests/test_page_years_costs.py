"""Cost of metal on pages of several planning years or branches: every step of every plant in the year shown, and what the steps add up to."""

from __future__ import annotations

import re

import openpyxl
import pandas as pd
import pytest
from test_page_numbers import plain
from test_page_prices import texts_of
from test_page_years_prices import drawings

from maps.figures import number


def test_the_value_of_metal_at_every_plant(page):
    """Σ activity × quantity × price ÷ Σ activity in the year shown, expected over branches; cash, capital and rent add up to it in chart and waterfalls."""
    made = page.core["recipes"].query("quantity > 0").rename(columns={"site": "at"})
    work = page.year("activity")
    work = work[work["technology"].str.startswith("smelt") & (work["value"] > 0)]
    joined = made.merge(work, on="technology")
    joined = joined[(joined["at"] == "*") | (joined["at"] == joined["site"])].sort_values("at").drop_duplicates(["technology", "site", "commodity", "period"], keep="last")
    priced = joined.merge(page.found["balance_dual"], on=["commodity", "site", "period"])
    worth = (priced["expected"] * priced["quantity"] * priced["balance_dual"]).groupby([priced["technology"], priced["site"]]).sum()
    output = work.groupby(["technology", "site"])["expected"].sum()
    prices = sorted(number(1000 * worth[key] / output[key]) for key in output.index)
    section = page.section("costs")
    overview = re.search(r"<svg viewBox.*?</svg>", section, re.S).group(0)
    assert sorted(texts_of(overview, "total")) == prices and len(prices) >= 8
    sheet = waterfall_sheet(page)
    assert {(row.plant, row.site): row.total for row in sheet.itertuples()} == pytest.approx({key: 1000 * worth[key] / output[key] for key in output.index}, rel=1e-7)
    sums = sheet.pivot_table(index="plant", columns="group", values="yuan_per_t", aggfunc="sum").reindex(columns=["cash", "capital", "rent"]).fillna(0.0)
    assert list(sums.sum(axis=1)) == pytest.approx(list(sheet.groupby("plant")["total"].first()), abs=0.1)
    drawn = [number(value) for plant in sums.sort_values("cash", kind="stable").index for value in sums.loc[plant]]
    shown = texts_of(overview, "in-bar")
    assert len(shown) >= 2 * len(prices) and is_part(shown, drawn)  # what is too thin for words has none
    charts = drawings(page, "costs")[1:]
    assert len(charts) == len(prices) and sorted(steps_of(drawing)[-1] for _, drawing in charts) == prices
    popups = re.findall(r'<summary><span class="zh">[^<]*</span><span class="en">Cost of metal here.*?</details>', page.text, re.S)
    places = [drawing for popup in popups for drawing in re.findall(r"<svg viewBox.*?</svg>", popup, re.S)]
    for drawings_of in ([drawing for _, drawing in charts], places):
        assert sorted(map(tuple, map(steps_of, drawings_of))) == sorted(tuple(steps) for steps in wanted_steps(sheet))


def steps_of(drawing):
    """The figures of a waterfall in their order; nothing has no sign."""
    return [plain(one).replace("+0", "0") if plain(one) == "+0" else plain(one) for one in re.findall(r'<text[^>]*class="bar-value[^"]*"[^>]*>(.*?)</text>', drawing, re.S)]


def wanted_steps(sheet):
    """For each plant the steps that are at least half a yuan with their signs, and the sums after cash, after capital and in all."""
    for _, mine in sheet.groupby("plant"):
        cash, capital, rent = (mine[mine["group"] == group] for group in ("cash", "capital", "rent"))
        told = [signed(value) for value in cash["yuan_per_t"]]
        told[0] = told[0].removeprefix("+")
        told.append(number(cash["yuan_per_t"].sum()))
        if len(capital):
            told += [*map(signed, capital["yuan_per_t"]), number(cash["yuan_per_t"].sum() + capital["yuan_per_t"].sum())]
        yield [*told, *map(signed, rent["yuan_per_t"]), number(mine["yuan_per_t"].sum())]


def signed(value):
    return ("+" if value > 0 and number(value) != "0" else "") + number(value)


def is_part(shown, wanted):
    """Whether ``shown`` is ``wanted`` with entries left out."""
    rest = iter(wanted)
    return all(one in rest for one in shown)


def waterfall_sheet(page):
    """The sheet of the workbook with the steps in full."""
    book = openpyxl.load_workbook(page.folder / "results.xlsx", read_only=True)
    head, *rows = book["成本构成 waterfall"].iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=[name.split("\n")[-1] for name in head]).rename(columns={"amount (yuan/t)": "yuan_per_t"})
