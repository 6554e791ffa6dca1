"""Schools."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router

from huyuan.api.auth import ApiRequest, check_scope
from huyuan.api.schemas import SchoolOut, SchoolPage
from huyuan.common.reach import Permission
from huyuan.ledgers.declaration import Sort
from huyuan.ledgers.paging import page_of
from huyuan.organisations.models import School

router = Router(tags=["schools"])
BY_NUMBER = Sort("number", "", ("organisation_id",))
SIZE = 100


@router.get("/", response=SchoolPage, operation_id="list_schools")
def list_schools(request: ApiRequest, cursor: str = "") -> SchoolPage:
    """The schools you have charge of, a hundred at a time."""
    check_scope(request, Permission.SCHOOL_READ)
    schools = School.objects.visible_to(request.reach).select_related("organisation", "town", "station")
    page = page_of(schools, BY_NUMBER, cursor, SIZE)
    return SchoolPage(items=[SchoolOut.of(school) for school in page.rows], next=page.following)


@router.get("/{uuid:code}", response=SchoolOut, operation_id="get_school")
def get_school(request: ApiRequest, code: UUID) -> SchoolOut:
    """One school."""
    check_scope(request, Permission.SCHOOL_READ)
    schools = School.objects.visible_to(request.reach).select_related("organisation", "town", "station")
    return SchoolOut.of(get_object_or_404(schools, organisation__code=code))
