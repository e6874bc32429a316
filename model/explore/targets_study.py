"""The study of targets as a command: a plan, what each of its targets misses and what would close the gap, in words and as facts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from model import pipeline, words
from model.explore import targets
from model.explore.labels import Labels
from model.explore.numbers_said import said_change, said_number
from model.explore.time_words import TimeWords
from model.objective import unit_of
from model.pipeline import Progress, Run
from model.scenario import Scenario
from model.words.lookup import known

Names = dict[tuple[str, str], str]  # (family, first id) → name


@dataclass(frozen=True)
class Study:
    """``table`` and ``moves`` as ``targets.find`` gives them; ``indicators``: name and unit of each, ``names`` of
    what moves, by language; ``times``: what each group is called in both. ``money``: unit of the objective."""

    table: pd.DataFrame
    moves: pd.DataFrame
    indicators: dict[str, dict[str, tuple[str, str]]]
    names: dict[str, Names]
    times: dict[str, tuple[str, str]]
    money: str


def study(scenario: Scenario, data: Path, progress: Progress) -> Study:
    """Solve ``scenario`` and search what every target misses. Raises ``Refusal`` as a solve does."""
    return found(pipeline.run(scenario, data, progress), progress)


def found(run: Run, progress: Progress) -> Study:
    """What every target of a solved run misses."""
    progress("targets")
    table, moves = targets.find(run.results.case, run.program)
    indicators = run.results.case.labels["indicators"]
    named = {
        language: {row["indicator"]: (row[f"name_{language}"] or row["indicator"], row["unit"]) for row in indicators.to_dict("records")}
        for language in words.LANGUAGES
    }
    labels = Labels(run)
    pairs = {(family, name): _name(labels, run.prepared.core, family, name) for family, name in zip(moves["family"], moves["name"], strict=True)}
    names = {language: {key: pair[place] for key, pair in pairs.items()} for place, language in enumerate(words.LANGUAGES)}
    called = TimeWords(run.prepared.tables, run.results.case.calendar)
    times = {str(group): called(str(group)) for group in table["group"]}
    return Study(table, moves, named, names, times, unit_of(run.prepared.scenario.objective, run.prepared.core, run.prepared.tables))


def _name(labels: Labels, core: Mapping[str, pd.DataFrame], family: str, name: str) -> tuple[str, str]:
    """Name of what a family of columns moves: a technology, a commodity, else its id."""
    if family == "activity":
        return labels.technology(name)
    goods = core.get("commodities")
    found = goods[goods["commodity"] == name] if goods is not None else pd.DataFrame()
    if found.empty:
        return name, name
    return found["name_zh"].iloc[0] or name, found["name_en"].iloc[0] or name


def lines(found: Study, language: str) -> list[str]:
    """One sentence per target: what it reaches, what is missing, what closing the gap costs and what would move."""
    if found.table.empty:
        return [words.text("targets.none", language)]
    return [_line(found, row, language) for row in _records(found.table)]


def _line(found: Study, row: Mapping[str, Any], language: str) -> str:
    name, unit = found.indicators[language][row["indicator"]]
    group = found.times[row["group"]][words.LANGUAGES.index(language)]
    mine = found.moves[(found.moves["indicator"] == row["indicator"]) & (found.moves["group"] == row["group"])]
    changes = [
        f"{found.names[language][move['family'], move['name']]} {said_change(move['contribution'])}" for move in mine.to_dict("records")
    ]
    numbers = {
        "value": row["value"], "target": row["target"], "missed": row["missed_by"], "reachable": row["reachable"], "last": row["last_cost"],
    }
    share = "–" if row["share"] is None else f"{targets.whole_percent(row['share'], row['side'])}%"
    extra = f"{said_number(math.nan if row['extra_cost'] is None else row['extra_cost'])} {_unit(found.money, 'progress', language)}".rstrip()
    return words.text(
        f"targets.{row['finding']}", language, name=name, group=group, share=share,
        unit=_unit(unit, "compare", language), moves=words.text("targets.between", language).join(changes) or words.text("targets.nothing", language),
        extra=extra,
        **{key: said_number(math.nan if number is None else number) for key, number in numbers.items()},
    )


def _unit(unit: str, topic: str, language: str) -> str:
    """A unit in words where there are any."""
    return known(f"{topic}.unit_{unit.replace(' ', '_')}", unit)[words.LANGUAGES.index(language)]


def facts(found: Study) -> dict[str, Any]:
    """The study for JSON; numbers that do not apply are null."""
    zh, en = (found.indicators[language] for language in words.LANGUAGES)
    names = {name: {"zh": zh[name][0], "en": en[name][0], "unit": zh[name][1]} for name in dict.fromkeys(found.table["indicator"])}
    return {"money": found.money, "names": names, "times": found.times, "targets": _records(found.table), "moves": _records(found.moves)}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): None if value != value else value for key, value in row.items()} for row in table.to_dict("records")]
