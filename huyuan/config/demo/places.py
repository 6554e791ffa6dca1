"""The invented county on paper: its towns, stations, villages and schools. No place of this name exists."""

import math
from dataclasses import dataclass

from huyuan.common.geo import Point
from huyuan.organisations.kinds import SchoolKind as K

NAME = "云栖县"
CENTRE = Point(114.62, 28.52)


@dataclass(frozen=True)
class Town:
    """A town, how far its middle lies from the county seat (kilometres east and north), and its station."""

    name: str
    east: float
    north: float
    station: str


@dataclass(frozen=True)
class Place:
    """A school as the roster has it. `central` is the school that acts for it; distances are from the town's middle."""

    name: str
    kind: K
    town: str
    pupils: int
    boarders: int = 0
    east: float = 0.0
    north: float = 0.0
    central: str = ""
    station: str = ""
    guards: int | None = None
    lacks: str = ""
    bus: bool = False

    @property
    def wanted_guards(self) -> int:
        """How many full-time guards the standard asks for: one below 100 pupils, two below 1,000, then 3 + 1 per 500."""
        if self.pupils < 100:
            return 1
        return 2 if self.pupils < 1000 else 3 + (self.pupils - 1000) // 500


TOWNS = (
    Town("云城镇", 0.0, 0.0, "云城派出所"),
    Town("清渠镇", 11.5, 6.2, "清渠派出所"),
    Town("白石镇", -12.4, 4.1, "白石派出所"),
    Town("南塘镇", 3.8, -12.6, "南塘派出所"),
    Town("松涧镇", -6.3, 13.2, "松涧派出所"),
    Town("双桥镇", 14.2, -7.4, "双桥派出所"),
    Town("竹溪乡", -10.8, -10.5, "南塘派出所"),
    Town("桃源岭乡", 19.6, 1.3, "双桥派出所"),
)
CITY_STATION = "城北派出所"
STATIONS = (*dict.fromkeys(town.station for town in TOWNS), CITY_STATION)
VILLAGES = (
    ("东门社区", "云城镇"), ("滨河社区", "云城镇"), ("上坪村", "清渠镇"), ("石桥村", "白石镇"), ("荷塘村", "南塘镇"),
    ("古樟村", "松涧镇"),
)  # fmt: skip

SCHOOLS = (
    Place("云栖县第一小学", K.PRIMARY, "云城镇", 1864, 0, 0.5, 0.3),
    Place("云栖县第二小学", K.PRIMARY, "云城镇", 1326, 0, -0.9, -0.6, guards=3),
    Place("云城镇中心小学", K.PRIMARY, "云城镇", 982, 0, 1.4, -0.8),
    Place("城北小学", K.PRIMARY, "云城镇", 1120, 0, -0.3, 1.7, station=CITY_STATION),
    Place("云栖县第一中学", K.SENIOR_MIDDLE, "云城镇", 3120, 2260, -0.6, 2.3, station=CITY_STATION),
    Place("云栖县第二中学", K.SENIOR_MIDDLE, "云城镇", 2084, 1490, 1.9, 1.1, station=CITY_STATION, guards=4),
    Place("云栖县第三中学", K.JUNIOR_MIDDLE, "云城镇", 1655, 320, -1.6, 0.4),
    Place("云栖县实验学校", K.NINE_YEAR, "云城镇", 2210, 180, 1.1, 2.0, station=CITY_STATION),
    Place("云栖县职业技术学校", K.VOCATIONAL, "云城镇", 1740, 1105, -2.4, 1.9, station=CITY_STATION),
    Place("云栖县特殊教育学校", K.SPECIAL, "云城镇", 86, 41, 0.9, -1.7),
    Place("云栖县机关幼儿园", K.KINDERGARTEN, "云城镇", 412, 0, 0.2, -0.4),
    Place("云城镇中心幼儿园", K.KINDERGARTEN, "云城镇", 305, 0, 1.2, -0.5),
    Place("小太阳幼儿园", K.KINDERGARTEN, "云城镇", 188, 0, -1.2, -1.1, lacks="alarm_networked", bus=True),
    Place("金摇篮幼儿园", K.KINDERGARTEN, "云城镇", 142, 0, 0.1, 1.2, station=CITY_STATION, bus=True),
    Place("清渠镇中心小学", K.PRIMARY, "清渠镇", 864, 120, 0.2, 0.1),
    Place("清渠中学", K.JUNIOR_MIDDLE, "清渠镇", 731, 402, -0.5, 0.6),
    Place("清渠镇中心幼儿园", K.KINDERGARTEN, "清渠镇", 236, 0, 0.4, -0.3),
    Place("上坪小学", K.PRIMARY, "清渠镇", 132, 0, 3.1, 2.2, "清渠镇中心小学"),
    Place("河口小学", K.PRIMARY, "清渠镇", 97, 0, -2.6, 1.9, "清渠镇中心小学"),
    Place("柳山教学点", K.PRIMARY, "清渠镇", 18, 0, 4.4, 3.6, "清渠镇中心小学", guards=0, lacks="video_networked guard_post"),
    Place("白石镇中心小学", K.PRIMARY, "白石镇", 712, 96, 0.1, 0.2),
    Place("白石中学", K.JUNIOR_MIDDLE, "白石镇", 603, 355, 0.6, -0.4),
    Place("白石镇中心幼儿园", K.KINDERGARTEN, "白石镇", 204, 0, -0.3, 0.1),
    Place("贝贝幼儿园", K.KINDERGARTEN, "白石镇", 96, 0, 0.5, 0.5, lacks="video_networked", bus=True),
    Place("石桥小学", K.PRIMARY, "白石镇", 116, 0, -3.2, 1.4, "白石镇中心小学"),
    Place("乌岩教学点", K.PRIMARY, "白石镇", 23, 0, -4.6, 2.9, "白石镇中心小学", guards=0, lacks="guard_post"),
    Place("南塘镇中心小学", K.PRIMARY, "南塘镇", 918, 0, 0.3, 0.2),
    Place("南塘中学", K.JUNIOR_MIDDLE, "南塘镇", 846, 510, -0.6, -0.3),
    Place("南塘镇中心幼儿园", K.KINDERGARTEN, "南塘镇", 268, 0, 0.2, -0.5),
    Place("七彩阳光幼儿园", K.KINDERGARTEN, "南塘镇", 154, 0, -0.4, 0.6, bus=True),
    Place("荷塘小学", K.PRIMARY, "南塘镇", 158, 0, 2.8, -1.6, "南塘镇中心小学"),
    Place("沙洲小学", K.PRIMARY, "南塘镇", 121, 0, -2.2, -2.4, "南塘镇中心小学", lacks="closed_campus"),
    Place("枫林教学点", K.PRIMARY, "南塘镇", 31, 0, 1.6, -3.4, "南塘镇中心小学", guards=0),
    Place("双桥镇中心小学", K.PRIMARY, "双桥镇", 655, 0, 0.2, 0.3),
    Place("双桥中学", K.JUNIOR_MIDDLE, "双桥镇", 572, 318, -0.4, -0.2),
    Place("双桥镇中心幼儿园", K.KINDERGARTEN, "双桥镇", 187, 0, 0.5, -0.1),
    Place("启明星幼儿园", K.KINDERGARTEN, "双桥镇", 110, 0, -0.2, 0.5, lacks="alarm_networked"),
    Place("龙潭小学", K.PRIMARY, "双桥镇", 104, 0, 2.3, -1.8, "双桥镇中心小学"),
    Place("柏树教学点", K.PRIMARY, "双桥镇", 27, 0, -1.9, -2.6, "双桥镇中心小学", guards=0),
    Place("松涧学校", K.NINE_YEAR, "松涧镇", 688, 264, 0.2, 0.2, bus=True),
    Place("古樟小学", K.PRIMARY, "松涧镇", 88, 0, -1.8, 2.0, "松涧学校"),
    Place("竹溪学校", K.NINE_YEAR, "竹溪乡", 524, 231, 0.1, 0.1),
    Place("云雾教学点", K.PRIMARY, "竹溪乡", 15, 0, -2.2, -1.4, "竹溪学校", guards=0, lacks="video_networked"),
    Place("桃源岭乡中心小学", K.PRIMARY, "桃源岭乡", 342, 78, 0.1, 0.2),
    Place("茶坪小学", K.PRIMARY, "桃源岭乡", 74, 0, 1.3, 1.9, "桃源岭乡中心小学"),
    Place("天井教学点", K.PRIMARY, "桃源岭乡", 21, 0, 1.8, -1.6, "桃源岭乡中心小学", guards=0),
)  # fmt: skip


def moved(point: Point, east: float, north: float) -> Point:
    """The place so many kilometres away."""
    per_degree = 111.32
    lon = point.lon + east / (per_degree * math.cos(math.radians(point.lat)))
    return Point(round(lon, 6), round(point.lat + north / per_degree, 6))


def town_centre(town: Town) -> Point:
    """The middle of a town."""
    return moved(CENTRE, town.east, town.north)


def desk(station: str) -> Point:
    """Where police sit: beside the middle of the first of a station's towns, the others in the north of the county seat."""
    if station == CITY_STATION:
        return moved(CENTRE, 0.6, 1.5)
    home = next((town for town in TOWNS if town.station == station), None)
    return moved(town_centre(home), 0.35, -0.3) if home else moved(CENTRE, 0.8, 0.9)


def outline() -> dict[str, object]:
    """The county's border as GeoJSON: a ring round all towns, with hills and a river bend in it."""
    ring = []
    for step in range(90):
        angle = 2 * math.pi * step / 90
        wide = 26.0 + 3.0 * math.cos(angle - 0.2)
        reach = wide * (1 + 0.07 * math.sin(3 * angle + 0.8) + 0.05 * math.sin(7 * angle) + 0.02 * math.sin(17 * angle))
        point = moved(CENTRE, reach * math.cos(angle), 0.82 * reach * math.sin(angle))
        ring.append([point.lon, point.lat])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
