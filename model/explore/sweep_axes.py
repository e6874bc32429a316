"""The cases of a sweep: values along axes – all combinations or a sample of the space – and cases written one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from scipy.stats import qmc

from model.explore.journal import Pair
from model.explore.study_file import StudyFile, Variant, number, variants
from model.problems import Problems
from model.scenario.parsing import known_keys, parse_changes, parse_locks, parse_title
from model.scenario.records import Spot

GRID, HYPERCUBE, SOBOL = "grid", "latin_hypercube", "sobol"
DESIGNS = (GRID, HYPERCUBE, SOBOL)
AXIS_KEYS = ("name", "title", "unit", "values", "low", "high", "table", "where", "set", "scale", "site", "technology")
MOST = 100_000  # cases beyond this are a slip


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
    design = study.document.content.get("design", GRID)
    if design not in DESIGNS:
        study.document.spot("design").add(problems, "scenario_choice", design, choices=", ".join(DESIGNS))
    places = _grid(axes, problems) if design == GRID else _sample(study, axes, str(design), problems)
    found = [Point(_variant(axes, place, problems), place) for place in places if not problems.errors]
    return axes, [*found, *(Point(variant, {}) for variant, _ in variants(study, "case", problems))]


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
    values = known.get("values", [])
    if not isinstance(values, list):
        spot.at("values").add(problems, "scenario_array", "values")
        return None
    title = parse_title(known.get("title", {}), spot.at("title"), problems)
    numbers = tuple(number(value, spot.at("values"), problems) for value in values)
    low, high = (number(known[end], spot.at(end), problems) if end in known else math.nan for end in ("low", "high"))
    return Axis(name, (title.get("zh", name), title.get("en", name)), str(known.get("unit", "")), numbers, low, high, known, spot)


def _grid(axes: list[Axis], problems: Problems) -> list[dict[str, float]]:
    """All combinations, the last axis moving fastest."""
    for axis in axes:
        if not axis.values:
            axis.spot.at("values").add(problems, "scenario_array", "values")
    if not axes or math.prod(len(axis.values) for axis in axes) > MOST:
        return []
    names = [axis.name for axis in axes]
    return [dict(zip(names, values, strict=True)) for values in product(*(axis.values for axis in axes))]


def _sample(study: StudyFile, axes: list[Axis], design: str, problems: Problems) -> list[dict[str, float]]:
    """``count`` places between low and high of every axis, the same for the same ``seed`` (scipy.stats.qmc)."""
    count = int(study.number("count", 16, problems, 1, MOST))
    seed = int(study.number("seed", 0, problems, 0, 2**31 - 1))
    for axis in axes:
        if not axis.low < axis.high:
            axis.spot.at("low").add(problems, "scenario_range", axis.low, low="–", high=axis.high)
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
