"""What the fake gateway took, for who builds or shows the product; and whether the alarms are well, for monitoring."""

from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huyuan.common.clock import database_now
from huyuan.emergency.models import FakeSend, Incident, Page
from huyuan.emergency.sending import FAKED
from huyuan.emergency.watching import is_well, late
from huyuan.people.http import PageRequest

SHOWN = 200


@require_safe
def outbox(request: PageRequest) -> HttpResponse:
    """Show the messages that a real gateway would have sent, newest incident first; in a demo only."""
    if not settings.DEMO:
        raise Http404
    channel = request.GET.get("channel", "")
    sends = FakeSend.objects.visible_to(request.reach).order_by("-pk")
    if channel in Page.Channel.values:
        sends = sends.filter(channel=channel)
    shown = list(sends[:SHOWN])
    pages = Page.objects.select_related("incident__school__organisation", "call__user", "call__organisation")
    known = pages.in_bulk([send.page for send in shown])
    entries = [(send, known[send.page]) for send in shown if send.page in known]
    entries.sort(key=lambda entry: (-entry[1].incident_id, -entry[0].pk))
    return render(request, "emergency/outbox.html", {
        "incidents": [described(of, [*group]) for of, group in groupby(entries, key=lambda entry: entry[1].incident)],
        "channels": [(kind.value, kind.label) for kind in Page.Channel if kind in FAKED], "channel": channel,
        "late": late(database_now()), "part": request.htmx,
    })  # fmt: skip


def described(incident: Incident, entries: list[tuple[FakeSend, Page]]) -> dict[str, Any]:
    """An incident with what was sent about it."""
    return {"incident": incident, "title": incident.alarm.title, "entries": entries}


@require_safe
@login_not_required
@never_cache
def healthz_alarms(_request: HttpRequest) -> HttpResponse:
    """Say whether alarms are being worked on; nothing else, because everybody may ask."""
    well = is_well(database_now())
    return JsonResponse({"ok": well}, status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)
