"""Rules of indicators (R13, R15): ratios that make sense, terms whose ids exist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from model.problems import Problems
from model.reading.gate import is_bad_id, place_of
from model.reading.nearest import nearest_alias, site_aliases
from model.reading.rules_bounds import report
from model.tables import Tables

# what the columns a–d of a term mean, by kind (R13)
TERM_ROLES: Final[dict[str, tuple[str, ...]]] = {
    "activity": ("technology", "site"), "flow": ("commodity", "from", "to", "mode"), "supply": ("commodity", "site", "tier"),
    "sale": ("commodity", "site", "segment"), "short": ("commodity", "site", "segment"), "stock": ("commodity", "site"),
    "capacity": ("unit", "site"), "running": ("unit", "site"), "restart": ("unit", "site"),
    "open": ("option",), "size": ("option",),
}
SITE_ROLES: Final = ("site", "from", "to")
# ids that no table declares are a remark where unknown: the rows that carry them may be switched off
UNDECLARED: Final = ("tier", "segment", "mode")


def check_ratios(tables: Tables, problems: Problems) -> None:
    """A ratio has no price, does not divide by itself or by another ratio (R15)."""
    if "indicators" not in tables:
        return
    indicators = tables["indicators"]
    ratio = indicators["per"] != ""
    ratios = set(indicators["indicator"][ratio])
    report(problems, "ratio_with_price", tables, "indicators", ratio & (indicators["price"].fillna(0.0) != 0.0), "price")
    report(problems, "ratio_of_ratio", tables, "indicators", indicators["per"].isin(ratios), "per")


def known_ids(tables: Tables) -> dict[str, set[str]]:
    """For each role of a term column the ids that exist: declared in their table, or used where there is none."""
    known: dict[str, set[str]] = {role: set() for roles in TERM_ROLES.values() for role in roles}
    for table in tables.values():
        for role in known:
            if role in table.columns:
                known[role] |= set(table[role])
    sites: set[str] = set().union(*(known[role] for role in SITE_ROLES))
    for role in SITE_ROLES:
        known[role] = set(tables["sites"]["site"]) if "sites" in tables else sites
    for role, declaring in (("commodity", "commodities"), ("option", "options")):
        if declaring in tables:
            known[role] = set(tables[declaring][role])
    return known


def check_terms(tables: Tables, problems: Problems) -> None:
    """Ids of terms exist in the tables, and no id stands in a column that its kind does not have (R13)."""
    known = known_ids(tables)
    for name in ("indicator_terms", "limit_terms"):
        if name in tables:
            for letter_index in range(4):
                _check_letter(tables, name, letter_index, known, problems)


def _check_letter(tables: Tables, name: str, letter_index: int, known: dict[str, set[str]], problems: Problems) -> None:
    table, letter = tables[name], "abcd"[letter_index]
    place = place_of(name, table, letter)
    for index, (kind, value) in enumerate(zip(table["kind"], table[letter], strict=True)):
        if value in ("*", "") or is_bad_id(value):
            continue
        roles = TERM_ROLES.get(kind, ("",) * 4)  # an unknown kind is reported as such
        if letter_index >= len(roles):
            place.add(problems, "term_column_unused", index, value, kind=kind)
        elif roles[letter_index] and value not in known[roles[letter_index]]:
            role = roles[letter_index]
            hint = nearest_alias(value, _aliases(tables, role, known[role]))
            place.add(problems, "unknown_in_term", index, value, hint, note=role in UNDECLARED, role=role)


def _aliases(tables: Tables, role: str, known: Iterable[str]) -> dict[str, str]:
    named = site_aliases(tables) if role in SITE_ROLES else {}
    return named or {identity: identity for identity in known if identity not in ("", "*")}
