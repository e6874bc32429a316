"""What became of every clause of the policy documents in one plan: the scoreboard, from the clauses table and the results."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.pipeline import Planned
from model.schema import ALL_TABLES
from model.schema.policy import NOT_MODELLED
from model.schema.spec import listed
from model.tables import Tables, blank

SWITCHES = ("in_use", "in_force")  # columns that say whether a row of a convenience table takes part
ALWAYS = ("objective", "report")  # treatments that every scenario has, whatever is switched off
TOLERANCE = 1e-6  # share of a bound (at least of 1) by which a value may be off and still meet it
CLAUSE_TEXTS = ("clause", "document", "section", "treatment", "text_zh", "text_en", "status", "unit", "indicator", "group", "reason_zh", "reason_en")
CARRIER_TEXTS = ("clause", "carrier", "name_zh", "name_en", "state", "group", "unit")
CARRIER_NUMBERS = ("value", "min", "max", "missed_by")
Row = dict[str, Any]


@dataclass(frozen=True)
class Scoreboard:
    """The clauses and their carriers in one plan.

    ``clauses``: one row per clause; status is ``met`` or ``missed`` where an indicator with a bound carries it (missed_by
    in unit, of the worst indicator and group), else ``carried`` (it takes part in the plan, and names no figure), ``elsewhere``
    (what carries it is switched off here: other scenarios show it) or ``not_modelled`` (with the reason).
    ``carriers``: one row per carrier and group of an indicator; state is ``met``, ``missed``, ``value`` (no bound), ``on``,
    ``off`` or, for a section of the report, ``shown``; value of a table: rows that take part, of an option: its size.
    """

    clauses: pd.DataFrame
    carriers: pd.DataFrame


def scoreboard(run: Planned) -> Scoreboard:
    """The scoreboard of a run; empty where the dataset has no table ``clauses``."""
    table = run.prepared.tables.get("clauses")
    clauses = blank(CLAUSE_TEXTS, ("missed_by",))
    carriers = blank(CARRIER_TEXTS, CARRIER_NUMBERS)
    if table is None or not len(table):
        return Scoreboard(clauses, carriers)
    evidence = _Evidence(run)
    scored: list[Row] = []
    found: list[Row] = []
    for record in table.to_dict("records"):
        row: Row = {str(name): value for name, value in record.items()}
        about = {"clause": row["clause"]}
        mine = [state | about | {"carrier": name} for name in listed(row["carried_by"]) for state in evidence.of(name, row["clause"])]
        found += mine
        scored.append(row | _verdict(row["treatment"], mine))
    # as columns of their own types even where no clause has a carrier
    return Scoreboard(pd.DataFrame(scored)[list(clauses)], pd.DataFrame(found, columns=list(carriers)))


def _verdict(treatment: str, carriers: list[Row]) -> Row:
    """status, missed_by, unit, indicator and group of a clause from the states of its carriers."""
    states = {row["state"] for row in carriers}
    plain = {"status": "carried", "missed_by": math.nan, "unit": "", "indicator": "", "group": ""}
    if treatment == NOT_MODELLED:
        return plain | {"status": NOT_MODELLED}
    if "missed" in states:
        worst = max((row for row in carriers if row["state"] == "missed"), key=_share)
        named = {"unit": worst["unit"], "indicator": worst["carrier"].partition(":")[2], "group": worst["group"]}
        return plain | {"status": "missed", "missed_by": worst["missed_by"], **named}
    if "met" in states:
        return plain | {"status": "met"}
    idle = treatment not in ALWAYS and "off" in states and "on" not in states
    return plain | {"status": "elsewhere" if idle else "carried"}


def _share(row: Row) -> float:
    """What is missed as a share of the bound."""
    bound = row["min"] if row["value"] < row["min"] else row["max"]
    return float(row["missed_by"] / max(abs(bound), TOLERANCE))


class _Evidence:
    """What a run says of each kind of carrier."""

    def __init__(self, run: Planned) -> None:
        self._tables: Tables = run.prepared.tables
        self._scenarios = {Path(name).stem for name in run.prepared.scenario.chain}
        self._indicators = _judged(run)
        self._options = run.prepared.core.get("options")
        self._sizes = run.results.values["size"].groupby("option")["value"].sum()

    def of(self, carrier: str, clause: str) -> list[Row]:
        """Name, state, group and numbers of a carrier; several rows for an indicator with several groups."""
        kind, _, name = carrier.partition(":")
        if kind == "indicator":
            return self._indicator(name)
        if kind == "option":
            return [self._option(name)]
        if kind == "table":
            return [self._table(name, clause)]
        if kind == "scenario":
            return [_row("on" if name in self._scenarios else "off")]
        return [_row("shown")]

    def _indicator(self, name: str) -> list[Row]:
        chosen = self._indicators[_named(self._indicators["indicator"], name)]
        return [{str(key): value for key, value in row.items() if key != "indicator"} for row in chosen.to_dict("records")] or [_row("off")]

    def _option(self, name: str) -> Row:
        """On where a matching option has room; its value is the size of all of them."""
        if self._options is None:
            return _row("off")
        chosen = self._options[_named(self._options["option"], name)]
        room = (chosen["max_size"].isna() | (chosen["max_size"] > 0)) & (chosen["forced"] != 0)
        size = float(self._sizes.reindex(chosen["option"].unique()).fillna(0.0).sum())
        return _row("on" if room.any() else "off", value=size)

    def _table(self, name: str, clause: str) -> Row:
        """On where rows of the clause – of the whole table where none names it – take part; its value is their number."""
        spec, table = ALL_TABLES[name], self._tables.get(name)
        rows = pd.DataFrame() if table is None else table
        if "clause" in rows and (rows["clause"] == clause).any():
            rows = rows[rows["clause"] == clause]
        switches = [column for column in SWITCHES if column in rows]
        count = int((rows[switches] > 0).any(axis=1).sum()) if switches else len(rows)
        return _row("on" if count else "off", value=float(count)) | {"name_zh": spec.zh, "name_en": spec.en}


def _row(state: str, value: float = math.nan) -> Row:
    texts = dict.fromkeys(CARRIER_TEXTS, "")
    numbers = dict.fromkeys(CARRIER_NUMBERS, math.nan)
    return {**texts, **numbers, "state": state, "value": value}


def _named(ids: pd.Series, name: str) -> pd.Series:
    """Which ids a carrier means; a name may end in ``*``."""
    return ids.str.startswith(name[:-1]) if name.endswith("*") else ids == name


def _judged(run: Planned) -> pd.DataFrame:
    """Every indicator and group with its bounds, its state and what it misses."""
    labels = run.results.case.labels["indicators"][["indicator", "name_zh", "name_en", "unit"]]
    table = run.results.indicators.merge(labels, on="indicator")
    missed = np.fmax(np.fmax(table["min"] - table["value"], table["value"] - table["max"]), 0.0)
    allowed = TOLERANCE * np.fmax(np.fmax(table["min"].abs(), table["max"].abs()), 1.0)
    bounded = table["value"].notna() & (table["min"].notna() | table["max"].notna())
    table["missed_by"] = np.where(bounded, np.where(missed > allowed, missed, 0.0), math.nan)
    table["state"] = np.where(~bounded, "value", np.where(table["missed_by"] > 0, "missed", "met"))
    return pd.DataFrame(table[["indicator", "name_zh", "name_en", "state", "group", "unit", *CARRIER_NUMBERS]])
