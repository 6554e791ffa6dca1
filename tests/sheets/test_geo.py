"""Shifted coordinates come back to where they are."""

import random

import pytest

from huyuan.common.geo import (
    Datum,
    Point,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    metres_between,
    to_wgs84,
    wgs84_to_gcj02,
)


def test_the_way_back_is_exact_all_over_china() -> None:
    chance = random.Random(1)
    for _round in range(5_000):
        place = Point(chance.uniform(74, 135), chance.uniform(4, 53))
        shifted = wgs84_to_gcj02(place)
        for back in (gcj02_to_wgs84(shifted), bd09_to_wgs84(gcj02_to_bd09(shifted))):
            assert back.lon == pytest.approx(place.lon, abs=1e-7)
            assert back.lat == pytest.approx(place.lat, abs=1e-7)


def test_known_shift_of_a_known_place() -> None:
    shifted = wgs84_to_gcj02(Point(116.397428, 39.90923))
    assert shifted.lon == pytest.approx(116.403671, abs=2e-6)
    assert shifted.lat == pytest.approx(39.910635, abs=2e-6)
    assert 300 < metres_between(Point(116.397428, 39.90923), shifted) < 700


def test_places_outside_china_stay() -> None:
    place = Point(1.52, 42.5)
    assert wgs84_to_gcj02(place) == gcj02_to_wgs84(place) == bd09_to_wgs84(place) == place


def test_each_system_is_brought_to_wgs84() -> None:
    place = Point(115.5, 28.9)
    assert to_wgs84(place, Datum.WGS84) is place
    assert to_wgs84(place, Datum.GCJ02) == gcj02_to_wgs84(place)
    assert to_wgs84(place, Datum.BD09) == bd09_to_wgs84(place)


def test_distance() -> None:
    assert metres_between(Point(0, 0), Point(0, 1)) == pytest.approx(111_195, abs=1)
    assert metres_between(Point(115, 29), Point(115, 29)) == 0
