"""What a click on a place must say: firms, capacity, output, goods in and out, what is not built and why, rows of the dataset behind it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from page_blocks import Block
from page_options import english, name_of, option_of, reasons
from page_truth import Truth
from page_walk import Judge, Wanted

from maps.figures import number


def firm(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Firm and note as the dataset has them; above the charts, the plant."""
    names = {*truth.inputs["firms"]["name_en"], *truth.technologies}
    if block.head != "Firms":
        return [names]
    rows = truth.inputs["firms"][lambda table: (table["site"] == truth.sites[block.place]) & (table["name_en"] == block.english[0])]
    return [block.english[0], english(rows["note"].iloc[0])]


def place(block: Block, truth: Truth) -> Iterable[Wanted]:
    return [set(truth.sites)]


def capacity(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Link of the chain, existing, added, closed, after."""
    existing, added, closed = truth.stages.loc[(truth.sites[block.place], block.english[0])]
    return [block.english[0], *map(number, (existing, added, closed, existing + added - closed))]


def production(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Technology and what it makes in the year."""
    rows = truth.found["activity"]
    mine = rows[(rows["site"] == truth.sites[block.place]) & (rows["technology"] == truth.technologies[block.english[0]])]
    return [block.english[0], number(float(mine["activity"].sum()), 1)]


def goods(here: str, there: str) -> Judge:
    """Good, the other place, amount of the year, unit."""

    def judge(block: Block, truth: Truth) -> Iterable[Wanted]:
        sums = truth.once("goods", lambda found: found.found["flow"].groupby(["commodity", "from", "to"])["flow"].sum())
        ends = {here: truth.sites[block.place], there: truth.sites[block.english[1]]}
        amount = sums[truth.goods[block.english[0]], ends["from"], ends["to"]]
        return [*block.english[:2], number(float(amount), 1), block.english[3]]

    return judge


def not_built(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Name, status, what it misses, and why, of a project, expansion or closure at the place."""
    name = block.english[0].split(" · ")[0]
    option = option_of(name, block.place, truth)
    assert option not in truth.options.index or name_of(option, truth) == name
    told = truth.rows_of_table("projects", "project", option)
    project = truth.rows("projects", "project", option)
    year = project["year"].iloc[0].removesuffix(".0") if len(project) else ""
    states = ["not chosen", f"serves from {year}", "not permitted", "restrained", "off in this scenario"]
    missed = float(told["misses"].iloc[0]) if len(told) else math.nan
    end = f" · misses {number(missed)} yuan per tonne of capacity and year" if missed > 0 else ""
    return [{f"{name} · {state}{end}" for state in states}, reasons(told, year)]


def evidence(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Table, how many of its rows name the place, their sources, their grade."""
    site, grade = truth.sites[block.place], block.english[3].replace("—", "")
    found = set()
    for name, table in truth.inputs.items():
        if "site" in table and {"source", "grade"} <= set(table.columns) and truth.table_names.get(name) == block.english[0]:
            rows = table[(table["site"] == site) & (table["grade"] == grade) & ((table["source"] != "") | (table["grade"] != ""))]
            cells = sorted(set(rows["source"]))
            sources = dict.fromkeys(one.strip() for cell in cells for one in cell.split(";") if one.strip())
            found.add((number(len(rows)), "; ".join(sources) or "—"))
    shown = (block.english[1], block.english[2])
    return [block.english[0], *(shown if shown in found else (None, None)), block.english[3]]


JUDGES: dict[tuple[str, str], Judge] = {
    ("popup", "p"): firm, ("popup", "h4"): place, ("popup", "tr Capacity (kt/yr)"): capacity, ("popup", "tr Production (kt/yr)"): production,
    ("popup", "tr Largest inflows (a year)"): goods("to", "from"), ("popup", "tr Largest outflows (a year)"): goods("from", "to"),
    ("popup", "li What is not built here, and why"): not_built, ("popup", "tr Sources and grades of its figures"): evidence,
}
