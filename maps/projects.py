"""The table of all options of a plan: named projects with what each misses, closures and new potlines, generic expansions."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from maps.figures import number, percent
from maps.view import MARGINS
from model import words
from model.case.columns import core_table
from model.expand.named import CLOSE, NEW, Project, projects
from model.explore.answers import asked
from model.explore.labels import Labels
from model.pipeline import Run

DIVIDING = ("cede_", "draw_")
PRESENT = 1e-6  # sizes below this are not built
WHOLE = 1 - 1e-6  # share of the named size from which on a project is taken whole
LITTLE = 0.01  # shares of the charge below it are not told apart
STATUS = {"sunk": "sunk", "later": "later", "restrained": "restrained", "not_permitted": "forbidden", "excluded": "off"}
Pair = tuple[str, str]


def plan_table(run: Run, labels: Labels) -> pd.DataFrame:
    """Every option with its size, its room and the clause that permits or forbids it, then projects built already.

    ``group``: project (named in the tables), swap (closure or new potline), expansion (generic). Named options carry
    what ``explore.projects.find`` says of them, NaN and blank where the run was not asked.
    """
    named = {project.project: project for project in projects(run.prepared.tables, run.prepared.core)}
    answers = {row["project"]: row for row in asked(run).projects.to_dict("records")}
    options = _options(run)
    rows = [_row(row, labels, named.get(row["option"]), answers.get(row["option"])) for row in options]
    known = {row["option"] for row in options}
    return pd.DataFrame([*rows, *(_sunk(project, labels) for name, project in named.items() if name not in known)])


def _options(run: Run) -> list[dict[Any, Any]]:
    """Options with their size in the plan and the first of their effects; a pure yes/no has the size of its effect, or 1.

    Of an option of several planning years: the first in which it has room.
    """
    options = core_table(run.prepared.core, "options")
    options = options.assign(shut=options["max_size"] == 0).sort_values("shut", kind="stable").drop_duplicates("option").sort_index()
    sizes = run.results.values["size"].groupby("option", as_index=False)["value"].sum()
    effects = core_table(run.prepared.core, "option_effects").drop_duplicates("option")[["option", "unit", "site", "per_size", "per_open"]]
    table = options.merge(sizes, on="option").merge(effects, on="option", how="left", suffixes=("", "_effect"))
    opened = run.results.values["open"].groupby("option")["value"].sum()
    piece = table["per_open"].abs().where(table["per_open"].abs() > 0, 1.0)
    pure = (table["max_size"] == 0) & table["option"].isin(opened.index)
    table["pure"] = pure
    table["value"] = table["value"].where(~pure, table["option"].map(opened) * piece)
    # how a potline divides its quota among pools is told by the ledger
    return [row for row in table.to_dict("records") if not str(row["option"]).startswith(DIVIDING)]


def _row(row: dict[Any, Any], labels: Labels, project: Project | None, answer: dict[Any, Any] | None) -> dict[str, object]:
    option, unit, site = str(row["option"]), _text(row["unit"]), _text(row["site"]) or _text(row["site_effect"])
    swap = option.startswith((CLOSE, NEW))
    zh, en = labels.option(option, site, unit)
    why = _why(project, answer)
    return {
        "option": option, "site": site, "name_zh": zh, "name_en": en,
        "stage": labels.stage(project.technology) if project else labels.unit_stage(unit, site),
        "status": _status(row, project, swap=swap), "size": row["value"], "max_size": row["max_size"], "clause": labels.clause(option),
        "note": labels.project_note(option) if project and not swap else row["note"],
        "group": "swap" if swap else "project" if project else "expansion",
        "named_size": project.size if project else math.nan, "year": project.year if project else math.nan,
        **{name: answer[name] if answer else math.nan for name in MARGINS}, "why_zh": why[0], "why_en": why[1],
    }


def _sunk(project: Project, labels: Labels) -> dict[str, object]:
    """A project that is no option because it stands before the planning year."""
    zh, en = labels.option(project.project, project.site, project.unit)
    why = _why(project, None)
    return {
        "option": project.project, "site": project.site, "name_zh": zh, "name_en": en, "stage": labels.stage(project.technology),
        "status": STATUS[project.state], "size": math.nan, "max_size": math.nan, "clause": labels.clause(project.project),
        "note": labels.project_note(project.project), "group": "project", "named_size": project.size, "year": project.year,
        **dict.fromkeys(MARGINS, math.nan), "why_zh": why[0], "why_en": why[1],
    }


def _status(row: dict[Any, Any], project: Project | None, *, swap: bool) -> str:
    if project and project.state != "open":
        return STATUS[project.state]
    if row["max_size"] == 0 and not row["pure"]:
        return "off" if swap else "forbidden"
    if row["value"] <= PRESENT:
        return "not_built"
    if row["per_size"] < 0:
        return "closed"
    return "partly" if project and not swap and row["value"] < WHOLE * project.size else "built"


def _why(project: Project | None, answer: dict[Any, Any] | None) -> Pair:
    """Why a named project is or is not in the plan; blank for a generic expansion."""
    if project is None:
        return "", ""
    state = None if project.state == "open" else project.state
    finding = str(answer["finding"]) if answer and answer["finding"] != "sunk" else None
    zh, en = (_sentence(language, project, state, finding, answer or {}) for language in words.LANGUAGES)
    return zh, en


def _sentence(language: str, project: Project, state: str | None, finding: str | None, answer: dict[Any, Any]) -> str:
    told = words.text(f"view.state_{state}", language, year=f"{project.year:.0f}") if state else ""
    if finding is None:
        return told
    key = finding
    if finding == "misses":
        key = "partly" if answer["planned"] > PRESENT else "dearer" if answer["worth"] < 0 else finding
    share = answer["worth"] / answer["charge"] if answer["charge"] else math.nan
    told_share = words.text("view.below_one_percent", language) if share < LITTLE else percent(share)
    found = words.text(f"view.finding_{key}", language, extra=number(abs(answer["extra_cost"]), 1), share=told_share)
    return words.text("view.state_and_finding", language, state=told, finding=found) if told else found


def _text(cell: object) -> str:
    """The cell as text; an option without effects has no unit."""
    return cell if isinstance(cell, str) else ""
