"""The fast road gives the program of the plain road, number for number, and no card leaves it unnoticed."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from card_worlds import CARD_WORLDS
from generated_worlds import generated_tables
from random_decisions import decision_tables
from random_worlds import random_tables

from model.case import COLUMN_KEYS, ROW_KEYS, Case, make_case
from model.compile import LinearProgram
from model.declare import declare
from model.formulation import CARDS
from model.problems import Problems, Refusal
from model.program import plain_program
from model.templates import compile_case
from model.templates.skeleton import shape_of, templates

SEEDS = range(3)
MAKERS = {"random": random_tables, "decisions": decision_tables, "generated": lambda seed: generated_tables(Random(seed))}
PLACES = [(maker, seed) for maker in MAKERS for seed in SEEDS]
MORE_PLACES = [(maker, seed) for maker in MAKERS for seed in range(3, 203)]
ROUNDING = 1e-12  # of a coefficient that is a sum of several terms


def case_or_none(maker: str, seed: int) -> Case | None:
    """None where the Case already tells that no plan exists."""
    try:
        return make_case(MAKERS[maker](seed), Problems())
    except Refusal:
        return None


def assert_same(fast: LinearProgram, plain: LinearProgram) -> None:
    """Equal bounds, costs, starts and integers; a matrix of the same places with equal numbers up to rounding of sums."""
    for part in ("lower", "upper", "row_lower", "row_upper"):
        np.testing.assert_allclose(getattr(fast, part), getattr(plain, part), rtol=ROUNDING, atol=0, err_msg=part)
    np.testing.assert_allclose(fast.cost, plain.cost, rtol=ROUNDING, atol=0)
    assert np.array_equal(fast.integer, plain.integer)
    assert (fast.column_start, fast.row_start) == (plain.column_start, plain.row_start)
    matrices = [program.matrix.copy() for program in (fast, plain)]
    for matrix in matrices:
        matrix.sort_indices()
    assert fast.matrix.shape == plain.matrix.shape
    assert np.array_equal(matrices[0].indptr, matrices[1].indptr)
    assert np.array_equal(matrices[0].indices, matrices[1].indices)
    np.testing.assert_allclose(matrices[0].data, matrices[1].data, rtol=ROUNDING, atol=0)


def assert_roads_agree(maker: str, seed: int) -> None:
    case = case_or_none(maker, seed)
    if case is not None:
        assert_same(compile_case(case), plain_program(case))


@pytest.mark.parametrize(("maker", "seed"), PLACES)
def test_both_roads_give_the_same_program(maker, seed):
    assert_roads_agree(maker, seed)


@pytest.mark.thorough
@pytest.mark.parametrize(("maker", "seed"), MORE_PLACES)
def test_both_roads_give_the_same_program_on_many_datasets(maker, seed):
    assert_roads_agree(maker, seed)


@pytest.mark.parametrize("name", CARD_WORLDS)
def test_both_roads_give_the_same_program_where_a_card_binds(name):
    case = make_case(CARD_WORLDS[name][0], Problems())
    fast = compile_case(case)
    assert_same(fast, plain_program(case))
    assert len(case.rows[name])


def test_the_datasets_reach_every_column_family():
    """Otherwise the comparison above says nothing of some column; the worlds of the cards reach every family of rows."""
    cases = [make_case(core, Problems()) for core, _ in CARD_WORLDS.values()]
    assert set(CARD_WORLDS) == set(ROW_KEYS)
    for family in COLUMN_KEYS:
        assert any(len(case.columns[family]) for case in cases), family


def test_every_card_is_templated():
    """``templates`` raises for a rule that cannot run once for all rows; all cards stand in its answer, in order."""
    case = case_or_none("random", 0)
    _, rows = templates(shape_of(declare(case)), CARDS)
    assert [row.card for row in rows] == [card.name for card in CARDS] == list(dict.fromkeys(row.card for row in rows))
    assert {row.card for row in rows} == set(ROW_KEYS)


def test_the_shipped_dataset_by_both_roads(base_run):
    assert base_run.program.road == "arrays"
    assert_same(base_run.program, plain_program(base_run.results.case))
