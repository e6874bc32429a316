"""Tables of the comparison page: the first plan as it is, every other with its value and below it the change."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from maps.comparison_view import ComparisonView
from maps.difference import LEAST
from maps.escape import both, known_word, shown, unit_markup, word
from maps.figures import compact, percent
from maps.tables import Table, column_heads
from maps.view import STAGES, rows_of
from model import gains
from model.explore.comparison_facts import Part

ROWS: Final = 60  # rows of a table in the page; all stand in the CSV files beside it
SAME: Final = 1e-6  # share of an amount below which a change is rounding
SEEN: Final = 5e-4  # amounts below show as 0
REST: Final = 3  # as many parts that do not change stand in one row
MINUS: Final = re.compile(r"(?<![\w.])-(?=\d)")
Head = tuple[Markup, bool]


def badge(letter: str) -> Markup:
    """The letter of a plan in its frame."""
    return Markup('<span class="badge badge-') + shown(letter) + Markup('">') + shown(letter) + Markup("</span>")


def plan_heads(view: ComparisonView) -> tuple[Head, ...]:
    """A column per plan, with its title where the pointer rests."""
    titles = [shown(" / ".join(dict.fromkeys(line.title))) for line in view.lines]
    named = [badge(view.letter(name)) + Markup(" ") + shown(name) for name in view.names]
    return tuple((Markup('<span title="') + title + Markup('">') + name + Markup("</span>"), True) for title, name in zip(titles, named, strict=True))


def change_words(change: float) -> str:
    """A change with its sign; nothing where it shows as 0."""
    text = compact(change)
    return "" if text in ("0", "—") else text if change < 0 else f"+{text}"


def beside(value: float, change: float) -> Markup:
    """A value with its change beside it; without a change the room stays, so that values stand below each other."""
    return shown(compact(value)) + Markup('<small class="change">') + shown(change_words(change)) + Markup("</small>")


def part(view: ComparisonView, table: Part) -> Table:
    """A table of ``comparison_facts.parts``: value and change of a plan share a cell; the largest change first, the sum last.

    Rows that show as 0 in every plan are left out, and those without a change add up in one row where they are several.
    """
    rows = [(both(*row[0]), [float(cell) for cell in row[1:] if not isinstance(cell, tuple)]) for row in table.rows if isinstance(row[0], tuple)]
    shown_rows = [row for row in rows[:-1] if max(map(abs, row[1])) >= SEEN]
    shown_rows.sort(key=lambda row: -max(map(abs, row[1][2::2])))
    moved = [row for row in shown_rows if any(map(change_words, row[1][2::2]))]
    still = shown_rows[len(moved) :]
    if len(still) >= REST:
        still = [(word("versus_rest", count=len(still)), [sum(column) for column in zip(*(numbers for _, numbers in still), strict=True)])]
    body = [_cells(name, numbers) for name, numbers in (*moved, *still)]
    body += [tuple(Markup("<b>") + cell + Markup("</b>") for cell in _cells(name, numbers)) for name, numbers in rows[-1:]]
    return Table(((both(*table.heads[0]), False), *plan_heads(view)), tuple(body))


def _cells(name: Markup, numbers: Sequence[float]) -> tuple[Markup, ...]:
    """Name, value of the first plan, then value and change of every other."""
    return (name, shown(compact(numbers[0])), *(beside(*pair) for pair in zip(numbers[1::2], numbers[2::2], strict=True)))


def options(view: ComparisonView, table: Part) -> Table:
    """The swap options side by side: every cell is text already, with the hyphen of the terminal for a minus."""
    rows = tuple(tuple(both(*map(_printed, cell)) if isinstance(cell, tuple) else shown(cell) for cell in row) for row in table.rows)
    return Table(((word("col_fact"), False), *plan_heads(view)), rows)


def _printed(text: str) -> str:
    """A text with its minus signs as a page prints them."""
    return MINUS.sub("−", text.strip())


def _moved(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that change by more than rounding."""
    size = frame[["reference", "value"]].abs().max(axis=1).clip(lower=1.0)
    return frame[frame["change"].abs() > SAME * size]


def _pivot(
    view: ComparisonView, frame: pd.DataFrame, keys: list[str], cells: Callable[[Any], tuple[object, ...]], rank: Callable[[float, float], float]
) -> list[tuple[object, ...]]:
    """One row per key: ``cells`` of its first row, the reference and every plan with its change; the highest ``rank`` first."""
    found: list[tuple[float, tuple[object, ...]]] = []
    for _, rows in frame.groupby(keys, sort=False):
        first = next(rows_of(rows))
        plans = {row.plan: row for row in rows_of(rows)}
        weight = max(rank(row.reference, row.change) for row in plans.values())
        values = [_of_plan(plans.get(name), first.reference) for name in view.names[1:]]
        found.append((weight, (*cells(first), shown(compact(first.reference)), *values)))
    return [row for _, row in sorted(found, key=lambda entry: -entry[0])]


def _of_plan(row: Any | None, reference: float) -> Markup:
    """The cell of one plan; a plan without a row has the value of the first."""
    return shown(compact(reference)) if row is None else beside(row.value, row.change)


def _keyed(frame: pd.DataFrame, keys: list[str], moved: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``frame`` of every key that changes in some plan."""
    return frame.merge(moved[keys].drop_duplicates(), on=keys)


def changes(view: ComparisonView) -> Table:
    """Capacity and output that change, the largest change first."""
    keys = ["what", "id", "site"]
    frame = _keyed(view.changes, keys, view.changes[view.changes["change"].abs() >= LEAST])
    rows = _pivot(view, frame, keys, _change_cells, lambda _, change: abs(change))
    heads = (*column_heads("place stage what_changes process"), *plan_heads(view))
    return Table(heads, tuple(rows[:ROWS]), max(0, len(rows) - ROWS), where="rows_in_files")


def _change_cells(row: Any) -> tuple[object, ...]:
    """Place, stage of the chain, capacity or output, name."""
    fields = row._asdict()
    chain = fields["chain"]
    mark = Markup('<i class="swatch stage-') + shown(chain if chain in STAGES else "other") + Markup('"></i>')
    return (
        both(fields["site_zh"], fields["site_en"]), mark + known_word("stage", chain), known_word("what", fields["what"]),
        both(fields["name_zh"], fields["name_en"]),
    )


def indicators(view: ComparisonView) -> Table:
    """Indicators that differ by what can be printed, the largest relative change first."""
    keys, moved = ["indicator", "group"], _moved(view.indicators)
    frame = _keyed(view.indicators, keys, moved[moved["change"].map(change_words) != ""])
    several = frame["group"].nunique() > 1
    rows = _pivot(
        view, frame, keys, lambda row: (both(row.name_zh, row.name_en), _group(row) if several else "", unit_markup(row.unit)),
        lambda reference, change: abs(change) / max(abs(reference), 1e-9) if math.isfinite(change) else 0.0,
    )
    heads, kept = (*column_heads("indicator group unit"), *plan_heads(view)), [place for place in range(3 + len(view.names)) if place != 1 or several]
    return Table(tuple(heads[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows))


def _group(row: Any) -> Markup:
    """The name of a stage, branch or period; its id where it has none."""
    return both(getattr(row, "group_zh", row.group), getattr(row, "group_en", row.group))


def gained(view: ComparisonView, name: str) -> Table:
    """What every region and, below, every site has more or less of under the plan called ``name``."""
    mine = _moved(view.wins[(view.wins["plan"] == name) & view.wins["level"].isin(("region", "site"))])
    measures = {row.measure: row for row in rows_of(mine)}
    order = sorted(measures, key=lambda measure: (measure != gains.MARGIN, measure != gains.RIGHTS, measure))
    rows: list[tuple[object, ...]] = []
    for level in ("region", "site"):
        places = mine[mine["level"] == level]
        margins = places[places["measure"] == gains.MARGIN].set_index("id")["change"]
        for place in sorted(dict.fromkeys(places["id"]), key=lambda place: -float(margins.get(place, 0.0))):
            rows.append(_place(places[places["id"] == place], order, bold=level == "region"))
    titles = [both(measures[measure].measure_zh, measures[measure].measure_en) + _unit(view, measure, measures[measure].unit) for measure in order]
    heads = [(title, True) for title in titles]
    return Table((*column_heads("place"), *heads), tuple(rows), kind="broken-heads")


def _place(rows: pd.DataFrame, measures: Sequence[str], *, bold: bool) -> tuple[object, ...]:
    """One place with the change of every measure."""
    found = {row.measure: row for row in rows_of(rows)}
    name = both(next(iter(found.values())).name_zh, next(iter(found.values())).name_en)
    cells = [shown(change_words(found[measure].change)) if measure in found else Markup("") for measure in measures]
    return tuple(Markup("<b>") + cell + Markup("</b>") if bold else cell for cell in (name, *cells))


def _unit(view: ComparisonView, measure: str, unit: str) -> Markup:
    """The unit below the name of a measure."""
    written = view.unit if measure in (gains.MARGIN, gains.RIGHTS) else unit or ("kt" if measure == "tonnes" else "")
    return Markup("<small>") + unit_markup(written) + Markup("</small>") if written else Markup("")


def proof(view: ComparisonView) -> Table:
    """Status, objective, gap and fingerprint of every plan."""
    rows = [
        (
            badge(view.letter(line.name)) + Markup(" ") + shown(line.name), both(*line.title), known_word("status", line.status),
            shown(compact(line.objective)) + Markup(" ") + unit_markup(view.unit), percent(line.gap, 2),
            Markup("<code>") + shown(line.case_hash[:16]) + Markup("</code>"),
        )
        for line in view.lines
    ]
    heads = column_heads("plan title_of_plan status #objective_value #gap_of_plan case_hash")
    return Table(heads, tuple(rows))

