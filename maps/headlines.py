"""The two or three sentences on top of the report and at the end of a run, written from the numbers of the plan."""

from __future__ import annotations

import pandas as pd

from maps.escape import unit_words
from maps.labels import Labels
from model import words
from model.case.columns import core_table
from model.pipeline import Run
from model.words.lookup import known

Pair = tuple[str, str]
PRESENT = 0.5  # unserved amounts below this are rounding
PRICED = 1e-6  # million yuan per unit; bounds with a smaller price do not bind
FULL = 0.999  # capacity used above this share counts as full
PER_TEN_THOUSAND = 0.1  # 10 kt in one 万吨


def sentences(run: Run, labels: Labels, plan: pd.DataFrame) -> list[Pair]:
    """Headline sentences (Chinese, English); what a dataset has no technologies for is not spoken of."""
    made = _made(run, labels)
    found: list[Pair] = []
    if made.get("primary", 0.0) > 0:
        found.append(_primary(run, labels, made, plan))
    found += [*_closed(plan), _built(plan)] if len(plan) else []
    found += _scrap(run, labels, made)
    found += _binding(run) + _shortage(run) + _fragile(run.switch_points)
    return found or [_said("headline_objective", objective=_plain(f"{run.results.objective:,.6g}"))]


def _said(key: str, **facts: Pair) -> Pair:
    zh, en = (words.text(f"view.{key}", language, **{name: pair[i] for name, pair in facts.items()}) for i, language in enumerate(words.LANGUAGES))
    return zh, en


def _plain(text: str) -> Pair:
    return text, text


def _tonnes(kilotonnes: float) -> Pair:
    """Ten thousand tonnes in Chinese, kt in English."""
    return f"{kilotonnes * PER_TEN_THOUSAND:,.1f}", f"{kilotonnes:,.0f}"


def figure(value: float) -> str:
    """A number for a sentence: whole above a thousand, else four digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _expected(run: Run) -> pd.DataFrame:
    periods = run.results.case.calendar.periods
    share = periods[periods["stage"] == run.results.case.calendar.stages[0]].set_index("period")["probability"]
    activity = run.results.values["activity"]
    activity = activity[activity["period"].isin(share.index)]
    return activity.assign(amount=activity["value"] * activity["period"].map(share))


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
    state = _said("idle_none") if idle <= (1 - FULL) * existing else _said("idle_some", value=_tonnes(idle))
    title = run.prepared.scenario.title
    name = run.prepared.scenario.name
    return _said(
        "headline_primary",
        title=(title.get("zh", name), title.get("en", name)),
        primary=_tonnes(made["primary"]),
        sichuan=_tonnes(float(by_region.get("sichuan", 0.0))),
        chongqing=_tonnes(float(by_region.get("chongqing", 0.0))),
        idle=state,
        alumina=_tonnes(made.get("alumina", 0.0)),
    )


def _built(plan: pd.DataFrame) -> Pair:
    built = plan[plan["status"] == "built"]
    if built.empty:
        return _said("headline_built_none")
    largest = built.sort_values(["size", "option"], ascending=[False, True]).iloc[0]
    return _said(
        "headline_built",
        count=_plain(str(len(built))),
        size=_tonnes(float(built["size"].sum())),
        largest=(str(largest["name_zh"]), str(largest["name_en"])),
    )


def _closed(plan: pd.DataFrame) -> list[Pair]:
    closed = plan[plan["status"] == "closed"].sort_values(["size", "option"], ascending=[False, True])
    if closed.empty:
        return []
    listed = ("、".join(closed["name_zh"]), ", ".join(closed["name_en"]))
    return [_said("headline_closed", size=_tonnes(float(closed["size"].sum())), listed=listed)]


def _scrap(run: Run, labels: Labels, made: dict[str, float]) -> list[Pair]:
    """Output and use of recycling lines and of the scrap on offer; lines with room mean that sites do not bind."""
    use = _line_use(run)
    if not use:
        return []
    full = [share >= FULL for share in use.values()]
    key = "scrap_lines" if all(full) else "scrap_room"
    names = [(known(f"view.unit_{unit}", unit), f"{share:.0%}") for unit, share in use.items()]
    lines = "、".join(f"{name[0]} {share}" for name, share in names), ", ".join(f"{name[1]} {share}" for name, share in names)
    return [_said(f"headline_{key}", made=_tonnes(made.get("recycled", 0.0)), lines=lines, shares=_scrap_use(run))]


def _line_use(run: Run) -> dict[str, float]:
    """Share of the capacity in use of each kind of recycling line, old and new lines together."""
    technologies = run.prepared.tables.get("technologies")
    if technologies is None:
        return {}
    recycling = set(technologies.loc[technologies["stage"] == "recycling", "technology"])
    relations, periods = run.results.case.relations, run.results.case.calendar.periods.set_index("period")["length"]
    use = relations["use"][relations["use"]["technology"].isin(recycling)]
    used = _expected(run).merge(use, on=["technology", "site"])
    used = used.assign(amount=used["amount"] * used["use"]).groupby("unit")["amount"].sum()
    existing = relations["existing"][relations["existing"]["unit"].isin(set(use["unit"]))]
    room = (existing["amount"] * existing["period"].map(periods)).groupby(existing["unit"]).sum()
    effect = relations["effect"][relations["effect"]["unit"].isin(set(use["unit"]))].drop_duplicates(["option", "unit"])
    built = effect.merge(run.results.values["size"][["option", "value"]], on="option")
    added = (built["per_size"] * built["value"]).groupby(built["unit"]).sum()
    room = room.add(added, fill_value=0.0)
    return {str(unit): float(used.get(unit, 0.0)) / float(room[unit]) for unit in sorted(room.index) if room[unit] > 0}


def _scrap_use(run: Run) -> Pair:
    """How much of the offered scrap the plan takes, by class: what is taken whole binds."""
    supply = run.results.values["supply"]
    offered = run.results.case.columns["supply"].assign(value=supply["value"])
    offered = offered[(offered["cost_class"] == "scrap") & offered["upper"].notna()]
    sums = offered.groupby("commodity")[["value", "upper"]].sum()
    names = core_table(run.prepared.core, "commodities").set_index("commodity")
    parts = [
        (f"{names.loc[good, 'name_zh']} {row['value'] / row['upper']:.0%}", f"{names.loc[good, 'name_en']} {row['value'] / row['upper']:.0%}")
        for good, row in sums.iterrows()
        if row["upper"] > 0
    ]
    return "、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)


def _binding(run: Run) -> list[Pair]:
    """The indicators whose floor or ceiling the plan touches at a price."""
    parts = [run.results.duals[family] for family in ("indicator_floor", "indicator_ceiling")]
    table = pd.concat([part[part["value"].abs() > PRICED] for part in parts])
    names = run.results.case.labels["indicators"].set_index("indicator")
    ids = sorted(set(table["indicator"]))
    if not ids:
        return []
    zh = "、".join(str(names.loc[name, "name_zh"]) or name for name in ids)
    en = ", ".join(str(names.loc[name, "name_en"]) or name for name in ids)
    return [_said("headline_binding", listed=(zh, en))]


def _shortage(run: Run) -> list[Pair]:
    """What missing supply costs, and the objective without it: the price of shedding would otherwise hide everything else."""
    short = run.results.values["short"]
    cost = float(short["cost"].sum())
    if cost <= 0:
        return []
    sums = short.groupby("commodity")["value"].sum()
    table = run.prepared.core.get("commodities", pd.DataFrame({"commodity": []})).set_index("commodity")
    parts = [(str(good), f"{value:,.0f}") for good, value in sums.items() if value > PRESENT]
    named = [(table.loc[good] if good in table.index else {"name_zh": good, "name_en": good, "unit": ""}, amount) for good, amount in parts]
    listed = (
        "、".join(f"{row['name_zh']} {amount} {row['unit']}" for row, amount in named),
        ", ".join(f"{row['name_en']} {amount} {row['unit']}" for row, amount in named),
    )
    rest = _plain(f"{run.results.objective - cost:,.0f}")
    return [_said("headline_shortage", listed=listed, cost=_plain(f"{cost:,.0f}"), rest=rest)]


def _fragile(points: pd.DataFrame) -> list[Pair]:
    """The choice whose switch point lies nearest to the central value, in units of the input's own range."""
    table = points[points["flips_at"].notna() & (points["high"] > points["low"])] if len(points) else points
    if table.empty:
        return []
    row = table.iloc[0].to_dict()  # the fragile come first
    facts = {
        "side": _said(f"side_{row['holds']}"),
        "central": _plain(figure(row["central"])),
        "flips": _plain(figure(row["flips_at"])),
        "unit": unit_words(str(row["unit"])),
    }
    return [_said("headline_fragile", what=(str(row["what_zh"]), str(row["what_en"])), input=(str(row["input_zh"]), str(row["input_en"])), **facts)]
