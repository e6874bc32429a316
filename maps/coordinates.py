"""Points written in GCJ-02 or BD-09 become WGS-84, in memory and for points only.

Formulas: the publicly known GCJ-02 offset and BD-09 rotation; the inverse of GCJ-02 by fixed-point iteration, which
closes to less than a metre. CGCS2000 agrees with WGS-84 within a metre and is taken as it stands.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323  # Krasovsky 1940 ellipsoid, metres
TURN = np.pi * 3000.0 / 180.0
ITERATIONS = 6


def _waves(value: Floats, first: float, second: float, third: float, weights: tuple[float, float]) -> Floats:
    slow = weights[0] * np.sin(value * first) + weights[1] * np.sin(value * second)
    return np.asarray((20.0 * np.sin(value * np.pi) + 40.0 * np.sin(value * third)) * 2.0 / 3.0 + slow * 2.0 / 3.0)


def _offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees that GCJ-02 adds to a WGS-84 point."""
    x, y = lon - 105.0, lat - 35.0
    common = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    root = 0.1 * np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 2.0 * root + common
    north = north + _waves(y, np.pi / 12.0, np.pi / 30.0, np.pi / 3.0, (160.0, 320.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + root + common
    east = east + _waves(x, np.pi / 12.0, np.pi / 30.0, np.pi / 3.0, (150.0, 300.0))
    phi = np.radians(lat)
    magic = 1.0 - ECCENTRICITY * np.sin(phi) ** 2
    radius = np.sqrt(magic)
    degrees_north = north * 180.0 / (AXIS * (1.0 - ECCENTRICITY) / (magic * radius) * np.pi)
    degrees_east = east * 180.0 / (AXIS / radius * np.cos(phi) * np.pi)
    return np.asarray(degrees_east), np.asarray(degrees_north)


def gcj02_of(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 longitude and latitude of WGS-84 points, degrees."""
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def wgs84_of_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """WGS-84 longitude and latitude of GCJ-02 points, degrees."""
    x, y = lon.copy(), lat.copy()
    for _ in range(ITERATIONS):
        there_x, there_y = gcj02_of(x, y)
        x, y = x + lon - there_x, y + lat - there_y
    return x, y


def gcj02_of_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 longitude and latitude of BD-09 points, degrees."""
    x, y = lon - 0.0065, lat - 0.006
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * TURN)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * TURN)
    return np.asarray(radius * np.cos(angle)), np.asarray(radius * np.sin(angle))


def to_wgs84(sites: pd.DataFrame) -> pd.DataFrame:
    """``sites`` (lat, lon, crs) with lat and lon in WGS-84 degrees."""
    result = sites.copy()
    lon, lat = sites["lon"].to_numpy(float), sites["lat"].to_numpy(float)
    baidu = (sites["crs"] == "bd09").to_numpy()
    lon_g, lat_g = gcj02_of_bd09(lon, lat)
    lon, lat = np.where(baidu, lon_g, lon), np.where(baidu, lat_g, lat)
    shifted = baidu | (sites["crs"] == "gcj02").to_numpy()
    lon_w, lat_w = wgs84_of_gcj02(lon, lat)
    result["lon"], result["lat"] = np.where(shifted, lon_w, lon), np.where(shifted, lat_w, lat)
    return result
