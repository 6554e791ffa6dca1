"""The import of people as pages and commands use it: check, read, apply, template."""

from datetime import datetime

from huyuan.common.reach import Reach
from huyuan.common.sheets import Source
from huyuan.common.sheets.outcomes import Progress
from huyuan.organisations.models import County, Organisation, School
from huyuan.people.actions.imports import PeopleOutcome, apply_people
from huyuan.people.models import User
from huyuan.people.offices import KnownOrganisation, OrganisationBook
from huyuan.people.permissions import check_can_import_people
from huyuan.people.register import PeopleReading, people_template, read_people

template = people_template


def check(reach: Reach) -> None:
    """Only the education bureau brings people into its county."""
    check_can_import_people(reach, reach.county_id)


def organisation_book(county: County) -> OrganisationBook:
    """Every organisation of the county under its names. Two queries."""
    schools = School.objects.filter(county=county).select_related("town")
    about = {school.pk: (school.identifier, school.town.name) for school in schools}
    organisations = Organisation.objects.filter(county=county).order_by("pk")
    return OrganisationBook(
        [KnownOrganisation(one.pk, one.kind, one.name, *about.get(one.pk, ("", ""))) for one in organisations],
        county.name,
    )


def numbers_in_use(county: County) -> dict[str, str | None]:
    """The numbers in use with their owners' names; another county's people have none here."""
    people = User.objects.values_list("phone", "name", "county_id")
    return {phone: name if county_id == county.pk else None for phone, name, county_id in people.iterator()}


def read(source: Source, county: County, datum: str = "") -> PeopleReading:
    """Read a list of people against what the county knows; raises UnreadableFile when it cannot be read at all."""
    return read_people(source, book=organisation_book(county), known=numbers_in_use(county))


def apply(
    *, county: County, reading: PeopleReading, by: Reach, now: datetime, progress: Progress | None = None
) -> PeopleOutcome:
    """Bring in what was read; the new people's codes are printed afterwards, on a page of their own."""
    return apply_people(rows=reading.rows, county=county, by=by, now=now, progress=progress)
