"""The messages of a call: one row for each way, made in the transaction that calls."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from huyuan.emergency.models import Call, Incident, Page, PushSubscription
from huyuan.emergency.policies import ChannelKind
from huyuan.notifications.models import Channel

PAGES = uuid.UUID("5f7d5b0e-6a55-4f0c-9a59-1f3d5e1c0a35")
# Longer than the longest send; a page whose engine died is sent again after this.
LEASE_SECONDS = 8
PERSONAL = (ChannelKind.SCREEN, ChannelKind.SMS, ChannelKind.VOICE)


def page_code(incident: Incident, receiver: str, channel: str, round: int) -> uuid.UUID:
    """The identity of a page: the same alarm, receiver, channel and round give the same code for ever."""
    return uuid.uuid5(PAGES, f"{incident.code}/{receiver}/{channel}/{round}")


def page_calls(
    *, calls: Iterable[Call], incident: Incident, now: datetime, round: int = 1, me: str = ""
) -> list[Page]:  # fmt: skip
    """Make the pages of these calls, due now; those that exist already stay as they are.

    An engine that names itself has them claimed from the start: it sends them as soon as they are committed.
    """
    allowed, called = incident.alarm.channels, list(calls)
    pages = [
        _page(incident, receiver, kind, now, round=round, call=call, address=address)
        for call in called
        for kind, receiver, address in _ways(call, allowed)
    ]
    if ChannelKind.PUSH in allowed:
        pages += _pushes(called, incident, now, round)
    for page in pages if me else ():
        _claim(page, me, now)
    return Page.objects.bulk_create(pages, ignore_conflicts=True)


def page_robots(*, incident: Incident, organisation_ids: Iterable[int], now: datetime) -> list[Page]:
    """Tell the groups of the organisations that are called, each group once."""
    if ChannelKind.BOT not in incident.alarm.channels:
        return []
    robots = Channel.objects.filter(organisation_id__in=organisation_ids, active=True).order_by("pk")
    pages = [
        _page(incident, f"robot {robot.pk}", ChannelKind.BOT, now, address=str(robot.pk)) for robot in robots
    ]  # fmt: skip
    return Page.objects.bulk_create(pages, ignore_conflicts=True)


def _ways(call: Call, allowed: Iterable[ChannelKind]) -> list[tuple[ChannelKind, str, str]]:
    """The ways to reach who is called, with the receiver and the address; a landline is only rung."""
    if call.user is None:
        return [(ChannelKind.VOICE, call.landline, call.landline)]
    who = str(call.user.code)
    return [(k, who, "" if k is ChannelKind.SCREEN else call.user.phone) for k in PERSONAL if k in allowed]


def _pushes(calls: Iterable[Call], incident: Incident, now: datetime, round: int) -> list[Page]:
    """Pushes to every browser of who is called; the row of the subscription is the address."""
    by_user = {call.user_id: call for call in calls if call.user_id is not None}
    found = PushSubscription.objects.filter(user_id__in=by_user).order_by("pk").values_list("pk", "user_id")
    return [
        _page(
            incident, f"browser {pk}", ChannelKind.PUSH, now, round=round, call=by_user[user_id], address=str(pk)
        )
        for pk, user_id in found
    ]  # fmt: skip


def _claim(page: Page, me: str, now: datetime) -> None:
    if page.status == Page.Status.WAITING:
        page.status, page.claimed_by, page.attempts = Page.Status.CLAIMED, me, 1
        page.lease_until = now + timedelta(seconds=LEASE_SECONDS)


def _page(
    incident: Incident, receiver: str, channel: ChannelKind, now: datetime, *, round: int = 1, address: str,
    call: Call | None = None,
) -> Page:  # fmt: skip
    # Screens read the incident's rows: what is committed has been taken by them.
    taken = channel is ChannelKind.SCREEN
    return Page(
        code=page_code(incident, receiver, channel, round), incident=incident, call=call, sign=incident.sign,
        channel=channel.value, round=round, address=address, made_at=now, next_at=now,
        status=Page.Status.ACCEPTED if taken else Page.Status.WAITING, accepted_at=now if taken else None,
        finished_at=now if taken else None,
    )  # fmt: skip
