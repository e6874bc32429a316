"""What a move of the market's quotes does to the costs of the plan: read off the market expanded once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from model.expand import market
from model.expand.market_settings import MarketSettings
from model.problems import Problems
from model.tables import Tables

Pattern = tuple[str, tuple[tuple[str, str], ...]]  # family of columns and the ids that pick some of them
# table of the market, its family of columns, the id of its steps, and what a dearer price is to the plan
SIDES = (("supply", "supply", "tier", 1.0), ("demand", "sale", "segment", -1.0))
ROUNDING = 12  # digits after the point of a million yuan per kt


def price_period(tables: Tables) -> str:
    """The period of the quotes that the market uses."""
    return MarketSettings(tables, Problems()).text("price_period")


def raised(tables: Tables, quotes: Iterable[str], change: float) -> Tables:
    """The tables with the central figures of ``quotes`` moved by ``change``, in the units they are quoted in."""
    prices = tables["prices"]
    chosen = prices["price"].isin(list(quotes)) & (prices["period"] == price_period(tables))
    return {**tables, "prices": prices.assign(central=prices["central"] + change * chosen.astype(float))}


def cost_moves(tables: Tables, core: Tables, quotes: Iterable[str]) -> tuple[tuple[Pattern, float], ...]:
    """Columns whose cost moves with ``quotes``, and by how much (million yuan per kt) where all of them rise by one unit.

    Both sides of the market move: what is bought at a quote and what is sold at it.
    """
    now, then = (market.expand(each, core, Problems()) for each in (tables, raised(tables, quotes, 1.0)))
    return tuple(move for side in SIDES for move in _moves(now, then, *side))


def _moves(now: Tables, then: Tables, table: str, family: str, step: str, sign: float) -> Iterator[tuple[Pattern, float]]:
    """One pattern per good where all its rows move alike, else one per row."""
    if table not in now:
        return
    rows = now[table][["commodity", "site", step]].astype(str).assign(move=sign * (then[table]["price"] - now[table]["price"]).round(ROUNDING))
    for good, mine in rows[rows["move"] != 0.0].groupby("commodity", sort=True):
        whole = len(mine) == int((rows["commodity"] == good).sum()) and mine["move"].nunique() == 1
        names = ("commodity",) if whole else ("commodity", "site", step)
        for row in mine.drop_duplicates([*names, "move"]).to_dict("records"):
            yield (family, tuple((name, str(row[name])) for name in names)), float(row["move"])
