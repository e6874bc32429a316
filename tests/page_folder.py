"""A run folder read back as tables: results.nc, the core tables of case/ and the page beside them, without the program's own readers."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd
import xarray
from runs import ROOT

PLACES = {  # columns of results.nc that the terms of an indicator name (DESIGN: indicator_terms)
    "activity": "technology site",
    "flow": "commodity from to mode",
    "supply": "commodity site tier",
    "sale": "commodity site segment",
    "short": "commodity site segment",
    "size": "option",
}
ANY = ("", "*")
OTHERS = {"captive_qineng", "red_mud_use", "sorting_line"}  # units of no link of the metal chain
STAGE_OF = {
    "Alumina": {"refinery"}, "Primary": {"potline"}, "Casting": {"casthouse", "rod_line"}, "Recycled": {"recycling", "recycling_wrought"},
}


def values(folder: Path) -> dict[str, pd.DataFrame]:
    """Variable → a table of its index and value."""
    found = {}
    with xarray.open_dataset(folder / "results.nc", engine="h5netcdf") as data:
        for name in map(str, data):
            cut = f"{data[name].dims[0]}_" if name.endswith("_dual") else f"{name.removesuffix('_reduced_cost')}_"
            table = data[name].to_dataframe().reset_index(drop=True)
            found[name] = table.rename(columns=lambda one, cut=cut, name=name: one if one == name else one.removeprefix(cut))
    return found


def objective(folder: Path) -> float:
    """The objective as results.nc states it."""
    with xarray.open_dataset(folder / "results.nc", engine="h5netcdf") as data:
        return float(data.attrs["objective"])


def core(folder: Path) -> dict[str, pd.DataFrame]:
    """Core table → its rows in case/, blanks of texts as ``""``."""
    tables = {path.stem: pd.read_csv(path, encoding="utf-8-sig", low_memory=False) for path in (folder / "case").glob("*.csv")}
    for table in tables.values():
        for name in table.columns:
            if not pd.api.types.is_numeric_dtype(table[name]):
                table[name] = table[name].fillna("").astype(str)
    return tables


def called(table: pd.DataFrame, key: str) -> dict[str, str]:
    """English name → id."""
    return dict(zip(table["name_en"], table[key], strict=True))


def matching(terms: pd.DataFrame, found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Columns that the terms name, with ``amount`` = coefficient × value; a term of every period."""
    parts = []
    for row in terms.fillna("").itertuples():
        table = found[row.kind].rename(columns={row.kind: "value"})
        assert row.period in ANY
        for name, wanted in zip(PLACES[row.kind].split(), (row.a, row.b, row.c, row.d), strict=False):
            table = table if wanted in ANY else table[table[name] == wanted]
        parts.append(table.assign(amount=float(row.coefficient) * table["value"]))
    return pd.concat(parts, ignore_index=True)


def capacity(tables: dict[str, pd.DataFrame], found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """unit, site, existing, added, closed (kt a year) in a plan of one year whose sizes alone add capacity."""
    stands = tables["capacity"].groupby(["unit", "site"], as_index=False)["amount"].sum().rename(columns={"amount": "existing"})
    change = tables["option_effects"].merge(found["size"], on="option")
    change["change"] = change["per_size"].fillna(0.0) * change["size"]
    change = change.assign(added=change["change"].clip(lower=0.0), closed=-change["change"].clip(upper=0.0))
    sums = change.groupby(["unit", "site"], as_index=False)[["added", "closed"]].sum()
    return stands.merge(sums, on=["unit", "site"], how="outer").fillna(0.0)


@cache
def words(topic: str) -> dict[str, dict[str, str]]:
    """What the program says of a topic, in both languages."""
    with (ROOT / "model" / "words" / f"{topic}.toml").open("rb") as file:
        return tomllib.load(file)


def stage_of(unit: str) -> str:
    """The link of the chain that a unit serves; what is not listed rolls, presses, casts or forges products."""
    return next((stage for stage, units in STAGE_OF.items() if any(unit == one or unit.startswith(f"{one}_") for one in units)), "Processing")


def inner(use: pd.DataFrame) -> set[str]:
    """Units whose technologies all take up another unit too: a can line within a rolling mill."""
    users = use.groupby("unit")["technology"].agg(set)
    return {unit for unit, mine in users.items() for theirs in users if mine < theirs}


def with_rates(amounts: pd.DataFrame, rates: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Every amount with the row of its period, else with the one of every period (R2)."""
    joined = amounts.merge(rates.rename(columns={"period": "when"}), on=keys)
    joined = joined[(joined["when"] == "*") | (joined["when"] == joined["period"])]
    return joined.sort_values("when").drop_duplicates([*keys, "period"], keep="last")  # "*" sorts before every name
