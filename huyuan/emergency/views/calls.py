"""The page of somebody who is called, and what they answer."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from huyuan.common.clock import database_now
from huyuan.common.reach import Reach, allowed
from huyuan.emergency.actions import responding
from huyuan.emergency.called import called_page
from huyuan.emergency.models import Call
from huyuan.emergency.permissions import check_can_confirm
from huyuan.emergency.press_page import running_at
from huyuan.emergency.signs import Sign
from huyuan.people.http import PageRequest


def _found(request: PageRequest, code: UUID) -> Call:
    calls = Call.objects.visible_to(request.reach).select_related(
        "user",
        "tier",
        "organisation",
        "incident__school__organisation",
        "incident__county",
        "incident__cleared_by",
        "incident__command",
    )
    return get_object_or_404(calls, code=code)


@require_safe
@ensure_csrf_cookie
def call(request: PageRequest, code: UUID) -> HttpResponse:
    """What has happened, where, and the answers one after another; to a page that stays open, its live part only."""
    page = called_page(_found(request, code), request.reach, database_now())
    mine = page.call.user_id == request.reach.user_id
    context = {
        "page": page,
        "call": page.call,
        "incident": page.incident,
        "mine": mine,
        "real": page.incident.sign == Sign.REAL,
        "may_confirm": page.running and allowed(check_can_confirm, request.reach, page.incident),
        "points": [{"name": str(page.incident.school), "lon": page.point.lon, "lat": page.point.lat}] if page.point else [],
        "outline": page.incident.county.outline,
    }  # fmt: skip
    return render(request, "emergency/call_live.html" if request.htmx else "emergency/call.html", context)


def _arrive(*, call: Call, by: Reach, now: datetime) -> Call:
    return responding.arrive(call=call, how=Call.Arrival.TAP, by=by, now=now)


def _arrive_by_position(*, call: Call, by: Reach, now: datetime) -> Call:
    return responding.arrive(call=call, how=Call.Arrival.FENCE, by=by, now=now)


ANSWERS: dict[str, Callable[..., Call]] = {
    "seen": responding.mark_seen,
    "on-way": responding.set_out,
    "arrived": _arrive,
    "in-place": _arrive_by_position,
    "declined": responding.decline,
}


@require_POST
def answer(request: PageRequest, code: UUID, act: str) -> HttpResponse:
    """Answer one's own call; saying the same again changes nothing."""
    ANSWERS[act](call=_found(request, code), by=request.reach, now=database_now())
    return redirect("emergency:call", code)


@require_POST
def confirm(request: PageRequest, code: UUID) -> HttpResponse:
    """Confirm that a colleague is on the spot, and go back to one's own call."""
    colleague = responding.confirm_arrival(call=_found(request, code), by=request.reach, now=database_now())
    own = Call.objects.filter(incident=colleague.incident_id, user_id=request.reach.person).first()
    return redirect("emergency:call", (own or colleague).code)


@require_POST
def come(request: PageRequest, code: UUID) -> HttpResponse:
    """Say that one has come without being called."""
    incident = get_object_or_404(running_at(request.reach), code=code)
    own = responding.come_uncalled(incident=incident, by=request.reach, now=database_now())
    return redirect("emergency:call", own.code)
