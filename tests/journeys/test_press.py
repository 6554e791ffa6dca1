"""An alarm raised on a phone: one second, three lights, and nothing lost when the network is away."""

import re

import pytest
from playwright.sync_api import Page, expect

from factories import LANDLINES, Cast, make_county
from huyuan.emergency import policies
from huyuan.emergency.actions import calling, responding
from huyuan.emergency.models import Incident, Press
from tests.browser import Visitors
from tests.journeys.walking import heading, sees, sign_in

PRESS = "/emergency/press/"
HINT = "请按住满一秒。"
NUMBERS = "还没有存下，请立即打电话："
AWAY = re.compile(r"/alarm/press")
REFUSED = "ERR_FAILED"

pytestmark = pytest.mark.browser


@pytest.fixture
def county(visitors: Visitors) -> Cast:
    """A county whose phones can press."""
    return make_county()


def opened(visitors: Visitors, user, address: str = PRESS, **options) -> Page:
    page = visitors.phone(**options)
    sign_in(page, user.phone)
    page.goto(address)
    expect(page.locator("#press[data-ready]")).to_be_visible()
    return page


@pytest.fixture
def phone(visitors: Visitors, county: Cast) -> Page:
    """The guard's phone, at the page for raising alarms."""
    return opened(visitors, county.guard)


def tile(page: Page, title: str):
    return page.get_by_role("button", name=title)


def hold(page: Page, title: str) -> None:
    """Hold a tile until the page says that it was long enough."""
    tile(page, title).hover()
    page.mouse.down()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.mouse.up()


def light(page: Page, words: str):
    return page.get_by_role("listitem").filter(has_text=words)


def stored(page: Page) -> None:
    expect(light(page, "平台已存下")).to_have_attribute("data-on", "")


def away(page: Page) -> None:
    """Nothing reaches the address of presses any more."""
    page.route(AWAY, lambda route: route.abort())


def back(page: Page) -> None:
    page.unroute(AWAY)


def test_a_second_on_a_tile_raises_the_alarm_and_the_three_lights_are_three_things(phone, county):
    hold(phone, "门口求助")
    stored(phone)
    press = Press.objects.get()
    assert (press.alarm_class, press.sign, press.source, press.pressed_by) == ("gate", "real", "phone", county.guard)
    for words in ("接警方已收到", "有人已应答"):
        expect(light(phone, words)).to_contain_text("等待中")
    calling.call_tiers(incident=press.incident, now=press.received_at)
    Incident.objects.update(line_accepted_at=press.received_at)
    expect(light(phone, "接警方已收到")).to_have_attribute("data-on", "")
    expect(light(phone, "有人已应答")).not_to_have_attribute("data-on", "")
    call = press.incident.calls.get(user=county.safety)
    responding.mark_seen(call=call, by=county.reach("safety"), now=press.received_at)
    expect(light(phone, "有人已应答")).to_have_attribute("data-on", "")


def test_too_short_a_hold_raises_nothing_and_says_so(phone):
    tile(phone, "暴力袭击").hover()
    phone.mouse.down()
    phone.mouse.up()
    sees(phone, HINT)
    expect(tile(phone, "暴力袭击")).to_be_visible()
    assert not Press.objects.exists()


def test_the_number_of_the_police_stands_there_from_the_first_moment(phone):
    dial = phone.get_by_role("link", name="拨打110")
    expect(dial).to_be_in_viewport()
    expect(dial).to_have_attribute("href", "tel:110")
    sees(phone, "有危险先打电话。一键报警器直连110的线路照常有效，本页是第二条通道。")


def test_without_the_server_the_numbers_fill_the_screen_and_the_alarm_arrives_once(phone, visitors):
    visitors.expected.add(REFUSED)
    away(phone)
    hold(phone, "火灾")
    expect(phone.get_by_role("heading", name=NUMBERS)).to_be_in_viewport()
    expect(phone.get_by_role("link", name=LANDLINES["station"])).to_be_in_viewport()
    expect(phone.get_by_role("link", name=LANDLINES["command"])).to_be_in_viewport()
    assert not Press.objects.exists()
    back(phone)
    stored(phone)
    expect(phone.get_by_role("heading", name=NUMBERS)).to_be_hidden()
    assert Press.objects.count() == 1


def test_an_alarm_on_its_way_outlives_the_page(phone, visitors):
    visitors.expected.add(REFUSED)
    away(phone)
    hold(phone, "火灾")
    phone.reload()
    expect(phone.get_by_role("heading", name="火灾")).to_be_visible()
    back(phone)
    stored(phone)
    assert Press.objects.count() == 1
    phone.reload()
    stored(phone)
    phone.get_by_role("button", name="返回报警页").click()
    expect(tile(phone, "火灾")).to_be_visible()
    assert Press.objects.count() == 1


def test_what_is_only_held_is_not_shown_as_stored(phone):
    held = {"state": "held", "identity": "", "sentence": "服务器已暂存"}
    phone.route(AWAY, lambda route: route.fulfill(status=202, json=held))
    hold(phone, "火灾")
    sees(phone, "暂存在服务器磁盘上，还没有正式存下，不能只靠它：请打电话。")
    expect(phone.get_by_role("heading", name=NUMBERS)).to_be_visible()
    expect(light(phone, "平台已存下")).not_to_have_attribute("data-on", "")


def numbers_shown(page: Page) -> None:
    expect(page.get_by_role("heading", name=NUMBERS)).to_be_visible()


def test_an_answer_that_comes_late_still_counts_and_the_same_press_was_sent_again(phone):
    sent = []
    phone.route(AWAY, lambda route: sent.append(route))
    hold(phone, "火灾")
    numbers_shown(phone)
    # The numbers stand there after five seconds; by then the first four have passed and the press was sent once more.
    first, again = sent[:2]
    assert (first.request.post_data, first.request.method) == (again.request.post_data, again.request.method)
    again.continue_()
    stored(phone)
    first.fulfill(response=first.fetch())
    expect(phone.get_by_role("heading", name=NUMBERS)).to_be_hidden()
    assert Press.objects.count() == 1


def test_the_late_answer_alone_is_enough(phone):
    sent = []
    phone.route(AWAY, lambda route: sent.append(route))
    hold(phone, "火灾")
    numbers_shown(phone)
    sent[0].fulfill(response=sent[0].fetch())
    stored(phone)
    expect(phone.get_by_role("heading", name=NUMBERS)).to_be_hidden()
    assert Press.objects.count() == 1


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that leaves a slow machine the time to withdraw."""
    slow = [policy.model_copy(update={"cancel_seconds": 60}) for policy in policies.all_policies()]
    monkeypatch.setattr(policies, "all_policies", lambda: slow)


def test_withdrawing_asks_for_a_reason_and_ends_what_is_not_of_the_gravest(patient, phone):
    hold(phone, "门口求助")
    stored(phone)
    phone.get_by_role("button", name="撤回", exact=True).click()
    expect(phone.get_by_label("其他理由")).to_be_focused()
    phone.get_by_role("button", name="误按").click()
    expect(phone.get_by_role("group", name="撤回报警")).to_be_hidden()
    expect(phone.get_by_role("status")).to_contain_text("您已撤回")
    assert Press.objects.get().cancel_reason == "误按"
    assert Incident.objects.get().outcome == Incident.Outcome.WITHDRAWN


def test_a_question_under_way_is_not_taken_for_the_answer_to_the_withdrawal(patient, phone):
    hold(phone, "门口求助")
    stored(phone)
    asked = []
    phone.route(AWAY, lambda route: route.continue_() if asked else asked.append(route))
    phone.wait_for_event("request", lambda request: request.method == "GET" and "/alarm/press/" in request.url)
    phone.get_by_role("button", name="误按").click()
    asked[0].continue_()
    expect(phone.get_by_role("status")).to_contain_text("您已撤回")
    assert Press.objects.get().cancel_reason == "误按"


def test_the_gravest_class_goes_on_when_it_is_withdrawn_and_says_so(patient, phone):
    hold(phone, "暴力袭击")
    stored(phone)
    sees(phone, "这一类报警撤回后救援仍会继续赶来，并会看到您的理由。")
    phone.get_by_label("其他理由").fill("演练时按错了页面")
    phone.get_by_label("其他理由").press("Enter")
    expect(phone.get_by_role("group", name="撤回报警")).to_be_hidden()
    expect(phone.get_by_role("status")).to_contain_text("撤回")
    assert Press.objects.get().cancel_reason == "演练时按错了页面"
    assert Incident.objects.get().status == Incident.Status.OPEN


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_held_for_a_second_raises_the_alarm(phone, key):
    tile(phone, "火灾").focus()
    phone.keyboard.down(key)
    expect(phone.get_by_role("heading", name="火灾")).to_be_visible()
    phone.keyboard.up(key)
    stored(phone)
    assert Press.objects.count() == 1


def test_a_key_pressed_once_only_asks_to_press_again(phone):
    tile(phone, "火灾").focus()
    phone.keyboard.press("Enter")
    sees(phone, "再按一次即发出报警。")
    assert not Press.objects.exists()
    phone.keyboard.press("Enter")
    stored(phone)
    assert Press.objects.count() == 1


def test_a_screen_reader_gets_a_question_instead_of_a_second(phone):
    tile(phone, "火灾").evaluate("(button) => button.click()")
    asked = phone.get_by_role("dialog", name="火灾 · 青溪镇中心小学")
    asked.get_by_role("button", name="返回").click()
    assert not Press.objects.exists()
    tile(phone, "火灾").evaluate("(button) => button.click()")
    asked.get_by_role("button", name="确认报警").click()
    stored(phone)


def test_with_several_schools_one_is_chosen_first(visitors, county):
    page = opened(visitors, county.station)
    tile(page, "火灾").hover()
    page.mouse.down()
    sees(page, "请先选择学校。")
    page.mouse.up()
    page.get_by_label("学校").select_option(label="青溪下屋教学点")
    hold(page, "火灾")
    stored(page)
    assert Press.objects.get().school == county.schools["point"]


def test_an_exercise_has_another_page_and_another_sign(visitors, county):
    page = opened(visitors, county.safety)
    page.get_by_text("演练或测试").click()
    page.get_by_role("link", name="演练页面").click()
    heading(page, "演练")
    sees(page, "真的出事请拨打110。本页不会发出真实报警。")
    expect(page.locator(".hy-rehearsal")).to_be_visible()
    expect(page.locator("#press[data-ready]")).to_be_visible()
    hold(page, "暴力袭击")
    stored(page)
    assert Press.objects.get().sign == "exercise"
    page.goto(PRESS)
    expect(tile(page, "暴力袭击")).to_be_visible()


def test_the_page_opens_without_network_and_the_alarm_arrives_when_it_is_back(visitors, county):
    visitors.expected.add("ERR_INTERNET_DISCONNECTED")
    page = opened(visitors, county.guard, service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.goto(PRESS)
    expect(page.locator("#press[data-ready]")).to_be_visible()
    expect(page.get_by_label("学校")).to_contain_text("青溪镇中心小学")
    hold(page, "火灾")
    expect(page.get_by_role("link", name=LANDLINES["station"])).to_be_visible()
    page.context.set_offline(False)
    stored(page)
    assert Press.objects.count() == 1


def test_a_phone_that_is_signed_out_without_its_doing_still_presses(visitors, county):
    page = opened(visitors, county.guard, service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready")
    expect(page.locator("#press[data-registered]")).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    page.goto(PRESS)
    expect(page.locator("#press[data-ready]")).to_be_visible()
    hold(page, "火灾")
    stored(page)
    assert Press.objects.get().pressed_by == county.guard
