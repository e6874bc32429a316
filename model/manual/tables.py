"""The page of the tables: a worked example, the reference of every table, the rules and common mistakes."""

from __future__ import annotations

import math
from typing import Final

from model import words
from model.case.terms import ID_COLUMNS
from model.manual import industry
from model.manual.markdown import filled, table
from model.reading.gate import shown
from model.schema import CORE_TABLES, Column, TableSpec
from model.schema.spec import PROVENANCE
from model.words.lookup import known

LETTERS: Final = ("a", "b", "c", "d")
ROWS_ADD, ROWS_ANY = ("capacity",), ("indicator_terms", "limit_terms")  # tables without a key
# what a blank cell means where it stands for no value of its own (R3, R16)
BLANKS: Final[dict[str, str]] = {
    "name_zh": "id", "name_en": "id", "cost_class": "by_table", "sites.lat": "no_map", "sites.lon": "no_map",
    "periods.stage": "period_id", "periods.branch": "one_branch", "periods.order": "row_order",
    "units.restart_limit": "no_limit", "units.initial": "cyclic", "options.forced": "free",
    "lanes.mode": "unnamed", "supply.tier": "unnamed", "demand.segment": "unnamed", "lanes.kilometres": "unknown",
    "demand.shortage_price": "not_allowed", "indicators.min": "no_floor", "indicators.per": "no_ratio", "indicators.relax_price": "hard",
    "ledgers.annuity": "no_once", "ledger_entries.until": "no_end",
    "max": "no_bound", "max_activity": "no_bound", "max_size": "no_bound", "max_flow": "no_bound", "stocks.capacity": "no_bound",
}
YES_NO: Final = ("options.forced", "demand.single_source")  # numbers that are 0 or 1


def tables(language: str) -> str:
    """The page in ``language`` ("zh" or "en") as Markdown."""
    parts = {
        "overview": table(_head("table meaning", language), ([_link(spec), _word(f"table_{spec.name}", language)] for spec in CORE_TABLES)),
        "reference": "\n\n".join(_reference(spec, language) for spec in CORE_TABLES),
        "industry_overview": industry.overview(language), "industry": industry.reference(language),
        "provenance": table(_head("field meaning", language), ([f"`{column.name}`", _meaning("", column, language)] for column in PROVENANCE)),
        "kinds": _kinds(language),
    }
    return filled("tables", language, parts)


def _word(key: str, language: str, **facts: object) -> str:
    return words.text(f"manual.{key}", language, **facts)


def _head(keys: str, language: str) -> list[str]:
    return [_word(f"head_{key}", language) for key in keys.split()]


def _link(spec: TableSpec) -> str:
    return f"[`{spec.name}`](#{spec.name})"


def _reference(spec: TableSpec, language: str) -> str:
    """One table: what a row says, what makes it unique, and its columns without those every table may carry."""
    own = [column for column in spec.columns if column not in PROVENANCE]
    rows = [[f"`{column.name}`", *(cell(spec.name, column, language) for cell in (_meaning, _blank, _allowed))] for column in own]
    said = _word(f"table_{spec.name}", language) + ("" if language == "zh" else " ") + _key(spec, language)
    return "\n\n".join([f"### {spec.name}", said, table(_head("field meaning blank allowed", language), rows)])


def _key(spec: TableSpec, language: str) -> str:
    if spec.key:
        return _word("key", language, columns=", ".join(f"`{name}`" for name in spec.key))
    return _word("rows_add" if spec.name in ROWS_ADD else "rows_any" if spec.name in ROWS_ANY else "one_row", language)


def _meaning(name: str, column: Column, language: str) -> str:
    """The label of the schema and, where there is one, the fuller sentence of model/words/fields.toml."""
    place = words.LANGUAGES.index(language)
    label = (column.zh, column.en)[place].replace("*", "\\*")
    fuller = known(f"fields.{name}.{column.name}", "")[place] or known(f"fields.{column.name}", "")[place]
    return f"{label}{('：', ': ')[place]}{fuller}" if fuller else label


def _blank(name: str, column: Column, language: str) -> str:
    if column.required:
        return _word("blank_required", language)
    named = BLANKS.get(f"{name}.{column.name}") or BLANKS.get(column.name)
    if named:
        return _word(f"blank_{named}", language)
    blank = shown(column.blank) if isinstance(column.blank, float) else str(column.blank)
    return f"`{blank}`" if blank else _word("blank_nothing", language)


def _allowed(name: str, column: Column, language: str) -> str:
    if column.choices:
        return ", ".join(f"`{choice}`" for choice in column.choices)
    if column.kind == "number":
        return _range(name, column, language)
    if column.refers.startswith("periods"):
        return _word("allowed_period", language)
    target = column.refers.partition(".")[0]
    text = _word("allowed_id_of", language, table=f"`{target}`") if target else _word(f"allowed_{column.kind}", language)
    return f"{text} {_word('allowed_star', language)}" if column.wildcard else text


def _range(name: str, column: Column, language: str) -> str:
    if f"{name}.{column.name}" in YES_NO:
        return _word("allowed_yes_no", language)
    if math.isinf(column.low):
        return _word("allowed_any_sign", language)
    facts = {"low": shown(column.low), "high": shown(column.high)}
    return _word("allowed_at_least" if math.isinf(column.high) else "allowed_between", language, **facts)


def _kinds(language: str) -> str:
    """What the columns a to d of a term name, kind by kind."""
    rows = []
    for kind, ids in ID_COLUMNS.items():
        named = [f"`{name}`" for name in ids] + [""] * (len(LETTERS) - len(ids))
        rows.append([f"`{kind}`", *named, _word(f"kind_{kind}", language)])
    return table([*_head("kind", language), *(f"`{letter}`" for letter in LETTERS), *_head("counts", language)], rows)
