"""Remarks on rows that can have no effect: most often a mistyped technology or unit, never a reason to stop."""

from __future__ import annotations

from typing import Final

from model.problems import Problems
from model.reading.gate import place_of
from model.reading.nearest import nearest
from model.tables import Tables

# table, column, tables that give the column its meaning, rule
USES: Final = (
    ("capacity_use", "technology", ("tech_sites",), "technology_never_permitted"),
    ("tech_sites", "technology", ("recipes",), "technology_without_recipe"),
    ("capacity_use", "unit", ("capacity", "option_effects"), "unit_without_capacity"),
    ("capacity", "unit", ("capacity_use",), "unit_never_used"),
    ("units", "unit", ("capacity", "option_effects"), "unit_without_capacity"),
)


def note_unused(tables: Tables, problems: Problems) -> None:
    """One note per id that no other table gives a meaning."""
    for name, column, elsewhere, rule in USES:
        if name not in tables:
            continue
        table = tables[name]
        known: set[str] = set().union(*(tables[other][column] for other in elsewhere if other in tables))
        idle = table[~table[column].isin(known) & (table[column] != "")].drop_duplicates(column)
        if not len(idle):
            continue
        place = place_of(name, idle, column)
        for index, value in enumerate(idle[column]):
            place.add(problems, rule, index, value, nearest(value, known), note=True)
