"""Decisions of a plan beside those of other scenarios: which flip between them, which only change their size.

A decision flips where some of the plans take it in a stage and others do not; the same capacity decided in another year is
two flips. Every plan is solved and verified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from model import pipeline
from model.explore.journal import Pair
from model.explore.labels import option_names
from model.explore.study_rows import both, built, joined, unit_name
from model.objective import unit_of
from model.opening import open_scenario
from model.pipeline import Planned, Progress, Run

SAME = 1e-6  # share by which two sizes may differ as the solver's rounding
COLUMNS = ("option", "stage", "name_zh", "name_en", "flips")


@dataclass(frozen=True)
class Beside:
    """``plans``: name and title of every scenario, the asking one first, with its cost; ``table``: ``COLUMNS`` and a size per plan.

    ``table`` holds only decisions whose size differs, those that flip first; ``unit``: of the cost.
    """

    plans: tuple[tuple[str, Pair, float], ...]
    table: pd.DataFrame
    unit: str


def beside(run: Run, others: Sequence[str], data: Path | None, root: Path, progress: Progress) -> Beside:
    """Solve the scenarios ``others`` and set their decisions beside those of ``run``. Raises ``Refusal`` as a solve does."""
    plans: dict[str, Planned] = {run.prepared.scenario.name: run}
    for name in others:
        progress("beside", name=name)
        scenario, folder = open_scenario(name, data, root, {})
        plans[scenario.name] = pipeline.run(scenario, folder, _quiet)
    return compared(plans)


def compared(plans: Mapping[str, Planned]) -> Beside:
    """The decisions of solved plans side by side."""
    sizes = pd.DataFrame({name: pd.Series(built(plan), dtype=float) for name, plan in plans.items()}).fillna(0.0)
    largest = sizes.abs().max(axis=1)
    differ = (sizes.max(axis=1) - sizes.min(axis=1)) > SAME * largest
    sizes = sizes[differ].sort_index()
    names: dict[str, Pair] = {}
    for plan in plans.values():
        names = option_names(plan) | names
    keys = [key.rsplit("|", 1) for key in sizes.index]
    titles = [names.get(option, (option, option)) for option, _ in keys]
    table = pd.DataFrame({
        "option": [option for option, _ in keys], "stage": [stage for _, stage in keys],
        "name_zh": [zh for zh, _ in titles], "name_en": [en for _, en in titles], "flips": (sizes == 0).any(axis=1).to_numpy(bool),
    }, columns=list(COLUMNS))
    table = pd.concat([table, sizes.reset_index(drop=True)], axis=1)
    table = table.sort_values(["flips", "option", "stage"], ascending=[False, True, True], ignore_index=True)
    first = next(iter(plans.values())).prepared
    said = tuple((name, _title(plan), float(plan.results.objective)) for name, plan in plans.items())
    return Beside(said, table, unit_of(first.scenario.objective, first.core, first.tables))


def _title(plan: Planned) -> Pair:
    scenario = plan.prepared.scenario
    return scenario.title.get("zh", scenario.name), scenario.title.get("en", scenario.name)


def sentences(found: Beside) -> tuple[Pair, ...]:
    """The plans with their cost, what flips between them, and what only changes its size."""
    unit = unit_name(found.unit)
    said = [both("sections.beside_plan", title=title, cost=cost, unit=unit) for _, title, cost in found.plans]
    flips, sized = (found.table[found.table["flips"] == flip].to_dict("records") for flip in (True, False))
    said.append(both("sections.beside_flips", count=len(flips), sized=len(sized)))
    for row in flips:
        taken = joined([title for name, title, _ in found.plans if row[name] != 0])
        sizes = joined([both("sections.beside_size", size=row[name]) for name, _, _ in found.plans if row[name] != 0])
        said.append(both("sections.beside_flip", option=(row["name_zh"], row["name_en"]), stage=row["stage"], taken=taken, sizes=sizes))
    return tuple(said)


def _quiet(step: str, **facts: object) -> None:
    """The steps of a single solve are not announced: there are several."""
