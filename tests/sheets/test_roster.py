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
from huyuan.organisations.roster import RosterResult, read_roster, roster_template, station_key
from tests.sheets.making import DATA, SCHOOL, TITLES, ods, ods_row, roster, said, school, with_sheet_xml, xlsx

KINDS = {
    "幼儿园": "kindergarten", "小学": "primary", "初级中学": "junior_middle", "九年一贯制学校": "nine_year",
    "高级中学": "senior_middle", "中等职业学校": "vocational", "特殊教育学校": "special",
}  # fmt: skip
TRUTH = json.loads((DATA / "truth.json").read_text())["schools"]
PLAIN_TITLES = [*TITLES, "封闭化管理", "一键式报警联网", "视频监控联网"]


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


def test_error_values_are_problems() -> None:
    book = with_sheet_xml(xlsx([TITLES, SCHOOL]), b'<c r="F2" t="n"><v>0</v></c>', b'<c r="F2" t="e"><v>#REF!</v></c>')
    [(row, field, reason)] = said(read_roster(book))
    assert (row, field) == (2, "boarders")
    assert "#REF!" in reason


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


@pytest.mark.parametrize("name", ["青溪前进小学", "注溪小学", "时间村小学", "报送中心幼儿园", "负责小学"])
def test_a_lone_name_is_reported_not_skipped(name: str) -> None:
    assert {field for _row, field, _reason in said(roster([name]))} >= {"code", "pupils"}


@pytest.mark.parametrize("row", [
    [None, "青溪镇", "小计", None, None, 924], [None, "小计", None, None, None, 924], ["合计（1所）", None, None, None, None, 924],
    [None, "青溪镇", None, "小计", None, 924], ["小计：1所", None, None, None, None, 924], ["全县总数", None, None, None, None, 924],
])  # fmt: skip
def test_totals_are_known_wherever_they_are_labelled(row: list[Any]) -> None:
    titles = ["序号", "所在乡镇", *[title for title in TITLES if title != "所在乡镇"]]
    result = roster(row, titles=titles)
    assert said(result) == []
    assert result.table.skipped["subtotal"] == 1


def test_a_right_row_is_a_record_whatever_stands_before_it() -> None:
    assert len(roster(["小计", *SCHOOL], titles=["序号", *TITLES]).schools) == 1


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
    assert again.table.headers[0].columns.keys() >= {"boys", "girls", "pupils", "boarders", "lon"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_is_recognised_and_empty(language: str) -> None:
    with translation.override(language):
        content = roster_template()
    result = read_roster(content)
    assert result.schools == []
    assert said(result) == []
    assert set(result.table.headers[0].columns) == {
        "name", "code", "kind", "town", "pupils", "boys", "girls", "boarders", "staff", "guards", "closed_campus",
        "alarm_networked", "video_networked", "guard_post", "station", "head_name", "head_phone", "lon", "lat", "position", "remark",
    }  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert len(sheet.data_validations.dataValidation) == 5


def test_absent_columns_are_told_from_empty_ones() -> None:
    [one] = roster(school()).schools
    assert "guards" in one.given
    assert "staff" not in one.given
