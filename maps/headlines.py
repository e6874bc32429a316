"""The two or three sentences on top of the report and at the end of a run, written from the numbers of the plan."""

from __future__ import annotations

import pandas as pd

from maps import goals, margins
from maps.amounts import capacity_table
from maps.sayings import Pair, listed, plain, said, tonnes
from maps.years import first_name, shown_stage, stage_name, time_called
from model.case.columns import core_table
from model.explore.answers import asked
from model.explore.labels import Labels
from model.pipeline import Run
from model.words.lookup import known

FULL = 0.999  # capacity used above this share counts as full


def sentences(run: Run, labels: Labels, plan: pd.DataFrame) -> list[Pair]:
    """Headline sentences (Chinese, English); what a dataset has no technologies for is not spoken of."""
    made = _made(run, labels)
    found: list[Pair] = []
    if made.get("primary", 0.0) > 0:
        found.append(_primary(run, labels, made, plan))
    found += [*_closed(plan), _built(run, plan)] if len(plan) else []
    found += goals.sentence(run.results, time_called(run))
    found += margins.projects(plan, first_name(run)) if len(plan) else []
    found += _scrap(run, labels, made) + margins.imports(run, made.get("primary", 0.0) + made.get("recycled", 0.0))
    found += margins.binding(run) + margins.shortage(run, asked(run).shedding) + margins.fragile(run.switch_points)
    return found or [said("headline_objective", objective=plain(f"{run.results.objective:,.6g}"))]


def _expected(run: Run) -> pd.DataFrame:
    periods = run.results.case.calendar.periods
    share = periods[periods["stage"] == shown_stage(run)].set_index("period")["probability"]
    activity = run.results.values["activity"]
    activity = activity[activity["period"].isin(share.index)]
    return activity.assign(amount=activity["value"] * activity["period"].map(share).astype(float))


def _made(run: Run, labels: Labels) -> dict[str, float]:
    """Activity of each stage of the chain over the year."""
    activity = _expected(run)
    stage = activity["technology"].map({name: labels.stage(name) for name in activity["technology"].unique()})
    return {str(name): float(value) for name, value in activity.groupby(stage)["amount"].sum().items()}


def _primary(run: Run, labels: Labels, made: dict[str, float], plan: pd.DataFrame) -> Pair:
    activity = _expected(run)
    primary = activity[[labels.stage(technology) == "primary" for technology in activity["technology"]]]
    sites = core_table(run.prepared.core, "sites").set_index("site")["region"]
    by_region = primary.groupby(primary["site"].map(sites))["amount"].sum()
    plants = run.prepared.tables.get("plants")
    existing = float(plants["capacity"].sum()) if plants is not None else made["primary"]
    running = float(primary[~primary["technology"].str.startswith("smelt_new")]["amount"].sum())
    closed = plan[(plan["status"] == "closed") & (plan["stage"] == "primary")] if len(plan) else plan
    idle = existing - (float(closed["size"].sum()) if len(closed) else 0.0) - running
    state = said("idle_none") if idle <= (1 - FULL) * existing else said("idle_some", value=tonnes(idle))
    return said(
        "headline_primary",
        title=_title(run),
        primary=tonnes(made["primary"]),
        sichuan=tonnes(float(by_region.get("sichuan", 0.0))),
        chongqing=tonnes(float(by_region.get("chongqing", 0.0))),
        idle=state,
        alumina=tonnes(made.get("alumina", 0.0)),
    )


def _title(run: Run) -> Pair:
    """The title of the scenario, and the planning year that the figures belong to where there are several."""
    title, name = run.prepared.scenario.title, run.prepared.scenario.name
    zh, en = title.get("zh", name), title.get("en", name)
    if len(run.results.case.calendar.stages) < 2:
        return zh, en
    year = stage_name(run, shown_stage(run))
    return f"{zh},{year[0]}", f"{en}, {year[1]}"


def _built(run: Run, plan: pd.DataFrame) -> Pair:
    """What is built; sizes of core tables alone carry no unit (R19), so they are named without one."""
    built = plan[plan["status"].isin(margins.TAKEN)]
    if built.empty:
        return said("headline_built_none")
    if "technologies" not in run.prepared.tables:
        names = list(zip(built["name_zh"], built["name_en"], strict=True))
        return said("headline_chosen", count=plain(str(len(built))), listed=listed(names))
    return said(
        "headline_built",
        count=plain(str(len(built))),
        size=tonnes(float(built["size"].sum())),
        largest=margins.largest(built),
    )


def _closed(plan: pd.DataFrame) -> list[Pair]:
    closed = plan[plan["status"] == "closed"].sort_values(["size", "option"], ascending=[False, True])
    if closed.empty:
        return []
    names = list(zip(closed["name_zh"], closed["name_en"], strict=True))
    return [said("headline_closed", size=tonnes(float(closed["size"].sum())), listed=listed(names))]


def _scrap(run: Run, labels: Labels, made: dict[str, float]) -> list[Pair]:
    """Output and use of recycling lines and of the scrap on offer; lines with room mean that sites do not bind."""
    use = _line_use(run, labels)
    if not use:
        return []
    full = [share >= FULL for share in use.values()]
    key = "scrap_lines" if all(full) else "scrap_room"
    names = [(known(f"view.line_{unit}", unit), f"{share:.0%}") for unit, share in use.items()]
    lines = listed([(f"{name[0]} {share}", f"{name[1]} {share}") for name, share in names])
    return [said(f"headline_{key}", made=tonnes(made.get("recycled", 0.0)), lines=lines, shares=_scrap_use(run))]


def _line_use(run: Run, labels: Labels) -> dict[str, float]:
    """Share of the capacity in use of each kind of recycling line in the year shown, old and new lines together.

    Whatever takes up a line counts, also the metal that dilutes what is made of scrap there.
    """
    technologies = run.prepared.tables.get("technologies")
    if technologies is None:
        return {}
    recycling = set(technologies.loc[technologies["stage"] == "recycling", "technology"])
    use = run.results.case.relations["use"]
    use = use[use["unit"].isin(use.loc[use["technology"].isin(recycling), "unit"])]
    work = _expected(run).merge(use, on=["technology", "site"])
    used = (work["amount"] * work["use"]).groupby(work["unit"]).sum()
    table = capacity_table(run, labels, shown_stage(run))
    table = table[table["unit"].isin(set(use["unit"]))]
    room = (table["existing"] + table["added"] - table["closed"]).groupby(table["unit"]).sum()
    return {str(unit): float(used.get(unit, 0.0)) / float(room[unit]) for unit in sorted(room.index) if room[unit] > 0}


def _scrap_use(run: Run) -> Pair:
    """How much of the scrap offered in the year shown the plan takes, by class: what is taken whole binds."""
    periods = run.results.case.calendar.periods
    share = periods[periods["stage"] == shown_stage(run)].set_index("period")["probability"]
    offered = run.results.case.columns["supply"].assign(value=run.results.values["supply"]["value"])
    offered = offered[offered["period"].isin(share.index)]
    offered = offered.assign(**{name: offered[name] * offered["period"].map(share).astype(float) for name in ("value", "upper")})
    offered = offered[(offered["cost_class"] == "scrap") & offered["upper"].notna()]
    sums = offered.groupby("commodity", as_index=False)[["value", "upper"]].sum()
    named = sums[sums["upper"] > 0].merge(core_table(run.prepared.core, "commodities"), on="commodity")
    shares = [(row, f"{row['value'] / row['upper']:.0%}") for row in named.to_dict("records")]
    parts = [(f"{row['name_zh']} {share}", f"{row['name_en']} {share}") for row, share in shares]
    return listed(parts)
