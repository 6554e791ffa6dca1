"""Telling people: queued in the act's transaction, sent outside any, with a final status always reached."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Invalid
from huyuan.common.reach import Reach
from huyuan.notifications.kinds import SENTENCES
from huyuan.notifications.models import Channel, Delivery, Message
from huyuan.notifications.permissions import check_can_edit_channels, check_can_remove_channel
from huyuan.notifications.robots import robot_of
from huyuan.people.models import User

LEASE = timedelta(seconds=60)
ATTEMPTS = 6
WAKE_CHANNEL = "huyuan_inbox"

Send = Callable[[Delivery], None]


class SendFailed(Exception):
    """A way out did not take the message; the sentence says why."""


def queue(
    kind: str,
    *,
    to: Iterable[User],
    by: Reach,
    now: datetime,
    url: str = "",
    organisation_id: int | None = None,
    **facts: Any,
) -> list[Message]:
    """Tell people something; call it inside the transaction of the act. The actor is not told of their own act.

    With `organisation_id` the group robots of that organisation are told too.
    """
    if kind not in SENTENCES:
        raise KeyError(kind)
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in facts.items()}
    people = {user.pk: user for user in to if user.pk != by.user_id}
    told = Message.objects.bulk_create(
        [Message(county_id=user.county_id, recipient=user, kind=kind, facts=plain, url=url, created_at=now)
         for user in people.values()]
    )  # fmt: skip
    ways = [Delivery(message=m, way=Delivery.Way.EMAIL, next_at=now) for m in told if m.recipient.email]
    groups = Channel.objects.filter(organisation_id=organisation_id, active=True) if told and organisation_id else ()
    ways += [Delivery(message=told[0], way=Delivery.Way.GROUP, channel=channel, next_at=now) for channel in groups]
    Delivery.objects.bulk_create(ways)
    with connection.cursor() as cursor:
        for user in people.values():
            cursor.execute("SELECT pg_notify(%s, %s)", [WAKE_CHANNEL, str(user.code)])
    return told


@transaction.atomic
def mark_read(*, messages: Iterable[Message], by: Reach, now: datetime) -> int:
    """Mark one's own messages as read."""
    wanted = [message.pk for message in messages]
    return Message.objects.visible_to(by).unread().filter(pk__in=wanted).update(read_at=now)


@transaction.atomic
def add_channel(*, name: str, address: str, by: Reach, now: datetime) -> Channel:
    """Add a group robot to one's organisation; its messages go there too from now on."""
    check_can_edit_channels(by)
    if robot_of(address) is None:
        raise Invalid(_("This address is not understood. It begins like wecombot://, dingtalk:// or feishu://."))
    channel = Channel.objects.create(organisation_id=by.home, name=name, address=address)
    audit.record("channel:add", target=channel, by=by, now=now, address=audit.digest(address))
    return channel


@transaction.atomic
def remove_channel(*, channel: Channel, by: Reach, now: datetime) -> None:
    """Stop telling a group robot; what was sent stays recorded."""
    check_can_remove_channel(by, channel)
    channel.active = False
    channel.save(update_fields=["active"])
    audit.record("channel:remove", target=channel, by=by, now=now)


def claim(*, now: datetime, limit: int = 50) -> list[Delivery]:
    """Take due deliveries: one conditional update each, so that of several engines one wins, with a lease."""
    taken = []
    for delivery in Delivery.objects.due(now).order_by("next_at")[:limit]:
        won = Delivery.objects.due(now).filter(pk=delivery.pk, attempts=delivery.attempts).update(
            status=Delivery.Status.CLAIMED, lease_until=now + LEASE, attempts=delivery.attempts + 1
        )  # fmt: skip
        if won:
            delivery.attempts += 1
            taken.append(delivery)
    return taken


def deliver(*, delivery: Delivery, send: Send, now: datetime) -> None:
    """Send one claimed delivery and write how it ended: sent, tried again later, or given up with the reason."""
    mine = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.CLAIMED, attempts=delivery.attempts)
    try:
        send(delivery)
    except SendFailed as failure:
        reason = str(failure)[:200]
        if delivery.attempts >= ATTEMPTS:
            mine.update(status=Delivery.Status.GIVEN_UP, finished_at=now, lease_until=None, reason=reason)
        else:
            later = now + timedelta(seconds=15 * 4 ** (delivery.attempts - 1))
            mine.update(status=Delivery.Status.WAITING, next_at=later, lease_until=None, reason=reason)
    else:
        mine.update(status=Delivery.Status.SENT, finished_at=now, lease_until=None, reason="")


def give_up_unsendable(*, delivery: Delivery, now: datetime) -> None:
    """End a delivery that crashed its sender on every attempt, so that a final status is always reached."""
    Delivery.objects.filter(pk=delivery.pk).exclude(status=Delivery.Status.SENT).update(
        status=Delivery.Status.GIVEN_UP,
        finished_at=now,
        lease_until=None,
        reason=_("the sender stopped on every attempt"),
    )
