"""The pages for those who use a keyboard or a screen reader: contrast from the style sheet, names, heads, what Enter opens."""

from __future__ import annotations

import re

import comparison_sample
import pytest
import report_sample
from browser import BROWSER, START, opened, root, started_with

from maps import comparison_page, page
from maps.shell import asset

LEAST = 4.5  # WCAG 2.1, success criterion 1.4.3
BRIGHT = {"#fff", "#ffffff"}
ON_DARK = (".top", ".buttons button", ".badge", ".month-line button", ".in-bar")  # white or pale text on a coloured ground
TEXTS = (".town", ".river-name", ".park-name", ".place-name", ".edge-text", ".scale-text", ".bar-name", ".bar-value", ".axis", ".sankey-name", ".sankey-value", ".shift-text")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    text = colour.lstrip("#")
    text = "".join(sign * 2 for sign in text) if len(text) == 3 else text
    parts = [int(text[at:at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of the lighter to the darker of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def rules():
    """Selector and declarations of every rule of the style sheet, with its variables filled in."""
    text = re.sub(r"/\*.*?\*/", "", asset("style.css"), flags=re.S)
    variables = dict(re.findall(r"(--\w+): (#\w+);", text))
    text = re.sub(r"var\((--\w+)\)", lambda found: variables[found[1]], text)
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        declared = dict(re.findall(r"([\w-]+):\s*([^;]+)", body))
        for selector in selectors.split(","):
            yield selector.strip(), declared


def test_the_formula_gives_the_published_ratios():
    assert contrast("#000", "#fff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005) and contrast("#767676", "#fff") > LEAST  # the well-known pair


def test_every_text_of_the_style_sheet_stands_out_from_its_ground():
    grounds = {"paper": "#ffffff", "back": "#f3f5f8"}
    judged = 0
    for selector, declared in rules():
        colour = declared.get("color", "")
        if not re.fullmatch(r"#\w{3,6}", colour) or selector.startswith(("--", "@")):
            continue
        own = declared.get("background", declared.get("background-color", ""))
        if selector.startswith(ON_DARK) or colour in BRIGHT:
            continue
        on = [own] if re.fullmatch(r"#\w{3,6}", own) else list(grounds.values())
        for ground in on:
            assert contrast(colour, ground) >= LEAST, (selector, colour, ground, round(contrast(colour, ground), 2))
        judged += 1
    assert judged > 30


@pytest.mark.parametrize(("colour", "ground"), [
    ("#ffffff", "#08324f"), ("#ffffff", "#0b4f7d"), ("#ffffff", "#11698f"), ("#cfe3f1", "#08324f"), ("#cfe3f1", "#11698f"),  # the head, at both ends of its shade
    *((("#ffffff"), ground) for _, declared in rules() if (ground := declared.get("background", "")) and _.startswith(".badge") and re.fullmatch(r"#\w{6}", ground)),
])
def test_bright_text_stands_out_from_its_dark_ground(colour, ground):
    assert contrast(colour, ground) >= LEAST


def test_names_on_drawings_stand_out_from_map_and_paper():
    """Land is #fbf9f3, what lies around #e6ebf0; names carry a bright halo, so paper and land are their ground."""
    fills = {selector: declared["fill"] for selector, declared in rules() if selector in TEXTS and "fill" in declared}
    assert set(fills) == set(TEXTS)
    for selector, colour in fills.items():
        for ground in ("#ffffff", "#fbf9f3"):
            assert contrast(colour, ground) >= LEAST, (selector, colour, round(contrast(colour, ground), 2))


@pytest.fixture(scope="module")
def pages():
    return {"report": page.page(report_sample.view()), "compare": comparison_page.page(comparison_sample.large(2))}


@pytest.mark.parametrize("name", ["report", "compare"])
def test_every_head_says_what_it_heads_and_every_control_is_a_native_one(pages, name):
    text = pages[name]
    body = re.sub(r"<script.*?</script>", "", text, flags=re.S)
    assert "<th>" not in body and body.count('<th scope="col"') > 20
    assert not re.search(r"<(div|span|a)[^>]* role=\"button\"", body) and "onclick" not in body
    assert 'class="skip" href="#content"' in body and 'id="content"' in body and '<html lang="zh-CN"' in body


ACCESS = START + """
var data = document.documentElement.dataset;
function blank(list, name) { return Array.prototype.filter.call(list, function (one) { return !one.getAttribute(name); }).length; }
data.drawings = document.querySelectorAll("svg[role=img]").length + "/" + blank(document.querySelectorAll("svg[role=img]"), "aria-label");
data.tables = document.querySelectorAll(".table").length + "/" + blank(document.querySelectorAll(".table"), "aria-label");
var marks = document.querySelectorAll(".touched"), controls = document.querySelectorAll("button, input, select, a[href], summary, .touched, .table, .map-frame, .folium-map");
data.marks = marks.length + "/" + blank(marks, "aria-label") + "/" + blank(marks, "role");
data.unreachable = Array.prototype.filter.call(controls, function (one) { return one.tabIndex < 0; }).map(function (one) { return one.outerHTML.slice(0, 80); }).join(" ");
data.unnamed = Array.prototype.filter.call(document.querySelectorAll("button, a[href], summary"), function (one) { return !one.textContent.trim() && !one.title; }).length;
data.hidden = Array.prototype.filter.call(document.querySelectorAll("svg:not([role=img]):not(.pin)"), function (one) {
  return one.closest("main") && !one.closest(".leaflet-container") && !one.getAttribute("aria-hidden") && !one.classList.contains("definitions");
}).map(function (one) { return one.outerHTML.slice(0, 120); }).join(" ");
function label() { var name = document.querySelector(".touched.park-glyph[aria-label]"); return name ? name.getAttribute("aria-label") : ""; }
data.before = label();
document.getElementById("language").click();
data.after = label(); data.switch = document.getElementById("language").getAttribute("lang");
if (marks.length) {
  marks[0].focus();
  data.focus = String(document.activeElement === marks[0]);
  var enter = new KeyboardEvent("keypress", { key: "Enter", bubbles: true });
  Object.defineProperty(enter, "keyCode", { get: function () { return 13; } });
  marks[0].dispatchEvent(enter);
  data.popup = String(document.querySelectorAll(".leaflet-popup .popup h4").length);
}
"""


@pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
@pytest.mark.parametrize("name", ["report", "compare"])
def test_everything_has_a_name_and_is_reached_and_opened_from_the_keyboard(pages, name, tmp_path):
    dom, console = opened(tmp_path, started_with(pages[name], ACCESS))
    data = root(dom)
    assert console == [] and data["lang"] == "en" and data["data-switch"] == "zh-CN"
    drawings, tables = data["data-drawings"].split("/"), data["data-tables"].split("/")
    assert int(drawings[0]) > 2 and drawings[1] == "0" and int(tables[0]) > 4 and tables[1] == "0"
    assert data["data-unreachable"] == "" and data["data-unnamed"] == "0" and data["data-hidden"] == ""
    if name == "report":
        marks = data["data-marks"].split("/")
        assert int(marks[0]) > 14 and marks[1:] == ["0", "0"]
        assert data["data-focus"] == "true" and data["data-popup"] == "1"
        assert re.search(r"[\u4e00-\u9fff]", data["data-before"]) and not re.search(r"[\u4e00-\u9fff]", data["data-after"])
