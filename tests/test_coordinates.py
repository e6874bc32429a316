"""GCJ-02 and BD-09 points become WGS-84: published pairs, closed round trips, and points that stay as they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from maps.coordinates import gcj02_of, gcj02_of_bd09, to_wgs84, wgs84_of_gcj02

METRES_PER_DEGREE = 111_320.0
# the example of the coordtransform library (wandergis/coordtransform, test/app.js), degrees east and north
GIVEN = (116.404, 39.915)
GCJ02_OF_GIVEN = (116.41024449916938, 39.91640428150164)
GCJ02_OF_GIVEN_BD09 = (116.39762729119315, 39.90865673957631)
BD09_OF_GIVEN_GCJ02 = (116.41036949371029, 39.92133699351021)


def point(lon, lat):
    return np.array([lon]), np.array([lat])


def metres(first, second):
    """Distance of two sets of points on a flat patch."""
    (lon, lat), (other_lon, other_lat) = first, second
    return np.hypot((lon - other_lon) * np.cos(np.radians(lat)), lat - other_lat) * METRES_PER_DEGREE


def region():
    """A grid over Sichuan and Chongqing."""
    lon, lat = np.meshgrid(np.linspace(97.0, 110.5, 28), np.linspace(26.0, 34.5, 18))
    return lon.ravel(), lat.ravel()


def test_published_gcj02_of_wgs84():
    assert metres(gcj02_of(*point(*GIVEN)), point(*GCJ02_OF_GIVEN))[0] < 0.001


def test_published_gcj02_of_bd09():
    assert metres(gcj02_of_bd09(*point(*GIVEN)), point(*GCJ02_OF_GIVEN_BD09))[0] < 0.001
    assert metres(gcj02_of_bd09(*point(*BD09_OF_GIVEN_GCJ02)), point(*GIVEN))[0] < 1.0  # published inverse, good to a metre


def test_gcj02_round_trip_closes_within_a_metre_over_the_whole_region():
    lon, lat = region()
    assert metres(wgs84_of_gcj02(*gcj02_of(lon, lat)), (lon, lat)).max() < 1.0
    assert metres(gcj02_of(lon, lat), (lon, lat)).min() > 100  # the offset itself is hundreds of metres
    assert metres(gcj02_of(lon, lat), (lon, lat)).max() < 1000


def test_bd09_round_trip_closes_within_a_metre():
    """The inverse of BD-09 by its published formula, written out here."""
    lon, lat = region()
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * np.pi * 3000.0 / 180.0)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * np.pi * 3000.0 / 180.0)
    baidu = radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
    assert metres(gcj02_of_bd09(*baidu), (lon, lat)).max() < 1.0


def sites():
    rows = [
        ("plain", *GIVEN, "wgs84"), ("blank", *GIVEN, ""), ("cgcs", *GIVEN, "cgcs2000"), ("mars", *GCJ02_OF_GIVEN, "gcj02"),
        ("baidu", *GIVEN, "bd09"), ("nowhere", np.nan, np.nan, ""), ("lost", np.nan, np.nan, "gcj02"),
    ]
    return pd.DataFrame(rows, columns=["site", "lon", "lat", "crs"])


def test_each_site_by_its_own_system():
    found = to_wgs84(sites()).set_index("site")
    for name in ("plain", "blank", "cgcs"):
        assert tuple(found.loc[name, ["lon", "lat"]]) == GIVEN
    assert metres(point(*found.loc["mars", ["lon", "lat"]].astype(float)), point(*GIVEN))[0] < 1.0
    there = wgs84_of_gcj02(*point(*GCJ02_OF_GIVEN_BD09))
    assert metres(point(*found.loc["baidu", ["lon", "lat"]].astype(float)), there)[0] < 0.01


def test_sites_without_a_place_stay_without_and_the_input_stays_as_it_is():
    given = sites()
    found = to_wgs84(given).set_index("site")
    assert found.loc[["nowhere", "lost"], ["lon", "lat"]].isna().all().all()
    pd.testing.assert_frame_equal(given, sites())


@pytest.mark.parametrize("empty", [True, False])
def test_no_sites_and_one_site(empty):
    table = sites().head(0 if empty else 1)
    assert len(to_wgs84(table)) == len(table)
