"""Published cases as data: the optimum of the literature to 1e-6, with no code that knows a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import indicator, solve

from model.problems import Problems
from model.reading import read
from model.tables import frame

EXAMPLES = Path(__file__).parents[1] / "data" / "examples"
# Dantzig's transport problem and the Mexican steel industry (Kendrick, Meeraus, Alatorre 1984), GAMS model library;
# capacitated warehouse location of the OR-Library (Beasley), optimum in its file capopt
PUBLISHED = {"trnsport": 153.675, "mexss": 538.8112, "cap41": 1040444.375}
EXPECTED = {**PUBLISHED, "toy_hydro": -527.08}  # worked out in test_toy.py


@pytest.fixture(scope="module", params=PUBLISHED)
def solved(request):
    problems = Problems()
    dataset = read(EXAMPLES / request.param, problems)
    assert not problems.errors
    return request.param, dataset, solve(dataset.tables)


def test_the_published_optimum(solved):
    name, dataset, plan = solved
    assert plan.objective == pytest.approx(PUBLISHED[name], rel=1e-6)
    assert dataset.tables["expected"]["objective"].tolist() == [PUBLISHED[name]]


def test_the_cases_are_described_with_their_source():
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert {folder.name for folder in EXAMPLES.iterdir() if folder.is_dir()} == set(EXPECTED)
    for name, optimum in EXPECTED.items():
        assert f"| {name} |" in text
        assert str(optimum) in text


def test_the_published_plan_of_the_transport_problem(solved):
    """Published shipments: Seattle 50 to New York and 300 to Chicago, San Diego 275 and 275, or an equal one by the tie."""
    name, _, plan = solved
    if name != "trnsport":
        return
    assert plan["flow", "goods", "san-diego", "topeka", "", "all"] == pytest.approx(275)
    assert plan["flow", "goods", "seattle", "chicago", "", "all"] == pytest.approx(300)
    # marginal cost of demand in the published listing
    assert [plan.dual("must_serve", "goods", city, "", "all") for city in ("new-york", "chicago", "topeka")] == pytest.approx([0.225, 0.153, 0.126])


def test_indicators_of_a_published_case(solved):
    """Steel sold is the demand of 7.29 plus what is exported (at most 1)."""
    name, dataset, _ = solved
    if name != "mexss":
        return
    core = dataset.tables | {
        "indicators": frame("indicators", [{"indicator": "sold"}]),
        "indicator_terms": frame("indicator_terms", [{"indicator": "sold", "kind": "sale", "a": "steel", "coefficient": 1.0}]),
    }
    plan = solve(core)
    exported = plan["sale", "steel", "port", "", "all"]
    assert indicator(plan, "sold") == pytest.approx(4.01093 + 2.18778 + 1.09389 + exported)
    assert exported <= 1
