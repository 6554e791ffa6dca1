"""Somebody who is called answers on a phone: seen, on the way, there; by taps that are kept, and by position."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from factories import NOW, Cast, called_incident, make_county
from huyuan.emergency.models import Call, Incident
from huyuan.emergency.queries import place_of
from tests.browser import Visitors
from tests.journeys.walking import heading, sees, sign_in

KEPT = "还没有发出，已保存在手机里，会自动再发："

pytestmark = pytest.mark.browser


@pytest.fixture
def county(visitors: Visitors) -> Cast:
    """A county in which something has happened."""
    return make_county()


@pytest.fixture
def incident(county: Cast) -> Incident:
    """An attack at the school; everybody is called."""
    return called_incident(county)


def at_call(visitors: Visitors, call: Call, **options) -> Page:
    """The phone of who is called, at the page of the call."""
    page = visitors.phone(**options)
    sign_in(page, call.user.phone)
    page.goto(reverse("emergency:call", args=[call.code]))
    heading(page, "暴力袭击")
    return page


def tap(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_opening_is_not_seeing_and_each_tap_is_one_step(visitors, county, incident):
    call = incident.calls.get(user=county.guard)
    page = at_call(visitors, call)
    call.refresh_from_db()
    assert call.seen_at is None
    tap(page, "我看到了")
    sees(page, "已看到")
    tap(page, "我出发了")
    sees(page, "在路上")
    tap(page, "我到了")
    expect(page.get_by_role("button", name="我来不了")).to_have_count(0)
    sees(page, "已到1人，需3人")
    call.refresh_from_db()
    assert None not in (call.seen_at, call.on_way_at, call.arrived_at)
    assert call.arrived_how == Call.Arrival.TAP


def test_taps_without_network_are_kept_and_sent_once_it_is_back(visitors, county, incident):
    visitors.expected.add("ERR_INTERNET_DISCONNECTED")
    call = incident.calls.get(user=county.guard)
    page = at_call(visitors, call)
    page.context.set_offline(True)
    tap(page, "我出发了")
    sees(page, KEPT)
    tap(page, "我到了")
    expect(page.locator("[data-which]")).to_have_text("我出发了、我到了")
    call.refresh_from_db()
    assert call.on_way_at is None
    page.context.set_offline(False)
    expect(page.get_by_text(KEPT)).to_be_hidden()
    expect(page.get_by_role("button", name="我来不了")).to_have_count(0)
    call.refresh_from_db()
    assert call.arrived_at is not None
    assert incident.log.filter(kind="arrived").count() == 1


def test_taps_outlive_the_page(visitors, county, incident):
    visitors.expected.add("ERR_FAILED")
    page = at_call(visitors, incident.calls.get(user=county.guard))
    address = re.compile(r"/on-way/$")
    page.route(address, lambda route: route.abort())
    tap(page, "我出发了")
    sees(page, KEPT)
    page.unroute(address)
    page.reload()
    expect(page.get_by_role("button", name="我出发了")).to_have_count(0)
    sees(page, "在路上")


def test_position_is_asked_only_on_the_way_and_tells_the_arrival(visitors, county, incident):
    call, school = incident.calls.get(user=county.guard), place_of(incident.school_id)
    far = {"longitude": school.lon + 0.02, "latitude": school.lat, "accuracy": 20}
    page = at_call(visitors, call, permissions=["geolocation"], geolocation=far)
    box = page.get_by_role("checkbox", name=re.compile("按位置自动记录到达"))
    expect(box).to_be_hidden()
    tap(page, "我出发了")
    box.check()
    expect(page.locator("[data-distance]")).to_have_text(re.compile(r"^1\d{3} m$|^2\d{3} m$"))
    call.refresh_from_db()
    assert call.arrived_at is None
    page.context.set_geolocation({"longitude": school.lon, "latitude": school.lat + 0.0004, "accuracy": 20})
    expect(page.get_by_role("button", name="我来不了")).to_have_count(0)
    expect(box).to_be_hidden()
    call.refresh_from_db()
    assert call.arrived_how == Call.Arrival.FENCE


def test_a_colleague_confirms_who_is_there(visitors, county, incident):
    page = at_call(visitors, incident.calls.get(user=county.guard))
    confirming = page.get_by_role("button", name=f"他到了: {county.safety}")
    expect(confirming).to_have_count(0)
    tap(page, "我到了")
    confirming.click()
    sees(page, "已到2人，需3人")
    there = incident.calls.get(user=county.safety)
    assert (there.arrived_how, there.confirmed_by) == (Call.Arrival.COLLEAGUE, county.guard)


def test_who_cannot_come_says_so_and_may_come_after_all(visitors, county, incident):
    call = incident.calls.get(user=county.guard)
    page = at_call(visitors, call)
    tap(page, "我来不了")
    sees(page, "已呼叫下一人")
    tap(page, "我出发了")
    sees(page, "在路上")
    call.refresh_from_db()
    assert call.declined_at is None


def test_the_page_learns_of_the_all_clear_by_itself(visitors, county, incident):
    page = at_call(visitors, incident.calls.get(user=county.guard))
    Incident.objects.filter(pk=incident.pk).update(status="cleared", cleared_at=NOW, outcome="handled")
    sees(page, "警报已解除")
    expect(page.get_by_role("button", name="我到了")).to_have_count(0)


def test_a_tap_after_the_all_clear_is_refused_in_words(visitors, county, incident):
    visitors.expected.add("status of 409")
    page = at_call(visitors, incident.calls.get(user=county.guard))
    page.route(re.compile(r"/calls/[^/]+/$"), lambda route: route.abort())
    visitors.expected.add("ERR_FAILED")
    Incident.objects.filter(pk=incident.pk).update(status="cleared", cleared_at=NOW, outcome="handled")
    tap(page, "我到了")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("警报已解除")


def test_who_was_not_called_is_thanked_and_not_counted(visitors, county, incident):
    page = visitors.phone()
    sign_in(page, county.teacher.phone)
    page.goto(reverse("emergency:press"))
    page.get_by_role("button", name="我到场支援").click()
    heading(page, "暴力袭击")
    sees(page, "感谢您赶来。")
    call = incident.calls.get(user=county.teacher)
    assert (call.part, call.counts) == (Call.Part.UNCALLED, False)
    sees(page, "已到0人，需3人")
