"""What the tables of a page must say: plan, flows and trade, indicators, clauses, ledger, gains, sources; one function per table, all columns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from page_blocks import Block
from page_truth import Truth, with_rates
from page_walk import Judge, Wanted

from maps.figures import NONE, compact, number, percent

HALF = 1e-9  # a half may be rounded either way


def either(shape, value: float) -> set[str]:
    """A number as it is printed, a half rounded either way."""
    return {shape(value * (1 - HALF)), shape(value), shape(value * (1 + HALF))}


def english(note: object) -> str:
    """The English half of a note written ``Chinese | English``, else all of it."""
    chinese, bar, other = ("" if isinstance(note, float) else str(note)).partition(" | ")
    return " ".join((other if bar else chinese).split())


def plan(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Park, link of the chain, existing, added, closed, after, output (of the technologies of that link, wherever they run)."""
    site, stage = truth.sites[block.above], block.english[1]
    output = truth.output.get((site, stage), 0.0)
    if (site, stage) not in truth.stages.index:
        return [block.english[0], stage, "0", "·", "·", "0", number(output)]  # made on the lines of another link
    existing, added, closed = truth.stages.loc[(site, stage)]
    change = [number(value) if value else "·" for value in (added, closed)]
    return [block.english[0], stage, number(existing), *change, number(existing + added - closed), number(output)]


def option_of(name: str, site: str, truth: Truth) -> str:
    """The id of an option called by its technology and park, its plant or its project."""
    what, grown, where = name.rpartition(", expansion at ")
    if grown:
        return f"expand_{truth.technologies[what]}_{truth.sites[where]}"
    if name.startswith("closure of "):
        return "close_" + truth.row("plants", "name_en", name.removeprefix("closure of "))["plant"]
    if (truth.inputs["projects"]["name_en"] == name).any():
        return str(truth.row("projects", "name_en", name)["project"])
    return "new_potline_" + truth.row("new_potlines", "name_en", name)["site"]


def clause_of(option: str, truth: Truth) -> str:
    """The clause that permits or rules an option: of its project, of the pool of its region, of the permission of its technology."""
    if option in set(truth.inputs["projects"]["project"]):
        return str(truth.row("projects", "project", option)["clause"])
    if option.startswith("expand_"):
        site = truth.options.loc[option, "site"]
        technology = truth.row("technologies", "technology", option.removeprefix("expand_").removesuffix(f"_{site}"))
        rules = truth.inputs["permissions"]
        found = rules[(rules["permission"] == technology["permission"]) & (rules["site"] == site)]["clause"]
        return str(found.iloc[0]) if len(found) else ""
    kind, key = ("plants", "plant") if option.startswith("close_") else ("new_potlines", "site")
    region = truth.row(kind, key, option.removeprefix("close_").removeprefix("new_potline_"))["region"]
    pools = truth.inputs["swap_pools"]
    return str(pools[[region in one.split(";") for one in pools["regions"]]]["clause"].iloc[-1])


def expansions(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Park, option, link, status, size, largest size, clause, note."""
    cells = block.english
    option = option_of(cells[1], cells[0], truth)
    row = truth.options.loc[option]
    return [cells[0], cells[1], cells[2], cells[3], number(truth.sizes[option]), number(row["max_size"]), clause_of(option, truth), english(row["note"])]


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
    texts = {english(note), f"serves from {year}", *reasons(told, year)}
    rest = len(cells) - 6 - len(solved)
    return [cells[0], cells[1], texts, named, planned, *solved, *[texts] * rest, clause_of(option, truth)]


def named_size(option: str, truth: Truth) -> float:
    """What the tables call its size: of a project its own, of a closure the plant's capacity, of a new potline the most it may be."""
    if option.startswith("close_"):
        return float(truth.row("plants", "plant", option.removeprefix("close_"))["capacity"])
    if option.startswith("new_potline_"):
        return float(truth.row("new_potlines", "site", option.removeprefix("new_potline_"))["max_size"])
    return float(truth.row("projects", "project", option)["size"])


def reasons(told, year: str) -> set[str]:
    """Why a project is or is not in the plan, with its year and what its capacity is worth."""
    states = [f"finished before the planning year ({year}): counted as existing capacity", f"serves from {year}"]
    if not len(told):
        return set(states)
    row = told.iloc[0]
    share = row["worth"] / row["charge"] if row["charge"] else math.nan
    extra = number(abs(row["extra_cost"]), 1)
    found = [
        f"its capacity is worth {'less than 1 %' if share < 0.01 else percent(share)} of its yearly charge", f"with it the plan costs {extra} million yuan a year more",
        f"its whole size would cost {extra} million yuan a year more than the part that is taken", f"with it the plan costs {extra} million yuan a year less",
    ]
    restrained = ["a restrained project, not opened", "not among the permitted sites", "shut by this scenario", *states]
    return {*states, *found, *(f"{state}; were it open now: {one}" for state in restrained for one in found)}


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
    return [block.english[0], either(compact, truth.indicator(name)), compact(low), compact(high), block.english[4], block.english[5], clause]


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


def grades(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Grade, meaning, rows of the dataset, share of the money of all columns by the grade of their rows."""
    grade = block.english[0]
    rows = sum(int((table["grade"] == grade).sum()) for name, table in truth.inputs.items() if name != "sources" and "grade" in table)
    return [grade, block.english[1], number(rows), percent(truth.grade_money[grade] / sum(truth.grade_money.values()), 1), ""]


def sources(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Every cell as the dataset's list of sources says it."""
    row = truth.row("sources", "source_id", block.english[0])
    return [" ".join(str(value).split()) for name, value in row.items() if (truth.inputs["sources"][name] != "").any()]


def provenance(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Date, hash, dataset, versions and size as run.json and summary.json have them; the date is checked where the head says it."""
    facts, versions = truth.run, truth.run["versions"]
    size, seconds = truth.summary, sum(truth.summary["seconds"].values())
    model = f"{compact(size['rows'])} rows · {compact(size['columns'])} columns · {number(seconds, 1)} s"
    return [block.english[0], {truth.date, facts["case_hash"], facts["dataset"], model, *map(str, versions.values())}]


def benchmarks(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Name, published, built up, difference, unit, inputs, what is known of the gap, source; texts are the dataset's."""
    row = truth.rows_of_table("benchmarks", "name_en", block.english[0]).iloc[0]
    published = float(truth.row("benchmark_costs", "benchmark", row["benchmark"])["central"])
    share = 100 * (row["built"] - published) / published
    signed = f"{share:+.1f} %".replace("-", "−")
    said = re.sub(r"\s+", " ", row["inputs_en"])
    return [block.english[0], compact(published), compact(row["built"]), signed, block.english[4], said, row["note_en"], f"{row['source']} {row['grade']}"]


def left_out(block: Block, truth: Truth) -> Iterable[Wanted]:
    """How many rows of the flow table stand in the workbook alone: flows of more than 5 t a year beyond the sixty largest."""
    moved = truth.flow_sums[truth.flow_sums["flow"] > 0.005]
    return [f"{len(moved) - 60} more rows in results.xlsx."]


def unused(block: Block, truth: Truth) -> Iterable[Wanted]:
    """How many sources no row of the dataset names."""
    cells = {cell for name, table in truth.inputs.items() if name != "sources" and "source" in table for cell in table["source"]}
    named = {part.strip() for cell in cells for part in re.split("[;;]", cell)}
    return [f"{int((~truth.inputs['sources']['source_id'].isin(named)).sum())} more rows in results.xlsx."]


JUDGES: dict[tuple[str, str], Judge] = {
    ("plan", "tr 0"): plan, ("plan", "tr 1"): projects, ("plan", "tr 2"): expansions,
    ("flows", "tr 0"): flows, ("flows", "p.more-rows 0"): left_out, ("flows", "tr 3"): stores,
    ("flows", "tr 1"): trade("supply", "supply", "tier", "paid on delivery"),
    ("flows", "tr 2"): trade("sale", "demand", "segment", "load of others, no revenue"),
    ("indicators", "tr"): indicators, ("clauses", "tr"): clauses, ("ledger", "tr"): ledger, ("benchmarks", "tr"): benchmarks,
    ("sources", "tr 0"): grades, ("sources", "tr 1"): sources, ("sources", "p.more-rows"): unused, ("sources", "tr 2"): provenance,
}
