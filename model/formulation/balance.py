"""Balances: what is made, arrives, is bought or drawn from stock covers what is used, shipped, sold or stored."""

from __future__ import annotations

from typing import Any

from model.formulation.cards import constraint

SURPLUS = """
Σ technology: quantity[technology, site, commodity] × activity[technology, site, period]
+ Σ from, mode: delivered_share[commodity, from, site, mode, period] × flow[commodity, from, site, mode, period]
− Σ to, mode: flow[commodity, site, to, mode, period]
+ Σ tier: supply[commodity, site, tier, period]
− Σ segment: sale[commodity, site, segment, period]
+ (1 − loss[commodity, site])^length[period] × stock[commodity, site, previous(period)]
− stock[commodity, site, period]
"""


def surplus(m: Any, k: str, s: str, p: str) -> Any:
    """Net amount of good ``k`` left at site ``s`` in period ``p``, in the unit of the good."""
    return (
        sum(m.quantity[t, s, k] * m.activity[t, s, p] for t in m.PROCESSES[k, s, p])
        + sum(m.delivered_share[k, o, s, mode, p] * m.flow[k, o, s, mode, p] for o, mode in m.ARRIVALS[k, s, p])
        - sum(m.flow[k, s, d, mode, p] for d, mode in m.DEPARTURES[k, s, p])
        + sum(m.supply[k, s, tier, p] for tier in m.TIERS[k, s, p])
        - sum(m.sale[k, s, segment, p] for segment in m.SEGMENTS[k, s, p])
        + sum(m.retained[k, s, p] * m.stock[k, s, q] for q in m.STOCK_BEFORE[k, s, p])
        - sum(m.stock[k, s, q] for q in m.STOCK_NOW[k, s, p])
    )


@constraint(
    "balance",
    zh="{commodity}在{site}{period}的来源不少于去向",
    en="{commodity} at {site} in {period}: sources cover uses",
    unit="commodity",
    sign="+",
    dual_zh="当地再多需要一单位该物料的成本",
    dual_en="cost of one more unit of the good needed there",
    implements=("R1", "R10"),
    algebra=SURPLUS + "≥ 0\n∀ commodity, site, period: balance[commodity] = free",
)
def balance(m: Any, k: str, s: str, p: str) -> Any:
    """Sources ≥ uses; a surplus may vanish."""
    return surplus(m, k, s, p) >= 0


@constraint(
    "balance_exact",
    zh="{commodity}在{site}{period}须全部有去处",
    en="{commodity} at {site} in {period}: every unit must go somewhere",
    unit="commodity",
    sign="±",
    dual_zh="当地再多需要(为负则为再多处置)一单位的成本",
    dual_en="cost of one more unit needed there; negative: cost of getting rid of one",
    implements=("R1", "R10"),
    algebra=SURPLUS + "= 0\n∀ commodity, site, period: balance[commodity] = exact",
)
def balance_exact(m: Any, k: str, s: str, p: str) -> Any:
    """Sources = uses for goods that may not vanish."""
    return surplus(m, k, s, p) == 0


CARDS = (balance, balance_exact)
