"""Organisations that no roster brings: villages and communities, and what the bureau corrects of any but schools."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.geo import Point
from huyuan.common.pinyin import sort_key
from huyuan.common.reach import Reach
from huyuan.organisations.models import County, Jurisdiction, Line, Organisation, OrganisationKind
from huyuan.organisations.permissions import check_can_keep_organisations

# What stands under what; the others are made with the county, or come with its roster.
PARENTS = {OrganisationKind.VILLAGE: OrganisationKind.TOWN, OrganisationKind.STATION: OrganisationKind.SECURITY_BUREAU}


@transaction.atomic
def add_organisation(
    *,
    county: County,
    kind: str,
    name: str,
    parent: Organisation,
    phone: str,
    seat: Point | None,
    by: Reach,
    now: datetime,
) -> Organisation:
    """Add a village or community under its town, or a police station under the public security bureau."""
    check_can_keep_organisations(by, county)
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    if parent.county_id != county.pk or parent.kind != PARENTS.get(OrganisationKind(kind)):
        raise Invalid(_("A village stands under a town, a police station under the public security bureau."))
    _check_name_is_free(county, kind, name)
    organisation = Organisation.named(county=county, kind=kind, name=name, parent=parent, phone=phone, **_figures(seat))
    organisation.save()
    Jurisdiction.objects.create(overseer=organisation, subject=organisation, line=Line.OWN)
    audit.record("organisation:add", target=organisation, by=by, now=now, what=kind, seat=_words(seat))
    return organisation


@transaction.atomic
def correct_organisation(
    *, organisation: Organisation, name: str, phone: str, seat: Point | None, by: Reach, now: datetime
) -> Organisation:
    """Correct the name, the duty phone and the seat of an organisation; a school's come with the roster."""
    organisation = Organisation.objects.select_for_update(no_key=True).select_related("county").get(pk=organisation.pk)
    check_can_keep_organisations(by, organisation.county)
    if organisation.kind == OrganisationKind.SCHOOL:
        raise Conflict(_("What a school is called comes with the roster. Correct it there and import it again."))
    if name != organisation.name:
        _check_name_is_free(organisation.county, organisation.kind, name)
    organisation.name, organisation.sort_key, organisation.phone = name, sort_key(name), phone
    figures = _figures(seat)
    organisation.lon, organisation.lat = figures["lon"], figures["lat"]
    organisation.save(update_fields=["name", "sort_key", "phone", "lon", "lat"])
    said = {"name": audit.digest(name), "seat": _words(seat)}
    audit.record("organisation:correct", target=organisation, by=by, now=now, **said)
    return organisation


def _figures(seat: Point | None) -> dict[str, float | None]:
    return {"lon": seat.lon if seat else None, "lat": seat.lat if seat else None}


def _words(seat: Point | None) -> str:
    return f"{seat.lon:.6f}, {seat.lat:.6f}" if seat else ""


def _check_name_is_free(county: County, kind: str, name: str) -> None:
    if county.organisations.filter(kind=kind, name=name).exists():
        raise Conflict(_("“%(name)s” stands in the list already.") % {"name": name})
