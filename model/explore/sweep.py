"""Sweep: the plan of every combination, sample or listed case of changed inputs, as a table and as one xarray dataset."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from model.explore import flips
from model.explore.crew import Means
from model.explore.journal import SOLVED, Pair, Row
from model.explore.labels import option_names
from model.explore.moving import Factor
from model.explore.study_file import StudyFile
from model.explore.study_rows import (
    Outcome,
    both,
    cost_of,
    indicator_name,
    joined,
    said_built,
    said_failed,
    snapshot,
    unit_known,
    unit_name,
)
from model.explore.sweep_axes import GRID, Axis, Point, points
from model.explore.swift import solved_swiftly
from model.explore.switch_map import SwitchMap, asked_map, key_of, switch_map
from model.explore.workbench import Planned, Workbench
from model.problems import ExitCode, Problems
from model.reading.nearest import nearest
from model.words.lookup import unit_words

KEYS = ("design", "count", "seed", "axis", "case", "report", "audit", "map")
AUDITS = ("sample", "all")


def study(asked: StudyFile, means: Means) -> Outcome:
    """Solve every case of the sweep; raises ``Refusal`` where the study file is wrong or the base scenario has no plan."""
    problems = Problems()
    asked.only(KEYS, problems)
    axes, cases = points(asked, problems)
    watched, mapped = asked.texts("report", problems), asked_map(asked, axes, problems)
    audit = asked.document.content.get("audit", AUDITS[0])
    if audit not in AUDITS:
        asked.document.spot("audit").add(problems, "scenario_choice", audit, choices=", ".join(AUDITS))
    problems.stop_on_errors()
    bench = Workbench(asked.scenario, asked.data)
    known = set(bench.base.results.indicators["indicator"])
    for name in watched:
        if name not in known:
            asked.document.spot("report").add(problems, "unknown_reference", name, nearest(name, known), table="indicators")
    key = key_of(mapped, asked, bench.base, problems) if mapped else ""
    problems.stop_on_errors(ExitCode.DATA)
    factors = [_factor(axis, cases) for axis in axes] if any(point.place for point in cases) else []
    rows = solved_swiftly(bench, factors, cases, means, every=audit == "all")
    found = outcome(bench.base, axes, cases, rows, watched, grid=asked.document.content.get("design", GRID) == GRID)
    return with_map(found, switch_map(bench.base, mapped, key, axes, cases, rows)) if mapped else found


def with_map(found: Outcome, drawn: SwitchMap) -> Outcome:
    """What a sweep found with its map: sentences at the end, ``facts["map"]``, tables map and boundary."""
    tables = {**found.tables, "map": drawn.cells, "boundary": drawn.boundary}
    return Outcome(found.sentences + drawn.sentences, {**found.facts, "map": drawn.facts}, tables, found.dataset)


def _factor(axis: Axis, cases: Sequence[Point]) -> Factor:
    """The axis between the least and the largest value that any case puts it at; it was read without a problem."""
    values = [point.place[axis.name] for point in cases if point.place]
    return Factor(axis.name, min(values), max(values), lambda value: axis.parts(value, Problems()))


def outcome(base: Planned, axes: Sequence[Axis], cases: Sequence[Point], rows: list[Row], watched: Sequence[str], *, grid: bool) -> Outcome:
    """Tables, dataset and sentences of solved rows."""
    own = snapshot(base)
    names = option_names(base)
    unit = unit_name(unit_known(base))
    keys = [key for key in own["indicators"] if not watched or key.rsplit("|", 1)[0] in watched]
    sentences = [both("studies_sweep.base", cost=own["cost"], unit=unit, built=said_built(own["built"], names))]
    for row in rows:
        sentences.append(_line(base, row, own, keys if watched else [], unit, said_built(row.get("built", {}), names)))
    solved = [row for row in rows if row["status"] == SOLVED]
    if solved:
        best, worst = (choose(solved, key=lambda row: row["cost"]) for choose in (min, max))
        ends = {"best": (best["name_zh"], best["name_en"]), "worst": (worst["name_zh"], worst["name_en"])}
        sentences.append(both("studies_sweep.range", low=best["cost"] - own["cost"], high=worst["cost"] - own["cost"], unit=unit, **ends))
    flipped = flips.flips(axes[0], cases, rows, names) if len(axes) == 1 else None
    if flipped is not None:
        sentences += flips.sentences(axes[0], flipped, flipped["stage"])
    warm = sum(bool(row.get("warm")) for row in rows)
    quick = sum(not row["audited"] for row in solved)
    sentences.append(both(f"studies_sweep.proof{'_arrays' if quick else ''}", solved=len(solved), count=len(rows), warm=warm, quick=quick))
    table = _table(axes, cases, rows, own)
    facts = {
        "base": own, "axes": [{"name": axis.name, "title": list(axis.title), "unit": axis.unit} for axis in axes],
        "watched": [{"key": key, "title": list(indicator_name(base, key)), "unit": _unit(base, key)} for key in keys if watched],
        "rows": table.astype(object).where(table.notna(), None).to_dict("records"), "solved": len(solved), "cases": len(rows),
    }
    tables = {"cases": table, "built": _built(rows), **({} if flipped is None else {"flips": flipped})}
    return Outcome(tuple(sentences), facts, tables, dataset(base, axes, cases, rows, own, grid=grid))


def _line(base: Planned, row: Row, own: Row, keys: Sequence[str], unit: Pair, built: Pair) -> Pair:
    if row["status"] != SOLVED:
        return said_failed(row)
    parts = [
        both("studies_sweep.indicator", name=indicator_name(base, key), value=_number(row["indicators"].get(key)), unit=unit_words(_unit(base, key)))
        for key in keys
    ]
    name = (row["name_zh"], row["name_en"])
    return both("studies_sweep.case", name=name, extra=row["cost"] - own["cost"], unit=unit, parts=joined([*parts, built]))


def _unit(base: Planned, key: str) -> str:
    labels = base.results.case.labels["indicators"].set_index("indicator")["unit"]
    return str(labels.get(key.rsplit("|", 1)[0], ""))


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _table(axes: Sequence[Axis], cases: Sequence[Point], rows: list[Row], own: Row) -> pd.DataFrame:
    """One row per case: place on the axes, status, reason, cost, what it costs more than the base, and every indicator."""
    found = []
    for point, row in zip(cases, rows, strict=True):
        cost = cost_of(row)
        facts = {axis.name: point.place.get(axis.name, math.nan) for axis in axes}
        numbers = {key: _number(row.get("indicators", {}).get(key)) for key in own["indicators"]}
        unserved = sum(row.get("unserved", {}).values()) if row["status"] == SOLVED else math.nan
        found.append({
            "case": row["case"], "name_zh": row["name_zh"], "name_en": row["name_en"], **facts, "status": row["status"],
            "reason_zh": row["reason_zh"], "reason_en": row["reason_en"], "warm": row.get("warm"), "audited": row.get("audited"),
            "cost": cost if math.isfinite(cost) else math.nan,
            "extra_cost": cost - own["cost"] if math.isfinite(cost) else math.nan, "unserved": unserved, **numbers,
        })
    return pd.DataFrame(found)


def _built(rows: list[Row]) -> pd.DataFrame:
    """case, option, stage, size of whatever any case builds."""
    found = [
        {"case": row["case"], "option": name.rsplit("|", 1)[0], "stage": name.rsplit("|", 1)[1], "size": size}
        for row in rows for name, size in sorted(row.get("built", {}).items())
    ]
    return pd.DataFrame(found, columns=["case", "option", "stage", "size"])


def dataset(base: Planned, axes: Sequence[Axis], cases: Sequence[Point], rows: list[Row], own: Row, *, grid: bool) -> xr.Dataset:
    """cost, indicator and size of every case; a pure grid has one dimension per axis, else the places stand along ``case``."""
    indicators = list(own["indicators"])
    options = sorted({name for row in rows for name in row.get("built", {})})
    values = np.array([[_number(row.get("indicators", {}).get(key)) for key in indicators] for row in rows]).reshape(len(rows), len(indicators))
    sizes = np.array([[_size(row, name) for name in options] for row in rows]).reshape(len(rows), len(options))
    costs = np.array([cost_of(row) for row in rows], dtype=float)
    unit = unit_known(base)
    found = xr.Dataset(
        {
            "cost": ("case", np.where(np.isfinite(costs), costs, math.nan), {"units": unit, "long_name": "least cost, NaN where there is no plan"}),
            "status": ("case", np.array([row["status"] for row in rows], dtype=str), {"long_name": "solved, or why there is no plan"}),
            "indicator_value": (("case", "indicator"), values, {"long_name": "value of the indicator in its group"}),
            "size": (("case", "option"), sizes, {"long_name": "size of the option in its stage"}),
        },
        {"case": [row["case"] for row in rows], "indicator": indicators, "option": np.array(options, dtype=str)},
        {"base_cost": own["cost"], "unit": unit},
    )
    if not axes or not cases:
        return found
    places = {axis.name: ("case", [point.place.get(axis.name, math.nan) for point in cases], {"units": axis.unit}) for axis in axes}
    if grid and all(point.place for point in cases):
        along = {name: list(dict.fromkeys(where[1])) for name, where in places.items()}
        index = pd.MultiIndex.from_product(list(along.values()), names=list(along))
        flat = found.drop_vars("case").assign_coords(xr.Coordinates.from_pandas_multiindex(index, "case"))
        folded = flat.unstack("case")
        for axis in axes:
            folded[axis.name].attrs["units"] = axis.unit
        return folded
    return found.assign_coords(places)


def _size(row: Row, name: str) -> float:
    return math.nan if row["status"] != SOLVED else float(row["built"].get(name, 0.0))
