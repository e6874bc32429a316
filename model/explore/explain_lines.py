"""What the command explain says, in Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from model import words
from model.explore.cost_parts import PARTS
from model.explore.explain_one import Explanation
from model.explore.explain_study import Explained
from model.units import MONEY, factor
from model.words import lookup

SPLIT = ("misses", "idle", "pays", "closures")  # findings whose extra cost is split
PLAIN = ("open", "existing", "follows", "not_offered")  # states that need no word
LITTLE, LITTLE_PRICE = 0.01, 0.5  # million yuan a year; yuan per tonne of yearly capacity: less is noise
NEGLIGIBLE = 5e-4  # share of an input's present number below which it would have to cost practically nothing
Row = Mapping[Any, Any]


def lines(found: Explained, language: str) -> list[str]:
    """The study line by line: park, technology, finding, split and evidence; the table of all parks ends with a count."""
    teller = _Teller(found, language)
    said, last = [], ""
    rows = found.table.to_dict("records")
    for number, row in enumerate(rows):
        if row["site"] != last:
            last = str(row["site"])
            said.append(teller.say("park", site=teller.name(last)))
        said.append(teller.headline(row))
        if row["expanding"] in SPLIT and not found.whole:
            parts = teller.parts({f"explain.part_{part}": row[part] for part in PARTS})
            said += [teller.say("split", parts=parts)] if parts else []
        if found.full:
            said += teller.evidence(found.full[number])
    return [*said, teller.summary()] if len(rows) > 1 else said


def with_sentences(found: Explained) -> pd.DataFrame:
    """``found.table`` with ``site_*``, ``technology_*`` (the project behind it) and ``finding_*`` in words, in both languages (zh, en)."""
    table = found.table.copy()
    rows = table.to_dict("records")
    for language in words.LANGUAGES:
        teller = _Teller(found, language)
        table[f"site_{language}"] = [teller.name(str(row["site"])) for row in rows]
        table[f"technology_{language}"] = [f"{teller.name(str(row['technology']))}{teller.named(row)}" for row in rows]
        table[f"finding_{language}"] = [teller.finding(row) for row in rows]
    return table


class _Teller:
    """The words of one study in one language."""

    def __init__(self, found: Explained, language: str) -> None:
        self.found, self.language = found, language
        self.place = words.LANGUAGES.index(language)
        unit = lookup.known(f"progress.unit_{found.unit.replace(' ', '_')}", found.unit)[self.place]
        self.money = found.unit == MONEY
        self.unit = self.say("unit_money") if self.money else f" {unit}" if unit else ""

    def say(self, key: str, **facts: object) -> str:
        """The sentence ``key``."""
        return words.text(f"explain.{key}", self.language, **facts)

    def name(self, known: str) -> str:
        """The name of a site, technology, project or good, its id where no table names it."""
        return self.found.names.get(known, (known, known))[self.place]

    def amount(self, value: float) -> str:
        """An amount of goods."""
        return self.say("kt" if self.money else "plain_amount", value=value)

    def price(self, value: float) -> str:
        """Money per unit of yearly capacity, given in yuan per tonne; what is less than a yuan is said to be that."""
        if self.money and 0 < abs(value) < LITTLE_PRICE:
            return self.say("per_tonne_little")
        return self.say("per_tonne", value=value) if self.money else self.say("per_unit", value=value * factor("yuan/t"))

    def sum(self, value: float) -> str:
        """Money a year with its unit; less than 10,000 yuan of a whole industry is said to be that."""
        return self.say("sum_little") if self.money and 0 < abs(value) < LITTLE else self.say("sum", value=value, unit=self.unit)

    def headline(self, row: Row) -> str:
        """Technology and everything that is found of it, in one line."""
        return self.say("line", technology=self.name(str(row["technology"])), option=self.named(row), said=self.finding(row))

    def named(self, row: Row) -> str:
        """The project that a candidate belongs to, "" where it belongs to none."""
        option = str(row["option"])
        return self.say("option", name=self.name(option)) if option in self.found.names else ""

    def finding(self, row: Row) -> str:
        """Everything that is found of a candidate."""
        return self.say("join").join([*self._standing(row), *self._state(row), *self._expanding(row), *self._brought(row)])

    def _standing(self, row: Row) -> list[str]:
        finding = row["finding"]
        if finding in ("unused", "sunk", "not_offered"):
            return [self.say(f"finding_{finding}", table=row["table"])]
        if finding not in ("chosen", "runs"):
            return []
        said = [self.say(f"finding_{finding}", planned=self.amount(row["planned"]), made=self.amount(row["made"]))]
        if math.isnan(row["dearer"]):
            return said
        key = "none" if math.isinf(row["dearer"]) else "dearer" if row["dearer"] > 0 else "tie"
        site = str(row["next_site"])
        instead = self.say("instead_here" if site == row["site"] else "instead", site=self.name(site)) if site else ""
        return [*said, self.say(f"without_{key}", dearer=self.sum(row["dearer"]), instead=instead)]

    def _state(self, row: Row) -> list[str]:
        plain = row["state"] in PLAIN or row["expanding"] in ("no_input", "follower") or row["finding"] == "sunk"
        return [] if plain else [self.say(f"state_{row['state']}", clause=row["clause"] or "–")]

    def _expanding(self, row: Row) -> list[str]:
        key = str(row["expanding"])
        if not key or (key == "not_modelled" and row["finding"] == "runs"):
            return []
        first = row["first_misses"]
        told = "" if math.isnan(first) or first == row["misses"] else self.say("first", value=self.price(first))
        goods = self.say("between").join(self.name(good) for good in str(row["missing"]).split(", "))
        standing = row["state"] == "existing" and key not in ("no_input", "follower", "not_modelled")
        return [self.say(
            f"{'standing' if standing else 'expanding'}_{key}", size=self.amount(row["size"]), extra=self.sum(row["extra_cost"]),
            saved=self.sum(-row["extra_cost"]), misses=self.price(row["misses"]), first=told, goods=goods,
        )]

    def _brought(self, row: Row) -> list[str]:
        said = [part.split(": ", 1) for part in str(row["brought"]).split("; ") if part]
        between = self.say("between")
        return [self.say("brought", good=self.name(good), sites=between.join(self.name(site) for site in sites.split(", "))) for good, sites in said]

    def parts(self, sums: Mapping[str, float]) -> str:
        """Named sums that are more than nothing; a key that has no words is its own name."""
        known = {key: lookup.known(key, key.split(".")[-1])[self.place] for key in sums}
        least = LITTLE if self.money else 0.0
        said = [self.say("part", name=known[key], value=value) for key, value in sums.items() if abs(value) > least]
        return self.say("between").join(said)

    def evidence(self, full: Explanation) -> list[str]:
        """The lines under a single question."""
        said = []
        if full.row["finding"] in ("chosen", "runs"):
            told = [self._limit(row) for row in full.limits.to_dict("records")]
            said.append(self.say("limits", limits=self.say("join").join(told)) if told else self.say("no_limits"))
        if not full.checks:
            return said
        if full.by_class:
            said.append(self.say("classes", parts=self.parts({f"cost_classes.{name}": value for name, value in full.by_class.items()})))
        pays = full.best_extra < 0
        said.append(self.say("best_size", size=self.amount(full.best_size), extra=full.best_extra, unit=self.unit) if pays else self.say("no_size"))
        quoted = not math.isnan(full.reduced)
        said.append(self.say("reduced", price=self.price(full.reduced), until=self.amount(full.reduced_until)) if quoted else self.say("no_reduced"))
        said += [self._even(even.what, even.present, even.enters, even.stands) for even in full.break_evens]
        return [*said, self.say("checks", count=full.checks)]

    def _limit(self, row: Row) -> str:
        name = lookup.known(f"explain.limit_{row['limit']}", str(row["limit"]))[self.place]
        index = self.say("between").join(self.name(part) for part in str(row["index"]).split(", "))
        return self.say("limit", name=name, index=index, price=row["price"], unit=self.unit, periods=row["periods"])

    def _even(self, what: str, present: float, enters: float, stands: float) -> str:
        scale = factor("yuan/t") if what in ("charge", "capex") and not self.money else 1.0
        key = "share" if what == "freight" else "number"
        least = NEGLIGIBLE * (1.0 if what == "freight" else abs(present))
        told = [
            self.say("never") if math.isnan(value) else self.say("practically_never") if abs(value) < least else self.say(key, value=value * scale)
            for value in (enters, stands)
        ]
        named = "material" if what in PARTS["materials"] else what
        unit = "" if what == "freight" else self.say(f"unit_{named}" if self.money else "unit_plain")
        return self.say(f"even_{what}", present=present * scale, enters=told[0], stands=told[1], unit=unit)

    def summary(self) -> str:
        """How often each finding was made."""
        counts = self.found.table["finding"].value_counts(sort=False).sort_index()
        parts = [self.say("summary_part", name=self.say(f"short_{finding}"), count=count) for finding, count in counts.items()]
        return self.say("summary", count=len(self.found.table), findings=self.say("between").join(parts))
