"""The pages on paper: numbered sheets of one size, every text on its sheet, nothing wider than the paper."""

from __future__ import annotations

import re

import comparison_sample
import pytest
import report_sample
from browser import A3, A4, BROWSER, START, opened, printed, root, started_with
from pypdf import PdfReader

from maps import comparison_page, page

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
PAPER = {"A4": (A4, 279), "A3": (A3, 402)}  # sheet in points; mm across less the margins of 9 mm
WIDE = START + """
var style = document.createElement("style"), wide = [];
report.paper("{size}");
style.textContent = Array.prototype.map.call(document.styleSheets, function (sheet) {{
  return Array.prototype.map.call(sheet.cssRules, function (rule) {{
    return rule.media && rule.media.mediaText === "print" ? Array.prototype.map.call(rule.cssRules, function (inner) {{ return inner.cssText; }}).join("") : "";
  }}).join("");
}}).join("");
document.head.appendChild(style);
document.body.style.width = "{across}mm";
var edge = document.body.getBoundingClientRect().right + 1;
Array.prototype.forEach.call(document.querySelectorAll("main table, main td, main th, main svg, main p, main li, main figure, main .card"), function (one) {{
  if (one.checkVisibility() && one.getBoundingClientRect().right > edge) {{ wide.push(one.tagName + " " + one.textContent.slice(0, 40)); }}
}});
document.documentElement.dataset.cut = wide.slice(0, 5).join(" | ");
"""


@pytest.fixture(scope="module")
def pages():
    return {"report": page.page(report_sample.view()), "compare": comparison_page.page(comparison_sample.large(2))}


@pytest.mark.parametrize(("name", "size"), [("report", "A4"), ("report", "A3"), ("compare", "A4")])
def test_sheets_are_numbered_and_hold_their_texts(pages, name, size, tmp_path):
    sheet = PAPER[size][0]
    assert set(printed(tmp_path, started_with(pages[name], START + f'report.paper("{size}");'))) == {sheet}
    sheets = PdfReader(tmp_path / "report.pdf").pages
    assert 3 <= len(sheets) <= 18
    for number, one in enumerate(sheets, start=1):
        spots = []

        def seen(text, outer, inner, _font, _size, spots=spots):
            if text.strip():
                spots.append((inner[4] * outer[0] + inner[5] * outer[2] + outer[4], inner[4] * outer[1] + inner[5] * outer[3] + outer[5]))

        words = one.extract_text(visitor_text=seen)
        assert re.search(rf"\b{number} / {len(sheets)}\b", words.split("内部")[0]), number
        assert "审图号" in words or "未经地图审核" in words
        assert spots and all(0 < x < sheet[0] - 5 and 0 < y < sheet[1] - 5 for x, y in spots), number


@pytest.mark.parametrize("size", ["A4", "A3"])
@pytest.mark.parametrize("name", ["report", "compare"])
def test_nothing_is_wider_than_the_paper(pages, name, size, tmp_path):
    dom, console = opened(tmp_path, started_with(pages[name], WIDE.format(size=size, across=PAPER[size][1])))
    assert console == [] and root(dom).get("data-cut", "") == ""
