"""At which value of which input every siting choice of a scenario flips, by re-solving its program along the input.

The program is rebuilt with the input at both ends of its reach; in between costs, bounds and coefficients are taken as
linear in it, which the program of the scenario itself must bear out, else nothing is told. A choice flips where its columns
come in or fall to zero in the least-cost plan: a grid from end to end, then halving of the cell nearest to the present value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import words
from model.case import COLUMN_KEYS, Case, make_case
from model.compile import MOVABLE, Floats, LinearProgram
from model.expand.chain import expand_all
from model.expand.quotes import Pattern
from model.expand.siting_inputs import Choice, Input, choices, inputs, moved
from model.explore.numbers_said import digits
from model.explore.text_table import text_table
from model.objective import weighted
from model.pipeline import Clock, Prepared, Progress, make, prepare
from model.problems import Problems
from model.program import make_program
from model.reading.rules import check_core
from model.scenario import Scenario, apply_locks
from model.solve import LoadedProgram, Status
from model.words.lookup import unit_words

COLUMNS = (
    "choice", "what_zh", "what_en", "input", "input_zh", "input_en", "central", "flips_at", "unit", "low", "high", "distance", "stands",
    "note_zh", "note_en",
)
CELLS = 8  # of the grid on each side of the present value
HALVINGS = 6  # of the cell in which a choice flips
PRESENT = 1e-3  # sums of watched columns above this count as in use
LINEAR = 1e-6  # share by which a number of the program may miss the line between the ends
EDGE = 0.01  # share of the reach from the present value where the program takes its shape, if it has another one there


@dataclass(frozen=True)
class Line:
    """A program along one input: at change ``start`` it is ``program``; every unit of change adds ``slope`` to its arrays."""

    case: Case
    program: LinearProgram
    start: float
    slope: dict[str, Floats]
    entries: list[tuple[int, int, float, float]]  # row, column, coefficient at the start and its slope


def find(scenario: Scenario, data: Path, progress: Progress) -> pd.DataFrame:
    """One row (``COLUMNS``) per choice and input, the fragile first.

    ``distance``: of the switch point from the present value in low–high ranges of the input, NaN where it has none or never flips.
    """
    clock = Clock(progress)
    prepared = prepare(scenario, data, clock)
    case, program = make(prepared, clock)
    watched, rows = choices(prepared.tables, prepared.core), []
    for item in inputs(prepared.tables, prepared.core) if watched else ():
        with clock.step("switch_points"):
            line = along(prepared, case, program, item)
            flips = switches(line, item, watched) if line else [(math.nan, None, "not_linear")] * len(watched)
        rows += [_row(choice, item, *flip) for choice, flip in zip(watched, flips, strict=True)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["distance", "flips_at"], kind="stable", na_position="last").reset_index(drop=True)


def lines(table: pd.DataFrame, language: str) -> list[str]:
    """The switch points as an aligned table, and how many choices no value of an input flips."""
    if table.empty:
        return [words.text("siting.none", language)]
    head = [words.text(f"siting.col_{name}", language) for name in ("what", "input", "central", "flips_at", "unit", "distance", "note")]
    body = [
        [
            row[f"what_{language}"], row[f"input_{language}"], digits(row["central"], 4), digits(row["flips_at"], 4),
            unit_words(str(row["unit"]))[words.LANGUAGES.index(language)],
            f"{row['distance']:.2f}" if math.isfinite(row["distance"]) else "–", row[f"note_{language}"],
        ]
        for row in table[table["flips_at"].notna()].to_dict("records")
    ]
    rest = words.text("siting.rest", language, count=int(table["flips_at"].isna().sum()))
    return [*(text_table(head, body) if body else []), rest]


def rebuilt(prepared: Prepared, item: Input, change: float) -> tuple[Case, LinearProgram]:
    """The scenario with the input moved by ``change``, expanded and built anew; raises ``Refusal`` where it cannot be."""
    problems = Problems()
    tables = moved(prepared.tables, item, change)
    core = weighted(apply_locks(prepared.scenario, expand_all(tables, problems), problems, tables), prepared.scenario.objective)
    check_core(core, problems)
    problems.stop_on_errors()
    case = make_case(core, problems)
    return case, make_program(case)


def along(prepared: Prepared, case: Case, program: LinearProgram, item: Input) -> Line | None:
    """The line of programs along ``item``; None where the program is not linear in it."""
    start, end = item.reach
    (first_case, first), (last_case, last) = rebuilt(prepared, item, start), rebuilt(prepared, item, end)
    if not _alike(first_case, last_case):
        start = EDGE * end
        first_case, first = rebuilt(prepared, item, start)
        if not _alike(first_case, last_case):
            return None
    slope = {part: _slope(getattr(first, part), getattr(last, part), end - start) for part in MOVABLE}
    change = ((last.matrix - first.matrix) / (end - start)).tocoo()
    entries = [(int(r), int(c), float(first.matrix[r, c]), float(v)) for r, c, v in zip(change.row, change.col, change.data, strict=True) if v]
    line = Line(first_case, first, start, slope, entries)
    return line if not _alike(first_case, case) or _borne_out(line, program) else None


def _alike(one: Case, other: Case) -> bool:
    """Whether two cases have the same columns and rows."""
    same = all(one.columns[family][list(key)].equals(other.columns[family][list(key)]) for family, key in COLUMN_KEYS.items())
    return same and all(len(one.rows[family]) == len(other.rows[family]) for family in one.rows)


def _slope(first: Floats, last: Floats, distance: float) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(first == last, 0.0, (last - first) / distance)


def _borne_out(line: Line, program: LinearProgram) -> bool:
    """Whether the program of the scenario lies on the line."""
    for part in MOVABLE:
        stated, expected = getattr(program, part), getattr(line.program, part) - line.start * line.slope[part]
        same = np.isclose(stated, expected, rtol=LINEAR, atol=LINEAR) | (stated == expected)
        if not same.all():
            return False
    return all(abs(program.matrix[r, c] - value + line.start * slope) <= LINEAR * max(1.0, abs(value)) for r, c, value, slope in line.entries)


def switches(line: Line, item: Input, watched: Sequence[Choice]) -> list[tuple[float, bool | None, str]]:
    """For every choice the change of the input at which it flips (NaN: nowhere in reach), whether it stands now, and a note."""
    loaded = LoadedProgram(line.program)
    places = [_positions(line, choice.watched) for choice in watched]
    known: dict[float, list[bool] | None] = {}

    def standing(change: float) -> list[bool] | None:
        if change not in known:
            plan = _plan(loaded, line, change)
            known[change] = None if plan is None else [bool(plan[place].sum() > PRESENT) for place in places]
        return known[change]

    now = standing(0.0)
    if now is None:
        return [(math.nan, None, "no_plan")] * len(watched)
    grid = [[side * step / CELLS for step in range(CELLS + 1)] for side in item.reach if side]
    for changes in grid:
        for change in changes:
            standing(change)
    result: list[tuple[float, bool | None, str]] = []
    for number in range(len(watched)):
        found = [flip for changes in grid if (flip := _flip(standing, changes, number)) is not None]
        result.append((min(found, key=abs), now[number], "") if found else (math.nan, now[number], ""))
    return result


def _flip(standing: Callable[[float], list[bool] | None], changes: list[float], number: int) -> float | None:
    """The first change of one side at which a choice no longer is what it is now; None where there is none before plans end."""
    for near, far in pairwise(changes):
        first, last = standing(near), standing(far)
        if first is None or last is None:
            return None
        if first[number] == last[number]:
            continue
        for _ in range(HALVINGS):
            middle = (near + far) / 2
            state = standing(middle)
            near, far = (middle, far) if state is not None and state[number] == first[number] else (near, middle)
        return (near + far) / 2
    return None


def _positions(line: Line, patterns: Sequence[Pattern]) -> NDArray[np.int64]:
    parts = [np.zeros(0, dtype=np.int64)]
    for family, ids in patterns:
        table = line.case.columns[family]
        mask = np.ones(len(table), dtype=bool)
        for name, value in ids:
            mask &= (table[name] == value).to_numpy()
        parts.append(np.flatnonzero(mask) + line.program.column_start[family])
    return np.concatenate(parts)


def _plan(loaded: LoadedProgram, line: Line, change: float) -> Floats | None:
    """The least-cost plan at ``change``; None where there is none."""
    there = {part: getattr(line.program, part) + (change - line.start) * line.slope[part] for part in MOVABLE}
    loaded.set_costs(there["cost"])
    loaded.set_column_bounds(there["lower"], there["upper"])
    loaded.set_row_bounds(there["row_lower"], there["row_upper"])
    for row, column, value, slope in line.entries:
        loaded.highs.changeCoeff(row, column, value + (change - line.start) * slope)
    return loaded.solution().values if loaded.run() is Status.OPTIMAL else None


def _row(choice: Choice, item: Input, change: float, stands: bool | None, note: str) -> dict[str, object]:
    flips, width = item.central + change, item.high - item.low
    if not note:
        note = ("flips" if math.isfinite(change) else "never_flips") + ("" if stands else "_absent")
    ends = {name: digits(item.central + end, 4) for name, end in zip(("low", "high"), item.reach, strict=True)}
    said = [words.text(f"siting.{note}", language, **ends) for language in words.LANGUAGES]
    distance = abs(change) / width if width > 0 else math.nan
    row = (choice.key, *choice.what, item.key, *item.name, item.central, flips, item.unit, item.low, item.high, distance, stands, *said)
    return dict(zip(COLUMNS, row, strict=True))
