"""Where schools stand is judged anew when plans, units and exercises change."""

from datetime import datetime

from django.utils import timezone

from huyuan.emergency.models import Incident
from huyuan.emergency.queries import command_centre
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import School
from huyuan.policy.judging import touch


def plan_changed(school: School, now: datetime) -> None:
    """Judge the school whose contingency plans changed."""
    touch(
        county=school.county, measures=["emergency.contingency_plans"], organisations=[school.pk],
        on=timezone.localdate(now),
    )  # fmt: skip


def unit_changed(school: School, now: datetime) -> None:
    """Judge the school whose emergency unit changed."""
    touch(county=school.county, measures=["emergency.unit"], organisations=[school.pk], on=timezone.localdate(now))


def incident_reviewed(incident: Incident, now: datetime) -> None:
    """Judge school, station and command centre by an exercise whose review is written."""
    if incident.sign != Sign.EXERCISE:
        return
    school, centre = incident.school, command_centre(incident.county)
    concerned = [school.pk, school.station_id, centre.pk if centre else None]
    touch(
        county=incident.county, measures=["emergency.exercises", "emergency.tiers"],
        organisations=[pk for pk in concerned if pk], on=timezone.localdate(incident.opened_at),
    )  # fmt: skip
