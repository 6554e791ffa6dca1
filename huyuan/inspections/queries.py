"""Questions about hazards that no single QuerySet answers."""

from django.db.models import Q, QuerySet

from huyuan.inspections.models import HandOver, Hazard
from huyuan.organisations.models import Organisation
from huyuan.organisations.models import OrganisationKind as K

FOLLOWERS = frozenset({
    K.EDUCATION_BUREAU, K.SECURITY_BUREAU, K.CULTURE_TOURISM, K.HEALTH, K.URBAN_MANAGEMENT, K.MARKET_REGULATION,
})  # fmt: skip
HELPERS = FOLLOWERS | {K.PARTY_GROUP, K.LEADING_GROUP}


def addressees(hazard: Hazard, kind: str) -> QuerySet[Organisation]:
    """Whom a hazard can be handed to: the school's own station and town, and what works for the whole county."""
    kinds = HELPERS if kind == HandOver.Kind.COORDINATION else FOLLOWERS
    near = [hazard.school.station_id, hazard.school.town_id]
    found: QuerySet[Organisation] = Organisation.objects.filter(county_id=hazard.county_id)
    return found.filter(Q(kind__in=kinds) | Q(pk__in=[pk for pk in near if pk])).order_by("kind", "sort_key")
