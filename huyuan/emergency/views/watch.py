"""What runs: the list with the ledger of the past below, the wall screen, and who is called right now."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from huyuan.common.clock import database_now
from huyuan.common.reach import Permission
from huyuan.emergency.models import Call, Incident
from huyuan.emergency.permissions import check_can_watch
from huyuan.emergency.watch import (
    counts_of,
    gravity,
    newest_entry,
    points_of_county,
    recent_of,
    running_of,
    silent_devices,
)
from huyuan.emergency.watching import late
from huyuan.ledgers.declaration import LEDGERS
from huyuan.ledgers.engine import show
from huyuan.people.http import PageRequest


def _running(request: PageRequest) -> dict[str, Any]:
    now, counts = database_now(), counts_of(request.reach)
    running = running_of(request.reach, now) if counts else []
    more = max(0, sum(counts.values()) - len(running))
    return {"now": now, "running": running, "counts": counts, "more": more, "newest": newest_entry(request.reach)}


@require_safe
def incidents(request: PageRequest) -> HttpResponse:
    """What runs, large; below it the ledger of the past, for who reads incidents."""
    context = _running(request)
    reads = request.reach.may(Permission.INCIDENT_READ)
    if reads:
        asked = {key: value for key, value in request.GET.items() if isinstance(value, str)}
        ledger = LEDGERS["incidents"]
        context |= {"ledger": ledger, "shown": show(ledger, request.reach, asked), "base": "ledgers/ledger.html"}
    else:
        past = Incident.objects.visible_to(request.reach).exclude(status=Incident.Status.OPEN)
        context |= {"past": past.select_related("school__organisation").order_by("-pk")[:20], "base": "base.html"}
    context |= {"may_watch": reads, "may_exercise": request.reach.may(Permission.EXERCISE_RUN)}
    return render(request, "emergency/incidents.html", context)


@require_safe
def running(request: PageRequest) -> HttpResponse:
    """What runs, without the page around it."""
    return render(request, "emergency/running.html", _running(request))


def _wall(request: PageRequest) -> dict[str, Any]:
    check_can_watch(request.reach)
    context = _running(request)
    points = points_of_county(request.reach)
    return context | {
        "points": points, "late": late(context["now"]), "silent": silent_devices(request.reach),
        "schools": sum(point["kind"] != "town" for point in points),
        "recent": recent_of(request.reach),
    }  # fmt: skip


@require_safe
def wall(request: PageRequest) -> HttpResponse:
    """The screen of the command centre."""
    county = request.user.county
    context = {
        "county": county, "outline": county.outline, "zone": settings.TIME_ZONE,
    }  # fmt: skip
    return render(request, "emergency/wall.html", _wall(request) | context)


@require_safe
def wall_parts(request: PageRequest) -> HttpResponse:
    """What changes on the wall screen."""
    return render(request, "emergency/wall_parts.html", _wall(request))


@require_safe
def called(request: PageRequest) -> HttpResponse:
    """The bar on every page of somebody who is called and has not answered; empty for everybody else."""
    waiting = Call.objects.filter(
        user=request.user, incident__status=Incident.Status.OPEN, seen_at=None, declined_at=None, arrived_at=None
    )
    gravest = waiting.annotate(gravity=gravity("incident__")).order_by("gravity", "-pk")
    call = gravest.select_related("incident__school__organisation").first()
    url = f"{reverse('emergency:incidents')}calls/{call.code}/" if call else ""
    return render(request, "emergency/called.html", {"call": call, "call_url": url})
