"""The limit of the machine: the same linear program written by hand into numpy arrays, from integers, for one formulation only."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from benchmarks.worlds import LOSS, MONTHS, SHORTAGE, Floats, Ints, World
from model.compile import LinearProgram


def program(made: World) -> LinearProgram:
    """The arrays, columns and rows in the order of the Case."""
    periods, length, stages = made.periods, 1 / MONTHS, np.arange(made.stages)
    blocks = {
        "activity": len(made.work), "flow": len(made.lane), "supply": len(made.source), "sale": len(made.market), "short": len(made.market),
        "stock": len(made.stock),
    }
    place, start = {}, 0
    for family, many in blocks.items():
        place[family] = start + np.arange(many * periods, dtype=np.int32).reshape(many, periods)
        start += many * periods
    size = start + np.arange(len(made.work) * made.stages, dtype=np.int32).reshape(-1, made.stages)
    columns = start + size.size
    balance_of, balances = _balances(made)
    balance = np.arange(balances * periods, dtype=np.int32).reshape(balances, periods)
    capacity = balance.size + np.arange(place["activity"].size, dtype=np.int32).reshape(-1, periods)
    serve = balance.size + capacity.size + np.arange(place["sale"].size, dtype=np.int32).reshape(-1, periods)
    rows = balance.size + capacity.size + serve.size

    technology, site = made.work.T
    pair, good = np.nonzero(made.recipe[technology])
    goods, starts, ends = made.lane.T
    stock_row = balance[balance_of[made.stock[:, 0], made.stock[:, 1]]]
    levels = place["stock"].reshape(len(made.stock), made.stages, MONTHS)
    stage_of = np.repeat(stages, MONTHS)
    built, when = np.nonzero(stages[:, None] <= stage_of)
    parts = [
        (balance[balance_of[good, site[pair]]], place["activity"][pair], made.recipe[technology[pair], good][:, None]),
        (balance[balance_of[goods, ends]], place["flow"], 0.999),
        (balance[balance_of[goods, starts]], place["flow"], -1.0),
        (balance[balance_of[made.source[:, 0], made.source[:, 1]]], place["supply"], 1.0),
        (balance[balance_of[made.market[:, 0], made.market[:, 1]]], place["sale"], -1.0),
        (stock_row, np.roll(levels, 1, axis=2).reshape(stock_row.shape), (1 - LOSS) ** length),
        (stock_row, place["stock"], -1.0),
        (capacity, place["activity"], 1.0),
        (capacity[:, when], size[:, built], -length),
        (serve, place["sale"], 1.0),
        (serve, place["short"], 1.0),
    ]
    matrix = _matrix(parts, (rows, columns))
    cost, upper = np.zeros(columns), np.full(columns, np.inf)
    _put(cost, place["activity"], made.work_cost)
    _put(cost, place["flow"], made.lane_cost)
    _put(cost, place["supply"], made.source_price)
    _put(cost, place["sale"], -made.market_price)
    cost[place["short"]] = SHORTAGE
    _put(cost, place["stock"], made.stock_cost * length)
    cost[size] = made.build_cost[:, None] * np.arange(made.stages, 0, -1)
    _put(upper, place["supply"], made.source_most * length)
    _put(upper, place["sale"], made.market_least * length)
    _put(upper, place["short"], made.market_least * length)
    _put(upper, place["stock"], made.stock_most)
    upper[size] = 300.0
    row_lower, row_upper = np.zeros(rows), np.full(rows, np.inf)
    row_lower[capacity], row_upper[capacity] = -np.inf, 0.0
    _put(row_lower, serve, made.market_least * length)
    return LinearProgram(cost, matrix, row_lower, row_upper, np.zeros(columns), upper, np.zeros(columns, bool), {}, {})


def _balances(made: World) -> tuple[Ints, int]:
    """Number of the balance of every good at every site, −1 where nothing touches it, and how many there are."""
    touched = np.zeros((made.goods, made.sites), dtype=bool)
    technology, site = made.work.T
    pair, good = np.nonzero(made.recipe[technology])
    touched[good, site[pair]] = True
    touched[made.lane[:, 0], made.lane[:, 1]] = touched[made.lane[:, 0], made.lane[:, 2]] = True
    for pairs in (made.source, made.market, made.stock):
        touched[pairs[:, 0], pairs[:, 1]] = True
    return np.where(touched, np.cumsum(touched).reshape(touched.shape) - 1, -1), int(touched.sum())


def _matrix(parts: list[tuple[Ints, Ints, Floats | float]], shape: tuple[int, int]) -> sparse.csc_array:
    rows = np.concatenate([row.ravel() for row, _, _ in parts])
    columns = np.concatenate([column.ravel() for _, column, _ in parts])
    values = np.concatenate([np.broadcast_to(value, row.shape).ravel() for row, _, value in parts])
    return sparse.csc_array((values, (rows, columns)), shape=shape)


def _put(target: Floats, place: Ints, values: Floats) -> None:
    target[place] = values[:, None]
