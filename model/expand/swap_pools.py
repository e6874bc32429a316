"""Swap pools: which potlines may exchange quota with each other, at which ratio, within a site, a city, a region or all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from model import words
from model.expand.amounts import listed
from model.expand.plants import Line
from model.expand.rows import Record, records
from model.tables import Tables
from model.words.lookup import known


@dataclass(frozen=True)
class Pool:
    """One pool with the potlines in it: ``old`` may give quota, ``new`` may use it.

    A row of ``swap_pools`` is one pool, or one in each region, city or site. ``ratio``: kt closed per kt that is new.
    """

    pool: str
    names: dict[str, str]
    row: Record
    old: tuple[Line, ...]
    new: tuple[Line, ...]

    @property
    def ratio(self) -> float:
        """kt closed per kt that is new."""
        return float(self.row["ratio"])

    @property
    def closes(self) -> bool:
        """Whether its potlines may close."""
        return bool(self.row["closures_allowed"] == 1)

    @property
    def builds(self) -> bool:
        """Whether new potlines may use its quota."""
        return bool(self.row["new_potlines_allowed"] == 1)

    @property
    def open(self) -> bool:
        """Whether anything may happen in it."""
        return self.closes or self.builds


def pools(tables: Tables, old: tuple[Line, ...], new: tuple[Line, ...]) -> tuple[Pool, ...]:
    """The pools that stand: those that are open, and for a potline in no open pool the first that covers it.

    That one, closed, keeps the options of its potlines at size 0, so that a reader finds the clause that shuts them.
    """
    places = _places(tables)
    found = [pool for row in records(tables, "swap_pools") for pool in _of_row(row, places[row["within"]], old, new)]
    shown = [pool for pool in found if pool.open]
    covered = {line.technology for pool in shown for line in pool.old + pool.new}
    for pool in (pool for pool in found if not pool.open):
        if any(line.technology not in covered for line in pool.old + pool.new):
            shown.append(pool)
            covered |= {line.technology for line in pool.old + pool.new}
    return tuple(shown)


def _places(tables: Tables) -> dict[str, Callable[[Line], str]]:
    """Where a potline stands, for each width of a pool; blank: in no pool of that width."""
    cities = {row["site"]: str(row["city"]) for row in records(tables, "sites")}
    return {
        "all": lambda line: "*", "region": lambda line: line.region,
        "city": lambda line: cities.get(line.site, ""), "site": lambda line: line.site,
    }


def _of_row(row: Record, place: Callable[[Line], str], old: tuple[Line, ...], new: tuple[Line, ...]) -> Iterator[Pool]:
    regions = listed(row["regions"])
    members: dict[str, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for kind, lines in enumerate((old, new)):
        for line in (line for line in lines if line.region in regions and place(line)):
            members[place(line)][kind].append(line)
    for where, (donors, users) in members.items():
        one = where == "*"
        names = {language: str(row[f"name_{language}"]) if one else _name(row, where, language) for language in words.LANGUAGES}
        yield Pool(row["pool"] if one else f"{row['pool']}_{where}", names, row, tuple(donors), tuple(users))


def _name(row: Record, where: str, language: str) -> str:
    place = known(f"industry.place_{where}", where)[words.LANGUAGES.index(language)]
    return words.text("industry.swap_pool", language, pool=row[f"name_{language}"] or row["pool"], place=place)
