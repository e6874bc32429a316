"""The rules R1–R16 that tables alone can break, for core rows from files, scenarios and expansions alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from model.problems import Problems
from model.reading.gate import check_typed
from model.reading.references import check_keys, check_references
from model.reading.rules_bounds import check_bounds, check_expected, check_lanes, check_places, check_prices, check_single_source
from model.reading.rules_indicators import check_ratios, check_terms
from model.reading.rules_options import check_option_stages, check_options, check_points
from model.reading.rules_periods import check_lengths, check_probabilities, check_stage_names, note_tied_orders
from model.reading.rules_ranges import note_outside_ranges
from model.reading.rules_usage import note_unused
from model.reading.rules_words import check_emission_items, check_months
from model.schema import ALL_TABLES
from model.tables import Tables

Check = Callable[[Tables, Problems], None]

# rules of single rows and of tables that no expansion adds to
ROW_RULES: Final[tuple[Check, ...]] = (
    check_bounds, check_lanes, check_prices, check_places, check_single_source, check_expected,
    check_lengths, check_probabilities, check_stage_names, note_tied_orders, check_option_stages,
    check_emission_items, check_months, note_outside_ranges,
)
# rules that need every core row to be there
WHOLE_RULES: Final[tuple[Check, ...]] = (check_options, check_points, check_ratios, check_terms, note_unused)


def apply_rules(tables: Tables, problems: Problems, *, complete: bool) -> None:
    """Run the table rules; those that judge the whole set of core rows only if it is ``complete``."""
    for check in (*ROW_RULES, *(WHOLE_RULES if complete else ())):
        check(tables, problems)


def check_core(tables: Tables, problems: Problems) -> None:
    """Check everything the final core tables must satisfy before a Case is made.

    Finite numbers in range (R19), good ids (R18), unique keys (R2), known references, and R3–R7, R12, R13, R15, R16.
    Tables that are not core are ignored. Problems are located at the file and line each row comes from; the column is
    written ``table.column`` where a row comes from another table.
    """
    core = {name: table for name, table in tables.items() if ALL_TABLES[name].core}
    check_typed(core, core, problems)
    check_keys(core, problems)
    check_references(core, problems, complete=True)
    apply_rules(core, problems, complete=True)
