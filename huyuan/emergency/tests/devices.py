"""Devices of the cast and what they say."""

from datetime import datetime
from typing import Any

from factories import NOW, Cast
from huyuan.emergency.actions.panels import take_message
from huyuan.facilities.actions.registering import register_device
from huyuan.facilities.dc09.answers import take
from huyuan.facilities.dc09.frames import read_envelope
from huyuan.facilities.dc09.panel import Panel
from huyuan.facilities.models import Device

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
