"""Whose standing is looked at: the whole county, a town, a station, one organisation."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation, OrganisationKind, School

LISTED = 400


@dataclass(frozen=True)
class PlanScope:
    """A name, the organisations it holds, and the one organisation when it is only one."""

    name: str
    code: str
    organisations: QuerySet[Organisation]
    single: Organisation | None = None


def within(reach: Reach) -> QuerySet[Organisation]:
    """Everybody whose standing the reader may see: those in charge, and oneself."""
    if not reach.may(Permission.INSPECTION_READ):
        return Organisation.objects.filter(pk__in=[reach.organisation_id] if reach.organisation_id else [])
    if reach.covers_county:
        return Organisation.objects.within(reach)
    return Organisation.objects.filter(pk__in=reach.subjects | reach.speaks_for)


def scope_for(reach: Reach, county: County, code: str) -> PlanScope:
    """The scope chosen by the code of an organisation; without one all that the reader may see."""
    seen = within(reach)
    if not code:
        if reach.covers_county and reach.may(Permission.INSPECTION_READ):
            return PlanScope(county.name, "", seen)
        home = Organisation.objects.get(pk=reach.home)
        alone = reach.subjects | reach.speaks_for <= {home.pk} or not reach.may(Permission.INSPECTION_READ)
        return PlanScope(home.name, "", seen, home if alone else None)
    try:
        chosen = Organisation.objects.visible_to(reach).get(code=UUID(code))
    except (ValueError, Organisation.DoesNotExist) as unknown:
        raise Http404 from unknown
    if chosen.kind in (OrganisationKind.TOWN, OrganisationKind.STATION):
        schools = School.objects.filter(Q(town=chosen) | Q(station=chosen)).values("pk")
        return PlanScope(chosen.name, code, seen.filter(Q(pk__in=schools) | Q(pk=chosen.pk)))
    only = seen.filter(pk=chosen.pk)
    if not only.exists():
        raise Http404
    return PlanScope(chosen.name, code, only, chosen)


def scopes_of(reach: Reach, county: County) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a reader may choose: towns and stations of a county, and where they are not too many the organisations."""
    seen = within(reach).order_by("kind", "sort_key")
    whole = [
        (
            _("all of it"),
            [
                (
                    "",
                    county.name
                    if reach.covers_county and reach.may(Permission.INSPECTION_READ)
                    else _("all in my charge"),
                )
            ],
        )
    ]
    groups: dict[str, list[tuple[str, str]]] = {}
    shown = seen if seen[: LISTED + 1].count() <= LISTED else seen.exclude(kind=OrganisationKind.SCHOOL)
    for organisation in shown[:LISTED]:
        groups.setdefault(organisation.get_kind_display(), []).append((str(organisation.code), organisation.name))
    return [*whole, *groups.items()]
