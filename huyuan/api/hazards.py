"""Hazards: the same actions as the pages."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile

from huyuan.api.auth import ApiRequest, check_scope
from huyuan.api.schemas import (
    DecisionIn,
    ExtensionIn,
    HazardOut,
    HazardPage,
    HazardStatus,
    OrderIn,
    PauseIn,
    RectifyIn,
    RejectIn,
    RemarkIn,
)
from huyuan.common.errors import Invalid
from huyuan.common.reach import Permission
from huyuan.inspections.actions import deadlines
from huyuan.inspections.actions import hazards as actions
from huyuan.inspections.models import Extension, Hazard
from huyuan.inspections.permissions import check_can_order
from huyuan.ledgers.declaration import Sort
from huyuan.ledgers.paging import page_of
from huyuan.people.queries import speakers_for

router = Router(tags=["hazards"])
NEWEST = Sort("newest", "", ("found_on", "id"), descending=True)
SIZE = 100


def readable(request: ApiRequest) -> QuerySet[Hazard]:
    """The hazards the caller may see."""
    check_scope(request, Permission.HAZARD_READ)
    hazards = Hazard.objects.visible_to(request.reach).select_related("school__organisation", "holder")
    return hazards.prefetch_related("extensions")


def answer(request: ApiRequest, code: UUID) -> HazardOut:
    """The hazard as it stands now."""
    return HazardOut.of(get_object_or_404(readable(request), code=code))


@router.get("/", response=HazardPage, operation_id="list_hazards")
def list_hazards(request: ApiRequest, status: HazardStatus | None = None, cursor: str = "") -> HazardPage:
    """Hazards, newest first, a hundred at a time."""
    hazards = readable(request)
    if status:
        hazards = hazards.filter(status=status)
    page = page_of(hazards, NEWEST, cursor, SIZE)
    return HazardPage(items=[HazardOut.of(hazard) for hazard in page.rows], next=page.following)


@router.get("/{uuid:code}", response=HazardOut, operation_id="get_hazard")
def get_hazard(request: ApiRequest, code: UUID) -> HazardOut:
    """One hazard."""
    return answer(request, code)


@router.post("/{uuid:code}/order", response=HazardOut, operation_id="order_rectification")
def order_rectification(request: ApiRequest, code: UUID, body: OrderIn) -> HazardOut:
    """Order the school to put it right."""
    hazard = get_object_or_404(readable(request), code=code)
    check_can_order(request.reach, hazard)
    people = speakers_for(hazard.school_id, Permission.SCHOOL_READ, timezone.localdate())
    responsible = next((person for person in people if person.phone == body.responsible_phone), None)
    if responsible is None:
        raise Invalid(_("Nobody of this school has this phone number."))
    actions.order_rectification(
        hazard=hazard, requirement=body.requirement, responsible=responsible, level=body.level, days=body.days,
        due_kind=body.due_kind, guide_item=body.guide_item, funding=body.funding, contingency=body.contingency,
        by=request.reach, now=timezone.now(),
    )  # fmt: skip
    return answer(request, code)


@router.post("/{uuid:code}/rectify", response=HazardOut, operation_id="rectify_hazard")
def rectify_hazard(
    request: ApiRequest, code: UUID, body: Form[RectifyIn], photos: File[list[UploadedFile]]
) -> HazardOut:
    """Report that it is put right, with photos."""
    hazard = get_object_or_404(readable(request), code=code)
    raw = [photo.read() for photo in photos]
    actions.rectify_hazard(hazard=hazard, report=body.report, photos=raw, by=request.reach, now=timezone.now())
    return answer(request, code)


@router.post("/{uuid:code}/close", response=HazardOut, operation_id="close_hazard")
def close_hazard(request: ApiRequest, code: UUID, body: RemarkIn) -> HazardOut:
    """Accept the rectification and close."""
    hazard = get_object_or_404(readable(request), code=code)
    actions.close_hazard(hazard=hazard, remark=body.remark, by=request.reach, now=timezone.now())
    return answer(request, code)


@router.post("/{uuid:code}/reject", response=HazardOut, operation_id="reject_rectification")
def reject_rectification(request: ApiRequest, code: UUID, body: RejectIn) -> HazardOut:
    """Refuse the rectification; the next round begins."""
    hazard = get_object_or_404(readable(request), code=code)
    actions.reject_rectification(
        hazard=hazard, remark=body.remark, days=body.days, by=request.reach, now=timezone.now()
    )
    return answer(request, code)


@router.post("/{uuid:code}/extension", response=HazardOut, operation_id="ask_extension")
def ask_extension(request: ApiRequest, code: UUID, body: ExtensionIn) -> HazardOut:
    """Ask for a later due date; the ordering agency decides."""
    hazard = get_object_or_404(readable(request), code=code)
    deadlines.ask_extension(hazard=hazard, by=request.reach, now=timezone.now(), **body.dict())
    return answer(request, code)


@router.post("/{uuid:code}/extension/decision", response=HazardOut, operation_id="decide_extension")
def decide_extension(request: ApiRequest, code: UUID, body: DecisionIn) -> HazardOut:
    """Grant or refuse the request for more time that waits."""
    hazard = get_object_or_404(readable(request), code=code)
    asked = get_object_or_404(hazard.extensions.filter(decision=Extension.Decision.PENDING))
    deadlines.decide_extension(extension=asked, grant=body.grant, by=request.reach, now=timezone.now())
    return answer(request, code)


@router.post("/{uuid:code}/pause", response=HazardOut, operation_id="pause_deadline")
def pause_deadline(request: ApiRequest, code: UUID, body: PauseIn) -> HazardOut:
    """Pause the deadline with a reason; the days that remain will remain."""
    hazard = get_object_or_404(readable(request), code=code)
    deadlines.pause_deadline(hazard=hazard, reason=body.reason, by=request.reach, now=timezone.now())
    return answer(request, code)


@router.post("/{uuid:code}/resume", response=HazardOut, operation_id="resume_deadline")
def resume_deadline(request: ApiRequest, code: UUID) -> HazardOut:
    """Start the deadline again."""
    hazard = get_object_or_404(readable(request), code=code)
    deadlines.resume_deadline(hazard=hazard, by=request.reach, now=timezone.now())
    return answer(request, code)
