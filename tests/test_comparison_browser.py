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


def test_hostile_names_do_nothing(tmp_path):
    dom, console = opened(tmp_path, comparison_page.page(comparison_sample.attack()))
    assert console == [] and "data-pwned" not in root(dom) and root(dom)["data-ready"] == "yes"


def test_it_prints_on_landscape_pages(text, tmp_path):
    pages = printed(tmp_path, text)
    assert 4 <= len(pages) <= 10 and set(pages) == {A4}
    assert set(printed(tmp_path, started_with(text, START + 'report.paper("A3");'))) == {A3}
