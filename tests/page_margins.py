"""What every place earns in a plan, worked out anew from results.nc and case/: own money, goods at the prices of the plan, rights.

Costs and sales stay where they arise; who receives a good pays for its way. Between places a good has, in this order: the
price it was bought for where it comes from, if it is only bought there; what the buyers pay where it goes, less the way, if it
is only sold there; the price of the plan where it comes from.
"""

from __future__ import annotations

import math

import pandas as pd
from page_folder import with_rates
from page_truth import Truth

PLACE = ["commodity", "site", "period"]


def rated(truth: Truth, family: str, table: str, keys: str) -> pd.DataFrame:
    """The columns of a family that are used, with the rows of the core table that price them."""
    return with_rates(truth.found[family][lambda rows: rows[family] > 0], truth.core[table], keys.split())


def unit_prices(truth: Truth, rows: pd.DataFrame, family: str) -> pd.Series:
    """Mean price of what is bought or sold at (good, site, period), where nothing is stored."""
    sums = rows.assign(money=rows[family] * rows["price"]).groupby(PLACE)[["money", family]].sum()
    stored = set(zip(truth.core["stocks"]["commodity"], truth.core["stocks"]["site"], strict=True)) if "stocks" in truth.core else set()
    prices = sums["money"] / sums[family]
    return prices[[(good, site) not in stored for good, site, _ in prices.index]]


def worked(truth: Truth) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """(good, site, period) where it is made, and where it is used."""
    recipes = truth.core["recipes"].rename(columns={"site": "where"})
    rows = truth.found["activity"][lambda table: table["activity"] > 0].merge(recipes, on="technology")
    rows = rows[(rows["where"] == "*") | (rows["where"] == rows["site"])].sort_values("where").drop_duplicates(["technology", *PLACE], keep="last")
    quantity = rows["quantity"].astype(float)
    made, used = (set(map(tuple, rows.loc[mine, PLACE].to_numpy())) for mine in (quantity > 0, quantity < 0))
    return made, used


def trade(truth: Truth, bought: pd.Series, sold: pd.Series) -> pd.Series:
    """site → received for goods that leave, less paid for goods and ways that arrive."""
    lanes = rated(truth, "flow", "lanes", "commodity from to mode")
    made, used = worked(truth)
    dual = truth.price_rows.set_index(PLACE)["dual"].to_dict()
    first, last, received, paid = bought.to_dict(), sold.to_dict(), [], []
    for good, start, end, period, amount, cost, share in lanes[["commodity", "from", "to", "period", "flow", "unit_cost", "delivered_share"]].itertuples(index=False):
        origin, target = (good, start, period), (good, end, period)
        if origin in first and origin not in made:
            price = first[origin]
        elif target in last and target not in used:
            price = last[target] * (1.0 if math.isnan(share) else share) - cost
        else:
            price = dual.get(origin, 0.0)
        received.append(price * amount)
        paid.append((price + cost) * amount)
    gains, costs = pd.Series(received).groupby(lanes["from"].to_numpy()).sum(), pd.Series(paid).groupby(lanes["to"].to_numpy()).sum()
    return gains.sub(costs, fill_value=0.0)


def rights(truth: Truth) -> pd.Series:
    """site → million yuan: who gives up quota is paid by who builds, at the inside price; nothing where no pool is open."""
    if "ledger_entries" not in truth.core:
        return pd.Series(dtype=float)
    joined = truth.core["ledger_entries"].merge(truth.found["size"], on="option").merge(truth.core["options"][["option", "site"]], on="option")
    amount = joined["coefficient"] * joined["size"]
    sums = amount.groupby(joined["kind"]).sum()
    share = float(sums["used"]) / float(sums["created"])
    paid = amount * joined["kind"].map({"created": share, "used": -1.0, "bought": math.nan})
    return float(truth.core["ledgers"]["price"].iloc[0]) * paid.groupby(joined["site"]).sum()


def margins(truth: Truth) -> pd.Series:
    """site → million yuan; they add up to what the plan earns."""
    supply, sale = rated(truth, "supply", "supply", "commodity site tier"), rated(truth, "sale", "demand", "commodity site segment")
    work = rated(truth, "activity", "tech_sites", "technology site")
    effects = truth.core["option_effects"].drop_duplicates("option").set_index("option")["site"]
    where = truth.options["site"].where(truth.options["site"] != "", effects.reindex(truth.options.index))
    charge = truth.options["variable_cost"] * truth.sizes.reindex(truth.options.index)
    parts = [
        -(work["activity"] * work["variable_cost"]).groupby(work["site"]).sum(), -(supply["supply"] * supply["price"]).groupby(supply["site"]).sum(),
        (sale["sale"] * sale["price"]).groupby(sale["site"]).sum(), -charge.groupby(where).sum(), rights(truth).dropna(),
        trade(truth, unit_prices(truth, supply, "supply"), unit_prices(truth, sale, "sale")),
    ]
    found = pd.concat(parts).groupby(level=0).sum()
    assert math.isclose(float(found.sum()), -truth.objective, rel_tol=1e-9)
    return found
