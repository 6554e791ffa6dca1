"""Devices by the front door: the pages, Today and the duty that fills itself."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories import NOW, pressed
from huyuan.emergency.tests.devices import KEY, beats, device_of, devices_in_every_state, said, test_of
from huyuan.emergency.worklists import schools_alarming_often
from huyuan.facilities import worklists
from huyuan.facilities.actions import registering, strangers
from huyuan.facilities.dc09.panel import Panel
from huyuan.facilities.measures import buttons_tested, proof_of_tests
from huyuan.facilities.models import Device, TestWindow
from huyuan.facilities.sealing import key_of
from huyuan.policy.measuring import Parameters, Scope

QUARTER = (date(2026, 7, 1), date(2026, 9, 30))


def signed_in(user) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def test_a_safety_officer_registers_a_panel_with_its_key(cast, clock):
    client = signed_in(cast.safety)
    sent = {
        "school": str(cast.organisations["school"].code), "kind": "panel", "place": "门卫室", "account": "a001",
        "interval": 60, "key": KEY.hex(), "written": "digits",
    }  # fmt: skip
    answer = client.post(reverse("facilities:register"), sent)
    device = Device.objects.get()
    assert answer.url == device.get_absolute_url()
    assert key_of(device) == KEY
    page = client.get(answer.url).content.decode()
    assert "尚未接入" in page
    assert KEY.hex() not in page


def test_a_key_of_another_length_is_sent_back_with_a_sentence(cast, clock):
    device = device_of(cast)
    client, url = signed_in(cast.safety), reverse("facilities:set_key", args=[device.code])
    assert "16、24或32字节" in client.post(url, {"key": "abc", "written": "digits"}).content.decode()
    assert client.post(url, {"key": "0123456789ABCDEF", "written": "characters"}).status_code == 302
    device.refresh_from_db()
    assert key_of(device) == b"0123456789ABCDEF"


def test_a_head_announces_a_test_and_ends_it(cast, clock):
    device_of(cast)
    client = signed_in(cast.head)
    sent = {
        "school": str(cast.organisations["school"].code), "day": "2026-09-15", "starts": "10:00", "ends": "11:00",
        "reason": "季度测试",
    }  # fmt: skip
    answer = client.post(reverse("facilities:announce"), sent)
    window = TestWindow.objects.get()
    assert timezone.localtime(window.starts_at).hour == 10
    assert answer.url == window.get_absolute_url()
    client.post(reverse("facilities:withdraw", args=[window.code]))
    assert "已取消" in client.get(answer.url).content.decode()


def test_the_ledger_and_every_device_s_page_are_shown(cast, clock):
    devices, windows = devices_in_every_state(cast)
    client = signed_in(cast.station)
    page = client.get(reverse("facilities:devices")).content.decode()
    assert all(word in page for word in ("失联", "尚未接入", "在线", "已停用"))
    for one in (*devices, *windows):
        assert client.get(one.get_absolute_url()).status_code == 200
    for state in ("silent", "never", "reports", "retired"):
        shown = client.get(reverse("facilities:devices"), {"state": state}).content.decode()
        assert sum(device.get_absolute_url() in shown for device in devices) == 1


def test_the_devices_ledger_takes_few_queries(cast, clock, django_assert_max_num_queries):
    devices_in_every_state(cast)
    client = signed_in(cast.bureau)
    client.get(reverse("facilities:devices"))
    with django_assert_max_num_queries(12):
        client.get(reverse("facilities:devices"))


def test_a_retired_device_leaves_the_page_of_acts(cast, clock):
    device = device_of(cast)
    client = signed_in(cast.head)
    assert client.post(reverse("facilities:retire", args=[device.code])).status_code == 302
    assert "更换密钥" not in client.get(device.get_absolute_url()).content.decode()


# Today


TODAY = NOW.date()


def titles(source, cast, part, today=TODAY):
    return [task.title for task in source(cast.reach(part), today, 20)]


def test_a_silent_device_stands_on_today_of_school_and_bureau(cast, clock):
    devices_in_every_state(cast)
    for part in ("safety", "bureau"):
        assert titles(worklists.devices_silent, cast, part) == ["报警设备失联：宿舍楼值班室"]
    for part in ("guard", "other_head"):
        assert titles(worklists.devices_silent, cast, part) == []


def test_the_quarterly_test_is_due_in_the_quarter_s_last_month_until_it_is_done(cast, clock):
    device = device_of(cast)
    assert titles(worklists.buttons_to_test, cast, "safety", date(2026, 8, 20)) == []
    assert len(titles(worklists.buttons_to_test, cast, "safety")) == 1
    said(device, Panel("A001").say("NRX00", now=NOW))
    assert titles(worklists.buttons_to_test, cast, "safety") == []


def test_an_account_that_is_not_taken_stands_on_today_for_a_day(cast, clock):
    strangers.note_refused(counted={("FFFF", "account"): 1}, now=NOW)
    assert len(titles(worklists.accounts_refused, cast, "bureau")) == 1
    assert titles(worklists.accounts_refused, cast, "station") == []
    clock.set(NOW + timedelta(days=2))
    assert titles(worklists.accounts_refused, cast, "bureau") == []


def test_many_alarms_of_a_low_class_raise_a_review_at_school_and_station(cast, clock):
    for day in range(4):
        pressed(cast, alarm_class="gate", now=NOW - timedelta(days=day))
    pressed(cast, alarm_class="attack")
    assert titles(schools_alarming_often, cast, "head") == []
    pressed(cast, alarm_class="gate", now=NOW - timedelta(days=9))
    for part in ("head", "station"):
        assert titles(schools_alarming_often, cast, part) == ["30天内有5次低级别报警"]
    assert titles(schools_alarming_often, cast, "other_station") == []


# The quarterly test as a measure


def figures(cast):
    rows = buttons_tested(Scope(cast.county.pk, *QUARTER, "school"), Parameters())
    return {row["bearer"]: (row["value"], row["wanted"]) for row in rows}


def test_every_device_of_a_school_is_wanted_and_a_press_in_a_test_or_by_hand_counts(cast):
    school = cast.schools["school"].pk
    panels = [Panel(account) for account in ("A001", "A002", "A003")]
    first, second, third = (device_of(cast, account=panel.account) for panel in panels)
    assert figures(cast) == {school: (0, 3)}
    test_of(cast)
    inside = NOW + timedelta(minutes=5)
    said(first, panels[0].say("NPA01", now=inside), inside)
    said(second, panels[1].say("NRX01", now=NOW), NOW)
    said(third, panels[2].say("NRP00", now=NOW), NOW)
    beats(third)
    assert figures(cast) == {school: (2, 3)}
    registering.retire_device(device=third, by=cast.reach("head"), now=inside)
    assert figures(cast) == {school: (2, 2)}
    proof = proof_of_tests(cast.reach("head"), school, Scope(cast.county.pk, *QUARTER, "school"), Parameters())
    assert [evidence.url for evidence in proof] == [first.get_absolute_url(), second.get_absolute_url()]
    assert proof_of_tests(cast.reach("teacher"), school, Scope(cast.county.pk, *QUARTER, "school"), Parameters()) == []


def test_a_real_press_outside_a_test_proves_no_test(cast):
    device = device_of(cast)
    said(device, Panel("A001").say("NPA01", now=NOW))
    assert figures(cast) == {cast.schools["school"].pk: (0, 1)}
