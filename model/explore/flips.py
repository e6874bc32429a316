"""Which choices of a sweep along one axis flip, and between which two neighbouring values: what is built on one side and not on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from model.explore.journal import SOLVED, Pair, Row
from model.explore.study_rows import both
from model.explore.sweep_axes import Axis, Point

BUILT = 1e-3  # kt a year: less is the solver's rounding
TOLD = 12  # flips told one by one, the largest first
COLUMNS = ("option", "stage", "name_zh", "name_en", "low", "high", "comes", "size")


def flips(axis: Axis, cases: Sequence[Point], rows: Sequence[Row], names: Mapping[str, Pair]) -> pd.DataFrame:
    """One row per choice and pair of neighbouring solved values between which it comes (``comes``) or goes, columns ``COLUMNS``.

    ``size``: what is built on the side that has it; the largest first.
    """
    solved = sorted(
        ((case.place[axis.name], _built(row)) for case, row in zip(cases, rows, strict=True) if case.place and row["status"] == SOLVED),
        key=lambda pair: pair[0],
    )
    found = [
        _flip(name, names, low, high, before, after)
        for (low, before), (high, after) in zip(solved, solved[1:], strict=False) for name in sorted({*before} ^ {*after})
    ]
    table = pd.DataFrame(found, columns=list(COLUMNS))
    order = table.assign(rank=-table["size"].abs()).sort_values(["rank", "option", "stage", "low"], kind="stable")
    return order[list(COLUMNS)].reset_index(drop=True)


def _built(row: Row) -> dict[str, float]:
    return {name: size for name, size in row["built"].items() if abs(size) > BUILT}


def _flip(name: str, names: Mapping[str, Pair], low: float, high: float, before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, Any]:
    option, stage = name.rsplit("|", 1)
    zh, en = names.get(option, (option, option))
    size = after[name] if name in after else before[name]
    return dict(zip(COLUMNS, (option, stage, zh, en, low, high, name in after, size), strict=True))


def sentences(axis: Axis, table: pd.DataFrame, stages: Iterable[str]) -> list[Pair]:
    """One line per flip, or that there is none; the stage is named where there are several."""
    if not len(table):
        return [both("studies_sweep.flips_none", axis=axis.title)]
    several = len(set(stages)) > 1
    said = [both("studies_sweep.flips", axis=axis.title)]
    for row in table.head(TOLD).to_dict("records"):
        name = (f"{row['name_zh']}({row['stage']})", f"{row['name_en']} ({row['stage']})") if several else (row["name_zh"], row["name_en"])
        key = "studies_sweep.flip_comes" if row["comes"] else "studies_sweep.flip_goes"
        said.append(both(key, name=name, low=row["low"], high=row["high"], size=row["size"]))
    more = len(table) - TOLD
    return [*said, *([both("studies_sweep.flips_more", count=more)] if more > 0 else [])]
