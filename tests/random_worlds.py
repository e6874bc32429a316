"""Random small core tables: every table, several stages, branches and periods, rows of every rank, every kind of term."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.tables import Tables, frame

GOODS, SITES, TECHNOLOGIES, UNITS = ("g0", "g1", "g2", "g3"), ("s0", "s1", "s2"), ("t0", "t1", "t2"), ("u0", "u1")
OPTIONS = ("o0", "o1", "o2")
KINDS = {
    "activity": (TECHNOLOGIES, SITES), "flow": (GOODS, SITES, SITES), "supply": (GOODS, SITES), "sale": (GOODS, SITES), "short": (GOODS, SITES),
    "stock": (GOODS, SITES), "capacity": (UNITS, SITES), "running": (UNITS, SITES), "restart": (UNITS, SITES), "size": (OPTIONS,), "open": (("o2",),),
}
Row = dict[str, object]


class Dice:
    """Random cells; ``number`` is rounded so that sums are the same in any order of rows to 12 digits."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.stages = ["y1", "y2"][: self.random.integers(1, 3)]
        self.periods = list(self._periods())
        self.keys = ["*", *self.stages, *(row["period"] for row in self.periods)]

    def number(self, low: float, high: float) -> float:
        return round(float(self.random.uniform(low, high)), 3)

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def pick(self, items):
        return items[self.random.integers(len(items))]

    def or_blank(self, low: float, high: float, share: float = 0.5) -> float:
        return self.number(low, high) if self.chance(share) else float("nan")

    def _periods(self) -> Iterator[Row]:
        branches = ["dry", "wet"][: self.random.integers(1, 3)]
        order = 0
        for stage in self.stages:
            weight = self.number(1, 5)
            for branch in branches:
                count = int(self.random.integers(1, 4))
                cuts = np.diff([0, *sorted(self.random.uniform(0, 1, count - 1)), 1])
                for number, length in enumerate(cuts):
                    order += 1
                    yield {
                        "period": f"{stage}{branch}{number}", "stage": stage, "branch": branch, "order": float(order), "length": float(length),
                        "weight": weight, "probability": 1 / len(branches),
                    }

    def in_time(self, make) -> Iterator[Row]:
        """Rows of one key: of the year, perhaps of a stage and of a period."""
        for rank in [0, *([1] if self.chance(0.3) else []), *([2] if self.chance(0.3) else [])]:
            names = (["*"], self.stages, [row["period"] for row in self.periods])[rank]
            yield make() | {"period": self.pick(names)}


def random_tables(seed: int) -> Tables:
    """Core tables that a Case accepts without any yes/no left to decide."""
    dice = Dice(seed)
    tables: dict[str, list[Row]] = {"periods": dice.periods, "commodities": [{"commodity": good, "balance": "exact" if good == "g3" else "free"} for good in GOODS]}
    tables |= _production(dice) | _trade(dice) | _investment(dice) | _indicators(dice)
    return {name: frame(name, rows) for name, rows in tables.items() if rows}


def _production(dice: Dice) -> dict[str, list[Row]]:
    recipes = [
        {"technology": technology, "site": site, "commodity": good, "quantity": dice.pick([-2.0, -1.0, -0.5, 0.5, 1.0, 0.0])}
        for technology in TECHNOLOGIES for good in GOODS for site in ("*", *SITES) if dice.chance(0.6 if site == "*" else 0.1)
    ]
    permitted = [
        row for technology in TECHNOLOGIES for site in SITES if dice.chance(0.7)
        for row in dice.in_time(lambda technology=technology, site=site: {
            "technology": technology, "site": site, "variable_cost": dice.number(0, 4), "max_activity": dice.or_blank(1, 9),
        })
    ]
    return {
        "recipes": recipes, "tech_sites": permitted,
        "capacity_use": [{"technology": t, "unit": u, "use": dice.pick([0.0, 1.0, 1.5])} for t in TECHNOLOGIES for u in UNITS if dice.chance(0.6)],
        "capacity": [{"unit": u, "site": s, "period": dice.pick(dice.keys), "amount": dice.number(0, 9)} for u in UNITS for s in SITES for _ in range(2)],
        "units": [
            {"unit": "u0", "site": site, "min_load": dice.pick([0.0, 0.5]), "restart_cost": dice.number(0, 1), "restart_limit": dice.or_blank(0.1, 1),
             "initial": dice.or_blank(0, 1)}
            for site in ("*", "s1") if dice.chance(0.5)
        ],
        "stocks": [
            {"commodity": good, "site": site, "capacity": dice.or_blank(1, 5), "holding_cost": dice.number(0, 1), "loss": dice.pick([0.0, 0.1, 1.0])}
            for good in GOODS for site in SITES if dice.chance(0.3)
        ],
    }


def _trade(dice: Dice) -> dict[str, list[Row]]:
    lanes = [
        row for good in GOODS for start in SITES for end in SITES for mode in ("", "rail") if start != end and dice.chance(0.3)
        for row in dice.in_time(lambda good=good, start=start, end=end, mode=mode: {
            "commodity": good, "from": start, "to": end, "mode": mode, "unit_cost": dice.number(0, 1), "max_flow": dice.or_blank(1, 9),
            "delivered_share": dice.pick([1.0, 0.9]), "kilometres": dice.number(1, 900),
        })
    ]
    supply = [
        row for good in GOODS for site in SITES for tier in ("", "dear") if dice.chance(0.5)
        for row in dice.in_time(lambda good=good, site=site, tier=tier: {
            "commodity": good, "site": site, "tier": tier, "price": dice.number(1, 9), "max": dice.or_blank(1, 20),
        })
    ]
    demand = [
        row for good in GOODS[:3] for site in SITES for segment in ("", "a") if dice.chance(0.4)
        for row in dice.in_time(lambda good=good, site=site, segment=segment: {
            "commodity": good, "site": site, "segment": segment, "min": dice.number(0, 3), "max": dice.number(3, 6), "price": dice.number(0, 20),
            "shortage_price": dice.number(20, 60),
        })
    ]
    baskets = [{"basket": basket, "commodity": good, "content": dice.pick([0.0, 0.5, 1.0])} for basket in ("b0", "b1") for good in GOODS if dice.chance(0.7)]
    floors = [
        row for basket in ("b0", "b1") for site in SITES if dice.chance(0.5)
        for row in dice.in_time(lambda basket=basket, site=site: {"basket": basket, "site": site, "max": dice.number(1, 8)})
    ]
    return {"lanes": lanes, "supply": supply, "demand": demand, "baskets": baskets, "basket_demand": floors}


def _investment(dice: Dice) -> dict[str, list[Row]]:
    options: list[Row] = [
        {"option": option, "period": stage, "variable_cost": dice.number(-1, 3), "max_size": dice.number(1, 5)}
        for option in OPTIONS[:2] for stage in dice.pick([["*"], dice.stages])
    ]
    options.append({"option": "o2", "fixed_cost": 1.5, "variable_cost": 0.5, "min_size": 0.5, "max_size": 2.0, "forced": 1.0})
    effects: list[Row] = [
        {"option": option, "unit": unit, "site": site, "per_size": dice.pick([-1.0, 0.5, 1.0])}
        for option in OPTIONS[:2] for unit in UNITS for site in SITES if dice.chance(0.4)
    ]
    effects.append({"option": "o2", "unit": "u1", "site": "s0", "per_open": 2.0, "per_size": 0.5})  # forced, so it may only add
    return {"options": options, "option_effects": effects}


def _indicators(dice: Dice) -> dict[str, list[Row]]:
    indicators: list[Row] = [{"indicator": "base", "price": dice.number(0, 0.1)}]
    terms = _terms(dice, "indicator", "base")
    for number in range(6):
        ratio = dice.chance(0.3)
        low = dice.number(0, 0.5)
        indicators.append({
            "indicator": f"i{number}", "scope": dice.pick(["horizon", "stage", "branch", "period"]), "min": low if dice.chance(0.5) else float("nan"),
            "max": dice.number(1, 3) if dice.chance(0.5) else float("nan"), "per": "base" if ratio else "", "price": 0.0 if ratio else dice.number(0, 0.1),
            "relax_price": dice.number(1, 9),
        })
        terms += _terms(dice, "indicator", f"i{number}")
    limits: list[Row] = [{"limit": "most", "sense": "<=", "rhs": 500.0}]
    return {"indicators": indicators, "indicator_terms": terms, "limits": limits, "limit_terms": [
        row | {"coefficient": abs(float(str(row["coefficient"])))} for row in _terms(dice, "limit", "most") if row["kind"] != "capacity"
    ] or [{"limit": "most", "kind": "sale", "coefficient": 1.0}]}


def _terms(dice: Dice, owner: str, name: str) -> list[Row]:
    rows: list[Row] = []
    for _ in range(int(dice.random.integers(1, 4))):
        kind = dice.pick(list(KINDS))
        ids = {letter: dice.pick(["*", *names]) for letter, names in zip("abc", KINDS[kind], strict=False)}
        if kind == "open":
            ids = {"a": "o2"}  # a wildcard would turn every option into a yes/no
        rows.append({owner: name, "kind": kind, "period": dice.pick(dice.keys), "coefficient": dice.number(-0.2, 2), **ids})
    return rows
