"""Where schools stand: which system their coordinates are in, and which cannot be right."""

import pytest

from huyuan.common.geo import Datum
from huyuan.organisations.roster import read_roster
from tests.sheets.making import PLACES, SCHOOL, TITLES, placed, roster, said, school, xlsx


def test_without_a_word_wgs84_is_taken_and_said() -> None:
    result = placed(115.5, 28.9)
    assert (result.schools[0].lon, result.schools[0].lat) == (115.5, 28.9)
    assert any("coordinate system" in str(note) for note in result.notes)


@pytest.mark.parametrize(("note", "datum"), [
    ("注:经纬度为高德地图坐标", Datum.GCJ02), ("坐标取自腾讯地图", Datum.GCJ02), ("说明:GCJ-02", Datum.GCJ02),
    ("注:百度坐标", Datum.BD09), ("注:BD09", Datum.BD09), ("注:天地图坐标(CGCS2000)", Datum.WGS84), ("备注:GPS实测", Datum.WGS84),
    ("注:请用天地图,不要用百度地图取点", Datum.WGS84),
])  # fmt: skip
def test_a_note_names_the_coordinate_system(note: str, datum: Datum) -> None:
    result = placed(115.5, 28.9, note)
    assert result.datum is datum
    assert not any("coordinate system" in str(one) for one in result.notes)
    assert len(result.schools) == 1


def test_a_title_names_the_coordinate_system() -> None:
    assert placed(115.5, 28.9, titles=[*TITLES, "经度(GCJ-02)", "纬度(GCJ-02)"]).datum is Datum.GCJ02


def test_another_sheet_names_the_coordinate_system() -> None:
    result = read_roster(xlsx([["填报说明"], ["经纬度用百度地图拾取"]], [PLACES, [*SCHOOL, 115.5, 28.9]]))
    assert result.datum is Datum.BD09


def test_two_systems_are_no_word() -> None:
    result = placed(115.5, 28.9, "注:小学为高德坐标,幼儿园为百度坐标")
    assert result.schools == []
    assert [(row, field) for row, field, _reason in said(result)] == [(0, "datum")]
    assert len(placed(115.5, 28.9, "注:高德或百度", datum=Datum.GCJ02).schools) == 1


def test_coordinates_may_be_missing_but_not_half() -> None:
    assert placed(None, None).schools[0].lon is None
    assert [field for _row, field, _reason in said(placed(115.5, None))] == ["lat"]
    assert [field for _row, field, _reason in said(placed(28.9, 115.5))] == ["lon", "lat"]


def test_both_coordinates_in_one_column() -> None:
    result = roster([*school(), "115.5,28.9"], titles=[*TITLES, "经纬度"])
    assert (result.schools[0].lon, result.schools[0].lat) == (115.5, 28.9)


def test_both_ways_to_write_a_place_must_agree() -> None:
    titles = [*PLACES, "经纬度"]
    [one] = roster([*school(), 115.5, 28.9, "115.5,28.9"], titles=titles).schools
    assert (one.lon, one.lat) == (115.5, 28.9)
    result = roster([*school(), 115.5, 28.9, "115.7,28.8"], titles=titles)
    assert [field for _row, field, _reason in said(result)] == ["position"]


def test_a_place_far_from_all_the_others_is_refused() -> None:
    rows = [
        [*school(c0=f"第{at}小学", c1=f"213610000{at}"), lon, lat]
        for at, (lon, lat) in enumerate([(115.5, 28.9), (105.5, 28.9), (115.5, 38.9), (116.2, 28.1)])
    ]
    result = roster(*rows, titles=PLACES)
    assert [(row, field) for row, field, _reason in said(result)] == [(3, "lon"), (4, "lon")]
    assert "973 km" in said(result)[0][2]
