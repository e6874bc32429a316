"""Gains and losses by place, worked out anew from its money, the ledger and the terms of indicators."""

from __future__ import annotations

from collections.abc import Iterable

import page_folder
import pandas as pd
from page_blocks import Block
from page_margins import margins, rights
from page_truth import Truth
from page_walk import Judge, Wanted

from maps.figures import number

REGIONS = {"Chongqing": "chongqing", "Sichuan": "sichuan", "Outside, and of no place": ""}


def by_site(truth: Truth, *indicators: str) -> pd.Series:
    """site → what it adds to the sum of some indicators; goods count where they arrive."""
    terms = truth.core["indicator_terms"]
    rows = page_folder.matching(terms[terms["indicator"].isin(indicators)], truth.found)
    where = rows["site"].fillna(rows["to"]) if "to" in rows else rows["site"]
    return rows["amount"].groupby(where).sum()


def measures(truth: Truth) -> pd.DataFrame:
    """site × margin, rights, output value, power and emissions."""
    table = pd.DataFrame(
        {
            "margin": margins(truth),
            "rights": rights(truth),
            "output_value": by_site(truth, "output_value"), "power": by_site(truth, "power_used"), "carbon": by_site(truth, "carbon_scope1", "carbon_scope2"),
        }
    )
    return table.reindex(truth.core["sites"]["site"]).fillna(0.0)


def split(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Place or region, margin, rights, output value, power, emissions; taxes and jobs have no figure."""
    table, name = truth.once("measures", measures), block.english[0]
    region = truth.core["sites"].set_index("site")["region"].reindex(table.index).fillna("")
    mine = table[region == REGIONS[name]].sum() if name in REGIONS else table.loc[truth.sites[name]]
    return [name, *map(number, mine), "no data", "no data"]


JUDGES: dict[tuple[str, str], Judge] = {("split", "tr"): split}
