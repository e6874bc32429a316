"""The printed algebra of the constraint cards says what their rules build: both give the same number for the same numbers.

Every name gets a number of its own and every sum one member; a wrong sign, factor or name on either side shows.
"""

from __future__ import annotations

import operator
import random
import re

import pytest

from model.case import COLUMN_KEYS, ROW_KEYS
from model.formulation import CARDS, DEFINITIONS
from model.manual.families import WEIGHTS
from model.schema import CORE_TABLES

LIKE = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}
# the numbers that the Case works out for the model, in the words of the tables
WORKED_OUT = {
    "retained": "(1 - loss) ** length", "restart_share": "restart_limit * 12 * length", "largest_flow": "max_flow", "size_there": "option_points_size",
    "single_amount": "demand_min", "capacity_upper": "length * existing", "running_capacity_upper": "existing", "restart_rise_lower": "0",
    "restart_limit_upper": "restart_limit * 12 * length * existing", "closure_lower": "-(1 + 1e-9) * existing", "must_serve_lower": "demand_min",
    "basket_floor_lower": "basket_demand_min", "basket_ceiling_upper": "basket_demand_max", "indicator_floor_lower": "indicators_min * part",
    "indicator_ceiling_upper": "indicators_max * part",
}
NAMED = {"existing", "effects", "total", "before", "part"}  # explained in the manual, not cells of a table


class Numbers(dict):
    """A number of its own for every name, and the shorthands worked out from them."""

    def __missing__(self, name: str) -> float:
        self[name] = {"effects": lambda: value(statement(DEFINITIONS[0]).split("=")[1], self), "before": lambda: self["running"]}.get(
            name, lambda: random.Random(name).uniform(0.1, 0.9)
        )()
        return self[name]


def statement(text: str) -> str:
    """The first statement in Python: sums have one member, indices are left out."""
    first, *rest = text.splitlines()
    line = " ".join([first, *[more for more in rest if more[0] in "+−×≥≤="]])
    line = re.sub(r"Σ [^:]*: |, per\[.*", "", line)
    line = re.sub(r"min\((\w+)\[[^]]*\]: [^)]*\)", r"\1", line)
    line = re.sub(r"\[[^]]*\]", "", line)
    return re.sub(r"(?<=[a-z])\.(?=[a-z])", "_", line).replace("×", "*").replace("−", "-").replace("^", "**")


def value(text: str, numbers: Numbers) -> float:
    return eval(text, {"__builtins__": {}}, numbers)


def printed(card, numbers: Numbers) -> tuple[object, float]:
    """(relation, left − right) of the algebra of ``card``."""
    left, sign, right = re.fullmatch(r"(.*?) ([≥≤=]) (.*)", statement(card.algebra)).groups()
    return LIKE[sign], value(left, numbers) - value(right, numbers)


def compared(relation):
    return lambda self, other: (relation, (self - other).amount)


class Number:
    """A number whose comparisons tell how they compare."""

    def __init__(self, amount):
        self.amount = amount.amount if isinstance(amount, Number) else float(amount)

    def __add__(self, other):
        return Number(self.amount + Number(other).amount)

    def __sub__(self, other):
        return Number(self.amount - Number(other).amount)

    def __mul__(self, other):
        return Number(self.amount * Number(other).amount)

    __radd__, __rmul__ = __add__, __mul__

    __ge__, __le__, __eq__ = compared(operator.ge), compared(operator.le), compared(operator.eq)
    __hash__ = None


class Everywhere:
    """A component that is the same at every index."""

    def __init__(self, here):
        self.here = here

    def __getitem__(self, key):
        return self.here


class Model:
    """A model with one member in every set and the numbers of ``Numbers``."""

    def __init__(self, numbers: Numbers):
        self.numbers = numbers

    def __getattr__(self, name):
        if name == "indicator_terms":
            total, one = Everywhere(Number(self.numbers["total"])), Everywhere(Number(1))
            return Everywhere([(total, one, Everywhere([("x", "y")]))])
        if name.isupper():
            return Everywhere([] if name == "RUNNING_INITIAL" else [("x", "y")])
        return Everywhere(Number(value(WORKED_OUT.get(name, name), self.numbers)))


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_the_algebra_is_the_rule(card):
    numbers = Numbers()
    relation, difference = printed(card, numbers)
    assert card.rule(Model(numbers), *ROW_KEYS[card.name]) == (relation, pytest.approx(difference, rel=1e-12))


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_every_name_in_the_algebra_is_a_column_or_a_cell(card):
    numbers = Numbers()
    printed(card, numbers)
    cells = {column.name for spec in CORE_TABLES for column in spec.columns} | {f"{spec.name}_{column.name}" for spec in CORE_TABLES for column in spec.columns}
    assert set(numbers) <= cells | set(COLUMN_KEYS) | NAMED


def test_a_restart_from_a_stated_share_is_the_second_line():
    """restart ≥ running − initial × (existing + effects): the rule with the first period's set instead of the one before."""
    card = next(card for card in CARDS if card.name == "restart_rise")
    numbers = Numbers()
    line = next(line for line in card.algebra.splitlines() if "initial" in line).split(" = ")[1].split(", initial")[0]
    expected = numbers["restart"] - numbers["running"] + value(statement(line), numbers)

    class First(Model):
        def __getattr__(self, name):
            if name == "restart_rise_lower":
                return Everywhere(Number(-numbers["initial"] * numbers["existing"]))
            return Everywhere([("x", "y")] if name == "RUNNING_INITIAL" else []) if name.startswith("RUNNING") else super().__getattr__(name)

    assert card.rule(First(numbers), *ROW_KEYS[card.name]) == (operator.ge, pytest.approx(expected, rel=1e-12))


def test_weights_of_the_objective_are_written_in_columns_of_periods():
    names = set(re.findall(r"(\w+)\[", " ".join(WEIGHTS.values())))
    assert names == {"weight", "probability", "length", "years", "charge"}
