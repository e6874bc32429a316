"""Tables: rows as dictionaries, the same as pandas gives, cell by cell; words of no rows count as numbers whatever packages stand beside."""

from __future__ import annotations

import math

import pandas as pd
from runs import ROOT

from model.problems import Problems
from model.reading import read
from model.tables import ROW, frame, row_dicts


def test_rows_are_those_of_pandas_on_every_shipped_table():
    tables = read(ROOT / "data" / "chuanyu", Problems()).tables
    cells = 0
    for table in tables.values():
        for mine, theirs in zip(row_dicts(table), table.to_dict("records"), strict=True):
            assert list(mine) == list(theirs)
            assert [(type(cell), repr(cell)) for cell in mine.values()] == [(type(cell), repr(cell)) for cell in theirs.values()]
            cells += len(mine)
    assert cells > 10_000


def test_a_row_belongs_to_who_asked():
    table = frame("sites", [{"site": "p"}])
    row_dicts(table)[0]["site"] = "q"
    assert row_dicts(table)[0]["site"] == "p" and math.isnan(row_dicts(table)[0]["lat"])
    assert row_dicts(frame("sites", ())) == [] and row_dicts(pd.DataFrame({"a": [1, 2]})) == [{"a": 1}, {"a": 2}]


def test_words_of_no_rows_multiply_as_numbers():
    empty = pd.DataFrame({"period": pd.Series([], dtype="str"), "value": pd.Series([], dtype=float)})
    share = pd.Series({"m01": 0.5})
    assert (empty["value"] * empty["period"].map(share)).empty and ROW not in empty
