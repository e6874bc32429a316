"""Every constraint card: its rows as golden text, and its dual as the slope of the cost in the right-hand side."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from card_worlds import CARD_WORLDS
from lp_text import lp_text
from worlds import solve, solve_relaxed

from model.case import COLUMN_KEYS, ROW_KEYS
from model.formulation import CARD, CARDS
from model.solve import LoadedProgram, Status

GOLDEN = Path(__file__).parent / "golden"
STEP = 1e-3  # small enough to stay on the same basis in all worlds


@pytest.fixture(scope="module", params=list(CARD_WORLDS))
def solved(request):
    """(card name, key of its binding row, solved world)."""
    core, key = CARD_WORLDS[request.param]
    # a row of nothing but fixed decisions has no slope: single_source is moved where decisions may be fractions
    return request.param, key, (solve_relaxed if request.param == "single_source" else solve)(core)


def test_every_card_has_a_world_and_every_row_family_a_card():
    assert set(CARD_WORLDS) == set(CARD) == set(ROW_KEYS)
    assert len(CARD) == len(CARDS)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_cards_are_complete(card):
    """Words in both languages name every part of the index; the dual has a meaning, a unit and a sign."""
    for part in ROW_KEYS[card.name]:
        assert f"{{{part}}}" in card.zh
        assert f"{{{part}}}" in card.en
    assert card.unit
    assert card.dual_zh
    assert card.dual_en
    assert card.sign in ("+", "-", "±")
    assert card.rule.__doc__
    assert card.implements and set(card.implements) <= {f"R{number}" for number in range(1, 21)}
    relation = {"+": " ≥ |^≥ ", "-": " ≤ |^≤ ", "±": " = |^= "}[card.sign]
    *lines, where = card.algebra.splitlines()
    assert any(re.search(relation, line) for line in lines)
    assert where.startswith(f"∀ {', '.join(ROW_KEYS[card.name])}: ")


def test_the_program_is_the_golden_one(solved):
    """The text was checked by hand against the tables of the world and the rules R1–R15."""
    name, _, plan = solved
    assert lp_text(plan.case, plan.program) == (GOLDEN / f"{name}.lp").read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {path.stem for path in GOLDEN.glob("*.lp")} == set(CARD_WORLDS)


def cost_with(plan, row, shift):
    """Least cost after the right-hand side of ``row`` moved by ``shift``."""
    program = plan.given
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    lower[row] += shift
    upper[row] += shift
    loaded = LoadedProgram(program)
    loaded.set_row_bounds(lower, upper)
    assert loaded.run() is Status.OPTIMAL
    return loaded.solution().objective


def test_the_row_binds_and_its_dual_is_the_slope_of_the_cost(solved):
    """Moving the right-hand side up or down by a little changes the cost by the dual, whose sign is the card's."""
    name, key, plan = solved
    table = plan.case.rows[name]
    here = np.flatnonzero((table[list(ROW_KEYS[name])] == list(key)).all(axis=1))
    assert len(here) == 1
    row = plan.program.row_start[name] + int(here[0])
    dual = plan.solution.duals[row]
    activity = float((plan.program.matrix @ plan.solution.values)[row])
    bounds = [bound for bound in (plan.program.row_lower[row], plan.program.row_upper[row]) if np.isfinite(bound)]
    assert activity == pytest.approx(bounds[0], abs=1e-7)
    assert abs(dual) > 0.1
    up = (cost_with(plan, row, STEP) - plan.objective) / STEP
    down = (plan.objective - cost_with(plan, row, -STEP)) / STEP
    assert up == pytest.approx(dual, rel=1e-6)
    assert down == pytest.approx(dual, rel=1e-6)
    assert CARD[name].sign in ("±", "+" if dual > 0 else "-")


def test_all_duals_of_all_worlds_have_the_sign_of_their_card(solved):
    _, _, plan = solved
    for family, duals in plan.duals.items():
        sign = CARD[family].sign
        assert sign != "+" or (duals >= -1e-9).all(), family
        assert sign != "-" or (duals <= 1e-9).all(), family


def test_columns_are_not_negative(solved):
    _, _, plan = solved
    for family in COLUMN_KEYS:
        assert (plan.case.columns[family]["lower"] >= 0).all()
