"""Stores in the report: a dear month bridged from a cheap one, worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from runs import dataset, solved

from maps.assemble import assemble
from maps.names import Names
from maps.stores import store_table, stores

# 5 are needed in each half-year; 1 each in summer, 4 each in winter; keeping one for half a year costs 2 x 1/2
TABLES = {
    "periods": "period stage length\nsummer y 0.5\nwinter y 0.5",
    "supply": "commodity site period price\ng s summer 1\ng s winter {winter}",
    "demand": "commodity site period min max price\ng s summer 5 5 0\ng s winter 5 5 0",
    "stocks": "commodity site capacity holding_cost\ng s {room} 2",
}


def run(folder, **facts):
    return solved(dataset(folder, **{name: text.format(**{"winter": 4, "room": 3, **facts}) for name, text in TABLES.items()}))


def test_a_full_store_says_what_more_room_is_worth(tmp_path):
    """3 of the 5 for winter are bought in summer: each saves 4 - 1 and costs 1 to keep."""
    found = run(tmp_path)
    assert found.results.objective == pytest.approx(8 * 1 + 2 * 4 + 3 * 1)
    (row,) = store_table(found, "y").to_dict("records")
    assert (row["room"], row["largest"], row["fullest"], row["through"]) == (3.0, 3.0, "summer", 3.0)
    assert (row["kept"], row["worth"]) == (pytest.approx(3.0), pytest.approx(2.0)) and math.isnan(row["misses"])
    view = assemble(found)
    (cells,) = stores(view, Names(view)).rows
    assert [str(cell) for cell in cells[3:]] == ["3", "3.0", "summer", "3.0", "3", "2", ""]


def test_an_empty_store_says_what_keeping_misses(tmp_path):
    """At 1.25 in winter a unit saves 0.25 and would cost 1 to keep: 0.75 too dear."""
    (row,) = store_table(run(tmp_path, winter=1.25), "y").to_dict("records")
    assert (row["largest"], row["through"], row["kept"], row["worth"], row["fullest"]) == (0.0, 0.0, 0.0, 0.0, "")
    assert row["misses"] == pytest.approx(0.75)


def test_shipped_money_is_told_per_tonne(tmp_path):
    """2 million yuan per kt of room are 2,000 yuan per tonne."""
    view = assemble(run(tmp_path))
    view = replace(view, summary={**view.summary, "unit": "million yuan/yr"})
    assert str(stores(view, Names(view)).rows[0][8]) == "2,000"


def test_room_that_is_not_filled_is_worth_nothing_more(tmp_path):
    """All 5 for winter fit into 9: 10 x 1 + 5 x 1."""
    found = run(tmp_path, room=9)
    assert found.results.objective == pytest.approx(15.0)
    (row,) = store_table(found, "y").to_dict("records")
    assert (row["largest"], row["worth"]) == (pytest.approx(5.0), 0.0)


def test_a_plan_without_stores_has_no_table(tmp_path):
    assert store_table(solved(dataset(tmp_path, supply="commodity site price\ng s 1", demand="commodity site min max price\ng s 2 2 0")), "all").empty
