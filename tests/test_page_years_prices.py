"""Pages of several planning years or branches: shadow prices of every year and branch, value of metal, and power charts against the file's duals."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import pytest
from test_page_numbers import plain
from test_page_prices import texts_of, value_of

from maps.figures import compact, number

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
SMALL = 1e-6


def near(shown, value, digits=0.0):
    """Whether a printed figure is that value, a half rounded either way."""
    return shown in {compact(value * (1 - 1e-9)), compact(value * (1 + 1e-9))} or abs(value_of(shown) - value) <= digits


def said(text, value):
    """Whether a sentence tells three digits of a value."""
    number_of = float(text.replace(",", ""))
    return number_of == pytest.approx(abs(value), rel=0.5 / 100 / 1) and number_of in {float(f"{abs(value) * (1 + shift):.3g}") for shift in (-1e-9, 0, 1e-9)}


def rows(page):
    """kind, site, sentence, value, unit of every price."""
    for table in page.tables("duals"):
        for cells in table.rows:
            yield table.heading, *(cells if len(cells) == 4 else ("", *cells))


def when(page, told):
    """The stage that a sentence speaks of: the only one, or the one named."""
    return page.stages[0] if told == "the year" else page.stage_named(told)


def lengths(page, name):
    """A table of duals with stage and share = probability × length."""
    table = page.found[name].join(page.periods[["stage", "branch", "length", "probability"]], on="period")
    return table.assign(share=table["length"] * table["probability"])


def period(page, told):
    """The period of ``August (dry late summer as in 2022)``, ``August (2030)`` or ``August``."""
    month, _, of = told.partition(" (")
    of, names = of.removesuffix(")"), page.periods.reset_index()
    mine = names[names["period"].str.startswith(f"m{MONTHS.index(month) + 1:02d}")]
    if of and page.periods["branch"].nunique() > 1:
        mine = mine[mine["branch"] == page.branch_named[of]]
    elif of:
        mine = mine[mine["stage"] == page.stage_named(of)]
    assert len(mine) == 1, told
    return mine["period"].iloc[0]


def test_every_price_of_power(page):
    """Each month of each branch with its own price, per GWh of that month; the others are worth 0."""
    sites = page.called("sites", "site")
    table = page.found["balance_dual"].query("commodity == 'electricity'").set_index(["site", "period"])["balance_dual"]
    zones = set(page.core["sites"].query("kind == 'power_zone'")["site"])
    priced = {key for key, value in table.items() if key[0] in zones and abs(value) > SMALL}
    seen = set()
    for kind, site, sentence, value, unit in rows(page):
        if kind != "Power":
            continue
        assert unit == "million yuan per GWh"
        match = re.fullmatch(r"1 GWh more power at (.+?) in (.+) (?:saves ([\d.,]+) million yuan|is worth 0: power is not short)", sentence)
        assert match[1] == site
        if match[3]:
            key = sites[site], period(page, match[2])
            assert near(value, table[key]) and said(match[3], table[key]), sentence
            seen.add(key)
            continue
        told, _, but = match[2].partition(" but ")
        named = [period(page, one) for one in (but or told).split(", ")] if told != "every period" or but else []
        free = len(page.periods) - len(set(named)) if told == "every period" else len(set(named))
        assert value == "0" and free == len(page.periods) - sum(zone == sites[site] for zone, _ in priced), sentence
    assert seen == priced


def test_every_price_at_the_gate(page):
    """Mean of a year, weighted by length and probability, of alumina and liquid metal; every year apart."""
    goods, sites = page.called("commodities", "commodity"), page.called("sites", "site")
    both = pd.concat([lengths(page, name).rename(columns={name: "dual"}) for name in ("balance_dual", "balance_exact_dual")])
    part = (both["dual"] * both["share"]).groupby([both["commodity"], both["site"], both["stage"]]).sum()
    mean = part / both["share"].groupby([both["commodity"], both["site"], both["stage"]]).sum()
    judged = 0
    for kind, site, sentence, value, unit in rows(page):
        if kind != "Alumina and liquid metal at the gate":
            continue
        match = re.fullmatch(r"1 t more (.+) at the gate of (.+?) in (.+) saves ([\d,]+) yuan|more (.+) at (.+?) in (.+) is worth 0.*", sentence)
        if not match[4]:
            assert value == "0"
            continue
        price = mean[next(key for name, key in goods.items() if name.lower() == match[1].lower()), sites[match[2]], when(page, match[3])]
        assert (site, unit) == (match[2], "million yuan per kt") and near(value, price) and match[4] == number(float(f"{1000 * price:.0f}")), sentence
        judged += 1
    assert judged > 15


def test_every_price_of_capacity_and_of_largest_sizes(page):
    """Σ probability × (length ×) price over the periods of a year (R20); a size: its reduced cost over the years it stands in, per year."""
    sites, known = page.called("sites", "site"), {}
    for name, column in (("capacity_dual", "share"), ("running_capacity_dual", "probability")):
        table = lengths(page, name)
        sums = -(table[name] * table[column]).groupby([table["unit"], table["site"], table["stage"]]).sum()
        for (unit, site, stage), value in sums.items():
            known.setdefault((site, stage), []).append((unit, value))
    sizes = page.found["size_reduced_cost"]
    first = page.core["option_effects"].drop_duplicates("option").set_index("option")["site"]
    worth = {}
    for row in sizes.itertuples():
        worth.setdefault((first.get(row.option, ""), row.stage), []).append(-row.size_reduced_cost / page.remaining(row.stage))
    stands = {stage: page.capacity(stage).set_index(["unit", "site"]) for stage in page.stages}
    judged = {"capacity": 0, "size": 0}
    for kind, site, sentence, value, unit in rows(page):
        if kind != "Capacity and largest sizes":
            continue
        match = re.fullmatch(r"(?:1 kt/yr more capacity of (.+) at .+?|a largest size of (.+) that is 1 kt/yr higher) \(((?:the year|\d{4}).*)\) saves ([\d.,]+) million yuan a year", sentence)
        stage = when(page, match[3])
        assert unit == "million yuan per kt/yr"
        if match[1]:
            fitting = [unit for unit, price in known[sites[site], stage] if near(value, price) and said(match[4], price)]
            assert fitting, sentence
            table = stands[stage]
            assert any(table.loc[(unit, sites[site]), ["existing", "added"]].sum() > table.loc[(unit, sites[site]), "closed"] for unit in fitting if (unit, sites[site]) in table.index), sentence
        else:
            assert any(near(value, price) and said(match[4], price) for price in worth[sites[site], stage]), sentence
        judged["capacity" if match[1] else "size"] += 1
    assert judged["capacity"] >= 8


def test_every_price_of_supply(page):
    """What one more unit a year of the most wanted tier saves in each year: the reduced costs of its periods by length and probability."""
    goods, sites = page.called("commodities", "commodity"), page.called("sites", "site")
    table = lengths(page, "supply_reduced_cost")
    table = table.join(page.periods["weight"], on="period")
    each = (-table["supply_reduced_cost"] / (table["weight"] * table["probability"])).where(lambda value: value > SMALL, 0.0)
    keys = [table[name] for name in ("commodity", "site", "tier", "stage")]
    worth = (each * table["length"] * table["probability"]).groupby(keys).sum().groupby(level=["commodity", "site", "stage"]).max()
    judged = 0
    for kind, site, sentence, value, unit in rows(page):
        if kind != "Supply that is used up":
            continue
        match = re.fullmatch(r"1 (\S+) a year more (.+) supplied at (.+?) \(((?:the year|\d{4}).*)\) saves ([\d.]+) million yuan a year", sentence)
        price = worth[next(key for name, key in goods.items() if name.lower() == match[2].lower()), sites[match[3]], when(page, match[4])]
        assert (site, unit) == (match[3], f"million yuan per {match[1]}") and near(value, price) and said(match[5], price), sentence
        judged += 1
    assert judged >= 20


def test_every_price_of_pools_and_indicators(page):
    """The duals of the ceilings and floors; over all years they are discounted sums, in one year they are of that year."""
    names = page.called("indicators", "indicator")
    duals = {"ceiling": page.found["indicator_ceiling_dual"], "floor": page.found["indicator_floor_dual"]}
    known = {side: table.groupby("indicator")[f"indicator_{side}_dual"].agg(list) for side, table in duals.items()}
    judged = 0
    for kind, _, sentence, value, unit in rows(page):
        if kind not in ("Swap quota", "Policy indicators"):
            continue
        if match := re.fullmatch(r"(?:1 kt/yr more quota in (.+)|raising the ceiling of “(.+)”) \((the year|the whole horizon)\)(?: by 1 kt/yr)? saves ([\d.]+) million yuan (.+)", sentence):
            (price,) = known["ceiling"][names[match[1] or match[2]]]
            assert near(value, -price) and said(match[4], price) and unit == "million yuan per kt/yr", sentence
            assert (match[3] == "the year") == (len(page.stages) == 1) == (match[5] == "a year")
            judged += 1
        else:
            match = re.fullmatch(
                r"more quota in (.+) \((?:the year|the whole horizon)\) is worth 0: it is not short|the (?:ceiling|floor) of “(.+?)” \((.+)\) does not bind: relaxing it is worth 0|"
                r"“(.+?)” \((.+)\) is (?:below its floor|above its ceiling), a target whose gap is only reported: missing it costs nothing in this plan", sentence,
            )
            assert match and all(time in ("the year", "the whole horizon") or page.stage_named(time) for time in (match[3], match[5]) if time), sentence
            name = names[match[1] or match[2] or match[4]]
            assert value == "0" and all(abs(price) <= SMALL for table in known.values() for price in table.get(name, [])), sentence
    assert judged >= (3 if len(page.stages) > 1 else 1)


def drawings(page, section):
    """Title and drawing of every figure."""
    return [(plain(title), drawing) for title, drawing in re.findall(r"<figcaption>(.*?)</figcaption>(<svg.*?</svg>)", page.section(section), re.S)]


def test_every_bar_of_power_is_a_month_of_its_branch_in_full(page):
    """What enters and what leaves a zone in each month, in GWh, to half a pixel: not multiplied by the probability of its branch."""
    zones = page.core["sites"].query("kind == 'power_zone'")
    names = dict(zip(zones["name_en"], zones["site"], strict=True))
    supply, sale, flow = (page.year(family) for family in ("supply", "sale", "flow"))
    flow = page.rated(flow[flow["commodity"] == "electricity"], "lanes", ["commodity", "from", "to", "mode"])
    branches, seen = page.periods["branch"].nunique(), set()
    for title, drawing in drawings(page, "power"):
        zone, _, told = title.partition(" · ")
        mine = page.periods[page.periods["stage"] == page.shown]
        if branches > 1:
            mine = mine[mine["branch"] == page.branch_named[told]]
        site, months = names[zone], list(mine.index)
        assert len(months) == 12
        # the table of the program holds what leaves one end and what leaves the other; so do the bars
        enters = pd.concat([supply[supply["site"] == site], flow[flow["to"] == site]]).groupby("period")["value"].sum().reindex(months)
        leaves = pd.concat([sale[sale["site"] == site], flow[flow["from"] == site]]).groupby("period")["value"].sum().reindex(months)
        grid = [(float(y), value_of(shown)) for y, shown in re.findall(r'<line[^>]*y1="([\d.]+)"[^>]*class="grid"/><text[^>]*>([^<]*)<', drawing)]
        zero = next(y for y, value in grid if value == 0)
        steps = {high - low for (_, low), (_, high) in pairwise(grid)}
        assert len(steps) == 1 and f"{steps.pop():e}"[0] in "125"  # evenly spaced round figures
        per_pixel = (grid[-1][1] - grid[0][1]) / (grid[0][0] - grid[-1][0])
        bars = [tuple(map(float, found)) for found in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawing)]
        for x, month in zip(sorted({x for x, _, _ in bars}), months, strict=True):
            above = sum(high for at, y, high in bars if at == x and y + high <= zero + 0.02)
            below = sum(high for at, y, high in bars if at == x and y >= zero - 0.02)
            assert above * per_pixel == pytest.approx(enters[month], abs=0.6 * per_pixel), (title, month)
            assert below * per_pixel == pytest.approx(leaves[month], abs=0.6 * per_pixel), (title, month)
        axis = texts_of(drawing, "axis")
        assert [one for one in axis if re.fullmatch(r"\d{1,2}", one) and one != "0"] == [str(month) for month in range(1, 13)]
        seen.add((site, months[0]))
    assert len(seen) == 2 * branches
