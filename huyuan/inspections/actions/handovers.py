"""What transfers and requests for coordination share: asking once, being refused, falling away."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.actions.audience import Audience, locked, tell, the_organisation
from huyuan.inspections.models import HandOver, Hazard
from huyuan.inspections.permissions import check_can_answer
from huyuan.inspections.queries import addressees
from huyuan.people.queries import speakers_for


def hand_over(handover: HandOver, by: Reach, now: datetime) -> HandOver:
    """Ask: once at a time, somebody else, somebody who can; with a reason. The hazard is locked."""
    hazard, to = handover.hazard, handover.to_organisation
    if not handover.reason:
        raise Invalid(_("Say why, in a sentence."))
    if to.pk == handover.from_organisation_id:
        raise Invalid(_("You cannot hand a hazard to yourselves. Choose another organisation."))
    if to not in addressees(hazard, handover.kind):
        raise Invalid(_("%(name)s does not take this on. Choose one of the list.") % {"name": to.name})
    if hazard.handovers.filter(kind=handover.kind).open().exists():
        raise Conflict(_("This was asked already and waits for an answer, or is being dealt with."))
    handover.asked_by_id, handover.asked_at = by.person, now
    handover.save()
    audit.record(
        f"hazard:ask_{handover.kind}", target=hazard, by=by, now=now, to=str(to.code),
        reason=audit.digest(handover.reason + handover.asked + handover.interim),
    )  # fmt: skip
    words = handover.asked or handover.reason
    tell(f"hazard:ask_{handover.kind}", hazard, the_organisation(to.pk, now), by, now, reason=words)
    return handover


def locked_handover(handover: HandOver) -> HandOver:
    """The hand-over as it is now, with its hazard, both held until the transaction ends."""
    hazard = locked(handover.hazard)
    rows = HandOver.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("from_organisation", "to_organisation").get(pk=handover.pk)
    found.hazard = hazard
    return found


def answered(handover: HandOver, status: HandOver.Status, words: str, by: Reach, now: datetime) -> None:
    """Write the answer down."""
    handover.move_to(status)
    handover.answer, handover.answered_by_id, handover.answered_at = words, by.person, now
    handover.save(update_fields=["status", "answer", "answered_by", "answered_at", "until"])


@transaction.atomic
def refuse_handover(*, handover: HandOver, reason: str, by: Reach, now: datetime) -> HandOver:
    """Turn down what was asked, with a reason; everything stays as it was."""
    handover = locked_handover(handover)
    check_can_answer(by, handover)
    if not reason:
        raise Invalid(_("Say why, in a sentence."))
    answered(handover, HandOver.Status.REFUSED, reason, by, now)
    kind, hazard = f"hazard:refuse_{handover.kind}", handover.hazard
    audit.record(kind, target=hazard, by=by, now=now, reason=audit.digest(reason))
    tell(kind, hazard, the_asker(handover, now), by, now, whom=handover.to_organisation.name, reason=reason)
    return handover


def the_asker(handover: HandOver, now: datetime) -> Audience:
    """Whoever asked, with those who answer for their organisation."""
    at_school = handover.from_organisation_id == handover.hazard.school_id
    right = Permission.HAZARD_RECTIFY if at_school else Permission.HAZARD_ANSWER
    people = speakers_for(handover.from_organisation_id, right, timezone.localdate(now))
    return Audience([*people, handover.asked_by], handover.from_organisation_id)


def lapse_handovers(hazard: Hazard, by: Reach, now: datetime, *kinds: str) -> None:
    """Let what waits for an answer, or is still promised, fall away: the hazard needs it no more."""
    standing = hazard.handovers.filter(kind__in=kinds or HandOver.Kind.values).open()
    for handover in standing.select_for_update(no_key=True):
        handover.move_to(HandOver.Status.LAPSED)
        handover.ended_at = now
        handover.save(update_fields=["status", "ended_at"])
        audit.record(f"hazard:lapse_{handover.kind}", target=hazard, by=by, now=now)
