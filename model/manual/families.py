"""What the Case makes of each column family: the table it comes from, its bounds and its price in the objective."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# what turns a price into money of the objective (R4, R5, R11, R14)
WEIGHTS: Final = {
    "period": "weight[period] × probability[period]",
    "length": "weight[period] × probability[period] × length[period]",
    "remaining": "(Σ later ≥ stage: years[later])",
    "charge": "charge[when]",
    "scope": "charge[group]",
    "none": "",
}


@dataclass(frozen=True)
class Family:
    """``table``: whose rows make the columns; ``lower``, ``upper``: bounds; ``price``: column of money per unit, "" if none.

    ``weight`` is a key of ``WEIGHTS``; ``sign`` is "−" where the money is received; ``rules`` are those that shape the family.
    """

    table: str
    lower: str
    upper: str
    price: str
    weight: str
    rules: tuple[str, ...]
    sign: str = "+"


FAMILIES: Final[dict[str, Family]] = {
    "activity": Family("tech_sites", "min_activity", "max_activity", "variable_cost", "period", ("R1", "R2")),
    "flow": Family("lanes", "0", "max_flow", "unit_cost", "period", ("R1", "R2")),
    "supply": Family("supply", "min", "max", "price", "period", ("R1", "R2")),
    "sale": Family("demand", "0", "max", "price", "period", ("R1", "R2", "R12"), "−"),
    "short": Family("demand", "0", "min", "shortage_price", "period", ("R12",)),
    "stock": Family("stocks", "0", "capacity", "holding_cost", "length", ("R10",)),
    "running": Family("units", "0", "∞", "", "none", ("R9",)),
    "restart": Family("units", "0", "∞", "restart_cost", "period", ("R9",)),
    "open": Family("options", "0", "1", "fixed_cost", "remaining", ("R5", "R6")),
    "size": Family("options", "0", "max_size", "variable_cost", "remaining", ("R5", "R6")),
    "point": Family("option_points", "0", "1", "cost", "remaining", ("R7",)),
    "lane_open": Family("lanes", "0", "1", "fixed_cost", "charge", ("R11",)),
    "source": Family("demand", "0", "1", "", "none", ("R12",)),
    "excess": Family("indicators", "0", "∞", "relax_price", "scope", ("R14", "R15")),
}
