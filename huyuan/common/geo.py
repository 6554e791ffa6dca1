"""Points on the earth: WGS84 is stored; the shifted Chinese systems are converted at the edge."""

import math
from dataclasses import dataclass
from enum import StrEnum

EARTH_RADIUS = 6_371_008.8
# The Krasovsky ellipsoid, on which GCJ-02 computes its shift.
SEMI_MAJOR = 6_378_245.0
ECCENTRICITY_2 = 0.00669342162296594323
BD_TURN = math.pi * 3000 / 180
# Each round of the inverse shrinks the error at least a hundredfold: after a correction this small, the rest is a millimetre.
CLOSE_ENOUGH = 1e-6


class Datum(StrEnum):
    """The coordinate system a pair of figures is in. CGCS2000 differs from WGS84 by centimetres and counts as it."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"

    @property
    def label(self) -> str:
        """The name under which it is known everywhere."""
        return {"wgs84": "WGS84", "gcj02": "GCJ-02", "bd09": "BD-09"}[self.value]


@dataclass(frozen=True, slots=True)
class Point:
    """A place; degrees."""

    lon: float
    lat: float


def outside_china(point: Point) -> bool:
    """True where the shift is not applied: outside the box that the map services use."""
    return not (72.004 <= point.lon <= 137.8347 and 0.8293 <= point.lat <= 55.8271)


def gcj02_shift(lon: float, lat: float) -> tuple[float, float]:
    """How far GCJ-02 moves this WGS84 place, in degrees of longitude and latitude."""
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    common = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    angle = math.radians(lat)
    bend = 1.0 - ECCENTRICITY_2 * math.sin(angle) ** 2
    along_meridian = SEMI_MAJOR * (1.0 - ECCENTRICITY_2) / (bend * math.sqrt(bend))
    along_parallel = SEMI_MAJOR / math.sqrt(bend) * math.cos(angle)
    return math.degrees(east / along_parallel), math.degrees(north / along_meridian)


def wgs84_to_gcj02(point: Point) -> Point:
    """Shift a true place to where Amap and Tencent draw it."""
    if outside_china(point):
        return point
    east, north = gcj02_shift(point.lon, point.lat)
    return Point(point.lon + east, point.lat + north)


def gcj02_to_wgs84(point: Point) -> Point:
    """Undo the shift of Amap and Tencent exactly: repeat until shifting the answer gives the question."""
    if outside_china(point):
        return point
    lon, lat = point.lon, point.lat
    for _round in range(10):
        east, north = gcj02_shift(lon, lat)
        off_lon, off_lat = point.lon - lon - east, point.lat - lat - north
        lon, lat = lon + off_lon, lat + off_lat
        if abs(off_lon) < CLOSE_ENOUGH and abs(off_lat) < CLOSE_ENOUGH:
            break
    return Point(lon, lat)


def gcj02_to_bd09(point: Point) -> Point:
    """Turn a place of Amap into where Baidu draws it."""
    reach = math.hypot(point.lon, point.lat) + 0.00002 * math.sin(point.lat * BD_TURN)
    turn = math.atan2(point.lat, point.lon) + 0.000003 * math.cos(point.lon * BD_TURN)
    return Point(reach * math.cos(turn) + 0.0065, reach * math.sin(turn) + 0.006)


def bd09_to_gcj02(point: Point) -> Point:
    """Undo Baidu's own turn exactly, by the same repetition."""
    lon, lat = point.lon - 0.0065, point.lat - 0.006
    for _round in range(10):
        there = gcj02_to_bd09(Point(lon, lat))
        off_lon, off_lat = point.lon - there.lon, point.lat - there.lat
        lon, lat = lon + off_lon, lat + off_lat
        if abs(off_lon) < CLOSE_ENOUGH and abs(off_lat) < CLOSE_ENOUGH:
            break
    return Point(lon, lat)


def bd09_to_wgs84(point: Point) -> Point:
    """Undo both shifts of a Baidu place."""
    return point if outside_china(point) else gcj02_to_wgs84(bd09_to_gcj02(point))


def to_wgs84(point: Point, datum: Datum) -> Point:
    """The place as it is stored, whatever system it was given in."""
    if datum is Datum.GCJ02:
        return gcj02_to_wgs84(point)
    return bd09_to_wgs84(point) if datum is Datum.BD09 else point


def metres_between(one: Point, other: Point) -> float:
    """The great-circle distance (haversine)."""
    lat_1, lat_2 = math.radians(one.lat), math.radians(other.lat)
    half_lat = (lat_2 - lat_1) / 2
    half_lon = math.radians(other.lon - one.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))
