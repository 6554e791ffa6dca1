"""What incidents expect of somebody: reviews to close, tasks that findings have become."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.emergency.models import Finding, Incident
from huyuan.policy.worklist import Task, register


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
            finding.text, finding.incident.school.organisation.name, _("Do it and say so"),
            reverse("emergency:review", args=[finding.incident.code]), "checklist", finding.task_due,
        )
        for finding in mine.select_related("incident__school__organisation").order_by("task_due", "pk")[:limit]
    ]  # fmt: skip


register(reviews_to_close)
register(findings_to_settle)
