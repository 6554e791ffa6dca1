"""Questions about checks and hazards that no single QuerySet answers."""

from datetime import date

from django.db.models import Q, QuerySet

from huyuan.common.reach import Reach
from huyuan.inspections.checklists import Checklist, current_checklists
from huyuan.inspections.models import HandOver, Hazard, Inspection
from huyuan.organisations.models import Organisation, School
from huyuan.organisations.models import OrganisationKind as K

FOLLOWERS = frozenset({
    K.EDUCATION_BUREAU, K.SECURITY_BUREAU, K.CULTURE_TOURISM, K.HEALTH, K.URBAN_MANAGEMENT, K.MARKET_REGULATION,
})  # fmt: skip
HELPERS = FOLLOWERS | {K.PARTY_GROUP, K.LEADING_GROUP}


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


def addressees(hazard: Hazard, kind: str) -> QuerySet[Organisation]:
    """Whom a hazard can be handed to: the school's own station and town, and what works for the whole county."""
    kinds = HELPERS if kind == HandOver.Kind.COORDINATION else FOLLOWERS
    near = [hazard.school.station_id, hazard.school.town_id]
    found: QuerySet[Organisation] = Organisation.objects.filter(county_id=hazard.county_id)
    return found.filter(Q(kind__in=kinds) | Q(pk__in=[pk for pk in near if pk])).order_by("kind", "sort_key")
