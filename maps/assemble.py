"""From a run to the view that report and workbook show: everything of one planning year, in both languages."""

from __future__ import annotations

import pandas as pd

from maps import headlines, policy, prices, waterfalls
from maps.coordinates import to_wgs84
from maps.projects import plan_table
from maps.view import ReportView
from model import accounting, words
from model.case import COLUMN_KEYS
from model.explore.answers import asked
from model.explore.benchmark import benchmark_table
from model.explore.labels import Labels
from model.output import provenance, summarise
from model.pipeline import Run
from model.words.lookup import known

TIES_SHOWN = 6
PRESENT = 1e-6  # sizes below this are not built


def assemble(run: Run) -> ReportView:
    """The report's view of ``run``: the first stage of its horizon."""
    labels = Labels(run)
    title = run.prepared.scenario.title
    name = run.prepared.scenario.name
    core = run.prepared.core
    plan = plan_table(run, labels)
    costs = accounting.cost_by_class(run.results)
    traced = accounting.trace(run.results, run.results.case.calendar.stages[0])
    return ReportView(
        title_zh=title.get("zh", name),
        title_en=title.get("en", name),
        scenario=name,
        summary=summarise(run),
        provenance=_provenance(run),
        sites=_sites(core),
        commodities=_commodities(core),
        technologies=labels.technologies,
        capacity=capacity_table(run, labels),
        activity=_year(run, "activity")[["technology", "site", "period", "value"]],
        flow=_flow(run),
        nodes=_nodes(run),
        supply=_year(run, "supply").rename(columns={"unit_price": "price"})[["commodity", "site", "period", "value", "tier", "price"]],
        sale=_sold(run, "sale"),
        short=_sold(run, "short"),
        balance_power=power_table(run, labels),
        firms=_firms(run),
        duals=prices.price_table(run),
        waterfalls=waterfalls.table(run, labels, traced),
        indicators=_indicators(run),
        switch_points=run.switch_points,
        benchmarks=benchmark_table(run.prepared.tables),
        plan=plan,
        cost_classes=_cost_classes(costs),
        sources=_sources(run),
        grades=_grades(run),
        ties=_ties(run, labels),
        shedding=asked(run).shedding,
        ledger=policy.ledger_table(run),
        split=policy.split_table(run),
        clauses=policy.clause_table(run),
        sentences=headlines.sentences(run, labels, plan),
    )


def _provenance(run: Run) -> dict[str, object]:
    facts = provenance(run)
    return {"date": facts["finished"], "case_hash": facts["case_hash"], "dataset": facts["dataset"], **facts["versions"]}


def _sites(core: dict[str, pd.DataFrame]) -> pd.DataFrame:
    sites = core.get("sites")
    if sites is None:
        return pd.DataFrame()
    return to_wgs84(sites)[["site", "name_zh", "name_en", "kind", "region", "lat", "lon"]]


def _commodities(core: dict[str, pd.DataFrame]) -> pd.DataFrame:
    table = core.get("commodities")
    return pd.DataFrame() if table is None else table[["commodity", "name_zh", "name_en", "unit"]]


def _year(run: Run, family: str) -> pd.DataFrame:
    """Values of the first stage, expected over its branches, without zeros."""
    periods = run.results.case.calendar.periods
    share = periods[periods["stage"] == run.results.case.calendar.stages[0]].set_index("period")["probability"]
    table = run.results.values[family]
    table = table[table["period"].isin(share.index) & (table["value"] > 0)].copy()
    table["value"] = table["value"] * table["period"].map(share)
    return table


def _flow(run: Run) -> pd.DataFrame:
    flow = _year(run, "flow").rename(columns={"unit_price": "unit_cost"})
    lanes = run.prepared.core.get("lanes")
    if lanes is None or flow.empty:
        return pd.DataFrame()
    key = list(COLUMN_KEYS["flow"][:-1])
    routes = lanes.drop_duplicates(key)[[*key, "kilometres", "route"]]
    return flow.merge(routes, on=key, how="left")[[*key, "period", "value", "unit_cost", "kilometres", "route"]]


def _sold(run: Run, family: str) -> pd.DataFrame:
    table = _year(run, family)
    sign = -1.0 if family == "sale" else 1.0
    return table.assign(price=sign * table["unit_price"])[["commodity", "site", "period", "value", "segment", "price"]]


def _nodes(run: Run) -> pd.DataFrame:
    table = run.prepared.tables.get("corridor_nodes")
    return pd.DataFrame() if table is None else table[["node", "name_zh", "name_en", "lat", "lon"]]


def _firms(run: Run) -> pd.DataFrame:
    table = run.prepared.tables.get("firms")
    if table is None:
        return pd.DataFrame()
    return table.rename(columns={"name_zh": "firm_zh", "name_en": "firm_en"})[["site", "firm_zh", "firm_en", "note"]]


def capacity_table(run: Run, labels: Labels) -> pd.DataFrame:
    """Existing, added and closed capacity of every unit and site in the first stage, kt or GWh a year."""
    relations, values = run.results.case.relations, run.results.values
    stage = run.results.case.calendar.stages[0]
    existing = relations["existing"].groupby(["unit", "site"], as_index=False)[["amount"]].mean().rename(columns={"amount": "existing"})
    effect = relations["effect"][relations["effect"]["stage"] == stage]
    size = values["size"].rename(columns={"stage": "decided", "value": "size"})
    change = effect.merge(size[["option", "decided", "size"]], on=["option", "decided"])
    change["change"] = change["per_size"] * change["size"]
    change["added"], change["closed"] = change["change"].clip(lower=0.0), -change["change"].clip(upper=0.0)
    sums = change.groupby(["unit", "site"], as_index=False)[["added", "closed"]].sum()
    table: pd.DataFrame = existing.merge(sums, on=["unit", "site"], how="outer").fillna({"existing": 0.0, "added": 0.0, "closed": 0.0})
    table = table[(table["existing"] > 0) | (table["added"] > PRESENT)].reset_index(drop=True)
    names = [labels.unit(unit, site) for unit, site in zip(table["unit"], table["site"], strict=True)]
    return table.assign(
        stage=[labels.unit_stage(unit, site) for unit, site in zip(table["unit"], table["site"], strict=True)],
        name_zh=[zh for zh, _ in names],
        name_en=[en for _, en in names],
    )


def power_table(run: Run, labels: Labels) -> pd.DataFrame:
    """Monthly energy of every power zone by item, GWh: sources positive, uses negative; the sum is the unused surplus."""
    sites = run.prepared.core.get("sites")
    if sites is None:
        return pd.DataFrame()
    zones = set(sites.loc[sites["kind"] == "power_zone", "site"])
    supply, sale, flow = _year(run, "supply"), _year(run, "sale"), _year(run, "flow")
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
    return pd.DataFrame(rows).groupby(key, as_index=False, sort=False)[["value"]].sum()


def _said(entry: str) -> tuple[str, str]:
    return words.text(f"view.{entry}", "zh"), words.text(f"view.{entry}", "en")


def _component(tier: str) -> tuple[str, str]:
    component = tier.split("_", 1)[-1]  # "2_thermal_reserve": the order of use stands before the name
    return known(f"power.component_{component}", tier)


def _indicators(run: Run) -> pd.DataFrame:
    names = run.results.case.labels["indicators"][["indicator", "name_zh", "name_en", "unit", "clause"]]
    return run.results.indicators.merge(names, on="indicator")


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
    """Choices of activity and size that may differ at the same cost, the largest first; power contracts follow their users."""
    rows = []
    for row in run.results.ties.to_dict("records"):
        first, _, second = str(row["index"]).partition(", ")
        if row["family"] != "activity" or labels.stage(first) in ("power", "other"):
            continue
        what, where = labels.technology(first), labels.site(second)
        facts = {"shown": f"{row['shown']:,.0f}", "other": f"{row['other']:,.0f}"}
        rows.append(
            {f"text_{language}": words.text("view.tie", language, what=what[i], site=where[i], **facts) for i, language in enumerate(words.LANGUAGES)}
        )
    return pd.DataFrame(rows[:TIES_SHOWN])
