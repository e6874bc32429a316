"""The chain of a plan worked out anew from its run folder: streams on the map, the metal balance, the cost of a tonne of metal."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pandas as pd
from page_folder import with_rates
from page_truth import Truth
from runs import ROOT
from scipy import sparse

LEAST = 0.05  # kt a year: what is less is neither drawn nor linked
PROCESS = {"alumina": "alumina", "smelting": "primary", "recycling": "recycled", "sorting": "recycled", "processing": "processing", "casting": "casting", "residue": "residue"}
LOSSES = {"alumina": "out_residue", "primary": "out_oxygen"}
METAL = ("bauxite", "alumina", "metal", "scrap", "recycled", "products")
ROUNDS, STILL = 4000, 1e-12  # until the cost of no good moves by more, million yuan per kt


@cache
def groups() -> dict[str, dict]:
    """The groups of goods of the map: key → words and goods."""
    with (ROOT / "maps" / "assets" / "goods.toml").open("rb") as file:
        return tomllib.load(file)


def group_of() -> defaultdict[str, str]:
    """Good → its group; a good of no group belongs to the last."""
    known: defaultdict[str, str] = defaultdict(lambda: list(groups())[-1])
    known.update({good: key for key, group in groups().items() for good in group["goods"]})
    return known


def routed(truth: Truth) -> pd.DataFrame:
    """commodity, group, from, to, mode, route, amount of the year, of goods counted in kt that leave their place; what is drawn."""
    goods = set(truth.core["commodities"].query("unit == 'kt'")["commodity"])
    rows = truth.flows[truth.flows["commodity"].isin(goods) & (truth.flows["from"] != truth.flows["to"])]
    sums = rows.groupby(["commodity", "from", "to", "mode", "route"], as_index=False)["flow"].sum().rename(columns={"flow": "amount"})
    known = group_of()
    return sums[sums["amount"] >= LEAST].assign(group=lambda table: table["commodity"].map(lambda good: known[good]))


def streams(truth: Truth) -> dict[tuple[str, str, str, str], list[tuple]]:
    """(group, start, end, mode) of a step of a route → (commodity, from, to, amount) of what goes that way, the largest first."""
    found: defaultdict[tuple[str, str, str, str], list[tuple]] = defaultdict(list)
    for row in routed(truth).sort_values("amount", ascending=False).rename(columns={"from": "start"}).itertuples():
        steps = row.route.split("~") if row.route else [row.start, row.mode, row.to]
        for start, mode, end in zip(steps[0::2], steps[1::2], steps[2::2], strict=False):
            found[row.group, start, end, mode].append((row.commodity, row.start, row.to, row.amount))
    return found


def balance(truth: Truth) -> tuple[Counter, float]:
    """Links of the metal balance, kt a year, and what the goods miss to balance."""
    known, links, error = group_of(), Counter(), Counter()
    net: defaultdict[str, Counter] = defaultdict(Counter)
    stage = dict(zip(truth.inputs["technologies"]["technology"], truth.inputs["technologies"]["stage"], strict=True))
    for row in moves(truth).itertuples():
        error[row.commodity] += row.moved
        if known[row.commodity] in METAL:
            net[row.technology][known[row.commodity]] += row.moved
    lost = truth.flows.assign(lost=truth.flows["flow"] * (1 - truth.flows["delivered_share"].fillna(1.0)))
    for table, column, sign in ((truth.found["supply"], "supply", 1), (truth.found["sale"], "sale", -1), (lost, "lost", -1)):
        for good, amount in table.groupby("commodity")[column].sum().items():
            key = known[good]
            error[good] += sign * amount
            if key in METAL:
                links[(f"in_{key}", key) if sign > 0 else (key, "out_sold" if column == "sale" else "out_lost")] += amount
    for technology, mine in net.items():
        for ends, amount in process(PROCESS.get(stage.get(technology, "smelting"), "other"), mine):
            links[ends] += amount
    kept = Counter({ends: amount for ends, amount in links.items() if amount >= LEAST})
    return kept, sum(abs(value) for good, value in error.items() if known[good] in METAL)


def process(stage: str, net: Counter) -> list[tuple[tuple[str, str], float]]:
    """What one process takes, gives, loses or adds; scrap that it gives goes back to the start."""
    node, loss = f"do_{stage}", -sum(net.values())
    if stage == "residue" and min(net.values()) >= 0:
        return [(("in_dross", key), value) for key, value in net.items()]
    if set(net) == {"metal"}:
        return [(("metal", "out_lost"), loss) if loss > 0 else (("in_added", "metal"), -loss)]
    found = [((node, LOSSES.get(stage, "out_lost")), loss) if loss > 0 else (("in_added", node), -loss)]
    for key, value in net.items():
        if value > 0 and key == "scrap":
            found += [((node, "out_returned"), value), (("in_returned", key), value)]
        else:
            found.append(((key, node), -value) if value < 0 else ((node, key), value))
    return found


def moves(truth: Truth) -> pd.DataFrame:
    """technology, site, commodity, moved: what the activities of the year make (positive) and use; a site's own recipe replaces that of all."""
    work = truth.found["activity"].groupby(["technology", "site"], as_index=False)["activity"].sum()
    recipes = truth.core["recipes"].rename(columns={"site": "where"})
    joined = work.merge(recipes, on="technology")
    joined = joined[(joined["where"] == "*") | (joined["where"] == joined["site"])].sort_values("where")
    joined = joined.drop_duplicates(["technology", "site", "commodity"], keep="last")
    return joined.assign(moved=joined["activity"] * joined["quantity"].astype(float))


def _own_money(truth: Truth, moved: pd.DataFrame, exact: set[str]) -> pd.DataFrame:
    """technology, site, cost_class, money: variable cost, what residues cost to be rid of, annual charges of what was built."""
    run = with_rates(truth.found["activity"], truth.core["tech_sites"], ["technology", "site"])
    parts = [run.assign(money=run["activity"] * run["variable_cost"])]
    left = moved[moved["commodity"].isin(exact)]
    price = [truth.prices.get((good, site), 0.0) for good, site in zip(left["commodity"], left["site"], strict=True)]
    parts.append(left.assign(money=-left["moved"] * price, cost_class="residue"))
    effects = truth.core["option_effects"][lambda table: table["per_size"].fillna(0.0) > 0]
    charge = truth.sizes * truth.options["variable_cost"].reindex(truth.sizes.index)
    share = effects["per_size"] / effects.groupby("option")["per_size"].transform("sum")
    built = effects.assign(charged=effects["option"].map(charge).astype(float) * share)[["unit", "site", "charged"]]
    use = moved.drop_duplicates(["technology", "site"]).merge(truth.core["capacity_use"], on="technology")
    weight = use["use"] * use["activity"]
    use = use.assign(weight=weight / weight.groupby([use["unit"], use["site"]]).transform("sum")).merge(built, on=["unit", "site"])
    parts.append(use.assign(money=use["weight"] * use["charged"], cost_class="capital"))
    return pd.concat([part[["technology", "site", "cost_class", "money"]] for part in parts]).groupby(["technology", "site", "cost_class"], as_index=False)["money"].sum()


class _Goods:
    """Every good at every place: what comes in, what its purchases, ways and makers cost, and from which other goods it draws."""

    def __init__(self, nodes: pd.MultiIndex, classes: list[str]) -> None:
        self.at = {key: number for number, key in enumerate(nodes)}
        self.classes = classes
        self.inflow, self.money = np.zeros(len(nodes)), np.zeros((len(nodes), len(classes)))
        self.links: list[tuple[int, int, float]] = []

    def comes(self, good: str, site: str, amount: float, money: float, cost_class: str) -> None:
        """An amount that is bought, or arrives at the cost of its way."""
        self.inflow[self.at[good, site]] += amount
        self.money[self.at[good, site], self.classes.index(cost_class)] += money

    def draws(self, end: tuple[str, str], start: tuple[str, str], amount: float) -> None:
        """``end`` takes an amount of ``start``; what never comes in is the solver's rounding."""
        if start in self.at:
            self.links.append((self.at[end], self.at[start], amount))

    def costs(self) -> np.ndarray:
        """Cost per unit and class: passed on round by round until nothing moves."""
        ends, starts, amounts = (np.array(column) for column in zip(*self.links, strict=True))
        some = np.where(self.inflow > 0, self.inflow, 1.0)
        passed = sparse.csr_array((amounts / some[ends], (ends, starts)), shape=(len(some), len(some)))
        first = unit = self.money / some[:, None]
        for _ in range(ROUNDS):
            unit, before = first + passed @ unit, unit
            if np.abs(unit - before).max() < STILL:
                return unit
        raise AssertionError("costs do not settle")


def traced(truth: Truth) -> pd.DataFrame:
    """(technology, site) × cost class: yuan per tonne of activity, the average cost of all inputs followed back to what is bought.

    Every good costs at a place what its makers, purchases and arrivals cost together.
    """
    exact = set(truth.core["commodities"].query("balance == 'exact'")["commodity"])
    moved = moves(truth)[lambda rows: rows["activity"] > 0]
    own = _own_money(truth, moved, exact).pivot_table(index=["technology", "site"], columns="cost_class", values="money", aggfunc="sum").fillna(0.0)
    made, used = (moved[moves_so & ~moved["commodity"].isin(exact)] for moves_so in (moved["moved"] > 0, moved["moved"] < 0))
    inputs = {key: list(zip(rows["commodity"], -rows["moved"], strict=True)) for key, rows in used.groupby(["technology", "site"])}
    goods = _bought_and_carried(truth, made, set(own.columns))
    own = own.reindex(columns=goods.classes).fillna(0.0)
    part = made["moved"] / made.groupby(["technology", "site"])["moved"].transform("sum")
    for technology, site, good, amount, share in made.assign(part=part)[["technology", "site", "commodity", "moved", "part"]].itertuples(index=False):
        goods.inflow[goods.at[good, site]] += amount
        if (technology, site) in own.index:
            goods.money[goods.at[good, site]] += share * own.loc[(technology, site)].to_numpy()
        for one, taken in inputs.get((technology, site), []):
            goods.draws((good, site), (one, site), taken * share)
    unit = goods.costs()
    for (technology, site), taken in inputs.items():
        if (technology, site) in own.index:
            own.loc[(technology, site)] += sum(amount * unit[goods.at[good, site]] for good, amount in taken if (good, site) in goods.at)
    activity = moved.drop_duplicates(["technology", "site"]).set_index(["technology", "site"])["activity"]
    return 1000 * own.div(activity, axis=0)


def _bought_and_carried(truth: Truth, made: pd.DataFrame, classes: set[str]) -> _Goods:
    """All goods that come in anywhere, with what is bought and what arrives."""
    bought = with_rates(truth.found["supply"], truth.core["supply"], ["commodity", "site", "tier"])
    flows = truth.flows[truth.flows["flow"] > 0]
    flows = flows.assign(money=flows["flow"] * flows["unit_cost"], arrived=flows["flow"] * flows["delivered_share"].fillna(1.0))
    places = [made[["commodity", "site"]], bought[["commodity", "site"]], flows[["commodity", "to"]].set_axis(["commodity", "site"], axis=1)]
    goods = _Goods(pd.MultiIndex.from_frame(pd.concat(places).drop_duplicates()), sorted({*classes, *flows["cost_class"], *bought["cost_class"]}))
    for row in bought.itertuples():
        goods.comes(row.commodity, row.site, row.supply, row.supply * row.price, row.cost_class)
    for good, start, end, amount, arrived, money, name in flows[["commodity", "from", "to", "flow", "arrived", "money", "cost_class"]].itertuples(index=False):
        goods.comes(good, end, arrived, money, name)
        goods.draws((good, end), (good, start), amount)
    return goods


def values(truth: Truth) -> pd.Series:
    """(technology, site) → yuan that the outputs of a tonne of activity are worth at the prices of the plan."""
    recipes = moves(truth)[lambda rows: rows["quantity"].astype(float) > 0][["technology", "site", "commodity", "quantity"]]
    rows = truth.found["activity"].merge(recipes, on=["technology", "site"]).merge(truth.found["balance_dual"], on=["commodity", "site", "period"])
    worth = (rows["activity"] * rows["quantity"].astype(float) * rows["balance_dual"]).groupby([rows["technology"], rows["site"]]).sum()
    work = truth.found["activity"].groupby(["technology", "site"])["activity"].sum()
    return 1000 * worth / work.reindex(worth.index)
