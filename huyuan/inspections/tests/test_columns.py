"""The columns in which agencies get the ledger of hazards."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from factories import NOW, hazard_at
from huyuan.inspections import importing
from huyuan.ledgers.declaration import LEDGERS
from tests.sheets.making import xlsx


def exported(client, columns):
    answer = client.get(reverse("ledgers:export", args=["hazards", columns]))
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def imported(cast):
    """Hazards from an earlier ledger, of several kinds, levels and finders."""
    titles = [
        "学校",
        "排查日期",
        "排查人",
        "隐患类别",
        "隐患描述",
        "隐患等级",
        "责任人",
        "整改期限",
        "整改情况",
        "完成时间",
        "复查人",
    ]
    rows = [
        ["青溪镇中心小学", "2026-09-01", "学校自查", "消防", "灭火器过期", "一般隐患", "徐雪梅", "立即", "已销号", "2026-09-02", "陈志强"],
        ["青溪镇中心小学", "2026-09-02", "联合检查组", "食品", "留样不全", "较大", "", "2026-09-20", "已上报待协调", "", ""],
        ["青溪镇中心小学", "2026-09-03", "家长举报", "水塔", "水塔开裂", "重大", "", "", "未整改", "", ""],
        ["青溪镇中心小学", "2026-09-04", "王卫民", "电气", "私拉电线", "一般", "", "2026-09-30", "整改中", "", ""],
        ["青溪镇中心小学", "2026-09-05", "第三方检测公司", "校舍", "屋面漏水", "一般", "", "", "已整改", "2026-09-10", ""],
    ]  # fmt: skip
    reading = importing.read(xlsx([titles, *rows]), cast.county)
    importing.apply(county=cast.county, reading=reading, by=cast.reach("bureau"), now=NOW)
    return cast


def table(client, columns):
    """The rows of an export by their titles, oldest first."""
    lines = exported(client, columns)
    declared = next(one for one in LEDGERS["hazards"].column_sets if one.key == columns)
    at = 0 if declared.plain else 1
    return [dict(zip(lines[at], line, strict=True)) for line in reversed(lines[at + 1 :])]


def test_the_provincial_columns_are_one_row_of_titles_and_days_as_text(imported, sign_in):
    rows = table(sign_in(imported.bureau), "province")
    assert [row["排查日期"] for row in rows] == [f"2026-09-0{day}" for day in range(1, 6)]
    assert [row["隐患来源"] for row in rows] == ["自查", "专项", "举报", "", "第三方"]
    assert [row["隐患等级"] for row in rows] == ["一般", "", "重大", "一般", "一般"]
    assert [row["整改期限"] for row in rows] == ["", "2026-09-20", "", "2026-09-30", ""]
    assert (rows[0]["完成日期"], rows[0]["销号日期"], rows[0]["验收人"]) == ("2026-09-02", "2026-09-02", "陈志强")


def test_hazards_found_here_say_their_source_and_their_last_round(cast, sign_in):
    hazard_at(cast, "closed")
    [row] = table(sign_in(cast.bureau), "province")
    assert (row["隐患来源"], row["整改责任人"], row["验收人"]) == ("专项", cast.safety.name, cast.station.name)
    assert row["完成日期"] == "2026-09-17" and row["整改状态"] == "已销号"
    [police] = table(sign_in(cast.bureau), "police")
    assert police["复查时间"].date() == date(2026, 9, 17)


def test_the_fire_brigade_gets_fire_and_electricity_only(imported, sign_in):
    assert [row["存在的火灾隐患"] for row in table(sign_in(imported.bureau), "fire")] == ["灭火器过期", "私拉电线"]


def test_the_township_gets_its_ledger_in_chinese_whatever_the_reader_speaks(imported, sign_in):
    imported.bureau.language = "en"
    imported.bureau.save(update_fields=["language"])
    rows = table(sign_in(imported.bureau), "township")
    assert [row["隐患等级"] for row in rows] == ["一般", "较大（待定）", "重大", "一般", "一般"]
    assert [row["隐患类别"] for row in rows] == ["消防", "食品", "水塔", "电气", "校舍"]
    assert [row["整改情况"] for row in rows] == ["已销号", "已上报待协调", "未整改", "整改中", "已整改"]
    assert (rows[0]["整改时限"], rows[0]["所在乡镇"], rows[0]["序号"]) == ("立即", "青溪镇", 5)


def test_many_rows_cost_as_many_questions_as_few(imported, sign_in, django_assert_max_num_queries):
    client = sign_in(imported.bureau)
    with django_assert_max_num_queries(25):
        exported(client, "education")
