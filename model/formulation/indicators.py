"""Indicators: weighted sums over the plan held between a floor and a ceiling, hard or at a price (rules R13–R15)."""

from __future__ import annotations

from typing import Any

from model.formulation.cards import constraint

TOTAL = """
total[indicator, group]
= Σ term, column: coefficient[term] × share[column, group] × column
+ Σ term, unit, site, period: coefficient[term] × share[period, group] × length[period] × existing[unit, site, period]
"""


def total(m: Any, side: str, i: str, g: str) -> Any:
    """Σ coefficient × column over the families that the bound row of indicator ``i`` in group ``g`` counts."""
    return sum([_terms(column, coefficient, members, i, g) for column, coefficient, members in m.indicator_terms[side]])


def _terms(column: Any, coefficient: Any, members: Any, i: str, g: str) -> Any:
    return sum(coefficient[(i, g, *key)] * column[key] for key in members[i, g])


@constraint(
    "indicator_floor",
    zh="指标{indicator}({group})不低于下限",
    en="indicator {indicator} ({group}) reaches its floor",
    unit="indicator",
    sign="+",
    dual_zh="下限提高一单位的成本",
    dual_en="cost of raising the floor by one",
    implements=("R13", "R14", "R15"),
    algebra="""
        total[indicator, group] + excess[indicator, group, min] ≥ indicators.min[indicator] × part[group], per[indicator] = ∅
        total[indicator, group] − indicators.min[indicator] × total[per, group] + excess[indicator, group, min] ≥ 0, per[indicator] ≠ ∅
        ∀ indicator, group: indicators.min[indicator] ≠ ∅
    """,
)
def indicator_floor(m: Any, i: str, g: str) -> Any:
    """Σ coefficient × column + excess ≥ min − constants."""
    return total(m, "floor", i, g) + sum(m.excess[i, g, side] for side in m.FLOOR_EXCESS[i, g]) >= m.indicator_floor_lower[i, g]


@constraint(
    "indicator_ceiling",
    zh="指标{indicator}({group})不超过上限",
    en="indicator {indicator} ({group}) stays under its ceiling",
    unit="indicator",
    sign="-",
    dual_zh="上限提高一单位节省的成本",
    dual_en="what raising the ceiling by one saves",
    implements=("R13", "R14", "R15"),
    algebra="""
        total[indicator, group] − excess[indicator, group, max] ≤ indicators.max[indicator] × part[group], per[indicator] = ∅
        total[indicator, group] − indicators.max[indicator] × total[per, group] − excess[indicator, group, max] ≤ 0, per[indicator] ≠ ∅
        ∀ indicator, group: indicators.max[indicator] ≠ ∅
    """,
)
def indicator_ceiling(m: Any, i: str, g: str) -> Any:
    """Σ coefficient × column − excess ≤ max − constants."""
    return total(m, "ceiling", i, g) - sum(m.excess[i, g, side] for side in m.CEILING_EXCESS[i, g]) <= m.indicator_ceiling_upper[i, g]


CARDS = (indicator_floor, indicator_ceiling)
