"""Joint checks: the same actions as the pages."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Router, Status
from ninja.files import UploadedFile

from huyuan.api.auth import ApiRequest, check_scope
from huyuan.api.schemas import AnswerIn, AnswerOut, CancelIn, CheckIn, CheckOut, ReopenIn
from huyuan.common.errors import Invalid
from huyuan.common.reach import Permission
from huyuan.inspections.actions import checks as actions
from huyuan.inspections.checklists import current_checklists
from huyuan.inspections.models import Inspection
from huyuan.organisations.models import School

router = Router(tags=["checks"])


def visible(request: ApiRequest, code: UUID) -> Inspection:
    """The check, if the caller may see it."""
    checks = Inspection.objects.visible_to(request.reach).select_related("school__organisation")
    return get_object_or_404(checks.prefetch_related("answers"), code=code)


@router.post("/", response={201: CheckOut}, operation_id="begin_check")
def begin_check(request: ApiRequest, body: CheckIn) -> Status[CheckOut]:
    """Begin a check; sending the same code again answers the check that was begun."""
    check_scope(request, Permission.INSPECTION_CONDUCT)
    school = get_object_or_404(School.objects.visible_to(request.reach), organisation__code=body.school)
    lists = {entry.code: entry for entry in current_checklists(timezone.localdate())}
    if body.checklist not in lists:
        raise Invalid(_("There is no checklist called %(code)s.") % {"code": body.checklist})
    check = actions.begin_check(
        code=body.code, school=school, checklist=lists[body.checklist], by=request.reach, now=timezone.now()
    )
    return Status(201, CheckOut.of(check))


@router.get("/{uuid:code}", response=CheckOut, operation_id="get_check")
def get_check(request: ApiRequest, code: UUID) -> CheckOut:
    """One check with its answers."""
    check_scope(request, Permission.INSPECTION_READ)
    return CheckOut.of(visible(request, code))


@router.put("/{uuid:code}/items/{item_key}", response=AnswerOut, operation_id="answer_item")
def answer_item(request: ApiRequest, code: UUID, item_key: str, body: AnswerIn) -> AnswerOut:
    """Answer an item; 409 when somebody else answered it since the revision you have seen."""
    check_scope(request, Permission.INSPECTION_CONDUCT)
    answer = actions.answer_item(
        inspection=visible(request, code), item_key=item_key, by=request.reach, now=timezone.now(), **body.dict()
    )
    return AnswerOut(value=answer.value, note=answer.note, revision=answer.revision)


@router.post("/{uuid:code}/items/{item_key}/photos", response={201: None}, operation_id="photograph_item")
def photograph_item(request: ApiRequest, code: UUID, item_key: str, photo: File[UploadedFile]) -> Status[None]:
    """Add a photo to an item."""
    check_scope(request, Permission.INSPECTION_CONDUCT)
    raw = photo.read()
    actions.photograph_item(
        inspection=visible(request, code), item_key=item_key, raw=raw, by=request.reach, now=timezone.now()
    )
    return Status(201, None)


@router.post("/{uuid:code}/sign", response=CheckOut, operation_id="sign_check")
def sign_check(request: ApiRequest, code: UUID) -> CheckOut:
    """Sign for your side."""
    check_scope(request, Permission.INSPECTION_SIGN)
    return CheckOut.of(actions.sign_check(inspection=visible(request, code), by=request.reach, now=timezone.now()))


@router.post("/{uuid:code}/reopen", response=CheckOut, operation_id="reopen_check")
def reopen_check(request: ApiRequest, code: UUID, body: ReopenIn) -> CheckOut:
    """Open a half-signed check again; both sides sign anew."""
    check_scope(request, Permission.INSPECTION_SIGN)
    check, now = visible(request, code), timezone.now()
    return CheckOut.of(actions.reopen_check(inspection=check, reason=body.reason, by=request.reach, now=now))


@router.post("/{uuid:code}/cancel", response=CheckOut, operation_id="cancel_check")
def cancel_check(request: ApiRequest, code: UUID, body: CancelIn) -> CheckOut:
    """Cancel a check begun by mistake; it stays in the ledger with its reason."""
    check_scope(request, Permission.INSPECTION_CONDUCT)
    check, now = visible(request, code), timezone.now()
    return CheckOut.of(actions.cancel_check(inspection=check, reason=body.reason, by=request.reach, now=now))
