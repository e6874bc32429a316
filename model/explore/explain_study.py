"""The command "explain": one technology at one park in full, everything at one park, or the why-not table of all parks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from model import words
from model.expand.rows import Record, records
from model.explore import explain, explain_one
from model.explore.candidates import candidates, parks, technologies
from model.explore.explain_one import Explanation
from model.names import label
from model.objective import unit_of
from model.pipeline import Clock, Progress, Run, finish, prepare
from model.problems import ExitCode, Problems
from model.reading.nearest import find_site, nearest_alias, site_aliases
from model.scenario import Scenario
from model.tables import Tables

NAMED = ("technologies", "plants", "new_potlines")  # tables that name technologies
PREFIX = {"technologies": "", "plants": "smelt_", "new_potlines": "smelt_new_"}
KEY = {"technologies": "technology", "plants": "plant", "new_potlines": "site"}


@dataclass(frozen=True)
class Explained:
    """``table``: one row per question (``explain.COLUMNS``); ``full``: the evidence where one technology was asked.

    ``names``: site, technology, cost class or good → Chinese and English name; ``unit``: of the objective.
    """

    table: pd.DataFrame
    full: tuple[Explanation, ...]
    names: Mapping[str, tuple[str, str]]
    unit: str
    whole: bool = field(default=False)


def study(scenario: Scenario, data: Path, progress: Progress, *, park: str | None = None, technology: str | None = None) -> Explained:
    """Solve ``scenario`` and explain ``technology`` at ``park``; without either, all of them.

    Names may be ids, Chinese or English; a project may stand for either and is then explained alone. Unknown ones are
    refused (exit 2) before anything is solved. Raises ``Refusal`` as a solve does.
    """
    clock = Clock(progress)
    prepared = prepare(scenario, data, clock)
    tables, core = prepared.tables, prepared.core
    problems = Problems()
    project = _project(park, technology, tables, core, problems)
    sites: tuple[str, ...] = (project["site"],) if project else parks(core) if park is None else (_site(park, tables, core, problems),)
    chosen: tuple[str, ...]
    if project:
        chosen = (project["technology"],)
    else:
        chosen = technologies(tables, core) if technology is None else (_technology(technology, tables, core, problems),)
    problems.stop_on_errors(ExitCode.USAGE)
    run = finish(prepared, clock)
    progress("explain", count=len(sites) * len(chosen))
    full = project is not None or (park is not None and technology is not None)
    return explained(run, sites, chosen, full=full, project=project["project"] if project else "", progress=progress)


def _silent(step: str, **facts: object) -> None:
    """Nobody is told."""


def _project(park: str | None, technology: str | None, tables: Tables, core: Tables, problems: Problems) -> Record | None:
    """The row of the project that either name means, None where neither does; a park or technology it does not have is reported."""
    named, rows = _project_names(tables), {row["project"]: row for row in records(tables, "projects")}
    by_park = "" if park is None or find_site(park, site_aliases(tables)) else find_site(park, named)
    by_technology = "" if technology is None else find_site(technology, named)
    if not by_park and not by_technology:
        return None
    row = rows[by_park or by_technology]
    if by_park:
        fits = technology in (None, row["technology"]) or by_technology == by_park
    else:
        fits = park is None or _site(park, tables, core, problems) in ("", row["site"])  # an unknown park is reported there
    if not fits:
        said = _called(row["project"], _names(tables, core), 0, 1)
        problems.add("explain_project", value=said, site=row["site"], technology=row["technology"])
    return row


def _project_names(tables: Tables) -> dict[str, str]:
    """Every name of a project → its id."""
    keys = ("name_zh", "name_en", "project")
    return {str(row[key]): str(row["project"]) for key in keys for row in records(tables, "projects") if row[key]}


def explained(
    run: Run, sites: tuple[str, ...], chosen: tuple[str, ...], *, full: bool, project: str = "", progress: Progress = _silent,
) -> Explained:
    """The answers for a solved run; ``full``: with the evidence of every row; ``project``: that one alone where it is a choice."""
    tables, core = run.prepared.tables, run.prepared.core
    every = candidates(tables, core, sites, chosen)
    asked = tuple(candidate for candidate in every if project and candidate.option == project) or every
    unit = unit_of(run.prepared.scenario.objective, core, tables)
    if full:
        names = _names(tables, core)
        found = []
        for number, candidate in enumerate(asked, start=1):
            name = names.get(candidate.option, names.get(candidate.technology, (candidate.technology, candidate.technology)))
            progress("explain_one", number=number, count=len(asked), name=name)
            found.append(explain_one.explain(run, candidate, progress))
        table = pd.DataFrame([each.row for each in found], columns=list(explain.COLUMNS))
        return Explained(table, tuple(found), names, unit)
    return Explained(explain.find(run, asked), (), _names(tables, core), unit, whole=len(sites) > 1)


def _site(name: str, tables: Tables, core: Tables, problems: Problems) -> str:
    aliases = site_aliases({**tables, **core}) or {site: site for site in parks(core)}
    found = find_site(name, aliases)
    if not found:
        _refuse(name, "park", nearest_alias(name, {**_project_names(tables), **aliases}), parks(core), _names(tables, core), problems)
    return found


def _technology(name: str, tables: Tables, core: Tables, problems: Problems) -> str:
    aliases = {technology: technology for technology in technologies(tables, core)}
    for table in NAMED:
        for row in records(tables, table):
            technology = f"{PREFIX[table]}{row[KEY[table]]}"
            aliases |= {row["name_zh"]: technology, row["name_en"]: technology, technology: technology}
    aliases = {alias: technology for alias, technology in aliases.items() if alias}
    found = find_site(name, aliases)
    if not found:
        meant = nearest_alias(name, {**_project_names(tables), **aliases})
        _refuse(name, "technology", meant, technologies(tables, core), _names(tables, core), problems)
    return found


def _refuse(value: str, role: str, meant: str, known: Sequence[str], names: Mapping[str, tuple[str, str]], problems: Problems) -> None:
    """An unknown park or technology; the ids that could stand there each with its name, the one that is meant as suggestion."""
    told = [", ".join(_called(name, names, at) for name in known) for at in range(len(words.LANGUAGES))]
    roles = [words.text(f"explain.role_{role}", language) for language in words.LANGUAGES]
    suggestion = _called(meant, names, 0, 1) if meant else ""
    problems.add("explain_unknown", value=value, suggestion=suggestion, known_zh=told[0], known_en=told[1], role_zh=roles[0], role_en=roles[1])


def _called(name: str, names: Mapping[str, tuple[str, str]], *languages: int) -> str:
    """An id and, where they are not the same, its names: ``xipeng (西彭)``."""
    said = dict.fromkeys(names.get(name, (name, name))[at] for at in languages)
    others = [other for other in said if other and other != name]
    return f"{name} ({' / '.join(others)})" if others else name


def _names(tables: Tables, core: Tables) -> dict[str, tuple[str, str]]:
    """Both names of every site, technology, potline, project and good that has any."""
    found: dict[str, tuple[str, str]] = {}
    own = (("sites", "site", ""), ("commodities", "commodity", ""), ("projects", "project", ""))
    for table, key, prefix in (*own, *((name, KEY[name], PREFIX[name]) for name in NAMED)):
        rows = core.get(table, tables.get(table))
        for row in rows.to_dict("records") if rows is not None else ():
            name = str(row[key])
            zh, en = (label(rows, key, name, language) for language in ("zh", "en")) if rows is not None else (name, name)
            found[prefix + name] = (zh, en)
    return found


def facts(found: Explained) -> dict[str, Any]:
    """The study as plain values for a JSON file; numbers that do not exist are null."""
    rows = [{str(name): _plain(value) for name, value in row.items()} for row in found.table.to_dict("records")]
    full = [
        {
            "by_class": each.by_class, "limits": each.limits.to_dict("records"), "best_size": _plain(each.best_size),
            "best_extra": _plain(each.best_extra), "reduced_cost": _plain(each.reduced), "reduced_until": _plain(each.reduced_until),
            "break_evens": [{name: _plain(value) for name, value in vars(even).items()} for even in each.break_evens], "checks": each.checks,
        }
        for each in found.full
    ]
    return {"unit": found.unit, "rows": rows} | ({"evidence": full} if full else {})


def _plain(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value
