"""brief.docx: two pages – question, answer, key figures and map; then the parks, further findings and caveats."""

from __future__ import annotations

import io
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from maps.escape import pair
from maps.key_figures import Figure
from maps.office import word_parts as parts
from maps.office.content import Content, said
from maps.office.fitting import LEADING, Sizes, fitting, height, lines, narrowed
from maps.office.packing import packed
from maps.office.typefaces import ACCENT, ALERT, DEEP, EAST_ASIAN, INK, LATIN, PALE, SOFT
from maps.office.word_tables import ROW, goals_table, parks_table
from maps.pictures.siting import fitted
from maps.placing import text_width
from maps.sayings import Pair
from maps.workbook import CREATED

NAME: Final = "brief.docx"
WIDTH, HIGH, SIDE, TOP, FOOT = 21.0, 29.7, 1.8, 1.5, 1.6  # centimetres
POINTS: Final = 72 / 2.54  # per centimetre
ROOM: Final = POINTS * (WIDTH - 2 * SIDE)
PAGE: Final = POINTS * (HIGH - TOP - FOOT) - 12  # height of the text of a page, less some air
SIZES: Final = ((12.0, 9.0), (11.0, 8.5), (10.5, 8.5), (10.0, 8.0), (9.5, 8.0), (9.0, 7.5), (8.5, 7.0), (8.0, 6.5))
MAP_HEIGHT: Final = ROOM * 9 / 16
TILES: Final = 6
MOST: Final = {"goals_left": 22, "parks_left": 18}  # lines of the rows of a table
LINES: Final = 32  # of both tables
FIXED: Final = 155.0  # points of page one besides title, question, answer and map: labels, tiles with names of one line, gaps
TILE_NAMES: Final = (9.0, 6.5)  # points of the letters of their names
ASSUMED: Final = (8.5, 7.5)  # points of the letters of the line on grade D


def brief(content: Content, image: bytes | None) -> bytes:
    """The two pages; without a picture a line says why."""
    document = Document()
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments, core.created, core.modified = content.title[0][:250], "", "", "", CREATED, CREATED
    _page(document)
    _first(document, content, image)
    _second(document, content)
    _footer(document, content)
    stream = io.BytesIO()
    document.save(stream)
    return packed(stream.getvalue())


def _page(document: Any) -> None:
    """A4, and the typefaces of everything that states none."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(WIDTH), Cm(HIGH)
    section.left_margin = section.right_margin = Cm(SIDE)
    section.top_margin, section.bottom_margin, section.footer_distance = Cm(TOP), Cm(FOOT), Cm(0.7)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(10)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), EAST_ASIAN)


def _first(document: Any, content: Content, image: bytes | None) -> None:
    """Title, question, answer, key figures, map."""
    (title, sizes) = fitting([content.title], ((21.0, 11.0), (16.0, 10.0), (12.0, 8.0)), ROOM, 80, 4)
    parts.both(document, (title or [(fitted(content.title[0], 12, 3 * ROOM), fitted(content.title[1], 8, 2 * ROOM))])[0], sizes, DEEP, bold=True)
    parts.rule(document.paragraphs[-1], ACCENT)
    question = content.question if any(content.question) else said("no_question")
    parts.label(document, said("question"))
    (kept, size) = fitting([question], ((12.0, 9.0), (10.0, 8.0), (8.0, 7.0)), ROOM, 70, 2)
    parts.both(document, (kept or [(fitted(question[0], 8, 3 * ROOM), fitted(question[1], 7, 3 * ROOM))])[0], size, INK)
    used = height(title, *sizes, ROOM, 4) + height(kept, *size, ROOM, 2) + FIXED + (MAP_HEIGHT if image else 40)
    trust = [content.trust] if content.trust else []
    used += _more_lines(content.figures[:TILES]) + height(trust, *ASSUMED, ROOM, 3)
    parts.label(document, said("answer"))
    parts.listed(document, *_kept(content.answers, [], PAGE - used))
    for line in trust:
        parts.both(document, line, ASSUMED, ALERT)
    _tiles(document, content.figures[:TILES])
    parts.label(document, said("map"))
    if image is None:
        parts.both(document, said("no_map"), (9.5, 8.0), INK)
        return
    place = parts.paragraph(document, 10)
    place.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # a stated height would cut the picture
    shape = place.add_run().add_picture(io.BytesIO(image), width=Pt(ROOM - 1))
    for edge in "TBLR":  # some programs leave a distance where none is stated
        shape._inline.set(f"dist{edge}", "0")
    shape._inline.docPr.set("descr", " / ".join((*said("map"), *content.title)))


def _second(document: Any, content: Content) -> None:
    """The goals, the parks, further findings, what to know before using the figures."""
    room, used = LINES, 76.0  # the headings of findings and caveats, and air
    for at, table in enumerate([*([goals_table(content)] if content.goals else []), parks_table(content)]):
        parts.label(document, table.heading)
        document.paragraphs[-1].paragraph_format.page_break_before = at == 0
        rows = table.write(document, min(room, MOST[table.left]))
        room -= table.lines(rows)
        used += 24 + ROW * table.lines(rows)
        if len(table.rows) > rows:
            parts.both(document, said(table.left, count=len(table.rows) - rows), (8.5, 7.5), SOFT)
            used += 24
    findings, size = _kept(content.findings or [said("findings_none")], content.caveats, PAGE - used)
    parts.label(document, said("findings"))
    parts.listed(document, findings, size)
    parts.label(document, said("caveats"))
    parts.listed(document, content.caveats, size)


def _kept(texts: list[Pair], others: list[Pair], room: float) -> tuple[list[Pair], Sizes]:
    """As many of ``texts`` as fit into ``room`` points beside all ``others``, and the letters for both; what is left out is said."""
    wide = ROOM - 12
    for size in SIZES:
        if height([*texts, *others], *size, wide, parts.GAP) <= room:
            return texts, size
    smallest = SIZES[-1]
    left = [*others, said("findings_left", count=len(texts))]
    kept, _ = fitting(texts, [smallest], wide, room - height(left, *smallest, wide, parts.GAP), parts.GAP)
    return [*kept, said("findings_left", count=len(texts) - len(kept))], smallest


def _tiles(document: Any, figures: list[Figure]) -> None:
    """The key figures beside each other on a pale ground."""
    if not figures:
        return
    table = document.add_table(rows=1, cols=len(figures))
    wide = ROOM / len(figures) - 12
    for cell, figure in zip(table.rows[0].cells, figures, strict=True):
        parts.shade(cell, PALE)
        parts.say(parts.first_paragraph(cell, TILE_NAMES[0]), figure.name[0], TILE_NAMES[0], INK, bold=True)
        parts.say(parts.paragraph(cell, TILE_NAMES[1]), figure.name[1], TILE_NAMES[1], SOFT)
        place = parts.paragraph(cell, 15)
        parts.say(place, figure.value, 15, DEEP, bold=True)
        parts.say(place, f" {figure.unit[0]}", narrowed(figure.unit[0], (7.5, 6.5, 5.5), wide - text_width(f"{figure.value} ", 15)), SOFT)
        if any(figure.more) and fitted(figure.more[0], 6.5, wide) == figure.more[0]:  # a figure is never cut
            parts.say(parts.paragraph(cell, 6.5, after=3), figure.more[0], 6.5, SOFT)


def _more_lines(figures: list[Figure]) -> float:
    """Points that names of more than one line add to the tiles."""
    wide = ROOM / max(len(figures), 1) - 12
    most = [max((lines(figure.name[at], size, wide) for figure in figures), default=1) for at, size in enumerate(TILE_NAMES)]
    return sum(LEADING * size * (count - 1) for size, count in zip(TILE_NAMES, most, strict=True))


def _footer(document: Any, content: Content) -> None:
    """On every page: for whom the map is, state of the solution, source of the figures."""
    footer = document.sections[0].footer
    place = footer.paragraphs[0]
    place.paragraph_format.line_spacing = Pt(10)
    parts.say(place, content.notice[0], 7, ALERT, bold=True)
    parts.say(place, f" · {pair('approval_number')[0]} {content.approval or '________'}", 7, SOFT)
    parts.say(parts.paragraph(footer, 7), content.state[0], 7, SOFT)
    parts.say(parts.paragraph(footer, 7), " / ".join(said("source")), 7, SOFT)
