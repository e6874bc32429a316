"""What a reader asks once the plan stands: what each named project misses, and which shortage would be there anyway."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pandas as pd

from model.expand.named import industry
from model.expand.named import projects as named_projects
from model.explore import projects, shedding
from model.explore.section import Section
from model.explore.switch_points import with_switch_points
from model.pipeline import Clock, Progress, Run
from model.tables import blank


def _no_projects() -> pd.DataFrame:
    return blank(projects.TEXTS, projects.NUMBERS)


def _no_shedding() -> pd.DataFrame:
    return blank(shedding.COLUMNS[:1], shedding.COLUMNS[1:])


@dataclass(frozen=True)
class Answers(Run):
    """A run with the tables of ``explore.projects.find`` and ``explore.shedding.netted``, both empty until asked for, and further sections."""

    projects: pd.DataFrame = field(default_factory=_no_projects)
    shedding: pd.DataFrame = field(default_factory=_no_shedding)
    sections: tuple[Section, ...] = ()


def asked(run: Run) -> Answers:
    """``run`` itself if its questions were answered, else the run with no answers."""
    return run if isinstance(run, Answers) else Answers(**vars(run))


def with_answers(run: Run, progress: Progress) -> Answers:
    """``run`` with the answers to both questions."""
    clock = Clock(progress)
    tables, core, case = run.prepared.tables, run.prepared.core, run.results.case
    with clock.step("projects"):
        sizes = {str(option): float(size) for option, size in run.results.values["size"].groupby("option")["value"].sum().items()}
        found = projects.find(case, run.program, named_projects(tables, core), sizes)
        missing = shedding.netted(case, run.program, run.results.values["short"], industry(tables, core))
    return Answers(**vars(run) | {"projects": found, "shedding": missing, "seconds": run.seconds | clock.seconds})


def answered(run: Run, progress: Progress) -> Answers:
    """``run`` with its switch points and the answers to both questions, searched at the same time: the solver works outside Python's lock."""
    for step in ("switch_points", "projects"):
        progress(step)
    with ThreadPoolExecutor(max_workers=2) as pool:
        flips, answers = pool.submit(with_switch_points, run, _silent), pool.submit(with_answers, run, _silent)
        found, told = flips.result(), answers.result()
    return replace(told, switch_points=found.switch_points, seconds=found.seconds | told.seconds)


def _silent(step: str, **facts: object) -> None:
    """The steps were announced before both began."""
