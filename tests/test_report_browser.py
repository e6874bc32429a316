"""The report in a headless browser without a network: no error, parks drawn, languages switch, hostile names stay text."""

from __future__ import annotations

import re

import hostile
import pytest
import report_sample
from browser import A3, A4, BROWSER, START, opened, printed, root, started_with
from markupsafe import escape

from maps import offline, page

# opens every popup and tooltip once and writes what a reader would see into the page
PROBE = """report.after();
(function () {
  var seen = [], count = { popups: 0, tooltips: 0, paths: 0, arrows: 0 };
  function visit(layer) {
    if (layer.eachLayer) { layer.eachLayer(visit); }
    if (layer.getPopup && layer.getPopup()) { layer.openPopup(); seen.push(layer.getPopup().getElement().textContent); layer.closePopup(); count.popups++; }
    if (layer.eachLayer && layer.getTooltip()) {
      layer.eachLayer(function (line) {
        layer.getTooltip()._source = line;
        layer.openTooltip(line.getBounds().getCenter());
        seen.push(layer.getTooltip().getElement().textContent);
        count.tooltips++;
      });
    }
  }
  var map = window.report_map;
  map.eachLayer(visit);
  count.paths = document.querySelectorAll(".leaflet-streams-pane path.leaflet-interactive").length;
  count.arrows = document.querySelectorAll("path.arrow").length;
  map.setZoom(map.getZoom() + 1, { animate: false });
  var box = document.createElement("pre");
  box.id = "probe"; box.textContent = seen.join(" | ");
  document.body.appendChild(box);
  var root = document.documentElement;
  Object.keys(count).forEach(function (key) { root.setAttribute("data-" + key, String(count[key])); });
  root.setAttribute("data-corners", [map.getBounds().getSouth() > 25, map.getZoom() > 6].join());
}());"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")


def _probed(text, policy=True):
    """The page with the probe as its last script; without ``policy`` any script that got in would run."""
    text = text.replace(f"<script>{START}</script>", f"<script>{PROBE}</script>")
    old = re.search(r"script-src .*?; (?=style-src)", text).group(0)
    allowed = old.replace("script-src ", f"script-src {escape(offline.script_hash(PROBE))} ") if policy else "script-src 'unsafe-inline'; "
    return text.replace(old, allowed)


@pytest.fixture(scope="module")
def text():
    return page.page(report_sample.view())


def test_the_page_comes_up_in_chinese_without_an_error(text, tmp_path):
    dom, console = opened(tmp_path, text)
    assert console == []
    attributes = root(dom)
    assert attributes["data-ready"] == "yes" and attributes["data-lang"] == "zh" and "map-alive" in attributes["class"]
    assert dom.count('class="park-glyph') + dom.count("touched park-glyph") >= 15
    assert "leaflet-control-scale-line" in dom and " mi<" not in dom


def test_the_language_switches_the_whole_page(text, tmp_path):
    dom, console = opened(tmp_path, text, "#en")
    assert console == [] and root(dom)["data-lang"] == "en" and root(dom)["lang"] == "en"


def test_the_button_switches_the_language(text, tmp_path):
    changed = started_with(text, START + "document.getElementById('language').click();")
    assert root(opened(tmp_path, changed)[0])["data-lang"] == "en"


def test_popups_tooltips_and_arrows_work(text, tmp_path):
    dom, console = opened(tmp_path, _probed(text))
    assert console == []
    attributes = root(dom)
    assert int(attributes["data-popups"]) >= 16 and int(attributes["data-tooltips"]) > 100
    assert int(attributes["data-paths"]) > 100 and int(attributes["data-arrows"]) > 20
    assert attributes["data-corners"] == "true,true"
    seen = re.search(r'<pre id="probe">(.*?)</pre>', dom, re.S).group(1)
    assert "九龙万博新材料(博赛)" in seen and "广元林丰铝电" in seen and "10,755 千吨/年" in seen


def test_hostile_names_do_nothing_even_without_the_policy(tmp_path):
    dom, console = opened(tmp_path, _probed(page.page(hostile.view()), policy=False))
    assert console == []
    attributes = root(dom)
    assert "data-pwned" not in attributes and attributes["data-ready"] == "yes"
    assert int(attributes["data-popups"]) > 5
    seen = re.search(r'<pre id="probe">(.*?)</pre>', dom, re.S).group(1)
    assert "seven{{7*7}}seven" in seen and "${document" in seen and "&lt;img src=x onerror=" in seen


def test_the_policy_stops_a_script_that_got_in(text, tmp_path):
    planted = text.replace("</main>", f"<script>{hostile.MARK}</script><img src=x onerror='{hostile.MARK}'></main>")
    dom, console = opened(tmp_path, planted)
    assert "data-pwned" not in root(dom)
    assert any("Content Security Policy" in line for line in console)


def test_a_page_without_a_map_comes_up(tmp_path):
    empty = page.page(report_sample.view(sites=report_sample.view().sites.iloc[:0], nodes=report_sample.view().nodes.iloc[:0]))
    dom, console = opened(tmp_path, empty)
    assert console == [] and root(dom)["data-ready"] == "yes"


def test_it_prints_on_a_few_landscape_pages(text, tmp_path):
    pages = printed(tmp_path, text)
    assert 4 <= len(pages) <= 18 and set(pages) == {A4}


def test_it_prints_on_fewer_pages_of_a3(text, tmp_path):
    pages = printed(tmp_path, started_with(text, START + 'report.paper("A3");'))
    assert set(pages) == {A3} and len(pages) < len(printed(tmp_path, text))


def test_pages_are_numbered_and_say_that_the_map_is_not_approved(text):
    assert 'counter(page) " / " counter(pages)' in text and 'content: "内部研讨用图,未经地图审核,不得公开' in text


def test_the_map_with_its_legend_and_the_balance_fit_one_page_each(text, tmp_path):
    """In the width of A4 less its margins no section of drawings is higher than the page less its margins: 187 mm at 96 dpi."""
    script = START + """
    var style = document.createElement("style"), high = [];
    style.textContent = Array.prototype.map.call(document.styleSheets, function (sheet) {
      return Array.prototype.map.call(sheet.cssRules, function (rule) {
        return rule.media && rule.media.mediaText === "print" ? Array.prototype.map.call(rule.cssRules, function (inner) { return inner.cssText; }).join("") : "";
      }).join("");
    }).join("");
    document.head.appendChild(style);
    document.body.style.width = "279mm";
    var sheet = document.querySelector(".map-still svg").getBoundingClientRect(), parks = document.querySelectorAll(".map-still .pie-rim, .map-still .sign");
    document.documentElement.dataset.parks = Array.prototype.filter.call(parks, function (park) {
      var box = park.getBoundingClientRect();
      return box.left >= sheet.left && box.right <= sheet.right && box.top >= sheet.top && box.bottom <= sheet.bottom;
    }).length + "/" + parks.length;
    document.documentElement.dataset.wide = String(sheet.width);
    ["map", "sankey"].forEach(function (id) { high.push(document.getElementById(id).getBoundingClientRect().height); });
    document.documentElement.dataset.high = high.join(" ");
    """
    data = root(opened(tmp_path, started_with(text, script))[0])
    high = [float(value) for value in data["data-high"].split()]
    inside, parks = map(int, data["data-parks"].split("/"))
    assert inside == parks > 20 and 600 < float(data["data-wide"]) <= 279 / 25.4 * 96 + 1  # every park on the sheet, the sheet on the page
    assert all(250 < value < 187 / 25.4 * 96 for value in high), high
