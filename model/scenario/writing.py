"""The resolved scenario as TOML: no base left, every part and every changed value with its origin."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from model import words
from model.reading.gate import shown
from model.scenario.records import Cell, Change, Changes, Lock, Scenario, Spot, ValueChange


def resolved_toml(scenario: Scenario, changes: Changes) -> str:
    """The scenario as one TOML text that ``load`` reads back to the same meaning; origins and changed values are comments."""
    lines = [f"# {words.text('scenario.resolved', language)}" for language in words.LANGUAGES]
    lines.append(f"# {' <- '.join(reversed(scenario.chain))}")
    if scenario.data:
        lines.append(f"data = {_string(scenario.data)}{_origin(scenario, 'data')}")
    if scenario.clauses:
        lines.append(f"clauses = [{', '.join(map(_string, scenario.clauses))}]{_origin(scenario, 'clauses')}")
    if scenario.sections:
        lines.append(f"sections = [{', '.join(map(_string, scenario.sections))}]{_origin(scenario, 'sections')}")
    for name, texts in (("title", scenario.title), ("question", scenario.question)):
        lines += _section(scenario, name, texts)
    if "objective" in scenario.origins:
        weights = ", ".join(f"{_key(name)} = {_value(weight)}" for name, weight in scenario.objective.items())
        lines += ["", "[objective]", f"weights = {{{weights}}}{_origin(scenario, 'objective')}"]
    lines += _section(scenario, "solver", scenario.solver)
    for change in scenario.changes:
        lines += ["", "[[change]]", *_change(change)]
    for lock in scenario.locks:
        lines += ["", "[[lock]]", *_lock(lock)]
    if changes:
        lines += ["", *(f"# {words.text('scenario.changed', language)}" for language in words.LANGUAGES)]
        lines += [_changed(change) for change in changes]
    return "\n".join(lines) + "\n"


def _section(scenario: Scenario, name: str, values: Mapping[str, Cell]) -> list[str]:
    if not values:
        return []
    return ["", f"[{name}]", *(f"{key} = {_value(value)}{_origin(scenario, f'{name}.{key}')}" for key, value in values.items())]


def _origin(scenario: Scenario, key: str) -> str:
    spot = scenario.origins.get(key)
    return f"  # {_place(spot)}" if spot else ""


def _place(spot: Spot) -> str:
    return _comment(f"{spot.file}:{spot.row}")


def _change(change: Change) -> list[str]:
    lines = [f"table = {_string(change.table)}  # {_place(change.spot)}"]
    if change.where:
        conditions = [f"{_key(name)} = [{', '.join(map(_value, cells))}]" for name, cells in change.where.items()]
        lines.append(f"where = {{{', '.join(conditions)}}}")
    cells = ", ".join(f"{_key(name)} = {_value(value)}" for name, value in change.values.items())
    lines.append("remove = true" if change.action == "remove" else f"{change.action} = {{{cells}}}")
    return lines


def _lock(lock: Lock) -> list[str]:
    lines = [f"site = {_string(lock.site)}  # {_place(lock.spot)}"]
    lines += [f"technology = {_string(lock.technology)}", f"state = {_string(lock.state)}"]
    return lines if lock.size is None else [*lines, f"size = {_value(lock.size)}"]


def _changed(change: ValueChange) -> str:
    old, new = (shown(cell) if isinstance(cell, float) else cell for cell in (change.old, change.new))
    parts = (change.table, change.key, change.column, f"{old} -> {new}", f"{change.action} {_place(change.spot)}", change.origin)
    return f"# {_comment(' | '.join(parts))}"


def _comment(text: str) -> str:
    """``text`` on one line, as TOML demands of comments."""
    return "".join(character if character.isprintable() else " " for character in text)


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").isalnum() else _string(name)


def _value(value: Cell) -> str:
    """A TOML value; a blank number is written like a blank cell."""
    if isinstance(value, str):
        return _string(value)
    return '""' if math.isnan(value) else repr(value)


def _string(text: str) -> str:
    """A basic TOML string; JSON's escapes are among TOML's, only DEL must be added."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
