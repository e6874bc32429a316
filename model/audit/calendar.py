"""Time as the rules R1–R4 read it: periods, stages, branches, weights and which table row is in force when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model.audit.program import Key, number
from model.tables import Tables

Row = dict[str, Any]
EVERY = "*"


@dataclass(frozen=True)
class Period:
    """One slice of a year in one branch; ``weight`` is weight × probability (R4), ``previous`` cyclic (R9, R10)."""

    name: str
    stage: str
    branch: str
    length: float
    weight: float
    probability: float
    previous: str
    first: bool


class Calendar:
    """Periods in their order, stages in the order of their first period."""

    def __init__(self, core: Tables) -> None:
        rows = _ordered(core)
        chains: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            chains.setdefault((row["stage"], row["branch"]), []).append(row["period"])
        self.periods = tuple(_period(row, chains[row["stage"], row["branch"]]) for row in rows)
        self.by_name = {period.name: period for period in self.periods}
        self.stages = tuple(dict.fromkeys(period.stage for period in self.periods))
        self.branches = tuple(chains)

    def of_stage(self, stage: str) -> list[Period]:
        """The periods of ``stage``, all branches."""
        return [period for period in self.periods if period.stage == stage]

    def stage_weight(self, stage: str) -> float:
        """R4: Σ weight × probability × length of the stage's periods, the weight of a yearly charge."""
        return sum(period.weight * period.length for period in self.of_stage(stage))

    def since(self, stage: str) -> tuple[str, ...]:
        """``stage`` and every later one."""
        return self.stages[self.stages.index(stage) :]

    def remaining_weight(self, stage: str) -> float:
        """R5: weight of a charge that runs from ``stage`` to the horizon."""
        return sum(self.stage_weight(later) for later in self.since(stage))

    def in_force(self, core: Tables, table: str, key: Key) -> Iterator[tuple[Key, Period, Row, float]]:
        """Ids, period, row in force and share of its amounts that falls into the period.

        R2: a named period's row goes before a stage's, that before ``*``, as a whole. R1: amounts of the latter two are
        per year, so the share is the length of the period; those of a named period's row are of that period.
        """
        by_ids: dict[Key, dict[str, Row]] = {}
        for row in records(core, table):
            by_ids.setdefault(tuple(row[name] for name in key), {})[row["period"]] = row
        for ids, rows in by_ids.items():
            for period in self.periods:
                found = rows.get(period.name) or rows.get(period.stage) or rows.get(EVERY)
                if found is not None:
                    yield ids, period, found, 1.0 if period.name in rows else period.length

    def covers(self, cell: str, period: Period) -> bool:
        """Whether the cell of a column ``period`` (``*``, a stage or a period) means ``period``."""
        return cell in (EVERY, period.stage, period.name)


def records(core: Tables, table: str) -> list[Row]:
    """The rows of a core table, none where it is absent."""
    if table not in core:
        return []
    frame = core[table]
    cells = (frame[column].to_numpy(dtype=object).tolist() for column in frame.columns)
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*cells, strict=True)]


def _ordered(core: Tables) -> list[Row]:
    """R3, R16: rows of ``periods`` sorted by order, equal ones as they stand; without the table one period ``all``."""
    if "periods" not in core:
        return [{"period": "all", "stage": "all", "branch": "all", "length": 1.0, "weight": 1.0, "probability": 1.0}]
    rows = records(core, "periods")
    for position, row in enumerate(rows, start=1):
        row["stage"], row["branch"] = row["stage"] or row["period"], row["branch"] or "all"
        row["order"] = number(row, "order", position)
    return sorted(rows, key=lambda row: float(row["order"]))


def _period(row: Row, chain: list[str]) -> Period:
    place = chain.index(row["period"])
    length, weight, probability = (number(row, name, 1.0) for name in ("length", "weight", "probability"))
    return Period(row["period"], row["stage"], row["branch"], length, weight * probability, probability, chain[place - 1], place == 0)
