"""Pages of several planning years or branches: what the judges of any page say of them, and that both languages say the same numbers."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from page_blocks import NUMBER, blocks, parts
from page_judges import WALK
from page_truth import Truth
from page_walk import MONTHS, agree, keys_of, value_of
from test_page_years_prices import MONTHS as NAMES

# what follows from the dataset and the plan as a whole, not from the one year that other judges work out
ALIKE = {
    ("popup", "tr Sources and grades of its figures"), ("popup", "li What is not built here, and why"), ("popup", "p"), ("sources", "tr 1"),
    ("sources", "tr 2"), ("benchmarks", "tr"), ("sankey", "p.balance"), ("map", "span"), ("duals", "p.more-rows"), ("sources", "p.more-rows"),
    ("costs", "p.lead"), ("power", "text.axis"), ("footer", "p"),
}
MONEY = re.compile(r"([\d,.]+) (?:万元|million yuan)")


@pytest.fixture(scope="module")
def truth(page):
    return Truth(page.folder)


def shown(page):
    """Every block of the page that has numbers, but those of the months, which have a walk of their own."""
    return [block for name, text in parts(page.text) if name != MONTHS for block in blocks(name, text) if block.counts]


def test_judges_that_know_no_year_find_nothing_wrong(page, truth):
    seen = {}
    for block in shown(page):
        key = next((key for key in keys_of(block) if key in ALIKE), None)
        if key:
            assert WALK.complaint(block, truth) is None
            seen[key] = seen.get(key, 0) + 1
    assert set(seen) == ALIKE and sum(seen.values()) > 400


def by_number(chinese: str, english: str) -> tuple[str, str]:
    """Months by their numbers in both languages."""
    for number, name in enumerate(NAMES, start=1):
        english = english.replace(name, str(number))
    return re.sub(r"(\d+) 月", r"\1", chinese), english


def rounded_alike(chinese: str, english: str) -> bool:
    """Whether the same money stands last, in 万元 and in millions, each with the digits that count in its own unit."""
    mine, theirs = MONEY.findall(chinese), MONEY.findall(english)
    if len(mine) != 1 or len(theirs) != 1:
        return False
    decimals = len(theirs[0].partition(".")[2])
    return abs(value_of(mine[0]) / 100 - value_of(theirs[0])) <= Fraction(1, 2 * 10**decimals) + Fraction(1, 200)


def test_both_languages_say_the_same_numbers(page, truth):
    judged = 0
    for block in shown(page):
        for chinese, english in zip(block.chinese, block.english, strict=True):
            if not chinese or not english or not NUMBER.search(chinese + english):
                continue
            judged += 1
            if agree(chinese, english, truth):
                continue
            zh, en = by_number(chinese, english)
            rest = MONEY.sub("", zh), MONEY.sub("", en)
            assert agree(zh, en, truth) or (rounded_alike(zh, en) and agree(*rest, truth)), (chinese, english)
    assert judged > 3000


def test_a_digit_that_only_one_language_has_is_found():
    assert rounded_alike("节省 1,124 万元", "saves 11.2 million yuan") and not rounded_alike("节省 1,134 万元", "saves 11.2 million yuan")
    assert by_number("8 月(枯)", "August (dry)") == ("8(枯)", "8 (dry)")
