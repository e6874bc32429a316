"""Who may ship a good to whom: lanes run from makers and sellers to users and buyers, so that no money pump can open.

- A maker can make the good, a user can use it: the technology is permitted there and every unit it occupies has
  capacity or an option there. Sellers have a supply row, buyers a demand row, stores a stock of the good.
- Everybody ships to users, and makers to everybody; nothing goes from a site to itself, from store to store, or from one
  gateway to another.
- A dealer, a gateway, market or warehouse that sells or stores what it does not make, ships only to users and to
  buyers that must be served: what would be bought only to be sold again never moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.tables import Tables

Places = dict[str, set[str]]  # commodity → sites
GATEWAY = "gateway"
DEALERS = (GATEWAY, "market", "warehouse")  # kinds of sites


@dataclass(frozen=True)
class Trade:
    """Sites by commodity: who makes, uses, sells, buys, must be served with and stores it; and the kind of each site."""

    makers: Places
    users: Places
    sellers: Places
    buyers: Places
    must_serve: Places
    stores: Places
    kinds: dict[str, str]

    def partners(self, good: str) -> Iterator[tuple[str, str]]:
        """(from, to) of every lane the rules of this module permit for ``good``, sorted."""
        origins = self.makers[good] | self.sellers[good] | self.stores[good]
        for origin in sorted(origins):
            for destination in sorted(self._customers(good, origin) - {origin}):
                yield origin, destination

    def places(self, good: str) -> set[str]:
        """Every site that makes, uses, sells, buys or stores ``good``."""
        return self.makers[good] | self.users[good] | self.sellers[good] | self.buyers[good] | self.stores[good]

    def _customers(self, good: str, origin: str) -> set[str]:
        if self.kinds.get(origin) in DEALERS and origin not in self.makers[good]:
            customers = self.users[good] | self.must_serve[good]
        else:
            customers = self.users[good] | self.buyers[good] | self.stores[good]
        if origin in self.stores[good]:
            customers = customers - (self.stores[good] - self.users[good] - self.buyers[good])
        if self.kinds.get(origin) == GATEWAY:
            customers = {site for site in customers if self.kinds.get(site) != GATEWAY}
        return customers


def trade(core: Tables) -> Trade:
    """Who trades what, from the core rows made so far."""
    makers, users = makers_and_users(core)
    kinds: dict[str, str] = dict(_columns(core, "sites", "site", "kind"))
    return Trade(
        makers, users, _places(core, "supply", "max"), _places(core, "demand", "max"), _places(core, "demand", "min"),
        _places(core, "stocks", "capacity"), kinds,
    )


def makers_and_users(core: Tables) -> tuple[Places, Places]:
    """Sites that can make, and sites that can use, each commodity (a site's own recipe row replaces the ``*`` row)."""
    makers: Places = defaultdict(set)
    users: Places = defaultdict(set)
    quantities: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for technology, site, commodity, quantity in _columns(core, "recipes", "technology", "site", "commodity", "quantity"):
        quantities[technology, site][commodity] = quantity
    for technology, site in _possible(core):
        for commodity, quantity in (quantities[technology, "*"] | quantities[technology, site]).items():
            if quantity != 0:
                (makers if quantity > 0 else users)[commodity].add(site)
    return makers, users


def _possible(core: Tables) -> list[tuple[str, str]]:
    needs: dict[str, set[str]] = defaultdict(set)
    for technology, unit in _columns(core, "capacity_use", "technology", "unit"):
        needs[technology].add(unit)
    standing = {*_columns(core, "capacity", "unit", "site"), *_columns(core, "option_effects", "unit", "site")}
    rows = _columns(core, "tech_sites", "technology", "site", "max_activity")
    permitted = dict.fromkeys((technology, site) for technology, site, most in rows if most != 0)
    return [pair for pair in permitted if all((unit, pair[1]) in standing for unit in needs[pair[0]])]


def _places(core: Tables, table: str, bound: str) -> Places:
    """Sites of the rows of ``table`` whose ``bound`` is not 0 (blank is no bound)."""
    places: Places = defaultdict(set)
    for commodity, site, amount in _columns(core, table, "commodity", "site", bound):
        if amount != 0:
            places[commodity].add(site)
    return places


def _columns(core: Tables, table: str, *columns: str) -> Iterable[tuple[Any, ...]]:
    rows = core.get(table, pd.DataFrame())
    return zip(*(rows[column] for column in columns), strict=True) if len(rows) else ()
