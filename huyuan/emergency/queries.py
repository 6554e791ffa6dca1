"""Questions about people, places and plans in an emergency that no single QuerySet answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from huyuan.common.geo import Point
from huyuan.common.reach import Reach
from huyuan.emergency.contingency import frozen_plan
from huyuan.emergency.policies import AlarmClass
from huyuan.guardposts.models import Shift
from huyuan.organisations.models import County, Organisation, OrganisationKind, School, Site
from huyuan.people.models import Post, User


def plan_for(school: School, alarm: AlarmClass, now: datetime) -> dict[str, Any]:
    """What an incident keeps of the plan for its class of alarm: the approved one, else the template, marked as such."""
    return frozen_plan(school, alarm.plan, timezone.localdate(now))


def command_centre(county: County) -> Organisation | None:
    """The county's command centre."""
    return Organisation.objects.filter(county=county, kind=OrganisationKind.COMMAND_CENTRE).order_by("pk").first()


def people_on_duty(organisation_ids: Iterable[int], roles: Iterable[str], now: datetime) -> list[User]:
    """Who is on duty in these organisations: those of the shift, before those whose post it is."""
    wanted = list(organisation_ids)
    on_shift = list(Shift.objects.at(now, wanted).select_related("user").order_by("starts_at", "pk"))
    posts = Post.objects.held_on(timezone.localdate(now)).filter(organisation_id__in=wanted, role__in=list(roles))
    people = [shift.user for shift in on_shift] + [post.user for post in posts.select_related("user").order_by("pk")]
    return list({user.pk: user for user in people}.values())


def schools_to_press_for(reach: Reach) -> QuerySet[School]:
    """The schools somebody may raise an alarm for: their own, those in their charge, all of a county-wide post."""
    schools = School.objects.filter(county_id=reach.county_id)
    if reach.covers_county:
        return schools
    return schools.filter(Q(organisation_id=reach.home) | Q(organisation_id__in=reach.subjects))


def place_of(school_id: int) -> Point | None:
    """Where a school stands."""
    site = Site.objects.filter(school_id=school_id, is_main=True).first()
    return Point(site.lon, site.lat) if site else None
