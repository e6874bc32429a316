"""Ledgers by hand: banking, expiry, who used whose, what one more unit is worth, and plans that do not pass."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from worlds import case_of, solve, world

from model import ledger, pipeline
from model.build import build
from model.case import Case, make_case
from model.compile import compile_model
from model.problems import ExitCode, Problems, Refusal
from model.tables import Tables

STAGES = "period stage\na a\nb b\nc c"
OPTIONS = "option site period max_size\nold1 p * 100\nold2 p * 100\nnew1 q * 100\nnew2 q * 100\nbuy q * 100"
SITES = "site\np\nq"


def case_with(entries: str, ledgers: str = "ledger ratio price annuity indicators\npool 1 0 - -", stages: str = STAGES) -> Case:
    names = [line.split()[0] for line in stages.splitlines()[1:]]
    rows = [f"{name} {site} {stage} 100" for stage in names for name, site in (("old1", "p"), ("old2", "p"), ("new1", "q"), ("new2", "q"), ("buy", "q"))]
    core = world(sites=SITES, periods=stages, options="option site period max_size\n" + "\n".join(rows), ledgers=ledgers, ledger_entries=entries)
    return case_of(core)


def sizes(**values: float) -> pd.DataFrame:
    """``old1_a=60``: 60 of old1 decided in stage a."""
    return pd.DataFrame([(*name.split("_"), value) for name, value in values.items()], columns=["option", "stage", "value"])


def accounts(kept: ledger.Ledgers, *columns: str) -> dict[str, tuple[float, ...]]:
    return {row["stage"]: tuple(round(row[name], 9) for name in columns) for row in kept.accounts.to_dict("records")}


EVERY = "ledger kind option period coefficient\npool created old1 * 1\npool created old2 * 1\npool bought buy * 1\npool used new1 * 1\npool used new2 * 1"


def test_what_is_created_early_is_carried_until_it_is_used():
    """a: 60 created; b: 30 bought, 50 used; c: 20 created, 45 used, 15 left: 60 + 30 + 20 - 50 - 45."""
    kept = ledger.keep(case_with(EVERY), sizes(old1_a=60, buy_b=30, new1_b=50, old2_c=20, new2_c=45))
    assert accounts(kept, "carried_in", "created", "bought", "used", "expired", "carried_out") == {
        "a": (0, 60, 0, 0, 0, 60), "b": (60, 0, 30, 50, 0, 40), "c": (40, 20, 0, 45, 0, 15),
    }
    assert kept.check.passed and kept.check.residual == 0.0


def test_every_account_adds_up_to_what_is_overdrawn():
    kept = ledger.keep(case_with(EVERY), sizes(old1_a=60, new1_a=70, old2_b=30, new2_c=25))
    for row in kept.accounts.to_dict("records"):
        total = row["carried_in"] + row["created"] + row["bought"] - row["used"] - row["expired"] - row["carried_out"]
        assert total == pytest.approx(-row["overdrawn"])
    assert accounts(kept, "overdrawn") == {"a": (10,), "b": (0,), "c": (0,)}


def test_the_oldest_right_is_used_first_and_each_user_pays_its_part():
    """b: 60 of a, then 20 of the 40 of b; new1 takes 60 of 80, new2 20: so 45 + 15 of old1 and 15 + 5 of old2."""
    kept = ledger.keep(
        case_with(EVERY, "ledger ratio price annuity indicators\npool 1 2 - -"), sizes(old1_a=60, old2_b=40, new1_b=60, new2_b=20),
    )
    found = {(row["source"], row["user"]): (row["amount"], row["payment"]) for row in kept.uses.to_dict("records")}
    # a price of 2 a year from b on, two stages of one year: 4 per unit
    assert found == {
        ("old1", "new1"): (pytest.approx(45), pytest.approx(180)), ("old1", "new2"): (pytest.approx(15), pytest.approx(60)),
        ("old2", "new1"): (pytest.approx(15), pytest.approx(60)), ("old2", "new2"): (pytest.approx(5), pytest.approx(20)),
    }
    assert set(kept.uses["stage"]) == {"b"}


def test_rights_of_one_stage_serve_in_proportion():
    """100 and 50 created, 30 used: 20 of the first and 10 of the second."""
    kept = ledger.keep(case_with(EVERY), sizes(old1_a=100, old2_a=50, new1_a=30))
    assert kept.uses.set_index("source")["amount"].to_dict() == {"old1": pytest.approx(20), "old2": pytest.approx(10)}


def test_what_was_bought_outside_is_not_paid_again_inside():
    kept = ledger.keep(case_with(EVERY, "ledger ratio price annuity indicators\npool 1 2 - -"), sizes(old1_a=10, buy_a=10, new1_a=20))
    assert kept.uses.set_index("source")["payment"].to_dict() == {"buy": 0.0, "old1": pytest.approx(10 * 2 * 3)}


def test_a_right_ends_with_its_last_stage():
    """Created in a, good until b: 60, 25 used in b, 35 expire in c, where 10 of c are used."""
    entries = EVERY.replace("period coefficient", "period coefficient until")
    lines = [f"{line} b" if line.endswith("old1 * 1") else f"{line} -" for line in entries.splitlines()[1:]]
    kept = ledger.keep(case_with("\n".join([entries.splitlines()[0], *lines])), sizes(old1_a=60, new1_b=25, old2_c=20, new1_c=10))
    assert accounts(kept, "carried_in", "expired", "used", "carried_out") == {"a": (0, 0, 0, 60), "b": (60, 0, 25, 35), "c": (35, 35, 10, 10)}
    assert kept.check.passed


def test_what_ends_first_is_used_first():
    """60 without end and 40 until b: 50 used in b take all of the 40, so nothing expires."""
    entries = (
        "ledger kind option period coefficient until\npool created old1 * 1 -\npool created old2 * 1 b\npool used new1 * 1 -"
    )
    kept = ledger.keep(case_with(entries), sizes(old1_a=60, old2_a=40, new1_b=50))
    assert accounts(kept, "expired", "carried_out") == {"a": (0, 100), "b": (0, 50), "c": (0, 50)}


def test_a_right_is_what_is_given_up_over_the_ratio():
    """125 closed at 1.25 give 100."""
    entries = "ledger kind option period coefficient\npool created old1 * 0.8\npool used new1 * 1"
    kept = ledger.keep(case_with(entries, "ledger ratio price annuity indicators\npool 1.25 0 - -"), sizes(old1_a=125, new1_a=100))
    assert accounts(kept, "given_up", "created", "used", "carried_out")["a"] == (125, 100, 100, 0)


def test_a_plan_that_uses_more_than_there_is_does_not_pass():
    kept = ledger.keep(case_with(EVERY), sizes(old1_a=60, new1_a=80))
    assert not kept.check.passed
    assert (kept.check.residual, kept.check.place) == (pytest.approx(20 / 80), "ledger(pool, a)")


def test_using_first_and_creating_later_does_not_pass():
    """No borrowing: over all stages 60 are created and 60 used, but in a nothing is there."""
    assert not ledger.keep(case_with(EVERY), sizes(new1_a=60, old1_b=60)).check.passed


def swapping(**more: str) -> Tables:
    """Up to 10 of an old line (worth 1 a unit) give way to a new one (worth 3), 2 old for 1 new; the pool is the indicator.

    New at ratio 2: 3 - 2 x 1 = 1 a unit, so all 10 close and 5 are new: 15 instead of 10.
    """
    texts = {
        "sites": "site\np", "tech_sites": "technology site variable_cost\nold p 4\nnew p 2", "recipes": "technology commodity quantity\nold x 1\nnew x 1",
        "capacity_use": "technology unit use\nold oven 1\nnew kiln 1", "capacity": "unit site amount\noven p 10",
        "demand": "commodity site max price\nx p 100 5",
        "options": "option site variable_cost max_size\nclose p 0 10\nbuild p 0 10", "option_effects": "option unit site per_size\nclose oven p -1\nbuild kiln p 1",
        "indicators": "indicator max\nswap 0", "indicator_terms": "indicator kind a coefficient\nswap size build 2\nswap size close -1",
        "ledgers": "ledger ratio price annuity indicators\npool 2 0 0.1 swap",
        "ledger_entries": "ledger kind option period coefficient\npool created close * 0.5\npool used build * 1",
    }
    return world(**{name: text for name, text in {**texts, **more}.items() if text})


def run_of(core: Tables):
    case = make_case(core, Problems())
    return pipeline.solve_case(core, case, compile_model(build(case), case), {}, pipeline.Clock(lambda step, **facts: None))[0]


def test_what_one_more_unit_is_worth():
    """All 10 are given up; one more would allow half a unit that earns 3: 1.5 a year, or 15 once at 10 % a year."""
    results = run_of(swapping())
    assert results.objective == pytest.approx(-15)
    row = ledger.keep(results.case, results.values["size"], results.duals["indicator_ceiling"]).accounts.iloc[0]
    assert (row["given_up"], row["created"], row["used"]) == (pytest.approx(10), pytest.approx(5), pytest.approx(5))
    assert (row["worth"], row["worth_once"]) == (pytest.approx(1.5), pytest.approx(15))


def test_worth_counts_every_later_stage_in_which_a_right_serves():
    """Two stages of 3 years and 2 years. The new line may be built in both, so what is given up in the first serves five
    years: 1.5 a year either way. Without closures in stage a the worth of a unit there is 1.5 a year still."""
    core = swapping(
        periods="period stage weight\na a 3\nb b 2", options="option site period variable_cost max_size\nclose p a 0 0\nclose p b 0 10\nbuild p a 0 10\nbuild p b 0 10",
        indicators="indicator max\nswap_a 0\nswap_b 0",
        indicator_terms="indicator kind a period coefficient\nswap_a size build a 2\nswap_a size close a -1\nswap_b size build * 2\nswap_b size close * -1",
        ledgers="ledger ratio price annuity indicators\npool 2 0 0.1 swap_a;swap_b",
    )
    results = run_of(core)
    # a: 10 old x 1 x 3 years; b: 5 new x 3 x 2 years
    assert results.objective == pytest.approx(-60)
    worth = accounts(ledger.keep(results.case, results.values["size"], results.duals["indicator_ceiling"]), "worth")
    assert worth == {"a": (1.5,), "b": (1.5,)}


def test_without_prices_nothing_has_a_worth():
    results = run_of(swapping())
    assert math.isnan(ledger.keep(results.case, results.values["size"]).accounts["worth"].iloc[0])


def test_a_plan_without_its_pool_indicator_is_refused():
    """The account is kept apart from the indicator: without it the program builds 10 for nothing, and the plan does not pass."""
    with pytest.raises(Refusal) as caught:
        run_of(swapping(indicators="", indicator_terms="", ledgers="ledger ratio price annuity indicators\npool 2 0 0.1 -"))
    assert caught.value.code is ExitCode.SOLVER and "ledger" in str(caught.value)


def test_capacity_built_beside_the_ledger_is_refused():
    """A second way to build the same unit without a right."""
    core = swapping(
        options="option site variable_cost max_size\nclose p 0 10\nbuild p 0 10\nsecret p 0 10",
        option_effects="option unit site per_size\nclose oven p -1\nbuild kiln p 1\nsecret kiln p 1",
    )
    with pytest.raises(Refusal, match=r"ledger"):
        run_of(core)


def test_a_case_without_ledgers_has_nothing_to_check():
    plan = solve(swapping(ledgers="", ledger_entries=""))
    assert ledger.checks(plan.case, plan.solution.values) == ()
    kept = ledger.keep(plan.case, plan.case.columns["size"][["option", "stage"]].assign(value=1.0))
    assert kept.accounts.empty and kept.uses.empty and kept.check.passed


def test_the_solver_s_rounding_is_no_use():
    kept = ledger.keep(case_with(EVERY), sizes(new1_a=1e-12))
    assert accounts(kept, "used", "overdrawn")["a"] == (0, 0)
