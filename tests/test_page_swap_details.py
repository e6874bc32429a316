"""Popups, projects, bounds of indicators, clauses, grades and prices of stores on the page of a swap, worked out anew from the run folder."""

from __future__ import annotations

import math
import re
from collections import Counter

import page_folder
import pandas as pd
import pytest
from test_page_numbers import plain, rows
from test_page_swap_numbers import OTHERS, inner, stage_of

from maps.figures import compact, number

LEAST = 1e-6
POPUP = re.compile(r'<div class="popup"><h4>(.*?)</h4>(.*?)</div></div>`', re.S)


@pytest.fixture(scope="module")
def text(swap_folder):
    return (swap_folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(swap_folder):
    return page_folder.values(swap_folder)


@pytest.fixture(scope="module")
def core(swap_folder):
    return page_folder.core(swap_folder)


@pytest.fixture(scope="module")
def popups(text):
    """English name of a place → heading of a part → rows of its table."""
    pages = {}
    for name, body in POPUP.findall(text):
        parts = {}
        for heading, table in re.findall(r"<h5>((?:(?!</h5>).)*)</h5><table>(.*?)</table>", body, re.S):
            parts[plain(heading)] = [[plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]
        pages[plain(name)] = {heading: [row for row in table if row] for heading, table in parts.items()}
    return pages


def test_capacities_of_every_popup(popups, core, found):
    table = page_folder.capacity(core, found)
    table = table[~table["unit"].isin(inner(core["capacity_use"]) | OTHERS)]
    sums = table.assign(stage=table["unit"].map(stage_of)).groupby(["site", "stage"])[["existing", "added", "closed"]].sum()
    sites, judged = page_folder.called(core["sites"], "site"), 0
    for name, parts in popups.items():
        for stage, *cells in parts.get("Capacity (kt/yr)", []):
            existing, added, closed = sums.loc[(sites[name], stage)]
            assert cells == [number(value) for value in (existing, added, closed, existing + added - closed)], (name, stage)
            judged += 1
    assert judged == len(sums[sums[["existing", "added"]].max(axis=1) > LEAST])


def test_production_of_every_popup_is_an_activity_and_never_power(popups, core, found):
    """What a popup calls production in kt makes no delivered power."""
    made = found["activity"].groupby(["site", "technology"])["activity"].sum()
    sites = page_folder.called(core["sites"], "site")
    energy = set(core["commodities"].loc[core["commodities"]["unit"] == "GWh", "commodity"])
    powers = set(core["recipes"].loc[(core["recipes"]["quantity"] > 0) & core["recipes"]["commodity"].isin(energy), "technology"])
    judged = 0
    for name, parts in popups.items():
        shown = [cells[1] for cells in parts.get("Production (kt/yr)", [])]
        mine = made[sites[name]] if sites[name] in made.index.get_level_values(0) else pd.Series(dtype=float)
        wanted = mine[(mine > LEAST) & ~mine.index.isin(powers)].sort_values(ascending=False)
        assert shown == [number(value, 1) for value in wanted.head(6)], name
        judged += len(shown)
    assert judged > 40


@pytest.mark.parametrize(("heading", "here", "there"), [("Largest inflows (a year)", "to", "from"), ("Largest outflows (a year)", "from", "to")])
def test_goods_in_and_out_of_every_popup(popups, core, found, heading, here, there):
    goods, sites = page_folder.called(core["commodities"], "commodity"), page_folder.called(core["sites"], "site")
    sums = found["flow"].groupby(["commodity", "from", "to"])["flow"].sum()
    judged = 0
    for name, parts in popups.items():
        for good, place, amount, _ in parts.get(heading, []):
            ends = {here: sites[name], there: sites[place]}
            assert amount == number(float(sums[goods[good], ends["from"], ends["to"]]), 1), (name, good, place)
            judged += 1
    assert judged > 50


def test_sizes_of_projects_and_expansions(text, core, found):
    """Size in the plan and largest size, each from its table: the multiset of both columns over all options shown."""
    size = found["size"].groupby("option")["size"].sum()
    largest = core["options"].drop_duplicates("option").set_index("option")["max_size"]
    named = rows(text, "plan", 1)
    taken = {number(value) for value in size if value > LEAST}
    assert {cells[3] for cells in named if cells[1] in ("chosen", "partly chosen", "closed")} <= taken
    expansions = [name for name in size.index if name.startswith("expand_")]
    wanted = Counter((number(size[name]), number(largest[name])) for name in expansions)
    shown = Counter((cells[4], cells[5]) for cells in rows(text, "plan", 2))
    others = shown - wanted  # options that this scenario switches off
    assert len(expansions) > 80 and not wanted - shown and set(others) <= {("0", "0")}


def test_bounds_of_indicators_and_what_clauses_miss(text, core, swap_folder):
    """Bounds as in case/, values as in tables/indicators.csv; a state follows from both; no clause is missed by what no target misses."""
    table = core["indicators"].set_index("indicator")
    values = pd.read_csv(swap_folder / "tables" / "indicators.csv", encoding="utf-8-sig").set_index("indicator")["value"]
    names, misses = page_folder.called(core["indicators"], "indicator"), set()
    for cells in rows(text, "indicators"):
        name = names[cells[0]]
        low, high, value = float(table.loc[name, "min"]), float(table.loc[name, "max"]), float(values[name])
        assert cells[2:4] == [compact(low), compact(high)], name
        gaps = [gap / max(1.0, abs(bound)) for gap, bound in ((value - low, low), (high - value, high)) if not math.isnan(bound)]
        state = "reported" if not gaps else "missed" if min(gaps) < -1e-6 else "binding" if min(gaps) <= 1e-6 else "met"
        assert cells[5] == state, (name, cells)
        misses |= {compact(-gap) for gap in (value - low, high - value) if gap < 0}
    missed = [cells[3].split()[0] for cells in rows(text, "clauses") if cells[2] == "missed"]
    assert len(missed) >= 3 and set(missed) <= misses


def test_grades_count_the_rows_of_the_dataset_and_share_out_the_money(text):
    shown = rows(text, "sources")
    grades = [cells for cells in shown if re.fullmatch("[ABCD]", cells[0])]
    assert [cells[0] for cells in grades] == list("ABCD")
    assert sum(float(cells[3].removesuffix(" %")) for cells in grades) == pytest.approx(100.0, abs=0.2)


def test_stores_hold_no_more_than_their_room(text, core, found):
    """Room as in case/; the largest stock of any period as in results.nc."""
    sites, goods = page_folder.called(core["sites"], "site"), page_folder.called(core["commodities"], "commodity")
    largest = found["stock"].groupby(["commodity", "site"])["stock"].max()
    room = core["stocks"].set_index(["commodity", "site"])["capacity"]
    inside = re.search(r'<section[^>]*id="flows".*?</section>', text, re.S).group(0)
    shown = rows(text, "flows", inside.count("<tbody>") - 1)
    assert len(shown) >= 2
    for site, good, _, held, most, *_ in shown:
        key = goods[good], sites[site]
        assert (held, most) == (compact(float(room[key])), number(float(largest[key]), 1))
