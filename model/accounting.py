"""Accounts of a verified plan: money by class, and the cash cost of every good traced through the chain.

Tracing is average-cost accounting on the plan's own flows: a good costs at a site what all its arrivals, purchases and
makers cost together. Goods that may not vanish (residues) carry their price in the plan, paid by whoever makes them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import splu

from model.case import COLUMN_KEYS
from model.results import Results
from model.tables import summed

RESIDUE, RENT = "residue", "rent"
MONEY_FAMILIES = tuple(COLUMN_KEYS)


def cost_by_class(results: Results) -> pd.DataFrame:
    """cost_class, value: the objective split by class (indicator prices under ``policy``); the values sum to it."""
    parts = [results.values[family][["cost_class", "cost"]] for family in MONEY_FAMILIES]
    charges = sum(float(results.values[family]["charge"].sum()) for family in MONEY_FAMILIES)
    table = summed(pd.concat(parts, ignore_index=True), ["cost_class"], "cost").rename(columns={"cost": "value"})
    if charges:
        table = pd.concat([table, pd.DataFrame([{"cost_class": "policy", "value": charges}])], ignore_index=True)
    return table[table["value"] != 0].reset_index(drop=True)


def money_by_grade(results: Results) -> pd.DataFrame:
    """grade, share_of_cost: gross money (absolute values) that rests on rows of each grade; shares sum to 1."""
    parts = [results.values[family][["grade", "cost"]] for family in MONEY_FAMILIES]
    table = pd.concat(parts, ignore_index=True)
    table["cost"] = table["cost"].abs()
    sums = summed(table, ["grade"], "cost")
    total = float(sums["cost"].sum())
    return sums.assign(share_of_cost=sums["cost"] / total if total else 0.0)[["grade", "share_of_cost"]]


@dataclass(frozen=True)
class Traced:
    """Average costs of one stage: ``goods`` (commodity, site, cost_class, value per unit) and ``processes`` (technology,
    site, cost_class, value per unit of activity, activity the year's amount)."""

    goods: pd.DataFrame
    processes: pd.DataFrame


def trace(results: Results, stage: str) -> Traced:
    """Cash cost and capital of every good and process in ``stage``, in expected amounts over its branches."""
    year = _Year(results, stage)
    goods = year.solve()
    return Traced(goods, year.process_costs(goods))


def _solved(system: sparse.csc_matrix, right: np.ndarray) -> np.ndarray:
    """Costs per unit; none (zeros) where goods only go round without any inflow, so that no average cost exists."""
    if not system.shape[0]:
        return right
    try:
        return np.asarray(splu(system).solve(right))
    except RuntimeError:  # SuperLU: the factor is exactly singular
        return np.zeros_like(right)


class _Year:
    """Expected yearly amounts of one stage and the linear system of average costs."""

    def __init__(self, results: Results, stage: str) -> None:
        self.results = results
        periods = results.case.calendar.periods
        self.share = periods[periods["stage"] == stage].set_index("period")["probability"]
        self.stage = stage
        self.activity = self._amounts("activity")
        self.flow = self._amounts("flow")
        self.supply = self._amounts("supply")
        recipe = results.case.relations["recipe"]
        commodities = results.case.labels["commodities"]
        self.exact = set(commodities.loc[commodities["balance"] == "exact", "commodity"])
        self.work = summed(self.activity, ["technology", "site"], "amount")
        moves = self.work.merge(recipe, on=["technology", "site"])
        moves["moved"] = moves["amount"] * moves["quantity"]
        self.moves: pd.DataFrame = moves[moves["amount"] > 0]

    def _amounts(self, family: str) -> pd.DataFrame:
        table = self.results.values[family]
        table = table[table["period"].isin(self.share.index) & (table["value"] > 0)].copy()
        table["amount"] = table["value"] * table["period"].map(self.share)
        table["money"] = table["amount"] * table["unit_price"]
        return table

    def _made(self) -> pd.DataFrame:
        """Outputs that carry cost: technology, site, commodity, moved, part (share of the process)."""
        made = pd.DataFrame(self.moves[(self.moves["moved"] > 0) & ~self.moves["commodity"].isin(self.exact)])
        return made.assign(part=made["moved"] / made.groupby(["technology", "site"])["moved"].transform("sum"))

    def _residue_prices(self) -> pd.DataFrame:
        """commodity, site, value: average price of goods that may not vanish, weighted by the length of periods."""
        table = self.results.duals["balance_exact"]
        table = table[table["period"].isin(self.share.index)].copy()
        periods = self.results.case.calendar.periods.set_index("period")
        table["weight"] = table["period"].map(periods["length"] * periods["probability"]).astype(float)
        table["money"] = table["value"] * table["weight"]
        key = ["commodity", "site"]
        sums = summed(table, key, "money").merge(summed(table, key, "weight"), on=key)
        return sums.assign(value=sums["money"] / sums["weight"])[[*key, "value"]]

    def _own_costs(self) -> pd.DataFrame:
        """technology, site, cost_class, money: variable costs, residues and capital of every running process."""
        variable = summed(self.activity, ["technology", "site", "cost_class"], "money")
        residues = self.moves[self.moves["commodity"].isin(self.exact)].merge(self._residue_prices(), on=["commodity", "site"])
        residues["money"] = -residues["moved"] * residues["value"]
        residues = summed(residues, ["technology", "site"], "money").assign(cost_class=RESIDUE)
        return pd.concat([variable, residues, self._capital()], ignore_index=True)

    def _capital(self) -> pd.DataFrame:
        """Annual charges of the options alive in the stage, spread over the activities that use their units."""
        effect = self.results.case.relations["effect"]
        alive = effect[(effect["stage"] == self.stage) & (effect["per_size"] > 0)]
        size = self.results.values["size"].rename(columns={"stage": "decided"})
        charged = alive.merge(size[["option", "decided", "value", "unit_price", "cost_class"]], on=["option", "decided"])
        # an option that serves several units or sites charges each for its part of the capacity added
        part = charged["per_size"] / charged.groupby(["option", "decided"])["per_size"].transform("sum")
        charged["money"] = charged["value"] * charged["unit_price"] * part
        use = self.results.case.relations["use"].merge(self.work, on=["technology", "site"])
        use["weight"] = use["use"] * use["amount"]
        use["weight"] = use["weight"] / use.groupby(["unit", "site"])["weight"].transform("sum")
        rows = charged.merge(use[use["weight"] > 0][["unit", "site", "technology", "weight"]], on=["unit", "site"])
        rows["money"] = rows["money"] * rows["weight"]
        return summed(rows, ["technology", "site", "cost_class"], "money")

    def solve(self) -> pd.DataFrame:
        """Average cost per unit of every good at every site, by class."""
        made, own = self._made(), self._own_costs()
        arrivals = self.flow.assign(site=self.flow["to"], amount=self.flow["amount"])
        lanes = self.results.case.columns["flow"][[*COLUMN_KEYS["flow"], "delivered_share"]]
        arrivals = arrivals.merge(lanes, on=list(COLUMN_KEYS["flow"]))
        inflow = summed(
            pd.concat(
                [
                    made.rename(columns={"moved": "in"})[["commodity", "site", "in"]],
                    arrivals.assign(**{"in": arrivals["amount"] * arrivals["delivered_share"]})[["commodity", "site", "in"]],
                    self.supply.rename(columns={"amount": "in"})[["commodity", "site", "in"]],
                ]
            ),
            ["commodity", "site"],
            "in",
        )
        inflow = inflow[~inflow["commodity"].isin(self.exact)].reset_index(drop=True)
        number = {key: i for i, key in enumerate(zip(inflow["commodity"], inflow["site"], strict=True))}
        used = self.moves[(self.moves["moved"] < 0) & ~self.moves["commodity"].isin(self.exact)]
        chain = made[["technology", "site", "commodity", "part"]].merge(
            used[["technology", "site", "commodity", "moved"]], on=["technology", "site"], suffixes=("", "_in")
        )
        own_money = made[["technology", "site", "commodity", "part"]].merge(own, on=["technology", "site"])
        own_money["money"] = own_money["money"] * own_money["part"]
        money = summed(
            pd.concat(
                [
                    own_money[["commodity", "site", "cost_class", "money"]],
                    arrivals[["commodity", "site", "cost_class", "money"]],
                    self.supply[["commodity", "site", "cost_class", "money"]],
                ]
            ),
            ["commodity", "site", "cost_class"],
            "money",
        )
        edges = [
            (number[k, s], number[k_in, s], -q * part)
            for k, s, k_in, q, part in zip(chain["commodity"], chain["site"], chain["commodity_in"], chain["moved"], chain["part"], strict=True)
        ] + [
            (number[k, d], number[k, o], sent)
            for k, o, d, sent in zip(arrivals["commodity"], arrivals["from"], arrivals["to"], arrivals["amount"], strict=True)
            if (k, d) in number and (k, o) in number  # an origin without inflow is the solver's rounding
        ]
        return self._costs(inflow, number, edges, money)

    @staticmethod
    def _costs(inflow: pd.DataFrame, number: dict[tuple[str, str], int], edges: list[tuple[int, int, float]], money: pd.DataFrame) -> pd.DataFrame:
        count = len(inflow)
        classes = sorted(money["cost_class"].unique())
        right = np.zeros((count, len(classes)))
        for k, s, cost_class, amount in zip(money["commodity"], money["site"], money["cost_class"], money["money"], strict=True):
            if (k, s) in number:
                right[number[k, s], classes.index(cost_class)] += amount
        rows, columns, values = ([edge[i] for edge in edges] for i in range(3))
        system = sparse.diags_array(inflow["in"].to_numpy(float)) - sparse.coo_array((values, (rows, columns)), shape=(count, count))
        unit = _solved(sparse.csc_matrix(system), right)
        table = pd.DataFrame(unit, columns=pd.Index(classes)).assign(commodity=inflow["commodity"], site=inflow["site"])
        long = table.melt(["commodity", "site"], var_name="cost_class", value_name="value")
        return long[long["value"] != 0].sort_values(["commodity", "site", "cost_class"]).reset_index(drop=True)

    def process_costs(self, goods: pd.DataFrame) -> pd.DataFrame:
        """technology, site, cost_class, value per unit of activity, activity (amount of the year)."""
        used = self.moves[(self.moves["moved"] < 0) & ~self.moves["commodity"].isin(self.exact)]
        inputs = used.merge(goods, on=["commodity", "site"])
        inputs["money"] = -inputs["moved"] * inputs["value"]
        names = ["technology", "site", "cost_class"]
        total = summed(pd.concat([inputs[[*names, "money"]], self._own_costs()]), names, "money")
        total = total.merge(self.work.rename(columns={"amount": "activity"}), on=["technology", "site"])
        total = total[total["activity"] > 0]
        return total.assign(value=total["money"] / total["activity"])[[*names, "value", "activity"]].reset_index(drop=True)
