"""Why a scenario is impossible: the conflict set of rows and bounds, and the smallest changes that would lift it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy import sparse

from model import words
from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.compile import Floats, LinearProgram
from model.formulation import CARD
from model.names import name_of
from model.problems import ExitCode, Problems, Refusal
from model.solve import LoadedProgram, Status

CONFLICT_SECONDS = 20.0
SHOWN = 12  # members of the conflict and changes that are put into words
PHYSICS = frozenset({"balance", "balance_exact", "running_use", "restart_rise"})  # what no decision can relax


@dataclass(frozen=True)
class Place:
    """One row or column bound: its family, key and whether it is a floor or a ceiling."""

    family: str
    key: tuple[str, ...]
    side: str


def _place(case: Case, program: LinearProgram, position: int, *, row: bool, side: str) -> Place:
    keys, tables, start = (ROW_KEYS, case.rows, program.row_start) if row else (COLUMN_KEYS, case.columns, program.column_start)
    family = next(name for name in keys if start[name] <= position < start[name] + len(tables[name]))
    line = tables[family].iloc[position - start[family]]
    return Place(family, tuple(str(line[name]) for name in keys[family]), side)


def conflict(case: Case, program: LinearProgram) -> list[Place]:
    """Rows and bounds that cannot all hold; empty if none was found in time (HiGHS can answer with an empty set)."""
    loaded = LoadedProgram(program, {"iis_strategy": 2, "iis_time_limit": CONFLICT_SECONDS})
    status, found = loaded.highs.getIis()
    if status == highspy.HighsStatus.kError or not found.valid_:
        return []
    sides = {int(highspy.IisBoundStatus.kIisBoundStatusLower): "floor", int(highspy.IisBoundStatus.kIisBoundStatusUpper): "ceiling"}
    rows = [
        _place(case, program, int(i), row=True, side=sides.get(int(bound), "both"))
        for i, bound in zip(found.row_index_, found.row_bound_, strict=True)
    ]
    columns = [
        _place(case, program, int(i), row=False, side=sides[int(bound)])
        for i, bound in zip(found.col_index_, found.col_bound_, strict=True)
        if int(bound) in sides
    ]
    return rows + [place for place in columns if place.family in ("supply", "sale", "activity", "flow", "size", "stock")]


def smallest_changes(case: Case, program: LinearProgram) -> list[tuple[Place, float]]:
    """The relaxation of least total size (amounts of the period) that makes the program feasible: place and amount.

    Everything a decision could change may give way: demand, capacity, limits, bounds of columns. Balances may not.
    """
    elastic, places = _elastic(case, program)
    loaded = LoadedProgram(elastic)
    if loaded.run() is not Status.OPTIMAL:
        return []
    slack = loaded.solution().values[program.matrix.shape[1] :]
    chosen = [number for number in np.argsort(-slack, kind="stable") if slack[number] > 1e-7]
    return [(places[number], float(slack[number])) for number in chosen]


def _elastic(case: Case, program: LinearProgram) -> tuple[LinearProgram, list[Place]]:
    """The program with a slack on every relaxable row and finite column bound, minimising the sum of slacks."""
    row_count, column_count = program.matrix.shape
    entries: list[tuple[int, float]] = []
    places: list[Place] = []
    for family in ROW_KEYS:
        if family in PHYSICS:
            continue
        for position in range(program.row_start[family], program.row_start[family] + len(case.rows[family])):
            for side, bound, sign in (("floor", program.row_lower, 1.0), ("ceiling", program.row_upper, -1.0)):
                if np.isfinite(bound[position]):
                    entries.append((position, sign))
                    places.append(_place(case, program, position, row=True, side=side))
    bounded = [
        (int(j), side, bound[j])
        for side, bound in (("floor", program.lower), ("ceiling", program.upper))
        for j in np.flatnonzero(np.isfinite(bound) & ((bound != 0) if side == "floor" else True))
    ]
    extra_rows = sparse.csc_array((np.ones(len(bounded)), (np.arange(len(bounded)), [j for j, _, _ in bounded])), shape=(len(bounded), column_count))
    for number, (j, side, _) in enumerate(bounded):
        entries.append((row_count + number, 1.0 if side == "floor" else -1.0))
        places.append(_place(case, program, j, row=False, side=side))
    slacks = sparse.csc_array(
        ([sign for _, sign in entries], ([row for row, _ in entries], np.arange(len(entries)))), shape=(row_count + len(bounded), len(entries))
    )
    matrix = sparse.csc_array(sparse.hstack([sparse.vstack([program.matrix, extra_rows]), slacks]))
    floors = np.array([value if side == "floor" else -np.inf for _, side, value in bounded])
    ceilings = np.array([value if side == "ceiling" else np.inf for _, side, value in bounded])
    ones: Floats = np.ones(len(entries))
    elastic = replace(
        program,
        matrix=matrix,
        cost=np.concatenate([np.zeros(column_count), ones]),
        row_lower=np.concatenate([program.row_lower, floors]),
        row_upper=np.concatenate([program.row_upper, ceilings]),
        lower=np.concatenate([np.minimum(program.lower, 0.0), 0 * ones]),
        upper=np.concatenate([np.full(column_count, np.inf), np.inf * ones]),
    )
    return elastic, places


def _words(case: Case, place: Place) -> dict[str, str]:
    """The sentence of a row or bound in both languages, with the names of goods and sites."""
    keys = ROW_KEYS if place.family in ROW_KEYS else COLUMN_KEYS
    result = {}
    for language in words.LANGUAGES:
        names = {part: name_of(case, part, value, language) for part, value in zip(keys[place.family], place.key, strict=True)}
        if place.family in CARD:
            sentence = (CARD[place.family].zh if language == "zh" else CARD[place.family].en).format(**names)
        else:
            sentence = words.text(f"columns.{place.family}_{place.side}", language, **names)
        result[language] = sentence
    return result


def explain_infeasible(case: Case, program: LinearProgram) -> Refusal:
    """A ``Refusal`` (exit 4) that names what collides and the smallest changes that would help."""
    problems = Problems()
    problems.add("infeasible")
    for place, amount in smallest_changes(case, program)[:SHOWN]:
        here = _words(case, place)
        problems.add(f"relax_{place.side}", value=f"{amount:.6g}", place_zh=here["zh"], place_en=here["en"])
    for place in conflict(case, program)[:SHOWN]:
        here = _words(case, place)
        problems.add("conflict", place_zh=here["zh"], place_en=here["en"])
    return Refusal(ExitCode.INFEASIBLE, problems.errors)
