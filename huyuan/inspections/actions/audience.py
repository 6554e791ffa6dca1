"""What every act on a hazard begins and ends with: the row locked, and the people told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from huyuan.common.reach import Permission, Reach
from huyuan.inspections.models import Hazard
from huyuan.notifications import actions as notifications
from huyuan.people.models import User
from huyuan.people.queries import speakers_for


def locked(hazard: Hazard) -> Hazard:
    """The hazard as it is now, held until the transaction ends."""
    rows = Hazard.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school__organisation", "county").get(pk=hazard.pk)


@dataclass(frozen=True)
class Audience:
    """Whom an act is told to: people, and the organisation whose group robots repeat it."""

    people: list[User]
    organisation_id: int | None


def the_school(hazard: Hazard, now: datetime) -> Audience:
    """Whoever answers for it at the school, with the responsible person."""
    people = speakers_for(hazard.school_id, Permission.HAZARD_RECTIFY, timezone.localdate(now))
    return Audience([*people, hazard.responsible] if hazard.responsible else people, hazard.school_id)


def the_agency(hazard: Hazard, now: datetime) -> Audience:
    """Whoever answers for the agency that follows it."""
    return the_organisation(hazard.agency_id, now)


def the_organisation(organisation_id: int, now: datetime) -> Audience:
    """Whoever answers for an agency, a department or a town what is handed over."""
    people = speakers_for(organisation_id, Permission.HAZARD_ANSWER, timezone.localdate(now))
    return Audience(people, organisation_id)


def tell(kind: str, hazard: Hazard, to: Audience, by: Reach, now: datetime, **facts: Any) -> None:
    """Queue a message about the hazard, in the words of the notice of this kind."""
    actor = User.objects.get(pk=by.person).name
    school = hazard.school.organisation.name
    notifications.queue(
        kind, to=to.people, organisation_id=to.organisation_id, by=by, now=now, url=hazard.get_absolute_url(),
        actor=actor, school=school, hazard=hazard.description[:60], **facts,
    )  # fmt: skip
