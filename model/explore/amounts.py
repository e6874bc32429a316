"""What a plan makes, buys, sells and can do, year by year: yearly amounts expected over the branches of each stage."""

from __future__ import annotations

import pandas as pd

from model.explore.booking import main_goods
from model.pipeline import Planned
from model.tables import blank, summed

WEIGHED = ("kt", "t", "")  # units that are tonnes; goods without a unit are taken as such
OUTPUT, CAPACITY = "output", "capacity"
MADE, BOUGHT, SOLD, MISSING = "made", "bought", "sold", "missing"


def outputs(plan: Planned) -> pd.DataFrame:
    """technology, site, stage, value: what each process makes of its main good in a year of each stage.

    Only goods that are weighed (``WEIGHED``): processes that pass on power have no tonnes.
    """
    recipe = plan.results.case.relations["recipe"]
    goods = pd.DataFrame([(*key, good) for key, good in main_goods(plan).items()], columns=["technology", "site", "commodity"])
    main = recipe.merge(goods, on=["technology", "site", "commodity"])
    commodities = plan.results.case.labels["commodities"]
    units = dict(zip(commodities["commodity"], commodities["unit"], strict=True))
    weighed = {good for good in main["commodity"] if units.get(good, "") in WEIGHED}
    main = main[(main["quantity"] > 0) & main["commodity"].isin(weighed)]
    rows = _yearly(plan, "activity").merge(main, on=["technology", "site"])
    return summed(rows.assign(value=rows["value"] * rows["quantity"]), ["technology", "site", "stage"], "value")


def capacities(plan: Planned) -> pd.DataFrame:
    """unit, site, stage, value: existing capacity and what options add to it, mean of the periods of each stage, a yearly rate."""
    case, periods = plan.results.case, plan.results.case.calendar.periods
    existing = case.relations["existing"].merge(periods[["period", "stage", "length", "probability"]], on="period")
    existing = existing.assign(value=existing["amount"] * existing["length"] * existing["probability"])
    decided = pd.concat([plan.results.values["size"].assign(per="per_size"), plan.results.values["open"].assign(per="per_open")])
    effects = case.relations["effect"].melt(["unit", "site", "stage", "option", "decided"], ["per_open", "per_size"], "per", "each")
    added = effects.merge(decided.rename(columns={"stage": "decided"})[["option", "decided", "per", "value"]], on=["option", "decided", "per"])
    added = added.assign(value=added["each"] * added["value"])
    key = ["unit", "site", "stage"]
    parts = [part[[*key, "value"]] for part in (existing, added) if len(part)]
    return summed(pd.concat(parts), key, "value") if parts else blank(key, ("value",))


def goods(plan: Planned) -> pd.DataFrame:
    """commodity, kind (made, bought, sold, missing), stage, value: yearly amounts of every good."""
    recipe = plan.results.case.relations["recipe"]
    made = _yearly(plan, "activity").merge(recipe[recipe["quantity"] > 0], on=["technology", "site"])
    parts = [made.assign(value=made["value"] * made["quantity"], kind=MADE)]
    parts += [_yearly(plan, family).assign(kind=kind) for family, kind in (("supply", BOUGHT), ("sale", SOLD), ("short", MISSING))]
    key = ["commodity", "kind", "stage"]
    filled = [part[[*key, "value"]] for part in parts if len(part)]
    return summed(pd.concat(filled), key, "value") if filled else blank(key, ("value",))


def _yearly(plan: Planned, family: str) -> pd.DataFrame:
    """The columns of a family that are used, amounts of a period times its probability, with their stage."""
    periods = plan.results.case.calendar.periods[["period", "stage", "probability"]]
    table = plan.results.values[family]
    rows = table[table["value"] != 0].merge(periods, on="period")
    return rows.assign(value=rows["value"] * rows["probability"])
