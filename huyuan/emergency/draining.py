"""From a journal into the database: one record, one transaction, as often as it takes; a repetition changes nothing."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huyuan.audit.actions import record_refusal
from huyuan.common.clock import database_now
from huyuan.common.errors import Denied, Refusal
from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.common.reach import Reach
from huyuan.emergency import journal
from huyuan.emergency.actions.intake import NewPress, cancel_press, take_press
from huyuan.emergency.models import Press, PressKey
from huyuan.emergency.permissions import check_can_press
from huyuan.emergency.policies import policy_of
from huyuan.emergency.press_bodies import PRESS
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import School
from huyuan.people.models import Post, User
from huyuan.people.reaches import reach_of

logger = logging.getLogger(__name__)
# A statement that takes longer is given up and tried again: a thread that hangs takes no other press.
STATEMENT_SECONDS = 5
# A process that stands still between two statements loses its locks, so that another one can store the press.
STANDSTILL_SECONDS = 3
LIMITS = "SELECT set_config('statement_timeout', %s, true), set_config('idle_in_transaction_session_timeout', %s, true)"
# What a living process still holds after so long is stored without it.
STALLED = 4.0
# Below this nobody needs to be told that a press waited.
WORTH_SAYING = 5.0
# A cancel waits so long for its press, which may lie in the journal of another process.
CANCEL_WAITS = timedelta(minutes=10)


class Revoked(Denied):
    """The phone may not press any more."""

    kind = "revoked"


class ForeignSchool(Denied):
    """The school is not of the presser's county."""

    kind = "foreign_school"


class NotHere(Refusal):
    """There is no such press."""

    status = 404
    kind = "unknown"


class WaitsForPress(DatabaseError):
    """A cancel came before its press; it is tried again."""


@dataclass(frozen=True)
class Answer:
    """What is said to who pressed."""

    status: int
    body: dict[str, Any]


def commit(record: journal.Body, language: str = RECORD_LANGUAGE) -> Answer:
    """Commit what was taken, and answer; a refusal is audited and answered, too. Raises while the database is away."""
    close_old_connections()
    try:
        with translation.override(language):
            return committed(record)
    except DatabaseError:
        connection.close()
        raise


def committed(record: journal.Body) -> Answer:
    """The answer to a record: the press as it stands in the database, or the refusal."""
    now = database_now()
    act = take if record["kind"] == PRESS else withdraw
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(LIMITS, [f"{STATEMENT_SECONDS}s", f"{STANDSTILL_SECONDS}s"])
            check_not_revoked(record)
            return act(record, now)
    except Refusal as refusal:
        by = Reach(record["person"], record["county"], None, record["post"], "", frozenset(), covers_county=False)
        record_refusal(path="/alarm/press", refusal=refusal.kind, by=by, now=now)
        return Answer(refusal.status, {"error": refusal.kind, "sentence": str(refusal.message)})


def check_not_revoked(record: journal.Body) -> None:
    """A phone whose registration was revoked presses no more, nor does one of an account that is not active."""
    keys = PressKey.objects.filter(code=record["key"], user_id=record["person"], revoked_at=None, user__is_active=True)
    if not keys.exists():
        raise Revoked(_("This phone may not raise alarms any more. Dial 110."))


def take(record: journal.Body, now: datetime) -> Answer:
    """Take a press; whoever is not entitled any more to a real alarm raises it all the same, and the log says so."""
    found = School.objects.select_related("organisation", "county")
    school = found.filter(organisation__code=record["school"], county_id=record["county"]).first()
    if school is None:
        raise ForeignSchool(_("You cannot raise an alarm for this school. Dial 110."))
    by = reach_now(record, now)
    marks: dict[str, dict[str, Any]] = {}
    sign = Sign(record["sign"])
    try:
        check_can_press(by, school, sign)
    except Denied:
        if sign != Sign.REAL:
            raise
        marks["press_not_entitled"] = {}
    policy = policy_of(school.county.adcode, timezone.localdate(now))
    alarm_class = record["alarm_class"]
    if policy.alarm_class(alarm_class) is None:
        alarm_class = policy.classes[0].key
    if (held := held_for(record).total_seconds()) > WORTH_SAYING:
        marks["press_held"] = {"seconds": round(held)}
    claimed = record["claimed_at"]
    press = NewPress(
        code=UUID(record["identity"]), school_id=school.pk, alarm_class=alarm_class, sign=sign,
        source=Press.Source(record["source"]), user_id=record["person"], place=record["place"], lon=record["lon"],
        lat=record["lat"], claimed_at=datetime.fromisoformat(claimed) if claimed else None, marks=marks,
    )  # fmt: skip
    taken = take_press(press=press, by=by, now=now)
    return Answer(201 if taken.received_at == now else 200, state_of(taken))


def reach_now(record: journal.Body, now: datetime) -> Reach:
    """The reach of who pressed; of somebody whose post has ended meanwhile, one that entitles to nothing."""
    user = User.objects.get(pk=record["person"])
    open_now = Post.objects.open_to(user.pk, timezone.localdate(now)).select_related("organisation")
    return reach_of(user, open_now.filter(pk=record["post"]).first())


def withdraw(record: journal.Body, now: datetime) -> Answer:
    """Withdraw a press, at the time at which the wish was taken."""
    # In this order: a press that leaves the journals in between is in the database.
    waits = any(body["kind"] == PRESS and body["identity"] == record["identity"] for body in waiting_here())
    press = Press.objects.filter(code=record["identity"]).first()
    if press is None:
        if waits and held_for(record) < CANCEL_WAITS:
            raise WaitsForPress
        raise NotHere(_("This alarm is not known here. Send it again."))
    cancelled = cancel_press(
        press=press, reason=record["reason"], by=reach_now(record, now), now=now - held_for(record)
    )
    return Answer(200, state_of(cancelled))


def held_for(record: journal.Body) -> timedelta:
    """How long a record has waited on this host, by the clock that stamped it."""
    return max(timezone.now() - datetime.fromisoformat(record["taken_at"]), timedelta(0))


def waiting_here() -> list[journal.Body]:
    """What waits in the journals of this host."""
    return list(journal.waiting_in(settings.JOURNAL))


def state(identity: UUID, person: int, language: str) -> Answer:
    """How far a press of this person has come."""
    close_old_connections()
    try:
        with translation.override(language):
            found = Press.objects.select_related("school__organisation", "incident")
            press = found.filter(code=identity, pressed_by_id=person).first()
            if press is not None:
                return Answer(200, state_of(press))
            return Answer(404, {"error": "unknown", "sentence": _("This alarm is not known here. Send it again.")})
    except DatabaseError:
        connection.close()
        raise


def state_of(press: Press) -> dict[str, Any]:
    """A press as its phone shows it: stored, taken by the receiving line, answered by a person."""
    incident = press.incident
    line = incident.line_accepted_at if incident else None
    answered = incident.answered_at if incident else None
    goes_on = incident is not None and not incident.alarm.cancel_stops
    withdrawn = _("Your withdrawal is noted; help keeps coming.") if goes_on else _("You have withdrawn the alarm.")
    said = [
        ("cancelled", press.cancelled_at, withdrawn),
        ("answered", answered, _("A person has answered your alarm.")),
        ("line_accepted", line, _("The receiving line has your alarm.")),
        ("committed", press.received_at, _("Your alarm is stored and people are being called.")),
    ]
    name, _at, sentence = next(step for step in said if step[1])
    return {
        "identity": str(press.code), "state": name, "sentence": sentence,
        "incident": str(incident.code) if incident else None,
        "school": {"code": str(press.school.organisation.code), "name": press.school.organisation.name},
        "sign": press.sign, "alarm_class": press.alarm_class, "received_at": press.received_at.isoformat(),
        "line_accepted_at": line.isoformat() if line else None, "answered_at": answered.isoformat() if answered else None,
        "cancelled_at": press.cancelled_at.isoformat() if press.cancelled_at else None,
    }  # fmt: skip


def settle(entry: journal.Entry, attempt: Future[Answer]) -> Answer | None:
    """Close the entry of a finished attempt and give its answer; None when it is to be tried again.

    What will never succeed, by a mistake of ours for instance, is set aside and reported, so that it stops no other.
    """
    error = attempt.exception()
    if error is None:
        entry.done()
        return attempt.result()
    if isinstance(error, DatabaseError) and not isinstance(error, DataError | IntegrityError):
        return None
    logger.error("A press from the journal could not be committed", exc_info=error)
    entry.set_aside()
    return None


def place_of(body: journal.Body) -> tuple[str, str]:
    """Which record it is: a press or its cancel."""
    return body["kind"], body["identity"]


@dataclass
class Draining:
    """Commits what dead processes of this host have left in their journals, and what living ones do not get done."""

    attempts: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "drain"))
    stood_in: set[tuple[str, str]] = field(default_factory=set)

    def __call__(self) -> None:
        """Go once through all journals; while the database is away it raises, and everything stays where it is."""
        journal.drain(settings.JOURNAL, self.hand_on)
        stalled = [body for body in waiting_here() if held_for(body).total_seconds() > STALLED]
        self.stood_in &= {place_of(body) for body in stalled}
        for body in stalled:
            if place_of(body) not in self.stood_in:
                self.stand_in(body)

    def stand_in(self, body: journal.Body) -> None:
        """Commit once what a living process holds; its journal stays its own, and its own commit changes nothing."""
        error = self.attempts.submit(commit, body).exception()
        if isinstance(error, OperationalError | InterfaceError):
            raise error
        if error is None:
            logger.warning("%s stored for a process that stands still", body["identity"])
        self.stood_in.add(place_of(body))

    def hand_on(self, entry: journal.Entry) -> bool:
        """Commit one record and say whether it is dealt with."""
        attempt = self.attempts.submit(commit, entry.body)
        if isinstance(error := attempt.exception(), OperationalError | InterfaceError):
            raise error
        answer = settle(entry, attempt)
        if answer is not None:
            logger.warning("%s taken over from a dead process: %s", entry.body["identity"], answer.body)
        return entry.offset not in entry.file.waiting
