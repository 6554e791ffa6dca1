"""What emergencies expect of somebody: alarms that come too often, plans to approve and review, incidents to look back at."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.emergency.contingency_packs import title_of
from huyuan.emergency.models import ContingencyPlan, Finding, Incident, Press
from huyuan.emergency.policies import policy_of
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import County, School
from huyuan.policy.worklist import Task, register

# A review is announced a month ahead.
AHEAD = timedelta(days=30)


def schools_alarming_often(reach: Reach, today: date, limit: int) -> list[Task]:
    """Schools with more alarms of a low class than the county's policy allows for: why, before nobody listens any more.

    For the school itself and its station; each alarm is answered all the same.
    """
    if not reach.may(Permission.INCIDENT_COMMAND) or reach.covers_county:
        return []
    policy = policy_of(County.objects.values_list("adcode", flat=True).get(pk=reach.county_id), today)
    low = [entry.key for entry in policy.classes if not entry.highest]
    days = policy.low_class_limit.days
    since = timezone.make_aware(datetime.combine(today - timedelta(days=days), time.min))
    presses = Press.objects.filter(
        school_id__in=reach.subjects | reach.speaks_for, sign=Sign.REAL, alarm_class__in=low, received_at__gte=since
    )
    counted = presses.values("school_id").annotate(alarms=Count("pk"))
    often = {
        row["school_id"]: row
        for row in counted.filter(alarms__gte=policy.low_class_limit.alarms).order_by("-alarms")[:limit]
    }
    schools = School.objects.select_related("organisation").in_bulk(list(often))
    return [
        Task(
            str(_("%(count)s alarms of a low class within %(days)s days") % {"count": row["alarms"], "days": days}),
            schools[pk].organisation.name, _("Find out why, and train or move the button"),
            reverse("web:school", args=[schools[pk].organisation.code]), "bell-exclamation", None,
        )
        for pk, row in often.items()
    ]  # fmt: skip


def plans_to_approve(reach: Reach, today: date, limit: int) -> list[Task]:
    """Drafts that wait for the head of school."""
    if not reach.may(Permission.CONTINGENCY_APPROVE):
        return []
    drafts = ContingencyPlan.objects.visible_to(reach).filter(
        status=ContingencyPlan.Status.DRAFT, school_id__in=reach.speaks_for
    )
    rows = drafts.select_related("school__organisation").order_by("pk")[:limit]
    return [_task(plan, today, _("Approve the contingency plan"), None) for plan in rows]


def plans_to_review(reach: Reach, today: date, limit: int) -> list[Task]:
    """Plans in force whose review is near or overdue."""
    if not reach.may(Permission.CONTINGENCY_APPROVE):
        return []
    due = (
        ContingencyPlan.objects.visible_to(reach)
        .approved()
        .filter(school_id__in=reach.speaks_for, review_by__lte=today + AHEAD)
    )
    rows = due.select_related("school__organisation").order_by("review_by", "pk")[:limit]
    return [_task(plan, today, _("Review the contingency plan"), plan.review_by) for plan in rows]


def _task(plan: ContingencyPlan, today: date, wanted: object, due: date | None) -> Task:
    title, school = title_of(plan.kind, today), plan.school.organisation.name
    return Task(title, school, str(wanted), plan.get_absolute_url(), "book-2", due)


def reviews_to_close(reach: Reach, today: date, limit: int) -> list[Task]:
    """Cleared incidents of one's own school, or under one's own command, that nobody has looked back at."""
    if not reach.may(Permission.INCIDENT_COMMAND):
        return []
    cleared = Incident.objects.visible_to(reach).filter(status=Incident.Status.CLEARED)
    mine = cleared.filter(school_id__in=reach.speaks_for) | cleared.filter(command_id=reach.home)
    return [
        Task(
            str(incident.alarm.title), f"{incident.get_sign_display()} · {incident.school.organisation.name}",
            _("Look back and close the review"), reverse("emergency:review", args=[incident.code]), "history", None,
        )
        for incident in mine.select_related("school__organisation").order_by("pk")[:limit]
    ]  # fmt: skip


def findings_to_settle(reach: Reach, today: date, limit: int) -> list[Task]:
    """Tasks that a review gave to one's organisation."""
    if not reach.may(Permission.INCIDENT_READ):
        return []
    mine = Finding.objects.visible_to(reach).filter(task_for_id__in=reach.speaks_for, done_at=None)
    return [
        Task(
            finding.text, f"{finding.incident.get_sign_display()} · {finding.incident.school.organisation.name}",
            _("Do it and say so"),
            reverse("emergency:review", args=[finding.incident.code]), "checklist", finding.task_due,
        )
        for finding in mine.select_related("incident__school__organisation").order_by("task_due", "pk")[:limit]
    ]  # fmt: skip


for source in (schools_alarming_often, plans_to_approve, plans_to_review, reviews_to_close, findings_to_settle):
    register(source)
