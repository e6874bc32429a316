"""The page of the language of scenario and study files: every key that the readers know, with what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from model import words
from model.explore import alternatives, frontier, outages, regret, sensitivity, study_file, sweep, sweep_axes, switch_map, variance
from model.manual.markdown import filled, table
from model.scenario import loading, parsing

# part of a file → the keys its reader knows
KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "scenario": loading.KEYS, "change": parsing.CHANGE_KEYS, "lock": parsing.LOCK_KEYS, "objective": parsing.OBJECTIVE_KEYS,
    "solver": (*parsing.SOLVER_RANGES, *parsing.SOLVER_CHOICES), "map": parsing.MAP_KEYS,
    "study": study_file.KEYS, "case": study_file.VARIANT_KEYS,
    "sweep": sweep.KEYS, "axis": sweep_axes.AXIS_KEYS, "sweep_map": switch_map.KEYS, "outages": outages.KEYS, "frontier": frontier.KEYS,
    "regret": regret.KEYS, "alternatives": alternatives.KEYS, "sensitivity": sensitivity.KEYS, "variance": variance.KEYS,
    "input": sensitivity.INPUT_KEYS,
})


def scenarios(language: str) -> str:
    """The page in ``language`` ("zh" or "en") as Markdown."""
    head = [words.text(f"manual.head_{part}", language) for part in ("key", "meaning")]
    parts = {part: table(head, ([f"`{key}`", words.text(f"keys.{part}.{key}", language)] for key in keys)) for part, keys in KEYS.items()}
    return filled("scenarios", language, {**parts, "states": _states(head, language)})


def _states(head: list[str], language: str) -> str:
    """What each state of a lock means."""
    return table(head, ([f"`{state}`", words.text(f"keys.state.{state}", language)] for state in parsing.STATES))
