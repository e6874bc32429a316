"""Indicators and limits: what a term counts, over what it is summed, how it is charged and bounded (R13–R15)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from model.audit.calendar import EVERY, Period, Row, records
from model.audit.draft import Draft
from model.audit.program import Expression, Key, number

IDS = {  # how many of the columns a–d a kind of term reads (R13)
    "activity": 2, "flow": 4, "supply": 3, "sale": 3, "short": 3, "stock": 2, "capacity": 2, "running": 2, "restart": 2, "open": 1, "size": 1,
}  # fmt: skip
HORIZON = "horizon"
DECIDED = ("open", "size")
RATES = ("stock", "capacity", "running")  # R13: levels and yearly rates count × length
Groups = dict[str, Expression]  # group of a scope → sum


class Match(NamedTuple):
    """One thing that a term counts: ``amount`` × the period it happens in, or the stage it is decided in."""

    amount: Expression
    period: Period | None
    stage: str
    named: str  # the period, stage or ``*`` that the term names


class Indicators:
    """Writes the rows and charges of indicators and limits; ``sums`` and ``divisors`` hold what is reported."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sums: dict[Key, Expression] = {}
        self.divisors: dict[Key, Expression] = {}
        self._found: dict[tuple[str, tuple[int, ...]], dict[Key, list[Key]]] = {}
        self._terms: dict[str, list[Row]] = {}
        for row in records(draft.core, "indicator_terms"):
            self._terms.setdefault(row["indicator"], []).append(row)

    def write(self) -> None:
        """Every indicator of the table: its sums, its price, its bounds."""
        indicators = records(self.draft.core, "indicators")
        for row in indicators:
            name, scope = row["indicator"], row["scope"] or HORIZON
            sums = self._summed(self._terms.get(name, []), scope)
            below = self._summed(self._terms.get(row["per"], []), scope) if row["per"] else {}
            self.sums |= {(name, group): amount for group, amount in sums.items()}
            self.divisors |= {(name, group): amount for group, amount in below.items()}
            price = number(row, "price", 0.0)
            if price:
                self._charge(self._terms.get(name, []), price)
            for group, amount in sums.items():
                self._bound(row, group, amount, below.get(group))

    def write_limits(self) -> None:
        """limits: horizon-wide bounds of the sense ≤, ≥ or =, under the families of indicators."""
        terms: dict[str, list[Row]] = {}
        for row in records(self.draft.core, "limit_terms"):
            terms.setdefault(row["limit"], []).append(row)
        for row in records(self.draft.core, "limits"):
            key = (row["limit"], HORIZON)
            amount = self.sums[key] = self._summed(terms.get(row["limit"], []), HORIZON)[HORIZON]
            bound = row["rhs"] - amount.constant
            if row["sense"] in (">=", "="):
                self.draft.program.row("indicator_floor", key, amount.terms, bound, math.inf, 1.0)
            if row["sense"] in ("<=", "="):
                self.draft.program.row("indicator_ceiling", key, amount.terms, -math.inf, bound, 1.0)

    def _matches(self, term: Row) -> Iterator[Match]:
        """R13: what the term matches; a blank or ``*`` matches all, rates and levels count × length."""
        kind, place = term["kind"], self.draft.program.place
        for ids in self._ids(kind, tuple(term[letter] or EVERY for letter in "abcd"[: IDS[kind]])):
            if kind == "capacity":
                yield from self._living(term, *ids)
            elif kind in DECIDED:
                yield from self._decisions(term, place[kind][ids])
            else:
                yield from self._movements(term, place[kind][ids])

    def _living(self, term: Row, unit: str, site: str) -> Iterator[Match]:
        for period in self._periods(term):
            living = self.draft.living[unit, site, period.name]
            yield Match(Expression().add(living, term["coefficient"] * period.length), period, period.stage, period.name)

    def _movements(self, term: Row, columns: dict[str, int]) -> Iterator[Match]:
        for period in self._periods(term):
            if period.name in columns:
                factor = period.length if term["kind"] in RATES else 1.0
                yield Match(Expression({columns[period.name]: term["coefficient"] * factor}), period, period.stage, period.name)

    def _decisions(self, term: Row, columns: dict[str, int]) -> Iterator[Match]:
        """R14: ``period`` of a decision's term means the stage it is decided in; a period means its stage."""
        cell = term["period"] or EVERY
        meant = self.draft.calendar.by_name[cell].stage if cell in self.draft.calendar.by_name else cell
        for stage, column in columns.items():
            if meant in (EVERY, stage):
                yield Match(Expression({column: term["coefficient"]}), None, stage, cell)

    def _periods(self, term: Row) -> list[Period]:
        calendar, cell = self.draft.calendar, term["period"] or EVERY
        return [period for period in calendar.periods if calendar.covers(cell, period)]

    def _ids(self, kind: str, wanted: Key) -> list[Key]:
        """The ids that a term's columns match, looked up by those of its columns that are no ``*``."""
        named = tuple(position for position, want in enumerate(wanted) if want != EVERY)
        if (kind, named) not in self._found:
            found = self._found[kind, named] = {}
            for ids in dict.fromkeys(key[:2] for key in self.draft.living) if kind == "capacity" else self.draft.program.place[kind]:
                found.setdefault(tuple(ids[position] for position in named), []).append(ids)
        return self._found[kind, named].get(tuple(wanted[position] for position in named), [])

    def _groups(self, scope: str) -> dict[str, list[Period]]:
        """R14: the rows of a scope and the periods of each."""
        calendar = self.draft.calendar
        if scope == HORIZON:
            return {HORIZON: list(calendar.periods)}
        if scope == "stage":
            return {stage: calendar.of_stage(stage) for stage in calendar.stages}
        if scope == "period":
            return {period.name: [period] for period in calendar.periods}
        return {
            branch_group(stage, branch): [period for period in calendar.of_stage(stage) if period.branch == branch]
            for stage, branch in calendar.branches
        }

    def _summed(self, terms: list[Row], scope: str) -> Groups:
        """R14: Σ terms per group; averaged over branches by probability in horizon and stage rows, plain in the others.

        Decisions count once in the horizon and in their stage; in branch and period rows in full, in every one of the
        stage, or only where the period that the term names belongs to.
        """
        groups = self._groups(scope)
        averaged = scope in (HORIZON, "stage")
        of_period: dict[str, str] = {period.name: group for group, periods in groups.items() for period in periods}
        of_stage: dict[str, dict[str, None]] = {}
        for period in self.draft.calendar.periods:
            of_stage.setdefault(period.stage, {})[of_period[period.name]] = None
        sums: Groups = {group: Expression() for group in groups}
        for match in (match for term in terms for match in self._matches(term)):
            if match.period is not None:
                sums[of_period[match.period.name]].add(match.amount, match.period.probability if averaged else 1.0)
                continue
            counted = [of_period[match.named]] if match.named in of_period else list(of_stage[match.stage])
            for group in counted:
                sums[group].add(match.amount)
        return sums

    def _charge(self, terms: list[Row], price: float) -> None:
        """R14: the price as if it stood in the cost of each column; existing capacity is not charged (R13)."""
        calendar, cost = self.draft.calendar, self.draft.program.cost
        for match in (match for term in terms for match in self._matches(term)):
            weight = calendar.remaining_weight(match.stage) if match.period is None else match.period.weight
            for column, coefficient in match.amount.terms.items():
                cost[column] += price * weight * coefficient

    def _bound(self, row: Row, group: str, amount: Expression, below: Expression | None) -> None:
        """R14, R15: min and max on the plain sum, × length per period; of a ratio as sum − bound × other against 0."""
        scope, program = row["scope"] or HORIZON, self.draft.program
        weight = self._violation_weight(scope, group)
        for side, family, sign in (("min", "indicator_floor", 1.0), ("max", "indicator_ceiling", -1.0)):
            bound = number(row, side)
            if math.isnan(bound):
                continue
            total = Expression().add(amount)
            if below is not None:
                total.add(below, -bound)
                bound = 0.0
            elif scope == "period":
                bound *= self.draft.calendar.by_name[group].length
            relaxed = number(row, "relax_price")
            if not math.isnan(relaxed):
                total.terms[program.column("excess", (row["indicator"], group, side), weight * relaxed)] = sign
            against = bound - total.constant
            limits = (against, math.inf) if side == "min" else (-math.inf, against)
            program.row(family, (row["indicator"], group), total.terms, *limits, weight)

    def _violation_weight(self, scope: str, group: str) -> float:
        """R14: 1 (horizon), stage weight, Σ weight × probability × length (branch), weight × probability (period)."""
        if scope == HORIZON:
            return 1.0
        periods = self._groups(scope)[group]
        return periods[0].weight if scope == "period" else sum(period.weight * period.length for period in periods)


def branch_group(stage: str, branch: str) -> str:
    r"""Name of a stage's branch; ``\`` and ``/`` inside an id are escaped by a backslash."""
    return "/".join(part.replace("\\", "\\\\").replace("/", "\\/") for part in (stage, branch))
