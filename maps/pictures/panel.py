"""The legend of a picture: the same circles, widths, colours and signs as on its map, below each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from markupsafe import Markup

from maps import svg
from maps.escape import pair
from maps.figures import number
from maps.flows import DASH, Stroke, width
from maps.key_figures import Figure
from maps.legend import MODES, round_steps
from maps.palette import STAGE_COLOURS, WATER_CASING, groups
from maps.parks import PIE_STAGES, SIGN_KINDS, Glyph, radius
from maps.parks import sign as sign_of
from maps.placing import text_width
from maps.sayings import Pair

HEAD, ROW, GAP, FIGURE = 20.0, 17.0, 9.0, 35.0
SIZE: Final = 11.5
MARK: Final = 26.0  # room for what stands before the words
Entry = tuple[Pair, Callable[[float, float], Markup]]  # words, and the drawing at x and the middle of the row


def panel(strokes: Sequence[Stroke], glyphs: Sequence[Glyph], x: float, y: float, wide: float) -> tuple[Markup, float]:
    """The legend from (x, y) downwards, only for what is on the map, and where it ends."""
    parts: list[Markup] = []
    for block in (_stages(glyphs), _areas(glyphs), _goods(strokes), _widths(strokes), _modes(strokes), _signs(glyphs)):
        if block is None:
            continue
        heading, draw = block
        parts.append(svg.text(x, y + 12, *pair(heading), class_="legend-head"))
        drawn, high = draw(x, y + HEAD, wide)
        parts.append(drawn)
        y += HEAD + high + GAP
    return svg.join(parts), y


def summary(figures: Sequence[Figure], x: float, y: float, bottom: float, heading: Pair) -> Markup:
    """As many key figures as there is room for between ``y`` and ``bottom``; none where there is room for none."""
    shown = figures[: max(int((bottom - y - HEAD) // FIGURE), 0)]
    if not shown:
        return Markup("")
    parts = [svg.text(x, y + 12, *heading, class_="legend-head")]
    for place, figure in enumerate(shown):
        top = y + HEAD + place * FIGURE
        parts.append(svg.element("rect", x=x, y=top, width=3, height=FIGURE - 6, fill=figure.colour))
        parts.append(svg.text(x + 10, top + 10, *figure.name, class_="figure-name"))
        parts.append(svg.text(x + 10, top + 26, f"{figure.value} {figure.unit[0]}", f"{figure.value} {figure.unit[1]}", class_="figure-value"))
    return svg.join(parts)


Block = tuple[str, Callable[[float, float, float], tuple[Markup, float]]] | None


def _listed(heading: str, entries: Sequence[Entry]) -> Block:
    """Entries in two columns where all words fit into half the width, else below each other."""
    if not entries:
        return None

    def draw(x: float, y: float, wide: float) -> tuple[Markup, float]:
        longest = max(text_width(name, SIZE) for said, _ in entries for name in said)
        columns = 2 if MARK + longest < wide / 2 else 1
        parts = []
        for place, (said, mark) in enumerate(entries):
            left, middle = x + place % columns * wide / 2, y + place // columns * ROW + ROW / 2
            parts += [mark(left, middle), svg.text(left + MARK, middle + 4, *said, class_="legend-text")]
        return svg.join(parts), ROW * -(-len(entries) // columns)

    return heading, draw


def _patch(colour: str) -> Callable[[float, float], Markup]:
    return lambda x, y: svg.element("rect", x=x + 3, y=y - 6, width=12, height=12, rx=2, fill=colour)


def _stages(glyphs: Iterable[Glyph]) -> Block:
    """Colours of the stages."""
    used = {stage for glyph in glyphs for stage, amount in glyph.slices if amount > 0}
    return _listed("legend_stages", [(pair(f"stage_{stage}"), _patch(STAGE_COLOURS[stage])) for stage in PIE_STAGES if stage in used])


def _goods(strokes: Iterable[Stroke]) -> Block:
    """Colours of the goods."""
    used = {stroke.stream.group for stroke in strokes}
    return _listed("legend_goods", [((group.zh, group.en), _patch(group.colour)) for group in groups() if group.key in used])


def _areas(glyphs: Iterable[Glyph]) -> Block:
    """Circles of round capacities beside each other."""
    largest = max((sum(amount for _, amount in glyph.slices) for glyph in glyphs), default=0.0)
    steps = round_steps(largest)

    def draw(x: float, y: float, wide: float) -> tuple[Markup, float]:
        parts, at, high = [], x + 1, 2 * radius(steps[-1], largest) + 2
        for step in steps:
            r = radius(step, largest)
            parts.append(svg.element("circle", cx=at + r, cy=y + high - r - 1, r=r, fill="#ffffff", stroke="#2c3a48"))
            parts.append(svg.text(at + 2 * r + 5, y + high - 4, number(step), class_="legend-text"))
            at += 2 * r + text_width(number(step), SIZE) + 10
        return svg.join(parts), high + 4

    return ("legend_area", draw) if steps else None


def _widths(strokes: Sequence[Stroke]) -> Block:
    """Lines of round tonnages."""
    largest = max((stroke.stream.amount for stroke in strokes), default=0.0)

    def line(step: float) -> Callable[[float, float], Markup]:
        wide = width(step, largest)
        return lambda x, y: svg.element("rect", x=x, y=y - wide / 2, width=22, height=wide, fill="#66727e")

    said = [number(step, 0 if step >= 1 else 2) for step in round_steps(largest)]
    return _listed("legend_width", [((text, text), line(step)) for text, step in zip(said, round_steps(largest), strict=True)])


def _modes(strokes: Iterable[Stroke]) -> Block:
    """Pieces of line as they look on the map."""
    used = {stroke.stream.leg.mode for stroke in strokes}

    def line(mode: str) -> Callable[[float, float], Markup]:
        dashes = " ".join(f"{length:g}" for length in DASH[mode]) if mode in DASH else None

        def draw(x: float, y: float) -> Markup:
            d = f"M{x:.1f},{y:.1f}h22"
            casing = svg.element("path", d=d, stroke=WATER_CASING, stroke_width=9) if mode == "water" else Markup("")
            return casing + svg.element("path", d=d, stroke="#33404d", stroke_width=2.2 if mode == "road" else 4, stroke_dasharray=dashes)

        return draw

    return _listed("legend_modes", [(pair(f"mode_{mode}"), line(mode)) for mode in MODES if mode in used])


def _signs(glyphs: Sequence[Glyph]) -> Block:
    """Signs of places that are no parks, and the rings of parks."""

    def ring(kind: str) -> Callable[[float, float], Markup]:
        return lambda x, y: svg.element("path", d=f"M{x + 2:.1f},{y + 4:.1f}A8,8 0 0 1 {x + 17:.1f},{y - 2:.1f}", class_=f"ring-{kind}")

    def sign(kind: str) -> Callable[[float, float], Markup]:
        return lambda x, y: sign_of(kind, x + 9, y, 4.2)

    kinds = {glyph.kind for glyph in glyphs if not glyph.is_park}
    entries: list[Entry] = [(pair(f"sign_{kind}"), sign(kind)) for kind in SIGN_KINDS if kind in kinds]
    entries += [(pair("sign_added"), ring("added"))] if any(glyph.added > 0 for glyph in glyphs) else []
    entries += [(pair("sign_closed"), ring("closed"))] if any(glyph.closed > 0 for glyph in glyphs) else []
    return _listed("legend_signs", entries)
