"""Constraint cards: one declaration per constraint feeds the build, the manual, the tests, the prices and the explanations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

Rule = Callable[..., Any]  # a Pyomo rule: (model, *index) → relational expression


@dataclass(frozen=True)
class Card:
    """One constraint: its rule over the index of the row family ``name`` in words, with the meaning and sign of its dual.

    ``sign`` is the sign a dual can have when cost is minimised: ``+`` (a floor: raising it costs), ``-`` (a ceiling:
    raising it saves), ``±`` (an equality). ``unit`` is the unit of the row, the dual is money per that unit.
    ``implements``: the rules R1–R20 of the tables that it carries out. ``algebra``: the row with the names of columns and
    of the cells of core tables, as the manual prints it; its last line, after ∀, says where there is such a row.
    """

    name: str
    zh: str
    en: str
    unit: str
    sign: str
    dual_zh: str
    dual_en: str
    implements: tuple[str, ...]
    algebra: str
    rule: Rule


def constraint(
    name: str, *, zh: str, en: str, unit: str, sign: str, dual_zh: str, dual_en: str, implements: tuple[str, ...], algebra: str
) -> Callable[[Rule], Card]:
    """Declare the decorated Pyomo rule as the constraint ``name``."""

    def declare(rule: Rule) -> Card:
        return Card(name, zh, en, unit, sign, dual_zh, dual_en, implements, cleandoc(algebra), rule)

    return declare
