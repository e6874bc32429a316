"""Generated worlds of the siting model's shape, as index arrays and as core tables of the same linear program."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.case import Case, make_case
from model.problems import Problems
from model.tables import Tables, frame

MONTHS = 12
SHORTAGE, LOSS = 30.0, 0.06
# sites, goods, technologies, stages, lanes per site; nonzeros of the program beside the name
SIZES: dict[str, tuple[int, int, int, int, int]] = {
    "24 k": (14, 12, 15, 1, 6),
    "0.3 M": (30, 12, 15, 5, 6),
    "1.1 M": (45, 14, 18, 8, 8),
    "4 M": (70, 20, 25, 12, 10),
}
WARM_SIZES = {"24 k": SIZES["24 k"], "0.14 M": (18, 12, 15, 4, 6)}  # of the worlds whose numbers are changed case by case
Ints, Floats = NDArray[np.int64], NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Pairs and lanes as integers, numbers per pair or lane; every month of every stage is alike but for the demand."""

    sites: int
    goods: int
    stages: int
    recipe: Floats  # technology × good
    work: Ints  # technology, site
    work_cost: Floats
    build_cost: Floats
    lane: Ints  # good, from, to
    lane_cost: Floats
    source: Ints  # good, site
    source_price: Floats
    source_most: Floats
    market: Ints  # good, site
    market_least: Floats
    market_price: Floats
    stock: Ints  # good, site
    stock_most: Floats
    stock_cost: Floats

    @property
    def periods(self) -> int:
        """Months over all stages."""
        return self.stages * MONTHS


def world(size: str, seed: int = 0) -> World:
    """The world of one size: a chain of goods in which every technology makes one good of up to three lower ones."""
    sites, goods, technologies, stages, degree = (SIZES | WARM_SIZES)[size]
    random = np.random.default_rng(seed)
    recipe = np.zeros((technologies, goods))
    for technology in range(technologies):
        made = 1 + technology % (goods - 1)
        recipe[technology, made] = 1.0
        used = random.choice(made, size=min(made, int(random.integers(1, 4))), replace=False)
        recipe[technology, used] = -np.round(random.uniform(0.3, 1.2, len(used)), 3)

    def some(many: int, share: float, chosen: Ints | None = None) -> Ints:
        """Pairs (one of many, site) in order."""
        drawn = random.random((many, sites)) < share
        return np.argwhere(drawn if chosen is None else drawn & chosen[:, None].astype(bool))

    numbers = np.arange(goods)
    work, market = some(technologies, 0.6), some(goods, 0.5, numbers >= goods // 2)
    source, stock = some(goods, 0.7, numbers < max(2, goods // 3)), some(goods, 0.4)
    ends = np.array([(start, end) for start in range(sites) for end in random.choice(sites, degree, replace=False) if end != start])
    carried = np.argwhere(random.random((goods, len(ends))) < 0.6)
    lane = np.column_stack([carried[:, 0], ends[carried[:, 1]]])
    lane = lane[np.lexsort(lane.T[::-1])]

    def number(low: float, high: float, rows: Ints) -> Floats:
        return np.round(random.uniform(low, high, len(rows)), 3)

    return World(
        sites, goods, stages, recipe, work, number(0.2, 1.5, work), number(3, 12, work), lane, number(0.02, 0.3, lane),
        source, number(1, 3, source), number(200, 900, source), market, number(20, 200, market), number(12, 25, market),
        stock, number(5, 40, stock), number(0.05, 0.2, stock),
    )  # fmt: skip


def case_of(made: World) -> Case:
    """The Case of the world."""
    return make_case(tables(made), Problems())


def tables(made: World) -> Tables:
    """The core tables; names sort like numbers."""
    technology, site, good = (lambda prefix: lambda number: f"{prefix}{number:03d}")("technology"), "site {:03d}".format, "good {:03d}".format
    stages = [f"y{stage:02d}" for stage in range(made.stages)]
    unit, option = "unit {:03d}".format, "option {:03d} {:03d}".format
    rows: dict[str, list[dict[str, object]]] = {
        "periods": [
            {"period": f"{stage} m{month:02d}", "stage": stage, "length": 1 / MONTHS, "order": float(order * MONTHS + month)}
            for order, stage in enumerate(stages) for month in range(MONTHS)
        ],
        "recipes": [
            {"technology": technology(t), "site": "*", "commodity": good(g), "quantity": made.recipe[t, g]} for t, g in np.argwhere(made.recipe)
        ],
        "tech_sites": [
            {"technology": technology(t), "site": site(s), "variable_cost": cost} for (t, s), cost in zip(made.work, made.work_cost, strict=True)
        ],
        "capacity_use": [{"technology": technology(t), "unit": unit(t), "use": 1.0} for t in range(len(made.recipe))],
        "options": [
            {"option": option(t, s), "site": site(s), "period": stage, "variable_cost": cost, "max_size": 300.0}
            for (t, s), cost in zip(made.work, made.build_cost, strict=True) for stage in stages
        ],
        "option_effects": [{"option": option(t, s), "unit": unit(t), "site": site(s), "per_size": 1.0} for t, s in made.work],
        "lanes": [
            {"commodity": good(g), "from": site(a), "to": site(b), "mode": "road", "unit_cost": cost, "delivered_share": 0.999}
            for (g, a, b), cost in zip(made.lane, made.lane_cost, strict=True)
        ],
        "supply": [
            {"commodity": good(g), "site": site(s), "price": price, "max": most}
            for (g, s), price, most in zip(made.source, made.source_price, made.source_most, strict=True)
        ],
        "demand": [
            {"commodity": good(g), "site": site(s), "min": least, "max": least, "price": price, "shortage_price": SHORTAGE}
            for (g, s), least, price in zip(made.market, made.market_least, made.market_price, strict=True)
        ],
        "stocks": [
            {"commodity": good(g), "site": site(s), "capacity": most, "holding_cost": cost, "loss": LOSS}
            for (g, s), most, cost in zip(made.stock, made.stock_most, made.stock_cost, strict=True)
        ],
    }
    return {name: frame(name, table) for name, table in rows.items()}
