"""The messages of a call: one row for each way, made in the transaction that calls."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from huyuan.emergency.models import Call, Incident, Page
from huyuan.emergency.policies import ChannelKind

PAGES = uuid.UUID("5f7d5b0e-6a55-4f0c-9a59-1f3d5e1c0a35")
LINE_CHANNELS = (ChannelKind.VOICE,)


def page_code(incident: Incident, receiver: str, channel: str, round: int) -> uuid.UUID:
    """The identity of a page: the same alarm, receiver, channel and round give the same code for ever."""
    return uuid.uuid5(PAGES, f"{incident.code}/{receiver}/{channel}/{round}")


def channels_of(call: Call, allowed: Iterable[ChannelKind]) -> list[tuple[ChannelKind, str]]:
    """The ways to reach who is called, with their addresses; a landline is only rung."""
    if call.user is None:
        return [(ChannelKind.VOICE, call.landline)]
    addresses = {ChannelKind.SCREEN: "", ChannelKind.SMS: call.user.phone, ChannelKind.VOICE: call.user.phone}
    return [(kind, addresses[kind]) for kind in allowed if kind in addresses]


def page_calls(*, calls: Iterable[Call], incident: Incident, now: datetime, round: int = 1) -> list[Page]:
    """Make the pages of these calls, due now; those that exist already stay as they are."""
    allowed = incident.alarm.channels
    pages = [
        Page(
            code=page_code(incident, str(call.user.code if call.user else call.landline), kind, round), incident=incident,
            call=call, sign=incident.sign, channel=kind, round=round, address=address, made_at=now, next_at=now,
        )
        for call in calls
        for kind, address in channels_of(call, allowed)
    ]  # fmt: skip
    return Page.objects.bulk_create(pages, ignore_conflicts=True)
