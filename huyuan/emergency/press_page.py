"""What the page for raising alarms shows: the classes, the schools, the numbers to call when nothing else works."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.common.reach import Permission, Reach
from huyuan.emergency.models import Incident
from huyuan.emergency.policies import AlarmClass, AlarmPolicy, policy_of
from huyuan.emergency.queries import command_centre, schools_to_press_for
from huyuan.organisations.models import County, School


@dataclass(frozen=True)
class Number:
    """Somebody to call."""

    name: str
    number: str


@dataclass(frozen=True)
class PressSchool:
    """A school for which an alarm can be raised, and whom to call about it."""

    code: str
    name: str
    own: bool
    numbers: list[Number]


@dataclass(frozen=True)
class PressPage:
    """Everything on the page."""

    classes: tuple[AlarmClass, ...]
    cancel_seconds: int
    schools: list[PressSchool]
    running: list[Incident]

    @property
    def only_school(self) -> PressSchool | None:
        """The school when there is nothing to choose."""
        return self.schools[0] if len(self.schools) == 1 else None

    def chosen(self, wanted: str) -> str:
        """The school chosen beforehand: the one that is asked for, else one's own; the police choose themselves."""
        own = next((school.code for school in self.schools if school.own), "")
        return wanted if any(school.code == wanted for school in self.schools) else own


def may_press_for(reach: Reach) -> QuerySet[School]:
    """The schools for which the acting post may raise an alarm; the rule of `check_can_press`, asked of all at once."""
    return schools_to_press_for(reach) if reach.may(Permission.ALARM_PRESS) else School.objects.none()


def running_at(reach: Reach) -> QuerySet[Incident]:
    """The incidents that run at these schools: whoever comes without being called says so there."""
    mine = Q(school__in=may_press_for(reach)) | Q(pk__in=Incident.objects.visible_to(reach))
    return Incident.objects.open().filter(mine, county_id=reach.county_id)


def policy_now(county: County, now: datetime) -> AlarmPolicy:
    """The alarm policy in force in a county."""
    return policy_of(county.adcode, timezone.localdate(now))


def press_page(reach: Reach, county: County, sign: str, now: datetime) -> PressPage:
    """What somebody sees who may raise an alarm."""
    policy = policy_now(county, now)
    found = may_press_for(reach).select_related("organisation", "station")
    centre = command_centre(county)
    shared = [Number(centre.name, centre.phone)] if centre and centre.phone else []
    schools = [
        PressSchool(
            str(one.organisation.code),
            one.organisation.name,
            one.pk == reach.organisation_id,
            _numbers(one, shared, reach),
        )
        for one in found.order_by("organisation__sort_key", "pk")
    ]
    running = running_at(reach).filter(sign=sign).select_related("school__organisation").order_by("-pk")
    return PressPage(policy.classes, policy.cancel_seconds, schools, list(running[:5]))


def _numbers(school: School, shared: list[Number], reach: Reach) -> list[Number]:
    """The station's duty phone, the command centre, the head; heads of a whole county are not kept on one phone."""
    numbers = list(shared)
    if school.station and school.station.phone:
        numbers.insert(0, Number(school.station.name, school.station.phone))
    if school.head_phone and not reach.covers_county:
        numbers.append(Number(_("Head of school: %(name)s") % {"name": school.head_name}, school.head_phone))
    return numbers
