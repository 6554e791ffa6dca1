"""Founding a county: how an empty database becomes usable."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach, system_reach
from huyuan.organisations.importing import UNNAMED
from huyuan.organisations.models import County, Organisation, OrganisationKind, Term
from huyuan.people.actions.codes import issue_code
from huyuan.people.actions.indexing import index_people
from huyuan.people.models import Post, User
from huyuan.people.phones import is_mobile, plain_phone

# The names that every county uses; records are in Chinese whatever the reader's language.
STANDING = {
    OrganisationKind.PARTY_GROUP: "{place}委教育工作领导小组",
    OrganisationKind.LEADING_GROUP: "{place}校园安全工作领导小组",
    OrganisationKind.EDUCATION_BUREAU: "{place}教育体育局",
    OrganisationKind.SECURITY_BUREAU: "{place}公安局",
    OrganisationKind.COMMAND_CENTRE: "{place}公安局指挥中心",
    OrganisationKind.CULTURE_TOURISM: "{place}文化广电旅游局",
    OrganisationKind.HEALTH: "{place}卫生健康委员会",
    OrganisationKind.URBAN_MANAGEMENT: "{place}城市管理局",
    OrganisationKind.MARKET_REGULATION: "{place}市场监督管理局",
}
SUMMER = 8
ADCODE_LENGTH = 6


@dataclass(frozen=True)
class Founded:
    """A new county and how its first officer signs in."""

    county: County
    officer: User
    code: str


@transaction.atomic
def found_county(
    *, name: str, adcode: str, starts_on: date, admin_name: str, admin_phone: str, now: datetime
) -> Founded:
    """Make a county with its standing organisations, this school year's terms, and one officer of the bureau.

    A county that an import made in an empty database becomes this one and keeps its schools.
    """
    phone = plain_phone(admin_phone)
    _check(name, adcode, admin_name, phone)
    county = _unnamed_county() or County()
    county.name, county.adcode, county.starts_on = name, adcode, starts_on
    county.save()
    by = system_reach(county.pk)
    organisations = make_standing_organisations(county=county)
    make_terms(county=county, day=starts_on)
    officer = User.objects.create_user(phone, admin_name, county)
    Post.objects.create(
        user=officer, organisation=organisations[OrganisationKind.EDUCATION_BUREAU], role="bureau_officer",
        starts_on=min(starts_on, timezone.localdate(now)),
    )  # fmt: skip
    _record(county, officer, by, now)
    return Founded(county, officer, issue_code(user=officer, by=by, now=now))


def _unnamed_county() -> County | None:
    """The county that waits for its name, when it is the only one."""
    counties = list(County.objects.select_for_update()[:2])
    return counties[0] if [one.adcode for one in counties] == [UNNAMED] else None


def _check(name: str, adcode: str, admin_name: str, phone: str) -> None:
    if not name.strip() or not admin_name.strip():
        raise Invalid(_("The county and its first officer need a name."))
    if len(adcode) != ADCODE_LENGTH or not adcode.isdecimal() or adcode == UNNAMED:
        raise Invalid(_("An administrative code has six digits, such as 360425."))
    if not is_mobile(phone):
        raise Invalid(_("The officer's phone must be a mobile number of 11 digits: people sign in with it."))
    if County.objects.filter(adcode=adcode).exists():
        raise Conflict(_("A county with this administrative code is there already."))
    if User.objects.filter(phone=phone).exists():
        raise Conflict(_("Somebody with this phone number is there already."))


def make_standing_organisations(*, county: County) -> dict[str, Organisation]:
    """The organisations that every county has; stations, towns and schools come with the roster."""
    made = {
        str(kind): Organisation.named(county=county, kind=kind, name=pattern.format(place=county.name))
        for kind, pattern in STANDING.items()
    }
    Organisation.objects.bulk_create(made.values())
    return made


def make_terms(*, county: County, day: date) -> list[Term]:
    """The two terms of the school year that holds a day, on their usual dates; the county corrects them."""
    year = day.year if day.month >= SUMMER else day.year - 1
    autumn = Term(county=county, year=year, number=1, starts_on=date(year, 9, 1), ends_on=date(year + 1, 1, 24))
    spring = Term(county=county, year=year, number=2, starts_on=date(year + 1, 2, 24), ends_on=date(year + 1, 7, 4))
    return Term.objects.bulk_create([autumn, spring])


def _record(county: County, officer: User, by: Reach, now: datetime) -> None:
    audit.record("county:found", target=county, by=by, now=now)
    audit.record("person:create", target=officer, by=by, now=now)
    index_people([officer.pk], timezone.localdate(now))
