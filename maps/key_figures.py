"""The key figures of a plan as plain text, for pictures and office files: the numbers that stand on the cards of the page."""

from __future__ import annotations

from dataclasses import dataclass

from maps.cards import haulage, output_by_stage
from maps.escape import pair, unit_words
from maps.figures import compact, number
from maps.palette import STAGE_COLOURS
from maps.parks import PIE_STAGES, capacity_by_stage
from maps.sayings import Pair
from maps.view import ReportView


@dataclass(frozen=True)
class Figure:
    """One key figure: what it is, its value, its unit and a line below."""

    name: Pair
    value: str
    unit: Pair
    more: Pair
    colour: str


def figures(view: ReportView) -> list[Figure]:
    """The objective, the yearly output of each stage that works, freight: the same numbers as on the cards of the page."""
    value = view.summary.get("objective")
    gain = isinstance(value, float) and value < 0
    shown = compact(-value if isinstance(value, float) and gain else value)
    unit = unit_words(view.money)
    found = [Figure(pair("card_margin" if gain else "card_objective"), shown, unit, ("", ""), "#08324f")]
    made, capacity = output_by_stage(view), capacity_by_stage(view).groupby("stage")[["existing", "after"]].sum()
    for stage in PIE_STAGES:
        output = float(made.get(stage, 0.0))
        if output <= 1e-9:
            continue
        said_stage = pair(f"stage_{stage}")
        name = pair("card_output", stage=said_stage[0])[0], pair("card_output", stage=said_stage[1])[1]
        more = ("", "")
        if stage in capacity.index:
            more = pair("card_capacity", before=number(capacity.at[stage, "existing"]), after=number(capacity.at[stage, "after"]))
        found.append(Figure(name, number(output), pair("unit_kt_yr"), more, STAGE_COLOURS[stage]))
    work, tonnes = haulage(view)
    if tonnes:
        more = pair("card_kilometres", km=number(1000 * work / tonnes))
        found.append(Figure(pair("card_freight"), number(work), pair("unit_million_tkm"), more, "#56636f"))
    return found
