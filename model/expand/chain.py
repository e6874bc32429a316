"""The chain of expansions: each adds core rows that later ones may look at."""

from __future__ import annotations

from collections.abc import Callable

from model.expand import centres, freight, industry, market, pacts, power
from model.expand.calendars import with_calendars
from model.expand.outages import with_outages
from model.expand.overhauls import with_overhauls
from model.expand.plant_sizes import with_plant_sizes
from model.expand.restarts import with_restarts
from model.expand.stages import in_order, with_stages
from model.problems import Problems
from model.schema import CORE_TABLES
from model.tables import Tables, merged

Expansion = Callable[[Tables, Tables, Problems], Tables]
# freight connects who makes and sells a good with who uses it, so it follows them; pacts count the lanes it makes
EXPANSIONS: tuple[Expansion, ...] = (industry.expand, market.expand, power.expand, freight.expand, centres.expand, pacts.expand)


def expand_all(tables: Tables, problems: Problems) -> Tables:
    """Core tables of a dataset: its own core rows plus those of every expansion; problems are collected, not raised."""
    tables = in_order(with_calendars(with_stages(tables, problems), problems))
    core = {spec.name: tables[spec.name] for spec in CORE_TABLES if spec.name in tables}
    if "periods" in core and core["periods"].empty:  # a head without rows, as in an unused sheet: no table (R3)
        del core["periods"]
    for expansion in EXPANSIONS:
        core = merged(core, expansion(tables, core, problems))
    core = with_outages(tables, with_plant_sizes(tables, core, problems), problems)
    return with_overhauls(tables, with_restarts(tables, core, problems))
