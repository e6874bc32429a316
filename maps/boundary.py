"""The user's own boundary layer, named in the scenario's ``map`` line: read, checked, turned into WGS-84, drawn instead of the shipped outlines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import geopandas
import pyogrio
import pyproj
import shapely

from maps.geography import BOX, Frame
from model.problems import Problems
from model.scenario.records import MapSetting

WGS84: Final = "EPSG:4326"
SYSTEMS: Final = {"wgs84": WGS84, "cgcs2000": "EPSG:4490"}
SHIFTED: Final = ("gcj02", "bd09")
TOLERANCE: Final = 0.003  # degrees, some 300 m: less is not seen at the deepest zoom
POLYGONS: Final = ("Polygon", "MultiPolygon")


def boundary(setting: MapSetting, problems: Problems) -> geopandas.GeoDataFrame | None:
    """The polygons of the layer in WGS-84, those of neighbours simplified along the same lines; None without a layer.

    A file that is missing, unreadable or holds anything but polygons, an unknown coordinate system, a layer that does
    not touch the map and a 审图号 without a layer are added to ``problems`` at the scenario's line, and give None.
    """
    crs = _system(setting, problems)
    if not setting.boundary:
        if setting.number:  # given for one layer; ours was never reviewed
            setting.spot.at("number").add(problems, "map_number_alone", setting.number)
        return None
    path, spot = Path(setting.boundary), setting.spot.at("boundary")
    if not path.is_file():
        spot.add(problems, "map_boundary_missing", setting.boundary)
        return None
    try:
        found = geopandas.read_file(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, ValueError) as error:
        spot.add(problems, "map_boundary_unreadable", path.name, why=_line(error))
        return None
    kinds = sorted(set(found.geometry.geom_type.fillna("–"))) if "geometry" in found else ["–"]
    if not kinds or not set(kinds) <= set(POLYGONS):
        spot.add(problems, "map_boundary_shapes", path.name, kinds=", ".join(map(str, kinds)) or "–")
        return None
    if crs is None and (found.crs is None or setting.crs):
        if not setting.crs:
            setting.spot.at("crs").add(problems, "map_crs_missing", path.name)
        return None
    return _placed(found if crs is None else found.set_crs(crs, allow_override=True), setting, problems)


def _system(setting: MapSetting, problems: Problems) -> pyproj.CRS | None:
    """The coordinate system that the scenario states; None where it states none or an unknown one (reported)."""
    name, spot = setting.crs, setting.spot.at("crs")
    if not name:
        return None
    if name.lower() in SHIFTED:
        spot.add(problems, "map_crs_shifted", name)
        return None
    code = re.fullmatch(r"epsg:(\d{1,6})", SYSTEMS.get(name.lower(), name).lower())
    try:
        return pyproj.CRS.from_epsg(int(code[1] if code else 0))
    except pyproj.exceptions.CRSError:
        spot.add(problems, "map_crs_unknown", name)
        return None


def _placed(found: geopandas.GeoDataFrame, setting: MapSetting, problems: Problems) -> geopandas.GeoDataFrame | None:
    """The layer in WGS-84 without properties, if any of it lies where the map may lie."""
    turned = found.to_crs(WGS84)
    shapes = shapely.make_valid(turned.geometry.to_numpy())
    if not shapely.intersects(shapes, shapely.box(*BOX)).any():
        west, south, east, north = turned.total_bounds
        facts = {"crs": setting.crs or str(found.crs), "bounds": f"{west:.1f}–{east:.1f}° E, {south:.1f}–{north:.1f}° N"}
        setting.spot.at("boundary").add(problems, "map_boundary_elsewhere", Path(setting.boundary).name, **facts)
        return None
    return geopandas.GeoDataFrame(geometry=shapely.coverage_simplify(shapes, TOLERANCE), crs=WGS84)


def within(shapes: geopandas.GeoDataFrame, frame: Frame) -> geopandas.GeoDataFrame:
    """What of the polygons lies inside the frame; nothing else may be drawn."""
    cut = [_areas(shapely.clip_by_rect(shape, frame.west, frame.south, frame.east, frame.north)) for shape in shapes.geometry]
    return geopandas.GeoDataFrame(geometry=[shape for shape in cut if not shape.is_empty], crs=WGS84)


def _areas(shape: Any) -> Any:
    """The polygons of ``shape``, without the lines and points that a cut may leave."""
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def _line(error: Exception) -> str:
    """The first line of what a library says of a file."""
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
