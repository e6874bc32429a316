"""The reference of the convenience tables: every column with its unit, what a blank means, what it may hold, whose range it is."""

from __future__ import annotations

import math
from typing import Final

from model import words
from model.manual.markdown import table
from model.reading.gate import shown
from model.schema import CONVENIENCE_TABLES, Column, TableSpec
from model.schema.spec import PROVENANCE

HEAD: Final = ("field", "meaning", "unit", "blank", "allowed")


def overview(language: str) -> str:
    """One row per table, with a link to its columns."""
    rows = ([f"[`{spec.name}`](#{spec.name})", spec.zh if language == "zh" else spec.en] for spec in CONVENIENCE_TABLES)
    return table([_word(f"head_{part}", language) for part in ("table", "meaning")], rows)


def reference(language: str) -> str:
    """Every table with its columns, those that every table may carry left out."""
    return "\n\n".join(_reference(spec, language) for spec in CONVENIENCE_TABLES)


def _word(key: str, language: str, /, **facts: object) -> str:
    return words.text(f"manual.{key}", language, **facts)


def _reference(spec: TableSpec, language: str) -> str:
    rows = [
        [f"`{column.name}`", _meaning(spec, column, language), column.unit or "–", _blank(column, language), _allowed(column, language)]
        for column in spec.columns if column not in PROVENANCE
    ]
    key = _word("key", language, columns=", ".join(f"`{name}`" for name in spec.key)) if spec.key else _word("rows_any", language)
    said = _word("industry_table", language, name=spec.zh if language == "zh" else spec.en[:1].upper() + spec.en[1:], key=key)
    if spec.range_of:
        of = spec.range_of
        said += _word("range_of", language, table=f"`{of.table}`", id=f"`{of.id}`", column=f"`{of.column}`")
    return "\n\n".join([f"### {spec.name}", said, table([_word(f"head_{part}", language) for part in HEAD], rows)])


def _meaning(spec: TableSpec, column: Column, language: str) -> str:
    """The label of the schema, and whose range the column is an end of."""
    label = (column.zh if language == "zh" else column.en).replace("*", "\\*")
    ends = {name: (end, held.value) for held in spec.ranges for end, name in (("low", held.low), ("high", held.high))}
    if column.name not in ends:
        return label
    end, value = ends[column.name]
    return label + _word(f"range_{end}", language, value=f"`{value}`")


def _blank(column: Column, language: str) -> str:
    if column.required:
        return _word("blank_required", language)
    if isinstance(column.blank, float) and math.isnan(column.blank):
        return _word("blank_not_stated", language)
    blank = shown(column.blank) if isinstance(column.blank, float) else str(column.blank)
    return f"`{blank}`" if blank else _word("blank_nothing", language)


def _allowed(column: Column, language: str) -> str:
    target = column.refers.partition(".")[0]
    if column.choices:
        text = ", ".join(f"`{choice}`" for choice in column.choices if choice)
    elif column.kind == "number":
        return _numbers(column, language)
    elif column.refers == "sites.region":
        text = _word("allowed_region", language)
    else:
        text = _word("allowed_id_of", language, table=f"`{target}`") if target else _word(f"allowed_{column.kind}", language)
    star = f" {_word('allowed_star', language)}" if column.wildcard else ""
    return f"{text}{star}{_word('allowed_many', language) if column.many else ''}"


def _numbers(column: Column, language: str) -> str:
    if math.isinf(column.low):
        return _word("allowed_any_sign", language)
    facts = {"low": shown(column.low), "high": shown(column.high)}
    return _word("allowed_at_least" if math.isinf(column.high) else "allowed_between", language, **facts)
