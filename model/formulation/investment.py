"""Investment and closure: what is chosen, how large it is and what it costs; closures never take away more than exists."""

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
    implements=("R5", "R8"),
    algebra="""
        Σ option, decided ≤ stage: per_size[option, unit, site] × size[option, decided]
        + per_open[option, unit, site] × open[option, decided]
        ≥ −(1 + 1e-9) × min(existing[unit, site, period]: period ∈ stage)
        ∀ unit, site, stage: min(per_size[option, unit, site], per_open[option, unit, site]) < 0
    """,
)
def closure(m: Any, u: str, s: str, y: str) -> Any:
    """Σ effects ≥ −existing × (1 + 1e-9)."""
    sizes = sum(m.per_size[o, u, s] * m.size[o, d] for o, d in m.STAGE_SIZES[u, s, y])
    opens = sum(m.per_open[o, u, s] * m.open[o, d] for o, d in m.STAGE_OPENS[u, s, y])
    return sizes + opens >= m.closure_lower[u, s, y]


@constraint(
    "size_floor",
    zh="选项{option}({stage})一旦选用,规模不低于最小规模",
    en="option {option} ({stage}): once chosen, its size reaches the minimum",
    unit="size",
    sign="+",
    dual_zh="最小规模多一单位的成本",
    dual_en="cost of one more unit of minimum size",
    implements=("R6",),
    algebra="""
        size[option, stage] ≥ min_size[option, stage] × open[option, stage]
        ∀ option, stage: min_size[option, stage] > 0, forced[option, stage] = ∅
    """,
)
def size_floor(m: Any, o: str, y: str) -> Any:
    """size ≥ min_size × open."""
    return m.size[o, y] - m.min_size[o, y] * m.open[o, y] >= 0


@constraint(
    "size_ceiling",
    zh="选项{option}({stage})选用后才有规模,且不超过最大规模",
    en="option {option} ({stage}): a size only once chosen, and no more than the maximum",
    unit="size",
    sign="-",
    dual_zh="最大规模多一单位节省的成本",
    dual_en="what one more unit of maximum size saves",
    implements=("R6",),
    algebra="""
        size[option, stage] ≤ max_size[option, stage] × open[option, stage]
        ∀ option, stage: open[option, stage] ∈ {0, 1}, forced[option, stage] = ∅, (option, stage) ∉ option_points
    """,
)
def size_ceiling(m: Any, o: str, y: str) -> Any:
    """size ≤ max_size × open."""
    return m.size[o, y] - m.max_size[o, y] * m.open[o, y] <= 0


@constraint(
    "point_choice",
    zh="选项{option}({stage})的成本点权重之和等于是否选用",
    en="option {option} ({stage}): weights of its cost points add up to its yes/no",
    unit="1",
    sign="±",
    dual_zh="权重之和比是否选用多一份时成本的变化",
    dual_en="change of cost where the weights exceed the yes/no by one",
    implements=("R7",),
    algebra="""
        Σ point: point[option, stage, point] = open[option, stage]
        ∀ option, stage: (option, stage) ∈ option_points
    """,
)
def point_choice(m: Any, o: str, y: str) -> Any:
    """Σ weight of points = open."""
    return sum(m.point[o, y, q] for q in m.POINTS[o, y]) - m.open[o, y] == 0


@constraint(
    "point_size",
    zh="选项{option}({stage})的规模是成本点规模的加权和",
    en="option {option} ({stage}): its size is the mixture of its cost points",
    unit="size",
    sign="±",
    dual_zh="规模比成本点的混合多一单位时成本的变化(负值为节省)",
    dual_en="change of cost where the size exceeds the mixture by one unit (negative: saved)",
    implements=("R7",),
    algebra="""
        size[option, stage] = Σ point: option_points.size[option, stage, point] × point[option, stage, point]
        ∀ option, stage: (option, stage) ∈ option_points
    """,
)
def point_size(m: Any, o: str, y: str) -> Any:
    """size = Σ size of point × weight of point."""
    return m.size[o, y] - sum(m.size_there[o, y, q] * m.point[o, y, q] for q in m.POINTS[o, y]) == 0


CARDS = (closure, size_floor, size_ceiling, point_choice, point_size)
