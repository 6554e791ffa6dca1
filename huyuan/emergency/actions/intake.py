"""Taking a press: alarm, audit, log and what the engine has to do, in one transaction, once for each identity."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.common.reach import Reach
from huyuan.emergency.actions.command import tell_called
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.models import Incident, Press, Step, Tier
from huyuan.emergency.policies import frozen, policy_of
from huyuan.emergency.queries import command_centre, plan_for
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import School

# Presses of one school come one after another, whatever else locks its row.
SCHOOL_LOCK = 360_112
# Repetitions of one press come one after another, also when they name different schools.
IDENTITY_LOCK = 360_113
# The tasks and drafts of the plan wait until everybody has been called.
LAID_OUT_AFTER = timedelta(seconds=1)


class OtherPress(Conflict):
    """The identity is another press's."""

    kind = "other_body"


class TooLate(Conflict):
    """The seconds for withdrawing are over."""

    kind = "too_late"


@dataclass(frozen=True)
class NewPress:
    """A press as it came in. `code` is the identity chosen by the phone; `window_id` names the test that suppresses it.

    `marks` are further entries for the incident's log, each with its facts.
    """

    code: uuid.UUID
    school_id: int
    alarm_class: str
    sign: Sign
    source: Press.Source
    user_id: int | None = None
    device_id: int | None = None
    claimed_at: datetime | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    window_id: int | None = None
    remarks: list[str] = field(default_factory=list)
    marks: dict[str, dict[str, Any]] = field(default_factory=dict)


@transaction.atomic
def take_press(*, press: NewPress, by: Reach, now: datetime) -> Press:
    """Open an incident, or join the one of the same school, class and sign whose clocks run.

    A known identity changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [IDENTITY_LOCK, str(press.code)])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SCHOOL_LOCK, press.school_id])
    known = Press.objects.select_related("incident", "school__organisation").filter(code=press.code).first()
    if known is not None:
        _check_same(known, press)
        return known
    school = School.objects.select_related("organisation", "county", "station", "town").get(pk=press.school_id)
    incident = joined = None
    if press.window_id is None:
        before = _open_already(school, press)
        joined = before if before and _clocks_run(before, now) else None
        incident = joined or _open_incident(school, press, now)
        if before and not joined:
            write_log("pressed_anew", incident=before, now=now, by=by, source=press.source)
    taken = Press.objects.create(
        code=press.code, county_id=school.county_id, school=school, sign=press.sign, alarm_class=press.alarm_class,
        source=press.source, pressed_by_id=press.user_id, device_id=press.device_id, claimed_at=press.claimed_at,
        received_at=now, place=press.place[:80], lon=press.lon, lat=press.lat, incident=incident,
        window_id=press.window_id, remarks=press.remarks,
    )  # fmt: skip
    audit.record(
        "alarm:press", target=taken, by=by, now=now, sign=press.sign, alarm_class=press.alarm_class, source=press.source
    )
    if incident is not None:
        kind = "press_again" if joined else "press"
        write_log(kind, incident=incident, now=now, by=by, source=press.source, place=press.place[:80])
        for mark, facts in press.marks.items():
            write_log(mark, incident=incident, now=now, by=by, **facts)
    return taken


def _check_same(known: Press, press: NewPress) -> None:
    """A repetition says what the press said; anything else under its identity is refused."""
    before = (known.school_id, known.sign, known.pressed_by_id, known.device_id)
    if before != (press.school_id, press.sign, press.user_id, press.device_id):
        raise OtherPress(_("This alarm was sent before with other contents. Raise it again."))


def _open_already(school: School, press: NewPress) -> Incident | None:
    """The newest incident that a further press may join, locked: nobody gives its all-clear in between."""
    same = Incident.objects.open().filter(school=school, alarm_class=press.alarm_class, sign=press.sign)
    return same.select_for_update(of=("self",), no_key=True).order_by("-pk").first()


def _clocks_run(incident: Incident, now: datetime) -> bool:
    """Whether people are still being called to it: later a press must not vanish in what nobody has closed."""
    return now <= incident.opened_at + timedelta(seconds=max(incident.rules.seconds.values()))


def _open_incident(school: School, press: NewPress, now: datetime) -> Incident:
    policy = policy_of(school.county.adcode, timezone.localdate(now))
    try:
        rules = frozen(policy, press.alarm_class)
    except LookupError as error:
        raise Invalid(_("This class of alarm does not exist here.")) from error
    incident = Incident.objects.create(
        county_id=school.county_id, school=school, sign=press.sign, alarm_class=press.alarm_class, opened_at=now,
        place=press.place[:80], plan=plan_for(school, rules.alarm_class, now), policy=rules.model_dump(mode="json"),
        command=command_centre(school.county),
    )  # fmt: skip
    tiers = Tier.objects.bulk_create(
        Tier(
            incident=incident, minute=minute, needed=tier.needed, due_at=now + timedelta(seconds=rules.seconds[minute])
        )
        for minute, tier in sorted(rules.alarm_class.tiers.items())
    )
    judging = [Step.of(incident, Step.Kind.JUDGE, tier.due_at, str(tier.minute)) for tier in tiers]
    laying_out = Step.of(incident, Step.Kind.LAY_OUT, now + LAID_OUT_AFTER)
    Step.objects.bulk_create([Step.of(incident, Step.Kind.CALL, now), *judging, laying_out])
    return incident


@transaction.atomic
def cancel_press(*, press: Press, reason: str, by: Reach, now: datetime) -> Press:
    """Withdraw a press within its seconds. The reason is kept; a class of the highest kind goes on all the same.

    Of another class, the incident ends when no press stands any more.
    """
    locked = Press.objects.select_for_update(of=("self",), no_key=True)
    press = locked.select_related("school__organisation").get(pk=press.pk)
    if press.incident_id is None or press.pressed_by_id != by.user_id:
        raise Denied(_("Only who pressed can withdraw the alarm."))
    if not reason.strip():
        raise Invalid(_("Say why you withdraw the alarm."))
    incident = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=press.incident_id)
    press.incident = incident
    if press.cancelled_at is not None:
        return press
    if now > press.received_at + timedelta(seconds=incident.rules.cancel_seconds):
        raise TooLate(_("The time to withdraw is over. Say so in the incident."))
    press.cancelled_at, press.cancelled_by_id, press.cancel_reason = now, by.person, reason.strip()[:120]
    press.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    audit.record("alarm:cancel", target=press, by=by, now=now, reason=audit.digest(press.cancel_reason))
    write_log("press_cancelled", incident=incident, now=now, by=by, reason=press.cancel_reason)
    if incident.alarm.cancel_stops and not incident.presses.filter(cancelled_at=None).exists():
        _withdraw_incident(incident, by, now)
    return press


def _withdraw_incident(incident: Incident, by: Reach, now: datetime) -> None:
    """End an incident of which every press was withdrawn, unless somebody has ended it already."""
    if incident.status != Incident.Status.OPEN:
        return
    incident.move_to(Incident.Status.CLEARED)
    # A press that waited on a disk is stored later than its cancel was asked for.
    incident.cleared_at, incident.cleared_by_id = max(now, incident.opened_at), by.person
    incident.outcome = Incident.Outcome.WITHDRAWN
    incident.save(update_fields=["status", "cleared_at", "cleared_by", "outcome"])
    audit.record("incident:clear", target=incident, by=by, now=now, outcome=incident.outcome)
    write_log("cleared", incident=incident, now=now, by=by, outcome=incident.outcome)
    tell_called(incident, by, now)
