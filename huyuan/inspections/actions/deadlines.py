"""The clock of a hazard: more time on request, pause with a reason, resume."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.inspections.actions.audience import locked, tell, the_agency, the_school
from huyuan.inspections.actions.standing import hazard_changed
from huyuan.inspections.models import Extension, Hazard
from huyuan.inspections.permissions import check_can_decide, check_can_pause, check_can_rectify
from huyuan.organisations.calendar import working_days
from huyuan.policy.clocks import resumed_due_date


@transaction.atomic
def ask_extension(*, hazard: Hazard, new_due_date: date, reason: str, by: Reach, now: datetime) -> Extension:
    """Ask for a later due date; one request at a time."""
    hazard = locked(hazard)
    check_can_rectify(by, hazard)
    due = running_due_date(hazard, timezone.localdate(now))
    if new_due_date <= due or new_due_date < timezone.localdate(now):
        raise Invalid(_("The new date must lie after the present due date, and not in the past."))
    if hazard.extensions.filter(decision=Extension.Decision.PENDING).exists():
        raise Conflict(_("A request for more time is waiting for a decision already."))
    extension = Extension.objects.create(
        hazard=hazard, new_due_date=new_due_date, reason=reason, asked_by_id=by.person, asked_at=now
    )
    audit.record("hazard:ask_extension", target=hazard, by=by, now=now, due=str(new_due_date))
    tell("hazard:ask_extension", hazard, the_agency(hazard, now), by, now, due_on=new_due_date, reason=reason)
    return extension


@transaction.atomic
def decide_extension(*, extension: Extension, grant: bool, by: Reach, now: datetime) -> Extension:
    """Grant or refuse more time; what is granted is later than what stands, and not over already."""
    hazard = locked(extension.hazard)
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    check_can_decide(by, extension)
    if extension.decision != Extension.Decision.PENDING:
        raise Conflict(_("This request has been decided already."))
    due = running_due_date(hazard, timezone.localdate(now))
    if grant and (extension.new_due_date <= due or extension.new_due_date < timezone.localdate(now)):
        raise Conflict(
            _("The date asked for is no longer later than the deadline. Refuse it; the school can ask again.")
        )
    extension.decision = Extension.Decision.GRANTED if grant else Extension.Decision.REFUSED
    extension.decided_by_id, extension.decided_at = by.person, now
    extension.save(update_fields=["decision", "decided_by", "decided_at"])
    if grant:
        hazard.due_date = extension.new_due_date
        hazard.save(update_fields=["due_date"])
    kind = "hazard:grant_extension" if grant else "hazard:refuse_extension"
    hazard_changed(hazard, now)
    audit.record(kind, target=hazard, by=by, now=now, due=str(hazard.due_date))
    tell(kind, hazard, the_school(hazard, now), by, now, due_on=hazard.due_date)
    return extension


@transaction.atomic
def pause_deadline(*, hazard: Hazard, reason: str, by: Reach, now: datetime) -> Hazard:
    """Stop the clock with a reason."""
    hazard = locked(hazard)
    check_can_pause(by, hazard)
    today = timezone.localdate(now)
    if running_due_date(hazard, today) < today:
        raise Conflict(_("This deadline has passed already, so it cannot be paused. The school can ask for more time."))
    hazard.paused_on, hazard.pause_reason, hazard.paused_until = today, reason, None
    hazard.save(update_fields=["paused_on", "pause_reason", "paused_until"])
    hazard_changed(hazard, now)
    audit.record("hazard:pause", target=hazard, by=by, now=now, reason=audit.digest(reason))
    tell("hazard:pause", hazard, the_school(hazard, now), by, now, reason=reason)
    return hazard


@transaction.atomic
def resume_deadline(*, hazard: Hazard, by: Reach, now: datetime) -> Hazard:
    """Start the clock again; the days that remained at the pause remain."""
    hazard = locked(hazard)
    check_can_pause(by, hazard)
    today = timezone.localdate(now)
    if hazard.status != Hazard.Status.ORDERED or not hazard.is_paused(today):
        raise Conflict(_("This deadline is not paused."))
    hazard.due_date = resumed_due_date(hazard, today, working_days(hazard.county, hazard.school))
    hazard.paused_on, hazard.pause_reason, hazard.paused_until = None, "", None
    hazard.save(update_fields=["due_date", "paused_on", "pause_reason", "paused_until"])
    hazard_changed(hazard, now)
    audit.record("hazard:resume", target=hazard, by=by, now=now, due=str(hazard.due_date))
    tell("hazard:resume", hazard, the_school(hazard, now), by, now, due_on=hazard.due_date)
    return hazard


def running_due_date(hazard: Hazard, today: date) -> date:
    """The due date of a clock that runs today; raises Conflict when none does."""
    if hazard.status != Hazard.Status.ORDERED or hazard.due_date is None:
        raise Conflict(_("The deadline changes only while rectification is under way."))
    if hazard.is_paused(today):
        raise Conflict(_("The deadline is paused. It has to run again first."))
    return hazard.due_date
