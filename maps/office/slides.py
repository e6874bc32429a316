"""slides.pptx: five slides – question and answer, map, parks, cost and power, findings and caveats."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches

from maps.escape import pair
from maps.figures import number
from maps.goal_rows import goal_heading
from maps.key_figures import Figure
from maps.office import slide_parts as parts
from maps.office.content import Content, said, with_unit
from maps.office.fitting import fitting, narrowed
from maps.office.packing import packed
from maps.office.slide_parts import POINTS
from maps.office.typefaces import ACCENT, ALERT, DEEP, INK, LINE, PALE, SOFT
from maps.overviews import Overview
from maps.pictures.siting import fitted
from maps.placing import text_width
from maps.sayings import Pair, plain
from maps.workbook import CREATED

NAME: Final = "slides.pptx"
WIDE, HIGH = 13.333, 7.5  # inches, 16:9
MARGIN: Final = 0.6
TITLE_ONLY: Final = 5  # layout of the template
SIZES: Final = ((17.0, 11.5), (15.0, 10.5), (13.5, 9.5), (12.0, 9.0))
SMALL: Final = ((14.0, 10.0), (12.5, 9.0), (11.0, 8.5), (10.0, 8.0))
CHANGED: Final = ((10.5, 8.0), (9.5, 7.5), (8.5, 7.0))
TILES: Final = 6
BARS: Final = 14
ZONES: Final = 2
COUNT, MAP_SLIDE = 5, 2


def slides(content: Content, image: bytes | None) -> bytes:
    """The five slides; without a picture the second says why."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    core = deck.core_properties
    core.title, core.author, core.last_modified_by, core.created, core.modified = content.title[0][:250], "", "", CREATED, CREATED
    drawn: tuple[Callable[[Any, Content], None], ...] = (_answer, partial(_map, image=image), _parks, _money, _caveats)
    for place, make in enumerate(drawn, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        make(slide, content)
        if place != MAP_SLIDE or image is None:
            _foot(slide, content, place)
    stream = io.BytesIO()
    deck.save(stream)
    return packed(stream.getvalue())


def _title(slide: Any, pair: Pair, colour: str = DEEP) -> None:
    """Title in the title's own place (screen readers and outlines look there), English beside it, a rule below."""
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = Inches(MARGIN), Inches(0.36), Inches(WIDE - 2 * MARGIN), Inches(0.6)
    text = shape.text_frame
    text.word_wrap, text.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    text.margin_left = text.margin_right = text.margin_top = text.margin_bottom = 0
    place = parts.paragraph(text, 26)
    parts.say(place, pair[0], 26, colour, bold=True)
    if pair[1] != pair[0]:
        parts.say(place, f"   {pair[1]}", 14, SOFT, language="en")
    parts.block(slide, (MARGIN, 1.04, WIDE - 2 * MARGIN, 0.03), ACCENT)


def _foot(slide: Any, content: Content, number: int) -> None:
    """Scenario, state and source of the figures, and the number of the slide."""
    text = parts.frame(slide, (MARGIN, 7.08, WIDE - 2 * MARGIN - 0.8, 0.26))
    line = f"{content.state[0]} · {' / '.join(said('source'))}"
    parts.say(parts.paragraph(text, 8.5), line, narrowed(line, (8.5, 7.5, 6.5, 5.5), POINTS * (WIDE - 2 * MARGIN - 1)), SOFT)
    corner = parts.frame(slide, (WIDE - MARGIN - 0.8, 7.08, 0.8, 0.26))
    parts.say(parts.paragraph(corner, 8.5, align=PP_ALIGN.RIGHT), f"{number} / {COUNT}", 8.5, SOFT)


def _answer(slide: Any, content: Content) -> None:
    """Title band, question, answer, key figures."""
    parts.block(slide, (0, 0, WIDE, 1.5), DEEP)
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = Inches(MARGIN), Inches(0.22), Inches(WIDE - 2 * MARGIN), Inches(1.1)
    slide.shapes._spTree.remove(shape._element)
    slide.shapes._spTree.append(shape._element)  # above the band
    text = shape.text_frame
    text.word_wrap, text.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    text.margin_left = text.margin_right = text.margin_top = text.margin_bottom = 0
    (kept, sizes) = fitting([content.title], ((32.0, 16.0), (26.0, 14.0), (20.0, 12.0), (13.0, 9.0)), POINTS * (WIDE - 2 * MARGIN), 80, 4)
    parts.both(text, (kept or [(content.title[0][:80], content.title[1][:80])])[0], sizes, ("FFFFFF", "CFE3F2"), bold=True, after=0)
    parts.label(slide, said("question"), (MARGIN, 1.68, 6, 0.28), ACCENT)
    question = content.question if any(content.question) else said("no_question")
    _pairs(slide, [question], SIZES[1:], (MARGIN, 1.96, WIDE - 2 * MARGIN, 0.72), 0, marked=False)
    parts.label(slide, said("answer"), (MARGIN, 2.74, 6, 0.28), ACCENT)
    trust = [content.trust] if content.trust else []
    _pairs(slide, content.answers, SIZES, (MARGIN, 3.04, WIDE - 2 * MARGIN, 2.62 - 0.42 * len(trust)), 7)
    for line in trust:
        parts.both(parts.frame(slide, (MARGIN, 5.27, WIDE - 2 * MARGIN, 0.42)), line, (11.0, 8.5), (ALERT, SOFT))
    shown = content.figures[:TILES]
    for place, figure in enumerate(shown):
        step = (WIDE - 2 * MARGIN + 0.15) / max(len(shown), 1)
        _tile(slide, figure, (MARGIN + place * step, 5.78, step - 0.15, 1.15))


def _pairs(slide: Any, texts: list[Pair], sizes: tuple[tuple[float, float], ...], box: parts.Box, gap: float, *, marked: bool = True) -> None:
    """As many pairs as fit into the box, in the largest letters at which all do; what is left out is said."""
    width, room = POINTS * box[2] - 14, POINTS * box[3]
    kept, size = fitting(texts, sizes, width, room, gap)
    if len(kept) < len(texts):
        kept, size = fitting(texts, sizes, width, room - 2.6 * size[0], gap)
        kept = [*kept, said("findings_left", count=len(texts) - len(kept))]
    if marked:
        parts.listed(slide, kept, size, box, gap)
    else:
        text = parts.frame(slide, box)
        for pair in kept:
            parts.both(text, pair, size, after=gap)


def _tile(slide: Any, figure: Figure, box: parts.Box) -> None:
    """A key figure on a pale ground with a coloured edge."""
    left, top, wide, high = box
    parts.block(slide, box, PALE)
    parts.block(slide, (left, top, 0.06, high), figure.colour.removeprefix("#").upper())
    text = parts.frame(slide, (left + 0.16, top + 0.06, wide - 0.2, high - 0.1))
    room = POINTS * (wide - 0.2)
    parts.say(parts.paragraph(text, 11), figure.name[0], narrowed(figure.name[0], (11, 9.5, 8), room), INK, bold=True)
    parts.say(parts.paragraph(text, 8), figure.name[1], narrowed(figure.name[1], (8, 7, 6), room), SOFT, language="en")
    place = parts.paragraph(text, 20)
    parts.say(place, figure.value, 20, DEEP, bold=True, language="en")
    parts.say(place, f" {figure.unit[0]}", narrowed(figure.unit[0], (9, 8, 7, 6), room - text_width(f"{figure.value} ", 20)), SOFT)
    if any(figure.more) and fitted(figure.more[0], 9, room) == figure.more[0]:  # a figure is never cut
        parts.say(parts.paragraph(text, 9), figure.more[0], 9, SOFT)


def _map(slide: Any, content: Content, image: bytes | None) -> None:
    """The siting map over the whole slide."""
    if image is None:
        _title(slide, said("map"))
        _pairs(slide, [said("no_map")], SIZES, (MARGIN, 2.0, WIDE - 2 * MARGIN, 2.0), 0, marked=False)
        return
    parts.picture(slide, io.BytesIO(image), (0, 0, WIDE, HIGH), " / ".join((*said("map"), *content.title)))
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = Inches(0), Inches(HIGH), Inches(WIDE), Inches(0.5)  # below the edge: for outlines
    parts.say(parts.paragraph(shape.text_frame, 12), " ".join(said("map")), 12, SOFT)


def _parks(slide: Any, content: Content) -> None:
    """Capacity by park as a chart, what is added and closed beside it."""
    _title(slide, said("parks"))
    overview = content.overviews["capacity"]
    if overview.drawings:
        drawing = overview.drawings[0]
        parts.label(slide, with_unit(drawing.title, drawing.unit), (MARGIN, 1.16, 8.3, 0.28), DEEP)
        parts.chart(slide, overview, replace(drawing, last=min(drawing.last, drawing.first + BARS - 1)), (MARGIN, 1.44, 8.3, 5.55))
    else:
        _pairs(slide, [said("no_chart")], SIZES, (MARGIN, 1.4, 8.3, 1.0), 0, marked=False)
    parts.label(slide, said("changes"), (9.2, 1.16, 3.6, 0.28), DEEP)
    text = parts.frame(slide, (9.2, 1.5, WIDE - MARGIN - 9.2, 5.5))
    room = POINTS * (WIDE - MARGIN - 9.2)
    names, sizes = fitting([change.name for change in content.changes], CHANGED, room - 52, 5.0 * POINTS, 6)
    for change in content.changes[:len(names)]:
        place = parts.paragraph(text, 11.5, after=1)
        parts.say(place, change.size, 11.5, ALERT if change.size.startswith("−") else "005A41", bold=True, language="en")
        parts.say(place, f"  {change.name[0]}", sizes[0])
        parts.say(parts.paragraph(text, sizes[1], after=5), change.name[1], sizes[1], SOFT, language="en")
    if not content.changes:
        parts.both(text, said("changes_none"), (12.0, 9.0))
    left = content.changes_left + len(content.changes) - len(names)
    if left:
        parts.both(text, said("changes_left", count=left), (9.0, 8.0), (SOFT, SOFT))


def _money(slide: Any, content: Content) -> None:
    """The objective by class of cost on the left, power month by month on the right."""
    _title(slide, said("money_and_power"))
    drawn = _costs(slide, content.overviews["costs"])
    power = content.overviews["power_months"]
    shown = power.drawings[:ZONES]
    top, legend = 1.44, 0.95  # the last chart carries the legend of all
    high = (5.55 - legend - 0.34 * (len(shown) - 1)) / max(len(shown), 1)
    for drawing in shown:
        last = drawing is shown[-1]
        box = (6.7, top, WIDE - MARGIN - 6.7, high + (legend if last else 0))
        parts.label(slide, (with_unit(drawing.title, drawing.unit)[0], ""), (6.7, top - 0.28, box[2], 0.28), DEEP)
        parts.chart(slide, power, drawing, box, legend=last)
        top += high + 0.34
    if not (drawn or shown):
        _pairs(slide, [said("no_chart")], SIZES, (MARGIN, 1.4, 8.0, 1.0), 0, marked=False)


def _costs(slide: Any, costs: Overview) -> bool:
    """Costs as bars; what is earned would dwarf them and is said below the chart. Whether there was anything to draw."""
    values = [float(value) for value in costs.table.iloc[:, 3]] if costs.drawings else []
    paid, earned = sum(value > 0 for value in values), -sum(value for value in values if value < 0)
    if not paid:
        return False
    drawing = costs.drawings[0]
    parts.label(slide, with_unit(drawing.title, drawing.unit), (MARGIN, 1.16, 5.9, 0.28), DEEP)
    parts.chart(slide, costs, replace(drawing, last=paid - 1), (MARGIN, 1.44, 5.7, 5.0))
    if earned > 0:
        parts.both(parts.frame(slide, (MARGIN, 6.46, 5.7, 0.5)), said("earned", amount=number(earned)), (11.0, 9.0))
    return True


def _caveats(slide: Any, content: Content) -> None:
    """The goals on the left where there are any; further findings, and what to know before using the figures."""
    keys = [*(["goals"] if content.goals else []), "findings", "caveats"]
    _title(slide, tuple(" · ".join(said(key)[at] for key in keys) for at in (0, 1)))
    half = (WIDE - 2 * MARGIN - 0.5) / 2
    right = MARGIN + half + 0.5
    findings = content.findings or [said("findings_none")]
    if content.goals:
        parts.label(slide, goal_heading(content.goals), (MARGIN, 1.2, half, 0.28), ACCENT)
        _goals(slide, content, (MARGIN, 1.56, half, 5.3))
        boxes = ((right, 1.2, findings, "findings", 2.9), (right, 4.46, content.caveats, "caveats", 2.2))
    else:
        boxes = ((MARGIN, 1.2, findings, "findings", 5.4), (right, 1.2, content.caveats, "caveats", 5.4))
    for left, top, texts, key, high in boxes:
        parts.label(slide, said(key), (left, top, half, 0.28), ACCENT)
        _pairs(slide, texts, SMALL, (left, top + 0.32, half, high), 7)
    parts.block(slide, (MARGIN + half + 0.24, 1.25, 0.01, 5.6), LINE)


def _goals(slide: Any, content: Content, box: parts.Box) -> None:
    """Every goal with the share reached and whether it is met, the farthest first, as many as there is room for."""
    heads = [pair(f"col_{key}") for key in ("goal", "reached", "target", "share", "verdict")]
    rows = [
        (goal.named, plain(goal.reached), (goal.with_unit, ""), plain(goal.percent), (goal.verdict[0], ""))
        for goal in content.goals
    ]
    kept = parts.table(slide, heads, rows, (2.75, 0.75, 1.05, 0.6, 0.67), box)
    if kept < len(rows):
        parts.both(parts.frame(slide, (box[0], box[1] + box[3], box[2], 0.3)), said("goals_left", count=len(rows) - kept), (9.0, 8.0), (SOFT, SOFT))
