"""Sensitivity: the plan with every graded input at the low and at the high end of its own range, one at a time (a tornado).

An input is a cell whose table states its range (low and high, from its source); its grade says how sure it is. Both ends are
solved anew, investments included: the answer is what the least cost would be, not what a fixed plan would cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from model.explore.crew import Means, finish
from model.explore.journal import SOLVED, Job, Pair, Row
from model.explore.study_file import StudyFile, Variant
from model.explore.study_rows import Outcome, both, cost_of, said_failed, snapshot, unit_known, unit_name
from model.explore.workbench import Workbench
from model.problems import Problems
from model.scenario import Change
from model.scenario.changing import row_key
from model.scenario.parsing import known_keys, parse_changes
from model.scenario.records import Spot
from model.schema import ALL_TABLES, TableSpec
from model.tables import Tables

KEYS = ("input", "grades")
INPUT_KEYS = ("table", "where")
SPOT = Spot("sensitivity", 0)
ENDS = ("low", "high")
GRADES = ("A", "B", "C", "D")
MOVES = 1e-6  # share of the cost; an input that moves it by less moves nothing
LISTED = 30  # inputs told one by one
COLUMNS = (
    "input", "name_zh", "name_en", "table", "column", "grade", "value", "low", "high", "cost_low", "cost_high", "swing", "status", "reason_zh",
    "reason_en",
)


@dataclass(frozen=True)
class Input:
    """One cell with its range: where it stands, its present value, and its ends."""

    key: str
    name: Pair
    table: str
    column: str
    where: Mapping[str, tuple[str | float, ...]]
    value: float
    low: float
    high: float
    grade: str

    def moved(self, number: float) -> Variant:
        """The case with the cell at ``number``."""
        return Variant("", ("", ""), (Change(self.table, "set", self.where, {self.column: number}, SPOT),))

    def at(self, end: str) -> Variant:
        """The case with the cell at one of its ends."""
        number = self.low if end == "low" else self.high
        name = both(f"studies_sensitivity.{end}", name=self.name, value=number)
        return replace(self.moved(number), key=f"{self.key}|{end}", name=name)


def study(asked: StudyFile, means: Means) -> Outcome:
    """Solve both ends of every input asked for; raises ``Refusal`` where the study file is wrong or the base has no plan."""
    problems = Problems()
    asked.only(KEYS, problems)
    bench = Workbench(asked.scenario, asked.data)
    found = selected(asked, bench, problems)
    cases = [each.at(end) for each in found for end in ENDS]
    rows = finish([Job(case.key, case.name, partial(_plan, case)) for case in cases], bench, means)
    unit = unit_name(unit_known(bench.base))
    return outcome(found, {row["case"]: row for row in rows}, bench.base.results.objective, unit)


def selected(asked: StudyFile, bench: Workbench, problems: Problems) -> list[Input]:
    """The inputs of the grades and rows that a study file asks for; raises ``Refusal`` where it is wrong or the base has no plan."""
    grades = asked.texts("grades", problems)
    for grade in grades:
        if grade not in GRADES:
            asked.document.spot("grades").add(problems, "scenario_choice", grade, choices=", ".join(GRADES))
    chosen = [(_chosen(item, spot, problems), spot) for item, spot in asked.items("input", problems)]
    problems.stop_on_errors()
    found = [each for each in inputs(bench.base.prepared.tables) if not grades or each.grade in grades]
    for want, spot in chosen or [(None, asked.document.spot("input"))]:
        if not any(want is None or _meant(each, want) for each in found):
            spot.add(problems, "inputs_without_range", want.table if want else "")
    problems.stop_on_errors()
    return [each for each in found if not chosen or any(_meant(each, want) for want, _ in chosen if want)]


def _plan(case: Variant, bench: Workbench) -> Row:
    return snapshot(bench.plan(case.of(bench.scenario)))


def _chosen(item: Mapping[str, Any], spot: Spot, problems: Problems) -> Change | None:
    """Rows of a table, picked as a scenario picks them."""
    known = known_keys(item, INPUT_KEYS, spot, problems)
    found = parse_changes([{**known, "remove": True}], [spot], problems)
    return found[0] if found else None


def _meant(each: Input, want: Change) -> bool:
    """Whether the input is a cell of the rows that were picked."""
    if each.table != want.table:
        return False
    return all(name in each.where and each.where[name][0] in cells for name, cells in want.where.items())


def inputs(tables: Tables) -> Iterator[Input]:
    """Every cell of ``tables`` with a range that has a width, table by table; cells in rows that share their key are left out."""
    for name, table in tables.items():
        spec = ALL_TABLES[name]
        own = spec.key or tuple(column.name for column in spec.columns if column.kind == "id")
        unique = table[~table.duplicated(list(own), keep=False)] if own else table.iloc[:0]
        for row in unique.to_dict("records"):
            where = {column: (row[column],) for column in own}
            for pair in spec.ranges:
                yield from _input(spec, pair.value, row, where, (row[pair.value], row[pair.low], row[pair.high]))
            if spec.range_of and spec.range_of.table in tables:
                yield from _elsewhere(spec, row, tables)


def _elsewhere(spec: TableSpec, row: Mapping[Any, Any], tables: Tables) -> Iterator[Input]:
    """The cell of another table whose range stands in this row."""
    of = spec.range_of
    assert of is not None
    other, column = tables[of.table], str(row[of.column])
    mine = other[other[of.id] == row[of.id]]
    if len(mine) == 1 and column in other:
        target = ALL_TABLES[of.table]
        cells = {**mine.iloc[0].to_dict(), "grade": row["grade"]}
        yield from _input(target, column, cells, {of.id: (row[of.id],)}, (float(mine[column].iloc[0]), row["low"], row["high"]))


def _input(
    spec: TableSpec, column: str, row: Mapping[Any, Any], where: Mapping[str, tuple[str | float, ...]], numbers: tuple[float, float, float],
) -> Iterator[Input]:
    value, low, high = numbers
    if any(math.isnan(number) for number in numbers) or not low < high:
        return
    key = row_key(spec.name, row)
    names = tuple(str(row.get(f"name_{language}") or key) for language in ("zh", "en"))
    label = both("studies_sensitivity.input", name=names, table=spec.name, column=column)
    yield Input(f"{spec.name}|{key}|{column}", label, spec.name, column, where, value, low, high, str(row.get("grade") or ""))


def outcome(found: list[Input], rows: Mapping[str, Row], own: float, unit: Pair) -> Outcome:
    """The tornado: widest swing first, then what fails, then what moves nothing."""
    table = pd.DataFrame([_facts(each, rows, own) for each in found], columns=list(COLUMNS))
    table = table.sort_values(["swing", "input"], ascending=[False, True], kind="stable", na_position="last").reset_index(drop=True)
    moving = table[table["swing"] > MOVES * max(1.0, abs(own))]
    sentences = [both("studies_sensitivity.base", cost=own, unit=unit, count=len(found), moving=len(moving))]
    for row in moving.head(LISTED).to_dict("records"):
        ends = {f"at_{end}": row[f"cost_{end}"] - own for end in ENDS}
        numbers = {name: row[name] for name in ("low", "high", "grade")}
        sentences.append(both("studies_sensitivity.swing", name=(row["name_zh"], row["name_en"]), unit=unit, **ends, **numbers))
    sentences += [both("studies_sensitivity.rest", count=len(moving) - LISTED)] if len(moving) > LISTED else []
    sentences += [said_failed(row) for row in rows.values() if row["status"] != SOLVED]
    facts = {"cost": own, "inputs": table.astype(object).where(table.notna(), None).to_dict("records")}
    return Outcome(tuple(sentences), facts, {"tornado": table})


def _facts(each: Input, rows: Mapping[str, Row], own: float) -> dict[str, object]:
    """Costs at both ends; the swing counts the present value too, so that a range on one side of it is not narrowed."""
    ends = {end: rows[f"{each.key}|{end}"] for end in ENDS}
    costs = {end: cost_of(row) for end, row in ends.items()}
    failed = next((row for row in ends.values() if row["status"] != SOLVED), None)
    known = failed is None
    return {
        "input": each.key, "name_zh": each.name[0], "name_en": each.name[1], "table": each.table, "column": each.column, "grade": each.grade,
        "value": each.value, "low": each.low, "high": each.high, "status": SOLVED if known else str((failed or {})["status"]),
        "reason_zh": (failed or {}).get("reason_zh", ""), "reason_en": (failed or {}).get("reason_en", ""),
        **{f"cost_{end}": cost if math.isfinite(cost) else math.nan for end, cost in costs.items()},
        "swing": max(*costs.values(), own) - min(*costs.values(), own) if known else math.nan,
    }
