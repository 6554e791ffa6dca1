"""Towns and stations in their several spellings: the same is the same, another is another, a misspelt one is reported."""

import pytest

from huyuan.organisations.roster import RosterResult, stations_of, towns_of
from tests.sheets.making import roster, said, school


@pytest.mark.parametrize(
    "raw", ["青溪派出所", "青溪镇派出所", "县公安局青溪派出所", "青溪所", "示例县公安局青溪镇派出所", "示例公安局青溪派出所", "某某市示例县青溪派出所", " 青溪 派出所 "]
)  # fmt: skip
def test_stations_are_known_in_their_spellings(raw: str) -> None:
    assert stations_of(["南浦派出所", "青溪派出所"], "示例县").meant(raw) == ["青溪派出所"]


def test_stations_that_could_be_two_are_a_question() -> None:
    known = stations_of(["青溪镇派出所", "青溪乡派出所"])
    assert known.meant("青溪所") == ["青溪镇派出所", "青溪乡派出所"]
    assert known.meant("青溪乡派出所") == ["青溪乡派出所"]


@pytest.mark.parametrize(
    "raw", ["青溪水上派出所", "青溪边防派出所", "青溪警务室", "邻县公安局青溪派出所", "高新区分局派出所", "派出所"]
)
def test_another_station_is_not_taken_for_a_known_one(raw: str) -> None:
    assert stations_of(["青溪派出所"], "示例县").meant(raw) == []


def test_towns_are_known_in_their_spellings() -> None:
    for raw in ("龙泉街道", "龙泉街道办", "龙泉街道办事处", "龙泉", "示例县龙泉街道"):
        assert towns_of(["青溪镇", "龙泉街道"], "示例县").meant(raw) == ["龙泉街道"]


TOWNS = {"石桥镇": "石桥镇派出所", "石桥乡": "石桥乡派出所"}


def places(result: RosterResult) -> list[tuple[str, str]]:
    return [(one.town, one.station) for one in result.schools]


def test_a_town_and_a_township_of_one_name_stay_two_places() -> None:
    rows = [
        school(c0="中心小学", c1=f"213610000{at}", c3=town, c8=station)
        for at, (town, station) in enumerate(TOWNS.items())
    ]
    assert places(roster(*rows)) == list(TOWNS.items())
    assert places(roster(*rows, known_towns=["石桥镇"], known_stations=["石桥镇派出所"])) == list(TOWNS.items())
    result = roster(*rows, school(c3="石桥", c8="石桥派出所"))
    assert [(row, field) for row, field, _reason in said(result)] == [(4, "station"), (4, "town")]
    assert all("石桥镇" in reason and "石桥乡" in reason for _row, _field, reason in said(result))


def test_a_name_without_its_kind_belongs_to_the_only_place_of_that_name() -> None:
    result = roster(
        school(c3="石桥乡", c8="石桥派出所"), school(c0="石桥小学", c1="2136100008", c3="石桥", c8="石桥乡派出所")
    )
    assert places(result) == [("石桥乡", "石桥派出所")] * 2
    assert roster(school(c8="青溪"), known_stations=["青溪派出所"]).schools[0].station == "青溪派出所"


def test_what_a_known_short_name_means_is_asked_when_the_roster_has_two() -> None:
    rows = [
        school(c0="中心小学", c1=f"213610000{at}", c3=town, c8=station)
        for at, (town, station) in enumerate(TOWNS.items())
    ]
    result = roster(*rows, known_stations=["石桥派出所"])
    assert [(row, field) for row, field, _reason in said(result)] == [(2, "station"), (3, "station")]


@pytest.mark.parametrize(
    "town", ["青溪乡", "清溪镇", "青溪镇青溪村", "青溪镇(城区)", "石桥镇①", "/", "—", "同上", "青溪镇、南浦镇"]
)
def test_what_is_no_town_is_not_made(town: str) -> None:
    assert [field for _row, field, _reason in said(roster(school(c3=town), known_towns=["青溪镇"]))] == ["town"]


@pytest.mark.parametrize(
    "station",
    [
        "青溪派出所、南浦派出所",
        "派出所",
        "青溪派出所(兼)",
        "邻县公安局青溪派出所/张三",
        "青溪乡派出所",
        "青" * 78 + "所",
    ],
)
def test_what_is_no_station_is_not_made(station: str) -> None:
    result = roster(school(c8=station), known_stations=["青溪镇派出所"])
    assert [field for _row, field, _reason in said(result)] == ["station"]


def test_new_places_that_resemble_nothing_are_made() -> None:
    result = roster(
        school(c3="示例县石桥乡", c8="示例县公安局滨江水上派出所"),
        county="示例县",
        known_towns=["双桥镇"],
        known_stations=["双桥派出所"],
    )
    assert places(result) == [("石桥乡", "滨江水上派出所")]
    assert places(roster(school(c3=" X 镇", c8="X派出所"), school(c0="二小", c1="2136100008", c3="River Town"))) == [
        ("X镇", "X派出所"),
        ("River Town", "青溪派出所"),
    ]


def test_numbered_places_are_not_misspellings_of_each_other() -> None:
    rows = [school(c0=f"第{at}小学", c1=f"213610000{at}", c3=f"第{1 if at < 5 else 10}镇", c8="") for at in range(6)]
    assert [one.town for one in roster(*rows).schools] == ["第1镇"] * 5 + ["第10镇"]
    assert len(roster(*rows[:5], known_towns=["第10镇"]).schools) == 5


def test_the_bureau_of_the_only_county_named_is_no_part_of_a_station() -> None:
    rows = [school(c8="云溪县公安局青溪派出所"), school(c0="前进小学", c1="2136100008", c8="青溪派出所")]
    assert [one.station for one in roster(*rows).schools] == ["青溪派出所"] * 2
    far = roster(*rows, school(c0="边界小学", c1="2136100009", c8="邻县公安局东山派出所"))
    assert [one.station for one in far.schools][2] == "邻县公安局东山派出所"


def test_a_rare_spelling_is_held_against_the_frequent_one_that_sounds_the_same() -> None:
    right = [school(c0=f"第{at}小学", c1=f"213610000{at}") for at in range(3)]
    result = roster(*right, school(c0="前进小学", c1="2136100009", c3="清溪镇", c8="清溪派出所"))
    assert [(row, field) for row, field, _reason in said(result)] == [(5, "station"), (5, "town")]
    assert "青溪" in said(result)[0][2]


def test_a_misspelt_station_is_reported_with_the_likely_one() -> None:
    [(_row, field, reason)] = said(roster(school(c8="清溪派出所"), known_stations=["青溪派出所", "南浦派出所"]))
    assert field == "station"
    assert "青溪派出所" in reason


def test_a_misspelt_town_is_reported() -> None:
    result = roster(school(c3="清溪镇"), known_towns=["青溪镇"])
    assert [field for _row, field, _reason in said(result)] == ["town"]
    assert "青溪镇" in said(result)[0][2]


def test_what_is_no_station_is_reported() -> None:
    assert [field for _row, field, _reason in said(roster(school(c8="城管队")))] == ["station"]
