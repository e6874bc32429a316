"""Small worlds with an optimal plan, its duals and its indicators worked out by hand, and ways to falsify them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from worlds import world

from model.audit import COLUMN_KEYS, ROW_KEYS, Audit, Plan, audit
from model.tables import Tables

Numbers = Mapping[str, Mapping[str, float | None]]  # family → "key parts, - is a blank" → number, None: not there


@dataclass(frozen=True)
class Toy:
    """Core tables, the true plan and the lower bound that its duals prove."""

    core: Tables
    plan: Plan
    proved: float


def _key(text: str) -> tuple[str, ...]:
    return tuple("" if part == "-" else part for part in text.split())


def frames(keys: Mapping[str, tuple[str, ...]], numbers: Numbers, cell: str) -> dict[str, pd.DataFrame]:
    """Published tables from ``numbers``; a family that the rules do not have gets a key of its own."""
    tables = {}
    for family, entries in numbers.items():
        names = keys.get(family, ("key",))
        rows = [(*_key(text), value) for text, value in entries.items() if value is not None]
        tables[family] = pd.DataFrame(rows, columns=[*names, cell])
    return tables


def reported(numbers: Mapping[str, float | None]) -> pd.DataFrame:
    """The indicator table from "indicator group" → value."""
    rows = [(*text.split(), value) for text, value in numbers.items() if value is not None]
    return pd.DataFrame(rows, columns=["indicator", "group", "value"])


def toy(core: Tables, values: Numbers, duals: Numbers, indicators: Mapping[str, float], objective: float, proved: float, relaxed: Numbers | None = None) -> Toy:
    plan = Plan(
        frames(COLUMN_KEYS, values, "value"),
        frames(ROW_KEYS, duals, "raw"),
        objective,
        relaxed=None if relaxed is None else frames(ROW_KEYS, relaxed, "raw"),
        bound=None if relaxed is None else objective,
        gap=None if relaxed is None else 0.0,
        indicators=reported(indicators),
    )
    return Toy(core, plan, proved)


def _edited(tables: dict[str, pd.DataFrame], keys: Mapping[str, tuple[str, ...]], changes: Numbers, cell: str) -> dict[str, pd.DataFrame]:
    """``tables`` with numbers changed, added, or (None) rows dropped."""
    result = dict(tables)
    for family, entries in changes.items():
        names = list(keys.get(family, ("key",)))
        table = tables.get(family, pd.DataFrame(columns=[*names, cell]))
        present = dict(zip(map(tuple, table[names].to_numpy().tolist()), table[cell].tolist(), strict=True))
        present |= {_key(text): value for text, value in entries.items()}
        result[family] = pd.DataFrame([(*key, value) for key, value in present.items() if value is not None], columns=[*names, cell])
    return result


def falsified(
    plan: Plan, *, values: Numbers | None = None, duals: Numbers | None = None, relaxed: Numbers | None = None, indicators: Mapping[str, float | None] | None = None,
    twice: str = "", twice_dual: str = "", **fields: object,
) -> Plan:  # fmt: skip
    """``plan`` with some of its numbers changed, a family published ``twice``, or whole ``fields`` replaced."""
    result = replace(
        plan,
        values=_edited(plan.values, COLUMN_KEYS, values or {}, "value"),
        duals=_edited(plan.duals, ROW_KEYS, duals or {}, "raw"),
        relaxed=None if plan.relaxed is None else _edited(plan.relaxed, ROW_KEYS, relaxed or {}, "raw"),
    )
    if indicators is not None:
        before = {f"{row.indicator} {row.group}": row.value for row in plan.indicators.itertuples()}
        result = replace(result, indicators=reported(before | dict(indicators)))
    if twice:
        result.values[twice] = pd.concat([result.values[twice]] * 2)
    if twice_dual:
        result.duals[twice_dual] = pd.concat([result.duals[twice_dual]] * 2)
    return replace(result, **fields)


def failures(core: Tables, plan: Plan) -> dict[str, str]:
    """Failed check → place."""
    return {check.name: check.place for check in audit(core, plan).failed}


def audited(made: Toy) -> Audit:
    return audit(made.core, made.plan)


def market() -> Toy:
    """5 of x must be served: 3 near at 2 and 2 far at 6; a levy of 0.5 on each sold, 1.5 for each far one above 1.

    Cost 3·2 + 2·6 + 5·0.5 + 1·1.5 = 22. One more would come from far: 6 + 1.5 = 7.5, sold 8; near saves 5.5 on 3.
    """
    core = world(
        supply="commodity site tier price max\nx m far 6 -\nx m near 2 3",
        demand="commodity site min max price\nx m 5 9 0",
        indicators="indicator max price per relax_price\nbought - - - -\nfar_used 1 - - 1.5\nnear_share - - bought -\nlevy - 0.5 - -",
        indicator_terms="indicator kind a b c coefficient\nbought supply x m * 1\nfar_used supply x * far 1\nnear_share supply * m near 1\nlevy sale x m * 1",
    )
    return toy(
        core,
        {"supply": {"x m far all": 2, "x m near all": 3}, "sale": {"x m - all": 5}, "excess": {"far_used horizon max": 1}},
        {"balance": {"x m all": 7.5}, "must_serve": {"x m - all": 8}, "indicator_ceiling": {"far_used horizon": -1.5}},
        {"bought horizon": 5, "far_used horizon": 2, "near_share horizon": 0.6, "levy horizon": 5},
        objective=22, proved=22,
    )  # fmt: skip


def slag() -> Toy:
    """4 of x at 3 each leave 2 of slag that must be dumped at 1 each: 12 + 2; so x costs 3.5 and slag −1."""
    core = world(
        commodities="commodity balance\nx free\nslag exact",
        recipes="technology commodity quantity\nmake x 1\nmake slag 0.5",
        tech_sites="technology site variable_cost\nmake s 3",
        demand="commodity site min max price\nx s 4 4 0\nslag s - - -1",
    )
    return toy(
        core,
        {"activity": {"make s all": 4}, "sale": {"x s - all": 4, "slag s - all": 2}},
        {"balance": {"x s all": 3.5}, "balance_exact": {"slag s all": -1}, "must_serve": {"x s - all": 3.5}},
        {}, objective=14, proved=14,
    )  # fmt: skip


def water() -> Toy:
    """Two years, dry (a quarter) and wet half-years; 2 of x each half-year at 4, in d1 up to 3 at 1; a year's storage costs 1.

    d1 buys 3 and keeps 1 for d2 (1 + 0.5 against 4). Dry: 3 + 0.5 + 4 = 7.5, weight 2·¼; wet: 16, weight 2·¾; 3.75 + 24.
    A unit is worth (4 − 0.5)·½ = 1.75 in d1, 2 in d2, 6 in wet ones; the cheap purchase saves 1.25 on each of its 3.
    """
    core = world(
        periods="period stage branch length weight probability\nd1 y dry 0.5 2 0.25\nd2 y dry 0.5 2 0.25\nw1 y wet 0.5 2 0.75\nw2 y wet 0.5 2 0.75",
        supply="commodity site period price max\nx m * 4 10\nx m d1 1 3",
        demand="commodity site min max price\nx m 4 4 0",
        stocks="commodity site holding_cost\nx m 1",
        indicators="indicator scope\nbought stage\nheld branch",
        indicator_terms="indicator kind a coefficient\nbought supply x 1\nheld stock x 1",
    )
    price = {"d1": 1.75, "d2": 2.0, "w1": 6.0, "w2": 6.0}
    return toy(
        core,
        {
            "supply": {"x m - d1": 3, "x m - d2": 1, "x m - w1": 2, "x m - w2": 2},
            "sale": {f"x m - {period}": 2 for period in price},
            "stock": {"x m d1": 1, "x m d2": 0, "x m w1": 0, "x m w2": 0},
        },
        {"balance": {f"x m {period}": dual for period, dual in price.items()}, "must_serve": {f"x m - {period}": dual for period, dual in price.items()}},
        {"bought y": 4, "held y/dry": 0.5, "held y/wet": 0},
        objective=27.75, proved=27.75,
    )  # fmt: skip


def line() -> Toy:
    """A pot of 8 a year, at least half loaded, 4 wanted in the second half-year only: it runs at 8 throughout.

    2 are made for nothing in p1 (8 · ½ · ½), which costs 2, a restart of 8 would cost 24. One more in p2 needs 2 more
    running, so 0.5 more in p1: 1.5. Of it 1 is the making, 0.5 the running: 2 × the 0.25 that minimum load adds in p1.
    """
    core = world(
        periods="period stage length\np1 y 0.5\np2 y 0.5",
        recipes="technology commodity quantity\nsmelt metal 1",
        tech_sites="technology site variable_cost\nsmelt s 1",
        capacity_use="technology unit use\nsmelt pot 1",
        capacity="unit site amount\npot s 8",
        units="unit min_load restart_cost restart_limit\npot 0.5 3 0.5",
        demand="commodity site period min max price\nmetal s p2 4 4 0",
        indicators="indicator scope per\nmade stage -\nable stage -\nuse stage able",
        indicator_terms="indicator kind a coefficient\nmade activity smelt 1\nable capacity pot 1\nuse activity smelt 1",
    )
    return toy(
        core,
        {
            "activity": {"smelt s p1": 2, "smelt s p2": 4}, "sale": {"metal s - p2": 4},
            "running": {"pot s p1": 8, "pot s p2": 8}, "restart": {"pot s p1": 0, "pot s p2": 0},
        },
        {
            "balance": {"metal s p2": 1.5}, "must_serve": {"metal s - p2": 1.5}, "running_use": {"pot s p2": -0.5},
            "minimum_load": {"pot s p1": 1}, "restart_rise": {"pot s p2": 0.25},
        },
        {"made y": 6, "able y": 8, "use y": 0.75},
        objective=6, proved=6,
    )  # fmt: skip


def closing() -> Toy:
    """Of 10 existing 6 earn 4 − 1 each; closing saves 2 a unit, so the spare 4 close: −18 − 8. Capacity is worth 2."""
    core = world(
        recipes="technology commodity quantity\nmake g 1",
        tech_sites="technology site variable_cost\nmake s 1",
        capacity_use="technology unit use\nmake u 1",
        capacity="unit site amount\nu s 10",
        options="option variable_cost max_size\nshut -2 20",
        option_effects="option unit site per_size\nshut u s -1",
        demand="commodity site max price\ng s 6 4",
    )
    return toy(
        core,
        {"activity": {"make s all": 6}, "sale": {"g s - all": 6}, "size": {"shut all": 4}},
        {"balance": {"g s all": 3}, "capacity": {"u s all": -2}},
        {}, objective=-26, proved=-26,
    )  # fmt: skip


def plant() -> Toy:
    """5 of g: bought at 6, or made at 1 in a plant of 2 to 8 at 10 + 1 a unit: 10 + 5 + 5 = 20 instead of 30.

    Given the plant a unit costs 2. The relaxation builds 5/8 of it: a unit costs 1 + 1 + 10/8 = 3.25, so 16.25 at least.
    """
    core = world(
        supply="commodity site price\ng p 6",
        recipes="technology commodity quantity\nmake g 1",
        tech_sites="technology site variable_cost\nmake p 1",
        capacity_use="technology unit use\nmake u 1",
        options="option fixed_cost variable_cost min_size max_size\no 10 1 2 8",
        option_effects="option unit site per_size\no u p 1",
        demand="commodity site min max price\ng p 5 5 0",
        indicators="indicator\nbuilt",
        indicator_terms="indicator kind a coefficient\nbuilt open o 1",
    )
    return toy(
        core,
        {"supply": {"g p - all": 0}, "activity": {"make p all": 5}, "sale": {"g p - all": 5}, "open": {"o all": 1}, "size": {"o all": 5}},
        {"balance": {"g p all": 2}, "must_serve": {"g p - all": 2}, "capacity": {"u p all": -1}},
        {"built horizon": 1}, objective=20, proved=16.25,
        relaxed={"balance": {"g p all": 3.25}, "must_serve": {"g p - all": 3.25}, "capacity": {"u p all": -2.25}, "size_ceiling": {"o all": -1.25}},
    )  # fmt: skip


def source() -> Toy:
    """4 of x from one source: a lane from b that loses a fifth and costs 3 to open brings 5 bought at 1: 5 + 3 = 8.

    From a they cost 2 + 1 each. Given b a delivered unit costs 1 ÷ 0.8; relaxed, a sixth of 3 is on every unit of flow,
    so it costs (1 + 0.5) ÷ 0.8 = 1.875: 7.5 at least.
    """
    core = world(
        supply="commodity site price\nx a 2\nx b 1",
        lanes="commodity from to unit_cost fixed_cost max_flow delivered_share\nx a m 1 0 5 1\nx b m 0 3 6 0.8",
        demand="commodity site min max price single_source\nx m 4 4 0 1",
    )
    return toy(
        core,
        {
            "supply": {"x a - all": 0, "x b - all": 5}, "flow": {"x a m - all": 0, "x b m - all": 5}, "sale": {"x m - all": 4},
            "source": {"x a m - all": 0, "x b m - all": 1}, "lane_open": {"x b m - all": 1},
        },
        {"balance": {"x a all": 2, "x b all": 1, "x m all": 1.25}, "must_serve": {"x m - all": 1.25}},
        {}, objective=8, proved=7.5,
        relaxed={"balance": {"x a all": 2, "x b all": 1, "x m all": 1.875}, "must_serve": {"x m - all": 1.875}, "lane_charge": {"x b m - all": -0.5}},
    )  # fmt: skip


def points() -> Toy:
    """A plant of (2 at 10) to (6 at 14) for 5 of g at 1 each: a quarter and three quarters of them cost 13, so 18.

    Between the points a size costs 1, so a unit 2 and the plant as such 8. Relaxed, 14 ÷ 6 a size: 5 · (1 + 14/6) = 50/3.
    """
    core = world(
        supply="commodity site price\ng s 9",
        recipes="technology commodity quantity\nmake g 1",
        tech_sites="technology site variable_cost\nmake s 1",
        capacity_use="technology unit use\nmake u 1",
        options="option\no",
        option_points="option point size cost\no small 2 10\no big 6 14",
        option_effects="option unit site per_size\no u s 1",
        demand="commodity site min max price\ng s 5 5 0",
    )
    third = 7 / 3
    return toy(
        core,
        {
            "supply": {"g s - all": 0}, "activity": {"make s all": 5}, "sale": {"g s - all": 5}, "open": {"o all": 1}, "size": {"o all": 5},
            "point": {"o all small": 0.25, "o all big": 0.75},
        },
        {
            "balance": {"g s all": 2}, "must_serve": {"g s - all": 2}, "capacity": {"u s all": -1},
            "point_choice": {"o all": 8}, "point_size": {"o all": -1},
        },
        {}, objective=18, proved=50 / 3,
        relaxed={
            "balance": {"g s all": 1 + third}, "must_serve": {"g s - all": 1 + third}, "capacity": {"u s all": -third}, "point_size": {"o all": -third},
        },
    )  # fmt: skip


TOYS = {made.__name__: made for made in (market, slag, water, line, closing, plant, source, points)}
NAN, INFINITE = math.nan, math.inf
