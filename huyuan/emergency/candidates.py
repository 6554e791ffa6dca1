"""Whom an incident calls, part by part, nearest to the alarm first; and who is left when somebody stays silent."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import F, FloatField
from django.db.models.functions import Power
from django.utils import timezone

from huyuan.common.geo import Point, metres_between
from huyuan.emergency.models import Call, HelpOffer, Incident, SmallSchool, UnitMember
from huyuan.emergency.policies import FrozenPolicy, Part, Speed
from huyuan.emergency.queries import command_centre, people_on_duty, place_of
from huyuan.guardposts.models import Shift
from huyuan.organisations.models import Organisation, OrganisationKind, School, Site
from huyuan.people.models import Post, User

# So many of the nearest schools are asked, and none that would need longer than twice the last clock.
NEIGHBOURS = 2
# So long a school with a real alarm of its own sends nobody away; what nobody closed keeps nobody for ever.
BUSY = timedelta(hours=1)
UNIT_ROLES = ("guard", "safety_officer", "school_head")
OTHER_STAFF = ("teacher", "counsellor")
POLICE = (OrganisationKind.STATION, OrganisationKind.SECURITY_BUREAU, OrganisationKind.COMMAND_CENTRE)


@dataclass(frozen=True)
class Candidate:
    """Somebody, or the landline of a duty desk, that can be called, and how soon they can be there."""

    part: Part
    organisation: Organisation
    user: User | None = None
    landline: str = ""
    distance: int | None = None
    predicted_seconds: int | None = None

    @property
    def key(self) -> tuple[int | None, str]:
        """What makes it the same receiver; nobody is called twice."""
        return (self.user.pk if self.user else None, self.landline)


@dataclass(frozen=True)
class Scene:
    """The incident as those who choose see it."""

    incident: Incident
    rules: FrozenPolicy
    now: datetime
    asked: dict[tuple[int, tuple[str, ...]], list[User]] = field(default_factory=dict, repr=False)

    @property
    def school(self) -> School:
        """Where it is."""
        return self.incident.school

    @cached_property
    def here(self) -> Point | None:
        """The place that people come to."""
        return place_of(self.school.pk)

    @cached_property
    def centre(self) -> Organisation | None:
        """The county's command centre."""
        return command_centre(self.incident.county)

    @cached_property
    def bureaus(self) -> list[Organisation]:
        """The county's police beside it."""
        kind, county = OrganisationKind.SECURITY_BUREAU, self.incident.county_id
        return list(Organisation.objects.filter(county_id=county, kind=kind).order_by("pk"))

    def on_duty(self, home: int, roles: Sequence[str]) -> list[User]:
        """Who is on duty in an organisation; asked once, for several parts and tiers choose among the same people."""
        key = (home, tuple(roles))
        if key not in self.asked:
            self.asked[key] = people_on_duty([home], roles, self.now)
        return self.asked[key]

    def from_seat(self, part: Part, home: Organisation, speed: float) -> Callable[[User], Candidate]:
        """Makes candidates of an agency's people: so far away as its desk, if it is known where that is."""
        seat = home.seat
        away = None if seat is None or self.here is None else metres_between(seat, self.here)
        seconds = None if away is None else travel_seconds(away, speed, self.rules.speed)
        return lambda user: Candidate(
            part, home, user, distance=None if away is None else round(away), predicted_seconds=seconds
        )


def called_at_once(part: Part, scene: Scene) -> list[Candidate]:
    """Whom a part of a tier calls in the second of the press, first to be rung first."""
    return list(FIRST[part](scene))


def held_back(parts: Iterable[Part], scene: Scene) -> Iterator[Candidate]:
    """Who is called next when somebody of these parts stays silent."""
    for part in parts:
        yield from RESERVE.get(part, nobody)(scene)


def nobody(_scene: Scene) -> Iterator[Candidate]:
    """A part without a reserve."""
    return iter(())


def unit(scene: Scene) -> Iterator[Candidate]:
    """The school's unit: who is on duty, then the others, stand-ins last; where none is named, its guards and heads.

    A school too small for a whole unit calls with it the people of the helper it has arranged.
    """
    home, ready = scene.school.organisation, scene.rules.speed.ready_seconds
    for user in unit_people(scene.school.pk, scene.now, also=scene.rules.alarm_class.highest):
        yield Candidate(Part.UNIT, home, user, distance=0, predicted_seconds=ready)
    yield from helper(scene)


def helper(scene: Scene) -> Iterator[Candidate]:
    """Who comes from the organisation that has promised to help a small school first."""
    small = SmallSchool.objects.standing().filter(school=scene.school.pk).select_related("helper").first()
    if small is None:
        return
    home = small.helper
    if home.kind == OrganisationKind.SCHOOL:
        yield from (Candidate(Part.NEIGHBOUR, home, user) for user in sent_by(home.pk, scene.now))
        return
    speed, station = scene.rules.speed, home.kind == OrganisationKind.STATION
    coming = scene.from_seat(*(Part.POLICE, home, speed.police) if station else (Part.NEIGHBOUR, home, speed.school))
    yield from map(coming, on_duty_else_posts(home, ["station_officer", "town_officer"], scene.now))


def unit_people(school_id: int, now: datetime, *, also: bool) -> list[User]:
    """The people of a unit in the order of the call; `also` adds guards, safety officers and heads it does not name."""
    members = UnitMember.objects.filter(school_id=school_id).on(timezone.localdate(now))
    on_duty = set(Shift.objects.at(now, [school_id]).values_list("user_id", flat=True))
    named = sorted(members.select_related("user"), key=lambda m: (m.stand_in, m.user_id not in on_duty, m.pk))
    people = [member.user for member in named]
    if also or not people:
        people += people_on_duty([school_id], UNIT_ROLES, now)
    return list({user.pk: user for user in people}.values())


def other_staff(scene: Scene) -> Iterator[Candidate]:
    """Everybody else of the school."""
    home, ready = scene.school.organisation, scene.rules.speed.ready_seconds
    for user in scene.on_duty(home.pk, (*UNIT_ROLES, *OTHER_STAFF)):
        yield Candidate(Part.UNIT, home, user, distance=0, predicted_seconds=ready)


def duty_line(scene: Scene) -> Iterator[Candidate]:
    """The landline of the school's station."""
    station = scene.school.station
    if station is not None and station.phone:
        yield Candidate(Part.DUTY_LINE, station, landline=station.phone)


def police(scene: Scene) -> Iterator[Candidate]:
    """Who is on duty at the school's station, without shifts everybody whose post it is; and who else is sooner there.

    Whoever is sooner comes as well and not instead: the school's own station knows the school, and may be out.
    """
    station, speed = scene.school.station, scene.rules.speed.police
    if station is not None:
        yield from map(
            scene.from_seat(Part.POLICE, station, speed), on_duty_else_posts(station, ["station_officer"], scene.now)
        )
    for other in sooner_there(scene, station):
        yield from map(scene.from_seat(Part.POLICE, other, speed), scene.on_duty(other.pk, []))


def sooner_there(scene: Scene, own: Organisation | None) -> list[Organisation]:
    """The nearest other station that is nearer than the school's own and has somebody on shift, if there is one.

    Of a station whose desk nobody has entered nothing is known; none is asked that needs longer than twice the last clock.
    """
    rules, placed = scene.rules, Organisation.objects.filter(kind=OrganisationKind.STATION, lon__isnull=False)
    away = {
        station: metres_between(station.seat, scene.here)
        for station in placed.filter(county_id=scene.school.county_id).order_by("pk") if station.seat and scene.here
    }  # fmt: skip
    farthest = away.pop(own, math.inf) if own else math.inf
    near = [
        station for station, metres in away.items()
        if metres < farthest and travel_seconds(metres, rules.speed.police, rules.speed) <= 2 * rules.seconds[5]
    ]  # fmt: skip
    if not near:
        return []
    on_duty = set(Shift.objects.at(scene.now, [one.pk for one in near]).values_list("organisation_id", flat=True))
    return sorted((one for one in near if one.pk in on_duty), key=lambda one: away[one])[:1]


def all_police(scene: Scene) -> Iterator[Candidate]:
    """The station's people who are not on duty."""
    station = scene.school.station
    if station is not None:
        people = scene.on_duty(station.pk, ["station_officer", "vice_principal"])
        yield from map(scene.from_seat(Part.POLICE, station, scene.rules.speed.police), people)


def neighbours(scene: Scene) -> Iterator[Candidate]:
    """The units of the nearest schools; each keeps a guard on duty, and one that has none sends nobody."""
    here = scene.here
    if here is None:
        return
    for site in nearest_sites(scene, here):
        distance = metres_between(here, Point(site.lon, site.lat))
        seconds = travel_seconds(distance, scene.rules.speed.school, scene.rules.speed)
        if seconds > 2 * scene.rules.seconds[5]:
            return
        for user in sent_by(site.school_id, scene.now):
            yield Candidate(
                Part.NEIGHBOUR, site.school.organisation, user, distance=round(distance), predicted_seconds=seconds
            )


def nearest_sites(scene: Scene, here: Point) -> Sequence[Site]:
    """The main sites of the nearest schools without an alarm of their own.

    Degrees of longitude are shorter than those of latitude.
    """
    squeeze = math.cos(math.radians(here.lat))
    away = Power((F("lon") - here.lon) * squeeze, 2, output_field=FloatField()) + Power(
        F("lat") - here.lat, 2, output_field=FloatField()
    )
    alarmed = Incident.objects.open().real().filter(opened_at__gt=scene.now - BUSY).values("school_id")
    others = Site.objects.filter(school__county_id=scene.school.county_id, is_main=True)
    others = others.exclude(school=scene.school).exclude(school__in=alarmed)
    return list(others.select_related("school__organisation").annotate(away=away).order_by("away", "pk")[:NEIGHBOURS])


def sent_by(school_id: int, now: datetime) -> list[User]:
    """Whom a school can send: its unit on duty without the guard who keeps the gate."""
    guards = guards_on_duty(school_id, now)
    if not guards:
        return []
    return [user for user in unit_people(school_id, now, also=False) if user.pk != guards[0].pk]


def guards_on_duty(school_id: int, now: datetime) -> list[User]:
    """The guards at a school's gate now: by shift, and where none is kept by post."""
    shifts = Shift.objects.at(now, [school_id]).filter(duty=Shift.Duty.GATE)
    at_gate = [shift.user for shift in shifts.select_related("user").order_by("starts_at", "pk")]
    if at_gate or Shift.objects.at(now, [school_id]).exists():
        return at_gate
    posts = Post.objects.held_on(timezone.localdate(now)).filter(organisation_id=school_id, role="guard")
    return [post.user for post in posts.select_related("user").order_by("pk")]


def volunteers(scene: Scene) -> Iterator[Candidate]:
    """Who has agreed to be called to this school or in its town."""
    offers = HelpOffer.objects.standing().filter(
        organisation_id__in=[scene.school.pk, scene.school.town_id], user__is_active=True
    )
    for offer in offers.select_related("user", "organisation").order_by("pk"):
        yield Candidate(Part.VOLUNTEER, offer.organisation, offer.user)


def command_line(scene: Scene) -> Iterator[Candidate]:
    """The landline of the command centre."""
    centre = scene.centre
    if centre is not None and centre.phone:
        yield Candidate(Part.COMMAND_LINE, centre, landline=centre.phone)


def command(scene: Scene) -> Iterator[Candidate]:
    """Who is on duty in the command centre; without shifts every commander."""
    centre = scene.centre
    if centre is not None:
        for user in on_duty_else_posts(centre, ["commander"], scene.now):
            yield Candidate(Part.COMMAND, centre, user)


def all_command(scene: Scene) -> Iterator[Candidate]:
    """Every commander, and the county's police."""
    for home in [*([scene.centre] if scene.centre else []), *scene.bureaus]:
        for user in scene.on_duty(home.pk, ["commander", "police_officer"]):
            yield Candidate(Part.COMMAND, home, user)


def patrols(scene: Scene) -> Iterator[Candidate]:
    """Who is on patrol anywhere in the county, those of the nearest desk first; where a patrol is now nobody knows yet."""
    homes = Organisation.objects.filter(county_id=scene.incident.county_id, kind__in=POLICE)
    shifts = Shift.objects.at(scene.now, homes.values_list("pk", flat=True)).filter(duty=Shift.Duty.PATROL)
    found = [
        scene.from_seat(Part.PATROL, shift.organisation, scene.rules.speed.patrol)(shift.user)
        for shift in shifts.select_related("user", "organisation").order_by("starts_at", "pk")
    ]
    yield from sorted(found, key=lambda one: math.inf if one.distance is None else one.distance)


def on_duty_else_posts(home: Organisation, roles: Sequence[str], now: datetime) -> list[User]:
    """The people of the shift at the desk or out; where there is none, those whose post it is."""
    on_shift = people_on_duty([home.pk], [], now)
    posts = Post.objects.held_on(timezone.localdate(now)).filter(organisation=home, role__in=roles)
    return on_shift or [post.user for post in posts.select_related("user").order_by("pk")]


def travel_seconds(distance: float, speed: float, rule: Speed) -> int:
    """Until somebody is there: setting out, then a straight line."""
    return round(rule.ready_seconds + distance / speed)


Choose = Callable[[Scene], Iterator[Candidate]]
FIRST: dict[Part, Choose] = {
    Part.UNIT: unit, Part.DUTY_LINE: duty_line, Part.POLICE: police, Part.NEIGHBOUR: neighbours,
    Part.VOLUNTEER: volunteers, Part.COMMAND_LINE: command_line, Part.COMMAND: command, Part.PATROL: patrols,
}  # fmt: skip
RESERVE: dict[Part, Choose] = {Part.UNIT: other_staff, Part.POLICE: all_police, Part.COMMAND: all_command}


def call_of(candidate: Candidate, *, incident: Incident, rank: int, now: datetime) -> Call:
    """The call of a candidate, not saved yet; a landline cannot arrive and is not counted."""
    return Call(
        incident=incident, user=candidate.user, organisation=candidate.organisation, part=candidate.part.value,
        landline=candidate.landline, rank=rank, counts=candidate.user is not None,
        distance=candidate.distance, predicted_seconds=candidate.predicted_seconds, called_at=now,
    )  # fmt: skip
