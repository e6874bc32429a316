"""Swap options in words: one table with a column per plan, the lines and quota of each plan, and a closing sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from model import words
from model.explore.compare import Comparison, years
from model.explore.numbers_said import NONE, aligned, said_amount, said_change, said_number
from model.explore.options import BOUGHT, BUILT, CLOSED, FAIL, NOT_COVERED, PASS, VALUE, Options
from model.explore.time_words import time_name
from model.explore.zone_power import DRIEST, TIGHTEST
from model.units import MONEY
from model.words.lookup import known

CHANGES = ("cost", "cost_per_tonne", "carbon_scope1", "carbon_scope2", "value_gained", "value_lost")  # told with their sign
POWER = (("power", "left"), ("drawn", "drawn"), ("tie", "tie_left"))
LEAST = 1e-6  # changes below are none


def side_by_side(found: Comparison, swaps: Options, language: str) -> list[list[str]]:
    """The rows of the table: names of the plans, then one row per fact and one per zone and month of power."""
    said = _Said(found, swaps, language)
    facts = dict.fromkeys(swaps.facts["fact"])
    rows = [said.fact_row(str(fact)) for fact in facts]
    return [["", *found.names], *rows[:3], said.ratio_row(), *rows[3:], *said.power_rows()]


def table(found: Comparison, swaps: Options, language: str) -> list[str]:
    """The swap options side by side under their heading."""
    return [_Said(found, swaps, language).text("options_head", name=found.names[0]), *aligned(side_by_side(found, swaps, language))]


def lines(found: Comparison, swaps: Options, language: str) -> list[str]:
    """Plan by plan what closes and opens, the quota, the output value, the clauses and a closing sentence."""
    said = _Said(found, swaps, language)
    result: list[str] = []
    for name in found.names:
        result += ["", said.text("option_of", name=name), *said.of_plan(name)]
    return result


class _Said:
    """Sentences in one language."""

    def __init__(self, found: Comparison, swaps: Options, language: str) -> None:
        self.found, self.swaps, self.language = found, swaps, language

    def text(self, key: str, **facts: object) -> str:
        return words.text(f"compare.{key}", self.language, **facts)

    def unit(self, unit: str) -> str:
        return known(f"compare.unit_{unit.replace(' ', '_')}", unit)[words.LANGUAGES.index(self.language)]

    def fact_row(self, fact: str) -> list[str]:
        rows = self.swaps.facts[self.swaps.facts["fact"] == fact]
        values, unit = dict(zip(rows["plan"], rows["value"], strict=True)), self.unit(str(rows["unit"].iloc[0]))
        head = self.text("fact", name=self.text(f"fact_{fact}"), unit=self.text("fact_unit", unit=unit) if unit else "")
        shown = said_change if fact in CHANGES else said_amount
        told = [0.0 if abs(values[name]) <= LEAST else float(values[name]) for name in self.found.names]  # less is the solver's rounding
        return [head, *map(shown, told)]

    def ratio_row(self) -> list[str]:
        """The ratios of the pools that are open in each plan, whether or not something moves."""
        rows = self.swaps.accounts
        ratios = [" / ".join(dict.fromkeys(said_number(ratio) for ratio in rows.loc[rows["plan"] == name, "ratio"])) for name in self.found.names]
        return [self.text("fact", name=self.text("fact_ratio"), unit=""), *(ratio or NONE for ratio in ratios)]

    def power_rows(self) -> Iterator[list[str]]:
        """Per zone and month: what is left, what plants draw and the room of the ties, each plan in its own month.

        Plans of one year and branch each stand in one row, whatever their hydrology is called.
        """
        table = self.swaps.power
        several = (table[["plan", "stage", "branch"]].drop_duplicates()["plan"].value_counts() > 1).any()
        keys = ["zone", "stage", "branch", "month"] if several else ["zone", "month"]
        places = table[keys].drop_duplicates().to_dict("records")
        for place in sorted(places, key=lambda row: (row["zone"], (DRIEST, TIGHTEST).index(row["month"]))):
            mine = {row["plan"]: row for row in table[(table[keys] == pd.Series(place)).all(axis=1)].to_dict("records")}
            when = self.text("in_stage", stage=" ".join(self._time(str(place[key])) for key in ("stage", "branch"))) if several else ""
            for key, column in POWER:
                name = self.text(f"fact_{key}_{place['month']}", zone=self._site(place["zone"]), when=when)
                head = self.text("fact", name=name, unit=self.text("fact_unit", unit="GWh"))
                yield [head, *(self._in_period(mine[plan], column) if plan in mine else NONE for plan in self.found.names)]

    def _time(self, group: str) -> str:
        """What any of the plans calls a year or a branch."""
        return time_name([one.plan for one in self.found.candidates], group)[words.LANGUAGES.index(self.language)]

    def _in_period(self, row: dict[Any, Any], column: str) -> str:
        """An amount with the name of its period."""
        return f"{said_amount(row[column])} ({self._period(row['plan'], row['period'])})"

    def _period(self, plan: str, period: str) -> str:
        candidate = self.found.candidates[self.found.names.index(plan)]
        return time_name([candidate.plan], period)[words.LANGUAGES.index(self.language)]

    def _site(self, site: str) -> str:
        rows = self.found.wins
        named = rows[(rows["level"] == "site") & (rows["id"] == site)]
        return str(named[f"name_{self.language}"].iloc[0]) if len(named) else site

    def of_plan(self, name: str) -> Iterator[str]:
        mine = self.swaps.lines[self.swaps.lines["plan"] == name]
        if mine.empty:
            yield self.text("option_none")
        for role in (CLOSED, BUILT, BOUGHT):
            listed = [self._line(row) for row in mine[mine["role"] == role].to_dict("records")]
            if listed:
                yield self.text(f"role_{role}", listed=self.text("between").join(listed))
        yield from self._quota(name)
        if name != self.found.names[0]:
            yield from self._values(name)
            yield from self._clauses(name)
            yield self._closing(name)

    def _stage(self, stage: str) -> str:
        stages = set(self.swaps.accounts["stage"])
        return self.text("in_stage", stage=stage) if len(stages) > 1 else ""

    def _line(self, row: dict[Any, Any]) -> str:
        site = self.text("line_site", site=row[f"site_{self.language}"]) if row["site"] else ""
        return self.text("line", name=row[f"name_{self.language}"], site=site, stage=self._stage(row["stage"]), amount=said_number(row["amount"]))

    def _quota(self, name: str) -> Iterator[str]:
        uses = self.swaps.uses
        for row in uses[uses["plan"] == name].to_dict("records"):
            ends = {side: row[f"{side}_{self.language}"] for side in ("source", "user")}
            yield self.text("use", **ends, stage=self._stage(row["stage"]), amount=said_number(row["amount"]))
        accounts = self.swaps.accounts
        for row in accounts[accounts["plan"] == name].to_dict("records"):
            numbers = ("ratio", "given_up", "created", "bought", "carried_in", "used", "expired", "carried_out")
            shown = {number: said_number(row[number]) for number in numbers}
            yield self.text("account", name=row[f"name_{self.language}"], stage=self._stage(row["stage"]), **shown)

    def _moved_values(self, name: str) -> pd.DataFrame:
        """Sites whose output value of a year changes, who gains most first."""
        rows = self.found.wins
        rows = rows[(rows["plan"] == name) & (rows["level"] == "site") & (rows["measure"] == VALUE)]
        rows = rows.assign(change=rows["change"] / years(self.found.candidates[self.found.names.index(name)].plan))
        return rows[rows["change"].abs() > LEAST].sort_values("change", ascending=False, kind="stable")

    def _values(self, name: str) -> Iterator[str]:
        """Output value site by site, all of them."""
        rows = self._moved_values(name)
        if len(rows):
            unit = self.text("value_unit", unit=self.unit(f"{rows['unit'].iloc[0]}/yr"))
            listed = [self.text("value_at", site=row[f"name_{self.language}"], change=said_change(row["change"])) for row in rows.to_dict("records")]
            yield self.text("value_site", listed=self.text("between").join(listed)) + unit

    def _clauses(self, name: str) -> Iterator[str]:
        table = self.swaps.clauses
        mine, first = table[table["plan"] == name], table[table["plan"] == self.found.names[0]]
        if mine.empty:
            return
        before = dict(zip(first["clause"], first["verdict"], strict=True))
        moved = [row for row in mine.to_dict("records") if row["verdict"] != before.get(row["clause"], NOT_COVERED)]
        if moved:
            yield self.text("clauses_moved", count=len(moved))
        else:
            counts = [f"{self.text(f'clause_{verdict}')} {int(self.swaps.fact(name, verdict))}" for verdict in (PASS, FAIL, NOT_COVERED)]
            yield self.text("clauses_same", counts=self.text("between").join(counts))
        for row in moved:
            verdicts = {"before": self.text(f"clause_{before.get(row['clause'], NOT_COVERED)}"), "after": self.text(f"clause_{row['verdict']}")}
            yield self.text("clause_moved", clause=row["clause"], text=row[f"text_{self.language}"], **verdicts)
        failed = [
            self.text("clause_missed", clause=row["clause"], amount=said_number(row["missed_by"]), unit=self.unit(row["unit"])).replace(" )", ")")
            for row in mine[mine["verdict"] == FAIL].to_dict("records")
        ]
        if failed:
            yield self.text("clauses_failed", listed=self.text("between").join(failed))

    def _closing(self, name: str) -> str:
        fact = {key: self.swaps.fact(name, key) for key in dict.fromkeys(self.swaps.facts["fact"])}
        saving = self._saving(fact["cost"])
        if not fact[BUILT] and not fact[CLOSED]:
            return self.text("closing_none", name=name, saving=saving)
        each = fact["cost_per_tonne"] if self.found.first.unit == MONEY else math.nan
        per_tonne = self.text("closing_per_tonne", amount=said_change(each)) if math.isfinite(each) else ""
        bought = self.text("closing_bought", amount=said_number(fact[BOUGHT])) if fact[BOUGHT] else ""
        return self.text(
            "closing", name=name, closed=said_number(fact[CLOSED]), built=said_number(fact[BUILT]), bought=bought, saving=saving, per_tonne=per_tonne,
            carbon=self._carbon(fact["carbon_scope1"] + fact["carbon_scope2"]), value=self._most_and_least(name), power=self._driest(name),
            passed=int(fact[PASS]), failed=int(fact[FAIL]), open=int(fact[NOT_COVERED]),
        )

    def _saving(self, cost: float) -> str:
        if abs(cost) <= LEAST:
            return self.text("closing_even")
        amount = {"amount": said_number(abs(cost)), "unit": self.unit(self.found.first.unit)}
        return self.text("closing_saves" if cost < 0 else "closing_costs", **amount).replace("  ", " ").rstrip()

    def _carbon(self, change: float) -> str:
        if math.isnan(change):
            return self.text("closing_carbon_unknown")
        if abs(change) <= LEAST:
            return self.text("closing_carbon_even")
        return self.text("closing_carbon_less" if change < 0 else "closing_carbon_more", amount=said_number(abs(change)))

    def _most_and_least(self, name: str) -> str:
        """Where output value rises and falls most, if it does both."""
        rows = self._moved_values(name)
        if not len(rows) or rows["change"].iloc[0] <= 0 or rows["change"].iloc[-1] >= 0:
            return ""
        most, least = rows.iloc[0], rows.iloc[-1]
        label = f"name_{self.language}"
        return self.text(
            "closing_value", most=most[label], gain=said_change(most["change"]), least=least[label], loss=said_change(least["change"]),
        )

    def _driest(self, name: str) -> str:
        """What each zone in which something is built, or else every zone, has left when driest: the least over stages and branches."""
        table = self.swaps.power
        mine = table[(table["plan"] == name) & (table["month"] == DRIEST)].sort_values("left", kind="stable").drop_duplicates("zone")
        parts = [
            self.text("closing_power", zone=self._site(row["zone"]), period=self._period(name, row["period"]), left=said_number(row["left"]))
            for row in mine.sort_values("zone").to_dict("records")
        ]
        return "".join(parts)
