"""Two-way map of a grid sweep: one number of the plan over two inputs, and between which values of one the answer switches.

The number is an indicator less what it would be without the switch (``from``), for instance tonnes moved; it counts as
switched above ``above``. Between two neighbouring cells that differ the boundary lies somewhere: both ends are told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.explore.journal import SOLVED, Pair, Row
from model.explore.study_file import StudyFile, number
from model.explore.study_rows import both, indicator_name
from model.explore.sweep_axes import GRID, Axis, Point
from model.explore.workbench import Planned
from model.problems import Problems
from model.reading.nearest import nearest
from model.scenario.parsing import known_keys
from model.words.lookup import unit_words

KEYS = ("indicator", "group", "from", "above")
USUAL = 1e-3  # kt a year: less is the solver's rounding


@dataclass(frozen=True)
class Asked:
    """What a study file asks of its map."""

    indicator: str
    group: str
    start: float
    above: float


def asked_map(study: StudyFile, axes: Sequence[Axis], problems: Problems) -> Asked | None:
    """The table ``map`` of a sweep, None where there is none; it needs a grid of two axes."""
    content, spot = study.document.content, study.document.spot("map")
    if "map" not in content:
        return None
    known = known_keys(content["map"], KEYS, spot, problems)
    if len(axes) != 2 or content.get("design", GRID) != GRID:
        spot.add(problems, "map_axes", len(axes))
    start, above = (number(known.get(key, usual), spot.at(key), problems) for key, usual in (("from", 0.0), ("above", USUAL)))
    return Asked(str(known.get("indicator", "")), str(known.get("group", "")), start, above)


def key_of(asked: Asked, study: StudyFile, base: Planned, problems: Problems) -> str:
    """``indicator|group`` that the map shows; an unknown one, or none of several groups, is reported."""
    spot, rows = study.document.spot("map"), base.results.indicators
    groups = [str(group) for group in rows.loc[rows["indicator"] == asked.indicator, "group"]]
    if not groups:
        hint = nearest(asked.indicator, set(rows["indicator"]))
        spot.at("indicator").add(problems, "unknown_reference", asked.indicator, hint, table="indicators")
    elif asked.group not in groups and (asked.group or len(groups) > 1):
        spot.at("group").add(problems, "scenario_choice", asked.group, choices=", ".join(groups))
    return f"{asked.indicator}|{asked.group or (groups or [''])[0]}"


@dataclass(frozen=True)
class SwitchMap:
    """``facts``: for a chart (x, y, values by y and x, boundary); ``cells``, ``boundary``: the same as tables."""

    sentences: tuple[Pair, ...]
    facts: dict[str, Any]
    cells: pd.DataFrame
    boundary: pd.DataFrame


def switch_map(base: Planned, asked: Asked, key: str, axes: Sequence[Axis], cases: Sequence[Point], rows: Sequence[Row]) -> SwitchMap:
    """The map over the first axis (x) and the second (y); cells without a plan are blank and have no side."""
    x, y = axes
    places = {(case.place[x.name], case.place[y.name]): _value(row, key) - asked.start for case, row in zip(cases, rows, strict=True) if case.place}
    across, up = (sorted(set(axis.values)) for axis in axes)
    cells = pd.DataFrame(
        [{"x": at, "y": height, "value": places[at, height], "switched": places[at, height] > asked.above} for height in up for at in across]
    )
    boundary = pd.DataFrame(
        [{"y": height, **edge} for height in up for edge in _edges(across, [places[at, height] for at in across], asked.above)],
        columns=["y", "x_low", "x_high", "above"],
    )
    unit = str(base.results.case.labels["indicators"].set_index("indicator")["unit"][asked.indicator])
    name = indicator_name(base, key)
    sentences = [both("studies_sweep.map", name=name, start=asked.start, unit=unit_words(unit))]
    for height in up:
        line = {at: places[at, height] for at in across}
        sentences += _said(x, (y, height), line, boundary[boundary["y"] == height], asked.above, unit_words(unit))
    facts = {
        "x": x.name, "y": y.name, "x_title": list(x.title), "y_title": list(y.title), "x_unit": x.unit, "y_unit": y.unit, "value": key,
        "value_title": list(name), "unit": unit, "from": asked.start, "above": asked.above, "xs": across, "ys": up,
        "values": [[_plain(places[at, height]) for at in across] for height in up], "boundary": boundary.to_dict("records"),
    }
    return SwitchMap(tuple(sentences), facts, cells, boundary)


def _value(row: Row, key: str) -> float:
    value = row["indicators"].get(key) if row["status"] == SOLVED else None
    return math.nan if value is None else float(value)


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def _edges(across: Sequence[float], values: Sequence[float], above: float) -> list[dict[str, object]]:
    """Neighbours on different sides; ``above``: on which side of the edge (low or high) the answer has switched."""
    known = [(at, value > above) for at, value in zip(across, values, strict=True) if not math.isnan(value)]
    return [
        {"x_low": first, "x_high": second, "above": "high" if after else "low"}
        for (first, before), (second, after) in zip(known, known[1:], strict=False) if before != after
    ]


def _said(x: Axis, up: tuple[Axis, float], line: Mapping[float, float], edges: pd.DataFrame, above: float, unit: Pair) -> list[Pair]:
    """One line per value of the second axis: between which values it switches, or that it does not."""
    facts = {"y": up[0].title, "height": up[1], "x": x.title, "unit": unit}
    known = [value for value in line.values() if not math.isnan(value)]
    if not known:
        return [both("studies_sweep.map_no_plan", **facts)]
    most = max(known)
    if not len(edges):
        return [both(f"studies_sweep.map_{'everywhere' if most > above else 'nowhere'}", most=most, **facts)]
    return [
        both(f"studies_sweep.map_edge_{edge['above']}", low=edge["x_low"], high=edge["x_high"], most=most, **facts)
        for edge in edges.to_dict("records")
    ]
