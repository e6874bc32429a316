"""The cases of a sweep: values along axes – all combinations or a sample of the space – and cases written one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from scipy.stats import qmc

from model.explore.journal import Pair
from model.explore.study_file import StudyFile, Variant, check_names, number, variants
from model.problems import Problems
from model.scenario.parsing import known_keys, parse_changes, parse_locks, parse_title
from model.scenario.records import Spot

GRID, HYPERCUBE, SOBOL = "grid", "latin_hypercube", "sobol"
DESIGNS = (GRID, HYPERCUBE, SOBOL)
AXIS_KEYS = ("name", "title", "unit", "values", "low", "high", "table", "where", "set", "scale", "site", "technology")
MOST = 100_000  # cases beyond this are a slip
TAKEN = (  # columns of the tables and names in results.nc, which an axis would overwrite
    "case", "name_zh", "name_en", "status", "reason_zh", "reason_en", "warm", "audited", "cost", "extra_cost", "unserved",
    "indicator", "indicator_value", "option", "size", "base_cost",
)


@dataclass(frozen=True)
class Axis:
    """One input that moves: one or more columns of some rows set to or scaled by the value, or a lock fixed at it."""

    name: str
    title: Pair
    unit: str
    values: tuple[float, ...]
    low: float
    high: float
    item: Mapping[str, Any]
    spot: Spot

    def parts(self, value: float, problems: Problems) -> Variant:
        """The change or lock that puts the input at ``value``."""
        if "table" not in self.item:
            lock = {"site": self.item.get("site"), "technology": self.item.get("technology", "*"), "state": "fixed", "size": value}
            return Variant("", ("", ""), (), parse_locks([lock], [self.spot], problems))
        action = "scale" if "scale" in self.item else "set"
        columns = self.item[action] if isinstance(self.item[action], list) else [self.item[action]]
        change = {"table": self.item["table"], "where": self.item.get("where", {}), action: {str(column): value for column in columns}}
        return Variant("", ("", ""), parse_changes([change], [self.spot], problems), ())


@dataclass(frozen=True)
class Point:
    """One case of a sweep with its place on the axes (none for a case written by itself)."""

    variant: Variant
    place: Mapping[str, float]


def points(study: StudyFile, problems: Problems) -> tuple[list[Axis], list[Point]]:
    """The axes of a study file and its cases in order; what is wrong is added to ``problems``."""
    axes = [axis for item, spot in study.items("axis", problems) if (axis := _axis(item, spot, problems)) is not None]
    check_names([(axis.name, axis.spot) for axis in axes], problems, TAKEN)
    _same_cells(axes, problems)
    design = study.document.content.get("design", GRID)
    if design not in DESIGNS:
        study.document.spot("design").add(problems, "scenario_choice", design, choices=", ".join(DESIGNS))
    places = _grid(axes, problems) if design == GRID else _sample(study, axes, str(design), problems)
    found = [Point(_variant(axes, place, problems), place) for place in places if not problems.errors]
    written = [Point(variant, {}) for variant, _ in variants(study, "case", problems, taken=[point.variant.key for point in found])]
    if not (axes or written or problems.errors):
        study.document.spot("axis").add(problems, "study_nothing", "[[axis]], [[case]]")
    return axes, [*found, *written]


def _axis(item: Mapping[str, Any], spot: Spot, problems: Problems) -> Axis | None:
    known = known_keys(item, AXIS_KEYS, spot, problems)
    name = known.get("name")
    if not isinstance(name, str) or not name:
        spot.at("name").add(problems, "scenario_text", name or "")
        return None
    moved = [key for key in ("set", "scale", "site") if key in known]
    if len(moved) != 1 or ("table" in known) != (moved != ["site"]):
        spot.add(problems, "change_action", ", ".join(moved))
        return None
    values, unit = known.get("values", []), known.get("unit", "")
    if not isinstance(values, list):
        spot.at("values").add(problems, "scenario_list", values)
        return None
    if not isinstance(unit, str):
        spot.at("unit").add(problems, "scenario_text", unit)
    title = parse_title(known.get("title", {}), spot.at("title"), problems)
    numbers = tuple(number(value, spot.at("values"), problems) for value in values)
    low, high = (number(known[end], spot.at(end), problems) if end in known else math.nan for end in ("low", "high"))
    return Axis(name, (title.get("zh", name), title.get("en", name)), str(unit), numbers, low, high, known, spot)


def _same_cells(axes: list[Axis], problems: Problems) -> None:
    """Two axes that set the same column of the same rows: the second would undo the first."""
    setting: dict[str, str] = {}
    for axis in axes:
        columns = axis.item.get("set", [])
        for column in columns if isinstance(columns, list) else [columns]:
            cells = repr((axis.item.get("table"), column, axis.item.get("where", {})))
            if setting.setdefault(cells, axis.name) != axis.name:
                axis.spot.at("set").add(problems, "axis_same_cells", axis.name, other=setting[cells])


def _grid(axes: list[Axis], problems: Problems) -> list[dict[str, float]]:
    """All combinations, the last axis moving fastest."""
    for axis in axes:
        if not axis.values:
            axis.spot.at("values").add(problems, "scenario_list", "")
        for value in sorted({value for value in axis.values if axis.values.count(value) > 1} if not problems.errors else ()):
            axis.spot.at("values").add(problems, "stated_twice", f"{value:g}")
    count = math.prod(len(axis.values) for axis in axes)
    if count > MOST:
        axes[0].spot.at("values").add(problems, "study_too_many", f"{count:,}", most=f"{MOST:,}")
    if not axes or count > MOST or len({axis.name for axis in axes}) < len(axes):
        return []
    names = [axis.name for axis in axes]
    return [dict(zip(names, values, strict=True)) for values in product(*(axis.values for axis in axes))]


def _sample(study: StudyFile, axes: list[Axis], design: str, problems: Problems) -> list[dict[str, float]]:
    """``count`` places between low and high of every axis, the same for the same ``seed`` (scipy.stats.qmc)."""
    count, seed = study.whole("count", 16, problems, 1, MOST), study.whole("seed", 0, problems, 0, 2**31 - 1)
    for axis in axes:
        if math.isnan(axis.low) or math.isnan(axis.high):
            axis.spot.at("low" if math.isnan(axis.low) else "high").add(problems, "axis_ends")
        elif not axis.low < axis.high:
            axis.spot.at("low").add(problems, "axis_order", f"{axis.low:g}", high=f"{axis.high:g}")
    if not axes or problems.errors:
        return []
    if design == SOBOL:  # drawn as a whole power of 2, of which the first are taken
        drawn = qmc.Sobol(len(axes), scramble=True, rng=seed).random_base2(max(0, math.ceil(math.log2(count))))[:count]
    else:
        drawn = qmc.LatinHypercube(len(axes), rng=seed).random(count)
    scaled = qmc.scale(drawn, [axis.low for axis in axes], [axis.high for axis in axes])
    return [{axis.name: float(value) for axis, value in zip(axes, row, strict=True)} for row in scaled]


def _variant(axes: list[Axis], place: Mapping[str, float], problems: Problems) -> Variant:
    parts = [axis.parts(place[axis.name], problems) for axis in axes]
    zh, en = (", ".join(f"{axis.title[at]} {place[axis.name]:.6g}" for axis in axes) for at in (0, 1))
    key = ", ".join(f"{axis.name}={place[axis.name]!r}" for axis in axes)
    changes = tuple(change for part in parts for change in part.changes)
    return Variant(key, (zh, en), changes, tuple(lock for part in parts for lock in part.locks))
