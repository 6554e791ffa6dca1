"""Units are judged anew when people take up or leave the posts that make them the school's people."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from huyuan.organisations.models import County, School
from huyuan.people.posting import register
from huyuan.policy.judging import touch


def follow_posts(*, county_id: int, organisations: Iterable[int], now: datetime) -> None:
    """Judge the units of these schools, and of the teaching points under them."""
    homes = list(organisations)
    schools = School.objects.filter(Q(pk__in=homes) | Q(central_school_id__in=homes))
    concerned = list(schools.values_list("pk", flat=True))
    touch(county=County(pk=county_id), measures=["emergency.unit"], organisations=concerned, on=timezone.localdate(now))


register(follow_posts)
