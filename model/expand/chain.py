"""The chain of expansions: each adds core rows that later ones may look at."""

from __future__ import annotations

from collections.abc import Callable

from model.expand import freight, industry, market, power
from model.problems import Problems
from model.schema import CORE_TABLES
from model.tables import Tables, merged

Expansion = Callable[[Tables, Tables, Problems], Tables]
# freight comes last: it connects who makes and sells a good with who uses it
EXPANSIONS: tuple[Expansion, ...] = (industry.expand, market.expand, power.expand, freight.expand)


def expand_all(tables: Tables, problems: Problems) -> Tables:
    """Core tables of a dataset: its own core rows plus those of every expansion; problems are collected, not raised."""
    core = {spec.name: tables[spec.name] for spec in CORE_TABLES if spec.name in tables}
    for expansion in EXPANSIONS:
        core = merged(core, expansion(tables, core, problems))
    return core
