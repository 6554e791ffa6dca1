"""Writing the roster of a county: towns, stations and schools, made, changed or left as they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.audit import actions as audit
from huyuan.common.copying import copy_new, update_all
from huyuan.common.memory import collecting_later
from huyuan.common.pinyin import sort_key
from huyuan.common.reach import Reach
from huyuan.common.sheets import RowProblem, Sentence, say
from huyuan.common.sheets.outcomes import Outcome, Progress
from huyuan.organisations.actions.jurisdiction import index_schools, refresh_jurisdiction
from huyuan.organisations.kinds import SchoolKind
from huyuan.organisations.models import (
    County,
    Jurisdiction,
    Line,
    Organisation,
    OrganisationKind,
    School,
    Site,
)
from huyuan.organisations.permissions import check_can_import_schools
from huyuan.organisations.reassignment import JOINING
from huyuan.organisations.roster import PlaceNames, SchoolRow, stations_of, towns_of
from huyuan.organisations.roster.book import NEAR, SEVERAL
from huyuan.organisations.roster.names import ALIKE_TO_BEFORE, school_key

NamesOf = Callable[[Iterable[str]], PlaceNames]
SAME_NAME = _(
    "“%(name)s” in %(town)s is known under the code %(code)s. Correct the code, or rename one of the schools."
)
PLAIN_FIELDS = (
    "pupils", "boarders", "staff", "guards", "closed_campus", "alarm_networked", "video_networked", "guard_post",
    "head_name", "head_phone", "remark",
)  # fmt: skip
GIVEN_BY = {"pupils": {"pupils", "boys", "girls"}}
CHANGE = _("%(title)s: %(old)s → %(new)s")
SAME_PLACE = 1e-6
STEP = 1_000


class Places:
    """The towns, or the stations, of a county; what cannot be told apart is nobody's."""

    def __init__(self, kind: OrganisationKind, known: Iterable[Organisation], names_of: NamesOf) -> None:
        self.kind, self.names_of = kind, names_of
        self.organisations = {one.name: one for one in known if one.kind == kind}
        self.names = names_of(self.organisations)

    def make(self, county: County, wanted: Iterable[str]) -> None:
        """Make those that are not known yet."""
        new = self.names_of(name for name in wanted if not self.names.meant(name))
        names = [name for owners in new.owners.values() for name in owners.values()]
        missing = [Organisation.named(county=county, kind=self.kind, name=name) for name in names]
        copy_new(missing)
        copy_new([Jurisdiction(overseer=one, subject=one, line=Line.OWN) for one in missing])
        self.organisations |= {one.name: one for one in missing}
        self.names = self.names_of(self.organisations)

    def find(self, name: str) -> Organisation:
        """The one that is meant; all that are wanted have been made."""
        return self.organisations[self.names.meant(name)[0]]

    def check(self, row: SchoolRow, school: School | None) -> RowProblem | None:
        """What is wrong with the place a row names: it can be several, or it looks like where the school is already."""
        field = self.kind.value
        name, before = getattr(row, field), getattr(school, field, None)
        meant = self.names.meant(name) if name else []
        if len(meant) > 1:
            reason = say(SEVERAL, value=name, names="、".join(meant))
        elif name and not meant and before and self.names_of([before.name]).near(name, ALIKE_TO_BEFORE):
            reason = say(NEAR, value=name, near=before.name)
        else:
            return None
        return RowProblem(row.row, field, reason, name, row.sheet)


@dataclass
class _Known:
    """The county as it stands before the roster is written; `names` are those the roster does not speak of."""

    county: County
    towns: Places
    stations: Places
    schools: dict[str, School]
    sites: dict[int, Site]
    names: dict[tuple[str, int], str]


@dataclass
class _Plan:
    """What is to be written, collected first, so that thousands of rows cost a few statements."""

    new: list[School] = field(default_factory=list)
    changed: list[School] = field(default_factory=list)
    renamed: list[Organisation] = field(default_factory=list)
    new_sites: list[Site] = field(default_factory=list)
    moved: list[Site] = field(default_factory=list)


@collecting_later()
@transaction.atomic
def apply_roster(
    *, county: County, rows: Sequence[SchoolRow], by: Reach, now: datetime, progress: Progress | None = None
) -> Outcome:
    """Create and update the schools of a roster; the same roster again changes nothing.

    Towns and stations that are not known yet are made, known ones are matched in their several spellings. Two rosters
    at once wait for each other at the county's row.
    """
    check_can_import_schools(by, county)
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    known, outcome, plan = _what_is_known(county, rows), Outcome(), _Plan()
    right = [row for row in rows if not _misplaced(row, known, outcome)]
    known.towns.make(county, {row.town: None for row in right})
    known.stations.make(county, {row.station: None for row in right if row.station})
    for number, row in enumerate(right, 1):
        _settle(row, known, outcome, plan)
        if progress is not None and number % STEP == 0:
            progress(number, len(rows))
    for school in plan.new:
        school.organisation.joined_on = timezone.localdate(now)
    _write(plan)
    touched = [*plan.new, *plan.changed]
    refresh_jurisdiction(schools=touched, by=by, now=now)
    for follow in JOINING if plan.new else ():
        follow(schools=plan.new, by=by, now=now)
    index_schools(touched, today=timezone.localdate(now))
    audit.record_all("school:create", targets=[school.organisation for school in plan.new], by=by, now=now)
    audit.record_all("school:update", targets=[school.organisation for school in plan.changed], by=by, now=now)
    audit.record("roster:apply", target=county, by=by, now=now, created=outcome.created, updated=outcome.updated)
    if progress is not None:
        progress(len(rows), len(rows))
    return outcome


def _what_is_known(county: County, rows: Sequence[SchoolRow]) -> _Known:
    places = county.organisations.filter(kind__in=[OrganisationKind.TOWN, OrganisationKind.STATION]).in_bulk()
    schools = list(School.objects.filter(county=county).select_related("organisation"))
    for school in schools:
        school.town = places[school.town_id]
        school.station = places[school.station_id] if school.station_id else None
    sites = Site.objects.filter(school__county=county, is_main=True)
    spoken_of = {row.code for row in rows}
    return _Known(
        county,
        Places(OrganisationKind.TOWN, places.values(), partial(towns_of, county=county.name)),
        Places(OrganisationKind.STATION, places.values(), partial(stations_of, county=county.name)),
        {school.identifier: school for school in schools},
        {site.school_id: site for site in sites},
        {_place_of(s.organisation.name, s.town): s.identifier for s in schools if s.identifier not in spoken_of},
    )


def _place_of(name: str, town: Organisation) -> tuple[str, int]:
    return school_key(name), town.pk


def _misplaced(row: SchoolRow, known: _Known, outcome: Outcome) -> bool:
    school = known.schools.get(row.code)
    found = [problem for places in (known.towns, known.stations) if (problem := places.check(row, school))]
    outcome.problems += found
    return bool(found)


def _settle(row: SchoolRow, known: _Known, outcome: Outcome, plan: _Plan) -> None:
    """Decide what a row means: a new school, a change, nothing, or a contradiction that a person must settle."""
    town = known.towns.find(row.town)
    station = known.stations.find(row.station) if row.station else None
    code = known.names.setdefault(_place_of(row.name, town), row.code)
    if code != row.code:
        reason = say(SAME_NAME, name=row.name, town=town.name, code=code)
        outcome.problems.append(RowProblem(row.row, "code", reason, row.code, row.sheet))
        return
    school = known.schools.get(row.code)
    if school is None:
        organisation = Organisation.named(county=known.county, kind=OrganisationKind.SCHOOL, name=row.name)
        figures = {name: getattr(row, name) for name in PLAIN_FIELDS}
        school = School(organisation=organisation, county=known.county, identifier=row.code, kind=row.kind, town=town,
                        station=station, **figures)  # fmt: skip
        _place(row, school, None, plan)
        plan.new.append(school)
        outcome.created += 1
        return
    differs = (
        _take_over(row, school, town, station)
        + _rename(row, school, plan)
        + _place(row, school, known.sites.get(school.pk), plan)
    )
    if differs:
        plan.changed.append(school)
        outcome.updated += 1
        outcome.changes.append((row.name, differs))
    else:
        outcome.unchanged += 1


def _take_over(row: SchoolRow, school: School, town: Organisation, station: Organisation | None) -> list[Sentence]:
    """Put the row's values on the school, only of columns the sheet has; answers what changed, from what to what."""
    wanted: dict[str, Any] = {
        name: getattr(row, name) for name in PLAIN_FIELDS if GIVEN_BY.get(name, {name}) & row.given
    }
    wanted |= {"kind": row.kind, "town": town} | ({"station": station} if "station" in row.given else {})
    differs: list[Sentence] = []
    for name, value in wanted.items():
        old = getattr(school, name)
        if old != value:
            differs.append(_change(School._meta.get_field(name).verbose_name, old, value))  # type: ignore[union-attr]  # none of these is a relation from elsewhere
            setattr(school, name, value)
    return differs


def _rename(row: SchoolRow, school: School, plan: _Plan) -> list[Sentence]:
    organisation, old = school.organisation, school.organisation.name
    if old == row.name:
        return []
    organisation.name, organisation.sort_key = row.name, sort_key(row.name)
    plan.renamed.append(organisation)
    return [_change(Organisation._meta.get_field("name").verbose_name, old, row.name)]


def _change(title: Sentence, old: object, new: object) -> Sentence:
    return say(CHANGE, title=title, old=_in_words(old), new=_in_words(new))


def _in_words(value: object) -> object:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in set(SchoolKind):
        return SchoolKind(str(value)).label
    return "–" if value is None or value == "" else value


def _place(row: SchoolRow, school: School, site: Site | None, plan: _Plan) -> list[Sentence]:
    """Put the school where the row says; a row without a place leaves it where it is."""
    if row.lon is None or row.lat is None:
        return []
    if site is None:
        plan.new_sites.append(Site(school=school, name=row.name[:60], lon=row.lon, lat=row.lat))
        return [_change(_("Place"), "", _spot(row.lon, row.lat))]
    if abs(site.lon - row.lon) < SAME_PLACE and abs(site.lat - row.lat) < SAME_PLACE:
        return []
    change = _change(_("Place"), _spot(site.lon, site.lat), _spot(row.lon, row.lat))
    site.lon, site.lat = row.lon, row.lat
    plan.moved.append(site)
    return [change]


def _spot(lon: float, lat: float) -> str:
    return f"{lon:.5f}, {lat:.5f}"


def _write(plan: _Plan) -> None:
    organisations = [school.organisation for school in plan.new]
    copy_new(organisations)
    for school, organisation in zip(plan.new, organisations, strict=True):
        # Given whole, not by its number: a number would be looked up again, once for each school.
        school.organisation = organisation
    copy_new(plan.new)
    update_all(plan.changed, [*PLAIN_FIELDS, "kind", "town", "station"])
    update_all(plan.renamed, ["name", "sort_key"])
    for site in plan.new_sites:
        site.school = site.school  # by now it has its number
    copy_new(plan.new_sites)
    update_all(plan.moved, ["lon", "lat"])
