"""Shadow prices in words: what one more unit of a scarce thing is worth, per real unit of the year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from maps.labels import Labels
from model import words
from model.case.columns import core_table
from model.pipeline import Run

SMALL = 1e-6  # million yuan; smaller prices are zero
TEN_THOUSAND = 100.0  # ten thousand yuan per million yuan
Pair = tuple[str, str]


def price_table(run: Run, labels: Labels) -> pd.DataFrame:
    """constraint, index, site, commodity, period, value (million yuan), unit, sentence_zh, sentence_en; strongest first."""
    rows = [*_capacity(run, labels), *_indicators(run), *_power(run, labels), *_goods(run, labels), *_supply(run, labels)]
    return pd.DataFrame(rows)


def _row(
    constraint: str, index: str, price: float, unit: str, key: str, /, *, site: str = "", commodity: str = "", period: str = "", **facts: Pair
) -> dict[str, Any]:
    zh, en = (words.text(f"view.{key}", language, **{name: pair[i] for name, pair in facts.items()}) for i, language in enumerate(words.LANGUAGES))
    return {
        "constraint": constraint,
        "index": index,
        "site": site,
        "commodity": commodity,
        "period": period,
        "value": price,
        "unit": unit,
        "sentence_zh": zh,
        "sentence_en": en,
    }


def _money(value: float) -> Pair:
    """Ten thousand yuan in Chinese, million yuan in English."""
    return f"{value * TEN_THOUSAND:,.0f}" if abs(value) >= 1 else f"{value * TEN_THOUSAND:,.3g}", f"{value:,.3g}"


def _alive(run: Run) -> set[tuple[str, str]]:
    """(unit, site) with existing capacity or an option that is built."""
    relations, sizes = run.results.case.relations, run.results.values["size"]
    existing = relations["existing"][relations["existing"]["amount"] > 0]
    built = relations["effect"].merge(sizes.loc[sizes["value"] > SMALL, ["option"]].drop_duplicates(), on="option")
    places = pd.concat([existing[["unit", "site"]], built.loc[built["per_size"] > 0, ["unit", "site"]]])
    return set(zip(places["unit"], places["site"], strict=True))


def _capacity(run: Run, labels: Labels) -> Iterator[dict[str, Any]]:
    """Yearly price of capacity: Σ probability × (length ×) price of its rows over the stage (R20).

    Only where capacity lives: at none, the price of the first unit is not unique and would mislead.
    """
    alive = _alive(run)
    periods = run.results.case.calendar.periods.set_index("period")
    for family, counted in (("capacity", periods["probability"] * periods["length"]), ("running_capacity", periods["probability"])):
        table = run.results.duals[family].copy()
        table["value"] = -table["value"] * table["period"].map(counted).astype(float)
        for row in table.groupby(["unit", "site"], as_index=False)["value"].sum().to_dict("records"):
            if row["value"] > SMALL and (row["unit"], row["site"]) in alive:
                yield _row(
                    family,
                    f"{row['unit']}, {row['site']}",
                    row["value"],
                    "million yuan per kt/yr",
                    "price_capacity",
                    site=row["site"],
                    what=labels.unit(row["unit"], row["site"]),
                    value=_money(row["value"]),
                    site_name=labels.site(row["site"]),
                )


def _indicators(run: Run) -> Iterator[dict[str, Any]]:
    names = run.results.case.labels["indicators"].set_index("indicator")
    for family in ("indicator_floor", "indicator_ceiling"):
        for row in run.results.duals[family].to_dict("records"):
            value = abs(row["value"])
            if value > SMALL:
                known = names.loc[row["indicator"]]
                what = (str(known["name_zh"]) or row["indicator"], str(known["name_en"]) or row["indicator"])
                unit = (str(known["unit"]), str(known["unit"]))
                yield _row(
                    family,
                    f"{row['indicator']}, {row['group']}",
                    value,
                    f"million yuan per {unit[0]}",
                    "price_indicator",
                    what=what,
                    unit_name=unit,
                    value=_money(value),
                )


def _power(run: Run, labels: Labels) -> Iterator[dict[str, Any]]:
    sites = run.prepared.core.get("sites")
    zones = [] if sites is None else sorted(sites.loc[sites["kind"] == "power_zone", "site"])
    table = run.results.duals["balance"]
    for zone in zones:
        mine = table[(table["site"] == zone) & (table["value"] > SMALL)]
        for row in mine.to_dict("records"):
            yield _row(
                "balance",
                f"{row['commodity']}, {zone}, {row['period']}",
                row["value"],
                "million yuan per GWh",
                "price_power",
                site=zone,
                commodity=row["commodity"],
                period=row["period"],
                period_name=(row["period"], row["period"]),
                site_name=labels.site(zone),
                value=_money(row["value"]),
            )
        if mine.empty:
            yield _row("balance", zone, 0.0, "million yuan per GWh", "price_power_zero", site=zone, site_name=labels.site(zone))


def _goods(run: Run, labels: Labels) -> Iterator[dict[str, Any]]:
    """Mean yearly price of metal and alumina at the parks that use or make them."""
    sites = run.prepared.core.get("sites")
    if sites is None:
        return
    parks = set(sites.loc[sites["kind"].isin(("park", "plant")), "site"])
    goods = core_table(run.prepared.core, "commodities").set_index("commodity")
    periods = run.results.case.calendar.periods.set_index("period")["length"]
    table = run.results.duals["balance"]
    table = table[table["site"].isin(parks) & table["commodity"].isin(("alumina", "liquid_aluminium"))].copy()
    table["value"] = table["value"] * table["period"].map(periods)
    for row in table.groupby(["commodity", "site"], as_index=False)["value"].sum().to_dict("records"):
        if row["value"] > SMALL and row["commodity"] in goods.index:
            known = goods.loc[row["commodity"]]
            yuan = f"{row['value'] * 1000.0:,.0f}"
            yield _row(
                "balance",
                f"{row['commodity']}, {row['site']}",
                row["value"],
                "million yuan per kt",
                "price_good",
                site=row["site"],
                commodity=row["commodity"],
                what=(str(known["name_zh"]), str(known["name_en"])),
                site_name=labels.site(row["site"]),
                value=(yuan, yuan),
            )


def yearly_supply_prices(run: Run) -> pd.DataFrame:
    """commodity, site, value: what one more unit a year of the most wanted tier saves, million yuan.

    A unit a year is spread over the periods by their length (R1), so its worth is Σ length × reduced cost per real unit.
    """
    columns, table = run.results.case.columns["supply"], run.results.values["supply"]
    periods = run.results.case.calendar.periods.set_index("period")
    per_unit = -table["reduced_cost"] / columns["weight"].where(columns["weight"] != 0)
    share = (periods["length"] * periods["probability"])[periods["stage"] == run.results.case.calendar.stages[0]]
    worth = per_unit.where(per_unit > SMALL, 0.0) * table["period"].map(share).astype(float).fillna(0.0)
    tiers = table[["commodity", "site", "tier"]].assign(value=worth).groupby(["commodity", "site", "tier"], as_index=False)["value"].sum()
    return pd.DataFrame(tiers.groupby(["commodity", "site"], as_index=False)["value"].max())


def _supply(run: Run, labels: Labels) -> Iterator[dict[str, Any]]:
    """Supply that is used up: what one more unit a year would save."""
    goods = run.prepared.core.get("commodities")
    if goods is None:
        return
    names = goods.set_index("commodity")
    for row in yearly_supply_prices(run).to_dict("records"):
        if row["value"] > SMALL and row["commodity"] in names.index:
            known = names.loc[row["commodity"]]
            yield _row(
                "supply",
                f"{row['commodity']}, {row['site']}",
                row["value"],
                "million yuan per kt/yr",
                "price_supply",
                site=row["site"],
                commodity=row["commodity"],
                what=(str(known["name_zh"]), str(known["name_en"])),
                site_name=labels.site(row["site"]),
                value=_money(row["value"]),
            )
