"""Roving checks of a term: draw the plan, move or leave out a visit, and let a signed check make a visit done."""

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.inspections.actions.standing import roving_changed
from huyuan.inspections.checklists import Checklist
from huyuan.inspections.models import Hazard, Inspection, RovingPlan, RovingVisit
from huyuan.inspections.permissions import check_can_change_visit, check_can_plan
from huyuan.inspections.roving import Place, Rules, Visit, draw, monday
from huyuan.organisations.calendar import working_days
from huyuan.organisations.models import CalendarDay, School, Term

DAY = timedelta(days=1)
LARGEST_SEED = 999_999
Status = RovingVisit.Status


@transaction.atomic
def draw_plan(
    *, term: Term, checklist: Checklist, per_school: int, per_week: int, gap_weeks: int, seed: int | None, by: Reach,
    now: datetime,
) -> RovingPlan:  # fmt: skip
    """Draw the visits of a term; drawing again keeps what was done, moved by hand or left out, and draws the rest anew."""
    Term.objects.select_for_update(no_key=True).get(pk=term.pk)
    check_can_plan(by)
    days = school_days(term, timezone.localdate(now))
    if not days:
        raise Invalid(_("This term has no school day left. Choose a term that is still running."))
    rules = Rules(per_school, per_week, gap_weeks, secrets.randbelow(LARGEST_SEED) + 1 if seed is None else seed)
    plan, _made = RovingPlan.objects.update_or_create(
        county_id=by.county_id, organisation_id=by.home, term=term,
        defaults={
            "checklist_code": checklist.code, "per_school": per_school, "per_week": per_week, "gap_weeks": gap_weeks,
            "seed": rules.seed, "made_by_id": by.person, "made_at": now,
        },
    )  # fmt: skip
    gone, _rows = plan.visits.filter(status=Status.PLANNED, moved_from=None).delete()
    schools = {school.identifier: school for school in School.objects.visible_to(by)}
    drawn = draw(places_of(schools, days), days, _kept(plan, schools), rules)
    RovingVisit.objects.bulk_create(
        RovingVisit(plan=plan, school=schools[visit.key], planned_on=visit.day) for visit in drawn.visits
    )
    roving_changed(plan, now)
    audit.record(
        "roving:draw", target=plan, by=by, now=now, seed=rules.seed, schools=len(schools), visits=len(drawn.visits),
        replaced=gone, short=len(drawn.short),
    )  # fmt: skip
    return plan


@transaction.atomic
def move_visit(*, visit: RovingVisit, planned_on: date, reason: str, by: Reach, now: datetime) -> RovingVisit:
    """Put a visit off or forward to another school day, with the reason."""
    visit = _locked(visit)
    check_can_change_visit(by, visit)
    term = visit.plan.term
    if not max(term.starts_on, timezone.localdate(now)) <= planned_on <= term.ends_on:
        raise Invalid(_("Choose a day from today to the end of the term."))
    if not working_days(visit.plan.county, visit.school).works(planned_on):
        raise Invalid(_("There is no school on this day. Choose a school day."))
    visit.move_to(Status.MOVED)
    visit.reason = reason
    visit.save(update_fields=["status", "reason"])
    moved = RovingVisit.objects.create(plan=visit.plan, school=visit.school, planned_on=planned_on, moved_from=visit)
    roving_changed(visit.plan, now)
    audit.record("roving:move", target=visit, by=by, now=now, day=str(planned_on), reason=audit.digest(reason))
    return moved


@transaction.atomic
def drop_visit(*, visit: RovingVisit, reason: str, by: Reach, now: datetime) -> RovingVisit:
    """Leave a visit out, with the reason; a new draw does not bring it back."""
    visit = _locked(visit)
    check_can_change_visit(by, visit)
    visit.move_to(Status.DROPPED)
    visit.reason = reason
    visit.save(update_fields=["status", "reason"])
    roving_changed(visit.plan, now)
    audit.record("roving:drop", target=visit, by=by, now=now, reason=audit.digest(reason))
    return visit


def mark_visit(*, visit: RovingVisit, inspection: Inspection, by: Reach) -> None:
    """Note that this check is the visit, so that it counts whenever it is signed. Call it within the action that begins."""
    visit = _locked(visit)
    check_can_change_visit(by, visit)
    if visit.status != Status.PLANNED or visit.school_id != inspection.school_id:
        raise Conflict(_("This visit is no longer planned. Open the plan again and choose another."))
    visit.inspection = inspection
    visit.save(update_fields=["inspection"])


def finish_visit(*, inspection: Inspection, by: Reach, now: datetime) -> None:
    """Let a signed joint check make the agency's visit done: the one it was begun from, else the one of this week."""
    if not inspection.checklist.is_joint:
        return
    planned = RovingVisit.objects.select_for_update(no_key=True).filter(
        plan__organisation_id=inspection.agency_id, school_id=inspection.school_id, status=Status.PLANNED
    )
    week = monday(timezone.localdate(now))
    visit = planned.filter(inspection=inspection).first()
    visit = visit or planned.filter(planned_on__range=(week, week + 6 * DAY)).first()
    if visit is None:
        return
    visit.move_to(Status.DONE)
    visit.inspection = inspection
    visit.save(update_fields=["status", "inspection"])
    audit.record("roving:visit", target=visit, by=by, now=now, check=str(inspection.code))


def school_days(term: Term, today: date) -> list[date]:
    """The school days of a term that are still to come, today included."""
    first, calendar = max(term.starts_on, today), working_days(term.county)
    days = (first + n * DAY for n in range((term.ends_on - first).days + 1))
    return [day for day in days if calendar.works(day)]


def places_of(schools: dict[str, School], days: list[date]) -> list[Place]:
    """The schools as the draw sees them: an open major hazard, the last joint check, their own days off."""
    pks = [school.pk for school in schools.values()]
    major = Hazard.objects.filter(school_id__in=pks, level=Hazard.Level.MAJOR).open()
    urgent = set(major.values_list("school_id", flat=True))
    signed = Inspection.objects.filter(school_id__in=pks, status=Inspection.Status.SIGNED).joint()
    checked = dict(signed.order_by().values_list("school_id").annotate(Max("signed_at")))
    closed: dict[int, set[date]] = {}
    rest = CalendarDay.objects.filter(school_id__in=pks, works=False, day__gte=days[0])
    for school_id, day in rest.values_list("school_id", "day"):
        closed.setdefault(school_id or 0, set()).add(day)
    return [
        Place(
            key, school.pk in urgent,
            timezone.localdate(checked[school.pk]) if school.pk in checked else None,
            frozenset(closed.get(school.pk, ())),
        )
        for key, school in schools.items()
    ]  # fmt: skip


def _kept(plan: RovingPlan, schools: dict[str, School]) -> list[Visit]:
    """What a new draw leaves as it is; what was moved stands where it was moved to."""
    kept = plan.visits.exclude(status=Status.MOVED).filter(school__in=schools.values())
    return [Visit(key, day) for key, day in kept.values_list("school__identifier", "planned_on")]


def _locked(visit: RovingVisit) -> RovingVisit:
    rows = RovingVisit.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("plan__county", "plan__term", "school__organisation").get(pk=visit.pk)
