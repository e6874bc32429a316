"""The siting map as a slide: title, map with parks and flows, legend, notice and approval number on 1280 × 720."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from markupsafe import Markup

from maps import parks, still, svg
from maps.escape import pair
from maps.exits import covered, exits, fragment
from maps.flows import places, streams, strokes
from maps.geography import Frame, frame_of
from maps.key_figures import figures
from maps.names import Names
from maps.notice import credit, notice
from maps.palette import groups
from maps.pictures.panel import panel, summary
from maps.pictures.standalone import standalone
from maps.placing import Box, text_width
from maps.sayings import Pair
from maps.view import ReportView
from model import words

WIDTH, HIGH = 1280.0, 720.0
TOP, BOTTOM, SIDE = 60.0, 44.0, 244.0  # header, footer and legend
MARGIN: Final = 18.0
NUMBER: Final = 420.0  # pixels for the approval number
FOLDER, NAME = "maps", "siting"


def siting_maps(view: ReportView) -> dict[str, str]:
    """language → SVG document of the siting map; nothing for a view without coordinates."""
    if not view.has_map:
        return {}
    drawing = _picture(view)
    return {language: standalone(drawing, language) for language in words.LANGUAGES}


def said(key: str, /, **facts: object) -> Pair:
    """The sentence ``pictures.<key>``."""
    return words.text(f"pictures.{key}", "zh", **facts), words.text(f"pictures.{key}", "en", **facts)


def _picture(view: ReportView) -> Markup:
    """The whole slide in both languages."""
    wide, high = WIDTH - SIDE, HIGH - TOP - BOTTOM
    frame = frame_of(view.sites, wide / high, wide)
    names = Names(view)
    lines = strokes(streams(view), places(view), frame)
    bare = parks.glyphs(view, frame)
    corner = [Box(0.0, frame.height - 84.0, 190.0, 84.0)]  # scale and north
    edges = exits(view, frame, names, [*corner, *parks.circles(bare)])
    taken = [*corner, *covered(edges)]
    glyphs = parks.labelled(bare, names, taken, frame)
    towns = still.town_names(frame, [*taken, *parks.label_boxes(glyphs)])
    colours = {group.key: group.colour for group in groups()}
    layers = [still.streams(lines, frame, colours), *(drawing for _, drawing in towns), *(fragment(exit_) for exit_ in edges)]
    layers += [parks.fragment(glyph, names) for glyph in reversed(glyphs)]
    map_ = still.framed(frame, still.background(frame, view.outlines), svg.join(layers))
    legend, end = panel(lines, glyphs, wide + MARGIN, TOP + 12, SIDE - 2 * MARGIN)
    parts = [
        svg.element("rect", width=WIDTH, height=HIGH, fill="#ffffff"), _header(view), _placed(map_, frame, high),
        legend, summary(figures(view), wide + MARGIN, end + 6, HIGH - BOTTOM - 4, said("key_figures")), _footer(view),
    ]
    titles = svg.element("title", view.title_zh, class_="zh") + svg.element("title", view.title_en, class_="en")
    return svg.picture(WIDTH, HIGH, titles + svg.join(parts), width=int(WIDTH), height=int(HIGH))


def write(view: ReportView, folder: Path) -> dict[str, str]:
    """Write ``maps/siting_zh.svg`` and ``maps/siting_en.svg`` into ``folder``; returns the documents by language."""
    documents = siting_maps(view)
    if documents:
        (folder / FOLDER).mkdir(exist_ok=True)
    for language, document in documents.items():
        (folder / FOLDER / f"{NAME}_{language}.svg").write_text(document, encoding="utf-8", newline="\n")
    return documents


def _placed(map_: Markup, frame: Frame, high: float) -> Markup:
    """The map in its window; a frame cut by the edge of the layers keeps its proportions there."""
    inner = str(map_).replace("<svg ", f'<svg x="0" y="{TOP:g}" width="{frame.width:g}" height="{high:g}" ', 1)
    return Markup(inner)


def _header(view: ReportView) -> Markup:
    """Title, what the map shows, scenario and state of the solution."""
    status = str(view.summary.get("status", ""))
    known = pair(f"status_{status}") if status in ("optimal", "feasible") else (status, status)
    state = [said("state", scenario=view.scenario, status=known[place], date=str(view.provenance.get("date", ""))[:10])[place] for place in (0, 1)]
    room = WIDTH - 2 * MARGIN
    return svg.join([
        svg.text(MARGIN, 29, fitted(view.title_zh, 23, room), fitted(view.title_en, 23, room), class_="picture-title"),
        svg.text(MARGIN, 48, *said("siting_subtitle"), class_="picture-subtitle"),
        svg.text(WIDTH - MARGIN, 48, *(fitted(text, 12, 560) for text in state), class_="picture-subtitle", text_anchor="end"),
        svg.element("line", x1=0, x2=WIDTH, y1=TOP - 1, y2=TOP - 1, class_="picture-rule"),
    ])


def _footer(view: ReportView) -> Markup:
    """For whom the picture is, its approval number and where the background comes from."""
    y, room = HIGH - BOTTOM, WIDTH - 2 * MARGIN - NUMBER - 12
    approval = tuple(f"{text} {view.map_approval}" if view.map_approval else f"{text} ________" for text in pair("approval_number"))
    return svg.join([
        svg.element("line", x1=0, x2=WIDTH, y1=y, y2=y, class_="picture-edge"),
        svg.text(MARGIN, y + 18, *notice(view), class_="picture-notice", style=f"font-size: {letters(notice(view), room):g}px"),
        svg.text(WIDTH - MARGIN, y + 18, *(fitted(text, 12, NUMBER) for text in approval), class_="picture-notice", text_anchor="end"),
        svg.text(MARGIN, y + 35, *pair(credit(view)), class_="picture-credit"),
    ])


def letters(texts: Pair, room: float) -> float:
    """Pixels of letters, 12 at most, at which both texts are no wider than ``room``: words of the user's own are not cut."""
    return min(12.0, *(12.0 * room / text_width(text, 12) for text in texts if text))


def fitted(text: str, size: float, room: float) -> str:
    """``text`` cut with an ellipsis where it is wider than ``room`` pixels in letters of ``size``."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept + "…"
