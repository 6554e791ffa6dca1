"""A county's roster, as it comes: right rows are read, wrong ones reported with the reason, nothing is guessed."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from huyuan.common.geo import Datum, Point, metres_between, wgs84_to_gcj02
from huyuan.common.sheets import UnreadableFile
from huyuan.organisations.roster import (
    RosterResult,
    read_roster,
    roster_template,
    station_key,
    stations_of,
    towns_of,
)
from tests.sheets.making import DATA, SCHOOL, TITLES, ods, ods_row, with_sheet_xml, xlsx

KINDS = {
    "幼儿园": "kindergarten", "小学": "primary", "初级中学": "junior_middle", "九年一贯制学校": "nine_year",
    "高级中学": "senior_middle", "中等职业学校": "vocational", "特殊教育学校": "special",
}  # fmt: skip
TRUTH = json.loads((DATA / "truth.json").read_text())["schools"]
PLAIN_TITLES = [*TITLES, "封闭化管理", "一键式报警联网", "视频监控联网"]


def said(result: RosterResult) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.field, str(problem.reason)) for problem in result.problems]


def facts(result: RosterResult) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name, "code": one.code, "kind": next(k for k, v in KINDS.items() if v == one.kind), "town": one.town,
            "pupils": one.pupils, "boarders": one.boarders, "guards": one.guards,
            "flags": [one.closed_campus, one.alarm_networked, one.video_networked, one.guard_post],
            "station": station_key(one.station),
        }
        for one in result.schools
    ]  # fmt: skip


def roster(*rows: Sequence[Any], titles: Sequence[Any] = TITLES, **how: Any) -> RosterResult:
    return read_roster(xlsx([titles, *rows]), **how)


def school(**changes: Any) -> list[Any]:
    """A right row, but for the changes; keys are positions as in a2=…"""
    return [changes.get(f"c{at}", value) for at, value in enumerate(SCHOOL)]


def truth_rows() -> list[list[Any]]:
    return [
        [one["name"], one["code"], one["kind"], one["town"], one["pupils"], one["boarders"], one["guards"],
         one["flags"][3], f"{one['station']}派出所", *one["flags"][:3]]
        for one in TRUTH
    ]  # fmt: skip


def test_the_messy_county_roster_is_read_as_it_is_meant() -> None:
    result = read_roster(DATA / "schools.xlsx")
    assert facts(result) == TRUTH
    assert len(result.schools) == 63
    assert result.datum is Datum.GCJ02


def test_the_school_that_stands_twice_is_reported_and_the_proven_row_taken() -> None:
    [problem] = read_roster(DATA / "schools.xlsx").problems
    assert (problem.row, problem.field, problem.value) == (79, "pupils", "226")
    assert "226" in str(problem.reason)
    assert "186" in str(problem.reason)
    assert "row 8" in str(problem.reason)


def test_shifted_coordinates_are_brought_back() -> None:
    first = read_roster(DATA / "schools.xlsx").schools[0]
    shifted = wgs84_to_gcj02(Point(first.lon, first.lat))
    assert metres_between(shifted, Point(115.667503, 28.9225)) < 0.05
    as_given = read_roster(DATA / "schools.xlsx", datum=Datum.WGS84).schools[0]
    assert (as_given.lon, as_given.lat) == (115.667503, 28.9225)


def test_what_is_left_out_is_counted() -> None:
    table = read_roster(DATA / "schools.xlsx").table
    assert table.skipped == {"subtotal": 8 - 2, "blank": 6, "note": 3}
    assert any("填报说明" in str(note) for note in table.notes)


VARIANTS: dict[str, Any] = {
    "plain": lambda rows: xlsx([PLAIN_TITLES, *rows]),
    "lower down": lambda rows: xlsx([[], ["某某县"], [], ["填报时间:2024年"], [], PLAIN_TITLES, *rows]),
    "reversed": lambda rows: xlsx([PLAIN_TITLES[::-1], *[row[::-1] for row in rows]]),
    "to the right": lambda rows: xlsx([[None, None, "序号", *PLAIN_TITLES], *[[None, None, 1, *row] for row in rows]]),
    "extra columns": lambda rows: xlsx([[*PLAIN_TITLES, "办学性质", "占地面积(㎡)"], *[[*row, "公办", 12.5] for row in rows]]),
    "two sheets": lambda rows: xlsx([PLAIN_TITLES, *rows[:30]], [["说明"]], [PLAIN_TITLES[::-1], *[r[::-1] for r in rows[30:]]]),
    "two tables on one sheet": lambda rows: xlsx([PLAIN_TITLES, *rows[:30], [], ["二、民办学校"], PLAIN_TITLES[::-1], *[r[::-1] for r in rows[30:]]]),
    "titles again on each page": lambda rows: xlsx([PLAIN_TITLES, *rows[:20], PLAIN_TITLES, *rows[20:]]),
    "column numbers": lambda rows: xlsx([PLAIN_TITLES, ["甲", "乙", "丙", "丁", 1, 2, 3, 4, 5, 6, 7, 8], *rows]),
    "other titles": lambda rows: xlsx([
        ["*单位名称", "机构代码", "学校类别", "乡 镇", "学生总数(人)", "其中:住校生", "保安人数", "是否设立护学岗", "所属派出所",
         "封闭式\n管理", "一键报警是否联网", "视频监控是否与公安联网"], *rows,
    ]),
    "english": lambda rows: xlsx([
        ["School name", "School code", "Kind of school", "Town", "Pupils", "Boarders", "Full-time guards", "Guard post",
         "Police station", "Closed campus", "Networked one-key alarm", "Networked video"], *rows,
    ]),
    "full width": lambda rows: xlsx([PLAIN_TITLES, *[[wide(cell) for cell in row] for row in rows]]),
    "text": lambda rows: text(PLAIN_TITLES, rows, "utf-8"),
    "text of the office": lambda rows: text(PLAIN_TITLES, rows, "gb18030"),
    "ods": lambda rows: ods(ods_row([None] * 3, 4) + "".join(ods_row([str(c) if isinstance(c, bool) else c for c in row]) for row in [PLAIN_TITLES, *rows])),
    "merged towns": lambda rows: merged_towns(rows),
    "groups above": lambda rows: xlsx([["基本情况", *[None] * 8, "安全防范", None, None], PLAIN_TITLES, *rows], merged=["A1:I1", "J1:L1"]),
    "grades below": lambda rows: xlsx(
        [[*PLAIN_TITLES, "各年级", None], [*[None] * 12, "一年级", "二年级"], *[[*row, 5, 6] for row in rows]], merged=["M1:N1"]
    ),
}  # fmt: skip


def wide(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "Ｙ" if cell else "Ｎ"
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in str(cell))


def text(titles: Sequence[str], rows: Sequence[Sequence[Any]], encoding: str) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(
        [["花名册"], titles, *[["是" if c is True else "否" if c is False else c for c in row] for row in rows]]
    )
    return file.getvalue().encode(encoding)


def merged_towns(rows: Sequence[Sequence[Any]]) -> bytes:
    """Town cells merged over their schools, as offices like it."""
    areas, cells = [], [list(row) for row in rows]
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at][3] != rows[start][3]:
            for below in cells[start + 1 : at]:
                below[3] = None
            areas.append(f"D{start + 2}:D{at + 1}")
            start = at
    return xlsx([PLAIN_TITLES, *cells], merged=areas)


@pytest.mark.parametrize("variant", VARIANTS)
def test_other_counties_files_say_the_same(variant: str) -> None:
    result = read_roster(VARIANTS[variant](truth_rows()))
    assert said(result) == []
    assert facts(result) == TRUTH


def test_old_workbooks_are_read() -> None:
    result = read_roster(DATA / "roster.xls")
    assert [(one.row, one.name, one.pupils, one.boarders, one.guard_post) for one in result.schools] == [
        (4, "青溪镇中心小学", 924, 0, True),
        (5, "青溪中学", 907, 546, False),
    ]
    assert [(row, field) for row, field, _reason in said(result)] == [(6, "boarders")]


def test_every_problem_of_a_row_is_said_and_the_row_left_out() -> None:
    result = roster(school(c1="21361", c2="完全中学", c4="约300", c7="部分"))
    assert result.schools == []
    assert {(row, field) for row, field, _reason in said(result)} == {
        (2, "code"),
        (2, "kind"),
        (2, "pupils"),
        (2, "guard_post"),
    }


def test_an_optional_cell_that_says_nothing_loses_no_row() -> None:
    titles = [*TITLES, "联系电话", "经度", "纬度", "校长"]
    [one] = roster([*school(c8="无"), "暂无", 0, 0, "/"], titles=titles).schools
    assert (one.station, one.head_phone, one.lon, one.lat, one.head_name) == ("", "", None, None, "")


@pytest.mark.parametrize("name", ["/", "无", "—", "待定"])
def test_a_school_without_a_name_is_reported(name: str) -> None:
    assert [field for _row, field, _reason in said(roster(school(c0=name)))] == ["name"]


@pytest.mark.parametrize(
    ("kind", "code"), [("教学点", "2136100007"), ("九年一贯", "3136100007"), ("中心幼儿园", "1136100007")]
)
def test_kinds_are_known_by_their_everyday_names(kind: str, code: str) -> None:
    assert len(roster(school(c1=code, c2=kind)).schools) == 1


def test_the_code_must_fit_the_kind() -> None:
    [(row, field, reason)] = said(roster(school(c2="幼儿园")))
    assert (row, field) == (2, "kind")
    assert "primary school" in reason
    assert len(roster(school(c1="3136100031", c2="九年一贯制学校")).schools) == 1


@pytest.mark.parametrize(("boys", "girls", "total", "fields"), [
    (476, 448, 924, []), (476, 448, None, []), (476, 447, 924, ["pupils"]), (None, None, 924, []), (476, None, 924, []),
    (None, None, None, ["pupils"]), (476, None, None, ["pupils"]), ("很多", 448, 924, ["boys"]), (0, 0, 0, []),
])  # fmt: skip
def test_boys_and_girls_make_the_total(boys, girls, total, fields) -> None:
    titles = [*TITLES, "男生", "女生"]
    result = roster([*school(c4=total, c5=None), boys, girls], titles=titles)
    assert [field for _row, field, _reason in said(result)] == fields
    assert len(result.schools) == (0 if fields else 1)
    if total is None and not fields:
        assert result.schools[0].pupils == 924


def test_more_boarders_than_pupils_is_refused() -> None:
    assert [field for _row, field, _reason in said(roster(school(c5=925)))] == ["boarders"]


def test_a_blank_flag_is_no() -> None:
    assert roster(school(c7=None)).schools[0].guard_post is False


def test_a_true_repeat_is_harmless_and_noted() -> None:
    result = roster(school(), school(c0=" 青溪镇中心小学 "))
    assert len(result.schools) == 1
    assert said(result) == []
    assert any("Row 3 repeats row 2" in str(note) for note in result.notes)


def test_when_neither_row_proves_itself_none_is_taken() -> None:
    result = roster(school(), school(c4=900), school(c0="青溪中学", c1="3136100013", c2="初级中学"))
    assert [one.name for one in result.schools] == ["青溪中学"]
    assert [(row, field) for row, field, _reason in said(result)] == [(2, "pupils"), (3, "pupils")]
    assert "row 3" in said(result)[0][2]
    assert "row 2" in said(result)[1][2]


def test_when_several_rows_prove_themselves_none_is_taken() -> None:
    titles = [*TITLES, "男生", "女生"]
    result = roster([*school(), 476, 448], [*school(c4=900), 450, 450], titles=titles)
    assert result.schools == []
    assert [row for row, _field, _reason in said(result)] == [2, 3]


def test_an_unreadable_second_row_does_not_make_the_first_believable() -> None:
    result = roster(school(), school(c4="约900"))
    assert result.schools == []
    assert [row for row, _field, _reason in said(result)] == [2, 3, 3]


def test_one_code_with_two_names_is_refused() -> None:
    result = roster(school(), school(c0="青溪前进小学"))
    assert result.schools == []
    assert [(row, field) for row, field, _reason in said(result)] == [(2, "name"), (3, "name")]


def test_one_school_with_two_codes_is_refused() -> None:
    result = roster(school(), school(c1="2136100008", c3="青溪"))
    assert result.schools == []
    assert [(row, field) for row, field, _reason in said(result)] == [(2, "code"), (3, "code")]


@pytest.mark.parametrize(("title", "one", "other"), [
    ("经纬度", "115.5,28.9", "115.7,28.8"), ("校长", "王一", "李二"), ("联系电话", "13800000001", "13800000002"), ("备注", "民办", "撤并中"),
])  # fmt: skip
def test_rows_of_one_school_that_differ_in_anything_are_reported(title: str, one: str, other: str) -> None:
    result = roster([*school(), one], [*school(), other], titles=[*TITLES, title])
    assert result.schools == []
    assert [row for row, _field, _reason in said(result)] == [2, 3]


def test_the_same_name_in_another_town_is_another_school() -> None:
    assert len(roster(school(c0="中心小学"), school(c0="中心小学", c1="2136100008", c3="南浦镇")).schools) == 2


PLACES = [*TITLES, "经度", "纬度"]


def placed(lon: Any, lat: Any, *notes: str, titles: Sequence[str] = PLACES, **how: Any) -> RosterResult:
    return roster([*school(), lon, lat], *[[note] for note in notes], titles=titles, **how)


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


def test_error_values_are_problems() -> None:
    book = with_sheet_xml(xlsx([TITLES, SCHOOL]), b'<c r="F2" t="n"><v>0</v></c>', b'<c r="F2" t="e"><v>#REF!</v></c>')
    [(row, field, reason)] = said(read_roster(book))
    assert (row, field) == (2, "boarders")
    assert "#REF!" in reason


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
    "town", ["青溪乡", "清溪镇", "青溪镇青溪村", "青溪镇(城区)", "/", "—", "同上", "青溪镇、南浦镇"]
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


def test_a_missing_column_says_which_titles_it_can_have() -> None:
    titles = [title for title in TITLES if title != "学校标识码"]
    result = roster([one for one in SCHOOL if one != "2136100007"], titles=titles)
    [(row, field, reason)] = said(result)
    assert (row, field) == (1, "code")
    assert "学校代码" in reason


def test_two_columns_for_one_field_are_refused_unless_one_is_better() -> None:
    result = roster([*school(), 5], titles=[*TITLES, "派出所"])
    assert [field for _row, field, _reason in said(result)] == ["station"]
    assert roster([*school(), 900], titles=[*TITLES, "学生总数"]).schools[0].pupils == 900
    assert roster([*school(), "a", "b"], titles=[*TITLES, "备注", "备注"]).schools[0].remark == "a"


def test_a_file_without_the_table_says_what_is_wanted() -> None:
    [(row, _field, reason)] = said(read_roster(xlsx([["姓名", "电话"], ["王", "1"]])))
    assert row == 0
    assert "学校名称" in reason
    with pytest.raises(UnreadableFile):
        read_roster(b"%PDF-1.4")


def test_a_hidden_sheet_is_named_and_not_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([TITLES, SCHOOL], [TITLES, school(c4=1)])))
    book.worksheets[1].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    result = read_roster(file.getvalue())
    assert len(result.schools) == 1
    assert any("hidden sheet “表2”" in str(note) for note in result.notes)


def test_totals_notes_and_headings_are_no_schools() -> None:
    rows = [["一、青溪镇"], school(), ["青溪镇小计", None, None, None, 924], ["合 计", None, None, None, 924, 0, 2],
            ["注:本表一校一行。"], ["(以下空白)"], ["审核人:        填表人:"], ["第1页,共1页"]]  # fmt: skip
    result = roster(*rows)
    assert said(result) == []
    assert len(result.schools) == 1


def test_a_lone_name_is_reported_not_skipped() -> None:
    assert {field for _row, field, _reason in said(roster(["青溪前进小学"]))} >= {"code", "pupils"}


def test_the_error_sheet_can_be_corrected_and_read_again() -> None:
    wrong = school(c0="=HYPERLINK(1)小学", c1="2136100008", c4="约300")
    result = read_roster(text(TITLES, [school(), wrong, school(c0="南浦小学", c1="2136100009")], "utf-8"))
    book = openpyxl.load_workbook(io.BytesIO(result.error_sheet()))
    sheet = book.worksheets[0]
    assert [sheet.cell(2, column).value for column in (1, 2, 5, 10)] == ["=HYPERLINK(1)小学", "2136100008", "约300", 4]
    assert sheet.cell(2, 1).data_type == "s"
    assert "not a number" in sheet.cell(2, 11).value
    sheet["A2"], sheet["E2"] = "青溪前进小学", 300
    file = io.BytesIO()
    book.save(file)
    again = read_roster(file.getvalue())
    assert said(again) == []
    assert [(one.name, one.pupils) for one in again.schools] == [("青溪前进小学", 300)]


def test_the_error_sheet_shows_the_row_that_was_taken_beside_the_one_that_was_not() -> None:
    """Read again uncorrected, it must not let the refused figures in."""
    result = read_roster(DATA / "schools.xlsx")
    again = read_roster(result.error_sheet())
    assert [(problem.row, problem.field) for problem in again.problems] == [(4, "pupils")]
    assert again.datum is Datum.GCJ02
    assert (again.schools[0].lon, again.schools[0].lat) == (result.schools[3].lon, result.schools[3].lat)
    assert again.table.headers["学校基本情况"].columns.keys() >= {"boys", "girls", "pupils", "boarders", "lon"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_is_recognised_and_empty(language: str) -> None:
    with translation.override(language):
        content = roster_template()
    result = read_roster(content)
    assert result.schools == []
    assert said(result) == []
    assert set(next(iter(result.table.headers.values())).columns) == {
        "name", "code", "kind", "town", "pupils", "boys", "girls", "boarders", "staff", "guards", "closed_campus",
        "alarm_networked", "video_networked", "guard_post", "station", "head_name", "head_phone", "lon", "lat", "position", "remark",
    }  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert len(sheet.data_validations.dataValidation) == 5


def test_absent_columns_are_told_from_empty_ones() -> None:
    [one] = roster(school()).schools
    assert "guards" in one.given
    assert "staff" not in one.given
