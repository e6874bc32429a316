"""Random core tables with yes/no decisions: whatever the seed, they pass the checks and have a plan.

A plan exists because nobody must buy without a shortage price (but the one good that anybody may sell to the market), because
bounds of indicators are soft and limits leave room, and because an option that must be built only adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from random_worlds import Dice, Row

from model.tables import Tables, frame

GOODS, SITES, TECHNOLOGIES, UNITS, SOLE, MARKET = ("g0", "g1", "g2", "g3"), ("s0", "s1", "s2"), ("t0", "t1", "t2"), ("u0", "u1"), "sole", "market"
OPTIONS = ("o0", "o1", "o2", "o3", "o4")
SOLD = ("*", *GOODS[:3])
KINDS = {
    "activity": (("*", *TECHNOLOGIES), ("*", *SITES)), "flow": (("*", *GOODS), ("*", *SITES), ("*", *SITES)), "supply": (("*", *GOODS), ("*", *SITES)),
    "sale": (SOLD, ("*", *SITES)), "short": (SOLD, ("*", *SITES)), "stock": (("*", *GOODS), ("*", *SITES)), "capacity": (("*", *UNITS), ("*", *SITES)),
    "running": (("*", *UNITS), ("*", *SITES)), "restart": (("*", *UNITS), ("*", *SITES)), "size": (("*", *OPTIONS),), "open": (OPTIONS[1:],),
}


@dataclass(frozen=True)
class Parts:
    """What a random world may hold; a relation that an exact part would break leaves it out."""

    stocks: bool = True
    units: bool = True
    sole: bool = True
    named_charges: bool = True
    opens_by_period: bool = True


class Draw(Dice):
    """Dice that know which parts are wanted."""

    def __init__(self, seed: int, parts: Parts) -> None:
        super().__init__(seed)
        self.parts = parts

    def rows(self, make, named: bool = True) -> Iterator[Row]:
        """Rows of one key of each rank that comes up, never two of one rank and period."""
        yield make() | {"period": "*"}
        if self.chance(0.3):
            yield make() | {"period": self.pick(self.stages)}
        if named and self.chance(0.3):
            yield make() | {"period": self.pick([row["period"] for row in self.periods])}


EVERY = Parts()


def decision_tables(seed: int, parts: Parts = EVERY) -> Tables:
    """Core tables of one seed: decisions of every kind on a small chain of goods, sites and periods."""
    dice = Draw(seed, parts)
    balance = {"g3": "exact", SOLE: "exact"}
    tables: dict[str, list[Row]] = {
        "periods": dice.periods, "commodities": [{"commodity": good, "balance": balance.get(good, "free")} for good in (*GOODS, SOLE)],
    }
    for part in (_production, _trade, _market, _options, _indicators):
        tables |= part(dice)
    return {name: frame(name, rows) for name, rows in tables.items() if rows}


def _production(dice: Draw) -> dict[str, list[Row]]:
    recipes = [{"technology": t, "site": "*", "commodity": GOODS[n + 1], "quantity": 1.0} for n, t in enumerate(TECHNOLOGIES)]
    recipes += [{"technology": t, "site": "*", "commodity": GOODS[n], "quantity": -dice.number(0.3, 1.5)} for n, t in enumerate(TECHNOLOGIES)]
    recipes += [{"technology": "t0", "site": "*", "commodity": "g2", "quantity": 0.3}]  # a by-product
    recipes += [{"technology": t, "site": s, "commodity": GOODS[n], "quantity": -0.2} for n, t in enumerate(TECHNOLOGIES) for s in SITES if dice.chance(0.2)]
    permitted = [
        row for t in TECHNOLOGIES for s in SITES if dice.chance(0.8)
        for row in dice.rows(lambda t=t, s=s: {"technology": t, "site": s, "variable_cost": dice.number(0, 3), "max_activity": dice.or_blank(2, 9)})
    ]
    use = [("t0", "u0", 1.0), ("t1", "u0", dice.number(0.5, 2)), ("t1", "u1", 0.5), ("t2", "u1", dice.number(0.5, 2))]
    tables: dict[str, list[Row]] = {
        "recipes": recipes, "tech_sites": permitted, "capacity_use": [{"technology": t, "unit": u, "use": share} for t, u, share in use],
        "capacity": [{"unit": u, "site": s, "period": dice.pick(["*", *dice.stages]), "amount": dice.number(0, 4)} for u in UNITS for s in SITES if dice.chance(0.8)],
    }
    if dice.parts.units:
        tables["units"] = [{"unit": "u0", "site": "s1", "min_load": 0.4, "restart_cost": dice.number(0, 1), "restart_limit": dice.or_blank(0.1, 1), "initial": dice.or_blank(0, 1)}]
    if dice.parts.stocks:
        tables["stocks"] = [
            {"commodity": g, "site": s, "capacity": dice.or_blank(1, 5), "holding_cost": dice.number(0.1, 1), "loss": dice.pick([0.0, 0.1, 1.0])}
            for g in GOODS for s in SITES if dice.chance(0.2)
        ]
    return tables


def _trade(dice: Draw) -> dict[str, list[Row]]:
    def lane(good: str, start: str, end: str) -> Row:
        charge = dice.pick([0.0, 0.0, dice.number(0.5, 3)])
        limit = dice.number(1, 6) if charge else dice.or_blank(1, 9)
        row: Row = {"commodity": good, "from": start, "to": end, "unit_cost": dice.number(0, 1), "max_flow": limit, "fixed_cost": charge}
        return row | {"delivered_share": dice.pick([1.0, 0.9])}

    lanes = [
        row for good in GOODS for start in SITES for end in SITES if start != end and dice.chance(0.4)
        for row in dice.rows(lambda good=good, start=start, end=end: lane(good, start, end), named=dice.parts.named_charges)
    ]
    supply = [
        row for good, share in zip(GOODS, (1.0, 0.3, 0.2, 0.0), strict=True) for site in SITES for tier in ("", "dear") if dice.chance(share)
        for row in dice.rows(lambda good=good, site=site, tier=tier: {
            "commodity": good, "site": site, "tier": tier, "price": dice.number(1, 4) + 3 * bool(tier), "max": dice.or_blank(1, 9),
        })
    ]
    if dice.parts.sole:
        supply += [{"commodity": SOLE, "site": site, "price": dice.number(1, 3)} for site in SITES]
        lanes += [{"commodity": SOLE, "from": site, "to": MARKET, "unit_cost": dice.number(0, 2), "delivered_share": dice.pick([1.0, 0.8])} for site in SITES]
    return {"lanes": lanes, "supply": supply}


def _market(dice: Draw) -> dict[str, list[Row]]:
    demand = [
        row for good in GOODS[1:] for site in SITES for segment in ("", "a") if dice.chance(0.5)
        for row in dice.rows(lambda good=good, site=site, segment=segment: {
            "commodity": good, "site": site, "segment": segment, "min": dice.pick([0.0, dice.number(0.5, 3)]), "max": dice.number(3, 6),
            "price": dice.number(0, 12), "shortage_price": dice.number(10, 40),
        })
    ]
    if dice.parts.sole:
        amount = dice.number(1, 3)
        demand.append({"commodity": SOLE, "site": MARKET, "min": amount, "max": amount, "price": 0.0, "single_source": 1.0})
    ceilings = [row for site in SITES if dice.chance(0.5) for row in dice.rows(lambda site=site: {"basket": "b0", "site": site, "max": dice.number(2, 8)})]
    return {"demand": demand, "baskets": [{"basket": "b0", "commodity": g, "content": dice.pick([0.5, 1.0])} for g in GOODS[1:]], "basket_demand": ceilings}


def _options(dice: Draw) -> dict[str, list[Row]]:
    """o0 linear, o1 with fixed cost and least size, o2 a pure yes/no, o3 with cost points, o4 a closure that moves capacity."""
    def row(option: str, stage: str, **cells: object) -> Row:
        return {"option": option, "period": stage, **cells}

    options, points = [row("o0", "*", variable_cost=dice.number(0, 2), max_size=dice.or_blank(1, 5))], []
    for stage in dice.stages:
        forced = dice.pick([float("nan"), float("nan"), 0.0, 1.0])
        options.append(row("o1", stage, fixed_cost=dice.number(-1, 4), variable_cost=dice.number(0, 1), min_size=0.5, max_size=dice.number(1, 4), forced=forced))
        options.append(row("o2", stage, fixed_cost=dice.number(0, 4), max_size=0.0))
        options.append(row("o3", stage))
        options.append(row("o4", stage, fixed_cost=0.5, variable_cost=-dice.number(0, 1), max_size=dice.number(1, 3)))
    for stage in ("*", *(dice.stages[:1] if dice.chance(0.5) else [])):  # costs of scale: neither convex nor concave
        points += [row("o3", stage, point=f"p{number}", size=size, cost=dice.number(low, low + 2)) for number, (size, low) in enumerate([(0.0, 0), (1.0, 2), (3.0, 2), (4.0, 7)])]
    effects: list[Row] = [
        {"option": "o0", "unit": "u0", "site": "s0", "per_size": 1.0}, {"option": "o1", "unit": "u0", "site": "s1", "per_size": 0.9},
        {"option": "o1", "unit": "u1", "site": "s1", "per_size": 0.5}, {"option": "o2", "unit": "u1", "site": "s2", "per_open": 2.0},
        {"option": "o3", "unit": "u1", "site": "s0", "per_size": 1.0}, {"option": "o4", "unit": "u0", "site": "s2", "per_size": -1.0},
        {"option": "o4", "unit": "u0", "site": "s0", "per_size": dice.pick([0.8, 1.0])},
    ]
    return {"options": options, "option_points": points, "option_effects": effects}


def _indicators(dice: Draw) -> dict[str, list[Row]]:
    indicators: list[Row] = [{"indicator": "base", "price": dice.number(0, 0.1)}, {"indicator": "denominator"}]
    terms = _terms(dice, "indicator", "base", 0.1) + _terms(dice, "indicator", "denominator", 0.1)
    for number in range(4):
        ratio = dice.chance(0.3)
        scope = dice.pick(["horizon", "stage", "branch", "period"])
        indicators.append({
            "indicator": f"i{number}", "scope": scope, "min": dice.or_blank(0, 0.5), "max": dice.or_blank(1, 3), "per": "denominator" if ratio else "",
            "relax_price": dice.number(0.5, 5),
        })
        terms += _terms(dice, "indicator", f"i{number}", -0.2, opens=dice.parts.opens_by_period or scope in ("horizon", "stage"))
    limits: list[Row] = [{"limit": "o2 once", "sense": "<=", "rhs": 1.0}, {"limit": "room", "sense": "<=", "rhs": 800.0}]
    limit_terms: list[Row] = [{"limit": "o2 once", "kind": "open", "a": "o2", "coefficient": 1.0}, {"limit": "room", "kind": "activity", "a": "*", "coefficient": 1.0}]
    return {"indicators": indicators, "indicator_terms": terms, "limits": limits, "limit_terms": limit_terms}


def _terms(dice: Draw, owner: str, name: str, low: float, opens: bool = True) -> list[Row]:
    rows: list[Row] = []
    kinds = [kind for kind in KINDS if opens or kind not in ("open", "size")]
    for _ in range(int(dice.random.integers(1, 4))):
        kind = dice.pick(kinds)
        times = ["*", *dice.stages] if kind in ("open", "size") else dice.keys  # decided in a stage, not in a period
        ids = {letter: dice.pick(names) for letter, names in zip("abc", KINDS[kind], strict=False)}
        rows.append({owner: name, "kind": kind, "period": dice.pick(times), "coefficient": dice.number(low, 2), **ids})
    return rows
