"""What the switch points of the shipped dataset are called, with closures off and on."""

from __future__ import annotations

import pandas as pd
import pytest

from model.expand.studies import studies


def _told(run, allowed):
    pools: pd.DataFrame = run.prepared.tables["swap_pools"].assign(closures_allowed=float(allowed), new_potlines_allowed=float(allowed))
    found = studies({**run.prepared.tables, "swap_pools": pools}, run.prepared.core)
    return {study.key: study.what for study in found if study.key.startswith("potline")}


@pytest.mark.parametrize("allowed", [False, True])
def test_a_move_that_the_scenario_does_not_allow_is_told_as_supposed(base_run, allowed):
    told = _told(base_run, allowed)
    moves = {key: what for key, what in told.items() if key.startswith("potline_moves")}
    assert moves and all(("supposing closures" in en) != allowed and ("假设" in zh) != allowed for zh, en in moves.values())


def test_where_moving_is_allowed_it_speaks_for_stopping_too(base_run):
    """A line that may move is asked whether it moves, not a second time whether it stops."""
    both, one = _told(base_run, allowed=False), _told(base_run, allowed=True)
    movable = {key.removeprefix("potline_moves_") for key in both if key.startswith("potline_moves_")}
    assert {f"potline_stops_{plant}" for plant in movable} <= set(both)
    assert not {f"potline_stops_{plant}" for plant in movable} & set(one)
