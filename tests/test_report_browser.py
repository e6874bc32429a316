"""The report in a headless browser without a network: no error, parks drawn, languages switch, hostile names stay text."""

from __future__ import annotations

import re
import shutil
import subprocess

import hostile
import pytest
import report_sample
from markupsafe import escape

from maps import offline, page

BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr", "--v=0", "--virtual-time-budget=6000", "--window-size=1320,1500", "--host-resolver-rules=MAP * ~NOTFOUND",
)
START = "report.after();"
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


def _open(tmp_path, text, fragment=""):
    """The page after its scripts ran, and what the console said."""
    path = tmp_path / "report.html"
    path.write_text(text, encoding="utf-8")
    command = [BROWSER, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", f"{path.as_uri()}{fragment}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def _root(dom):
    """Attributes of the html element."""
    return dict(re.findall(r'([\w-]+)="([^"]*)"', re.search(r"<html[^>]*>", dom).group(0)))


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
    dom, console = _open(tmp_path, text)
    assert console == []
    root = _root(dom)
    assert root["data-ready"] == "yes" and root["data-lang"] == "zh" and "map-alive" in root["class"]
    assert dom.count('class="park-glyph') + dom.count("touched park-glyph") >= 15
    assert "leaflet-control-scale-line" in dom and " mi<" not in dom


def test_the_language_switches_the_whole_page(text, tmp_path):
    dom, console = _open(tmp_path, text, "#en")
    assert console == [] and _root(dom)["data-lang"] == "en" and _root(dom)["lang"] == "en"


def test_the_button_switches_the_language(text, tmp_path):
    click = START + "document.getElementById('language').click();"
    changed = text.replace(f"<script>{START}</script>", f"<script>{click}</script>")
    changed = changed.replace(escape(offline.script_hash(START)), escape(offline.script_hash(click)))
    assert _root(_open(tmp_path, changed)[0])["data-lang"] == "en"


def test_popups_tooltips_and_arrows_work(text, tmp_path):
    dom, console = _open(tmp_path, _probed(text))
    assert console == []
    root = _root(dom)
    assert int(root["data-popups"]) >= 16 and int(root["data-tooltips"]) > 100
    assert int(root["data-paths"]) > 100 and int(root["data-arrows"]) > 20
    assert root["data-corners"] == "true,true"
    seen = re.search(r'<pre id="probe">(.*?)</pre>', dom, re.S).group(1)
    assert "九龙万博新材料(博赛)" in seen and "广元林丰铝电" in seen and "10,755 千吨/年" in seen


def test_hostile_names_do_nothing_even_without_the_policy(tmp_path):
    dom, console = _open(tmp_path, _probed(page.page(hostile.view()), policy=False))
    assert console == []
    root = _root(dom)
    assert "data-pwned" not in root and root["data-ready"] == "yes"
    assert int(root["data-popups"]) > 5
    seen = re.search(r'<pre id="probe">(.*?)</pre>', dom, re.S).group(1)
    assert "seven{{7*7}}seven" in seen and "${document" in seen and "&lt;img src=x onerror=" in seen


def test_the_policy_stops_a_script_that_got_in(text, tmp_path):
    planted = text.replace("</main>", f"<script>{hostile.MARK}</script><img src=x onerror='{hostile.MARK}'></main>")
    dom, console = _open(tmp_path, planted)
    assert "data-pwned" not in _root(dom)
    assert any("Content Security Policy" in line for line in console)


def test_a_page_without_a_map_comes_up(tmp_path):
    empty = page.page(report_sample.view(sites=report_sample.view().sites.iloc[:0], nodes=report_sample.view().nodes.iloc[:0]))
    dom, console = _open(tmp_path, empty)
    assert console == [] and _root(dom)["data-ready"] == "yes"


def test_it_prints_on_a_few_landscape_pages(text, tmp_path):
    path, target = tmp_path / "report.html", tmp_path / "report.pdf"
    path.write_text(text, encoding="utf-8")
    command = [BROWSER, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={target}", path.as_uri()]
    subprocess.run(command, capture_output=True, timeout=60, check=True)
    content = target.read_bytes()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert boxes and all(float(wide) > float(high) for wide, high in boxes)
    assert 4 <= len(boxes) <= 16
