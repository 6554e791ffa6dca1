"""Questions about checks that no single QuerySet answers."""

from datetime import date

from huyuan.common.reach import Reach
from huyuan.inspections.checklists import Checklist, current_checklists
from huyuan.inspections.models import Inspection
from huyuan.organisations.models import School


def offered_checklists(reach: Reach, today: date) -> list[Checklist]:
    """What the reader may begin: a school its own round first, until it is done for the day; agencies the joint checks."""
    lists = current_checklists(today)
    joint, alone = ([one for one in lists if one.is_joint is wanted] for wanted in (True, False))
    if not School.objects.filter(pk__in=reach.speaks_for).exists():
        return joint
    begun = Inspection.objects.filter(school_id=reach.organisation_id, started_at__date=today)
    done = set(begun.exclude(status=Inspection.Status.CANCELLED).values_list("checklist_code", flat=True))
    due = [one for one in alone if one.code not in done]
    return [*due, *joint, *(one for one in alone if one.code in done)]
