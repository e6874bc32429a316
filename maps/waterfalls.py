"""Cost waterfall per tonne of metal at each smelter: cash cost, capital and scarcity rent, which sum to its value there.

Cash cost and capital are traced through the chain on the plan's own flows (model/accounting.py); the value of the metal
is its price in the plan. What the value holds above them is rent: of the potline, of power, of anything scarce on the way.
"""

from __future__ import annotations

import pandas as pd

from maps.figures import YUAN_PER_TONNE
from maps.years import shown_stage
from model import words
from model.accounting import Traced
from model.explore.labels import Labels
from model.pipeline import Run
from model.words.lookup import known

CAPITAL = "capital"
ORDER = (
    "bauxite",
    "alumina",
    "scrap",
    "metal",
    "coal",
    "gas",
    "power",
    "carbon_materials",
    "other_materials",
    "labour",
    "maintenance",
    "overhead",
    "other_variable",
    "residue",
    "freight",
    "capital",
)


def table(run: Run, labels: Labels, traced: Traced) -> pd.DataFrame:
    """One row per smelter and step: yuan_per_t, group (cash, capital, rent), total = value of a tonne at the smelter."""
    chosen = traced.processes[traced.processes["technology"].map(labels.stage) == "primary"]
    values = _values(run, chosen)
    rows = []
    for (technology, site), part in chosen.groupby(["technology", "site"], sort=True):
        value = values[(str(technology), str(site))] * YUAN_PER_TONNE
        name = labels.technology(str(technology))
        here = {"site": site, "plant": technology, "name_zh": name[0], "name_en": name[1], "total": value}
        costs = part.set_index("cost_class")["value"] * YUAN_PER_TONNE
        for step in sorted(costs.index, key=lambda step: (ORDER.index(step) if step in ORDER else len(ORDER), step)):
            zh, en = known(f"cost_classes.{step}", step)
            group = CAPITAL if step == CAPITAL else "cash"
            rows.append({**here, "step": step, "label_zh": zh, "label_en": en, "yuan_per_t": float(costs[step]), "group": group})
        zh, en = (words.text("view.rent", language) for language in words.LANGUAGES)
        rows.append({**here, "step": "rent", "label_zh": zh, "label_en": en, "yuan_per_t": value - float(costs.sum()), "group": "rent"})
    return pd.DataFrame(rows)


def _values(run: Run, processes: pd.DataFrame) -> dict[tuple[str, str], float]:
    """(technology, site) → mean price of its outputs per unit of activity in the planning year shown, expected over its branches."""
    case = run.results.case
    periods = case.calendar.periods
    share = periods[periods["stage"] == shown_stage(run)].set_index("period")["probability"]
    recipe = case.relations["recipe"]
    made = recipe[(recipe["quantity"] > 0) & recipe["technology"].isin(set(processes["technology"]))]
    activity = run.results.values["activity"]
    activity = activity[activity["period"].isin(share.index)]
    activity = activity.assign(amount=activity["value"] * activity["period"].map(share).astype(float))[["technology", "site", "period", "amount"]]
    price = run.results.duals["balance"][["commodity", "site", "period", "value"]]
    joined = activity.merge(made, on=["technology", "site"]).merge(price, on=["commodity", "site", "period"])
    joined["money"] = joined["amount"] * joined["quantity"] * joined["value"]
    money = joined.groupby(["technology", "site"])["money"].sum()
    amount = activity.groupby(["technology", "site"])["amount"].sum()
    share = money / amount.reindex(money.index)
    return {(str(technology), str(site)): float(share[(technology, site)]) for technology, site in share.index}
