"""What only a map can see in the inputs, before anything is solved: a boundary layer that cannot be drawn, points outside their province."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from maps.boundary import boundary
from maps.coordinates import to_wgs84
from maps.geography import layer
from maps.view import rows_of
from model.problems import Problems
from model.reading.gate import Place, place_of
from model.scenario import Scenario
from model.tables import Tables

KILOMETRES: Final = 111.32  # per degree of a great circle
TOLERANCE: Final = 0.3  # km: the outlines are simplified that far
SHIFTED: Final = ("gcj02", "bd09")


def inspect(scenario: Scenario, tables: Tables, problems: Problems) -> None:
    """Report what is wrong with the boundary layer of ``scenario``, and note sites that do not lie in the province of their region."""
    boundary(scenario.map, problems)
    sites = tables.get("sites")
    if sites is not None:
        check_regions(sites, problems)


@dataclass(frozen=True)
class _Outline:
    """A province on a flat patch of the earth, in kilometres."""

    shape: Any
    stretch: float

    def distance(self, lon: float, lat: float) -> float:
        """Kilometres from the outline, 0 inside."""
        return float(shapely.Point(lon * self.stretch, lat * KILOMETRES).distance(self.shape))


def check_regions(sites: pd.DataFrame, problems: Problems) -> None:
    """Points whose region is a province of the background and which lie outside it.

    An error where latitude and longitude exchanged lie inside, otherwise a note with what was probably meant. Regions
    that are no province of the background are not judged.
    """
    outlines = {str(row.en).lower(): _outline(row.geometry) for row in rows_of(layer("provinces"))}
    judged = sites[sites["region"].str.lower().isin(outlines) & sites["lat"].notna() & sites["lon"].notna()]
    place = place_of("sites", judged, "lat")
    for index, (row, true) in enumerate(zip(rows_of(judged), rows_of(to_wgs84(judged)), strict=True)):
        outline = outlines[str(row.region).lower()]
        away = outline.distance(true.lon, true.lat)
        if away > TOLERANCE:
            _report(row, away, outline, place, index, problems)


def _report(row: Any, away: float, outline: _Outline, place: Place, index: int, problems: Problems) -> None:
    """One point outside its region, with the likeliest cause."""
    value, region = f"{row.site} ({row.lat:g}, {row.lon:g})", str(row.region)
    if outline.distance(row.lat, row.lon) <= TOLERANCE:
        place.add(problems, "site_swapped", index, value, region=region)
        return
    facts = {"region": region, "kilometres": f"{away:.1f}"}
    for crs in (crs for crs in SHIFTED if row.crs not in SHIFTED):
        other = rows_of(to_wgs84(pd.DataFrame({"lon": [row.lon], "lat": [row.lat], "crs": [crs]})))
        if all(outline.distance(point.lon, point.lat) == 0 for point in other):
            place.add(problems, "site_shifted", index, value, note=True, crs=crs, **facts)
            return
    place.add(problems, "site_outside_region", index, value, note=True, **facts)


def _outline(shape: Any) -> _Outline:
    """``shape`` in degrees as kilometres, longitudes shortened as at its middle latitude."""
    stretch = KILOMETRES * math.cos(math.radians(shape.centroid.y))
    return _Outline(shapely.transform(shape, lambda points: points * np.array([stretch, KILOMETRES])), stretch)
