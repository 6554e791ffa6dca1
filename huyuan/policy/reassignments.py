"""A station that gains or loses schools is judged anew, with the schools themselves."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from huyuan.common.reach import Reach
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.organisations.reassignment import register, register_joining
from huyuan.policy.judging import touch


def follow_schools(*, schools: Sequence[School], by: Reach, now: datetime) -> None:
    """Judge the schools and every station of their county by all that binds them."""
    if not schools:
        return
    county = schools[0].county
    stations = Organisation.objects.filter(county=county, kind=OrganisationKind.STATION).values_list("pk", flat=True)
    touched = [*(school.pk for school in schools), *stations]
    touch(county=county, measures=None, organisations=touched, on=timezone.localdate(now))


register(follow_schools)
register_joining(follow_schools)
