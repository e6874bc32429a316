"""What a page must say of its data: grades and their share of the money, sources, published costs, how the run was made."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
from page_blocks import Block
from page_folder import with_rates
from page_truth import Truth
from page_walk import Judge, Wanted

from maps.figures import compact, number, percent


def grade_money(truth: Truth) -> dict[str, float]:
    """Grade → Σ |amount × unit price| of all columns, by the grade of the row that prices them."""
    rates = {
        "activity": ("tech_sites", "variable_cost", ["technology", "site"]), "flow": ("lanes", "unit_cost", ["commodity", "from", "to", "mode"]),
        "supply": ("supply", "price", ["commodity", "site", "tier"]), "sale": ("demand", "price", ["commodity", "site", "segment"]),
        "short": ("demand", "shortage_price", ["commodity", "site", "segment"]),
    }
    parts = []
    for family, (table, price, keys) in rates.items():
        rows = with_rates(truth.found[family], truth.core[table], keys) if len(truth.found[family]) else truth.core[table].iloc[:0].assign(**{family: 0.0})
        parts.append((rows[family] * rows[price].astype(float)).abs().groupby(rows["grade"]).sum())
    sizes = truth.sizes.reindex(truth.options.index).fillna(0.0)
    parts.append((sizes * truth.options["variable_cost"].fillna(0.0)).abs().groupby(truth.options["grade"]).sum())
    return pd.concat(parts).groupby(level=0).sum().to_dict()


def share_of(grade: str, truth: Truth) -> float:
    money = truth.once("grade money", grade_money)
    return money[grade] / sum(money.values())


def grades(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Grade, meaning, rows of the dataset, share of the money of all columns by the grade of their rows."""
    grade = block.english[0]
    rows = sum(int((table["grade"] == grade).sum()) for name, table in truth.inputs.items() if name != "sources" and "grade" in table)
    return [grade, block.english[1], number(rows), percent(share_of(grade, truth), 1), ""]


def sources(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Every cell as the dataset's list of sources says it."""
    row = truth.row("sources", "source_id", block.english[0])
    return [" ".join(str(value).split()) for name, value in row.items() if (truth.inputs["sources"][name] != "").any()]


def provenance(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Date, hash, dataset, versions and size as run.json and summary.json have them; the date is checked where the head says it."""
    size, seconds = truth.summary, sum(truth.summary["seconds"].values())
    facts = truth.run["versions"] | {
        "Date of run": truth.date, "Case hash": truth.run["case_hash"], "Dataset": truth.run["dataset"],
        "Size of the model, time taken": f"{compact(size['rows'])} rows · {compact(size['columns'])} columns · {number(seconds, 1)} s",
    }
    return [block.english[0], facts[block.english[0]]]


def benchmarks(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Name, published, built up, difference, unit, inputs, what is known of the gap, source; texts are the dataset's."""
    row = truth.rows_of_table("benchmarks", "name_en", block.english[0]).iloc[0]
    published = float(truth.row("benchmark_costs", "benchmark", row["benchmark"])["central"])
    share = 100 * (row["built"] - published) / published
    signed = f"{share:+.1f} %".replace("-", "−")
    said = re.sub(r"\s+", " ", row["inputs_en"])
    return [block.english[0], compact(published), compact(row["built"]), signed, block.english[4], said, row["note_en"], f"{row['source']} {row['grade']}"]


def unused(block: Block, truth: Truth) -> Iterable[Wanted]:
    """How many sources no row of the dataset names."""
    cells = {cell for name, table in truth.inputs.items() if name != "sources" and "source" in table for cell in table["source"]}
    named = {part.strip() for cell in cells for part in re.split("[;;]", cell)}
    return [f"{int((~truth.inputs['sources']['source_id'].isin(named)).sum())} more rows in results.xlsx."]


def trust(block: Block, truth: Truth) -> Iterable[Wanted]:
    share = percent(share_of("D", truth))
    return [f"{share} of the money in this plan rests on data of grade D (assumptions)"]


JUDGES: dict[tuple[str, str], Judge] = {
    ("sources", "tr 0"): grades, ("sources", "tr 1"): sources, ("sources", "p.more-rows"): unused, ("sources", "tr 2"): provenance,
    ("benchmarks", "tr"): benchmarks, ("findings", "p.trust"): trust,
}
