"""The demo county in the database: organisations, schools and the calendar, through the real import of a roster."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from huyuan.audit import actions as audit
from huyuan.common.reach import Reach, system_reach
from huyuan.config.demo import places
from huyuan.config.demo.places import Place, Town
from huyuan.organisations.actions.calendar import set_calendar_day
from huyuan.organisations.actions.jurisdiction import set_central_school
from huyuan.organisations.actions.roster import apply_roster
from huyuan.organisations.models import County, Jurisdiction, Line, Organisation, OrganisationKind, School
from huyuan.organisations.roster import SchoolRow
from huyuan.people.actions.counties import make_standing_organisations, make_terms
from huyuan.people.queries import DEMO_COUNTY

CODE_PREFIX = {
    "kindergarten": "1136990", "primary": "2136990", "junior_middle": "3136990", "nine_year": "3136990",
    "senior_middle": "3436990", "vocational": "3636990", "special": "5136990",
}  # fmt: skip
MEASURES = ("closed_campus", "alarm_networked", "video_networked", "guard_post")
# Smaller ones are teaching points, which have no officers of their own.
SMALLEST_WITH_STAFF = 60
HISTORY = timedelta(days=84)


@dataclass
class Roster:
    """What was made, by name."""

    county: County
    standing: dict[str, Organisation] = field(default_factory=dict)
    stations: dict[str, Organisation] = field(default_factory=dict)
    towns: dict[str, Organisation] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)

    def schools_with_staff(self) -> list[School]:
        """Schools that have people of their own; teaching points are led by their central school."""
        return [school for school in self.schools.values() if school.pupils >= SMALLEST_WITH_STAFF]


def found(*, on: date, now: datetime, draw: random.Random) -> Roster:
    """Make the county and everything in it that does not act."""
    county = County.objects.create(
        name=places.NAME, adcode=DEMO_COUNTY, starts_on=on - HISTORY, outline=places.outline()
    )
    by = system_reach(county.pk)
    audit.record("county:found", target=county, by=by, now=now)
    roster = Roster(county, standing=make_standing_organisations(county=county))
    make_terms(county=county, day=on)
    apply_roster(county=county, rows=_rows(draw), by=by, now=now)
    _remember(roster)
    for place in places.SCHOOLS:
        if place.central:
            point, central = roster.schools[place.name], roster.schools[place.central]
            roster.schools[place.name] = set_central_school(point=point, central=central, by=by, now=now)
    _make_villages(roster)
    _write_desks(roster)
    _set_special_days(roster, on, by, now)
    return roster


def _rows(draw: random.Random) -> list[SchoolRow]:
    towns = {town.name: town for town in places.TOWNS}
    return [_row(number, place, towns[place.town], draw) for number, place in enumerate(places.SCHOOLS, 1)]


def _row(number: int, place: Place, town: Town, draw: random.Random) -> SchoolRow:
    point = places.moved(places.town_centre(town), place.east, place.north)
    measures = {name: name not in place.lacks.split() for name in MEASURES}
    return SchoolRow(
        row=number, sheet=places.NAME, name=place.name, code=f"{CODE_PREFIX[place.kind]}{number:03d}",
        kind=place.kind, town=place.town, pupils=place.pupils, boarders=place.boarders,
        staff=max(2, round(place.pupils / draw.uniform(13.0, 16.5))),
        guards=place.wanted_guards if place.guards is None else place.guards,
        station=place.station or town.station, head_name="", head_phone="", lon=point.lon, lat=point.lat,
        remark="", given=frozenset(), **measures,
    )  # fmt: skip


def _remember(roster: Roster) -> None:
    """Note what the roster made, in the order of the paper."""
    made = {organisation.name: organisation for organisation in Organisation.objects.filter(county=roster.county)}
    roster.stations = {name: made[name] for name in places.STATIONS}
    roster.towns = {town.name: made[town.name] for town in places.TOWNS}
    schools = School.objects.filter(county=roster.county)
    related = schools.select_related("organisation", "county", "town", "station", "central_school")
    roster.schools = {school.organisation.name: school for school in related.order_by("pk")}


def _make_villages(roster: Roster) -> None:
    villages = [
        Organisation.named(
            county=roster.county, kind=OrganisationKind.VILLAGE, name=name, parent=roster.towns[town]
        )
        for name, town in places.VILLAGES
    ]  # fmt: skip
    Organisation.objects.bulk_create(villages)
    Jurisdiction.objects.bulk_create(Jurisdiction(overseer=one, subject=one, line=Line.OWN) for one in villages)


def _write_desks(roster: Roster) -> None:
    """Stations stand under the bureau; every agency has a duty phone, in an exchange that does not exist; police sit somewhere."""
    security = roster.standing[OrganisationKind.SECURITY_BUREAU]
    agencies = list(Organisation.objects.filter(county=roster.county).agencies().order_by("kind", "sort_key"))
    for number, agency in enumerate(agencies):
        agency.phone = f"0799-666{number + 10:04d}"
        if agency.kind in (OrganisationKind.STATION, OrganisationKind.COMMAND_CENTRE):
            agency.parent = security
            seat = places.desk(agency.name)
            agency.lon, agency.lat = seat.lon, seat.lat
    Organisation.objects.bulk_update(agencies, ["phone", "parent", "lon", "lat"])


def _set_special_days(roster: Roster, on: date, by: Reach, now: datetime) -> None:
    """A sports day on a Saturday three weeks ago, the Monday after it off, and a day of high water at one school."""
    county, flooded = roster.county, roster.schools["清渠镇中心小学"]
    saturday = on - timedelta(days=(on.weekday() - 5) % 7 + 21)
    wet = on - timedelta(days=on.weekday() + 10)
    for school, day, works, reason in (
        (None, saturday, True, "全县中小学生运动会"),
        (None, saturday + timedelta(days=2), False, "运动会后补休"),
        (flooded, wet, False, "清渠河涨水停课一天"),
    ):
        set_calendar_day(county=county, school=school, day=day, works=works, reason=reason, by=by, now=now)
