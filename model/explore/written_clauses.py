"""The scoreboard of the clauses as a run folder holds it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from model import words
from model.explore import written_files
from model.explore.clauses import CARRIER_NUMBERS, CARRIER_TEXTS, CLAUSE_TEXTS, Scoreboard
from model.explore.numbers_said import digits
from model.explore.run_records import read_table
from model.words.lookup import unit_words

STATUSES = ("met", "missed", "carried", "elsewhere", "not_modelled")
ORDER = ("missed", "met", "carried", "elsewhere", "not_modelled")  # in which the clauses are told
WHOLE = ("missed",)  # told with all that carries them unless other statuses are asked for


def read_scoreboard(folder: Path) -> Scoreboard:
    """The scoreboard written with a run; raises ``Refusal`` (exit 6) where ``folder`` holds none or a damaged one."""
    written_files.held(folder, "tables/clause")
    return Scoreboard(
        read_table(folder / "tables" / "clauses.csv", CLAUSE_TEXTS, ("missed_by",)),
        read_table(folder / "tables" / "clause_carriers.csv", CARRIER_TEXTS, CARRIER_NUMBERS),
    )


def lines(scoreboard: Scoreboard, language: str, chosen: Sequence[str] = ()) -> list[str]:
    """The scoreboard in words: a count by status, then the clauses, the missed ones first.

    Of ``chosen`` statuses (none: of the missed ones) with all that carries a clause; with none chosen the others follow in a
    line each, and the reason where nothing carries them.
    """
    if not len(scoreboard.clauses):
        return [words.text("clauses.none", language)]
    counts = scoreboard.clauses["status"].value_counts()
    told = [f"{words.text(f'clauses.count_{status}', language)} {counts[status]}" for status in STATUSES if status in counts]
    said = [words.text("clauses.head", language, count=len(scoreboard.clauses), counts=" · ".join(told))]
    carriers = {str(clause): rows for clause, rows in scoreboard.carriers.groupby("clause", sort=False)}
    for status in ORDER:
        if not chosen or status in chosen:
            rows = scoreboard.clauses[scoreboard.clauses["status"] == status].to_dict("records")
            whole = status in (chosen or WHOLE)
            said += [line for row in rows for line in _clause(row, carriers.get(str(row["clause"])) if whole else None, language)]
    return said if chosen else [*said, words.text("clauses.more", language, statuses=", ".join(STATUSES))]


def _clause(row: dict[Any, Any], carriers: pd.DataFrame | None, language: str) -> list[str]:
    """One clause, under it its carriers and the reason why nothing carries it."""
    said = [words.text("clauses.clause", language, clause=row["clause"], status=_status(row, language), text=row[f"text_{language}"])]
    said += [_carrier(carrier, language) for carrier in ([] if carriers is None else carriers.to_dict("records"))]
    return [*said, words.text("clauses.reason", language, reason=row[f"reason_{language}"])] if row[f"reason_{language}"] else said


def _status(row: dict[Any, Any], language: str) -> str:
    facts = {"amount": _number(row["missed_by"]), "unit": _unit(row["unit"], language)}
    return words.text(f"clauses.status_{row['status']}", language, **facts).rstrip()


def _carrier(row: dict[Any, Any], language: str) -> str:
    kind, _, name = str(row["carrier"]).partition(":")
    state = words.text(f"clauses.{kind}_{row['state']}", language, **_figures(row, language)).strip()
    said = f"{name} {row[f'name_{language}']}".strip()
    return words.text("clauses.carrier", language, kind=words.text(f"clauses.kind_{kind}", language), name=said, state=state)


def _figures(row: dict[Any, Any], language: str) -> dict[str, str]:
    """The numbers of a carrier as text; bounds as ``≥ 0.85``."""
    bounds = [f"{mark} {_number(row[side])}" for side, mark in (("min", "≥"), ("max", "≤")) if pd.notna(row[side])]
    value = _number(row["value"]) if pd.notna(row["value"]) else words.text("clauses.no_value", language)
    unit, missed = _unit(row["unit"], language), _number(row["missed_by"])
    return {"group": row["group"], "value": value, "unit": unit, "bounds": ", ".join(bounds), "missed": missed}


def _unit(unit: str, language: str) -> str:
    return unit_words(unit)[words.LANGUAGES.index(language)]


def _number(value: float) -> str:
    """Four digits that count, and never an exponent for large amounts."""
    return digits(value, 4)
