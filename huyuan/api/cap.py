"""CAP 1.2: warnings of other services in, incidents out."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema

from huyuan.api.auth import ApiRequest, check_scope
from huyuan.common.reach import Permission
from huyuan.emergency.actions.cap import take_notice as take
from huyuan.emergency.cap.problems import CapProblem, Reason
from huyuan.emergency.cap.trees import LARGEST
from huyuan.emergency.cap.writing import to_xml
from huyuan.emergency.cap_feed import ATOM, CAP, feed, incidents_of, message_of
from huyuan.emergency.cap_words import refusal_of
from huyuan.emergency.models import CapNotice
from huyuan.organisations.models import County

router = Router(tags=["cap"])
XML_BODY = {"requestBody": {"required": True, "content": {"application/cap+xml": {"schema": {"type": "string"}}}}}


class NoticeOut(Schema):
    """A warning as it was kept."""

    code: UUID
    identifier: str
    sender: str
    sent_at: datetime
    status: str
    message_type: str
    event: str
    headline: str
    expires_at: datetime | None
    replaced: bool

    @staticmethod
    def resolve_replaced(notice: CapNotice) -> bool:
        """Whether a later message has replaced or withdrawn it."""
        return notice.replaced_by_id is not None


@router.post("/", response=NoticeOut, operation_id="take_notice", openapi_extra=XML_BODY)
def take_notice(request: ApiRequest) -> CapNotice:
    """Bring a CAP 1.2 warning in; sent twice it is kept once."""
    check_scope(request, Permission.CAP_IN)
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > LARGEST:
        raise refusal_of(CapProblem(Reason.SIZE, str(LARGEST // 1024)))
    return take(raw=request.body, by=request.reach, now=timezone.now())


@router.get("/feed/", operation_id="incident_feed")
def incident_feed(request: ApiRequest) -> HttpResponse:
    """The incidents the caller may see, as an Atom feed of CAP 1.2 messages."""
    check_scope(request, Permission.INCIDENT_READ)
    written = feed(
        county=County.objects.get(pk=request.reach.county_id),
        reach=request.reach,
        link=lambda identifier: request.build_absolute_uri(_address_of(identifier)),
        here=request.build_absolute_uri(),
        now=timezone.now(),
    )
    return HttpResponse(written, content_type=ATOM)


@router.get("/{uuid:code}.{int:entry}.xml", operation_id="incident_message", url_name="incident_message")
def incident_message(request: ApiRequest, code: UUID, entry: int) -> HttpResponse:
    """One CAP 1.2 message of an incident."""
    check_scope(request, Permission.INCIDENT_READ)
    message = message_of(get_object_or_404(incidents_of(request.reach), code=code), entry)
    if message is None:
        raise Http404
    return HttpResponse(to_xml(message), content_type=CAP)


def _address_of(identifier: str) -> str:
    code, _dot, entry = identifier.rpartition(".")
    return reverse("api-v1:incident_message", args=[code, entry])
