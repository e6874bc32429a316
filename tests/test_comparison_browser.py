"""The comparison page in a headless browser without a network."""

from __future__ import annotations

import comparison_sample
import pytest
from browser import A3, A4, BROWSER, START, opened, printed, root, started_with

from maps import comparison_page

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def text():
    return comparison_page.page(comparison_sample.large(2))


def test_it_comes_up_in_both_languages_without_an_error(text, tmp_path):
    for fragment, language in (("", "zh"), ("#en", "en")):
        dom, console = opened(tmp_path, text, fragment)
        assert console == [] and root(dom)["data-ready"] == "yes" and root(dom)["data-lang"] == language


def test_the_background_is_drawn_below_every_map_and_a_map_can_be_enlarged(text, tmp_path):
    script = START + """
    var drawn = Array.prototype.every.call(document.querySelectorAll("use"), function (use) { return use.getBBox().width > 600; });
    document.querySelector("button.magnify").click();
    var large = document.querySelectorAll(".map-figure.large"), data = document.documentElement.dataset;
    data.drawn = String(drawn); data.large = String(large.length); data.pressed = document.querySelector("button.magnify").getAttribute("aria-pressed");
    """
    attributes = root(opened(tmp_path, started_with(text, script))[0])
    assert (attributes["data-drawn"], attributes["data-large"], attributes["data-pressed"]) == ("true", "1", "true")


def test_all_maps_show_the_same_part_whatever_moves_them(text, tmp_path):
    """Nearer twice: 1200 / 2.25 = 533.33 wide around the middle; right: 0.15 of it on; a drag of a tenth to the left as much to the right; 0: whole."""
    script = START + """
    var data = document.documentElement.dataset, frames = document.querySelectorAll(".map-frame");
    function seen() {
      var boxes = Array.prototype.map.call(frames, function (frame) { return frame.querySelector("svg").getAttribute("viewBox"); });
      return boxes.every(function (box) { return box === boxes[0]; }) ? boxes[0] : "apart";
    }
    function key(name) { frames[1].dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true })); }
    data.count = String(frames.length); data.first = seen();
    document.querySelector("button[data-view='+']").click(); key("+"); data.near = seen();
    key("ArrowRight"); data.right = seen();
    var place = frames[0].getBoundingClientRect();
    frames[0].setPointerCapture = function () {};
    function drag(name, x) { frames[0].dispatchEvent(new PointerEvent(name, { clientX: x, clientY: 5, pointerId: 1 })); }
    drag("pointerdown", place.width / 2); drag("pointermove", place.width * 0.4); drag("pointerup", 0); drag("pointermove", 0); data.dragged = seen();
    for (var i = 0; i < 30; i++) { key("ArrowLeft"); } data.edge = seen();
    document.querySelector("button[data-view='0']").click(); data.whole = seen();
    """
    dom, console = opened(tmp_path, started_with(text, script))
    data = root(dom)
    first, near, right, dragged, edge, whole = ([float(value) for value in data[f"data-{name}"].split()] for name in ("first", "near", "right", "dragged", "edge", "whole"))
    assert console == [] and data["data-count"] == "3" and first == whole
    assert near[2] == pytest.approx(first[2] / 2.25, abs=0.01) and near[0] == pytest.approx((first[2] - near[2]) / 2, abs=0.01)
    assert near[1] == pytest.approx((first[3] - near[3]) / 2, abs=0.01)
    assert right[0] - near[0] == pytest.approx(0.15 * near[2], abs=0.02) and dragged[0] - right[0] == pytest.approx(0.1 * near[2], abs=0.02)
    assert edge[0] == 0.0


def test_hostile_names_do_nothing(tmp_path):
    dom, console = opened(tmp_path, comparison_page.page(comparison_sample.attack()))
    assert console == [] and "data-pwned" not in root(dom) and root(dom)["data-ready"] == "yes"


def test_it_prints_on_landscape_pages(text, tmp_path):
    pages = printed(tmp_path, text)
    assert 4 <= len(pages) <= 10 and set(pages) == {A4}
    assert set(printed(tmp_path, started_with(text, START + 'report.paper("A3");'))) == {A3}
