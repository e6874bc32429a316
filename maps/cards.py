"""The cards at the top of the page: the objective, what each stage makes, how far goods travel."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd
from markupsafe import Markup

from maps.escape import both, pair, unit_markup, word
from maps.figures import compact, number
from maps.flows import drawn_unit
from maps.palette import STAGE_COLOURS
from maps.parks import PIE_STAGES, capacity_by_stage
from maps.view import ReportView

EVEN = 1e-6  # of the base: the solver's rounding


@dataclass(frozen=True)
class Card:
    """One key figure with its unit and a line below; ``key`` and ``amount`` stand for it in tables/cards.csv."""

    name: Markup
    value: str
    unit: Markup
    more: Markup = Markup("")
    colour: str = ""
    key: str = ""
    amount: float = math.nan
    sign: float = 1.0  # -1 where the amount is shown with its sign turned
    kind: str = ""  # unit of the amount
    difference: Markup = Markup("")


def cards(view: ReportView) -> list[Card]:
    """The objective, with and without what others would miss anyway, the yearly output of each stage that works, the freight."""
    found = [_objective(view), *_net(view), *_outputs(view), *_freight(view)]
    return [replace(card, difference=_difference(card, view)) for card in found]


def amounts(view: ReportView) -> dict[str, tuple[float, str]]:
    """Card → value in full and unit, as ``maps/base_line.py`` keeps them."""
    return {card.key: (card.amount, card.kind) for card in cards(view) if math.isfinite(card.amount)}


def _difference(card: Card, view: ReportView) -> Markup:
    """How far the figure is from that of the base, where both are of one kind; sums over several years have no base."""
    if view.base is None or card.key not in view.base.values or (card.key == "objective" and any(view.year)):
        return Markup("")
    value, kind = view.base.values[card.key]
    if kind != card.kind:
        return Markup("")
    change = card.sign * (card.amount - value)
    if abs(change) <= EVEN * max(1.0, abs(value)):
        return both(*(pair("card_even", base=view.base.title[at])[at] for at in (0, 1)))
    text = ("+" if change > 0 else "") + compact(change)
    return both(*(pair("card_versus", base=view.base.title[at], change=text)[at] for at in (0, 1)))


def _objective(view: ReportView) -> Card:
    """The objective as the solver states it (net cost: negative is a gain)."""
    summary = view.summary
    value = summary.get("objective")
    gain = isinstance(value, float) and value < 0
    more = word("card_all_years") if any(view.year) else Markup("")
    shown_value = compact(-value if isinstance(value, float) and gain else value)
    unit = unit_markup(view.money)
    amount = value if isinstance(value, float) else math.nan
    name, kind = word("card_margin" if gain else "card_objective"), str(summary.get("unit", ""))
    return Card(name, shown_value, unit, more, key="objective", amount=amount, sign=-1.0 if gain else 1.0, kind=kind)


def _net(view: ReportView) -> list[Card]:
    """The objective less the shedding that would happen without the industry too, where there is any (decision D24)."""
    value, known = view.summary.get("objective"), view.shedding.dropna()
    if not isinstance(value, float) or known.empty:
        return []
    net = value - float(known["anyway_cost"].sum())
    more = word("card_shedding", all=number(known["cost"].sum()), anyway=number(known["anyway_cost"].sum()))
    name = word("card_net_margin" if net < 0 else "card_net_cost")
    return [Card(name, compact(abs(net)), unit_markup(view.money), more)]


def _outputs(view: ReportView) -> list[Card]:
    """Yearly activity per stage beside capacity before and after."""
    made = output_by_stage(view)
    capacity = capacity_by_stage(view).groupby("stage")[["existing", "after"]].sum()
    found = []
    for stage in PIE_STAGES:
        output = float(made.get(stage, 0.0))
        if output <= 1e-9:
            continue
        more = Markup("")
        if stage in capacity.index:
            more = word("card_capacity", before=number(capacity.at[stage, "existing"]), after=number(capacity.at[stage, "after"]))
        zh, en = pair(f"stage_{stage}")
        name = both(pair("card_output", stage=zh)[0], pair("card_output", stage=en)[1])
        found.append(Card(name, number(output), word("unit_kt_yr"), more, STAGE_COLOURS[stage], f"output_{stage}", output, kind="kt"))
    return found


def output_by_stage(view: ReportView) -> pd.Series:
    """Yearly activity of each stage of the chain."""
    return view.activity.merge(view.technologies, on="technology", how="left").groupby("stage")["value"].sum()


def haulage(view: ReportView) -> tuple[float, float]:
    """Million tonne-kilometres of the goods counted in kt, and their kt; nothing where the kilometres are not known."""
    goods = set(view.commodities.loc[view.commodities["unit"] == drawn_unit(view), "commodity"])
    rows = view.flow[view.flow["commodity"].isin(goods) & (view.flow["from"] != view.flow["to"])]
    work = float((rows["value"] * rows["kilometres"]).sum()) / 1000  # kt × km = thousand t-km
    tonnes = float(rows["value"].sum())
    known = drawn_unit(view) == "kt" and tonnes > 0 and math.isfinite(work) and work > 0
    return (work, tonnes) if known else (0.0, 0.0)


def _freight(view: ReportView) -> list[Card]:
    """Freight with the mean distance, where it is known."""
    work, tonnes = haulage(view)
    if not tonnes:
        return []
    return [Card(word("card_freight"), number(work), word("unit_million_tkm"), word("card_kilometres", km=number(1000 * work / tonnes)),
                 key="freight", amount=work, kind="Mt-km")]
