"""Who earns what in a plan: its money, site by site, so that the parts add up to the objective.

Costs and sales stay where they arise; whoever receives a good pays for its way. Between sites a good changes hands at a
price: what a site only sells costs what it was bought for there, what a site only passes on to final buyers is paid what
they pay less the way, anything else has the price of the plan at its origin (the dual of its balance). These payments and
those for rights inside a ledger are transfers: they add up to 0 and move nothing in the plan.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.case import COLUMN_KEYS, Case
from model.case.columns import core_table
from model.case.structure import TERM_FAMILIES
from model.ledger import NOISE, keep
from model.results import Results
from model.schema.spec import listed
from model.tables import Tables, summed

PLACE = ["commodity", "site", "period"]
SITED = ("activity", "supply", "sale", "short", "stock", "running", "restart")
RECEIVED = ("flow", "lane_open", "source")
DECIDED = ("open", "size", "point")
MARGIN, RIGHTS = "margin", "rights"  # columns: earned in all, and the part paid or received for rights
NOBODY = ""  # money of no site: violations of soft bounds, options without a site


def split(results: Results, core: Tables) -> pd.DataFrame:
    """site, region, margin, rights (part of the margin), money of the objective; margins add up to -objective."""
    parts = [_own(results, core), _trade(results), _rights(results, core)]
    rights = parts[2].groupby("site")["money"].sum()
    margin = pd.concat(parts).groupby("site")["money"].sum()
    table = pd.DataFrame({MARGIN: margin, RIGHTS: rights}).fillna(0.0)
    table = table.where(table.abs() > NOISE, 0.0).rename_axis("site").reset_index()
    table = table[(table["site"] != NOBODY) | (table[MARGIN] != 0)].reset_index(drop=True)
    return table.assign(region=[_regions(results.case).get(site, "") for site in table["site"]])[["site", "region", MARGIN, RIGHTS]]


def table(results: Results, core: Tables, columns: pd.DataFrame | None) -> pd.DataFrame:
    """``split`` with one more column per row of ``columns`` (column, measures parted by semicolons); NaN where nothing is measured."""
    result = split(results, core)
    known = set(results.indicators["indicator"])
    for row in columns.to_dict("records") if columns is not None else ():
        measures = tuple(listed(row["measures"]))
        found = by_site(results, core, measures) if measures and known >= set(measures) else None
        result[row["column"]] = np.nan if found is None else result["site"].map(found).fillna(0.0)
    return result


def by_site(results: Results, core: Tables, indicators: tuple[str, ...]) -> pd.Series:
    """What each site contributes to the sum of ``indicators``, in their unit x years (weighted as the objective is).

    Existing capacity, a constant of its indicator, is left out; what flows counts where it arrives.
    """
    case, options = results.case, _option_sites(results.case, core)
    weight = case.calendar.stage_weight
    scale = {group: weight.get(group, 1.0) for group in set(results.indicators["group"])}
    parts = [pd.Series(dtype=float)]
    for family in TERM_FAMILIES:
        terms = case.relations[f"term_{family}"]
        key = list(COLUMN_KEYS[family])
        rows = terms[terms["indicator"].isin(indicators)].merge(results.values[family][[*key, "value"]], on=key)
        amount = rows["coefficient"] * rows["value"] * rows["group"].map(scale)
        site = _sites(rows["option"], options) if family in DECIDED else rows["to" if family == "flow" else "site"]
        parts.append(amount.groupby(site.to_numpy()).sum())
    return pd.Series(pd.concat([part for part in parts if len(part)] or parts).groupby(level=0).sum())


def _regions(case: Case) -> dict[str, str]:
    sites = case.labels["sites"]
    return dict(zip(sites["site"], sites["region"], strict=True))


def _option_sites(case: Case, core: Tables) -> dict[str, str]:
    """Site of every option: its own, else the first on which it acts."""
    effects = case.relations["effect"].drop_duplicates("option")
    options = core_table(core, "options").drop_duplicates("option")
    named = options[options["site"] != ""]
    return dict(zip(effects["option"], effects["site"], strict=True)) | dict(zip(named["option"], named["site"], strict=True))


def _sites(chosen: pd.Series, options: dict[str, str]) -> pd.Series:
    return pd.Series([options.get(option, NOBODY) for option in chosen], index=chosen.index, dtype=object)


def _own(results: Results, core: Tables) -> pd.DataFrame:
    """site, money earned (-cost) by every column of the plan; rights bought outside are paid by those who use them."""
    options, bought = _option_sites(results.case, core), _bought(results, core)
    parts = [bought]
    for family, table in results.values.items():
        earned = -(table["cost"] + table["charge"])
        if family in DECIDED:
            site = _sites(table["option"], options)
            earned = earned.where(~table["option"].isin(set(bought["option"])), 0.0) if family == "size" else earned
        elif family in SITED + RECEIVED:
            site = table["site" if family in SITED else "to"]
        else:
            site = pd.Series(NOBODY, index=table.index)
        parts.append(pd.DataFrame({"site": site, "money": earned}))
    return pd.concat(parts, ignore_index=True)[["site", "money"]]


def _bought(results: Results, core: Tables) -> pd.DataFrame:
    """option, site, money of rights bought outside: each user's share of what the option costs, unused rights included."""
    uses, size = _uses(results, core), results.values["size"]
    entries = results.case.labels["ledger_entries"]
    outside = set(entries.loc[entries["kind"] == "bought", "option"])
    paid = -(size["cost"] + size["charge"]).groupby(size["option"]).sum()
    taken = uses[uses["source"].isin(outside)]
    share = taken["amount"] / taken.groupby("source")["amount"].transform("sum")
    return pd.DataFrame({"option": taken["source"], "site": taken["user_site"], "money": share * taken["source"].map(paid)})


def _uses(results: Results, core: Tables) -> pd.DataFrame:
    """The uses of all ledgers with the sites of source and user."""
    sites = _option_sites(results.case, core)
    uses = keep(results.case, results.values["size"]).uses
    return uses.assign(source_site=uses["source"].map(sites).fillna(NOBODY), user_site=uses["user"].map(sites).fillna(NOBODY))


def _rights(results: Results, core: Tables) -> pd.DataFrame:
    """site, money of rights that change hands inside the ledgers."""
    uses = _uses(results, core)
    received = pd.DataFrame({"site": uses["source_site"], "money": uses["payment"]})
    return pd.concat([received, pd.DataFrame({"site": uses["user_site"], "money": -uses["payment"]})], ignore_index=True).astype({"money": float})


def _trade(results: Results) -> pd.DataFrame:
    """site, money paid for every good that moves: received at its origin, paid at its destination."""
    flow = results.values["flow"]
    flow = flow[flow["value"] > 0].copy()
    lanes = results.case.columns["flow"][[*COLUMN_KEYS["flow"], "delivered_share"]]
    flow = flow.merge(lanes, on=list(COLUMN_KEYS["flow"]))
    origin, destination = flow.rename(columns={"from": "site"})[PLACE], flow.rename(columns={"to": "site"})[PLACE]
    supplied, received = _prices(results, "supply", 1.0), _prices(results, "sale", -1.0)
    bought = _at(supplied, origin).mask(_at(_made(results, 1.0), origin) > 0).to_numpy()
    carriage = ((flow["cost"] + flow["charge"]) / flow["value"]).to_numpy()
    netback = _at(received, destination).mask(_at(_made(results, -1.0), destination) > 0).to_numpy() * flow["delivered_share"].to_numpy() - carriage
    dual = pd.concat([results.duals[name][[*PLACE, "raw"]] for name in ("balance", "balance_exact")]).set_index(PLACE)["raw"]
    price = np.where(~np.isnan(bought), bought, np.where(~np.isnan(netback), netback, _at(dual, origin).fillna(0.0).to_numpy()))
    money = price * flow["value"].to_numpy()
    ends = [pd.DataFrame({"site": flow["from"], "money": money}), pd.DataFrame({"site": flow["to"], "money": -money})]
    return pd.concat(ends, ignore_index=True)


def _at(values: pd.Series, places: pd.DataFrame) -> pd.Series:
    """The value at each place, NaN where there is none."""
    return values.reindex(pd.MultiIndex.from_frame(places))


def _prices(results: Results, family: str, sign: float) -> pd.Series:
    """Money per unit bought (supply) or sold (sale) at every place where something is, and nothing else comes or goes."""
    table = results.values[family]
    table = table.assign(money=sign * (table["cost"] + table["charge"]))
    sums = summed(table, PLACE, "value").merge(summed(table, PLACE, "money"), on=PLACE).set_index(PLACE)
    traded = sums[sums["value"] > 0]
    stored = pd.MultiIndex.from_frame(results.values["stock"][PLACE])
    return (traded["money"] / traded["value"])[~traded.index.isin(stored)]


def _made(results: Results, sign: float) -> pd.Series:
    """Amount made (sign 1) or used (-1) of every good at every place."""
    recipe = results.case.relations["recipe"]
    moves = results.values["activity"].merge(recipe[recipe["quantity"] * sign > 0], on=["technology", "site"])
    moves["amount"] = moves["value"] * moves["quantity"] * sign
    return moves.groupby(PLACE)["amount"].sum()
