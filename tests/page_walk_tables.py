"""What the tables of a page must say: plan, flows and trade, indicators, clauses, ledger, gains, sources; one function per table, all columns."""

from __future__ import annotations

import math
from collections.abc import Iterable

from page_blocks import Block
from page_folder import with_rates
from page_options import clause_of, english, named_size, option_of, reasons, status
from page_truth import Truth
from page_walk import Judge, Wanted

from maps.figures import NONE, compact, number

HALF = 1e-9  # a half may be rounded either way


def either(shape, value: float) -> set[str]:
    """A number as it is printed, a half rounded either way."""
    return {shape(value * (1 - HALF)), shape(value), shape(value * (1 + HALF))}


def plan(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Park, link of the chain, existing, added, closed, after, output (of the technologies of that link, wherever they run)."""
    site, stage = truth.sites[block.above], block.english[1]
    output = truth.output.get((site, stage), 0.0)
    if (site, stage) not in truth.stages.index:
        return [block.english[0], stage, "0", "·", "·", "0", number(output)]  # made on the lines of another link
    existing, added, closed = truth.stages.loc[(site, stage)]
    change = [number(value) if value else "·" for value in (added, closed)]
    return [block.english[0], stage, number(existing), *change, number(existing + added - closed), number(output)]


def expansions(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Park, option, link, status, size, largest size, clause, note."""
    cells = block.english
    option = option_of(cells[1], cells[0], truth)
    row = truth.options.loc[option]
    return [cells[0], cells[1], cells[2], status(option, math.inf, truth), number(truth.sizes[option]), number(row["max_size"]), clause_of(option, truth), english(row["note"])]


def projects(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Project, park, status, named and planned size, what other solves say of it, why, note, clause; columns of other solves only where they were made."""
    cells = block.english
    option = option_of(cells[0], cells[1], truth)
    project = truth.rows("projects", "project", option)
    named = number(named_size(option, truth))
    year = project["year"].iloc[0].removesuffix(".0") if len(project) else ""
    planned = number(truth.sizes[option]) if option in truth.sizes else NONE
    told = truth.rows_of_table("projects", "project", option)
    solved = []
    if len(truth.table("projects")):
        values = told.iloc[0] if len(told) else {}
        solved = [number(float(values.get(name, math.nan))).replace(NONE, "") for name in ("charge", "worth", "misses", "first_misses", "product_misses")]
    note = project["note"].iloc[0] if len(project) else truth.options.loc[option, "note"]
    texts = {"", english(note), *reasons(told, year)}
    rest = len(cells) - 6 - len(solved)
    return [cells[0], cells[1], status(option, named_size(option, truth), truth) | {f"serves from {year}"}, named, planned, *solved, *[texts] * rest, clause_of(option, truth)]


def flows(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Good, from, to, mode, kt, kilometres, yuan per tonne."""
    good, start, end, mode = block.english[:4]
    row = truth.flow_sums.loc[(truth.goods[good], truth.sites[start], truth.sites[end], {"river": "water"}.get(mode, mode))]
    return [good, start, end, mode, number(row["flow"], 1), number(row["work"] / row["flow"]), either(number, 1000 * row["cost"] / row["flow"])]


def trade(family: str, rates: str, part: str, free: str) -> Judge:
    """Good, place, amount, unit, million yuan, of purchases or sales; cities together."""

    def judge(block: Block, truth: Truth) -> Iterable[Wanted]:
        rows = truth.once(family, lambda found: with_rates(found.found[family], found.core[rates], ["commodity", "site", part]))
        rows = rows.assign(money=rows[family] * rows["price"])[rows["commodity"] == truth.goods[block.english[0]]]
        place = block.english[1]
        cities = truth.core["sites"].query("kind == 'city'")["site"]
        rows = rows[rows["site"].isin(cities) if place.endswith(" cities") else rows["site"] == truth.sites[place]]
        taken = rows.groupby("site")[family].sum()
        amount, paid = float(rows[family].sum()), float(rows["money"].sum())
        where = f"{int((taken > 0).sum())} cities" if place.endswith(" cities") else place
        return [block.english[0], where, either(lambda value: number(value, 1), amount), block.english[3], number(paid, 1) if paid else free]

    return judge


def stores(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Store, good, unit, room, largest stock, when, put in, cost of keeping, worth of room, what keeping misses."""
    key = truth.goods[block.english[1]], truth.sites[block.english[0]]
    rows = truth.found["stock"].set_index(["commodity", "site"]).loc[[key]]
    reduced = truth.found["stock_reduced_cost"].set_index(["commodity", "site"]).loc[[key], "stock_reduced_cost"]
    assert float(rows["stock"].max()) < 1e-6  # a store in use would need its periods in a row
    room = float(truth.core["stocks"].set_index(["commodity", "site"]).loc[key, "capacity"])
    return [*block.english[:3], compact(room), "0.0", "", "0.0", "0", "", either(compact, 1000 * float(reduced.min()))]


def bounds(name: str, truth: Truth) -> tuple[float, float]:
    row = truth.core["indicators"].set_index("indicator").loc[name]
    return float(row["min"]), float(row["max"])


def indicators(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Indicator, value, least, most, unit, state, clause."""
    name = truth.indicator_names[block.english[0]]
    low, high = bounds(name, truth)
    clause = truth.core["indicators"].set_index("indicator").loc[name, "clause"]
    return [block.english[0], either(compact, truth.indicator(name)), compact(low), compact(high), truth.unit_of(name), state_of(truth.indicator(name), low, high), clause]


def state_of(value: float, low: float, high: float) -> str:
    """What becomes of the bounds of an indicator, to 1e-6 of the bound."""
    gaps = [gap / max(1.0, abs(bound)) for gap, bound in ((value - low, low), (high - value, high)) if not math.isnan(bound)]
    return "reported" if not gaps else "missed" if min(gaps) < -1e-6 else "binding" if min(gaps) <= 1e-6 else "met"


def clauses(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Clause, what it says, status, what is missed of the worst indicator that carries it, reason."""
    row = truth.row("clauses", "clause", block.english[0])
    missed = {""}
    for carrier in filter(None, (one.strip() for one in row["carried_by"].replace(",", ";").split(";"))):
        kind, _, name = carrier.partition(":")
        for one in truth.indicator_names.values():
            if kind == "indicator" and (one == name or (name.endswith("*") and one.startswith(name[:-1]))):
                value, (low, high) = truth.indicator(one), bounds(one, truth)
                missed |= {f"{compact(gap)} {truth.unit_of(one)}" for gap in (low - value, value - high) if gap > 0}
    return [block.english[0], row["text_en"], block.english[2], missed, row["reason_en"]]


def ledger(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Pool, given up, created, bought, used, expired, carried on, price of a kt a year, as one payment: one year, so nothing comes from before."""
    account = truth.core["ledgers"].set_index("name_en").loc[block.english[0]]
    joined = truth.core["ledger_entries"].merge(truth.found["size"], on="option")
    sums = (joined["coefficient"] * joined["size"]).groupby(joined["kind"]).sum()
    created, bought, used = (float(sums.get(kind, 0.0)) for kind in ("created", "bought", "used"))
    worth = abs(1000 * float(truth.bound_prices[account["indicators"]]))
    amounts = (created * account["ratio"], created, bought, used, 0.0, created + bought - used)
    return [block.english[0], *map(number, amounts), compact(worth), compact(worth / account["annuity"])]


def left_out(block: Block, truth: Truth) -> Iterable[Wanted]:
    """How many rows of the flow table stand in the workbook alone: flows of more than 5 t a year beyond the sixty largest."""
    moved = truth.flow_sums[truth.flow_sums["flow"] > 0.005]
    return [f"{len(moved) - 60} more rows in results.xlsx."]


JUDGES: dict[tuple[str, str], Judge] = {
    ("plan", "tr 0"): plan, ("plan", "tr 1"): projects, ("plan", "tr 2"): expansions,
    ("flows", "tr 0"): flows, ("flows", "p.more-rows 0"): left_out, ("flows", "tr 3"): stores,
    ("flows", "tr 1"): trade("supply", "supply", "tier", "paid on delivery"),
    ("flows", "tr 2"): trade("sale", "demand", "segment", "load of others, no revenue"),
    ("indicators", "tr"): indicators, ("clauses", "tr"): clauses, ("ledger", "tr"): ledger,
}
