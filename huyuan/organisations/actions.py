"""Writing what organisations are: the roster of a county, who reaches whom, the calendar."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.audit import actions as audit
from huyuan.common.copying import copy_new
from huyuan.common.errors import Denied
from huyuan.common.pinyin import sort_key
from huyuan.common.reach import Reach
from huyuan.common.sheets import RowProblem, say
from huyuan.organisations.models import (
    CalendarDay,
    County,
    Jurisdiction,
    Line,
    Organisation,
    OrganisationKind,
    School,
    Site,
)
from huyuan.organisations.permissions import check_can_edit_calendar, check_can_import_schools
from huyuan.organisations.roster import SchoolRow, station_key, town_key
from huyuan.organisations.roster.names import school_key
from huyuan.search import actions as search

Progress = Callable[[int, int], None]
SAME_NAME = _(
    "“%(name)s” in %(town)s is known under the code %(code)s. Correct the code, or rename one of the schools."
)
PLAIN_FIELDS = (
    "pupils", "boarders", "staff", "guards", "closed_campus", "alarm_networked", "video_networked", "guard_post",
    "head_name", "head_phone", "remark",
)  # fmt: skip
GIVEN_BY = {"pupils": {"pupils", "boys", "girls"}}
SAME_PLACE = 1e-6
STEP = 1_000


@dataclass
class Outcome:
    """What a roster changed, and the rows that contradict what is known."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    changes: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass
class _Known:
    """The county as it stands before the roster is written."""

    county: County
    towns: dict[str, Organisation]
    stations: dict[str, Organisation]
    schools: dict[str, School]
    sites: dict[int, Site]
    names: dict[tuple[str, int], str]


@transaction.atomic
def apply_roster(
    *, county: County, rows: Sequence[SchoolRow], by: Reach, now: datetime, progress: Progress | None = None
) -> Outcome:
    """Create and update the schools of a roster; the same roster again changes nothing.

    Towns and stations that are not known yet are made, known ones are matched in their several spellings. Two rosters
    at once wait for each other at the county's row.
    """
    check_can_import_schools(by)
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    known, outcome = _what_is_known(county), Outcome()
    _make_places(known, rows)
    new: list[tuple[SchoolRow, School]] = []
    changed: list[School] = []
    for number, row in enumerate(rows, 1):
        _settle(row, known, outcome, new, changed)
        if progress is not None and number % STEP == 0:
            progress(number, len(rows))
    _write_new(new)
    _write_changed(changed)
    touched = [*(school for _row, school in new), *changed]
    refresh_jurisdiction(county=county, schools=touched)
    index_schools(touched, today=timezone.localdate(now))
    audit.record_all("school:create", targets=[s.organisation for _row, s in new], by=by, now=now)
    audit.record_all("school:update", targets=[s.organisation for s in changed], by=by, now=now)
    audit.record("roster:apply", target=county, by=by, now=now, created=outcome.created, updated=outcome.updated)
    if progress is not None:
        progress(len(rows), len(rows))
    return outcome


def _what_is_known(county: County) -> _Known:
    organisations = county.organisations.filter(kind__in=[OrganisationKind.TOWN, OrganisationKind.STATION])
    schools = list(School.objects.filter(county=county).select_related("organisation"))
    sites = Site.objects.filter(school__county=county, is_main=True)
    return _Known(
        county,
        {town_key(one.name): one for one in organisations if one.kind == OrganisationKind.TOWN},
        {station_key(one.name): one for one in organisations if one.kind == OrganisationKind.STATION},
        {school.identifier: school for school in schools},
        {site.school_id: site for site in sites},
        {(school_key(school.organisation.name), school.town_id): school.identifier for school in schools},
    )


def _make_places(known: _Known, rows: Sequence[SchoolRow]) -> None:
    for kind, key_of, found, names in (
        (OrganisationKind.TOWN, town_key, known.towns, {row.town: None for row in rows}),
        (OrganisationKind.STATION, station_key, known.stations, {row.station: None for row in rows if row.station}),
    ):
        missing = [
            Organisation.named(county=known.county, kind=kind, name=name) for name in names if key_of(name) not in found
        ]
        copy_new(missing)
        Jurisdiction.objects.bulk_create(Jurisdiction(overseer=one, subject=one, line=Line.OWN) for one in missing)
        found.update({key_of(one.name): one for one in missing})


def _settle(
    row: SchoolRow, known: _Known, outcome: Outcome, new: list[tuple[SchoolRow, School]], changed: list[School]
) -> None:
    """Decide what a row means: a new school, a change, nothing, or a contradiction that a person must settle."""
    town = known.towns[town_key(row.town)]
    station = known.stations[station_key(row.station)] if row.station else None
    code = known.names.get((school_key(row.name), town.pk))
    if code is not None and code != row.code:
        reason = say(SAME_NAME, name=row.name, town=town.name, code=code)
        outcome.problems.append(RowProblem(row.row, "code", reason, row.code, row.sheet))
        return
    school = known.schools.get(row.code)
    if school is None:
        organisation = Organisation.named(county=known.county, kind=OrganisationKind.SCHOOL, name=row.name)
        figures = {name: getattr(row, name) for name in PLAIN_FIELDS}
        school = School(organisation=organisation, county=known.county, identifier=row.code, kind=row.kind, town=town,
                        station=station, **figures)  # fmt: skip
        known.names[school_key(row.name), town.pk] = row.code
        new.append((row, school))
        outcome.created += 1
        return
    differs = _take_over(row, school, town, station) + _move(row, school, known.sites)
    if differs:
        changed.append(school)
        outcome.updated += 1
        outcome.changes.append((row.name, differs))
    else:
        outcome.unchanged += 1


def _take_over(row: SchoolRow, school: School, town: Organisation, station: Organisation | None) -> list[str]:
    """Put the row's values on the school, only of columns the sheet has; answers which differed."""
    wanted: dict[str, object] = {
        name: getattr(row, name) for name in PLAIN_FIELDS if GIVEN_BY.get(name, {name}) & row.given
    }
    wanted |= {"kind": row.kind, "town": town} | ({"station": station} if "station" in row.given else {})
    differs = [name for name, value in wanted.items() if getattr(school, name) != value]
    for name in differs:
        setattr(school, name, wanted[name])
    if school.organisation.name != row.name:
        school.organisation.name, school.organisation.sort_key = row.name, sort_key(row.name)
        differs.append("name")
    return differs


def _move(row: SchoolRow, school: School, sites: dict[int, Site]) -> list[str]:
    if row.lon is None or row.lat is None:
        return []
    site = sites.get(school.pk)
    if site and abs(site.lon - row.lon) < SAME_PLACE and abs(site.lat - row.lat) < SAME_PLACE:
        return []
    Site.objects.update_or_create(
        school=school, is_main=True, defaults={"lon": row.lon, "lat": row.lat, "name": row.name}
    )
    return ["place"]


def _write_new(new: Sequence[tuple[SchoolRow, School]]) -> None:
    copy_new([school.organisation for _row, school in new])
    for _row, school in new:
        school.organisation_id = school.organisation.pk
    copy_new([school for _row, school in new])
    copy_new([
        Site(school=school, name=row.name[:60], lon=row.lon, lat=row.lat)
        for row, school in new if row.lon is not None and row.lat is not None
    ])  # fmt: skip


def _write_changed(changed: Sequence[School]) -> None:
    School.objects.bulk_update(changed, [*PLAIN_FIELDS, "kind", "town", "station"], batch_size=500)
    Organisation.objects.bulk_update([school.organisation for school in changed], ["name", "sort_key"], batch_size=500)


@transaction.atomic
def refresh_jurisdiction(*, county: County, schools: Sequence[School]) -> None:
    """Write anew who reaches these schools: themselves, their town, their station, their central school."""
    Jurisdiction.objects.filter(subject__in=[school.pk for school in schools]).delete()
    rows = []
    for school in schools:
        reached_by = [
            (school.pk, Line.OWN), (school.town_id, Line.TERRITORY), (school.station_id, Line.POLICE),
            (school.central_school_id, Line.EDUCATION),
        ]  # fmt: skip
        rows += [Jurisdiction(overseer_id=pk, subject_id=school.pk, line=line) for pk, line in reached_by if pk]
    copy_new(rows)


def index_schools(schools: Iterable[School], *, today: date) -> None:
    """Make schools findable by name and code, for everybody who reaches them."""
    search.index([
        search.Findable(
            kind="school", object_code=school.organisation.code, title=school.organisation.name,
            detail=school.town.name, day=today, words=school.identifier, county_id=school.county_id,
            organisation_ids=[pk for pk in (school.pk, school.town_id, school.station_id, school.central_school_id) if pk],
        )
        for school in schools
    ])  # fmt: skip


@transaction.atomic
def set_central_school(*, point: School, central: School | None, by: Reach, now: datetime) -> School:
    """Put a teaching point under a central school, whose officers act for it from now on."""
    check_can_import_schools(by)
    if central is not None and (central.county_id != point.county_id or central.central_school_id or central == point):
        raise Denied(_("A teaching point stands under a central school of its own county."))
    point.central_school = central
    point.save(update_fields=["central_school"])
    refresh_jurisdiction(county=point.county, schools=[point])
    index_schools([point], today=timezone.localdate(now))
    audit.record("school:set_central", target=point.organisation, by=by, now=now, central=str(central and central.pk))
    return point


@transaction.atomic
def set_calendar_day(
    *, county: County, school: School | None, day: date, works: bool, reason: str, by: Reach, now: datetime
) -> CalendarDay:
    """Say that a day works or rests against the public calendar, for the county or for one's own school."""
    check_can_edit_calendar(by, school)
    entry, _created = CalendarDay.objects.update_or_create(
        county=county, school=school, day=day, defaults={"works": works, "reason": reason}
    )
    audit.record("calendar:set", target=county, by=by, now=now, day=str(day), works=works)
    return entry


@transaction.atomic
def remove_calendar_day(*, entry: CalendarDay, by: Reach, now: datetime) -> None:
    """Return a day to the public calendar."""
    check_can_edit_calendar(by, entry.school)
    audit.record("calendar:remove", target=entry.county, by=by, now=now, day=str(entry.day))
    entry.delete()
