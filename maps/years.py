"""Which planning year a page shows where a plan has several, and the way that output and capacity take through all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd
from markupsafe import Markup

from maps.amounts import capacity_table, year
from maps.escape import both, pair, word
from maps.figures import number
from maps.parks import PIE_STAGES
from maps.sayings import Pair
from maps.tables import Table, column_heads
from maps.view import ReportView, rows_of
from model.explore.labels import Labels
from model.explore.time_words import TimeWords
from model.pipeline import Planned

PRESENT: Final = 1e-9


def shown_stage(plan: Planned) -> str:
    """The last planning year: the plan as it stands when all is decided."""
    return str(plan.results.case.calendar.stages[-1])


def stage_name(plan: Planned, stage: str) -> Pair:
    """What the dataset calls a planning year, without a remark in brackets; else its id."""
    table = plan.prepared.tables.get("stages")
    if table is None or stage not in set(table["stage"]):
        return stage, stage
    row = table.set_index("stage").loc[stage]
    return _bare((str(row["name_zh"]) or stage, str(row["name_en"]) or stage))


def _bare(name: Pair) -> Pair:
    """A name without a remark in brackets."""
    zh, en = (text.replace("(", "(").split("(")[0].strip() for text in name)
    return zh, en


def time_called(plan: Planned) -> Callable[[str], Pair]:
    """What the group of an indicator is called, without remarks in brackets: it stands in brackets itself."""
    called = TimeWords(plan.prepared.tables, plan.results.case.calendar)
    return lambda group: _bare(called(group))


def first_name(plan: Planned) -> Pair:
    """What the first planning year is called, blank where there is only one."""
    stages = plan.results.case.calendar.stages
    return stage_name(plan, str(stages[0])) if len(stages) > 1 else ("", "")


def year_fields(plan: Planned, labels: Labels) -> dict[str, object]:
    """The fields of a view that tell of its planning years and branches: nothing to tell of a single one."""
    calendar = plan.results.case.calendar
    several = len(calendar.stages) > 1
    return {
        "year": stage_name(plan, shown_stage(plan)) if several else ("", ""), "branches": int(calendar.periods["branch"].nunique()),
        "path": path_table(plan, labels) if several else pd.DataFrame(),
    }


def named_branches(plan: Planned, periods: pd.DataFrame) -> pd.DataFrame:
    """``periods`` with branch_zh and branch_en, blank where there is only one branch."""
    called = TimeWords(plan.prepared.tables, plan.results.case.calendar)
    several = periods["branch"].nunique() > 1
    pairs = [called(str(branch)) if several else ("", "") for branch in periods["branch"]]
    return periods.drop(columns="branch").assign(branch_zh=[zh for zh, _ in pairs], branch_en=[en for _, en in pairs])


def path_table(plan: Planned, labels: Labels) -> pd.DataFrame:
    """year_zh, year_en, stage (of the chain), output and capacity (kt a year) of every planning year."""
    rows = []
    for stage in plan.results.case.calendar.stages:
        made = year(plan, "activity", stage)
        chain = made["technology"].map({name: labels.stage(name) for name in made["technology"].unique()})
        output = made.groupby(chain)["value"].sum()
        capacity = capacity_table(plan, labels, stage)
        capacity = capacity[capacity["within"] == ""]  # a tonne of capacity counts once
        after = (capacity["existing"] + capacity["added"] - capacity["closed"]).groupby(capacity["stage"]).sum()
        zh, en = stage_name(plan, str(stage))
        for link in PIE_STAGES:
            amounts = {"output": float(output.get(link, 0.0)), "capacity": float(after.get(link, 0.0))}
            rows.append({"year_zh": zh, "year_en": en, "stage": link, **amounts})
    return pd.DataFrame(rows)


def path(view: ReportView) -> Table:
    """One row per link of the chain that works in any year: output of capacity in every year."""
    names = list(dict.fromkeys(zip(view.path["year_zh"], view.path["year_en"], strict=True)))
    heads = [*column_heads("stage"), *((both(*name), True) for name in names)]
    rows = []
    for link in PIE_STAGES:
        mine = view.path[view.path["stage"] == link]
        if (mine["capacity"] > PRESENT).any() or (mine["output"] > PRESENT).any():
            cells = (f"{number(row.output)} / {number(row.capacity)}" for row in rows_of(mine))
            rows.append((word(f"stage_{link}"), *cells))
    return Table(tuple(heads), tuple(rows))


def first_year(view: ReportView) -> Markup:
    """In which planning year the questions on projects put them, where there are several."""
    if not any(view.year):
        return Markup("")
    zh, en = view.path[["year_zh", "year_en"]].iloc[0]
    return both(pair("projects_years", year=zh)[0], pair("projects_years", year=en)[1])


def told(view: ReportView) -> list[Pair]:
    """Which year and which future the figures of the page belong to, where there are several."""
    found = []
    if any(view.year):
        count = view.path["year_en"].nunique()
        found.append((pair("years_shown", count=count, year=view.year[0])[0], pair("years_shown", count=count, year=view.year[1])[1]))
    if view.branches > 1:
        found.append(pair("branches_shown", count=view.branches))
    return found
