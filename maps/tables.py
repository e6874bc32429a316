"""Tables of the page: what each shows, with units in the heads and numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from maps import charts
from maps.escape import MONEY_UNKNOWN, both, known_word, note_markup, shown, unit_markup, word
from maps.figures import YUAN_PER_TONNE, compact, number, percent
from maps.flows import drawn_unit
from maps.names import Names
from maps.parks import work_by_stage
from maps.view import STAGES, ReportView, cells_of, rows_of

FLOWS: Final = 60  # rows of the flow table in the page; all stand in the workbook
DUALS: Final = 10  # shadow prices told of each good and kind; all stand in the workbook
KINDS: Final = ("power", "pool", "gate", "park", "supply", "indicator")  # of shadow prices, in their order
STATUSES: Final = ("built", "partly", "closed", "not_built", "later", "off", "forbidden", "restrained", "sunk", "existing")
GRADE_COLOURS: Final = {"A": "#009e73", "B": "#56b4e9", "C": "#e69f00", "D": "#d55e00"}


@dataclass(frozen=True)
class Table:
    """Heads (words, numeric?) and rows of cells; a cell that is not markup is escaped by the page's template."""

    heads: tuple[tuple[Markup, bool], ...]
    rows: tuple[tuple[object, ...], ...]
    left_out: int = 0
    kind: str = ""  # class of the style sheet
    where: str = "rows_left_out"  # the word that says where the rows left out stand


def column_heads(keys: str) -> tuple[tuple[Markup, bool], ...]:
    """Heads from the keys ``col_…``; a leading # marks a column of numbers."""
    return tuple((word(f"col_{key.lstrip('#')}"), key.startswith("#")) for key in keys.split())


def plan(view: ReportView, names: Names) -> Table:
    """Capacity per park and stage before and after the plan, and what is made there, if only on the lines of another stage."""
    rows = []
    before = None
    for row in rows_of(work_by_stage(view)):
        name = names.site_markup(row.site) if row.site != before else ""
        change = [number(value) if value else "·" for value in (row.added, row.closed)]
        before = row.site
        rows.append((name, _stage(row.stage), number(row.existing), *change, number(row.after), number(row.output)))
    return Table(column_heads("park stage #existing_kt #added_kt #closed_kt #after_kt #output_kt"), tuple(rows))


def _rank(status: str) -> int:
    """Projects that are taken come first, then those that could be, then the others."""
    return STATUSES.index(status) if status in STATUSES else len(STATUSES)


def tight(text: str) -> Markup:
    """A short text that is not broken at its hyphens; a long one may be."""
    return Markup('<span class="tight">') + shown(text) + Markup("</span>") if len(text) < 16 else shown(text)


def _unit(unit: str) -> Markup:
    """A unit that is not broken over lines."""
    return Markup('<span class="tight">') + unit_markup(unit) + Markup("</span>")


def without_blank_columns(heads: tuple[tuple[Markup, bool], ...], rows: Sequence[tuple[object, ...]], left_out: int = 0) -> Table:
    """A table without the columns in which no row says anything."""
    kept = [place for place in range(len(heads)) if any(row[place] != "" for row in rows)]
    return Table(tuple(heads[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows), left_out)


def _stage(stage: str) -> Markup:
    """A coloured square and the word of a stage."""
    return Markup('<span class="tight">') + _mark(stage) + known_word("stage", stage) + Markup("</span>")


def _mark(stage: str) -> Markup:
    """The coloured square of a stage."""
    return Markup('<i class="swatch stage-') + shown(stage if stage in STAGES else "other") + Markup('"></i>')


def _status(row: Any) -> Markup:
    """A status as a coloured mark; the year stands in that of a project that serves later."""
    known = word("status_later", year=f"{row.year:.0f}") if row.status == "later" else known_word("status", row.status)
    return Markup('<span class="status status-') + shown(row.status) + Markup('">') + known + Markup("</span>")


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Options that are taken come first, then those that could be, the nearest to it first, then the others."""
    ranks = rows.assign(_rank=rows["status"].map(_rank), _miss=rows["misses"].fillna(math.inf))
    return ranks.sort_values(["_rank", "_miss"], kind="stable")


def projects(view: ReportView, names: Names) -> Table:
    """Every named project: what it costs, what its capacity is worth to the plan, what it misses, and why."""
    named = view.plan[(view.plan["group"] == "project") | ((view.plan["group"] == "swap") & (view.plan["status"] != "off"))]
    rows = [
        (
            _project(row, names), _status(row), number(row.named_size), number(row.size),
            *(number(value) if math.isfinite(value) else "" for value in (row.charge, row.worth, row.misses, row.first_misses, row.product_misses)),
            _lines(both(row.why_zh, row.why_en), note_markup(row.note)), tight(row.clause),
        )
        for row in rows_of(_ranked(named))
    ]
    heads = "project status #named_kt #planned_kt #charge #worth #misses #first_misses #product_misses why clause"
    return replace(without_blank_columns(column_heads(heads), rows), kind="broken-heads")


def _project(row: Any, names: Names) -> Markup:
    """Name and stage of a project, its park below."""
    return _lines(_mark(row.stage) + both(row.name_zh, row.name_en), names.site_markup(row.site))


def _lines(first: Markup, second: Markup) -> Markup:
    """Two lines, the second small."""
    return first + Markup("<small>") + second + Markup("</small>") if second else first


def options(view: ReportView, names: Names) -> Table:
    """Generic expansions and what this scenario has not switched on, with status, size and clause."""
    rest = view.plan[(view.plan["group"] != "project") & ((view.plan["group"] != "swap") | (view.plan["status"] == "off"))]
    rows = [
        (
            names.site_markup(row.site), both(row.name_zh, row.name_en), _stage(row.stage), _status(row),
            number(row.size), number(row.max_size), tight(row.clause), note_markup(row.note),
        )
        for row in rows_of(_ranked(rest))
    ]
    return without_blank_columns(column_heads("park project stage status #size_kt #max_kt clause note"), rows)


def flows(view: ReportView, names: Names) -> Table:
    """The largest flows of the year."""
    own = view.summary.get("unit") == MONEY_UNKNOWN  # the author's own money and units: nothing is converted
    rows = view.flow[view.flow["from"] != view.flow["to"]]
    goods = set(view.commodities.loc[view.commodities["unit"] == drawn_unit(view), "commodity"])
    rows = rows[rows["commodity"].isin(goods)].assign(_tkm=rows["value"] * rows["kilometres"], _cost=rows["value"] * rows["unit_cost"])
    keys = ["commodity", "from", "to", "mode"]
    sums = rows.groupby(keys, as_index=False)[["value", "_tkm", "_cost"]].sum(min_count=1)
    sums = sums[sums["value"] > 0.005].sort_values(["value", *keys], ascending=[False] + [True] * 4)
    body = tuple(
        (
            names.good_markup(row[0]), names.site_markup(row[1]), names.site_markup(row[2]), known_word("mode", row[3]),
            number(row[4], 1), number(row[5] / row[4]),
            compact(row[6] / row[4]) if own else number(YUAN_PER_TONNE * row[6] / row[4]),
        )
        for row in cells_of(sums.head(FLOWS))
    )
    heads = "good from to mode #flow_own #km #freight_own" if own else "good from to mode #flow_kt #km #freight"
    return Table(column_heads(heads), body, max(0, len(sums) - FLOWS))


def trade(view: ReportView, names: Names, table: str) -> Table:
    """Yearly supply, sale or shortage per good and site, cities together; what is free here is paid by somebody else."""
    frame: pd.DataFrame = getattr(view, table)
    cities = set(view.sites.loc[view.sites["kind"] == "city", "site"])
    rows = frame[frame["value"] > 0].assign(_money=frame["value"] * frame["price"], _place=frame["site"].where(~frame["site"].isin(cities), ""))
    keys = ["commodity", "_place"]
    sums = rows.groupby(keys, as_index=False).agg(value=("value", "sum"), _money=("_money", "sum"), _sites=("site", "nunique"))
    sums = sums[sums["value"] > 1e-6].sort_values(["commodity", "value"], ascending=[True, False])
    body = tuple(
        (
            names.good_markup(good), names.site_markup(place) if place else word("cities", count=sites), number(value, 1),
            unit_markup(names.unit.get(good, "")), word(f"unpaid_{table}") if money == 0 else number(money, 1),
        )
        for good, place, value, money, sites in cells_of(sums)
    )
    return Table(column_heads("good site #amount unit #money"), body)


def indicators(view: ReportView) -> Table:
    """Value, bounds and clause of each indicator, and whether a bound binds."""
    rows = []
    several = view.indicators.groupby("indicator")["group"].nunique() > 1  # a group that is the only one says nothing
    for row in rows_of(view.indicators):
        state = _state(row.value, row.min, row.max)
        mark = Markup(f'<span class="state state-{state}">') + word(f"state_{state}") + Markup("</span>")
        name = both(row.name_zh, row.name_en)
        group = both(row.group_zh or row.group, row.group_en or row.group) if several[row.indicator] else ""
        rows.append((name, group, compact(row.value), compact(row.min), compact(row.max), _unit(row.unit), mark, tight(row.clause)))
    return without_blank_columns(column_heads("indicator group #value #min #max unit state clause"), rows)


def _state(value: float, low: float, high: float) -> str:
    """free, met, binding or missed, with a tolerance of 1e-6 of the bound."""
    gaps = [gap / max(1.0, abs(bound)) for gap, bound in ((value - low, low), (high - value, high)) if math.isfinite(bound)]
    if not gaps or math.isnan(value):
        return "free"
    return "missed" if min(gaps) < -1e-6 else "binding" if min(gaps) <= 1e-6 else "met"


def switch_points(points: pd.DataFrame) -> Table:
    """The value of each input at which an answer flips, and how far that is in low–high ranges of the input itself."""
    rows = []
    for row in rows_of(points):
        reach = row.high - row.low
        known = all(map(math.isfinite, (row.central, row.flips_at, reach))) and reach > 0
        distance = (row.flips_at - row.central) / reach if known else float("nan")
        fragile = known and row.low <= row.flips_at <= row.high
        state = "open" if not math.isfinite(row.flips_at) else "fragile" if fragile else "firm"
        note = both(row.note_zh, row.note_en) if row.note_zh or row.note_en else note_markup(getattr(row, "note", ""))
        rows.append((
            both(row.what_zh, row.what_en), both(row.input_zh, row.input_en), compact(row.central), compact(row.flips_at),
            _unit(row.unit), charts.gauge(row.central, row.flips_at, row.low, row.high),
            number(abs(distance), 1) + " ×" if known else "—",
            Markup(f'<span class="state state-{state}">') + word(f"switch_{state}") + Markup("</span>"), note,
        ))
    return without_blank_columns(column_heads("answer input #central #flips unit range #distance verdict note"), rows)


def benchmarks(view: ReportView) -> Table:
    """Published costs beside the build-up from the dataset's own technologies and prices, with the named gaps."""
    body = tuple(
        (
            both(row.name_zh, row.name_en), compact(row.published), compact(row.built), _signed_share(row.difference), _unit(row.unit),
            both(row.inputs_zh, row.inputs_en), both(row.note_zh, row.note_en), tight(row.source) + Markup(" ") + shown(row.grade),
        )
        for row in rows_of(view.benchmarks)
    )
    return Table(column_heads("benchmark #published #built #difference unit inputs gap source"), body)


def _signed_share(share: float) -> str:
    """A difference as a percentage with its sign."""
    return ("+" if share >= 0 else "") + percent(share, 1)


def duals(view: ReportView, names: Names) -> list[tuple[Markup, Table]]:
    """Shadow prices in words: heading and table of every kind, of each good the strongest first; what is left out is counted.

    A price of zero stands last and only because it says something (no power is short).
    """
    rows = view.duals.assign(_strength=view.duals["value"].abs())
    rows = rows.sort_values(["commodity", "_strength", "constraint", "index"], ascending=[True, False, True, True])
    kinds = [kind for kind in (*KINDS, "") if (rows["kind"] == kind).any()]
    return [(word(f"prices_of_{kind}") if kind else Markup(""), _prices(rows[rows["kind"] == kind], names)) for kind in kinds]


def _prices(rows: pd.DataFrame, names: Names) -> Table:
    """The table of one kind, its goods together."""
    priced, free = rows[rows["_strength"] > 1e-9], rows[rows["_strength"] <= 1e-9]
    told = priced.groupby("commodity", sort=False).head(DUALS)
    body = tuple(
        (names.site_markup(row.site) if row.site else "", both(row.sentence_zh, row.sentence_en), compact(row.value), unit_markup(row.unit))
        for row in rows_of(pd.concat([told, free]))
    )
    return without_blank_columns(column_heads("site sentence #value unit"), body, len(priced) - len(told))


def grades(view: ReportView) -> Table:
    """How much of the cost rests on figures of each grade."""
    rows = tuple(
        (
            row.grade, known_word("grade", row.grade), number(row.rows), percent(row.share_of_cost, 1),
            charts.share_bar(row.share_of_cost, GRADE_COLOURS.get(row.grade, "#7f7f7f")),
        )
        for row in rows_of(view.grades)
    )
    return Table(column_heads("grade meaning #rows #share_of_cost bar"), rows)


def sources(view: ReportView) -> Table:
    """The sources that figures of this run rest on, as the dataset lists them, whatever their columns; the others are counted."""
    columns: Sequence[str] = [str(name) for name in view.sources.columns if not str(name).startswith("_")]
    heads = tuple((known_word("source", name), False) for name in columns)
    used = view.sources[view.sources["_used"] != ""] if "_used" in view.sources else view.sources
    rows = [tuple(tight(cell) if isinstance(cell, str) and cell else cell for cell in row) for row in cells_of(used[list(columns)])]
    return replace(without_blank_columns(heads, rows, len(view.sources) - len(used)), kind="broken-cells")
