"""Sections that a report carries on request: ``sections`` of the scenario file and ``--with`` on the command line.

A name is a kind of question (``why_not`` …), a study file, or another scenario whose decisions are set beside this one's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from model import words
from model.explore import beside as besides
from model.explore import explain_lines, explain_study, hedging, pacts, siting, studying, targets_study
from model.explore.candidates import parks, technologies
from model.explore.journal import Pair
from model.explore.section import Section
from model.explore.study_file import FOLDER
from model.pipeline import Progress, Run
from model.problems import ExitCode, Problems
from model.reading.nearest import nearest
from model.scenario import Scenario
from model.scenario.loading import read_document
from model.scenario.records import Spot

BESIDE = "beside"


@dataclass(frozen=True)
class Asked:
    """What a report is asked to carry: ``kinds`` of ``MAKERS``, ``studies`` and ``scenarios`` by the name as given."""

    kinds: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """Where the answers come from: the solved scenario, its dataset, the project and who is told of progress.

    ``stated``: dataset of the command line, which replaces that of studies and of other scenarios too.
    """

    run: Run
    scenario: Scenario
    data: Path
    stated: Path | None
    root: Path
    progress: Progress
    study_progress: Progress


def asked(scenario: Scenario, more: Sequence[str], root: Path) -> Asked:
    """The sections of the scenario file and those in ``more``, each once.

    Raises ``Refusal``: exit 3 for an unknown name in the scenario file, 2 for one of the command line.
    """
    spot = scenario.origins.get("sections", Spot("", 0))
    stated, given = Problems(), Problems()
    found: dict[str, list[str]] = {"kinds": [], "studies": [], "scenarios": []}
    for names, problems, where in ((scenario.sections, stated, spot), (tuple(more), given, Spot("", 0))):
        for name in names:
            group = _group(name, root)
            if not group:
                known = _known(root)
                where.add(problems, "section_unknown", name, nearest(name, known), known=", ".join(MAKERS))
            elif name not in found[group]:
                found[group].append(name)
    stated.stop_on_errors()
    given.stop_on_errors(ExitCode.USAGE)
    return Asked(tuple(found["kinds"]), tuple(found["studies"]), tuple(found["scenarios"]))


def _group(name: str, root: Path) -> str:
    """Kind, study or scenario; "" where ``name`` is none of them."""
    if name in MAKERS:
        return "kinds"
    file = f"{name.removesuffix('.toml')}.toml"
    found = next((place for place in (Path(file), root / FOLDER / file, root / "scenarios" / file) if place.is_file()), None)
    if found is None:
        return ""
    return "studies" if "study" in read_document(found, Problems()).content else "scenarios"


def _known(root: Path) -> list[str]:
    files = [*(root / FOLDER).glob("*.toml"), *(root / "scenarios").glob("*.toml")]
    return [*MAKERS, *sorted(file.stem for file in files)]


def make(wanted: Asked, desk: Desk) -> tuple[Section, ...]:
    """The sections in the order asked: kinds, other scenarios, studies. Raises ``Refusal`` as the commands of the same name do."""
    found = [MAKERS[kind](desk) for kind in wanted.kinds]
    if wanted.scenarios:
        found.append(_beside(desk, wanted.scenarios))
    return (*found, *(_study(desk, name) for name in wanted.studies))


def _section(kind: str, lines: Callable[[str], list[str]], facts: dict[str, Any], **tables: Any) -> Section:
    """A section of a kind that says the same lines as the command of its name."""
    zh, en = (lines(language) for language in words.LANGUAGES)
    return Section(kind, kind, _said(kind, "title"), _said(kind, "question"), tuple(zip(zh, en, strict=True)), facts, tables)


def _said(kind: str, part: str) -> Pair:
    zh, en = (words.text(f"sections.{kind}_{part}", language) for language in words.LANGUAGES)
    return zh, en


def _why_not(desk: Desk) -> Section:
    tables, core = desk.run.prepared.tables, desk.run.prepared.core
    sites, chosen = parks(core), technologies(tables, core)
    desk.progress("explain", count=len(sites) * len(chosen))
    found = explain_study.explained(desk.run, sites, chosen, full=False)
    table = explain_lines.with_sentences(found)
    last = [explain_lines.lines(found, language)[-1:] for language in words.LANGUAGES]
    return _section("why_not", lambda language: last[words.LANGUAGES.index(language)], explain_study.facts(found), table=table)


def _switches(desk: Desk) -> Section:
    table = siting.find(desk.scenario, desk.data, desk.progress)
    never = int(table["flips_at"].isna().sum())
    facts = {"rows": table.astype(object).where(table.notna(), None).to_dict("records")}
    return _section("switches", lambda language: [words.text("siting.rest", language, count=never)], facts, table=table)


def _targets(desk: Desk) -> Section:
    found = targets_study.found(desk.run, desk.progress)
    return _section("targets", lambda language: targets_study.lines(found, language), targets_study.facts(found), table=found.table)


def _pacts(desk: Desk) -> Section:
    found = pacts.study(desk.scenario, desk.data, desk.progress)
    return _section("pacts", lambda language: pacts.lines(found, language), pacts.facts(found), gains=found.gains)


def _hedge(desk: Desk) -> Section:
    found = hedging.hedge(desk.scenario, desk.data, desk.progress)
    return _section("hedge", lambda language: hedging.lines(found, language), hedging.facts(found), sizes=found.sizes)


def _beside(desk: Desk, names: Sequence[str]) -> Section:
    found = besides.beside(desk.run, names, desk.stated, desk.root, desk.progress)
    plans = [{"scenario": name, "title": dict(zip(words.LANGUAGES, title, strict=True)), "cost": cost} for name, title, cost in found.plans]
    facts = {"unit": found.unit, "plans": plans, "decisions": found.table.to_dict("records")}
    return Section(BESIDE, BESIDE, _said(BESIDE, "title"), _said(BESIDE, "question"), besides.sentences(found), facts, {"decisions": found.table})


def _study(desk: Desk, name: str) -> Section:
    """What a study file finds; its cases are kept where ``run.py study`` keeps them, so that either goes on from the other."""
    study = studying.opened(name, desk.stated, desk.root, {})
    journal = studying.journal_of(study, desk.root / "results" / "studies" / study.name)
    found = studying.carry_out(study, journal, desk.study_progress)
    title, question = ((texts.get("zh", study.name), texts.get("en", study.name)) for texts in (study.title, study.question))
    return Section(study.name, study.kind, title, question, found.sentences[1:] if study.question else found.sentences, found.facts, found.tables)


MAKERS: Mapping[str, Callable[[Desk], Section]] = MappingProxyType({
    "why_not": _why_not, "switches": _switches, "targets": _targets, "pacts": _pacts, "hedge": _hedge,
})
