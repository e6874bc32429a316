"""The comparison page: question and answer, key figures, difference map, maps side by side, tables; one file without any request."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from maps import charts, comparison_tables
from maps.comparison_maps import draw
from maps.comparison_view import ComparisonView, Measure
from maps.difference import COLOURS, LEAST, LESS, MORE
from maps.escape import both, pair, shown, unit_words, word
from maps.figures import compact, number
from maps.notice import captions
from maps.sayings import plain, said
from maps.shell import asset, rendered
from maps.view import rows_of
from model import gains

SECTIONS: Final = ("answer", "maps", "plans", "options", "money", "gains", "changes", "indicators", "proof")
BARS: Final = 14  # bars of a chart of changes; the rest is small
SEEN: Final = 0.5  # million yuan that make a bar


@dataclass(frozen=True)
class Card:
    """A key figure: one row per plan with its letter, its value and its change from the first."""

    name: Markup
    unit: Markup
    rows: tuple[tuple[Markup, str, Markup], ...]
    colour: str


def page(view: ComparisonView) -> str:
    """The whole page as HTML. Raises ExternalAssetError if anything in it would be loaded from outside."""
    context = _context(view)
    context["sections"] = [(key, word(f"section_versus_{key}")) for key in SECTIONS if _present(context[key])]
    after = [f"{asset('views.js')}\nviews(document.querySelectorAll('.map-frame'));"] if context["map"] else []
    return rendered("compare.html.j2", context, after=after)


def _present(found: object) -> bool:
    rows = getattr(found, "rows", None)
    return bool(found if rows is None else rows)


def _context(view: ComparisonView) -> dict[str, Any]:
    """Everything the template shows."""
    maps = draw(view)
    tables = {table.key: comparison_tables.part(view, table) for table in view.parts if table.key != "options"}
    titles = {table.key: both(*table.title) for table in view.parts}
    swaps = [comparison_tables.options(view, table) for table in view.parts if table.key == "options"]
    unit = unit_words(view.unit)
    names = [_name(view, name) for name in view.names]
    return {
        "title": pair("compare_heading")[0] + " / " + pair("compare_heading")[1], "heading": _heading(view), "subtitle": _subtitle(view),
        "language": view.language,
        **captions(view, view.views[0]), "map": maps is not None, "least": number(LEAST, 1), "unit": both(*unit),
        "money_lead": both(*(pair("lead_versus_money", unit=unit[at] or "—")[at] for at in (0, 1))),
        "question": both(*_question(view)), "ranking": [both(*one) for one in view.ranking],
        "answer": list(zip(names[1:], ([both(*one) for one in told] for told in view.answers), strict=True)),
        "inputs": [[both(*one) for one in told] for told in view.inputs], "cards": [_card(view, measure) for measure in view.measures],
        "maps": list(zip(names[1:], maps.differences, maps.moves, strict=True)) if maps else [],
        "plans": list(zip(names, maps.plans, strict=True)) if maps else [], "ground": maps.ground if maps else "",
        "legend": maps.legend if maps else [], "difference_legend": maps.difference_legend if maps else [],
        "options": swaps[0] if swaps else [],
        "money": [(titles[key], table) for key, table in tables.items() if key not in ("site", "city", "region")],
        "classes": [(names[at], chart) for at, chart in _class_charts(view)],
        "gains": [(names[at], chart, comparison_tables.gained(view, view.names[at])) for at, chart in _gain_charts(view)],
        "changes": comparison_tables.changes(view), "indicators": comparison_tables.indicators(view), "proof": comparison_tables.proof(view),
        "sites": [(titles[key], tables[key]) for key in ("region", "city", "site") if key in tables],
    }


def _name(view: ComparisonView, name: str) -> Markup:
    """Letter and title of a plan."""
    line = view.lines[view.names.index(name)]
    return comparison_tables.badge(view.letter(name)) + Markup(" ") + both(*line.title)


def _heading(view: ComparisonView) -> Markup:
    """How many plans stand beside each other."""
    return word("compare_heading_count", count=len(view.lines))


def _subtitle(view: ComparisonView) -> Markup:
    first = view.lines[0]
    return both(*(pair("compare_subtitle", first=first.title[at])[at] for at in (0, 1)))


def _question(view: ComparisonView) -> tuple[str, str]:
    """What the page answers."""
    first = view.lines[0].title
    if len(view.lines) == 2:
        return said("versus_question", first=first, other=view.lines[1].title)
    return said("versus_question_many", first=first, count=plain(str(len(view.lines) - 1)))


def _card(view: ComparisonView, measure: Measure) -> Card:
    """A measure of all plans; the first has no change."""
    first = measure.values[0]
    rows = [(comparison_tables.badge(view.letter(view.names[0])), compact(first), Markup(""))]
    for name, value in zip(view.names[1:], measure.values[1:], strict=True):
        told = comparison_tables.change_words(value - first)
        rows.append((comparison_tables.badge(view.letter(name)), compact(value), shown(told) if told else word("versus_even")))
    return Card(both(*measure.name), both(*measure.unit), tuple(rows), measure.colour)


def _bars(rows: pd.DataFrame, *, cost: bool) -> Markup:
    """Changes as bars to both sides, the largest first; more cost and less margin have the colour of less."""
    rows = rows[rows["change"].abs() >= SEEN]
    rows = rows.iloc[rows["change"].abs().argsort(kind="stable")[::-1]].head(BARS)
    good, bad = (COLOURS[LESS], COLOURS[MORE]) if cost else (COLOURS[MORE], COLOURS[LESS])
    bars = [(row.name_zh, row.name_en, [(row.change, good if row.change > 0 else bad)]) for row in rows_of(rows)]
    return charts.stacked(bars, ("", ""))


def _class_charts(view: ComparisonView) -> list[tuple[int, Markup]]:
    """Changes of the cost classes of every plan but the first, from the part of the cost classes."""
    found = []
    classes = next((table for table in view.parts if table.key == "cost_class"), None)
    for at in range(1, len(view.names)) if classes else ():
        rows = [(*row[0], row[1 + 2 * at]) for row in classes.rows[:-1] if isinstance(row[0], tuple)] if classes else []
        found.append((at, _bars(pd.DataFrame(rows, columns=["name_zh", "name_en", "change"]), cost=True)))
    return [(at, chart) for at, chart in found if chart]


def _gain_charts(view: ComparisonView) -> list[tuple[int, Markup]]:
    """Changes of the margins of sites under every plan but the first."""
    found = []
    for at, name in enumerate(view.names[1:], start=1):
        mine = view.wins[(view.wins["plan"] == name) & (view.wins["level"] == "site") & (view.wins["measure"] == gains.MARGIN)]
        mine = mine[mine["change"].map(math.isfinite)]
        found.append((at, _bars(mine, cost=False)))
    return [(at, chart) for at, chart in found if chart]
