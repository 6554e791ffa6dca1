"""Devices of the cast and what they say."""

from datetime import datetime, timedelta
from typing import Any

from factories import NOW, Cast
from huyuan.emergency.actions.panels import take_message
from huyuan.facilities.actions import silence
from huyuan.facilities.actions.announcing import announce_test, withdraw_test
from huyuan.facilities.actions.registering import register_device, retire_device
from huyuan.facilities.actions.strangers import note_refused
from huyuan.facilities.dc09.answers import take
from huyuan.facilities.dc09.frames import read_envelope
from huyuan.facilities.dc09.panel import Panel
from huyuan.facilities.models import Device, TestWindow

KEY = bytes(range(16))


def device_of(cast: Cast, account: str = "A001", by: str = "safety", **more: Any) -> Device:
    """A registered panel of the school of the cast."""
    given = {"kind": Device.Kind.PANEL, "place": "门卫室", "interval": 90, "key": None, "now": NOW} | more
    school = cast.schools[given.pop("school", "school")]
    return register_device(school=school, account=account, by=cast.reach(by), **given)


def said(device: Device, raw: bytes, now: datetime = NOW, key: bytes | None = None) -> Any:
    """Let the receiver's action take a frame of a device."""
    return take_message(device=device, message=take(read_envelope(raw.strip(b"\r\n")), key=key, now=now), now=now)


def beats(device: Device, now: datetime = NOW) -> None:
    """Let a device give a sign of life."""
    said(device, Panel(device.account).beat(now=now), now)


def test_of(cast: Cast, starts: float = 60, minutes: float = 30, by: str = "safety", now: datetime = NOW) -> TestWindow:
    """A test of the school's buttons, announced to begin in so many seconds."""
    starts_at = now + timedelta(seconds=starts)
    return announce_test(
        school=cast.schools["school"], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes),
        reason="季度测试", by=cast.reach(by), now=now,
    )  # fmt: skip


test_of.__test__ = False  # type: ignore[attr-defined]  # its name is not that of a test


def devices_in_every_state(cast: Cast) -> tuple[list[Device], list[TestWindow]]:
    """Never heard, reporting, silent, out of use; tests that are over, called off, running and to come."""
    before = NOW - timedelta(days=2)
    given = [("A001", "门卫值班室"), ("A002", "宿舍楼值班室"), ("A003", "安防监控室"), ("A004", "老门卫室")]
    never, silent, gone, living = (
        device_of(cast, account=account, place=place, now=before, key=KEY if account == "A001" else None)
        for account, place in given
    )
    retire_device(device=gone, by=cast.reach("safety"), now=before)
    over, off = test_of(cast, now=before), test_of(cast, starts=7200, now=before)
    withdraw_test(window=off, by=cast.reach("safety"), now=before)
    panel = Panel(living.account)
    for minutes, data in enumerate(("NPA01", "NPR01", "NAT00", "NBA03", "NRX00"), 5):
        said(living, panel.say(data, now=before), before + timedelta(minutes=minutes))
    beats(silent, before)
    silence.listen(name="here", now=before, begins=True)
    silence.listen(name="here", now=NOW)
    silence.Listener.objects.update(since=before)
    silence.notice_silence(now=NOW - timedelta(minutes=3))
    beats(living)
    silence.notice_silence(now=NOW)
    note_refused(counted={("FFFF", "account"): 12, ("A002", "clock"): 1}, now=NOW)
    running, coming = test_of(cast, starts=0), test_of(cast, starts=86_400)
    return [never, silent, gone, living], [over, off, running, coming]
