"""The same linear program in linopy: arrays over pairs and periods, balances as sums over groups."""

from __future__ import annotations

from typing import Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.worlds import LOSS, MONTHS, SHORTAGE, World

LENGTH = 1 / MONTHS


def model(made: World) -> Any:
    """The linopy model."""
    m, period = linopy.Model(), pd.RangeIndex(made.periods, name="period")
    rows = {"work": made.work, "lane": made.lane, "source": made.source, "market": made.market, "stock": made.stock}
    index = {name: pd.RangeIndex(len(pairs), name=name) for name, pairs in rows.items()}
    stage = pd.RangeIndex(made.stages, name="stage")

    def over(name: str, numbers: Any) -> Any:
        return xr.DataArray(numbers, coords=[index[name]])

    def months(name: str, family: str, upper: Any = None) -> Any:
        bound = np.inf if upper is None else over(name, upper).expand_dims(period=period).transpose(name, "period")
        return m.add_variables(lower=0, upper=bound, coords=[index[name], period], name=family)

    activity, flow = months("work", "activity"), months("lane", "flow")
    supply, stock = months("source", "supply", made.source_most * LENGTH), months("stock", "stock", made.stock_most)
    sale, short = (months("market", family, made.market_least * LENGTH) for family in ("sale", "short"))
    size = m.add_variables(lower=0, upper=300, coords=[index["work"], stage], name="size")

    def gathered(terms: Any, name: str, good: Any, site: Any) -> Any:
        return terms.groupby(xr.DataArray(good * made.sites + site, dims=[name], name="place")).sum()

    technology, site = made.work.T
    pair, good = np.nonzero(made.recipe[technology])
    processes = pd.RangeIndex(len(pair), name="process")
    made_here = activity.isel(work=xr.DataArray(pair, coords=[processes])) * xr.DataArray(made.recipe[technology[pair], good], coords=[processes])
    goods, starts, ends = made.lane.T
    parts = [
        gathered(made_here, "process", good, site[pair]), gathered(0.999 * flow, "lane", goods, ends), gathered(-1 * flow, "lane", goods, starts),
        gathered(1 * supply, "source", *made.source.T), gathered(-1 * sale, "market", *made.market.T),
        gathered((1 - LOSS) ** LENGTH * _before(m, stock, made) - stock, "stock", *made.stock.T),
    ]  # fmt: skip
    m.add_constraints(linopy.merge(parts, dim="_term", join="outer") >= 0, name="balance")
    stages = np.repeat(np.arange(made.stages), MONTHS)
    built, when = np.nonzero(np.arange(made.stages)[:, None] <= stages)
    pairs = pd.RangeIndex(len(built), name="decided")
    grown = size.isel(stage=xr.DataArray(built, coords=[pairs])).groupby(xr.DataArray(when, coords=[pairs], name="period")).sum()
    m.add_constraints(activity - LENGTH * grown <= 0, name="capacity")
    m.add_constraints(sale + short >= over("market", made.market_least * LENGTH), name="must_serve")
    yearly = over("work", made.build_cost) * xr.DataArray(np.arange(made.stages, 0, -1), coords=[stage])
    m.add_objective(
        (activity * over("work", made.work_cost)).sum() + (flow * over("lane", made.lane_cost)).sum()
        + (supply * over("source", made.source_price)).sum() + (sale * over("market", -made.market_price)).sum() + (SHORTAGE * short).sum()
        + (stock * over("stock", made.stock_cost * LENGTH)).sum() + (size * yearly).sum()
    )  # fmt: skip
    return m


def _before(m: Any, stock: Any, made: World) -> Any:
    """The level of the month before, cyclic within every stage."""
    labels = stock.labels.to_numpy().reshape(-1, made.stages, MONTHS)
    before = np.roll(labels, 1, axis=2).reshape(len(made.stock), made.periods)
    data = {"coeffs": (("stock", "period", "_term"), np.ones((*before.shape, 1))), "vars": (("stock", "period", "_term"), before[..., None])}
    return linopy.LinearExpression(xr.Dataset(data, coords={"stock": stock.coords["stock"], "period": stock.coords["period"]}), m)
