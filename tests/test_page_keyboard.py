"""The pages walked with real Tab keys in a browser: every control is reached in order, shows where it is, and answers to Enter or Space."""

from __future__ import annotations

import comparison_sample
import devtools
import pytest
import report_sample
from browser import BROWSER

from maps import comparison_page, page

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
HERE = """(() => { const e = document.activeElement;
  if (e === document.body) return null;
  e.dataset.walked = "yes";
  const style = getComputedStyle(e), ring = style.outlineStyle !== "none" || e.matches(".touched");
  return [e.tagName, e.id || e.className.toString().slice(0, 40), ring];
})()"""
LEFT = """Array.from(document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']"))
  .filter(e => !e.dataset.walked && !e.disabled && e.checkVisibility() && !e.classList.contains("leaflet-disabled")
    && !(e.type === "radio" && !e.checked)).map(e => e.outerHTML.slice(0, 100))"""
FOCUS = "document.querySelector({!r}).focus()"


def walked(browser: devtools.Page) -> list[list[object]]:
    """What Tab reaches from the top of the page to its end."""
    found: list[list[object]] = []
    for _ in range(400):
        browser.press("Tab")
        here = browser.value(HERE)
        if here is None:
            break
        found.append(here)
    return found


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    with devtools.opened(tmp_path_factory.mktemp("report"), page.page(report_sample.view())) as browser:
        yield browser


def test_tab_reaches_every_control_of_the_report(report):
    found = walked(report)
    assert report.value(LEFT) == [] and len(found) > 50
    assert found[0][:2] == ["A", "skip"] and ["BUTTON", "language"] in [one[:2] for one in found[:5]]  # first what leads past the rest
    assert [one for one in found if not one[2]] == []  # all of them show that they have the focus


@pytest.mark.parametrize("key", ["Enter", " "])
def test_buttons_answer_to_both_keys(report, key):
    for _ in range(2):  # there and back
        before = report.value("document.documentElement.dataset.lang")
        report.value(FOCUS.format("#language"))
        report.press(key)
        assert {before, report.value("document.documentElement.dataset.lang")} == {"zh", "en"}
    report.value(FOCUS.format("#month-play"))
    report.press(key)
    assert report.value("document.querySelector('#month-play').getAttribute('aria-pressed')") == "true"
    report.press(key)
    assert report.value("document.querySelector('#month-play').getAttribute('aria-pressed')") == "false"


def test_slider_switch_layers_folds_and_parks_answer(report):
    report.value(FOCUS.format("#month"))
    before = report.value("document.getElementById('month-name').textContent")
    report.press("ArrowRight")
    assert report.value("document.getElementById('month-name').textContent") != before
    report.value(FOCUS.format("input[name=drawing]:checked"))
    report.press("ArrowRight")
    assert report.value("document.documentElement.dataset.drawing") == "arcs"
    box = ".leaflet-control-layers-overlays input"
    report.value(FOCUS.format(box))
    shown = report.value(f"document.querySelector('{box}').checked")
    report.press(" ")
    assert report.value(f"document.querySelector('{box}').checked") is not shown
    report.press(" ")
    report.value(FOCUS.format("summary"))
    for _ in range(2):
        was = report.value("document.querySelector('summary').parentElement.open")
        report.press("Enter")
        assert report.value("document.querySelector('summary').parentElement.open") is not was
    report.value(FOCUS.format(".touched.park-glyph"))
    report.press("Enter")
    assert report.value("document.querySelectorAll('.leaflet-popup .popup h4').length") == 1


def test_zoom_buttons_answer_and_are_named_in_the_language_shown(report):
    names = "Array.from(document.querySelectorAll('.leaflet-control-zoom a')).map(e => [e.title, e.getAttribute('aria-label')])"
    report.value("report.language('zh')")
    assert report.value(names) == [["放大", "放大"], ["缩小", "缩小"]]
    report.value("report.language('en')")
    assert report.value(names) == [["Zoom in", "Zoom in"], ["Zoom out", "Zoom out"]]
    for key in ("Enter", " "):
        report.value("void report_map.setZoom(report_map.getMinZoom(), {animate: false})")
        before = report.value("report_map.getZoom()")
        report.value(FOCUS.format(".leaflet-control-zoom-in"))
        report.press(key)
        assert report.value("new Promise(done => setTimeout(() => done(report_map.getZoom()), 400))") > before, key


def test_tab_reaches_every_control_of_a_comparison_and_maps_move(tmp_path):
    with devtools.opened(tmp_path, comparison_page.page(comparison_sample.large(2))) as browser:
        found = walked(browser)
        assert browser.value(LEFT) == [] and len(found) > 15 and [one for one in found if not one[2]] == []
        browser.value(FOCUS.format("button.magnify"))
        browser.press("Enter")
        assert browser.value("document.querySelector('button.magnify').getAttribute('aria-pressed')") == "true"
        whole = browser.value("document.querySelector('.map-frame svg').getAttribute('viewBox')")
        browser.value(FOCUS.format("button[data-view]"))
        browser.press(" ")
        assert browser.value("document.querySelector('.map-frame svg').getAttribute('viewBox')") != whole
