"""One candidate in full: two verified plans and their difference, the limits that carry it, and the inputs at which it enters."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from model.accounting import cost_by_class
from model.case import make_case
from model.case.columns import core_table
from model.expand.named import CLOSE
from model.explore.binding import limits
from model.explore.break_even import BreakEven, break_evens
from model.explore.candidates import Candidate
from model.explore.cost_parts import parts
from model.explore.explain import PRESENT, Asker, Forced
from model.explore.forcing import cleaned
from model.explore.widening import Wide, widen
from model.pipeline import Clock, Progress, Run, solve_case, solver_options
from model.problems import Problems
from model.program import make_program
from model.results import Results
from model.tables import Tables
from model.units import factor

PRICED = ("misses", "idle", "pays", "tie", "closures")  # what an option is found to be once its forced plan is priced


@dataclass(frozen=True)
class Explanation:
    """A row of ``explain.find`` with its evidence.

    ``by_class``: million yuan a year by cost class, summing to extra_cost; ``limits``: limit (row family), index, price
    (objective per unit and year), periods (how many bind); ``best_size``, ``best_extra``: the cheapest size up to the one
    asked (kt a year) and what it costs more (million yuan a year); ``reduced``: price of the first tonne, yuan, valid up to
    ``reduced_until`` kt a year, both NaN where the plan is degenerate there; ``checks``: how many independent checks the
    two plans passed.
    """

    row: dict[str, Any]
    by_class: dict[str, float] = field(default_factory=dict)
    limits: pd.DataFrame = field(default_factory=pd.DataFrame)
    break_evens: tuple[BreakEven, ...] = ()
    best_size: float = math.nan
    best_extra: float = math.nan
    reduced: float = math.nan
    reduced_until: float = math.nan
    checks: int = 0


def explain(run: Run, asked: Candidate, progress: Progress) -> Explanation:
    """Everything about one candidate; ``progress`` is told of the steps that take long.

    Raises ``Refusal`` (exit 5) where a plan fails its independent check. A program with yes/no decisions is solved again with
    all of them free; break-evens keep the others as in the plan.
    """
    asker = Asker(run, widen(run, [asked]))
    row = asker.row(asked)
    found = Explanation(row, limits=limits(run, asked) if row["finding"] in ("chosen", "runs") else pd.DataFrame())
    if row["expanding"] not in PRICED or not asked.option:
        return found
    plan = asker.force(asked)
    progress("explain_verified")
    found = _verified(run, asker, asked, plan, found)
    size, extra = _best(asker, asked, plan)
    reduced, until = (math.nan, math.nan) if found.row["planned"] > PRESENT or plan.closed else reduced_cost(asker, asked)
    progress("explain_evens")
    evens = () if plan.closed else break_evens(run, asker, asked, plan)
    return replace(found, best_size=size, best_extra=extra, reduced=reduced, reduced_until=until, break_evens=evens)


def _verified(run: Run, asker: Asker, asked: Candidate, plan: Forced, found: Explanation) -> Explanation:
    """The row with its costs taken from two plans that were solved to the end and checked independently."""
    base, site = run.results, asker.site(asked.site)
    if abs(site.cost - base.objective) > 1e-7 * max(1.0, abs(base.objective)):
        base = _solved(run, asker.wide.core)  # what the candidate brings to its site serves the plan without it too
    with_it = _solved(run, forced_core(asker.wide, asked, closing=plan.closed))
    years = plan.option.weight
    sums = dict.fromkeys((*cost_by_class(with_it)["cost_class"], *cost_by_class(base)["cost_class"]), 0.0)
    for results, sign in ((with_it, 1.0), (base, -1.0)):
        for cost_class, value in cost_by_class(results).itertuples(index=False):
            sums[cost_class] += sign * value / years
    extra = cleaned(with_it.objective - base.objective, base.objective)
    classes = {name: value for name, value in sums.items() if cleaned(value, base.objective / years)}
    row = found.row | parts(classes) | {"extra_cost": extra / years, "misses": extra / (asked.size * years * factor("yuan/t"))}
    return replace(found, row=row, by_class=classes, checks=len(with_it.checks) + len(base.checks))


def _solved(run: Run, core: Tables) -> Results:
    case = make_case(core, Problems())
    clock = Clock(lambda step, **facts: None)
    return solve_case(core, case, make_program(case), solver_options(run.prepared.scenario), clock)[0]


def forced_core(wide: Wide, asked: Candidate, *, closing: bool = False) -> Tables:
    """Core tables in which the candidate's option has exactly its size where it may first be decided."""
    options = wide.core["options"].copy()
    rows = options.index[options["option"] == asked.option]
    size, stages = wide.case.columns["size"], wide.case.calendar.stage_of
    first = size.loc[size["option"] == asked.option, "stage"].iloc[0]
    named = [row for row in rows if stages.get(str(options.at[row, "period"])) == first]
    mine = named[:1] or list(rows[:1])
    options.loc[mine, ["min_size", "max_size"]] = asked.size
    options.loc[mine, "forced"] = 1.0
    if closing:
        effects = core_table(wide.core, "option_effects").merge(core_table(wide.core, "capacity"), on=["unit", "site"])
        amounts = dict(zip(effects["option"], effects["amount"], strict=True))
        for row in options.index[options["option"].str.startswith(CLOSE)]:
            options.loc[row, ["max_size", "forced"]] = amounts.get(options.at[row, "option"], 0.0), math.nan
    return {**wide.core, "options": options}


def _best(asker: Asker, asked: Candidate, plan: Forced) -> tuple[float, float]:
    """The cheapest size up to the one asked, and what the plan with it costs more, a year."""
    site, option = asker.site(asked.site), plan.option
    lower, upper = (each.copy() for each in (asker.wide.closing(site.bounds) if plan.closed else site.bounds))
    lower[option.size], upper[option.size] = 0.0, asked.size
    lower[option.opened] = upper[option.opened] = 1.0
    cost, values = asker.search.solve(asker.search.program.cost, lower, upper)
    return float(values[option.size].sum()), cleaned(cost - site.cost, site.cost) / option.weight


def reduced_cost(asker: Asker, asked: Candidate) -> tuple[float, float]:
    """Price of the first tonne (yuan per tonne of yearly capacity) and the size up to which it holds (kt a year).

    Both NaN where the size is basic, a yes/no stands before it, or the basis changes at once.
    """
    plan = asker.force(asked)
    if len(plan.option.opened):
        return math.nan, math.nan
    site, highs, at = asker.site(asked.site), asker.search.loaded.highs, int(plan.option.size[0])
    asker.search.solve(asker.search.program.cost, *site.bounds)
    status, (_, ranging) = highs.getBasis().col_status[at], highs.getRanging()
    until, price = float(ranging.col_bound_up.value_[at]), float(highs.getSolution().col_dual[at])
    if status.name == "kBasic" or not PRESENT < until < math.inf:
        return math.nan, math.nan
    return price / (plan.option.weight * factor("yuan/t")), until
