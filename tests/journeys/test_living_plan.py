"""A county's plan becomes daily work that proves itself, in Chinese, through the pages people use."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from conftest import Clock
from factories import NOW, Cast, answer_everything, begun_check, checklist, make_county
from huyuan.config import demo
from huyuan.inspections.models import Inspection
from tests.browser import Visitors
from tests.journeys.walking import (
    BAD,
    Finding,
    Major,
    answer,
    close,
    heading,
    order,
    rectify,
    reject,
    sees,
    sign_in,
    write_down,
)

PLAN = Path(demo.__file__).with_name("plan.txt")
CODE = "yunxi-2026"
SCHOOL, LEADER_OF_POLICE = "青溪镇中心小学", "王卫民"
CLAUSE, JOINT_CHECK = "3.1.1", "与派出所共同做一次全面检查并签字"
IN_TIME = "下达的隐患按期整改完毕"
WALL = "围墙或围栏破损，可以翻越"
EXITS = "消防设施损坏或疏散通道不畅"
PART = "安防设施管理使用"
FINDINGS = [
    Finding("facility_wall", "操场东侧围墙缺口约1米"),
    Finding("facility_fire", "教学楼东侧安全出口上锁，只剩一个出口"),
]
MAJOR = Major("fire-exits", "公用经费3万元", "上学时间两道门专人看守，保持开启")
MET, MISSED, NOT_YET_DUE = "已落实", "逾期未落实", "未到期"
TOWNSHIP = [
    "序号", "所在乡镇", "单位名称", "隐患类别", "隐患内容", "隐患等级", "排查时间", "排查人", "整改措施", "责任人", "整改时限",
    "整改情况", "督办单位", "销号时间", "备注",
]  # fmt: skip
STANDS_OVERDUE = {
    "所在乡镇": "青溪镇", "单位名称": SCHOOL, "隐患等级": "重大", "整改措施": "拆除门锁，改装推闩式逃生门锁", "责任人": "刘永康",
    "整改情况": "整改中", "督办单位": "青溪派出所",
}  # fmt: skip
STANDS_CLOSED = {"所在乡镇": "青溪镇", "单位名称": SCHOOL, "隐患等级": "一般", "责任人": "刘永康", "整改情况": "已销号"}


@dataclass
class People:
    """Who takes part, each on a device of their own."""

    bureau: Page
    station: Page
    head: Page
    safety: Page
    leader: Page


def arrive(visitors: Visitors, cast: Cast) -> People:
    """Everybody signs in: offices at a desk, the others on the phone."""
    desks = ("bureau", "leader")
    pages = {
        part: visitors.desk() if part in desks else visitors.phone()
        for part in ("bureau", "station", "head", "safety", "leader")
    }
    for part, page in pages.items():
        sign_in(page, cast.users[part].phone)
    return People(**pages)


def bring_the_plan_in(bureau: Page) -> None:
    """The bureau gives the text of the county's plan; the pack of its code says what it obliges to."""
    bureau.get_by_role("link", name="方案落实").first.click()
    sees(bureau, "县里还没有导入方案")
    bureau.get_by_role("link", name="导入方案").click()
    bureau.get_by_label("方案文本（.txt 或 .docx）").set_input_files(PLAN)
    bureau.get_by_label("编号").fill(CODE)
    bureau.get_by_role("button", name="导入").click()
    sees(bureau, "已导入23条，产生")
    heading(bureau, "方案落实")
    sees(bureau, "方案印发后，派出所与辖区每所学校共同做一次全面检查")


def nothing_is_red(bureau: Page) -> None:
    """Neither the whole plan nor the list of what is missed shows anything."""
    choices = bureau.locator(".hy-badges a")
    expect(choices.filter(has_text=NOT_YET_DUE)).to_be_visible()
    expect(choices.filter(has_text=MISSED)).to_have_count(0)
    expect(badges(bureau.get_by_role("main"), MISSED)).to_have_count(0)
    bureau.goto("/plan/?show=missed")
    sees(bureau, "没有条款处于这个状态。")


def badges(place: Locator, state: str) -> Locator:
    """The states shown at obligations."""
    return place.locator(".badge").filter(has_text=re.compile(rf"^\s*{state}( \d+)?\s*$"))


def plan_of_the_school(bureau: Page) -> None:
    """The living plan as this one school stands in it."""
    bureau.goto("/plan/")
    bureau.get_by_label("看哪个单位").select_option(label=SCHOOL)
    bureau.get_by_role("button", name="查看").click()
    sees(bureau, f"{SCHOOL} · 第1版")


def stands(bureau: Page, clause: str, duty: str, state: str) -> Locator:
    """The state beside a clause of the plan that is shown; gives its link."""
    part = bureau.locator(f'section[aria-labelledby="clause-{clause}"]')
    for fold in part.locator("details.hy-fold:not([open]) > summary").all()[::-1]:
        fold.click()
    link = part.get_by_role("link", name=duty)
    expect(badges(link, state)).to_be_visible()
    return link


def check_the_school(people: People, cast: Cast) -> Inspection:
    """Two items of a check are not in order; both sides sign, each on their own phone."""
    check = answer_everything(cast, begun_check(cast))
    people.station.goto(check.get_absolute_url())
    heading(people.station, SCHOOL)
    people.station.locator("summary").filter(has_text=PART).click()
    for found in FINDINGS:
        item = checklist().item(found.key)
        answer(people.station, item, BAD)
        sees(people.station, item.finding.zh)
        write_down(people.station, item, found)
        sees(people.station, f"{item.finding.zh} · {found.note}")
    people.station.get_by_role("button", name="代表本方签字").click()
    sees(people.station, "已签字，已请对方签字。")
    people.head.goto("/")
    people.head.get_by_role("link", name="校园安全全面检查").click()
    people.head.get_by_role("button", name="代表本方签字").click()
    sees(people.head, "双方已签字，不合格项已成为隐患。")
    return check


def is_proven_by(bureau: Page, check: Inspection) -> None:
    """The clause is met for the school, and the record behind it is this very check, one click away."""
    plan_of_the_school(bureau)
    stands(bureau, CLAUSE, JOINT_CHECK, MET).click()
    heading(bureau, JOINT_CHECK)
    records = bureau.get_by_role("region", name="佐证记录").get_by_role("link", name="校园安全全面检查")
    expect(records).to_have_count(1)
    expect(records).to_contain_text("计入")
    expect(records).to_have_attribute("href", check.get_absolute_url())
    records.click()
    heading(bureau, SCHOOL)
    for hazard in (WALL, EXITS):
        expect(bureau.get_by_role("link", name=hazard)).to_be_visible()


def ask_for_more_time(safety: Page, hazard: str, until: str, reason: str) -> None:
    """The school asks for a later day."""
    safety.goto("/")
    safety.get_by_role("link", name=hazard).click()
    safety.get_by_role("link", name="申请延期").click()
    safety.get_by_label("新期限").fill(until)
    safety.get_by_label("事由").fill(reason)
    safety.get_by_role("button", name="申请").click()
    sees(safety, "已申请，由下达单位审批。")


def grant(station: Page, hazard: str, reason: str, left: str) -> None:
    """The officer reads the reason and grants it; the clock runs to the new day."""
    station.goto("/")
    station.get_by_role("link", name=hazard).filter(has_text="审批延期").click()
    sees(station, reason)
    station.get_by_role("button", name="同意", exact=True).click()
    sees(station, "已审批，学校已收到通知。")
    sees(station, left)


def take_steps(clock: Clock, days: int) -> None:
    """Days after the check the worker takes the steps that are due."""
    clock.set(NOW + timedelta(days=days))
    call_command("step_up", json=True)


def steps_taken(page: Page, *titles: str) -> None:
    """What the hazard's page says has happened because nothing happened."""
    trail = page.get_by_role("heading", name="不整改会怎样").locator("xpath=../..")
    for title in titles:
        expect(trail.get_by_role("listitem").filter(has_text=title)).to_be_visible()


def step_up(people: People, clock: Clock) -> None:
    """The major hazard is due on the fifth day: head, then agencies are told, then leaders are asked."""
    take_steps(clock, 6)
    people.head.goto("/")
    people.head.get_by_role("link", name=EXITS).first.click()
    sees(people.head, "逾期1天")
    steps_taken(people.head, "逾期通知校长（园长）")
    expect(people.head.get_by_text("已提请挂牌")).to_have_count(0)
    take_steps(clock, 12)
    people.head.reload()
    steps_taken(people.head, "逾期通知校长（园长）", "报派出所和县教体局", "重大隐患：提请领导决定是否挂牌督办")
    sees(people.head, "已提请挂牌")


def list_for_supervision(leader: Page, until: str) -> None:
    """The leader finds the proposal on the page of today and decides."""
    leader.goto("/")
    leader.get_by_role("link", name=EXITS).filter(has_text="决定是否挂牌督办").click()
    sees(leader, "按规则")
    choice = leader.get_by_label("督办责任人")
    choice.select_option(value=choice.get_by_role("option").filter(has_text=LEADER_OF_POLICE).get_attribute("value"))
    leader.get_by_label("督办期限").fill(until)
    leader.get_by_role("button", name="决定挂牌").click()
    sees(leader, "已挂牌督办，并已告知学校、责任单位和督办责任人。")
    leader.get_by_role("link", name=EXITS).click()
    expect(leader.get_by_role("link", name="已挂牌督办")).to_contain_text(LEADER_OF_POLICE)


def export_for_the_township(bureau: Page) -> bytes:
    """The bureau takes the hazards out in the township's columns."""
    bureau.goto("/")
    bureau.get_by_role("link", name="隐患", exact=True).first.click()
    bureau.get_by_text("导入导出", exact=True).click()
    with bureau.expect_download() as download:
        bureau.get_by_role("link", name="乡镇格式").click()
    return download.value.path().read_bytes()


def rows_by_openpyxl(content: bytes) -> list[tuple[object, ...]]:
    """The cells as one reader of spreadsheets sees them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = list(book.active.iter_rows(values_only=True))
    book.close()
    return rows


def rows_by_calamine(content: bytes) -> list[list[object]]:
    """The cells as another reader sees them."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def by_titles(rows: Sequence[Sequence[object]]) -> list[dict[str, object]]:
    """Each hazard by the township's titles, which stand in the second row."""
    assert list(rows[1]) == TOWNSHIP
    return [dict(zip(TOWNSHIP, row, strict=True)) for row in rows[2:]]


def as_day(value: object) -> date | object:
    """A cell's day, whether its reader gives a day or a moment."""
    return value.date() if isinstance(value, datetime) else value


@pytest.mark.browser
@pytest.mark.clause("3.1", "3.1.1", "3.1.2")
def test_the_plan_becomes_daily_work_that_proves_itself(visitors: Visitors, clock: Clock):
    cast = make_county("云栖县")
    people = arrive(visitors, cast)
    bring_the_plan_in(people.bureau)
    nothing_is_red(people.bureau)
    plan_of_the_school(people.bureau)
    expect(badges(people.bureau.get_by_role("main"), MISSED)).to_have_count(0)
    stands(people.bureau, CLAUSE, JOINT_CHECK, NOT_YET_DUE)

    check = check_the_school(people, cast)
    order(people.station, f"{WALL}：", "补砌围墙至2米以上", 10)
    order(people.station, f"{EXITS}：", "拆除门锁，改装推闩式逃生门锁", 5, MAJOR)
    is_proven_by(people.bureau, check)

    clock.set(NOW + timedelta(days=1))
    ask_for_more_time(people.safety, WALL, "2026-09-30", "砖料下周才到")
    grant(people.station, WALL, "砖料下周才到", "还剩14天")
    clock.set(NOW + timedelta(days=3))
    rectify(people.safety, WALL, "缺口已用砖补砌")
    reject(people.station, WALL, "墙顶还没有防攀爬设施")
    clock.set(NOW + timedelta(days=5))
    rectify(people.safety, WALL, "墙顶已装防攀爬刺网")
    close(people.station, WALL, "现场复查合格", ("驳回", "通过"))
    is_proven_by(people.bureau, check)

    step_up(people, clock)
    list_for_supervision(people.leader, "2026-10-15")
    plan_of_the_school(people.bureau)
    stands(people.bureau, "2.3", IN_TIME, MISSED)

    content = export_for_the_township(people.bureau)
    for read in (rows_by_openpyxl, rows_by_calamine):
        hazards = {str(row["隐患内容"]).split("：")[0]: row for row in by_titles(read(content))}
        assert set(hazards) == {WALL, EXITS}
        exits, wall = hazards[EXITS], hazards[WALL]
        assert exits | STANDS_OVERDUE == exits
        assert wall | STANDS_CLOSED == wall
        assert as_day(exits["整改时限"]) == date(2026, 9, 20) and as_day(wall["销号时间"]) == date(2026, 9, 20)
