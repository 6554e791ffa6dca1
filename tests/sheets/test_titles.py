"""Which cells belong to which field: titles over several columns, tables below each other, merged and shifted cells."""

import datetime as dt
from typing import Any

import pytest

from huyuan.common.geo import Datum
from huyuan.organisations.roster import read_roster
from tests.sheets.making import PLACES, SCHOOL, TITLES, placed, roster, said, school, xlsx


def over(title: str, *parts: str) -> tuple[list[Any], list[Any], str]:
    """Two rows of titles in which a title stands merged over its parts, where the roster has only the title."""
    at = TITLES.index(title)
    more = [None] * (len(parts) - 1)
    first, second = [*TITLES[: at + 1], *more, *TITLES[at + 1 :]], [None] * at + list(parts)
    return first, second, f"{chr(65 + at)}1:{chr(64 + at + len(parts))}1"


@pytest.mark.parametrize(("title", "parts", "figures", "meant"), [
    ("专职保安员数", ("兼职", "专职"), [5, 1], ("guards", 1)),
    ("专职保安员数", ("兼职", "临时"), [5, 1], ("guards", 0)),
    ("寄宿生", ("男生", "女生"), [300, 200], ("boarders", 0)),
    ("在校学生数", ("一年级", "二年级", "合计"), [300, 624, 924], ("pupils", 924)),
    ("辖区派出所", ("名称", "联系电话"), ["青溪派出所", "0791-8618479"], ("head_phone", "")),
])  # fmt: skip
def test_a_title_over_several_columns_is_none_of_them(
    title: str, parts: tuple[str, ...], figures: list[Any], meant: tuple[str, Any]
) -> None:
    first, second, area = over(title, *parts)
    at = TITLES.index(title)
    [one] = read_roster(xlsx([first, second, [*SCHOOL[:at], *figures, *SCHOOL[at + 1 :]]], merged=[area])).schools
    assert getattr(one, meant[0]) == meant[1]


def test_a_title_whose_parts_are_not_known_is_reported() -> None:
    first, second, area = over("在校学生数", "小学部", "初中部")
    result = read_roster(xlsx([first, second, [*SCHOOL[:4], 300, 624, *SCHOOL[5:]]], merged=[area]))
    assert [(row, field) for row, field, _reason in said(result)] == [(1, "pupils")]
    assert any("在校学生数/小学部" in str(note) for note in result.notes)


@pytest.mark.parametrize(("title", "value"), [
    ("师生总数", 1000), ("封闭化管理（未实现打√）", "√"), ("封闭化管理（无）", "√"), ("一键式报警装置是否安装", "是"), ("视频监控安装情况", "是"), ("保安人数（含兼职）", 9),
])  # fmt: skip
def test_a_title_that_says_something_else_is_not_used(title: str, value: Any) -> None:
    result = roster([*school(), value], titles=[*TITLES, title])
    assert [
        (one.pupils, one.guards, one.closed_campus, one.alarm_networked, one.video_networked) for one in result.schools
    ] == [(924, 2, False, False, False)]
    assert any(title.replace("（", "(")[:6] in str(note) for note in result.notes)


def test_pupils_of_one_sort_are_not_all_pupils() -> None:
    titles = [*TITLES[:4], "学生数（留守儿童）", *TITLES[5:]]
    assert [field for _row, field, _reason in said(roster(school(), titles=titles))] == ["pupils"]


def test_a_group_that_is_about_something_else_gives_its_columns_no_meaning() -> None:
    rows = [[*TITLES, "安全副校长", None], [None] * 9 + ["姓名", "联系电话"], [*SCHOOL, "王一", "13800000001"]]
    [one] = read_roster(xlsx(rows, merged=["J1:K1"])).schools
    assert (one.head_name, one.head_phone) == ("", "")


def test_installed_does_not_mean_networked() -> None:
    titles = [*TITLES, "一键式报警联网", "视频监控联网"]
    assert [field for _row, field, _reason in said(roster([*school(), "已安装", "已建"], titles=titles))] == [
        "alarm_networked",
        "video_networked",
    ]
    [one] = roster([*school(), "已联网", "未安装"], titles=titles).schools
    assert (one.alarm_networked, one.video_networked) == (True, False)


@pytest.mark.parametrize("decorate", [
    lambda at, title: f"{at}.{title}", lambda at, title: f"（{at}）{title}", lambda at, title: f"{title}①", lambda at, title: f"*{title}：",
    lambda at, title: f"{title}（必填）", lambda at, title: f"{title}（是/否）", lambda at, title: f"{title}（有打√，无打×）",
])  # fmt: skip
def test_decorated_titles_are_known(decorate: Any) -> None:
    assert said(roster(school(), titles=[decorate(at, title) for at, title in enumerate(TITLES, 1)])) == []


def test_units_and_ways_to_fill_in_change_no_title() -> None:
    titles = [
        "学校名称（全称）",
        "学校标识码（10位）",
        "办学类型",
        "所在乡镇（街道）",
        "在校学生数（单位：人）",
        "寄宿生/人",
        "专职保安（名）",
        "护学岗（有/无）",
        "辖区派出所（全称）",
    ]
    [one] = roster(school(c5=7), titles=titles).schools
    assert (one.pupils, one.boarders, one.guards, one.guard_post) == (924, 7, 2, True)


def test_second_names_in_brackets_are_understood() -> None:
    titles = ["学校（单位）名称（盖章）", "学校代码（标识码）", "办学类型（学段）", "所在乡镇（镇、街道）", "在校学生数（合计）", "住校生", "专职保安员数", "护学岗", "派出所（全称）",
              "负责人（校长）", "备注（民办、撤并等）"]  # fmt: skip
    [one] = roster([*school(), "王一", "民办"], titles=titles).schools
    assert (one.head_name, one.remark, one.pupils) == ("王一", "民办", 924)


def test_a_number_or_a_day_among_the_titles_hides_no_table() -> None:
    assert len(roster([*school(), 5, 6], titles=[*TITLES, 2024, dt.date(2024, 9, 1)]).schools) == 1


def test_titles_far_down_are_found() -> None:
    assert len(read_roster(xlsx([*[[f"说明{at}"] for at in range(60)], TITLES, SCHOOL])).schools) == 1


def test_every_table_of_a_sheet_is_read() -> None:
    """A later table with more columns is no better than the first, and one that lacks columns hides none below it."""
    few = TITLES[:7]
    names = ["一小", "二小", "三小", "四小"]
    rows = [school(c0=name, c1=f"213610000{at}") for at, name in enumerate(names)]
    result = read_roster(xlsx([
        few, *[row[:7] for row in rows[:2]], [], ["二、民办"], TITLES, rows[2], [], ["乡镇", "学生数", "寄宿生", "保安数"],
        *[[f"{at}号镇", 1, 1, 1] for at in range(40)], TITLES, rows[3],
    ]))  # fmt: skip
    assert [one.name for one in result.schools] == names
    assert {(row, field) for row, field, _reason in said(result)} == {(9, "name"), (9, "code"), (9, "kind")}


def test_a_value_merged_over_several_cells_is_nobodys() -> None:
    titles = [*TITLES, "校长", "封闭化管理", "一键报警联网", "视频监控联网"]
    rows = [
        titles,
        [*school(), "王一", "是", "是", None],
        [*school(c0="前进小学", c1="2136100008", c6=None, c7=None), None, "是", "是", "是"],
    ]
    result = read_roster(xlsx(rows, merged=["G2:G3", "H2:H3", "J2:J3", "L2:M2"]))
    assert [(row, field) for row, field, _reason in said(result)] == [
        (2, "video_networked"), (3, "guards"), (3, "guard_post"), (3, "head_name"),
    ]  # fmt: skip


def test_a_merged_remark_speaks_for_all_its_rows() -> None:
    rows = [[*TITLES, "备注"], [*school(), "民办"], [*school(c0="前进小学", c1="2136100008"), None]]
    assert [one.remark for one in read_roster(xlsx(rows, merged=["J2:J3"])).schools] == ["民办", "民办"]


@pytest.mark.parametrize("line", [
    "前进小学,2136100008,小学,青溪镇,1,024,0,2,是,青溪派出所", '前进小学,2136100008,小学,青溪镇,24,0,2,是,"青溪派出所\n后进小学,2136100009,小学,青溪镇,24,0,2,是,青溪派出所',
])  # fmt: skip
def test_a_shifted_or_swallowed_row_of_text_is_reported(line: str) -> None:
    lines = [",".join(TITLES), ",".join(map(str, SCHOOL)), line]
    result = read_roster("\n".join(lines).encode())
    assert [one.name for one in result.schools] == ["青溪镇中心小学"]
    assert (3, "") in [(row, field) for row, field, _reason in said(result)]


def test_what_the_titles_of_other_columns_say_is_not_about_coordinates() -> None:
    assert placed(115.5, 28.9, "注:坐标为高德坐标", titles=[*PLACES, "校车GPS"]).datum is Datum.GCJ02


def test_coordinates_of_a_later_table_are_in_the_system_it_names() -> None:
    titles = [*TITLES, "经度(BD-09)", "纬度(BD-09)"]
    rows = [TITLES, school(), [], titles, [*school(c0="前进小学", c1="2136100008"), 115.5, 28.9]]
    assert read_roster(xlsx(rows)).datum is Datum.BD09


def test_a_sheet_of_records_without_titles_is_a_problem() -> None:
    result = read_roster(
        xlsx([TITLES, SCHOOL], [school(c1="2136100008"), school(c1="2136100009")], names=["小学", "续表"])
    )
    assert [row for row, _field, _reason in said(result)] == [0]
    assert "续表" in said(result)[0][2]
