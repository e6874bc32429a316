"""The slider below the map: amounts of every month by hand, seasons from hydropower, data that cannot end its script."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace

import hostile
import pandas as pd
import pytest
import report_sample
from browser import BROWSER, START, opened, root, started_with

from maps import page
from maps.arcs import Arcs, arcs
from maps.flows import WIDEST, places, streams, strokes
from maps.geography import frame_of
from maps.months import months, numbered, period_table, season_words
from maps.names import Names
from maps.view import ReportView

SITES = pd.DataFrame(
    [("a", "甲", "A", "park", "", 30.0, 105.0), ("b", "乙", "B", "park", "", 30.5, 106.0)],
    columns=["site", "name_zh", "name_en", "kind", "region", "lat", "lon"],
)
GOODS = pd.DataFrame([("alumina", "氧化铝", "Alumina", "kt"), ("power", "电", "Power", "GWh")], columns=["commodity", "name_zh", "name_en", "unit"])
PERIODS = pd.DataFrame([("m01", 0, 0.25, "dry"), ("m07", 1, 0.75, "wet")], columns=["period", "slot", "length", "season"])
FLOW = pd.DataFrame(
    [("alumina", "a", "b", "road", "m01", 10.0), ("alumina", "a", "b", "road", "m07", 60.0), ("alumina", "b", "a", "road", "m07", 15.0),
     ("alumina", "a", "a", "road", "m01", 99.0), ("power", "a", "b", "road", "m01", 99.0)],
    columns=["commodity", "from", "to", "mode", "period", "value"],
)
POWER = pd.DataFrame(
    [("z", "m01", "水电", "Hydro", 40.0), ("z", "m07", "水电", "Hydro", 200.0), ("z", "m01", "铝", "Aluminium", -40.0), ("z", "m07", "铝", "Aluminium", -120.0)],
    columns=["zone", "period", "item_zh", "item_en", "value"],
)


def made(view: ReportView):
    """The part of the slider and its data."""
    frame = frame_of(view.sites)
    lines = strokes(streams(view), places(view), frame)
    part = months(view, lines, Names(view), arcs(view, frame, max(line.stream.amount for line in lines)))
    return part, json.loads(part.script.split("\nmonths(")[1].removesuffix(");")), lines


@pytest.fixture(scope="module")
def view() -> ReportView:
    return ReportView("甲", "A", sites=SITES, commodities=GOODS, periods=PERIODS, flow=FLOW, balance_power=POWER)


def test_amounts_of_every_month_by_hand(view):
    """70 kt go there, 15 back; 10 in a quarter of the year are 40 a year, 60 in three quarters 80; 15 are 20."""
    part, data, lines = made(view)
    assert data["largest"] == 70.0 and data["lengths"] == [0.25, 0.75]
    rates = {lines[at].stream.leg.start: data["streams"][number] for at, number in enumerate(numbered(lines).values())}
    assert rates == {"a": [40.0, 80.0], "b": [0.0, 20.0]}
    assert data["goods"] == [{"name": ["氧化铝", "Alumina"], "colour": "#e69f00", "values": [10.0, 75.0]}]
    assert [(slot["name"][1], slot["season"][1]) for slot in data["slots"]] == [("Jan", "dry season"), ("Jul", "wet season")]
    assert [season for season, _ in season_words(part.slots)] == ["wet", "dry"]


def test_power_of_every_month_by_hand(view):
    data = made(view)[1]
    assert [(item["name"][1], item["values"]) for item in data["power"][0]["items"]] == [("Hydro", [40.0, 200.0]), ("Aluminium", [-40.0, -120.0])]


def test_the_year_of_the_slider_is_the_year_of_the_map():
    """Every stream: rate times length of its months adds up to what is drawn."""
    _, data, lines = made(report_sample.view())
    for (group, leg), number in numbered(lines).items():
        drawn = next(stroke.stream.amount for stroke in lines if (stroke.stream.group, stroke.stream.leg) == (group, leg))
        assert sum(rate * length for rate, length in zip(data["streams"][number], data["lengths"], strict=True)) == pytest.approx(drawn, rel=2e-3)


def test_one_period_has_no_slider(view):
    single = ReportView("甲", "A", sites=SITES, commodities=GOODS, periods=PERIODS.iloc[:1], flow=FLOW.iloc[:1])
    assert months(single, [], Names(single), Arcs([], {})) is None and 'id="month"' not in page.page(single)


def test_the_map_numbers_its_lines_and_the_data_is_small():
    """At most a tenth of the page for its size limit of 2 MB."""
    text = page.page(report_sample.view())
    assert 'id="month"' in text and '"n": 0' in text and len(made(report_sample.view())[0].script) < 200_000


def plan(*rows: tuple[str, str, float, float], supply: tuple[tuple[str, str, float], ...]):
    """A stand-in for a plan: periods (branch, period, length, probability), supply (period, tier, value)."""
    periods = pd.DataFrame(rows, columns=["branch", "period", "length", "probability"]).assign(stage="s")
    table = pd.DataFrame(supply, columns=["period", "tier", "value"])
    calendar = SimpleNamespace(periods=periods)
    return SimpleNamespace(results=SimpleNamespace(case=SimpleNamespace(calendar=calendar), values={"supply": table}))


def test_seasons_from_the_hydropower_of_a_day():
    """Mean 400 a year: 200 in half a year is the mean, 50 and 150 in a quarter are half and one and a half of it."""
    one = plan(
        ("x", "m01", 0.25, 1.0), ("x", "m02", 0.5, 1.0), ("x", "m03", 0.25, 1.0),
        supply=(("m01", "1_hydro", 50.0), ("m02", "1_hydro", 200.0), ("m03", "1_hydro", 150.0), ("m01", "2_thermal", 900.0)),
    )
    assert list(period_table(one, "s")["season"]) == ["dry", "flat", "wet"]


def test_branches_share_a_slot():
    """Expected hydropower: 0.5 x 60 + 0.5 x 20 = 40 in the first half, 60 in the second; half the time each."""
    rows = [("x", "x1", 0.5, 0.5), ("x", "x2", 0.5, 0.5), ("y", "y1", 0.5, 0.5), ("y", "y2", 0.5, 0.5)]
    two = plan(*rows, supply=(("x1", "1_hydro", 60.0), ("y1", "1_hydro", 20.0), ("x2", "1_hydro", 60.0), ("y2", "1_hydro", 60.0)))
    table = period_table(two, "s")
    assert list(table["slot"]) == [0, 1, 0, 1] and list(table["length"]) == [0.5] * 4 and list(table["season"]) == ["dry", "wet"] * 2


def test_without_hydropower_there_is_no_season():
    none = plan(("x", "a", 0.5, 1.0), ("x", "b", 0.5, 1.0), supply=(("a", "price", 5.0),))
    assert list(period_table(none, "s")["season"]) == ["", ""]


def test_hostile_names_cannot_leave_the_script(view):
    names = [*hostile.PAYLOADS]
    power = pd.DataFrame([(name, "m01", name, name, 5.0) for name in names], columns=POWER.columns)
    part, data, _ = made(ReportView("甲", "A", sites=SITES, commodities=GOODS, periods=PERIODS, flow=FLOW, balance_power=power))
    script = part.script.split("\nmonths(")[1]
    assert not {"<", ">", "&", "\u2028"} & set(script) and script.isascii()
    assert sorted(zone["name"][0] for zone in data["power"]) == sorted(names)


@pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
def test_the_slider_moves_widths_words_and_amounts(view, tmp_path):
    """July: 80 a year on a scale of 70; 75 kt of alumina, 200 GWh of hydropower, 80 left; the line back is 20."""
    script = START + """
    var slider = document.getElementById("month"), data = document.documentElement.dataset;
    function widths() {
      return Array.prototype.map.call(document.querySelectorAll(".leaflet-streams-pane path.leaflet-interactive"), function (path) {
        return path.getAttribute("stroke-width") + "/" + path.getAttribute("stroke-opacity");
      }).sort().join(" ");
    }
    data.yearly = document.getElementById("month-name").textContent; data.before = widths();
    slider.value = "2"; slider.dispatchEvent(new Event("input"));
    data.name = slider.getAttribute("aria-valuetext"); data.after = widths();
    data.facts = Array.prototype.map.call(document.querySelectorAll(".month-row .n"), function (cell) { return cell.textContent; }).join(" ");
    slider.value = "1"; slider.dispatchEvent(new Event("input")); data.gone = widths();
    document.getElementById("language").click(); data.english = document.getElementById("month-name").textContent;
    document.getElementById("month-play").click(); data.playing = document.getElementById("month-play").getAttribute("aria-pressed");
    """
    dom, console = opened(tmp_path, started_with(page.page(view), script))
    assert console == []
    data = root(dom)

    def read(text: str) -> list[tuple[float, str]]:
        return [(float(cell.split("/")[0]), cell.split("/")[1]) for cell in text.split()]

    assert data["data-yearly"] == "全年" and data["data-name"] == "7月 · 丰水期" and data["data-english"] == "Jan · dry season"
    assert sorted(wide for wide, _ in read(data["data-after"])) == [pytest.approx(WIDEST * math.sqrt(amount / 70), abs=0.02) for amount in (20, 80)]
    assert sorted(wide for wide, _ in read(data["data-before"])) == [pytest.approx(WIDEST * math.sqrt(amount / 70), abs=0.02) for amount in (15, 70)]
    assert sorted(seen for _, seen in read(data["data-gone"])) == ["0", "0.92"]  # nothing goes back in January
    assert data["data-facts"] == "75.0 200 −120 80.0" and data["data-playing"] == "true"
