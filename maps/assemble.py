"""From a run to the view that report and workbook show: everything of one planning year, in both languages."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from maps import goals, headlines, policy, prices, sayings, waterfalls
from maps.amounts import map_fields, year
from maps.evidence import evidence_table
from maps.materials import material_table
from maps.months import period_table
from maps.projects import plan_table
from maps.stores import store_table
from maps.view import ReportView
from maps.years import named_branches, shown_stage, stage_name, time_called, year_fields
from model import accounting, words
from model.explore import input_lines
from model.explore.answers import asked
from model.explore.benchmark import benchmark_table
from model.explore.inputs import table_differences
from model.explore.labels import Labels
from model.explore.row_names import RowNames
from model.explore.time_words import TimeWords
from model.output import provenance, summarise
from model.pipeline import Run
from model.words.lookup import known

TIES_SHOWN = 6


def assemble(run: Run) -> ReportView:
    """The report's view of ``run``: the last planning year of its horizon."""
    labels = Labels(run)
    title = run.prepared.scenario.title
    name = run.prepared.scenario.name
    stage = shown_stage(run)
    plan = plan_table(run, labels)
    costs = accounting.cost_by_class(run.results)
    traced = accounting.trace(run.results, stage)
    return ReportView(
        title_zh=title.get("zh", name),
        title_en=title.get("en", name),
        scenario=name,
        summary=summarise(run),
        notes=[(note.text("zh"), note.text("en")) for note in run.prepared.notes],
        provenance=_provenance(run),
        **map_fields(run, labels, stage),
        **year_fields(run, labels),
        periods=named_branches(run, period_table(run, stage)),
        materials=material_table(run, labels, stage),
        balance_power=power_table(run, labels),
        firms=_firms(run),
        evidence=evidence_table(run.prepared.tables),
        duals=prices.price_table(run),
        waterfalls=waterfalls.table(run, labels, traced),
        indicators=_indicators(run),
        goals=goals.table(run.results, time_called(run)),
        switch_points=run.switch_points,
        benchmarks=benchmark_table(run.prepared.tables),
        plan=plan,
        cost_classes=_cost_classes(costs),
        sources=_sources(run),
        grades=_grades(run),
        ties=_ties(run, labels),
        shedding=asked(run).shedding,
        stores=store_table(run, stage),
        ledger=policy.ledger_table(run),
        split=policy.split_table(run),
        clauses=policy.clause_table(run),
        sentences=headlines.sentences(run, labels, plan),
        inputs=_inputs(run),
        question=(run.prepared.scenario.question.get("zh", ""), run.prepared.scenario.question.get("en", "")),
        sections=asked(run).sections,
    )


def _inputs(run: Run) -> list[tuple[str, str]]:
    """What the scenario changes in the tables of its dataset, as sentences in both languages."""
    before, after = run.prepared.dataset.tables, run.prepared.tables
    found = table_differences(before, after)
    zh, en = (input_lines.sentences(found, after, RowNames(after, before), language) for language in words.LANGUAGES)
    return list(zip(zh, en, strict=True))


def _provenance(run: Run) -> dict[str, object]:
    facts = provenance(run)
    return {"date": when(str(facts["finished"])), "case_hash": facts["case_hash"], "dataset": facts["dataset"], **facts["versions"]}


def when(finished: str) -> str:
    """A time of run.json, which is UTC, as the clock of this computer shows it, with its zone."""
    local = datetime.fromisoformat(finished).astimezone()
    zone = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} (UTC{zone[:3]}:{zone[3:5]})"


def _firms(run: Run) -> pd.DataFrame:
    table = run.prepared.tables.get("firms")
    if table is None:
        return pd.DataFrame()
    return table.rename(columns={"name_zh": "firm_zh", "name_en": "firm_en"})[["site", "firm_zh", "firm_en", "note"]]


def power_table(run: Run, labels: Labels) -> pd.DataFrame:
    """Monthly energy of every power zone by item, GWh: sources positive, uses negative; the sum is the unused surplus."""
    sites = run.prepared.core.get("sites")
    if sites is None:
        return pd.DataFrame()
    zones = set(sites.loc[sites["kind"] == "power_zone", "site"])
    stage = shown_stage(run)
    supply, sale, flow = (year(run, family, stage) for family in ("supply", "sale", "flow"))
    parts = [(row["site"], row["period"], _component(str(row["tier"])), row["value"]) for row in supply.to_dict("records") if row["site"] in zones]
    parts += [(row["site"], row["period"], _said("other_load"), -row["value"]) for row in sale.to_dict("records") if row["site"] in zones]
    for row in flow.to_dict("records"):
        if row["from"] in zones:
            parts.append((row["from"], row["period"], _said("tie_out" if row["to"] in zones else "aluminium_use"), -row["value"]))
        if row["to"] in zones:
            parts.append((row["to"], row["period"], _said("tie_in"), row["value"]))
    rows = [
        {
            "zone": zone,
            "period": period,
            "item_zh": item[0],
            "item_en": item[1],
            "value": value,
            "zone_zh": labels.site(zone)[0],
            "zone_en": labels.site(zone)[1],
        }
        for zone, period, item, value in parts
    ]
    if not rows:
        return pd.DataFrame()
    key = ["zone", "period", "item_zh", "item_en", "zone_zh", "zone_en"]
    table = pd.DataFrame(rows).groupby(key, as_index=False, sort=False)[["value"]].sum()
    order = {period: place for place, period in enumerate(run.results.case.calendar.periods["period"])}
    return table.sort_values("period", key=lambda column: column.map(order), kind="stable", ignore_index=True)


def _said(entry: str) -> tuple[str, str]:
    return words.text(f"view.{entry}", "zh"), words.text(f"view.{entry}", "en")


def _component(tier: str) -> tuple[str, str]:
    component = tier.split("_", 1)[-1]  # "2_thermal_reserve": the order of use stands before the name
    return known(f"power.component_{component}", tier)


def _indicators(run: Run) -> pd.DataFrame:
    names = run.results.case.labels["indicators"][["indicator", "name_zh", "name_en", "unit", "clause"]]
    table = run.results.indicators.merge(names, on="indicator")
    called = TimeWords(run.prepared.tables, run.results.case.calendar)
    pairs = [called(str(group)) for group in table["group"]]
    return table.assign(group_zh=[zh for zh, _ in pairs], group_en=[en for _, en in pairs])


def _cost_classes(costs: pd.DataFrame) -> pd.DataFrame:
    pairs = [known(f"cost_classes.{name}", name) for name in costs["cost_class"]]
    return costs.assign(label_zh=[zh for zh, _ in pairs], label_en=[en for _, en in pairs])


def _sources(run: Run) -> pd.DataFrame:
    """The sources with ``_used``: 1 where a row of another table names it."""
    table = run.prepared.tables.get("sources")
    if table is None:
        return pd.DataFrame()
    cells = {cell for name, rows in run.prepared.tables.items() if name != "sources" and "source" in rows for cell in rows["source"]}
    named = {part.strip() for cell in cells for part in str(cell).replace(";", ";").split(";")}
    return table.assign(_used=["1" if source in named else "" for source in table["source_id"]])


def _grades(run: Run) -> pd.DataFrame:
    counts = pd.concat([table["grade"] for name, table in run.prepared.tables.items() if name != "sources" and len(table)])
    rows = counts.value_counts().rename_axis("grade").reset_index(name="rows")
    table: pd.DataFrame = rows.merge(accounting.money_by_grade(run.results), on="grade", how="outer").fillna({"rows": 0, "share_of_cost": 0.0})
    return table[(table["rows"] > 0) | (table["share_of_cost"] > 0)]


def _ties(run: Run, labels: Labels) -> pd.DataFrame:
    """Choices of activity that may differ at the same cost, the largest first, with their year; power contracts follow their users."""
    rows, several = [], len(run.results.case.calendar.stages) > 1
    for row in run.results.ties.to_dict("records"):
        first, _, second = str(row["index"]).partition(", ")
        if row["family"] != "activity" or labels.stage(first) in ("power", "other"):
            continue
        what, where = labels.technology(first), labels.site(second)
        year = stage_name(run, row["stage"]) if several else ("", "")
        amounts = {name: sayings.tonnes(row[name]) for name in ("shown", "other")}
        zh, en = sayings.said("tie_of_year" if several else "tie", year=year, what=what, site=where, **amounts)
        rows.append({"text_zh": zh, "text_en": en})
    return pd.DataFrame(rows[:TIES_SHOWN])
