"""Receivers outside: set up by the county's police, told of real alarms only."""

from datetime import datetime

from django.db import transaction

from huyuan.audit import actions as audit
from huyuan.common.reach import Reach
from huyuan.emergency.actions.paging import page_code
from huyuan.emergency.cap_out import TOLD, identifier_of
from huyuan.emergency.channels.addresses import check_address
from huyuan.emergency.models import Incident, LogEntry, OutsideReceiver, Page
from huyuan.emergency.permissions import check_can_edit_receivers
from huyuan.emergency.sealing import seal
from huyuan.emergency.signs import Real, Sign


@transaction.atomic
def add_receiver(*, name: str, kind: str, url: str, secret: str, by: Reach, now: datetime) -> OutsideReceiver:
    """Set up a receiver; real alarms of the county go there from now on."""
    check_can_edit_receivers(by)
    check_address(url)
    receiver = OutsideReceiver(county_id=by.county_id, name=name, kind=kind, url=url)
    receiver.secret = seal(secret, receiver.code)
    receiver.save()
    audit.record("receiver:add", target=receiver, by=by, now=now, way=kind, address=audit.digest(url))
    return receiver


@transaction.atomic
def remove_receiver(*, receiver: OutsideReceiver, by: Reach, now: datetime) -> None:
    """Stop telling a receiver; what was sent stays recorded."""
    check_can_edit_receivers(by)
    receiver = OutsideReceiver.objects.select_for_update(no_key=True).get(pk=receiver.pk)
    receiver.active = False
    receiver.save(update_fields=["active"])
    audit.record("receiver:remove", target=receiver, by=by, now=now)


def page_outside(*, entry: LogEntry, now: datetime) -> list[Page]:
    """Make the pages of a log entry that receivers outside are told of; an exercise or a test has none."""
    if entry.kind not in TOLD or entry.incident.sign != Sign.REAL:
        return []
    receivers = OutsideReceiver.objects.filter(county_id=entry.incident.county_id, active=True)
    real = Real(entry.incident)
    pages = [outside_page(real, entry, receiver, now) for receiver in receivers]
    return Page.objects.bulk_create(pages, ignore_conflicts=True)


def outside_page(real: Real[Incident], entry: LogEntry, receiver: OutsideReceiver, now: datetime) -> Page:
    """One page to a receiver outside; its address names the message, so that each message is told once."""
    incident, identifier = real.thing, identifier_of(entry)
    return Page(
        code=page_code(incident, f"{receiver.code}/{identifier}", Page.Channel.OUTSIDE, 1), incident=incident,
        receiver=receiver, sign=incident.sign, channel=Page.Channel.OUTSIDE, address=identifier, made_at=now, next_at=now,
    )  # fmt: skip
