"""What an independent solver of the rules found: worlds where the plan once differed from the text, worked out by hand."""

from __future__ import annotations

import pytest
from runs import dataset, refused, said, solved

from model.problems import ExitCode

BUY = {"demand": "commodity site min max price\ng s 10 10 0", "supply": "commodity site price\ng s 2"}


def values(run):
    """group → value of the only indicator."""
    return dict(zip(run.results.indicators["group"], run.results.indicators["value"], strict=True))


def test_branches_are_told_apart_whatever_their_names(tmp_path):
    """R14, R18: stage a with branch b/c is another branch than stage a/b with branch c, each with a bound of its own.

    10 sold in each at a cost of 2; both stages exceed 4 by 6 at 3 a unit: (20 + 18) × 1 + (20 + 18) × 3 years.
    """
    periods = "period|stage|branch|weight\np|a|b/c|1\nq|a/b|c|3"
    indicators = {"indicators": "indicator scope max relax_price\ni branch 4 3", "indicator_terms": "indicator kind a coefficient\ni sale g 1"}
    run = solved(dataset(tmp_path / "soft", periods=periods, **BUY, **indicators))
    assert run.results.objective == pytest.approx(152)
    assert values(run) == {r"a/b\/c": pytest.approx(10), r"a\/b/c": pytest.approx(10)}
    indicators["indicators"] = "indicator scope max\ni branch 14"  # 20 if the two were one
    assert solved(dataset(tmp_path / "hard", periods=periods, **BUY, **indicators)).results.objective == pytest.approx(80)


def test_branch_groups_escape_the_escape(tmp_path):
    r"""Stage ``a\`` with branch ``/b`` and stage ``a`` with branch ``\/b`` are two groups as well."""
    periods = "period|stage|branch|weight\np|a\\|/b|1\nq|a|\\/b|1"
    terms = {"indicators": "indicator scope\ni branch", "indicator_terms": "indicator kind a coefficient\ni sale g 1"}
    assert list(values(solved(dataset(tmp_path, periods=periods, **BUY, **terms))).values()) == [pytest.approx(10)] * 2


OPTION = {
    "recipes": "technology commodity quantity\nmake g 1",
    "tech_sites": "technology site variable_cost\nmake s 1",
    "capacity_use": "technology unit use\nmake u 1",
    "supply": "commodity site price\ng s 9",
    "demand": "commodity site min max price\ng s 10 10 0",
    "options": "option variable_cost max_size\no 3 20",
    "option_effects": "option unit site per_size\no u s 1",
}


def test_an_option_term_that_names_a_period_counts_in_its_row_alone(tmp_path):
    """R13, R14: a share of each period's own. p: size ≤ 7 × 0.25; q: 2 × size ≤ 7 × 0.75; so 1.75 is built.

    Building costs 3, making 1, buying 9 a year of weight 2: 2 × (1.75 × 3 + 1.75 × 1 + 8.25 × 9).
    """
    run = solved(dataset(
        tmp_path, **OPTION, periods="period stage length weight\np y 0.25 2\nq y 0.75 2",
        indicators="indicator scope max\ni period 7", indicator_terms="indicator kind a period coefficient\ni size o p 1\ni size o q 2",
    ))  # fmt: skip
    assert run.results.objective == pytest.approx(162.5)
    assert values(run) == {"p": pytest.approx(1.75), "q": pytest.approx(3.5)}


@pytest.mark.parametrize(("scope", "expected"), [("branch", {"y/dry": 30, "y/wet": 20}), ("stage", {"y": 50}), ("horizon", {"horizon": 50})])
def test_an_option_term_that_names_a_period_in_longer_rows(tmp_path, scope, expected):
    """A size of 10 with 1 in dry, 2 in its other half and 2 in wet: 3 × 10 in dry, 2 × 10 in wet, each once in the stage."""
    run = solved(dataset(
        tmp_path, **OPTION, periods="period stage branch length probability\np y dry 0.5 0.5\nq y dry 0.5 0.5\nr y wet 1 0.5",
        indicators=f"indicator scope\ni {scope}",
        indicator_terms="indicator kind a period coefficient\ni size o p 1\ni size o q 2\ni size o r 2",
    ))  # fmt: skip
    assert values(run) == pytest.approx(expected)


@pytest.mark.parametrize("options", [False, True])
def test_a_bound_on_existing_capacity_is_not_missed_by_rounding(tmp_path, options):
    """R13: 12 months of 1e10 sum to 1e10, also where the last digits of 31/365 … say 1e10 + 2e-6."""
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    periods = "\n".join(["period stage length", *(f"m{month} y {share / 365!r}" for month, share in enumerate(days))])
    choice = {"options": "option variable_cost max_size\no 1 5", "option_effects": "option unit site per_size\no u s 1"} if options else {}
    run = solved(dataset(
        tmp_path, periods=periods, capacity="unit site amount\nu s 1e10", indicators="indicator scope min max\ni stage 1e10 1e10",
        indicator_terms="indicator kind a coefficient\ni capacity u 1", **choice,
    ))  # fmt: skip
    assert values(run)["y"] == pytest.approx(1e10, rel=1e-12)


@pytest.mark.parametrize(("side", "bound"), [("min", "1"), ("max", "1")])
def test_a_bound_whose_terms_the_solver_would_lose_is_refused(tmp_path, side, bound):
    """R19: 1e-10 × sold reaches 1 at 1e10 sold; HiGHS takes the coefficient for 0 and would call a floor unreachable."""
    refusal = refused(dataset(
        tmp_path, demand="commodity site max price\ng s 1e11 -1", supply="commodity site price\ng s 2",
        indicators=f"indicator {side}\ni {bound}", indicator_terms="indicator kind a coefficient\ni sale g 1e-10",
    ))  # fmt: skip
    assert refusal.code is ExitCode.DATA
    assert [problem.rule for problem in refusal.problems] == ["number_too_small"]
    assert "1e-10" in said(refusal)[0]


def test_terms_that_cancel_but_for_rounding_are_not_refused(tmp_path):
    """0.1 + 0.2 − 0.3 is 6e-17 and means 0: the floor holds the other good alone."""
    run = solved(dataset(
        tmp_path, demand="commodity site max price\ng s 5 -1\nh s 5 -1", supply="commodity site price\ng s 2\nh s 2",
        indicators="indicator min\ni 4", indicator_terms="indicator kind a coefficient\ni sale g 0.1\ni sale g 0.2\ni sale g -0.3\ni sale h 2",
    ))  # fmt: skip
    assert run.results.objective == pytest.approx(2 * (2 + 1))


def test_a_blank_branch_is_the_branch_all(tmp_path):
    """R3: p and q are one branch of length 2, not two branches of probability 0.5."""
    refusal = refused(dataset(tmp_path, periods="period|stage|branch|probability\np|y||0.5\nq|y|all|0.5", **BUY))
    assert refusal.code is ExitCode.DATA
    assert {problem.rule for problem in refusal.problems} == {"lengths_sum", "probabilities_sum"}


def test_stages_of_one_order_stand_in_the_order_of_their_rows(tmp_path):
    """R3, R5: order starts anew in each stage; y9 stands first, so a size decided in it is paid for 2 + 5 years.

    10 are built in y9 at 3 + 1 against 9 bought: 10 × 4 × 7 years. Were y10 first, y9 would pay for its own 2 years only.
    """
    periods = "period stage order weight\nc y9 1 2\na y10 1 5"
    world = {**OPTION, "options": "option period variable_cost max_size\no y9 3 20"}
    run = solved(dataset(tmp_path, periods=periods, **world))
    assert run.results.case.calendar.stages == ("y9", "y10")
    assert run.results.objective == pytest.approx(280)
