"""How a shadow price is said: the effect with its sign and unit, and the time that it holds for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from model import words
from model.case.calendar import ALL
from model.explore.labels import Labels
from model.explore.numbers_said import digits
from model.explore.time_words import TimeWords
from model.objective import unit_of
from model.pipeline import Run
from model.scenario.records import COST
from model.units import MONEY
from model.words.lookup import known

SMALL = 1e-6  # of the objective per unit; smaller prices are zero
TEN_THOUSAND = 100.0  # ten thousand yuan per million yuan
FEW = 3  # periods that are told as exceptions from all others
PER_TON = 1000.0  # yuan per tonne of one million yuan per kt
COLUMNS = ("kind", "family", "key", "site", "commodity", "period", "value", "unit", "zh", "en")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Speaker:
    """Says the prices of one run. A value is what one unit MORE saves; negative: what it costs."""

    run: Run
    labels: Labels

    @cached_property
    def unit(self) -> str:
        """Unit of the objective; blank where it is a mixture that has none."""
        weights = dict(self.run.prepared.scenario.objective)
        found = unit_of(weights, self.run.prepared.core, self.run.prepared.tables)
        return "" if found == MONEY and weights.get(COST) != 1.0 else found

    @property
    def in_money(self) -> bool:
        """Whether the objective is money in million yuan."""
        return self.unit == MONEY

    def row(
        self, kind: str, family: str, key: tuple[str, ...], value: float, entry: str, /, *, per: str = "", time: str = "in_period",
        ids: tuple[str, str, str] = ("", "", ""), told: float = 1.0, per_ton: bool = False, **facts: Pair,
    ) -> dict[str, Any]:
        """One price: its row of the table, with the sentence ``entry`` in both languages, for zero one of its own.

        ``ids``: site, commodity and period; ``per``: unit of what there is one more of; ``told``: how many of it the sentence
        speaks of.
        """
        value = value if abs(value) > SMALL else 0.0
        said = []
        for at, language in enumerate(words.LANGUAGES):
            filled = {name: pair[at] for name, pair in facts.items()}
            unit = known(f"prices.unit_{per}", per)[at] if per else words.text("prices.unit", language)
            effect = words.text(f"prices.{time}", language, effect=self.effect(value * told, language, per_ton=per_ton))
            sentence = words.text(f"prices.{entry}{'' if value else '_zero'}", language, effect=effect, per=unit, **filled)
            said.append(words.text("prices.given", language, sentence=sentence) if self.run.results.integers else sentence)
        unit = f"{self.unit or 'objective'} per {per or 'unit'}"
        return dict(zip(COLUMNS, (kind, family, ", ".join(part for part in key if part), *ids, value, unit, *said), strict=True))

    def effect(self, value: float, language: str, *, per_ton: bool = False) -> str:
        """``saves 3.2 million yuan``, ``costs … more``, or what it does to an objective that is not money."""
        amount = abs(value)
        if per_ton:
            said = words.text("prices.per_ton", language, number=number(amount * PER_TON))
        elif self.in_money:
            said = words.text("prices.money", language, number=number(amount * TEN_THOUSAND if language == "zh" else amount))
        else:
            said = f"{number(amount)} {self.unit}".rstrip()
        better, worse = ("saves", "costs") if self.in_money or self.unit == "money" else ("improves", "worsens")
        return words.text(f"prices.{better if value > 0 else worse}", language, amount=said)

    def when(self, group: str) -> Pair:
        """A period, a stage or another group of an indicator in words: a month by its name."""
        if group == ALL or (group in self.run.results.case.calendar.stages and len(self.run.results.case.calendar.stages) == 1):
            return self.said("year")
        return self._times(group)

    @cached_property
    def _times(self) -> TimeWords:
        return TimeWords(self.run.prepared.tables, self.run.results.case.calendar)

    def periods(self, chosen: list[str]) -> Pair:
        """Several periods: all of them, all but a few, or one after the other."""
        every = [str(period) for period in self.run.results.case.calendar.periods["period"]]
        if len(chosen) == len(every):
            return self.said("year" if len(chosen) == 1 else "every_period")
        others = [period for period in every if period not in set(chosen)]
        few = len(others) <= FEW < len(chosen)
        said = [self.when(period) for period in (others if few else chosen)]
        zh, en = "、".join(zh for zh, _ in said), ", ".join(en for _, en in said)
        if not few:
            return zh, en
        (all_zh, _), (_, all_en) = self.said("every_period_but", but=zh), self.said("every_period_but", but=en)
        return all_zh, all_en

    @staticmethod
    def said(key: str, **facts: object) -> Pair:
        """A sentence in both languages."""
        zh, en = (words.text(f"prices.{key}", language, **facts) for language in words.LANGUAGES)
        return zh, en


def number(amount: float) -> str:
    """Three digits that count, and never an exponent for large amounts."""
    return digits(amount, 3)
