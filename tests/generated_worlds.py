"""Generated datasets: valid core tables with every part of the engine, drawn from any source of random numbers.

``random.Random(seed)`` gives one world per seed; Hypothesis passes a source of its own and can then make a failing world
smaller. Numbers are short decimals, so that a failing world can be worked out by hand. Some worlds have no plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from model.tables import Tables, frame

Row = dict[str, object]
Rows = dict[str, list[Row]]
BLANK = float("nan")
ORE, METAL, PART, MUD = GOODS = ("ore", "metal <=", "part", "red mud")
SITES = ("mine", "a/b", "region:1")
TECHNOLOGIES = ("smelt", "cast", "direct")
UNITS = ("pot@line", "mill")
SIZES = (0.5, 1.0, 2.0, 3.0, 5.0, 8.0)
COSTS = (0.0, 0.25, 0.5, 1.0, 2.0, 3.5)
SPLITS = (*((1.0,), (0.5, 0.5), (0.25, 0.75), (0.2, 0.3, 0.5), (0.1, 0.9)) * 4, (0.0, 1.0))
FUTURES = (*((1.0,), (0.5, 0.5), (0.25, 0.75), (0.2, 0.8)) * 4, (0.0, 1.0))
WEIGHTS = (*(1.0, 2.0, 0.5, 4.5) * 4, 0.0)
KINDS = {
    "activity": (TECHNOLOGIES, SITES), "flow": (GOODS, SITES, SITES, ("*", "rail")), "supply": (GOODS, SITES, ("*", "dear")),
    "sale": (GOODS, SITES, ("*", "cars")), "short": (GOODS, SITES, ("*", "cars")), "stock": (GOODS, SITES), "capacity": (UNITS, SITES),
    "running": (UNITS, SITES), "restart": (UNITS, SITES),
}


class Dice:
    """Random cells of one world and its calendar."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.periods, self.stages = self._calendar()
        self.names = [str(row["period"]) for row in self.periods] or ["all"]
        self.keys = ["*", *self.stages, *self.names]
        self.sites = SITES[: self.pick((2, 2, 3))]
        self.linear = self.chance(20)  # a world without any yes/no

    def pick(self, items):
        return items[self.random.randrange(len(items))]

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def some(self, items, percent: int) -> list:
        return [item for item in items if self.chance(percent)]

    def or_blank(self, values, percent: int = 50):
        return self.pick(values) if self.chance(percent) else BLANK

    def _calendar(self) -> tuple[list[Row], list[str]]:
        if self.chance(15):
            return [], ["all"]
        stages = ["y1", "y2", "y3"][: self.pick((1, 1, 1, 2, 2, 3))]
        rows = [row for stage in stages for row in self._stage(stage)]
        if self.chance(50):  # stated orders, rows in any order
            rows = [row | {"order": float(number)} for number, row in enumerate(rows)]
            self.random.shuffle(rows)
        return rows, stages

    def _stage(self, stage: str) -> Iterator[Row]:
        chances, weight = self.pick(FUTURES), self.pick(WEIGHTS)
        for number, probability in enumerate(chances):
            lengths = self.pick(SPLITS)
            for part, length in enumerate(lengths):
                alone = len(chances) == 1 and len(lengths) == 1
                yield {
                    "period": stage if alone else f"{stage}{'dw'[number]}{part}", "stage": "" if alone else stage,
                    "branch": "" if len(chances) == 1 else ("dry/1", "wet")[number], "length": length, "weight": weight, "probability": probability,
                }

    def in_time(self, make: Callable[[], Row]) -> Iterator[Row]:
        """Rows of one key: usually one of all time, then perhaps some of a stage and of a period that replace it."""
        for ranked, percent in ((["*"], 85), (self.stages, 15), (self.names, 12)):
            for key in dict.fromkeys(ranked):
                if self.chance(percent) and not (ranked is self.names and key in self.stages):
                    yield make() | {"period": key}


def generated_tables(random: Random) -> Tables:
    """Core tables that pass every check of the tables; what does not come up is an absent table."""
    dice = Dice(random)
    counted = dice.chance(30) and not dice.linear  # whether a term may count every yes/no, which then needs a largest size everywhere
    tables: Rows = {"periods": dice.periods}
    tables |= _production(dice) | _trade(dice) | _demand(dice) | _investment(dice, counted) | _indicators(dice, counted)
    tables["lanes"] += _last_resort(dice, tables["demand"])
    tables["indicator_terms"] += _decided_terms(dice, tables["options"], tables["indicators"], counted)
    if dice.chance(60):
        tables["commodities"] = [{"commodity": good, "balance": "exact" if good == MUD or dice.chance(10) else "free"} for good in GOODS]
    return {name: frame(name, map(_filled, rows)) for name, rows in tables.items() if rows}


def _filled(row: Row) -> Row:
    """The row without its blank cells."""
    return {name: cell for name, cell in row.items() if cell is not BLANK}


def _production(dice: Dice) -> Rows:
    plans = {"smelt": {ORE: -2.0, METAL: 1.0, MUD: 0.5}, "cast": {METAL: -1.0, PART: 0.8}, "direct": {ORE: -1.5, METAL: -0.25, PART: 1.0}}
    recipes: list[Row] = []
    for technology, goods in plans.items():
        recipes += [{"technology": technology, "site": "*", "commodity": good, "quantity": quantity} for good, quantity in goods.items()]
        recipes += [
            {"technology": technology, "site": site, "commodity": good, "quantity": dice.pick((quantity / 2, quantity * 1.5, 0.0))}
            for site in dice.sites for good, quantity in goods.items() if dice.chance(10)
        ]
    permitted = [
        row for technology in TECHNOLOGIES for site in dice.some(dice.sites, 70)
        for row in dice.in_time(lambda technology=technology, site=site: {
            "technology": technology, "site": site, "variable_cost": dice.pick(COSTS), "min_activity": 0.25 if dice.chance(2) else BLANK,
            "max_activity": dice.or_blank((1.0, 3.0, 6.0), 30),
        })
    ]
    uses = [{"technology": name, "unit": unit, "use": dice.pick((0.5, 1.0, 1.5, 0.0))} for name in TECHNOLOGIES for unit in dice.some(UNITS, 45)]
    capacity = [
        {"unit": unit, "site": site, "period": dice.pick(dice.keys), "amount": dice.pick(SIZES)}
        for unit in UNITS for site in [dice.pick(dice.sites), *dice.some(dice.sites * 2, 40)]
    ]
    units = [
        {
            "unit": UNITS[0], "site": site, "min_load": dice.or_blank((0.25, 0.5, 1.0)), "restart_cost": dice.or_blank(COSTS),
            "restart_limit": dice.or_blank((0.02, 0.1, 1.0), 40), "initial": dice.or_blank((0.0, 0.25, 1.0), 40),
        }
        for site in dice.some(("*", *dice.sites), 30)
    ]
    return {"recipes": recipes, "tech_sites": permitted, "capacity_use": uses, "capacity": capacity, "units": units, "stocks": _stocks(dice)}


def _stocks(dice: Dice) -> list[Row]:
    return [
        {
            "commodity": good, "site": site, "capacity": dice.or_blank((1.0, 3.0)), "holding_cost": dice.pick((0.1, 0.5, 0.0)),
            "loss": dice.or_blank((0.1, 0.4, 1.0)),
        }
        for good in GOODS[:3] for site in dice.sites if dice.chance(20)
    ]


def _trade(dice: Dice) -> Rows:
    lanes = [
        row for good in GOODS for start in dice.sites for end in dice.sites for mode in dice.some(("", "rail"), 30) if start != end or dice.chance(4)
        for row in dice.in_time(lambda good=good, start=start, end=end, mode=mode: _lane(dice, good, start, end, mode))
    ]
    supply = [
        row for good in GOODS[:3] for site in dice.sites for tier in dice.some(("", "dear"), 60 if good == ORE else 20)
        for row in dice.in_time(lambda good=good, site=site, tier=tier: {
            "commodity": good, "site": site, "tier": tier, "price": dice.pick((0.5, 1.0, 2.0, 3.0)) * (1.0 if good == ORE else 3.0),
            "min": dice.or_blank((0.0, 0.5), 5), "max": dice.or_blank(SIZES, 40),
        })
    ]
    if dice.chance(80):
        supply += [{"commodity": good, "site": dice.sites[0], "tier": "spot", "period": "*", "price": 20.0} for good in (METAL, PART)]
    paid = [row | {"price": -0.5, "max": 2.0} if dice.chance(4) else row for row in supply]
    return {"lanes": lanes, "supply": paid}


def _lane(dice: Dice, good: str, start: str, end: str, mode: str) -> Row:
    charged = dice.chance(30) and not dice.linear
    return {
        "commodity": good, "from": start, "to": end, "mode": mode, "unit_cost": dice.pick(COSTS), "fixed_cost": dice.pick((0.5, 1.0, 3.0)) if charged else BLANK,
        "max_flow": dice.pick((2.0, 6.0, 9.0)) if charged or dice.chance(25) else BLANK, "delivered_share": dice.or_blank((0.9, 0.5, 0.9, 0.0), 25),
    }


def _last_resort(dice: Dice, demand: list[Row]) -> list[Row]:
    """A dear way to most goods that must come over one lane, which else could often not come at all."""
    sole = {(str(row["commodity"]), str(row["site"])) for row in demand if "single_source" in row}
    return [
        {"commodity": good, "from": dice.sites[0], "to": site, "mode": "any", "period": "*", "unit_cost": 4.0}
        for good, site in sorted(sole) if site != dice.sites[0] and dice.chance(90)
    ]


def _demand(dice: Dice) -> Rows:
    demand: list[Row] = []
    for good in (METAL, PART):
        for site in dice.some(dice.sites, 60):
            if dice.chance(20 if site != dice.sites[0] else 3) and not dice.linear:
                demand += dice.in_time(lambda good=good, site=site: _sole(dice, good, site))
            else:
                demand += [row for segment in dice.some(("", "cars"), 55) for row in dice.in_time(lambda good=good, site=site, segment=segment: _sale(dice, good, site, segment))]
    demand += [{"commodity": MUD, "site": site, "price": dice.pick((-0.25, 0.0, -1.0))} for site in dice.some(dice.sites, 95)]
    baskets = [{"basket": basket, "commodity": good, "content": dice.pick((0.0, 0.5, 1.0, 2.0))} for basket in ("b<1>", "b2") for good in dice.some(GOODS, 60)]
    known = {str(row["basket"]) for row in baskets}
    wanted = [
        row for basket in ("b<1>", "b2") if basket in known for site in dice.some(dice.sites, 30)
        for row in dice.in_time(lambda basket=basket, site=site: {"basket": basket, "site": site, "min": dice.or_blank((0.25, 0.5), 4), "max": dice.or_blank(SIZES)})
    ]
    return {"demand": demand, "baskets": baskets, "basket_demand": wanted}


def _sole(dice: Dice, good: str, site: str) -> Row:
    amount = dice.pick(SIZES[:3])
    return {"commodity": good, "site": site, "min": amount, "max": amount, "price": dice.pick(COSTS), "single_source": 1.0}


def _sale(dice: Dice, good: str, site: str, segment: str) -> Row:
    least = dice.pick((0.0, 1.0, 2.0, 3.0))
    return {
        "commodity": good, "site": site, "segment": segment, "min": least, "max": least + dice.pick((0.0, 0.5, 4.0)), "price": dice.pick((0.0, 3.0, 8.0, 14.0)),
        "shortage_price": dice.or_blank((9.0, 25.0, 60.0), 95) if least else BLANK,
    }


def _investment(dice: Dice, counted: bool) -> Rows:
    options: list[Row] = []
    points: list[Row] = []
    effects: list[Row] = []
    for number in range(dice.pick((0, 1, 2, 3, 4))):
        option, kind = f"o {number}", dice.pick(("linear", "closing") if dice.linear else ("linear", "fixed", "piece", "points", "closing", "fixed"))
        decided = dice.pick((["*"], ["*"], dice.stages, dice.stages[-1:], ["*", *dice.stages[1:]], ["*", *dice.stages]))
        options += [{"option": option, "period": stage} | _costs(dice, kind, counted) for stage in decided]
        if kind == "points":
            stages = dict.fromkeys(("*", *(dice.stages[0] if stage == "*" else stage for stage in dice.some(decided, 20))))
            points += [row for stage in stages for row in _points(dice, option, stage)]
        effects += _effects(dice, option, kind)
    return {"options": options, "option_points": points, "option_effects": effects}


def _costs(dice: Dice, kind: str, counted: bool) -> Row:
    """Costs and sizes of one option row; ``forced`` only where the yes/no is sure to exist or the size may be 0."""
    if kind == "points":
        return {"forced": dice.or_blank((0.0, 1.0), 15)}
    if kind == "linear":
        return {"variable_cost": dice.pick((0.5, 1.0, 3.0)), "max_size": dice.pick(SIZES) if counted else dice.or_blank(SIZES), "forced": dice.or_blank((0.0,), 10)}
    if kind == "closing":
        fixed = 0.0 if dice.linear else dice.pick((0.0, 0.5, -0.5))
        return {"variable_cost": dice.pick((-0.5, -2.0, 0.25)), "fixed_cost": fixed, "max_size": 5.0 if fixed or counted or dice.chance(30) else BLANK}
    large = 0.0 if kind == "piece" else dice.pick(SIZES)
    return {
        "fixed_cost": dice.pick((0.5, 2.0, 4.0, -1.0)), "variable_cost": dice.or_blank((0.5, 1.0, -0.25)), "min_size": dice.or_blank((0.5, 1.0), 40) if large > 1 else BLANK,
        "max_size": large, "forced": dice.or_blank((0.0, 1.0), 20),
    }


def _points(dice: Dice, option: str, stage: str) -> Iterator[Row]:
    size, cost = dice.pick((0.0, 0.5)), dice.pick((0.0, 0.5))
    for point in ("p1", "p 2", "p3")[: dice.pick((1, 2, 3))]:
        yield {"option": option, "period": stage, "point": point, "size": size, "cost": cost}
        size, cost = size + dice.pick(SIZES), cost + dice.pick(COSTS)


def _effects(dice: Dice, option: str, kind: str) -> list[Row]:
    """What one decision does at one to three places; a piece adds whole amounts, a closing takes away here and may add there."""
    places = [(unit, site) for unit in UNITS for site in dice.sites]
    dice.random.shuffle(places)
    rows: list[Row] = []
    for number, (unit, site) in enumerate(places[: dice.pick((1, 1, 2, 3))]):
        size = -1.0 if kind == "closing" and number == 0 else dice.pick((1.0, 0.9, 2.0, 0.5, BLANK))
        piece = dice.pick((2.0, 1.0, -0.5, BLANK)) if kind in ("piece", "fixed", "points") and dice.chance(90 if kind == "piece" else 20) else BLANK
        rows.append({"option": option, "unit": unit, "site": site, "per_size": size, "per_open": piece})
    return rows


def _indicators(dice: Dice, counted: bool) -> Rows:
    indicators: list[Row] = []
    terms: list[Row] = []
    for number in range(dice.pick((0, 1, 2, 3))):
        name, ratio = f"i {number}", bool(indicators) and indicators[0]["per"] is BLANK and dice.chance(30)
        indicators.append({
            "indicator": name, "scope": dice.pick((BLANK, "stage", "branch", "period")), "min": dice.or_blank((0.1, 0.5, 2.0), 40), "max": dice.or_blank((0.5, 2.0, 5.0), 50),
            "per": "i 0" if ratio else BLANK, "price": BLANK if ratio else dice.or_blank((0.05, 0.2), 40), "relax_price": dice.or_blank((0.5, 4.0), 93),
        })
        if indicators[-1]["min"] > indicators[-1]["max"]:
            indicators[-1]["min"] = indicators[-1]["max"]
        terms += [{"indicator": name} | _term(dice) for _ in range(dice.pick((1, 2, 3)))]
    limits: list[Row] = []
    limit_terms: list[Row] = []
    if dice.chance(25):
        sense = dice.pick(("<=", "<=", ">=", "="))
        limits.append({"limit": "l>=1", "sense": sense, "rhs": 12.0 if sense == "<=" else 0.25})
        limit_terms += [{"limit": "l>=1"} | _term(dice) for _ in range(dice.pick((1, 2)))]
        limit_terms += [{"limit": "l>=1", "kind": "open", "coefficient": 1.0}] if counted else []
    return {"indicators": indicators, "indicator_terms": terms, "limits": limits, "limit_terms": limit_terms}


def _term(dice: Dice) -> Row:
    """A term over what happens in periods; the price of an indicator may make a negative coefficient an endless gain, so it is rare."""
    kind = dice.pick(tuple(KINDS))
    ids = {letter: dice.pick(("*", "*", BLANK, *names)) for letter, names in zip("abcd", KINDS[kind], strict=False)}
    return {"kind": kind, **_known(dice, ids), "period": dice.pick(("*", BLANK, *dice.keys)), "coefficient": dice.pick((1.0, 0.5, 2.0, 1.0, 0.25, -0.1))}


def _known(dice: Dice, ids: Row) -> Row:
    """Sites that this world does not have are left open."""
    return {letter: "*" if name in SITES and name not in dice.sites else name for letter, name in ids.items()}


def _decided_terms(dice: Dice, options: list[Row], indicators: list[Row], counted: bool) -> list[Row]:
    """Terms over sizes, and over yes/no decisions where all of them have a largest size."""
    if not options or not indicators:
        return []
    names = [str(row["option"]) for row in options]
    kinds = ("size", "open") if counted else ("size",)
    return [
        {"indicator": dice.pick(indicators)["indicator"], "kind": kind, "a": dice.pick(("*", *names)), "period": dice.pick(dice.keys), "coefficient": dice.pick((1.0, 0.5))}
        for kind in kinds if dice.chance(50)
    ]
