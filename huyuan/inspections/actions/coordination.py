"""Request for coordination: what a school cannot solve itself; the clock stands still only while help is promised."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.inspections.actions.audience import locked, tell, the_agency, the_school
from huyuan.inspections.actions.handovers import answered, hand_over, locked_handover
from huyuan.inspections.actions.standing import hazard_changed
from huyuan.inspections.models import HandOver, Hazard
from huyuan.inspections.permissions import check_can_answer, check_can_ask_help
from huyuan.organisations.calendar import WorkingDays, working_days
from huyuan.organisations.models import Organisation
from huyuan.organisations.queries import acts_for
from huyuan.policy.clocks import moved_due_date, resumed_due_date

MAX_DAYS = 60


@transaction.atomic
def ask_coordination(
    *, hazard: Hazard, to: Organisation, asked: str, reason: str, interim: str, by: Reach, now: datetime
) -> HandOver:
    """Ask an agency of the county to help with what cannot be solved here; the clock runs on until it accepts."""
    hazard = locked(hazard)
    check_can_ask_help(by, hazard)
    _check_under_way(hazard)
    if not asked:
        raise Invalid(_("Say what you ask for."))
    if not interim:
        raise Invalid(_("Say what keeps people safe meanwhile; without it the deadline cannot stand still."))
    for over in hazard.handovers.filter(kind=HandOver.Kind.COORDINATION, status=HandOver.Status.ACCEPTED):
        if not over.runs(timezone.localdate(now)):
            over.move_to(HandOver.Status.LAPSED)
            over.ended_at = now
            over.save(update_fields=["status", "ended_at"])
    asker = hazard.school_id if acts_for(by, hazard.school_id) else by.home
    request = HandOver(
        hazard=hazard, kind=HandOver.Kind.COORDINATION, from_organisation_id=asker, to_organisation=to, asked=asked,
        reason=reason, interim=interim,
    )  # fmt: skip
    return hand_over(request, by, now)


@transaction.atomic
def accept_coordination(*, handover: HandOver, days: int, answer: str, by: Reach, now: datetime) -> HandOver:
    """Promise help within some working days; so long the school's clock stands still, unless it had run out."""
    handover = locked_handover(handover)
    check_can_answer(by, handover)
    hazard, today = handover.hazard, timezone.localdate(now)
    _check_under_way(hazard)
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(_("State a time of 1 to %(most)s working days.") % {"most": MAX_DAYS})
    calendar = working_days(hazard.county, hazard.school)
    handover.until = calendar.after(today, days)
    answered(handover, HandOver.Status.ACCEPTED, answer, by, now)
    _stand_still(hazard, today, handover.until, calendar)
    hazard_changed(hazard, now)
    audit.record(
        "hazard:accept_coordination", target=hazard, by=by, now=now, until=str(handover.until),
        due=str(hazard.due_date), answer=audit.digest(answer),
    )  # fmt: skip
    facts = {"whom": handover.to_organisation.name, "until_on": handover.until, "due_on": hazard.due_date}
    for audience in (the_school(hazard, now), the_agency(hazard, now)):
        tell("hazard:accept_coordination", hazard, audience, by, now, **facts)
    return handover


@transaction.atomic
def finish_coordination(*, handover: HandOver, result: str, by: Reach, now: datetime) -> HandOver:
    """Report what came of the help; the clock runs again at once."""
    handover = locked_handover(handover)
    check_can_answer(by, handover)
    if not result:
        raise Invalid(_("Say what came of it."))
    handover.move_to(HandOver.Status.DONE)
    handover.result, handover.ended_at = result, now
    handover.save(update_fields=["status", "result", "ended_at"])
    hazard, today = handover.hazard, timezone.localdate(now)
    if hazard.paused_until is not None and today < hazard.paused_until:
        hazard.due_date = resumed_due_date(hazard, today, working_days(hazard.county, hazard.school))
        hazard.paused_until = None
        hazard.save(update_fields=["due_date", "paused_until"])
    hazard_changed(hazard, now)
    audit.record("hazard:finish_coordination", target=hazard, by=by, now=now, result=audit.digest(result))
    for audience in (the_school(hazard, now), the_agency(hazard, now)):
        tell(
            "hazard:finish_coordination", hazard, audience, by, now, whom=handover.to_organisation.name,
            reason=result, due_on=hazard.due_date,
        )  # fmt: skip
    return handover


def _check_under_way(hazard: Hazard) -> None:
    if hazard.status != Hazard.Status.ORDERED:
        raise Conflict(_("Help is asked for and promised only while rectification is under way."))


def _stand_still(hazard: Hazard, today: date, until: date, calendar: WorkingDays) -> None:
    ran_out = hazard.due_date is None or hazard.due_date < today
    if ran_out or hazard.paused_on is not None:
        return
    hazard.due_date = moved_due_date(hazard, today, until, calendar)
    hazard.paused_until = until
    hazard.save(update_fields=["due_date", "paused_until"])
