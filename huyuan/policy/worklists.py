"""What the plan expects of somebody's organisation soon, or has missed: a part of Today."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation
from huyuan.policy.queries import standing_with
from huyuan.policy.rulebook import rulebook
from huyuan.policy.states import State
from huyuan.policy.worklist import Task, register

SHOWN = 8


def duties_due(reach: Reach, today: date, limit: int) -> list[Task]:
    """The duties of one's own organisation that are at risk or missed; those who keep them see them here."""
    if not reach.may(Permission.DUTY_KEEP) or reach.organisation_id is None:
        return []
    kind = Organisation.objects.filter(pk=reach.home).values("kind")[:1]
    book = rulebook(County(pk=reach.county_id), today, bearer=kind)
    if not book.rules:
        return []
    home = Organisation.objects.select_related("school").get(pk=reach.home)
    pressing = [stand for stand in standing_with(book, home) if stand.state in (State.AT_RISK, State.MISSED)]
    pressing.sort(key=lambda stand: stand.due_on or today)
    return [
        Task(
            str(stand.rule.entry.title), str(_("Plan, clause %(clause)s") % {"clause": stand.rule.version.clause}),
            _("Do and record"), reverse("policy:duty", args=[home.code, stand.rule.entry.key]), "list-check", stand.due_on,
        )
        for stand in pressing[: min(limit, SHOWN)]
    ]  # fmt: skip


register(duties_due)
