"""Charts of the studies that a report carries: sweeps as a curve or as a map of two inputs, shares of variance as bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from maps import section_charts
from maps.escape import pair, unit_words, word
from maps.figures import compact, percent
from maps.sayings import Pair
from maps.view import rows_of
from model.explore.section import Section

MOST = len(section_charts.COLOURS)  # values of the second input that have a curve of their own
SHARES = 12  # inputs whose shares of variance are drawn
DRAWN = 4  # indicators beside the cost
Charts = list[tuple[Markup, Markup]]  # caption and drawing


@dataclass(frozen=True)
class Measure:
    """A number of every plan: its column among the cases, its name (none: the extra cost), and the name of its axis with the unit."""

    column: str
    name: Pair | None
    up: Pair

    def caption(self, key: str, apart: Sequence[str] = ()) -> Markup:
        """What a chart of it shows; ``apart``: the title of the other input."""
        if self.name is None:
            return word(key, name=tuple(apart))
        return word(f"{key}_of", shown=self.name, name=tuple(apart))


def sweep(section: Section, extra: Pair) -> Charts:
    """Extra cost and the indicators asked for over the axes of a sweep, or the map of two of them where the study asks for one.

    Nothing where there is no axis. One axis: a curve. Two, one of them with few values: a curve per value of that one. Otherwise,
    as in a sample of the space, the plans as dots over every axis. ``extra``: the name of an axis of extra cost with its unit.
    """
    drawn = section.facts.get("map")
    if drawn is not None:
        return [(word("caption_switch_map", name=tuple(drawn["value_title"])), _map(drawn))]
    axes = section.facts.get("axes", [])
    if not axes:
        return []
    watched = section.facts.get("watched", [])[:DRAWN]
    asked = [Measure(each["key"], tuple(each["title"]), axis_name(each["title"], each["unit"])) for each in watched]
    return [drawing for measure in (Measure("extra_cost", None, extra), *asked) for drawing in _drawn(section.tables["cases"], axes, measure)]


def _drawn(table: pd.DataFrame, axes: Sequence[Mapping[str, Any]], of: Measure) -> Charts:
    """One number of every plan over the axes."""
    rows = table[table[[axis["name"] for axis in axes]].notna().all(axis=1) & table[of.column].notna()]
    if len(axes) == 1:
        chart = section_charts.curve(_points(rows, axes[0], of), axis_name(axes[0]["title"], axes[0]["unit"]), of.up)
        return [(of.caption("caption_sweep"), chart)]
    along, apart = sorted(axes, key=lambda axis: -rows[axis["name"]].nunique())[:2]
    count = rows[apart["name"]].nunique()
    if len(axes) > 2 or count > MOST or count * 2 > len(rows):
        return [(of.caption("caption_sweep_dots", axis["title"]), _dots(rows, axis, of)) for axis in axes]
    lines = [(_valued(apart, value), _points(mine, along, of)) for value, mine in rows.groupby(apart["name"], sort=True)]
    chart = section_charts.curves(lines, axis_name(along["title"], along["unit"]), of.up)
    return [(of.caption("caption_sweep_lines", apart["title"]), chart)]


def _points(rows: pd.DataFrame, axis: Mapping[str, Any], of: Measure) -> list[tuple[float, float]]:
    """Place on the axis and the number of every plan, from the least place on."""
    ordered = rows.sort_values(axis["name"], kind="stable")
    return list(zip(ordered[axis["name"]].astype(float), ordered[of.column].astype(float), strict=True))


def _dots(rows: pd.DataFrame, axis: Mapping[str, Any], of: Measure) -> Markup:
    """Every plan as a dot over one axis."""
    return section_charts.curves([(("", ""), _points(rows, axis, of))], axis_name(axis["title"], axis["unit"]), of.up, joined=False)


def _valued(axis: Mapping[str, Any], value: float) -> Pair:
    """What a line is called: the value of its axis with the unit, once in each language."""
    zh, en = unit_words(axis["unit"])
    return f"{compact(value)} {zh}".strip(), f"{compact(value)} {en}".strip()


def axis_name(title: tuple[str, str] | list[str], unit: str) -> Pair:
    """The title of an axis with its unit, unless the title says it itself in either language."""
    zh, en = title
    known_zh, known_en = unit_words(unit)
    told = not unit or any(name in said for said in title for name in (unit, known_zh, known_en))
    return (zh, en) if told else (f"{zh}({known_zh})", f"{en} ({known_en})")


def _map(drawn: Mapping[str, Any]) -> Markup:
    """The larger the second input, the higher its row; a line stands between neighbours where the answer switches."""
    across, up = drawn["xs"], drawn["ys"][::-1]
    values = [[math.nan if value is None else float(value) for value in row] for row in drawn["values"][::-1]]
    edges = [(up.index(edge["y"]), across.index(edge["x_low"]), across.index(edge["x_high"])) for edge in drawn["boundary"]]
    names = axis_name(drawn["x_title"], drawn["x_unit"]), axis_name(drawn["y_title"], drawn["y_unit"])
    return section_charts.grid(across, up, values, names, unit_words(drawn["unit"]), edges)


def variance(section: Section, extra: Pair) -> Charts:
    """First and total share of the variance of every input with their intervals, the largest total first."""
    rows = pd.DataFrame(section.facts["indices"]).head(SHARES)
    bars: list[section_charts.Interval] = [
        ((row.name_zh, row.name_en), (row.first, row.first_low, row.first_high), (row.total, row.total_low, row.total_high))
        for row in rows_of(rows)
    ]
    caption = word("caption_variance", level=percent(float(section.facts["level"])))
    return [(caption, section_charts.intervals(bars, pair("axis_share")))]
