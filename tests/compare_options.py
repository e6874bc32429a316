"""What swap options side by side must say: capacity that closes and opens, quota, cost, carbon, output value, clauses, power of the zones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import page_gains
import pandas as pd
from compare_truth import MONTHS, Versus
from page_blocks import Block
from page_folder import with_rates, words
from page_truth import Truth
from page_walk import Judge, Wanted
from page_walk_tables import bounds

from model.explore.numbers_said import said_change, said_number

NOISE = 1e-6  # less is the solver's rounding
KINDS = {"created": "closed", "used": "built", "bought": "bought"}
UNITS = {
    "closed": "kt/yr", "built": "kt/yr", "bought": "kt/yr", "cost": "million yuan/yr", "cost_per_tonne": "yuan/t", "carbon_scope1": "kt CO₂e/yr",
    "carbon_scope2": "kt CO₂e/yr", "value_gained": "million yuan/yr", "value_lost": "million yuan/yr", "restarted": "kt/yr", "restart_cost": "million yuan/yr",
    "lead_years": "yr",
}
CHANGES = ("cost", "cost_per_tonne", "carbon_scope1", "carbon_scope2", "value_gained", "value_lost")
POWER = {"power": "left", "drawn": "drawn", "tie": "tie"}


def sizes(truth: Truth) -> pd.DataFrame:
    """kind, option, size of what the ledgers count of a plan; lines that close or open, and quota bought outside."""
    if "ledger_entries" not in truth.core:
        return pd.DataFrame({"kind": [], "option": [], "size": []})
    rows = truth.core["ledger_entries"][["kind", "option"]].drop_duplicates().merge(truth.sizes.rename("size").reset_index(), on="option")
    lines = truth.core["option_effects"].drop_duplicates("option").set_index("option")["per_size"].abs()
    rows = rows[(rows["size"] > NOISE) & (rows["option"].isin(lines.index) | (rows["kind"] == "bought"))]
    return rows.assign(size=rows["size"] * rows["option"].map(lines).fillna(1.0), kind=rows["kind"].map(KINDS))


def of_plan(truth: Truth, first: Truth) -> dict[str, float]:
    """Fact → number of one plan beside the first; not a number where there is none."""
    rows = sizes(truth)
    found = {kind: float(rows.loc[rows["kind"] == kind, "size"].sum()) for kind in KINDS.values()}
    found["cost"] = truth.objective - first.objective
    found["cost_per_tonne"] = 1000 * found["cost"] / found["built"] if found["built"] else math.nan
    for name in ("carbon_scope1", "carbon_scope2"):
        found[name] = truth.indicator(name) - first.indicator(name)
    worth = page_gains.by_site(truth, "output_value").sub(page_gains.by_site(first, "output_value"), fill_value=0.0)
    found["value_gained"], found["value_lost"] = float(worth.clip(lower=0.0).sum()), float(worth.clip(upper=0.0).sum())
    back = truth.found["restart"].merge(truth.core["units"][["unit", "site", "restart_cost"]], on=["unit", "site"])
    found["restarted"], found["restart_cost"] = float(back["restart"].sum()), float((back["restart"] * back["restart_cost"]).sum())
    assert found["restarted"] < NOISE  # what is brought back would need the weight of its period
    years = truth.inputs["new_potlines"].set_index("site")["lead_years"].astype(float).add_prefix("new_potline_")
    found["lead_years"] = float(years.reindex(rows["option"]).max()) if len(rows) else math.nan
    return found | verdicts(truth)


def verdicts(truth: Truth) -> dict[str, float]:
    """How many clauses pass, fail and are carried by no indicator with a bound."""
    found = {"pass": 0.0, "fail": 0.0, "not_covered": 0.0}
    for _, row in truth.inputs["clauses"].iterrows():
        carriers = [one.strip().removeprefix("indicator:") for one in row["carried_by"].split(";") if one.strip().startswith("indicator:")]
        states = [state for carrier in carriers for state in states_of(truth, carrier)] if row["treatment"] != "not_modelled" else []
        found["fail" if "fail" in states else "pass" if states else "not_covered"] += 1
    return found


def states_of(truth: Truth, carrier: str) -> Iterable[str]:
    """Of every indicator with a bound that a carrier names (``*``: all that start so), whether it is held to 1e-6."""
    for name in truth.indicator_names.values():
        if name == carrier or (carrier.endswith("*") and name.startswith(carrier[:-1])):
            low, high = bounds(name, truth)
            limits = [abs(one) for one in (low, high) if not math.isnan(one)]
            value, allowed = truth.indicator(name), 1e-6 * max([1.0, *limits])
            if limits:
                yield "fail" if value < low - allowed or value > high + allowed else "pass"


def ratio(truth: Truth) -> str:
    """The ratios of the pools that are open."""
    if "ledgers" not in truth.core:
        return "–"
    pools = truth.core["ledgers"][lambda rows: rows["indicators"] != ""]
    return " / ".join(dict.fromkeys(said_number(float(one)) for one in pools["ratio"])) or "–"


def zones(truth: Truth) -> pd.DataFrame:
    """zone, month (driest, tightest), period, left, drawn, tie: GWh."""
    names = sorted(set(truth.inputs["power_balance"]["zone"]))
    tiers = with_rates(truth.found["supply"], truth.core["supply"], ["commodity", "site", "tier"])
    tiers = tiers[(tiers["commodity"] == "electricity") & tiers["site"].isin(names)]
    spread = tiers["when"].map(lambda when: when == "*")
    tiers = tiers.assign(most=tiers["max"] * tiers["period"].map(truth.length).where(spread, 1.0))
    lanes = truth.flows[truth.flows["commodity"] == "electricity"]
    room = lanes["max_flow"] * lanes["period"].map(truth.length).where(lanes["when"] == "*", 1.0) - lanes["flow"]
    lanes = lanes.assign(room=room)
    rows = []
    for zone in names:
        mine, out = tiers[tiers["site"] == zone], lanes[(lanes["from"] == zone) & ~lanes["to"].isin(names)]
        ties = lanes[(lanes["to"] == zone) & lanes["from"].isin(names)]
        left = mine.groupby("period")["most"].sum() - mine.groupby("period")["supply"].sum()
        water = mine[mine["tier"].str.endswith("_hydro")].groupby("period")["most"].sum()
        for month, measure in (("driest", water), ("tightest", left)):
            period = (measure / truth.length.reindex(measure.index)).idxmin()
            amounts = [float(table.loc[table["period"] == period, column].sum()) for table, column in ((out, "flow"), (ties, "room"))]
            rows.append((zone, month, period, float(left[period]), *amounts))
    return pd.DataFrame(rows, columns=["zone", "month", "period", "left", "drawn", "tie"])


def rows(truth: Versus) -> dict[str, list[str]]:
    """What is compared → what stands in the column of each plan."""
    said, first = words("compare"), truth.plans[0]
    facts = [of_plan(plan, first) for plan in truth.plans]
    found = {said["fact_ratio"]["en"]: [ratio(plan) for plan in truth.plans]}
    for fact in facts[0]:
        unit = f" ({UNITS[fact]})" if fact in UNITS else ""
        shown: Callable[[float], str] = said_change if fact in CHANGES else lambda value: said_change(value).removeprefix("+")
        found[said[f"fact_{fact}"]["en"] + unit] = [shown(0.0 if abs(mine[fact]) <= NOISE else mine[fact]) for mine in facts]
    tables = [zones(plan).set_index(["zone", "month"]) for plan in truth.plans]
    names = {key: name for name, key in truth.sites.items()}
    for zone, month in tables[0].index:
        for key, column in POWER.items():
            head = said[f"fact_{key}_{month}"]["en"].replace("{zone}", names[zone]).replace("{when}", "") + " (GWh)"
            mine = [table.loc[(zone, month)] for table in tables]
            found[head] = [f"{said_change(one[column]).removeprefix('+')} ({MONTHS[int(one['period'][1:]) - 1]})" for one in mine]
    return {name: [cell.replace("-", "−") for cell in cells] for name, cells in found.items()}


def option(block: Block, truth: Versus) -> Iterable[Wanted]:
    """What is compared, then each plan."""
    return [block.english[0], *truth.once("options", rows)[block.english[0]]]


JUDGES: dict[tuple[str, str], Judge] = {("options", "tr"): option}
