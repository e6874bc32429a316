"""Changes of core tables whose effect on the optimum is known without solving anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from model.tables import FILE, ROW, Tables, frame

MONEY = {
    "tech_sites": ("variable_cost",), "units": ("restart_cost",), "options": ("fixed_cost", "variable_cost"), "option_points": ("cost",),
    "lanes": ("unit_cost", "fixed_cost"), "supply": ("price",), "demand": ("price", "shortage_price"), "stocks": ("holding_cost",),
    "indicators": ("price", "relax_price"),
}
PER_UNIT = {
    "tech_sites": ("variable_cost",), "units": ("restart_cost",), "options": ("variable_cost",), "lanes": ("unit_cost",), "supply": ("price",),
    "demand": ("price", "shortage_price"), "stocks": ("holding_cost",),
}
AMOUNTS = {
    "tech_sites": ("min_activity", "max_activity"), "lanes": ("max_flow",), "supply": ("min", "max"), "demand": ("min", "max"), "basket_demand": ("min", "max"),
}
SIZES = {
    "capacity": ("amount",), "options": ("min_size", "max_size"), "option_points": ("size",), "option_effects": ("per_open",), "stocks": ("capacity",),
}
TIMED = ("tech_sites", "lanes", "supply", "demand", "basket_demand")
TERMS = ("indicator_terms", "limit_terms")
TIME = ("period", "stage", "branch")
IDS = (
    "commodity", "site", "from", "to", "technology", "unit", "option", "tier", "segment", "mode", "basket", "indicator", "limit", "per", "point", *"abcd",
)
SLOTS = {"activity": 2, "flow": 3, "supply": 2, "sale": 2, "short": 2, "stock": 2, "capacity": 2, "running": 2, "restart": 2, "open": 1, "size": 1}


def scaled(core: Tables, columns: dict[str, tuple[str, ...]], factor: float) -> Tables:
    """The named columns multiplied by ``factor``."""
    return {name: table.assign(**{column: table[column] * factor for column in columns.get(name, ())}) for name, table in core.items()}


def renamed(core: Tables, new: Callable[[str], str], columns: Iterable[str] = (*IDS, *TIME)) -> Tables:
    """Every id but blanks and ``*`` replaced by ``new(id)``; the kind of unit of a commodity is no id."""
    result = {}
    for name, table in core.items():
        here = [column for column in columns if column in table.columns and (column != "unit" or name not in ("commodities", "indicators"))]
        result[name] = table.assign(**{column: [new(value) if value not in ("", "*") else value for value in table[column]] for column in here})
    return result


def shuffled(core: Tables, seed: int) -> Tables:
    """Rows and columns of every table in another order."""
    random = np.random.default_rng(seed)
    return {name: table.sample(frac=1, random_state=seed)[list(random.permutation(table.columns))] for name, table in core.items()}


def written(core: Tables, folder: Path) -> Path:
    """The tables as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in core.items():
        table.drop(columns=[FILE, ROW]).to_csv(folder / f"{name}.csv", index=False)
    return folder


def added(core: Tables, name: str, rows: list[dict[str, object]]) -> Tables:
    """The tables with more rows of one of them."""
    parts = [core[name]] if name in core else []
    return core | {name: pd.concat([*parts, frame(name, rows)], ignore_index=True)}


def joined(one: Tables, other: Tables) -> Tables:
    """Two regions in one dataset, over the periods of the first."""
    both = {name: pd.concat([table, other[name]], ignore_index=True) for name, table in one.items()}
    return both | {"periods": one["periods"]}


def without_kinds(core: Tables, *kinds: str) -> Tables:
    """No term of these kinds."""
    return core | {name: core[name][~core[name]["kind"].isin(kinds)] for name in TERMS if name in core}


def without_wildcards(core: Tables) -> Tables:
    """Only terms that name every id of their kind."""
    result = dict(core)
    for name in TERMS:
        open_ids = [any(row[letter] in ("", "*") for letter in "abc"[: SLOTS[row["kind"]]]) for row in core[name].to_dict("records")]
        result[name] = core[name][~np.array(open_ids, dtype=bool)]
    return result


def in_parts(core: Tables, name: str, mask: pd.Series, label: str, columns: tuple[str, ...]) -> Tables:
    """Each row of ``mask`` as two with half of ``columns`` each, told apart by ``label``."""
    table = core[name]
    halves = [table[mask].assign(**{label: table.loc[mask, label] + end} | {column: table.loc[mask, column] / 2 for column in columns}) for end in ("/1", "/2")]
    return core | {name: pd.concat([table[~mask], *halves], ignore_index=True)}


def by_stage(core: Tables, keys: dict[str, list[str]]) -> Tables:
    """Every ``*`` row written out for the stages that have no row of their own for its key."""
    stages = list(dict.fromkeys(core["periods"]["stage"]))
    result = dict(core)
    for name, key in keys.items():
        table = core[name]
        always = table[table["period"] == "*"]
        have = set(table[[*key, "period"]].itertuples(index=False, name=None))
        copies = [always.assign(period=stage) for stage in stages]
        copies = [copy[[(*row, stage) not in have for row in copy[key].itertuples(index=False, name=None)]] for copy, stage in zip(copies, stages, strict=True)]
        result[name] = pd.concat([table[table["period"] != "*"], *copies], ignore_index=True)
    return result


def recipes_by_site(core: Tables, sites: tuple[str, ...]) -> Tables:
    """Every ``*`` row of a recipe written out for the sites that have no row of their own."""
    table = core["recipes"]
    own = set(table[["technology", "commodity", "site"]].itertuples(index=False, name=None))
    everywhere = table[table["site"] == "*"]
    copies = [everywhere.assign(site=site) for site in sites]
    copies = [copy[[row not in own for row in copy[["technology", "commodity", "site"]].itertuples(index=False, name=None)]] for copy in copies]
    return core | {"recipes": pd.concat([table[table["site"] != "*"], *copies], ignore_index=True)}


def period_in_halves(core: Tables, period: str) -> Tables:
    """One period as two of half its length with the same data; the amounts of its own rows are halved (R1)."""
    table = core["periods"]
    mine = table["period"] == period
    halves = [table[mine].assign(period=period + end, length=table.loc[mine, "length"] / 2, order=table.loc[mine, "order"] + step) for end, step in ((" first", 0), (" second", 0.5))]
    return _period_copies(core, pd.concat([table[~mine], *halves], ignore_index=True), lambda name: [name + " first", name + " second"] if name == period else [name], 0.5)


def branches_twice(core: Tables) -> Tables:
    """Every branch twice, each with half its probability."""
    table = core["periods"]
    parts = [table.assign(period=table["period"] + end, branch=table["branch"] + end, probability=table["probability"] / 2, order=table["order"] + step) for end, step in (("", 0), ("'", 500))]
    names = set(table["period"])
    return _period_copies(core, pd.concat(parts, ignore_index=True), lambda name: [name, name + "'"] if name in names else [name], 1.0)


def _period_copies(core: Tables, periods: pd.DataFrame, copies: Callable[[str], list[str]], share: float) -> Tables:
    """Rows that name a period written for each of its copies, with ``share`` of their amounts."""
    result = core | {"periods": periods}
    for name in (*TIMED, *TERMS):
        if name not in core:
            continue
        table = core[name].assign(period=[copies(period) for period in core[name]["period"]])
        several = table["period"].map(len) > 1
        for column in AMOUNTS.get(name, ()):
            table.loc[several, column] *= share
        result[name] = table.explode("period", ignore_index=True)
    return result
