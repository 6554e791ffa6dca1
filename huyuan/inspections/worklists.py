"""What checks and hazards expect of somebody: the next act of whoever holds them."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach, allowed
from huyuan.inspections.models import (
    Extension,
    HandOver,
    Hazard,
    Inspection,
    RectificationNotice,
    RovingVisit,
    Signature,
    Supervision,
)
from huyuan.inspections.permissions import check_can_plan
from huyuan.policy.worklist import Task, register

NEXT_ACT = {
    Hazard.Status.REGISTERED: (_("Order rectification"), "clipboard-text", Permission.HAZARD_ANSWER),
    Hazard.Status.FIXED: (_("Confirm at the next check"), "eye-check", Permission.INSPECTION_SIGN),
    Hazard.Status.ORDERED: (_("Put right and report"), "tool", Permission.HAZARD_RECTIFY),
    Hazard.Status.RECTIFIED: (_("Re-check"), "eye-check", Permission.HAZARD_ANSWER),
}


def hazards_held(reach: Reach, today: date, limit: int) -> list[Task]:
    """Hazards whose next act is one's own; nobody confirms what they fixed themselves."""
    statuses = [status for status, (_wanted, _icon, permission) in NEXT_ACT.items() if reach.may(permission)]
    if not statuses:
        return []
    held = Hazard.objects.visible_to(reach).filter(holder_id__in=reach.speaks_for, status__in=statuses)
    held = held.exclude(status=Hazard.Status.FIXED, found_by_id=reach.user_id)
    tasks = []
    for hazard in held.select_related("school__organisation").order_by("due_date", "-found_on", "pk")[:limit]:
        wanted, icon, _permission = NEXT_ACT[Hazard.Status(hazard.status)]
        school = hazard.school.organisation.name
        url = hazard.get_absolute_url()
        paused = hazard.is_paused(today)
        tasks.append(Task(hazard.description, school, wanted, url, icon, hazard.running_due_date, paused=paused))
    return tasks


def checks_to_finish(reach: Reach, today: date, limit: int) -> list[Task]:
    """Checks one began, and checks that wait for one's side to sign."""
    if not reach.may(Permission.INSPECTION_SIGN):
        return []
    speaks = reach.speaks_for
    checks = Inspection.objects.visible_to(reach).select_related("school__organisation")
    mine = checks.filter(status=Inspection.Status.OPEN, started_by_id=reach.user_id)
    tasks = [_check_task(check, str(_("Finish the check")), "clipboard-check") for check in mine.order_by("pk")[:limit]]
    signing = checks.filter(status=Inspection.Status.SIGNING).exclude(
        signatures__side=Signature.Side.AGENCY, signatures__withdrawn_at=None
    ).filter(agency_id__in=speaks) | checks.filter(status=Inspection.Status.SIGNING, school_id__in=speaks).exclude(
        signatures__side=Signature.Side.SCHOOL, signatures__withdrawn_at=None
    )  # fmt: skip
    return tasks + [
        _check_task(check, str(_("Sign the check")), "signature") for check in signing.order_by("pk")[:limit]
    ]


def extensions_to_decide(reach: Reach, today: date, limit: int) -> list[Task]:
    """Requests for more time that one's agency decides."""
    if not reach.may(Permission.HAZARD_ANSWER):
        return []
    pending = Extension.objects.filter(
        hazard__agency_id=reach.organisation_id, decision=Extension.Decision.PENDING
    ).select_related("hazard__school__organisation")
    return [
        Task(
            extension.hazard.description, extension.hazard.school.organisation.name, _("Decide on more time"),
            extension.hazard.get_absolute_url(), "calendar-plus", extension.hazard.due_date,
        )
        for extension in pending.order_by("pk")[:limit]
    ]  # fmt: skip


def visits_to_make(reach: Reach, today: date, limit: int) -> list[Task]:
    """Roving checks whose day has come; they are in time until the week is over."""
    if not allowed(check_can_plan, reach):
        return []
    due = RovingVisit.objects.due(today).filter(plan__organisation_id__in=reach.speaks_for)
    return [
        Task(
            str(_("Roving check")), visit.school.organisation.name, _("Begin the check"), visit.begin_url, "route",
            visit.week_ends_on,
        )
        for visit in due.select_related("plan", "school__organisation").order_by("planned_on", "pk")[:limit]
    ]  # fmt: skip


def handovers_to_answer(reach: Reach, today: date, limit: int) -> list[Task]:
    """What was handed to one's organisation: to answer, or promised and not reported yet."""
    if not reach.may(Permission.HAZARD_ANSWER):
        return []
    standing = HandOver.objects.filter(to_organisation_id=reach.organisation_id).open()
    tasks = []
    for handover in standing.select_related("hazard__school__organisation").order_by("until", "pk")[:limit]:
        hazard, wanted = handover.hazard, _("Take over or refuse")
        if handover.is_help:
            wanted = _("Answer the request for help") if handover.is_pending else _("Report what came of it")
        school = hazard.school.organisation.name
        tasks.append(
            Task(hazard.description, school, wanted, hazard.get_absolute_url(), "arrows-exchange", handover.until)
        )
    return tasks


def notices_to_sign(reach: Reach, today: date, limit: int) -> list[Task]:
    """Notices that wait for one's school to sign."""
    if not reach.may(Permission.HAZARD_RECTIFY):
        return []
    issued = RectificationNotice.objects.visible_to(reach).filter(
        status=RectificationNotice.Status.ISSUED, school_id__in=reach.speaks_for
    )
    numbered = issued.exclude(pk__in=issued.without_number())
    return [
        _notice_task(notice, notice.number, _("Sign for the notice"), "signature") for notice in _rows(numbered, limit)
    ]


def notices_to_number(reach: Reach, today: date, limit: int) -> list[Task]:
    """Drafts of one's agency for which the police case system has a number."""
    if not reach.may(Permission.HAZARD_ORDER):
        return []
    drafts = RectificationNotice.objects.visible_to(reach).without_number().filter(
        status=RectificationNotice.Status.ISSUED, agency_id=reach.organisation_id
    )  # fmt: skip
    return [
        _notice_task(notice, _("Draft, no number yet"), _("Enter the number of the police paper"), "hash")
        for notice in _rows(drafts, limit)
    ]


def supervision_to_act_on(reach: Reach, today: date, limit: int) -> list[Task]:
    """What a leader decides or lifts, and what a leader gave the reader to supervise. Schools supervise nothing."""
    if not reach.may(Permission.HAZARD_READ) or reach.may(Permission.HAZARD_RECTIFY):
        return []
    closed = Q(hazard__status=Hazard.Status.CLOSED)
    listed = Q(status=Supervision.Status.LISTED)
    mine = listed & Q(supervisor_id=reach.user_id) & ~closed
    if reach.may(Permission.SUPERVISION_DECIDE):
        mine |= Q(status=Supervision.Status.PROPOSED) | listed & closed
    seen = Supervision.objects.visible_to(reach).filter(mine).select_related("hazard__school__organisation")
    return [_supervision_task(one) for one in seen.order_by("deadline", "pk")[:limit]]


def _rows(notices: QuerySet[RectificationNotice], limit: int) -> QuerySet[RectificationNotice]:
    return notices.select_related("school__organisation").order_by("pk")[:limit]


def _notice_task(notice: RectificationNotice, title: str | Promise, wanted: str | Promise, icon: str) -> Task:
    return Task(str(title), notice.school.organisation.name, wanted, notice.get_absolute_url(), icon, None)


def _supervision_task(one: Supervision) -> Task:
    hazard, due = one.hazard, None
    if one.status == Supervision.Status.PROPOSED:
        wanted = _("Decide on listed supervision")
    elif hazard.status == Hazard.Status.CLOSED:
        wanted = _("Lift the supervision")
    else:
        wanted, due = _("Supervise until it is closed"), one.deadline
    return Task(
        hazard.description, hazard.school.organisation.name, wanted, one.get_absolute_url(), "eye-exclamation", due
    )


def _check_task(check: Inspection, wanted: str, icon: str) -> Task:
    title = str(check.checklist.title)
    return Task(title, check.school.organisation.name, wanted, check.get_absolute_url(), icon, None)


for source in (
    hazards_held, checks_to_finish, extensions_to_decide, visits_to_make, handovers_to_answer, notices_to_sign,
    notices_to_number, supervision_to_act_on,
):  # fmt: skip
    register(source)
