"""Tables without rows: what is looked up in them counts as numbers, whatever packages stand beside the program."""

from __future__ import annotations

import pandas as pd

from model import tables


def test_words_of_no_rows_multiply_as_numbers():
    empty = pd.DataFrame({"period": pd.Series([], dtype="str"), "value": pd.Series([], dtype=float)})
    share = pd.Series({"m01": 0.5})
    assert (empty["value"] * empty["period"].map(share)).empty and tables.ROW not in empty
