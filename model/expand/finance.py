"""Money over time: the yearly charge of an investment, and the rate and year that the finance table states."""

from __future__ import annotations

from dataclasses import dataclass

from model.expand.rows import records
from model.tables import Tables

DEFAULT = "default"


@dataclass(frozen=True)
class Money:
    """Real discount rate before tax, and the year planned for."""

    rate: float
    planning_year: float

    def yearly(self, amount: float, life: float) -> float:
        """The constant yearly charge that repays ``amount`` over ``life`` years, in the unit of ``amount`` per year."""
        return amount * annuity(self.rate, life)


def annuity(rate: float, life: float) -> float:
    """Yearly charge per unit of investment: rate / (1 - (1 + rate)^-life), and 1 / life without interest.

    ``life`` in years. At 8 % and 20 years: 0.10185. Raises ValueError for a life that is not above 0.
    """
    if life <= 0:
        raise ValueError(f"life must be above 0, not {life:g}")
    if rate == 0:
        return 1.0 / life
    return float(rate / (1.0 - (1.0 + rate) ** -life))


def money(tables: Tables) -> Money | None:
    """The ``default`` row of the finance table, None without one."""
    for row in records(tables, "finance"):
        if row["case"] == DEFAULT:
            return Money(float(row["rate"]), float(row["planning_year"]))
    return None
