"""A check on a phone with a weak connection: what was chosen, typed or photographed stays and gets through."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from factories import Cast, answered_check, begun_check, checklist, make_county
from huyuan.attachments.models import Attachment
from huyuan.inspections.models import Answer, Inspection
from tests.browser import Visitors
from tests.journeys.walking import BAD, GOOD, answer, asked, good_answer, heading, picture, sees, sign_in

WALL = checklist().item("facility_wall")
LOCKED = "齐全但锁在柜里取用慢"
ANSWERS = re.compile(r"/items/\w+/$")
PHOTOS = re.compile(r"/photo/$")
NOTE = "具体情况和位置"
UNSENT = "还没有存上：没有网络。内容留在这里，会自动再发。"

pytestmark = pytest.mark.browser


def opened(visitors: Visitors, cast: Cast, inspection: Inspection) -> tuple[Page, Inspection]:
    page = visitors.phone()
    sign_in(page, cast.station.phone)
    page.goto(inspection.get_absolute_url())
    heading(page, "青溪镇中心小学")
    return page, inspection


@pytest.fixture
def check(visitors: Visitors) -> tuple[Page, Inspection]:
    """A check that is open on the station's phone."""
    cast = make_county()
    return opened(visitors, cast, begun_check(cast))


@pytest.fixture
def complete(visitors: Visitors) -> tuple[Page, Inspection]:
    """A check on the station's phone in which every item is answered."""
    cast = make_county()
    page, inspection = opened(visitors, cast, answered_check(cast, failing=0))
    page.locator("details", has=page.locator(f"#item-{WALL.key}")).locator("summary").first.click()
    return page, inspection


def chosen(page: Page, word: str) -> None:
    expect(asked(page, WALL).get_by_role("radio", name=word, exact=True)).to_be_checked()


def kept(inspection: Inspection) -> tuple[str, str]:
    found = Answer.objects.get(inspection=inspection, item_key=WALL.key)
    return found.value, found.note


class Held:
    """Answers that hang on their way until they are let go."""

    def __init__(self, page: Page, what: re.Pattern[str] = ANSWERS) -> None:
        self.page, self.routes, self.holding = page, [], True
        page.route(what, self.take)

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
        page.locator(f"#item-{WALL.key} label").get_by_text("添加照片").click()
    held.wait()
    held.let_go()
    sees(page, "围墙或围栏破损，可以翻越 · 东侧缺口1米")
    opened.value.set_files(picture("现场.jpg"))
    expect(page.get_by_role("img", name="照片1")).to_be_visible()
    assert kept(inspection) == ("no", "东侧缺口1米")
    assert Attachment.objects.get(owner_code=inspection.code).place == WALL.key


def test_second_photo_chosen_while_the_first_travels_is_kept_too(check):
    page, inspection = check
    answer(page, WALL, BAD)
    held = Held(page, PHOTOS)
    choose = page.locator(f"#item-{WALL.key}").get_by_label("添加照片")
    choose.set_input_files(picture("近处.jpg"))
    held.wait()
    choose.set_input_files(picture("远处.jpg"))
    held.let_go()
    expect(page.get_by_role("img", name="照片2")).to_be_visible()
    assert Attachment.objects.filter(owner_code=inspection.code, place=WALL.key).count() == 2


def test_answer_without_connection_says_so_and_goes_again(complete, visitors):
    visitors.expected.add("ERR_INTERNET_DISCONNECTED")
    visitors.expected |= {"htmx:afterRequest", "htmx:sendError"}
    page, inspection = complete
    page.context.set_offline(True)
    answer(page, WALL, BAD)
    sees(page, UNSENT)
    page.get_by_role("button", name="代表本方签字").click()
    sees(page, UNSENT)
    assert kept(inspection) == ("yes", "")
    page.context.set_offline(False)
    expect(page.get_by_label(NOTE)).to_be_visible()
    expect(page.get_by_text(UNSENT).filter(visible=True)).to_have_count(0)
    assert kept(inspection) == ("no", "")


def test_signing_waits_for_an_answer_that_is_on_its_way(complete):
    page, inspection = complete
    held = Held(page)
    answer(page, WALL, BAD)
    held.wait()
    page.get_by_role("button", name="代表本方签字").click()
    expect(page).to_have_url(re.compile(str(inspection.code)))
    held.let_go()
    sees(page, "已签字，已请对方签字。")
    assert kept(inspection) == ("no", "")


def test_until_the_last_answer_is_kept_the_button_leads_to_the_first_open_item(check):
    page, _inspection = check
    left = len(list(checklist().asked({})))
    way = page.get_by_role("link", name=f"还差{left}项")
    expect(way).to_be_visible()
    expect(page.get_by_role("button", name="代表本方签字")).to_be_hidden()
    first = next(item for item in checklist().asked({}))
    answer(page, first, good_answer(first))
    way = page.get_by_role("link", name=re.compile(r"还差\d+项"))
    expect(way).not_to_have_attribute("href", f"#item-{first.key}")
    way.click()
    expect(page.locator(":target")).to_be_in_viewport()


def test_refusal_stands_beside_the_page_and_takes_nothing_from_it(check, visitors):
    visitors.expected.add("status of 400")
    page, _inspection = check
    answer(page, WALL, BAD)
    sham = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": b"no photo at all"}
    page.locator(f"#item-{WALL.key}").get_by_label("添加照片").set_input_files(sham)
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
