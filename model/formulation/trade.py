"""Demand: what must be served, from one source where stated, and baskets with floors and ceilings (rule R12); charged lanes (R11)."""

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
    implements=("R1", "R12"),
    algebra="""
        sale[commodity, site, segment, period] + short[commodity, site, segment, period] ≥ demand.min[commodity, site, segment, period]
        ∀ commodity, site, segment, period: demand.min[commodity, site, segment, period] > 0
    """,
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
    implements=("R1", "R12"),
    algebra="""
        Σ commodity, segment: content[basket, commodity] × sale[commodity, site, segment, period] ≥ basket_demand.min[basket, site, period]
        ∀ basket, site, period: basket_demand.min[basket, site, period] > 0
    """,
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
    implements=("R1", "R12"),
    algebra="""
        Σ commodity, segment: content[basket, commodity] × sale[commodity, site, segment, period] ≤ basket_demand.max[basket, site, period]
        ∀ basket, site, period: basket_demand.max[basket, site, period] ≠ ∅
    """,
)
def basket_ceiling(m: Any, b: str, s: str, p: str) -> Any:
    """Σ content × sold ≤ max."""
    return _content(m, b, s, p) <= m.basket_ceiling_upper[b, s, p]


@constraint(
    "lane_charge",
    zh="{commodity}由{from}到{to}({mode}){period}:付了固定费用才可通行,且不超过最大流量",
    en="{commodity} from {from} to {to} ({mode}) in {period}: flows only once the fixed charge is paid, up to the maximum flow",
    unit="commodity",
    sign="-",
    dual_zh="最大流量多一单位节省的成本",
    dual_en="what one more unit of maximum flow saves",
    implements=("R1", "R11"),
    algebra="""
        flow[commodity, from, to, mode, period] ≤ max_flow[commodity, from, to, mode, period] × lane_open[commodity, from, to, mode, when]
        when = period, lanes.period = period
        when = stage(period), lanes.period ∈ {stage(period), *}
        ∀ commodity, from, to, mode, period: lanes.fixed_cost[commodity, from, to, mode, period] > 0
    """,
)
def lane_charge(m: Any, k: str, o: str, d: str, mode: str, p: str) -> Any:
    """flow ≤ max_flow × lane_open."""
    return m.flow[k, o, d, mode, p] - sum(m.largest_flow[k, o, d, mode, p] * m.lane_open[k, o, d, mode, w] for w in m.CHARGES[k, o, d, mode, p]) <= 0


@constraint(
    "single_source",
    zh="{site}的{commodity}{period}只由一条线路供应",
    en="{commodity} at {site} in {period} comes over one single lane",
    unit="1",
    sign="±",
    dual_zh="多一条供应线路的成本",
    dual_en="cost of one more supplying lane",
    implements=("R12",),
    algebra="""
        Σ from, mode: source[commodity, from, site, mode, period] = 1
        ∀ commodity, site, period: single_source[commodity, site, period] = 1
    """,
)
def single_source(m: Any, k: str, s: str, p: str) -> Any:
    """Σ source over the inbound lanes = 1."""
    return sum(m.source[k, o, s, mode, p] for o, mode in m.ARRIVALS[k, s, p]) == 1


@constraint(
    "source_flow",
    zh="{commodity}由{from}到{to}({mode}){period}:被选为唯一来源的线路运到全部必保需求,其余不运",
    en="{commodity} from {from} to {to} ({mode}) in {period}: the chosen lane brings the whole demand after losses, any other nothing",
    unit="commodity",
    sign="±",
    dual_zh="沿该线路多运到一单位的成本",
    dual_en="cost of one more unit brought over this lane",
    implements=("R12",),
    algebra="""
        delivered_share[commodity, from, to, mode, period] × flow[commodity, from, to, mode, period]
        = demand.min[commodity, to, period] × source[commodity, from, to, mode, period]
        ∀ commodity, from, to, mode, period: single_source[commodity, to, period] = 1
    """,
)
def source_flow(m: Any, k: str, o: str, d: str, mode: str, p: str) -> Any:
    """delivered_share × flow = min × source."""
    return m.delivered_share[k, o, d, mode, p] * m.flow[k, o, d, mode, p] - m.single_amount[k, o, d, mode, p] * m.source[k, o, d, mode, p] == 0


CARDS = (must_serve, single_source, source_flow, lane_charge, basket_floor, basket_ceiling)
