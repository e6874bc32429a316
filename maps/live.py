"""The map that can be moved: folium without tiles, every asset inlined by the page, text escaped before it enters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import Figure
from folium.features import DivIcon, GeoJson, GeoJsonTooltip
from folium.map import CustomPane, FeatureGroup, LayerControl, Popup
from markupsafe import Markup

from maps import exits as edge
from maps import offline, parks, svg
from maps.escape import both, pair, shown, word
from maps.exits import Exit
from maps.figures import number
from maps.flows import DASH, Stroke
from maps.geography import Frame, Point, layer
from maps.months import Key, numbered
from maps.names import Names
from maps.palette import WATER_CASING, groups
from maps.parks import Glyph
from maps.placing import Box
from maps.popups import Popups
from maps.still import ARROW_FROM, Pinned

TIP_LINES = 5  # flows listed when a line is touched
BACKGROUND = {
    "provinces": {"color": "#8a93a0", "weight": 1.2, "fillColor": "#fbf9f3", "fillOpacity": 1},
    "rivers": {"color": "#a9cbe8", "weight": 1.5, "opacity": 0.95},
    "railways": {"color": "#9a9a9a", "weight": 1, "dashArray": "2 3", "opacity": 0.9},
}


@dataclass(frozen=True)
class LiveMap:
    """The pieces of folium's figure that the page needs, and the assets they rely on."""

    html: Markup
    script: str
    libraries: list[str]
    styles: list[str]


def reserved(frame: Frame) -> list[Box]:
    """Where the buttons, the scale and the list of layers stand: no label may hide below them."""
    return [Box(0.0, 0.0, 150.0, 110.0), Box(0.0, frame.height - 262.0, 172.0, 262.0)]


def live_map(
    frame: Frame, strokes: Sequence[Stroke], glyphs: Sequence[Glyph], edges: Sequence[Exit], towns: Sequence[Pinned],
    names: Names, popups: Popups,
) -> LiveMap:
    """The map with a layer per group of goods, parks, other places and gateways."""
    map_ = folium.Map(
        location=[(frame.south + frame.north) / 2, (frame.west + frame.east) / 2], tiles=None, attribution_control=False,
        control_scale=False, zoom_snap=0.05, zoom_delta=0.5, wheel_px_per_zoom_level=120, zoom_start=7, max_zoom=11, width="100%", height="100%",
    )
    Figure().add_child(map_)
    for position, pane in enumerate(("provinces", "rivers", "railways", "casing", "streams")):
        map_.add_child(CustomPane(pane, z_index=380 + 5 * position, pointer_events=pane == "streams"))
    if frame.in_region:
        _background(map_)
        map_.add_child(_overlay([_pinned(frame, *town, "drawing") for town in towns], word("layer_towns")))
    order = numbered(strokes)
    for group in groups():
        mine = [stroke for stroke in strokes if stroke.stream.group == group.key]
        if mine:
            map_.add_child(_stream_layer(mine, group.colour, both(group.zh, group.en), names, order))
    if edges:
        blocks = [_pinned(frame, exit_.point, edge.fragment(exit_), "drawing") for exit_ in edges]
        map_.add_child(_overlay(blocks, word("layer_gateways")))
    for is_park, title in ((False, "layer_places"), (True, "layer_parks")):
        markers = [_marker(glyph, frame, names, popups) for glyph in reversed(glyphs) if glyph.is_park == is_park]
        if markers:
            map_.add_child(_overlay(markers, word(title)))
    map_.add_child(LayerControl(position="bottomleft", collapsed=False))
    return _rendered(map_, frame)


def _rendered(map_: folium.Map, frame: Frame) -> LiveMap:
    """folium's text without its header: the page brings the assets itself."""
    figure: Any = map_.get_root()
    offline.fixed_ids(figure)
    figure.render()
    libraries, styles = offline.assets(figure)
    corners = [[round(frame.south, 4), round(frame.west, 4)], [round(frame.north, 4), round(frame.east, 4)]]
    script = f"{figure.script.render()}\nwindow.report_map = {map_.get_name()};\nwindow.report_corners = {corners};"
    return LiveMap(Markup(figure.html.render()), script, libraries, styles)


def _background(map_: folium.Map) -> None:
    """Outlines, rivers and railways."""
    for name, style in BACKGROUND.items():
        shapes = GeoJson(
            layer(name), style_function=lambda _, fixed=style: dict(fixed), name=word(f"layer_{name}"), control=name == "railways",
            interactive=False, pane=name, smooth_factor=0.5,
        )
        map_.add_child(shapes)


def _overlay(children: Sequence[folium.Marker], title: Markup) -> FeatureGroup:
    """A layer of markers."""
    group = FeatureGroup(name=title)
    for child in children:
        group.add_child(child)
    return group


def _pinned(frame: Frame, point: Point, content: Markup, classes: str) -> folium.Marker:
    """SVG in pixels of the frame, moved so that ``point`` stays at its place on the earth at every zoom."""
    longitude, latitude = frame.degrees(point)
    moved = svg.element("g", content, transform=f"translate({-point[0]:.2f} {-point[1]:.2f})")
    icon = DivIcon(
        html=svg.element("svg", moved, width=1, height=1, class_="pin", focusable="false"), icon_size=(1, 1), icon_anchor=(0, 0),
        class_name=classes,
    )
    touched = classes.startswith("touched")
    return folium.Marker((round(latitude, 5), round(longitude, 5)), icon=icon, interactive=touched, keyboard=touched)


def _marker(glyph: Glyph, frame: Frame, names: Names, popups: Popups) -> folium.Marker:
    """A site with its popup."""
    classes = "touched park-glyph" if glyph.is_park else "touched place-glyph"
    marker = _pinned(frame, glyph.truth, parks.fragment(glyph, names), classes)
    Popup(popups.html(glyph.site), max_width=430).add_to(marker)
    return marker


def _stream_layer(strokes: Sequence[Stroke], colour: str, title: Markup, names: Names, order: Mapping[Key, int]) -> FeatureGroup:
    """All lines of one group of goods: a casing that tells the mode, the line, the arrow heads."""
    group = FeatureGroup(name=Markup('<i class="swatch swatch-') + shown(strokes[0].stream.group) + Markup('"></i>') + title)
    for pane, style in (("casing", _casing), ("streams", _line)):
        features = [_feature(stroke, style(stroke, colour), order, names if pane == "streams" else None) for stroke in strokes]
        shapes = GeoJson(
            {"type": "FeatureCollection", "features": features}, pane=pane, interactive=pane == "streams", smooth_factor=0.6,
        )
        if pane == "streams":
            GeoJsonTooltip(fields=["tip"], labels=False, sticky=True, class_name="tip").add_to(shapes)
        group.add_child(shapes)
    return group


def _feature(stroke: Stroke, style: dict[str, object], order: Mapping[Key, int], names: Names | None) -> dict[str, object]:
    """One stroke as GeoJSON with the number of its stream in the data of the slider; ``names`` only where its words are needed."""
    points = [[round(x, 4), round(y, 4)] for x, y in stroke.points]
    properties: dict[str, object] = {"style": style, "n": order[stroke.stream.group, stroke.stream.leg]}
    if names is None:
        properties["extra"] = _wider(stroke)
    else:
        properties["tip"] = str(tip(stroke, names))
    return {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": points}}


def _casing(stroke: Stroke, _: str) -> dict[str, object]:
    """Blue along rivers, white elsewhere."""
    water = stroke.stream.leg.mode == "water"
    return {
        "color": WATER_CASING if water else "#ffffff", "weight": round(stroke.width + _wider(stroke), 2),
        "offset": round(stroke.offset, 2), "opacity": 0.95 if water else 0.85, "lineCap": "butt",
    }


def _wider(stroke: Stroke) -> float:
    """Pixels that a casing is wider than its line."""
    return 4.5 if stroke.stream.leg.mode == "water" else 1.8


def _line(stroke: Stroke, colour: str) -> dict[str, object]:
    """The colour of the goods, dashed on rails; ``arrow`` asks page.js for an arrow head."""
    style: dict[str, object] = {
        "color": colour, "weight": round(stroke.width, 2), "offset": round(stroke.offset, 2), "opacity": 0.92,
        "lineCap": "butt", "arrow": stroke.width >= ARROW_FROM,
    }
    if stroke.stream.leg.mode in DASH:
        style["dashArray"] = " ".join(f"{length:g}" for length in DASH[stroke.stream.leg.mode])
    return style


def tip(stroke: Stroke, names: Names) -> Markup:
    """What a line carries: mode and amount, then the largest flows on it."""
    stream = stroke.stream
    mode = word(f"mode_{stream.leg.mode}") if stream.leg.mode in ("road", "rail", "water") else shown(stream.leg.mode)
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
    if rest := len(stream.parts) - TIP_LINES:
        lines += [word("tip_more", count=rest)] if rest > 0 else []
    return Markup("<br>").join(lines)
