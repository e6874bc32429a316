"""Pages of several planning years or branches: sentences, options, popups, months, metal balance, stores and what leaves the map, against results.nc and case/."""

from __future__ import annotations

import json
import re
import tomllib

import pandas as pd
import pytest
from runs import ROOT
from test_page_numbers import plain
from test_page_years import KEYS, LEAST, chain, links, made, units  # noqa: F401 - links is a fixture

from maps.figures import compact, number

CLOSE, NEW, PARTS = "close_", "new_potline_", ("cede_", "draw_")


def sizes(page):
    """Option → size in all years together."""
    return page.sizes().groupby("option")["size"].sum()


def options(page):
    """Option → largest size of any year, site, what one unit of its size adds to its first unit."""
    table = page.core["options"]
    room = table.assign(max_size=table["max_size"].astype(float)).groupby("option")["max_size"].max()
    first = page.core["option_effects"].drop_duplicates("option").set_index("option")
    return pd.DataFrame({"room": room, "site": first["site"], "each": first["per_size"], "size": sizes(page)}).fillna({"size": 0.0})


def is_part(option):
    return option.startswith(PARTS)


def test_every_option_with_its_size_in_all_years(page):
    """Sizes of all planning years together; what has room in any of them is not called shut; taken stands before not taken."""
    table, sites = options(page), page.called("sites", "site")
    names = {cells[0]: cells for cells in next(one for one in page.tables("plan") if one.heading.startswith("Named projects")).rows}
    generic = next(one for one in page.tables("plan") if one.heading.startswith("Generic expansions"))
    assert f"({len(generic.rows)}, click to open)" in generic.heading
    expansions = table[table.index.str.startswith("expand_")]
    shown = [(sites[cells[0]], cells[3], cells[4], cells[5]) for cells in generic.rows]
    wanted = [
        (row["site"], "not permitted" if row["room"] == 0 else "not chosen" if row["size"] <= LEAST else "chosen", number(row["size"]), number(row["room"]))
        for _, row in expansions.iterrows()
    ]
    swaps = [one for one in shown if one not in wanted]
    assert sorted(one for one in shown if one in wanted) == sorted(wanted) and len(swaps) == len(shown) - len(wanted)
    potlines = table[table.index.str.startswith(NEW)]
    built = {row["site"]: row for _, row in potlines.iterrows()}
    assert potlines["size"].sum() == pytest.approx(320)
    assert {(number(built[site]["size"]), status) for site, status, *_ in swaps if site in built} <= {(number(row["size"]), "chosen" if row["size"] > LEAST else "not chosen") for row in built.values()} | {("0", "off")}
    assert len(names) > 20


def test_every_named_project_has_its_size_of_all_years(page):
    """Named size and size in the plan; a project that can serve in a later year is not called unpermitted."""
    table = options(page)
    shown = next(one for one in page.tables("plan") if one.heading.startswith("Named projects")).rows
    projects = pd.read_csv(ROOT / "data" / "chuanyu" / "projects.csv", encoding="utf-8-sig").set_index("name_en")
    judged = 0
    read = {name: pd.read_csv(ROOT / "data" / "chuanyu" / f"{name}.csv", encoding="utf-8-sig")["name_en"] for name in ("plants", "new_potlines", "projects")}
    called = {*read["projects"], *read["new_potlines"], *("closure of " + read["plants"])}
    sites = list(page.called("sites", "site"))
    assert all(any(cells[0] == f"{name} {site}" for name in called for site in sites if cells[0].endswith(site)) for cells in shown)
    options_of = {"closure of " + row["name_en"]: CLOSE + row["plant"] for row in pd.read_csv(ROOT / "data" / "chuanyu" / "plants.csv", encoding="utf-8-sig").to_dict("records")}
    closures = [(cells, table.loc[option]) for cells in shown for name, option in options_of.items() if cells[0].startswith(f"{name} ")]
    assert len(closures) == 10
    for cells, mine in closures:
        assert cells[1:4] == ["closed" if mine["size"] > LEAST else "not chosen", number(mine["room"]), number(mine["size"])], cells
    for cells in shown:
        row = next((projects.loc[name] for name in projects.index if cells[0].startswith(f"{name} ")), None)
        if row is None:
            continue
        assert cells[2] == number(float(row["size"])), cells[0]
        mine = table.loc[row["project"]] if row["project"] in table.index else None
        assert cells[3] == ("—" if mine is None else number(mine["size"])), cells[0]
        if mine is not None and mine["room"] > 0:
            assert cells[1] == ("chosen" if mine["size"] >= row["size"] * (1 - LEAST) else "partly chosen" if mine["size"] > LEAST else "not chosen"), cells
            judged += 1
    assert judged >= 6
    assert ("those of a decision in the first" in plain(page.section("plan"))) == (len(page.stages) > 1)


def test_the_sentences_on_the_plan(page, links):  # noqa: F811
    """Output of the year shown; closed, built and largest of all years."""
    told, table = page.sentences(), options(page)
    regions = page.core["sites"].set_index("site")["region"]
    work = made(page, page.shown)
    work = work.assign(link=work["technology"].map(links), region=work["site"].map(regions))
    primary = work[work["link"] == "Primary"]
    by_region = primary.groupby("region")["expected"].sum()
    closed = table[table.index.str.startswith(CLOSE) & (table["size"] > LEAST)]
    stands = page.core["capacity"]
    stands = float(stands.loc[stands["unit"].str.startswith("potline"), "amount"].sum())
    idle = stands - closed["size"].sum() - primary.loc[~primary["technology"].str.startswith("smelt_new"), "expected"].sum()
    state = "run all year" if idle <= 0.001 * stands else f"idle {number(idle)} kt"
    year = f", {page.shown.removeprefix('y')}" if len(page.stages) > 1 else ""
    (one,) = [sentence for sentence in told if " kt of primary aluminium a year " in sentence]
    alumina = work.loc[work["link"] == "Alumina", "expected"].sum()
    assert one.endswith(
        f"{year}: {number(primary['expected'].sum())} kt of primary aluminium a year (Sichuan {number(by_region['sichuan'])}, "
        f"Chongqing {number(by_region['chongqing'])}); the potlines kept {state}; alumina {number(alumina)} kt."
    )
    (one,) = [sentence for sentence in told if " kt/yr leave: " in sentence]
    assert one.startswith(f"{number(closed['size'].sum())} kt/yr leave: ") and one.count("closure of ") == len(closed)
    built = table[(table["size"] > LEAST) & (table["each"] > 0) & ~table.index.map(is_part)].sort_values("size", ascending=False)
    (one,) = [sentence for sentence in told if "projects and expansions are built" in sentence]
    start, largest = one.removesuffix(".").split("; largest: ")
    assert start == f"{len(built)} projects and expansions are built, {number(built['size'].sum())} kt/yr in all"
    assert [part.rsplit(" ", 1)[1] for part in largest.split("; ")] == [number(size) for size in built["size"].head(3)]
    assert any("New potline at Guangyuan" in part for part in largest.split("; "))
    projects = pd.read_csv(ROOT / "data" / "chuanyu" / "projects.csv", encoding="utf-8-sig").set_index("project")
    able = table[table.index.isin(projects.index) & (table["room"] > 0)]
    taken = able[able["size"] > LEAST]
    (one,) = [sentence for sentence in told if sentence.startswith("Named projects open to the plan")]
    which = "; ".join(f"{projects.loc[name, 'name_en']} {number(size)}" for name, size in taken["size"].items())
    assert one == f"Named projects open to the plan: {len(able)}, taken: {len(taken)} ({which} kt/yr)."  # none is priced without being asked


def test_the_sentences_on_recycling_and_metal_from_outside(page, links):  # noqa: F811
    told, work = page.sentences(), made(page, page.shown)
    output = work.groupby(work["technology"].map(links))["expected"].sum()
    (one,) = [sentence for sentence in told if sentence.startswith("Recycled output is ")]
    used = work.merge(page.core["capacity_use"], on="technology")
    use = (used["expected"] * used["use"]).groupby(used["unit"]).sum()
    room = chain(page, page.shown).groupby("unit")["after"].sum()
    lines = {name: use[unit] / room[unit] for name, unit in (("cast-alloy lines", "recycling"), ("grade-preserving lines", "recycling_wrought"))}
    offered = page.rated(page.year("supply"), "supply", ["commodity", "site", "tier"])
    offered = offered[(offered["cost_class"] == "scrap") & offered["max"].notna()]
    most = offered["max"] * offered["length"].where(offered["when"] != offered["period"], 1.0) * offered["probability"]
    shares = (offered["expected"].groupby(offered["commodity"]).sum() / most.groupby(offered["commodity"]).sum()).map("{:.0%}".format)
    names = page.core["commodities"].set_index("commodity")["name_en"]
    assert one.startswith(f"Recycled output is {number(output['Recycled'])} kt; lines run at: ")
    assert all(f"{name} {share:.0%}" in one for name, share in lines.items()), (one, lines)
    assert all(f"{names[good]} {share}" in one for good, share in shares.items()), (one, shares)
    (one,) = [sentence for sentence in told if "are bought outside instead of made" in sentence]
    gateways = set(page.core["sites"].query("kind == 'gateway'")["site"])
    metal = ["ingot", "foil_stock", "cast_alloy", "billet", "slab", "liquid_aluminium"]
    supply = page.year("supply")
    bought = supply[supply["site"].isin(gateways) & supply["commodity"].isin(metal)].groupby("commodity")["expected"].sum()
    bought = bought[bought > 0.5].sort_values(ascending=False)
    assert one == (
        f"{number(bought.sum())} kt of metal are bought outside instead of made: {', '.join(f'{names[good]} {number(value)}' for good, value in bought.items())}; "
        f"primary and recycled metal made: {number(output['Primary'] + output['Recycled'])} kt."
    )


def test_what_is_missing_and_what_binds(page):
    """Missing goods of all years, each once, expected over branches, priced as the objective does; every ceiling with a price is named."""
    short = page.rated(page.timed("short"), "demand", ["commodity", "site", "segment"])
    cost = float((short["expected"] * short["weight"] * short["shortage_price"].fillna(0.0)).sum())
    told = [sentence for sentence in page.sentences() if sentence.startswith("Not supplied")]
    assert len(told) == (cost > LEAST)
    if told:
        missing = short["expected"].groupby(short["commodity"]).sum()["electricity"]
        assert told[0] == f"Not supplied: electricity {missing:,.0f} GWh, priced at {cost:,.0f} million yuan; without it the objective is {page.objective - cost:,.0f} million yuan."
    (one,) = [sentence for sentence in page.sentences() if sentence.startswith("Bound by: ")]
    duals = page.found["indicator_ceiling_dual"]
    priced = sorted(duals.loc[duals["indicator_ceiling_dual"].abs() > LEAST, "indicator"])
    names = page.core["indicators"].set_index("indicator")["name_en"]
    assert one == f"Bound by: {', '.join(names[name] for name in priced)}."


def test_equally_good_plans_are_amounts_of_the_year_that_they_name(page):
    ties = pd.read_csv(page.folder / "tables" / "ties.csv", encoding="utf-8-sig").fillna("")
    ties = ties[ties["family"] == "activity"]
    work = page.timed("activity").groupby(["technology", "site", "stage"])["expected"].sum()
    assert all(row.shown == pytest.approx(work[(*row.index.split(", "), row.stage)], abs=1e-4) for row in ties.set_index("index", drop=False).itertuples(index=False))
    shown = re.findall(r"([\d,]+) or ([\d,]+) kt/yr at the same cost", plain(page.section("findings")))
    known = {(number(row["shown"]), number(row["other"])): row["stage"] for row in ties.to_dict("records")}
    assert len(shown) == 6 and "Equally good plans (same cost): 6" in plain(page.section("findings")) and set(shown) <= set(known)
    years = re.findall(r" in (\d{4}): [\d,]+ or", plain(page.section("findings")))
    assert years == ([known[pair].removeprefix("y") for pair in shown] if len(page.stages) > 1 else [])


def test_months_of_the_slider_are_expected_over_branches(page):
    """kt of all goods and GWh of every zone, month by month of the year shown, in nine digits."""
    data = json.loads(re.search(r"\nmonths\((\{.*?\})\);\s*</script>", page.text, re.S).group(1))
    mine = page.periods[page.periods["stage"] == page.shown]
    month = pd.Series(mine.index.str[1:3].astype(int), index=mine.index)
    flow = page.year("flow")
    flow = flow[(flow["from"] != flow["to"]) & flow["commodity"].map(units(page)).eq("kt")]
    flow = flow[flow.groupby(KEYS)["expected"].transform("sum") >= 0.05]
    groups = {good: name for name, entry in tomllib.loads((ROOT / "maps" / "assets" / "goods.toml").read_text(encoding="utf-8")).items() for good in entry["goods"]}
    english = {entry["en"]: name for name, entry in tomllib.loads((ROOT / "maps" / "assets" / "goods.toml").read_text(encoding="utf-8")).items()}
    sums = flow["expected"].groupby([flow["commodity"].map(groups).fillna("other"), flow["period"].map(month)]).sum()
    for entry in data["goods"]:
        assert entry["values"] == pytest.approx(list(sums[english[entry["name"][1]]].reindex(range(1, 13)).fillna(0.0)), rel=1e-8), entry["name"]
    assert {english[entry["name"][1]] for entry in data["goods"]} == set(sums.index.get_level_values(0))
    assert [slot["name"][0] for slot in data["slots"]] == [f"{number_of}月" for number_of in range(1, 13)]
    told = "Wet, flat and dry: hydropower used per day against the mean of the year (above 1.1 wet, below 0.9 dry)."
    assert told in plain(page.section("map"))
    hydro = page.year("supply")
    hydro = hydro[hydro["tier"].str.endswith("_hydro")]
    rate = hydro["expected"].groupby(hydro["period"].map(month)).sum() / mine.groupby(month)["length"].mean() / hydro["expected"].sum()
    seasons = ["wet season" if one > 1.1 else "dry season" if one < 0.9 else "flat season" for one in rate]
    assert [slot["season"][1] for slot in data["slots"]] == seasons and len(set(seasons)) == 3
    sites = page.called("sites", "site")
    supply, sale = page.year("supply"), page.year("sale")
    flow = page.year("flow").query("commodity == 'electricity'")
    for entry in data["power"]:
        zone = sites[entry["name"][1]]
        inside = pd.concat([supply[supply["site"] == zone], flow[flow["to"] == zone]])
        outside = pd.concat([sale[sale["site"] == zone], flow[flow["from"] == zone]])
        for rows, sign in ((inside, 1), (outside, -1)):
            wanted = rows["expected"].groupby(rows["period"].map(month)).sum()
            items = [item["values"] for item in entry["items"] if sum(item["values"]) * sign > 0]
            assert list(pd.DataFrame(items).sum() * sign) == pytest.approx(list(wanted), rel=1e-7), (zone, sign)
        tiers = {name: rows["expected"].groupby(rows["period"].map(month)).sum() for name, rows in supply[supply["site"] == zone].groupby("tier")}
        values = [item["values"] for item in entry["items"]]
        assert sum(any(one == pytest.approx(list(tier.reindex(range(1, 13)).fillna(0.0)), rel=1e-7) for one in values) for tier in tiers.values() if tier.sum() > 0) >= 3


def test_stores(page):
    goods, sites = page.called("commodities", "commodity"), page.called("sites", "site")
    stock, room = page.year("stock"), page.core["stocks"].set_index(["commodity", "site"])
    reduced = page.found["stock_reduced_cost"].join(page.periods[["stage", "probability"]], on="period")
    reduced = reduced[reduced["stage"] == page.shown]
    each = (1000 * reduced["stock_reduced_cost"] / page.weight[page.shown] / reduced["probability"]).groupby([reduced["commodity"], reduced["site"]]).min()
    table = next(one for one in page.tables("flows") if one.heading == "Stores")
    assert len(table.rows) == len(room)
    for site, good, unit, held, most, _, put_in, kept, worth, misses in table.rows:
        key = goods[good], sites[site]
        mine = stock[(stock["commodity"] == key[0]) & (stock["site"] == key[1])].sort_values("period")
        assert (unit, held, most) == ("kt", compact(float(room.loc[key, "capacity"])), number(mine["value"].max(), 1))
        if mine["value"].max() <= LEAST:
            assert (put_in, kept, worth, misses) == ("0.0", "0", "", compact(each[key])), key
        else:
            paid = float((mine["expected"] * mine["weight"] * mine["length"] * room.loc[key, "holding_cost"]).sum()) / page.weight[page.shown]
            assert (kept, misses) == (compact(paid), ""), key
