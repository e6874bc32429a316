"""Rules of trade: lanes with losses and fixed charges, purchases, sales, single sources and baskets (R1, R11, R12)."""

from __future__ import annotations

import math

from model.audit.calendar import records
from model.audit.draft import Draft
from model.audit.program import Key, amount, number

LANE = ("commodity", "from", "to", "mode")
Inbound = dict[Key, list[tuple[Key, int, float]]]  # (commodity, site, period) → lane, column of its flow, share that arrives


def write_lanes(draft: Draft) -> Inbound:
    """flow: leaves whole, arrives × delivered_share; returns the lanes into every place."""
    inbound: Inbound = {}
    for ids, period, row, share in draft.calendar.in_force(draft.core, "lanes", LANE):
        commodity, start, end, _ = ids
        most, delivered = amount(row, "max_flow", share, math.inf), number(row, "delivered_share", 1.0)
        flow = draft.program.column("flow", (*ids, period.name), period.weight * row["unit_cost"], most)
        draft.moves(commodity, end, period.name, flow, delivered)
        draft.moves(commodity, start, period.name, flow, -1.0)
        inbound.setdefault((commodity, end, period.name), []).append((ids, flow, delivered))
        fixed = number(row, "fixed_cost", 0.0)
        if fixed > 0.0:
            opened = _lane_open(draft, ids, period.name if row["period"] == period.name else period.stage, fixed)
            draft.program.row("lane_charge", (*ids, period.name), {flow: 1.0, opened: -most}, -math.inf, 0.0, period.weight)
    return inbound


def _lane_open(draft: Draft, ids: Key, when: str, fixed_cost: float) -> int:
    """R11: one yes/no per stage charged once a year, or one per named period charged weight × probability."""
    known = draft.program.place["lane_open"].get(ids, {}).get(when)
    if known is not None:
        return known
    calendar = draft.calendar
    weight = calendar.by_name[when].weight if when in calendar.by_name else calendar.stage_weight(when)
    return draft.program.column("lane_open", (*ids, when), weight * fixed_cost, 1.0, integer=True)


def write_supply(draft: Draft) -> None:
    """supply: bought or mined between min and max at its price."""
    for ids, period, row, share in draft.calendar.in_force(draft.core, "supply", ("commodity", "site", "tier")):
        lower, upper = amount(row, "min", share, 0.0), amount(row, "max", share, math.inf)
        column = draft.program.column("supply", (*ids, period.name), period.weight * row["price"], upper, lower=lower)
        draft.moves(ids[0], ids[1], period.name, column, 1.0)


def write_demand(draft: Draft, inbound: Inbound) -> None:
    """R12: sold + short ≥ min, short ≤ min, sold ≤ max; the price is received for what is sold."""
    program = draft.program
    for ids, period, row, share in draft.calendar.in_force(draft.core, "demand", ("commodity", "site", "segment")):
        least, most, key = amount(row, "min", share, 0.0), amount(row, "max", share, math.inf), (*ids, period.name)
        sale = program.column("sale", key, -period.weight * row["price"], most)
        draft.moves(ids[0], ids[1], period.name, sale, -1.0)
        if least > 0.0:
            served = {sale: 1.0}
            shortage = number(row, "shortage_price")
            if not math.isnan(shortage):
                served[program.column("short", key, period.weight * shortage, least)] = 1.0
            program.row("must_serve", key, served, least, math.inf, period.weight)
        if number(row, "single_source", 0.0) == 1.0:
            _write_single_source(draft, (ids[0], ids[1], period.name), least, inbound)


def _write_single_source(draft: Draft, place: Key, amount: float, inbound: Inbound) -> None:
    """R12: exactly one inbound lane brings the whole amount after losses, the others nothing."""
    weight = draft.calendar.by_name[place[2]].weight
    chosen = {}
    for ids, flow, delivered in inbound.get(place, []):
        source = draft.program.column("source", (*ids, place[2]), 0.0, 1.0, integer=True)
        chosen[source] = 1.0
        draft.program.row("source_flow", (*ids, place[2]), {flow: delivered, source: -amount}, 0.0, 0.0, weight)
    draft.program.row("single_source", place, chosen, 1.0, 1.0, weight)


def write_baskets(draft: Draft) -> None:
    """R12: Σ content × sold over all demand rows of the site between floor and ceiling."""
    contents: dict[str, dict[str, float]] = {}
    for row in records(draft.core, "baskets"):
        contents.setdefault(row["basket"], {})[row["commodity"]] = row["content"]
    sales: dict[Key, list[tuple[str, int]]] = {}
    for (commodity, site, _), columns in draft.program.place["sale"].items():
        for when, sale in columns.items():
            sales.setdefault((site, when), []).append((commodity, sale))
    for (basket, site), period, row, share in draft.calendar.in_force(draft.core, "basket_demand", ("basket", "site")):
        content, sold = contents.get(basket, {}), sales.get((site, period.name), [])
        terms = {sale: content[commodity] for commodity, sale in sold if commodity in content}
        least, most, key = amount(row, "min", share, 0.0), amount(row, "max", share, math.inf), (basket, site, period.name)
        if least > 0.0:
            draft.program.row("basket_floor", key, terms, least, math.inf, period.weight)
        if most < math.inf:
            draft.program.row("basket_ceiling", key, dict(terms), -math.inf, most, period.weight)
