"""Popups of pages of several planning years or branches: capacity, production, goods, prices and rows of the dataset of every place, in the year shown."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from test_page_numbers import plain
from test_page_years import LEAST, chain, made, units

from maps.figures import number

POPUP = re.compile(r'<div class="popup"><h4>(.*?)</h4>(.*?)</div></div>`', re.S)
LINES = 6


@pytest.fixture(scope="module")
def popups(page):
    """English name of a place → heading of a part → rows of its table; prices as one column."""
    found = {}
    for name, body in POPUP.findall(page.text):
        parts = {}
        for heading, inner in re.findall(r"<h5>((?:(?!</h5>).)*)</h5>(.*?)(?=<h5>|<details>|$)", body, re.S):
            rows = [[plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in re.findall(r"<tr>(.*?)</tr>", inner, re.S)]
            parts[plain(heading)] = [row for row in rows if row] or [[plain(one)] for one in re.findall(r"<li>(.*?)</li>", inner, re.S)]
        found[plain(name)] = parts
    return found


def test_capacities_of_every_popup(page, popups):
    """Existing, added, closed and after of the year shown; decisions of the years before it count."""
    sums = chain(page, page.shown).groupby(["site", "link"])[["existing", "added", "closed", "after"]].sum()
    sites, judged = page.called("sites", "site"), 0
    for name, parts in popups.items():
        for link, *cells in parts.get("Capacity (kt/yr)", []):
            assert cells == [number(value) for value in sums.loc[(sites[name], link)]], (name, link)
            judged += 1
    assert judged == (sums[["existing", "added"]].max(axis=1) > LEAST).sum() > 25


def test_production_of_every_popup(page, popups):
    """The six largest outputs of the year shown, expected over branches, without what is counted in GWh."""
    power = set(page.core["recipes"].loc[(page.core["recipes"]["quantity"] > 0) & page.core["recipes"]["commodity"].map(units(page)).eq("GWh"), "technology"])
    work, sites, judged = made(page, page.shown), page.called("sites", "site"), 0
    for name, parts in popups.items():
        mine = work[(work["site"] == sites[name]) & (work["expected"] > LEAST) & ~work["technology"].isin(power)]
        wanted = mine["expected"].sort_values(ascending=False).head(LINES)
        assert [cells[1] for cells in parts.get("Production (kt/yr)", [])] == [number(value, 1) for value in wanted], name
        judged += len(wanted)
    assert judged > 50


def test_goods_in_and_out_of_every_popup(page, popups):
    """The six largest flows of the year shown in each direction, over all modes together."""
    goods, sites, judged = page.called("commodities", "commodity"), page.called("sites", "site"), 0
    flow = page.year("flow")
    sums = flow[flow["from"] != flow["to"]].groupby(["commodity", "from", "to"])["expected"].sum()
    sums = sums[sums > LEAST].sort_values(ascending=False)
    for name, parts in popups.items():
        for heading, here, other in (("Largest inflows (a year)", "to", "from"), ("Largest outflows (a year)", "from", "to")):
            mine = sums[sums.index.get_level_values(here) == sites[name]]
            shown = parts.get(heading, [])
            assert [cells[2] for cells in shown] == [number(value, 1) for value in mine.head(LINES)], (name, heading)
            for good, place, amount, _ in shown:
                key = {"commodity": goods[good], here: sites[name], other: sites[place]}
                assert amount == number(float(sums[key["commodity"], key["from"], key["to"]]), 1), (name, good, place)
                judged += 1
    assert judged > 100


def test_prices_of_every_popup_are_the_strongest_of_its_place(page, popups):
    """The five strongest prices of a place: sentences of tables/shadow_prices.csv; those on the page are walked from the duals."""
    told = pd.read_csv(page.folder / "tables" / "shadow_prices.csv", encoding="utf-8-sig").fillna("")
    sites, judged = page.called("sites", "site"), 0
    for name, parts in popups.items():
        shown = [cells[0] for heading, rows in parts.items() if heading.startswith("Binding limits") for cells in rows]
        if not shown:
            continue
        mine = told[told["site"] == sites[name]].set_index("en")["value"].abs()
        strongest = mine.sort_values(ascending=False).head(5)
        assert list(mine[shown]) == pytest.approx(list(strongest[strongest > LEAST]), rel=1e-9), name
        judged += len(shown)
    assert judged > 30
