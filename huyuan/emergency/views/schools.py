"""Which school a page of readiness is about."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from huyuan.common.reach import Reach
from huyuan.organisations.models import School
from huyuan.people.http import PageRequest


def school_of(request: PageRequest) -> School | None:
    """The school named in the address, else the reader's own; None when the reader's post is at no school."""
    schools = School.objects.visible_to(request.reach).select_related(
        "organisation", "county", "station", "town", "central_school__organisation"
    )
    wanted = request.GET.get("school", "")
    if not wanted:
        return schools.filter(pk=request.reach.organisation_id).first()
    try:
        return get_object_or_404(schools, organisation__code=UUID(wanted))
    except ValueError as error:
        raise Http404 from error


def siblings_of(reach: Reach, school: School) -> list[School]:
    """The schools one acts for, when they are several: a central school and its teaching points."""
    schools = School.objects.visible_to(reach).filter(pk__in=reach.speaks_for).select_related("organisation")
    found = list(schools.order_by("central_school_id", "organisation__sort_key"))
    return found if len(found) > 1 and school in found else []
