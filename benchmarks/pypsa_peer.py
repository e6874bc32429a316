"""A world of one stage in PyPSA: goods at sites are buses, processes and lanes links, stores keep, what nobody wants is dumped.

The load stands for the market: a shortage costs what the sale would have brought as well, so that the optimum differs by the
worth of all sales only (``sales_worth``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pypsa

from benchmarks.worlds import LOSS, MONTHS, SHORTAGE, Floats, Ints, World

LENGTH = 1 / MONTHS
ENDLESS = 1e6  # a month of any lane or dump, far above what a world holds


def model(made: World) -> Any:
    """The linopy model that PyPSA makes of the network; raises ValueError for several stages."""
    if made.stages != 1:
        raise ValueError("a network has one stage")
    found = network(made)
    found.optimize.create_model(include_objective_constant=False)
    return found.model


def network(made: World) -> Any:
    """The network with a snapshot per month."""
    pypsa.options.api.legacy_string_dtype = False  # not stating it is warned about under pandas 3
    found = pypsa.Network(snapshots=range(MONTHS))
    names = np.array([f"{good} {site}" for good in range(made.goods) for site in range(made.sites)])

    def bus(pairs: Ints) -> Any:
        return names[pairs[:, 0] * made.sites + pairs[:, 1]]

    def called(kind: str, count: int) -> pd.Index:
        return pd.Index([f"{kind} {number}" for number in range(count)])

    found.add("Bus", names)
    found.add("Generator", called("dump", len(names)), bus=names, sign=-1.0, p_nom=ENDLESS)
    found.add(
        "Generator", called("source", len(made.source)), bus=bus(made.source), p_nom=made.source_most * LENGTH, marginal_cost=made.source_price
    )
    market = bus(made.market)
    found.add("Load", called("market", len(market)), bus=market, p_set=made.market_least * LENGTH)
    found.add("Generator", called("short", len(market)), bus=market, p_nom=made.market_least * LENGTH, marginal_cost=SHORTAGE + made.market_price)
    found.add(
        "Store", called("stock", len(made.stock)), bus=bus(made.stock), e_nom=made.stock_most, e_cyclic=True,
        standing_loss=1 - (1 - LOSS) ** LENGTH, marginal_cost_storage=made.stock_cost * LENGTH,
    )  # fmt: skip
    goods, starts, ends = made.lane.T
    lanes = {"bus0": bus(np.column_stack([goods, starts])), "bus1": bus(np.column_stack([goods, ends]))}
    found.add("Link", called("lane", len(goods)), **lanes, efficiency=0.999, p_nom=ENDLESS, marginal_cost=made.lane_cost)
    found.add("Link", called("work", len(made.work)), **_processes(made, names))
    return found


def _processes(made: World, names: Any) -> dict[str, Any]:
    """Links from the first good a process uses to the one it makes; the other goods it uses leave by further buses."""
    technology, site = made.work.T
    used = [np.flatnonzero(row < 0) for row in made.recipe]
    first = np.array([goods[0] for goods in used])[technology]
    share: Floats = -made.recipe[technology, first]
    made_good = np.array([int(np.argmax(row)) for row in made.recipe])[technology]
    columns: dict[str, Any] = {
        "bus0": names[first * made.sites + site], "bus1": names[made_good * made.sites + site], "efficiency": 1 / share,
        "marginal_cost": made.work_cost / share, "p_nom_extendable": True, "p_nom_max": 300 * share * LENGTH,
        "capital_cost": made.build_cost / (share * LENGTH),
    }
    for further in (1, 2):
        goods = np.array([row[further] if len(row) > further else -1 for row in used])[technology]
        columns[f"bus{further + 1}"] = np.where(goods >= 0, names[goods * made.sites + site], "")
        columns[f"efficiency{further + 1}"] = np.where(goods >= 0, made.recipe[technology, goods] / share, 1.0)
    return columns


def sales_worth(made: World) -> float:
    """What all markets would pay in a year."""
    return float(made.market_least @ made.market_price)
