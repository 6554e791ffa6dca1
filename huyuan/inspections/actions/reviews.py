"""Hazards that a look back at something brought to light, without a check."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Invalid
from huyuan.common.reach import Reach
from huyuan.inspections.actions.audience import tell, the_agency
from huyuan.inspections.actions.hazards import index_hazards
from huyuan.inspections.actions.recurrence import link_recurrences
from huyuan.inspections.actions.standing import hazard_changed
from huyuan.inspections.models import Hazard
from huyuan.inspections.permissions import check_can_report
from huyuan.organisations.models import Organisation, OrganisationKind, School


@transaction.atomic
def register_hazard(*, school: School, category: str, place: str, description: str, by: Reach, now: datetime) -> Hazard:
    """Register a hazard found in a review; whoever follows the school is asked to order what is required."""
    check_can_report(by, school)
    if not description.strip():
        raise Invalid(_("Say what can hurt somebody."))
    agency = follower_of(school)
    hazard = Hazard(
        county_id=school.county_id, school=school, origin=Hazard.Origin.REVIEW, category=category, place=place,
        description=description.strip()[:500], level=Hazard.Level.GENERAL, agency=agency, holder=agency,
        found_on=timezone.localdate(now), found_by_id=by.person,
    )  # fmt: skip
    link_recurrences([hazard])
    hazard.save()
    hazard_changed(hazard, now)
    audit.record("hazard:register", target=hazard, by=by, now=now, level=hazard.level)
    index_hazards([hazard])
    tell("hazard:review", hazard, the_agency(hazard, now), by, now)
    return hazard


def follower_of(school: School) -> Organisation:
    """The organisation that follows what happens at a school: its station, else the education bureau."""
    bureaux = Organisation.objects.filter(county_id=school.county_id, kind=OrganisationKind.EDUCATION_BUREAU)
    agency = school.station or bureaux.order_by("pk").first()
    if agency is None:
        raise Invalid(_("This school has neither a police station nor an education bureau that could confirm it."))
    return agency
