"""The linear program of a Case by the road asked for: templates in arrays, or ordinary Pyomo rules row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from model.build import build
from model.case import Case
from model.compile import LinearProgram, compile_model
from model.formulation import CARDS, Card
from model.templates import Untemplated, compile_case

ROAD = "build"  # the key of a scenario's [solver] section that names the road
PLAIN = "plain"


def _unheard(reason: str) -> None:
    """Nobody asked why; the road stands in the program."""


def make_program(case: Case, road: str = "arrays", tell: Callable[[str], None] = _unheard, cards: Sequence[Card] = CARDS) -> LinearProgram:
    """The program of ``case``. A rule that cannot run once for all its rows sends it down the plain road, and ``tell`` hears why."""
    if road == PLAIN:
        return plain_program(case, cards)
    try:
        return compile_case(case, cards)
    except Untemplated as refusal:
        tell(str(refusal))
        return plain_program(case, cards)


def plain_program(case: Case, cards: Sequence[Card] = CARDS) -> LinearProgram:
    """The program by ordinary Pyomo rules, one row at a time: slower, and what the other road is held against."""
    return compile_model(build(case, cards), case)
