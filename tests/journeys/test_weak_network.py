"""A check on a phone with a weak connection: what was chosen, typed or photographed stays and gets through."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from factories import begun_check, checklist, make_county
from huyuan.attachments.models import Attachment
from huyuan.inspections.models import Answer, Inspection
from tests.browser import Visitors
from tests.journeys.walking import BAD, GOOD, answer, asked, heading, picture, sees, sign_in

WALL = checklist().item("facility_wall")
LOCKED = "齐全但锁在柜里取用慢"
ANSWERS = re.compile(r"/items/\w+/$")
NOTE = "具体情况和位置"
UNSENT = "还没有存上：没有网络。内容留在这里，会自动再发。"

pytestmark = pytest.mark.browser


@pytest.fixture
def check(visitors: Visitors) -> tuple[Page, Inspection]:
    """A check that is open on the station's phone."""
    cast = make_county()
    inspection = begun_check(cast)
    page = visitors.phone()
    sign_in(page, cast.station.phone)
    page.goto(inspection.get_absolute_url())
    heading(page, "青溪镇中心小学")
    return page, inspection


def chosen(page: Page, word: str) -> None:
    expect(asked(page, WALL).get_by_role("radio", name=word, exact=True)).to_be_checked()


def kept(inspection: Inspection) -> tuple[str, str]:
    found = Answer.objects.get(inspection=inspection, item_key=WALL.key)
    return found.value, found.note


class Held:
    """Answers that hang on their way until they are let go."""

    def __init__(self, page: Page) -> None:
        self.page, self.routes, self.holding = page, [], True
        page.route(ANSWERS, self.take)

    def take(self, route: Route) -> None:
        if self.holding:
            self.routes.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        while not self.routes:
            self.page.wait_for_timeout(20)

    def let_go(self) -> None:
        self.holding = False
        for route in self.routes:
            route.continue_()


def test_changing_ones_mind_while_the_first_answer_travels_keeps_the_second(check):
    page, inspection = check
    held = Held(page)
    answer(page, WALL, GOOD)
    held.wait()
    answer(page, WALL, BAD)
    held.let_go()
    expect(page.get_by_label(NOTE)).to_be_visible()
    chosen(page, BAD)
    assert kept(inspection) == ("no", "")


def test_words_typed_while_an_answer_travels_stay_and_are_kept(check):
    page, inspection = check
    answer(page, WALL, BAD)
    note = page.get_by_label(NOTE)
    note.fill("东侧")
    held = Held(page)
    note.press("Enter")
    held.wait()
    note.press_sequentially("缺口1米")
    held.let_go()
    sees(page, "围墙或围栏破损，可以翻越 · 东侧")
    expect(note).to_have_value("东侧缺口1米")
    note.press("Enter")
    sees(page, "围墙或围栏破损，可以翻越 · 东侧缺口1米")
    assert kept(inspection) == ("no", "东侧缺口1米")


def test_photo_chosen_while_the_note_travels_is_kept(check):
    page, inspection = check
    answer(page, WALL, BAD)
    note = page.get_by_label(NOTE)
    note.fill("东侧缺口1米")
    held = Held(page)
    with page.expect_file_chooser() as opened:
        page.locator("label").get_by_text("添加照片").first.click()
    held.wait()
    held.let_go()
    sees(page, "围墙或围栏破损，可以翻越 · 东侧缺口1米")
    opened.value.set_files(picture("现场.jpg"))
    expect(page.get_by_role("img", name="照片1")).to_be_visible()
    assert kept(inspection) == ("no", "东侧缺口1米")
    assert Attachment.objects.get(owner_code=inspection.code).place == WALL.key


def test_answer_without_connection_says_so_and_goes_again(check, visitors):
    visitors.expected.add("ERR_INTERNET_DISCONNECTED")
    visitors.expected |= {"htmx:afterRequest", "htmx:sendError"}
    page, inspection = check
    page.context.set_offline(True)
    answer(page, WALL, BAD)
    sees(page, UNSENT)
    page.get_by_role("button", name="代表本方签字").click()
    sees(page, UNSENT)
    assert not Answer.objects.filter(inspection=inspection).exists()
    page.context.set_offline(False)
    expect(page.get_by_label(NOTE)).to_be_visible()
    expect(page.get_by_text(UNSENT).filter(visible=True)).to_have_count(0)
    assert kept(inspection) == ("no", "")


def test_signing_waits_for_an_answer_that_is_on_its_way(check, visitors):
    visitors.expected.add("status of 400")
    page, inspection = check
    held = Held(page)
    answer(page, WALL, BAD)
    held.wait()
    page.get_by_role("button", name="代表本方签字").click()
    expect(page).to_have_url(re.compile(str(inspection.code)))
    held.let_go()
    sees(page, "项没有填写")
    assert kept(inspection) == ("no", "")


def test_refusal_stands_beside_the_page_and_takes_nothing_from_it(check, visitors):
    visitors.expected.add("status of 400")
    page, _inspection = check
    answer(page, WALL, BAD)
    sham = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": b"no photo at all"}
    page.get_by_label("添加照片").first.set_input_files(sham)
    sees(page, "这个文件不是照片")
    page.get_by_role("button", name="关闭这条提示").click()
    expect(page.get_by_text("这个文件不是照片")).to_have_count(0)
    chosen(page, BAD)


def test_signed_out_meanwhile_loses_nothing(check, visitors):
    visitors.expected.add("status of 401")
    page, inspection = check
    page.context.clear_cookies(name="sessionid")
    answer(page, WALL, BAD)
    sees(page, "您已退出登录")
    chosen(page, BAD)
    tab = page.context.new_page()
    sign_in(tab, inspection.started_by.phone)
    expect(page.get_by_label(NOTE)).to_be_visible()
    assert kept(inspection) == ("no", "")
