"""The gate before the build: what is not a number, absurd, crossed or lost is refused with family and place; so is a yes/no."""

from __future__ import annotations

import math

import pytest
from worlds import case_of, solve, world

from model.case import make_case
from model.problems import ExitCode, Problems, Refusal

EVERYTHING = {
    "periods": "period stage length weight\nwet y 0.25 2\ndry y 0.75 2",
    "recipes": "technology commodity quantity\nsmelt ore -2\nsmelt metal 1",
    "tech_sites": "technology site variable_cost min_activity max_activity\nsmelt park 1 0 100",
    "capacity_use": "technology unit use\nsmelt potline 1",
    "capacity": "unit site amount\npotline park 6",
    "units": "unit min_load restart_cost restart_limit initial\npotline 0.1 0.1 0.5 0.5",
    "options": "option variable_cost max_size\ngrow 10 0.5",
    "option_effects": "option unit site per_size\ngrow potline park 2",
    "supply": "commodity site price min max\nore park 1 0 100",
    "lanes": "commodity from to unit_cost max_flow delivered_share\nmetal park town 1 50 0.9",
    "stocks": "commodity site holding_cost loss capacity\nmetal town 1 0.1 2",
    "demand": "commodity site min max price shortage_price\nmetal town 4 8 0 50",
    "baskets": "basket commodity content\nmet metal 1",
    "basket_demand": "basket site min max\nmet town 0.5 50",
    "indicators": "indicator min max price relax_price\nco2 -5 500 1 9",
    "indicator_terms": "indicator kind a coefficient\nco2 activity smelt 2",
}


def everything(table="", column="", value=0.0):
    core = world(**EVERYTHING)
    if table:
        core[table].loc[0, column] = value
    return core


def refused_by(core):
    """The refusal of ``make_case``, which gets tables that no earlier check has seen."""
    with pytest.raises(Refusal) as refused:
        make_case(core, Problems())
    return refused.value


def test_the_world_itself_is_accepted():
    assert solve(everything()).objective != 0


BAD = [math.nan, math.inf, -math.inf, 1e13, -1e13]
PLACES = [
    ("recipes", "quantity", "recipe", "smelt, park, ore"),
    ("tech_sites", "variable_cost", "activity", "smelt, park, wet"),
    ("capacity_use", "use", "use", "smelt, park, potline"),
    ("capacity", "amount", "existing", "potline, park, wet"),
    ("options", "variable_cost", "size", "grow, y"),
    ("option_effects", "per_size", "effect", "potline, park, y, grow"),
    ("supply", "price", "supply", "ore, park, wet"),
    ("lanes", "unit_cost", "flow", "metal, park, town, wet"),
    ("lanes", "delivered_share", "flow", "metal, park, town, wet"),
    ("stocks", "holding_cost", "stock", "metal, town, wet"),
    ("demand", "price", "sale", "metal, town, wet"),
    ("baskets", "content", "content", "met, metal"),
    ("units", "restart_cost", "restart", "potline, park, wet"),
    ("units", "min_load", "running", "potline, park, wet"),
    ("indicators", "price", "charge_activity", "co2, smelt, park, wet"),
    ("indicator_terms", "coefficient", "term_activity", "co2, horizon, smelt, park, wet"),
]


@pytest.mark.parametrize(("table", "column", "family", "place", "value"), [
    *((*place, BAD[number % len(BAD)]) for number, place in enumerate(PLACES)),  # each place with one kind of bad number
    *((*place, math.nan) for number, place in enumerate(PLACES) if number % len(BAD)),
    *((*PLACES[6], value) for value in BAD[2:]),
])
def test_unfit_numbers_are_refused_with_family_and_place(table, column, family, place, value):
    refused = refused_by(everything(table, column, value))
    assert refused.code is ExitCode.DATA
    found = {(dict(problem.facts).get("family"), dict(problem.facts).get("place")) for problem in refused.problems if problem.rule == "number_unfit"}
    assert any(name == family and where.startswith(place) for name, where in found), found
    for language in ("zh", "en"):
        assert any(family in problem.text(language) and place in problem.text(language) for problem in refused.problems)


@pytest.mark.parametrize(("table", "column", "family", "side"), [
    ("tech_sites", "min_activity", "activity", "lower"), ("supply", "min", "supply", "lower"), ("demand", "min", "must_serve", "lower"),
    ("basket_demand", "min", "basket_floor", "lower"), ("indicators", "min", "indicator_floor", "lower"),
    ("units", "restart_limit", "running", "restart_share"), ("units", "initial", "running", "initial"), ("indicators", "relax_price", "excess", "cost"),
])
def test_endless_floors_and_shares_are_refused(table, column, family, side):
    problems = refused_by(everything(table, column, math.inf)).problems
    assert (family, side) in {(dict(problem.facts).get("family"), problem.column) for problem in problems}


@pytest.mark.parametrize(("table", "column", "family"), [
    ("tech_sites", "max_activity", "activity"), ("supply", "max", "supply"), ("lanes", "max_flow", "flow"), ("stocks", "capacity", "stock"),
    ("options", "max_size", "size"), ("demand", "max", "sale"),
])
def test_absurd_ceilings_are_refused_and_blank_ones_mean_no_bound(table, column, family):
    problems = refused_by(everything(table, column, 1e13)).problems
    assert {(problem.rule, dict(problem.facts)["family"], problem.column) for problem in problems} >= {("number_unfit", family, "upper")}
    upper = make_case(everything(table, column, math.nan), Problems()).columns[family]["upper"]
    assert (upper == math.inf).all()


@pytest.mark.parametrize(("column", "value"), [("weight", math.nan), ("length", math.nan), ("weight", math.inf), ("probability", math.nan)])
def test_unfit_time_is_refused(column, value):
    assert refused_by(everything("periods", column, value)).code is ExitCode.DATA


@pytest.mark.parametrize(("table", "column", "family"), [
    ("recipes", "quantity", "recipe"), ("capacity_use", "use", "use"), ("lanes", "delivered_share", "flow"), ("option_effects", "per_size", "effect"),
    ("baskets", "content", "content"),
])
def test_coefficients_that_the_solver_would_drop_are_refused(table, column, family):
    """HiGHS takes 1e-9 and less for zero without a word; 0 itself and 1e-8 are taken as they stand."""
    problems = refused_by(everything(table, column, 1e-9)).problems
    assert {(problem.rule, dict(problem.facts)["family"]) for problem in problems} == {("number_too_small", family)}
    assert "1e-09" in problems[0].text("en")
    make_case(everything(table, column, 1e-8), Problems())


@pytest.mark.parametrize(("table", "column", "value", "place"), [
    ("tech_sites", "min_activity", 101, "smelt, park, wet"), ("supply", "min", 100.5, "ore, park, dry"),
])
def test_crossed_bounds_are_refused(table, column, value, place):
    problems = refused_by(everything(table, column, value)).problems
    assert {problem.rule for problem in problems} == {"bounds_crossed"}
    assert any(place in problem.text("zh") for problem in problems)


OPTION = "option fixed_cost variable_cost min_size max_size forced\n"


@pytest.mark.parametrize(("tables", "family"), [
    ({"options": OPTION + "grow 3 1 0 5 -"}, "open"),
    ({"options": OPTION + "grow 0 1 2 5 -"}, "open"),
    ({"options": OPTION + "grow 0 1 0 5 -", "option_effects": "option unit site per_open\ngrow potline park 2"}, "open"),
    ({"options": "option max_size\ngrow -", "option_points": "option point size cost\ngrow a 0 0\ngrow b 4 8"}, "open"),
    ({"options": OPTION + "grow 0 1 0 5 -", "indicator_terms": "indicator kind a coefficient\nco2 open grow 1"}, "open"),
    ({"options": OPTION + "grow 0 1 0 5 -", "indicator_terms": "indicator kind coefficient\nco2 open 1"}, "open"),
    ({"options": OPTION + "grow 0 1 0 5 -", "limits": "limit sense rhs\nonce <= 1", "limit_terms": "limit kind a coefficient\nonce open grow 1"}, "open"),
    ({"lanes": "commodity from to unit_cost fixed_cost max_flow\nmetal park town 1 0 50\nore park town 1 5 50"}, "lane_open"),
    ({"demand": "commodity site min max price single_source\nmetal town 4 4 0 1"}, "source"),
], ids=["fixed_cost", "min_size", "per_open", "points", "term", "wildcard", "limit", "lane", "single_source"])
def test_what_needs_a_yes_no_gets_one(tables, family):
    """R6, R11, R12: a yes/no between 0 and 1, of the family that decides it."""
    opened = case_of(world(**(EVERYTHING | tables))).columns[family]
    assert len(opened) > 0
    assert set(zip(opened["lower"], opened["upper"], strict=True)) == {(0.0, 1.0)}


@pytest.mark.parametrize("answer", [0, 1])
def test_a_stated_yes_or_no_needs_no_decision(answer):
    case = case_of(world(**(EVERYTHING | {"options": OPTION + f"grow 3 1 2 5 {answer}"})))
    opened = case.columns["open"].iloc[0]
    assert (opened["lower"], opened["upper"]) == (answer, answer)
    size = case.columns["size"].iloc[0]
    assert (size["lower"], size["upper"]) == ((2, 5) if answer else (0, 0))


def test_a_limit_called_like_an_indicator_is_refused():
    core = world(**EVERYTHING, limits="limit sense rhs\nco2 <= 1", limit_terms="limit kind coefficient\nco2 sale 1")
    problems = refused_by(core).problems
    assert [(problem.rule, problem.file, problem.row) for problem in problems] == [("limit_named_like_indicator", "limits.csv", 2)]


def test_what_counts_nothing_is_noted_with_its_row():
    """R13: a term that matches no column is no error; an indicator without terms is always 0."""
    case = case_of(world(**(EVERYTHING | {
        "commodities": "commodity\nore\nmetal\ngas",
        "indicators": "indicator max\nco2 500\nempty 3", "indicator_terms": "indicator kind a coefficient\nco2 activity smelt 2\nco2 supply gas 1",
    })))
    notes = [(note.rule, note.file, note.row) for note in case.notes if note.rule.endswith("without_columns")]
    assert notes == [("term_without_columns", "indicator_terms.csv", 3), ("indicator_without_columns", "indicators.csv", 3)]
    assert all(note.text(language) for note in case.notes for language in ("zh", "en"))
