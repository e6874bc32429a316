"""Checks over several rows and tables, in the one order that reading, scenarios and the pipeline share."""

from __future__ import annotations

from model.problems import Problems
from model.reading.references import check_keys, check_references, check_sources
from model.reading.rules import apply_rules
from model.schema import ALL_TABLES
from model.tables import Tables


def check_tables(tables: Tables, problems: Problems, *, broken: frozenset[str] = frozenset()) -> None:
    """Keys, references and table rules of a dataset as written, before expansion.

    Where convenience tables are present, core rows are still to come: what only the whole set of core rows can tell is
    left to ``rules.check_core``. ``broken``: tables that could not be read.
    """
    complete = all(ALL_TABLES[name].core for name in {*tables, *broken})
    check_keys(tables, problems)
    check_references(tables, problems, complete=complete, broken=broken)
    check_sources(tables, problems)
    apply_rules(tables, problems, complete=complete and not broken)
