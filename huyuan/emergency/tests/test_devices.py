"""The register of devices, what they say, and when they fall silent."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import NOW, make_county
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.emergency.models import Incident, Press
from huyuan.emergency.signs import Sign
from huyuan.emergency.tests.devices import KEY, beats, device_of, said, test_of
from huyuan.facilities.actions import announcing, registering, silence
from huyuan.facilities.actions.strangers import note_refused
from huyuan.facilities.dc09.panel import Panel
from huyuan.facilities.models import Device, Outage, RefusedAccount, Signal, TestWindow
from huyuan.facilities.sealing import key_of
from huyuan.notifications.models import Message

SECOND = timedelta(seconds=1)


def listening(since=NOW - timedelta(hours=1), now=NOW):
    silence.listen(name="here", now=since, begins=True)
    silence.listen(name="here", now=now)
    silence.Listener.objects.update(since=since)


# The register


def test_a_device_is_registered_with_its_key_sealed(cast):
    device = device_of(cast, account="a001 ", key=KEY)
    device.refresh_from_db()
    assert device.account == "A001"
    assert key_of(device) == KEY
    assert KEY not in bytes(device.sealed_key)
    assert AuditRow.objects.filter(kind="device:register", target_code=str(device.code)).count() == 1


def test_a_sealed_key_opens_for_its_own_device_alone(cast):
    one, other = device_of(cast, key=KEY), device_of(cast, account="A002")
    other.sealed_key, other.key_id = one.sealed_key, one.key_id
    with pytest.raises(InvalidTag):
        key_of(other)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"account": "A1"}, Invalid),
        ({"account": "G001"}, Invalid),
        ({"key": b"short"}, Invalid),
        ({"by": "station"}, Denied),
        ({"by": "other_head"}, Denied),
    ],
)
def test_a_wrong_registration_is_refused(cast, more, refusal):
    with pytest.raises(refusal):
        device_of(cast, **more)
    assert not Device.objects.exists()


def test_an_account_belongs_to_one_device_until_it_is_retired(cast):
    first = device_of(cast)
    with pytest.raises(Invalid):
        device_of(cast, school="far_school", by="bureau")
    registering.retire_device(device=first, by=cast.reach("head"), now=NOW)
    device_of(cast, school="far_school", by="bureau")
    with pytest.raises(Conflict):
        registering.retire_device(device=first, by=cast.reach("head"), now=NOW)


def test_a_device_gets_another_key_or_none(cast):
    device = device_of(cast, key=KEY)
    registering.set_key(device=device, key=bytes(32), by=cast.reach("head"), now=NOW)
    device.refresh_from_db()
    assert key_of(device) == bytes(32)
    registering.set_key(device=device, key=None, by=cast.reach("head"), now=NOW)
    device.refresh_from_db()
    assert key_of(device) is None
    with pytest.raises(Denied):
        registering.set_key(device=device, key=None, by=cast.reach("station"), now=NOW)


# What devices say


def test_a_panic_signal_opens_an_incident_of_the_gravest_class(cast):
    device = device_of(cast)
    press = said(device, Panel("A001").say("NPA01", now=NOW))
    assert (press.source, press.sign, press.device, press.place) == (Press.Source.PANEL, Sign.REAL, device, "门卫室")
    assert press.incident.alarm_class == "attack"
    assert device.signals.get().kind == Signal.Kind.ALARM
    assert AuditRow.objects.filter(kind="alarm:press", target_code=str(press.code)).count() == 1


@pytest.mark.parametrize(
    ("data", "label", "kind"),
    [
        ("NRP00", "SIA-DCS", "test"), ("NAT00", "SIA-DCS", "trouble"), ("NPR01", "SIA-DCS", "restore"),
        ("NBA01", "SIA-DCS", "other"), ("3120 01 015", "ADM-CID", "restore"),
    ],
)  # fmt: skip
def test_what_is_no_alarm_is_recorded_and_calls_nobody(cast, data, label, kind):
    device = device_of(cast)
    assert said(device, Panel("A001").say(data, now=NOW, label=label)) is None
    assert device.signals.get().kind == kind
    assert not Incident.objects.exists()


def test_a_message_said_again_is_one_alarm(cast):
    device, raw = device_of(cast), Panel("A001").say("NPA01", now=NOW)
    said(device, raw)
    again = Panel("A001").say("NPA01", now=NOW + 30 * SECOND)
    assert said(device, again, NOW + 31 * SECOND) is None
    assert said(device, raw, NOW + timedelta(days=3)) is None
    assert (Signal.objects.count(), Press.objects.count()) == (1, 1)


def test_the_same_words_under_another_number_or_much_later_are_another_press(cast):
    device, panel = device_of(cast), Panel("A001")
    said(device, panel.say("NPA01", now=NOW))
    said(device, panel.say("NPA01", now=NOW))
    later = NOW + timedelta(hours=1)
    said(device, Panel("A001").say("NPA01", now=later), later)
    assert (Press.objects.count(), Incident.objects.count()) == (3, 2)


def test_a_sign_of_life_costs_one_statement(cast):
    device = device_of(cast)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        beats(device)
    assert len(queries) == 1
    device.refresh_from_db()
    assert device.last_seen_at == NOW


# Announced tests


def test_an_announced_test_tells_command_centre_and_station_and_sends_nobody(cast):
    device, window = device_of(cast), test_of(cast)
    told = set(Message.objects.filter(kind="test:announce").values_list("recipient__name", flat=True))
    assert {cast.commander.name, cast.station.name, cast.head.name} <= told
    pressed_at = NOW + timedelta(minutes=5)
    press = said(device, Panel("A001").say("NPA01", now=pressed_at), pressed_at)
    assert (press.sign, press.window, press.incident) == (Sign.TEST, window, None)
    assert device.signals.get().window == window


def test_before_and_after_the_test_a_press_is_real(cast):
    device, panel = device_of(cast), Panel("A001")
    test_of(cast)
    for moment in (NOW, NOW + timedelta(minutes=32)):
        assert said(device, panel.say("NPA01", now=moment), moment).sign == Sign.REAL


def test_a_test_called_off_suppresses_nothing(cast):
    device, window = device_of(cast), test_of(cast)
    announcing.withdraw_test(window=window, by=cast.reach("head"), now=NOW)
    moment = NOW + timedelta(minutes=5)
    assert said(device, Panel("A001").say("NPA01", now=moment), moment).sign == Sign.REAL
    assert Message.objects.filter(kind="test:withdraw", recipient=cast.station).exists()
    with pytest.raises(Conflict):
        announcing.withdraw_test(window=window, by=cast.reach("head"), now=NOW)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"starts": -1}, Invalid), ({"minutes": 121}, Invalid), ({"minutes": 0}, Invalid), ({"by": "guard"}, Denied),
        ({"by": "other_head"}, Denied),
    ],
)  # fmt: skip
def test_a_test_not_announced_beforehand_or_too_long_is_refused(cast, more, refusal):
    device_of(cast)
    with pytest.raises(refusal):
        test_of(cast, **more)
    assert not TestWindow.objects.exists()


def test_a_school_without_devices_tests_nothing_and_no_two_tests_overlap(cast):
    with pytest.raises(Invalid):
        test_of(cast)
    device_of(cast)
    test_of(cast)
    with pytest.raises(Conflict):
        test_of(cast, starts=120)


# Silence


def test_a_device_past_its_interval_is_an_outage_until_it_is_heard_again(cast):
    device = device_of(cast, interval=30)
    beats(device)
    late = NOW + 37 * SECOND
    listening(now=late)
    assert silence.notice_silence(now=NOW + 35 * SECOND) == []
    assert silence.notice_silence(now=late) == [device]
    assert silence.notice_silence(now=late) == []
    outage = Outage.objects.get()
    assert (outage.since, outage.noticed_at, outage.ended_at) == (NOW, late, None)
    told = set(Message.objects.filter(kind="device:silent").values_list("recipient", flat=True))
    assert {cast.head.pk, cast.safety.pk, cast.bureau.pk} <= told
    assert AuditRow.objects.filter(kind="device:silent", target_code=str(device.code)).count() == 1
    beats(device, NOW + 50 * SECOND)
    silence.notice_silence(now=NOW + 51 * SECOND)
    outage.refresh_from_db()
    assert outage.ended_at == NOW + 50 * SECOND


def test_a_device_never_heard_or_retired_is_not_silent(cast):
    device_of(cast, interval=30)
    gone = device_of(cast, account="A002", interval=30)
    beats(gone)
    registering.retire_device(device=gone, by=cast.reach("head"), now=NOW)
    later = NOW + timedelta(days=2)
    listening(now=later)
    assert silence.notice_silence(now=later) == []


def test_a_school_s_holiday_silences_nothing_away(cast):
    device = device_of(cast, interval=30)
    sunday = NOW + timedelta(days=5)
    beats(device, sunday)
    listening(now=sunday + 40 * SECOND)
    assert silence.notice_silence(now=sunday + 40 * SECOND) == [device]


def test_what_is_missed_while_no_receiver_listens_is_nobody_s_silence(cast):
    device = device_of(cast, interval=30)
    beats(device)
    moment = NOW + 60 * SECOND
    assert silence.notice_silence(now=moment) == []
    silence.listen(name="here", now=moment, begins=True)
    assert silence.notice_silence(now=moment + SECOND) == []
    silence.listen(name="here", now=moment + 37 * SECOND)
    assert silence.notice_silence(now=moment + 37 * SECOND) == []
    silence.Listener.objects.update(since=moment)
    assert silence.notice_silence(now=moment + 37 * SECOND) == [device]


def test_many_devices_silent_at_once_are_one_statement_and_one_message_to_the_bureau(cast):
    for number in range(20):
        beats(device_of(cast, account=f"B{number:03d}", interval=30, by="bureau"))
    late = NOW + 40 * SECOND
    listening(now=late)
    assert len(silence.notice_silence(now=late)) == 20
    assert Message.objects.get(recipient=cast.bureau).facts["count"] == 20


# What is not taken


def test_refused_accounts_are_counted_and_seen_by_county_wide_keepers(cast):
    device_of(cast)
    note_refused(counted={("FFFF", "account"): 3, ("A001", "key"): 1}, now=NOW)
    note_refused(counted={("FFFF", "account"): 2}, now=NOW + SECOND)
    row = RefusedAccount.objects.get(account="FFFF")
    assert (row.count, row.first_at, row.last_at) == (5, NOW, NOW + SECOND)
    seen = {part: RefusedAccount.objects.visible_to(cast.reach(part)).count() for part in ("bureau", "head", "station")}
    assert seen == {"bureau": 2, "head": 1, "station": 0}
    other = make_county("别县", "360902", "1")
    assert RefusedAccount.objects.visible_to(other.reach("bureau")).count() == 1


def test_whoever_tries_every_account_fills_no_table(cast, monkeypatch):
    monkeypatch.setattr("huyuan.facilities.actions.strangers.MOST_ROWS", 3)
    note_refused(counted={(f"F{number:03d}", "account"): 1 for number in range(10)}, now=NOW)
    assert RefusedAccount.objects.count() == 4
    assert RefusedAccount.objects.get(account="*").count == 7
