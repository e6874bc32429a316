"""The shape of a Case: column families, row families and the relations between them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from model.case.calendar import Calendar
from model.case.codes import Codes
from model.problems import Problem

# Families of columns (variables) and of rows (constraints) with their index, always in this order.
COLUMN_KEYS: dict[str, tuple[str, ...]] = {
    "activity": ("technology", "site", "period"),
    "flow": ("commodity", "from", "to", "mode", "period"),
    "supply": ("commodity", "site", "tier", "period"),
    "sale": ("commodity", "site", "segment", "period"),
    "short": ("commodity", "site", "segment", "period"),
    "stock": ("commodity", "site", "period"),
    "running": ("unit", "site", "period"),
    "restart": ("unit", "site", "period"),
    "open": ("option", "stage"),
    "size": ("option", "stage"),
    "point": ("option", "stage", "point"),
    "lane_open": ("commodity", "from", "to", "mode", "when"),
    "source": ("commodity", "from", "to", "mode", "period"),
    "excess": ("indicator", "group", "side"),
}
TERM_FAMILIES = (  # what a term of an indicator may count
    "activity", "flow", "supply", "sale", "short", "stock", "running", "restart", "open", "size",
)
INTEGER_FAMILIES = ("open", "lane_open", "source")  # yes/no decisions
ROW_KEYS: dict[str, tuple[str, ...]] = {
    "balance": ("commodity", "site", "period"),
    "balance_exact": ("commodity", "site", "period"),
    "capacity": ("unit", "site", "period"),
    "running_capacity": ("unit", "site", "period"),
    "running_use": ("unit", "site", "period"),
    "minimum_load": ("unit", "site", "period"),
    "restart_rise": ("unit", "site", "period"),
    "restart_limit": ("unit", "site", "period"),
    "closure": ("unit", "site", "stage"),
    "size_floor": ("option", "stage"),
    "size_ceiling": ("option", "stage"),
    "point_choice": ("option", "stage"),
    "point_size": ("option", "stage"),
    "lane_charge": ("commodity", "from", "to", "mode", "period"),
    "must_serve": ("commodity", "site", "segment", "period"),
    "single_source": ("commodity", "site", "period"),
    "source_flow": ("commodity", "from", "to", "mode", "period"),
    "basket_floor": ("basket", "site", "period"),
    "basket_ceiling": ("basket", "site", "period"),
    "indicator_floor": ("indicator", "group"),
    "indicator_ceiling": ("indicator", "group"),
}


@dataclass(frozen=True)
class Case:
    """Frozen input of the linear program.

    ``columns[family]``: the family's key, then lower, upper (amounts of the period), cost (money in the objective per
    unit, weights included), weight (what turns an annual or period price into the objective), unit_price (the price as
    stated), cost_class, grade. ``rows[family]``: key, lower, upper, weight (divides the dual, R20).
    ``relations``: recipe (technology, site, commodity, quantity) · use (technology, site, unit, use) · existing (unit,
    site, period, amount) · effect (unit, site, stage, option, decided, per_open, per_size; stage ≥ decided) · retained
    (commodity, site, period, previous, share) · content (basket, commodity, content) · running (unit, site, period,
    length, previous, first, initial, min_load, restart_share) · term (indicator, group, family, key, coefficient; the
    value of every indicator) · constant (indicator, group, amount) · bound_term and excess as used by the indicator rows ·
    price_charge (indicator, family, key, amount in the objective). ``codes``: the labels of keys as numbers.
    """

    calendar: Calendar
    columns: dict[str, pd.DataFrame]
    rows: dict[str, pd.DataFrame]
    relations: dict[str, pd.DataFrame]
    labels: dict[str, pd.DataFrame]
    notes: tuple[Problem, ...] = field(default=(), compare=False)
    codes: Codes = field(default_factory=Codes, compare=False, repr=False)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over calendar, columns, rows and relations: equal cases have equal hashes on any machine."""
        digest = hashlib.sha256()
        # the lengths of periods are coefficients of capacity rows and stand nowhere else where only options add capacity
        for part in ({"periods": self.calendar.periods.drop(columns=["order", "stage_order"])}, self.columns, self.rows, self.relations):
            for name in sorted(part):
                digest.update(f"{name} {len(part[name])}".encode())
                for column, cells in part[name].items():
                    digest.update(str(column).encode())
                    digest.update(_bytes_of(cells))
        return digest.hexdigest()


def _bytes_of(cells: pd.Series) -> bytes:
    """Cells as bytes: texts as they stand, numbers to 12 digits, so that the last bit of an arithmetic does not count."""
    if not pd.api.types.is_float_dtype(cells):
        return "\x1f".join(map(str, cells)).encode()
    values = cells.to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.where(np.isfinite(values) & (values != 0), np.floor(np.log10(np.abs(values))), 0.0)
    digits = np.where(np.isfinite(values), np.rint(values * 10.0 ** (11 - power)), values)
    return bytes((digits + 0.0).tobytes() + power.tobytes())
