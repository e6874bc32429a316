"""What a study remembers of a plan, what it says, and the tables and numbers it leaves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import xarray as xr

from model import words
from model.explore.journal import SOLVED, Pair, Row
from model.explore.workbench import Planned
from model.names import name_of
from model.objective import unit_of
from model.pipeline import Planned as Solved
from model.words import lookup

PRESENT = 1e-6  # sizes below this are the solver's rounding
SHOWN = 4  # options that a label names


@dataclass(frozen=True)
class Outcome:
    """``sentences``: the answer line by line in both languages; ``facts``: for JSON; ``dataset``: for NetCDF where there is one."""

    sentences: tuple[Pair, ...]
    facts: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    dataset: xr.Dataset | None = field(default=None)


def both(key: str, **facts: object) -> Pair:
    """A sentence in Chinese and English; a fact that is a pair is taken in its language."""
    texts = [
        _single(words.text(key, language, **{name: fact[at] if isinstance(fact, tuple) else fact for name, fact in facts.items()}))
        for at, language in enumerate(words.LANGUAGES)
    ]
    return texts[0], texts[1]


def _single(text: str) -> str:
    """``text`` without the gaps that a unit without a name leaves, its indent apart."""
    indent = len(text) - len(text.lstrip(" "))
    return text[:indent] + " ".join(text.split())


def joined(parts: Iterable[Pair]) -> Pair:
    """Parts of a list in both languages."""
    found = list(parts)
    zh, en = (words.text("studies_common.between", language).join(part[at] for part in found) for at, language in enumerate(words.LANGUAGES))
    return zh, en


def unit_name(unit: str) -> Pair:
    """The unit of an objective in words where there are any."""
    return lookup.known(f"progress.unit_{unit.replace(' ', '_')}", unit)


def snapshot(planned: Planned) -> Row:
    """What is kept of a verified plan: cost, indicators by group, sizes of what is built, and how much is not served."""
    results = planned.results
    indicators = {
        f"{row['indicator']}|{row['group']}": None if math.isnan(row["value"]) else float(row["value"])
        for row in results.indicators.to_dict("records")
    }
    probability = results.case.calendar.periods.set_index("period")["probability"]
    short = results.values["short"]
    missing = (short["value"] * short["period"].map(probability).astype(float)).groupby(short["commodity"]).sum()
    return {
        "cost": float(results.objective), "warm": planned.warm, "indicators": indicators, "built": built(planned),
        "unserved": {str(good): float(amount) for good, amount in missing.items() if amount > PRESENT},
        "residual": max((float(check.residual) for check in results.checks), default=0.0),
    }


def built(planned: Solved) -> dict[str, float]:
    """option|stage → size of what the plan builds or closes; a pure yes/no counts as 1."""
    found: dict[str, float] = {}
    values = planned.results.values
    for row in values["size"].to_dict("records"):
        found[f"{row['option']}|{row['stage']}"] = float(row["value"])
    pure = planned.results.case.columns["open"]
    largest = dict(zip(zip(pure["option"], pure["stage"], strict=True), pure["max_size"], strict=True))
    for row in values["open"].to_dict("records"):
        if largest[row["option"], row["stage"]] == 0:
            found[f"{row['option']}|{row['stage']}"] = float(row["value"])
    return {name: size for name, size in found.items() if abs(size) > PRESENT}


def cost_of(row: Row) -> float:
    """The cost of a row, infinite where there is no plan, NaN where it could not be solved."""
    if row["status"] == SOLVED:
        return float(row["cost"])
    return math.inf if row["status"] == "infeasible" else math.nan


def said_built(sizes: Mapping[str, float], names: Mapping[str, Pair]) -> Pair:
    """What is built, largest first, the rest counted."""
    if not sizes:
        return both("studies_common.nothing_built")
    order = sorted(sizes, key=lambda name: (-abs(sizes[name]), name))
    parts = []
    for name in order[:SHOWN]:
        option, stage = name.rsplit("|", 1)
        parts.append(both("studies_common.size", option=names.get(option, (option, option)), stage=stage, size=sizes[name]))
    more = len(order) - SHOWN
    return joined([*parts, *([both("studies_common.more", count=more)] if more > 0 else [])])


def indicator_name(planned: Planned, key: str) -> Pair:
    """The name of an ``indicator|group`` in both languages."""
    indicator = key.rsplit("|", 1)[0]
    case = planned.results.case
    return name_of(case, "indicator", indicator, "zh"), name_of(case, "indicator", indicator, "en")


def said_failed(row: Row) -> Pair:
    """Why a case has no plan."""
    zh, en = (str(row[f"reason_{language}"])[:200] for language in words.LANGUAGES)
    return both("studies_common.failed", name=(row["name_zh"], row["name_en"]), reason=(zh, en))


def unit_known(planned: Planned) -> str:
    """Unit of the objective of a plan."""
    prepared = planned.prepared
    return unit_of(prepared.scenario.objective, prepared.core, prepared.tables)
