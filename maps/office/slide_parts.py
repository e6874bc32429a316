"""Pieces of a slide: texts with East Asian fonts, tiles, rules and charts that PowerPoint draws itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from maps.office.fitting import LEADING, Sizes, height
from maps.office.packing import chart_sheet
from maps.office.typefaces import EAST_ASIAN, INK, LATIN, LINE, PALE, SOFT
from maps.overviews import Drawing, Overview
from maps.pictures.siting import fitted
from maps.placing import text_width
from maps.sayings import Pair

INDENT: Final = 171450  # 13.5 points in the units of the file
POINTS: Final = 72.0  # per inch
ENTRY: Final = (9.5, 7.0)  # points of the letters of a table
CELL: Final = 8.0  # points beside the text of a cell
LANGUAGES: Final = {"zh": "zh-CN", "en": "en-US"}
Box = tuple[float, float, float, float]  # left, top, width, height in inches


def frame(slide: Any, box: Box, anchor: Any = MSO_ANCHOR.TOP) -> Any:
    """An empty text frame without margins that breaks lines."""
    shape = slide.shapes.add_textbox(*(Inches(value) for value in box))
    text = shape.text_frame
    text.word_wrap = True
    text.vertical_anchor = anchor
    text.margin_left = text.margin_right = text.margin_top = text.margin_bottom = Emu(0)
    return text


def paragraph(text: Any, size: float, *, after: float = 0.0, align: Any = PP_ALIGN.LEFT) -> Any:
    """The next paragraph of a text frame (the first one where that is still empty) with lines for letters of ``size``.

    Lines have a stated height: the typefaces of different machines would make them differ.
    """
    first = text.paragraphs[0]
    found = first if len(text.paragraphs) == 1 and not first.runs else text.add_paragraph()
    found.space_after, found.line_spacing, found.alignment = Pt(after), Pt(LEADING * size), align
    return found


def say(place: Any, text: str, size: float, colour: str = INK, *, bold: bool = False, language: str = "zh") -> None:
    """One run of text in a paragraph, with fonts for Latin and for East Asian letters."""
    run = place.add_run()
    run.text = " ".join(text.split("\n"))
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, RGBColor.from_string(colour)
    properties = run._r.get_or_add_rPr()
    properties.set("lang", LANGUAGES[language])
    if language == "zh":
        properties.set("altLang", LANGUAGES["en"])
    typefaces(properties)


def typefaces(properties: Any) -> None:
    """Latin and East Asian typeface of run properties, in the order the schema wants."""
    for tag, face in (("a:latin", LATIN), ("a:ea", EAST_ASIAN), ("a:cs", LATIN)):
        element = properties.find(qn(tag))
        if element is None:
            element = properties.makeelement(qn(tag), {})
            properties.append(element)
        element.set("typeface", face)


def both(text: Any, pair: Pair, sizes: Sizes, colours: tuple[str, str] = (INK, SOFT), *, bold: bool = False, after: float = 6.0) -> None:
    """Chinese, and English below it in smaller letters where it says something else."""
    zh, en = pair[0] or pair[1], pair[1] or pair[0]
    alone = zh == en
    say(paragraph(text, sizes[0], after=after if alone else 1.0), zh, sizes[0], colours[0], bold=bold)
    if not alone:
        say(paragraph(text, sizes[1], after=after), en, sizes[1], colours[1], language="en")


def label(slide: Any, pair: Pair, box: Box, colour: str) -> None:
    """A small heading: Chinese bold, English beside it as far as there is room."""
    place, room = paragraph(frame(slide, box), 13), POINTS * box[2]
    zh = fitted(pair[0], 13, room)
    say(place, zh, 13, colour, bold=True)
    left = room - text_width(f"{zh}  ", 13)
    size = next((size for size in (10.0, 8.5) if text_width(pair[1], size) <= left), None)
    if pair[1] and size:
        say(place, f"  {pair[1]}", size, SOFT, language="en")


def block(slide: Any, box: Box, colour: str) -> Any:
    """A filled rectangle without an outline."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Inches(value) for value in box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()
    shape._element.remove(shape._element.find(qn("p:style")))  # the style of the template would add a shadow
    return shape


def chart(slide: Any, overview: Overview, drawing: Drawing, box: Box, *, legend: bool = True) -> None:
    """The chart of an overview, with both languages in its legend; in a lying chart the first bar is on top."""
    rows = overview.table.iloc[drawing.first:drawing.last + 1]
    data = CategoryChartData(number_format="#,##0")
    categories = [str(name) for name in rows.iloc[:, drawing.categories]]
    data.categories = categories
    series = {" ".join(dict.fromkeys(entry.name)): [float(value) for value in rows.iloc[:, entry.column]] for entry in drawing.series}
    for name, values in series.items():
        data.add_series(name, values)
    several = XL_CHART_TYPE.BAR_STACKED if drawing.kind == "bar" else XL_CHART_TYPE.COLUMN_STACKED
    kind = XL_CHART_TYPE.BAR_CLUSTERED if len(series) == 1 and drawing.kind == "bar" else several
    shape = slide.shapes.add_chart(kind, *(Inches(value) for value in box), data)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", " / ".join(drawing.title))
    found = shape.chart
    found.part.chart_workbook.update_from_xlsx_blob(chart_sheet(categories, series))
    _style(found, drawing, legend=legend)


def _style(found: Any, drawing: Drawing, *, legend: bool) -> None:
    """Colours, axes and fonts of a chart."""
    found.has_title = False
    found.font.size, found.font.color.rgb = Pt(9), RGBColor.from_string(INK)
    typefaces(found.font._rPr)
    found.has_legend = legend and len(drawing.series) > 1
    if found.has_legend:
        found.legend.position, found.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    plot = found.plots[0]
    plot.gap_width = 45
    if len(drawing.series) > 1:
        plot.overlap = 100
    for series, entry in zip(plot.series, drawing.series, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(entry.colour.removeprefix("#").upper())
        series.invert_if_negative = False
    names, amounts = found.category_axis, found.value_axis
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = amounts.major_gridlines.format.line.color.rgb = RGBColor.from_string(LINE)
    amounts.format.line.fill.background()
    amounts.tick_labels.number_format, amounts.tick_labels.number_format_is_linked = "#,##0", False
    if len(drawing.series) == 1:
        plot.has_data_labels = True
        plot.data_labels.show_value = True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0", False
    if drawing.kind == "bar":
        names.reverse_order = True
        amounts.tick_label_position = XL_TICK_LABEL_POSITION.HIGH


def table(slide: Any, heads: Sequence[Pair], rows: Sequence[Sequence[Pair]], widths: Sequence[float], box: Box) -> int:
    """A table of as many rows as fit into the box (Chinese, English below it; the second to the last but one are numbers); returns how many.

    ``widths`` in inches. Names are wrapped, never cut.
    """
    heights = [_row_height(row, widths) for row in (heads, *rows)]
    kept = sum(total <= POINTS * box[3] for total in accumulate(heights)) - 1
    frame_ = slide.shapes.add_table(kept + 1, len(heads), *(Inches(value) for value in (*box[:3], sum(heights[:kept + 1]) / POINTS)))
    found = frame_.table
    found.horz_banding = False
    for column, wide in zip(found.columns, widths, strict=True):
        column.width = Inches(wide)
    for at, row in enumerate((heads, *rows[:kept])):
        found.rows[at].height = Pt(heights[at])
        for place, (cell, texts) in enumerate(zip(found.rows[at].cells, row, strict=True)):
            _cell(cell, texts, head=at == 0, right=0 < place < len(row) - 1)
    return kept


def _cell(cell: Any, texts: Pair, *, head: bool, right: bool) -> None:
    """One cell on white, or on a pale ground in the head."""
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(PALE if head else "FFFFFF")
    cell.margin_left = cell.margin_right = Pt(CELL / 2)
    cell.margin_top = cell.margin_bottom = Pt(1)
    text, align = cell.text_frame, PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    text.word_wrap = True
    say(paragraph(text, ENTRY[0], align=align), texts[0] or texts[1], ENTRY[0], bold=head)
    if texts[1] and texts[1] != texts[0]:
        say(paragraph(text, ENTRY[1], align=align), texts[1], ENTRY[1], SOFT, language="en")


def _row_height(row: Sequence[Pair], widths: Sequence[float]) -> float:
    """Points that the highest cell of a row takes."""
    return max(height([(zh or en, en or zh)], *ENTRY, POINTS * wide - CELL, 2.5) for (zh, en), wide in zip(row, widths, strict=True))


def picture(slide: Any, image: Any, box: Box, description: str) -> None:
    """A picture with a description for readers who cannot see it."""
    shape = slide.shapes.add_picture(image, *(Inches(value) for value in box))
    shape._element.nvPicPr.cNvPr.set("descr", description)


def listed(slide: Any, texts: Sequence[Pair], sizes: Sizes, box: Box, gap: float) -> None:
    """Pairs below each other, each with a mark before it."""
    text = frame(slide, box)
    for zh, en in texts:
        place = paragraph(text, sizes[0], after=1.0 if zh != en else gap)
        _indented(place, "▪")
        say(place, zh or en, sizes[0])
        if zh != en:
            below = paragraph(text, sizes[1], after=gap)
            _indented(below, None)
            say(below, en, sizes[1], SOFT, language="en")


def _indented(place: Any, mark: str | None) -> None:
    """A paragraph set in from the left, with a mark in the room before it."""
    properties = place._p.get_or_add_pPr()
    properties.set("marL", str(INDENT))
    properties.set("indent", str(-INDENT if mark else 0))
    element = properties.makeelement(qn("a:buChar" if mark else "a:buNone"), {"char": mark} if mark else {})
    properties.append(element)
