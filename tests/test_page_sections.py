"""Every figure of the further sections of a page, worked out by hand on toy plans of several planning years or branches: sentences, tables and charts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from page_years import Page
from runs import dataset
from study_worlds import TABLES
from test_frontier import WORLD as CARBON
from test_hedging import TABLES as BRANCHES
from test_hedging import YEARS
from test_pacts import CHAIN
from test_page_numbers import plain
from test_sections import METAL, desk

from maps.assemble import assemble
from maps.page import page as page_of
from model.explore import sections
from model.explore.answers import asked
from model.explore.sections import Asked, Desk

NUMBER = re.compile(r"(?<![\w.])[−+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?")
TWO_YEARS = "period stage length weight\ny1 y1 1 2\ny2 y2 1 3"


def shown(answers: Desk, wanted: Asked) -> Page:
    """The page with the sections; only its text is looked at."""
    found = object.__new__(Page)
    found.text = page_of(assemble(replace(asked(answers.run), sections=sections.make(wanted, answers))))
    return found


def sentences(page: Page, anchor: str = "more-1") -> list[str]:
    return [plain(one) for one in re.findall(r"<li(?:\s[^>]*)?>(.*?)</li>", page.section(anchor), re.S)]


def numbers(texts: list[str]) -> list[list[float]]:
    return [[float(one.replace(",", "").replace("−", "-")) for one in NUMBER.findall(text)] for text in texts]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two years of 2 and 3 years' weight; 8 are wanted in each, a plant of at most 5 costs 2 and 1 a unit, the grid 4."""
    dataset(tmp_path / "data" / "chuanyu", periods=TWO_YEARS, **TABLES)
    (tmp_path / "scenarios" / "studies").mkdir(parents=True)
    texts = {
        "base": "title = {zh = '基准', en = 'base case'}\n",
        "cheap": "base = 'base.toml'\ntitle = {zh = '便宜', en = 'cheap grid'}\n[[change]]\ntable = 'supply'\nset = {price = 2}\n",
        "dear": "base = 'base.toml'\n[[change]]\ntable = 'options'\nset = {max_size = 4}\n",
        "studies/many": 'study = "sweep"\nquestion = { zh = "电网多贵?", en = "How dear may the grid be?" }\n[[axis]]\nname = "grid"\nvalues = [2, 4]\ntable = "supply"\nset = "price"\n',
    }
    for name, text in texts.items():
        (tmp_path / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_decisions_of_several_years_beside_other_scenarios(project):
    """Built at once for five years: 5 x (5 x 3 + 3 x 4) = 135; a grid at 2: 5 x 16 = 80; of 4 at most: 5 x (4 x 3 + 4 x 4) = 140."""
    page = shown(desk(project), Asked(scenarios=("cheap", "dear")))
    assert numbers(sentences(page)) == [[135], [80], [140], [1, 0], [5, 4]]
    (table,) = page.tables("more-1")
    assert [cells[2:] for cells in table.rows] == [["flips", "5", "·", "4"]] and table.rows[0][1] in ("y1", "all")


def test_a_sweep_over_several_years(project):
    """A grid at 2: 80 and nothing built; at 4: 135, 55 more or less than each other."""
    page = shown(desk(project), Asked(studies=("many",)))
    titles = re.findall(r"<title>([^<]*)</title>", page.section("more-1"))
    assert [numbers(title.split(" → ")) for title in titles] == [[[2], [-55]], [[4], [0]]]
    told = [[135, 5], [2, -55], [4, 0, 5], [2, -55, 4, 0], [], [2, 4, 5]]
    assert numbers(sentences(page)) == [*told, [2, 2, 2]]  # two of two cases have a plan, both solved in the loaded program


def test_what_uncertainty_costs(tmp_path):
    """29 for both years of a half each; 38 and 8 if known; EVPI 29 - 23 = 6; built for the average: 38, so VSS 9. 6 of the small plant hedge."""
    page = shown(desk(tmp_path, None, dataset(tmp_path / "data", **BRANCHES)), Asked(kinds=("hedge",)))
    assert [sorted(row) for row in numbers(sentences(page))] == [[29], [0.5, 38], [0.5, 8], [6], [9], []]
    (table,) = page.tables("more-1")
    heads = dict(zip(table.heads[2:], zip(*(row[2:] for row in table.rows), strict=True), strict=True))
    assert [row[0] for row in table.rows] == ["large", "small"]
    assert heads == {"all branches": ("0", "6"), "dry": ("6", "0"), "wet": ("0", "0"), "average": ("2", "0")}


def test_branches_of_other_probabilities_weigh_what_is_expected(tmp_path):
    """A dry year of 1/4: large 6 x (5 + 1/4) = 31.5, small 6 x (1 + 6/4) = 15, coal 6 x 11/4 = 16.5: small. With the river 1/4 x 2 + 3/4 x 8: 21.5.

    Known: 1/4 x 38 + 3/4 x 8 = 15.5. EVPI 6. The average river gives 8, so nothing is built for it: 16.5 + 6.5 = 23, VSS 1.5.
    """
    page = shown(desk(tmp_path, None, dataset(tmp_path / "data", **(BRANCHES | {"periods": YEARS.format(0.25, 0.75)}))), Asked(kinds=("hedge",)))
    assert [sorted(row) for row in numbers(sentences(page))] == [[21.5], [0.25, 38], [0.75, 8], [6], [1.5], []]


def test_targets_of_every_year(tmp_path):
    """2 of 7 in the first year: 5 missing, three at 1 and two at 3: 9 a year. 3 of 7 in the second: two at 1 and two at 3: 8 a year."""
    tables = {
        "periods": TWO_YEARS, "supply": "commodity site tier price max\nx p near 1 5\nx p far 3 4", "demand": "commodity site period min max price\nx p y1 2 2 0\nx p y2 3 3 0",
        "indicators": "indicator scope min relax_price\nbought stage 7 0", "indicator_terms": "indicator kind coefficient\nbought supply 1",
    }
    page = shown(desk(tmp_path, None, dataset(tmp_path / "data", **tables)), Asked(kinds=("targets",)))
    (table,) = page.tables("more-1")
    assert [[cell for cell in cells if cell] for cells in table.rows] == [
        ["bought", "y1", "2", "7", "28 %", "5", "7", "9"], ["bought", "y2", "3", "7", "42 %", "4", "7", "8"],
    ]
    assert table.heads[-1].startswith("Extra cost (") and table.heads[-1].endswith("/yr)")
    told = sentences(page)
    assert all({float(one) for one in wanted} <= set(row) for row, wanted in zip(numbers(told), ((2, 7, 28, 5, 9), (3, 7, 42, 4, 8)), strict=True)), told
    assert [year in sentence for sentence, year in zip(told, ("y1", "y2"), strict=True)] == [True, True]


def test_every_pact(tmp_path):
    """Ore alone is worth 2, on top of metal 5; metal alone 27, on top of ore 30; both 32."""
    page = shown(desk(tmp_path, None, dataset(tmp_path / "chain", **CHAIN)), Asked(kinds=("pacts",)))
    told = " ".join(sentences(page))
    assert {2.0, 5.0, 27.0, 30.0} <= set(sum(numbers(sentences(page)), [])), told


def test_a_frontier_of_cost_against_carbon(tmp_path):
    """13 in the plan at no extra cost; at 10 three more, at 7 eleven, at 4 twenty-nine: the four dots of the curve."""
    dataset(tmp_path / "data" / "chuanyu", **(TABLES | CARBON))
    (tmp_path / "scenarios" / "studies").mkdir(parents=True)
    (tmp_path / "scenarios" / "base.toml").write_text("title = 'base'\n", encoding="utf-8")
    (tmp_path / "scenarios" / "studies" / "less.toml").write_text('study = "frontier"\nindicator = "carbon"\npoints = 3\n', encoding="utf-8")
    page = shown(desk(tmp_path), Asked(studies=("less",)))
    dots = [[float(part) for part in title.split(" → ")] for title in re.findall(r"<title>([^<]*)</title>", page.section("more-1"))]
    assert dots == [pytest.approx(dot, rel=1e-3) for dot in ([4, 29], [7, 11], [10, 3], [13, 0])]


def test_why_something_is_not_made(tmp_path):
    """The command's own answers, cell by cell: 6 are smelted at 2 x 1 + 5 = 7 each, the rest is bought at 9."""
    answers = desk(tmp_path, None, dataset(tmp_path / "data", **METAL, sites="site kind name_zh name_en\npark park 园 Park"))
    page = shown(answers, Asked(kinds=("why_not",)))
    (section,) = sections.make(Asked(kinds=("why_not",)), answers)
    (table,), (row,) = page.tables("more-1"), section.tables["table"].to_dict("records")
    assert section.facts["rows"][0]["made"] == pytest.approx(6.0)
    assert [cells[1] for cells in table.rows] == [" ".join(row["finding_en"].split())]
    assert "6" in table.rows[0][1] and table.heading.startswith("Park – technologies: 1")
