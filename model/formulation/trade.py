"""Demand: what must be served, and baskets of goods with floors and ceilings (rule R12)."""

from __future__ import annotations

from typing import Any

from model.formulation.cards import constraint


@constraint(
    "must_serve",
    zh="{site}的{commodity}需求({segment}){period}必须满足",
    en="{commodity} demand at {site} ({segment}) in {period} must be served",
    unit="commodity",
    sign="+",
    dual_zh="必保需求再多一单位的成本(已扣售价)",
    dual_en="cost of serving one more unit, less its price",
)
def must_serve(m: Any, k: str, s: str, g: str, p: str) -> Any:
    """sold + short ≥ min."""
    return m.sale[k, s, g, p] + sum(m.short[k, s, g, q] for q in m.SHORT_HERE[k, s, g, p]) >= m.must_serve_lower[k, s, g, p]


def _content(m: Any, b: str, s: str, p: str) -> Any:
    return sum(m.content[b, k] * m.sale[k, s, g, p] for k, g in m.BASKET_SALES[b, s, p])


@constraint(
    "basket_floor",
    zh="{site}{period}的组合{basket}不低于下限",
    en="{basket} at {site} in {period} reaches its floor",
    unit="content",
    sign="+",
    dual_zh="下限提高一单位的成本",
    dual_en="cost of raising the floor by one",
)
def basket_floor(m: Any, b: str, s: str, p: str) -> Any:
    """Σ content × sold ≥ min."""
    return _content(m, b, s, p) >= m.basket_floor_lower[b, s, p]


@constraint(
    "basket_ceiling",
    zh="{site}{period}的组合{basket}不超过上限",
    en="{basket} at {site} in {period} stays under its ceiling",
    unit="content",
    sign="-",
    dual_zh="上限提高一单位节省的成本",
    dual_en="what raising the ceiling by one saves",
)
def basket_ceiling(m: Any, b: str, s: str, p: str) -> Any:
    """Σ content × sold ≤ max."""
    return _content(m, b, s, p) <= m.basket_ceiling_upper[b, s, p]


CARDS = (must_serve, basket_floor, basket_ceiling)
