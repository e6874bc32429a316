"""How much of what other users miss they would miss in any case: one warm re-solve of the plan's program without the industry.

The price of shedding is so high that it hides every other difference between plans (decision D24); only the part that
the industry causes belongs into its margin.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.case import Case
from model.compile import Floats, LinearProgram
from model.expand.named import Industry
from model.solve import LoadedProgram, Status
from model.tables import blank

COLUMNS = ("commodity", "amount", "cost", "anyway_amount", "anyway_cost")
PRESENT = 1e-6  # amounts below this are rounding


def netted(case: Case, program: LinearProgram, short: pd.DataFrame, industry: Industry) -> pd.DataFrame:
    """commodity, amount and cost missing in the plan, anyway_amount and anyway_cost missing without the industry too.

    ``short``: the plan's short table. Only goods count that the industry does not make: its own goods need no serving
    without it. Amounts expected over branches and summed over periods, cost in money of the objective. Empty without a
    solve where nothing is missing; NaN where there is no plan without the industry.
    """
    plan = _sums(case, short["value"].to_numpy(float), industry)
    if not (plan["amount"] > PRESENT).any():
        return blank(COLUMNS[:1], COLUMNS[1:])
    start = program.column_start["short"]
    values = without(case, program, industry)
    idle = _sums(case, values[start : start + len(short)], industry)
    table = plan.merge(idle.rename(columns={"amount": "anyway_amount", "cost": "anyway_cost"}), on="commodity")
    return table[table["amount"] > PRESENT].reset_index(drop=True)


def _sums(case: Case, values: Floats, industry: Industry) -> pd.DataFrame:
    columns = case.columns["short"]
    probability = columns["period"].map(case.calendar.periods.set_index("period")["probability"]).astype(float)
    table = columns[["commodity"]].assign(amount=values * probability, cost=values * columns["cost"])
    table = table[~table["commodity"].isin(industry.goods)]
    return pd.DataFrame(table.groupby("commodity", as_index=False, sort=True)[["amount", "cost"]].sum(skipna=False))


def without(case: Case, program: LinearProgram, industry: Industry) -> Floats:
    """The cheapest plan in which no technology of the industry works, NaN if there is none.

    Nobody then has to be served with its goods, and no floor of an indicator or basket asks for anything.
    """
    lower, upper = program.lower.copy(), program.upper.copy()
    work = _rows_of(case.columns["activity"], "technology", industry.technologies) + program.column_start["activity"]
    lower[work] = upper[work] = 0.0
    row_lower = program.row_lower.copy()
    served = _rows_of(case.rows["must_serve"], "commodity", industry.goods) + program.row_start["must_serve"]
    row_lower[served] = -np.inf
    for family in ("basket_floor", "indicator_floor"):
        start = program.row_start[family]
        row_lower[start : start + len(case.rows[family])] = -np.inf
    loaded = LoadedProgram(program)
    loaded.set_column_bounds(lower, upper)
    loaded.set_row_bounds(row_lower, program.row_upper)
    return loaded.solution().values if loaded.run() is Status.OPTIMAL else np.full(len(lower), math.nan)


def _rows_of(table: pd.DataFrame, column: str, ids: frozenset[str]) -> NDArray[np.int64]:
    return np.flatnonzero(table[column].isin(ids).to_numpy())
