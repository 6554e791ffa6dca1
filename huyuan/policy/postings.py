"""Whoever owes that posts are held is judged anew when people take them up or leave them."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from huyuan.organisations.models import County
from huyuan.people.posting import register
from huyuan.policy.judging import touch


def follow_posts(*, county_id: int, organisations: Iterable[int], now: datetime) -> None:
    """Judge these organisations by the measure of posts."""
    county = County(pk=county_id)
    touch(county=county, measures=["people.posts_held"], organisations=organisations, on=timezone.localdate(now))


register(follow_posts)
