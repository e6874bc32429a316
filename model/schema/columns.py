"""Columns that tables of industry, power and policy share: numbers in the units people write, and numbers with their ranges."""

from __future__ import annotations

import math

from model.schema.spec import NONE, REQUIRED, Column, Required


def number(
    name: str, unit: str, zh: str, en: str, blank: float | Required = REQUIRED, *, low: float = 0.0, high: float = math.inf,
) -> Column:
    """A number in ``unit``, not below 0 unless told otherwise."""
    return Column(name, "number", blank, unit=unit, low=low, high=high, zh=zh, en=en)


def ranged(
    name: str, unit: str, zh: str, en: str, blank: float | Required = REQUIRED, *, low: float = 0.0, high: float = math.inf,
) -> tuple[Column, Column, Column]:
    """A number and the columns of its range, ``<name>_low`` and ``<name>_high``."""
    low_column = number(f"{name}_low", unit, f"{zh}低值", f"{en}, low", NONE, low=low, high=high)
    high_column = number(f"{name}_high", unit, f"{zh}高值", f"{en}, high", NONE, low=low, high=high)
    return number(name, unit, zh, en, blank, low=low, high=high), low_column, high_column
