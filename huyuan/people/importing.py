"""The import of people as pages and commands use it: read, apply, template."""

from huyuan.common.sheets import Source
from huyuan.organisations.models import County, Organisation, School
from huyuan.people.actions.imports import Outcome, apply_people
from huyuan.people.models import User
from huyuan.people.offices import KnownOrganisation, OrganisationBook
from huyuan.people.register import PeopleReading, people_template, read_people

__all__ = ["Outcome", "PeopleReading", "apply_people", "read", "template"]

template = people_template


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


def read(source: Source, *, county: County) -> PeopleReading:
    """Read a list of people against what the county knows; raises UnreadableFile when it cannot be read at all."""
    return read_people(source, book=organisation_book(county), known=numbers_in_use(county))
