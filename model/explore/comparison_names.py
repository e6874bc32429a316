"""Chinese and English names of the rows of a comparison, from the tables of all its plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import pandas as pd

from model import words
from model.expand.rows import records
from model.explore.amounts import OUTPUT
from model.explore.labels import Labels
from model.pipeline import Planned
from model.words.lookup import known

Pair = tuple[str, str]


class Names:
    """An id that no plan names stands for itself."""

    def __init__(self, plans: Sequence[Planned]) -> None:
        self._labels = [Labels(plan) for plan in plans]
        self._cores = [plan.prepared.core for plan in plans]
        self._tables = [plan.prepared.tables for plan in plans]
        self._rows = cache(self._named)

    def _first(self, name: str, found: Callable[[Labels], Pair]) -> Pair:
        """The name that the first plan gives that has one."""
        pairs = (found(labels) for labels in self._labels)
        return next((pair for pair in pairs if any(pair) and pair != (name, name)), (name, name))

    def _row(self, table: str, key: str, name: str) -> Pair:
        return self._rows(table, key).get(name, (name, name))

    def _named(self, table: str, key: str) -> dict[str, Pair]:
        """Every id of a table that some plan gives a name; the first plan's name counts."""
        found: dict[str, Pair] = {}
        for tables in reversed((*self._cores, *self._tables)):
            for row in records(tables, table):
                if row["name_zh"] or row["name_en"]:
                    found[str(row[key])] = str(row["name_zh"] or row["name_en"]), str(row["name_en"] or row["name_zh"])
        return found

    @staticmethod
    def said(key: str, otherwise: str) -> Pair:
        """A word of a comparison, or ``otherwise`` where there is none."""
        return known(f"compare.{key}", otherwise)

    def site(self, site: str) -> Pair:
        """A site; what is of no site has a word of its own."""
        return self._row("sites", "site", site) if site else self.said("nowhere", "")

    def place(self, place: str) -> Pair:
        """A city or region."""
        return known(f"industry.place_{place}", place) if place else self.said("no_place", "")

    def good(self, good: str) -> Pair:
        """A good; what is for none has a word of its own."""
        return self._row("commodities", "commodity", good) if good else self.said("no_good", "")

    def part(self, dimension: str, name: str) -> Pair:
        """One part of a split of the objective."""
        if name == "residual":
            return self.said("residual", name)
        if dimension == "cost_class":
            return known(f"cost_classes.{name}", name or "")
        if dimension == "stage":
            return self.said(f"stage_{name}", name)
        return {"good": self.good, "site": self.site, "city": self.place, "region": self.place}[dimension](name)

    def thing(self, what: str, name: str, site: str) -> Pair:
        """A technology, or the unit of one at a site."""
        if what == OUTPUT:
            return self._first(name, lambda labels: labels.technology(name))
        return self._first(name, lambda labels: labels.unit(name, site))

    def measure(self, name: str) -> Pair:
        """A column of the split of gains."""
        found = self._row("split_columns", "column", name)
        return found if found != (name, name) else self.said(f"measure_{name}", name)

    def _with(self, table: pd.DataFrame, pairs: list[Pair], prefix: str = "name") -> pd.DataFrame:
        return table.assign(**{f"{prefix}_{language}": [pair[at] for pair in pairs] for at, language in enumerate(words.LANGUAGES)})

    def of_splits(self, table: pd.DataFrame) -> pd.DataFrame:
        """``table`` with the names of its parts."""
        return self._with(table, [self.part(*row) for row in zip(table["dimension"], table["id"], strict=True)])

    def of_wins(self, table: pd.DataFrame) -> pd.DataFrame:
        """``table`` with the names of its places and measures."""
        places = [self.site(name) if level == "site" else self.place(name) for level, name in zip(table["level"], table["id"], strict=True)]
        return self._with(self._with(table, places), [self.measure(name) for name in table["measure"]], "measure")

    def of_changes(self, table: pd.DataFrame) -> pd.DataFrame:
        """``table`` with the names of its processes, units and sites."""
        things = [self.thing(*row) for row in zip(table["what"], table["id"], table["site"], strict=True)]
        return self._with(self._with(table, things), [self.site(site) for site in table["site"]], "site")

    def of_goods(self, table: pd.DataFrame) -> pd.DataFrame:
        """``table`` with the names and units of its goods."""
        named = self._with(table, [self.good(name) for name in table["commodity"]])
        return named.assign(unit=self._units("commodities", "commodity", table["commodity"]))

    def of_indicators(self, table: pd.DataFrame) -> pd.DataFrame:
        """``table`` with the names and units of its indicators."""
        named = self._with(table, [self._row("indicators", "indicator", name) for name in table["indicator"]])
        return named.assign(unit=self._units("indicators", "indicator", table["indicator"]))

    def _units(self, table: str, key: str, names: pd.Series) -> list[str]:
        units: dict[str, str] = {}
        for core in reversed(self._cores):
            units |= {str(row[key]): str(row["unit"]) for row in records(core, table)}
        return [units.get(name, "") for name in names]
