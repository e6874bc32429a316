"""Charts of the workbook that Excel draws itself from the cells beside them."""

from __future__ import annotations

from typing import Any, Final

from maps.overviews import Drawing, Overview

WIDE, HIGH = 860, 400  # pixels
APART: Final = 21  # rows from one chart to the next
ROW: Final = 22  # pixels per bar


def draw(book: Any, sheet: Any, overview: Overview) -> None:
    """All charts of an overview below each other to the right of its table, which stands in ``sheet`` below one row of heads."""
    beside = len(overview.table.columns) + 1
    at = 1
    for drawing in overview.drawings:
        high = max(HIGH, ROW * (drawing.last - drawing.first + 1) + 130) if drawing.kind == "bar" else HIGH
        sheet.insert_chart(at, beside, _chart(book, sheet.get_name(), drawing, high), {"object_position": 2})
        at += max(APART, high // 20 + 1)


def _chart(book: Any, name: str, drawing: Drawing, high: int) -> Any:
    """One chart; rows of the drawing count from 0, the heads stand above them."""
    chart = book.add_chart({"type": drawing.kind, "subtype": "stacked"})
    first, last = drawing.first + 1, drawing.last + 1
    for series in drawing.series:
        chart.add_series({
            "name": [name, 0, series.column], "categories": [name, first, drawing.categories, last, drawing.categories],
            "values": [name, first, series.column, last, series.column], "fill": {"color": series.colour}, "gap": 45, "overlap": 100,
        })
    title = "\n".join(drawing.title).replace("!", "\uff01")  # a name that looks like a range of cells would be taken for one
    chart.set_title({"name": title, "name_font": {"size": 12, "bold": True}, "overlay": False})
    lying = drawing.kind == "bar"
    names = {"label_position": "low", "num_font": {"size": 9}} | ({"reverse": True, "crossing": "max"} if lying else {})
    amounts = {
        "name": " · ".join(dict.fromkeys(drawing.unit)), "name_font": {"size": 9, "bold": False}, "num_font": {"size": 9}, "num_format": "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": "#D9DEE4"}},
    }
    chart.set_y_axis(names if lying else amounts)
    chart.set_x_axis(amounts if lying else names)
    chart.set_legend({"none": True} if len(drawing.series) == 1 else {"position": "bottom", "font": {"size": 9}})
    chart.set_size({"width": WIDE, "height": high})
    return chart
