"""The REST interface, version 1: one module per domain, the same actions as the pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from huyuan.api import alarms, cap, checks, hazards, schools
from huyuan.api.auth import ApiRequest, TokenAuth
from huyuan.api.schemas import Me
from huyuan.audit.actions import record_refusal
from huyuan.common.errors import Refusal
from huyuan.common.reach import Reach
from huyuan.people.models import Post, User

api = NinjaAPI(
    title="Huyuan",
    version="1.0.0",
    urls_namespace="api-v1",
    auth=TokenAuth(),
    docs_url=None,
    openapi_url="openapi.json",
)
api.add_router("/schools", schools.router)
api.add_router("/checks", checks.router)
api.add_router("/hazards", hazards.router)
api.add_router("/alarms", alarms.router)
api.add_router("/cap", cap.router)


@api.get("/me", response=Me, operation_id="me")
def me(request: ApiRequest) -> Me:
    """Who this token speaks for, and with which rights."""
    user = User.objects.get(pk=request.reach.person)
    post = Post.objects.select_related("organisation").get(pk=request.reach.seat)
    rights = sorted(str(permission) for permission in request.reach.permissions)
    return Me(name=user.name, role=post.role, organisation=post.organisation.name, rights=rights)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A rule said no: its status and its sentence."""
    reach: Reach | None = getattr(request, "reach", None)
    if reach is not None:
        record_refusal(path=request.path, refusal=refusal.kind, by=reach, now=timezone.now())
    return api.create_response(request, {"message": str(refusal.message)}, status=refusal.status)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """Not there, or not yours to see: the same answer."""
    return api.create_response(request, {"message": _("There is nothing here that you may see.")}, status=404)
