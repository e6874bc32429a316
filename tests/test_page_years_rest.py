"""Pages of several planning years or branches: metal balance, what leaves the map, legend, clauses, benchmarks, notes and the line on top."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections import defaultdict
from datetime import datetime, timedelta

import pandas as pd
import pytest
from runs import ROOT
from test_page_numbers import plain
from test_page_prices import value_of
from test_page_years import KEYS, links, units  # noqa: F401 - links is a fixture

from maps.figures import compact, number

DATA = ROOT / "data" / "chuanyu"
GOODS = tomllib.loads((ROOT / "maps" / "assets" / "goods.toml").read_text(encoding="utf-8"))
GROUP = {good: name for name, entry in GOODS.items() for good in entry["goods"]}
STAGE = {"Alumina": "Refining", "Primary": "Smelting", "Recycled": "Recycling", "Processing": "Processing", "Casting": "Casting to products"}
LOSSES = {"Refining": "Refining residue", "Smelting": "Oxygen, losses"}
LEAST = 0.05


def bought(group):
    return f"Bought {GOODS[group]['en'].lower()}"


def balance(page, links):  # noqa: F811
    """(from, to) → kt of the year shown: what is bought, made, used, sold and lost of every group of goods (a process moves differences)."""
    found, nets = defaultdict(float), defaultdict(lambda: defaultdict(float))
    for family, ends in (("supply", lambda group: (bought(group), GOODS[group]["en"])), ("sale", lambda group: (GOODS[group]["en"], "Markets"))):
        for good, value in page.year(family).groupby("commodity")["expected"].sum().items():
            if GROUP.get(good) in STEPS:
                found[ends(GROUP[good])] += value
    flow = page.rated(page.year("flow"), "lanes", KEYS).fillna({"delivered_share": 1.0})
    for good, value in (flow["expected"] * (1.0 - flow["delivered_share"])).groupby(flow["commodity"]).sum().items():
        if GROUP.get(good) in STEPS:
            found[GOODS[GROUP[good]]["en"], "Melt and other losses"] += value
    recipes = page.core["recipes"].rename(columns={"site": "at"})
    work = page.year("activity").groupby(["technology", "site"], as_index=False)["expected"].sum().merge(recipes, on="technology")
    work = work[(work["at"] == "*") | (work["at"] == work["site"])].sort_values("at").drop_duplicates(["technology", "site", "commodity"], keep="last")
    stages = pd.read_csv(DATA / "technologies.csv", encoding="utf-8-sig").set_index("technology")["stage"]
    for (technology, good), value in (work["expected"] * work["quantity"]).groupby([work["technology"], work["commodity"]]).sum().items():
        if GROUP.get(good) in STEPS:
            nets[technology][GROUP[good]] += value
    for technology, net in nets.items():
        stage = stages.get(technology)
        process = "Recycling" if stage == "sorting" else "Residue treatment" if stage == "residue" else STAGE.get(links(technology), "Other processes")
        for start, end, value in process_links(process, net):
            found[start, end] += value
    return {key: value for key, value in found.items() if value >= LEAST}


STEPS = ("bauxite", "alumina", "metal", "scrap", "recycled", "products")


def process_links(process, net):
    loss = -sum(net.values())
    if process == "Residue treatment" and min(net.values()) >= 0:
        return [("Won from dross", GOODS[group]["en"], value) for group, value in net.items()]
    if set(net) == {"metal"}:
        return [(GOODS["metal"]["en"], "Melt and other losses", loss)] if loss > 0 else [("Alloying, inputs", GOODS["metal"]["en"], -loss)]
    found = [(GOODS[group]["en"], process, -value) for group, value in net.items() if value < 0]
    found += [(process, GOODS[group]["en"], value) for group, value in net.items() if value >= 0 and group != "scrap"]
    assert not net.get("scrap", 0.0) > 0
    return [*found, (process, LOSSES.get(process, "Melt and other losses"), loss) if loss > 0 else ("Alloying, inputs", process, -loss)]


def halves(value):
    """A printed figure, a half rounded either way."""
    return {number(value * (1 + shift), 1) for shift in (-1e-7, 0.0, 1e-7)}


def test_every_ribbon_and_bar_of_the_metal_balance(page, links):  # noqa: F811
    """Ribbons are the balance of the year shown; a bar is the larger of what comes and goes; what is in must be out."""
    wanted, section = balance(page, links), page.section("sankey")
    shown = {}
    for title in re.findall(r"<title>([^<]*)</title>", section):
        start, end, value = re.fullmatch(r".* / (.+) → (.+): ([\d,.]+) kt", title.replace("&gt;", ">")).groups()
        shown[start, end] = value
    assert set(shown) == set(wanted) and all(shown[key] in halves(value) for key, value in wanted.items())
    through = {node: max(sum(v for (a, _), v in wanted.items() if a == node), sum(v for (_, b), v in wanted.items() if b == node)) for key in wanted for node in key}
    bars = re.findall(r'class="en sankey-name"[^>]*>([^<]*)</text>\s*<text[^>]*class="sankey-value"[^>]*>([^<]*)<', section)
    assert {plain(name) for name, _ in bars} == set(through) and all(value in halves(through[plain(name)]) for name, value in bars)
    error = re.search(r"= ([\d.]+) kt", plain(section))
    assert error and float(error[1]) < 0.001


def test_what_crosses_the_edge_of_the_map(page):
    """Every label: place, goods and amount a year, in the direction that it says; small ones of one arrow are added up."""
    names = page.core["sites"].set_index("site")["name_en"]
    flow = page.year("flow")
    flow = flow[flow["commodity"].map(units(page)).eq("kt")]
    flow = flow[flow.groupby(KEYS)["expected"].transform("sum") >= LEAST]
    sums = defaultdict(float)
    for (good, start, end), value in flow.groupby(["commodity", "from", "to"])["expected"].sum().items():
        for way, place in (("from", start), ("to", end)):
            sums[way, names[place].split(" (")[0].split(",")[0], GOODS[GROUP.get(good, "other")]["en"]] += value
    drawing = re.search(r'<div class="map-still">(.*?)</svg>', page.text, re.S).group(1)
    shown = defaultdict(list)
    for label in re.findall(r'<g class="en">(.*?)</g>', drawing, re.S):
        for text in re.findall(r'<text[^>]*class="edge-text"[^>]*>([^<]*)</text>', label):
            match = re.fullmatch(r"(from|to) (.+?): (.+) ([\d,]+)", text)
            assert match or "more" in text, text
            if match:
                shown[match[1], match[2], match[3]].append(match[4])
    assert len(shown) >= 9
    for key, amounts in shown.items():
        fitting = [value for (way, place, goods), value in sums.items() if (way, goods) == (key[0], key[2]) and place.startswith(key[1])]
        assert len(fitting) == 1 and sum(map(value_of, amounts)) == pytest.approx(fitting[0], abs=0.5 * len(amounts)), (key, amounts, fitting)
        assert len(amounts) > 1 or amounts == [number(fitting[0])]


def test_the_legend_of_the_map(page):
    """Round capacities whose areas are in proportion, round tonnages up to the largest stream with the width that the map gives them."""
    legend = re.search(r'<div class="legend">.*?<section', page.text, re.S).group(0)
    area, width = (next(part for part in legend.split("<b>") if f">{name} (" in part) for name in ("Area", "Width"))
    circles = [(float(r), value_of(shown)) for r, shown in re.findall(r'<circle[^>]* r="([\d.]+)".*?</svg> ([\d,.]+)<', area, re.S)]
    top = circles[-1]
    assert [shown for _, shown in circles] == [100.0, 1000.0, 4000.0]  # the largest park, Wanzhou, has 4,780 of alumina beside its mill
    assert all(r == pytest.approx(max(4.5, top[0] * (shown / top[1]) ** 0.5), abs=0.02) for r, shown in circles)
    lines = [(float(high), value_of(shown)) for high, shown in re.findall(r'<rect[^>]*height="([\d.]+)".*?</svg> ([\d,.]+)<', width, re.S)]
    data = json.loads(re.search(r"\nmonths\((\{.*?\})\);\s*</script>", page.text, re.S).group(1))
    assert [shown for _, shown in lines] == [1000.0, 5000.0, 10000.0] and data["largest"] > 10000
    assert all(high == pytest.approx(max(data["thinnest"], data["widest"] * (shown / data["largest"]) ** 0.5), abs=0.02) for high, shown in lines)


def test_the_scale_bar_is_as_long_as_it_says(page):
    """Against the way from Guangyuan to the south-east as the crow flies; parks that would touch are pushed apart by a few pixels."""
    drawing = re.search(r'<div class="map-still">(.*?)</svg>', page.text, re.S).group(1)
    (wide,), (label,) = re.findall(r'd="M16\.0,[\d.]+v6h([\d.]+)v-6"', drawing), re.findall(r">(\d+) km<", drawing)
    places = page.core["sites"].set_index("name_en")[["lat", "lon"]].rename(index=lambda name: name.removesuffix(" Industrial Park"))
    spots = {name: (float(x), float(y)) for x, y, name in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="[\d.]+" class="pie-rim"/>(?:(?!pie-rim).)*?class="en park-name"[^>]*>([^<]*)<', drawing)}
    (a, b), (c, d) = (places.loc[name] for name in ("Guangyuan ETDZ", "Qianjiang Zhengyang"))
    kilometres = math.hypot((a - c) * 111.2, (b - d) * 111.2 * math.cos(math.radians((a + c) / 2)))
    pixels = math.dist(spots["Guangyuan ETDZ"], spots["Qianjiang Zhengyang"])
    assert int(label) in (20, 50, 100, 200, 500) and float(wide) / int(label) == pytest.approx(pixels / kilometres, rel=0.04)


def test_the_line_on_top_and_the_size_of_the_run(page):
    """Objective, gap and time of the run as in its files; rows and columns of the program."""
    told = json.loads((page.folder / "run.json").read_text(encoding="utf-8"))
    summary = json.loads((page.folder / "summary.json").read_text(encoding="utf-8"))
    ended = datetime.fromisoformat(told["finished"]).astimezone()
    (date, zone), *_ = re.findall(r"(\d{4}-\d\d-\d\d \d\d:\d\d) \((UTC[+-]\d\d:\d\d)\)", page.text)
    written = datetime.strptime(f"{date} {zone.removeprefix('UTC')}", "%Y-%m-%d %H:%M %z")
    assert timedelta(0) <= ended - written <= timedelta(minutes=5)  # the page is made before the folder is done
    chinese, title = tomllib.loads((ROOT / "scenarios" / f"{told['scenario']}.toml").read_text(encoding="utf-8"))["title"].values()
    assert f"<title>{chinese} / {title}</title>" in page.text
    header = plain(page.text[page.text.index("<body"):page.text.index("<section")])
    assert header.count(title) == 1 and f"Scenario {told['scenario']} · optimal" in header and header.split("Scenario ")[0].strip().endswith(title)
    money = {1.0: "million yuan/yr", 7.975: "million yuan"}[round(summary["years"], 3)]  # of one year, or summed over all with their weights
    assert f"objective {compact(page.objective)} {money} · gap {100 * summary['gap']:.2f} % · {date} ({zone})" in header
    foot = plain(page.section("sources"))
    assert f"{summary['rows']:,} rows · {summary['columns']:,} columns · {sum(summary['seconds'].values()):.1f} s" in foot and f"{date} ({zone})" in foot
    assert told["case_hash"] in foot


def english(cell):
    return str(cell).partition(" | ")[2] or str(cell)


def test_clauses_say_the_words_of_the_dataset(page):
    table, (shown,) = pd.read_csv(DATA / "clauses.csv", encoding="utf-8-sig").fillna("").set_index("clause"), page.tables("clauses")
    assert [cells[0] for cells in shown.rows] == list(table.index)
    for clause, text, _, _, reason in shown.rows:
        row = table.loc[clause]
        assert (text, reason) == (" ".join(row["text_en"].split()), " ".join(row["reason_en"].split())), clause


def test_published_costs_stand_beside_the_build_up_of_the_run(page):
    table, (shown,) = pd.read_csv(page.folder / "tables" / "benchmarks.csv", encoding="utf-8-sig").fillna(""), page.tables("benchmarks")
    assert len(shown.rows) == len(table)
    for cells, row in zip(shown.rows, table.itertuples(), strict=True):
        share = 100 * (row.built - row.published) / row.published
        told = f"{'+' if share >= 0 else '−'}{abs(share):.1f} %"
        assert cells == [row.name_en, compact(row.published), compact(row.built), told, row.unit, row.inputs_en, row.note_en, f"{row.source} {row.grade}".strip()], cells


def test_notes_and_clauses_of_options_are_those_of_the_dataset(page):
    """Whatever free text stands beside an option is a note of the dataset or of its core row; numbers in it are not the plan's."""
    tables = [one for one in page.tables("plan") if "Status" in one.heads]
    known = {english(note).strip() for file in DATA.glob("*.csv") for note in notes(file)} | {english(note).strip() for note in page.core["options"]["note"]}
    clauses = {*pd.read_csv(DATA / "clauses.csv", encoding="utf-8-sig")["clause"], ""}
    sites = set(page.core["sites"]["name_en"])
    technologies = set(pd.read_csv(DATA / "technologies.csv", encoding="utf-8-sig")["name_en"])
    for table in tables:
        for cells in table.rows:
            *_, clause, note = cells if table.heads[-1] == "Note" else (*cells[:-2], cells[-1], cells[-2])
            assert clause in clauses, cells
            assert any(note.endswith(" ".join(one.split())) for one in known) or not re.search(r"\d", note), cells
            if table.heads[-1] == "Note" and ", expansion at " in cells[1]:
                assert cells[0] in sites and cells[1] == f"{cells[1].split(', expansion at ')[0]}, expansion at {cells[0]}"
                assert cells[1].split(", expansion at ")[0] in technologies, cells


def notes(file):
    table = pd.read_csv(file, encoding="utf-8-sig", dtype=str)
    return [cell for name in ("note", "note_en") if name in table for cell in table[name].dropna()]


def test_sources_are_rows_of_the_dataset(page):
    table = pd.read_csv(DATA / "sources.csv", encoding="utf-8-sig", dtype=str).fillna("")
    rows = {tuple(" ".join(cell.split()) for cell in row) for row in table.itertuples(index=False, name=None)}
    shown = next(one for one in page.tables("sources") if len(one.heads) == len(table.columns))
    assert len(shown.rows) > 50 and all(tuple(cells) in rows for cells in shown.rows)
    assert f"{len(table) - len(shown.rows)} more rows" in plain(page.section("sources"))
    grades = next(one for one in page.tables("sources") if one.heads[:1] == ["Grade"]).rows
    assert sum(float(cells[3].removesuffix(" %")) for cells in grades) == pytest.approx(100.0, abs=0.2)
    worst = next(cells[3] for cells in grades if cells[0] == "D")
    assert f"{float(worst.removesuffix(' %')):.0f} % of the money in this plan rests on data of grade D" in plain(page.section("findings"))
