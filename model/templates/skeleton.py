"""Rules run once on placeholders: a model in which every set has one nameless member, and the expression each rule gives there.

A rule sees index placeholders of Pyomo's template machinery instead of labels, so its expression holds for every row.
The templates depend on the names and dimensions of what is declared only, not on any number: one process makes them once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyomo.environ as pyo
from pyomo.common.errors import PyomoException
from pyomo.core.expr.template_expr import templatize_rule

from model.build import link
from model.case import COLUMN_KEYS, ROW_KEYS
from model.declare import Declarations
from model.formulation.cards import Card
from model.formulation.objective import cost

Sizes = tuple[tuple[str, int], ...]
NOWHERE = "·"  # the one label of the placeholder model; it never reaches a program


class Untemplated(Exception):
    """A rule that cannot run once for all rows: its card and the reason."""

    def __init__(self, card: str, reason: str) -> None:
        super().__init__(f"{card}: {reason}")
        self.card, self.reason = card, reason


@dataclass(frozen=True)
class Shape:
    """Names and dimensions of the parameters and of the sets (dimension of the key, of a member)."""

    parameters: Sizes
    members: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Template:
    """``expression`` of the rule over ``index``, one placeholder per part of the key of its rows."""

    card: str
    expression: Any
    index: tuple[Any, ...]


def shape_of(declared: Declarations) -> Shape:
    """What the templates of ``declared`` depend on."""
    return Shape(
        tuple((name, len(item.key)) for name, item in declared.parameters.items()),
        tuple((name, len(item.by), len(item.members)) for name, item in declared.members.items()),
    )


@cache
def templates(shape: Shape, cards: tuple[Card, ...]) -> tuple[Template, tuple[Template, ...]]:
    """The objective and the rows of every card; raises ``Untemplated``."""
    model = placeholder_model(shape)
    rows = tuple(templated(model, card.name, card.rule, len(ROW_KEYS[card.name])) for card in cards)
    return templated(model, "cost", cost, 0), rows


def templated(model: Any, card: str, rule: Callable[..., Any], dimension: int) -> Template:
    """The template of one rule; raises ``Untemplated`` with what Pyomo says of it."""
    index = _set_of_one(dimension) if dimension else None
    try:
        expression, places = templatize_rule(model, lambda block, key: rule(block, *key), index)
    except (PyomoException, TypeError, ValueError, KeyError, AttributeError) as refusal:
        raise Untemplated(card, str(refusal)) from refusal
    return Template(card, expression, places)


def placeholder_model(shape: Shape) -> Any:
    """Components of the right names and dimensions with one element; every parameter is NaN, so that its value cannot slip in."""
    model = pyo.ConcreteModel()
    for family, key in COLUMN_KEYS.items():
        model.add_component(f"{family}_index", _set_of_one(len(key)))
        model.add_component(family, pyo.Var(model.component(f"{family}_index")))
    for name, dimension in shape.parameters:
        model.add_component(name, pyo.Param(_set_of_one(dimension), initialize=float("nan"), within=pyo.Any))
    for name, by, dimension in shape.members:
        model.add_component(name, pyo.Set(_set_of_one(by), initialize=[_place(dimension)], dimen=dimension))
    link(model)
    return model


def _set_of_one(dimension: int) -> Any:
    result = pyo.Set(initialize=[_place(dimension)], dimen=dimension)
    result.construct()
    return result


def _place(dimension: int) -> str | Sequence[str]:
    return NOWHERE if dimension == 1 else (NOWHERE,) * dimension
