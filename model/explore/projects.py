"""Named projects: what each would cost the plan at its named size, by an exact re-solve with its size fixed there.

The reduced cost of a size is the price of its first tonne only where the size is non-basic and the plan not degenerate;
a project at zero beside one of equal cost has a reduced cost of 0 and yet misses something. So every project is solved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from model.case import Case
from model.compile import Floats, LinearProgram
from model.expand.named import Project
from model.explore.forcing import FIRST, cleaned, difference, forced, place
from model.explore.switch_points import Search
from model.units import factor

TEXTS = ("project", "site", "state", "finding")
NUMBERS = ("year", "size", "planned", "charge", "worth", "misses", "first_misses", "extra_cost", "output", "product_misses")
COLUMNS = (*TEXTS, *NUMBERS)
TAKEN = 1e-6  # share of the named size that may be missing from a project that is taken
IDLE = 1e-3  # share of the charge below which the capacity is worth nothing
USED = 0.5  # share of the named size below which no cost per tonne of product is stated: its output would not be its own


def find(case: Case, program: LinearProgram, chosen: Sequence[Project], planned: Mapping[str, float]) -> pd.DataFrame:
    """One row per project (columns ``COLUMNS``), in the given order; ``planned``: size of each option in the plan.

    planned, size, output: kt a year in the plan, as named, and made more at its place with it; extra_cost: million yuan a
    year that the plan with the project at its named size costs more; charge, misses, worth (charge − misses),
    first_misses (for the first hundredth): yuan per tonne of yearly capacity and year; product_misses: yuan per tonne made
    more. ``finding``: taken, tie (an equal plan takes it), idle (the capacity is worth nothing), misses, pays,
    impossible (no plan holds it), not_modelled (nothing may use it there), sunk. All other yes/no decisions stay as in
    the plan.
    """
    asked = [project for project in chosen if project.state != "sunk"]
    search = Search(case, program) if asked else None
    rows = [
        _row(search, project, planned.get(project.project, 0.0)) if search and project.state != "sunk" else _plain(project, "sunk")
        for project in chosen
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _plain(project: Project, finding: str, **facts: float) -> dict[str, object]:
    named = {"project": project.project, "site": project.site, "state": project.state, "finding": finding}
    return {**dict.fromkeys(NUMBERS, math.nan), **named, "year": project.year, "size": project.size, **facts}


def _row(search: Search, project: Project, planned: float) -> dict[str, object]:
    option = place(search, project.project, project.size)
    if not _usable(search.case, project):
        return _plain(project, "not_modelled", planned=planned)
    cost, plan = forced(search, option, project.size)
    tonnes = project.size * option.weight * factor("yuan/t")
    facts = {"planned": planned, "charge": option.charge / tonnes}
    if math.isnan(cost):
        return _plain(project, "impossible", **facts)
    extra = difference(search, cost)
    misses = extra / tonnes
    first = math.nan if len(option.opened) else difference(search, forced(search, option, FIRST * project.size)[0]) / (FIRST * tonnes)
    output = _made(search, project, plan) - _made(search, project, search.plan.values)
    facts |= {
        "extra_cost": extra / option.weight, "misses": misses, "worth": cleaned(facts["charge"] - misses, facts["charge"]), "output": output,
        "first_misses": first if planned <= TAKEN * project.size else math.nan,
        "product_misses": extra / (output * option.weight * factor("yuan/t")) if output > USED * project.size else math.nan,
    }
    return _plain(project, _finding(project, facts), **facts)


def _finding(project: Project, facts: dict[str, float]) -> str:
    if facts["planned"] >= (1 - TAKEN) * project.size:
        return "taken"
    if facts["misses"] <= 0:
        return "pays" if facts["misses"] < 0 else "tie"
    return "idle" if abs(facts["worth"]) <= IDLE * facts["charge"] else "misses"


def _users(case: Case, project: Project) -> pd.DataFrame:
    use = case.relations["use"]
    return use[(use["unit"] == project.unit) & (use["site"] == project.site)]


def _usable(case: Case, project: Project) -> bool:
    """Whether any activity may occupy the project's unit at its site."""
    return len(case.columns["activity"].merge(_users(case, project), on=["technology", "site"])) > 0


def _made(search: Search, project: Project, plan: Floats) -> float:
    """Yearly capacity in use of the project's unit at its site, in the first stage, expected over its branches."""
    calendar, start = search.case.calendar, search.program.column_start["activity"]
    activity = search.case.columns["activity"]
    activity = activity.assign(value=plan[start : start + len(activity)]).merge(_users(search.case, project), on=["technology", "site"])
    periods = calendar.periods[calendar.periods["stage"] == calendar.stages[0]].set_index("period")["probability"]
    share = activity["period"].map(periods).astype(float).fillna(0.0)
    return float((activity["value"] * activity["use"] * share).sum())
