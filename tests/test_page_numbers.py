"""Every number of the page against results.nc, to the printed digit: tables of the plan, flows, trade, indicators, cost classes, cards, months."""

from __future__ import annotations

import html
import json
import re

import pandas as pd
import pytest
import xarray

from maps import publish
from maps.figures import compact, number
from maps.view import STAGES
from model.explore.labels import Labels
from model.output import write_run

CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.S)


def plain(cell: str) -> str:
    """A cell as an English reader sees it."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r'<span class="zh">.*?</span>', "", cell)))).strip()


@pytest.fixture(scope="module")
def written(base_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers") / "run"
    write_run(base_run, folder, lambda run, draft: publish.write(run, draft))
    return folder


@pytest.fixture(scope="module")
def text(written):
    return (written / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(written):
    """Variable → a table of its index and value, straight from the file."""
    with xarray.open_dataset(written / "results.nc", engine="h5netcdf") as data:
        tables = {name: data[name].to_dataframe().reset_index(drop=True) for name in ("activity", "flow", "supply", "sale")}
        return {name: table.rename(columns=lambda one: one.split("_", 1)[-1]) for name, table in tables.items()} | {"attributes": dict(data.attrs)}


def rows(text: str, section: str, place: int = 0) -> list[list[str]]:
    """The cells of a table of a section, in English."""
    inside = re.search(rf'<section[^>]*id="{section}".*?</section>', text, re.S).group(0)
    body = re.findall(r"<tbody>(.*?)</tbody>", inside, re.S)[place]
    return [[plain(cell) for cell in CELL.findall(row)] for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]


def english(base_run, table, key):
    frame = base_run.prepared.core[table]
    return dict(zip(frame[key], frame["name_en"], strict=True))


def test_every_row_of_the_flow_table(base_run, text, found):
    goods, sites = english(base_run, "commodities", "commodity"), english(base_run, "sites", "site")
    flow = found["flow"].merge(base_run.prepared.core["lanes"].drop_duplicates(["commodity", "from", "to", "mode"])[["commodity", "from", "to", "mode", "kilometres"]])
    sums = flow.assign(tkm=flow["flow"] * flow["kilometres"]).groupby(["commodity", "from", "to", "mode"], as_index=False)[["flow", "tkm"]].sum()
    known = {(goods[row.commodity], sites[row[2]], sites[row.to], {"water": "river"}.get(row.mode, row.mode)): row for row in sums.itertuples()}
    shown = rows(text, "flows")
    assert len(shown) == 60
    for good, start, end, mode, amount, kilometres, _ in shown:
        row = known[good, start, end, mode]
        assert (amount, kilometres) == (number(row.flow, 1), number(row.tkm / row.flow)), (good, start, end)


def test_every_row_of_the_plan_table(base_run, text, found):
    """Output of every park and stage from the activities, capacity after from the tables and the sizes."""
    labels, sites = Labels(base_run), english(base_run, "sites", "site")
    activity = found["activity"].assign(stage=[labels.stage(name) for name in found["activity"]["technology"]])
    output = activity.groupby(["site", "stage"])["activity"].sum()
    names = {value: key for key, value in sites.items()}
    words = {"Alumina": "alumina", "Primary": "primary", "Casting": "casting", "Processing": "processing", "Recycled": "recycled"}
    park, judged = "", 0
    for cells in rows(text, "plan"):
        park = cells[0] or park
        stage = next(key for word, key in words.items() if word.lower() in cells[1].lower())
        assert cells[-1] == number(float(output.get((names[park], stage), 0.0))), cells
        existing, added, closed, after = (float(cell.replace(",", "").replace("·", "0")) for cell in cells[2:6])
        assert abs(existing + added - closed - after) <= 1.5  # each is rounded to a kt
        judged += 1
    assert judged > 20 and set(words.values()) < set(STAGES)


def test_supply_and_sale_tables(base_run, text, found):
    goods, sites = english(base_run, "commodities", "commodity"), english(base_run, "sites", "site")
    for place, family in ((1, "supply"), (2, "sale")):
        sums = found[family].groupby(["commodity", "site"])[family].sum()
        amounts: dict[tuple[str, str], list[str]] = {}
        for (good, site), value in sums.items():
            amounts.setdefault((goods[good], sites[site]), []).append(number(value, 1))
        shown = [row for row in rows(text, "flows", place) if "cities" not in row[1]]
        assert len(shown) > 5
        for row in shown:
            assert row[2] in amounts[row[0], row[1]], row


def test_cards_and_objective(text, found):
    cards = [[plain(part) for part in re.findall(r'<div class="(?:name|value)">(.*?)</div>', card, re.S)] for card in re.findall(r'<div class="card".*?</div></div>', text, re.S)]
    values = {name: value.split()[0] for name, value in cards}
    assert values["Objective (net margin)"] == compact(-found["attributes"]["objective"])
    assert number(found["activity"].loc[found["activity"]["technology"].str.startswith("smelt"), "activity"].sum()) == values["Primary output"]


def test_cost_classes_add_up_to_the_objective_of_the_file(text, found):
    section = re.search(r'<section[^>]*id="classes".*?</section>', text, re.S).group(0)
    shown = [float(plain(cell).replace(",", "").replace("−", "-")) for cell in re.findall(r'<text[^>]*class="bar-value[^"]*"[^>]*>(.*?)</text>', section, re.S)]
    assert len(shown) > 5 and abs(sum(shown) - found["attributes"]["objective"]) <= 0.5 * len(shown)


def test_months_of_the_slider_are_those_of_the_file(base_run, text, found):
    """Every good that is counted in kt, month by month: what leaves its place, in nine digits."""
    data = json.loads(re.search(r"\nmonths\((\{.*?\})\);\s*</script>", text, re.S).group(1))
    units = dict(zip(base_run.prepared.core["commodities"]["commodity"], base_run.prepared.core["commodities"]["unit"], strict=True))
    flow = found["flow"][(found["flow"]["from"] != found["flow"]["to"]) & found["flow"]["commodity"].map(units).eq("kt")]
    yearly = flow.groupby(["commodity", "from", "to", "mode"])["flow"].transform("sum")
    monthly = flow[yearly >= 0.05].groupby("period")["flow"].sum()  # the page draws nothing below 50 t a year
    shown = pd.DataFrame([group["values"] for group in data["goods"]]).sum()
    assert list(shown) == pytest.approx(list(monthly.sort_index()), rel=1e-8)


def test_every_park_of_the_file_has_its_glyph(base_run, text, found):
    parks = base_run.prepared.core["sites"].query("kind in ('park', 'plant')")["site"]
    drawing = re.search(r'<div class="map-still">(.*?)</svg>', text, re.S).group(1)
    assert text.count("touched park-glyph") == drawing.count("pie-rim") >= len(parks)
