"""The smallest emergency unit of a school: whether it is whole now, who is missing, who is nearest to help."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from huyuan.common.geo import Point, metres_between
from huyuan.emergency.models import SmallSchool, UnitMember
from huyuan.emergency.policies import UnitPart, policy_of
from huyuan.guardposts.models import Shift
from huyuan.guardposts.queries import on_duty
from huyuan.organisations.calendar import working_days
from huyuan.organisations.models import County, Organisation, OrganisationKind, School, Site
from huyuan.people.models import Post, User

# When a school's people are there by their posts, unless shifts say otherwise: a default, as schools' hours are not entered.
OPENS, CLOSES = time(7), time(18)
# The parts whose hours are kept as shifts.
DUTY_OF = {UnitPart.GUARD: Shift.Duty.GATE, UnitPart.LEADER: Shift.Duty.LEADER}
NEIGHBOURS = 2


@dataclass(frozen=True)
class Present:
    """A member of a unit, and whether they are at the school now."""

    member: UnitMember
    here: bool
    by_shift: bool


@dataclass(frozen=True)
class PartNow:
    """One part of the unit: how many are needed, who has it, who of them is here."""

    part: UnitPart
    needed: int
    people: list[Present]

    @property
    def label(self) -> str:
        """The part in the reader's language."""
        return str(UnitMember.Part(self.part).label)

    @property
    def here(self) -> int:
        """How many are here, stand-ins too."""
        return sum(one.here for one in self.people)

    @property
    def short(self) -> int:
        """How many are missing now."""
        return max(0, self.needed - self.here)

    @property
    def away(self) -> list[Present]:
        """The members, not the stand-ins, who are not here."""
        return [one for one in self.people if not one.here and not one.member.stand_in]


@dataclass(frozen=True)
class Unit:
    """The unit of a school at a moment."""

    school: School
    parts: list[PartNow]
    is_open: bool
    small: SmallSchool | None
    silent: list[Shift.Duty] = field(default_factory=list)

    @property
    def named(self) -> bool:
        """Whether anybody is named at all."""
        return any(part.people for part in self.parts)

    @property
    def missing(self) -> list[PartNow]:
        """The parts that are short of people now."""
        return [part for part in self.parts if part.short]

    @property
    def here(self) -> int:
        """How many of its people are here."""
        return sum(part.here for part in self.parts)

    @property
    def needed(self) -> int:
        """How many it needs."""
        return sum(part.needed for part in self.parts)

    @property
    def state(self) -> str:
        """Whole, short of somebody, small by arrangement, not named, or closed: nobody is at school."""
        if self.small is not None:
            return "small"
        if not self.named:
            return "unnamed"
        if not self.is_open:
            return "closed"
        return "short" if self.missing else "whole"


def in_school_hours(works: bool, now: datetime) -> bool:
    """Whether pupils and staff are at school by the usual hours."""
    return works and OPENS <= timezone.localtime(now).time() < CLOSES


def units_of(county: County, schools: Iterable[School], now: datetime) -> list[Unit]:
    """The units of some schools of a county now, in four queries whatever their number."""
    wanted, today = {school.pk: school for school in schools}, timezone.localdate(now)
    members: dict[int, list[UnitMember]] = {pk: [] for pk in wanted}
    rows = UnitMember.objects.filter(school_id__in=wanted).on(today).select_related("user")
    for member in rows.order_by("stand_in", "pk"):
        members[member.school_id].append(member)
    small = {
        one.school_id: one
        for one in SmallSchool.objects.standing().filter(school_id__in=wanted).select_related("helper")
    }
    homes = {pk: (pk, school.central_school_id or pk) for pk, school in wanted.items()}
    shifts = on_duty({home for pair in homes.values() for home in pair}, now)
    working = in_school_hours(working_days(county).works(today), now)
    needs = policy_of(county.adcode, today).unit
    return [
        _unit(school, members[pk], [one for home in dict.fromkeys(homes[pk]) for one in shifts[home]], working,
              small.get(pk), needs)
        for pk, school in wanted.items()
    ]  # fmt: skip


def _unit(
    school: School, members: list[UnitMember], shifts: list[Shift], working: bool, small: SmallSchool | None,
    needs: Mapping[UnitPart, int],
) -> Unit:  # fmt: skip
    """One school's unit: who is on a shift is here; in school hours everybody is whose duty nobody was entered for."""
    on_shift, duties = {shift.user_id for shift in shifts}, {shift.duty for shift in shifts}
    parts = []
    for part in UnitPart:
        people = [
            Present(
                member, by_shift=member.user_id in on_shift,
                here=member.user_id in on_shift or (working and DUTY_OF.get(part) not in duties),
            )
            for member in members if member.part == part
        ]  # fmt: skip
        if people or needs.get(part):
            parts.append(PartNow(part, needs.get(part, 0), people))
    silent = [duty for duty in DUTY_OF.values() if duty not in duties]
    return Unit(school, parts, working or bool(shifts) or school.boarders > 0, small, silent)


def unit_of_school(school: School, now: datetime) -> Unit:
    """The unit of one school now."""
    return units_of(school.county, [school], now)[0]


@dataclass(frozen=True)
class Help:
    """Who can come from near by: an organisation, how far it is, and the people to ask for by name."""

    organisation: Organisation
    metres: int | None
    people: list[User]
    arranged: bool


def nearest_help(unit: Unit, now: datetime) -> list[Help]:
    """The arranged helper first, then the nearest schools with people of their units there now, and the station."""
    school = unit.school
    places = _places(school.county)
    here = places.get(school.pk)
    near = sorted(
        (pk for pk in places if pk != school.pk),
        key=lambda pk: metres_between(here, places[pk]) if here else 0,
    )[: NEIGHBOURS * 4] if here else []  # fmt: skip
    arranged = unit.small.helper if unit.small else None
    schools = School.objects.filter(pk__in={*near, *([arranged.pk] if arranged else [])})
    units = units_of(school.county, schools.select_related("organisation", "county"), now)
    by_school = {one.school.pk: one for one in units}
    found = [arranged] if arranged else []
    ready = [pk for pk in near if pk in by_school and by_school[pk].here > 1]
    found += [by_school[pk].school.organisation for pk in ready[:NEIGHBOURS]]
    found += [school.station] if school.station else []
    distances = {pk: round(metres_between(here, point)) for pk, point in places.items()} if here else {}
    duty = on_duty([school.station_id] if school.station_id else [], now)
    helps: dict[int, Help] = {}
    for home in found:
        people = _who_comes(home, by_school.get(home.pk), duty, now)
        helps.setdefault(home.pk, Help(home, distances.get(home.pk), people, home == arranged))
    return list(helps.values())


def _who_comes(home: Organisation, unit: Unit | None, duty: dict[int, list[Shift]], now: datetime) -> list[User]:
    """Of a school the people of its unit who are there; of a station who is on duty, else its officers."""
    if unit is not None:
        return [one.member.user for part in unit.parts for one in part.people if one.here][:3]
    if duty.get(home.pk):
        return [shift.user for shift in duty[home.pk]]
    if home.kind != OrganisationKind.STATION:
        return []
    posts = Post.objects.held_on(timezone.localdate(now)).filter(organisation=home, role="station_officer")
    return [post.user for post in posts.select_related("user").order_by("pk")[:2]]


def _places(county: County) -> dict[int, Point]:
    """Where the schools of a county stand."""
    sites = Site.objects.filter(school__county=county, is_main=True).values_list("school_id", "lon", "lat")
    return {pk: Point(lon, lat) for pk, lon, lat in sites}


def staff_of(school: School, on: date) -> QuerySet[User, Any]:
    """Who can be in the unit of a school: its people, and for a teaching point those of its central school."""
    homes = [pk for pk in (school.pk, school.central_school_id) if pk]
    posts = Post.objects.held_on(on).filter(organisation_id__in=homes).exclude(role="volunteer")
    people: QuerySet[User, Any] = User.objects.filter(pk__in=posts.values("user_id")).order_by("sort_key", "pk")
    return people
