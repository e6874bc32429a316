"""Running: units that cannot swing freely; bringing capacity back costs money and takes time (rule R9)."""

from __future__ import annotations

from typing import Any

from model.formulation.cards import constraint
from model.formulation.production import change, used


@constraint(
    "running_capacity",
    zh="{unit}在{site}{period}的运行产能不超过在册产能",
    en="{unit} at {site} in {period}: running stays within capacity",
    unit="capacity",
    sign="-",
    dual_zh="再多一单位在册产能节省的成本",
    dual_en="what one more unit of capacity saves",
    implements=("R5", "R9"),
    algebra="""
        running[unit, site, period] ≤ existing[unit, site, period] + effects[unit, site, stage(period)]
        ∀ unit, site, period: (unit, site) ∈ units
    """,
)
def running_capacity(m: Any, u: str, s: str, p: str) -> Any:
    """running ≤ existing + Σ effects."""
    return m.running[u, s, p] - change(m, u, s, p) <= m.running_capacity_upper[u, s, p]


@constraint(
    "running_use",
    zh="{unit}在{site}{period}的产量不超过运行产能",
    en="{unit} at {site} in {period}: use stays within running capacity",
    unit="capacity",
    sign="-",
    dual_zh="再多一单位运行产能节省的成本",
    dual_en="what one more unit of running capacity saves",
    implements=("R9",),
    algebra="""
        Σ technology: use[technology, unit] × activity[technology, site, period] ≤ length[period] × running[unit, site, period]
        ∀ unit, site, period: (unit, site) ∈ units
    """,
)
def running_use(m: Any, u: str, s: str, p: str) -> Any:
    """Σ use × activity ≤ length × running."""
    return used(m, u, s, p) - m.length[p] * m.running[u, s, p] <= 0


@constraint(
    "minimum_load",
    zh="{unit}在{site}{period}不低于最低负荷",
    en="{unit} at {site} in {period}: use reaches the minimum load",
    unit="capacity",
    sign="+",
    dual_zh="最低负荷多一单位的成本",
    dual_en="cost of one more unit of minimum load",
    implements=("R9",),
    algebra="""
        Σ technology: use[technology, unit] × activity[technology, site, period]
        ≥ min_load[unit, site] × length[period] × running[unit, site, period]
        ∀ unit, site, period: min_load[unit, site] > 0
    """,
)
def minimum_load(m: Any, u: str, s: str, p: str) -> Any:
    """Σ use × activity ≥ min_load × length × running."""
    return used(m, u, s, p) - m.min_load[u, s, p] * m.length[p] * m.running[u, s, p] >= 0


@constraint(
    "restart_rise",
    zh="{unit}在{site}{period}的复产量不低于运行产能的回升",
    en="{unit} at {site} in {period}: restart covers the rise of running capacity",
    unit="capacity",
    sign="+",
    dual_zh="多复产一单位的成本",
    dual_en="cost of bringing one more unit back",
    implements=("R9",),
    algebra="""
        restart[unit, site, period] ≥ running[unit, site, period] − before[unit, site, period]
        before[unit, site, period] = running[unit, site, previous(period)]
        before[unit, site, first] = initial[unit, site] × (existing[unit, site, first] + effects[unit, site, stage(first)]), initial ≠ ∅
        ∀ unit, site, period: (unit, site) ∈ units
    """,
)
def restart_rise(m: Any, u: str, s: str, p: str) -> Any:
    """restart ≥ running now − running before; before the first period: the last one (cyclic) or the stated initial share."""
    before = sum(m.running[u, s, q] for q in m.RUNNING_BEFORE[u, s, p])
    started = sum(m.initial[u, s, q] * change(m, u, s, p) for q in m.RUNNING_INITIAL[u, s, p])
    return m.restart[u, s, p] - m.running[u, s, p] + before + started >= m.restart_rise_lower[u, s, p]


@constraint(
    "restart_limit",
    zh="{unit}在{site}{period}的复产不超过限额",
    en="{unit} at {site} in {period}: restart stays within its limit",
    unit="capacity",
    sign="-",
    dual_zh="复产限额多一单位节省的成本",
    dual_en="what one more unit of restart saves",
    implements=("R9",),
    algebra="""
        restart[unit, site, period] ≤ restart_limit[unit, site]
        × 12 × length[period] × (existing[unit, site, period] + effects[unit, site, stage(period)])
        ∀ unit, site, period: restart_limit[unit, site] ≠ ∅
    """,
)
def restart_limit(m: Any, u: str, s: str, p: str) -> Any:
    """restart ≤ restart_limit × 12 × length × living capacity."""
    return m.restart[u, s, p] - m.restart_share[u, s, p] * change(m, u, s, p) <= m.restart_limit_upper[u, s, p]


CARDS = (running_capacity, running_use, minimum_load, restart_rise, restart_limit)
