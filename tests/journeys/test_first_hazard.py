"""From an empty database to a closed hazard in the county's ledger, in Chinese, through the pages people use."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from conftest import Clock
from factories import NOW, checklist
from tests.browser import Visitors, do_jobs
from tests.journeys.walking import Finding, activate, heading, picture, sees, walk_the_school

ROSTER = Path(__file__).parents[1] / "data" / "schools.xlsx"
SCHOOL = "青溪镇中心小学"
BUREAU, STATION, HEAD, SAFETY = "19900000001", "19900000002", "19900000003", "19900000004"
PEOPLE = [
    ("姓名", "手机号", "学校或单位", "岗位"),
    ("陈志强", STATION, "青溪派出所", "派出所民警"),
    ("吴秀英", HEAD, SCHOOL, "校长"),
    ("刘永康", SAFETY, SCHOOL, "保卫干部"),
]
FINDINGS = {
    "facility_wall": Finding("facility_wall", "操场东侧围墙缺口约1米", photo=True),
    "rules_visitors": Finding("rules_visitors"),
}
WALL = "围墙或围栏破损，可以翻越"
VISITORS = "外来人员登记不全或未核验证件"


@dataclass
class People:
    """Who takes part, each on a device of their own."""

    bureau: Page
    station: Page
    head: Page
    safety: Page


def found_the_county(capsys: pytest.CaptureFixture[str]) -> str:
    """Make the county from the command line; gives the first officer's one-time code."""
    call_command(
        "create_county", "--name=示例县", "--adcode=360999", "--starts-on=2026-09-01", "--admin-name=罗建国",
        f"--admin-phone={BUREAU}",
    )  # fmt: skip
    return re.search(r"code\s+([0-9A-Z]{4}-[0-9A-Z]{4})", capsys.readouterr().out)[1]


def import_roster(page: Page) -> None:
    """Give the workbook as it is, look at what it would do, and write it."""
    page.get_by_role("link", name="学校", exact=True).first.click()
    sees(page, "还没有学校。教体局导入全县学校基本情况表即可，原样上传。")
    page.get_by_role("link", name="导入").click()
    page.get_by_label("工作簿").set_input_files(ROSTER)
    page.get_by_role("button", name="读取并预览").click()
    sees(page, "正在读取工作簿")
    do_jobs()
    figures(page, {"将新增": 63, "将更改": 0, "无变化": 0, "问题": 1})
    sees(page, "GCJ-02")
    problem = page.get_by_text("第79行").locator("xpath=..")
    expect(problem).to_contain_text("该校出现两次且内容不一致")
    expect(problem).to_contain_text("186")
    page.get_by_role("button", name="写入63行").click()
    do_jobs()
    figures(page, {"新增": 63, "更改": 0, "无变化": 0, "问题": 1})
    page.get_by_role("link", name="查看台账").click()
    heading(page, "学校")
    expect(page.get_by_role("row")).to_have_count(51)
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("row")).to_have_count(14)


def figures(page: Page, wanted: dict[str, int]) -> None:
    """The figures of an import."""
    for label, count in wanted.items():
        figure = page.get_by_text(label, exact=True).locator("xpath=..")
        expect(figure).to_have_text(re.compile(rf"^\s*{count}\s*{label}\s*$"))


def import_people(page: Page) -> dict[str, str]:
    """Give the list of people; gives everybody's one-time code from the printed cards."""
    book = openpyxl.Workbook()
    for row in PEOPLE:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    book.close()
    page.get_by_role("link", name="人员", exact=True).first.click()
    page.get_by_role("link", name="导入").click()
    page.get_by_label("工作簿").set_input_files(
        {"name": "人员.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()}
    )
    page.get_by_role("button", name="读取并预览").click()
    do_jobs()
    figures(page, {"将新增": 3, "问题": 0})
    page.get_by_role("button", name="写入3行").click()
    do_jobs()
    figures(page, {"新增": 3})
    page.get_by_role("link", name="打印一次性码").click()
    page.get_by_role("button", name="打印全部卡片").click()
    sees(page, "一次性码只在现在显示")
    cards = page.get_by_role("main").get_by_role("listitem").filter(has_text="19900000")
    expect(cards).to_have_count(3)
    texts = cards.all_inner_texts()
    return {re.search(r"199\d{8}", text)[0]: re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text)[0] for text in texts}


def check_the_school(station: Page, head: Page) -> None:
    """The officer walks the school with a phone; both sides sign, each on their own device."""
    sees(station, "没有等您办理的事")
    station.get_by_role("link", name="开始检查").click()
    station.get_by_label("学校", exact=True).select_option(label=SCHOOL)
    station.get_by_role("button", name="开始").click()
    heading(station, SCHOOL)
    walk_the_school(station, checklist(), FINDINGS)
    sees(station, "有 2 项不合格，签字后自动成为隐患，不用再录一遍。")
    station.get_by_role("button", name="代表本方签字").click()
    sees(station, "已签字，已请对方签字。")
    expect(station.get_by_role("button", name="代表本方签字")).to_have_count(0)
    head.reload()
    head.get_by_role("link", name="校园安全全面检查").click()
    expect(head.get_by_role("listitem").filter(has_text="陈志强")).to_be_visible()
    sees(head, f"{WALL} · 操场东侧围墙缺口约1米")
    head.get_by_role("button", name="代表本方签字").click()
    sees(head, "双方已签字，不合格项已成为隐患。")
    for hazard in (WALL, VISITORS):
        expect(head.get_by_role("link", name=hazard)).to_be_visible()


def order(station: Page, hazard: str, requirement: str, days: int) -> None:
    """The officer orders one hazard put right: by whom, and until when."""
    station.goto("/")
    task = station.get_by_role("link", name=hazard)
    expect(task).to_contain_text("下达整改")
    task.click()
    station.get_by_role("link", name="下达整改").click()
    station.get_by_label("整改要求").fill(requirement)
    station.get_by_label("责任人").select_option(label="刘永康")
    station.get_by_label("天数").fill(str(days))
    station.get_by_role("button", name="下达").click()
    sees(station, "已下达，学校已收到通知。")
    sees(station, requirement)
    sees(station, f"还剩{days}天")


def rectify(safety: Page, hazard: str, report: str) -> None:
    """The safety officer reports with a photo that it is put right."""
    safety.goto("/")
    task = safety.get_by_role("link", name=hazard)
    expect(task).to_contain_text("整改并上报")
    task.click()
    safety.get_by_role("link", name="整改并上报").click()
    safety.get_by_label("整改情况").fill(report)
    safety.get_by_label("整改后照片").set_input_files([picture("整改后.jpg")])
    safety.get_by_role("button", name="上报").click()
    sees(safety, "已上报，将由其他人复查。")
    sees(safety, report)
    expect(safety.get_by_role("link", name="通过并销号")).to_have_count(0)


def reject(station: Page, hazard: str, reason: str) -> None:
    """The officer looks and is not content."""
    open_recheck(station, hazard)
    station.get_by_role("link", name="不通过").click()
    station.get_by_label("还有什么问题").fill(reason)
    station.get_by_label("下一轮天数").fill("3")
    station.get_by_role("button", name="退回").click()
    sees(station, "已退回，进入下一轮整改。")
    sees(station, reason)
    sees(station, "第1轮")


def close(station: Page, hazard: str) -> None:
    """The officer looks again and closes it."""
    open_recheck(station, hazard)
    station.get_by_role("link", name="通过并销号").click()
    station.get_by_label("备注").fill("现场复查，围墙已补砌")
    station.get_by_role("button", name="销号").click()
    sees(station, "已销号。")
    expect(station.get_by_role("list", name="状态").get_by_role("listitem").last).to_contain_text("已销号")
    for round_, verdict in (("第2轮", "通过"), ("第1轮", "驳回")):
        expect(station.get_by_text(round_).locator("xpath=..")).to_contain_text(verdict)


def open_recheck(station: Page, hazard: str) -> None:
    station.goto("/")
    task = station.get_by_role("link", name=hazard)
    expect(task).to_contain_text("复查")
    task.click()
    expect(station.get_by_role("img", name="照片1").first).to_be_visible()


def export_ledger(bureau: Page) -> list[dict[str, object]]:
    """The bureau exports the hazards in its own columns; gives the rows of the workbook."""
    bureau.goto("/")
    bureau.get_by_role("link", name="隐患", exact=True).first.click()
    expect(bureau.get_by_role("row")).to_have_count(3)
    bureau.get_by_text("导入导出", exact=True).click()
    with bureau.expect_download() as download:
        bureau.get_by_role("link", name="教体局格式").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    book.close()
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.browser
def test_county_closes_its_first_hazard(visitors: Visitors, clock: Clock, capsys):
    people = People(bureau=visitors.desk(), station=visitors.phone(), head=visitors.phone(), safety=visitors.phone())
    activate(people.bureau, BUREAU, found_the_county(capsys))
    import_roster(people.bureau)
    codes = import_people(people.bureau)
    for page, number in ((people.station, STATION), (people.head, HEAD), (people.safety, SAFETY)):
        activate(page, number, codes[number])

    check_the_school(people.station, people.head)
    order(people.station, WALL, "补砌围墙至2米以上，墙顶加防攀爬设施", 15)
    order(people.station, VISITORS, "启用来访登记簿，逐人核验证件", 3)
    clock.set(NOW.replace(day=18))
    rectify(people.safety, WALL, "缺口已用砖补砌")
    reject(people.station, WALL, "墙顶还没有防攀爬设施")
    clock.set(NOW.replace(day=20))
    rectify(people.safety, WALL, "墙顶已装防攀爬刺网")
    close(people.station, WALL)

    rows = {row["隐患描述"]: row for row in export_ledger(people.bureau)}
    assert set(rows) == {f"{WALL}：操场东侧围墙缺口约1米", VISITORS}
    wall = rows[f"{WALL}：操场东侧围墙缺口约1米"]
    assert (wall["学校名称"], wall["状态"], wall["轮次"], wall["整改责任人"]) == (SCHOOL, "已销号", 2, "刘永康")
    assert wall["销号日期"].date() == clock.now.date()
    assert rows[VISITORS]["状态"] == "整改中"
