"""The page for raising alarms, its empty shell for phones without network, and web push."""

from http import HTTPStatus
from typing import Annotated

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field, ValidationError

from huyuan.common.errors import Denied, Invalid
from huyuan.common.reach import Permission
from huyuan.emergency.actions import subscribing
from huyuan.emergency.channels.push import public_key
from huyuan.emergency.press_page import press_page
from huyuan.emergency.signs import Sign
from huyuan.people.http import PageRequest


@require_safe
@ensure_csrf_cookie
def press(request: PageRequest, sign: Sign = Sign.REAL) -> HttpResponse:
    """Raise an alarm: the class, one second, done. Exercises and tests have a page of their own that looks otherwise."""
    if not request.reach.may(Permission.ALARM_PRESS):
        raise Denied(_("Your role does not raise alarms here. Dial 110."))
    rehearses = request.reach.may(Permission.EXERCISE_RUN)
    if sign != Sign.REAL and not rehearses:
        raise Denied(_("Your role does not run exercises."))
    page = press_page(request.reach, request.user.county, sign, timezone.now())
    context = {
        "page": page,
        "sign": sign,
        "real": sign == Sign.REAL,
        "rehearses": rehearses,
        "chosen": page.chosen(request.GET.get("school", "")),
        "person": request.user.code,
    }
    return render(request, "emergency/press.html", context)


@require_safe
@login_not_required
def shell(request: HttpRequest) -> HttpResponse:
    """The page without anything of anybody: what a phone opens without network and fills with what it keeps itself."""
    return render(request, "emergency/press_shell.html", {"real": True, "sign": Sign.REAL})


class SubscriptionKeys(BaseModel):
    """The keys of a browser's subscription."""

    p256dh: Annotated[str, Field(min_length=1, max_length=120)]
    auth: Annotated[str, Field(min_length=1, max_length=60)]


class Subscription(BaseModel):
    """A subscription as a browser gives it."""

    endpoint: Annotated[str, Field(min_length=1, max_length=600)]
    keys: SubscriptionKeys


class Endpoint(BaseModel):
    """The browser whose subscription ends."""

    endpoint: Annotated[str, Field(min_length=1, max_length=600)]


@require_http_methods(["GET", "POST", "DELETE"])
def push(request: PageRequest) -> HttpResponse:
    """The key to subscribe with; begin, or end, to take alarms in this browser."""
    if request.method == "GET":
        return JsonResponse({"key": public_key()})
    given: Subscription | Endpoint
    try:
        given = (Subscription if request.method == "POST" else Endpoint).model_validate_json(request.body)
    except ValidationError as error:
        raise Invalid(
            _("The browser's subscription cannot be read. Switch alarms on this phone off and on again.")
        ) from error
    if isinstance(given, Subscription):
        subscribing.subscribe(
            endpoint=given.endpoint,
            p256dh=given.keys.p256dh,
            auth=given.keys.auth,
            by=request.reach,
            now=timezone.now(),
        )
    else:
        subscribing.unsubscribe(endpoint=given.endpoint, by=request.reach, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
