"""A comparison as plain data: JSON, one table per part, and parts with heads in both languages for a report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model import words
from model.explore.compare import DIMENSIONS, RESIDUAL, Comparison
from model.explore.option_lines import side_by_side
from model.explore.options import Options

MARK = "comparison.json"
SWAP_TABLES = ("lines", "uses", "accounts", "facts", "power", "clauses")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """A table for a report: title and heads in both languages; a cell is a number or a pair of texts."""

    key: str
    title: Pair
    heads: tuple[Pair, ...]
    rows: tuple[tuple[Pair | float, ...], ...]


def parts(found: Comparison, swaps: Options | None) -> list[Part]:
    """The splits of the objective with a column per plan and its change, and the swap options side by side."""
    result = [_split(found, dimension) for dimension in DIMENSIONS]
    if swaps is None:
        return result
    zh, en = (side_by_side(found, swaps, language) for language in words.LANGUAGES)
    rows = tuple(tuple(zip(first, second, strict=True)) for first, second in zip(zh, en, strict=True))
    return [*result, Part("options", _pair("options_head", name=found.names[0]), rows[0], rows[1:])]


def _split(found: Comparison, dimension: str) -> Part:
    """Parts that are 0 in every plan are left out; the last rows are the residual and the sum."""
    table = found.splits[found.splits["dimension"] == dimension]
    names = dict(zip(table["id"], zip(table["name_zh"], table["name_en"], strict=True), strict=True))
    others = found.names[1:]
    first = {row["id"]: row["reference"] for row in table[table["reference"] != 0].to_dict("records")}
    values = {plan: dict(zip(mine["id"], mine["value"], strict=True)) for plan, mine in table.groupby("plan")}
    shown = [name for name in names if name == RESIDUAL or first.get(name) or any(values[plan].get(name) for plan in others)]
    order = sorted(shown, key=lambda name: (name == RESIDUAL, names[name]))

    def numbers(name: str) -> list[float]:
        return [number for plan in others for number in (values[plan].get(name, 0.0), values[plan].get(name, 0.0) - first.get(name, 0.0))]

    rows: list[tuple[Pair | float, ...]] = [(names[name], first.get(name, 0.0), *numbers(name)) for name in order]
    columns = zip(*(row[1:] for row in rows), strict=True)
    rows.append((_pair("sum"), *(sum(float(cell) for cell in column if not isinstance(cell, tuple)) for column in columns)))
    heads = [head for plan in others for head in ((plan, plan), _pair("change_of", name=plan))]
    return Part(dimension, _pair(f"split_{dimension}"), (_pair("part"), (found.names[0], found.names[0]), *heads), tuple(rows))


def _pair(key: str, **facts: object) -> Pair:
    zh, en = (words.text(f"compare.{key}", language, **facts).removesuffix(":") for language in words.LANGUAGES)
    return zh, en


def tables(found: Comparison, swaps: Options | None) -> dict[str, pd.DataFrame]:
    """Every table of a comparison in long form, by the name of its file; all rows, none cut."""
    optional = {} if swaps is None else {f"swap_{name}": getattr(swaps, name) for name in SWAP_TABLES}
    return {
        "objectives": found.objectives(), "inputs": found.input_table(), "splits": found.splits, "wins": found.wins,
        "changes": found.changes, "goods": found.goods, "indicators": found.indicators,
        **optional,
    }


def facts(found: Comparison, swaps: Options | None) -> dict[str, Any]:
    """The comparison for a JSON file: the plans, every table as a list of rows, and the parts of a report; no number is null."""
    plans = [{"name": name, "title": dict(one.title), "unit": one.unit} for name, one in zip(found.names, found.candidates, strict=True)]
    told = [{"key": part.key, "title": part.title, "heads": part.heads, "rows": part.rows} for part in parts(found, swaps)]
    return {"reference": found.names[0], "plans": plans, **{name: rows(table) for name, table in tables(found, swaps).items()}, "parts": told}


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as plain rows; numbers that are none become None."""
    return [{str(name): _plain(cell) for name, cell in row.items()} for row in table.to_dict("records")]


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
