"""Pathway: stages become calendars with weights, and every table lays out rows for the year of each stage."""

from __future__ import annotations

import pytest

from model.expand.calendars import with_calendars
from model.expand.industry import expand as industry
from model.expand.market import expand as market
from model.expand.stages import in_order, with_stages
from model.problems import Problems
from model.tables import Tables, frame
from tests.industry_world import Row, project, with_rows, world

STAGES: list[Row] = [
    {"stage": "y2027", "year": 2027, "years": 3, "in_use": 1}, {"stage": "y2025", "year": 2025, "years": 2, "in_use": 1},
    {"stage": "y2030", "year": 2030, "years": 5, "in_use": 0},
]
TIME: dict[str, list[Row]] = {
    "stages": STAGES, "finance": [{"case": "default", "rate": 0.08, "planning_year": 2027}],
    "study_calendar": [{"stage": "y2027", "calendar": "halves", "hydrology": "normal", "in_use": 0}],
    "calendars": [{"calendar": "halves", "period": f"h{number}", "order": number, "months": f"m0{number}"} for number in (1, 2)],
    "month_days": [{"part": f"m0{number}", "month": f"m0{number}", "days": 30} for number in (1, 2)],
    "hydrology": [{"hydrology": "normal", "branch": "normal", "probability": 1}],
    "periods": [{"period": "m01", "stage": "y2027"}],
}


def time(**changed: list[Row]) -> tuple[Tables, Problems]:
    problems = Problems()
    tables = {name: frame(name, rows) for name, rows in (TIME | changed).items()}
    return in_order(with_calendars(with_stages(tables, problems), problems)), problems


def test_each_stage_in_use_has_the_calendar_and_its_weight() -> None:
    """Two years of 2025 weigh 2; three of 2027, two years later, 3 x 1.08^-2 = 2.572."""
    tables, problems = time()
    rows = tables["periods"].to_dict("records")
    assert not problems.errors
    assert [(row["period"], row["stage"], row["length"]) for row in rows] == [
        ("h1_y2025", "y2025", 0.5), ("h2_y2025", "y2025", 0.5), ("h1_y2027", "y2027", 0.5), ("h2_y2027", "y2027", 0.5),
    ]
    assert [row["weight"] for row in rows] == pytest.approx([2.0, 2.0, 2.5720165, 2.5720165])
    assert [row["order"] for row in rows] == [1.0, 2.0, 3.0, 4.0]


def test_without_a_stage_in_use_the_periods_stay() -> None:
    tables, _ = time(stages=[row | {"in_use": 0} for row in STAGES])
    assert list(tables["periods"]["period"]) == ["m01"]


def test_a_pathway_needs_a_calendar_and_a_rate() -> None:
    for missing in ("study_calendar", "finance"):
        _, problems = time(**{missing: []})
        assert [problem.rule for problem in problems.errors] == ["stages_without_calendar"]
        assert all(problem.text(language) for problem in problems for language in ("zh", "en"))


def two_stages() -> Tables:
    """Core rows with the stages of 2025 and 2030."""
    return {"periods": frame("periods", [{"period": f"all_{stage}", "stage": stage} for stage in ("y2025", "y2030")])}


MARKET: dict[str, list[Row]] = {
    "growth": [
        {"growth": "cars", "low": 0.0, "central": 0.1, "high": 0.2}, {"growth": "metal", "low": -0.01, "central": 0.0, "high": 0.01},
    ],
    "prices": [{
        "price": "metal", "period": "2025", "unit": "yuan/t", "vat": "none", "low": 20000, "central": 20000, "high": 20000, "growth": "metal",
    }],
    "market_settings": [{"setting": "base_year", "value": "2025"}, {"setting": "growth_case", "value": "high"}],
    "purchases": [{"commodity": "ingot", "site": "gate", "price": "metal", "max": 500}],
    "gateway_sales": [
        {"commodity": "sheet", "site": "gate", "segment": "far", "price": "metal", "basis": -100, "kt_low": 5, "kt_central": 10, "kt_high": 20, "growth": "cars"},
    ],
}


def test_tonnages_and_prices_are_those_of_the_year_of_the_stage() -> None:
    problems = Problems()
    core = market({name: frame(name, rows) for name, rows in MARKET.items()}, two_stages(), problems)
    assert not problems.errors
    sales = core["demand"].set_index("period")
    assert sales["max"].to_dict() == {"y2025": 10.0, "y2030": pytest.approx(24.8832)}  # 10 x 1.2^5
    bought = core["supply"].set_index("period")
    assert bought["price"].to_dict() == {"y2025": pytest.approx(20.0), "y2030": pytest.approx(21.0202010)}  # 20,000 x 1.01^5
    assert sales["price"].to_dict() == {"y2025": pytest.approx(19.9), "y2030": pytest.approx(20.9202010)}  # the basis does not grow
    assert set(bought["max"]) == {500.0}


def test_one_mistake_is_told_once_for_all_stages() -> None:
    problems = Problems()
    wrong = MARKET | {"purchases": [{"commodity": "ingot", "site": "gate", "price": "mettal"}]}
    market({name: frame(name, rows) for name, rows in wrong.items()}, two_stages(), problems)
    assert [problem.rule for problem in problems.errors] == ["market_price_missing"]


def invested(*projects: Row) -> Tables:
    problems = Problems()
    core = industry(with_rows("projects", *projects) if projects else world(), two_stages(), problems)
    assert not problems.errors
    return core


def test_an_expansion_may_be_decided_in_each_stage_but_once() -> None:
    core = invested()
    rows = core["options"][core["options"]["option"] == "expand_recycle_north"]
    assert dict(zip(rows["period"], rows["max_size"], strict=True)) == {"y2025": 300.0, "y2030": 300.0}
    bound = core["indicators"].set_index("indicator").loc["once_expand_recycle_north"]
    assert (bound["max"], bound["scope"]) == (300.0, "horizon")
    assert (bound["name_zh"], bound["name_en"]) == ("north扩建:recycle:各阶段合计不超过一座", "recycle, expansion at north: one plant in all stages together")
    assert core["indicator_terms"].set_index("indicator").loc["once_expand_recycle_north", ["kind", "a", "period"]].tolist() == [
        "size", "expand_recycle_north", "*",
    ]


def test_a_planned_project_waits_for_its_year() -> None:
    core = invested(project("late", "north", year=2027))
    rows = core["options"][core["options"]["option"] == "late"].set_index("period")
    assert (rows.loc["y2025", "max_size"], rows.loc["y2030", "max_size"]) == (0.0, 100.0)
    assert "2027" in rows.loc["y2025", "note"]
    assert "once_late" not in set(core["indicators"]["indicator"]) if "indicators" in core else True


def test_what_is_under_construction_comes_by_itself_after_its_year() -> None:
    core = invested(project("rising", "north", year=2027, status="under_construction", load_factor=0.5))
    rows = core["capacity"][core["capacity"]["unit"] == "furnace"].set_index(["site", "period"])["amount"]
    assert rows["north", "y2030"] == 50.0 and ("north", "y2025") not in rows.index
    options = core["options"][core["options"]["option"] == "rising"]
    assert (options["max_size"] == 0).all()  # no decision of any stage


def test_a_project_finished_before_the_first_stage_is_no_option() -> None:
    core = invested(project("old", "north", year=2024, status="under_construction"))
    rows = core["capacity"][(core["capacity"]["unit"] == "furnace") & (core["capacity"]["site"] == "north")]
    assert dict(zip(rows["period"], rows["amount"], strict=True)) == {"y2025": 100.0, "y2030": 100.0}
    assert "old" not in set(core["options"]["option"])
