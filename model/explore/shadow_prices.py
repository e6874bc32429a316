"""Shadow prices of a plan in words: what one more unit of power, quota, alumina, capacity or of a limit saves or costs.

All values are per real unit of that year (R20), in units of the objective; positive: one unit more saves. Where the plan
holds yes/no decisions they hold given these decisions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from model.case.columns import core_table
from model.case.indicators import HORIZON
from model.explore.labels import Labels
from model.explore.price_words import COLUMNS, SMALL, Speaker
from model.pipeline import Run
from model.results import denominators

GATE = ("alumina", "liquid_aluminium")  # goods whose price at the gate of a park is told
HUNDREDTH = 0.01  # step of a ratio
Prices = Iterator[dict[str, Any]]


def shadow_prices(run: Run) -> pd.DataFrame:
    """kind, family, key, site, commodity, period, value, unit, zh, en: power by month, gates, parks, supply, pools, indicators.

    ``kind``: power · gate · park · supply · pool · indicator. ``value``: what one unit more saves (negative: costs), in
    units of the objective per unit of that year; 0 where what there is is not used up.
    """
    speaker = Speaker(run, Labels(run))
    parts = (_power, _gates, _capacity, _sizes, _supply, _indicators)
    return pd.DataFrame([row for part in parts for row in part(speaker)], columns=list(COLUMNS))


def _balances(run: Run) -> pd.DataFrame:
    """commodity, site, period, value, share (probability × length): what one more unit there saves."""
    periods = run.results.case.calendar.periods.set_index("period")
    both = [run.results.duals[family].assign(family=family) for family in ("balance", "balance_exact")]
    table = pd.concat([part for part in both if len(part)] or both[:1], ignore_index=True)
    table["share"] = table["period"].map(periods["probability"] * periods["length"]).astype(float)
    return table.assign(stage=table["period"].map(periods["stage"]))[table["value"].notna().to_numpy()]


def _sites(speaker: Speaker, *kinds: str) -> set[str]:
    sites = speaker.run.prepared.core.get("sites")
    return set() if sites is None else set(sites.loc[sites["kind"].isin(kinds), "site"])


def _power(speaker: Speaker) -> Prices:
    """One more GWh in every month of every power zone; months without a price in one sentence."""
    table = _balances(speaker.run)
    for ids, mine in table[table["site"].isin(_sites(speaker, "power_zone"))].groupby(["site", "commodity"]):
        zone, good = map(str, ids)
        named = speaker.labels.site(zone)
        for row in mine[mine["value"].abs() > SMALL].to_dict("records"):
            period = row["period"]
            yield speaker.row(
                "power", row["family"], (good, zone, period), row["value"], "power", per="GWh", ids=(zone, good, period),
                when=speaker.when(period), site=named,
            )
        free = [str(period) for period in mine.loc[mine["value"].abs() <= SMALL, "period"]]
        if free:
            yield speaker.row("power", "balance", (good, zone), 0.0, "power", per="GWh", ids=(zone, good, ""), when=speaker.periods(free), site=named)


def _gates(speaker: Speaker) -> Prices:
    """Mean of the year of alumina and liquid metal at the parks and plants that use or make them, weighted by probability and length."""
    table = _balances(speaker.run)
    table = table[table["site"].isin(_sites(speaker, "park", "plant")) & table["commodity"].isin(GATE)]
    for ids, mine in table.groupby(["commodity", "site", "stage"]):
        good, site, stage = map(str, ids)
        if not mine["share"].sum():
            continue
        what, unit = _good(speaker, good)
        by_ton = speaker.in_money and unit == "kt"
        yield speaker.row(
            "gate", mine["family"].iloc[0], (good, site, _stage(speaker, stage)), float(np.average(mine["value"], weights=mine["share"])),
            "gate" if by_ton else "gate_unit", per=unit, per_ton=by_ton, ids=(site, good, _stage(speaker, stage)),
            what=what, when=speaker.when(stage), site=speaker.labels.site(site),
        )


def _stage(speaker: Speaker, stage: str) -> str:
    """The stage as part of a key, blank where there is only one."""
    return stage if len(speaker.run.results.case.calendar.stages) > 1 else ""


def _good(speaker: Speaker, good: str) -> tuple[tuple[str, str], str]:
    """Names and unit of a good; its id and no unit where no table has them."""
    table = core_table(speaker.run.prepared.core, "commodities")
    for row in table[table["commodity"] == good].to_dict("records"):
        return (str(row["name_zh"]) or good, str(row["name_en"]) or good), str(row["unit"])
    return (good, good), ""


def alive(run: Run) -> set[tuple[str, str]]:
    """(unit, site) with existing capacity or an option that is built."""
    relations, sizes = run.results.case.relations, run.results.values["size"]
    existing = relations["existing"][relations["existing"]["amount"] > 0]
    built = relations["effect"].merge(sizes.loc[sizes["value"] > SMALL, ["option"]].drop_duplicates(), on="option")
    places = pd.concat([existing[["unit", "site"]], built.loc[built["per_size"] > 0, ["unit", "site"]]])
    return set(zip(places["unit"], places["site"], strict=True))


def _capacity(speaker: Speaker) -> Prices:
    """Price of yearly capacity in every stage: Σ probability × (length ×) price of its rows (R20).

    Only where capacity lives: at none, the price of the first unit is not unique and would mislead.
    """
    run, living = speaker.run, alive(speaker.run)
    periods = run.results.case.calendar.periods.set_index("period")
    for family, counted in (("capacity", periods["probability"] * periods["length"]), ("running_capacity", periods["probability"])):
        table = run.results.duals[family].dropna(subset=["value"])
        table = table.assign(value=-table["value"] * table["period"].map(counted).astype(float), stage=table["period"].map(periods["stage"]))
        for row in table.groupby(["unit", "site", "stage"], as_index=False)[["value"]].sum().to_dict("records"):
            unit, site, stage = row["unit"], row["site"], _stage(speaker, row["stage"])
            if (unit, site) in living:
                yield speaker.row(
                    "park", family, (unit, site, stage), row["value"], "capacity", per=_per_year(speaker), time="yearly", ids=(site, "", stage),
                    what=speaker.labels.unit(unit, site), site=speaker.labels.site(site), when=speaker.when(row["stage"]),
                )


def _per_year(speaker: Speaker) -> str:
    """Unit of capacity and sizes: the industry tables state them in kt a year, core tables state none."""
    return "kt/yr" if "technologies" in speaker.run.prepared.tables else ""


def _sizes(speaker: Speaker) -> Prices:
    """Largest sizes of options that are reached: what one more unit saves in each year that it stands.

    Where a yes/no is chosen its row bounds the size; a size fixed from both sides and one of 0 have no price of their own.
    """
    case, values = speaker.run.results.case, speaker.run.results.values
    columns = case.columns["size"]
    years = dict(zip(zip(columns["option"], columns["stage"], strict=True), columns["weight"], strict=True))
    bounded = np.isfinite(columns["upper"]) & (columns["upper"] > columns["lower"])
    by_bound = values["size"].loc[bounded, ["option", "stage"]].assign(saved=-values["size"].loc[bounded, "reduced_cost"], family="size")
    opened = values["open"][["option", "stage", "value"]].rename(columns={"value": "open"})
    rows = speaker.run.results.duals["size_ceiling"].merge(opened, on=["option", "stage"])
    by_row = rows[["option", "stage"]].assign(saved=-rows["raw"] * rows["open"], family="size_ceiling")
    places = case.relations["effect"].drop_duplicates("option").set_index("option")
    for row in [*by_bound.to_dict("records"), *by_row.to_dict("records")]:
        weight = years[row["option"], row["stage"]]
        if weight and row["saved"] / weight > SMALL and row["option"] in places.index:
            place = places.loc[row["option"]]
            yield speaker.row(
                "park", row["family"], (row["option"], _stage(speaker, row["stage"])), row["saved"] / weight, "size", per=_per_year(speaker),
                time="yearly", ids=(place["site"], "", _stage(speaker, row["stage"])), when=speaker.when(row["stage"]),
                what=speaker.labels.option(row["option"], place["site"], place["unit"]),
            )


def yearly_supply_prices(run: Run) -> pd.DataFrame:
    """commodity, site, stage, value: what one more unit a year of the most wanted tier saves, in units of the objective.

    A unit a year is spread over the periods by their length (R1), so its worth is Σ probability × length × reduced cost per
    real unit.
    """
    columns, table = run.results.case.columns["supply"], run.results.values["supply"]
    periods = run.results.case.calendar.periods.set_index("period")
    per_unit = -table["reduced_cost"] / columns["weight"].where(columns["weight"] != 0)
    worth = per_unit.where(per_unit > SMALL, 0.0) * table["period"].map(periods["length"] * periods["probability"]).astype(float)
    tiers = table[["commodity", "site", "tier"]].assign(stage=table["period"].map(periods["stage"]), value=worth)
    summed = tiers.groupby(["commodity", "site", "tier", "stage"], as_index=False)["value"].sum()
    return pd.DataFrame(summed.groupby(["commodity", "site", "stage"], as_index=False)["value"].max())


def _supply(speaker: Speaker) -> Prices:
    """Supply that is used up: what one more unit a year would save."""
    for row in yearly_supply_prices(speaker.run).to_dict("records"):
        good, site, stage = row["commodity"], row["site"], row["stage"]
        if row["value"] > SMALL:
            what, unit = _good(speaker, good)
            yield speaker.row(
                "supply", "supply", (good, site, _stage(speaker, stage)), row["value"], "supply", per=unit, time="yearly",
                ids=(site, good, _stage(speaker, stage)), what=what, site=speaker.labels.site(site), when=speaker.when(stage),
            )


def _indicators(speaker: Speaker) -> Prices:
    """Every bound of an indicator; a ceiling that holds the accounts of a quota pool is told as its quota."""
    results = speaker.run.results
    labels = results.case.labels["indicators"].set_index("indicator")
    ledgers = results.case.labels["ledgers"]
    pools = {name for names in ledgers["indicators"] for name in str(names).split(";")} if len(ledgers) else set()
    pools |= {name for name in labels.index if any(name.startswith(f"swap_{pool}") for pool in _pools(speaker))}  # a shut pool keeps no ledger
    below = denominators(results.case, results.values).set_index(["indicator", "group"])["value"]
    missed = _missed(results.values["excess"])
    for family in ("indicator_floor", "indicator_ceiling"):
        for row in results.duals[family].dropna(subset=["value"]).to_dict("records"):
            name, group = row["indicator"], row["group"]
            ratio, pool = labels.loc[name, "per"] != "", name in pools and family == "indicator_ceiling"
            value = -row["value"] * (float(below.get((name, group), 0.0)) if ratio else 1.0)
            step = HUNDREDTH if ratio else 1.0
            unit = str(labels.loc[name, "unit"])
            what = (str(labels.loc[name, "name_zh"]) or name, str(labels.loc[name, "name_en"]) or name)
            free = abs(value) <= SMALL and (family, name, group) in missed
            entry = "pool" if pool else f"{family}_missed" if free else family
            yield speaker.row(
                "pool" if pool else "indicator", family, (name, group), value, entry, per=unit, time=_time(speaker, group),
                ids=("", "", group), told=step, what=what, when=_when(speaker, group), step=(f"{step:g}", f"{step:g}"),
            )


def _missed(excess: pd.DataFrame) -> set[tuple[str, str, str]]:
    """(family of bounds, indicator, group) of every soft bound that the plan violates."""
    rows = excess[excess["value"] > SMALL]
    return set(zip(rows["side"].map({"min": "indicator_floor", "max": "indicator_ceiling"}), rows["indicator"], rows["group"], strict=True))


def _pools(speaker: Speaker) -> list[str]:
    table = speaker.run.prepared.tables.get("swap_pools")
    return [] if table is None else [str(pool) for pool in table["pool"]]


def _one_year(speaker: Speaker) -> bool:
    """Whether the horizon is a single year that counts once."""
    weights = speaker.run.results.case.calendar.stage_weight
    return len(weights) == 1 and abs(sum(weights.values()) - 1.0) < SMALL


def _time(speaker: Speaker, group: str) -> str:
    if group == HORIZON:
        return "yearly" if _one_year(speaker) else "whole_horizon"
    calendar = speaker.run.results.case.calendar
    return "in_period" if group in set(calendar.periods["period"]) - set(calendar.stages) else "yearly"


def _when(speaker: Speaker, group: str) -> tuple[str, str]:
    if group == HORIZON:
        return speaker.said("year" if _one_year(speaker) else "horizon")
    return speaker.when(group)
