"""The kinds of study and how one is carried out: told, timed, stopped and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from model.explore import alternatives, frontier, outages, regret, sensitivity, sweep, variance
from model.explore.cluster import Cluster
from model.explore.crew import ALONE, Crew, Means
from model.explore.journal import Journal, stamp
from model.explore.study_file import StudyFile, open_study
from model.explore.study_rows import Outcome
from model.explore.workers import local
from model.pipeline import Progress
from model.problems import ExitCode, refuse

KINDS: Mapping[str, Callable[[StudyFile, Means], Outcome]] = MappingProxyType({
    "sweep": sweep.study, "outages": outages.study, "frontier": frontier.study,
    "regret": regret.study, "alternatives": alternatives.study, "sensitivity": sensitivity.study, "variance": variance.study,
})
MARK = "study.json"  # a folder that holds it is an earlier study and may be replaced


def opened(name: str, data: Path | None, root: Path, solver: Mapping[str, Any]) -> StudyFile:
    """The study file ``name``; raises ``Refusal`` as ``open_study``."""
    return open_study(name, data, root, solver, KINDS)


def journal_of(study: StudyFile, folder: Path | None) -> Journal:
    """The journal beside the result folder, with the rows of an earlier start of the same study."""
    if folder is None:
        return Journal(None, "")
    files = [study.data] if study.data.is_file() else [file for file in study.data.iterdir() if file.is_file()]
    return Journal(folder.with_name(f".{folder.name}.cases.jsonl"), stamp(files, [study.fingerprint()]))


def crew(workers: int | None, cluster: str | None) -> Crew:
    """Who solves the cases: the workers of a cluster, else ``workers`` processes of this machine; raises ``Refusal`` (exit 2) for none."""
    if cluster:
        return Cluster(cluster)
    if workers is not None and workers < 1:
        raise refuse(ExitCode.USAGE, "workers_number", value=workers)
    return local(workers)


def carry_out(study: StudyFile, journal: Journal, progress: Progress, crew: Crew = ALONE) -> Outcome:
    """What the study finds, its cases solved by ``crew``; cases that stand in the journal are not solved again.

    A study that ends before its first case leaves no journal.
    """
    try:
        found = KINDS[study.kind](study, Means(journal, progress, crew))
    finally:
        if not journal.rows:
            journal.forget()
    head = {"study": study.name, "kind": study.kind, "title": dict(study.title), "question": dict(study.question), "scenario": study.scenario.name}
    question = (study.question.get("zh", ""), study.question.get("en", ""))
    lines = ((question,) if any(question) else ()) + found.sentences
    said = [{"zh": zh, "en": en} for zh, en in lines]
    return Outcome(lines, {**head, "answer": said, **found.facts}, found.tables, found.dataset)
