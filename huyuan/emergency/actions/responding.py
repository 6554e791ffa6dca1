"""Answering a call: seen, on the way, on the spot. Nobody's answer silences the others."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Denied
from huyuan.common.reach import Reach
from huyuan.emergency.actions.calling import call_next, running
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.measuring import seconds_after
from huyuan.emergency.models import Call, Incident, Tier
from huyuan.emergency.permissions import check_can_confirm, check_is_called


def locked(call: Call) -> Call:
    """The call as it is now, held until the transaction ends; of a running incident only.

    The incident is locked first, as the engine and the all-clear do: nobody arrives while it ends, and no two wait for
    each other.
    """
    incident = running(call.incident)
    if incident.status != Incident.Status.OPEN:
        raise Conflict(_("The all-clear has been given."))
    call = Call.objects.select_for_update(of=("self",), no_key=True).select_related("tier", "user").get(pk=call.pk)
    call.incident = incident
    return call


@transaction.atomic
def mark_seen(*, call: Call, by: Reach, now: datetime) -> Call:
    """Note that who is called has seen it; the first answer of a person is the incident's."""
    call = _seen(call, by, now)
    Incident.objects.filter(pk=call.incident_id, answered_at=None).update(answered_at=now)
    return call


@transaction.atomic
def set_out(*, call: Call, by: Reach, now: datetime) -> Call:
    """Note that who is called is on the way."""
    call = mark_seen(call=call, by=by, now=now)
    if call.on_way_at is None or call.declined_at is not None:
        call.on_way_at, call.declined_at = now, None
        call.save(update_fields=["on_way_at", "declined_at"])
        _tell("on_way", call, by, now)
    return call


@transaction.atomic
def arrive(*, call: Call, how: Call.Arrival, by: Reach, now: datetime) -> Call:
    """Note that who is called is on the spot: by their own tap or by their phone's position."""
    check_is_called(by, call)
    return _arrived(locked(call), how, by, now)


@transaction.atomic
def confirm_arrival(*, call: Call, by: Reach, now: datetime) -> Call:
    """A colleague who is on the spot, or who commands, confirms that somebody has arrived."""
    check_can_confirm(by, call.incident)
    if call.user_id is None:
        raise Denied(_("A telephone does not arrive. Confirm the people who come."))
    if call.user_id == by.user_id:
        raise Denied(_("Nobody confirms their own arrival. Tap on your own call that you are there."))
    return _arrived(locked(call), Call.Arrival.COLLEAGUE, by, now)


@transaction.atomic
def decline(*, call: Call, by: Reach, now: datetime) -> Call:
    """Note that who is called cannot come; the next one is called at once. To who pressed it is no answer."""
    call = _seen(call, by, now)
    if call.arrived_at is None and call.declined_at is None:
        call.declined_at = now
        call.save(update_fields=["declined_at"])
        _tell("declined", call, by, now)
        call_next(calls=[call], incident=call.incident, now=now)
    return call


@transaction.atomic
def come_uncalled(*, incident: Incident, by: Reach, now: datetime) -> Call:
    """Record, thank and do not count somebody who came without being called; who was called has arrived."""
    incident = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    if incident.status != Incident.Status.OPEN:
        raise Conflict(_("The all-clear has been given."))
    call, made = Call.objects.get_or_create(
        incident=incident, user_id=by.person,
        defaults={
            "organisation_id": by.home, "part": Call.Part.UNCALLED, "counts": False, "seen_at": now, "on_way_at": now,
            "arrived_at": now, "arrived_how": Call.Arrival.TAP,
        },
    )  # fmt: skip
    if not made:
        return arrive(call=call, how=Call.Arrival.TAP, by=by, now=now)
    _tell("came_uncalled", call, by, now)
    return call


def _seen(call: Call, by: Reach, now: datetime) -> Call:
    call = locked(call)
    check_is_called(by, call)
    if call.seen_at is None:
        call.seen_at = now
        call.save(update_fields=["seen_at"])
        _tell("seen", call, by, now)
    return call


def _arrived(call: Call, how: Call.Arrival, by: Reach, now: datetime) -> Call:
    if call.arrived_at is not None:
        return call
    call.arrived_at, call.arrived_how = now, how
    call.seen_at, call.on_way_at = call.seen_at or now, call.on_way_at or now
    call.confirmed_by_id = by.person if how is Call.Arrival.COLLEAGUE else None
    call.save(update_fields=["arrived_at", "arrived_how", "seen_at", "on_way_at", "confirmed_by"])
    Incident.objects.filter(pk=call.incident_id, answered_at=None).update(answered_at=now)
    _tell("arrived", call, by, now)
    if call.tier is not None:
        _count(call.tier, call.incident, now)
    return call


def _count(tier: Tier, incident: Incident, now: datetime) -> None:
    """Mark the tier whole when enough people are on the spot."""
    tier = Tier.objects.select_for_update(no_key=True).get(pk=tier.pk)
    there = Call.objects.arrived().filter(tier=tier).count()
    if tier.reached_at is None and there >= tier.needed:
        Tier.objects.filter(pk=tier.pk).update(reached_at=now)
        write_log(
            "tier_reached",
            incident=incident,
            now=now,
            minute=tier.minute,
            there=there,
            needed=tier.needed,
            seconds=seconds_after(incident, now),
        )


def _tell(kind: str, call: Call, by: Reach, now: datetime) -> None:
    name = call.user.name if call.user else call.landline
    audit.record(f"call:{kind}", target=call, by=by, now=now)
    write_log(kind, incident=call.incident, now=now, by=by, name=name)
