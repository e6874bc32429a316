"""Flows on the map that can be moved: one layer per group of goods that holds its corridors and its arcs.

assets/page.js draws casings and arrow heads and opens what a line says, so that the page stays small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from folium.features import GeoJson
from folium.map import FeatureGroup
from markupsafe import Markup

from maps.escape import both, pair, shown, word
from maps.figures import number
from maps.flows import DASH, Stroke
from maps.months import Key
from maps.names import Names
from maps.palette import Group
from maps.routes import ARC

PANES: Final = ("streams", "arcs")  # one of them is shown; the switch above the map chooses
TIP_LINES: Final = 5  # flows listed when a line is touched


class Tips:
    """The lines of all tooltips, each text once: the same flow is told on every leg of its route."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._places: dict[Markup, int] = {}

    @property
    def texts(self) -> list[str]:
        """All lines in the order of their numbers."""
        return [str(text) for text in self._places]

    def of(self, stroke: Stroke) -> list[int]:
        """The numbers of the lines that tell what ``stroke`` carries."""
        return [self._places.setdefault(text, len(self._places)) for text in tip(stroke, self._names)]


def stream_layer(group: Group, corridors: Sequence[Stroke], arcs: Sequence[Stroke], tips: Tips, order: Mapping[Key, int]) -> FeatureGroup:
    """All lines of one group of goods, in both ways to draw them."""
    layer = FeatureGroup(name=Markup('<i class="swatch swatch-') + shown(group.key) + Markup('"></i>') + both(group.zh, group.en))
    for pane, strokes in zip(PANES, (corridors, arcs), strict=True):
        features = [_feature(stroke, group.colour, order, tips) for stroke in strokes if stroke.stream.group == group.key]
        if features:
            layer.add_child(GeoJson({"type": "FeatureCollection", "features": features}, pane=pane, smooth_factor=0.6))
    return layer


def _feature(stroke: Stroke, colour: str, order: Mapping[Key, int], tips: Tips) -> dict[str, object]:
    """One stroke as GeoJSON with the number of its stream in the data of the slider and those of its lines of text."""
    points = [[round(x, 3), round(y, 3)] for x, y in stroke.points]
    properties = {"style": _line(stroke, colour), "n": order[stroke.stream.group, stroke.stream.leg], "tip": tips.of(stroke)}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": points}}


def _line(stroke: Stroke, colour: str) -> dict[str, object]:
    """The colour of the goods, dashed on rails; ``flow`` asks page.js for a casing, blue on water, and for an arrow head."""
    water = stroke.stream.leg.mode == "water"
    style: dict[str, object] = {
        "color": colour, "weight": round(stroke.width, 2), "offset": round(stroke.offset, 2), "flow": "water" if water else "land",
    }
    if stroke.stream.leg.mode in DASH:
        style["dashArray"] = " ".join(f"{length:g}" for length in DASH[stroke.stream.leg.mode])
    return style


def tip(stroke: Stroke, names: Names) -> list[Markup]:
    """What a line carries: mode and amount, then the largest flows on it."""
    stream = stroke.stream
    mode = word(f"mode_{stream.leg.mode}") if stream.leg.mode in ("road", "rail", "water", ARC) else shown(stream.leg.mode)
    lines = [Markup("<b>") + mode + Markup(" · ") + word("tip_amount", amount=number(stream.amount)) + Markup("</b>")]
    for good, start, end, amount in stream.parts[:TIP_LINES]:
        texts = []
        for language in (0, 1):
            facts = {
                "good": names.good(good)[language], "start": names.short(start)[language], "end": names.short(end)[language],
                "amount": number(amount, 0 if amount >= 10 else 1),
            }
            texts.append(pair("tip_flow", **facts)[language])
        lines.append(both(*texts))
    rest = len(stream.parts) - TIP_LINES
    return [*lines, word("tip_more", count=rest)] if rest > 0 else lines
