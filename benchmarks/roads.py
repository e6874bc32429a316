"""The ways from a world or a Case to a program inside HiGHS that are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import highspy

from benchmarks import raw
from benchmarks.worlds import World, case_of, world
from model.build import build
from model.case import Case, make_case
from model.case.codes import Codes
from model.compile import LinearProgram
from model.opening import open_scenario
from model.pipeline import Clock, prepare
from model.problems import Problems
from model.program import plain_program
from model.solve import LoadedProgram
from model.templates import compile_case

SHIPPED = "shipped"
ROOT = Path(__file__).parents[1]
Made = tuple[World | None, Case | None]


def start(size: str, road: str) -> Made:
    """What a road starts from: integers for those that know nothing of labels, else the Case."""
    if size == SHIPPED:
        clock = Clock(lambda step, **facts: None)
        return None, make_case(prepare(*open_scenario(None, None, ROOT, {}), clock).core, Problems())
    made = world(size)
    return made, None if road in ("raw", "linopy", "pypsa") else case_of(made)


def load(program: LinearProgram) -> Any:
    """The program inside HiGHS."""
    return LoadedProgram(program).highs


def by_hand(start: Made) -> Any:
    """Arrays written by hand: the limit of the machine."""
    assert start[0]
    return load(raw.program(start[0]))


def arrays(start: Made) -> Any:
    """The fast road: rules run once on placeholders, labels were made numbers with the Case."""
    assert start[1]
    return load(compile_case(start[1]))


def labels(start: Made) -> Any:
    """The fast road with the labels made numbers again."""
    assert start[1]
    return load(compile_case(replace(start[1], codes=Codes())))


def plain(start: Made) -> Any:
    """Ordinary Pyomo rules, Pyomo's standard form, arrays."""
    assert start[1]
    return load(plain_program(start[1]))


def appsi(start: Made) -> Any:
    """Ordinary Pyomo rules and Pyomo's own interface to HiGHS."""
    from pyomo.contrib.appsi.solvers import Highs

    assert start[1]
    solver = Highs()
    solver.set_instance(build(start[1]))
    return solver._solver_model


def linopy(start: Made) -> Any:
    """linopy and its own hand-over to HiGHS."""
    from linopy.io import to_highspy

    from benchmarks.linopy_peer import model

    assert start[0]
    return to_highspy(model(start[0]))


def pypsa(start: Made) -> Any:
    """A PyPSA network, its model and the hand-over to HiGHS."""
    from linopy.io import to_highspy

    from benchmarks.pypsa_peer import model

    assert start[0]
    return to_highspy(model(start[0]))


ROADS: dict[str, Callable[[Made], Any]] = {
    "raw": by_hand, "arrays": arrays, "labels": labels, "linopy": linopy, "pypsa": pypsa, "plain": plain, "appsi": appsi,
}


def objective(solver: highspy.Highs) -> float:
    """The optimum of a loaded program."""
    solver.setOptionValue("output_flag", False)
    solver.run()
    return float(solver.getInfo().objective_function_value)
