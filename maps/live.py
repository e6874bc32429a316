"""The map that can be moved: folium without tiles, every asset inlined by the page, text escaped before it enters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import folium
import geopandas
from branca.element import Figure
from folium.features import DivIcon, GeoJson
from folium.map import CustomPane, FeatureGroup, LayerControl, Popup
from markupsafe import Markup

from maps import exits as edge
from maps import offline, parks, svg
from maps.boundary import within
from maps.escape import pair, word
from maps.exits import Exit
from maps.flows import Stroke
from maps.geography import Frame, Point, layer
from maps.live_streams import PANES, Tips, stream_layer
from maps.months import json_of, numbered
from maps.names import Names
from maps.palette import groups
from maps.parks import Glyph
from maps.placing import Box
from maps.popups import Popups
from maps.still import Pinned

BACKGROUND = {
    "provinces": {"color": "#8a93a0", "weight": 1.2, "opacity": 1, "fillColor": "#fbf9f3", "fillOpacity": 1},
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
    frame: Frame, strokes: Sequence[Stroke], arcs: Sequence[Stroke], glyphs: Sequence[Glyph], edges: Sequence[Exit], towns: Sequence[Pinned],
    names: Names, popups: Popups, outlines: geopandas.GeoDataFrame | None = None,
) -> LiveMap:
    """The map with a layer per group of goods (along corridors and as ``arcs``), parks, other places and gateways."""
    map_ = folium.Map(
        location=[(frame.south + frame.north) / 2, (frame.west + frame.east) / 2], tiles=None, attribution_control=False,
        control_scale=False, zoom_snap=0, zoom_delta=0.5, wheel_px_per_zoom_level=120, zoom_start=7, max_zoom=11, width="100%", height="100%",
    )
    Figure().add_child(map_)
    for position, pane in enumerate(("provinces", "rivers", "railways", *PANES)):
        map_.add_child(CustomPane(pane, z_index=380 + 5 * position, pointer_events=pane in PANES))
    _background(map_, frame, outlines)
    if frame.in_region:
        map_.add_child(_overlay([_pinned(frame, *town, "drawing") for town in towns], word("layer_towns")))
    order, tips = numbered([*strokes, *arcs]), Tips(names)
    used = {stroke.stream.group for stroke in strokes}
    for group in groups():
        if group.key in used:
            map_.add_child(stream_layer(group, strokes, arcs, tips, order))
    if edges:
        blocks = [_pinned(frame, exit_.point, edge.fragment(exit_), "drawing") for exit_ in edges]
        map_.add_child(_overlay(blocks, word("layer_gateways")))
    for is_park, title in ((False, "layer_places"), (True, "layer_parks")):
        markers = [_marker(glyph, frame, names, popups) for glyph in reversed(glyphs) if glyph.is_park == is_park]
        if markers:
            map_.add_child(_overlay(markers, word(title)))
    map_.add_child(LayerControl(position="bottomleft", collapsed=False))
    return _rendered(map_, frame, tips)


def _rendered(map_: folium.Map, frame: Frame, tips: Tips) -> LiveMap:
    """folium's text without its header: the page brings the assets itself."""
    figure: Any = map_.get_root()
    offline.fixed_ids(figure)
    figure.render()
    libraries, styles = offline.assets(figure)
    corners = [[round(frame.south, 4), round(frame.west, 4)], [round(frame.north, 4), round(frame.east, 4)]]
    lines = [
        figure.script.render(), f"window.report_map = {map_.get_name()};", f"window.report_corners = {corners};",
        f"window.report_tips = {json_of(tips.texts)};", f"window.report_zoom = {json_of([pair('zoom_in'), pair('zoom_out')])};",
    ]
    return LiveMap(Markup(figure.html.render()), "\n".join(lines), libraries, styles)


def _background(map_: folium.Map, frame: Frame, outlines: geopandas.GeoDataFrame | None) -> None:
    """Outlines, rivers and railways; the user's own outlines are cut to the frame, the shipped layers hold no more than they may show."""
    for name, style in BACKGROUND.items():
        own = outlines if name == "provinces" else None
        if own is None and not frame.in_region:
            continue
        shapes = GeoJson(
            layer(name) if own is None else within(own, frame), style_function=lambda _, fixed=style: dict(fixed),
            name=word(f"layer_{name}"), control=name == "railways",
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
