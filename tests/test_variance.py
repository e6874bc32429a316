"""Sobol' indices: linear, additive models have the shares of variance that a hand can work out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import sobol_indices, uniform
from study_worlds import carried_out, refused, told
from test_sensitivity import WORLD

from model.explore.sensitivity import Input
from model.explore.variance import _places, indices, intervals


def made(model, inputs: int, count: int = 1024):
    """Costs of a model at the places of inputs between 0 and 1."""
    found = [Input(str(at), ("", ""), "t", "c", {}, 0.5, 0.0, 1.0, "D") for at in range(inputs)]
    places = np.array([list(place.values()) for place in _places(found, count, 1)])
    return model(places.T).reshape(2 + inputs, count)


def test_shares_of_an_additive_model():
    """4x + 2y + z over equal ranges: variances 16 : 4 : 1, nothing left for interactions."""
    costs = made(lambda x: 4 * x[0] + 2 * x[1] + x[2], 3)
    first, total = indices(costs - costs[:2].mean(), 3)
    assert list(first) == pytest.approx([16 / 21, 4 / 21, 1 / 21], abs=0.01)
    assert list(total) == pytest.approx([16 / 21, 4 / 21, 1 / 21], abs=0.01)
    low, high = intervals(costs - costs[:2].mean(), 3, 0, 0.95)
    assert (low[0] < [16 / 21, 4 / 21, 1 / 21]).all() and (high[0] > [16 / 21, 4 / 21, 1 / 21]).all()
    again = intervals(costs - costs[:2].mean(), 3, 0, 0.95)
    assert np.array_equal(low, again[0]) and np.array_equal(high, again[1])


def test_a_product_is_interaction_alone():
    """(x − ½)(y − ½): neither explains anything by itself, each is in all of it."""
    first, total = indices(made(lambda x: (x[0] - 0.5) * (x[1] - 0.5), 2), 2)
    assert list(first) == pytest.approx([0, 0], abs=0.02) and list(total) == pytest.approx([1, 1], abs=0.05)


def test_what_does_not_vary_has_no_shares():
    assert indices(np.full((4, 8), 3.0), 2).tolist() == [[0, 0], [0, 0]]


def test_the_same_as_scipy_on_ishigami():
    """sin x + 7 sin² y + 0.1 z⁴ sin x on (−π, π): first indices 0.314, 0.442, 0, totals 0.558, 0.442, 0.244 (Sobol' and Levitan 1999)."""
    def ishigami(x):
        x = (2 * x - 1) * np.pi
        return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    costs = made(ishigami, 3, 4096)
    costs = costs - costs[:2].mean()
    first, total = indices(costs, 3)
    assert list(first) == pytest.approx([0.314, 0.442, 0.0], abs=0.02) and list(total) == pytest.approx([0.558, 0.442, 0.244], abs=0.02)
    theirs = sobol_indices(func={"f_A": costs[:1], "f_B": costs[1:2], "f_AB": costs[2:, None, :]}, n=4096, dists=[uniform()] * 3)
    assert np.allclose(theirs.first_order.ravel(), first) and np.allclose(theirs.total_order.ravel(), total)


def test_a_study_by_hand(tmp_path):
    """8 x (1 + rate / 100) between 50 and 200: from 12 to 24, mean 18, deviation 12 / √12; the other input moves nothing."""
    found = carried_out(tmp_path, 'study = "variance"\ncount = 32', **WORLD)
    table = found.tables["indices"]
    assert list(table["table"]) == ["freight_rates", "transfers"]
    assert list(table["total"]) == pytest.approx([1, 0], abs=0.05) and list(table["first"]) == pytest.approx([1, 0], abs=0.1)
    assert (table["first_low"] <= table["first"]).all() and (table["first"] <= table["first_high"]).all()
    assert found.facts["mean"] == pytest.approx(18, abs=0.3) and found.facts["deviation"] == pytest.approx(12 / 12**0.5, abs=0.2)
    assert (found.facts["cases"], found.facts["count"]) == (32 * 4, 32)
    text = told(found)
    assert "2 inputs moving at once within their ranges, 128 cases: mean cost 18" in text and "by itself" in text and "Interactions" in text
    assert "cases were checked independently from the tables" in text and "同时变动,共 128 例" in told(found, "zh")
    assert "交互作用" in told(found, "zh") and "连同交互" in told(found, "zh")


def test_a_place_without_a_plan_is_told(tmp_path, monkeypatch):
    from model.explore import variance

    whole = variance.solved_swiftly

    def broken(*given, **named):
        rows = whole(*given, **named)
        return [{**rows[0], "status": "infeasible", "reason_zh": "不够", "reason_en": "not enough"}, *rows[1:]]

    monkeypatch.setattr(variance, "solved_swiftly", broken)
    assert refused(tmp_path, 'study = "variance"\ncount = 2', **WORLD) == [("variance_hole", "")]


@pytest.mark.parametrize(("text", "rule", "column"), [
    ('study = "variance"\ncount = 12', "scenario_choice", "count"),
    ('study = "variance"\nlevel = 2', "scenario_range", "level"),
    ('study = "variance"\ngrades = ["A"]', "inputs_without_range", "input"),
])
def test_what_is_wrong_with_the_file(tmp_path, text, rule, column):
    assert (rule, column) in refused(tmp_path, text, **WORLD)
