"""Which goods can be had at which site and from where, as far as the open columns of a program make, sell and carry them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.case import Case
from model.compile import Floats

Pairs = set[tuple[str, str]]
Origins = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True)
class Opened:
    """``room``: (unit, site) with capacity; ``activities``: (technology, site); ``sold``: (good, site); ``lanes``: good, from, to."""

    room: frozenset[tuple[str, str]]
    activities: frozenset[tuple[str, str]]
    sold: frozenset[tuple[str, str]]
    lanes: tuple[tuple[str, str, str], ...]


class AtHand:
    """A case, asked for what can be had in it.

    A technology makes something where its columns are open, its units have room and everything it uses can be had; goods
    that two technologies make only out of each other count as had, so nothing is called missing that might be there.
    """

    def __init__(self, case: Case, start: Mapping[str, int]) -> None:
        self._columns, self._start = case.columns, start
        recipe = case.relations["recipe"]
        self._made, self._used = (_by_pair(recipe[side]) for side in (recipe["quantity"] > 0, recipe["quantity"] < 0))
        self._units: dict[tuple[str, str], set[str]] = defaultdict(set)
        for technology, site, unit in _distinct(case.relations["use"], "technology", "site", "unit"):
            self._units[technology, site].add(unit)
        existing, effect = case.relations["existing"], case.relations["effect"]
        self._standing: Pairs = set(_distinct(existing[existing["amount"] > 0], "unit", "site"))
        adding = effect[(effect["per_size"] > 0) | (effect["per_open"] > 0)]
        self._adding = _distinct(adding, "option", "unit", "site")
        self._opened: dict[str, Opened] = {}
        self._found: dict[tuple[str, frozenset[tuple[str, str]]], Origins] = {}

    def used(self, technology: str, site: str) -> set[str]:
        """Goods that the technology uses at the site."""
        return self._used.get((technology, site), set())

    def origins(self, site: str, upper: Floats, option: str) -> Origins:
        """(good, site) → the sites it can come from, the site itself where it is made or sold there; what cannot be had is absent.

        ``upper``: upper bounds of all columns in the program of ``site``, always the same; ``option`` counts as open besides.
        """
        if site not in self._opened:
            self._opened[site] = self._open_in(upper)
        opened = self._opened[site]
        room = opened.room | {(unit, where) for name, unit, where in self._adding if name == option}
        if (site, room) not in self._found:
            self._found[site, room] = self._origins(opened, room)
        return self._found[site, room]

    def _open_in(self, upper: Floats) -> Opened:
        options = {name for family in ("size", "open") for (name,) in _distinct(self._open(family, upper), "option")}
        return Opened(
            frozenset(self._standing | {(unit, site) for name, unit, site in self._adding if name in options}),
            frozenset(_distinct(self._open("activity", upper), "technology", "site")),
            frozenset(_distinct(self._open("supply", upper), "commodity", "site")),
            tuple(_distinct(self._open("flow", upper), "commodity", "from", "to")),
        )

    def _origins(self, opened: Opened, room: Collection[tuple[str, str]]) -> Origins:
        running = {pair for pair in opened.activities if all((unit, pair[1]) in room for unit in self._units.get(pair, ()))}
        while True:
            sources = opened.sold | {(good, site) for technology, site in running for good in self._made.get((technology, site), ())}
            found = _carried(sources, opened.lanes)
            starved = {pair for pair in running if any((good, pair[1]) not in found for good in self.used(*pair))}
            if not starved:
                return found
            running -= starved

    def _open(self, family: str, upper: Floats) -> pd.DataFrame:
        table, start = self._columns[family], self._start[family]
        mask: NDArray[np.bool_] = upper[start : start + len(table)] > 0
        return table[mask]


def brought(goods: Collection[str], site: str, origins: Origins, *, alone: bool) -> str:
    """``good: site, site; good: site``: where those of ``goods`` come from that others bring, of those that one site brings if ``alone``."""
    found = {good: sorted(origins.get((good, site), ())) for good in sorted(goods)}
    return "; ".join(f"{good}: {', '.join(sites)}" for good, sites in found.items() if sites and site not in sites and (len(sites) == 1 or not alone))


def _carried(sources: Collection[tuple[str, str]], lanes: Collection[tuple[Any, ...]]) -> dict[tuple[str, str], frozenset[str]]:
    """Sources and every place that lanes reach from them, each with the sites the good comes from."""
    onward: dict[tuple[str, str], set[str]] = defaultdict(set)
    for good, origin, destination in lanes:
        onward[good, origin].add(destination)
    found: dict[tuple[str, str], set[str]] = {(good, site): {site} for good, site in sources}
    waiting = sorted(found)
    while waiting:
        good, origin = waiting.pop()
        for destination in onward.get((good, origin), ()):
            if (good, destination) not in found:
                waiting.append((good, destination))
            found.setdefault((good, destination), set()).add(origin)
    return {place: frozenset(sites) for place, sites in found.items()}


def _by_pair(recipe: pd.DataFrame) -> dict[tuple[str, str], set[str]]:
    goods: dict[tuple[str, str], set[str]] = defaultdict(set)
    for technology, site, good in _distinct(recipe, "technology", "site", "commodity"):
        goods[technology, site].add(good)
    return goods


def _distinct(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(table[list(columns)].drop_duplicates().itertuples(index=False, name=None))
