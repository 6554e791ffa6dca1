"""What people do at the product, step by step, by the words they see."""

import re
from collections.abc import Mapping
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


def sign_in(page: Page, phone: str) -> None:
    """Go in with phone number and password."""
    page.goto("/")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码").fill(PASSWORD)
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
