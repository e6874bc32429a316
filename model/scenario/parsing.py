"""The parts of a scenario file: each key known, each value of the right type and through the same gate as a file's cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.problems import Problems
from model.reading.columns import parsed
from model.reading.gate import Place
from model.reading.nearest import nearest
from model.scenario.records import COST, Action, Cell, Change, Lock, MapSetting, Spot, State
from model.schema import ALL_TABLES, Column

LANGUAGES: Final = ("zh", "en")
ACTIONS: Final[tuple[Action, ...]] = ("set", "scale", "add", "remove")
STATES: Final[tuple[State, ...]] = ("required", "excluded", "fixed")
CHANGE_KEYS: Final = ("table", "where", *ACTIONS)
LOCK_KEYS: Final = ("site", "park", "technology", "state", "size")
OBJECTIVE_KEYS: Final = ("sense", "weights")
SOLVER_RANGES: Final = {  # option: lowest, highest, whole number
    "mip_gap": (0.0, 1.0, False), "time_limit": (1e-3, 1e7, False),
    "threads": (1, 1024, True), "random_seed": (0, 2**31 - 1, True),
}
SOLVER_CHOICES: Final = {"solver": ("choose", "simplex", "ipx"), "build": ("arrays", "plain")}
MAP_KEYS: Final = ("boundary", "crs", "number", "notice")


def known_keys(content: object, keys: Sequence[str], spot: Spot, problems: Problems) -> Mapping[str, Any]:
    """``content`` as a table; keys that are not among ``keys`` are reported with the nearest one."""
    if not isinstance(content, Mapping):
        spot.add(problems, "scenario_table", content)
        return {}
    for key in content:
        if key not in keys:
            spot.at(key).add(problems, "scenario_key", key, nearest(key, keys), known=", ".join(keys))
    return {key: value for key, value in content.items() if key in keys}


def parse_title(content: object, spot: Spot, problems: Problems) -> dict[str, str]:
    """Titles by language; a plain text is the title in both."""
    if isinstance(content, str):
        return dict.fromkeys(LANGUAGES, content)
    titles = known_keys(content, LANGUAGES, spot, problems)
    for key, value in titles.items():
        if not isinstance(value, str):
            spot.at(key).add(problems, "scenario_text", value)
    return {key: value for key, value in titles.items() if isinstance(value, str)}


def parse_map(content: object, spot: Spot, folder: Path, problems: Problems) -> MapSetting:
    """The setting of the map; a path is taken from ``folder``, that of the scenario file. The layer itself is not opened here."""
    given = known_keys(content, MAP_KEYS, spot, problems)
    texts = {}
    for key in ("boundary", "crs", "number"):
        texts[key] = given.get(key, "")
        if not isinstance(texts[key], str) or not texts[key].isprintable():
            spot.at(key).add(problems, "scenario_text", texts[key])
            texts[key] = ""
    notice = parse_title(given.get("notice", {}), spot.at("notice"), problems)
    path = str((folder / texts["boundary"]).resolve()) if texts["boundary"] else ""
    return MapSetting(path, texts["crs"].strip(), texts["number"].strip(), notice, spot)


def parse_names(content: object, spot: Spot, problems: Problems) -> tuple[str, ...]:
    """A list of texts: the clauses that a scenario is about, the sections that its report carries."""
    if not isinstance(content, list) or not all(isinstance(name, str) and name for name in content):
        spot.add(problems, "scenario_names", content)
        return ()
    return tuple(content)


def parse_objective(content: object, spot: Spot, problems: Problems) -> dict[str, float]:
    """Weights of cost and indicators: ``sense = "cost"`` alone, or ``weights = {cost = …, <indicator> = …}``."""
    parts = known_keys(content, OBJECTIVE_KEYS, spot, problems)
    if "sense" in parts and parts["sense"] != COST:
        spot.at("sense").add(problems, "scenario_choice", parts["sense"], nearest(str(parts["sense"]), [COST]), choices=COST)
    if "weights" not in parts:
        return {COST: 1.0}
    if "sense" in parts:
        spot.add(problems, "scenario_both", "sense, weights")
    weights = parts["weights"]
    if not isinstance(weights, Mapping) or not weights:
        spot.at("weights").add(problems, "scenario_table", weights)
        return {COST: 1.0}
    return {name: _finite(value, spot.at(f"weights.{name}"), problems) for name, value in weights.items()}


def parse_solver(content: object, spot: Spot, problems: Problems) -> dict[str, Cell]:
    """Options of the build and the solver that a scenario may set."""
    options = known_keys(content, (*SOLVER_RANGES, *SOLVER_CHOICES), spot, problems)
    result: dict[str, Cell] = {}
    for key, value in options.items():
        if key in SOLVER_CHOICES:
            choices = SOLVER_CHOICES[key]
            if value not in choices:
                spot.at(key).add(problems, "scenario_choice", value, nearest(str(value), choices), choices=", ".join(choices))
            result[key] = str(value)
            continue
        low, high, whole = SOLVER_RANGES[key]
        number = _finite(value, spot.at(key), problems)
        if not low <= number <= high:
            spot.at(key).add(problems, "scenario_range", value, low=f"{low:g}", high=f"{high:,.0f}" if whole else f"{high:g}")
        elif whole and number != int(number):
            spot.at(key).add(problems, "scenario_whole", value)
        result[key] = int(number) if whole else number
    return result


def _finite(value: object, spot: Spot, problems: Problems) -> float:
    """``value`` as a finite number; 1.0 (reported) where it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e12:  # false for NaN
        return float(value)
    spot.add(problems, "scenario_number", value)
    return 1.0


def parse_locks(items: Sequence[Mapping[str, Any]], spots: Sequence[Spot], problems: Problems) -> tuple[Lock, ...]:
    """The ``[[lock]]`` tables of one file; two for the same site and technology contradict each other."""
    locks: dict[tuple[str, str], Lock] = {}
    for item, spot in zip(items, spots, strict=True):
        lock = _lock(known_keys(item, LOCK_KEYS, spot, problems), spot, problems)
        if lock is None:
            continue
        earlier = locks.setdefault((lock.site, lock.technology), lock)
        if earlier is not lock:
            spot.add(problems, "lock_conflict", f"{lock.site}, {lock.technology}", other=earlier.spot.path, state=earlier.state)
    return tuple(locks.values())


def _lock(item: Mapping[str, Any], spot: Spot, problems: Problems) -> Lock | None:
    names = [item[key] for key in ("site", "park") if key in item]
    if len(names) != 1 or not isinstance(names[0], str) or not names[0].strip():
        spot.add(problems, "lock_site", names[0] if names else "")
        return None
    technology, size = item.get("technology", "*"), item.get("size")
    state: State | None = next((state for state in STATES if state == item.get("state")), None)
    if not isinstance(technology, str):
        spot.at("technology").add(problems, "scenario_text", technology)
        return None
    amount = _finite(size, spot.at("size"), problems) if size is not None else None
    if amount is not None and amount < 0:
        spot.at("size").add(problems, "lock_size_negative", size)
    if state is None:
        stated = item.get("state", "")
        spot.at("state").add(problems, "scenario_choice", stated, nearest(str(stated), STATES), choices=", ".join(STATES))
        state = "excluded"  # the run stops; its site and technology are still looked up
    elif (amount is None or amount >= 0) and not {"fixed": size is not None, "excluded": size is None, "required": amount != 0}[state]:
        spot.at("size").add(problems, "lock_size", "" if size is None else size, state=state)
    return Lock(names[0].strip(), technology, state, amount, spot)


def parse_changes(items: Sequence[Mapping[str, Any]], spots: Sequence[Spot], problems: Problems) -> tuple[Change, ...]:
    """The ``[[change]]`` tables of one file; ``add`` with several rows becomes several changes."""
    changes: list[Change] = []
    for item, spot in zip(items, spots, strict=True):
        keys = known_keys(item, CHANGE_KEYS, spot, problems)
        table = str(keys.get("table", ""))
        if table not in ALL_TABLES:
            spot.at("table").add(problems, "scenario_unknown_table", table, nearest(table, ALL_TABLES))
            continue
        changes.extend(_changes(table, keys, spot, problems))
    return tuple(changes)


def _changes(table: str, keys: Mapping[str, Any], spot: Spot, problems: Problems) -> list[Change]:
    actions = [action for action in ACTIONS if action in keys]
    if actions == ["add"]:
        return _additions(table, keys, spot, problems)
    before, where = len(problems.errors), _where(table, keys.get("where", {}), spot, problems)
    if len(actions) != 1 or keys.get("remove", True) is not True:
        spot.add(problems, "change_action", ", ".join(actions))
        return [Change(table, "set", where, {}, spot, refused=True)]
    action = actions[0]
    values = {} if action == "remove" else _values(table, action, keys[action], spot, problems)
    refused = len(problems.errors) > before
    return [Change(table, "set" if refused else action, where, {} if refused else values, spot, refused)]


def _additions(table: str, keys: Mapping[str, Any], spot: Spot, problems: Problems) -> list[Change]:
    """New rows; whoever wants to add to a number of rows that exist is told how."""
    rows = keys["add"] if isinstance(keys["add"], list) else [keys["add"]]
    if "where" in keys:
        columns = next((", ".join(map(str, row)) for row in rows if isinstance(row, Mapping)), "")
        spot.at("where").add(problems, "add_with_where", columns)
        return [Change(table, "set", _where(table, keys["where"], spot, problems), {}, spot, refused=True)]
    found = []
    for row in rows:
        before = len(problems.errors)
        values = _row(table, row, spot.at("add"), problems)
        found.append(Change(table, "add", {}, values, spot, len(problems.errors) > before))
    return found


def _where(table: str, where: object, spot: Spot, problems: Problems) -> dict[str, tuple[Cell, ...]]:
    """The cells that pick rows; a column whose cells were reported picks nothing more."""
    found = {}
    for name, value in known_keys(where, tuple(ALL_TABLES[table].by_name), spot.at("where"), problems).items():
        before = len(problems.errors)
        cells = _cells(table, name, value if isinstance(value, list) else [value], spot.at(f"where.{name}"), problems)
        if len(problems.errors) == before:
            found[name] = cells
    return found


def _values(table: str, action: Action, body: object, spot: Spot, problems: Problems) -> dict[str, Cell]:
    given = known_keys(body, tuple(ALL_TABLES[table].by_name), spot.at(action), problems)
    if isinstance(body, Mapping) and not body:
        spot.at(action).add(problems, "scenario_table", "")
    return {name: _value(table, name, value, action, spot.at(f"{action}.{name}"), problems) for name, value in given.items()}


def _value(table: str, name: str, value: object, action: Action, spot: Spot, problems: Problems) -> Cell:
    """A new cell, or for ``scale`` the factor of a number column."""
    if action == "set":
        return _cells(table, name, [value], spot, problems)[0]
    if ALL_TABLES[table].by_name[name].kind != "number":
        spot.add(problems, "scale_text", name)
    return _finite(value, spot, problems)


def _row(table: str, row: object, spot: Spot, problems: Problems) -> dict[str, Cell]:
    """A new row: known columns, required ones present."""
    spec = ALL_TABLES[table]
    given = known_keys(row, tuple(spec.by_name), spot, problems)
    missing = [column.name for column in spec.columns if column.required and column.name not in given]
    named = [name for name in spec.key if spec.by_name[name].required]
    if given and named and not set(named) & set(given):  # not a row at all: numbers meant for rows that exist
        spot.add(problems, "add_incomplete", ", ".join(given), missing=", ".join(missing), where=", ".join(named))
        missing = []
    for name in missing:
        spot.at(name).add(problems, "missing_column", name)
    return {name: _cells(table, name, [value], spot.at(name), problems)[0] for name, value in given.items()}


def _cells(table: str, name: str, values: Sequence[object], spot: Spot, problems: Problems) -> tuple[Cell, ...]:
    """TOML values as cells of a column, checked like the cells of a file; "" is a blank cell."""
    column: Column = ALL_TABLES[table].by_name[name]
    place = Place(spot.path, [spot.file] * len(values), [spot.row] * len(values))
    cells = parsed(column, [_written(value) for value in values], place, problems)
    return tuple(float(cell) if isinstance(cell, float | np.floating) else str(cell) for cell in cells)


def _written(value: object) -> str:
    """A TOML value as it would stand in a cell."""
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
