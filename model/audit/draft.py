"""The program while its rules are written: tables, time, columns so far and the sums that several rules add to."""

from __future__ import annotations

import math
from collections import defaultdict

from model.audit.calendar import Calendar, records
from model.audit.program import Expression, Key, Program, Terms
from model.tables import Tables


class Draft:
    """What the rules share.

    ``made[commodity, site, period]`` collects what comes and goes there, ``used[unit, site, period]`` the capacity in
    use, ``living[unit, site, period]`` existing capacity + effects of options (both a year).
    """

    def __init__(self, core: Tables) -> None:
        self.core = core
        self.calendar = Calendar(core)
        self.program = Program()
        self.made: dict[Key, Terms] = defaultdict(dict)
        self.used: dict[Key, Terms] = defaultdict(dict)
        self.living: dict[Key, Expression] = {}

    def moves(self, commodity: str, site: str, period: str, column: int, quantity: float) -> None:
        """One unit of ``column`` brings ``quantity`` of a commodity to a site (negative: takes it away)."""
        terms = self.made[commodity, site, period]
        terms[column] = terms.get(column, 0.0) + quantity

    def write_balances(self) -> None:
        """§3 balance: whatever comes minus whatever goes is ≥ 0, or = 0 where the commodity is ``exact``."""
        exact = {row["commodity"] for row in records(self.core, "commodities") if row["balance"] == "exact"}
        for (commodity, site, period), terms in self.made.items():
            family, upper = ("balance_exact", 0.0) if commodity in exact else ("balance", math.inf)
            self.program.row(family, (commodity, site, period), terms, 0.0, upper, self.calendar.by_name[period].weight)
