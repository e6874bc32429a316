"""Investment and closure: options add capacity; closures never take away more than exists."""

from __future__ import annotations

from typing import Any

from model.formulation.cards import constraint


@constraint(
    "closure",
    zh="{unit}在{site}{stage}的关停不超过现有产能",
    en="{unit} at {site} in {stage}: closures do not exceed what exists",
    unit="capacity",
    sign="+",
    dual_zh="可关停产能少一单位的成本",
    dual_en="cost of one unit less that may be closed",
)
def closure(m: Any, u: str, s: str, y: str) -> Any:
    """Σ effects ≥ −existing × (1 + 1e-9)."""
    sizes = sum(m.per_size[o, u, s] * m.size[o, d] for o, d in m.STAGE_SIZES[u, s, y])
    opens = sum(m.per_open[o, u, s] * m.open[o, d] for o, d in m.STAGE_OPENS[u, s, y])
    return sizes + opens >= m.closure_lower[u, s, y]


CARDS = (closure,)
