"""Hearing a device: its signs of life, and what it says once, however often it says it."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from huyuan.audit import actions as audit
from huyuan.common.reach import system_reach
from huyuan.facilities.actions.standing import devices_changed
from huyuan.facilities.dc09.answers import RETRANSMITTED, Message
from huyuan.facilities.dc09.events import TROUBLES, Event, Kind
from huyuan.facilities.models import Device, Signal, TestWindow

# Hexadecimal digits of what a frame says; those of when it says it follow.
SAID = 32


def hear_beat(*, device: Device, now: datetime) -> None:
    """Note a sign of life: one statement, whatever the device."""
    Device.objects.filter(pk=device.pk).update(last_seen_at=Greatest(F("last_seen_at"), now))


@transaction.atomic
def hear(*, device: Device, message: Message, now: datetime) -> tuple[Signal, bool]:
    """Record what a device says, and whether it says it for the first time.

    A panel without an answer says the same again under the same number; and whoever has written a frame down can send
    it later. Both are the frame that is known: within minutes by what it says, later by the time it carries.
    """
    device = Device.objects.select_for_update(of=("self",), no_key=True).select_related("county").get(pk=device.pk)
    hear_beat(device=device, now=now)
    frame, event = identity(message, now), message.event
    same = device.signals.filter(frame__startswith=frame[:SAID])
    known = same.filter(Q(frame=frame) | Q(received_at__gt=now - RETRANSMITTED)).order_by("-pk").first()
    if known is not None:
        return known, False
    window = TestWindow.objects.at(now).filter(school_id=device.school_id).order_by("pk").first()
    signal = Signal.objects.create(
        device=device, kind=kind_of(event), event=event.code, zone=event.zone, sequence=message.frame.sequence,
        frame=frame, said_at=message.frame.stamp, received_at=now, window=window,
    )  # fmt: skip
    if signal.kind == Signal.Kind.TEST or window is not None:
        devices_changed(device, now)
    audit.record(
        "device:signal", target=device, by=system_reach(device.county_id), now=now, signal=signal.kind, event=event.code
    )
    return signal, True


def identity(message: Message, now: datetime) -> str:
    """What a frame says and when, as digits; one that carries no time is of the moment it comes."""
    frame = message.frame
    said = (frame.label, frame.sequence, frame.receiver, frame.line, frame.data, *frame.extended)
    digests = [hashlib.sha256(repr(part).encode()).hexdigest() for part in (said, frame.stamp or now)]
    return digests[0][:SAID] + digests[1][:SAID]


def kind_of(event: Event) -> Signal.Kind:
    """How a signal of this event is kept."""
    if event.restored:
        return Signal.Kind.RESTORE
    if event.alarms:
        return Signal.Kind.ALARM
    if event.kind is Kind.TEST:
        return Signal.Kind.TEST
    return Signal.Kind.TROUBLE if event.kind in TROUBLES else Signal.Kind.OTHER
