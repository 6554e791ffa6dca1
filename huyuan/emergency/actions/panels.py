"""What a panel says becomes a signal, and an alarm a press: both or neither."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from huyuan.common.reach import system_reach
from huyuan.emergency.actions.intake import NewPress, take_press
from huyuan.emergency.models import Press
from huyuan.emergency.policies import policy_of
from huyuan.emergency.signs import Sign
from huyuan.facilities.actions.hearing import hear, hear_beat
from huyuan.facilities.dc09.answers import Message
from huyuan.facilities.dc09.events import Kind
from huyuan.facilities.models import Device, Signal


def take_message(*, device: Device, message: Message, now: datetime) -> Press | None:
    """Take what a panel says; when this returns it is committed, and only then may the panel be answered."""
    if message.event.kind is Kind.HEARTBEAT:
        hear_beat(device=device, now=now)
        return None
    with transaction.atomic():
        signal, first = hear(device=device, message=message, now=now)
        return press_of(signal, message, now) if first and message.event.alarms else None


def press_of(signal: Signal, message: Message, now: datetime) -> Press:
    """The press that an alarm signal is; within an announced test it is kept and nobody is called."""
    device = signal.device
    policy = policy_of(device.county.adcode, timezone.localdate(now))
    press = NewPress(
        code=uuid.uuid5(device.code, signal.frame), school_id=device.school_id,
        alarm_class=policy.class_of_event(message.event.kind).key, sign=Sign.TEST if signal.window_id else Sign.REAL,
        source=Press.Source.PANEL, device_id=device.pk, claimed_at=signal.said_at, place=device.place,
        window_id=signal.window_id,
    )  # fmt: skip
    return take_press(press=press, by=system_reach(device.county_id), now=now)
