"""Found and fixed on the spot: one entry with two photos and no order, confirmed by somebody else."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.attachments import actions as attachments
from huyuan.audit import actions as audit
from huyuan.common.errors import Invalid
from huyuan.common.reach import Reach
from huyuan.inspections.actions.audience import locked, tell, the_agency, the_school
from huyuan.inspections.actions.handovers import lapse_handovers
from huyuan.inspections.actions.hazards import FOUND, OWNER, index_hazards, judge
from huyuan.inspections.actions.recurrence import link_recurrences
from huyuan.inspections.actions.reviews import follower_of
from huyuan.inspections.actions.standing import hazard_changed
from huyuan.inspections.models import Hazard, Rectification
from huyuan.inspections.permissions import check_can_conduct, check_can_confirm
from huyuan.organisations.models import School

BEFORE_AND_AFTER = 2


@transaction.atomic
def record_spot_fix(
    *, school: School, category: str, place: str, description: str, report: str, photos: Sequence[bytes], by: Reach,
    now: datetime, level: str = Hazard.Level.GENERAL,
) -> Hazard:  # fmt: skip
    """Record what was found and put right at once: a photo before, a photo after, no order."""
    check_can_conduct(by, school)
    if level != Hazard.Level.GENERAL:
        raise Invalid(_("A major hazard is not settled on the spot. Record it in a check, so that it is ordered."))
    if len(photos) != BEFORE_AND_AFTER:
        raise Invalid(_("Add exactly two photos: one before, one after."))
    if not description or not report:
        raise Invalid(_("Say what was wrong and what was done."))
    agency = follower_of(school)
    hazard = Hazard(
        county_id=school.county_id, school=school, origin=Hazard.Origin.SPOT, category=category, place=place,
        description=description, level=level, status=Hazard.Status.FIXED, agency=agency, holder=agency,
        found_on=timezone.localdate(now), found_by_id=by.person,
    )  # fmt: skip
    link_recurrences([hazard])
    hazard.save()
    Rectification.objects.create(hazard=hazard, round=1, report=report, done_by_id=by.person, done_at=now)
    for photo, at in zip(photos, (FOUND, "round-1"), strict=True):
        attachments.attach_photos([photo], owner_kind=OWNER, owner_code=hazard.code, place=at, by=by, now=now)
    audit.record("hazard:spot", target=hazard, by=by, now=now, category=category, report=audit.digest(report))
    index_hazards([hazard])
    tell("hazard:spot", hazard, the_agency(hazard, now), by, now)
    return hazard


@transaction.atomic
def confirm_spot_fix(*, hazard: Hazard, by: Reach, now: datetime) -> Hazard:
    """Confirm after looking that it is gone, and close."""
    hazard = locked(hazard)
    check_can_confirm(by, hazard)
    hazard.move_to(Hazard.Status.CLOSED)
    judge(hazard, Rectification.Verdict.ACCEPTED, "", by, now)
    hazard.closed_at, hazard.closed_by_id, hazard.holder = now, by.person, None
    hazard.save(update_fields=["status", "closed_at", "closed_by", "holder"])
    lapse_handovers(hazard, by, now)
    audit.record("hazard:confirm_spot", target=hazard, by=by, now=now)
    tell("hazard:confirm_spot", hazard, the_school(hazard, now), by, now)
    return hazard


@transaction.atomic
def refuse_spot_fix(*, hazard: Hazard, reason: str, by: Reach, now: datetime) -> Hazard:
    """Find that it is not gone: it is a registered hazard now, to be ordered."""
    hazard = locked(hazard)
    check_can_confirm(by, hazard)
    if not reason:
        raise Invalid(_("Say what is still wrong, so that the school knows what to do."))
    hazard.move_to(Hazard.Status.REGISTERED)
    judge(hazard, Rectification.Verdict.REJECTED, reason, by, now)
    hazard.round += 1
    hazard.save(update_fields=["status", "round"])
    hazard_changed(hazard, now)
    audit.record("hazard:refuse_spot", target=hazard, by=by, now=now, reason=audit.digest(reason))
    for audience in (the_school(hazard, now), the_agency(hazard, now)):
        tell("hazard:refuse_spot", hazard, audience, by, now, reason=reason)
    return hazard
