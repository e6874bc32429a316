"""What uncertainty costs: the plan that hedges over branches beside the plans of single branches and of the average.

Expected value of perfect information (EVPI) = cost of the hedging plan − expected cost of knowing the branch beforehand;
value of the stochastic solution (VSS) = expected cost of building for the average branch − cost of the hedging plan
(Birge and Louveaux, Introduction to Stochastic Programming, 2nd ed. 2011, chapter 4).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from model import words
from model.case import make_case
from model.case.calendar import make_calendar
from model.explore.branches import MEAN, mean_branch, probabilities, single_branch, with_investments
from model.explore.labels import option_names, time_names
from model.explore.numbers_said import digits
from model.explore.reloading import Reloaded
from model.objective import unit_of
from model.pipeline import Clock, Progress, prepare, solve_case, solver_options
from model.problems import ExitCode, Problems, Refusal
from model.program import make_program
from model.results import Results
from model.scenario import Scenario
from model.solve import Option
from model.tables import Tables
from model.words import lookup

HEDGE = "hedge"
PRESENT = 1e-6  # sizes that differ by less are the same
ROUNDING = 1e-7  # share of the cost up to which the difference of two solves is none


@dataclass(frozen=True)
class Hedge:
    """Costs in the unit of the objective, per year-weighted horizon as the objective itself.

    ``cost``: of the hedging plan; ``known``: branch → cost where that branch is known; ``probability``: of each branch;
    ``built_for_mean``: expected cost of the investments of the average branch, infinite where they allow no plan;
    ``sizes``: option, stage, then the size in every plan (``hedge``, each branch, ``mean``), only where some plan builds;
    ``names``: Chinese and English name of every option, stage and branch.
    """

    cost: float
    known: dict[str, float]
    probability: dict[str, float]
    built_for_mean: float
    sizes: pd.DataFrame
    unit: str = ""
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def wait_and_see(self) -> float:
        """Expected cost if the branch were known before anything is built."""
        return sum(self.probability[branch] * cost for branch, cost in self.known.items())

    @property
    def perfect_information(self) -> float:
        """EVPI: what a perfect forecast would be worth."""
        return self.cost - self.wait_and_see

    @property
    def stochastic_solution(self) -> float:
        """VSS: what planning for all branches saves against planning for their average."""
        return self.built_for_mean - self.cost

    @property
    def differs(self) -> bool:
        """Whether the hedging plan differs from the plan of every single branch."""
        return all(((self.sizes[HEDGE] - self.sizes[branch]).abs() > PRESENT).any() for branch in self.known)


def hedge(scenario: Scenario, data: Path, progress: Progress) -> Hedge:
    """Solve ``scenario`` over all its branches, for each branch alone, and with the investments of the average branch.

    Every plan is verified. Raises ``Refusal`` as a solve does, and with exit 3 where there is only one branch or the
    branches of a stage have other periods.
    """
    prepared = prepare(scenario, data, Clock(progress))
    clock = Clock(_quiet)
    calendar = make_calendar(prepared.core.get("periods"))
    shares = probabilities(calendar)
    options = solver_options(scenario)
    progress("all_branches")
    plan = solved(prepared.core, options, clock)
    alone = {}
    for branch in shares:
        progress("branch", branch=branch)
        alone[branch] = solved(single_branch(prepared.core, calendar, branch), options, clock)
    progress("mean_branch")
    average = solved(mean_branch(prepared.core, calendar), options, clock)
    progress("built_for_mean")
    try:
        built = solved(with_investments(prepared.core, average), options, clock).objective
    except Refusal as refusal:
        if refusal.code is not ExitCode.INFEASIBLE:
            raise
        built = math.inf
    known = {branch: found.objective for branch, found in alone.items()}
    unit = unit_of(scenario.objective, prepared.core, prepared.tables)
    names = {**time_names(prepared.tables), **option_names(Reloaded(prepared, plan))}
    return Hedge(plan.objective, known, shares, built, _sizes({HEDGE: plan, **alone, MEAN: average}), unit, names)


def lines(found: Hedge, language: str) -> list[str]:
    """What the study says, line by line: the answers, then the size of every decision in every plan."""
    return [*answers(found, language), *_size_lines(found, language)]


def answers(found: Hedge, language: str) -> list[str]:
    """Costs, what a forecast and what planning for all branches are worth, and whether the plan hedges."""
    unit = lookup.known(f"progress.unit_{found.unit.replace(' ', '_')}", found.unit)[words.LANGUAGES.index(language)]

    def said(key: str, **facts: object) -> str:
        return words.text(f"hedge.{key}", language, **facts).rstrip()

    def seen(value: float) -> float:
        """``value`` without what is only the rounding of two solves."""
        return 0.0 if abs(value) <= ROUNDING * abs(found.cost) else value

    result = [said("cost", cost=found.cost, unit=unit)]
    for branch, cost in found.known.items():
        result.append(said("known", branch=_named(found, branch, language), probability=found.probability[branch], cost=cost))
    result.append(said("perfect_information", value=seen(found.perfect_information), unit=unit))
    limitless = math.isinf(found.built_for_mean)
    result.append(said("no_plan") if limitless else said("stochastic_solution", value=seen(found.stochastic_solution), unit=unit))
    result.append(said("differs" if found.differs else "same"))
    return result


def plan_name(found: Hedge, plan: str, language: str) -> str:
    """The plan of a column of ``sizes`` in words."""
    own = {HEDGE: "plan_hedge", MEAN: "plan_mean"}
    return words.text(f"hedge.{own[plan]}", language) if plan in own else _named(found, plan, language)


def _named(found: Hedge, name: str, language: str) -> str:
    return found.names.get(name, (name, name))[words.LANGUAGES.index(language)]


def _size_lines(found: Hedge, language: str) -> list[str]:
    result = []
    for row in found.sizes.to_dict("records"):
        parts = [f"{plan_name(found, str(plan), language)} {digits(value, 4)}" for plan, value in row.items() if plan not in ("option", "stage")]
        option, stage = (_named(found, str(row[key]), language) for key in ("option", "stage"))
        result.append(words.text("hedge.size", language, option=option, stage=stage, sizes=", ".join(parts)))
    return result


def facts(found: Hedge) -> dict[str, Any]:
    """The study as plain numbers for a JSON file; a cost without limit is null."""
    limitless = math.isinf(found.built_for_mean)
    return {
        "cost": found.cost, "unit": found.unit, "probability": found.probability, "known": found.known, "wait_and_see": found.wait_and_see,
        "evpi": found.perfect_information, "built_for_mean": None if limitless else found.built_for_mean,
        "vss": None if limitless else found.stochastic_solution, "differs": found.differs, "sizes": found.sizes.to_dict("records"),
        "names": {name: dict(zip(words.LANGUAGES, pair, strict=True)) for name, pair in found.names.items()},
        "plans": {plan: {language: plan_name(found, plan, language) for language in words.LANGUAGES} for plan in (HEDGE, *found.known, MEAN)},
    }


def _quiet(step: str, **facts: object) -> None:
    """The steps of a single solve are not announced: there are several."""


def solved(core: Tables, options: dict[str, Option], clock: Clock) -> Results:
    """A verified plan of core tables."""
    case = make_case(core, Problems())
    return solve_case(core, case, make_program(case), options, clock)[0]


def _sizes(plans: dict[str, Results]) -> pd.DataFrame:
    """option, stage and one column of sizes per plan; a pure yes/no counts as 1."""
    columns = []
    for name, plan in plans.items():
        size = plan.values["size"].set_index(["option", "stage"])["value"]
        opened = plan.values["open"].set_index(["option", "stage"])["value"]
        pure = plan.case.columns["open"].set_index(["option", "stage"])["max_size"].eq(0)
        columns.append(size.where(~pure.reindex(size.index, fill_value=False), opened.reindex(size.index)).rename(name))
    table = pd.concat(columns, axis=1).fillna(0.0)
    return table[(table.abs() > PRESENT).any(axis=1)].sort_index().reset_index()
