"""Numbers as people read them."""

from __future__ import annotations

import math
from numbers import Real

NONE = "—"

YUAN_PER_TONNE = 1000.0  # million yuan per kt


def number(value: object, digits: int = 0) -> str:
    """``value`` rounded to ``digits`` decimals with thousands separators; a missing or infinite value is a dash."""
    if not isinstance(value, Real) or not math.isfinite(value):
        return NONE
    shown = f"{float(value):,.{digits}f}"
    return shown.removeprefix("-") if float(shown.replace(",", "")) == 0 else shown.replace("-", "−")


def compact(value: object) -> str:
    """About four significant digits without an exponent: 0.445, 12.35, 1,234."""
    if not isinstance(value, Real) or not math.isfinite(value):
        return NONE
    size = abs(float(value))
    digits = 0 if size >= 1000 or size == int(size) else 1 if size >= 100 else 2 if size >= 10 else 3
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: object, digits: int = 0) -> str:
    """A share of 1 as a percentage."""
    return NONE if not isinstance(value, Real) or not math.isfinite(value) else number(100 * float(value), digits) + " %"
