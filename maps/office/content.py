"""What brief and slides say: question, answer, key figures, table of parks and caveats, all from the view of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from maps.escape import pair
from maps.figures import number, percent
from maps.goal_rows import GoalRow, goal_rows, worst_rows
from maps.key_figures import Figure, figures
from maps.names import Names
from maps.notice import notice
from maps.overviews import Overview, overviews
from maps.parks import PIE_STAGES, capacity_by_stage
from maps.sayings import Pair, plain
from maps.trust import assumed
from maps.view import ReportView, rows_of
from model import words

ANSWERS: Final = 3  # sentences of the answer; the others are findings
CHANGES: Final = 9
TAKEN: Final = ("built", "partly", "closed")


@dataclass(frozen=True)
class Change:
    """Something built (positive, kt a year) or closed (negative)."""

    name: Pair
    size: str


@dataclass(frozen=True)
class Content:
    """Everything that brief and slides print; texts are as they came, not escaped."""

    title: Pair
    question: Pair
    answers: list[Pair]
    findings: list[Pair]
    figures: list[Figure]
    changes: list[Change]
    changes_left: int
    parks: pd.DataFrame  # site, zh, en, one column per stage (kt a year after the plan), added, closed
    stages: list[str]
    overviews: dict[str, Overview]
    caveats: list[Pair]
    state: Pair
    trust: Pair | None  # how much rests on assumptions
    goals: list[GoalRow]  # each once, in the planning year that misses it most
    notice: Pair  # for whom the map is
    approval: str  # 审图号, blank without one


def said(key: str, /, **facts: object) -> Pair:
    """The sentence ``office.<key>``."""
    return words.text(f"office.{key}", "zh", **facts), words.text(f"office.{key}", "en", **facts)


def told(key: str, /, **facts: Pair) -> Pair:
    """The sentence ``office.<key>`` with facts in two languages."""
    return said(key, **{name: fact[0] for name, fact in facts.items()})[0], said(key, **{name: fact[1] for name, fact in facts.items()})[1]


def with_unit(title: Pair, unit: Pair) -> Pair:
    """A title with its unit in brackets, where there is one."""
    return f"{title[0]}({unit[0]})" if unit[0] else title[0], f"{title[1]} ({unit[1]})" if unit[1] else title[1]


def content(view: ReportView, question: Pair) -> Content:
    """The content of ``view``; ``question`` as the scenario asks it, blank where it asks none."""
    changes = _changes(view)
    parks, stages = _parks(view)
    return Content(
        (view.title_zh, view.title_en), question, view.sentences[:ANSWERS], view.sentences[ANSWERS:], figures(view), changes[:CHANGES],
        max(len(changes) - CHANGES, 0), parks, stages, {found.key: found for found in overviews(view)}, _caveats(view),
        _state(view), _trust(view), worst_rows(goal_rows(view)), notice(view), view.map_approval,
    )


def _changes(view: ReportView) -> list[Change]:
    """What the plan builds and closes, the largest first."""
    rows = view.plan[view.plan["status"].isin(TAKEN) & (view.plan["size"] > 0)].sort_values(["size", "option"], ascending=[False, True])
    return [
        Change((row.name_zh or row.option, row.name_en or row.option), f"−{number(row.size)}" if row.status == "closed" else f"+{number(row.size)}")
        for row in rows_of(rows)
    ]


def _parks(view: ReportView) -> tuple[pd.DataFrame, list[str]]:
    """Sites with capacity after the plan, the largest first, with what is added and closed there."""
    names = Names(view)
    rows = capacity_by_stage(view)
    stages = [stage for stage in PIE_STAGES if (rows["stage"] == stage).any()]
    cells = []
    for site, mine in rows.groupby("site", sort=True):
        after = {stage: float(mine.loc[mine["stage"] == stage, "after"].sum()) for stage in stages}
        zh, en = names.short(str(site))
        cells.append({"site": site, "zh": zh, "en": en, **after, "added": float(mine["added"].sum()), "closed": float(mine["closed"].sum())})
    table = pd.DataFrame(cells, columns=["site", "zh", "en", *stages, "added", "closed"])
    total = table[stages].sum(axis=1)
    return table.assign(_total=total)[total > 0].sort_values("_total", ascending=False, kind="stable").drop(columns="_total"), stages


def _caveats(view: ReportView) -> list[Pair]:
    """What a reader must know before using the figures."""
    found: list[Pair] = []
    if view.summary.get("status") == "feasible":
        found.append(said("caveat_feasible", gap=percent(view.summary.get("gap"), 2)))
    found.append(_sentence(notice(view)))  # early: what does not fit on a slide is left out from the end
    missed = view.clauses[view.clauses["status"] == "missed"]
    if len(missed):
        named = [(f"{row.clause} {row.text_zh}", f"{row.clause} {row.text_en}") for row in rows_of(missed)]
        joined = ";".join(zh for zh, _ in named), "; ".join(en for _, en in named)
        found.append(told("caveat_missed", count=plain(str(len(missed))), named=joined))
    if view.notes:
        found.append(said("caveat_notes", count=len(view.notes)))
    ties = view.summary.get("ties")
    if isinstance(ties, int) and ties > 0:
        found.append(said("caveat_ties", count=ties))
    return found


def _trust(view: ReportView) -> Pair | None:
    """The line on data of grade D as a sentence."""
    line = assumed(view)
    return _sentence(line) if line else None


def _sentence(texts: Pair) -> Pair:
    """A line as a sentence."""
    zh, en = (text.rstrip("。. ") for text in texts)
    return f"{zh}。", f"{en}."


def _state(view: ReportView) -> Pair:
    """Scenario, state of the solution, its gap, the day and the fingerprint of the inputs in one line."""
    status = str(view.summary.get("status", ""))
    known = pair(f"status_{status}") if status in ("optimal", "feasible") else plain(status)
    facts = {
        "scenario": view.scenario, "gap": percent(view.summary.get("gap"), 2), "date": str(view.provenance.get("date", ""))[:10],
        "hash": str(view.provenance.get("case_hash", view.provenance.get("data_hash", "")))[:12],
    }
    return said("state", status=known[0], **facts)[0], said("state", status=known[1], **facts)[1]
