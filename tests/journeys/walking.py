"""What people do at the product, step by step, by the words they see."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page, expect

from factories import PASSWORD, photo
from huyuan.inspections.checklists import Checklist, Item, ItemKind

GOOD, BAD = "合格", "不合格"


@dataclass(frozen=True)
class Finding:
    """An item that is not in order, what stands in its note, and whether a photo is taken."""

    key: str
    note: str = ""
    photo: bool = False


@dataclass(frozen=True)
class Major:
    """What a major hazard needs besides requirement, person and days."""

    guide_item: str
    funding: str
    contingency: str


def picture(name: str) -> FilePayload:
    """A photo as a phone sends it."""
    return FilePayload(name=name, mimeType="image/jpeg", buffer=photo(name))


def sees(page: Page, text: str) -> None:
    """Some sentence is to be read on the page."""
    expect(page.get_by_text(text).filter(visible=True).first).to_be_visible()


def heading(page: Page, text: str) -> None:
    """The page is this one."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def activate(page: Page, phone: str, code: str) -> None:
    """Go in for the first time with the printed one-time code."""
    page.goto("/")
    page.get_by_role("link", name="首次登录").click()
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("一次性码").fill(code)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次新密码").fill(PASSWORD)
    page.get_by_role("button", name="设置密码并进入").click()
    heading(page, "今日")


def sign_in(page: Page, phone: str, password: str = PASSWORD) -> None:
    """Go in with phone number and password."""
    page.goto("/")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    heading(page, "今日")


def asked(page: Page, item: Item) -> Locator:
    """The answers to one question."""
    return page.get_by_role("group", name=item.ask.zh, exact=True)


def answer(page: Page, item: Item, word: str) -> None:
    """Answer one question by its button, or by its figure."""
    group = asked(page, item)
    if item.kind is ItemKind.NUMBER:
        group.get_by_label("数量").fill(word)
        group.get_by_label("数量").press("Enter")
    else:
        group.get_by_text(word, exact=True).click()


def good_answer(item: Item) -> str:
    """What is answered where nothing is amiss."""
    if item.kind is ItemKind.NUMBER:
        return str(item.minimum or 0)
    return item.options[0].label.zh if item.options else GOOD


def walk_the_school(page: Page, checklist: Checklist, findings: Mapping[str, Finding]) -> int:
    """Answer every question that is asked, one after the other; answers how many there were."""
    given: dict[str, str] = {}
    for item in checklist.items():
        if item not in checklist.asked(given):
            continue
        found = findings.get(item.key)
        answer(page, item, BAD if found else good_answer(item))
        given[item.key] = item.options[0].key if item.options else "yes"
        if item.kind is ItemKind.PHOTO:
            add_photo(page, item)
        expect(page.get_by_text(re.compile(rf"已填{len(given)}项，共\d+项"))).to_be_visible()
        if found:
            write_down(page, item, found)
    sees(page, f"已填{len(given)}项，共{len(given)}项")
    sees(page, "已填完")
    return len(given)


def write_down(page: Page, item: Item, found: Finding) -> None:
    """Say what exactly is wrong and where, and take a photo of it."""
    place = page.locator(f"#item-{item.key}")
    if found.note:
        note = place.get_by_label("具体情况和位置")
        note.fill(found.note)
        with page.expect_response(lambda response: response.request.method == "POST"):
            note.press("Enter")
        expect(place.get_by_label("具体情况和位置")).to_have_value(found.note)
    if found.photo:
        add_photo(page, item)


def add_photo(page: Page, item: Item) -> None:
    """Take a photo to one item."""
    place = page.locator(f"#item-{item.key}")
    place.get_by_label("添加照片").set_input_files(picture("现场.jpg"))
    expect(place.get_by_role("img", name="照片1")).to_be_visible()


def order(station: Page, hazard: str, requirement: str, days: int, major: Major | None = None) -> None:
    """The officer orders one hazard put right: by whom, and until when; a major one with all five in place."""
    station.goto("/")
    task = station.get_by_role("link", name=hazard)
    expect(task).to_contain_text("下达整改")
    task.click()
    station.get_by_role("link", name="下达整改").click()
    if major:
        station.get_by_label("级别").select_option(label="重大")
        station.get_by_label("判定指南条目").select_option(value=major.guide_item)
        station.get_by_label("资金：多少、从哪里出").fill(major.funding)
        station.get_by_label("整改期间的防护预案").fill(major.contingency)
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


def close(station: Page, hazard: str, remark: str, verdicts: Sequence[str]) -> None:
    """The officer looks again and closes it; every round stands there with its verdict."""
    open_recheck(station, hazard)
    station.get_by_role("link", name="通过并销号").click()
    station.get_by_label("备注").fill(remark)
    station.get_by_role("button", name="销号").click()
    sees(station, "已销号。")
    expect(station.get_by_role("list", name="状态").get_by_role("listitem").last).to_contain_text("已销号")
    for number, verdict in enumerate(verdicts, 1):
        expect(station.get_by_text(f"第{number}轮").locator("xpath=..")).to_contain_text(verdict)


def open_recheck(station: Page, hazard: str) -> None:
    """The officer finds the hazard on the page of today, with the photos of its rectification."""
    station.goto("/")
    task = station.get_by_role("link", name=hazard)
    expect(task).to_contain_text("复查")
    task.click()
    expect(station.get_by_role("img", name="照片1").first).to_be_visible()
