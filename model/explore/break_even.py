"""The prices of power and materials, the freight, the charge and the investment at which a candidate costs no more than the plan without it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.case import COLUMN_KEYS
from model.compile import Floats
from model.expand.amounts import by_id
from model.explore.candidates import Candidate
from model.explore.cost_parts import PARTS
from model.explore.explain import PRESENT, Asker, Forced
from model.explore.forcing import FIRST, Bounds, Place, cleaned, forced
from model.pipeline import Run
from model.units import factor

PRECISION = 1e-5  # share of the search range


@dataclass(frozen=True)
class BreakEven:
    """An input and the value at which the candidate costs no more than the plan without it; NaN: at none down to 0.

    ``enters``: for its first tonnes (its named size where it is a yes/no; today's value where the plan has them already),
    ``stands``: at its whole size.
    """

    what: str  # power (million yuan per GWh), scrap, alumina, bauxite (million yuan per kt), freight (share of today's), charge, capex (yuan/t)
    present: float
    enters: float
    stands: float


def break_evens(run: Run, asker: Asker, asked: Candidate, plan: Forced) -> tuple[BreakEven, ...]:
    """The prices of power and materials, the freight and the charge at which the candidate costs no more than the plan without it."""
    site, option = asker.site(asked.site), plan.option
    start = asked.size if len(option.opened) else FIRST * asked.size
    there = asker.sizes.get(asked.option, 0.0) > PRESENT  # its first tonnes are in the plan
    shut = _shut(site.bounds, option)
    scale = option.weight * factor("yuan/t")
    charge = option.charge / (asked.size * scale)

    def missed(size: float, cost: Floats) -> float:
        """Yuan per tonne that a plan with the size costs more, NaN where there is none."""
        without = asker.search.solve(cost, *(site.bounds if there else shut))[0]
        return cleaned(forced(asker.search, option, size, site.bounds, cost)[0] - without, site.cost) / (size * scale)

    def fallen(direction: Floats, size: float, end: float) -> float:
        """The least fall at which the size misses nothing, by bisection; NaN where none up to ``end`` is enough."""

        def pays(change: float) -> bool:
            return missed(size, asker.search.program.cost - change * direction) <= 0

        low, high = 0.0, end
        if pays(low) or not pays(high):
            return low if pays(low) else math.nan
        while high - low > PRECISION * end:
            middle = (low + high) / 2
            low, high = (low, middle) if pays(middle) else (middle, high)
        return high

    found = []
    for what, present, direction in _inputs(asker, asked, plan):
        enters = present if there else present - fallen(direction, start, present)
        found.append(BreakEven(what, present, enters, present - fallen(direction, asked.size, present)))
    ends = [charge - max(0.0, missed(size, asker.search.program.cost)) for size in (start, asked.size)]
    if there:
        direction = np.zeros(len(asker.search.program.cost))
        direction[option.size], direction[option.opened] = (asker.search.program.cost[at] for at in (option.size, option.opened))
        ends = [charge, charge * (1 - fallen(direction, asked.size, 1.0))]
    found.append(BreakEven("charge", charge, *ends))
    capex, life_part = _capex(run, asked, charge)
    if capex:
        found.append(BreakEven("capex", capex, *(capex * (1 - (charge - end) / life_part) for end in ends)))
    return tuple(replace(even, enters=_possible(even.enters), stands=_possible(even.stands)) for even in found)


def _shut(bounds: Bounds, option: Place) -> Bounds:
    """``bounds`` without the option, which the plan itself may open at another price."""
    upper = bounds[1].copy()
    upper[option.size] = upper[option.opened] = 0.0
    return bounds[0], upper


def _possible(value: float) -> float:
    return value if value > 0 else math.nan


def _inputs(asker: Asker, asked: Candidate, plan: Forced) -> list[tuple[str, float, Floats]]:
    """The power that the technology buys at its site and the freight there that the forced plan pays for: value and cost per unit of it."""
    case, cost, weights = asker.wide.case, asker.search.program.cost, asker.search.weights
    classes = np.concatenate([case.columns[family]["cost_class"].to_numpy(object) for family in COLUMN_KEYS])
    power = _sources(asker, asked) & (classes == "power")
    freight = asker.wide.at(asked.site) & (classes == "freight")
    bought, paid = float((weights * plan.values)[power].sum()), float((cost * plan.values)[freight].sum())
    found = []
    if bought > PRESENT:
        found.append(("power", float((cost * plan.values)[power].sum()) / bought, np.where(power, weights, 0.0)))
    found += _materials(asker, asked, plan)
    if paid > PRESENT:
        found.append(("freight", 1.0, np.where(freight, cost, 0.0)))
    return found


def _materials(asker: Asker, asked: Candidate, plan: Forced) -> list[tuple[str, float, Floats]]:
    """The material that the technology uses there, by cost class: mean purchase price and amount used per unit of each column.

    The price is that of all purchases, in the forced plan, at the sites which the park is supplied from. It falls for the
    technology alone, so no trade between sites can live on it.
    """
    case, cost, start = asker.wide.case, asker.search.program.cost, asker.start
    recipe, supply = case.relations["recipe"], case.columns["supply"]
    mine = recipe[(recipe["technology"] == asked.technology) & (recipe["site"] == asked.site) & (recipe["quantity"] < 0)]
    paid, bought = ((each * plan.values)[start["supply"] :][: len(supply)] for each in (cost, asker.search.weights))
    found = []
    for what in PARTS["materials"]:
        goods = set(supply.loc[supply["cost_class"] == what, "commodity"]) & set(mine["commodity"])
        places = pd.MultiIndex.from_tuples(sorted(_suppliers(asker, asked.site, goods, plan)), names=["commodity", "site"])
        sold = (supply["cost_class"] == what).to_numpy() & pd.MultiIndex.from_frame(supply[["commodity", "site"]]).isin(places)
        if bought[sold].sum() > PRESENT:
            direction = np.zeros(len(cost))
            at = asker.places(asked)
            direction[at] = -asker.search.weights[at] * float(mine.loc[mine["commodity"].isin(goods), "quantity"].sum())
            found.append((what, float(paid[sold].sum() / bought[sold].sum()), direction))
    return found


def _suppliers(asker: Asker, site: str, goods: set[str], plan: Forced) -> set[tuple[str, str]]:
    """(good, site) from which goods come to ``site`` in the forced plan, over however many lanes, the site itself included."""
    flow, start = asker.wide.case.columns["flow"], asker.start["flow"]
    used = flow[(plan.values[start : start + len(flow)] > PRESENT) & flow["commodity"].isin(goods).to_numpy()]
    lanes = set(used[["commodity", "from", "to"]].itertuples(index=False, name=None))
    found = {(good, site) for good in goods}
    while more := {(good, origin) for good, origin, destination in lanes if (good, destination) in found} - found:
        found |= more
    return found


def _sources(asker: Asker, asked: Candidate) -> NDArray[np.bool_]:
    """Columns that sell or make at the site, for money, a good that the technology uses there."""
    case, start, cost = asker.wide.case, asker.start, asker.search.program.cost
    recipe = case.relations["recipe"][case.relations["recipe"]["site"] == asked.site]
    goods = set(recipe.loc[(recipe["technology"] == asked.technology) & (recipe["quantity"] < 0), "commodity"])
    makers = set(recipe.loc[recipe["commodity"].isin(goods) & (recipe["quantity"] > 0), "technology"])
    mask = np.zeros(len(cost), dtype=bool)
    for family, column, wanted in (("activity", "technology", makers), ("supply", "commodity", goods)):
        table = case.columns[family]
        mask[start[family] : start[family] + len(table)] = (table[column].isin(wanted) & (table["site"] == asked.site)).to_numpy()
    return mask & (cost > 0)


def _capex(run: Run, asked: Candidate, charge: float) -> tuple[float, float]:
    """Investment of the candidate and the part of its yearly charge that repays it, yuan per tonne; 0 where no table states one."""
    technology = by_id(run.prepared.tables, "technologies", "technology").get(asked.technology)
    if technology is None or not charge:
        return 0.0, 1.0
    own = by_id(run.prepared.tables, "projects", "project").get(asked.option, {}).get("capex", math.nan)
    return float(technology["capex"] if math.isnan(own) else own), charge - float(technology["fixed_cost"])
