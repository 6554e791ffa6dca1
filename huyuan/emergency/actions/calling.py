"""Calling: everybody of all tiers in the second of the press, the next person after a silent one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from huyuan.emergency.actions.log import write_log
from huyuan.emergency.actions.paging import page_calls
from huyuan.emergency.models import Call, Incident, Tier, UnitMember
from huyuan.emergency.policies import Part
from huyuan.emergency.queries import command_centre, people_on_duty
from huyuan.organisations.models import Organisation
from huyuan.people.models import User

SCHOOL_ROLES = ("guard", "safety_officer", "school_head")


def unit_of(incident: Incident, now: datetime) -> list[User]:
    """The people of the school's smallest emergency unit; where none is named, its guards, safety officer and head."""
    members = UnitMember.objects.filter(school=incident.school).on(timezone.localdate(now))
    named = [member.user for member in members.select_related("user").order_by("stand_in", "pk")]
    return named or people_on_duty([incident.school_id], SCHOOL_ROLES, now)


def called_as(part: Part, tier: Tier, incident: Incident, now: datetime) -> list[Call]:
    """The calls of one part of a tier, not saved yet."""
    home: Organisation | None
    if part is Part.UNIT:
        home, people = incident.school.organisation, unit_of(incident, now)
    elif part in (Part.POLICE, Part.DUTY_LINE):
        home = incident.school.station
        people = people_on_duty([home.pk], ["station_officer"], now) if home else []
    elif part in (Part.COMMAND, Part.COMMAND_LINE):
        home = command_centre(incident.county)
        people = people_on_duty([home.pk], ["commander"], now) if home else []
    else:
        home, people = None, []
    if home is None:
        return []
    shared = {"incident": incident, "tier": tier, "organisation": home, "part": part.value, "called_at": now}
    if part in (Part.DUTY_LINE, Part.COMMAND_LINE):
        return [Call(landline=home.phone, counts=False, **shared)] if home.phone else []
    return [Call(user=user, rank=rank, **shared) for rank, user in enumerate(people)]


@transaction.atomic
def call_tiers(*, incident: Incident, now: datetime) -> list[Call]:
    """Call all tiers at once; whoever is called already is not called again."""
    incident = Incident.objects.select_for_update(of=("self",), no_key=True).select_related(
        "school__organisation", "school__station", "county"
    ).get(pk=incident.pk)  # fmt: skip
    known: set[tuple[int | None, str]] = set(incident.calls.values_list("user_id", "landline"))
    made: list[Call] = []
    for tier in incident.tiers.all():
        for part in incident.alarm.tiers[tier.minute].parts:
            for call in called_as(part, tier, incident, now):
                if (call.user_id, call.landline) not in known:
                    known.add((call.user_id, call.landline))
                    made.append(call)
    calls = Call.objects.bulk_create(made)
    page_calls(calls=calls, incident=incident, now=now)
    for tier in incident.tiers.all():
        count = sum(call.tier_id == tier.pk for call in calls)
        write_log("called", incident=incident, now=now, minute=tier.minute, count=count)
    return calls
