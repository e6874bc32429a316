"""Policy in the report: what became of every clause, the account of every pool, and who gains how much."""

from __future__ import annotations

import math

import pandas as pd
from markupsafe import Markup

from maps.escape import both, known_word, shown, unit_markup, word
from maps.figures import YUAN_PER_TONNE, compact, number
from maps.margins import DIVIDED
from maps.names import Names
from maps.tables import Table, column_heads, tight, without_blank_columns
from maps.view import ReportView, rows_of
from maps.years import time_called
from model import gains
from model.explore.clauses import scoreboard
from model.explore.time_words import TimeWords
from model.ledger import keep
from model.pipeline import Run

SPLIT = "margin rights output_value power carbon tax jobs"


def ledger_table(run: Run) -> pd.DataFrame:
    """The accounts of the plan with their names; those of single lines are left out."""
    names = run.results.case.labels["ledgers"][["ledger", "name_zh", "name_en"]]
    accounts = keep(run.results.case, run.results.values["size"], run.results.duals["indicator_ceiling"]).accounts
    if accounts.empty:
        return accounts.assign(name_zh="", name_en="")
    called = TimeWords(run.prepared.tables, run.results.case.calendar)
    pairs = [called(str(stage)) for stage in accounts["stage"]]
    accounts = accounts.assign(stage_zh=[zh for zh, _ in pairs], stage_en=[en for _, en in pairs])
    accounts = accounts[~accounts["ledger"].str.startswith(DIVIDED)]
    return accounts.merge(names, on="ledger", how="left").fillna({"name_zh": "", "name_en": ""})


def split_table(run: Run) -> pd.DataFrame:
    """Margin and measures by site, in the planning years of the objective; none without named regions."""
    table = gains.table(run.results, run.prepared.core, run.prepared.tables.get("split_columns"))
    return table if (table["region"] != "").any() else table.iloc[:0]


def clause_table(run: Run) -> pd.DataFrame:
    """The scoreboard of the clauses, with the name of the time in which a bound is missed most where the plan has several years."""
    table = scoreboard(run).clauses
    called = time_called(run)
    several = len(run.results.case.calendar.stages) > 1
    pairs = [called(group) if several and group else ("", "") for group in table["group"]]
    return table.assign(group_zh=[zh for zh, _ in pairs], group_en=[en for _, en in pairs])


def ledgers(view: ReportView) -> Table:
    """Given up, created, bought, used, expired and carried on in every account, and what one more unit is worth."""
    rows = []
    for row in rows_of(view.ledger):
        amounts = (number(value) for value in (row.given_up, row.created, row.bought, row.used, row.expired, row.carried_out))
        worth = (compact(YUAN_PER_TONNE * value) for value in (row.worth, row.worth_once))
        stage = both(row.stage_zh or row.stage, row.stage_en or row.stage) if view.ledger["stage"].nunique() > 1 else ""
        rows.append((both(row.name_zh or row.ledger, row.name_en or row.ledger), stage, *amounts, *worth))
    keys = "pool stage_of_plan #given_up #created #bought #used #expired #carried_out #quota_worth #quota_once"
    return without_blank_columns(column_heads(keys), rows)


def split(view: ReportView, names: Names) -> Table:
    """One row per region with its sums in bold, then the sites where anything arises."""
    rows: list[tuple[object, ...]] = []
    columns = SPLIT.split()
    for region, part in view.split.groupby("region", sort=True):
        sums = [part[column].sum(min_count=1) for column in columns]
        name = word(f"region_{region}" if region in ("chongqing", "sichuan") else "region_none")
        rows.append((Markup("<b>") + name + Markup("</b>"), *map(_amount, sums)))
        shown_sites = part[part[columns].abs().max(axis=1) > 0.5]
        rows += [(names.site_markup(row.site), *(_amount(getattr(row, column)) for column in columns)) for row in rows_of(shown_sites)]
    return Table(column_heads("park " + " ".join(f"#split_{column}" for column in columns)), tuple(rows), kind="broken-heads")


def _amount(value: float) -> Markup:
    return word("no_figure") if math.isnan(value) else shown(number(value))


def clauses(view: ReportView) -> Table:
    """Every clause with what became of it; by how much a bound is missed, or why it is not modelled."""
    rows = []
    for row in rows_of(view.clauses):
        state = Markup(f'<span class="state state-{_colour(row.status)}">') + known_word("clause", row.status) + Markup("</span>")
        missed = "" if math.isnan(row.missed_by) else shown(compact(row.missed_by)) + Markup(" ") + unit_markup(row.unit)
        missed += both(f"({row.group_zh})", f" ({row.group_en})") if missed and row.group_en else ""
        rows.append((tight(row.clause), both(row.text_zh, row.text_en), state, missed, both(row.reason_zh, row.reason_en)))
    return Table(column_heads("clause what_it_says status missed_by reason_why"), tuple(rows))


def _colour(status: str) -> str:
    return {"met": "met", "missed": "missed", "carried": "free", "elsewhere": "free"}.get(status, "free")
