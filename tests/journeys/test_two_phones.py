"""Station and school answer the same item on two phones: both see both answers, and nothing is lost."""

import pytest
from playwright.sync_api import Page, expect

from factories import begun_check, checklist, make_county
from tests.browser import Visitors
from tests.journeys.walking import BAD, GOOD, Finding, answer, asked, heading, sees, sign_in, write_down

WALL = checklist().item("facility_wall")


def open_check(page: Page, phone: str, url: str) -> None:
    sign_in(page, phone)
    page.goto(url)
    heading(page, "青溪镇中心小学")


def chosen(page: Page, word: str) -> None:
    expect(asked(page, WALL).get_by_role("radio", name=word, exact=True)).to_be_checked()


@pytest.mark.browser
def test_same_item_answered_differently_on_two_phones(visitors: Visitors):
    visitors.expected.add("status of 409")
    cast = make_county()
    url = begun_check(cast).get_absolute_url()
    station, head = visitors.phone(), visitors.phone()
    open_check(station, cast.station.phone, url)
    open_check(head, cast.head.phone, url)

    answer(station, WALL, BAD)
    write_down(station, WALL, Finding(WALL.key, "东侧缺口1米"))
    sees(station, "已填1项")

    answer(head, WALL, GOOD)
    sees(head, "陈志强刚才填的是“不合格”东侧缺口1米。")
    sees(head, "您填的是“合格”。请在下面选择正确的答案；选择之前以先填的为准。")
    chosen(head, BAD)
    station.reload()
    chosen(station, BAD)
    expect(station.get_by_label("具体情况和位置")).to_have_value("东侧缺口1米")

    answer(head, WALL, "不适用")
    expect(head.get_by_text("陈志强刚才填的是")).to_have_count(0)
    chosen(head, "不适用")
    sees(head, "已填1项")
    answer(station, WALL, GOOD)
    sees(station, f"{cast.head.name}刚才填的是“不适用”")
    sees(station, "您填的是“合格”")
