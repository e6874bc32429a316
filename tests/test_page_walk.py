"""The walk over every number of the page of a swap, digits planted in it, and the rules of the walk by themselves."""

from __future__ import annotations

import math
import random
import re

import numpy as np
import pytest
from page_blocks import blocks, parts
from page_judges import WALK
from page_planting import drawn, numbers, planted, seen, unseen
from page_truth import Truth
from page_walk import Walk, same_numbers

DRAW, SEED = 44, 20250617  # numbers changed one at a time: two of every part of the page
ELSEWHERE = {("switches", "tr"), ("switches", "title"), ("findings", "p.question"), ("top", "title"), ("top", "h1")}  # no numbers there on this page


@pytest.fixture(scope="module")
def page(swap_folder):
    return (swap_folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def truth(swap_folder):
    return Truth(swap_folder)


def test_every_number_of_the_page_is_that_of_its_run_folder(page, truth):
    assert WALK.over(page, truth) == []
    assert len(numbers(page)) > 8000


def test_no_judge_is_idle(page):
    """What a judge stands for is on the page: a table that vanished would otherwise go unnoticed."""
    assert set(WALK.judges) - WALK.judged(page) <= ELSEWHERE


def test_digits_changed_one_at_a_time_are_all_found(page, truth):
    assert unseen(page, WALK, truth, DRAW, SEED) == []


def test_every_part_of_the_page_gets_its_share_of_planted_digits(page):
    named = [name for name, _ in parts(page)]
    mine = {named[number.part] for number in drawn(page, DRAW, random.Random(SEED))}
    assert mine == {named[number.part] for number in numbers(page)} > {"tips", "months", "label", "popup", "cards", "top", "footer", "sources"}


def test_a_new_table_or_column_without_a_judge_is_told(page, truth):
    """A column with numbers behind the last one, and a section that nobody knows."""
    name, text = next((name, text) for name, text in parts(page) if name == "ledger")
    wider = text.replace("</tr>\n</tbody>", '<td class="n">1</td></tr>\n</tbody>')
    assert wider != text and WALK.complaints(name, text, truth) == []
    assert any("'1' is not None" in one for one in WALK.complaints(name, wider, truth))
    assert WALK.complaints("new", "<table><tr><td>7 kt</td></tr></table>", truth)[0].startswith("no walk")


@pytest.mark.parametrize(
    ("chinese", "english", "same"),
    [
        ("川渝电解铝 171.0 万吨/年", "1,710 kt a year", True), ("每年系统节省 328 万元", "saves 3.28 million yuan a year", True),
        ("目标4000亿元", "goal 400 bn yuan", True), ("0.0 或 6.7 万吨/年", "0 or 67 kt/yr", True), ("171.0 万吨", "1,720 kt", False),
        ("3 项,10 项", "3 of 11", False), ("2 个", "2,000", False), ("3 个 3 个", "3", False),
    ],
)
def test_both_languages_say_the_same_number(chinese, english, same):
    """Ten thousand tonnes are ten kt, ten thousand yuan a hundredth of a million, a hundred million yuan a tenth of a bn; no other factor."""
    assert same_numbers(chinese, english) == same


def test_blocks_know_their_language_row_and_chart():
    text = (
        '<section id="x"><h2>Head</h2><table><tr><td><span class="zh">甲</span><span class="en">A</span></td><td class="n">1</td></tr>'
        '<tr><td></td><td class="n">2</td></tr></table><figure><figcaption>Chart</figcaption><svg><text class="zh bar-name">乙</text>'
        '<text class="en bar-name">B</text><text class="bar-value">3</text></svg></figure><p aria-label="4 kt">five</p>6</section>'
    )
    counted = [block for block in blocks("x", text) if block.counts]
    assert [(block.kind, block.english, block.above, block.head, block.label) for block in counted] == [
        ("tr", ["A", "1"], "A", "Head", ""), ("tr", ["", "2"], "A", "Head", ""), ("text.bar-value", ["3"], "A", "Chart", "B"),
        ("@aria-label", ["4 kt"], "A", "Chart", "B"), ("loose", ["6"], "A", "Chart", "B"),
    ]
    assert counted[0].chinese == ["甲", "1"]


def test_a_changed_digit_without_a_judge_that_compares_is_missed(truth):
    """The planting itself: a walk that takes everything for right finds nothing."""
    text = "<p>12 kt</p>"
    blind = Walk({("x", "p"): lambda block, _: block.english}, {})
    strict = Walk({("x", "p"): lambda block, _: ["12 kt"]}, {})
    changed = planted(text, numbers_of(text), random.Random(1))
    assert changed != text and not seen("x", text, changed, blind, truth) and seen("x", text, changed, strict, truth)


def numbers_of(text):
    """The only number of a text, as the planting finds it in a page of which it is the first part."""
    return numbers(f"{text}<section id='x'></section><footer></footer><script></script>")[0]


def test_the_scale_bar_is_as_long_as_it_says(page):
    """Kilometres per pixel from the markers, each of which stands at a latitude and longitude and at a place of the drawing."""
    markers = re.findall(r"L\.marker\(\s*\[([\d.]+), ([\d.]+)\](?:(?!L\.marker).)*?translate\((-[\d.]+) (-[\d.]+)\)", page, re.S)
    north, east, x, y = np.array(markers, float).T
    per_degree = np.polyfit(east, -x, 1)[0]
    middle = float(np.interp(400.0, *zip(*sorted(zip(-y, north, strict=True)), strict=True)))
    drawn_length = float(re.search(r'<path d="M[\d.,]+v6h([\d.]+)v-6" class="scale-bar"', page)[1])
    assert drawn_length / per_degree * 111.32 * math.cos(math.radians(middle)) == pytest.approx(100.0, rel=5e-3)  # at the middle of the 800 pixels


def test_popups_list_the_largest_output_first_and_never_power(page, truth):
    """What a popup calls production makes no delivered power; six technologies at most, the largest first."""
    energy = set(truth.core["commodities"].query("unit == 'GWh'")["commodity"])
    recipes = truth.core["recipes"]
    powers = set(recipes[(recipes["quantity"] > 0) & recipes["commodity"].isin(energy)]["technology"])
    made = truth.found["activity"].groupby(["site", "technology"])["activity"].sum()
    judged = 0
    for name, text in parts(page):
        found = blocks(name, text) if name == "popup" else ()
        shown = [truth.technologies[block.english[0]] for block in found if block.kind == "tr" and block.head == "Production (kt/yr)"]
        site = truth.sites[next(block.place for block in found)] if found else ""
        mine = made[(made > 1e-6) & (made.index.get_level_values("site") == site) & ~made.index.get_level_values("technology").isin(powers)]
        wanted = mine.droplevel("site").sort_values(ascending=False).head(6)
        assert sorted(shown) == sorted(wanted.index), name
        judged += len(shown)
    assert judged > 40
