"""The limits that carry a choice: rows and bounds on its columns that bind and have a price."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.case import COLUMN_KEYS, ROW_KEYS
from model.explore.candidates import Candidate
from model.pipeline import Run

DUAL = 1e-9  # prices below this are none
PRICES_OF_GOODS = ("balance", "balance_exact")  # rows whose dual is the price of a good, not a limit
COLUMNS = ("limit", "index", "price", "periods")


def limits(run: Run, asked: Candidate) -> pd.DataFrame:
    """Rows, balances apart, and largest amounts that bind the technology at the site or its option; the dearest first.

    limit (row family, or ``max_activity``, ``max_size``), index, price (what one more unit in every period would save or
    cost, objective per unit and year), periods (how many bind). Prices hold given the yes/no decisions of the plan.
    """
    calendar = run.results.case.calendar
    years = float(calendar.remaining_weight[calendar.stages[0]])
    found = [*_bounds(run, asked), *_rows(run, _places(run, asked))]
    if not found:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(found, ignore_index=True)
    sums = table.groupby(["limit", "index"], as_index=False).agg(price=("raw", "sum"), periods=("raw", "size"))
    sums = sums.assign(price=sums["price"].abs() / years)
    return sums.sort_values(["price", "limit", "index"], ascending=[False, True, True]).reset_index(drop=True)[list(COLUMNS)]


def _own(asked: Candidate) -> dict[str, dict[str, str]]:
    return {"activity": {"technology": asked.technology, "site": asked.site}, "size": {"option": asked.option}}


def _mask(table: pd.DataFrame, ids: dict[str, str]) -> NDArray[np.bool_]:
    mask = np.ones(len(table), dtype=bool)
    for name, value in ids.items():
        mask &= (table[name] == value).to_numpy()
    return mask


def _places(run: Run, asked: Candidate) -> NDArray[np.int64]:
    columns, start = run.results.case.columns, run.program.column_start
    return np.concatenate([np.flatnonzero(_mask(columns[family], ids)) + start[family] for family, ids in _own(asked).items()])


def _rows(run: Run, places: NDArray[np.int64]) -> Iterator[pd.DataFrame]:
    touched = np.unique(run.program.matrix[:, places].tocoo().row)
    for family, key in ROW_KEYS.items():
        start, table = run.program.row_start[family], run.results.duals[family]
        here = np.isin(np.arange(start, start + len(table)), touched) & (table["raw"].abs().to_numpy(float) > DUAL)
        if family not in PRICES_OF_GOODS and here.any():
            yield _named(family, key, table[here])


def _bounds(run: Run, asked: Candidate) -> Iterator[pd.DataFrame]:
    """Amounts that stand at their upper bound and would rise: a negative reduced cost."""
    for family, ids in _own(asked).items():
        table = run.results.values[family].rename(columns={"reduced_cost": "raw"})
        here = _mask(table, ids) & (table["raw"] < -DUAL).to_numpy() & (table["value"] > 0).to_numpy()
        if here.any():
            yield _named(f"max_{family}", COLUMN_KEYS[family], table[here])


def _named(limit: str, key: tuple[str, ...], table: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in key if name not in ("period", "stage")]
    index = [", ".join(str(row[name]) for name in names) for row in table.to_dict("records")]
    return pd.DataFrame({"limit": limit, "index": index, "raw": table["raw"].to_numpy(float)})
