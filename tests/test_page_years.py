"""Pages of several planning years or branches: flows, trade, plan, path, cards and cost classes against results.nc and case/, all rows."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from runs import ROOT
from test_page_numbers import plain
from test_page_prices import texts_of, value_of
from test_page_swap_numbers import OTHERS, inner, stage_of

from maps.figures import compact, number

KEYS = ["commodity", "from", "to", "mode"]
MODES = {"river": "water"}
LEAST = 1e-6
TRADES = {  # heading of a table of trade → variable, core table, last key, price
    "Purchases and supply": ("supply", "supply", "tier", "price"), "Sales": ("sale", "demand", "segment", "price"),
    "Unmet demand": ("short", "demand", "segment", "shortage_price"),
}
LINKS = {"alumina": "Alumina", "smelting": "Primary", "casting": "Casting", "processing": "Processing", "recycling": "Recycled"}


def test_every_row_of_the_flow_table(page):
    """kt, mean distance and mean freight of the year shown, expected over its branches; the rows left out are counted."""
    goods, sites = page.called("commodities", "commodity"), page.called("sites", "site")
    kt = set(page.core["commodities"].query("unit == 'kt'")["commodity"])
    flow = page.rated(page.year("flow"), "lanes", KEYS)
    flow = flow[(flow["from"] != flow["to"]) & flow["commodity"].isin(kt)]
    sums = flow.assign(tkm=flow["expected"] * flow["kilometres"], cost=flow["expected"] * flow["unit_cost"]).groupby(KEYS)[["expected", "tkm", "cost"]].sum()
    (table, *_) = page.tables("flows")
    for good, start, end, mode, *cells in table.rows:
        row = sums.loc[(goods[good], sites[start], sites[end], MODES.get(mode, mode))]
        assert cells == [number(row["expected"], 1), number(row["tkm"] / row["expected"]), number(1000 * row["cost"] / row["expected"])], (good, start, end)
    shown = [value_of(row[4]) for row in table.rows]
    drawn = sums["expected"][sums["expected"] > 0.005].sort_values(ascending=False)
    assert len(shown) == 60 and shown == sorted(shown, reverse=True) and shown[0] == pytest.approx(drawn.iloc[0], abs=0.05)
    assert f"{len(drawn) - 60} more rows" in plain(page.section("flows"))


def test_supply_sale_and_shortage(page):
    """Amounts and money of the year shown; cities of one good together with their number; what is short where anything is."""
    goods, sites = page.called("commodities", "commodity"), page.called("sites", "site")
    cities = set(page.core["sites"].query("kind == 'city'")["site"])
    tables = [table for table in page.tables("flows") if table.heading in TRADES]
    assert {"Purchases and supply", "Sales"} <= {table.heading for table in tables}
    short = page.year("short")["expected"].sum() > LEAST
    assert ("Unmet demand" in [table.heading for table in tables]) == short == any(one.startswith("Not supplied") for one in page.sentences())
    judged = 0
    for table in tables:
        family, rates, last, price = TRADES[table.heading]
        rows = page.rated(page.year(family), rates, ["commodity", "site", last])
        rows = rows.assign(money=rows["expected"] * rows[price].fillna(0.0), place=rows["site"].where(~rows["site"].isin(cities), "cities"))
        sums = rows.groupby(["commodity", "place"])[["expected", "money"]].sum()
        count = rows[rows["value"] > 0].groupby(["commodity", "place"])["site"].nunique()
        for good, site, amount, unit, money in table.rows:
            key = goods[good], sites.get(site, "cities")
            row = sums.loc[key]
            assert amount == number(row["expected"], 1), (family, good, site)
            assert unit == {"million Nm3": "million Nm³"}.get(units(page)[key[0]], units(page)[key[0]]), good
            assert money == (number(row["money"], 1) if row["money"] else {"supply": "paid on delivery", "sale": "load of others, no revenue"}[family]), (good, site)
            assert site in sites or site == f"{count[key]} cities"
            judged += 1
        assert len(table.rows) == (sums["expected"] > LEAST).sum(), family
    assert judged > 75


def units(page):
    return dict(zip(page.core["commodities"]["commodity"], page.core["commodities"]["unit"], strict=True))


def chain(page, stage):
    """site, link of the chain and existing, added, closed, after; a line inside another line counts once."""
    table = page.capacity(stage)
    table = table[~table["unit"].isin(inner(page.core["capacity_use"]) | OTHERS)]
    return table.assign(link=table["unit"].map(stage_of), after=table["existing"] + table["added"] - table["closed"])


def made(page, stage):
    """technology, site and output of a year, expected over its branches."""
    work = page.timed("activity")
    return work[work["stage"] == stage].groupby(["technology", "site"], as_index=False)["expected"].sum()


@pytest.fixture(scope="module")
def links():
    """Technology → link of the chain, as the dataset states it; the potlines of single plants are its own smelting."""
    table = pd.read_csv(ROOT / "data" / "chuanyu" / "technologies.csv", encoding="utf-8-sig")
    known = dict(zip(table["technology"], table["stage"].map(LINKS), strict=True))
    return lambda technology: "Primary" if technology.startswith("smelt") else known.get(technology)


def test_the_path_through_all_years(page, links):
    """Output and capacity of every link of the chain in every planning year; none in a plan of one year."""
    tables = [table for table in page.tables("plan") if table.heading == "Output and capacity in every planning year"]
    if len(page.stages) == 1:
        assert not tables
        return
    ((heads, rows),) = [(table.heads, table.rows) for table in tables]
    assert heads == ["Stage", *(stage.removeprefix("y") for stage in page.stages)] and len(rows) == 5
    for cells in rows:
        for stage, cell in zip(page.stages, cells[1:], strict=True):
            after = chain(page, stage).groupby("link")["after"].sum()[cells[0]]
            work = made(page, stage)
            output = work[work["technology"].map(links) == cells[0]]["expected"].sum()
            assert cell == f"{number(output)} / {number(after)}", (cells[0], stage)


def test_every_row_of_the_plan_table(page, links):
    """Existing, added, closed, after and output by park and link in the year shown: decisions of all years up to it count."""
    table = next(table for table in page.tables("plan") if "Existing (kt/yr)" in table.heads)
    sums = chain(page, page.shown).groupby(["site", "link"])[["existing", "added", "closed", "after"]].sum()
    work = made(page, page.shown)
    output = work.assign(link=work["technology"].map(links)).groupby(["site", "link"])["expected"].sum()
    sites, park, seen = page.called("sites", "site"), "", set()
    for cells in table.rows:
        park = cells[0] or park
        key = sites[park], cells[1]
        row = sums.loc[key] if key in sums.index else pd.Series(0.0, ["existing", "added", "closed", "after"])
        changes = [number(row[name]) if row[name] > LEAST else "·" for name in ("added", "closed")]
        assert cells[2:] == [number(row["existing"]), *changes, number(row["after"]), number(output.get(key, 0.0))], cells
        seen.add(key)
    assert {key for key in sums.index if sums.loc[key, ["existing", "added"]].max() > LEAST} <= seen and len(seen) > 20
    assert bool(re.search(r'<h2>[^<]*(<span[^>]*>[^<]*</span>)* <span class="year">', page.section("plan"))) == (len(page.stages) > 1)


MONEY = {True: "million yuan", False: "million yuan/yr"}  # summed over several planning years, or of one


def cards(page):
    found = re.findall(r'<div class="card"[^>]*><div class="name">(.*?)</div><div class="value">(.*?)</div>(.*?)</div></div>', page.text + "</div>", re.S)
    return {plain(name): (plain(value), plain(more)) for name, value, more in found}


def test_every_card(page, links):
    """The objective of all years; output, capacity and freight of the year shown."""
    told = cards(page)
    years = len(page.stages) > 1
    value, more = told.pop("Objective (net margin)")
    assert value == f"{compact(-page.objective)} {MONEY[years]}" and ("all planning years, weighted" in more) == years
    capacity = chain(page, page.shown).groupby("link")[["existing", "after"]].sum()
    output = made(page, page.shown)
    output = output.groupby(output["technology"].map(links))["expected"].sum()
    flow = page.rated(page.year("flow"), "lanes", KEYS)
    flow = flow[(flow["from"] != flow["to"]) & flow["commodity"].map(units(page)).eq("kt")]
    work, carried = float((flow["expected"] * flow["kilometres"]).sum()), float(flow["expected"].sum())
    value, more = told.pop("Freight")
    assert value == f"{number(work / 1000)} million t-km" and f"mean haul {number(work / carried)} km" in more
    assert len(told) == 5
    for name, (value, more) in told.items():
        link = name.removesuffix(" output")
        assert value == f"{number(output[link])} kt/yr", name
        assert f"capacity {number(capacity.loc[link, 'existing'])} → {number(capacity.loc[link, 'after'])}" in more, name


def classes(page):
    """Cost class → Σ years × probability × rate × amount, and annual charges over the years they are paid in (R4, R5)."""
    parts = []
    for family, table, keys, price, sign in (
        ("activity", "tech_sites", ["technology", "site"], "variable_cost", 1.0), ("flow", "lanes", KEYS, "unit_cost", 1.0),
        ("supply", "supply", ["commodity", "site", "tier"], "price", 1.0), ("sale", "demand", ["commodity", "site", "segment"], "price", -1.0),
        ("short", "demand", ["commodity", "site", "segment"], "shortage_price", 1.0),
    ):
        amounts = page.timed(family)
        rows = page.rated(amounts[amounts["value"] > 0], table, keys)
        kind = rows["cost_class"] if "cost_class" in rows else {"sale": "sales", "short": "shortage"}[family]
        parts.append(pd.DataFrame({"kind": kind, "money": sign * rows["expected"] * rows["weight"] * rows[price].fillna(0.0)}))
    decided = page.sizes().merge(page.core["options"].rename(columns={"period": "when"}), on="option")
    decided = decided[(decided["when"] == decided["stage"]) | decided["when"].isin(["*", ""])]
    parts.append(pd.DataFrame({"kind": decided["cost_class"], "money": decided["size"] * decided["variable_cost"].fillna(0.0) * decided["stage"].map(page.remaining)}))
    stocks = page.timed("stock").merge(page.core["stocks"], on=["commodity", "site"])
    parts.append(pd.DataFrame({"kind": "holding", "money": stocks["expected"] * stocks["weight"] * stocks["length"] * stocks["holding_cost"]}))
    swings = page.timed("restart").merge(page.core["units"].rename(columns={"site": "at"}), on="unit")
    swings = swings[(swings["at"] == "*") | (swings["at"] == swings["site"])]
    parts.append(pd.DataFrame({"kind": "restart", "money": swings["expected"] * swings["weight"] * swings["restart_cost"].fillna(0.0)}))
    return pd.concat(parts).groupby("kind")["money"].sum()


def test_every_cost_class(page):
    """Each bar is Σ years × discount × probability × rate × amount of its class; together they are the objective; the unit is that of the objective."""
    known = classes(page)
    assert float(known.sum()) == pytest.approx(page.objective, rel=1e-7)
    section = page.section("classes")
    shown = sorted(map(value_of, texts_of(section, "bar-value")))
    assert shown == sorted(float(f"{value:.0f}") for value in known if abs(value) > 1e-6)
    years = len(page.stages) > 1
    axis = texts_of(section, "axis")
    assert MONEY[years] in axis and ("sums over all planning years, weighted" in plain(section)) == years
