"""Figures and questions about organisations that no single QuerySet answers."""

from datetime import date
from typing import Any

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation, School, Site, Term


def has_permission(reach: Reach, permission: Permission, organisation: Organisation) -> bool:
    """Whether the acting post holds a permission over this organisation: the right and the charge together."""
    if not reach.may(permission) or organisation.county_id != reach.county_id:
        return False
    return reach.covers_county or organisation.pk == reach.organisation_id or organisation.pk in reach.subjects


def acts_for(reach: Reach, organisation_id: int) -> bool:
    """Whether the acting post speaks for this organisation: its own, or a teaching point of its central school."""
    return organisation_id in reach.speaks_for


def choices_of_kind(reach: Reach, kind: str) -> list[tuple[str, str]]:
    """The organisations of one kind in the county to choose from, by name."""
    found = Organisation.objects.visible_to(reach).filter(kind=kind).order_by("sort_key")
    return [(str(code), name) for code, name in found.values_list("code", "name")]


def current_term(county: County, on: date) -> Term | None:
    """The term that `on` falls in, or the last one before it."""
    return county.terms.filter(starts_on__lte=on).order_by("-starts_on").first()


def roster(county: County) -> list[dict[str, Any]]:
    """Every school of the county as the export writes it, by school code."""
    schools = School.objects.filter(county=county).select_related("organisation", "town", "station")
    sites = {site.school_id: site for site in Site.objects.filter(school__county=county, is_main=True)}
    return [
        {
            "name": school.organisation.name,
            "code": school.identifier,
            "kind": str(School.Kind(school.kind).chinese),
            "town": school.town.name,
            "pupils": school.pupils,
            "boarders": school.boarders,
            "guards": school.guards,
            "closed_campus": school.closed_campus,
            "alarm_networked": school.alarm_networked,
            "video_networked": school.video_networked,
            "guard_post": school.guard_post,
            "station": school.station.name if school.station else None,
            "lon": sites[school.pk].lon if school.pk in sites else None,
            "lat": sites[school.pk].lat if school.pk in sites else None,
        }
        for school in schools.order_by("identifier")
    ]
