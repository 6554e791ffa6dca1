"""What readiness expects of a school: drafts to approve, plans to review, a unit to name."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.emergency.contingency_packs import title_of
from huyuan.emergency.models import ContingencyPlan
from huyuan.policy.worklist import Task, register

# A review is announced a month ahead.
AHEAD = timedelta(days=30)


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


register(plans_to_approve)
register(plans_to_review)
