"""Carbon markets: what emitters covered by one pay for, net of the allowances they are given for their output.

Charge = price x (covered emissions - free allowances). Three indicators per market: covered, free, and the net position,
which alone is priced; it is left out where it is 0 for everybody (allowances equal to the default emissions).
"""

from __future__ import annotations

from collections import defaultdict

from model import words
from model.expand.amounts import amount, listed
from model.expand.carbon import Coefficient, direct, indirect, together
from model.expand.measures import activity_terms
from model.expand.plants import Rows
from model.expand.recipes import Placed, Technologies
from model.expand.rows import Record, origin, records
from model.tables import Tables

ROUNDING = 1e-12  # kt CO2e per kt of output
PARTS = ("covered", "free", "net")


def market_rows(tables: Tables, technologies: Technologies, placed: list[Placed], recipes: list[Record]) -> Rows:
    """Indicators and terms of every market, for ``placed`` technologies whose core ``recipes`` are given."""
    rows: Rows = defaultdict(list)
    scopes = {"1": direct(tables, technologies, recipes), "2": indirect(tables, recipes)}
    for market in records(tables, "carbon_markets"):
        chosen = [item for item in placed if _in(market, technologies, item)]
        covered = together(*(scopes[scope] for scope in listed(market["scopes"])))
        free = _allowances(tables, market, technologies)
        for part, coefficient in zip(PARTS, (covered, free, _less(covered, free)), strict=True):
            indicator = f"carbon_{part}_{market['market']}"
            terms = activity_terms(indicator, market, chosen, placed, coefficient)
            if terms:
                rows["indicators"].append(_indicator(indicator, part, market))
                rows["indicator_terms"] += terms
    return rows


def _in(row: Record, technologies: Technologies, item: Placed) -> bool:
    stages = listed(row["stages"])
    return "*" in stages or technologies.rows[item.process]["stage"] in stages


def _allowances(tables: Tables, market: Record, technologies: Technologies) -> Coefficient:
    """kt of allowances per unit of activity: the sum of the rows of the market that name the stage."""
    found = [row for row in records(tables, "free_allocations") if row["market"] == market["market"]]
    return lambda item: sum(amount("free_allocations", row, "allocation") for row in found if _in(row, technologies, item))


def _less(first: Coefficient, second: Coefficient) -> Coefficient:
    """The difference, exactly 0 where only rounding is left of it."""

    def coefficient(item: Placed) -> float:
        left = first(item) - second(item)
        return left if abs(left) > ROUNDING else 0.0

    return coefficient


def _indicator(indicator: str, part: str, market: Record) -> Record:
    names = {
        f"name_{language}": words.text(f"carbon.{part}", language, market=market[f"name_{language}"] or market["market"])
        for language in words.LANGUAGES
    }
    price = amount("carbon_markets", market, "price") if part == "net" else 0.0
    return {
        "indicator": indicator, "unit": "kt CO2e", "scope": "stage", "price": price, "clause": market["clause"], **names, **origin(market),
    }
