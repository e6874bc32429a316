"""The legend of the map: colours, areas, widths, modes and signs, drawn with the same rules as the map itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup

from maps import svg
from maps.escape import both, word
from maps.figures import number
from maps.flows import DASH, Stroke, width
from maps.palette import STAGE_COLOURS, WATER_CASING, groups
from maps.parks import PIE_STAGES, SIGN_KINDS, Glyph, radius
from maps.parks import sign as sign_of

MODES: Final = ("water", "rail", "road")


def legend(strokes: Sequence[Stroke], glyphs: Sequence[Glyph]) -> list[Markup]:
    """The blocks of the legend, only for what is on the map."""
    blocks: list[Markup] = []
    stages = {stage for glyph in glyphs for stage, amount in glyph.slices if amount > 0}
    if stages:
        blocks.append(block("legend_stages", (patch(STAGE_COLOURS[s], word(f"stage_{s}")) for s in PIE_STAGES if s in stages)))
        blocks.append(block("legend_area", areas(max(sum(amount for _, amount in glyph.slices) for glyph in glyphs))))
    if strokes:
        used = {stroke.stream.group for stroke in strokes}
        blocks.append(block("legend_goods", (patch(g.colour, both(g.zh, g.en)) for g in groups() if g.key in used)))
        blocks.append(block("legend_width", widths(max(stroke.stream.amount for stroke in strokes))))
        modes = {stroke.stream.leg.mode for stroke in strokes}
        blocks.append(block("legend_modes", (_mode(mode) for mode in MODES if mode in modes)))
    kinds = {glyph.kind for glyph in glyphs if not glyph.is_park}
    signs = [_sign(kind) for kind in SIGN_KINDS if kind in kinds]
    signs += [_ring("added")] if any(glyph.added > 0 for glyph in glyphs) else []
    signs += [_ring("closed")] if any(glyph.closed > 0 for glyph in glyphs) else []
    return [*blocks, block("legend_signs", signs)] if signs else blocks


def block(heading: str, entries: Iterable[Markup]) -> Markup:
    """A heading and its entries."""
    return Markup("<b>") + word(heading) + Markup("</b>") + svg.join(entries)


def _entry(drawing: Markup, words: Markup, wide: float, high: float) -> Markup:
    """A small drawing and its words."""
    picture = svg.element("svg", drawing, width=wide, height=high, aria_hidden="true")
    return Markup("<span>") + picture + Markup(" ") + words + Markup("</span>")


def patch(colour: str, words: Markup) -> Markup:
    """A coloured square and its words."""
    return _entry(svg.element("rect", width=11, height=11, rx=2, fill=colour), words, 11, 11)


def round_steps(largest: float) -> list[float]:
    """Three round values up to ``largest``: 100, 1000, 4000 for 4,780."""
    if largest <= 0:
        return []
    power = 10 ** math.floor(math.log10(largest))
    top = math.floor(largest / power) * power
    return [step for step in (power / 10, power / 2 if top == power else power, top) if step > 0]


def areas(largest: float) -> Iterable[Markup]:
    """Circles of round amounts up to ``largest``, which is drawn largest on the map."""
    for step in round_steps(largest):
        r = radius(step, largest)
        circle = svg.element("circle", cx=r + 1, cy=r + 1, r=r, fill="#ffffff", stroke="#2c3a48")
        yield _entry(circle, Markup(number(step)), 2 * r + 2, 2 * r + 2)


def widths(largest: float) -> Iterable[Markup]:
    """Lines of round tonnages up to ``largest``, which is drawn widest on the map."""
    for step in round_steps(largest):
        wide = width(step, largest)
        line = svg.element("rect", x=0, y=8 - wide / 2, width=30, height=wide, fill="#66727e")
        yield _entry(line, Markup(number(step, 0 if step >= 1 else 2)), 30, 16)


def _mode(mode: str) -> Markup:
    """A piece of line as it looks on the map."""
    d, parts = "M0,7h34", []
    if mode == "water":
        parts.append(svg.element("path", d=d, stroke=WATER_CASING, stroke_width=9))
    dashes = " ".join(f"{length:g}" for length in DASH[mode]) if mode in DASH else None
    parts.append(svg.element("path", d=d, stroke="#33404d", stroke_width=2.2 if mode == "road" else 4, stroke_dasharray=dashes))
    return _entry(svg.join(parts), word(f"mode_{mode}"), 34, 14)


def _sign(kind: str) -> Markup:
    return _entry(sign_of(kind, 7, 7, 3.8), word(f"sign_{kind}"), 14, 14)


def _ring(kind: str) -> Markup:
    """A piece of the ring around a pie."""
    return _entry(svg.element("path", d="M2,11A8,8 0 0 1 16,5", class_=f"ring-{kind}"), word(f"sign_{kind}"), 18, 14)
