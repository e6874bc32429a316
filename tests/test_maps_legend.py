"""Legends recomputed: circles and lines have the size that a park or a flow of that amount has on the map beside them."""

from __future__ import annotations

import html
import math
import re

import comparison_sample
import pytest
import report_sample

from maps import comparison_page, page, parks
from maps.flows import THINNEST, places, streams, strokes
from maps.geography import frame_of
from maps.parks import SMALLEST
from maps.pictures.siting import siting_maps

RIM = 1.3  # pixels of white around a pie


@pytest.fixture(scope="module")
def view():
    return report_sample.view()


@pytest.fixture(scope="module")
def text(view):
    return page.page(view)


def amount(shown: str) -> float:
    return float(html.unescape(shown).replace(",", ""))


def circles(legend: str) -> list[tuple[float, float]]:
    """(amount, radius) of every circle of a legend in the page."""
    found = re.findall(r'<circle cx="[\d.]+" cy="[\d.]+" r="([\d.]+)" fill="#ffffff" stroke="#2c3a48"/></svg> ([\d,.]+)', legend)
    return [(amount(shown), float(radius)) for radius, shown in found]


def lines(legend: str) -> list[tuple[float, float]]:
    """(amount, width) of every line."""
    found = re.findall(r'<rect x="0" y="[\d.]+" width="30" height="([\d.]+)" fill="#66727e"/></svg> ([\d,.]+)', legend)
    return [(amount(shown), float(wide)) for wide, shown in found]


def drawn_parks(view, drawing: str) -> list[tuple[float, float]]:
    """(capacity, radius) of every park whose circle is larger than the least, from its drawing."""
    sums = view.capacity.assign(after=view.capacity["existing"] + view.capacity["added"] - view.capacity["closed"]).groupby("site")["after"].sum()
    radii = sorted(float(r) - RIM for r in re.findall(r'r="([\d.]+)" class="pie-rim"', drawing))
    large = [r for r in radii if r > SMALLEST + 0.01]
    return list(zip(sorted(sums)[-len(large):], large, strict=True))


def test_areas_of_the_legend_are_those_of_the_parks(view, text):
    legend = re.search(r'<div class="legend">.*?</section>', text, re.S).group(0)
    still = re.search(r'<div class="map-still">(.*?)</svg>', text, re.S).group(1)
    known, shown = drawn_parks(view, still), circles(legend)
    capacity, radius = known[-1]
    assert len(known) > 8 and [step for step, _ in shown] == [100, 1000, 5000]
    assert (capacity, radius) == (4780 + 150 + 100, pytest.approx(parks.LARGEST))  # Wanzhou: alumina, mills, metal from scrap
    for amount_, r in [*known, *shown]:
        assert r == pytest.approx(max(SMALLEST, radius * math.sqrt(amount_ / capacity)), abs=0.011), amount_


def test_widths_of_the_legend_are_those_of_the_flows(view, text):
    """Widths grow with the square root: width² ÷ tonnage is the same for every line that is not thinner than the least."""
    legend = re.search(r'<div class="legend">.*?</section>', text, re.S).group(0)
    shown = lines(legend)
    frame = frame_of(view.sites)
    drawn = [(stroke.stream.amount, stroke.width) for stroke in strokes(streams(view), places(view), frame) if stroke.width > THINNEST]
    weights = {float(weight) for weight in re.findall(r'"weight": ?([\d.]+)', text)}
    assert len(drawn) > 50 and {round(wide, 2) for _, wide in drawn} <= weights  # the live map draws just these
    per_tonne = drawn[0][1] ** 2 / drawn[0][0]
    assert all(wide**2 / tonnes == pytest.approx(per_tonne, rel=1e-9) for tonnes, wide in drawn)
    assert len(shown) == 3
    for step, wide in shown:
        assert wide == pytest.approx(max(THINNEST, math.sqrt(per_tonne * step)), abs=0.006)


def test_the_legend_of_a_slide_is_that_of_its_map(view):
    """Circles of the legend lie right of the map; the largest park of the map sets their scale."""
    slide = siting_maps(view)["en"]
    legend = slide[slide.index("Area (kt/yr)"):slide.index("Width (kt/yr)")]
    found = re.findall(r'<circle cx="[\d.]+" cy="[\d.]+" r="([\d.]+)"[^>]*/><text[^>]*>([\d,.]+)<', legend)
    assert len(found) == 3
    largest = max(sum(part for _, part in glyph.slices) for glyph in parks.glyphs(view, frame_of(view.sites)))
    for radius, shown in found:
        assert float(radius) == pytest.approx(max(SMALLEST, parks.LARGEST * math.sqrt(amount(shown) / largest)), abs=0.006)


def test_all_plans_of_a_comparison_share_one_scale_and_its_legend():
    """Twice the area is twice the capacity across the maps: the largest park of all plans is drawn largest, on one map at least."""
    text = comparison_page.page(comparison_sample.large(2))
    legends = [circles(legend) for legend in re.findall(r'<div class="legend">.*?</section>', text, re.S)]
    shown = next(legend for legend in legends if len(legend) == 3 and legend[-1][0] >= 1000)
    radii = [float(r) - RIM for r in re.findall(r'r="([\d.]+)" class="pie-rim"', text)]
    assert max(radii) == pytest.approx(parks.LARGEST)
    scale = [r**2 / step for step, r in shown if r > SMALLEST + 0.01]
    assert scale == [pytest.approx(scale[-1], rel=0.02)] * len(scale) and shown[-1][1] <= parks.LARGEST
