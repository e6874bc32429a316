"""What the switch points of the shipped dataset are called, with closures off and on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model.case.columns import COLUMN_KEYS
from model.expand.quotes import cost_moves, price_period, raised
from model.expand.siting_inputs import Input
from model.expand.studies import SCRAP, studies
from model.explore.siting import rebuilt
from model.explore.switch_points import Search


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


@pytest.mark.parametrize(("study", "quotes"), [("alumina_outlets", ("alumina",)), ("recycling_wanzhou", SCRAP)])
def test_a_quote_moves_the_costs_that_the_dataset_expanded_again_says(base_run, study, quotes):
    """Both sides of the market, with taxes: 3,504 columns of scrap bought and 48 of scrap sold, 84 of alumina bought and 120 sold."""
    asked = next(each for each in studies(base_run.prepared.tables, base_run.prepared.core) if each.key == study)
    falling = Input("", ("", ""), "", 0.0, 0.0, 0.0, (0.0, 1.0), (("prices", "price", quotes, "central"),))
    _, program = rebuilt(base_run.prepared, falling, -1.0)
    moved = Search(base_run.results.case, base_run.program).direction(asked.moved)
    np.testing.assert_allclose(moved, program.cost - base_run.program.cost, rtol=1e-6, atol=1e-12)
    start, counted = base_run.program.column_start, {}
    for family in COLUMN_KEYS:
        first = start[family]
        if found := np.count_nonzero(moved[first : first + len(base_run.results.case.columns[family])]):
            counted[family] = found
    assert counted == ({"supply": 84, "sale": 120} if study == "alumina_outlets" else {"supply": 3504, "sale": 48})


def test_a_quote_of_one_province_moves_its_own_rows_only(base_run):
    """Gas has a quote in each province, yuan per m3 with 9 % VAT: million yuan per million m3 move by 1 / 1.09 at every user there."""
    moves = cost_moves(base_run.prepared.tables, base_run.prepared.core, ["natural_gas_sichuan"])
    regions = base_run.prepared.core["sites"].set_index("site")["region"]
    assert {family for (family, _), _ in moves} == {"supply"}
    assert [amount for _, amount in moves] == pytest.approx([1 / 1.09] * len(moves))
    places = [dict(ids)["site"] for (_, ids), _ in moves]
    assert places and set(regions[places]) == {"sichuan"} and all(dict(ids)["commodity"] == "gas" for (_, ids), _ in moves)


def test_quotes_of_another_period_stay(base_run):
    """Set to the mean of 2025 the market's quotes of single months stay, set to a month the mean stays."""
    tables = base_run.prepared.tables
    settings = tables["market_settings"]
    months = {**tables, "market_settings": settings.assign(value=settings["value"].where(settings["setting"] != "price_period", "2023-01"))}
    assert (price_period(tables), price_period(months)) == ("2025", "2023-01")
    assert raised(tables, ["alumina"], 5.0)["prices"].query("period != '2025'").equals(tables["prices"].query("period != '2025'"))
    assert raised(months, ["alumina"], 5.0)["prices"].query("period == '2025'").equals(tables["prices"].query("period == '2025'"))
