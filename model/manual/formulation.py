"""The page of the linear program: columns, objective, every constraint card and the sign table of duals."""

from __future__ import annotations

from model import words
from model.case import COLUMN_KEYS, ROW_KEYS
from model.case.structure import INTEGER_FAMILIES, TERM_FAMILIES
from model.formulation import CARDS, DEFINITIONS, Card
from model.manual.families import FAMILIES, WEIGHTS, Family
from model.manual.markdown import code, filled, table
from model.schema import ALL_TABLES, CORE_TABLES


def formulation(language: str) -> str:
    """The page in ``language`` ("zh" or "en") as Markdown."""
    parts = {
        "sets": _sets(language),
        "columns": _columns(language),
        "objective": _objective(),
        "definitions": code("\n\n".join(DEFINITIONS)),
        "constraints": "\n\n".join(_constraint(card, language) for card in CARDS),
        "duals": _duals(language),
        "integers": ", ".join(f"`{family}`" for family in INTEGER_FAMILIES),
        "terms": ", ".join(f"`{family}`" for family in TERM_FAMILIES),
        "uses": _uses(language),
    }
    return filled("formulation", language, parts)


def _word(key: str, language: str, **facts: object) -> str:
    return words.text(f"manual.{key}", language, **facts)


def _head(keys: str, language: str) -> list[str]:
    return [_word(f"head_{key}", language) for key in keys.split()]


def _indexed(name: str, key: tuple[str, ...]) -> str:
    return f"`{name}[{', '.join(key)}]`"


def _sets(language: str) -> str:
    """Every part of an index with its meaning, in the order in which columns and rows use it."""
    parts = dict.fromkeys(part for key in (*COLUMN_KEYS.values(), *ROW_KEYS.values()) for part in key)
    return table(_head("index meaning", language), ([f"`{part}`", _word(f"index_{part}", language)] for part in parts))


def _columns(language: str) -> str:
    rows = []
    for name, family in FAMILIES.items():
        meaning, unit = (words.text(f"variables.{name}{end}", language) for end in ("", "_unit"))
        bounds = "0, 1" if name in INTEGER_FAMILIES else f"{family.lower} … {family.upper}"
        rows.append([_indexed(name, COLUMN_KEYS[name]), meaning, unit, bounds, f"`{family.table}`", ", ".join(family.rules)])
    return table(_head("column meaning unit bounds table rules", language), rows)


def _objective() -> str:
    """The cost that is minimised, term by term."""
    terms = [_term(name, family) for name, family in FAMILIES.items() if family.price]
    terms.append("+ Σ indicators.price[indicator] × coefficient[term] × column × weight of the cost of column")
    return code("\n".join(["minimise", *terms]))


def _term(name: str, family: Family) -> str:
    key = COLUMN_KEYS[name]
    stated = ALL_TABLES[family.table].key
    cell = [part for part in key if part in stated or (part in ("stage", "when") and "period" in stated)]
    return f"{family.sign} Σ {family.table}.{family.price}[{', '.join(cell)}] × {name}[{', '.join(key)}] × {WEIGHTS[family.weight]}"


def _constraint(card: Card, language: str) -> str:
    """One card: name and index, words, algebra, rules, unit and dual."""
    place = {part: _word("part", language, name=_word(f"name_{part}", language)) for part in ROW_KEYS[card.name]}
    said = (card.zh if language == "zh" else card.en).format(**place)
    dual = card.dual_zh if language == "zh" else card.dual_en
    facts = {"unit": _unit(card, language), "sign": _sign(card), "dual": dual, "weight": _weight(card, language), "rules": ", ".join(card.implements)}
    return "\n\n".join([f"### {_indexed(card.name, ROW_KEYS[card.name])}", said, code(card.algebra), _word("dual", language, **facts)])


def _unit(card: Card, language: str) -> str:
    return _word(f"unit_{card.unit}", language)


def _sign(card: Card) -> str:
    return {"+": "≥ 0", "-": "≤ 0", "±": "±"}[card.sign]


def _weight(card: Card, language: str) -> str:
    """What the solver's dual of a row is divided by (R20)."""
    key = ROW_KEYS[card.name]
    scale = "period" if "period" in key else "stage" if "stage" in key else "group"
    return _word(f"weight_{scale}", language)


def _duals(language: str) -> str:
    rows = []
    for card in CARDS:
        meaning = card.dual_zh if language == "zh" else card.dual_en
        rows.append([f"`{card.name}`", _sign(card), _unit(card, language), meaning, _weight(card, language)])
    return table(_head("row sign per_unit meaning divided", language), rows)


def _uses(language: str) -> str:
    """Where every core table enters: the columns its rows make, and the constraints whose algebra names one of its columns."""
    rows = []
    for spec in CORE_TABLES:
        made = [f"`{name}`" for name, family in FAMILIES.items() if family.table == spec.name]
        rows.append([f"`{spec.name}`", spec.zh if language == "zh" else spec.en, ", ".join(made), _word(f"use_{spec.name}", language)])
    return table(_head("table meaning column use", language), rows)
