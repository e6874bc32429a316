"""Capacity: activities share the capacity of units; options add to it or take from it."""

from __future__ import annotations

from typing import Any

from model.formulation.cards import constraint

EFFECTS = """
effects[unit, site, stage]
= Σ option, decided ≤ stage: per_size[option, unit, site] × size[option, decided] + per_open[option, unit, site] × open[option, decided]
"""


def change(m: Any, u: str, s: str, p: str) -> Any:
    """Yearly capacity that options add (negative: remove) at unit ``u``, site ``s`` by the stage of period ``p``."""
    return sum(m.per_size[o, u, s] * m.size[o, y] for o, y in m.SIZES[u, s, p]) + sum(m.per_open[o, u, s] * m.open[o, y] for o, y in m.OPENS[u, s, p])


def used(m: Any, u: str, s: str, p: str) -> Any:
    """Capacity of unit ``u`` that the activities of period ``p`` occupy."""
    return sum(m.use[t, s, u] * m.activity[t, s, p] for t in m.USERS[u, s, p])


@constraint(
    "capacity",
    zh="{unit}在{site}{period}的占用不超过产能",
    en="{unit} at {site} in {period}: use stays within capacity",
    unit="capacity",
    sign="-",
    dual_zh="该时段产能再多一单位节省的成本",
    dual_en="what one more unit of capacity saves",
    implements=("R1", "R2", "R5"),
    algebra="""
        Σ technology: use[technology, unit] × activity[technology, site, period]
        ≤ length[period] × (existing[unit, site, period] + effects[unit, site, stage(period)])
        ∀ unit, site, period: (unit, site) ∉ units
    """,
)
def capacity(m: Any, u: str, s: str, p: str) -> Any:
    """Σ use × activity ≤ length × (existing + Σ effects of options up to this stage)."""
    return used(m, u, s, p) - m.length[p] * change(m, u, s, p) <= m.capacity_upper[u, s, p]


CARDS = (capacity,)
